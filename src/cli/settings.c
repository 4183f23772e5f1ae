/* SPDX-License-Identifier: MIT */
#include "cli/settings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/archive_settings.h"
#include "cli/config.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/suggest.h"
#include "cli/values.h"

#define TRY(expr)                                  \
    do {                                           \
        const enum ht_status try_status_ = (expr); \
        if (try_status_ != HT_OK) {                \
            return try_status_;                    \
        }                                          \
    } while (0)

/* Likewise, for what an option from elsewhere than the command line may be to blame for. */
#define TRY_OPTION(id, expr)                                \
    do {                                                    \
        if ((expr) != HT_OK) {                              \
            return ht_cli_config_blame(arguments, id, err); \
        }                                                   \
    } while (0)

static enum ht_status set_time(const struct ht_cli_arguments *arguments, enum ht_cli_option_id id,
                               int64_t now_us, int64_t *time_us, struct ht_err *err) {
    if (!arguments->given[id]) {
        return HT_OK;
    }
    struct ht_err inner = {.status = HT_OK};
    if (ht_time_parse(arguments->value[id], now_us, time_us, &inner) == HT_OK) {
        return HT_OK;
    }
    (void)ht_cli_usage(err, "--%s: %.200s", ht_cli_option(id)->long_name, inner.message);
    (void)snprintf(err->hint, sizeof err->hint, "%s", inner.hint);
    return HT_E_USAGE;
}

static enum ht_status set_window(const struct ht_cli_arguments *arguments,
                                 const struct ht_cli_surroundings *surroundings,
                                 struct ht_cli_settings *settings, struct ht_err *err) {
    struct ht_options *analysis = &settings->analysis;
    int64_t now_us = surroundings->clock_us;
    const char *epoch = surroundings->source_date_epoch;
    if (epoch != NULL && !arguments->given[HT_CLI_OPT_NOW]) {
        uint64_t seconds = 0;
        if (!ht_cli_parse_count(epoch, &seconds) || seconds > INT64_MAX / HT_CLI_PPM) {
            return ht_cli_usage(err, "SOURCE_DATE_EPOCH is '%.100s', not a number of seconds",
                                epoch);
        }
        now_us = (int64_t)seconds * HT_CLI_PPM;
    }
    analysis->since_us = HT_TIME_NONE;
    analysis->until_us = HT_TIME_NONE;
    TRY_OPTION(HT_CLI_OPT_NOW, set_time(arguments, HT_CLI_OPT_NOW, now_us, &now_us, err));
    settings->archive.now_us = now_us;
    TRY_OPTION(HT_CLI_OPT_SINCE,
               set_time(arguments, HT_CLI_OPT_SINCE, now_us, &analysis->since_us, err));
    TRY_OPTION(HT_CLI_OPT_UNTIL,
               set_time(arguments, HT_CLI_OPT_UNTIL, now_us, &analysis->until_us, err));
    return HT_OK;
}

enum { THREADS_MAX = 256 };

/* A ceiling; 0 would mean the library's default, so it is refused. */
static enum ht_status set_ceiling(const struct ht_cli_arguments *arguments,
                                  enum ht_cli_option_id id,
                                  bool (*parse)(const char *text, uint64_t *value), uint64_t *value,
                                  struct ht_err *err) {
    if (arguments->given[id] && (!parse(arguments->value[id], value) || *value == 0)) {
        (void)ht_cli_usage(err, "--%s: '%.100s' is not %s", ht_cli_option(id)->long_name,
                           arguments->value[id],
                           parse == ht_cli_parse_size ? "a size such as 65536, 512K or 4M"
                                                      : "a whole number above 0");
        return ht_cli_config_blame(arguments, id, err);
    }
    return HT_OK;
}

static enum ht_status set_ceilings(const struct ht_cli_arguments *arguments,
                                   struct ht_options *analysis, struct ht_err *err) {
    TRY(set_ceiling(arguments, HT_CLI_OPT_MAX_RECORD_BYTES, ht_cli_parse_size,
                    &analysis->record_bytes_max, err));
    TRY(set_ceiling(arguments, HT_CLI_OPT_MAX_DEVICES, ht_cli_parse_count, &analysis->devices_max,
                    err));
    TRY(set_ceiling(arguments, HT_CLI_OPT_MAX_EVENTS, ht_cli_parse_count, &analysis->events_max,
                    err));
    uint64_t threads = 0;
    TRY(set_ceiling(arguments, HT_CLI_OPT_THREADS, ht_cli_parse_count, &threads, err));
    analysis->threads = threads < THREADS_MAX ? (unsigned)threads : THREADS_MAX;
    return HT_OK;
}

static enum ht_status set_date_order(const char *text, struct ht_options *analysis,
                                     struct ht_err *err) {
    size_t index = 0;
    if (text != NULL && !ht_cli_parse_word(text, ht_cli_date_orders, &index)) {
        return ht_cli_not_a_word("order of dates", text, ht_cli_date_orders, err);
    }
    analysis->date_order =
        text != NULL ? (enum ht_date_order)(HT_DATE_ORDER_DMY + index) : HT_DATE_ORDER_PROVEN;
    return HT_OK;
}

static enum ht_status set_rules(const char *path, struct ht_options *analysis, struct ht_err *err) {
    analysis->rules_path = path;
    return path != NULL && path[0] == '\0' ? ht_cli_usage(err, "--rules: an empty name of a file")
                                           : HT_OK;
}

static enum ht_status set_baseline(const char *path, struct ht_options *analysis,
                                   struct ht_err *err) {
    analysis->baseline_path = path;
    return path != NULL && path[0] == '\0'
               ? ht_cli_usage(err, "--baseline: an empty name of a file")
               : HT_OK;
}

static enum ht_status set_columns(const char *names, struct ht_options *analysis,
                                  struct ht_err *err) {
    analysis->columns = names;
    return names != NULL && strchr(names, ',') == NULL
               ? ht_cli_usage(err, "--columns: names with commas between are needed")
               : HT_OK;
}

static enum ht_status set_input(const struct ht_cli_arguments *arguments,
                                struct ht_options *analysis, struct ht_err *err) {
    const char *const *value = arguments->value;
    TRY_OPTION(HT_CLI_OPT_DATE_ORDER, set_date_order(value[HT_CLI_OPT_DATE_ORDER], analysis, err));
    TRY_OPTION(HT_CLI_OPT_RULES, set_rules(value[HT_CLI_OPT_RULES], analysis, err));
    TRY_OPTION(HT_CLI_OPT_BASELINE, set_baseline(value[HT_CLI_OPT_BASELINE], analysis, err));
    TRY_OPTION(HT_CLI_OPT_COLUMNS, set_columns(value[HT_CLI_OPT_COLUMNS], analysis, err));
    return HT_OK;
}

static bool is_rows(enum ht_format format) {
    return format == HT_FORMAT_NDJSON || format == HT_FORMAT_CSV || format == HT_FORMAT_TSV;
}

/* The words up to '=' as a format of that command. */
static enum ht_status take_format(const char *text, size_t len, enum ht_cli_command command,
                                  enum ht_format *taken, struct ht_err *err) {
    const char *const *words = ht_cli_option_choices(HT_CLI_OPT_OUTPUT, command);
    char format[32];
    char all[128];
    size_t index = 0;
    (void)snprintf(format, sizeof format, "%.*s", (int)(len < sizeof format ? len : 31), text);
    if (len < sizeof format && ht_cli_parse_word(format, words, &index)) {
        *taken = (enum ht_format)index;
        return HT_OK;
    }
    if (len < sizeof format && ht_cli_parse_word(format, ht_cli_formats, &index)) {
        ht_cli_join_words(words, all, sizeof all);
        return ht_cli_usage(err, "%s writes %s, not %s", ht_cli_command_info(command)->name, all,
                            format);
    }
    return ht_cli_not_a_word("format", format, words, err);
}

static enum ht_status check_path(const struct ht_cli_settings *settings,
                                 const struct ht_cli_target *target, struct ht_err *err) {
    for (size_t i = 0; i < settings->target_count; i++) {
        const char *other = settings->targets[i].path;
        if (target->path == NULL && other == NULL) {
            return ht_cli_usage(err, "two outputs on standard output; give one a path: -o %s=PATH",
                                ht_format_name(target->format));
        }
        if (target->path != NULL && other != NULL && strcmp(target->path, other) == 0 &&
            !(target->is_folder && settings->targets[i].format != target->format)) {
            return ht_cli_usage(err, "two outputs to %.200s", target->path);
        }
    }
    return HT_OK;
}

/* "FORMAT" or "FORMAT=PATH" */
static enum ht_status add_target(struct ht_cli_settings *settings, const char *text,
                                 enum ht_cli_command command, struct ht_err *err) {
    if (settings->target_count == HT_CLI_TARGETS_MAX) {
        return ht_cli_usage(err, "more than %d outputs", HT_CLI_TARGETS_MAX);
    }
    const char *equals = strchr(text, '=');
    const size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
    struct ht_cli_target target = {
        .path = equals != NULL && strcmp(equals + 1, "-") != 0 ? equals + 1 : NULL};
    TRY(take_format(text, len, command, &target.format, err));
    if (target.path != NULL && *target.path == '\0') {
        return ht_cli_usage(err, "-o %s: a path is missing behind '='", text);
    }
    target.is_folder = target.path != NULL && ht_cli_output_is_folder(target.path) &&
                       (target.format == HT_FORMAT_CSV || target.format == HT_FORMAT_TSV);
    TRY(check_path(settings, &target, err));
    settings->targets[settings->target_count++] = target;
    return HT_OK;
}

/* One from elsewhere than the command line waits for an output that has rows. */
static enum ht_status set_emit(const struct ht_cli_arguments *arguments, bool rows,
                               struct ht_cli_settings *settings, struct ht_err *err) {
    const char *text = arguments->value[HT_CLI_OPT_EMIT];
    size_t index = 0;
    if (text != NULL && !ht_cli_parse_word(text, ht_cli_emits, &index)) {
        return ht_cli_not_a_word("kind of row", text, ht_cli_emits, err);
    }
    if (text != NULL && !rows && !arguments->origin[HT_CLI_OPT_EMIT].elsewhere) {
        return ht_cli_usage(err, "--emit is for one table: add -o ndjson, csv or tsv");
    }
    settings->emit = (enum ht_emit)index;
    return HT_OK;
}

static enum ht_status set_targets(const struct ht_cli_arguments *arguments,
                                  struct ht_cli_settings *settings, struct ht_err *err) {
    bool rows = false;
    for (size_t i = 0; i < arguments->output_count; i++) {
        TRY_OPTION(HT_CLI_OPT_OUTPUT,
                   add_target(settings, arguments->outputs[i], arguments->command, err));
    }
    if (settings->target_count == 0) {
        TRY(add_target(settings, ht_cli_formats[HT_FORMAT_TEXT], arguments->command, err));
    }
    for (size_t i = 0; i < settings->target_count; i++) {
        rows = rows || (is_rows(settings->targets[i].format) && !settings->targets[i].is_folder);
    }
    TRY_OPTION(HT_CLI_OPT_EMIT, set_emit(arguments, rows, settings, err));
    return HT_OK;
}

/* "en_GB.UTF-8", "C.utf8": what stands behind the dot. */
static bool is_utf8(const char *locale) {
    const char *charset = locale != NULL ? strchr(locale, '.') : NULL;
    return charset != NULL &&
           (strncasecmp(charset, ".UTF-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0);
}

static enum ht_status set_color(const struct ht_cli_arguments *arguments,
                                const struct ht_cli_surroundings *surroundings,
                                struct ht_cli_settings *settings, struct ht_err *err) {
    size_t when = HT_CLI_COLOR_AUTO;
    if (arguments->given[HT_CLI_OPT_COLOR] &&
        !ht_cli_parse_word(arguments->value[HT_CLI_OPT_COLOR], ht_cli_color_words, &when)) {
        return ht_cli_not_a_word("value of --color", arguments->value[HT_CLI_OPT_COLOR],
                                 ht_cli_color_words, err);
    }
    const bool no_color = surroundings->no_color != NULL && surroundings->no_color[0] != '\0';
    const bool dumb = surroundings->term == NULL || strcmp(surroundings->term, "dumb") == 0;
    settings->color_files = when == HT_CLI_COLOR_ALWAYS;
    settings->color_stdout =
        when == HT_CLI_COLOR_ALWAYS ||
        (when == HT_CLI_COLOR_AUTO && surroundings->stdout_terminal && !no_color && !dumb);
    settings->unicode_stdout = !dumb && is_utf8(surroundings->locale);
    settings->progress = surroundings->stderr_terminal && !dumb && !settings->quiet;
    return HT_OK;
}

static unsigned clamp_width(uint64_t columns) {
    if (columns < HT_CLI_WIDTH_MIN) {
        return HT_CLI_WIDTH_MIN;
    }
    return columns < HT_CLI_WIDTH_MAX ? (unsigned)columns : HT_CLI_WIDTH_MAX;
}

static enum ht_status set_width(const struct ht_cli_arguments *arguments,
                                const struct ht_cli_surroundings *surroundings,
                                struct ht_cli_settings *settings, struct ht_err *err) {
    uint64_t columns = 0;
    if (arguments->given[HT_CLI_OPT_WIDTH]) {
        const char *text = arguments->value[HT_CLI_OPT_WIDTH];
        if (!ht_cli_parse_count(text, &columns) || columns < HT_CLI_WIDTH_MIN ||
            columns > HT_CLI_WIDTH_MAX) {
            return ht_cli_usage(err, "--width: '%.100s' is not a number from %d to %d", text,
                                HT_CLI_WIDTH_MIN, HT_CLI_WIDTH_MAX);
        }
        settings->width_files = (unsigned)columns;
        settings->width_stdout = (unsigned)columns;
        return HT_OK;
    }
    if (surroundings->columns != NULL && ht_cli_parse_count(surroundings->columns, &columns) &&
        columns > 0) {
        settings->width_stdout = clamp_width(columns);
    } else if (surroundings->terminal_columns > 0) {
        settings->width_stdout = clamp_width(surroundings->terminal_columns);
    }
    return HT_OK;
}

static enum ht_status set_max_bad(const char *text, struct ht_cli_settings *settings,
                                  struct ht_err *err) {
    settings->max_bad_ppm = HT_CLI_PPM / 100;
    if (text != NULL && !ht_cli_parse_percent(text, &settings->max_bad_ppm)) {
        return ht_cli_usage(err, "--max-bad: '%.100s' is not a percentage from 0 to 100", text);
    }
    settings->analysis.max_bad_ppm =
        settings->max_bad_ppm > 0 ? settings->max_bad_ppm : HT_MAX_BAD_NONE;
    return HT_OK;
}

static enum ht_status set_fail_on(const struct ht_cli_arguments *arguments,
                                  struct ht_cli_settings *settings, struct ht_err *err) {
    const char *text = arguments->value[HT_CLI_OPT_FAIL_ON];
    size_t index = 0;
    if (text != NULL && !ht_cli_parse_word(text, ht_cli_levels, &index)) {
        return ht_cli_not_a_word("level", text, ht_cli_levels, err);
    }
    settings->has_fail_on = text != NULL;
    settings->fail_on_new = index == HT_LEVEL_COUNT;
    settings->fail_on = settings->fail_on_new ? HT_LEVEL_WARNING : (enum ht_level)index;
    if (settings->fail_on_new && arguments->given[HT_CLI_OPT_ANONYMIZE]) {
        return ht_cli_usage(err,
                            "--fail-on new: what is new is known by names, not with --anonymize");
    }
    if (settings->fail_on_new && settings->archive.path == NULL) {
        return ht_cli_usage(err, "--fail-on new: what is new is known with --state alone");
    }
    return HT_OK;
}

static enum ht_status check_operands(const struct ht_cli_arguments *arguments, struct ht_err *err) {
    size_t streams = 0;
    if (!ht_cli_command_reads(arguments->command)) {
        return HT_OK;
    }
    for (size_t i = ht_cli_command_words(arguments->command); i < arguments->operand_count; i++) {
        streams += strcmp(arguments->operands[i], "-") == 0;
        if (arguments->operands[i][0] == '\0') {
            return ht_cli_usage(err, "an empty name of a file");
        }
    }
    return streams > 1 ? ht_cli_usage(err, "standard input (-) can be read only once") : HT_OK;
}

static enum ht_status set_device(const struct ht_cli_arguments *arguments,
                                 struct ht_options *analysis, struct ht_err *err) {
    if (arguments->command != HT_CLI_DEVICE) {
        return HT_OK;
    }
    if (arguments->operand_count == 0 || arguments->operands[0][0] == '\0') {
        return ht_cli_usage(err, "name a device: hubtriage device ID PATH...");
    }
    analysis->device_id = arguments->operands[0];
    return HT_OK;
}

enum ht_status ht_cli_settings_make(const struct ht_cli_arguments *arguments,
                                    const struct ht_cli_surroundings *surroundings,
                                    struct ht_cli_settings *settings, struct ht_err *err) {
    *settings = (struct ht_cli_settings){
        .analysis =
            {
                .hub = arguments->value[HT_CLI_OPT_HUB],
                .device = arguments->value[HT_CLI_OPT_DEVICE],
                .exclude_device = arguments->value[HT_CLI_OPT_EXCLUDE_DEVICE],
            },
        .verbose = arguments->given[HT_CLI_OPT_VERBOSE],
        .quiet = arguments->given[HT_CLI_OPT_QUIET],
    };
    TRY(set_window(arguments, surroundings, settings, err));
    TRY(ht_cli_archive_settings(arguments, &settings->archive, err));
    TRY(set_ceilings(arguments, &settings->analysis, err));
    TRY(set_input(arguments, &settings->analysis, err));
    TRY(set_targets(arguments, settings, err));
    TRY_OPTION(HT_CLI_OPT_COLOR, set_color(arguments, surroundings, settings, err));
    TRY_OPTION(HT_CLI_OPT_WIDTH, set_width(arguments, surroundings, settings, err));
    TRY_OPTION(HT_CLI_OPT_MAX_BAD,
               set_max_bad(arguments->value[HT_CLI_OPT_MAX_BAD], settings, err));
    TRY_OPTION(HT_CLI_OPT_FAIL_ON, set_fail_on(arguments, settings, err));
    TRY(set_device(arguments, &settings->analysis, err));
    return check_operands(arguments, err);
}
