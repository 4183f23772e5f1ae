/* SPDX-License-Identifier: MIT */
/*
 * Collecting: every string, facet and device becomes a number, every event 24 bytes. Numbers are in
 * order of first sight here; seal.c puts them into canonical order.
 */
#include "store/store.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/pages.h"
#include "model/date.h"
#include "store/store_private.h"

/* Ceilings of what a hostile log could multiply: texts that are no device names, and all text
 * together. */
enum { OTHER_STRINGS_MAX = 4 * 1000 * 1000, FACETS_MAX = 16 * 1000 * 1000 };
/* Numbers of events and devices have 32 bits, and so have those of a device's two strings. */
#define EVENTS_MAX ((size_t)UINT32_MAX - 1)
#define DEVICES_MAX (((size_t)UINT32_MAX - 2 - OTHER_STRINGS_MAX) / 2)
#define TEXT_BYTES_MAX ((size_t)1 << 30)

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

enum ht_status ht_store_new(const struct ht_store_limits *limits, struct ht_store **store) {
    *store = NULL;
    struct ht_store *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return HT_E_NOMEM;
    }
    fresh->events_max = smaller(limits->events_max, EVENTS_MAX);
    /* A device brings at most a device id and a module id. */
    const size_t devices_max = smaller(limits->devices_max, DEVICES_MAX);
    const size_t strings_max = 2 * devices_max + OTHER_STRINGS_MAX;
    if (ht_names_new(strings_max, TEXT_BYTES_MAX, FACETS_MAX, devices_max + 1, &fresh->names) !=
        HT_OK) {
        ht_store_free(fresh);
        return HT_E_NOMEM;
    }
    *store = fresh;
    return HT_OK;
}

struct ht_event *ht_store_new_block(void) {
    return ht_pages_new(HT_STORE_BLOCK_EVENTS * sizeof(struct ht_event));
}

void ht_store_free_block(struct ht_event *block) {
    ht_pages_free(block, HT_STORE_BLOCK_EVENTS * sizeof(struct ht_event));
}

void ht_store_free(struct ht_store *store) {
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < store->block_count; i++) {
        ht_store_free_block(store->blocks[i]);
    }
    free(store->blocks);
    ht_store_forget(store);
    ht_store_note_leftovers(store);
    ht_names_release(store->common);
    ht_names_release(store->names);
    free(store);
}

size_t ht_store_event_count(const struct ht_store *store) {
    return store->event_count;
}

/* An attribute over the ceiling is forgotten and counted; the event itself stays. */
enum ht_status ht_store_add_attribute(struct ht_store *store, struct ht_str text, uint32_t *id) {
    const enum ht_status status = ht_intern_add(&store->names->strings, text, id);
    if (status == HT_E_LIMIT) {
        store->attributes_dropped++;
        return HT_OK;
    }
    return status;
}

enum ht_status ht_store_add_facet(struct ht_store *store, const struct ht_record *record,
                                  uint32_t *facet) {
    struct ht_tuple tuple = {{0}};
    HT_TRY(ht_store_add_attribute(store, record->sdk, &tuple.words[0]));
    HT_TRY(ht_store_add_attribute(store, record->protocol, &tuple.words[1]));
    HT_TRY(ht_store_add_attribute(store, record->network, &tuple.words[2]));
    HT_TRY(ht_store_add_attribute(store, record->message, &tuple.words[3]));
    HT_TRY(ht_store_add_attribute(store, record->operation, &tuple.words[4]));
    tuple.words[5] = (uint32_t)record->auth;
    const enum ht_status status = ht_tuples_add(&store->names->facets, &tuple, facet);
    if (status == HT_E_LIMIT) {
        store->attributes_dropped++;
        return HT_OK;
    }
    return status;
}

enum ht_status ht_store_add_device(struct ht_store *store, const struct ht_record *record,
                                   uint32_t *device) {
    struct ht_tuple tuple = {{0}};
    HT_TRY(ht_intern_add(&store->names->strings, record->hub, &tuple.words[0]));
    HT_TRY(ht_intern_add(&store->names->strings, record->device, &tuple.words[1]));
    HT_TRY(ht_intern_add(&store->names->strings, record->module, &tuple.words[2]));
    return ht_tuples_add(&store->names->devices, &tuple, device);
}

enum ht_status ht_store_next_event(struct ht_store *store, struct ht_event **event) {
    if (store->event_count >= store->events_max) {
        return HT_E_LIMIT;
    }
    const size_t block = store->event_count / HT_STORE_BLOCK_EVENTS;
    if (block == store->block_count) {
        HT_TRY(ht_grow(&store->blocks, &store->block_capacity, block + 1, SIZE_MAX,
                       sizeof(struct ht_event *)));
        store->blocks[block] = ht_store_new_block();
        if (store->blocks[block] == NULL) {
            return HT_E_NOMEM;
        }
        store->block_count++;
    }
    *event = &store->blocks[block][store->event_count % HT_STORE_BLOCK_EVENTS];
    return HT_OK;
}

enum ht_status ht_store_add(struct ht_store *store, const struct ht_record *record) {
    uint32_t device = 0;
    uint32_t facet = 0;
    struct ht_event *event = NULL;
    HT_TRY(ht_store_make_room(store));
    HT_TRY(ht_store_next_event(store, &event));
    ht_names_lock(store->names);
    enum ht_status status = ht_store_add_device(store, record, &device);
    if (status == HT_OK) {
        status = ht_store_add_facet(store, record, &facet);
    }
    ht_names_unlock(store->names);
    store->is_pending = true;
    HT_TRY(status);
    *event = (struct ht_event){
        .time_us = record->time_us,
        .device = device,
        .facet = facet,
        .code = record->code,
        .kind = (uint8_t)record->kind,
        .level = (uint8_t)record->level,
        .flags = ht_event_flags(record->flags, record->zone_min),
    };
    store->event_count++;
    return HT_OK;
}

static struct ht_event *event_at(const struct ht_store *store, size_t index) {
    HT_ASSERT(index < store->event_count);
    return &store->blocks[index / HT_STORE_BLOCK_EVENTS][index % HT_STORE_BLOCK_EVENTS];
}

void ht_store_record(const struct ht_store *store, size_t index, struct ht_record *record) {
    const struct ht_event *event = event_at(store, index);
    const uint32_t *device = store->names->devices.tuples[event->device].words;
    const uint32_t *facet = store->names->facets.tuples[event->facet].words;
    const struct ht_intern *strings = &store->names->strings;
    *record = (struct ht_record){
        .time_us = event->time_us,
        .kind = (enum ht_event_kind)event->kind,
        .level = (enum ht_level)event->level,
        .code = event->code,
        .auth = (enum ht_auth)facet[5],
        .flags = event->flags & 0xFU,
        .zone_min = ht_event_zone_min(event),
        .hub = ht_intern_str(strings, device[0]),
        .device = ht_intern_str(strings, device[1]),
        .module = ht_intern_str(strings, device[2]),
        .sdk = ht_intern_str(strings, facet[0]),
        .protocol = ht_intern_str(strings, facet[1]),
        .network = ht_intern_str(strings, facet[2]),
        .message = ht_intern_str(strings, facet[3]),
        .operation = ht_intern_str(strings, facet[4]),
    };
}

const struct ht_event *ht_store_events(const struct ht_store *store, size_t first, size_t *count) {
    const size_t left = store->event_count - first;
    const size_t room = HT_STORE_BLOCK_EVENTS - first % HT_STORE_BLOCK_EVENTS;
    *count = left < room ? left : room;
    return *count > 0 ? event_at(store, first) : NULL;
}

size_t ht_store_device_numbers(const struct ht_store *store) {
    return store->names->devices.count;
}

size_t ht_store_facet_numbers(const struct ht_store *store) {
    return store->names->facets.count;
}

enum ht_status ht_store_number(struct ht_store *store, const struct ht_record *record,
                               uint32_t *device, uint32_t *facet) {
    HT_ASSERT(store->common == NULL);
    HT_TRY(ht_store_add_device(store, record, device));
    return ht_store_add_facet(store, record, facet);
}

enum ht_status ht_store_append(struct ht_store *store, const struct ht_event *event) {
    struct ht_event *place = NULL;
    HT_TRY(ht_store_next_event(store, &place));
    *place = *event;
    store->event_count++;
    return HT_OK;
}

void ht_store_swap_dates(struct ht_store *store) {
    for (size_t i = 0; i < store->event_count; i++) {
        struct ht_event *event = event_at(store, i);
        if ((event->flags & HT_EVENT_EITHER_DATE) != 0) {
            event->time_us = ht_stamp_swap(event->time_us, ht_event_zone_min(event));
        }
    }
}
