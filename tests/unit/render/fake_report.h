/* SPDX-License-Identifier: MIT */
#ifndef HT_TEST_FAKE_REPORT_H
#define HT_TEST_FAKE_REPORT_H
/*
 * A report made by hand, behind the public accessors, and a sink that collects or fails. Included
 * by each test program of the stage once; it must come after cmocka.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/text.h"
#include "base/time.h"
#include "hubtriage/charts.h"
#include "hubtriage/device.h"
#include "hubtriage/report.h"

struct ht_report {
    struct ht_summary summary;
    const struct ht_disconnect *disconnects;
    const struct ht_session_view *sessions;
    const struct ht_device_view *devices;
    size_t disconnect_count;
    size_t session_count;
    size_t device_count;
    size_t repeat;                      /* each row is there that many times */
    const struct ht_device_step *steps; /* of every device */
    size_t step_count;
    const struct ht_axis_cell *cells; /* repeated as often as needed; NULL: no axis */
    size_t cell_count;
    int64_t axis_from_us;
    int64_t axis_to_us;
    const char *const *modules;
    size_t module_count;
    const struct ht_charts *charts; /* NULL: empty ones */
};

static size_t rows_asked;

const struct ht_summary *ht_report_summary(const struct ht_report *report) {
    return &report->summary;
}

size_t ht_report_disconnect_count(const struct ht_report *report) {
    return report->disconnect_count * report->repeat;
}

void ht_report_disconnect(const struct ht_report *report, size_t index, struct ht_disconnect *out) {
    rows_asked++;
    *out = report->disconnects[index / report->repeat];
}

size_t ht_report_session_count(const struct ht_report *report) {
    return report->session_count * report->repeat;
}

void ht_report_session(const struct ht_report *report, size_t index, struct ht_session_view *out) {
    rows_asked++;
    *out = report->sessions[index / report->repeat];
}

size_t ht_report_device_count(const struct ht_report *report) {
    return report->device_count * report->repeat;
}

void ht_report_device(const struct ht_report *report, size_t index, struct ht_device_view *out) {
    rows_asked++;
    *out = report->devices[index / report->repeat];
}

size_t ht_report_worst_device(const struct ht_report *report, size_t rank) {
    (void)report;
    return rank;
}

/* Time lines. */

size_t ht_device_step_count(const struct ht_report *report, size_t device) {
    (void)device;
    return report->step_count;
}

void ht_device_step(const struct ht_report *report, size_t device, size_t step,
                    struct ht_device_step *out) {
    (void)device;
    rows_asked++;
    *out = report->steps[step];
}

bool ht_device_axis(const struct ht_report *report, size_t device, struct ht_axis_cell *cells,
                    size_t count, int64_t *from_us, int64_t *to_us) {
    (void)device;
    for (size_t i = 0; i < count && report->cell_count > 0; i++) {
        cells[i] = report->cells[i * report->cell_count / count];
    }
    *from_us = report->axis_from_us;
    *to_us = report->axis_to_us;
    return report->cell_count > 0;
}

size_t ht_device_modules(const struct ht_report *report, size_t device, const char **names,
                         size_t max) {
    (void)device;
    for (size_t i = 0; i < report->module_count && i < max; i++) {
        names[i] = report->modules[i];
    }
    return report->module_count;
}

/* Charts: those of the report, which are not freed. */

enum ht_status ht_charts_build(const struct ht_report *report, struct ht_charts **charts) {
    *charts = calloc(1, sizeof **charts);
    assert_non_null(*charts);
    if (report->charts != NULL) {
        **charts = *report->charts;
    }
    return HT_OK;
}

void ht_charts_free(struct ht_charts *charts) {
    free(charts);
}

/* Sinks. */

struct collector {
    char *text;
    size_t len;
    size_t writes;
    size_t fail_at; /* 1-based write that fails; 0: none */
};

static inline enum ht_status collect(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    struct collector *collector = ctx;
    collector->writes++;
    if (collector->writes == collector->fail_at) {
        err->status = HT_E_IO;
        return HT_E_IO;
    }
    collector->text = realloc(collector->text, collector->len + len + 1);
    assert_non_null(collector->text);
    memcpy(collector->text + collector->len, bytes, len);
    collector->len += len;
    collector->text[collector->len] = '\0';
    return HT_OK;
}

static inline enum ht_status write_to(const struct ht_report *report,
                                      const struct ht_render_options *options,
                                      struct collector *collector) {
    struct ht_err err = {.status = HT_OK};
    const struct ht_sink sink = {collect, collector};
    const enum ht_status status = ht_report_write(report, options, &sink, &err);
    assert_int_equal(err.status, status);
    return status;
}

/* The rendered report, to be freed; "" for no bytes. */
static inline char *render(const struct ht_report *report,
                           const struct ht_render_options *options) {
    struct collector collector = {.text = calloc(1, 1)};
    assert_int_equal(write_to(report, options, &collector), HT_OK);
    return collector.text;
}

/* The sink's status comes back at once, whichever write fails, and nothing is written after it. */
static inline void check_failing_sink(const struct ht_report *report,
                                      const struct ht_render_options *options) {
    struct collector good = {.text = NULL};
    rows_asked = 0;
    assert_int_equal(write_to(report, options, &good), HT_OK);
    const size_t rows_of_all = rows_asked;
    assert_true(good.writes >= 4);
    free(good.text);
    for (size_t n = 1; n <= good.writes; n++) {
        struct collector bad = {.text = NULL, .fail_at = n};
        rows_asked = 0;
        assert_int_equal(write_to(report, options, &bad), HT_E_IO);
        assert_int_equal(bad.writes, n);
        assert_true(n > 2 || rows_asked < rows_of_all);
        free(bad.text);
    }
}

/* Every character may be shown to a terminal: no control but line feed, no invisible one. */
static inline void check_harmless(const char *text) {
    struct ht_str rest = ht_str_from(text);
    while (rest.len > 0) {
        uint32_t c = 0;
        const size_t used = ht_utf8_decode(rest, &c);
        assert_true(used > 0);
        assert_true(c == '\n' || ht_text_is_plain(c));
        rest.ptr += used;
        rest.len -= used;
    }
}

/* Samples. */

static inline int64_t at(const char *iso) {
    int64_t time_us = 0;
    assert_true(ht_time_parse_iso(ht_str_from(iso), &time_us));
    return time_us;
}

/* The example of the contract. */
static inline struct ht_disconnect sample_disconnect(void) {
    return (struct ht_disconnect){
        .time_us = at("2025-03-10T00:23:43Z"),
        .hub = "CONTOSO-HUB",
        .device = "net-00036",
        .cause_class = HT_CLASS_TOKEN_EXPIRY,
        .cause = HT_CAUSE_TOKEN_EXPIRY,
        .confidence = 0.9781,
        .codes = {401003, 404104},
        .code_count = 2,
        .session_s = 4223,
        .gap_s = 8,
        .protocol = "Mqtt",
        .sdk = ".NET/1.38.0 (...)",
        .network = "52.200.194.XXX",
        .auth = HT_AUTH_SAS,
        .incident = HT_INDEX_NONE,
        .evidence = {{"...", 3.21}},
        .evidence_count = 1,
    };
}

static inline struct ht_session_view sample_session(void) {
    return (struct ht_session_view){
        .start_us = at("2025-03-09T23:13:20Z"),
        .end_us = at("2025-03-10T00:23:43Z"),
        .hub = "CONTOSO-HUB",
        .device = "gw-1",
        .module = "edge",
        .protocol = "Amqp",
        .auth = HT_AUTH_X509,
        .end_cause = HT_CAUSE_SITE_OUTAGE,
        .confidence = 0.5,
    };
}

static inline struct ht_device_view sample_device(void) {
    struct ht_device_view device = {
        .hub = "CONTOSO-HUB",
        .device = "pump-17",
        .protocol = "Mqtt",
        .sdk = "Contoso/1",
        .network = "10.1.2.XXX",
        .auth = HT_AUTH_SAS,
        .disconnects = 1204,
        .renewals = 1000,
        .faults = 204,
        .connects = 1205,
        .refused_connects = 3,
        .cadence_s = 4200,
        .up_s = 80000,
        .down_s = 6400,
        .unknown_s = 0,
        .last_state = HT_STATE_UP,
        .last_event_us = at("2025-03-10T23:59:01.5Z"),
        .longest_down_s = 131,
        .main_cause = HT_CAUSE_TOKEN_EXPIRY,
        .pattern_key = HT_PATTERN_TOKEN_RENEWAL,
        .pattern = "renews its token every 1h10m",
        .has_finding = true,
        .worst_level = HT_LEVEL_ERROR,
    };
    device.by_cause[HT_CAUSE_TOKEN_EXPIRY] = 1000;
    device.by_cause[HT_CAUSE_DUPLICATE_IDENTITY] = 204;
    return device;
}

static inline struct ht_incident_view sample_incident(void) {
    return (struct ht_incident_view){
        .hub = "CONTOSO-HUB",
        .cause = HT_CAUSE_HUB_TRANSIENT,
        .start_us = at("2025-03-10T03:12:08Z"),
        .end_us = at("2025-03-10T03:12:41Z"),
        .devices = 612,
        .shown_devices = 612,
        .disconnects = 613,
        .connected_before = 1198,
        .share = 0.5108,
        .networks = 240,
        .codes = {404104, 500001},
        .code_counts = {580, 32},
        .code_count = 2,
        .server_errors = 412,
        .server_errors_usual = 2.13,
        .returned = 610,
        .recovery_s = 131,
        .confidence = 0.97,
    };
}

/* A fleet with everything in it, one of each. */
struct sample_fleet {
    struct ht_disconnect disconnect;
    struct ht_session_view session;
    struct ht_device_view device;
    struct ht_incident_view incident;
    struct ht_finding findings[2];
    struct ht_cadence_view cadence;
    struct ht_hub_view hub;
    struct ht_source_view sources[2];
    size_t worst[1];
    const char *limits[1];
    struct ht_report report;
};

static inline void sample_findings(struct sample_fleet *fleet) {
    fleet->findings[0] = (struct ht_finding){
        .level = HT_LEVEL_ERROR,
        .rule = "duplicate-identity",
        .title = "Two clients use one device identity",
        .detail = "They threw each other out 204 times.",
        .action = "Find the second client and give it an identity of its own.",
        .url = "https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes",
        .hub = "CONTOSO-HUB",
        .devices = 1,
        .disconnects = 204,
        .incident = HT_INDEX_NONE,
        .device_index = fleet->worst,
        .device_index_count = 1,
    };
    fleet->findings[1] = (struct ht_finding){
        .level = HT_LEVEL_WARNING,
        .rule = "hub-incident",
        .title = "The hub dropped many devices at once",
        .detail = "612 devices dropped within 33 s, across 240 address prefixes.",
        .action = "Wait; quote the incident when you ask support.",
        .url = "https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes"
               "#404104-deviceconnectionclosedremotely",
        .hub = "CONTOSO-HUB",
        .devices = 612,
        .disconnects = 613,
        .incident = 0,
    };
}

static inline void sample_quality(struct ht_quality *quality) {
    *quality = (struct ht_quality){
        .bytes = 4200000,
        .records = 60000,
        .events = 57440,
        .duplicates = 12,
        .other_services = 300,
        .other_records = 2000,
        .not_records = 3,
        .bad_total = 5,
        .out_of_order = 311,
        .slow_records = 7,
        .starts_before_log = 88,
        .starts_missing = 1,
        .ends_missing = 2,
        .without_sdk = 4,
        .unreadable_sources = 1,
    };
    quality->bad[HT_BAD_CUT] = 5;
    quality->example_count[HT_BAD_CUT] = 1;
    quality->examples[HT_BAD_CUT][0] =
        (struct ht_bad_example){.source = "a.json",
                                .record = 88,
                                .offset_bytes = 120331,
                                .why = "the record ends in the middle"};
}

static inline void sample_summary(struct sample_fleet *fleet) {
    struct ht_summary *summary = &fleet->report.summary;
    *summary = (struct ht_summary){
        .since_us = HT_TIME_NONE,
        .until_us = HT_TIME_NONE,
        .first_us = at("2025-03-10T00:00:01Z"),
        .last_us = at("2025-03-10T23:59:01Z"),
        .renewal_gap_s = 60,
        .time_method = "Up is when it is up.",
        .devices = 1204,
        .connects = 29000,
        .refused_connects = 3,
        .disconnects = 28417,
        .renewals = 27552,
        .faults = 817,
        .unknown = 12,
        .never_returned = 2,
        .refused_at_end = 3,
        .up_s = 101000000,
        .down_s = 320000,
        .unknown_s = 2600000,
        .hubs = &fleet->hub,
        .hub_count = 1,
        .incidents = &fleet->incident,
        .incident_count = 1,
        .findings = fleet->findings,
        .finding_count = 2,
        .cadences = &fleet->cadence,
        .cadence_count = 1,
        .sources = fleet->sources,
        .source_count = 2,
    };
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        summary->causes[i] =
            (struct ht_cause_total){.cause = (enum ht_cause)i, .gap_median_s = HT_SPAN_NONE};
    }
    summary->causes[HT_CAUSE_UNKNOWN].disconnects = 12;
    summary->causes[HT_CAUSE_UNKNOWN].devices = 11;
    summary->causes[HT_CAUSE_TOKEN_EXPIRY] = (struct ht_cause_total){
        .cause = HT_CAUSE_TOKEN_EXPIRY,
        .disconnects = 27552,
        .devices = 1190,
        .gap_median_s = 8,
        .confidence_mean = 0.974,
    };
    summary->causes[HT_CAUSE_HUB_TRANSIENT].disconnects = 613;
    summary->causes[HT_CAUSE_HUB_TRANSIENT].devices = 612;
    summary->causes[HT_CAUSE_DUPLICATE_IDENTITY].disconnects = 204;
    summary->causes[HT_CAUSE_DUPLICATE_IDENTITY].devices = 1;
    summary->causes[HT_CAUSE_CLIENT_CLOSE].disconnects = 36;
    summary->causes[HT_CAUSE_CLIENT_CLOSE].devices = 9;
    sample_quality(&summary->quality);
    fleet->limits[0] = "A dead link and a crashed client look alike in this log.";
    summary->quality.limits = fleet->limits;
    summary->quality.limit_count = 1;
}

static inline void sample_fleet_make(struct sample_fleet *fleet) {
    memset(fleet, 0, sizeof *fleet);
    fleet->disconnect = sample_disconnect();
    fleet->session = sample_session();
    fleet->device = sample_device();
    fleet->incident = sample_incident();
    fleet->cadence = (struct ht_cadence_view){
        .sdk_family = ".NET",
        .protocol = "Mqtt",
        .kind = "token",
        .length_s = 4201,
        .low_s = 4190,
        .high_s = 4215,
        .sessions = 27552,
        .devices = 1190,
        .hit_rate = 0.981,
    };
    fleet->hub = (struct ht_hub_view){
        .hub = "CONTOSO-HUB",
        .devices = 1204,
        .connects = 29000,
        .disconnects = 28417,
        .faults = 817,
        .renewals = 27552,
        .server_errors = 500,
        .first_us = at("2025-03-10T00:00:01Z"),
        .last_us = at("2025-03-10T23:59:01Z"),
    };
    fleet->sources[0] = (struct ht_source_view){
        .name = "a.json",
        .bytes = 4200000,
        .records = 60000,
        .events = 57440,
        .bad = 5,
        .first_us = at("2025-03-10T00:00:01Z"),
        .last_us = at("2025-03-10T23:59:01Z"),
    };
    fleet->sources[1] = (struct ht_source_view){
        .name = "b.json",
        .first_us = HT_TIME_NONE,
        .last_us = HT_TIME_NONE,
        .problem = "permission denied",
        .hint = "run as a user who may read it",
    };
    sample_findings(fleet);
    sample_summary(fleet);
    fleet->report.disconnects = &fleet->disconnect;
    fleet->report.disconnect_count = 1;
    fleet->report.sessions = &fleet->session;
    fleet->report.session_count = 1;
    fleet->report.devices = &fleet->device;
    fleet->report.device_count = 1;
    fleet->report.repeat = 1;
}

/* Everything that comes from a log is this text. */
static inline void sample_fleet_taint(struct sample_fleet *fleet, const char *text) {
    fleet->disconnect.hub = fleet->disconnect.device = fleet->disconnect.module = text;
    fleet->disconnect.protocol = fleet->disconnect.sdk = fleet->disconnect.network = text;
    fleet->session.hub = fleet->session.device = fleet->session.module = text;
    fleet->session.protocol = fleet->session.sdk = fleet->session.network = text;
    fleet->device.hub = fleet->device.device = fleet->device.module = text;
    fleet->device.protocol = fleet->device.sdk = fleet->device.network = text;
    fleet->incident.hub = fleet->incident.common_network = text;
    fleet->findings[0].hub = fleet->findings[1].hub = text;
    fleet->cadence.protocol = text;
    fleet->hub.hub = text;
}

/* A report of a log in which nothing was found. */
static inline struct ht_report sample_empty(void) {
    struct ht_report report = {
        .summary = {.since_us = HT_TIME_NONE,
                    .until_us = HT_TIME_NONE,
                    .first_us = HT_TIME_NONE,
                    .last_us = HT_TIME_NONE,
                    .renewal_gap_s = 60,
                    .time_method = "Up is when it is up."},
        .repeat = 1,
    };
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        report.summary.causes[i].cause = (enum ht_cause)i;
        report.summary.causes[i].gap_median_s = HT_SPAN_NONE;
    }
    return report;
}

/* Texts that would do harm if a renderer let them. The last one is 500 bytes long. */
static const char *const hostile_texts[] = {
    "\x1B]0;pwned\x07",
    "\x1B[31mred\x1B[0m",
    "bad\xFF\xC0\xAF utf8\xE2\x82",
    "quote\" back\\slash 'single'",
    "line\nfeed\r\ttab\x7F",
    "right\xE2\x80\xAEto\xE2\x80\x8Fleft",
    "zero\xE2\x80\x8Bwidth\xEF\xBB\xBF\xC2\x85\xC2\x9B",
    "sep\xE2\x80\xA8"
    "arator\xF3\xA0\x80\x81tag",
    "\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD"
    "\x97",
    "<img src=x onerror=alert(1)> $(reboot) `reboot` '; reboot #",
    "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
    "",
    "      ",
    "   in    the     middle   ",
    "      aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "looooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo"
    "o"
    "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo"
    "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo"
    "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo"
    "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong",
};

#endif
