/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_BURST_HAZARD_H
#define HT_CLASSIFY_BURST_HAZARD_H
/*
 * How exposed a device is to a burst, at the moment of each of its ends. Two populations are told
 * apart: those that were connected when it began, and those that have come back since. What was hit
 * sits on an ill node or link and may be hit again, long after everybody else is well.
 */
#include "classify/burst_blocks.h"
#include "classify/case.h"
#include "classify/hub_facts.h"

/* A burst: points [first, end) of those that can belong to it, which are in order of time. */
struct ht_burst_reach {
    const struct ht_burst_point *points;
    size_t first;
    size_t end;
    size_t point_count;
    double usual;     /* weight per second that would be usual */
    double connected; /* devices when it began */
    uint32_t hub;
    uint32_t burst; /* index that its cases get */
    bool across_hub;
};

/* Room for as many points as a burst can reach, and its blocks. */
struct ht_burst_scratch {
    struct ht_burst_point *points;
    int64_t *returns_s; /* when those that it hit came back, ascending */
    struct ht_burst_blocks blocks;
};

/* Set hub_burst, hub_hazard and hub_ill, or site_burst and site_hazard, of the cases within reach.
 */
void ht_burst_hazard_set(struct ht_docket *docket, const struct ht_hub_facts *facts,
                         const struct ht_burst_reach *reach, struct ht_burst_scratch *scratch);

#endif
