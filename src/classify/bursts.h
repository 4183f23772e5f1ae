/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_BURSTS_H
#define HT_CLASSIFY_BURSTS_H
/*
 * Bursts: many disconnects at once that no rhythm explains, of a hub across its sites, or of one
 * site behind an address prefix. Looked for in what the posteriors leave over, so that fleets which
 * renew in step, and the echoes of an incident, vanish by themselves.
 */
#include "classify/burst_points.h"

struct ht_burst {
    int64_t start_us;
    int64_t end_us;
    uint32_t hub;
    uint32_t network;   /* the site's prefix; 0 for a burst of the hub */
    bool across_hub;    /* else of one site */
    uint32_t connected; /* sessions of the hub open when it began, or devices behind the prefix */
    uint32_t server_errors; /* 5xx records of the hub around it */
    double server_factor;   /* how much those speak for the hub, as a likelihood ratio */
};

struct ht_bursts {
    struct ht_burst *bursts;
    size_t count;
    size_t capacity;
    struct ht_burst_field field; /* made by the first search, released by whoever needs no more */
};

/*
 * Find the bursts in the posteriors of the docket, and set hub_burst, site_burst, hub_hazard and
 * site_hazard of every case. Replaces *bursts. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_bursts_find(struct ht_docket *docket,
                                            const struct ht_hub_facts *facts,
                                            struct ht_bursts *bursts);
void ht_bursts_release(struct ht_bursts *bursts);

/* So many devices at least are a burst of this hub: fewer in a small fleet. */
uint32_t ht_burst_devices_min(const struct ht_log *log, uint32_t hub);

#endif
