/* SPDX-License-Identifier: MIT */
/* Values, suggestions, printable text, figures of the progress line, exit statuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/messages.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/report_command.h"
#include "cli/suggest.h"
#include "cli/values.h"

static void sizes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t bytes;
    } cases[] = {
        {"0", true, 0},
        {"65536", true, 65536},
        {"512K", true, 524288},
        {"4M", true, 4194304},
        {"2G", true, UINT64_C(2147483648)},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"17179869184G", false, 0},
        {"", false, 0},
        {"K", false, 0},
        {"1KB", false, 0},
        {" 1", false, 0},
        {"-1", false, 0},
        {"1 ", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t bytes = 0;
        assert_int_equal(ht_cli_parse_size(cases[i].text, &bytes), cases[i].good);
        if (cases[i].good) {
            assert_true(bytes == cases[i].bytes);
        }
    }
}

static void percentages(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t ppm;
    } cases[] = {
        {"0", true, 0},         {"1", true, 10000},       {"1%", true, 10000},
        {"0.5", true, 5000},    {"2.25%", true, 22500},   {"0.0001", true, 1},
        {"100", true, 1000000}, {"100.0", true, 1000000}, {"100.1", false, 0},
        {"101", false, 0},      {"1.", false, 0},         {".5", false, 0},
        {"0.00001", false, 0},  {"", false, 0},           {"1%%", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t ppm = 0;
        assert_int_equal(ht_cli_parse_percent(cases[i].text, &ppm), cases[i].good);
        if (cases[i].good) {
            assert_int_equal(ppm, cases[i].ppm);
        }
    }
}

static void suggestions(void **state) {
    (void)state;
    assert_string_equal(ht_cli_suggest_from("ndjsn", ht_cli_formats), "ndjson");
    assert_string_equal(ht_cli_suggest_from("jsno", ht_cli_formats), "json");
    assert_string_equal(ht_cli_suggest_from("dev", ht_cli_emits), "devices");
    assert_string_equal(ht_cli_suggest_from("errors", ht_cli_levels), "error");
    assert_string_equal(ht_cli_suggest_from("abx", (const char *const[]){"abc", "abd", NULL}),
                        "abc"); /* of equals the first */
    assert_null(ht_cli_suggest_from("pdf", ht_cli_formats));
    assert_null(ht_cli_suggest_from("", ht_cli_formats));
    assert_null(ht_cli_suggest_from("a-word-that-is-longer-than-any-name-of-ours", ht_cli_formats));
}

static void hostile_text(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *printable;
    } cases[] = {
        {"plain \\x1B text", "plain \\x1B text"},
        {"\x1B]0;pwned\a", "\\x1B]0;pwned\\x07"},
        {"a\nb\x7F", "a\\x0Ab\\x7F"},
        {"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
        {"\xE2\x80\xAE"
         "gpj",
         "\\u{202E}gpj"},
        {"\xC2\x9B"
         "31m",
         "\\u{009B}31m"},
        {"\xC0\xAF", "\\xC0\\xAF"},          /* overlong */
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"}, /* surrogate */
        {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
        {"cut \xE2\x82", "cut \\xE2\\x82"},
    };
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const size_t len = ht_cli_printable(out, sizeof out, cases[i].text);
        assert_string_equal(out, cases[i].printable);
        assert_int_equal(len, strlen(out));
    }
    assert_int_equal(ht_cli_printable(out, 4, "ab\x1B"), 2);
    assert_string_equal(out, "ab");
    assert_int_equal(ht_cli_printable(out, 1, "ab"), 0);
}

static void figures(void **state) {
    (void)state;
    static const struct {
        struct ht_progress now;
        const char *text;
    } cases[] = {
        {{.bytes_read = 1200000000, .bytes_total = 2800000000, .records = 3211004},
         " 42 %  1.2 of 2.8 GB, 3,211,004 records, 13 s left"},
        {{.bytes_read = 2800000, .bytes_total = 2800000, .records = 7},
         "100 %  2.8 of 2.8 MB, 7 records, 0 s left"},
        {{.bytes_read = 45678, .bytes_total = 0, .records = 999}, "45.6 kB, 999 records"},
        {{.bytes_read = 3000, .bytes_total = 2000, .records = 1000}, "3.0 kB, 1,000 records"},
        {{.bytes_read = 0, .bytes_total = 2000, .records = 0}, "0.0 kB, 0 records"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[HT_CLI_PROGRESS_BYTES];
        ht_cli_progress_text(&cases[i].now, 10000, text);
        assert_string_equal(text, cases[i].text);
    }
    char count[HT_CLI_COUNT_TEXT_BYTES];
    assert_string_equal(ht_cli_count_text(UINT64_MAX, count), "18,446,744,073,709,551,615");
    assert_string_equal(ht_cli_count_text(0, count), "0");
    assert_string_equal(ht_cli_count_text(100, count), "100");
}

static void a_signal_stops_the_reading(void **state) {
    (void)state;
    volatile sig_atomic_t interrupted = 0;
    struct ht_cli_progress progress;
    const struct ht_progress now = {.bytes_read = 1};
    ht_cli_progress_begin(&progress, false, &interrupted);
    assert_true(ht_cli_progress_update(&progress, &now));
    interrupted = 1;
    assert_false(ht_cli_progress_update(&progress, &now));
}

static void exit_statuses(void **state) {
    (void)state;
    assert_int_equal(ht_cli_exit_status(false, false, false), 0);
    assert_int_equal(ht_cli_exit_status(false, false, true), 3);
    assert_int_equal(ht_cli_exit_status(false, true, true), 1);
    assert_int_equal(ht_cli_exit_status(true, true, true), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),         cmocka_unit_test(percentages),
        cmocka_unit_test(suggestions),   cmocka_unit_test(hostile_text),
        cmocka_unit_test(figures),       cmocka_unit_test(a_signal_stops_the_reading),
        cmocka_unit_test(exit_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
