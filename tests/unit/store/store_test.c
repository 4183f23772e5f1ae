/* SPDX-License-Identifier: MIT */
/* Sealing must give the same log for any order of records, collapse equal events, and keep its
 * ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/store.h"

enum { S = 1000000 };

static struct ht_record record(const char *hub, const char *device, int64_t second,
                               enum ht_event_kind kind, uint32_t code) {
    return (struct ht_record){
        .time_us = second * S,
        .kind = kind,
        .code = code,
        .level = code != 0 ? HT_LEVEL_ERROR : HT_LEVEL_NOTE,
        .hub = ht_str_from(hub),
        .device = ht_str_from(device),
        .protocol = HT_STR("Mqtt"),
        .network = HT_STR("10.1.2.XXX"),
    };
}

static struct ht_store *new_store(size_t events_max, size_t devices_max) {
    struct ht_store *store = NULL;
    const struct ht_store_limits limits = {.events_max = events_max, .devices_max = devices_max};
    assert_int_equal(ht_store_new(&limits, &store), HT_OK);
    return store;
}

static const struct ht_record *sample(size_t *count) {
    static struct ht_record records[8];
    records[0] = record("B-HUB", "pump", 30, HT_EVENT_CONNECT, 0);
    records[1] = record("B-HUB", "pump", 20, HT_EVENT_DISCONNECT, 404104);
    records[2] = record("B-HUB", "pump", 20, HT_EVENT_DISCONNECT, 401003);
    records[3] = record("A-HUB", "valve", 5, HT_EVENT_CONNECT, 0);
    records[4] = record("A-HUB", "", 7, HT_EVENT_HEALTH, 500001);
    records[5] = record("B-HUB", "pump", 30, HT_EVENT_CONNECT, 0); /* again */
    records[6] = record("B-HUB", "pump", 10, HT_EVENT_CONNECT, 0);
    records[6].sdk = HT_STR("zebra/1");
    records[7] = record("B-HUB", "pump", 10, HT_EVENT_CONNECT, 0);
    records[7].sdk = HT_STR("aardvark/1");
    *count = 8;
    return records;
}

static void print_log(const struct ht_log *log, char *out, size_t size) {
    size_t len = 0;
    for (size_t d = 0; d < log->device_count; d++) {
        const struct ht_device *device = &log->devices[d];
        len += (size_t)snprintf(out + len, size - len,
                                "%s/%s:", ht_log_str(log, log->hubs[device->hub].name).ptr,
                                ht_log_str(log, device->id).ptr);
        for (size_t i = 0; i < device->event_count; i++) {
            const struct ht_event *event = &log->events[device->event_first + i];
            assert_int_equal(event->device, d);
            const struct ht_facet *facet = &log->facets[event->facet];
            len += (size_t)snprintf(out + len, size - len, " %d@%d,%u,%s", event->kind,
                                    (int)(event->time_us / S), event->code,
                                    ht_log_str(log, facet->sdk).ptr);
        }
        len += (size_t)snprintf(out + len, size - len, "\n");
    }
}

static void test_canonical_order(void **state) {
    (void)state;
    static const char expected[] = "A-HUB/: 3@7,500001,\n"
                                   "A-HUB/valve: 2@5,0,\n"
                                   "B-HUB/:\n"
                                   "B-HUB/pump: 2@10,0,aardvark/1 2@10,0,zebra/1 0@20,401003,"
                                   " 0@20,404104, 2@30,0,\n";
    size_t count = 0;
    const struct ht_record *records = sample(&count);
    for (size_t rotation = 0; rotation < count; rotation++) {
        struct ht_store *store = new_store(100, 10);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(ht_store_add(store, &records[(i * 3 + rotation) % count]), HT_OK);
        }
        struct ht_log log;
        assert_int_equal(ht_store_seal(store, NULL, &log), HT_OK);
        ht_store_free(store);
        char text[1024];
        print_log(&log, text, sizeof text);
        assert_string_equal(text, expected);
        assert_int_equal(log.duplicates, 1);
        assert_int_equal(log.hub_count, 2);
        assert_int_equal(log.hubs[0].first_us, 5 * S);
        assert_int_equal(log.hubs[1].last_us, 30 * S);
        assert_int_equal(log.first_us, 5 * S);
        assert_int_equal(log.last_us, 30 * S);
        assert_int_equal(log.hubs[1].device_first, 2);
        assert_int_equal(log.hubs[1].device_count, 2);
        ht_log_release(&log);
    }
}

static void test_ceilings(void **state) {
    (void)state;
    struct ht_store *store = new_store(3, 2);
    struct ht_record next = record("H", "one", 1, HT_EVENT_CONNECT, 0);
    assert_int_equal(ht_store_add(store, &next), HT_OK);
    next.device = HT_STR("two");
    assert_int_equal(ht_store_add(store, &next), HT_OK);
    next.device = HT_STR("three");
    assert_int_equal(ht_store_add(store, &next), HT_E_LIMIT);
    next.device = HT_STR("two");
    next.time_us = 2 * S;
    assert_int_equal(ht_store_add(store, &next), HT_OK);
    next.time_us = 3 * S;
    assert_int_equal(ht_store_add(store, &next), HT_E_LIMIT);
    assert_int_equal(ht_store_event_count(store), 3);
    struct ht_log log;
    assert_int_equal(ht_store_seal(store, NULL, &log), HT_OK);
    assert_int_equal(log.event_count, 3);
    assert_int_equal(log.device_count, 3); /* the nameless one, one, two */
    ht_store_free(store);
    ht_log_release(&log);
}

/* Limits beyond what 32 bits can number are lowered. */
static void test_huge_limits(void **state) {
    (void)state;
    static const size_t limits[] = {UINT32_MAX - 1, UINT32_MAX, SIZE_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct ht_store *store = new_store(limits[i], limits[i]);
        const struct ht_record one = record("H", "one", 1, HT_EVENT_CONNECT, 0);
        assert_int_equal(ht_store_add(store, &one), HT_OK);
        ht_store_free(store);
    }
}

static void test_empty(void **state) {
    (void)state;
    struct ht_store *store = new_store(1, 1);
    struct ht_log log;
    assert_int_equal(ht_store_seal(store, NULL, &log), HT_OK);
    ht_store_free(store);
    assert_int_equal(log.event_count, 0);
    assert_int_equal(log.hub_count, 0);
    assert_int_equal(log.first_us, HT_TIME_NONE);
    ht_log_release(&log);
}

/* More than one block of events, from many devices, out of order. */
static void test_many(void **state) {
    (void)state;
    enum { EVENTS = 200000, DEVICES = 500 };
    struct ht_store *store = new_store(EVENTS, DEVICES);
    char names[DEVICES][16];
    for (size_t i = 0; i < DEVICES; i++) {
        (void)snprintf(names[i], sizeof names[i], "dev-%zu", i);
    }
    for (size_t i = 0; i < EVENTS; i++) {
        const size_t shuffled = i * 7919 % EVENTS; /* a permutation: 7919 is prime to EVENTS */
        const struct ht_record next =
            record("H", names[shuffled % DEVICES], (int64_t)shuffled, HT_EVENT_CONNECT, 0);
        assert_int_equal(ht_store_add(store, &next), HT_OK);
    }
    struct ht_log log;
    assert_int_equal(ht_store_seal(store, NULL, &log), HT_OK);
    ht_store_free(store);
    assert_int_equal(log.event_count, EVENTS);
    for (size_t d = 1; d < log.device_count; d++) {
        const struct ht_event *events = log.events + log.devices[d].event_first;
        assert_int_equal(log.devices[d].event_count, EVENTS / DEVICES);
        for (size_t i = 1; i < log.devices[d].event_count; i++) {
            assert_true(events[i - 1].time_us < events[i].time_us);
        }
    }
    ht_log_release(&log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_order),
        cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_huge_limits),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
