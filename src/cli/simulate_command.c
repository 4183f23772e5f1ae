/* SPDX-License-Identifier: MIT */
/* `hubtriage simulate`: an invented log, with the truth about it. */
#include "cli/simulate_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/messages.h"
#include "cli/output.h"
#include "cli/suggest.h"
#include "cli/values.h"
#include "cli/whole_file.h"
#include "hubtriage/simulate.h"

/* What is to be done, taken from the arguments. */
struct simulation {
    const struct ht_cli_arguments *arguments;
    const struct ht_cli_surroundings *surroundings;
    struct ht_simulate_options options;
    const char **settings;
    char *file;       /* the scenario's text, when it is not built in */
    char devices[64]; /* options that are settings of the scenario */
    char hours[64];
    const char *log_path; /* NULL = standard output */
    const char *truth_path;
};

static bool is_path(const char *text) {
    const size_t len = strlen(text);
    return strchr(text, '/') != NULL || (len > 5 && strcmp(text + len - 5, ".yaml") == 0);
}

static enum ht_status read_file(struct simulation *simulation, const char *path,
                                struct ht_err *err) {
    const enum ht_status status =
        ht_cli_whole_file_read(path, HT_SIMULATE_TEXT_MAX, simulation->surroundings->interrupted,
                               &simulation->file, &simulation->options.text_len, err);
    simulation->options.text = simulation->file;
    return status;
}

static const struct ht_scenario *find_scenario(const char *name, struct ht_err *err) {
    const struct ht_scenario *scenario = ht_scenario_find(name);
    struct ht_cli_suggester suggester;
    if (scenario != NULL) {
        return scenario;
    }
    ht_cli_suggest_begin(&suggester, name);
    for (size_t i = 0; ht_scenario_at(i) != NULL; i++) {
        ht_cli_suggest_offer(&suggester, ht_scenario_at(i)->name);
    }
    if (suggester.best != NULL) {
        (void)ht_cli_usage(err, "unknown scenario '%.100s'; did you mean %s?", name,
                           suggester.best);
    } else {
        (void)ht_cli_usage(err,
                           "unknown scenario '%.100s'; hubtriage simulate --list shows all, "
                           "and a file's name has a '/' or ends in .yaml",
                           name);
    }
    return NULL;
}

static enum ht_status take_scenario(struct simulation *simulation, struct ht_err *err) {
    const struct ht_cli_arguments *arguments = simulation->arguments;
    if (arguments->operand_count != 1) {
        return ht_cli_usage(err, "name one scenario, such as mixed; hubtriage simulate --list "
                                 "shows all");
    }
    const char *name = arguments->operands[0];
    simulation->options.name = name;
    if (is_path(name)) {
        return read_file(simulation, name, err);
    }
    const struct ht_scenario *scenario = find_scenario(name, err);
    if (scenario == NULL) {
        return HT_E_USAGE;
    }
    simulation->options.text = scenario->text;
    simulation->options.text_len = scenario->text_len;
    return HT_OK;
}

/* "SHAPE" or "SHAPE=PATH" */
static enum ht_status take_output(struct simulation *simulation, const char *text,
                                  struct ht_err *err) {
    const size_t len = strcspn(text, "=");
    char shape[32];
    (void)snprintf(shape, sizeof shape, "%.*s", (int)(len < sizeof shape ? len : sizeof shape),
                   text);
    size_t index = 0;
    while (ht_log_shape_name(index) != NULL && strcmp(ht_log_shape_name(index), shape) != 0) {
        index++;
    }
    if (ht_log_shape_name(index) == NULL) {
        const char *near = ht_cli_suggest_from(shape, ht_cli_shapes);
        return near != NULL
                   ? ht_cli_usage(err, "unknown shape '%s'; did you mean %s?", shape, near)
                   : ht_cli_usage(err, "unknown shape '%s'; hubtriage simulate --help names all",
                                  shape);
    }
    const char *path = text[len] == '=' ? text + len + 1 : "-";
    if (*path == '\0') {
        return ht_cli_usage(err, "-o %s: a path is missing behind '='", text);
    }
    simulation->options.shape = index;
    simulation->log_path = strcmp(path, "-") != 0 ? path : NULL;
    return HT_OK;
}

static enum ht_status take_outputs(struct simulation *simulation, struct ht_err *err) {
    const struct ht_cli_arguments *arguments = simulation->arguments;
    if (arguments->output_count > 1) {
        return ht_cli_usage(err, "simulate writes one log: give one -o");
    }
    for (size_t i = 0; i < arguments->output_count; i++) {
        const enum ht_status status = take_output(simulation, arguments->outputs[i], err);
        if (status != HT_OK) {
            return status;
        }
    }
    const char *truth = arguments->value[HT_CLI_OPT_TRUTH];
    const char *log = simulation->log_path;
    if (truth != NULL && *truth == '\0') {
        return ht_cli_usage(err, "--truth: a path is needed");
    }
    if (truth != NULL && strcmp(truth, log != NULL ? log : "-") == 0) {
        return ht_cli_usage(err, "the log and the truth cannot go to the same place");
    }
    simulation->truth_path = truth;
    return HT_OK;
}

static enum ht_status take_numbers(struct simulation *simulation, struct ht_err *err) {
    const struct ht_cli_arguments *arguments = simulation->arguments;
    struct ht_simulate_options *options = &simulation->options;
    const char *seed = arguments->value[HT_CLI_OPT_SEED];
    const char *size = arguments->value[HT_CLI_OPT_SIZE];
    const char *since = arguments->value[HT_CLI_OPT_SINCE];
    options->seed = 1;
    if (seed != NULL && !ht_cli_parse_count(seed, &options->seed)) {
        return ht_cli_usage(err, "--seed: '%.100s' is not a whole number", seed);
    }
    if (size != NULL &&
        (!ht_cli_parse_size(size, &options->size_bytes) || options->size_bytes == 0)) {
        return ht_cli_usage(err, "--size: '%.100s' is not a size such as 65536, 512K or 10G", size);
    }
    struct ht_err inner = {.status = HT_OK};
    if (since != NULL && ht_time_parse(since, simulation->surroundings->clock_us,
                                       &options->start_us, &inner) != HT_OK) {
        (void)ht_cli_usage(err, "--since: %.200s", inner.message);
        (void)snprintf(err->hint, sizeof err->hint, "%s", inner.hint);
        return HT_E_USAGE;
    }
    return HT_OK;
}

/* --devices and --hours stand for settings of the scenario, which --set may change again. */
static enum ht_status take_settings(struct simulation *simulation, struct ht_err *err) {
    const struct ht_cli_arguments *arguments = simulation->arguments;
    const char *devices = arguments->value[HT_CLI_OPT_DEVICES];
    const char *hours = arguments->value[HT_CLI_OPT_HOURS];
    size_t count = 0;
    simulation->settings = calloc(arguments->setting_count + 2, sizeof *simulation->settings);
    if (simulation->settings == NULL) {
        return ht_cli_no_memory(err);
    }
    if (devices != NULL) {
        (void)snprintf(simulation->devices, sizeof simulation->devices, "devices=%s", devices);
        simulation->settings[count++] = simulation->devices;
    }
    if (hours != NULL) {
        (void)snprintf(simulation->hours, sizeof simulation->hours, "hours=%s", hours);
        simulation->settings[count++] = simulation->hours;
    }
    for (size_t i = 0; i < arguments->setting_count; i++) {
        simulation->settings[count++] = arguments->settings[i];
    }
    simulation->options.settings = simulation->settings;
    simulation->options.setting_count = count;
    return HT_OK;
}

static enum ht_status prepare(struct simulation *simulation, struct ht_err *err) {
    enum ht_status status = take_outputs(simulation, err);
    if (status == HT_OK) {
        status = take_numbers(simulation, err);
    }
    if (status == HT_OK) {
        status = take_settings(simulation, err);
    }
    if (status == HT_OK) {
        status = take_scenario(simulation, err);
    }
    const char *const paths[] = {simulation->log_path, simulation->truth_path};
    for (size_t i = 0; i < 2 && status == HT_OK; i++) {
        if (paths[i] != NULL && strcmp(paths[i], "-") != 0) {
            status = ht_cli_output_check(paths[i], err);
        }
    }
    return status;
}

/* Both outputs appear whole, or neither does. */
static enum ht_status write_both(const struct simulation *simulation, struct ht_cli_output *log,
                                 struct ht_cli_output *truth, struct ht_err *err) {
    const volatile sig_atomic_t *interrupted = simulation->surroundings->interrupted;
    const struct ht_sink log_sink = {.write = ht_cli_output_write, .ctx = log};
    const struct ht_sink truth_sink = {.write = ht_cli_output_write, .ctx = truth};
    const char *path = simulation->truth_path;
    const bool with_truth = path != NULL;
    enum ht_status status = ht_cli_output_open(log, simulation->log_path, interrupted, err);
    if (status != HT_OK) {
        return status;
    }
    if (with_truth) {
        path = strcmp(path, "-") != 0 ? path : NULL;
        status = ht_cli_output_open(truth, path, interrupted, err);
        if (status != HT_OK) {
            ht_cli_output_abandon(log);
            return status;
        }
    }
    status = ht_simulate(&simulation->options, &log_sink, with_truth ? &truth_sink : NULL, err);
    if (status != HT_OK) {
        ht_cli_output_abandon(log);
    } else {
        status = ht_cli_output_commit(log, err);
    }
    if (with_truth && status != HT_OK) {
        ht_cli_output_abandon(truth);
    } else if (with_truth) {
        status = ht_cli_output_commit(truth, err);
    }
    return log->broken_pipe || (with_truth && truth->broken_pipe) ? HT_OK : status;
}

static enum ht_cli_exit run(struct simulation *simulation) {
    struct ht_err err = {.status = HT_OK};
    struct ht_cli_output *outputs = calloc(2, sizeof *outputs);
    enum ht_status status = outputs != NULL ? prepare(simulation, &err) : ht_cli_no_memory(&err);
    if (status == HT_OK) {
        status = write_both(simulation, &outputs[0], &outputs[1], &err);
    }
    free(outputs);
    free(simulation->settings);
    free(simulation->file);
    if (*simulation->surroundings->interrupted != 0) {
        ht_cli_say("interrupted");
        return HT_CLI_EXIT_INTERRUPTED;
    }
    if (status != HT_OK) {
        ht_cli_say_err(&err);
        return HT_CLI_EXIT_FAILED;
    }
    return HT_CLI_EXIT_DONE;
}

static enum ht_status print_scenarios(FILE *out, const void *ctx, struct ht_err *err) {
    (void)ctx;
    (void)err;
    for (size_t i = 0; ht_scenario_at(i) != NULL; i++) {
        (void)fprintf(out, "%-12s %s\n", ht_scenario_at(i)->name, ht_scenario_at(i)->about);
    }
    return HT_OK;
}

/* Without a name: all of them, one a line. With one: that file. */
static enum ht_status list(const struct ht_cli_arguments *arguments, struct ht_err *err) {
    if (arguments->operand_count > 1) {
        return ht_cli_usage(err, "--list shows one scenario, or names all");
    }
    if (arguments->operand_count == 1) {
        const struct ht_scenario *scenario = find_scenario(arguments->operands[0], err);
        return scenario != NULL ? ht_cli_output_print(scenario->text, scenario->text_len, err)
                                : HT_E_USAGE;
    }
    return ht_cli_output_page(print_scenarios, NULL, err);
}

enum ht_cli_exit ht_cli_simulate_command(const struct ht_cli_arguments *arguments,
                                         const struct ht_cli_surroundings *surroundings) {
    struct simulation simulation = {.arguments = arguments, .surroundings = surroundings};
    struct ht_err err = {.status = HT_OK};
    if (!arguments->given[HT_CLI_OPT_LIST]) {
        return run(&simulation);
    }
    if (list(arguments, &err) != HT_OK) {
        ht_cli_say_err(&err);
        return HT_CLI_EXIT_FAILED;
    }
    return HT_CLI_EXIT_DONE;
}
