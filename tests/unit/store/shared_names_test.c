/* SPDX-License-Identifier: MIT */
/* Events that were collected in parts and taken over give the log of those that were added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/store.h"

enum { S = 1000000, EVENTS = 3000 };

static struct ht_store *new_store(size_t events_max, size_t devices_max) {
    struct ht_store *store = NULL;
    const struct ht_store_limits limits = {.events_max = events_max, .devices_max = devices_max};
    assert_int_equal(ht_store_new(&limits, &store), HT_OK);
    return store;
}

static void add(struct ht_store *store, unsigned number) {
    char device[32];
    char sdk[32];
    (void)snprintf(device, sizeof device, "device-%u", number * 7 % 101);
    (void)snprintf(sdk, sizeof sdk, "sdk/%u", number % 5);
    const struct ht_record record = {
        .time_us = (int64_t)(number * 37 % 1000) * S,
        .kind = number % 2 == 0 ? HT_EVENT_CONNECT : HT_EVENT_DISCONNECT,
        .code = number % 2 == 0 ? 0 : 404104,
        .hub = number % 3 == 0 ? HT_STR("A-HUB") : HT_STR("B-HUB"),
        .device = ht_str_from(device),
        .module = number % 11 == 0 ? HT_STR("edge") : HT_STR_NONE,
        .sdk = ht_str_from(sdk),
        .protocol = HT_STR("Mqtt"),
    };
    assert_int_equal(ht_store_add(store, &record), HT_OK);
}

static void assert_same_logs(struct ht_store *a, struct ht_store *b) {
    struct ht_log x;
    struct ht_log y;
    assert_int_equal(ht_store_seal(a, NULL, &x), HT_OK);
    assert_int_equal(ht_store_seal(b, NULL, &y), HT_OK);
    assert_int_equal(x.event_count, y.event_count);
    assert_memory_equal(x.events, y.events, x.event_count * sizeof *x.events);
    assert_int_equal(x.device_count, y.device_count);
    assert_memory_equal(x.devices, y.devices, x.device_count * sizeof *x.devices);
    assert_int_equal(x.facet_count, y.facet_count);
    assert_memory_equal(x.facets, y.facets, x.facet_count * sizeof *x.facets);
    assert_int_equal(x.string_count, y.string_count);
    for (size_t i = 0; i < x.string_count; i++) {
        assert_true(ht_str_eq(x.strings[i], y.strings[i]));
    }
    assert_int_equal(x.duplicates, y.duplicates);
    ht_log_release(&x);
    ht_log_release(&y);
}

static struct ht_store *new_part(struct ht_store *whole) {
    struct ht_store *part = NULL;
    assert_int_equal(ht_store_new_part(whole, &part), HT_OK);
    return part;
}

/* Two parts are filled and emptied in turn. */
static void test_absorb(void **state) {
    (void)state;
    struct ht_store *one = new_store(100000, 100000);
    struct ht_store *whole = new_store(100000, 100000);
    ht_store_share(whole);
    struct ht_store *parts[2] = {new_part(whole), new_part(whole)};
    for (unsigned i = 0; i < EVENTS; i++) {
        struct ht_store *part = parts[i / 100 % 2];
        add(one, i);
        add(part, i);
        if (i % 100 == 99) {
            assert_true(ht_store_can_absorb(whole, part));
            assert_int_equal(ht_store_absorb(whole, part), HT_OK);
            ht_store_empty(part);
            assert_int_equal(ht_store_event_count(part), 0);
        }
    }
    ht_store_free(parts[0]);
    ht_store_free(parts[1]);
    assert_int_equal(ht_store_settle(whole), HT_OK);
    assert_int_equal(ht_store_event_count(whole), EVENTS);
    assert_same_logs(one, whole);
    ht_store_free(one);
    ht_store_free(whole);
}

/* More events than lie in one piece of memory. */
static void test_many(void **state) {
    (void)state;
    struct ht_store *whole = new_store(1000000, 100000);
    ht_store_share(whole);
    struct ht_store *part = new_part(whole);
    add(whole, 0);
    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 150000; i++) {
            const struct ht_record record = {.time_us = (int64_t)i, .device = HT_STR("d")};
            assert_int_equal(ht_store_add(part, &record), HT_OK);
        }
        assert_int_equal(ht_store_absorb(whole, part), HT_OK);
        ht_store_empty(part);
    }
    assert_int_equal(ht_store_event_count(whole), 450001);
    assert_int_equal(ht_store_count_late(whole, 1, 450000, INT64_MIN), 299998);
    ht_store_free(part);
    ht_store_free(whole);
}

/* What was not taken over leaves no trace: neither its events, nor its names. */
static void test_refused(void **state) {
    (void)state;
    struct ht_store *one = new_store(100000, 100000);
    struct ht_store *whole = new_store(100000, 100000);
    ht_store_share(whole);
    struct ht_store *part = new_part(whole);
    for (unsigned i = 0; i < 50; i++) {
        add(part, i);
    }
    ht_store_empty(part);
    for (unsigned i = 100; i < 110; i++) {
        add(one, i);
        add(part, i);
    }
    assert_int_equal(ht_store_absorb(whole, part), HT_OK);
    for (unsigned i = 200; i < 220; i++) {
        add(one, i);
        add(whole, i);
    }
    add(part, 300);
    ht_store_free(part);
    assert_int_equal(ht_store_settle(whole), HT_OK);
    assert_same_logs(one, whole);
    ht_store_free(one);
    ht_store_free(whole);
}

/* Near a ceiling the whole has names of its own, and takes nothing over any more; what it had, it
 * has. */
static void test_ceilings(void **state) {
    (void)state;
    struct ht_store *one = new_store(40, 300);
    struct ht_store *whole = new_store(40, 300);
    ht_store_share(whole);
    struct ht_store *part = new_part(whole);
    for (unsigned i = 0; i < 20; i++) {
        add(one, i);
        add(part, i);
    }
    assert_true(ht_store_can_absorb(whole, part));
    assert_int_equal(ht_store_absorb(whole, part), HT_OK);
    ht_store_empty(part);
    for (unsigned i = 0; i < 21; i++) {
        add(part, i);
    }
    assert_false(ht_store_can_absorb(whole, part)); /* events */
    ht_store_empty(part);
    for (unsigned i = 0; i < 250; i++) {
        add(part, i); /* of more devices than may be left */
    }
    ht_store_empty(part);
    add(part, 20);
    assert_true(ht_store_can_absorb(whole, part));
    add(one, 21);
    add(whole, 21);
    assert_false(ht_store_can_absorb(whole, part)); /* names */
    ht_store_free(part);
    assert_int_equal(ht_store_settle(whole), HT_OK);
    assert_same_logs(one, whole);
    ht_store_free(one);
    ht_store_free(whole);
}

static void test_late(void **state) {
    (void)state;
    static const int64_t times[] = {5, 3, 7, 7, 6, 9};
    struct ht_store *store = new_store(100, 100);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        const struct ht_record record = {.time_us = times[i], .device = HT_STR("d")};
        assert_int_equal(ht_store_add(store, &record), HT_OK);
    }
    assert_int_equal(ht_store_count_late(store, 0, 6, INT64_MIN), 2);
    assert_int_equal(ht_store_count_late(store, 0, 6, 8), 5);
    assert_int_equal(ht_store_count_late(store, 4, 2, 7), 1);
    ht_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_absorb),  cmocka_unit_test(test_many),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_late),
    };
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
