/* SPDX-License-Identifier: MIT */
/* Taking the command line apart, and what is made of it with the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/arguments.h"
#include "cli/settings.h"

enum { WORDS_MAX = 16 };

static const volatile sig_atomic_t never;

struct line {
    struct ht_cli_arguments arguments;
    struct ht_cli_surroundings surroundings;
    struct ht_cli_settings settings;
    struct ht_err err;
};

/* words are separated by single spaces; behind "hubtriage". */
static enum ht_status parse(struct line *line, char *words) {
    char *argv[WORDS_MAX] = {(char[]){"hubtriage"}};
    int argc = 1;
    while (*words != '\0') {
        assert_true(argc < WORDS_MAX);
        argv[argc++] = words;
        words += strcspn(words, " ");
        if (*words == ' ') {
            *words++ = '\0';
        }
    }
    *line = (struct line){.surroundings = {.interrupted = &never,
                                           .clock_us = INT64_C(1741608000) * 1000000,
                                           .term = "xterm"}};
    return ht_cli_arguments_parse(argc, argv, &line->arguments, &line->err);
}

static void mistakes_are_one_line(void **state) {
    (void)state;
    static const struct {
        const char *words;
        const char *message;
    } cases[] = {
        {"reprot", "unknown command 'reprot'; did you mean report?"},
        {"a.json", "unknown command 'a.json'; to analyse files: hubtriage report FILE..."},
        {"--since 1d report", "--since stands behind its command: hubtriage report --since ..."},
        {"--man", "--man stands behind its command: hubtriage help --man ..."},
        {"completion --since 1d", "completion has no option --since"},
        {"report --devcie x", "unknown option --devcie; did you mean --device?"},
        {"report --sinc=1d", "unknown option --sinc; did you mean --since?"},
        {"report --zebra", "unknown option --zebra; hubtriage report -h lists all"},
        {"--zebra", "unknown option --zebra; hubtriage -h lists all"},
        {"report -z", "unknown option -z; hubtriage report -h lists all"},
        {"report -qz", "unknown option -z; hubtriage report -h lists all"},
        {"report --quiet=yes", "--quiet takes no value"},
        {"report --since", "--since needs a value: --since T"},
        {"report -qo", "-o needs a value: -o FORMAT[=PATH]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char words[80];
        struct line line;
        (void)snprintf(words, sizeof words, "%s", cases[i].words);
        assert_int_equal(parse(&line, words), HT_E_USAGE);
        assert_string_equal(line.err.message, cases[i].message);
        ht_cli_arguments_release(&line.arguments);
    }
}

static void options_and_operands_mix(void **state) {
    (void)state;
    struct line line;
    char words[] = "report a --hub=h1 - -qojson=x --hub h2 -o text -- --since -q";
    assert_int_equal(parse(&line, words), HT_OK);
    const struct ht_cli_arguments *arguments = &line.arguments;
    assert_int_equal(arguments->command, HT_CLI_REPORT);
    assert_string_equal(arguments->value[HT_CLI_OPT_HUB], "h2");
    assert_true(arguments->given[HT_CLI_OPT_QUIET]);
    assert_false(arguments->given[HT_CLI_OPT_SINCE]);
    assert_int_equal(arguments->output_count, 2);
    assert_string_equal(arguments->outputs[0], "json=x");
    assert_string_equal(arguments->outputs[1], "text");
    assert_int_equal(arguments->operand_count, 4);
    assert_string_equal(arguments->operands[0], "a");
    assert_string_equal(arguments->operands[1], "-");
    assert_string_equal(arguments->operands[2], "--since");
    assert_string_equal(arguments->operands[3], "-q");
    ht_cli_arguments_release(&line.arguments);
}

static void help_wins_over_what_follows(void **state) {
    (void)state;
    struct line line;
    char words[] = "report --help --zebra";
    assert_int_equal(parse(&line, words), HT_OK);
    assert_true(line.arguments.given[HT_CLI_OPT_HELP]);
    ht_cli_arguments_release(&line.arguments);
}

static enum ht_status settle(struct line *line) {
    return ht_cli_settings_make(&line->arguments, &line->surroundings, &line->settings, &line->err);
}

static void wrong_values_are_named(void **state) {
    (void)state;
    static const struct {
        const char *words;
        const char *message;
    } cases[] = {
        {"report --since yesterday", "--since: not a time: yesterday"},
        {"report --now 25:00", "--now: not a time: 25:00"},
        {"report --max-bad 100.1", "--max-bad: '100.1' is not a percentage from 0 to 100"},
        {"report --max-bad -1", "--max-bad: '-1' is not a percentage from 0 to 100"},
        {"report --max-events 0", "--max-events: '0' is not a whole number above 0"},
        {"report --max-devices 18446744073709551616",
         "--max-devices: '18446744073709551616' is not a whole number above 0"},
        {"report --max-record-bytes 1T",
         "--max-record-bytes: '1T' is not a size such as 65536, 512K or 4M"},
        {"report --width 59", "--width: '59' is not a number from 60 to 1000"},
        {"report --color=alwasy", "unknown value of --color 'alwasy'; did you mean always?"},
        {"report --fail-on fatal", "unknown level 'fatal'; use note, warning, error or new"},
        {"report -o jsno", "unknown format 'jsno'; did you mean json?"},
        {"report -o xml",
         "unknown format 'xml'; use text, json, ndjson, md, csv, tsv, prom, html or mail"},
        {"report -o json=", "-o json=: a path is missing behind '='"},
        {"report -o json -o text=-",
         "two outputs on standard output; give one a path: -o text=PATH"},
        {"report -o json=a -o text=a", "two outputs to a"},
        {"report --emit devices", "--emit is for one table: add -o ndjson, csv or tsv"},
        {"report -o ndjson --emit device", "unknown kind of row 'device'; did you mean devices?"},
        {"report - -", "standard input (-) can be read only once"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char words[80];
        struct line line;
        (void)snprintf(words, sizeof words, "%s", cases[i].words);
        assert_int_equal(parse(&line, words), HT_OK);
        assert_int_equal(settle(&line), HT_E_USAGE);
        assert_string_equal(line.err.message, cases[i].message);
        ht_cli_arguments_release(&line.arguments);
    }
}

static void defaults(void **state) {
    (void)state;
    struct line line;
    char words[] = "report";
    assert_int_equal(parse(&line, words), HT_OK);
    assert_int_equal(settle(&line), HT_OK);
    const struct ht_cli_settings *settings = &line.settings;
    assert_true(settings->analysis.since_us == HT_TIME_NONE);
    assert_true(settings->analysis.until_us == HT_TIME_NONE);
    assert_int_equal(settings->target_count, 1);
    assert_int_equal(settings->targets[0].format, HT_FORMAT_TEXT);
    assert_null(settings->targets[0].path);
    assert_int_equal(settings->max_bad_ppm, 10000);
    assert_int_equal(settings->width_stdout, 0);
    assert_false(settings->has_fail_on || settings->color_stdout || settings->progress);
    ht_cli_arguments_release(&line.arguments);
}

static void spans_count_from_now(void **state) {
    (void)state;
    struct line line;
    char words[] = "report --since 1h";
    assert_int_equal(parse(&line, words), HT_OK);
    assert_int_equal(settle(&line), HT_OK);
    assert_true(line.settings.analysis.since_us == INT64_C(1741604400) * 1000000);
    line.surroundings.source_date_epoch = "7200";
    assert_int_equal(settle(&line), HT_OK);
    assert_true(line.settings.analysis.since_us == INT64_C(3600) * 1000000);
    line.surroundings.source_date_epoch = "soon";
    assert_int_equal(settle(&line), HT_E_USAGE);
    ht_cli_arguments_release(&line.arguments);

    char with_now[] = "report --since 1h --now 1970-01-02";
    assert_int_equal(parse(&line, with_now), HT_OK);
    line.surroundings.source_date_epoch = "soon"; /* --now is asked first */
    assert_int_equal(settle(&line), HT_OK);
    assert_true(line.settings.analysis.since_us == INT64_C(23 * 3600) * 1000000);
    ht_cli_arguments_release(&line.arguments);
}

static void color_and_progress(void **state) {
    (void)state;
    static const struct {
        const char *words;
        const char *term;
        const char *no_color;
        bool terminal;
        bool color_stdout;
        bool color_files;
        bool progress;
    } cases[] = {
        {"report", "xterm", NULL, true, true, false, true},
        {"report", "xterm", "", true, true, false, true},
        {"report", "xterm", "1", true, false, false, true},
        {"report", "dumb", NULL, true, false, false, false},
        {"report", NULL, NULL, true, false, false, false},
        {"report", "xterm", NULL, false, false, false, false},
        {"report --color always", "dumb", "1", false, true, true, false},
        {"report --color never", "xterm", NULL, true, false, false, true},
        {"report -q", "xterm", NULL, true, true, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char words[80];
        struct line line;
        (void)snprintf(words, sizeof words, "%s", cases[i].words);
        assert_int_equal(parse(&line, words), HT_OK);
        line.surroundings.term = cases[i].term;
        line.surroundings.no_color = cases[i].no_color;
        line.surroundings.stdout_terminal = cases[i].terminal;
        line.surroundings.stderr_terminal = cases[i].terminal;
        assert_int_equal(settle(&line), HT_OK);
        assert_int_equal(line.settings.color_stdout, cases[i].color_stdout);
        assert_int_equal(line.settings.color_files, cases[i].color_files);
        assert_int_equal(line.settings.progress, cases[i].progress);
        ht_cli_arguments_release(&line.arguments);
    }
}

static void widths(void **state) {
    (void)state;
    struct line line;
    char words[] = "report";
    assert_int_equal(parse(&line, words), HT_OK);
    line.surroundings.terminal_columns = 132;
    assert_int_equal(settle(&line), HT_OK);
    assert_int_equal(line.settings.width_stdout, 132);
    assert_int_equal(line.settings.width_files, 0);
    line.surroundings.columns = "40";
    assert_int_equal(settle(&line), HT_OK);
    assert_int_equal(line.settings.width_stdout, HT_CLI_WIDTH_MIN);
    line.surroundings.columns = "wide";
    assert_int_equal(settle(&line), HT_OK);
    assert_int_equal(line.settings.width_stdout, 132);
    ht_cli_arguments_release(&line.arguments);

    char with_width[] = "report --width=100";
    assert_int_equal(parse(&line, with_width), HT_OK);
    line.surroundings.columns = "90";
    assert_int_equal(settle(&line), HT_OK);
    assert_int_equal(line.settings.width_stdout, 100);
    assert_int_equal(line.settings.width_files, 100);
    ht_cli_arguments_release(&line.arguments);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_one_line),
        cmocka_unit_test(options_and_operands_mix),
        cmocka_unit_test(help_wins_over_what_follows),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(defaults),
        cmocka_unit_test(spans_count_from_now),
        cmocka_unit_test(color_and_progress),
        cmocka_unit_test(widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
