/* SPDX-License-Identifier: MIT */
#include "report/fisher.h"

#include <math.h>
#include <stdlib.h>

#include "base/factorial.h"

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static double log_term(const struct ht_table2 *table, uint64_t x) {
    return ht_log_choose(table->with, x) +
           ht_log_choose(table->all - table->with, table->affected - x) -
           ht_log_choose(table->all, table->affected);
}

double ht_fisher_log_p(const struct ht_table2 *table) {
    const uint64_t most = least(table->with, table->affected);
    const uint64_t without = table->all - table->with;
    double term = 1;
    double sum = 1;
    if (table->affected_with * table->all <= table->affected * table->with) {
        return 0;
    }
    for (uint64_t x = table->affected_with; x < most; x++) {
        term *= (double)(table->with - x) / (double)(x + 1);
        term *= (double)(table->affected - x) / (double)(without - (table->affected - x) + 1);
        sum += term;
        if (term < sum * 1e-16) {
            break;
        }
    }
    const double log_p = log_term(table, table->affected_with) + log(sum);
    return log_p < 0 ? log_p : 0;
}

double ht_fisher_log_p_least(const struct ht_table2 *table) {
    const double log_p = log_term(table, least(table->with, table->affected));
    return log_p < 0 ? log_p : 0;
}

double ht_fisher_odds_ratio(const struct ht_table2 *table) {
    const double a = (double)table->affected_with + 0.5;
    const double b = (double)(table->affected - table->affected_with) + 0.5;
    const double c = (double)(table->with - table->affected_with) + 0.5;
    const double d =
        (double)(table->all + table->affected_with - table->affected - table->with) + 0.5;
    return a * d / (b * c);
}

static int compare_doubles(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

size_t ht_tarone_tests(double *log_least, size_t count, double alpha) {
    size_t tests = 1;
    size_t possible = count;
    if (count > 1) {
        qsort(log_least, count, sizeof *log_least, compare_doubles);
    }
    for (;; tests++) {
        const double log_max = log(alpha) - log((double)tests);
        while (possible > 0 && log_least[possible - 1] > log_max) {
            possible--;
        }
        if (possible <= tests) {
            return tests;
        }
    }
}
