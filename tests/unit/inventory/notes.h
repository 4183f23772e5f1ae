/* SPDX-License-Identifier: MIT */
#ifndef TEST_NOTES_H
#define TEST_NOTES_H
/* A collector that is fed with invented records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "inventory/collector.h"

/* 2025-03-10T00:00:00Z */
#define DAY_US INT64_C(1741564800000000)
#define HOUR_US (3600 * HT_US_PER_S)

enum { SOURCES_MAX = 64, COMPARED = 100000 };

struct notes {
    struct ht_collector *collector;
    struct ht_source_facts sources[SOURCES_MAX];
    size_t source_count;
    struct ht_collector_totals totals;
    struct ht_inventory *inventory;
};

static inline void notes_begin(struct notes *notes, size_t compared_max) {
    *notes = (struct notes){.totals = {.max_bad_ppm = 10000}};
    assert_int_equal(ht_collector_new(compared_max, &notes->collector), HT_OK);
}

static inline size_t notes_source(struct notes *notes, const char *name) {
    assert_true(notes->source_count < SOURCES_MAX);
    notes->sources[notes->source_count] =
        (struct ht_source_facts){.name = name, .path = name, .shape = "json-lines", .bytes = 1};
    return notes->source_count++;
}

static inline struct ht_record notes_record(enum ht_event_kind kind, int64_t time_us,
                                            const char *hub, const char *device) {
    return (struct ht_record){
        .time_us = time_us,
        .kind = kind,
        .code = kind == HT_EVENT_DISCONNECT ? 404104 : 0,
        .auth = HT_AUTH_SAS,
        .hub = ht_str_from(hub),
        .device = ht_str_from(device),
        .sdk = HT_STR("C"),
        .network = HT_STR("203.0.113.XXX"),
    };
}

static inline void notes_add(struct notes *notes, size_t source, const struct ht_record *record) {
    const struct ht_note note = {
        .source = source,
        .kind = HT_NOTE_EVENT,
        .record = record,
        .category = HT_STR("Connections"),
        .time_us = record->time_us,
    };
    assert_int_equal(ht_collector_note(notes->collector, &note), HT_OK);
    notes->sources[source].records++;
}

/* A disconnect and a connect every five minutes of an hour, some seconds apart. */
static inline void notes_hour(struct notes *notes, size_t source, const char *hub, int hour) {
    for (int turn = 0; turn < 12; turn++) {
        const int64_t time_us = DAY_US + hour * HOUR_US + (turn * 300 + 7) * HT_US_PER_S;
        struct ht_record record = notes_record(HT_EVENT_DISCONNECT, time_us, hub, "pump-1");
        notes_add(notes, source, &record);
        record = notes_record(HT_EVENT_CONNECT, time_us + 9 * HT_US_PER_S, hub, "pump-1");
        notes_add(notes, source, &record);
    }
}

static inline void notes_bad(struct notes *notes, size_t source, enum ht_bad reason,
                             const char *why) {
    const struct ht_bad_note note = {.source = source,
                                     .reason = reason,
                                     .why = why,
                                     .record = ++notes->sources[source].records,
                                     .offset_bytes = 7};
    ht_collector_note_bad(notes->collector, &note);
}

static inline const struct ht_inventory_summary *notes_finish(struct notes *notes) {
    assert_int_equal(ht_collector_finish(notes->collector, notes->sources, notes->source_count,
                                         &notes->totals, &notes->inventory),
                     HT_OK);
    return ht_inventory_summary(notes->inventory);
}

static inline void notes_end(struct notes *notes) {
    ht_inventory_free(notes->inventory);
    ht_collector_free(notes->collector);
}

/* The finding of that rule, or NULL. */
static inline const struct ht_inventory_finding *
notes_finding(const struct ht_inventory_summary *summary, const char *rule) {
    for (size_t i = 0; i < summary->finding_count; i++) {
        if (strcmp(summary->findings[i].rule, rule) == 0) {
            return &summary->findings[i];
        }
    }
    return NULL;
}

static inline bool notes_says(const struct ht_inventory_summary *summary, const char *rule,
                              const char *text) {
    const struct ht_inventory_finding *finding = notes_finding(summary, rule);
    for (size_t i = 0; finding != NULL && i < finding->item_count; i++) {
        if (strstr(finding->items[i], text) != NULL) {
            return true;
        }
    }
    return finding != NULL && finding->detail != NULL && strstr(finding->detail, text) != NULL;
}

#endif
