/* SPDX-License-Identifier: MIT */
/* Peaks among ages, and bursts in time, by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "classify/burst_scan.h"
#include "classify/peak.h"

static void test_peak_among_noise(void **state) {
    (void)state;
    uint32_t ages_s[120];
    size_t count = 0;
    for (uint32_t i = 0; i < 60; i++) {
        ages_s[count++] = 100 + i * 47; /* spread over 100 to 2873 */
    }
    for (uint32_t i = 0; i < 40; i++) {
        ages_s[count++] = 2880 + i % 4;
    }
    for (uint32_t i = 0; i < 20; i++) {
        ages_s[count++] = 2990 + i * 200;
    }
    struct ht_peak peak;
    for (size_t i = 1; i < count; i++) { /* ascending */
        for (size_t k = i; k > 0 && ages_s[k - 1] > ages_s[k]; k--) {
            const uint32_t age_s = ages_s[k];
            ages_s[k] = ages_s[k - 1];
            ages_s[k - 1] = age_s;
        }
    }
    uint32_t below[HT_ARRAY_LEN(ages_s) + 1];
    struct ht_ages ages = ht_ages_make(ages_s, count, below);
    assert_true(ht_peak_find(&ages, 3, &peak) > ht_peak_threshold(count));
    assert_in_range(peak.low_s, 2870, 2880);
    assert_in_range(peak.high_s, 2883, 2884);
    assert_in_range(peak.count, 40, 42);
    assert_in_range(ht_peak_median(&ages, &peak), 2880, 2883);
    ht_peak_remove(&ages, &peak);
    assert_int_equal(ht_ages_total(&ages), count - peak.count);
    assert_true(ht_peak_find(&ages, 3, &peak) <= ht_peak_threshold(ht_ages_total(&ages)));
}

static void test_no_peak(void **state) {
    (void)state;
    uint32_t ages_s[200];
    uint32_t below[201];
    struct ht_peak peak;
    for (size_t count = 0; count <= 200; count += count < 2 ? 1 : 99) {
        for (uint32_t i = 0; i < count; i++) {
            ages_s[i] = 60 + i * 31;
        }
        const struct ht_ages ages = ht_ages_make(ages_s, count, below);
        assert_true(ht_peak_find(&ages, count == 1 ? 1 : 3, &peak) <= ht_peak_threshold(count));
    }
}

static void test_ages(void **state) {
    (void)state;
    static const uint32_t ages_s[] = {5, 10, 10, 20};
    uint32_t copy[] = {5, 10, 10, 20};
    uint32_t below[5];
    assert_int_equal(ht_ages_below(ages_s, 4, 0), 0);
    assert_int_equal(ht_ages_below(ages_s, 4, 10), 1);
    assert_int_equal(ht_ages_below(ages_s, 4, 11), 3);
    assert_int_equal(ht_ages_below(ages_s, 4, 21), 4);
    assert_int_equal(ht_ages_below(ages_s, 0, 1), 0);
    struct ht_ages ages = ht_ages_make(copy, 4, below);
    assert_int_equal(ages.count, 3);
    assert_int_equal(ht_ages_total(&ages), 4);
    assert_int_equal(ht_peak_median(&ages, &(struct ht_peak){.low_s = 5, .high_s = 20}), 10);
    assert_int_equal(ht_peak_median(&ages, &(struct ht_peak){.low_s = 11, .high_s = 20}), 20);
    ht_peak_remove(&ages, &(struct ht_peak){.low_s = 10, .high_s = 10});
    assert_int_equal(ages.count, 2);
    assert_int_equal(ages.age_s[1], 20);
    assert_int_equal(ages.below[1], 1);
    assert_int_equal(ht_ages_total(&ages), 2);
}

enum { POINTS = 400 };

/* One point every 200 s, and `extra` more within 20 s at 40,000 s. */
static size_t make_points(struct ht_burst_point *points, size_t extra, float weight) {
    size_t count = 0;
    for (int64_t i = 0; i < 300; i++) {
        points[count++] = (struct ht_burst_point){.time_s = i * 200, .weight = 1};
        for (size_t k = 0; i * 200 == 40000 && k < extra; k++) {
            points[count++] =
                (struct ht_burst_point){.time_s = 40000 + (int64_t)k, .weight = weight};
        }
    }
    return count;
}

static size_t scan(const struct ht_burst_point *points, size_t count, struct ht_burst_span *first) {
    static const uint32_t widths_s[] = {30, 60, 120, 300};
    const struct ht_burst_scan options = {
        .widths_s = widths_s,
        .width_count = 4,
        .weight_min = 4.5,
        .floor = 0.3,
        .evidence = 5,
    };
    struct ht_burst_spans spans = {NULL, 0, 0};
    assert_int_equal(ht_burst_scan(&options, points, count, &spans), HT_OK);
    const size_t found = spans.count;
    if (found > 0) {
        *first = spans.spans[0];
    }
    free(spans.spans);
    return found;
}

static void test_burst(void **state) {
    (void)state;
    struct ht_burst_point points[POINTS];
    struct ht_burst_span span = {0};
    const size_t count = make_points(points, 20, 1);
    assert_int_equal(scan(points, count, &span), 1);
    assert_in_range(points[span.first].time_s, 39800, 40000);
    assert_in_range(points[span.end - 1].time_s, 40019, 40200);
    assert_true(span.evidence > 20);
}

/* As many, but explained by something else. */
static void test_explained_is_no_burst(void **state) {
    (void)state;
    struct ht_burst_point points[POINTS];
    struct ht_burst_span span;
    assert_int_equal(scan(points, make_points(points, 20, 0.02F), &span), 0);
    assert_int_equal(scan(points, make_points(points, 0, 1), &span), 0);
    assert_int_equal(scan(points, 0, &span), 0);
}

/* An hour in which everything is twenty times as frequent is a bad hour, not a burst in it. */
static void test_bad_hours(void **state) {
    (void)state;
    struct ht_burst_point points[POINTS];
    struct ht_burst_span span;
    size_t count = 0;
    for (int64_t at_s = 0; at_s < 90000;) {
        points[count] = (struct ht_burst_point){.time_s = at_s, .weight = 1};
        count++;
        at_s += at_s >= 40000 && at_s < 50000 ? 60 : 900;
    }
    assert_int_equal(scan(points, count, &span), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peak_among_noise),
        cmocka_unit_test(test_no_peak),
        cmocka_unit_test(test_ages),
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_explained_is_no_burst),
        cmocka_unit_test(test_bad_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
