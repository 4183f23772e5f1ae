/* SPDX-License-Identifier: MIT */
/* The whole report as one object. Its keys are described in report.schema.json. */
#include "base/compiler.h"
#include "hubtriage/hubtriage.h"
#include "render/inventory_render.h"
#include "render/renderers.h"
#include "render/report_rows.h"
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

void ht_render_json(const struct ht_report *report, struct ht_sink_buffer *out) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_json json;
    ht_json_init(&json, out);
    ht_json_object(&json, NULL, HT_JSON_BLOCK);
    ht_json_put_head(&json, HT_SCHEMA_REPORT, summary);
    ht_json_put_rows(&json, report, HT_EMIT_INPUTS);
    put_quality(&json, &summary->quality, summary->inventory);
    put_fleet(&json, summary);
    ht_json_put_rows(&json, report, HT_EMIT_INCIDENTS);
    ht_json_put_rows(&json, report, HT_EMIT_FINDINGS);
    put_classes(&json, summary);
    ht_json_put_rows(&json, report, HT_EMIT_CAUSES);
    ht_json_put_rows(&json, report, HT_EMIT_HUBS);
    ht_json_put_traits(&json, &summary->traits);
    ht_json_put_comparison(&json, summary->comparison);
    ht_json_put_changes(&json, summary->changes);
    ht_json_put_rows(&json, report, HT_EMIT_CADENCES);
    ht_json_put_rows(&json, report, HT_EMIT_RULES);
    ht_json_put_rows(&json, report, HT_EMIT_DEVICES);
    ht_json_end(&json);
}
