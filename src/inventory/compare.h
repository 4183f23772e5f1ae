/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_COMPARE_H
#define HT_INVENTORY_COMPARE_H
/*
 * struct ht_compare - which sources have events in common: the first source of each event, by a
 * hash of what tells it from others, and for each pair of sources how many they share.
 *
 * Only what every shape of an event carries is hashed (time, hub, device, module, kind, code), so
 * that the same event is known again in a shape that has fewer columns.
 *
 * Memory: 12 bytes a place in a table at most three quarters full. Hashes have 64 bits and a seed:
 * with 8 million events, the odds that two different ones fall together are one in a million.
 */
#include <stddef.h>
#include <stdint.h>

#include "model/record.h"

enum { HT_PAIRS_OPEN_MAX = 256, HT_PAIRS_MAX = 16 * 1024 * 1024 };

/* Events that the source `again` has, and `first` had already. */
struct ht_pair {
    uint32_t again;
    uint32_t first; /* HT_PAIR_OTHERS: of more than HT_PAIRS_OPEN_MAX sources */
    uint64_t events;
    int64_t first_us;
    int64_t last_us;
};

#define HT_PAIR_OTHERS UINT32_MAX

/* An event that will be compared later, in the order of the input. */
struct ht_compared {
    uint64_t hash;
    int64_t time_us;
    uint32_t source;
    uint32_t hub; /* its number; HT_COMPARED_HEALTH: it counts for no hub's hours */
};

#define HT_COMPARED_HEALTH UINT32_MAX

struct ht_compare {
    uint64_t *hashes; /* 0 = free */
    uint32_t *sources;
    size_t size; /* a power of two */
    size_t count;
    size_t count_max; /* 0 = nothing is compared */
    uint64_t seed;
    uint64_t not_compared;
    struct ht_pair *pairs; /* those of `again` being noted from open_first on */
    size_t pair_count;
    size_t pair_capacity;
    size_t open_first;
    size_t last;
    struct ht_compared *deferred;
    size_t deferred_count;
    size_t deferred_capacity;
};

void ht_compare_init(struct ht_compare *compare, size_t count_max);
void ht_compare_release(struct ht_compare *compare);

/* Events are compared in two steps, since their places in the table lie anywhere in memory: first
 * they are noted, with the seed of that comparison in which they will be looked up. HT_OK or
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_compare_defer(struct ht_compare *compare, uint32_t source,
                                              const struct ht_record *record, uint32_t hub);

/* The event will be looked up soon. */
void ht_compare_prefetch(const struct ht_compare *compare, uint64_t hash);

/* *first is set to the source that had the event first: `source` itself when it is new (then *known
 * is false) or repeated within. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_compare_add(struct ht_compare *compare, uint32_t source,
                                            uint64_t hash, int64_t time_us, uint32_t *first,
                                            bool *known);

#endif
