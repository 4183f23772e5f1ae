/* SPDX-License-Identifier: MIT */
/* The whole report as one object. Its keys are described in report.schema.json. */
#include "base/compiler.h"
#include "hubtriage/hubtriage.h"
#include "render/inventory_render.h"
#include "render/renderers.h"
#include "render/rows_json.h"

#define TEXT(number) #number
#define VERSION_TEXT(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

void ht_json_put_head(struct ht_json *json, const char *schema, const struct ht_summary *summary) {
    ht_json_text(json, "schema", schema);
    ht_json_object(json, "tool", HT_JSON_LINE);
    ht_json_text(json, "name", "hubtriage");
    ht_json_text(json, "version",
                 VERSION_TEXT(HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH));
    ht_json_end(json);
    ht_json_object(json, "window", HT_JSON_BLOCK);
    ht_json_time(json, "since_time", summary->since_us);
    ht_json_time(json, "until_time", summary->until_us);
    ht_json_time(json, "first_event_time", summary->first_us);
    ht_json_time(json, "last_event_time", summary->last_us);
    ht_json_end(json);
}

static void put_inputs(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_array(json, "inputs", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->source_count && !ht_json_failed(json); i++) {
        const struct ht_source_view *source = &summary->sources[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "name", source->name);
        ht_json_text(json, "shape", source->shape);
        ht_json_text(json, "compression", source->compression);
        ht_json_text(json, "cut",
                     summary->inventory != NULL ? ht_cut_name(summary->inventory->sources[i].cut)
                                                : NULL);
        ht_json_count(json, "bytes", source->bytes);
        ht_json_count(json, "records", source->records);
        ht_json_count(json, "events", source->events);
        ht_json_count(json, "bad_records", source->bad);
        ht_json_time(json, "first_event_time", source->first_us);
        ht_json_time(json, "last_event_time", source->last_us);
        ht_json_text(json, "problem", source->problem);
        ht_json_text(json, "hint", source->hint);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_bad(struct ht_json *json, const struct ht_quality *quality) {
    ht_json_array(json, "bad", HT_JSON_BLOCK);
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        if (quality->bad[i] == 0) {
            continue;
        }
        ht_json_object(json, NULL, HT_JSON_BLOCK);
        ht_json_text(json, "reason", ht_json_bad_reason((enum ht_bad)i));
        ht_json_text(json, "meaning", ht_bad_name((enum ht_bad)i));
        ht_json_count(json, "records", quality->bad[i]);
        ht_json_array(json, "examples", HT_JSON_BLOCK);
        for (size_t k = 0; k < quality->example_count[i]; k++) {
            const struct ht_bad_example *example = &quality->examples[i][k];
            ht_json_object(json, NULL, HT_JSON_LINE);
            ht_json_text(json, "source", example->source);
            ht_json_count(json, "record", example->record);
            ht_json_count(json, "offset_bytes", example->offset_bytes);
            ht_json_text(json, "why", example->why);
            ht_json_end(json);
        }
        ht_json_end(json);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_quality(struct ht_json *json, const struct ht_quality *quality,
                        const struct ht_inventory_summary *inventory) {
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {
        {"bytes", quality->bytes},
        {"records", quality->records},
        {"events", quality->events},
        {"duplicate_events", quality->duplicates},
        {"low_fidelity_events", quality->low_fidelity},
        {"local_time_inputs", quality->local_time_sources},
        {"out_of_order_events", quality->out_of_order},
        {"other_service_records", quality->other_services},
        {"other_records", quality->other_records},
        {"not_records", quality->not_records},
        {"slow_records", quality->slow_records},
        {"dropped_events", quality->dropped_events},
        {"dropped_attributes", quality->dropped_attributes},
        {"starts_before_log", quality->starts_before_log},
        {"starts_missing", quality->starts_missing},
        {"ends_missing", quality->ends_missing},
        {"connects_without_sdk", quality->without_sdk},
        {"connects_without_auth", quality->without_auth},
        {"connects_without_network", quality->without_network},
        {"unreadable_inputs", quality->unreadable_sources},
        {"bad_records", quality->bad_total},
    };
    ht_json_object(json, "data_quality", HT_JSON_BLOCK);
    for (size_t i = 0; i < HT_ARRAY_LEN(counts); i++) {
        ht_json_count(json, counts[i].key, counts[i].count);
    }
    put_bad(json, quality);
    ht_json_array(json, "limits", HT_JSON_BLOCK);
    for (size_t i = 0; i < quality->limit_count; i++) {
        ht_json_text(json, NULL, quality->limits[i]);
    }
    ht_json_end(json);
    if (inventory != NULL) {
        ht_json_put_input_facts(json, inventory);
    }
    ht_json_end(json);
}

static void put_fleet(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_object(json, "fleet", HT_JSON_BLOCK);
    ht_json_count(json, "hubs", summary->hub_count);
    ht_json_count(json, "devices", summary->devices);
    ht_json_count(json, "never_returned_devices", summary->never_returned);
    ht_json_count(json, "refused_devices", summary->refused_at_end);
    ht_json_count(json, "connects", summary->connects);
    ht_json_count(json, "refused_connects", summary->refused_connects);
    ht_json_count(json, "disconnects", summary->disconnects);
    ht_json_count(json, "planned", summary->planned);
    ht_json_count(json, "renewals", summary->renewals);
    ht_json_count(json, "faults", summary->faults);
    ht_json_count(json, "unknown", summary->unknown);
    ht_json_span(json, "renewal_gap_max_seconds", summary->renewal_gap_s);
    ht_json_span(json, "up_seconds", summary->up_s);
    ht_json_span(json, "down_seconds", summary->down_s);
    ht_json_span(json, "unknown_seconds", summary->unknown_s);
    ht_json_text(json, "time_method", summary->time_method);
    ht_json_end(json);
}

void ht_json_put_incidents(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_array(json, "incidents", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->incident_count && !ht_json_failed(json); i++) {
        ht_json_put_incident(json, &summary->incidents[i], i);
    }
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

void ht_json_put_findings(struct ht_json *json, const struct ht_report *report) {
    const struct ht_summary *summary = ht_report_summary(report);
    ht_json_array(json, "findings", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->finding_count && !ht_json_failed(json); i++) {
        const struct ht_finding *finding = &summary->findings[i];
        ht_json_object(json, NULL, HT_JSON_BLOCK);
        ht_json_text(json, "level", ht_level_name(finding->level));
        ht_json_text(json, "rule", finding->rule);
        ht_json_bool(json, "normal", finding->normal);
        ht_json_text(json, "title", finding->title);
        ht_json_text(json, "detail", finding->detail);
        ht_json_text(json, "action", finding->action);
        ht_json_text(json, "meaning", finding->meaning);
        ht_json_text(json, "confirm", finding->confirm);
        ht_json_text(json, "device_action", finding->device_action);
        ht_json_text(json, "operator_action", finding->operator_action);
        ht_json_text(json, "advice", finding->advice);
        ht_json_text(json, "quote", finding->quote);
        ht_json_text(json, "url", finding->url);
        ht_json_text(json, "hub", finding->hub);
        ht_json_count(json, "devices", finding->devices);
        ht_json_count(json, "disconnects", finding->disconnects);
        ht_json_put_index(json, "incident", finding->incident);
        put_worst_devices(json, report, finding);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_classes(struct ht_json *json, const struct ht_summary *summary) {
    uint64_t disconnects[HT_CLASS_COUNT] = {0};
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        disconnects[ht_cause_class(summary->causes[i].cause)] += summary->causes[i].disconnects;
    }
    ht_json_array(json, "classes", HT_JSON_BLOCK);
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "class", ht_class_name((enum ht_class)i));
        ht_json_count(json, "disconnects", disconnects[i]);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_causes(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_array(json, "causes", HT_JSON_BLOCK);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const struct ht_cause_total *total = &summary->causes[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "class", ht_class_name(ht_cause_class(total->cause)));
        ht_json_text(json, "cause", ht_cause_name(total->cause));
        ht_json_count(json, "disconnects", total->disconnects);
        ht_json_count(json, "planned", total->planned);
        ht_json_count(json, "devices", total->devices);
        if (total->disconnects > 0) {
            ht_json_span(json, "gap_median_seconds", total->gap_median_s);
            ht_json_decimal(json, "confidence_mean", total->confidence_mean, 2);
        } else {
            ht_json_null(json, "gap_median_seconds");
            ht_json_null(json, "confidence_mean");
        }
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_hubs(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_array(json, "hubs", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->hub_count && !ht_json_failed(json); i++) {
        const struct ht_hub_view *hub = &summary->hubs[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "hub", hub->hub);
        ht_json_count(json, "devices", hub->devices);
        ht_json_count(json, "connects", hub->connects);
        ht_json_count(json, "refused_connects", hub->refused_connects);
        ht_json_count(json, "disconnects", hub->disconnects);
        ht_json_count(json, "planned", hub->planned);
        ht_json_count(json, "renewals", hub->renewals);
        ht_json_count(json, "faults", hub->faults);
        ht_json_put_by_cause(json, "by_cause", hub->by_cause);
        ht_json_count(json, "server_errors", hub->server_errors);
        ht_json_count(json, "throttles", hub->throttles);
        ht_json_time(json, "first_event_time", hub->first_us);
        ht_json_time(json, "last_event_time", hub->last_us);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_cadences(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_array(json, "cadences", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->cadence_count && !ht_json_failed(json); i++) {
        const struct ht_cadence_view *cadence = &summary->cadences[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "kind", cadence->kind);
        ht_json_text(json, "sdk_family", cadence->sdk_family);
        ht_json_text(json, "protocol", cadence->protocol);
        ht_json_bool(json, "x509", cadence->x509);
        ht_json_span(json, "length_seconds", cadence->length_s);
        ht_json_span(json, "low_seconds", cadence->low_s);
        ht_json_span(json, "high_seconds", cadence->high_s);
        ht_json_count(json, "sessions", cadence->sessions);
        ht_json_count(json, "devices", cadence->devices);
        ht_json_decimal(json, "hit_rate", cadence->hit_rate, 2);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_rules(struct ht_json *json, const struct ht_summary *summary) {
    ht_json_array(json, "rules", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->rule_count && !ht_json_failed(json); i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "name", summary->rules[i].name);
        ht_json_count(json, "line", summary->rules[i].line);
        ht_json_count(json, "devices", summary->rules[i].devices);
        ht_json_end(json);
    }
    ht_json_end(json);
}

void ht_json_put_devices(struct ht_json *json, const struct ht_report *report) {
    const size_t count = ht_report_device_count(report);
    ht_json_array(json, "devices", HT_JSON_BLOCK);
    for (size_t i = 0; i < count && !ht_json_failed(json); i++) {
        struct ht_device_view row;
        ht_report_device(report, i, &row);
        ht_json_put_device(json, &row);
    }
    ht_json_end(json);
}

void ht_render_json(const struct ht_report *report, struct ht_sink_buffer *out) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_json json;
    ht_json_init(&json, out);
    ht_json_object(&json, NULL, HT_JSON_BLOCK);
    ht_json_put_head(&json, HT_SCHEMA_REPORT, summary);
    put_inputs(&json, summary);
    put_quality(&json, &summary->quality, summary->inventory);
    put_fleet(&json, summary);
    ht_json_put_incidents(&json, summary);
    ht_json_put_findings(&json, report);
    put_classes(&json, summary);
    put_causes(&json, summary);
    put_hubs(&json, summary);
    ht_json_put_traits(&json, &summary->traits);
    ht_json_put_comparison(&json, summary->comparison);
    put_cadences(&json, summary);
    put_rules(&json, summary);
    ht_json_put_devices(&json, report);
    ht_json_end(&json);
}
