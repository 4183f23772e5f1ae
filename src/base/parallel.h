/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_PARALLEL_H
#define HT_BASE_PARALLEL_H
/*
 * Loops over fixed blocks, on several threads. What a block is does not depend on how many threads
 * there are, nor on which of them takes it: work whose blocks write to places of their own gives
 * the same result always. A sum is kept by block, and added up in the order of the blocks.
 */
#include <stddef.h>

#include "hubtriage/err.h"

/* How a stage may work. A null pointer in its place: one thread, unwatched. */
struct ht_parallel {
    unsigned threads;                           /* 0 = as many as the machine has cores */
    void (*mark)(void *ctx, const char *stage); /* what begins now, for a developer's clock; or
                                                   NULL. Called by the calling thread alone. */
    void *mark_ctx;
};

/* Items [begin, end). worker is below ht_parallel_threads(): at any time, one block of a worker
 * runs, so that it may have scratch memory of its own. */
struct ht_block {
    size_t index;
    size_t begin;
    size_t end;
    unsigned worker;
};

typedef enum ht_status ht_block_fn(void *ctx, const struct ht_block *block);

enum { HT_THREADS_MAX = 256 };

/* At least 1, at most HT_THREADS_MAX. */
unsigned ht_parallel_threads(const struct ht_parallel *parallel);

size_t ht_parallel_block_count(size_t count, size_t block_items);

/*
 * ht_parallel_for() - call fn for each block of block_items items (the last may be shorter) of
 * count. Blocks are begun in order. With one thread, or one block, no thread is started; a thread
 * that the system refuses is done without.
 *
 * Returns HT_OK, or what the first block that failed returned, in the order of the blocks: those
 * behind it need not have been called.
 */
HT_MUST_CHECK enum ht_status ht_parallel_for(const struct ht_parallel *parallel, size_t count,
                                             size_t block_items, ht_block_fn *fn, void *ctx);

void ht_parallel_mark(const struct ht_parallel *parallel, const char *stage);

#endif
