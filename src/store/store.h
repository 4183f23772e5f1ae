/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_STORE_H
#define HT_STORE_STORE_H
/*
 * struct ht_store - collects events while the input is read; sealing it gives the log in canonical
 * order.
 *
 * Memory: 24 bytes an event; each distinct string, facet and device once. While sealing, one more
 * copy of the events may exist for a moment.
 *
 * Limits: events_max and devices_max, each lowered to what 32 bits can number. An event beyond them
 * is dropped and counted, never fatal.
 */
#include <stdbool.h>

#include "base/parallel.h"
#include "base/pseudonym.h"
#include "hubtriage/err.h"
#include "model/log.h"
#include "model/record.h"

struct ht_store;

struct ht_store_limits {
    size_t events_max;
    size_t devices_max;
};

HT_MUST_CHECK enum ht_status ht_store_new(const struct ht_store_limits *limits,
                                          struct ht_store **store);
void ht_store_free(struct ht_store *store); /* NULL is a no-op */

/* HT_OK, HT_E_LIMIT (the record was dropped) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_add(struct ht_store *store, const struct ht_record *record);

enum { HT_STORE_MANY_MAX = 64 };

/* Many records, as if one after the other; bit i of *dropped: number i was dropped at a ceiling.
 * HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_add_many(struct ht_store *store,
                                               const struct ht_variant *const *variants,
                                               size_t count, uint64_t *dropped);

size_t ht_store_event_count(const struct ht_store *store);

/* One event again, as it was added; its texts live as long as the store, until it is sealed. */
void ht_store_record(const struct ht_store *store, size_t index, struct ht_record *record);

/*
 * Events as they are, with the store's own numbers of devices and facets; for whoever keeps them
 * elsewhere, and brings them back.
 */

/* From that one on, as many as lie behind one another; *count = 0 behind the last one. */
const struct ht_event *ht_store_events(const struct ht_store *store, size_t first, size_t *count);

/* Numbers of events are below these. */
size_t ht_store_device_numbers(const struct ht_store *store);
size_t ht_store_facet_numbers(const struct ht_store *store);

/* The numbers of what a record says, new or known. HT_OK, HT_E_LIMIT (too many devices) or
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_number(struct ht_store *store, const struct ht_record *record,
                                             uint32_t *device, uint32_t *facet);

/* Add an event with such numbers. HT_OK, HT_E_LIMIT (it was dropped) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_append(struct ht_store *store, const struct ht_event *event);

/* Exchange day and month of the events whose date may be read either way (HT_EVENT_EITHER_DATE). */
void ht_store_swap_dates(struct ht_store *store);

/*
 * Events may be collected apart, in parts of a store, also by other threads: one part is used by
 * one thread at a time. The whole takes their events over as if they had been added to it one after
 * the other; a part is then emptied, and can be filled again.
 */

/* From now on it may have parts. Not before other threads use it. */
void ht_store_share(struct ht_store *whole);

/* Any thread may make one, as long as the whole is there. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_new_part(struct ht_store *whole, struct ht_store **part);

/* False when a ceiling might be reached, or was reached in the part. */
bool ht_store_can_absorb(const struct ht_store *whole, const struct ht_store *part);

/* HT_OK or HT_E_NOMEM. Only when it can. */
HT_MUST_CHECK enum ht_status ht_store_absorb(struct ht_store *whole, struct ht_store *part);

/* Forget the events of a part. */
void ht_store_empty(struct ht_store *part);

/* What one part remembers of names, so as to find them fast, goes to another one. What is
 * remembered is of the records of one decoder. */
void ht_store_lend_memory(struct ht_store *from, struct ht_store *to);

/* When there are no parts any more, before it is sealed: what was never taken over is forgotten.
 * HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_settle(struct ht_store *whole);

/* How many of these events are older than one before them, the first ones than newest_us. */
uint64_t ht_store_count_late(const struct ht_store *store, size_t first, size_t count,
                             int64_t newest_us);

/* The canonical order is to be that of pseudonyms, so that it tells nothing of names. The key is
 * borrowed until sealing. */
void ht_store_order_by(struct ht_store *store, const struct ht_pseudonym_key *key);

/* Moves everything into *log (ht_log_release() frees it); the store is then empty. HT_OK or
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_store_seal(struct ht_store *store,
                                           const struct ht_parallel *parallel, struct ht_log *log);

#endif
