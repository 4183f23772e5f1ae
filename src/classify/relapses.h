/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_RELAPSES_H
#define HT_CLASSIFY_RELAPSES_H
/*
 * How an incident goes on: devices that it threw out come back, and are torn off again within a
 * minute or two, which is not how they live otherwise.
 */
#include "classify/bursts.h"

/* An end that goes with a burst. */
struct ht_sequel {
    int64_t time_us;
    uint32_t burst;
    bool verdict; /* says so; else it is a relapse alone */
    bool relapse;
};

struct ht_sequels {
    struct ht_sequel *sequels; /* in order of time */
    size_t count;
    uint32_t *former; /* by burst: the one that it goes on with, since so many are relapses
                         of that; or HT_NONE32. Always one that began before. */
};

/* Freed with ht_sequels_release(), on failure too. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_sequels_gather(const struct ht_docket *docket,
                                               const struct ht_bursts *bursts,
                                               struct ht_sequels *made);
void ht_sequels_release(struct ht_sequels *made);

#endif
