/* SPDX-License-Identifier: MIT */
#include "inventory/gaps.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/text.h"
#include "base/time.h"
#include "inventory/archive.h"

enum { WEEK_HOURS = 7 * 24, HOURS_MAX = 4 * 1024 * 1024, PLACE_BYTES = 512 };

/* One hour, or a long gap. */
struct hole {
    uint32_t hub;
    enum ht_gap kind;
    int64_t from_hour;
    int64_t to_hour;
    struct ht_str place; /* raw; empty without files */
    uint64_t events;
};

struct search {
    const struct ht_gap_input *input;
    struct hole *holes;
    size_t count;
    size_t capacity;
    size_t of_files; /* the first ones, in order of hub and hour */
};

static enum ht_status add_hole(struct search *search, const struct hole *hole) {
    const enum ht_status status = ht_grow(&search->holes, &search->capacity, search->count + 1,
                                          HOURS_MAX, sizeof *search->holes);
    if (status == HT_E_LIMIT) {
        return HT_OK; /* nobody reads millions of them */
    }
    HT_TRY(status);
    search->holes[search->count++] = *hole;
    return HT_OK;
}

static int compare_holes(const void *left, const void *right) {
    const struct hole *a = left;
    const struct hole *b = right;
    if (a->hub != b->hub) {
        return a->hub < b->hub ? -1 : 1;
    }
    if (a->from_hour != b->from_hour) {
        return a->from_hour < b->from_hour ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return ht_str_cmp(a->place, b->place);
}

/* By the paths. */

/* The hub that the sources [first, last] are of: the one of the first record that says. */
static uint32_t hub_of_sources(const struct ht_collector *collector, size_t first, size_t last) {
    const struct ht_contents *contents = &collector->contents;
    size_t low = 0;
    size_t high = contents->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ht_cell_source(&contents->cells[middle]) < first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < contents->count && ht_cell_source(&contents->cells[low]) <= last; low++) {
        const struct ht_cell *cell = &contents->cells[low];
        if (ht_cell_kind(cell) == HT_CELL_CATEGORY && ht_cell_hub(cell) != 0) {
            return ht_cell_hub(cell);
        }
    }
    return 0;
}

/* Of an hour without a file: HT_GAP_COUNT when other files brought it. */
static enum ht_gap judge_file(const struct ht_hub_hours *hours, int64_t hour, int64_t run,
                              uint64_t events) {
    if (events > 0 && events * 2 >= hours->usual) {
        return HT_GAP_COUNT;
    }
    const bool odd = ht_hub_hours_expected(hours, hour) &&
                     (events > 0 || ht_hub_hours_rare_pause(hours, run * HT_SLOTS_PER_HOUR));
    return odd ? HT_GAP_NO_FILE : HT_GAP_QUIET;
}

static enum ht_status add_without_file(struct search *search, uint32_t hub, struct ht_str place,
                                       int64_t from_hour, int64_t to_hour) {
    const struct ht_hub_hours *hours = &search->input->hub_hours[hub];
    if (to_hour - from_hour > WEEK_HOURS) {
        return HT_OK; /* the records tell of it */
    }
    for (int64_t hour = from_hour; hour < to_hour; hour++) {
        const uint64_t events = ht_hub_hours_events(hours, hour);
        const struct hole hole = {
            .hub = hub,
            .kind = judge_file(hours, hour, to_hour - from_hour, events),
            .from_hour = hour,
            .to_hour = hour + 1,
            .place = place,
            .events = events,
        };
        if (hole.kind != HT_GAP_COUNT) {
            HT_TRY(add_hole(search, &hole));
        }
    }
    return HT_OK;
}

/* The sources of one place, which are in order of their hours. */
static enum ht_status search_place(struct search *search, size_t first, size_t last) {
    const struct ht_source_facts *sources = search->input->sources;
    const uint32_t hub = hub_of_sources(search->input->collector, first, last);
    struct ht_archive_path path;
    int64_t previous = INT64_MIN;
    for (size_t i = first; i <= last; i++) {
        if (sources[i].bytes == 0 && sources[i].problem == NULL && !sources[i].is_archive) {
            continue; /* an empty file is none */
        }
        if (!ht_archive_parse(ht_str_from(sources[i].path), &path)) {
            continue;
        }
        if (previous != INT64_MIN && path.hour > previous + 1) {
            HT_TRY(add_without_file(search, hub, path.place, previous + 1, path.hour));
        }
        previous = path.hour > previous ? path.hour : previous;
    }
    return HT_OK;
}

static enum ht_status search_files(struct search *search) {
    const size_t source_count = search->input->collector->source_count;
    struct ht_archive_path path;
    for (size_t i = 0; i < source_count; i++) {
        if (!ht_archive_parse(ht_str_from(search->input->sources[i].path), &path)) {
            continue;
        }
        struct ht_archive_path next;
        size_t last = i;
        while (last + 1 < source_count &&
               ht_archive_parse(ht_str_from(search->input->sources[last + 1].path), &next) &&
               ht_str_eq(next.place, path.place)) {
            last++;
        }
        if (ht_archive_has_connections(path.place)) {
            HT_TRY(search_place(search, i, last));
        }
        i = last;
    }
    if (search->count > 0) {
        qsort(search->holes, search->count, sizeof *search->holes, compare_holes);
    }
    search->of_files = search->count;
    return HT_OK;
}

/* By the silence. */

static bool is_without_file(const struct search *search, uint32_t hub, int64_t hour) {
    size_t low = 0;
    size_t high = search->of_files;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct hole *hole = &search->holes[middle];
        if (hole->hub < hub || (hole->hub == hub && hole->from_hour < hour)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < search->of_files && search->holes[low].hub == hub &&
           search->holes[low].from_hour == hour;
}

static enum ht_status add_silence(struct search *search, uint32_t hub, int64_t from_hour,
                                  int64_t to_hour) {
    const struct ht_hub_hours *hours = &search->input->hub_hours[hub];
    struct hole hole = {.hub = hub, .from_hour = from_hour, .to_hour = to_hour};
    if (to_hour - from_hour > WEEK_HOURS) {
        hole.kind = HT_GAP_LONG;
        return add_hole(search, &hole);
    }
    for (int64_t hour = from_hour; hour < to_hour; hour++) {
        if (ht_hub_hours_expected(hours, hour) && !is_without_file(search, hub, hour)) {
            hole.kind = HT_GAP_NO_RECORD;
            hole.from_hour = hour;
            hole.to_hour = hour + 1;
            HT_TRY(add_hole(search, &hole));
        }
    }
    return HT_OK;
}

static enum ht_status search_silence(struct search *search) {
    for (uint32_t hub = 0; hub < search->input->hub_count; hub++) {
        const struct ht_hub_hours *hours = &search->input->hub_hours[hub];
        for (size_t i = 1; i < hours->hour_count; i++) {
            const int64_t from_hour = hours->hours[i - 1].hour + 1;
            const int64_t to_hour = hours->hours[i].hour;
            const int64_t slots = (to_hour - from_hour) * HT_SLOTS_PER_HOUR;
            const bool is_long = to_hour - from_hour > WEEK_HOURS;
            if (to_hour > from_hour && (is_long || ht_hub_hours_rare_pause(hours, slots))) {
                HT_TRY(add_silence(search, hub, from_hour, to_hour));
            }
        }
    }
    return HT_OK;
}

/* Together. */

static bool continues(const struct hole *before, const struct hole *hole) {
    return before->hub == hole->hub && before->kind == hole->kind &&
           before->to_hour == hole->from_hour && ht_str_eq(before->place, hole->place);
}

/* Hours of one kind that follow one another become one gap; what two places lack is told once. */
static void merge(struct search *search) {
    size_t kept = 0;
    if (search->count == 0) {
        return;
    }
    qsort(search->holes, search->count, sizeof *search->holes, compare_holes);
    for (size_t i = 1; i < search->count; i++) {
        struct hole *before = &search->holes[kept];
        const struct hole *hole = &search->holes[i];
        if (before->hub == hole->hub && before->kind == hole->kind &&
            before->to_hour > hole->from_hour) {
            continue;
        }
        if (continues(before, hole)) {
            before->to_hour = hole->to_hour;
            before->events += hole->events;
        } else {
            search->holes[++kept] = *hole;
        }
    }
    search->count = kept + 1;
}

static enum ht_status make_gap(const struct ht_gap_input *input, const struct hole *hole,
                               struct ht_inventory_gap *gap) {
    struct ht_str name;
    *gap = (struct ht_inventory_gap){
        .kind = hole->kind,
        .hub = input->hub_names[hole->hub],
        .from_us = hole->from_hour * HT_S_PER_HOUR * HT_US_PER_S,
        .to_us = hole->to_hour * HT_S_PER_HOUR * HT_US_PER_S,
        .hours = (uint64_t)(hole->to_hour - hole->from_hour),
        .events = hole->events,
        .usual_events = input->hub_hours[hole->hub].usual,
    };
    if (hole->place.len > 0) {
        char place[PLACE_BYTES];
        (void)ht_text_printable(place, sizeof place, hole->place);
        HT_TRY(ht_arena_copy(input->memory, ht_str_from(place), &name));
        gap->place = name.ptr;
    }
    return HT_OK;
}

static enum ht_status make_gaps(const struct search *search, struct ht_inventory_gap **gaps,
                                size_t *count) {
    *gaps = ht_arena_alloc(search->input->memory, (search->count + 1) * sizeof **gaps,
                           _Alignof(struct ht_inventory_gap));
    *count = search->count;
    if (*gaps == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < search->count; i++) {
        HT_TRY(make_gap(search->input, &search->holes[i], &(*gaps)[i]));
    }
    return HT_OK;
}

enum ht_status ht_gaps_find(const struct ht_gap_input *input, struct ht_inventory_gap **gaps,
                            size_t *count) {
    struct search search = {.input = input};
    enum ht_status status = search_files(&search);
    if (status == HT_OK) {
        status = search_silence(&search);
    }
    if (status == HT_OK) {
        merge(&search);
        status = make_gaps(&search, gaps, count);
    }
    free(search.holes);
    return status;
}
