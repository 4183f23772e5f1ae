/* SPDX-License-Identifier: MIT */
#include "cli/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/help.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/progress.h"

enum ht_cli_exit ht_cli_exit_status(bool failed, bool finding, bool partial) {
    if (failed) {
        return HT_CLI_EXIT_FAILED;
    }
    if (finding) {
        return HT_CLI_EXIT_FINDING;
    }
    return partial ? HT_CLI_EXIT_PARTIAL : HT_CLI_EXIT_DONE;
}

static bool is_interrupted(const struct ht_cli_run *run) {
    return *run->surroundings->interrupted != 0;
}

static bool is_same(const struct stat *file, const char *path) {
    struct stat status;
    return path != NULL && stat(path, &status) == 0 && file->st_dev == status.st_dev &&
           file->st_ino == status.st_ino;
}

/* Nothing that is read, or kept, may be written over. A baseline may: of the run before. */
static enum ht_status refuse_inputs(const struct ht_cli_run *run, const char *path,
                                    struct ht_err *err) {
    const struct ht_cli_arguments *arguments = run->arguments;
    const char *archive = run->settings.archive.path;
    struct stat output;
    if (archive != NULL && strcmp(path, archive) == 0) { /* which need not be there yet */
        return ht_cli_usage(err, "the output %.100s is also the archive", path);
    }
    if (stat(path, &output) != 0 || !S_ISREG(output.st_mode)) {
        return HT_OK;
    }
    if (is_same(&output, archive)) {
        return ht_cli_usage(err, "the output %.100s is also the archive", path);
    }
    if (is_same(&output, arguments->value[HT_CLI_OPT_RULES]) ||
        is_same(&output, arguments->value[HT_CLI_OPT_ANONYMIZE])) {
        return ht_cli_usage(err, "the output %.100s is also an input", path);
    }
    for (size_t k = ht_cli_command_words(arguments->command); k < arguments->operand_count; k++) {
        if (is_same(&output, arguments->operands[k])) {
            return ht_cli_usage(err, "the output %.100s is also an input", path);
        }
    }
    return HT_OK;
}

/* "FOLDER/devices.csv"; NULL: no memory. */
static char *table_path(const struct ht_cli_target *target, enum ht_emit emit, struct ht_err *err) {
    const size_t len = strlen(target->path);
    const char *slash = len > 0 && target->path[len - 1] == '/' ? "" : "/";
    const size_t size = len + 64;
    char *path = malloc(size);
    if (path == NULL) {
        (void)ht_cli_no_memory(err);
        return NULL;
    }
    (void)snprintf(path, size, "%s%s%s.%s", target->path, slash, ht_emit_name(emit),
                   ht_format_name(target->format));
    return path;
}

static enum ht_status check_folder(const struct ht_cli_run *run, const struct ht_cli_target *target,
                                   struct ht_err *err) {
    enum ht_status status = ht_cli_output_check_folder(target->path, err);
    for (int emit = 0; emit < HT_EMIT_COUNT && status == HT_OK; emit++) {
        char *path = table_path(target, (enum ht_emit)emit, err);
        status = path != NULL ? refuse_inputs(run, path, err) : HT_E_NOMEM;
        free(path);
    }
    return status;
}

/* All that can be known before hours of reading: better to fail at once. */
static enum ht_status check_targets(const struct ht_cli_run *run, struct ht_err *err) {
    for (size_t i = 0; i < run->settings.target_count; i++) {
        const struct ht_cli_target *target = &run->settings.targets[i];
        enum ht_status status = HT_OK;
        if (target->is_folder) {
            status = check_folder(run, target, err);
        } else if (target->path != NULL) {
            status = refuse_inputs(run, target->path, err);
            status = status == HT_OK ? ht_cli_output_check(target->path, err) : status;
        }
        if (status != HT_OK) {
            return status;
        }
    }
    return HT_OK;
}

/* Every path that can be read is added; HT_E_DATA when there is none. */
static enum ht_status add_sources(struct ht_cli_run *run, struct ht_analysis *analysis) {
    static const char stdin_name[] = "standard input";
    const struct ht_cli_arguments *arguments = run->arguments;
    const size_t words = ht_cli_command_words(arguments->command);
    const size_t named = arguments->operand_count - words;
    const bool from_archive = run->settings.archive.path != NULL;
    const size_t count = named > 0 || from_archive ? named : 1;
    for (size_t i = 0; i < count; i++) {
        const char *path = named > 0 ? arguments->operands[words + i] : "-";
        struct ht_err err = {.status = HT_OK};
        const enum ht_status status =
            strcmp(path, "-") == 0 ? ht_analysis_add_fd(analysis, STDIN_FILENO, stdin_name, &err)
                                   : ht_analysis_add_path(analysis, path, &err);
        if (status != HT_OK) {
            run->refused_paths++;
            ht_cli_say_err(&err);
        }
        if (status == HT_E_NOMEM) {
            return status;
        }
    }
    return run->refused_paths < count || count == 0 ? HT_OK : HT_E_DATA;
}

static enum ht_status analyse(struct ht_cli_run *run, const struct ht_cli_job *job) {
    struct ht_err err = {.status = HT_OK};
    struct ht_cli_progress progress;
    struct ht_options options = run->settings.analysis;
    ht_cli_progress_begin(&progress, run->settings.progress, run->surroundings->interrupted);
    options.progress = ht_cli_progress_update;
    options.progress_ctx = &progress;
    options.archive = run->settings.archive.path != NULL ? &run->settings.archive : NULL;
    struct ht_analysis *analysis = ht_analysis_new(&options, &err);
    if (analysis == NULL) {
        ht_cli_say_err(&err);
        return HT_E_USAGE;
    }
    enum ht_status status = add_sources(run, analysis);
    if (status == HT_OK) {
        status = job->work(run, analysis, &err);
        ht_cli_progress_end(&progress);
        if (status != HT_OK && !is_interrupted(run)) {
            ht_cli_say_err(&err);
        }
    }
    run->analysis = analysis;
    return status;
}

static enum ht_status work_alone(struct ht_cli_run *run, const struct ht_cli_job *job) {
    struct ht_err err = {.status = HT_OK};
    const enum ht_status status = job->work(run, NULL, &err);
    if (status != HT_OK) {
        ht_cli_say_err(&err);
    }
    return status;
}

/* One output; a reader that went away is no failure. */
static enum ht_status write_file(const struct ht_cli_run *run, const struct ht_cli_job *job,
                                 const struct ht_cli_target *target, enum ht_emit emit,
                                 struct ht_cli_output *output, struct ht_err *err) {
    const struct ht_cli_settings *settings = &run->settings;
    const bool to_stdout = target->path == NULL;
    const struct ht_render_options options = {
        .format = target->format,
        .emit = emit,
        .color = to_stdout ? settings->color_stdout : settings->color_files,
        .unicode = to_stdout && settings->unicode_stdout,
        .verbose = settings->verbose,
        .width = to_stdout ? settings->width_stdout : settings->width_files,
    };
    const struct ht_sink sink = {.write = ht_cli_output_write, .ctx = output};
    enum ht_status status =
        ht_cli_output_open(output, target->path, run->surroundings->interrupted, err);
    if (status != HT_OK) {
        return status;
    }
    status = job->write(run, &options, &sink, err);
    if (status == HT_OK) {
        status = ht_cli_output_commit(output, err);
    } else {
        ht_cli_output_abandon(output);
    }
    return output->broken_pipe ? HT_OK : status;
}

/* A file for each table, one after the other. */
static enum ht_status write_folder(const struct ht_cli_run *run, const struct ht_cli_job *job,
                                   const struct ht_cli_target *target, struct ht_cli_output *output,
                                   struct ht_err *err) {
    enum ht_status status = ht_cli_output_make_folder(target->path, err);
    for (int emit = 0; emit < HT_EMIT_COUNT && status == HT_OK; emit++) {
        char *path = table_path(target, (enum ht_emit)emit, err);
        const struct ht_cli_target file = {.format = target->format, .path = path};
        status = path != NULL ? write_file(run, job, &file, (enum ht_emit)emit, output, err)
                              : HT_E_NOMEM;
        free(path);
    }
    return status;
}

/* One that fails does not stop the others. */
static void write_targets(struct ht_cli_run *run, const struct ht_cli_job *job) {
    struct ht_cli_output *output = malloc(sizeof *output);
    if (output == NULL) {
        ht_cli_say("not enough memory to write the report");
        run->failed = true;
        return;
    }
    for (size_t i = 0; i < run->settings.target_count && !is_interrupted(run); i++) {
        struct ht_err err = {.status = HT_OK};
        const struct ht_cli_target *target = &run->settings.targets[i];
        const enum ht_status status =
            target->is_folder ? write_folder(run, job, target, output, &err)
                              : write_file(run, job, target, run->settings.emit, output, &err);
        if (status == HT_OK || is_interrupted(run)) {
            continue;
        }
        ht_cli_say_err(&err);
        run->failed = true;
    }
    free(output);
}

static enum ht_cli_exit finish(struct ht_cli_run *run, const struct ht_cli_job *job) {
    const bool partial = job->say != NULL && job->say(run);
    write_targets(run, job);
    if (job->commit != NULL && !run->failed && !is_interrupted(run)) {
        struct ht_err err = {.status = HT_OK};
        if (job->commit(run, &err) != HT_OK) {
            ht_cli_say_err(&err);
            run->failed = true;
        }
    }
    return ht_cli_exit_status(run->failed, job->has_finding != NULL && job->has_finding(run),
                              partial || run->refused_paths > 0);
}

static enum ht_status take_key(struct ht_cli_run *run, struct ht_err *err) {
    struct ht_options *analysis = &run->settings.analysis;
    const enum ht_status status =
        ht_cli_key_file_take(run->arguments->value[HT_CLI_OPT_ANONYMIZE], run->surroundings,
                             run->settings.quiet, &run->key, &analysis->anonymize_key_bytes, err);
    analysis->anonymize_key = run->key;
    return status;
}

/* Everything is decided and checked before the first byte is read. */
static enum ht_status prepare(struct ht_cli_run *run) {
    struct ht_err err = {.status = HT_OK};
    enum ht_status status =
        ht_cli_settings_make(run->arguments, run->surroundings, &run->settings, &err);
    if (status == HT_OK) {
        status = check_targets(run, &err);
    }
    if (status == HT_OK && run->arguments->given[HT_CLI_OPT_ANONYMIZE]) {
        status = take_key(run, &err);
    }
    if (status != HT_OK) {
        ht_cli_say_err(&err);
    }
    return status;
}

static enum ht_cli_exit carry_out(struct ht_cli_run *run, const struct ht_cli_job *job) {
    const struct ht_cli_arguments *arguments = run->arguments;
    const bool has_input = job->needs_no_input || run->settings.archive.path != NULL ||
                           arguments->operand_count > ht_cli_command_words(arguments->command);
    if (!has_input && run->surroundings->stdin_terminal) {
        ht_cli_help_short(stderr, arguments->command);
        return HT_CLI_EXIT_FAILED;
    }
    enum ht_cli_exit result = HT_CLI_EXIT_FAILED;
    const enum ht_status status = job->needs_no_input ? work_alone(run, job) : analyse(run, job);
    if (status == HT_OK) {
        result = finish(run, job);
    } else if (status == HT_E_BUSY) {
        result = HT_CLI_EXIT_BUSY;
    }
    job->release(run->result);
    ht_analysis_free(run->analysis);
    if (is_interrupted(run)) {
        if (!run->settings.quiet) {
            ht_cli_say("interrupted");
        }
        return HT_CLI_EXIT_INTERRUPTED;
    }
    return result;
}

enum ht_cli_exit ht_cli_run(const struct ht_cli_arguments *arguments,
                            const struct ht_cli_surroundings *surroundings,
                            const struct ht_cli_job *job) {
    struct ht_cli_run run = {.arguments = arguments, .surroundings = surroundings};
    const enum ht_cli_exit result =
        prepare(&run) == HT_OK ? carry_out(&run, job) : HT_CLI_EXIT_FAILED;
    free(run.key);
    return result;
}
