/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_RNG_H
#define HT_SIMULATE_RNG_H
/*
 * Reproducible randomness: xoshiro256** (Blackman and Vigna) with one stream for each purpose, so
 * that an option of the output never changes the fleet. Nothing here calls the maths library: the
 * same seed gives the same bytes on every platform.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ht_sim_rng {
    uint64_t state[4];
};

void ht_sim_rng_seed(struct ht_sim_rng *rng, uint64_t seed, uint64_t stream);
uint64_t ht_sim_rng_next(struct ht_sim_rng *rng);

/* In [0, 1). */
double ht_sim_rng_unit(struct ht_sim_rng *rng);
bool ht_sim_rng_chance(struct ht_sim_rng *rng, double probability);

/* Whole number in [low, high]. */
int64_t ht_sim_rng_between(struct ht_sim_rng *rng, int64_t low, int64_t high);
double ht_sim_rng_uniform(struct ht_sim_rng *rng, double low, double high);
double ht_sim_rng_exponential(struct ht_sim_rng *rng, double mean);

/* Each doubling from low to high is equally likely; uniform inside one. */
double ht_sim_rng_log_uniform(struct ht_sim_rng *rng, double low, double high);

/* Index drawn by weight; the weights need no common sum. */
size_t ht_sim_rng_pick(struct ht_sim_rng *rng, const double *weights, size_t count);

#endif
