/* SPDX-License-Identifier: MIT */
/*
 * Names that several stores share: pieces of the input are collected apart, but what they name is
 * looked up, and learned, once. Taking over the events of a piece is then a copy.
 *
 * The shared names hold what no event is left of: pieces that were refused, and pieces that the
 * whole has not come to. So before they could be too many for a ceiling, and at the end when there
 * are such, the whole gives its events numbers of its own, as if it had met them one after the
 * other. What is shared from then on is of no use to it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "store/store_private.h"

/* What one batch of events may add. */
enum { ROOM_RECORDS = 2 * HT_STORE_MANY_MAX, ROOM_STRINGS = 8 * ROOM_RECORDS };

enum { KEPT_BLOCKS = 1 };

enum ht_status ht_names_new(size_t strings_max, size_t text_max, size_t facets_max,
                            size_t devices_max, struct ht_names **names) {
    struct ht_names *made = calloc(1, sizeof *made);
    *names = made;
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    made->users = 1;
    (void)pthread_mutex_init(&made->lock, NULL); /* does not fail on the systems we run on */
    if (ht_intern_init(&made->strings, strings_max, text_max) != HT_OK ||
        ht_tuples_init(&made->facets, facets_max) != HT_OK ||
        ht_tuples_init(&made->devices, devices_max) != HT_OK) {
        ht_names_release(made);
        *names = NULL;
        return HT_E_NOMEM;
    }
    return HT_OK;
}

void ht_names_lock(struct ht_names *names) {
    if (names->shared) {
        (void)pthread_mutex_lock(&names->lock);
    }
}

void ht_names_unlock(struct ht_names *names) {
    if (names->shared) {
        (void)pthread_mutex_unlock(&names->lock);
    }
}

static struct ht_names *use(struct ht_names *names) {
    ht_names_lock(names);
    names->users++;
    ht_names_unlock(names);
    return names;
}

void ht_names_release(struct ht_names *names) {
    if (names == NULL) {
        return;
    }
    ht_names_lock(names);
    const size_t left = --names->users;
    ht_names_unlock(names);
    if (left == 0) {
        ht_intern_release(&names->strings);
        ht_tuples_release(&names->facets);
        ht_tuples_release(&names->devices);
        (void)pthread_mutex_destroy(&names->lock);
        free(names);
    }
}

void ht_store_share(struct ht_store *whole) {
    HT_ASSERT(whole->common == NULL);
    whole->names->shared = true;
    whole->common = use(whole->names);
}

enum ht_status ht_store_new_part(struct ht_store *whole, struct ht_store **part) {
    HT_ASSERT(whole->common != NULL);
    *part = calloc(1, sizeof **part);
    if (*part == NULL) {
        return HT_E_NOMEM;
    }
    (*part)->names = use(whole->common);
    (*part)->events_max = SIZE_MAX;
    (*part)->is_part = true;
    return HT_OK;
}

bool ht_store_can_absorb(const struct ht_store *whole, const struct ht_store *part) {
    return part->names == whole->names && part->attributes_dropped == 0 &&
           part->event_count <= whole->events_max - whole->event_count;
}

enum ht_status ht_store_absorb(struct ht_store *whole, struct ht_store *part) {
    for (size_t i = 0; i < part->event_count;) {
        struct ht_event *to = NULL;
        HT_TRY(ht_store_next_event(whole, &to));
        const size_t room =
            HT_STORE_BLOCK_EVENTS - whole->event_count % (size_t)HT_STORE_BLOCK_EVENTS;
        const size_t left = HT_STORE_BLOCK_EVENTS - i % (size_t)HT_STORE_BLOCK_EVENTS;
        size_t count = part->event_count - i;
        count = count < room ? count : room;
        count = count < left ? count : left;
        memcpy(to,
               &part->blocks[i / (size_t)HT_STORE_BLOCK_EVENTS][i % (size_t)HT_STORE_BLOCK_EVENTS],
               count * sizeof *to);
        whole->event_count += count;
        i += count;
    }
    part->is_pending = false;
    return HT_OK;
}

void ht_store_note_leftovers(struct ht_store *part) {
    if (part->is_part && part->is_pending) {
        ht_names_lock(part->names);
        part->names->leftovers = true;
        ht_names_unlock(part->names);
    }
    part->is_pending = false;
}

void ht_store_empty(struct ht_store *part) {
    ht_store_note_leftovers(part);
    part->event_count = 0;
    part->attributes_dropped = 0;
    while (part->block_count > KEPT_BLOCKS) {
        ht_store_free_block(part->blocks[--part->block_count]);
    }
}

void ht_store_lend_memory(struct ht_store *from, struct ht_store *to) {
    HT_ASSERT(to->memory == NULL && to->names == from->names);
    to->memory = from->memory;
    from->memory = NULL;
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

/* Numbers in the names of its own, by number in the common ones; 0 = not met yet. */
struct move {
    struct ht_names *from;
    struct ht_names *to;
    uint32_t *strings;
    uint32_t *facets;
    uint32_t *devices;
};

static enum ht_status move_string(struct move *move, uint32_t id, uint32_t *moved) {
    uint32_t *known = &move->strings[id];
    if (*known == 0) { /* also of "", which costs nothing */
        HT_TRY(ht_intern_add(&move->to->strings, ht_intern_str(&move->from->strings, id), known));
    }
    *moved = *known;
    return HT_OK;
}

/* A tuple whose first words are strings. */
static enum ht_status move_tuple(struct move *move, struct ht_tuple tuple, size_t strings,
                                 struct ht_tuples *tuples, uint32_t *known) {
    for (size_t i = 0; i < strings; i++) {
        HT_TRY(move_string(move, tuple.words[i], &tuple.words[i]));
    }
    return ht_tuples_add(tuples, &tuple, known);
}

static enum ht_status move_event(struct move *move, struct ht_event *event) {
    uint32_t *device = &move->devices[event->device];
    uint32_t *facet = &move->facets[event->facet];
    if (*device == 0) {
        HT_TRY(move_tuple(move, move->from->devices.tuples[event->device], 3, &move->to->devices,
                          device));
    }
    if (*facet == 0) {
        HT_TRY(
            move_tuple(move, move->from->facets.tuples[event->facet], 5, &move->to->facets, facet));
    }
    event->device = *device;
    event->facet = *facet;
    return HT_OK;
}

static enum ht_status move_events(struct ht_store *store, struct move *move) {
    move->strings = calloc(move->from->strings.count, sizeof *move->strings);
    move->facets = calloc(move->from->facets.count, sizeof *move->facets);
    move->devices = calloc(move->from->devices.count, sizeof *move->devices);
    if (move->strings == NULL || move->facets == NULL || move->devices == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < store->event_count; i++) {
        HT_TRY(
            move_event(move, &store->blocks[i / HT_STORE_BLOCK_EVENTS][i % HT_STORE_BLOCK_EVENTS]));
    }
    return HT_OK;
}

/* With the lock of the common names. */
static enum ht_status make_own(struct ht_store *whole, struct ht_names **own) {
    struct ht_names *from = whole->names;
    struct move move = {.from = from};
    HT_TRY(ht_names_new(from->strings.count_max, from->strings.text.limit_bytes,
                        from->facets.count_max, from->devices.count_max, own));
    move.to = *own;
    const enum ht_status status = move_events(whole, &move);
    free(move.strings);
    free(move.facets);
    free(move.devices);
    if (status != HT_OK) {
        ht_names_release(*own);
    }
    return status;
}

static enum ht_status leave_common(struct ht_store *whole) {
    struct ht_names *own = NULL;
    ht_store_forget(whole);
    ht_names_lock(whole->names);
    const enum ht_status status = make_own(whole, &own);
    ht_names_unlock(whole->names);
    HT_TRY(status);
    ht_names_release(whole->names);
    whole->names = own;
    return HT_OK;
}

static bool shares(const struct ht_store *store) {
    return store->common != NULL && store->names == store->common;
}

enum ht_status ht_store_make_room(struct ht_store *store) {
    if (!shares(store)) {
        return HT_OK;
    }
    struct ht_names *names = store->names;
    ht_names_lock(names);
    const struct ht_intern *strings = &names->strings;
    const bool room = strings->count + ROOM_STRINGS <= strings->count_max &&
                      strings->text.total_bytes + (size_t)ROOM_STRINGS * (HT_INTERN_LEN_MAX + 1) <=
                          strings->text.limit_bytes &&
                      names->facets.count + ROOM_RECORDS <= names->facets.count_max &&
                      names->devices.count + ROOM_RECORDS <= names->devices.count_max;
    ht_names_unlock(names);
    return room ? HT_OK : leave_common(store);
}

enum ht_status ht_store_settle(struct ht_store *whole) {
    if (!shares(whole) || !whole->names->leftovers) {
        return HT_OK;
    }
    return leave_common(whole);
}
