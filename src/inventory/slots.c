/* SPDX-License-Identifier: MIT */
#include "inventory/slots.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hash.h"

enum { FIRST_SIZE = 1024 };

void ht_slots_release(struct ht_slots *slots) {
    free(slots->table);
    *slots = (struct ht_slots){0};
}

/* Times come from years 1 to 9999: 32 bits are enough for ten minutes of them. */
static uint64_t key_of(uint32_t hub, int64_t time_us) {
    return (uint64_t)hub << 32 | (uint64_t)(ht_slot_of_time(time_us) + (INT64_C(1) << 31));
}

/* Where the key is, or where it may be put. */
static size_t find(const struct ht_slots *slots, uint64_t key) {
    size_t at = ht_hash_mix(key, 1) & (slots->size - 1);
    while (slots->table[at].key != 0 && slots->table[at].key != key) {
        at = (at + 1) & (slots->size - 1);
    }
    return at;
}

static enum ht_status make_room(struct ht_slots *slots) {
    if (slots->count * 2 < slots->size) {
        return HT_OK;
    }
    struct ht_slots grown = {.size = slots->size > 0 ? slots->size * 2 : FIRST_SIZE};
    grown.table = calloc(grown.size, sizeof *grown.table);
    if (grown.table == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < slots->size; i++) {
        if (slots->table[i].key != 0) {
            grown.table[find(&grown, slots->table[i].key)] = slots->table[i];
        }
    }
    free(slots->table);
    slots->table = grown.table;
    slots->size = grown.size;
    return HT_OK;
}

static enum ht_status count(struct ht_slots *slots, uint64_t key, uint64_t events) {
    if (slots->count > 0 && slots->table[slots->last].key == key) {
        slots->table[slots->last].events += events;
        return HT_OK;
    }
    HT_TRY(make_room(slots));
    const size_t at = find(slots, key);
    if (slots->table[at].key == 0) {
        if (slots->count >= HT_SLOTS_MAX) {
            slots->dropped += events;
            return HT_OK;
        }
        slots->table[at].key = key;
        slots->count++;
    }
    slots->table[at].events += events;
    slots->last = at;
    return HT_OK;
}

enum ht_status ht_slots_add(struct ht_slots *slots, uint32_t hub, int64_t time_us) {
    return count(slots, key_of(hub, time_us), 1);
}

enum ht_status ht_slots_absorb(struct ht_slots *slots, uint32_t hub,
                               const struct ht_slot_count *other) {
    return count(slots, (uint64_t)hub << 32 | (other->key & UINT32_MAX), other->events);
}

void ht_slots_clear(struct ht_slots *slots) {
    if (slots->count > 0) {
        memset(slots->table, 0, slots->size * sizeof *slots->table);
    }
    slots->count = 0;
    slots->last = 0;
    slots->dropped = 0;
}

static int compare_slots(const void *left, const void *right) {
    const struct ht_slot_count *a = left;
    const struct ht_slot_count *b = right;
    return a->key < b->key ? -1 : a->key > b->key;
}

void ht_slots_sort(struct ht_slots *slots) {
    size_t kept = 0;
    for (size_t i = 0; i < slots->size; i++) {
        if (slots->table[i].key != 0) {
            slots->table[kept++] = slots->table[i];
        }
    }
    if (kept > 0) {
        qsort(slots->table, kept, sizeof *slots->table, compare_slots);
    }
}
