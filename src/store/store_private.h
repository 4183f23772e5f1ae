/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_STORE_PRIVATE_H
#define HT_STORE_STORE_PRIVATE_H
/* What store.c (collecting) and seal.c (canonical order) share. */
#include "base/intern.h"
#include "store/store.h"
#include "store/tuples.h"

/* Events are kept in blocks, so that growing never copies them. 1.5 MiB a block. */
enum { HT_STORE_BLOCK_EVENTS = 64 * 1024 };

struct ht_store {
    struct ht_intern strings;
    struct ht_tuples facets;  /* words in the order of struct ht_facet */
    struct ht_tuples devices; /* hub, id, module, 0, 0, 0; number 0 is never used by an event */
    struct ht_event **blocks;
    size_t block_count;
    size_t block_capacity;
    size_t event_count;
    size_t events_max;
    uint64_t attributes_dropped;
};

#endif
