/* SPDX-License-Identifier: MIT */
/* `hubtriage archive`: looking after the archive of scheduled runs. */
#include "cli/archive_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/messages.h"
#include "cli/output.h"
#include "cli/suggest.h"
#include "cli/values.h"

struct request {
    const struct ht_archive_options *options;
    const char *const *files; /* behind the action */
    size_t file_count;
};

static void put_count(FILE *out, const char *what, uint64_t count) {
    char text[HT_CLI_COUNT_TEXT_BYTES];
    (void)fprintf(out, "%-10s %s\n", what, ht_cli_count_text(count, text));
}

static void put_time(FILE *out, const char *what, int64_t time_us) {
    char text[HT_TIME_TEXT_MAX];
    if (time_us != HT_TIME_NONE) {
        ht_time_write(time_us, text);
        (void)fprintf(out, "%-10s %s\n", what, text);
    }
}

static enum ht_status info(const struct request *request, FILE *out, struct ht_err *err) {
    struct ht_archive_figures figures;
    const enum ht_status status = ht_archive_info(request->options, &figures, err);
    if (status != HT_OK) {
        return status;
    }
    put_count(out, "events", figures.events);
    put_count(out, "hubs", figures.hubs);
    put_count(out, "devices", figures.devices);
    put_time(out, "from", figures.events > 0 ? figures.first_us : HT_TIME_NONE);
    put_time(out, "to", figures.events > 0 ? figures.last_us : HT_TIME_NONE);
    put_count(out, "blocks", figures.blocks);
    put_count(out, "sources", figures.sources);
    put_count(out, "runs", figures.runs);
    put_time(out, "last run", figures.last_run_us);
    put_count(out, "bytes", figures.file_bytes);
    if (figures.events > 0) {
        (void)fprintf(out, "%-10s %.1f bytes an event\n", "",
                      (double)figures.file_bytes / (double)figures.events);
    }
    return HT_OK;
}

static enum ht_status verify(const struct request *request, FILE *out, struct ht_err *err) {
    const enum ht_status status = ht_archive_check_file(request->options, err);
    if (status == HT_OK) {
        (void)fputs("whole\n", out);
    }
    return status;
}

static enum ht_status prune(const struct request *request, FILE *out, struct ht_err *err) {
    uint64_t events = 0;
    if (request->options->retention_us == 0) {
        return ht_cli_usage(err, "archive prune: say how much is to be kept: --retention 90d");
    }
    const enum ht_status status = ht_archive_prune_file(request->options, &events, err);
    if (status == HT_OK) {
        put_count(out, "dropped", events);
    }
    return status;
}

static enum ht_status merge(const struct request *request, FILE *out, struct ht_err *err) {
    uint64_t events = 0;
    if (request->file_count == 0) {
        return ht_cli_usage(err, "archive merge: name the archives to be taken over");
    }
    const enum ht_status status =
        ht_archive_merge_files(request->options, request->files, request->file_count, &events, err);
    if (status == HT_OK) {
        put_count(out, "new events", events);
    }
    return status;
}

typedef enum ht_status action_fn(const struct request *request, FILE *out, struct ht_err *err);

/* In the order of ht_cli_archive_actions. */
static action_fn *const actions[] = {info, verify, prune, merge};

static enum ht_status choose(const struct ht_cli_arguments *arguments, size_t *action,
                             struct ht_err *err) {
    if (arguments->operand_count == 0) {
        return ht_cli_usage(err, "say what to do: hubtriage archive info|verify|prune|merge "
                                 "--state FILE");
    }
    const char *word = arguments->operands[0];
    if (!ht_cli_parse_word(word, ht_cli_archive_actions, action)) {
        return ht_cli_not_a_word("action", word, ht_cli_archive_actions, err);
    }
    if (actions[*action] != merge && arguments->operand_count > 1) {
        return ht_cli_usage(err, "archive %s takes no files; the archive is --state FILE", word);
    }
    const char *archive = arguments->value[HT_CLI_OPT_STATE];
    if (archive == NULL || archive[0] == '\0') {
        return ht_cli_usage(err, "name the archive: hubtriage archive %s --state FILE", word);
    }
    return HT_OK;
}

struct job {
    const struct ht_cli_arguments *arguments;
    const struct ht_cli_surroundings *surroundings;
};

static enum ht_status act(FILE *out, const void *ctx, struct ht_err *err) {
    const struct job *job = ctx;
    size_t action = 0;
    struct ht_cli_settings settings;
    enum ht_status status = choose(job->arguments, &action, err);
    if (status == HT_OK) {
        status = ht_cli_settings_make(job->arguments, job->surroundings, &settings, err);
    }
    if (status != HT_OK) {
        return status;
    }
    const struct request request = {
        .options = &settings.archive,
        .files = (const char *const *)job->arguments->operands + 1,
        .file_count = job->arguments->operand_count - 1,
    };
    return actions[action](&request, out, err);
}

enum ht_cli_exit ht_cli_archive_command(const struct ht_cli_arguments *arguments,
                                        const struct ht_cli_surroundings *surroundings) {
    const struct job job = {arguments, surroundings};
    struct ht_err err = {.status = HT_OK};
    const enum ht_status status = ht_cli_output_page(act, &job, &err);
    if (status != HT_OK) {
        ht_cli_say_err(&err);
        return status == HT_E_BUSY ? HT_CLI_EXIT_BUSY : HT_CLI_EXIT_FAILED;
    }
    return HT_CLI_EXIT_DONE;
}
