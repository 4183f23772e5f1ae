/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_RADIX_H
#define HT_BASE_RADIX_H
/*
 * Sorting by digits: linear, stable, and as fast for a hostile order as for any other. Each takes
 * scratch memory for as many items, and only as many passes as the keys have digits that differ.
 */
#include <stddef.h>
#include <stdint.h>

struct ht_radix_item {
    uint64_t key;
    uint32_t value;
};

/* Ascending. */
void ht_radix_sort_u32(uint32_t *values, uint32_t *scratch, size_t count);

/* By key, ascending; equal keys stay in their order. */
void ht_radix_sort(struct ht_radix_item *items, struct ht_radix_item *scratch, size_t count);

#endif
