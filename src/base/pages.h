/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_PAGES_H
#define HT_BASE_PAGES_H
/*
 * Zeroed memory for tables that are looked up at random places. Large ones are asked for in large
 * pages, where the system has them: a look-up then costs one miss instead of two, and the memory
 * comes at once instead of 4 KiB at a time.
 */
#include <stddef.h>

/* NULL when there is no memory. */
void *ht_pages_new(size_t bytes);

/* bytes: as it was made. NULL is a no-op. */
void ht_pages_free(void *pages, size_t bytes);

#endif
