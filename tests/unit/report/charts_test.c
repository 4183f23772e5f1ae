/* SPDX-License-Identifier: MIT */
/* Charts: axes, counts, who is connected, and the time lines of the worst. */
#include "hubtriage/charts.h"
#include "world.h"

static struct ht_charts *charts_of(const struct ht_report *report) {
    struct ht_charts *charts = NULL;
    assert_int_equal(ht_charts_build(report, &charts), HT_OK);
    assert_non_null(charts);
    return charts;
}

/* A hub that spans from 0 to to_s. */
static struct world *world_of(int64_t to_s) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, to_s, 500001);
    return world;
}

static void test_axes(void **state) {
    (void)state;
    static const struct {
        int64_t span_s;
        int64_t step_s;
        size_t count;
        size_t days;
        int64_t day_s;
    } cases[] = {
        {0, 1, 1, 1, 86400},
        {30, 1, 31, 1, 86400},
        {119, 1, 120, 1, 86400},
        {120, 2, 61, 1, 86400},
        {7200, 120, 61, 1, 86400},
        {86399, 900, 96, 1, 86400},
        {7 * 86400, 7200, 85, 8, 86400},
        {31 * 86400, 43200, 63, 32, 86400},
        {61 * 86400, 43200 * 2, 62, 62, 86400},
        {62 * 86400, 43200 * 2, 63, 9, 7 * 86400},
        {3000 * 86400LL, 28 * 86400LL, 108, 55, 56 * 86400LL},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct world *world = world_of(cases[i].span_s);
        world_device(world, "dev");
        world_open(world, 0);
        struct ht_report *report = world_report(world);
        struct ht_charts *charts = charts_of(report);
        assert_int_equal(charts->time.step_us, cases[i].step_s * HT_US_PER_S);
        assert_int_equal(charts->time.count, cases[i].count);
        assert_true(charts->time.from_us <= AT(0));
        assert_true(charts->time.from_us + charts->time.step_us > AT(0));
        assert_int_equal(charts->days.count, cases[i].days);
        assert_int_equal(charts->days.step_us, cases[i].day_s * HT_US_PER_S);
        assert_true(charts->cells.count <= HT_CHART_CELLS_MAX);
        assert_int_equal(charts->cells.step_us * (int64_t)charts->cells.count,
                         charts->time.step_us * (int64_t)charts->time.count);
        ht_charts_free(charts);
        ht_report_free(report);
    }
}

/* 2025-03-10 was a Monday. */
static void test_weeks_begin_on_monday(void **state) {
    (void)state;
    struct world *world = world_of(100 * 86400);
    world_device(world, "dev");
    world_open(world, 0);
    struct ht_report *report = world_report(world);
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->days.step_us, 7 * 86400 * HT_US_PER_S);
    assert_int_equal(charts->days.from_us, AT(0));
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_nothing(void **state) {
    (void)state;
    struct ht_report *report = world_report(world_new());
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->time.count, 0);
    assert_int_equal(charts->days.count, 0);
    assert_int_equal(charts->sessions.count, 0);
    assert_int_equal(charts->line_count, 0);
    ht_charts_free(charts);
    ht_charts_free(NULL);
    ht_report_free(report);
}

/* An hour: parts of 30 s. One device renews, one resets, one closes. */
static struct world *busy_world(void) {
    struct world *world = world_of(3590);
    world_device(world, "closes");
    LIVE(world, .from_s = 100, .to_s = 1000, .cause = HT_CAUSE_CLIENT_CLOSE);
    world_open(world, 1100);
    world_device(world, "renews");
    LIVE(world, .from_s = 200, .to_s = 800, .cause = HT_CAUSE_TOKEN_EXPIRY);
    LIVE(world, .from_s = 805, .to_s = 1405, .cause = HT_CAUSE_TOKEN_EXPIRY);
    world_open(world, 1410);
    world_device(world, "resets");
    LIVE(world, .from_s = 0, .to_s = 810, .cause = HT_CAUSE_CONNECTION_RESET,
         .start = HT_START_BEFORE_LOG);
    LIVE(world, .from_s = 815, .to_s = 820, .cause = HT_CAUSE_IDLE_TIMEOUT);
    LIVE(world, .from_s = 2000, .to_s = 2002, .cause = HT_CAUSE_CONNECTION_RESET);
    return world;
}

static void test_buckets(void **state) {
    (void)state;
    struct ht_report *report = world_report(busy_world());
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->time.step_us, 30 * HT_US_PER_S);
    const struct ht_chart_bucket *bucket = &charts->buckets[800 / 30];
    assert_int_equal(bucket->renewals, 1);
    assert_int_equal(bucket->by_cause[HT_CAUSE_TOKEN_EXPIRY], 0);
    assert_int_equal(bucket->faults, 0);
    bucket = &charts->buckets[810 / 30];
    assert_int_equal(bucket->by_cause[HT_CAUSE_CONNECTION_RESET], 1);
    assert_int_equal(bucket->by_cause[HT_CAUSE_IDLE_TIMEOUT], 1);
    assert_int_equal(bucket->faults, 2);
    assert_int_equal(charts->buckets[1000 / 30].by_cause[HT_CAUSE_CLIENT_CLOSE], 1);
    assert_int_equal(charts->buckets[1000 / 30].faults, 0);
    ht_charts_free(charts);
    ht_report_free(report);
}

/* Whoever counts the charts comes to the figures of the summary. */
static void test_totals(void **state) {
    (void)state;
    struct ht_report *report = world_report(busy_world());
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_charts *charts = charts_of(report);
    uint64_t faults = 0;
    uint64_t renewals = 0;
    uint64_t disconnects = 0;
    for (size_t i = 0; i < charts->time.count; i++) {
        faults += charts->buckets[i].faults;
        renewals += charts->buckets[i].renewals;
        disconnects += charts->buckets[i].renewals + charts->buckets[i].planned;
        for (size_t k = 0; k < HT_CAUSE_COUNT; k++) {
            disconnects += charts->buckets[i].by_cause[k];
        }
    }
    assert_int_equal(faults, summary->faults);
    assert_int_equal(renewals, summary->renewals);
    assert_int_equal(disconnects, summary->disconnects);
    assert_int_equal(charts->sessions.total + charts->sessions.left_out, summary->disconnects);
    assert_int_equal(charts->gaps.total + charts->gaps.left_out, summary->disconnects);
    uint64_t by_hour = 0;
    for (size_t i = 0; i < HT_CHART_HOURS; i++) {
        by_hour += charts->by_hour[0].faults[i];
    }
    assert_int_equal(by_hour, summary->faults);
    assert_int_equal(charts->by_hour[0].faults[0], summary->faults);
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_maintenance(void **state) {
    (void)state;
    static const struct ht_known_window window = {.from_us = AT(0), .to_us = AT(900)};
    static const struct ht_known_rule rule = {.name = "plan",
                                              .states = 1U << HT_KNOWN_MAINTENANCE,
                                              .windows = &window,
                                              .window_count = 1};
    struct world *world = world_of(3590);
    world->rules = &rule;
    world->rule_count = 1;
    world_device(world, "dev");
    LIVE(world, .from_s = 100, .to_s = 600, .cause = HT_CAUSE_CONNECTION_RESET);
    LIVE(world, .from_s = 700, .to_s = 901, .cause = HT_CAUSE_CONNECTION_RESET);
    world_tell(world, 1);
    struct ht_report *report = world_report(world);
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->buckets[600 / 30].planned, 1);
    assert_int_equal(charts->buckets[600 / 30].by_cause[HT_CAUSE_CONNECTION_RESET], 0);
    assert_int_equal(charts->buckets[901 / 30].planned, 0);
    assert_int_equal(charts->buckets[901 / 30].faults, 1);
    ht_charts_free(charts);
    ht_report_free(report);
}

/* Even a dip of seconds is seen, and what is not known is not taken for down. */
static void test_connected(void **state) {
    (void)state;
    struct ht_report *report = world_report(busy_world());
    struct ht_charts *charts = charts_of(report);
    const struct ht_chart_bucket *buckets = charts->buckets;
    assert_int_equal(buckets[0].connected_last, 1);
    assert_int_equal(buckets[0].unknown_last, 2);
    assert_int_equal(buckets[3].connected_lowest, 1); /* from 90 s */
    assert_int_equal(buckets[3].connected_last, 2);
    assert_int_equal(buckets[3].unknown_last, 1);
    assert_int_equal(buckets[10].connected_last, 3);
    assert_int_equal(buckets[10].unknown_last, 0);
    assert_int_equal(buckets[26].connected_lowest, 2); /* from 780 s: 800 to 805 */
    assert_int_equal(buckets[26].connected_last, 3);
    assert_int_equal(buckets[27].connected_lowest, 2); /* 810 to 815 and from 820 on */
    assert_int_equal(buckets[27].connected_last, 2);
    assert_int_equal(buckets[33].connected_lowest, 1); /* 1000 to 1100 */
    assert_int_equal(buckets[35].connected_lowest, 1);
    assert_int_equal(buckets[36].connected_last, 2);
    assert_int_equal(buckets[charts->time.count - 1].connected_last, 2);
    assert_int_equal(buckets[charts->time.count - 1].connected_lowest, 2);
    assert_int_equal(charts->most_connected, 3);
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_missing_records_are_unknown(void **state) {
    (void)state;
    struct world *world = world_of(3590);
    world_device(world, "dev");
    LIVE(world, .from_s = 600, .to_s = 1200, .end = HT_END_MISSING);
    LIVE(world, .from_s = 1200, .to_s = 1800);
    LIVE(world, .from_s = 1800, .to_s = 2400, .start = HT_START_MISSING);
    world_open(world, 3000);
    struct ht_report *report = world_report(world);
    struct ht_charts *charts = charts_of(report);
    static const struct {
        size_t bucket;
        uint64_t connected;
        uint64_t unknown;
    } cases[] = {{30, 0, 1}, {50, 1, 0}, {70, 0, 1}, {90, 0, 0}, {110, 1, 0}};
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const struct ht_chart_bucket *bucket = &charts->buckets[cases[i].bucket];
        assert_int_equal(bucket->connected_last, cases[i].connected);
        assert_int_equal(bucket->unknown_last, cases[i].unknown);
    }
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_histograms(void **state) {
    (void)state;
    struct ht_report *report = world_report(busy_world());
    struct ht_charts *charts = charts_of(report);
    const struct ht_chart_histogram *sessions = &charts->sessions;
    assert_int_equal(sessions->total, 5);
    assert_int_equal(sessions->left_out, 1);
    assert_int_equal(sessions->bins[0].from_s, 2);
    assert_int_equal(sessions->bins[0].to_s, 3);
    assert_int_equal(sessions->bins[0].by_class[HT_CLASS_NETWORK_IDLE_TIMEOUT], 1);
    const struct ht_chart_bin *last = &sessions->bins[sessions->count - 1];
    assert_int_equal(last->from_s, 900);
    assert_int_equal(last->by_class[HT_CLASS_OTHER], 1);
    assert_int_equal(last[-1].from_s, 600);
    assert_int_equal(last[-1].by_class[HT_CLASS_TOKEN_EXPIRY], 2);
    for (size_t i = 1; i < sessions->count; i++) {
        assert_int_equal(sessions->bins[i].from_s, sessions->bins[i - 1].to_s);
    }
    assert_int_equal(charts->gaps.total, 5);
    assert_int_equal(charts->gaps.left_out, 1);
    assert_int_equal(charts->gaps.bins[0].from_s, 4);
    ht_charts_free(charts);
    ht_report_free(report);
}

/* The longest spans have a bin without an end. */
static void test_ends_of_histograms(void **state) {
    (void)state;
    struct world *world = world_of(100 * 86400);
    world_device(world, "dev");
    LIVE(world, .from_s = 0, .to_s = 40 * 86400);
    LIVE(world, .from_s = 40 * 86400, .to_s = 40 * 86400);
    struct ht_report *report = world_report(world);
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->sessions.bins[0].from_s, 0);
    assert_int_equal(charts->sessions.bins[0].to_s, 1);
    assert_int_equal(charts->sessions.bins[charts->sessions.count - 1].to_s, HT_SPAN_NONE);
    assert_int_equal(charts->sessions.count, 44);
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_hours(void **state) {
    (void)state;
    struct world *world = world_of(2 * 86400 + 10);
    world_device(world, "dev");
    LIVE(world, .from_s = 0, .to_s = 3 * 3600 - 1, .cause = HT_CAUSE_CONNECTION_RESET);
    LIVE(world, .from_s = 4 * 3600, .to_s = 86400 + 23 * 3600, .cause = HT_CAUSE_HUB_TRANSIENT);
    struct ht_report *report = world_report(world);
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->days.count, 3);
    assert_int_equal(charts->by_hour[0].faults[2], 1);
    assert_int_equal(charts->by_hour[1].faults[23], 1);
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_lines(void **state) {
    (void)state;
    struct ht_report *report = world_report(busy_world());
    struct ht_charts *charts = charts_of(report);
    assert_true(charts->line_count >= 1);
    const struct ht_chart_line *line = &charts->lines[0];
    assert_string_equal(device_at(report, line->device).device, "resets");
    int64_t up_us = 0;
    int64_t down_us = 0;
    uint64_t disconnects = 0;
    for (size_t i = 0; i < charts->cells.count; i++) {
        up_us += line->cells[i].up_us;
        down_us += line->cells[i].down_us;
        disconnects += line->cells[i].disconnects;
        assert_true(line->cells[i].up_us + line->cells[i].down_us <= charts->cells.step_us);
    }
    assert_int_equal(up_us, device_at(report, line->device).up_s * HT_US_PER_S);
    assert_int_equal(down_us, device_at(report, line->device).down_s * HT_US_PER_S);
    assert_int_equal(disconnects, 3);
    const int64_t cell_s = charts->cells.step_us / HT_US_PER_S;
    assert_int_equal(line->cells[2002 / cell_s].cause, HT_CAUSE_CONNECTION_RESET);
    for (size_t i = 1; i < charts->line_count; i++) {
        const struct ht_device_view view = device_at(report, charts->lines[i].device);
        assert_true(view.has_finding || view.faults > 0);
    }
    ht_charts_free(charts);
    ht_report_free(report);
}

/* One fault tells more than ten renewals in the same cell. */
static void test_faults_come_first(void **state) {
    (void)state;
    struct world *world = world_of(100000);
    world_device(world, "dev");
    for (int64_t i = 0; i < 11; i++) {
        LIVE(world, .from_s = 100 + 20 * i, .to_s = 110 + 20 * i,
             .cause = i == 4 ? HT_CAUSE_CONNECTION_RESET : HT_CAUSE_TOKEN_EXPIRY);
    }
    world_open(world, 320);
    struct ht_report *report = world_report(world);
    struct ht_charts *charts = charts_of(report);
    assert_int_equal(charts->line_count, 1);
    assert_int_equal(charts->lines[0].cells[0].disconnects, 11);
    assert_int_equal(charts->lines[0].cells[0].cause, HT_CAUSE_CONNECTION_RESET);
    ht_charts_free(charts);
    ht_report_free(report);
}

static void test_window(void **state) {
    (void)state;
    struct world *world = busy_world();
    world->selection.since_us = AT(805);
    world->selection.until_us = AT(1405);
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_charts *charts = charts_of(report);
    uint64_t faults = 0;
    for (size_t i = 0; i < charts->time.count; i++) {
        faults += charts->buckets[i].faults;
        assert_true(charts->buckets[i].connected_last <= 3);
    }
    assert_int_equal(faults, summary->faults);
    assert_int_equal(charts->buckets[0].connected_last, 3);
    ht_charts_free(charts);
    ht_report_free(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axes),
        cmocka_unit_test(test_weeks_begin_on_monday),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_maintenance),
        cmocka_unit_test(test_connected),
        cmocka_unit_test(test_missing_records_are_unknown),
        cmocka_unit_test(test_histograms),
        cmocka_unit_test(test_ends_of_histograms),
        cmocka_unit_test(test_hours),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_faults_come_first),
        cmocka_unit_test(test_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
