/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_FISHER_H
#define HT_REPORT_FISHER_H
/* Fisher's exact test of a two by two table, and how many such tests count. */
#include <stddef.h>
#include <stdint.h>

/* Of all devices, those with a property; of the affected, those with it. */
struct ht_table2 {
    uint64_t all;
    uint64_t with;
    uint64_t affected;
    uint64_t affected_with;
};

/*
 * Natural logarithm of the probability of at least affected_with successes: the upper tail of the
 * hypergeometric distribution, sum over x of C(with, x) C(all - with, affected - x) / C(all,
 * affected). 0 when there are no more of them than expected. Relative error of the probability
 * below 1e-7 up to 4 million devices. Cost: the terms up to where they no longer matter.
 */
double ht_fisher_log_p(const struct ht_table2 *table);

/* The smallest that these margins allow: when all that could have the property do. */
double ht_fisher_log_p_least(const struct ht_table2 *table);

/* (a + .5)(d + .5) / (b + .5)(c + .5) */
double ht_fisher_odds_ratio(const struct ht_table2 *table);

/*
 * Tarone's number of tests: the least k >= 1 such that at most k of these least probabilities are
 * not above alpha / k. What is at most alpha / k then holds for all tests together at alpha. Sorts
 * the logarithms, in place; those above log(alpha) may be left out.
 */
size_t ht_tarone_tests(double *log_least, size_t count, double alpha);

#endif
