/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_RATES_H
#define HT_CLASSIFY_RATES_H
/*
 * How often things happen, per second of connection: to the fleet, to each cluster, and to each
 * device, whose own rate is pulled to the fleet's as far as little has been seen of it.
 */
#include "classify/case.h"
#include "classify/clock.h"
#include "classify/parameters.h"

struct ht_device_rate {
    double connected_s;
    float ends[HT_H_COUNT]; /* posteriors of its cases, added up */
    float loose;            /* its ends that show a token outside every rhythm */
};

/* Ends and seconds of each cluster. */
struct ht_cluster_rate {
    double connected_s;
    double token; /* ends by a token, per second */
};

struct ht_rates {
    double fleet[HT_H_COUNT];
    double strength_s[HT_H_COUNT]; /* seconds in which the fleet's rate counts as much as is given
                                      to it against a device's own */
    double least[HT_H_COUNT];      /* the least hazard against the fleet's rate */
    double connected_s;            /* of all devices */
    struct ht_cluster_rate *clusters;
    struct ht_device_rate *devices;
};

/* First guesses. HT_OK or HT_E_NOMEM. ht_rates_release() frees. */
HT_MUST_CHECK enum ht_status ht_rates_init(struct ht_docket *docket, struct ht_rates *rates);
void ht_rates_release(struct ht_rates *rates);

/* From the posteriors; what a case has counted for is kept in it. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_rates_learn(struct ht_docket *docket, const struct ht_clock *clock,
                                            struct ht_rates *rates);

/* A device's rate of an idle timeout, reset or close as its other cases tell it: the case does not
 * speak for itself. */
static inline double ht_rate_of_device(const struct ht_rates *rates, const struct ht_case *item,
                                       enum ht_hypothesis hypothesis) {
    const struct ht_device_rate *device = &rates->devices[item->device];
    const double others =
        (double)(device->ends[hypothesis] - item->counted[hypothesis - HT_H_IDLE]);
    return ((others > 0 ? others : 0) + HT_RATE_STRENGTH) /
           (device->connected_s + rates->strength_s[hypothesis]);
}

/*
 * How often tokens of the case's device end outside every rhythm, as its other ends show by their
 * codes: own clients renew when they like, and some hubs' grace differs each time.
 */
static inline double ht_rate_of_loose_tokens(const struct ht_rates *rates,
                                             const struct ht_case *item) {
    const struct ht_device_rate *device = &rates->devices[item->device];
    const double others = (double)device->loose - (item->loose ? 1 : 0);
    return HT_RATE_TOKEN_FLOOR +
           (others > 1 ? HT_LOOSE_SHARE * others / (device->connected_s + 1) : 0);
}

#endif
