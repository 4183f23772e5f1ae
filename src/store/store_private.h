/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_STORE_PRIVATE_H
#define HT_STORE_STORE_PRIVATE_H
/* What store.c (collecting) and seal.c (canonical order) share. */
#include "base/intern.h"
#include "store/store.h"
#include "store/tuples.h"

/* Events are kept in blocks, so that growing never copies them: 6 MiB each, whose memory comes as
 * it is needed. */
enum { HT_STORE_BLOCK_EVENTS = 256 * 1024 };

struct ht_event *ht_store_new_block(void); /* NULL: no memory */
void ht_store_free_block(struct ht_event *block);

/* By number: the number in the store that absorbs this one. */
struct ht_links {
    uint32_t *numbers; /* 0 = not known yet */
    size_t count;
    size_t capacity;
};

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
    struct ht_store_memory *memory; /* of what was added last (many.c); NULL = none */
    struct ht_links string_links;
    struct ht_links facet_links;
    struct ht_links device_links;
};

/* Room for one more event, which then must be counted. HT_OK, HT_E_LIMIT or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_next_event(struct ht_store *store, struct ht_event **event);

void ht_store_release_links(struct ht_store *store);

/* An attribute over the ceiling is forgotten and counted. */
HT_MUST_CHECK enum ht_status ht_store_add_attribute(struct ht_store *store, struct ht_str text,
                                                    uint32_t *id);
HT_MUST_CHECK enum ht_status ht_store_add_device(struct ht_store *store,
                                                 const struct ht_record *record, uint32_t *device);
HT_MUST_CHECK enum ht_status ht_store_add_facet(struct ht_store *store,
                                                const struct ht_record *record, uint32_t *facet);

/* Forget what was added last: before numbers or texts of the store change. */
void ht_store_forget(struct ht_store *store);

#endif
