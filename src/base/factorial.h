/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_FACTORIAL_H
#define HT_BASE_FACTORIAL_H
#include <stdint.h>

/* ln n!, to 1e-15 of its value. (lgamma() writes a global.) */
double ht_log_factorial(uint64_t n);

/* ln of n over k; k <= n. */
double ht_log_choose(uint64_t n, uint64_t k);

#endif
