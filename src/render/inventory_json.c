/* SPDX-License-Identifier: MIT */
/* `hubtriage check` as one JSON object. Its keys are described in check.schema.json. */
#include "base/compiler.h"
#include "hubtriage/hubtriage.h"
#include "render/inventory_render.h"
#include "render/rows_json.h"

#define TEXT(number) #number
#define VERSION_TEXT(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

struct number {
    const char *key;
    uint64_t count;
};

static void put_numbers(struct ht_json *json, const struct number *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ht_json_count(json, numbers[i].key, numbers[i].count);
    }
}

static void put_counts(struct ht_json *json, const char *key, const char *name,
                       const struct ht_inventory_count *counts, size_t count,
                       enum ht_json_layout layout) {
    ht_json_array(json, key, layout);
    for (size_t i = 0; i < count && !ht_json_failed(json); i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, name, counts[i].name);
        ht_json_count(json, "records", counts[i].records);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_gaps(struct ht_json *json, const struct ht_inventory_summary *summary) {
    ht_json_array(json, "missing_hours", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->gap_count && !ht_json_failed(json); i++) {
        const struct ht_inventory_gap *gap = &summary->gaps[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "kind", ht_gap_name(gap->kind));
        ht_json_text(json, "hub", gap->hub);
        ht_json_text(json, "place", gap->place);
        ht_json_time(json, "from_time", gap->from_us);
        ht_json_time(json, "to_time", gap->to_us);
        ht_json_count(json, "hours", gap->hours);
        ht_json_count(json, "events", gap->events);
        ht_json_count(json, "usual_events_per_hour", gap->usual_events);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_finding(struct ht_json *json, const struct ht_inventory_finding *finding) {
    ht_json_object(json, NULL, HT_JSON_BLOCK);
    ht_json_text(json, "level", ht_level_name(finding->level));
    ht_json_text(json, "rule", finding->rule);
    ht_json_bool(json, "wrong", finding->wrong);
    ht_json_text(json, "title", finding->title);
    ht_json_text(json, "detail", finding->detail);
    ht_json_text(json, "action", finding->action);
    ht_json_count(json, "item_count", finding->item_total);
    ht_json_array(json, "items", HT_JSON_BLOCK);
    for (size_t i = 0; i < finding->item_count; i++) {
        ht_json_text(json, NULL, finding->items[i]);
    }
    ht_json_end(json);
    ht_json_end(json);
}

void ht_json_put_input_facts(struct ht_json *json, const struct ht_inventory_summary *summary) {
    put_counts(json, "categories", "category", summary->categories, summary->category_count,
               HT_JSON_BLOCK);
    put_counts(json, "other_services", "service", summary->services, summary->service_count,
               HT_JSON_BLOCK);
    put_gaps(json, summary);
    ht_json_array(json, "input_findings", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->finding_count && !ht_json_failed(json); i++) {
        put_finding(json, &summary->findings[i]);
    }
    ht_json_end(json);
}

static void put_bad_place(struct ht_json *json, const struct ht_inventory_bad *bad) {
    ht_json_text(json, "why", bad->why);
    ht_json_text(json, "source", bad->source);
    ht_json_count(json, "record", bad->record);
    ht_json_count(json, "offset_bytes", bad->offset_bytes);
}

static void put_bad(struct ht_json *json, const struct ht_inventory_summary *summary) {
    ht_json_array(json, "bad", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->bad_count && !ht_json_failed(json); i++) {
        const struct ht_inventory_bad *bad = &summary->bad[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "reason", ht_json_bad_reason(bad->reason));
        ht_json_text(json, "meaning", ht_bad_name(bad->reason));
        ht_json_count(json, "records", bad->records);
        put_bad_place(json, bad);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_source(struct ht_json *json, const struct ht_inventory_summary *summary,
                       const struct ht_inventory_source *source) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "name", source->name);
    ht_json_text(json, "shape", source->shape);
    ht_json_text(json, "compression", source->compression);
    ht_json_bool(json, "low_fidelity", source->low_fidelity);
    ht_json_text(json, "cut", ht_cut_name(source->cut));
    const struct number numbers[] = {
        {"bytes", source->bytes},
        {"records", source->records},
        {"events", source->events},
        {"bad_records", source->bad},
        {"other_service_records", source->other_services},
        {"other_records", source->other_records},
    };
    put_numbers(json, numbers, HT_ARRAY_LEN(numbers));
    if (summary->compared) {
        ht_json_count(json, "events_of_earlier_inputs", source->repeated);
        ht_json_count(json, "events_repeated_within", source->repeated_within);
    } else {
        ht_json_null(json, "events_of_earlier_inputs");
        ht_json_null(json, "events_repeated_within");
    }
    ht_json_time(json, "first_time", source->first_us);
    ht_json_time(json, "last_time", source->last_us);
    put_counts(json, "hubs", "hub", source->hubs, source->hub_count, HT_JSON_LINE);
    put_counts(json, "categories", "category", source->categories, source->category_count,
               HT_JSON_LINE);
    if (source->bad > 0) {
        ht_json_object(json, "first_bad", HT_JSON_LINE);
        ht_json_text(json, "reason", ht_json_bad_reason(source->first_bad.reason));
        put_bad_place(json, &source->first_bad);
        ht_json_end(json);
    } else {
        ht_json_null(json, "first_bad");
    }
    ht_json_text(json, "problem", source->problem);
    ht_json_text(json, "hint", source->hint);
    ht_json_end(json);
}

static void put_hubs(struct ht_json *json, const struct ht_inventory_summary *summary) {
    ht_json_array(json, "hubs", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->hub_count && !ht_json_failed(json); i++) {
        const struct ht_inventory_hub *hub = &summary->hubs[i];
        const struct number numbers[] = {
            {"records", hub->records},           {"events", hub->events},
            {"connects", hub->connects},         {"refused_connects", hub->refused_connects},
            {"disconnects", hub->disconnects},   {"hours", hub->hours},
            {"silent_hours", hub->silent_hours}, {"usual_events_per_hour", hub->usual_events},
        };
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "hub", hub->hub);
        put_numbers(json, numbers, HT_ARRAY_LEN(numbers));
        ht_json_time(json, "first_event_time", hub->first_us);
        ht_json_time(json, "last_event_time", hub->last_us);
        put_counts(json, "categories", "category", hub->categories, hub->category_count,
                   HT_JSON_LINE);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_overlaps(struct ht_json *json, const struct ht_inventory_summary *summary) {
    ht_json_array(json, "overlaps", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->overlap_count && !ht_json_failed(json); i++) {
        const struct ht_inventory_overlap *overlap = &summary->overlaps[i];
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "first", overlap->first);
        ht_json_text(json, "again", overlap->again);
        ht_json_count(json, "inputs", overlap->sources);
        ht_json_count(json, "events", overlap->events);
        ht_json_count(json, "events_of_inputs", overlap->of);
        ht_json_time(json, "first_time", overlap->first_us);
        ht_json_time(json, "last_time", overlap->last_us);
        ht_json_end(json);
    }
    ht_json_end(json);
}

static void put_totals(struct ht_json *json, const struct ht_inventory_summary *summary) {
    const struct number numbers[] = {
        {"inputs", summary->source_count},
        {"unreadable_inputs", summary->unreadable_sources},
        {"cut_inputs", summary->cut_sources},
        {"bytes", summary->bytes},
        {"records", summary->records},
        {"events", summary->events},
        {"bad_records", summary->bad_records},
        {"other_service_records", summary->other_services},
        {"other_records", summary->other_records},
        {"not_records", summary->not_records},
        {"connects", summary->connects},
        {"refused_connects", summary->refused_connects},
        {"disconnects", summary->disconnects},
        {"connects_without_sdk", summary->without_sdk},
        {"connects_without_auth", summary->without_auth},
        {"connects_without_network", summary->without_network},
        {"events_of_earlier_inputs", summary->repeated},
        {"events_repeated_within", summary->repeated_within},
        {"events_not_compared", summary->not_compared},
    };
    ht_json_object(json, "totals", HT_JSON_BLOCK);
    put_numbers(json, numbers, HT_ARRAY_LEN(numbers));
    ht_json_time(json, "first_time", summary->first_us);
    ht_json_time(json, "last_time", summary->last_us);
    ht_json_end(json);
}

void ht_render_inventory_json(const struct ht_inventory_summary *summary,
                              struct ht_sink_buffer *out) {
    struct ht_json json;
    ht_json_init(&json, out);
    ht_json_object(&json, NULL, HT_JSON_BLOCK);
    ht_json_text(&json, "schema", HT_SCHEMA_CHECK);
    ht_json_object(&json, "tool", HT_JSON_LINE);
    ht_json_text(&json, "name", "hubtriage");
    ht_json_text(&json, "version",
                 VERSION_TEXT(HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH));
    ht_json_end(&json);
    ht_json_bool(&json, "wrong", summary->wrong);
    put_totals(&json, summary);
    ht_json_put_input_facts(&json, summary);
    put_bad(&json, summary);
    put_hubs(&json, summary);
    put_overlaps(&json, summary);
    ht_json_array(&json, "inputs", HT_JSON_BLOCK);
    for (size_t i = 0; i < summary->source_count && !ht_json_failed(&json); i++) {
        put_source(&json, summary, &summary->sources[i]);
    }
    ht_json_end(&json);
    ht_json_end(&json);
}
