/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/compiler.h"

enum { BLOCK_BYTES = 64 * 1024 };

struct ht_arena_block {
    struct ht_arena_block *older;
    size_t size_bytes;
    alignas(max_align_t) char bytes[];
};

void ht_arena_init(struct ht_arena *arena, size_t limit_bytes) {
    *arena = (struct ht_arena){.limit_bytes = limit_bytes};
}

static void free_blocks(struct ht_arena_block *block) {
    while (block != NULL) {
        struct ht_arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void ht_arena_reset(struct ht_arena *arena) {
    if (arena->blocks != NULL) {
        free_blocks(arena->blocks->older);
        arena->blocks->older = NULL;
    }
    arena->used_bytes = 0;
    arena->total_bytes = 0;
}

void ht_arena_release(struct ht_arena *arena) {
    free_blocks(arena->blocks);
    ht_arena_init(arena, arena->limit_bytes);
}

static bool add_block(struct ht_arena *arena, size_t at_least) {
    const size_t size = at_least > BLOCK_BYTES ? at_least : BLOCK_BYTES;
    size_t bytes = 0;
    if (ht_add_overflows(size, sizeof(struct ht_arena_block), &bytes)) {
        return false;
    }
    struct ht_arena_block *block = malloc(bytes);
    if (block == NULL) {
        return false;
    }
    block->older = arena->blocks;
    block->size_bytes = size;
    arena->blocks = block;
    arena->used_bytes = 0;
    return true;
}

void *ht_arena_alloc(struct ht_arena *arena, size_t size_bytes, size_t align) {
    HT_ASSERT(align > 0 && (align & (align - 1)) == 0 && align <= alignof(max_align_t));
    size_t total = 0;
    if (ht_add_overflows(arena->total_bytes, size_bytes, &total) || total > arena->limit_bytes) {
        return NULL;
    }
    size_t start = (arena->used_bytes + align - 1) & ~(align - 1);
    if (arena->blocks == NULL || start > arena->blocks->size_bytes ||
        arena->blocks->size_bytes - start < size_bytes) {
        if (!add_block(arena, size_bytes)) {
            return NULL;
        }
        start = 0;
    }
    char *piece = arena->blocks->bytes + start;
    arena->used_bytes = start + size_bytes;
    arena->total_bytes = total;
    memset(piece, 0, size_bytes);
    return piece;
}

enum ht_status ht_arena_copy(struct ht_arena *arena, struct ht_str src, struct ht_str *out) {
    if (src.len == SIZE_MAX) {
        return HT_E_NOMEM;
    }
    char *copy = ht_arena_alloc(arena, src.len + 1, 1);
    if (copy == NULL) {
        return HT_E_NOMEM;
    }
    if (src.len > 0) {
        memcpy(copy, src.ptr, src.len);
    }
    *out = (struct ht_str){copy, src.len};
    return HT_OK;
}
