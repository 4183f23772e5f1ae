/* SPDX-License-Identifier: MIT */
/* Loops on several threads: every item once, blocks that do not depend on the threads, the first
 * failure told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/parallel.h"

enum { ITEMS = 10007, BLOCK_ITEMS = 16, BLOCKS = (ITEMS + BLOCK_ITEMS - 1) / BLOCK_ITEMS };

static const unsigned threads[] = {1, 2, 3, 8, 64};

struct visit {
    unsigned char seen[ITEMS];
    size_t begins[BLOCKS];
    atomic_bool busy[HT_THREADS_MAX]; /* by worker */
    unsigned thread_count;
};

static enum ht_status visit_block(void *ctx, const struct ht_block *block) {
    struct visit *visit = ctx;
    if (block->worker >= visit->thread_count ||
        atomic_exchange(&visit->busy[block->worker], true)) {
        return HT_E_DATA;
    }
    visit->begins[block->index] = block->begin;
    for (size_t i = block->begin; i < block->end; i++) {
        visit->seen[i]++;
    }
    atomic_store(&visit->busy[block->worker], false);
    return HT_OK;
}

static void test_every_item_once(void **state) {
    (void)state;
    for (size_t t = 0; t < HT_ARRAY_LEN(threads); t++) {
        static struct visit visit;
        const struct ht_parallel parallel = {.threads = threads[t]};
        memset(&visit, 0, sizeof visit);
        visit.thread_count = threads[t];
        assert_int_equal(ht_parallel_for(&parallel, ITEMS, BLOCK_ITEMS, visit_block, &visit),
                         HT_OK);
        for (size_t i = 0; i < ITEMS; i++) {
            assert_int_equal(visit.seen[i], 1);
        }
        for (size_t b = 0; b < BLOCKS; b++) {
            assert_int_equal(visit.begins[b], b * BLOCK_ITEMS);
        }
    }
}

static enum ht_status fail_at(void *ctx, const struct ht_block *block) {
    const size_t *failing = ctx;
    if (block->index == failing[0]) {
        return HT_E_NOMEM;
    }
    return block->index == failing[1] ? HT_E_LIMIT : HT_OK;
}

static void test_first_failure(void **state) {
    (void)state;
    for (size_t t = 0; t < HT_ARRAY_LEN(threads); t++) {
        const struct ht_parallel parallel = {.threads = threads[t]};
        for (int round = 0; round < 50; round++) {
            size_t failing[2] = {7, 8};
            assert_int_equal(ht_parallel_for(&parallel, ITEMS, BLOCK_ITEMS, fail_at, failing),
                             HT_E_NOMEM);
            failing[0] = BLOCKS - 1;
            failing[1] = 0;
            assert_int_equal(ht_parallel_for(&parallel, ITEMS, BLOCK_ITEMS, fail_at, failing),
                             HT_E_LIMIT);
        }
    }
}

static enum ht_status count_call(void *ctx, const struct ht_block *block) {
    atomic_size_t *calls = ctx;
    atomic_fetch_add(calls, block->end - block->begin);
    return HT_OK;
}

static void test_few_items(void **state) {
    (void)state;
    const struct ht_parallel parallel = {.threads = 8};
    for (size_t count = 0; count < 40; count++) {
        atomic_size_t calls = 0;
        assert_int_equal(ht_parallel_for(&parallel, count, BLOCK_ITEMS, count_call, &calls), HT_OK);
        assert_int_equal(calls, count);
        calls = 0;
        assert_int_equal(ht_parallel_for(NULL, count, 1, count_call, &calls), HT_OK);
        assert_int_equal(calls, count);
    }
    assert_int_equal(ht_parallel_block_count(0, 4), 0);
    assert_int_equal(ht_parallel_block_count(4, 4), 1);
    assert_int_equal(ht_parallel_block_count(5, 4), 2);
    assert_int_equal(ht_parallel_block_count(SIZE_MAX, 2), SIZE_MAX / 2 + 1);
}

static void test_threads(void **state) {
    (void)state;
    assert_int_equal(ht_parallel_threads(NULL), 1);
    assert_int_equal(ht_parallel_threads(&(struct ht_parallel){.threads = 3}), 3);
    assert_int_equal(ht_parallel_threads(&(struct ht_parallel){.threads = UINT32_MAX}),
                     HT_THREADS_MAX);
    assert_in_range(ht_parallel_threads(&(struct ht_parallel){.threads = 0}), 1, HT_THREADS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_item_once),
        cmocka_unit_test(test_first_failure),
        cmocka_unit_test(test_few_items),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
