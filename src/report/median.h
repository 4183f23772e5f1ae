/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_MEDIAN_H
#define HT_REPORT_MEDIAN_H
#include <stddef.h>
#include <stdint.h>

/* Ascending order, in place. */
void ht_sort_u32(uint32_t *values, size_t count);

/* The value of that rank in ascending values, linear in count for large ones; may reorder. */
uint32_t ht_select_u32(uint32_t *values, size_t count, size_t rank);

/* The middle value, or the mean of the two middle ones, rounded down; count > 0; may reorder. */
uint32_t ht_median_u32(uint32_t *values, size_t count);

#endif
