/* SPDX-License-Identifier: MIT */
/* One object a line, one row in memory at a time. */
#include "render/renderers.h"
#include "render/rows_json.h"

static void emit_disconnects(const struct ht_report *report, struct ht_json *json) {
    const size_t count = ht_report_disconnect_count(report);
    for (size_t i = 0; i < count && !ht_json_failed(json); i++) {
        struct ht_disconnect row;
        ht_report_disconnect(report, i, &row);
        ht_json_put_disconnect(json, NULL, &row);
    }
}

static void emit_sessions(const struct ht_report *report, struct ht_json *json) {
    const size_t count = ht_report_session_count(report);
    for (size_t i = 0; i < count && !ht_json_failed(json); i++) {
        struct ht_session_view row;
        ht_report_session(report, i, &row);
        ht_json_put_session(json, NULL, &row);
    }
}

static void emit_devices(const struct ht_report *report, struct ht_json *json) {
    const size_t count = ht_report_device_count(report);
    for (size_t i = 0; i < count && !ht_json_failed(json); i++) {
        struct ht_device_view row;
        ht_report_device(report, i, &row);
        ht_json_put_device(json, &row);
    }
}

static void emit_incidents(const struct ht_report *report, struct ht_json *json) {
    const struct ht_summary *summary = ht_report_summary(report);
    for (size_t i = 0; i < summary->incident_count && !ht_json_failed(json); i++) {
        ht_json_put_incident(json, &summary->incidents[i], i);
    }
}

void ht_render_ndjson(const struct ht_report *report, enum ht_emit emit,
                      struct ht_sink_buffer *out) {
    struct ht_json json;
    ht_json_init(&json, out);
    switch (emit) {
    case HT_EMIT_DEVICES:
        emit_devices(report, &json);
        break;
    case HT_EMIT_INCIDENTS:
        emit_incidents(report, &json);
        break;
    case HT_EMIT_SESSIONS:
        emit_sessions(report, &json);
        break;
    case HT_EMIT_DISCONNECTS:
    case HT_EMIT_COUNT:
        emit_disconnects(report, &json);
        break;
    }
}
