/* SPDX-License-Identifier: MIT */
#include "classify/burst_spread.h"

#include <stdlib.h>

#include "classify/parameters.h"

static int compare_u32(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static size_t run_length(const uint32_t *networks, size_t count, size_t first) {
    size_t same = 1;
    while (first + same < count && networks[first + same] == networks[first]) {
        same++;
    }
    return same;
}

/* Most of a prefix's devices were hit, and far more than of the hub as a whole. */
static bool went_as_a_whole(const struct ht_hub_facts *facts, uint32_t hub, uint32_t network,
                            size_t hit, double hub_share) {
    const double devices = ht_hub_place_devices(facts, hub, network);
    return hit >= HT_SITE_DEVICES_MIN && (double)hit >= HT_SITE_WHOLE_SHARE * devices &&
           (double)hit >= HT_SITE_WHOLE_FACTOR * hub_share * devices;
}

static void add_sites(const struct ht_hub_facts *facts, uint32_t hub, const uint32_t *networks,
                      size_t count, struct ht_burst_spread *spread) {
    const double hub_share = spread->total / (double)facts->log->hubs[hub].device_count;
    size_t longest = 0; /* among those that did not go as a whole */
    for (size_t i = 0; i < count;) {
        const size_t hit = run_length(networks, count, i);
        if (networks[i] == 0) {
            spread->unknown += (double)hit;
        } else if (went_as_a_whole(facts, hub, networks[i], hit, hub_share)) {
            spread->sites += (double)hit;
            spread->site_count++;
        } else {
            spread->prefixes++;
            longest = hit > longest ? hit : longest;
        }
        i += hit;
    }
    if (spread->site_count == 0 && longest > 0) {
        spread->sites = (double)longest;
        spread->site_count = 1;
        spread->prefixes--;
    }
}

void ht_burst_spread_find(const struct ht_hub_facts *facts, uint32_t hub,
                          const struct ht_burst_point *points, const struct ht_burst_span *span,
                          uint32_t *networks, struct ht_burst_spread *spread) {
    size_t count = 0;
    *spread = (struct ht_burst_spread){.total = 0};
    for (size_t i = span->first; i < span->end; i++) {
        spread->total += (double)points[i].weight;
        if (points[i].weight > (float)HT_FAIR_ODDS) {
            networks[count++] = points[i].network;
        }
    }
    qsort(networks, count, sizeof *networks, compare_u32);
    add_sites(facts, hub, networks, count, spread);
}

bool ht_burst_spread_is_wide(const struct ht_burst_spread *spread, double expected) {
    const double rest = spread->total - spread->sites;
    return rest >= HT_BURST_REST_MIN && spread->prefixes >= HT_BURST_REST_MIN &&
           ht_burst_surprise(rest, expected + HT_BURST_FLOOR) > HT_BURST_EVIDENCE;
}
