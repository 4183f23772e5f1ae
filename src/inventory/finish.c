/* SPDX-License-Identifier: MIT */
/* From notes to the inventory. Everything it points to is copied to its own arena. */
#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "inventory/collector_private.h"
#include "inventory/findings_of_input.h"
#include "inventory/gaps.h"
#include "inventory/overlaps.h"

/* What the portal and the Log Analytics API hand out at most. Sources: Microsoft, "Azure Monitor
 * service limits" (500,000 rows; about 104 MB, 64 MB compressed), and its older versions (10,000,
 * then 30,000 rows in the portal). MB and MiB are both tried. */
static const uint64_t row_limits[] = {10000, 30000, 500000};
static const uint64_t size_limits[] = {64000000, 64 * 1024 * 1024, 104000000, 104 * 1024 * 1024};

struct finish {
    struct ht_collector *collector;
    const struct ht_source_facts *sources;
    const struct ht_collector_totals *totals;
    struct ht_inventory *inventory;
    const char **hub_names; /* by number; NULL = not known */
    const char **category_names;
    const char **service_names;
    struct ht_hub_hours *hub_hours; /* by number */
};

static void *new_array(struct finish *finish, size_t count, size_t element_bytes) {
    size_t bytes = 0;
    return ht_mul_overflows(count + 1, element_bytes, &bytes)
               ? NULL
               : ht_arena_alloc(&finish->inventory->memory, bytes, _Alignof(max_align_t));
}

static enum ht_status copy_text(struct finish *finish, const char *text, const char **out) {
    struct ht_str copy = HT_STR_NONE;
    if (text != NULL) {
        HT_TRY(ht_arena_copy(&finish->inventory->memory, ht_str_from(text), &copy));
    }
    *out = copy.ptr;
    return HT_OK;
}

/* A category or a service as Azure names them: "Connections", "MICROSOFT.STORAGE". */
static bool is_plain_word(struct ht_str name) {
    for (size_t i = 0; i < name.len; i++) {
        const char c = ht_ascii_lower(name.ptr[i]);
        if (!(c >= 'a' && c <= 'z') && !(ht_ascii_is_digit(c) && i > 0) && c != '.') {
            return false;
        }
    }
    return name.len <= 40;
}

/* The names of a table by number, and one more for what is over its ceiling. Hubs have pseudonyms
 * when there is a key, and so do categories and services that Azure cannot have named so. */
static enum ht_status copy_names(struct finish *finish, const struct ht_labels *labels,
                                 bool of_services, uint32_t others, const char ***out) {
    const char **names = new_array(finish, others + 1, sizeof *names);
    if (names == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 1; i < labels->names.count; i++) {
        struct ht_str copy;
        char pseudonym[HT_PSEUDONYM_BYTES];
        struct ht_str name = labels->names.strings[i];
        if (finish->totals->key != NULL && !(of_services && is_plain_word(name))) {
            name.len = ht_pseudonym_write(finish->totals->key,
                                          of_services ? HT_PSEUDONYM_CATEGORY : HT_PSEUDONYM_HUB,
                                          name, pseudonym);
            name.ptr = pseudonym;
        }
        HT_TRY(ht_arena_copy(&finish->inventory->memory, name, &copy));
        names[i] = copy.ptr;
    }
    names[others] = "(others)";
    *out = names;
    return HT_OK;
}

/* Counts by name. */

static int compare_names(const char *a, const char *b) {
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

static int compare_counts(const void *left, const void *right) {
    const struct ht_inventory_count *a = left;
    const struct ht_inventory_count *b = right;
    if (a->records != b->records) {
        return a->records > b->records ? -1 : 1;
    }
    return compare_names(a->name, b->name);
}

/* Sums by number; whoever uses one leaves it empty. */
struct sums {
    uint64_t records[HT_HUB_OTHERS + 1];
    uint32_t numbers[HT_HUB_OTHERS + 1]; /* of those that are not 0 */
    size_t count;
};

static void sums_add(struct sums *sums, uint32_t number, uint64_t records) {
    if (sums->records[number] == 0) {
        sums->numbers[sums->count++] = number;
    }
    sums->records[number] += records;
}

/* The sums as a sorted array in the arena; empties them. */
static enum ht_status sums_take(struct finish *finish, struct sums *sums, const char *const *names,
                                const struct ht_inventory_count **out, size_t *count) {
    struct ht_inventory_count *counts = new_array(finish, sums->count, sizeof *counts);
    if (counts == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < sums->count; i++) {
        const uint32_t number = sums->numbers[i];
        counts[i] = (struct ht_inventory_count){names[number], sums->records[number]};
        sums->records[number] = 0;
    }
    *count = sums->count;
    *out = counts;
    if (*count > 1) {
        qsort(counts, *count, sizeof *counts, compare_counts);
    }
    sums->count = 0;
    return HT_OK;
}

/* Sources. */

static enum ht_cut cut_of(const struct ht_source_facts *facts, const struct ht_tally *tally) {
    for (size_t i = 0; i < HT_ARRAY_LEN(row_limits) && facts->is_export; i++) {
        if (facts->records == row_limits[i]) {
            return HT_CUT_ROWS;
        }
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(size_limits) && facts->is_export; i++) {
        if (facts->bytes <= size_limits[i] && facts->bytes >= size_limits[i] / 100 * 99) {
            return HT_CUT_SIZE;
        }
    }
    return tally->ends_cut ? HT_CUT_RECORD : HT_CUT_NONE;
}

static enum ht_status bad_of(struct finish *finish, const struct ht_bad_note *note,
                             uint64_t records, struct ht_inventory_bad *bad) {
    *bad = (struct ht_inventory_bad){
        .reason = note->reason,
        .records = records,
        .source = finish->inventory->summary.sources[note->source].name,
        .record = note->record,
        .offset_bytes = note->offset_bytes,
    };
    return copy_text(finish, note->why, &bad->why);
}

static enum ht_status make_source(struct finish *finish, size_t index,
                                  struct ht_inventory_source *source) {
    const struct ht_source_facts *facts = &finish->sources[index];
    const struct ht_tally *tally = &finish->collector->tallies[index];
    *source = (struct ht_inventory_source){
        .shape = facts->shape,
        .compression = facts->compression,
        .low_fidelity = facts->low_fidelity,
        .bytes = facts->bytes,
        .records = facts->records,
        .events = tally->events,
        .bad = tally->bad,
        .other_services = tally->other_services,
        .other_records = tally->other_records,
        .first_us = tally->first_us,
        .last_us = tally->first_us == HT_TIME_NONE ? HT_TIME_NONE : tally->last_us,
        .repeated = tally->repeated,
        .repeated_within = tally->repeated_within,
        .cut = cut_of(facts, tally),
    };
    HT_TRY(copy_text(finish, facts->name, &source->name));
    HT_TRY(copy_text(finish, facts->problem, &source->problem));
    HT_TRY(copy_text(finish, facts->hint, &source->hint));
    if (tally->bad > 0) {
        HT_TRY(bad_of(finish, &tally->first_bad, tally->bad, &source->first_bad));
        source->first_bad.source = source->name;
    }
    return HT_OK;
}

/* The cells of one source, from *at on. */
static enum ht_status add_contents(struct finish *finish, struct sums *hubs, struct sums *labels,
                                   size_t *at, size_t index, struct ht_inventory_source *source) {
    const struct ht_contents *contents = &finish->collector->contents;
    for (; *at < contents->count && ht_cell_source(&contents->cells[*at]) == index; (*at)++) {
        const struct ht_cell *cell = &contents->cells[*at];
        if (ht_cell_kind(cell) == HT_CELL_CATEGORY) {
            sums_add(hubs, ht_cell_hub(cell), cell->records);
            sums_add(labels, ht_cell_label(cell), cell->records);
        }
    }
    HT_TRY(sums_take(finish, hubs, finish->hub_names, &source->hubs, &source->hub_count));
    return sums_take(finish, labels, finish->category_names, &source->categories,
                     &source->category_count);
}

static void add_source(struct ht_inventory_summary *summary,
                       const struct ht_inventory_source *source, const struct ht_tally *tally) {
    summary->bytes += source->bytes;
    summary->records += source->records;
    summary->events += source->events;
    summary->bad_records += source->bad;
    summary->other_services += source->other_services;
    summary->other_records += source->other_records;
    summary->repeated += source->repeated;
    summary->repeated_within += source->repeated_within;
    summary->unreadable_sources += source->problem != NULL;
    summary->cut_sources += source->cut == HT_CUT_ROWS || source->cut == HT_CUT_SIZE;
    summary->connects += tally->connects;
    summary->refused_connects += tally->refused;
    summary->disconnects += tally->disconnects;
    summary->without_sdk += tally->without_sdk;
    summary->without_auth += tally->without_auth;
    summary->without_network += tally->without_network;
    if (source->first_us != HT_TIME_NONE) {
        const bool first = summary->first_us == HT_TIME_NONE;
        summary->first_us =
            first || source->first_us < summary->first_us ? source->first_us : summary->first_us;
        summary->last_us =
            first || source->last_us > summary->last_us ? source->last_us : summary->last_us;
    }
}

static enum ht_status make_sources(struct finish *finish, struct sums *sums) {
    struct ht_inventory_summary *summary = &finish->inventory->summary;
    const struct ht_collector *collector = finish->collector;
    struct ht_inventory_source *sources =
        new_array(finish, collector->source_count, sizeof *sources);
    size_t at = 0;
    if (sources == NULL) {
        return HT_E_NOMEM;
    }
    summary->sources = sources;
    summary->source_count = collector->source_count;
    for (size_t i = 0; i < collector->source_count; i++) {
        HT_TRY(make_source(finish, i, &sources[i]));
        HT_TRY(add_contents(finish, &sums[0], &sums[1], &at, i, &sources[i]));
        add_source(summary, &sources[i], &collector->tallies[i]);
    }
    return HT_OK;
}

/* Hubs, categories and services in total. */

static int compare_by_hub(const void *left, const void *right) {
    const struct ht_cell *a = left;
    const struct ht_cell *b = right;
    const uint64_t a_key = a->key & UINT32_MAX;
    const uint64_t b_key = b->key & UINT32_MAX;
    return a_key < b_key ? -1 : a_key > b_key;
}

static int compare_hubs(const void *left, const void *right) {
    const struct ht_inventory_hub *a = left;
    const struct ht_inventory_hub *b = right;
    return compare_names(a->hub, b->hub);
}

static void fill_hub(const struct finish *finish, uint32_t number, struct ht_inventory_hub *hub) {
    const struct ht_hub_tally *tally = &finish->collector->hub_tallies[number];
    const struct ht_hub_hours *hours = &finish->hub_hours[number];
    const uint64_t span = ht_hub_hours_span(hours);
    *hub = (struct ht_inventory_hub){
        .hub = finish->hub_names[number],
        .events = tally->events,
        .connects = tally->connects,
        .refused_connects = tally->refused,
        .disconnects = tally->disconnects,
        .first_us = tally->first_us,
        .last_us = tally->first_us == HT_TIME_NONE ? HT_TIME_NONE : tally->last_us,
        .hours = span,
        .silent_hours = span - hours->hour_count,
        .usual_events = hours->usual,
    };
}

/* Changes the order of the cells: by hub, whatever the source. */
static enum ht_status make_hubs(struct finish *finish, struct sums *sums) {
    struct ht_inventory_summary *summary = &finish->inventory->summary;
    struct ht_contents *contents = &finish->collector->contents;
    struct sums *labels = &sums[0];
    struct ht_inventory_hub *hubs = new_array(finish, HT_HUB_OTHERS + 1, sizeof *hubs);
    if (hubs == NULL) {
        return HT_E_NOMEM;
    }
    if (contents->count > 0) {
        qsort(contents->cells, contents->count, sizeof *contents->cells, compare_by_hub);
    }
    for (size_t i = 0; i < contents->count; i++) {
        const struct ht_cell *cell = &contents->cells[i];
        const uint32_t number = ht_cell_hub(cell);
        if (ht_cell_kind(cell) != HT_CELL_CATEGORY) {
            continue;
        }
        struct ht_inventory_hub *hub = &hubs[summary->hub_count];
        if (hub->records == 0) {
            fill_hub(finish, number, hub);
        }
        hub->records += cell->records;
        sums_add(labels, ht_cell_label(cell), cell->records);
        size_t next = i + 1;
        while (next < contents->count && ht_cell_kind(&contents->cells[next]) != HT_CELL_CATEGORY) {
            next++;
        }
        if (next == contents->count || ht_cell_hub(&contents->cells[next]) != number) {
            HT_TRY(sums_take(finish, labels, finish->category_names, &hub->categories,
                             &hub->category_count));
            summary->hub_count++;
        }
    }
    qsort(hubs, summary->hub_count, sizeof *hubs, compare_hubs);
    summary->hubs = hubs;
    return HT_OK;
}

static enum ht_status make_totals(struct finish *finish, struct sums *sums) {
    struct ht_inventory_summary *summary = &finish->inventory->summary;
    const struct ht_contents *contents = &finish->collector->contents;
    for (size_t i = 0; i < contents->count; i++) {
        const struct ht_cell *cell = &contents->cells[i];
        sums_add(&sums[ht_cell_kind(cell) == HT_CELL_SERVICE], ht_cell_label(cell), cell->records);
    }
    HT_TRY(sums_take(finish, &sums[0], finish->category_names, &summary->categories,
                     &summary->category_count));
    return sums_take(finish, &sums[1], finish->service_names, &summary->services,
                     &summary->service_count);
}

static int compare_bad(const void *left, const void *right) {
    const struct ht_bad_kind *a = left;
    const struct ht_bad_kind *b = right;
    if (a->first.reason != b->first.reason) {
        return a->first.reason < b->first.reason ? -1 : 1;
    }
    if (a->first.source != b->first.source) {
        return a->first.source < b->first.source ? -1 : 1;
    }
    return a->first.record < b->first.record ? -1 : a->first.record > b->first.record;
}

static enum ht_status make_bad(struct finish *finish) {
    struct ht_collector *collector = finish->collector;
    struct ht_inventory_summary *summary = &finish->inventory->summary;
    struct ht_inventory_bad *bad = new_array(finish, collector->bad_count, sizeof *bad);
    if (bad == NULL) {
        return HT_E_NOMEM;
    }
    if (collector->bad_count > 0) {
        qsort(collector->bad, collector->bad_count, sizeof *collector->bad, compare_bad);
    }
    for (size_t i = 0; i < collector->bad_count; i++) {
        HT_TRY(bad_of(finish, &collector->bad[i].first, collector->bad[i].records, &bad[i]));
    }
    summary->bad = bad;
    summary->bad_count = collector->bad_count;
    return HT_OK;
}

/* Hours. */

static enum ht_status make_hours(struct finish *finish) {
    struct ht_slots *slots = &finish->collector->slots;
    finish->hub_hours = calloc(HT_HUB_OTHERS + 1, sizeof *finish->hub_hours);
    if (finish->hub_hours == NULL) {
        return HT_E_NOMEM;
    }
    ht_slots_sort(slots);
    for (size_t first = 0; first < slots->count;) {
        const uint32_t hub = ht_slot_hub(&slots->table[first]);
        size_t end = first;
        while (end < slots->count && ht_slot_hub(&slots->table[end]) == hub) {
            end++;
        }
        HT_TRY(ht_hub_hours_make(&slots->table[first], end - first, &finish->hub_hours[hub]));
        first = end;
    }
    return HT_OK;
}

static void free_hours(struct finish *finish) {
    for (size_t i = 0; finish->hub_hours != NULL && i <= HT_HUB_OTHERS; i++) {
        ht_hub_hours_release(&finish->hub_hours[i]);
    }
    free(finish->hub_hours);
}

static int compare_gaps(const void *left, const void *right) {
    const struct ht_inventory_gap *a = left;
    const struct ht_inventory_gap *b = right;
    const int order = compare_names(a->hub, b->hub);
    if (order != 0) {
        return order;
    }
    if (a->from_us != b->from_us) {
        return a->from_us < b->from_us ? -1 : 1;
    }
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static enum ht_status make_gaps(struct finish *finish) {
    struct ht_inventory_summary *summary = &finish->inventory->summary;
    struct ht_inventory_gap *gaps = NULL;
    const struct ht_gap_input input = {
        .collector = finish->collector,
        .sources = finish->sources,
        .hub_hours = finish->hub_hours,
        .hub_count = HT_HUB_OTHERS + 1,
        .hub_names = finish->hub_names,
        .memory = &finish->inventory->memory,
    };
    HT_TRY(ht_gaps_find(&input, &gaps, &summary->gap_count));
    if (summary->gap_count > 0) {
        qsort(gaps, summary->gap_count, sizeof *gaps, compare_gaps);
    }
    summary->gaps = gaps;
    return HT_OK;
}

/* Everything, in the order of what is needed. */
static enum ht_status make(struct finish *finish, struct sums *sums) {
    struct ht_collector *collector = finish->collector;
    struct ht_inventory_summary *summary = &finish->inventory->summary;
    struct ht_inventory_overlap *overlaps = NULL;
    summary->first_us = HT_TIME_NONE;
    summary->last_us = HT_TIME_NONE;
    summary->not_records = finish->totals->not_records;
    summary->compared = collector->compare.count_max > 0;
    summary->not_compared = collector->compare.not_compared;
    ht_contents_sort(&collector->contents);
    HT_TRY(copy_names(finish, &collector->hubs, false, HT_HUB_OTHERS, &finish->hub_names));
    HT_TRY(
        copy_names(finish, &collector->categories, true, HT_LABEL_OTHERS, &finish->category_names));
    HT_TRY(copy_names(finish, &collector->services, true, HT_LABEL_OTHERS, &finish->service_names));
    HT_TRY(make_hours(finish));
    HT_TRY(make_sources(finish, sums));
    HT_TRY(make_gaps(finish));
    HT_TRY(make_hubs(finish, sums));
    HT_TRY(make_totals(finish, sums));
    HT_TRY(make_bad(finish));
    HT_TRY(ht_overlaps_make(collector, finish->sources, &finish->inventory->memory, &overlaps,
                            &summary->overlap_count));
    summary->overlaps = overlaps;
    return ht_input_findings_make(&(struct ht_input_findings){
        .collector = collector,
        .sources = finish->sources,
        .totals = finish->totals,
        .inventory = finish->inventory,
    });
}

enum ht_status ht_collector_finish(struct ht_collector *collector,
                                   const struct ht_source_facts *sources, size_t source_count,
                                   const struct ht_collector_totals *totals,
                                   struct ht_inventory **inventory) {
    struct finish finish = {.collector = collector, .sources = sources, .totals = totals};
    struct sums *sums = calloc(2, sizeof *sums);
    enum ht_status status = HT_E_NOMEM;
    finish.inventory = calloc(1, sizeof *finish.inventory);
    *inventory = NULL;
    if (collector->status == HT_OK && sums != NULL && finish.inventory != NULL &&
        ht_collector_meet(collector, source_count) == HT_OK &&
        ht_collector_settle(collector) == HT_OK) {
        HT_ASSERT(collector->source_count == source_count);
        ht_arena_init(&finish.inventory->memory, SIZE_MAX / 2);
        status = make(&finish, sums);
    }
    free_hours(&finish);
    free(sums);
    if (status == HT_OK) {
        *inventory = finish.inventory;
    } else {
        ht_inventory_free(finish.inventory);
        status = HT_E_NOMEM;
    }
    return status;
}
