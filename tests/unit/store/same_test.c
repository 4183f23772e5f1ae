/* SPDX-License-Identifier: MIT */
/*
 * The same event in two shapes, in every order of a few records; and dates that wait for their
 * order. An event is written as kind, microsecond, code and what it knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/strbuf.h"
#include "store/undated.h"

enum { MS = 1000, S = 1000000, RECORDS_MAX = 6 };

/* "hub device kind time code sdk protocol network auth flags"; "-" is empty. */
struct line {
    const char *hub;
    const char *device;
    enum ht_event_kind kind;
    int64_t time_us;
    uint32_t code;
    const char *sdk;
    const char *network;
    enum ht_auth auth;
    unsigned flags;
};

static struct ht_record record_of(const struct line *line) {
    return (struct ht_record){
        .time_us = line->time_us,
        .kind = line->kind,
        .code = line->code,
        .level = line->code != 0 ? HT_LEVEL_ERROR : HT_LEVEL_NOTE,
        .auth = line->auth,
        .flags = line->flags,
        .hub = ht_str_from(line->hub),
        .device = ht_str_from(line->device),
        .sdk = ht_str_from(line->sdk),
        .network = ht_str_from(line->network),
        .protocol = (line->flags & HT_EVENT_SNAPSHOT) != 0 ? HT_STR_NONE : HT_STR("Mqtt"),
    };
}

static void print_log(const struct ht_log *log, struct ht_strbuf *out) {
    ht_strbuf_clear(out);
    for (size_t d = 0; d < log->device_count; d++) {
        const struct ht_device *device = &log->devices[d];
        for (size_t i = 0; i < device->event_count; i++) {
            const struct ht_event *event = &log->events[device->event_first + i];
            const struct ht_facet *facet = &log->facets[event->facet];
            ht_strbuf_printf(out, "%s/%s %d@%lld %u %s %s %u%s\n",
                             ht_log_str(log, log->hubs[device->hub].name).ptr,
                             ht_log_str(log, device->id).ptr, event->kind,
                             (long long)event->time_us, event->code,
                             ht_log_str(log, facet->sdk).ptr, ht_log_str(log, facet->network).ptr,
                             facet->auth, event->flags != 0 ? " sampled" : "");
        }
    }
}

static void seal(const struct line *lines, const size_t *order, size_t count,
                 struct ht_strbuf *out) {
    const struct ht_store_limits limits = {1000, 1000};
    struct ht_store *store = NULL;
    struct ht_log log;
    assert_int_equal(ht_store_new(&limits, &store), HT_OK);
    for (size_t i = 0; i < count; i++) {
        const struct ht_record record = record_of(&lines[order[i]]);
        assert_int_equal(ht_store_add(store, &record), HT_OK);
    }
    assert_int_equal(ht_store_seal(store, NULL, &log), HT_OK);
    assert_int_equal(log.duplicates + log.event_count, count);
    print_log(&log, out);
    ht_log_release(&log);
    ht_store_free(store);
}

/* Every order gives the same log (Heap's algorithm). */
static void check(const struct line *lines, size_t count, const char *expected) {
    size_t order[RECORDS_MAX];
    size_t turn[RECORDS_MAX] = {0};
    struct ht_strbuf out;
    ht_strbuf_init(&out, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    seal(lines, order, count, &out);
    assert_string_equal(out.ptr, expected);
    for (size_t i = 1; i < count;) {
        if (turn[i] >= i) {
            turn[i++] = 0;
            continue;
        }
        const size_t other = i % 2 == 0 ? 0 : turn[i];
        const size_t saved = order[other];
        order[other] = order[i];
        order[i] = saved;
        turn[i]++;
        i = 1;
        seal(lines, order, count, &out);
        assert_string_equal(out.ptr, expected);
    }
    ht_strbuf_release(&out);
}

#define CHECK(lines, expected) check(lines, HT_ARRAY_LEN(lines), expected)

static void test_richer_stays(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "net", HT_AUTH_SAS, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "", "", HT_AUTH_SAS, 0},
        {"H", "a", HT_EVENT_DISCONNECT, 5 * S, 404104, "", "", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_DISCONNECT, 5 * S, 401003, "", "", HT_AUTH_UNKNOWN, 0},
    };
    CHECK(lines, "H/a 0@5000000 401003   0\nH/a 0@5000000 404104   0\nH/a 2@5000000 0 sdk net 1\n");
}

/* Two clients, and a poor copy of one of them. */
static void test_different_stay(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "net1", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "net2", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "", "", HT_AUTH_UNKNOWN, 0},
        {"H", "b", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "net1", HT_AUTH_UNKNOWN, 0},
    };
    CHECK(lines,
          "H/a 2@5000000 0 sdk net1 0\nH/a 2@5000000 0 sdk net2 0\nH/b 2@5000000 0 sdk net1 0\n");
}

/* Tables show milliseconds. */
static void test_milliseconds(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"H", "a", HT_EVENT_CONNECT, 5 * S + 391 * MS, 0, "sdk", "net", HT_AUTH_SAS, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S + 391 * MS + 7, 0, "sdk", "", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S + 391 * MS + 9, 0, "sdk", "", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_DISCONNECT, 5 * S + 391 * MS + 8, 0, "", "", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_CONNECT, 5 * S + 392 * MS, 0, "sdk", "net", HT_AUTH_SAS, 0},
    };
    CHECK(lines, "H/a 2@5391007 0 sdk net 1\nH/a 0@5391008 0   0\nH/a 2@5391009 0 sdk  0\n"
                 "H/a 2@5392000 0 sdk net 1\n");
}

/* A shape without the hub: the one hub that has the device. */
static void test_hub_from_others(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "net", HT_AUTH_SAS, 0},
        {"", "a", HT_EVENT_CONNECT, 5 * S, 0, "sdk", "", HT_AUTH_UNKNOWN, 0},
        {"", "a", HT_EVENT_CONNECT, 9 * S, 0, "sdk", "", HT_AUTH_UNKNOWN, 0},
        {"", "b", HT_EVENT_CONNECT, 9 * S, 0, "sdk", "", HT_AUTH_UNKNOWN, 0},
        {"G", "b", HT_EVENT_CONNECT, 1 * S, 0, "", "", HT_AUTH_UNKNOWN, 0},
        {"H", "b", HT_EVENT_CONNECT, 1 * S, 0, "", "", HT_AUTH_UNKNOWN, 0},
    };
    CHECK(lines, "/b 2@9000000 0 sdk  0\nG/b 2@1000000 0   0\nH/a 2@5000000 0 sdk net 1\n"
                 "H/a 2@9000000 0 sdk  0\nH/b 2@1000000 0   0\n");
}

static void test_sampled(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"H", "a", HT_EVENT_DISCONNECT, 500 * S, 404104, "", "net", HT_AUTH_UNKNOWN, 0},
        {"H", "a", HT_EVENT_DISCONNECT, 560 * S, 0, "", "", HT_AUTH_UNKNOWN, HT_EVENT_SNAPSHOT},
        {"H", "a", HT_EVENT_DISCONNECT, 440 * S, 0, "", "", HT_AUTH_UNKNOWN, HT_EVENT_SNAPSHOT},
        {"H", "a", HT_EVENT_DISCONNECT, 561 * S, 0, "", "", HT_AUTH_UNKNOWN, HT_EVENT_SNAPSHOT},
        {"H", "a", HT_EVENT_CONNECT, 500 * S, 0, "", "", HT_AUTH_UNKNOWN, HT_EVENT_SNAPSHOT},
    };
    CHECK(lines, "H/a 0@500000000 404104  net 0\nH/a 2@500000000 0   0 sampled\n"
                 "H/a 0@561000000 0   0 sampled\n");
}

/* Many different events in one instant are kept, in canonical order. */
static void test_crowd(void **state) {
    (void)state;
    enum { COUNT = 2000 };
    const struct ht_store_limits limits = {2 * COUNT, 10};
    struct ht_store *store = NULL;
    struct ht_log log;
    assert_int_equal(ht_store_new(&limits, &store), HT_OK);
    for (size_t i = 0; i < COUNT; i++) {
        char network[16];
        struct line line = {"H", "a", HT_EVENT_CONNECT, 5 * S, 0, "", network, HT_AUTH_UNKNOWN, 0};
        (void)snprintf(network, sizeof network, "n%zu", i * 7919 % COUNT);
        const struct ht_record record = record_of(&line);
        assert_int_equal(ht_store_add(store, &record), HT_OK);
        assert_int_equal(ht_store_add(store, &record), HT_OK);
    }
    assert_int_equal(ht_store_seal(store, NULL, &log), HT_OK);
    assert_int_equal(log.event_count, COUNT);
    for (size_t i = 1; i < COUNT; i++) {
        assert_true(log.events[i - 1].facet < log.events[i].facet);
    }
    ht_log_release(&log);
    ht_store_free(store);
}

static enum ht_undated_answer meet(struct ht_undated *undated, const char *text, int64_t *time_us) {
    struct ht_stamp stamp;
    assert_true(ht_stamp_parse(ht_str_from(text), HT_DATE_ORDER_PROVEN, &stamp));
    const enum ht_undated_answer answer = ht_undated_meet(undated, &stamp, time_us);
    if (answer == HT_UNDATED_HOLD) {
        const struct ht_record record = {.time_us = stamp.time_us,
                                         .flags = HT_EVENT_EITHER_DATE,
                                         .zone_min = stamp.zone_min,
                                         .hub = HT_STR("H"),
                                         .device = HT_STR("a"),
                                         .module = HT_STR("m"),
                                         .sdk = HT_STR("sdk"),
                                         .message = HT_STR("text"),
                                         .kind = HT_EVENT_REFUSED,
                                         .code = 401003,
                                         .auth = HT_AUTH_X509};
        assert_int_equal(ht_undated_add(undated, &record), HT_OK);
    }
    return answer;
}

static void test_undated(void **state) {
    (void)state;
    const struct ht_store_limits limits = {1000, 1000};
    struct ht_undated *undated = NULL;
    struct ht_record record;
    int64_t time_us = 0;
    struct ht_stamp wanted;
    assert_int_equal(ht_undated_new(&limits, &undated), HT_OK);
    ht_undated_begin(undated);
    assert_int_equal(meet(undated, "2025-03-02 00:00:00", &time_us), HT_UNDATED_GOOD);
    assert_int_equal(meet(undated, "2/3/2025 1:00:00 +02:00", &time_us), HT_UNDATED_HOLD);
    assert_int_equal(meet(undated, "4/3/2025 1:00:00", &time_us), HT_UNDATED_HOLD);
    assert_false(ht_undated_is_proven(undated, false));
    assert_int_equal(meet(undated, "13/3/2025 1:00:00", &time_us), HT_UNDATED_GOOD);
    assert_true(ht_undated_is_proven(undated, false));
    assert_int_equal(ht_undated_count(undated), 2);
    ht_undated_record(undated, 0, &record);
    assert_true(ht_stamp_parse(HT_STR("2025-03-01 23:00:00"), HT_DATE_ORDER_PROVEN, &wanted));
    assert_true(record.time_us == wanted.time_us);
    assert_true(ht_str_eq(record.module, HT_STR("m")) && ht_str_eq(record.sdk, HT_STR("sdk")));
    assert_true(ht_str_eq(record.message, HT_STR("text")) && record.auth == HT_AUTH_X509);
    assert_true(record.kind == HT_EVENT_REFUSED && record.code == 401003);
    ht_undated_empty(undated);
    assert_int_equal(ht_undated_count(undated), 0);
    assert_int_equal(meet(undated, "5/3/2025 1:00:00", &time_us), HT_UNDATED_GOOD);
    assert_true(ht_stamp_parse(HT_STR("2025-03-05 01:00:00"), HT_DATE_ORDER_PROVEN, &wanted));
    assert_true(time_us == wanted.time_us);
    /* then the contrary */
    assert_int_equal(meet(undated, "3/14/2025 1:00:00", &time_us), HT_UNDATED_GOOD);
    assert_int_equal(meet(undated, "5/3/2025 1:00:00", &time_us), HT_UNDATED_REFUSE);
    assert_false(ht_undated_is_proven(undated, true));
    /* the next source knows nothing of it */
    ht_undated_begin(undated);
    assert_int_equal(meet(undated, "5/3/2025 1:00:00", &time_us), HT_UNDATED_HOLD);
    assert_false(ht_undated_is_proven(undated, true));
    ht_undated_free(undated);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_richer_stays), cmocka_unit_test(test_different_stay),
        cmocka_unit_test(test_milliseconds), cmocka_unit_test(test_hub_from_others),
        cmocka_unit_test(test_sampled),      cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_undated),
    };
    return cmocka_run_group_tests_name("same", tests, NULL, NULL);
}
