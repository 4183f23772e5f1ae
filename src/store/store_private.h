/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_STORE_PRIVATE_H
#define HT_STORE_STORE_PRIVATE_H
/* What store.c (collecting) and seal.c (canonical order) share. */
#include <pthread.h>

#include "base/intern.h"
#include "base/tuples.h"
#include "store/store.h"

/* Events are kept in blocks, so that growing never copies them: 6 MiB each, whose memory comes as
 * it is needed. */
enum { HT_STORE_BLOCK_EVENTS = 256 * 1024 };

struct ht_event *ht_store_new_block(void); /* NULL: no memory */
void ht_store_free_block(struct ht_event *block);

/* What numbers mean. */
struct ht_names {
    struct ht_intern strings;
    struct ht_tuples facets;  /* words in the order of struct ht_facet */
    struct ht_tuples devices; /* hub, id, module, 0, 0, 0; number 0 is never used by an event */
    bool shared;              /* by stores of several threads: everything here needs the lock */
    bool leftovers;           /* perhaps there are names that no event has */
    size_t users;
    pthread_mutex_t lock;
};

struct ht_store {
    struct ht_names *names;
    struct ht_names *common; /* of the whole: those that its parts use; NULL = there are none */
    bool is_part;
    bool is_pending; /* of a part: something was added that no whole has taken over */
    struct ht_event **blocks;
    size_t block_count;
    size_t block_capacity;
    size_t event_count;
    size_t events_max;
    uint64_t attributes_dropped;
    const struct ht_pseudonym_key *key; /* NULL: strings are ranked by their text */
    struct ht_store_memory *memory;     /* of what was added last (many.c); NULL = none */
};

HT_MUST_CHECK enum ht_status ht_names_new(size_t strings_max, size_t text_max, size_t facets_max,
                                          size_t devices_max, struct ht_names **names);
void ht_names_release(struct ht_names *names); /* frees it when it was the last user's */

/* No-ops for names that are not shared. */
void ht_names_lock(struct ht_names *names);
void ht_names_unlock(struct ht_names *names);

/* Before some are added: names that others share have room for them, or are left. HT_OK or
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_make_room(struct ht_store *store);

/* A part is emptied or freed. */
void ht_store_note_leftovers(struct ht_store *part);

/* Room for one more event, which then must be counted. HT_OK, HT_E_LIMIT or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_next_event(struct ht_store *store, struct ht_event **event);

/* With the lock of the names. An attribute over the ceiling is forgotten and counted. */
HT_MUST_CHECK enum ht_status ht_store_add_attribute(struct ht_store *store, struct ht_str text,
                                                    uint32_t *id);
HT_MUST_CHECK enum ht_status ht_store_add_device(struct ht_store *store,
                                                 const struct ht_record *record, uint32_t *device);
HT_MUST_CHECK enum ht_status ht_store_add_facet(struct ht_store *store,
                                                const struct ht_record *record, uint32_t *facet);

/* Forget what was added last: before numbers or texts of the store change. */
void ht_store_forget(struct ht_store *store);

#endif
