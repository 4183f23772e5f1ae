/* SPDX-License-Identifier: MIT */
#include "simulate/rng.h"

static uint64_t split_mix(uint64_t *state) {
    uint64_t mixed = (*state += UINT64_C(0x9E3779B97F4A7C15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

void ht_sim_rng_seed(struct ht_sim_rng *rng, uint64_t seed, uint64_t stream) {
    uint64_t state = seed * UINT64_C(0xD1342543DE82EF95) + stream;
    for (size_t i = 0; i < 4; i++) {
        rng->state[i] = split_mix(&state);
    }
}

static uint64_t rotate_left(uint64_t value, unsigned bits) {
    return (value << bits) | (value >> (64 - bits));
}

uint64_t ht_sim_rng_next(struct ht_sim_rng *rng) {
    uint64_t *state = rng->state;
    const uint64_t result = rotate_left(state[1] * 5, 7) * 9;
    const uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

double ht_sim_rng_unit(struct ht_sim_rng *rng) {
    return (double)(ht_sim_rng_next(rng) >> 11) * 0x1p-53;
}

bool ht_sim_rng_chance(struct ht_sim_rng *rng, double probability) {
    return ht_sim_rng_unit(rng) < probability;
}

int64_t ht_sim_rng_between(struct ht_sim_rng *rng, int64_t low, int64_t high) {
    if (high <= low) {
        return low;
    }
    const uint64_t span = (uint64_t)(high - low) + 1;
    return low + (int64_t)(ht_sim_rng_next(rng) % span);
}

double ht_sim_rng_uniform(struct ht_sim_rng *rng, double low, double high) {
    return low + (high - low) * ht_sim_rng_unit(rng);
}

/* J. von Neumann's way needs comparisons only: a run of falling numbers has even length with
 * probability exp(-first). */
double ht_sim_rng_exponential(struct ht_sim_rng *rng, double mean) {
    for (double whole = 0;; whole += 1) {
        const double first = ht_sim_rng_unit(rng);
        double last = first;
        unsigned count = 1;
        double drawn = ht_sim_rng_unit(rng);
        for (count++; drawn <= last; count++) {
            last = drawn;
            drawn = ht_sim_rng_unit(rng);
        }
        if (count % 2 == 0) {
            return mean * (whole + first);
        }
    }
}

double ht_sim_rng_log_uniform(struct ht_sim_rng *rng, double low, double high) {
    double doublings = 0;
    double edge = low;
    while (edge * 2 <= high) {
        edge *= 2;
        doublings += 1;
    }
    doublings += high / edge - 1;
    double left = ht_sim_rng_unit(rng) * doublings;
    double value = low;
    for (; left >= 1; left -= 1) {
        value *= 2;
    }
    return value * (1 + left);
}

size_t ht_sim_rng_pick(struct ht_sim_rng *rng, const double *weights, size_t count) {
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += weights[i];
    }
    double left = ht_sim_rng_unit(rng) * total;
    for (size_t i = 0; i + 1 < count; i++) {
        left -= weights[i];
        if (left < 0) {
            return i;
        }
    }
    return count - 1;
}
