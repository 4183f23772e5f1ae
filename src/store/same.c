/* SPDX-License-Identifier: MIT */
#include "store/same.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "base/time.h"
#include "model/event_order.h"

#define US_PER_MS INT64_C(1000)
#define SAMPLED_US (60 * HT_US_PER_S)

/* Events of one instant that differ; beyond this, those met later are not compared with them all: a
 * log that has so many is not in need of it. */
enum { DISTINCT_MAX = 16 };

static int compare_events(const void *left, const void *right) {
    return ht_event_compare(left, right);
}

/* Events come nearly in order: insertion, until it has moved more than sorting would. */
static void sort_events(struct ht_event *events, size_t count) {
    size_t moves = 16 * count;
    for (size_t i = 1; i < count; i++) {
        if (events[i - 1].time_us < events[i].time_us ||
            compare_events(&events[i - 1], &events[i]) <= 0) {
            continue;
        }
        const struct ht_event event = events[i];
        size_t at = i;
        for (; at > 0 && compare_events(&events[at - 1], &event) > 0; at--) {
            events[at] = events[at - 1];
        }
        events[at] = event;
        if (i - at > moves) {
            qsort(events, count, sizeof *events, compare_events);
            return;
        }
        moves -= i - at;
    }
}

static int64_t millisecond(int64_t time_us) {
    return time_us >= 0 ? time_us / US_PER_MS : -((-time_us + US_PER_MS - 1) / US_PER_MS);
}

static bool is_cut(const struct ht_event *event) {
    return event->time_us % US_PER_MS == 0;
}

static unsigned richness(const struct ht_facet *facet) {
    const bool known[] = {facet->sdk != 0,     facet->protocol != 0,  facet->network != 0,
                          facet->message != 0, facet->operation != 0, facet->auth != 0};
    unsigned count = 0;
    for (size_t i = 0; i < HT_ARRAY_LEN(known); i++) {
        count += known[i];
    }
    return count;
}

static bool agree(uint32_t a, uint32_t b) {
    return a == b || a == 0 || b == 0;
}

static bool compatible(const struct ht_facet *a, const struct ht_facet *b) {
    return agree(a->sdk, b->sdk) && agree(a->protocol, b->protocol) &&
           agree(a->network, b->network) && agree(a->message, b->message) &&
           agree(a->operation, b->operation) && agree(a->auth, b->auth);
}

static bool is_same(const struct ht_facet *facets, const struct ht_event *a,
                    const struct ht_event *b) {
    return a->kind == b->kind && a->code == b->code &&
           ((a->flags ^ b->flags) & HT_EVENT_SNAPSHOT) == 0 &&
           (a->time_us == b->time_us || is_cut(a) || is_cut(b)) &&
           (a->facet == b->facet || compatible(&facets[a->facet], &facets[b->facet]));
}

/* True when a comes before b, where the first of equals is to stay: richer, of finer time, then in
 * canonical order. */
static bool stays_before(const struct ht_facet *facets, const struct ht_event *a,
                         const struct ht_event *b) {
    const unsigned rich[2] = {richness(&facets[a->facet]), richness(&facets[b->facet])};
    if (rich[0] != rich[1]) {
        return rich[0] > rich[1];
    }
    if (is_cut(a) != is_cut(b)) {
        return is_cut(b);
    }
    return compare_events(a, b) < 0;
}

/* Insert into the kept ones, which are in the order of stays_before(). */
static void insert(const struct ht_facet *facets, struct ht_event *kept, size_t count,
                   struct ht_event event) {
    size_t at = count;
    while (at > 0 && stays_before(facets, &event, &kept[at - 1])) {
        kept[at] = kept[at - 1];
        at--;
    }
    kept[at] = event;
}

/* Put the events of one millisecond in the order in which they stay. There are few, but for
 * hostile input, of which the rest keeps its canonical order. */
static void order_to_stay(const struct ht_facet *facets, struct ht_event *events, size_t count) {
    const size_t few = count < 256 ? count : 256;
    for (size_t i = 1; i < few; i++) {
        insert(facets, events, i, events[i]);
    }
}

/* What is left of the events of one millisecond, in canonical order again. */
static size_t collapse_instant(const struct ht_facet *facets, struct ht_event *events,
                               size_t count) {
    size_t kept = 0;
    order_to_stay(facets, events, count);
    for (size_t i = 0; i < count; i++) {
        const struct ht_event event = events[i];
        size_t at = 0;
        while (at < kept && at < DISTINCT_MAX && !is_same(facets, &events[at], &event)) {
            at++;
        }
        if (at < kept && at < DISTINCT_MAX) {
            struct ht_event *stays = &events[at];
            stays->time_us = event.time_us > stays->time_us ? event.time_us : stays->time_us;
            stays->level = event.level > stays->level ? event.level : stays->level;
        } else {
            events[kept++] = event;
        }
    }
    sort_events(events, kept);
    return kept;
}

static size_t drop_equal(struct ht_event *events, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || events[kept - 1].time_us != events[i].time_us ||
            compare_events(&events[kept - 1], &events[i]) != 0) {
            events[kept++] = events[i];
        }
    }
    return kept;
}

static size_t collapse_instants(const struct ht_facet *facets, struct ht_event *events,
                                size_t count) {
    size_t kept = 0;
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && events[end].time_us - events[begin].time_us < US_PER_MS &&
               millisecond(events[end].time_us) == millisecond(events[begin].time_us)) {
            end++;
        }
        size_t left = end - begin;
        if (left > 1) {
            left = collapse_instant(facets, &events[begin], left);
        }
        for (size_t i = 0; i < left; i++) {
            events[kept++] = events[begin + i];
        }
        begin = end;
    }
    return kept;
}

static bool is_sampled(const struct ht_event *event) {
    return (event->flags & HT_EVENT_SNAPSHOT) != 0;
}

/* Marks, in flags, the sampled events near a logged one of their kind; one walk for each direction.
 */
enum { NEAR_LOGGED = 1 << 15 };

static void mark_near(struct ht_event *event, bool *known, int64_t *logged_us) {
    if (event->kind != HT_EVENT_CONNECT && event->kind != HT_EVENT_DISCONNECT) {
        return;
    }
    const size_t which = event->kind == HT_EVENT_CONNECT;
    if (!is_sampled(event)) {
        known[which] = true;
        logged_us[which] = event->time_us;
    } else if (known[which] &&
               llabs((long long)(event->time_us - logged_us[which])) <= SAMPLED_US) {
        event->flags |= NEAR_LOGGED;
    }
}

static size_t drop_sampled(struct ht_event *events, size_t count) {
    bool known[2] = {false, false};
    int64_t logged_us[2] = {0, 0};
    for (size_t i = 0; i < count; i++) {
        mark_near(&events[i], known, logged_us);
    }
    known[0] = false;
    known[1] = false;
    for (size_t i = count; i-- > 0;) {
        mark_near(&events[i], known, logged_us);
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if ((events[i].flags & NEAR_LOGGED) == 0) {
            events[kept++] = events[i];
        }
    }
    return kept;
}

size_t ht_same_collapse(const struct ht_facet *facets, struct ht_event *events, size_t count) {
    bool sampled = false;
    for (size_t i = 0; i < count; i++) {
        events[i].flags &= HT_EVENT_SNAPSHOT; /* dates and zones are settled */
        sampled = sampled || is_sampled(&events[i]);
    }
    sort_events(events, count);
    count = drop_equal(events, count);
    count = collapse_instants(facets, events, count);
    return sampled ? drop_sampled(events, count) : count;
}
