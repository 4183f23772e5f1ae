/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1 /* madvise(), which is not in POSIX */
#include "base/large.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/compiler.h"

#define PAGE_BYTES ((size_t)2 * 1024 * 1024)

/* True when the size does not fit. */
static bool measure(size_t count, size_t element_bytes, size_t *bytes) {
    return ht_mul_overflows(count > 0 ? count : 1, element_bytes, bytes) ||
           *bytes > SIZE_MAX - PAGE_BYTES;
}

#ifdef MADV_HUGEPAGE
void *ht_large_alloc(size_t count, size_t element_bytes) {
    size_t bytes = 0;
    if (measure(count, element_bytes, &bytes)) {
        return NULL;
    }
    if (bytes < 2 * PAGE_BYTES) {
        return malloc(bytes);
    }
    void *memory = aligned_alloc(PAGE_BYTES, (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
    if (memory != NULL) {
        (void)madvise(memory, bytes / PAGE_BYTES * PAGE_BYTES, MADV_HUGEPAGE);
    }
    return memory;
}
#else
void *ht_large_alloc(size_t count, size_t element_bytes) {
    size_t bytes = 0;
    return measure(count, element_bytes, &bytes) ? NULL : malloc(bytes);
}
#endif

void *ht_large_zeroed(size_t count, size_t element_bytes) {
    void *memory = ht_large_alloc(count, element_bytes);
    if (memory != NULL) {
        memset(memory, 0, (count > 0 ? count : 1) * element_bytes);
    }
    return memory;
}
