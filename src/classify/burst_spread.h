/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_BURST_SPREAD_H
#define HT_CLASSIFY_BURST_SPREAD_H
/*
 * How a burst spreads over address prefixes: trouble in a hub takes its share of every site, while
 * a site, or a carrier with a few prefixes, goes as a whole and leaves the others alone.
 */
#include <stdbool.h>

#include "classify/burst_scan.h"
#include "classify/hub_facts.h"

/* Weights of the points of a span, by what is known of their prefixes. */
struct ht_burst_spread {
    double total;
    double unknown;    /* without a prefix */
    double sites;      /* behind prefixes that went as a whole, at least the one hit most */
    size_t site_count; /* those prefixes */
    size_t prefixes;   /* the others that were hit */
};

/* networks: scratch for as many as there are points in the span. */
void ht_burst_spread_find(const struct ht_hub_facts *facts, uint32_t hub,
                          const struct ht_burst_point *points, const struct ht_burst_span *span,
                          uint32_t *networks, struct ht_burst_spread *spread);

/* Is it the hub? Then what is left without those sites is still beyond chance, and spreads. */
bool ht_burst_spread_is_wide(const struct ht_burst_spread *spread, double expected);

#endif
