/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_GROW_H
#define HT_BASE_GROW_H
/*
 * ht_grow() - make room for at least count_wanted elements in a heap array.
 *
 * @array           address of the array pointer; NULL inside means an empty array.
 * @capacity        elements allocated; updated.
 * @count_wanted    elements that must fit.
 * @count_max       ceiling: every growable thing has one.
 * @element_bytes   size of one element.
 *
 * Grows by half, so that appending is amortised O(1) and the peak while copying stays low.
 * Returns HT_OK, HT_E_LIMIT (nothing changed) or HT_E_NOMEM (nothing changed). Free with free().
 */
#include <stddef.h>

#include "hubtriage/err.h"

HT_MUST_CHECK enum ht_status ht_grow(void *array, size_t *capacity, size_t count_wanted,
                                     size_t count_max, size_t element_bytes);

#endif
