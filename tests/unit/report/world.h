/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_REPORT_WORLD_H
#define HT_TESTS_REPORT_WORLD_H
/*
 * A small log with its sessions and verdicts, made by hand: name a hub, then its devices, then what
 * each of them did. Hubs and devices must be named in canonical order. Times are seconds from
 * 2025-03-10T00:00:00Z.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/time.h"
#include "report/build.h"

#define WORLD_START_S INT64_C(1741564800)
#define AT(seconds) ((WORLD_START_S + (seconds)) * HT_US_PER_S)

enum { WORLD_MAX = 512, WORLD_STRINGS_MAX = 1024, WORLD_TEXT_BYTES = 80 };

/* One session; what is not named is zero: begin and end seen, cause unknown. */
struct life {
    int64_t from_s;
    int64_t to_s;
    enum ht_session_start start;
    enum ht_session_end end;
    enum ht_cause cause;
    double confidence; /* 0 = 0.9 */
    uint32_t codes[HT_CODES_MAX];
    const char *network;
    const char *sdk;
    uint32_t refused;
    uint32_t refused_code;
    uint8_t flags;
    uint32_t incident; /* 1-based, 0 = none */
    struct ht_evidence_item evidence;
};

struct world {
    char text[WORLD_STRINGS_MAX][WORLD_TEXT_BYTES];
    size_t string_count;
    struct ht_hub hubs[WORLD_MAX];
    size_t hub_count;
    struct ht_device devices[WORLD_MAX];
    size_t device_count;
    struct ht_event events[4 * WORLD_MAX];
    size_t event_count;
    struct ht_facet facets[WORLD_MAX];
    size_t facet_count;
    struct ht_session sessions[WORLD_MAX];
    struct ht_verdict verdicts[WORLD_MAX];
    size_t session_count;
    struct ht_incident incidents[WORLD_MAX];
    size_t incident_count;
    struct ht_cadence cadences[WORLD_MAX];
    size_t cadence_count;
    uint32_t cadence_s[WORLD_MAX]; /* by device */
    struct ht_quality quality;
    const struct ht_source_view *sources;
    size_t source_count;
    struct ht_selection selection;
    const struct ht_known_rule *rules; /* static data */
    size_t rule_count;
    uint16_t told[WORLD_MAX]; /* by device: its rule, from 1; 0 = none */
};

static inline struct world *world_new(void) {
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->string_count = 1; /* "" */
    world->facet_count = 1;
    world->selection = (struct ht_selection){.since_us = HT_TIME_NONE, .until_us = HT_TIME_NONE};
    return world;
}

static inline uint32_t world_string(struct world *world, const char *text) {
    if (text == NULL) {
        return 0;
    }
    for (size_t i = 0; i < world->string_count; i++) {
        if (strcmp(world->text[i], text) == 0) {
            return (uint32_t)i;
        }
    }
    assert_true(world->string_count < WORLD_STRINGS_MAX && strlen(text) < WORLD_TEXT_BYTES);
    memcpy(world->text[world->string_count], text, strlen(text) + 1);
    return (uint32_t)world->string_count++;
}

static inline void world_event(struct world *world, int64_t at_s, enum ht_event_kind kind,
                               uint32_t code, uint32_t facet) {
    assert_true(world->event_count < 4 * WORLD_MAX);
    world->events[world->event_count++] = (struct ht_event){
        .time_us = AT(at_s),
        .device = (uint32_t)world->device_count - 1,
        .facet = facet,
        .code = code,
        .kind = (uint8_t)kind,
        .level = code != 0 ? HT_LEVEL_ERROR : HT_LEVEL_NOTE,
    };
}

static inline void world_device_of(struct world *world, const char *id, const char *module) {
    assert_true(world->device_count < WORLD_MAX);
    world->devices[world->device_count++] =
        (struct ht_device){.hub = (uint32_t)world->hub_count - 1,
                           .id = world_string(world, id),
                           .module = world_string(world, module)};
    world->hubs[world->hub_count - 1].device_count++;
}

static inline void world_device(struct world *world, const char *id) {
    world_device_of(world, id, NULL);
}

/* Begins with its nameless device, which health records may then name. */
/* The last device named has that rule (from 1). */
static inline void world_tell(struct world *world, uint16_t rule) {
    world->told[world->device_count - 1] = rule;
}

static inline void world_hub(struct world *world, const char *name) {
    world->hubs[world->hub_count++] = (struct ht_hub){.name = world_string(world, name),
                                                      .device_first = (uint32_t)world->device_count,
                                                      .first_us = INT64_MAX,
                                                      .last_us = INT64_MIN};
    world_device_of(world, NULL, NULL);
}

static inline void world_health(struct world *world, int64_t at_s, uint32_t code) {
    world_event(world, at_s, HT_EVENT_HEALTH, code, 0);
}

static inline void world_refused(struct world *world, int64_t at_s, uint32_t code,
                                 const char *message) {
    assert_true(world->facet_count < WORLD_MAX);
    world->facets[world->facet_count] = (struct ht_facet){.message = world_string(world, message)};
    world_event(world, at_s, HT_EVENT_REFUSED, code, (uint32_t)world->facet_count++);
}

static inline void world_verdict(struct world *world, const struct life *life) {
    struct ht_verdict *verdict = &world->verdicts[world->session_count];
    const double confidence = life->confidence > 0 ? life->confidence : 0.9;
    *verdict = (struct ht_verdict){
        .cause = (uint8_t)life->cause,
        .confidence_q16 = (uint16_t)(confidence * 65535.0 + 0.5),
        .incident = life->incident > 0 ? life->incident - 1 : HT_NONE32,
        .evidence_count = life->evidence.kind != HT_EVIDENCE_NONE,
    };
    verdict->evidence[0] = life->evidence;
}

static inline void world_live(struct world *world, const struct life *life) {
    assert_true(world->session_count < WORLD_MAX);
    struct ht_session *session = &world->sessions[world->session_count];
    world_verdict(world, life);
    *session = (struct ht_session){
        .start_us = AT(life->from_s),
        .end_us = AT(life->to_s),
        .device = (uint32_t)world->device_count - 1,
        .sdk = world_string(world, life->sdk),
        .network = world_string(world, life->network),
        .gap_s = HT_NONE32,
        .refused = life->refused,
        .refused_code = life->refused_code,
        .start = (uint8_t)life->start,
        .end = (uint8_t)life->end,
        .flags = life->flags,
    };
    memcpy(session->codes, life->codes, sizeof session->codes);
    world->session_count++;
    if (life->start == HT_START_SEEN) {
        world_event(world, life->from_s, HT_EVENT_CONNECT, 0, 0);
    }
    if (life->end == HT_END_SEEN) {
        world_event(world, life->to_s, HT_EVENT_DISCONNECT, life->codes[0], 0);
    }
}

/* world_live() with the life in place. */
#define LIVE(world, ...) world_live((world), &(const struct life){__VA_ARGS__})

/* An open session: its end is the hub's last event, which is not known yet. */
static inline void world_open(struct world *world, int64_t from_s) {
    LIVE(world, .from_s = from_s, .to_s = from_s, .end = HT_END_OPEN);
}

static inline uint32_t world_incident(struct world *world, enum ht_cause cause, int64_t from_s,
                                      int64_t to_s, uint32_t connected_before) {
    world->incidents[world->incident_count++] =
        (struct ht_incident){.start_us = AT(from_s),
                             .end_us = AT(to_s),
                             .hub = (uint32_t)world->hub_count - 1,
                             .cause = (uint8_t)cause,
                             .connected_before = connected_before,
                             .confidence = 0.75F};
    return (uint32_t)world->incident_count;
}

static int world_compare_events(const void *left, const void *right) {
    const struct ht_event *a = left;
    const struct ht_event *b = right;
    if (a->device != b->device) {
        return a->device < b->device ? -1 : 1;
    }
    if (a->time_us != b->time_us) {
        return a->time_us < b->time_us ? -1 : 1;
    }
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static inline void world_place_events(struct world *world) {
    qsort(world->events, world->event_count, sizeof *world->events, world_compare_events);
    for (size_t i = 0; i < world->event_count; i++) {
        const struct ht_event *event = &world->events[i];
        struct ht_hub *hub = &world->hubs[world->devices[event->device].hub];
        world->devices[event->device].event_count++;
        hub->first_us = event->time_us < hub->first_us ? event->time_us : hub->first_us;
        hub->last_us = event->time_us > hub->last_us ? event->time_us : hub->last_us;
    }
    for (size_t i = 1; i < world->device_count; i++) {
        world->devices[i].event_first =
            world->devices[i - 1].event_first + world->devices[i - 1].event_count;
    }
}

static inline void world_settle_sessions(struct world *world,
                                         struct ht_device_sessions *by_device) {
    for (size_t i = 0; i < world->session_count; i++) {
        struct ht_session *session = &world->sessions[i];
        const struct ht_session *next = i + 1 < world->session_count ? session + 1 : NULL;
        struct ht_device_sessions *own = &by_device[session->device];
        const struct ht_hub *hub = &world->hubs[world->devices[session->device].hub];
        own->first = own->count == 0 ? (uint32_t)i : own->first;
        own->count++;
        own->connects += session->start == HT_START_SEEN;
        session->start_us =
            session->start == HT_START_BEFORE_LOG ? hub->first_us : session->start_us;
        session->end_us = session->end == HT_END_OPEN ? hub->last_us : session->end_us;
        if (next != NULL && next->device == session->device && session->end == HT_END_SEEN &&
            next->start == HT_START_SEEN) {
            session->gap_s = (uint32_t)((next->start_us - session->end_us) / HT_US_PER_S);
        }
    }
}

static inline void world_settle_refused(const struct world *world,
                                        struct ht_device_sessions *by_device) {
    for (size_t i = 0; i < world->event_count; i++) {
        const struct ht_event *event = &world->events[i];
        struct ht_device_sessions *own = &by_device[event->device];
        if (event->kind == HT_EVENT_REFUSED) {
            own->refused++;
            own->refused_open_since_us =
                own->refused_open++ == 0 ? event->time_us : own->refused_open_since_us;
            own->refused_open_code = event->code;
            own->refused_open_message = world->facets[event->facet].message;
        } else if (event->kind != HT_EVENT_HEALTH) {
            own->refused_open = 0;
        }
    }
}

/* A heap copy, as the stages make them. */
static inline void *world_copy(const void *array, size_t bytes) {
    void *copy = malloc(bytes > 0 ? bytes : 1);
    assert_non_null(copy);
    memcpy(copy, array, bytes);
    return copy;
}

#define WORLD_COPY(array, count) world_copy((array), (count) * sizeof(array)[0])

static inline void world_parts(struct world *world, struct ht_report_parts *parts) {
    struct ht_str strings[WORLD_STRINGS_MAX];
    struct ht_log *log = &parts->log;
    struct ht_device_sessions *by_device = calloc(world->device_count + 1, sizeof *by_device);
    assert_non_null(by_device);
    world_place_events(world);
    world_settle_sessions(world, by_device);
    world_settle_refused(world, by_device);
    *parts = (struct ht_report_parts){.quality = world->quality,
                                      .sources = world->sources,
                                      .source_count = world->source_count};
    ht_arena_init(&log->text, SIZE_MAX / 2);
    for (size_t i = 0; i < world->string_count; i++) {
        assert_int_equal(ht_arena_copy(&log->text, ht_str_from(world->text[i]), &strings[i]),
                         HT_OK);
    }
    log->strings = WORLD_COPY(strings, world->string_count);
    log->string_count = world->string_count;
    log->events = WORLD_COPY(world->events, world->event_count);
    log->event_count = world->event_count;
    log->devices = WORLD_COPY(world->devices, world->device_count);
    log->device_count = world->device_count;
    log->hubs = WORLD_COPY(world->hubs, world->hub_count);
    log->hub_count = world->hub_count;
    log->first_us = HT_TIME_NONE;
    log->last_us = HT_TIME_NONE;
    for (size_t i = 0; i < world->hub_count; i++) {
        const struct ht_hub *hub = &world->hubs[i];
        log->first_us = i == 0 || hub->first_us < log->first_us ? hub->first_us : log->first_us;
        log->last_us = hub->last_us > log->last_us ? hub->last_us : log->last_us;
    }
    log->facets = WORLD_COPY(world->facets, world->facet_count);
    log->facet_count = world->facet_count;
    parts->quality.events = world->event_count;
    parts->sessions.sessions = WORLD_COPY(world->sessions, world->session_count);
    parts->sessions.session_count = world->session_count;
    parts->sessions.by_device = by_device;
    parts->verdicts.verdicts = WORLD_COPY(world->verdicts, world->session_count);
    parts->verdicts.count = world->session_count;
    parts->verdicts.incidents = WORLD_COPY(world->incidents, world->incident_count);
    parts->verdicts.incident_count = world->incident_count;
    parts->verdicts.cadences = WORLD_COPY(world->cadences, world->cadence_count);
    parts->verdicts.cadence_count = world->cadence_count;
    parts->verdicts.device_cadence_s = WORLD_COPY(world->cadence_s, world->device_count);
}

/* Each device has one rule, with all that it states. */
static inline void world_known(const struct world *world, struct ht_known *known) {
    struct ht_known_device *devices = calloc(world->device_count + 1, sizeof *devices);
    assert_non_null(devices);
    for (size_t d = 0; d < world->device_count; d++) {
        for (size_t p = 0; p < HT_KNOWN_COUNT && world->told[d] > 0; p++) {
            const bool states = (world->rules[world->told[d] - 1].states >> p & 1U) != 0;
            devices[d].rule[p] = states ? world->told[d] : 0;
        }
    }
    known->rules = WORLD_COPY(world->rules, world->rule_count);
    known->rule_count = world->rule_count;
    known->devices = devices;
}

static inline void world_count_missing(const struct world *world, struct ht_sessions *sessions) {
    for (size_t i = 0; i < world->session_count; i++) {
        sessions->starts_before_log += world->sessions[i].start == HT_START_BEFORE_LOG;
        sessions->starts_missing += world->sessions[i].start == HT_START_MISSING;
        sessions->ends_missing += world->sessions[i].end == HT_END_MISSING;
    }
}

/* The report on the world, which is used up. */
static inline struct ht_report *world_report(struct world *world) {
    struct ht_report_parts parts = {.source_count = 0};
    struct ht_report *report = NULL;
    world_parts(world, &parts);
    world_count_missing(world, &parts.sessions);
    if (world->rule_count > 0) {
        world_known(world, &parts.known);
    }
    assert_int_equal(ht_report_build(&parts, &world->selection, NULL, &report), HT_OK);
    assert_non_null(report);
    assert_null(parts.log.events);
    assert_null(parts.sessions.sessions);
    assert_null(parts.verdicts.verdicts);
    ht_selection_release(&world->selection);
    free(world);
    return report;
}

static inline struct ht_device_view device_at(const struct ht_report *report, size_t index) {
    struct ht_device_view view;
    ht_report_device(report, index, &view);
    return view;
}

/* The n-th finding of a rule, or NULL. */
static inline const struct ht_finding *finding(const struct ht_report *report, const char *rule) {
    const struct ht_summary *summary = ht_report_summary(report);
    for (size_t i = 0; i < summary->finding_count; i++) {
        if (strcmp(summary->findings[i].rule, rule) == 0) {
            return &summary->findings[i];
        }
    }
    return NULL;
}

#endif
