/* SPDX-License-Identifier: MIT */
/*
 * Taking over the events of another store, which keeps its numbers of strings, facets and devices:
 * so a name is looked up here once, not once in each piece of the input.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "store/store_private.h"

/* Beyond these the numbers of a store that is emptied are forgotten. */
enum { KEPT_NUMBERS_MAX = 256 * 1024, KEPT_TEXT_BYTES_MAX = 16 * 1024 * 1024, KEPT_BLOCKS = 2 };

bool ht_store_can_absorb(const struct ht_store *into, const struct ht_store *from) {
    const struct ht_intern *strings = &into->strings;
    return from->attributes_dropped == 0 &&
           from->event_count <= into->events_max - into->event_count &&
           strings->count + from->strings.count <= strings->count_max &&
           strings->text.total_bytes + from->strings.text.total_bytes <=
               strings->text.limit_bytes &&
           into->facets.count + from->facets.count <= into->facets.count_max &&
           into->devices.count + from->devices.count <= into->devices.count_max;
}

/* Room for a link of each number, 0 where there is none yet. */
static enum ht_status make_room(struct ht_links *links, size_t count) {
    HT_TRY(ht_grow(&links->numbers, &links->capacity, count, UINT32_MAX, sizeof(uint32_t)));
    if (count > links->count) {
        memset(links->numbers + links->count, 0, (count - links->count) * sizeof(uint32_t));
        links->count = count;
    }
    return HT_OK;
}

static enum ht_status link_string(struct ht_store *into, struct ht_store *from, uint32_t id,
                                  uint32_t *linked) {
    uint32_t *link = &from->string_links.numbers[id];
    if (*link == 0) { /* also of "", which costs nothing */
        HT_TRY(ht_intern_add(&into->strings, ht_intern_str(&from->strings, id), link));
    }
    *linked = *link;
    return HT_OK;
}

/* Tuples of whose words the first ones are strings. */
static enum ht_status link_tuple(struct ht_store *into, struct ht_store *from,
                                 const struct ht_tuple *tuple, size_t strings,
                                 struct ht_tuples *tuples, uint32_t *link) {
    struct ht_tuple linked = *tuple;
    for (size_t i = 0; i < strings; i++) {
        HT_TRY(link_string(into, from, tuple->words[i], &linked.words[i]));
    }
    return ht_tuples_add(tuples, &linked, link);
}

static enum ht_status absorb_event(struct ht_store *into, struct ht_store *from,
                                   const struct ht_event *event) {
    uint32_t *device = &from->device_links.numbers[event->device];
    uint32_t *facet = &from->facet_links.numbers[event->facet];
    struct ht_event *taken = NULL;
    HT_TRY(ht_store_next_event(into, &taken));
    if (*device == 0) {
        HT_TRY(link_tuple(into, from, &from->devices.tuples[event->device], 3, &into->devices,
                          device));
    }
    if (*facet == 0) {
        HT_TRY(link_tuple(into, from, &from->facets.tuples[event->facet], 5, &into->facets, facet));
    }
    *taken = *event;
    taken->device = *device;
    taken->facet = *facet;
    into->event_count++;
    return HT_OK;
}

enum ht_status ht_store_absorb(struct ht_store *into, struct ht_store *from) {
    HT_TRY(make_room(&from->string_links, from->strings.count));
    HT_TRY(make_room(&from->facet_links, from->facets.count));
    HT_TRY(make_room(&from->device_links, from->devices.count));
    for (size_t i = 0; i < from->event_count; i++) {
        const struct ht_event *block = from->blocks[i / HT_STORE_BLOCK_EVENTS];
        HT_TRY(absorb_event(into, from, &block[i % HT_STORE_BLOCK_EVENTS]));
    }
    return HT_OK;
}

static void release_links(struct ht_links *links) {
    free(links->numbers);
    *links = (struct ht_links){.numbers = NULL};
}

void ht_store_release_links(struct ht_store *store) {
    release_links(&store->string_links);
    release_links(&store->facet_links);
    release_links(&store->device_links);
}

static enum ht_status forget_numbers(struct ht_store *store) {
    const struct ht_intern strings = store->strings;
    const size_t facets_max = store->facets.count_max;
    const size_t devices_max = store->devices.count_max;
    ht_store_release_links(store);
    ht_store_forget(store);
    ht_intern_release(&store->strings);
    ht_tuples_release(&store->facets);
    ht_tuples_release(&store->devices);
    HT_TRY(ht_intern_init(&store->strings, strings.count_max, strings.text.limit_bytes));
    HT_TRY(ht_tuples_init(&store->facets, facets_max));
    return ht_tuples_init(&store->devices, devices_max);
}

enum ht_status ht_store_empty(struct ht_store *store) {
    const bool large = store->strings.count > KEPT_NUMBERS_MAX ||
                       store->facets.count > KEPT_NUMBERS_MAX ||
                       store->devices.count > KEPT_NUMBERS_MAX ||
                       store->strings.text.total_bytes > KEPT_TEXT_BYTES_MAX;
    store->event_count = 0;
    store->attributes_dropped = 0;
    while (store->block_count > KEPT_BLOCKS) {
        ht_store_free_block(store->blocks[--store->block_count]);
    }
    return large ? forget_numbers(store) : HT_OK;
}

uint64_t ht_store_count_late(const struct ht_store *store, size_t first, size_t count,
                             int64_t newest_us) {
    uint64_t late = 0;
    for (size_t i = first; i < first + count; i++) {
        const int64_t time_us =
            store->blocks[i / HT_STORE_BLOCK_EVENTS][i % HT_STORE_BLOCK_EVENTS].time_us;
        late += time_us < newest_us;
        newest_us = time_us > newest_us ? time_us : newest_us;
    }
    return late;
}
