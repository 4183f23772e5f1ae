/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* mmap() of no file, madvise() */
#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/compiler.h"

/* Small tables come from malloc, in whole lines of memory. */
enum { LINE_BYTES = 64 };
#define LARGE_BYTES ((size_t)2 * 1024 * 1024)

#if defined(MAP_ANONYMOUS)
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
#else
static void *map_large(size_t bytes) {
    (void)bytes;
    return NULL;
}

static bool is_large(size_t bytes) {
    (void)bytes;
    return false;
}

#define munmap(address, bytes) 0
#endif

void *ht_pages_new(size_t bytes) {
    if (is_large(bytes)) {
        return map_large(bytes);
    }
    const size_t whole = (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    void *pages = aligned_alloc(LINE_BYTES, whole > 0 ? whole : LINE_BYTES);
    if (pages != NULL) {
        memset(pages, 0, whole);
    }
    return pages;
}

void ht_pages_free(void *pages, size_t bytes) {
    if (pages != NULL && is_large(bytes)) {
        (void)munmap(pages, bytes);
    } else {
        free(pages);
    }
}
