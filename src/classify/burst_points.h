/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_BURST_POINTS_H
#define HT_CLASSIFY_BURST_POINTS_H
/*
 * struct ht_burst_field - the cases as points in time, in the two orders in which bursts are looked
 * for: hub by hub, and site by site. The orders are made once; the weights are anew in each round.
 */
#include "classify/burst_scan.h"
#include "classify/case.h"
#include "classify/hub_facts.h"

/* A place with devices enough for an outage of its own: points [first, end) of by_site. */
struct ht_burst_site {
    uint32_t hub;
    uint32_t network;
    uint32_t devices;
    size_t first;
    size_t end;
};

struct ht_burst_field {
    struct ht_burst_point *by_time; /* in order of hub, time, case: a hub's are its cases' */
    struct ht_burst_point *by_site; /* in order of hub, network, time, case */
    struct ht_burst_site *sites;
    size_t *hub_site_first; /* by hub; one more at the end */
    float *weights;         /* by case */
    bool *taken;            /* by case: in a burst of the hub */
    double *closed;         /* by hub: clean closes, added up */
};

/* HT_OK or HT_E_NOMEM. ht_burst_field_release() frees. */
HT_MUST_CHECK enum ht_status ht_burst_field_init(const struct ht_docket *docket,
                                                 const struct ht_hub_facts *facts,
                                                 struct ht_burst_field *field);
void ht_burst_field_release(struct ht_burst_field *field);

/* Weigh the points by the posteriors, and take every case out of the bursts it was in. HT_OK or
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_burst_field_weigh(struct ht_docket *docket,
                                                  struct ht_burst_field *field);

#endif
