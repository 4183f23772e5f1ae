/* SPDX-License-Identifier: MIT */
/* Orders by number: stable, whatever the keys and the threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/key_order.h"

enum { ITEMS_MAX = 200000 };

static uint32_t keys[ITEMS_MAX];
static uint32_t order[ITEMS_MAX];

/* Every item once, by key, then by place. */
static void check(size_t count) {
    static const unsigned threads[] = {1, 3};
    for (size_t t = 0; t < HT_ARRAY_LEN(threads); t++) {
        const struct ht_parallel parallel = {.threads = threads[t]};
        uint64_t sum = 0;
        assert_int_equal(ht_key_order(&parallel, keys, count, order), HT_OK);
        for (size_t i = 0; i < count; i++) {
            sum += order[i];
            assert_true(order[i] < count);
            if (i > 0) {
                const uint32_t before = keys[order[i - 1]];
                assert_true(before < keys[order[i]] ||
                            (before == keys[order[i]] && order[i - 1] < order[i]));
            }
        }
        assert_int_equal(sum, (uint64_t)count * (count > 0 ? count - 1 : 0) / 2);
    }
}

static void fill(size_t count, uint32_t mask) {
    uint32_t state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * UINT32_C(1664525) + UINT32_C(1013904223);
        keys[i] = (state >> 8 ^ state << 24) & mask;
    }
}

static void test_widths(void **state) {
    static const uint32_t masks[] = {0, 1, 0x1FF, 0x3FF, 0x1FFFFF, 0x3FFFFF, UINT32_MAX};
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(masks); i++) {
        fill(ITEMS_MAX, masks[i]);
        check(ITEMS_MAX);
    }
}

static void test_few(void **state) {
    (void)state;
    for (size_t count = 0; count < 4; count++) {
        fill(count, UINT32_MAX);
        check(count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
