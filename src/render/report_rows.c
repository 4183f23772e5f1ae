/* SPDX-License-Identifier: MIT */
#include "render/report_rows.h"

#include "render/rows_json.h"

size_t ht_rows_count(const struct ht_report *report, enum ht_emit emit) {
    const struct ht_summary *summary = ht_report_summary(report);
    switch (emit) {
    case HT_EMIT_DISCONNECTS:
        return ht_report_disconnect_count(report);
    case HT_EMIT_DEVICES:
        return ht_report_device_count(report);
    case HT_EMIT_INCIDENTS:
        return summary->incident_count;
    case HT_EMIT_SESSIONS:
        return ht_report_session_count(report);
    case HT_EMIT_FINDINGS:
        return summary->finding_count;
    case HT_EMIT_CAUSES:
        return HT_CAUSE_COUNT;
    case HT_EMIT_HUBS:
        return summary->hub_count;
    case HT_EMIT_CADENCES:
        return summary->cadence_count;
    case HT_EMIT_RULES:
        return summary->rule_count;
    case HT_EMIT_INPUTS:
        return summary->source_count;
    case HT_EMIT_COUNT:
        break;
    }
    return 0;
}

/* Rows that are unpacked one at a time. */
static void put_packed(struct ht_json *json, const struct ht_report *report, enum ht_emit emit,
                       size_t index) {
    struct ht_disconnect disconnect;
    struct ht_session_view session;
    struct ht_device_view device;
    if (emit == HT_EMIT_DISCONNECTS) {
        ht_report_disconnect(report, index, &disconnect);
        ht_json_put_disconnect(json, NULL, &disconnect);
    } else if (emit == HT_EMIT_SESSIONS) {
        ht_report_session(report, index, &session);
        ht_json_put_session(json, NULL, &session);
    } else {
        ht_report_device(report, index, &device);
        ht_json_put_device(json, &device);
    }
}

static void put_input(struct ht_json *json, const struct ht_summary *summary, size_t index) {
    const enum ht_cut cut =
        summary->inventory != NULL ? summary->inventory->sources[index].cut : HT_CUT_NONE;
    ht_json_put_input(json, &summary->sources[index], cut);
}

void ht_rows_put(struct ht_json *json, const struct ht_report *report, enum ht_emit emit,
                 size_t index, enum ht_json_layout layout) {
    const struct ht_summary *summary = ht_report_summary(report);
    switch (emit) {
    case HT_EMIT_DISCONNECTS:
    case HT_EMIT_DEVICES:
    case HT_EMIT_SESSIONS:
        put_packed(json, report, emit, index);
        break;
    case HT_EMIT_INCIDENTS:
        ht_json_put_incident(json, &summary->incidents[index], index);
        break;
    case HT_EMIT_FINDINGS:
        ht_json_put_finding(json, report, &summary->findings[index], layout);
        break;
    case HT_EMIT_CAUSES:
        ht_json_put_cause(json, &summary->causes[index]);
        break;
    case HT_EMIT_HUBS:
        ht_json_put_hub(json, &summary->hubs[index]);
        break;
    case HT_EMIT_CADENCES:
        ht_json_put_cadence(json, &summary->cadences[index]);
        break;
    case HT_EMIT_RULES:
        ht_json_put_rule(json, &summary->rules[index]);
        break;
    case HT_EMIT_INPUTS:
        put_input(json, summary, index);
        break;
    case HT_EMIT_COUNT:
        break;
    }
}

void ht_rows_put_blank(struct ht_json *json, const struct ht_report *report, enum ht_emit emit) {
    switch (emit) {
    case HT_EMIT_DISCONNECTS:
        ht_json_put_disconnect(json, NULL, &(struct ht_disconnect){0});
        break;
    case HT_EMIT_DEVICES:
        ht_json_put_device(json, &(struct ht_device_view){0});
        break;
    case HT_EMIT_SESSIONS:
        ht_json_put_session(json, NULL, &(struct ht_session_view){0});
        break;
    case HT_EMIT_INCIDENTS:
        ht_json_put_incident(json, &(struct ht_incident_view){0}, 0);
        break;
    case HT_EMIT_FINDINGS:
        ht_json_put_finding(json, report, &(struct ht_finding){0}, HT_JSON_LINE);
        break;
    case HT_EMIT_CAUSES:
        ht_json_put_cause(json, &(struct ht_cause_total){0});
        break;
    case HT_EMIT_HUBS:
        ht_json_put_hub(json, &(struct ht_hub_view){0});
        break;
    case HT_EMIT_CADENCES:
        ht_json_put_cadence(json, &(struct ht_cadence_view){0});
        break;
    case HT_EMIT_RULES:
        ht_json_put_rule(json, &(struct ht_rule_view){0});
        break;
    case HT_EMIT_INPUTS:
        ht_json_put_input(json, &(struct ht_source_view){0}, HT_CUT_NONE);
        break;
    case HT_EMIT_COUNT:
        break;
    }
}

void ht_json_put_rows(struct ht_json *json, const struct ht_report *report, enum ht_emit emit) {
    const size_t count = ht_rows_count(report, emit);
    ht_json_array(json, ht_emit_name(emit), HT_JSON_BLOCK);
    for (size_t i = 0; i < count && !ht_json_failed(json); i++) {
        ht_rows_put(json, report, emit, i, HT_JSON_BLOCK);
    }
    ht_json_end(json);
}
