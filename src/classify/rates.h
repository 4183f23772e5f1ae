/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_RATES_H
#define HT_CLASSIFY_RATES_H
/*
 * How often things happen, per second of connection: to the fleet, to each cluster, and to each
 * device, whose own rate is pulled to the fleet's as far as little has been seen of it.
 */
#include "classify/case.h"
#include "classify/clock.h"

struct ht_device_rate {
    double connected_s;
    float ends[HT_H_COUNT]; /* posteriors of its cases, added up */
    float loose;            /* its ends that show a token outside every rhythm */
};

struct ht_rates {
    double fleet[HT_H_COUNT];
    double *token;                  /* by cluster: ends by a token, per second */
    struct ht_device_rate *devices; /* by device */
};

/* First guesses. HT_OK or HT_E_NOMEM. ht_rates_release() frees. */
HT_MUST_CHECK enum ht_status ht_rates_init(const struct ht_docket *docket, struct ht_rates *rates);
void ht_rates_release(struct ht_rates *rates);

/* From the posteriors. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_rates_learn(const struct ht_docket *docket,
                                            const struct ht_clock *clock, struct ht_rates *rates);

/* A device's rate of a hypothesis as its other cases tell it: the case does not speak for itself.
 */
double ht_rate_of_device(const struct ht_rates *rates, const struct ht_case *item,
                         enum ht_hypothesis hypothesis);

/*
 * How often tokens of the case's device end outside every rhythm, as its other ends show by their
 * codes: own clients renew when they like, and some hubs' grace differs each time.
 */
double ht_rate_of_loose_tokens(const struct ht_docket *docket, const struct ht_clock *clock,
                               const struct ht_rates *rates, size_t index);

#endif
