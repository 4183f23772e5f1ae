/* SPDX-License-Identifier: MIT */
#include "render/rows_json.h"

enum { RATE_PLACES = 4, DAYS_PLACES = 2, SHARE_PLACES = 3 };

static void put_figures(struct ht_json *json, const struct ht_comparison *comparison) {
    static const char *const units[HT_FIGURE_UNIT_COUNT] = {
        [HT_FIGURE_EVENTS] = "per-device-day",
        [HT_FIGURE_DEVICES] = "share-of-devices",
        [HT_FIGURE_SECONDS] = "share-of-known-time",
    };
    ht_json_array(json, "figures", HT_JSON_BLOCK);
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct ht_figure_change *figure = &comparison->figures[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "figure", figure->is_cause ? "disconnects" : figure->key);
        ht_json_text(json, "cause", figure->is_cause ? figure->key : NULL);
        ht_json_count(json, "before", figure->before);
        ht_json_count(json, "now", figure->now);
        ht_json_text(json, "rate_unit", units[figure->unit]);
        if (figure->has_rates) {
            ht_json_decimal(json, "rate_before", figure->rate_before, RATE_PLACES);
            ht_json_decimal(json, "rate_now", figure->rate_now, RATE_PLACES);
        } else {
            ht_json_null(json, "rate_before");
            ht_json_null(json, "rate_now");
        }
        ht_json_text(json, "trend", ht_trend_name(figure->trend));
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_then(struct ht_json *json, const char *key, const struct ht_device_then *then,
                     bool is_there) {
    if (!is_there) {
        ht_json_null(json, key);
        return;
    }
    ht_json_object(json, key, HT_JSON_LINE);
    ht_json_text(json, "level",
                 then->has_finding ? ht_level_name((enum ht_level)then->level) : NULL);
    ht_json_count(json, "faults", then->faults);
    ht_json_count(json, "disconnects", then->disconnects);
    ht_json_span(json, "span_seconds", then->span_s);
    ht_json_text(json, "pattern", then->pattern);
    ht_json_end(json);
}

static void put_devices(struct ht_json *json, const struct ht_comparison *comparison) {
    ht_json_array(json, "devices", HT_JSON_BLOCK);
    for (size_t i = 0; i < comparison->device_count && !ht_json_failed(json); i++) {
        const struct ht_device_change *change = &comparison->devices[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "change", ht_device_change_name(change->kind));
        ht_json_text(json, "hub", change->hub);
        ht_json_text(json, "device", change->device);
        ht_json_text(json, "module", change->module);
        put_then(json, "before", &change->before, change->kind != HT_DEVICE_NEW);
        put_then(json, "now", &change->now, change->kind != HT_DEVICE_GONE);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_incidents(struct ht_json *json, const struct ht_comparison *comparison) {
    ht_json_array(json, "incidents_before", HT_JSON_BLOCK);
    for (size_t i = 0; i < comparison->incident_count && !ht_json_failed(json); i++) {
        const struct ht_incident_then *incident = &comparison->incidents[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "hub", incident->hub);
        ht_json_text(json, "cause", incident->cause);
        ht_json_time(json, "start_time", incident->start_us);
        ht_json_time(json, "end_time", incident->end_us);
        ht_json_count(json, "devices", incident->devices);
        if (incident->share > 0) {
            ht_json_decimal(json, "share", incident->share, SHARE_PLACES);
        } else {
            ht_json_null(json, "share");
        }
        ht_json_bool(json, "still_seen", incident->is_still_seen);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_findings(struct ht_json *json, const struct ht_comparison *comparison) {
    ht_json_array(json, "findings", HT_JSON_BLOCK);
    for (size_t i = 0; i < comparison->finding_count && !ht_json_failed(json); i++) {
        const struct ht_finding_change *finding = &comparison->findings[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "change", finding->is_new ? "new" : "closed");
        ht_json_text(json, "level", ht_level_name((enum ht_level)finding->level));
        ht_json_text(json, "rule", finding->rule);
        ht_json_text(json, "title", finding->title);
        ht_json_text(json, "hub", finding->hub);
        ht_json_count(json, "devices", finding->devices);
        ht_json_end(json);
    }
    ht_json_end(json);
}

void ht_json_put_comparison(struct ht_json *json, const struct ht_comparison *comparison) {
    if (comparison == NULL) {
        ht_json_null(json, "comparison");
        return;
    }
    ht_json_object(json, "comparison", HT_JSON_BLOCK);
    ht_json_object(json, "baseline", HT_JSON_LINE);
    ht_json_text(json, "name", comparison->path);
    ht_json_time(json, "first_time", comparison->first_us);
    ht_json_time(json, "last_time", comparison->last_us);
    ht_json_end(json);
    ht_json_decimal(json, "device_days_before", comparison->device_days_before, DAYS_PLACES);
    ht_json_decimal(json, "device_days_now", comparison->device_days_now, DAYS_PLACES);
    ht_json_bool(json, "other_length", comparison->is_of_other_length);
    ht_json_bool(json, "overlapping", comparison->is_overlapping);
    put_figures(json, comparison);
    put_incidents(json, comparison);
    put_findings(json, comparison);
    ht_json_object(json, "device_counts", HT_JSON_LINE);
    for (size_t i = 0; i < HT_DEVICE_CHANGE_COUNT; i++) {
        ht_json_count(json, ht_device_change_name((enum ht_device_change_kind)i),
                      comparison->device_counts[i]);
    }
    ht_json_count(json, "same", comparison->unchanged_devices);
    ht_json_end(json);
    put_devices(json, comparison);
    ht_json_end(json);
}
