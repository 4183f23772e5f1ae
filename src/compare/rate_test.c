/* SPDX-License-Identifier: MIT */
#include "compare/rate_test.h"

#include <math.h>

#include "base/factorial.h"

bool ht_rate_exceeds(const struct ht_rate *a, const struct ht_rate *b, double p_max) {
    if (!(a->exposure > 0) || !(b->exposure > 0) ||
        !((double)a->events * b->exposure > (double)b->events * a->exposure)) {
        return false;
    }
    const uint64_t all = a->events + b->events;
    const double part = a->exposure / (a->exposure + b->exposure);
    const double odds = part / (1 - part);
    double term = 1;
    double sum = 1;
    for (uint64_t x = a->events; x < all && term > sum * 1e-16; x++) {
        term *= (double)(all - x) / (double)(x + 1) * odds;
        sum += term;
    }
    const double log_p = ht_log_choose(all, a->events) + (double)a->events * log(part) +
                         (double)b->events * log1p(-part) + log(sum);
    return log_p <= log(p_max);
}
