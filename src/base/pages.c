/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* mmap() of no file, madvise() */
#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/compiler.h"

#define LARGE_BYTES ((size_t)2 * 1024 * 1024)

/* A multiple of the large page, at an address that is one, too. */
static void *map_large(size_t bytes) {
    size_t span = 0;
    if (ht_add_overflows(bytes, LARGE_BYTES, &span)) {
        return NULL;
    }
    char *base = mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return NULL;
    }
    const size_t before = (LARGE_BYTES - ((uintptr_t)base & (LARGE_BYTES - 1))) % LARGE_BYTES;
    if (before > 0) {
        (void)munmap(base, before);
    }
    (void)munmap(base + before + bytes, LARGE_BYTES - before);
#if defined(MADV_HUGEPAGE)
    (void)madvise(base + before, bytes, MADV_HUGEPAGE);
#endif
    return base + before;
}

static bool is_large(size_t bytes) {
    return bytes >= LARGE_BYTES && bytes % LARGE_BYTES == 0;
}
void *ht_pages_new(size_t bytes) {
    if (is_large(bytes)) {
        return map_large(bytes);
    }
    return calloc(1, bytes > 0 ? bytes : 1);
}

void ht_pages_free(void *pages, size_t bytes) {
    if (pages != NULL && is_large(bytes)) {
        (void)munmap(pages, bytes);
    } else {
        free(pages);
    }
}
