/* SPDX-License-Identifier: MIT */
#include "base/factorial.h"

#include <math.h>

/* Stirling's series; small ones by multiplication. */
double ht_log_factorial(uint64_t n) {
    double product = 1;
    if (n < 16) {
        for (uint64_t i = 2; i <= n; i++) {
            product *= (double)i;
        }
        return log(product);
    }
    const double x = (double)n;
    const double half_log_two_pi = 0.91893853320467274178;
    const double inverse_square = 1 / (x * x);
    return (x + 0.5) * log(x) - x + half_log_two_pi +
           (1.0 / 12 - inverse_square * (1.0 / 360 - inverse_square / 1260)) / x;
}

double ht_log_choose(uint64_t n, uint64_t k) {
    return ht_log_factorial(n) - ht_log_factorial(k) - ht_log_factorial(n - k);
}
