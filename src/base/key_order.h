/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_KEY_ORDER_H
#define HT_BASE_KEY_ORDER_H
/* Ordering many items by numbers, on several threads. */
#include <stddef.h>
#include <stdint.h>

#include "base/parallel.h"

/*
 * ht_key_order() - put items in the order of their keys; equal keys stay in their order.
 *
 * @keys   of the items; those of one order should be dense: time grows with the bits of the
 * largest.
 * @order  room for as many: the indices of the items, in their new order.
 * @count  below 2^32.
 * Returns HT_OK or HT_E_NOMEM. Linear; 8 bytes an item of scratch memory.
 */
HT_MUST_CHECK enum ht_status ht_key_order(const struct ht_parallel *parallel, const uint32_t *keys,
                                          size_t count, uint32_t *order);

#endif
