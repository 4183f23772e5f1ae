/* SPDX-License-Identifier: MIT */
#ifndef HT_ARCHIVE_BLOCK_H
#define HT_ARCHIVE_BLOCK_H
/*
 * A block: the events of one hub and hour, as packed columns under zstd. Their devices and facets
 * are numbers of the archive's names.
 *
 * Columns, one behind the other: how many; devices, each less the one before; times since the
 * start of the hour, in the coarsest unit that fits them all (named first), from the time before
 * when it is of the same device; facets as a signed difference; kind, level and flags in a byte;
 * codes. Events are in order of (device, time, kind, code, level, facet, flags), and no two are
 * equal.
 */
#include "base/strbuf.h"
#include "model/log.h"

#define HT_BLOCK_US (INT64_C(3600) * 1000000)

/* More than any hour of a hub has. */
enum { HT_BLOCK_EVENTS_MAX = 256 * 1024 * 1024 };

/* The hour of a time, counted from 1970. */
static inline int64_t ht_block_hour(int64_t time_us) {
    return time_us / HT_BLOCK_US - (time_us % HT_BLOCK_US < 0);
}

/* The order of events in a block. */
int ht_block_compare(const struct ht_event *a, const struct ht_event *b);

/* Put events in that order, and drop those that are equal. Returns how many are left. */
size_t ht_block_sort(struct ht_event *events, size_t count);

/* Events in order, of that hour. HT_OK or HT_E_NOMEM; what was in out is replaced. */
HT_MUST_CHECK enum ht_status ht_block_pack(const struct ht_event *events, size_t count,
                                           int64_t hour, struct ht_strbuf *out);

/* What the numbers in a block may be. */
struct ht_block_bounds {
    size_t devices;
    size_t facets;
};

/*
 * ht_block_unpack() - the events of a block, heap memory for the caller to free.
 *
 * Returns HT_OK, HT_E_NOMEM, or HT_E_DATA: damaged. Nothing is trusted.
 */
HT_MUST_CHECK enum ht_status ht_block_unpack(struct ht_str data, int64_t hour,
                                             const struct ht_block_bounds *bounds,
                                             struct ht_event **events, size_t *count);

#endif
