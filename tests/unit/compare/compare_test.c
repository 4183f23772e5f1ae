/* SPDX-License-Identifier: MIT */
/* A report against a former one: what is refused, rates, devices, incidents and findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/time.h"
#include "compare/comparison_make.h"
#include "compare/rate_test.h"

enum { DEVICES_MAX = 16, JSON_BYTES = 16 * 1024 };

struct ht_report {
    struct ht_summary summary;
    struct ht_device_view devices[DEVICES_MAX];
};

const struct ht_summary *ht_report_summary(const struct ht_report *report) {
    return &report->summary;
}

size_t ht_report_device_count(const struct ht_report *report) {
    return (size_t)report->summary.devices;
}

void ht_report_device(const struct ht_report *report, size_t index, struct ht_device_view *out) {
    *out = report->devices[index];
}

#define FLEET                                                                          \
    "\"fleet\":{\"devices\":%u,\"never_returned_devices\":0,\"refused_devices\":0,"    \
    "\"connects\":10,\"refused_connects\":0,\"disconnects\":%u,\"planned\":0,"         \
    "\"renewals\":0,\"faults\":%u,\"unknown\":0,\"up_seconds\":%u,\"down_seconds\":0," \
    "\"unknown_seconds\":0}"
#define WINDOW                                             \
    "\"window\":{\"since_time\":null,\"until_time\":null," \
    "\"first_event_time\":\"2025-03-09T00:00:00Z\","       \
    "\"last_event_time\":\"2025-03-10T00:00:00Z\"}"

/* A whole report with these parts: inner texts of its arrays. */
static struct ht_str make_json(char out[JSON_BYTES], unsigned devices, unsigned faults,
                               const char *incidents, const char *findings, const char *rows) {
    const int len = snprintf(
        out, JSON_BYTES,
        "{\"schema\":\"hubtriage.report/1\"," WINDOW "," FLEET
        ",\"causes\":[{\"cause\":\"idle-timeout\",\"disconnects\":%u},{\"cause\":\"of the "
        "future\",\"disconnects\":1}],\"incidents\":[%s],\"findings\":[%s],\"devices\":[%s]}",
        devices, faults, faults, devices * 86400, faults, incidents, findings, rows);
    assert_true(len > 0 && len < JSON_BYTES);
    return (struct ht_str){out, (size_t)len};
}

/* One device of the baseline. */
static const char *row(char out[512], const char *device, const char *level, unsigned faults) {
    const int len =
        snprintf(out, 512,
                 "{\"hub\":\"HUB\",\"device\":\"%s\",\"module\":null,\"level\":%s,\"faults\":%u,"
                 "\"disconnects\":%u,\"pattern\":\"p\",\"up_seconds\":86400,\"down_seconds\":0,"
                 "\"unknown_seconds\":0}",
                 device, level, faults, faults);
    assert_true(len > 0 && len < 512);
    return out;
}

static void add_device(struct ht_report *report, const char *device, int level, uint64_t faults) {
    report->devices[report->summary.devices++] = (struct ht_device_view){
        .hub = "HUB",
        .device = device,
        .has_finding = level >= 0,
        .worst_level = (enum ht_level)(level >= 0 ? level : 0),
        .faults = faults,
        .disconnects = faults,
        .up_s = 86400,
        .pattern = "q",
    };
    report->summary.faults += faults;
    report->summary.disconnects += faults;
    report->summary.up_s += 86400;
}

static int64_t at(const char *iso) {
    int64_t time_us = 0;
    assert_true(ht_time_parse_iso(ht_str_from(iso), &time_us));
    return time_us;
}

static struct ht_report empty_report(void) {
    struct ht_report report = {.summary = {.since_us = HT_TIME_NONE,
                                           .until_us = HT_TIME_NONE,
                                           .first_us = at("2025-03-10T00:00:00Z"),
                                           .last_us = at("2025-03-11T00:00:00Z")}};
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        report.summary.causes[i].cause = (enum ht_cause)i;
    }
    return report;
}

/* The comparison lives as long as the baseline. */
static const struct ht_comparison *compare(const struct ht_report *report, struct ht_str json,
                                           struct ht_baseline **baseline) {
    const struct ht_comparison *comparison = NULL;
    struct ht_err err = {.status = HT_OK};
    if (ht_baseline_parse("base.json", json, baseline, &err) != HT_OK) {
        fail_msg("%s", err.message);
    }
    assert_int_equal(ht_compare(report, *baseline, &comparison), HT_OK);
    return comparison;
}

static const struct ht_figure_change *figure(const struct ht_comparison *comparison,
                                             const char *key) {
    for (size_t i = 0; i < comparison->figure_count; i++) {
        if (strcmp(comparison->figures[i].key, key) == 0) {
            return &comparison->figures[i];
        }
    }
    fail_msg("no figure %s", key);
    return NULL;
}

/* Of 10 events on one side all are here: 2^-10. */
static void test_rates(void **state) {
    (void)state;
    const struct ht_rate none = {0, 1};
    const struct ht_rate nine = {9, 1};
    const struct ht_rate ten = {10, 1};
    const struct ht_rate thin = {10, 20};
    const struct ht_rate unknown = {10, 0};
    assert_true(ht_rate_exceeds(&ten, &none, 0.001));
    assert_false(ht_rate_exceeds(&nine, &none, 0.001));
    assert_true(ht_rate_exceeds(&nine, &none, 0.002));
    assert_false(ht_rate_exceeds(&none, &ten, 0.5));
    assert_false(ht_rate_exceeds(&ten, &nine, 0.1));
    assert_true(ht_rate_exceeds(&ten, &thin, 0.001));
    assert_false(ht_rate_exceeds(&thin, &ten, 0.5));
    assert_false(ht_rate_exceeds(&ten, &unknown, 0.5));
    assert_false(ht_rate_exceeds(&unknown, &none, 0.5));
    const struct ht_rate many = {2000000, 1};
    const struct ht_rate most = {2010000, 1};
    assert_true(ht_rate_exceeds(&most, &many, 1e-6));
    assert_false(ht_rate_exceeds(&most, &many, 1e-8)); /* 5 standard deviations */
}

static void test_figures(void **state) {
    (void)state;
    char json[JSON_BYTES];
    struct ht_baseline *baseline = NULL;
    struct ht_report report = empty_report();
    add_device(&report, "a", -1, 40);
    add_device(&report, "b", -1, 20);
    report.summary.causes[HT_CAUSE_IDLE_TIMEOUT].disconnects = 60;
    const struct ht_comparison *comparison =
        compare(&report, make_json(json, 4, 40, "", "", ""), &baseline);
    assert_string_equal(comparison->path, "base.json");
    assert_false(comparison->is_overlapping);
    assert_false(comparison->is_of_other_length);
    const struct ht_figure_change *faults = figure(comparison, "faults");
    assert_true(faults->before == 40 && faults->now == 60 && faults->has_rates);
    assert_true(faults->rate_before == 10 && faults->rate_now == 30);
    assert_int_equal(faults->trend, HT_TREND_WORSE);
    assert_int_equal(figure(comparison, "disconnects")->trend, HT_TREND_NONE);
    const struct ht_figure_change *idle = figure(comparison, "idle-timeout");
    assert_true(idle->is_cause && idle->before == 40 && idle->now == 60);
    assert_int_equal(idle->trend, HT_TREND_WORSE);
    assert_false(figure(comparison, "devices")->has_rates);
    ht_baseline_free(baseline);
}

/* A window of another length, and one that is shared. */
static void test_windows(void **state) {
    (void)state;
    char json[JSON_BYTES];
    struct ht_baseline *baseline = NULL;
    struct ht_report report = empty_report();
    report.summary.since_us = at("2025-03-09T23:00:00Z");
    report.summary.until_us = at("2025-03-10T05:00:00Z");
    const struct ht_comparison *comparison =
        compare(&report, make_json(json, 1, 0, "", "", ""), &baseline);
    assert_true(comparison->is_of_other_length);
    assert_true(comparison->is_overlapping);
    ht_baseline_free(baseline);
}

static void test_devices(void **state) {
    (void)state;
    char json[JSON_BYTES];
    char rows[8][512];
    char all[8 * 512];
    struct ht_baseline *baseline = NULL;
    struct ht_report report = empty_report();
    /* Out of order on purpose: neither side relies on the other's order. */
    (void)snprintf(all, sizeof all, "%s,%s,%s,%s,%s,%s", row(rows[0], "same", "null", 3),
                   row(rows[1], "gone", "null", 1), row(rows[2], "calm", "null", 20),
                   row(rows[3], "bad\\ufffd", "null", 0), row(rows[4], "up", "\"warning\"", 5),
                   row(rows[5], "note", "null", 0));
    add_device(&report, "up", HT_LEVEL_ERROR, 1);
    add_device(&report, "same", -1, 5);
    add_device(&report, "bad\xFF", -1, 12);
    add_device(&report, "new", -1, 2);
    add_device(&report, "calm", -1, 2);
    add_device(&report, "note", HT_LEVEL_NOTE, 0);
    const struct ht_comparison *comparison =
        compare(&report, make_json(json, 6, 29, "", "", all), &baseline);
    static const struct {
        enum ht_device_change_kind kind;
        const char *device;
        size_t index;
    } wanted[] = {
        {HT_DEVICE_WORSE, "up", 0},    {HT_DEVICE_WORSE, "bad\xFF", 2},
        {HT_DEVICE_NEW, "new", 3},     {HT_DEVICE_GONE, "gone", HT_INDEX_NONE},
        {HT_DEVICE_BETTER, "calm", 4},
    };
    assert_int_equal(comparison->device_count, HT_ARRAY_LEN(wanted));
    for (size_t i = 0; i < HT_ARRAY_LEN(wanted); i++) {
        assert_int_equal(comparison->devices[i].kind, wanted[i].kind);
        assert_string_equal(comparison->devices[i].device, wanted[i].device);
        assert_int_equal(comparison->devices[i].index, wanted[i].index);
    }
    assert_int_equal(comparison->device_counts[HT_DEVICE_WORSE], 2);
    assert_int_equal(comparison->unchanged_devices, 2);
    assert_int_equal(comparison->devices[0].before.faults, 5);
    assert_int_equal(comparison->devices[0].now.faults, 1);
    ht_baseline_free(baseline);
}

#define INCIDENT(hour)                                                               \
    "{\"hub\":\"HUB\",\"cause\":\"hub-transient\",\"start_time\":\"2025-03-10T" hour \
    ":00:00Z\",\"end_time\":\"2025-03-10T" hour ":05:00Z\",\"devices\":9,\"share\":0.5}"
#define FINDING(level, rule, incident)                     \
    "{\"level\":\"" level "\",\"rule\":\"" rule            \
    "\",\"title\":\"T\",\"hub\":\"HUB\",\"normal\":false," \
    "\"devices\":3,\"incident\":" incident "}"

static void test_incidents_and_findings(void **state) {
    (void)state;
    char json[JSON_BYTES];
    struct ht_baseline *baseline = NULL;
    struct ht_report report = empty_report();
    const struct ht_incident_view incident = {.hub = "HUB",
                                              .cause = HT_CAUSE_HUB_TRANSIENT,
                                              .start_us = at("2025-03-10T03:04:00Z"),
                                              .end_us = at("2025-03-10T03:09:00Z")};
    const struct ht_finding findings[] = {
        {.level = HT_LEVEL_ERROR,
         .rule = "kept",
         .title = "T",
         .hub = "HUB",
         .incident = HT_INDEX_NONE},
        {.level = HT_LEVEL_ERROR, .rule = "of-incident", .title = "T", .incident = 0},
        {.level = HT_LEVEL_WARNING,
         .rule = "fresh",
         .title = "T",
         .hub = "HUB",
         .incident = HT_INDEX_NONE},
        {.level = HT_LEVEL_NOTE, .rule = "note", .title = "T", .incident = HT_INDEX_NONE},
    };
    report.summary.incidents = &incident;
    report.summary.incident_count = 1;
    report.summary.findings = findings;
    report.summary.finding_count = HT_ARRAY_LEN(findings);
    const struct ht_comparison *comparison = compare(
        &report,
        make_json(json, 1, 0, INCIDENT("02") "," INCIDENT("03"),
                  FINDING("warning", "over", "null") "," FINDING(
                      "error", "kept",
                      "null") "," FINDING("error", "old", "null") "," FINDING("error", "then", "0"),
                  ""),
        &baseline);
    assert_int_equal(comparison->incident_count, 2);
    assert_false(comparison->incidents[0].is_still_seen);
    assert_true(comparison->incidents[1].is_still_seen);
    assert_int_equal(comparison->finding_count, 3);
    assert_string_equal(comparison->findings[0].rule, "fresh");
    assert_true(comparison->findings[0].is_new);
    assert_string_equal(comparison->findings[1].rule, "old");
    assert_string_equal(comparison->findings[2].rule, "over");
    assert_false(comparison->findings[2].is_new);
    ht_baseline_free(baseline);
}

static void check_refused(struct ht_str json, const char *message) {
    struct ht_baseline *baseline = NULL;
    struct ht_err err = {.status = HT_OK};
    assert_int_equal(ht_baseline_parse("b", json, &baseline, &err), HT_E_USAGE);
    assert_null(baseline);
    assert_string_equal(err.message, message);
    assert_true(err.hint[0] != '\0');
}

static void test_refused(void **state) {
    (void)state;
    char json[JSON_BYTES];
    static const struct {
        const char *json;
        const char *message;
    } cases[] = {
        {"", "b: empty"},
        {"PNG", "b: not JSON"},
        {"{\"schema\":", "b: cut: the JSON has no end"},
        {"[]", "b: not a report of hubtriage"},
        {"{\"schema\":1}", "b: not a report of hubtriage"},
        {"{\"schema\":\"hubtriage.check/1\"}", "b: of hubtriage, but not a report"},
        {"{\"schema\":\"hubtriage.report/2\\u001b[0m\"}",
         "b: of another version of hubtriage: hubtriage.report/2\\x1B[0m"},
        {"{\"schema\":\"hubtriage.report/1\"}",
         "b: not a whole report: window.since_time is missing or wrong"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        check_refused(ht_str_from(cases[i].json), cases[i].message);
    }
    char bad_row[512];
    char good_row[512];
    char rows[1024];
    (void)snprintf(rows, sizeof rows, "%s,%s", row(good_row, "a", "null", 1),
                   row(bad_row, "b", "\"fatal\"", 1));
    check_refused(make_json(json, 1, 0, "", "", rows),
                  "b: not a whole report: devices[1].level is missing or wrong");
    check_refused(make_json(json, 1, 0, "3", "", ""),
                  "b: not a whole report: incidents[0].hub is missing or wrong");
    const struct ht_str whole = make_json(json, 1, 0, "", "", "");
    check_refused((struct ht_str){whole.ptr, whole.len - 1}, "b: cut: the JSON has no end");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates),   cmocka_unit_test(test_figures),
        cmocka_unit_test(test_windows), cmocka_unit_test(test_devices),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_incidents_and_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
