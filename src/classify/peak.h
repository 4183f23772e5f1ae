/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_PEAK_H
#define HT_CLASSIFY_PEAK_H
/* Finding sharp peaks among session ages. */
#include <stddef.h>
#include <stdint.h>

struct ht_peak {
    uint32_t low_s; /* both inclusive */
    uint32_t high_s;
    uint32_t count;  /* ages within */
    double expected; /* ages that its flanks let expect in it */
};

/*
 * The densest narrow window among ascending ages, by a Poisson likelihood ratio against its flanks,
 * widened to where its density falls off.
 *
 * @count_min  a peak needs as many ages.
 * Returns its log-likelihood ratio, or 0 when there is no peak; more than ht_peak_threshold() is
 * beyond chance.
 */
double ht_peak_find(const uint32_t *ages_s, size_t count, uint32_t count_min, struct ht_peak *peak);

/* Log-likelihood ratio of `seen` ages where the flanks let expect so many. */
double ht_peak_evidence(double seen, double expected);

/* Wanted of the densest of many windows: grows with log(count). */
double ht_peak_threshold(size_t count);

/* Take the ages of a peak out of an ascending array; returns the count that is left. */
size_t ht_peak_remove(uint32_t *ages_s, size_t count, const struct ht_peak *peak);

/* The middle one of the ages of a peak, which must hold one. */
uint32_t ht_peak_median(const uint32_t *ages_s, size_t count, const struct ht_peak *peak);

/* Ages in an ascending array that are at least age_s. */
size_t ht_ages_reaching(const uint32_t *ages_s, size_t count, uint32_t age_s);

#endif
