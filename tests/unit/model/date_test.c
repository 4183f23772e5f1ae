/* SPDX-License-Identifier: MIT */
/* Dates in either order: what they may be, and what proves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/time.h"
#include "model/date.h"
#include "model/shape.h"

#define NARROW "\xE2\x80\xAF" /* the no-break space that browsers put before AM and PM */

static void test_stamps(void **state) {
    (void)state;
    static const char kinds[] = "IDME";
    static const struct {
        const char *text;
        enum ht_date_order order;
        const char *expected; /* kind and time, or "" */
    } cases[] = {
        {"2025-03-10T00:23:43Z", HT_DATE_ORDER_PROVEN, "I 2025-03-10T00:23:43Z"},
        {"2026-02-08 09:12:34Z", HT_DATE_ORDER_PROVEN, "I 2026-02-08T09:12:34Z"},
        {"2/25/2025, 9:19:25.391 AM", HT_DATE_ORDER_PROVEN, "M 2025-02-25T09:19:25.391Z"},
        {"12/5/2022, 5:22:23.884" NARROW "PM", HT_DATE_ORDER_PROVEN, "E 2022-12-05T17:22:23.884Z"},
        {"12/5/2022, 12:22:23 am", HT_DATE_ORDER_DMY, "D 2022-05-12T00:22:23Z"},
        {"3/3/2025, 12:00:00 PM", HT_DATE_ORDER_PROVEN, "I 2025-03-03T12:00:00Z"},
        {"10/02/2026 11:00:12", HT_DATE_ORDER_PROVEN, "E 2026-10-02T11:00:12Z"},
        {"10/02/2026 11:00:12", HT_DATE_ORDER_DMY, "D 2026-02-10T11:00:12Z"},
        {"10/02/2026 11:00:12", HT_DATE_ORDER_MDY, "M 2026-10-02T11:00:12Z"},
        {"10/02/2026 11:00:12", HT_DATE_ORDER_YMD, ""},
        {"25.12.2025 08:05", HT_DATE_ORDER_PROVEN, "D 2025-12-25T08:05:00Z"},
        {"25.12.2025 08:05", HT_DATE_ORDER_MDY, ""},
        {"2026/2/8 9:12:34", HT_DATE_ORDER_YMD, "I 2026-02-08T09:12:34Z"},
        {"1/9/2007 10:41:00 AM +01:00", HT_DATE_ORDER_PROVEN, "E 2007-01-09T09:41:00Z"},
        {"1/9/2007 10:41:00 AM -0530", HT_DATE_ORDER_DMY, "D 2007-09-01T16:11:00Z"},
        {"01/09/2007 09:41:00 UTC", HT_DATE_ORDER_MDY, "M 2007-01-09T09:41:00Z"},
        {"/Date(1740475165391)/", HT_DATE_ORDER_PROVEN, "I 2025-02-25T09:19:25.391Z"},
        {"2/29/2025, 9:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"13/13/2025, 9:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"0/1/2025, 9:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/2025, 13:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/2025, 0:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/2025, 9:60:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/25, 9:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"2/25-2025, 9:19:25 AM", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/2025", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/2025, 9:19:25 AM x", HT_DATE_ORDER_PROVEN, ""},
        {"2/25/2025, 9:19:25. AM", HT_DATE_ORDER_PROVEN, ""},
        {"/Date(x)/", HT_DATE_ORDER_PROVEN, ""},
        {"", HT_DATE_ORDER_PROVEN, ""},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_stamp stamp;
        char found[HT_TIME_TEXT_BYTES + 8] = "";
        char time[HT_TIME_TEXT_BYTES];
        if (ht_stamp_parse(ht_str_from(cases[i].text), cases[i].order, &stamp)) {
            (void)ht_time_format(stamp.time_us, time);
            (void)snprintf(found, sizeof found, "%c %s", kinds[stamp.kind], time);
        }
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%s\n", cases[i].text);
            assert_string_equal(found, cases[i].expected);
        }
    }
}

static void test_swap(void **state) {
    (void)state;
    struct ht_stamp stamp;
    struct ht_stamp other;
    static const char *const texts[] = {"1/9/2007 0:41:00 +01:00", "1/9/2007 23:41:00 -01:00",
                                        "12/1/1969 10:00:00", "2/3/2025 0:00:00"};
    for (size_t i = 0; i < HT_ARRAY_LEN(texts); i++) {
        assert_true(ht_stamp_parse(ht_str_from(texts[i]), HT_DATE_ORDER_PROVEN, &stamp));
        assert_true(ht_stamp_parse(ht_str_from(texts[i]), HT_DATE_ORDER_DMY, &other));
        assert_true(ht_stamp_swap(stamp.time_us, stamp.zone_min) == other.time_us);
        assert_true(ht_stamp_swap(other.time_us, stamp.zone_min) == stamp.time_us);
    }
}

static enum ht_date_order order_of(const char *const *texts) {
    struct ht_date_evidence evidence = {.begun = false};
    for (size_t i = 0; texts[i] != NULL; i++) {
        char text[64];
        struct ht_stamp stamp;
        (void)snprintf(text, sizeof text, "%s 10:00:00", texts[i]);
        assert_true(ht_stamp_parse(ht_str_from(text), HT_DATE_ORDER_PROVEN, &stamp));
        ht_date_evidence_add(&evidence, &stamp);
    }
    return ht_date_evidence_order(&evidence);
}

#define ORDER(...) order_of((const char *const[]){__VA_ARGS__, NULL})

static void test_evidence(void **state) {
    (void)state;
    assert_int_equal(ORDER("2/3/2025", "2/13/2025"), HT_DATE_ORDER_MDY);
    assert_int_equal(ORDER("13/2/2025", "2/3/2025"), HT_DATE_ORDER_DMY);
    assert_int_equal(ORDER("2/3/2025", "2/4/2025"), HT_DATE_ORDER_PROVEN);
    assert_int_equal(ORDER("2/3/2025"), HT_DATE_ORDER_PROVEN);
    assert_int_equal(ORDER("3/3/2025"), HT_DATE_ORDER_MDY); /* does not matter */
    assert_int_equal(ORDER("13/2/2025", "2/13/2025"), HT_DATE_ORDER_PROVEN);
    /* 30 days forth or 11 months to and fro */
    assert_int_equal(ORDER("1/11/2025", "1/12/2025", "2/1/2025", "2/2/2025", "2/3/2025"),
                     HT_DATE_ORDER_MDY);
    assert_int_equal(ORDER("11/1/2025", "12/1/2025", "1/2/2025", "2/2/2025", "3/2/2025"),
                     HT_DATE_ORDER_DMY);
    assert_int_equal(ORDER("3/2/2025", "2/2/2025", "1/2/2025", "12/1/2025", "11/1/2025"),
                     HT_DATE_ORDER_DMY); /* the newest first */
    assert_int_equal(ORDER("1/2/2025", "5/2/2025", "2/2/2025", "9/2/2025", "3/2/2025"),
                     HT_DATE_ORDER_PROVEN); /* no sequence under either reading */
}

static void test_shapes(void **state) {
    (void)state;
    assert_string_equal(ht_shape_name(ht_shape_of(HT_HOLDER_NONE, HT_NAMING_ARCHIVE, false)),
                        "json-lines");
    assert_string_equal(ht_shape_name(ht_shape_of(HT_HOLDER_ARRAY, HT_NAMING_COLUMNS, true)),
                        "rows");
    assert_string_equal(ht_shape_name(ht_shape_of(HT_HOLDER_TSV, HT_NAMING_ARCHIVE, false)), "tsv");
    assert_null(ht_shape_name(HT_SHAPE_NONE));
    assert_int_equal(ht_shape_with(HT_SHAPE_NONE, HT_SHAPE_CSV), HT_SHAPE_CSV);
    assert_int_equal(ht_shape_with(HT_SHAPE_CSV, HT_SHAPE_NONE), HT_SHAPE_CSV);
    assert_int_equal(ht_shape_with(HT_SHAPE_CSV, HT_SHAPE_TSV), HT_SHAPE_MIXED);
    for (int i = HT_SHAPE_NONE + 1; i < HT_SHAPE_COUNT; i++) {
        assert_non_null(ht_shape_name((enum ht_shape)i));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stamps),
        cmocka_unit_test(test_swap),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
