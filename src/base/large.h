/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_LARGE_H
#define HT_BASE_LARGE_H
/*
 * Memory of large arrays that are filled from end to end. The system is asked for large pages:
 * without them, the first touch of each 4 KiB costs more than most of what is then done with it.
 */
#include <stddef.h>

/* Memory for an array, at least one element, so that NULL always means "no memory". To be given to
 * free(). */
void *ht_large_alloc(size_t count, size_t element_bytes);

/* The same, all zeros. */
void *ht_large_zeroed(size_t count, size_t element_bytes);

#endif
