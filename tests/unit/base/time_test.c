/* SPDX-License-Identifier: MIT */
/* Instants and spans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/time.h"

static const char *formatted(int64_t time_us) {
    static char out[HT_TIME_TEXT_BYTES];
    const size_t len = ht_time_format(time_us, out);
    assert_int_equal(len, strlen(out));
    return out;
}

static void test_iso(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *expected; /* NULL = not a time */
    } cases[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2025-03-10T00:23:43Z", "2025-03-10T00:23:43Z"},
        {"2025-03-10T00:23:43", "2025-03-10T00:23:43Z"},
        {"2025-03-10t00:23:43z", "2025-03-10T00:23:43Z"},
        {"2025-03-10 00:23:43Z", "2025-03-10T00:23:43Z"},
        {"2025-03-10T00:23:43.Z", "2025-03-10T00:23:43Z"},
        {"2025-03-10T00:23:43.5Z", "2025-03-10T00:23:43.5Z"},
        {"2025-03-10T00:23:43,25Z", "2025-03-10T00:23:43.25Z"},
        {"2025-03-10T00:23:43.123456Z", "2025-03-10T00:23:43.123456Z"},
        {"2025-03-10T00:23:43.6025432Z", "2025-03-10T00:23:43.602543Z"},
        {"2025-03-10T00:23:43.123456789Z", "2025-03-10T00:23:43.123456Z"},
        {"2025-03-10T00:23:43.1234567890Z", NULL},
        {"2018-07-03T23:20:11.6921933+00:00", "2018-07-03T23:20:11.692193Z"},
        {"2025-03-10T00:23:43+02:00", "2025-03-09T22:23:43Z"},
        {"2025-03-09T18:53:43-0530", "2025-03-10T00:23:43Z"},
        {"2025-03-10T01:23:43+01", "2025-03-10T00:23:43Z"},
        {"2024-02-29T23:59:60Z", "2024-02-29T23:59:59Z"},
        {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
        {"1900-02-29T00:00:00Z", NULL},
        {"2025-02-29T00:00:00Z", NULL},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"},
        {"0000-01-01T00:00:00Z", NULL},
        {"2025-13-01T00:00:00Z", NULL},
        {"2025-00-01T00:00:00Z", NULL},
        {"2025-01-00T00:00:00Z", NULL},
        {"2025-04-31T00:00:00Z", NULL},
        {"2025-03-10T24:00:00Z", NULL},
        {"2025-03-10T00:60:00Z", NULL},
        {"2025-03-10T00:00:61Z", NULL},
        {"2025-03-10T00:00:00+24:00", NULL},
        {"2025-03-10T00:00:00+01:60", NULL},
        {"2025-03-10T00:00:00+", NULL},
        {"2025-03-10T00:00:00+1", NULL},
        {"2025-03-10T00:00:00+01:", NULL},
        {"2025-03-10T00:00:00ZZ", NULL},
        {"2025-03-10T00:00:00 ", NULL},
        {"2025-03-10T00:00Z", NULL},
        {"2025-3-10T00:00:00Z", NULL},
        {"2025-03-10", NULL},
        {"3/10/2025, 12:23:43.000 AM", NULL},
        {"1741566223", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        int64_t time_us = 0;
        const bool valid = ht_time_parse_iso(ht_str_from(cases[i].text), &time_us);
        assert_int_equal(valid, cases[i].expected != NULL);
        if (valid) {
            assert_string_equal(formatted(time_us), cases[i].expected);
        }
    }
}

/* Every cut of a good stamp is refused or read; nothing behind it is touched. */
static void test_iso_prefixes(void **state) {
    (void)state;
    static const char text[] = "2025-03-10T00:23:43.1234567+00:00";
    size_t valid = 0;
    for (size_t len = 0; len < sizeof text; len++) {
        int64_t time_us = 0;
        valid += ht_time_parse_iso((struct ht_str){text, len}, &time_us);
    }
    /* after the seconds, the point, 7 digits, and +00 +00:00 */
    assert_int_equal(valid, 1 + 1 + 7 + 2);
}

static void test_days(void **state) {
    (void)state;
    int64_t days = 0;
    int64_t next = 0;
    assert_true(ht_time_days(1970, 1, 1, &days));
    assert_int_equal(days, 0);
    assert_true(ht_time_days(1, 1, 1, &next));
    /* Each date of the calendar is one day after the one before it. */
    for (int64_t year = 1; year <= 9999; year++) {
        for (unsigned month = 1; month <= 12; month++) {
            for (unsigned day = 1; day <= 31; day++) {
                if (ht_time_days(year, month, day, &days)) {
                    assert_true(days == next);
                    next++;
                } else {
                    assert_true(day > 28);
                }
            }
        }
    }
    assert_false(ht_time_days(0, 12, 31, &days));
    assert_false(ht_time_days(10000, 1, 1, &days));
    assert_false(ht_time_days(2025, 1, 32, &days));
}

static void test_since(void **state) {
    (void)state;
    static const int64_t now_us = INT64_C(1741566223) * HT_US_PER_S; /* 2025-03-10T00:23:43Z */
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"30s", "2025-03-10T00:23:13Z"},
        {"5m", "2025-03-10T00:18:43Z"},
        {"24h", "2025-03-09T00:23:43Z"},
        {"7d", "2025-03-03T00:23:43Z"},
        {"2w", "2025-02-24T00:23:43Z"},
        {"0h", "2025-03-10T00:23:43Z"},
        {"2025-03-01", "2025-03-01T00:00:00Z"},
        {"2025-03-01T12:00:00+01:00", "2025-03-01T11:00:00Z"},
        {"h", NULL},
        {"-1h", NULL},
        {"1y", NULL},
        {"1 h", NULL},
        {"1000001h", NULL},
        {"yesterday", NULL},
        {"2025-02-30", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        int64_t time_us = 0;
        const bool valid = ht_time_parse_since(ht_str_from(cases[i].text), now_us, &time_us);
        assert_int_equal(valid, cases[i].expected != NULL);
        if (valid) {
            assert_string_equal(formatted(time_us), cases[i].expected);
        }
    }
}

static void test_spans(void **state) {
    (void)state;
    static const struct {
        int64_t seconds;
        const char *expected;
    } cases[] = {
        {0, "0s"},
        {59, "59s"},
        {60, "1m00s"},
        {131, "2m11s"},
        {3599, "59m59s"},
        {3600, "1h00m"},
        {4223, "1h10m"},
        {86399, "23h59m"},
        {86400, "1d00h"},
        {273600, "3d04h"},
        {-5, "-5s"},
        {-4223, "-1h10m"},
        {INT64_MAX, "106751991167300d15h"},
        {INT64_MIN + 1, "-106751991167300d15h"},
        {INT64_MIN, "-106751991167300d15h"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        char out[HT_TIME_TEXT_BYTES];
        const size_t len = ht_time_format_span(cases[i].seconds, out);
        assert_int_equal(len, strlen(out));
        assert_string_equal(out, cases[i].expected);
    }
}

static void test_format_extremes(void **state) {
    (void)state;
    assert_string_equal(formatted(-1), "1969-12-31T23:59:59.999999Z");
    assert_string_equal(formatted(100000), "1970-01-01T00:00:00.1Z");
    assert_true(strlen(formatted(INT64_MAX)) < HT_TIME_TEXT_BYTES);
    assert_true(strlen(formatted(INT64_MIN)) < HT_TIME_TEXT_BYTES);
}

static void test_extent(void **state) {
    (void)state;
    assert_int_equal(ht_time_extent_s(5 * HT_US_PER_S, 5 * HT_US_PER_S), 1);
    assert_int_equal(ht_time_extent_s(0, 999999), 1);
    assert_int_equal(ht_time_extent_s(-HT_US_PER_S, 2 * HT_US_PER_S), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extent),          cmocka_unit_test(test_iso),
        cmocka_unit_test(test_iso_prefixes),    cmocka_unit_test(test_days),
        cmocka_unit_test(test_since),           cmocka_unit_test(test_spans),
        cmocka_unit_test(test_format_extremes),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
