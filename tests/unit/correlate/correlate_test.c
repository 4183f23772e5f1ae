/* SPDX-License-Identifier: MIT */
/*
 * Logs of one device in a compact notation, one word an event: kind, second, and what else matters.
 *   C10        accepted connect at second 10        D20:404104  disconnect with that code
 *   D20        clean disconnect                     R30:401003  refused connect
 * The result in the same spirit, one word a session: begin, end, and how it is known.
 *   10-20      both seen        <10-20  began before the log    ?10-20  its connect is missing
 *   10-        open at the end  10-20?  its end is missing      then :codes gN rN and flags
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
#include "correlate/correlate.h"

enum { EVENTS_MAX = 256, TEXT_MAX = 8192 };

struct fixture {
    struct ht_event events[EVENTS_MAX];
    struct ht_device device;
    struct ht_hub hub;
    struct ht_facet facets[4];
    struct ht_log log;
};

static int compare_events(const void *left, const void *right) {
    const struct ht_event *a = left;
    const struct ht_event *b = right;
    if (a->time_us != b->time_us) {
        return a->time_us < b->time_us ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->code > b->code) - (a->code < b->code);
}

static void finish_log(struct fixture *fixture, size_t count) {
    qsort(fixture->events, count, sizeof *fixture->events, compare_events);
    fixture->device = (struct ht_device){.event_count = (uint32_t)count};
    fixture->hub = (struct ht_hub){.device_count = 1};
    if (count > 0) {
        fixture->hub.first_us = fixture->events[0].time_us;
        fixture->hub.last_us = fixture->events[count - 1].time_us;
    }
    fixture->log = (struct ht_log){
        .events = fixture->events,
        .event_count = count,
        .devices = &fixture->device,
        .device_count = 1,
        .hubs = &fixture->hub,
        .hub_count = 1,
        .facets = fixture->facets,
        .facet_count = HT_ARRAY_LEN(fixture->facets),
    };
}

static void parse_log(struct fixture *fixture, const char *text) {
    size_t count = 0;
    *fixture =
        (struct fixture){.facets = {[1] = {.sdk = 7, .protocol = 8, .network = 9, .auth = 1}}};
    while (*text != '\0') {
        const char kind = *text++;
        char *end = NULL;
        assert_true(count < EVENTS_MAX);
        struct ht_event *event = &fixture->events[count++];
        event->time_us = strtoll(text, &end, 10) * HT_US_PER_S;
        event->kind = kind == 'C'   ? HT_EVENT_CONNECT
                      : kind == 'R' ? HT_EVENT_REFUSED
                      : kind == 'H' ? HT_EVENT_HEALTH
                                    : HT_EVENT_DISCONNECT;
        text = end;
        if (*text == ':') {
            event->code = (uint32_t)strtoul(text + 1, &end, 10);
            event->level = HT_LEVEL_ERROR;
            text = end;
        }
        if (*text == '*') { /* carries the attributes of facet 1 */
            event->facet = 1;
            text++;
        }
        while (*text == ' ') {
            text++;
        }
    }
    finish_log(fixture, count);
}

static size_t put_flags(const struct ht_session *session, char *out, size_t size) {
    static const struct {
        unsigned flag;
        const char *text;
    } names[] = {
        {HT_SESSION_CLEAN, " clean"},     {HT_SESSION_TAKEN_OVER, " taken"},
        {HT_SESSION_OVERLAPS, " late"},   {HT_SESSION_RETURN_5XX, " r5xx"},
        {HT_SESSION_RETURN_401, " r401"}, {HT_SESSION_RETURN_429, " r429"},
    };
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < HT_ARRAY_LEN(names); i++) {
        if ((session->flags & names[i].flag) != 0) {
            len += (size_t)snprintf(out + len, size - len, "%s", names[i].text);
        }
    }
    return len;
}

static size_t put_session(const struct ht_session *session, char *out, size_t size) {
    size_t len = (size_t)snprintf(out, size, "%s%d-",
                                  session->start == HT_START_SEEN      ? ""
                                  : session->start == HT_START_MISSING ? "?"
                                                                       : "<",
                                  (int)(session->start_us / HT_US_PER_S));
    if (session->end == HT_END_OPEN) {
        return len;
    }
    len += (size_t)snprintf(out + len, size - len, "%d%s", (int)(session->end_us / HT_US_PER_S),
                            session->end == HT_END_MISSING ? "?" : "");
    for (size_t i = 0; i < HT_CODES_MAX && session->codes[i] != 0; i++) {
        len +=
            (size_t)snprintf(out + len, size - len, "%c%u", i == 0 ? ':' : '+', session->codes[i]);
    }
    if (session->gap_s != HT_NONE32) {
        len += (size_t)snprintf(out + len, size - len, " g%u", session->gap_s);
    }
    if (session->refused > 0) {
        len += (size_t)snprintf(out + len, size - len, " r%u", session->refused);
    }
    return len + put_flags(session, out + len, size - len);
}

static void describe(const struct ht_sessions *sessions, char *out, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sessions->session_count; i++) {
        len += (size_t)snprintf(out + len, size - len, "%s", i > 0 ? ", " : "");
        len += put_session(&sessions->sessions[i], out + len, size - len);
    }
}

struct expectation {
    const char *log;
    const char *sessions;
};

static const struct expectation expectations[] = {
    /* Plain life. */
    {"", ""},
    {"C0", "0-"},
    {"C0 D3600:404104", "0-3600:404104"},
    {"C0 D3600", "0-3600 clean"},
    {"C0 D3600:404104 C3608", "0-3600:404104 g8, 3608-"},
    {"C0 D3600:404104 C3608 D7200:404104", "0-3600:404104 g8, 3608-7200:404104"},
    {"H5:500001 C10 H15:500001 D20:404104", "10-20:404104"},
    /* One episode of several records. */
    {"C0 D100:404104 D100:401003", "0-100:401003+404104"},
    {"C0 D100:404104 D105:401003 D110:409002", "0-100:401003+404104+409002"},
    {"C0 D100:404104 D111:404104", "0-100:404104, ?100-111:404104"},
    {"C0 D100 D103:404104", "0-100:404104"},
    {"C0 D9:1 D9:2 D9:3 D9:4 D9:5", "0-9:1+2+3+4"},
    {"C0 D100:404104 D102:404104 C200", "0-100:404104 g100, 200-"},
    /* The begin is not in the log. */
    {"D50:404104", "<50-50:404104"},
    {"H0:500001 D50:404104 C60", "<0-50:404104 g10, 60-"},
    {"C0 D10:404104 D500:404104 C510", "0-10:404104, ?10-500:404104 g10, 510-"},
    /* The end is not in the log. */
    {"C0 C500", "0-500?, 500-"},
    {"C0 C500 D900:404104", "0-500?, 500-900:404104"},
    {"C0 C500 C900 D1000", "0-500?, 500-900?, 900-1000 clean"},
    {"C0 R500:401003 C510 D900:404104", "0-500?, 510-900:404104"},
    {"C0 R500:401003 R505:401003", "0-500?"},
    {"C0 R500:401003 D900:404104", "0-900:404104"},
    {"C0 R500:500001 D900:404104", "0-900:404104"},
    {"C0 R500:500001 C900", "0-900?, 900-"},
    /* Refused on the way back. */
    {"C0 D10:404104 R20:401003 R30:401003 C40", "0-10:404104 g30 r2 r401, 40-"},
    {"C0 D10:404104 R20:503001 R30:429001 C40", "0-10:404104 g30 r2 r5xx r429, 40-"},
    {"R5:401003 C10", "10-"},
    /* A record twice. */
    {"C0 C1 D100:404104", "0-100:404104"},
    {"C0 C3 D100:404104", "0-3?, 3-100:404104"},
    {"C0 C1* D100:404104", "0-1?, 1-100:404104"},
    /* The same second: back within it, or there for none. */
    {"C0 D100:404104 C100 D200:404104", "0-100:404104 g0, 100-200:404104"},
    {"C0 D100:404104 C100", "0-100:404104 g0, 100-"},
    {"D100:404104 C100", "<100-100:404104 g0, 100-"},
    {"C0 D50 C1000 D1000:404104 C1010", "0-50 g950 clean, 1000-1000:404104 g10, 1010-"},
    {"C0 D50 C1000 D1000:404104 D2000:404104", "0-50 clean, ?50-1000:404104 g0, 1000-2000:404104"},
    {"C0 D100:404104 D103:401003 C103 D900:404104", "0-100:401003+404104 g3, 103-900:404104"},
    {"C0 D100:401003 D100:404104 C100 D900", "0-100:401003+404104 g0, 100-900 clean"},
    {"C0 D100:404104 R100:401003 C100 D900", "0-100:404104 g0 r1 r401, 100-900 clean"},
    {"C0 D100:404104 D100:404105 C100 C200 D300",
     "0-100:404104 g0, 100-100:404105 g100, 200-300 clean"},
    {"C0 C100 D100:404104 D100:409002 D300", "0-100:404104+409002 g0, 100-300 clean"},
    /* Taken over: the closing record is stamped after the new connect. */
    {"C0 C100 D101:400027 D900:404104", "0-101:400027 g0 taken, 100-900:404104"},
    /* The end that was taken over leaves one more record behind; a new one that ends does too. */
    {"C0 C100 D100:400027 D101:404104 D900:404104", "0-100:400027+404104 g0, 100-900:404104"},
    {"C0 C100 D101:400027 D102:404104 C200 D200:400027 D900:404104",
     "0-101:400027+404104 g0 taken, 100-200:400027 g0, 200-900:404104"},
    {"C0 C100 D100:400027 D101:404104 C200", "0-100:400027 g0, 100-101:404104 g99, 200-"},
    /* Two take-overs are two ends, though the connect between them is missing. */
    {"C0 C100 D100:400027 D105:400027 C106 D900:404104",
     "0-100:400027 g0, 100-105:400027 g1, 106-900:404104"},
    {"C0 D100:400027 D105:400027 C106", "0-100:400027, ?100-105:400027 g1, 106-"},
    {"C0 C100 D102:409002 D900:404104", "0-102:409002 g0 taken, 100-900:404104"},
    {"H0:500001 C100 D101:400027 D900:404104", "<0-101:400027 g0 taken, 100-900:404104"},
    {"C0 C5 D5:400027 C10 D10:400027 C15 D15:400027",
     "0-5:400027 g0, 5-10:400027 g0, 10-15:400027 g0, 15-"},
    {"C0 C1 D1:400027 C2 D2:400027 C3 D3:400027",
     "0-1:400027 g0, 1-2:400027 g0, 2-3:400027 g0, 3-"},
    {"C0 C5* D6:400027 C10 D11:400027 C15* D16:400027",
     "0-6:400027 g0 taken, 5-11:400027 g0 taken, 10-16:400027 g0 taken, 15-"},
    /* a connect soon after another is no copy of it when it threw it out */
    {"C42 C46 D46:400027 C48 D49:400027 C52 D53:400027",
     "42-46:400027 g0, 46-49:400027 g0 taken, 48-53:400027 g0 taken, 52-"},
    {"C0 D95:404104 C100 D101:400027 D900:404104", "0-95:400027+404104 g5, 100-900:404104"},
    /* The end of the old session comes late. */
    {"C0 C100 D130:404104 D900:404104", "0-130:404104 g0 late, 100-900:404104"},
    {"C0 C100 D130:404104 C900", "0-100?, 100-130:404104 g770, 900-"},
    {"C0 C100 D230:404104 D900:404104", "0-100?, 100-230:404104, ?230-900:404104"},
};

static void make(struct fixture *fixture, char *out, size_t size) {
    struct ht_sessions sessions;
    assert_int_equal(ht_correlate(&fixture->log, NULL, &sessions), HT_OK);
    describe(&sessions, out, size);
    ht_sessions_release(&sessions);
}

static void sessions_are_as_expected(void **state) {
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < HT_ARRAY_LEN(expectations); i++) {
        struct fixture fixture;
        char got[TEXT_MAX];
        parse_log(&fixture, expectations[i].log);
        make(&fixture, got, sizeof got);
        if (strcmp(got, expectations[i].sessions) != 0) {
            print_error("%s\n  want %s\n  got  %s\n", expectations[i].log, expectations[i].sessions,
                        got);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void attributes_come_from_the_nearest_record(void **state) {
    (void)state;
    struct fixture fixture;
    struct ht_sessions sessions;
    parse_log(&fixture, "C0 D10:404104 C20* D30 C40 D50");
    assert_int_equal(ht_correlate(&fixture.log, NULL, &sessions), HT_OK);
    assert_int_equal(sessions.session_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sessions.sessions[i].sdk, 7);
        assert_int_equal(sessions.sessions[i].protocol, 8);
        assert_int_equal(sessions.sessions[i].network, 9);
        assert_int_equal(sessions.sessions[i].auth, 1);
    }
    ht_sessions_release(&sessions);
}

static void refused_at_the_end_are_told(void **state) {
    (void)state;
    struct fixture fixture;
    struct ht_sessions sessions;
    parse_log(&fixture, "R1:401003 C5 D10:401003 R20:401003 R25:404001 R30:401002");
    assert_int_equal(ht_correlate(&fixture.log, NULL, &sessions), HT_OK);
    assert_int_equal(sessions.by_device[0].connects, 1);
    assert_int_equal(sessions.by_device[0].refused, 4);
    assert_int_equal(sessions.by_device[0].refused_open, 3);
    assert_int_equal(sessions.by_device[0].refused_open_code, 401002);
    assert_int_equal(sessions.by_device[0].refused_open_since_us, 20 * HT_US_PER_S);
    assert_int_equal(sessions.starts_before_log + sessions.starts_missing + sessions.ends_missing,
                     0);
    ht_sessions_release(&sessions);
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void random_log(struct fixture *fixture, uint64_t *random) {
    static const uint32_t codes[] = {0, 404104, 401003, 400027, 409002, 500001};
    const size_t count = next_random(random) % 60;
    *fixture = (struct fixture){.facets = {[1] = {.sdk = 7}}};
    for (size_t i = 0; i < count; i++) {
        fixture->events[i] = (struct ht_event){
            .time_us = (int64_t)(next_random(random) % 90) * HT_US_PER_S,
            .kind = (uint8_t)(next_random(random) % 3),
            .code = codes[next_random(random) % HT_ARRAY_LEN(codes)],
        };
        if (fixture->events[i].kind == HT_EVENT_CONNECT) {
            fixture->events[i].code = 0;
        }
    }
    finish_log(fixture, count);
}

/* Every disconnect record is in one episode, every connect begins one session (or is a repeat), and
 * the invariants, which ht_correlate() asserts, hold. */
static void random_logs_keep_the_invariants(void **state) {
    (void)state;
    uint64_t random = 88172645463325252U;
    for (int round = 0; round < 20000; round++) {
        struct fixture fixture;
        struct ht_sessions sessions;
        size_t closing = 0;
        size_t disconnects = 0;
        random_log(&fixture, &random);
        assert_int_equal(ht_correlate(&fixture.log, NULL, &sessions), HT_OK);
        for (size_t i = 0; i < sessions.session_count; i++) {
            const struct ht_session *session = &sessions.sessions[i];
            closing += session->closing_records;
            assert_true((session->end == HT_END_SEEN) == (session->closing_records > 0));
            assert_true(session->end != HT_END_OPEN || i + 1 == sessions.session_count);
        }
        for (size_t i = 0; i < fixture.log.event_count; i++) {
            disconnects += fixture.events[i].kind == HT_EVENT_DISCONNECT;
        }
        assert_int_equal(closing, disconnects);
        ht_sessions_release(&sessions);
    }
}

static void many_refused_connects_cost_little(void **state) {
    (void)state;
    enum { COUNT = 400000 };
    struct fixture fixture;
    parse_log(&fixture, "C0");
    struct ht_event *events = calloc(COUNT, sizeof *events);
    assert_non_null(events);
    for (size_t i = 0; i < COUNT; i++) {
        events[i] =
            (struct ht_event){.time_us = (int64_t)i, .kind = HT_EVENT_REFUSED, .code = 401003};
    }
    events[0] = (struct ht_event){.kind = HT_EVENT_CONNECT};
    events[COUNT - 1] =
        (struct ht_event){.time_us = COUNT, .kind = HT_EVENT_DISCONNECT, .code = 404104};
    fixture.log.events = events;
    fixture.device.event_count = COUNT;
    fixture.hub.last_us = COUNT;
    char got[TEXT_MAX];
    make(&fixture, got, sizeof got);
    assert_string_equal(got, "0-0:404104");
    free(events);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_as_expected),
        cmocka_unit_test(attributes_come_from_the_nearest_record),
        cmocka_unit_test(refused_at_the_end_are_told),
        cmocka_unit_test(random_logs_keep_the_invariants),
        cmocka_unit_test(many_refused_connects_cost_little),
    };
    return cmocka_run_group_tests_name("correlate", tests, NULL, NULL);
}
