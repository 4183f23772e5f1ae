/* SPDX-License-Identifier: MIT */
#include "render/rows_json.h"

enum { CONFIDENCE_PLACES = 2, WEIGHT_PLACES = 1, SHARE_PLACES = 3, MEAN_PLACES = 1 };

void ht_json_put_index(struct ht_json *json, const char *key, size_t index) {
    if (index == HT_INDEX_NONE) {
        ht_json_null(json, key);
    } else {
        ht_json_count(json, key, index);
    }
}

/* A count for which 0 means "not known". */
static void put_known(struct ht_json *json, const char *key, uint64_t count) {
    if (count == 0) {
        ht_json_null(json, key);
    } else {
        ht_json_count(json, key, count);
    }
}

void ht_json_put_by_cause(struct ht_json *json, const char *key,
                          const uint64_t by_cause[HT_CAUSE_COUNT]) {
    ht_json_object(json, key, HT_JSON_LINE);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        if (by_cause[i] > 0 || json->cells != NULL) {
            ht_json_count(json, ht_cause_name((enum ht_cause)i), by_cause[i]);
        }
    }
    ht_json_end(json);
}

static void put_evidence(struct ht_json *json, const struct ht_disconnect *row) {
    ht_json_array(json, "evidence", HT_JSON_LINE);
    for (size_t i = 0; i < row->evidence_count; i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "fact", row->evidence[i].fact);
        ht_json_decimal(json, "weight", row->evidence[i].weight, WEIGHT_PLACES);
        ht_json_end(json);
    }
    ht_json_end(json);
}

void ht_json_put_disconnect(struct ht_json *json, const char *key,
                            const struct ht_disconnect *row) {
    ht_json_object(json, key, HT_JSON_LINE);
    ht_json_time(json, "time", row->time_us);
    ht_json_text(json, "hub", row->hub);
    ht_json_text(json, "device", row->device);
    ht_json_text(json, "module", row->module);
    ht_json_text(json, "class", ht_class_name(row->cause_class));
    ht_json_text(json, "cause", ht_cause_name(row->cause));
    ht_json_decimal(json, "confidence", row->confidence, CONFIDENCE_PLACES);
    ht_json_array(json, "codes", HT_JSON_LINE);
    for (size_t i = 0; i < row->code_count; i++) {
        ht_json_code(json, NULL, row->codes[i]);
    }
    ht_json_end(json);
    ht_json_span(json, "session_seconds", row->session_s);
    ht_json_span(json, "gap_seconds", row->gap_s);
    ht_json_count(json, "refused_connects", row->refused_connects);
    ht_json_text(json, "protocol", row->protocol);
    ht_json_text(json, "sdk", row->sdk);
    ht_json_text(json, "auth", ht_auth_name(row->auth));
    ht_json_text(json, "network", row->network);
    ht_json_text(json, "site", row->site);
    ht_json_bool(json, "planned", row->planned);
    ht_json_put_index(json, "incident", row->incident);
    put_evidence(json, row);
    ht_json_end(json);
}

static int64_t session_length_s(const struct ht_session_view *row) {
    if (row->start_us == HT_TIME_NONE || row->end_us == HT_TIME_NONE) {
        return HT_SPAN_NONE;
    }
    return (row->end_us - row->start_us) / INT64_C(1000000);
}

void ht_json_put_session(struct ht_json *json, const char *key, const struct ht_session_view *row) {
    const bool ended = row->end == HT_END_SEEN;
    ht_json_object(json, key, HT_JSON_LINE);
    ht_json_text(json, "hub", row->hub);
    ht_json_text(json, "device", row->device);
    ht_json_text(json, "module", row->module);
    ht_json_text(json, "start", ht_session_start_name(row->start));
    ht_json_time(json, "start_time", row->start_us);
    ht_json_text(json, "end", ht_session_end_name(row->end));
    ht_json_time(json, "end_time", row->end_us);
    ht_json_span(json, "session_seconds", session_length_s(row));
    ht_json_text(json, "class", ended ? ht_class_name(ht_cause_class(row->end_cause)) : NULL);
    ht_json_text(json, "cause", ended ? ht_cause_name(row->end_cause) : NULL);
    if (ended) {
        ht_json_decimal(json, "confidence", row->confidence, CONFIDENCE_PLACES);
    } else {
        ht_json_null(json, "confidence");
    }
    ht_json_text(json, "protocol", row->protocol);
    ht_json_text(json, "sdk", row->sdk);
    ht_json_text(json, "auth", ht_auth_name(row->auth));
    ht_json_text(json, "network", row->network);
    ht_json_end(json);
}

void ht_json_put_device(struct ht_json *json, const struct ht_device_view *row) {
    const bool dropped = row->disconnects > 0;
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "hub", row->hub);
    ht_json_text(json, "device", row->device);
    ht_json_text(json, "module", row->module);
    ht_json_text(json, "level", row->has_finding ? ht_level_name(row->worst_level) : NULL);
    ht_json_text(json, "state", ht_device_state_name(row->last_state));
    ht_json_time(json, "last_event_time", row->last_event_us);
    ht_json_count(json, "disconnects", row->disconnects);
    ht_json_count(json, "planned", row->planned);
    ht_json_count(json, "renewals", row->renewals);
    ht_json_count(json, "faults", row->faults);
    ht_json_text(json, "class", dropped ? ht_class_name(ht_cause_class(row->main_cause)) : NULL);
    ht_json_text(json, "cause", dropped ? ht_cause_name(row->main_cause) : NULL);
    ht_json_put_by_cause(json, "by_cause", row->by_cause);
    ht_json_text(json, "pattern", row->pattern);
    ht_json_text(json, "pattern_key", ht_device_pattern_name(row->pattern_key));
    ht_json_span(json, "cadence_seconds", row->cadence_s);
    ht_json_count(json, "connects", row->connects);
    ht_json_count(json, "refused_connects", row->refused_connects);
    ht_json_span(json, "up_seconds", row->up_s);
    ht_json_span(json, "down_seconds", row->down_s);
    ht_json_span(json, "unknown_seconds", row->unknown_s);
    ht_json_span(json, "longest_down_seconds", row->longest_down_s);
    ht_json_text(json, "protocol", row->protocol);
    ht_json_text(json, "sdk", row->sdk);
    ht_json_text(json, "auth", ht_auth_name(row->auth));
    ht_json_text(json, "network", row->network);
    ht_json_text(json, "site", row->site);
    ht_json_end(json);
}

void ht_json_put_incident(struct ht_json *json, const struct ht_incident_view *row, size_t index) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_count(json, "index", index);
    ht_json_text(json, "hub", row->hub);
    ht_json_text(json, "class", ht_class_name(ht_cause_class(row->cause)));
    ht_json_text(json, "cause", ht_cause_name(row->cause));
    ht_json_decimal(json, "confidence", row->confidence, CONFIDENCE_PLACES);
    ht_json_time(json, "start_time", row->start_us);
    ht_json_time(json, "end_time", row->end_us);
    ht_json_count(json, "devices", row->devices);
    ht_json_count(json, "selected_devices", row->shown_devices);
    ht_json_count(json, "disconnects", row->disconnects);
    put_known(json, "connected_before", row->connected_before);
    if (row->connected_before == 0) {
        ht_json_null(json, "share");
    } else {
        ht_json_decimal(json, "share", row->share, SHARE_PLACES);
    }
    put_known(json, "networks", row->networks);
    ht_json_text(json, "common_network", row->common_network);
    ht_json_text(json, "site", row->site);
    ht_json_bool(json, "planned", row->planned);
    ht_json_array(json, "codes", HT_JSON_LINE);
    for (size_t i = 0; i < row->code_count; i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_code(json, "code", row->codes[i]);
        ht_json_count(json, "count", row->code_counts[i]);
        ht_json_end(json);
    }
    ht_json_end(json);
    ht_json_count(json, "server_errors", row->server_errors);
    ht_json_decimal(json, "server_errors_usual", row->server_errors_usual, MEAN_PLACES);
    ht_json_count(json, "returned_devices", row->returned);
    ht_json_span(json, "recovery_seconds", row->recovery_s);
    ht_json_end(json);
}

static void put_worst_devices(struct ht_json *json, const struct ht_report *report,
                              const struct ht_finding *finding) {
    ht_json_array(json, "worst_devices", HT_JSON_LINE);
    for (size_t i = 0; i < finding->device_index_count; i++) {
        struct ht_device_view device;
        ht_report_device(report, finding->device_index[i], &device);
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "hub", device.hub);
        ht_json_text(json, "device", device.device);
        ht_json_text(json, "module", device.module);
        ht_json_end(json);
    }
    ht_json_end(json);
}

void ht_json_put_finding(struct ht_json *json, const struct ht_report *report,
                         const struct ht_finding *row, enum ht_json_layout layout) {
    ht_json_object(json, NULL, layout);
    ht_json_text(json, "level", ht_level_name(row->level));
    ht_json_text(json, "rule", row->rule);
    ht_json_bool(json, "normal", row->normal);
    ht_json_text(json, "title", row->title);
    ht_json_text(json, "detail", row->detail);
    ht_json_text(json, "action", row->action);
    ht_json_text(json, "meaning", row->meaning);
    ht_json_text(json, "confirm", row->confirm);
    ht_json_text(json, "device_action", row->device_action);
    ht_json_text(json, "operator_action", row->operator_action);
    ht_json_text(json, "advice", row->advice);
    ht_json_text(json, "quote", row->quote);
    ht_json_text(json, "url", row->url);
    ht_json_text(json, "hub", row->hub);
    ht_json_count(json, "devices", row->devices);
    ht_json_count(json, "disconnects", row->disconnects);
    ht_json_put_index(json, "incident", row->incident);
    put_worst_devices(json, report, row);
    ht_json_end(json);
}

void ht_json_put_cause(struct ht_json *json, const struct ht_cause_total *row) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "class", ht_class_name(ht_cause_class(row->cause)));
    ht_json_text(json, "cause", ht_cause_name(row->cause));
    ht_json_count(json, "disconnects", row->disconnects);
    ht_json_count(json, "planned", row->planned);
    ht_json_count(json, "devices", row->devices);
    if (row->disconnects > 0) {
        ht_json_span(json, "gap_median_seconds", row->gap_median_s);
        ht_json_decimal(json, "confidence_mean", row->confidence_mean, CONFIDENCE_PLACES);
    } else {
        ht_json_null(json, "gap_median_seconds");
        ht_json_null(json, "confidence_mean");
    }
    ht_json_end(json);
}

void ht_json_put_hub(struct ht_json *json, const struct ht_hub_view *row) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "hub", row->hub);
    ht_json_count(json, "devices", row->devices);
    ht_json_count(json, "connects", row->connects);
    ht_json_count(json, "refused_connects", row->refused_connects);
    ht_json_count(json, "disconnects", row->disconnects);
    ht_json_count(json, "planned", row->planned);
    ht_json_count(json, "renewals", row->renewals);
    ht_json_count(json, "faults", row->faults);
    ht_json_put_by_cause(json, "by_cause", row->by_cause);
    ht_json_count(json, "server_errors", row->server_errors);
    ht_json_count(json, "throttles", row->throttles);
    ht_json_time(json, "first_event_time", row->first_us);
    ht_json_time(json, "last_event_time", row->last_us);
    ht_json_end(json);
}

void ht_json_put_cadence(struct ht_json *json, const struct ht_cadence_view *row) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "kind", row->kind);
    ht_json_text(json, "sdk_family", row->sdk_family);
    ht_json_text(json, "protocol", row->protocol);
    ht_json_bool(json, "x509", row->x509);
    ht_json_span(json, "length_seconds", row->length_s);
    ht_json_span(json, "low_seconds", row->low_s);
    ht_json_span(json, "high_seconds", row->high_s);
    ht_json_count(json, "sessions", row->sessions);
    ht_json_count(json, "devices", row->devices);
    ht_json_decimal(json, "hit_rate", row->hit_rate, CONFIDENCE_PLACES);
    ht_json_end(json);
}

void ht_json_put_rule(struct ht_json *json, const struct ht_rule_view *row) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "name", row->name);
    ht_json_count(json, "line", row->line);
    ht_json_count(json, "devices", row->devices);
    ht_json_end(json);
}

void ht_json_put_input(struct ht_json *json, const struct ht_source_view *row, enum ht_cut cut) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "name", row->name);
    ht_json_text(json, "shape", row->shape);
    ht_json_text(json, "compression", row->compression);
    ht_json_text(json, "cut", ht_cut_name(cut));
    ht_json_count(json, "bytes", row->bytes);
    ht_json_count(json, "records", row->records);
    ht_json_count(json, "events", row->events);
    ht_json_count(json, "bad_records", row->bad);
    ht_json_time(json, "first_event_time", row->first_us);
    ht_json_time(json, "last_event_time", row->last_us);
    ht_json_text(json, "problem", row->problem);
    ht_json_text(json, "hint", row->hint);
    ht_json_end(json);
}

const char *ht_json_bad_reason(enum ht_bad reason) {
    static const char *const reasons[HT_BAD_COUNT] = {
        [HT_BAD_SYNTAX] = "not-json",   [HT_BAD_CUT] = "cut",
        [HT_BAD_TOO_LONG] = "too-long", [HT_BAD_PROPERTIES] = "bad-properties",
        [HT_BAD_TIME] = "bad-time",     [HT_BAD_DEVICE] = "no-device",
        [HT_BAD_ROW] = "bad-row",
    };
    return reasons[reason];
}
