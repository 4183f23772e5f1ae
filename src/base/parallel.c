/* SPDX-License-Identifier: MIT */
/*
 * Threads live as long as one loop: starting them costs some ten microseconds, and there is no pool
 * to keep, to share or to end. The next block is an atomic counter; the calling thread works too.
 */
#include "base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "base/check.h"

struct loop {
    ht_block_fn *fn;
    void *ctx;
    size_t count;
    size_t block_items;
    size_t block_count;
    atomic_size_t next;
    atomic_bool failed; /* no further block is begun */
};

struct worker {
    struct loop *loop;
    pthread_t thread;
    unsigned number;
    size_t failed_block; /* SIZE_MAX = none */
    enum ht_status status;
};

unsigned ht_parallel_threads(const struct ht_parallel *parallel) {
    if (parallel == NULL) {
        return 1;
    }
    unsigned threads = parallel->threads;
    if (threads == 0) {
        const long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores > 0 && cores <= HT_THREADS_MAX ? (unsigned)cores : 1;
    }
    return threads < HT_THREADS_MAX ? threads : HT_THREADS_MAX;
}

size_t ht_parallel_block_count(size_t count, size_t block_items) {
    HT_ASSERT(block_items > 0);
    return count / block_items + (count % block_items != 0);
}

/* Blocks are begun in order, so every block before a failed one is finished: the least of the
 * failed ones does not depend on the threads. */
static void work(struct worker *worker) {
    struct loop *loop = worker->loop;
    while (!atomic_load_explicit(&loop->failed, memory_order_relaxed)) {
        const size_t index = atomic_fetch_add_explicit(&loop->next, 1, memory_order_relaxed);
        if (index >= loop->block_count) {
            return;
        }
        const size_t begin = index * loop->block_items;
        const size_t left = loop->count - begin;
        const struct ht_block block = {
            .index = index,
            .begin = begin,
            .end = begin + (left < loop->block_items ? left : loop->block_items),
            .worker = worker->number,
        };
        worker->status = loop->fn(loop->ctx, &block);
        if (worker->status != HT_OK) {
            worker->failed_block = index;
            atomic_store_explicit(&loop->failed, true, memory_order_relaxed);
            return;
        }
    }
}

static void *run(void *worker) {
    work(worker);
    return NULL;
}

/* Signals are the program's, and go to its own threads. */
static bool start(struct worker *worker) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
        return false;
    }
    const bool started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum ht_status ht_parallel_for(const struct ht_parallel *parallel, size_t count, size_t block_items,
                               ht_block_fn *fn, void *ctx) {
    struct worker workers[HT_THREADS_MAX];
    struct loop loop = {
        .fn = fn,
        .ctx = ctx,
        .count = count,
        .block_items = block_items,
        .block_count = ht_parallel_block_count(count, block_items),
    };
    size_t wanted = ht_parallel_threads(parallel);
    wanted = wanted < loop.block_count ? wanted : loop.block_count;
    size_t started = 1;
    workers[0] = (struct worker){.loop = &loop, .failed_block = SIZE_MAX, .status = HT_OK};
    for (; started < wanted; started++) {
        workers[started] = workers[0];
        workers[started].number = (unsigned)started;
        if (!start(&workers[started])) {
            break;
        }
    }
    work(&workers[0]);
    const struct worker *first = &workers[0];
    for (size_t i = 1; i < started; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        first = workers[i].failed_block < first->failed_block ? &workers[i] : first;
    }
    return first->failed_block != SIZE_MAX ? first->status : HT_OK;
}

void ht_parallel_mark(const struct ht_parallel *parallel, const char *stage) {
    if (parallel != NULL && parallel->mark != NULL) {
        parallel->mark(parallel->mark_ctx, stage);
    }
}
