/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_UNDATED_H
#define HT_STORE_UNDATED_H
/*
 * struct ht_undated - holds the events of one source whose day and month may stand in either order,
 * until the dates of that source prove which (model/date.h).
 *
 * Life cycle: new; for each source begin, then for each stamp meet, and add for those events for
 * which it answers HT_UNDATED_HOLD; as soon as is_proven, and at the end of the source, the events
 * are taken out with ht_undated_record() and begin empties it.
 *
 * Memory: that of a store, 24 bytes an event; allocated when the first event is held.
 */
#include <stdbool.h>

#include "model/date.h"
#include "store/store.h"

struct ht_undated;

HT_MUST_CHECK enum ht_status ht_undated_new(const struct ht_store_limits *limits,
                                            struct ht_undated **undated);
void ht_undated_free(struct ht_undated *undated); /* NULL is a no-op */

/* Forget what is held, and what was proven. */
void ht_undated_begin(struct ht_undated *undated);

/* Forget what is held; what was proven holds for the rest of the source. */
void ht_undated_empty(struct ht_undated *undated);

enum ht_undated_answer {
    HT_UNDATED_GOOD = 0, /* *time_us is right */
    HT_UNDATED_HOLD,     /* not known yet */
    HT_UNDATED_REFUSE,   /* the source has proven both orders */
};

/* The next stamp of the source, whatever its record is. */
enum ht_undated_answer ht_undated_meet(struct ht_undated *undated, const struct ht_stamp *stamp,
                                       int64_t *time_us);

/* HT_OK, HT_E_LIMIT (dropped) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_undated_add(struct ht_undated *undated,
                                            const struct ht_record *record);

/* True when the order is proven by what was met so far, a field above 12; at_end also by the
 * sequence of dates. The events then have their right times. */
bool ht_undated_is_proven(struct ht_undated *undated, bool at_end);

size_t ht_undated_count(const struct ht_undated *undated);

/* An event that is held; its texts die with the next begin or empty. */
void ht_undated_record(const struct ht_undated *undated, size_t index, struct ht_record *record);

#endif
