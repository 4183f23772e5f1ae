/* SPDX-License-Identifier: MIT */
#include "report/median.h"

#include <stdlib.h>

#include "base/check.h"

enum { SMALL = 4096, HALF_BITS = 16, HALF_COUNT = 1 << HALF_BITS };

static int compare_u32(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

void ht_sort_u32(uint32_t *values, size_t count) {
    if (count > 1) {
        qsort(values, count, sizeof *values, compare_u32);
    }
}

/* Find the upper half of the value wanted by counting, keep only values that have it, count their
 * lower halves: linear whatever the values, which a hostile log may choose. */
uint32_t ht_select_u32(uint32_t *values, size_t count, size_t rank) {
    HT_ASSERT(rank < count);
    size_t *counts = count > SMALL ? calloc(HALF_COUNT, sizeof *counts) : NULL;
    if (counts == NULL) { /* small, or no memory: sorting needs none */
        ht_sort_u32(values, count);
        return values[rank];
    }
    for (size_t i = 0; i < count; i++) {
        counts[values[i] >> HALF_BITS]++;
    }
    uint32_t upper = 0;
    for (; rank >= counts[upper]; upper++) {
        rank -= counts[upper];
    }
    for (size_t i = 0; i < HALF_COUNT; i++) {
        counts[i] = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (values[i] >> HALF_BITS == upper) {
            counts[values[i] & (HALF_COUNT - 1)]++;
        }
    }
    uint32_t lower = 0;
    for (; rank >= counts[lower]; lower++) {
        rank -= counts[lower];
    }
    free(counts);
    return upper << HALF_BITS | lower;
}

uint32_t ht_median_u32(uint32_t *values, size_t count) {
    HT_ASSERT(count > 0);
    const uint64_t low = ht_select_u32(values, count, (count - 1) / 2);
    const uint64_t high = count % 2 == 0 ? ht_select_u32(values, count, count / 2) : low;
    return (uint32_t)((low + high) / 2);
}
