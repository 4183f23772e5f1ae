/* SPDX-License-Identifier: MIT */
/* Arenas, growing arrays, interned strings and hashes: contents survive growth, ceilings hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/grow.h"
#include "base/hash.h"
#include "base/intern.h"

static void test_arena(void **state) {
    (void)state;
    struct ht_arena arena;
    ht_arena_init(&arena, 300000);
    for (int round = 0; round < 3; round++) {
        char *odd = ht_arena_alloc(&arena, 3, 1);
        uint64_t *word = ht_arena_alloc(&arena, sizeof *word, 8);
        char *big = ht_arena_alloc(&arena, 200000, 16);
        assert_non_null(odd);
        assert_non_null(word);
        assert_non_null(big);
        assert_int_equal((uintptr_t)word % 8, 0);
        assert_int_equal((uintptr_t)big % 16, 0);
        for (size_t i = 0; i < 200000; i++) {
            assert_int_equal(big[i], 0); /* zeroed, also when its memory is used again */
        }
        memset(big, 'x', 200000);
        memset(odd, 'y', 3);
        *word = UINT64_MAX;
        assert_null(ht_arena_alloc(&arena, 100000, 1)); /* over the ceiling */
        assert_null(ht_arena_alloc(&arena, SIZE_MAX, 1));
        assert_non_null(ht_arena_alloc(&arena, 1000, 1));
        ht_arena_reset(&arena);
    }
    struct ht_str copy;
    assert_int_equal(ht_arena_copy(&arena, HT_STR("text"), &copy), HT_OK);
    assert_string_equal(copy.ptr, "text");
    assert_int_equal(ht_arena_copy(&arena, HT_STR_NONE, &copy), HT_OK);
    assert_string_equal(copy.ptr, "");
    ht_arena_release(&arena);
}

static void test_grow(void **state) {
    (void)state;
    uint32_t *numbers = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(ht_grow(&numbers, &capacity, i + 1, 1000, sizeof *numbers), HT_OK);
        numbers[i] = i;
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], i);
    }
    assert_int_equal(capacity, 1000); /* never more than the ceiling */
    assert_int_equal(ht_grow(&numbers, &capacity, 1001, 1000, sizeof *numbers), HT_E_LIMIT);
    assert_int_equal(ht_grow(&numbers, &capacity, SIZE_MAX / 2, SIZE_MAX, sizeof *numbers),
                     HT_E_NOMEM);
    assert_int_equal(capacity, 1000);
    assert_int_equal(numbers[999], 999);
    free(numbers);
}

static void test_intern(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    struct ht_intern intern;
    uint32_t id = 7;
    assert_int_equal(ht_intern_init(&intern, COUNT, 1 << 20), HT_OK);
    assert_int_equal(ht_intern_add(&intern, HT_STR_NONE, &id), HT_OK);
    assert_int_equal(id, 0);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 1; i <= COUNT; i++) {
            char name[32];
            const int len = snprintf(name, sizeof name, "device-%u", i);
            assert_int_equal(ht_intern_add(&intern, (struct ht_str){name, (size_t)len}, &id),
                             HT_OK);
            assert_int_equal(id, i);
            assert_string_equal(ht_intern_str(&intern, id).ptr, name);
        }
    }
    assert_int_equal(ht_intern_add(&intern, HT_STR("one more"), &id), HT_E_LIMIT);
    assert_int_equal(id, 0);
    ht_intern_release(&intern);
}

static void test_intern_limits(void **state) {
    (void)state;
    struct ht_intern intern;
    uint32_t id = 0;
    uint32_t same = 0;
    assert_int_equal(ht_intern_init(&intern, 100, 2 * HT_INTERN_LEN_MAX), HT_OK);
    char text[HT_INTERN_LEN_MAX + 10];
    memset(text, 'a', sizeof text);
    memcpy(text + HT_INTERN_LEN_MAX - 2, "\xe2\x82\xac", 3); /* across the limit */
    assert_int_equal(ht_intern_add(&intern, (struct ht_str){text, sizeof text}, &id), HT_OK);
    assert_int_equal(ht_intern_str(&intern, id).len, HT_INTERN_LEN_MAX - 2);
    assert_int_equal(ht_intern_add(&intern, (struct ht_str){text, sizeof text}, &same), HT_OK);
    assert_int_equal(same, id);
    assert_int_equal(
        ht_intern_add(&intern, (struct ht_str){text + 1, HT_INTERN_LEN_MAX - 3}, &same), HT_OK);
    assert_int_not_equal(same, id);
    assert_int_equal(ht_intern_add(&intern, HT_STR("no room for the text"), &id), HT_E_LIMIT);
    ht_intern_release(&intern);
}

static void test_hash(void **state) {
    (void)state;
    static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    for (size_t len = 0; len < sizeof text; len++) {
        const struct ht_str slice = {text, len};
        assert_true(ht_hash_bytes(slice, 1) == ht_hash_bytes(slice, 1));
        assert_false(ht_hash_bytes(slice, 1) == ht_hash_bytes(slice, 2));
        for (size_t other = 0; other < len; other++) {
            assert_false(ht_hash_bytes(slice, 1) == ht_hash_bytes((struct ht_str){text, other}, 1));
        }
    }
    assert_false(ht_hash_bytes((struct ht_str){"\0", 1}, 1) ==
                 ht_hash_bytes((struct ht_str){"\0\0", 2}, 1));
    assert_false(ht_hash_seed() == ht_hash_seed());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),  cmocka_unit_test(test_grow),
        cmocka_unit_test(test_intern), cmocka_unit_test(test_intern_limits),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
