/* SPDX-License-Identifier: MIT */
#ifndef FLEET_RNG_H
#define FLEET_RNG_H
/*
 * Reproducible randomness: xoshiro256** (Blackman and Vigna) with one stream for each purpose, so
 * that an option of the output never changes the fleet. Nothing here calls the maths library: the
 * same seed gives the same bytes on every platform.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state[4];
};

void rng_seed(struct rng *rng, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *rng);

/* In [0, 1). */
double rng_unit(struct rng *rng);
bool rng_chance(struct rng *rng, double probability);

/* Whole number in [low, high]. */
int64_t rng_between(struct rng *rng, int64_t low, int64_t high);
double rng_uniform(struct rng *rng, double low, double high);
double rng_exponential(struct rng *rng, double mean);

/* Each doubling from low to high is equally likely; uniform inside one. */
double rng_log_uniform(struct rng *rng, double low, double high);

/* Index drawn by weight; the weights need no common sum. */
size_t rng_pick(struct rng *rng, const double *weights, size_t count);

#endif
