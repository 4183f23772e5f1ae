/* SPDX-License-Identifier: MIT */
#ifndef HT_COMPARE_RATE_TEST_H
#define HT_COMPARE_RATE_TEST_H
#include <stdbool.h>
#include <stdint.h>

/* Events that were counted in an exposure, such as device days. */
struct ht_rate {
    uint64_t events;
    double exposure;
};

/*
 * ht_rate_exceeds() - whether rate a is above rate b beyond chance: the conditional test of two
 * Poisson rates. Were they equal, the events of a would be a draw from Binomial(all events, a's
 * part of the exposure); true when the probability of that many or more is at most p_max. False
 * when an exposure is not above 0.
 */
bool ht_rate_exceeds(const struct ht_rate *a, const struct ht_rate *b, double p_max);

#endif
