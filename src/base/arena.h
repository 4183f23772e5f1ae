/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_ARENA_H
#define HT_BASE_ARENA_H
/*
 * struct ht_arena - memory with one common lifetime: allocate piece by piece, free all at once.
 *
 * Invariants: pieces are zeroed and aligned as asked; a piece never moves; the sum of all pieces
 * never exceeds the ceiling given to ht_arena_init(). Not thread-safe.
 *
 * Life cycle: init (allocates nothing), reset (keeps one block for reuse), release (frees all).
 */
#include <stddef.h>

#include "base/str.h"
#include "hubtriage/err.h"

struct ht_arena_block;

struct ht_arena {
    struct ht_arena_block *blocks; /* newest first */
    size_t used_bytes;             /* handed out from the newest block */
    size_t total_bytes;            /* handed out since the last reset */
    size_t limit_bytes;
};

void ht_arena_init(struct ht_arena *arena, size_t limit_bytes);
void ht_arena_reset(struct ht_arena *arena);
void ht_arena_release(struct ht_arena *arena);

/* Zeroed memory, or NULL when the ceiling or the machine's memory is reached. align: a power of
 * two. */
void *ht_arena_alloc(struct ht_arena *arena, size_t size_bytes, size_t align);

/* A NUL-terminated copy of src; the NUL is not counted in out->len. */
HT_MUST_CHECK enum ht_status ht_arena_copy(struct ht_arena *arena, struct ht_str src,
                                           struct ht_str *out);

#endif
