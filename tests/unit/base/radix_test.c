/* SPDX-License-Identifier: MIT */
/* Sorting by digits: ascending, stable, for every width of key and few or many items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/radix.h"

enum { ITEMS = 5000 };

static uint64_t next(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state ^ *state >> 29;
}

static const size_t counts[] = {0, 1, 2, 47, 48, 49, ITEMS};
static const uint64_t masks[] = {0,       1,          0x7FF,      0x800,
                                 0xFFFFF, UINT32_MAX, UINT64_MAX, UINT64_C(0xFF) << 56};

static void test_numbers(void **state) {
    (void)state;
    static uint32_t values[ITEMS];
    static uint32_t scratch[ITEMS];
    uint64_t random = 1;
    for (size_t m = 0; m < HT_ARRAY_LEN(masks); m++) {
        for (size_t c = 0; c < HT_ARRAY_LEN(counts); c++) {
            uint64_t sum = 0;
            for (size_t i = 0; i < counts[c]; i++) {
                values[i] = (uint32_t)(next(&random) & masks[m]);
                sum += values[i];
            }
            ht_radix_sort_u32(values, scratch, counts[c]);
            for (size_t i = 0; i < counts[c]; i++) {
                assert_true(i == 0 || values[i - 1] <= values[i]);
                sum -= values[i];
            }
            assert_int_equal(sum, 0);
        }
    }
}

static void test_items(void **state) {
    (void)state;
    static struct ht_radix_item items[ITEMS];
    static struct ht_radix_item scratch[ITEMS];
    static uint64_t keys[ITEMS];
    uint64_t random = 2;
    for (size_t m = 0; m < HT_ARRAY_LEN(masks); m++) {
        for (size_t c = 0; c < HT_ARRAY_LEN(counts); c++) {
            for (size_t i = 0; i < counts[c]; i++) {
                keys[i] = next(&random) & masks[m];
                items[i] = (struct ht_radix_item){keys[i], (uint32_t)i};
            }
            ht_radix_sort(items, scratch, counts[c]);
            for (size_t i = 0; i < counts[c]; i++) {
                assert_true(items[i].key == keys[items[i].value]);
                assert_true(
                    i == 0 || items[i - 1].key < items[i].key ||
                    (items[i - 1].key == items[i].key && items[i - 1].value < items[i].value));
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
