/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_PEAK_H
#define HT_CLASSIFY_PEAK_H
/* Finding sharp peaks among session ages. */
#include <stddef.h>
#include <stdint.h>

/* Ages, which are whole seconds: each distinct one, ascending, and how many are below it. */
struct ht_ages {
    uint32_t *age_s;
    uint32_t *below; /* one more at the end: how many there are */
    size_t count;    /* of distinct ones */
};

/*
 * Ages from an ascending array, which is used up: both arrays stay the caller's.
 *
 * @below  room for one more than there are.
 */
struct ht_ages ht_ages_make(uint32_t *ages_s, size_t count, uint32_t *below);

static inline size_t ht_ages_total(const struct ht_ages *ages) {
    return ages->below[ages->count];
}

struct ht_peak {
    uint32_t low_s; /* both inclusive */
    uint32_t high_s;
    uint32_t count;  /* ages within */
    double expected; /* ages that its flanks let expect in it */
};

/*
 * The densest narrow window, by a Poisson likelihood ratio against its flanks, widened to where its
 * density falls off.
 *
 * @count_min  a peak needs as many ages.
 * Returns its log-likelihood ratio, or 0 when there is no peak; more than ht_peak_threshold() is
 * beyond chance.
 */
double ht_peak_find(const struct ht_ages *ages, uint32_t count_min, struct ht_peak *peak);

/* Log-likelihood ratio of `seen` ages where the flanks let expect so many. */
double ht_peak_evidence(double seen, double expected);

/* Wanted of the densest of many windows: grows with log(count). */
double ht_peak_threshold(size_t count);

/* Take the ages of a peak out. */
void ht_peak_remove(struct ht_ages *ages, const struct ht_peak *peak);

/* The middle one of the ages of a peak, which must hold one. */
uint32_t ht_peak_median(const struct ht_ages *ages, const struct ht_peak *peak);

/* Values in an ascending array that are below one. */
size_t ht_ages_below(const uint32_t *ages_s, size_t count, uint32_t age_s);

#endif
