/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_SLOTS_H
#define HT_INVENTORY_SLOTS_H
/*
 * struct ht_slots - connection events of each hub, counted per ten minutes: a hash table while the
 * input is read, sorted at the end. Only slots with events exist, so that stamps of any year cost
 * the same.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"
#include "hubtriage/err.h"

enum { HT_SLOT_S = 600, HT_SLOTS_PER_HOUR = 6, HT_SLOTS_MAX = 4 * 1024 * 1024 };

struct ht_slot_count {
    uint64_t key; /* hub, then ten minutes since the year 1; 0 = free */
    uint64_t events;
};

struct ht_slots {
    struct ht_slot_count *table;
    size_t size; /* a power of two */
    size_t count;
    size_t last; /* the slot that was counted last */
    uint64_t dropped;
};

void ht_slots_release(struct ht_slots *slots);

/* HT_OK (also when the event was dropped at the ceiling) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_slots_add(struct ht_slots *slots, uint32_t hub, int64_t time_us);

/* The slot of another count is counted here, for that hub. */
HT_MUST_CHECK enum ht_status ht_slots_absorb(struct ht_slots *slots, uint32_t hub,
                                             const struct ht_slot_count *other);

void ht_slots_clear(struct ht_slots *slots); /* keeps its memory */

/* Move what is counted to the front of the table, in order of hub and time. */
void ht_slots_sort(struct ht_slots *slots);

/* Slots since 1970. */
static inline int64_t ht_slot_of_time(int64_t time_us) {
    const int64_t slot_us = HT_SLOT_S * HT_US_PER_S;
    return time_us / slot_us - (time_us % slot_us < 0);
}

static inline uint32_t ht_slot_hub(const struct ht_slot_count *slot) {
    return (uint32_t)(slot->key >> 32);
}

static inline int64_t ht_slot_at(const struct ht_slot_count *slot) {
    return (int64_t)(slot->key & UINT32_MAX) - (INT64_C(1) << 31);
}

#endif
