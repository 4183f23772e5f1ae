/* SPDX-License-Identifier: MIT */
/*
 * A group of equal stamps is a list of disconnects, one of refused connects and one of connects,
 * each in canonical order. Orders are ways to merge disconnects and connects: a walk over a grid
 * whose cheapest path is found by dynamic programming, backwards, over (disconnects taken, connects
 * taken, link). Refused connects are then put where the link is down.
 */
#include "correlate/tie_order.h"

#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"

enum { GRID_MAX = 8, GROUP_MAX = 64 };

/* Cost of what the log must have lost or what is merely odd. */
enum { COST_LOST_RECORD = 2, COST_ZERO_LENGTH = 1 };

struct ht_link_state ht_link_after(struct ht_link_state before, const struct ht_event *event) {
    if (event->kind == HT_EVENT_CONNECT) {
        return (struct ht_link_state){HT_LINK_OPEN, 0};
    }
    if (event->kind != HT_EVENT_DISCONNECT) {
        return before;
    }
    const bool joins =
        before.link == HT_LINK_CLOSED && event->time_us - before.closed_us <= HT_JOIN_US;
    return (struct ht_link_state){HT_LINK_CLOSED, joins ? before.closed_us : event->time_us};
}

struct group {
    const struct ht_event **disconnects;
    const struct ht_event **connects;
    size_t disconnect_count;
    size_t connect_count;
    bool joins;                  /* a disconnect may join the episode before the group */
    const struct ht_event *next; /* first event of the next instant, or NULL */
    bool next_is_mixed;          /* the next instant has both kinds: it can begin either way */
};

/* Cost of a disconnect or connect met in a link state. after_connect: one of this same instant. */
static int step_cost(const struct group *group, enum ht_link link, bool in_group, bool disconnect) {
    if (disconnect) {
        if (link == HT_LINK_OPEN) {
            return in_group ? COST_ZERO_LENGTH : 0;
        }
        return link == HT_LINK_CLOSED && !in_group && !group->joins ? COST_LOST_RECORD : 0;
    }
    return link == HT_LINK_OPEN ? COST_LOST_RECORD : 0;
}

/* Cost of leaving the group in a link state, given what comes next. */
static int end_cost(const struct group *group, enum ht_link link, int64_t time_us) {
    if (group->next == NULL || group->next_is_mixed) {
        return 0;
    }
    if (group->next->kind == HT_EVENT_DISCONNECT) {
        const bool joins = group->next->time_us - time_us <= HT_JOIN_US;
        return link == HT_LINK_CLOSED && !joins ? COST_LOST_RECORD : 0;
    }
    return link == HT_LINK_OPEN ? COST_LOST_RECORD : 0;
}

/* Cheapest cost from each point of the grid to its end; [d][c][last taken: 0 none, 1 disconnect, 2
 * connect]. */
struct grid {
    int cost[GRID_MAX + 1][GRID_MAX + 1][3];
};

static enum ht_link link_at(enum ht_link before, unsigned last) {
    return last == 0 ? before : last == 1 ? HT_LINK_CLOSED : HT_LINK_OPEN;
}

static int cost_through(const struct group *group, const struct grid *grid, enum ht_link before,
                        const size_t at[3], bool disconnect) {
    const size_t d = at[0] + (disconnect ? 1 : 0);
    const size_t c = at[1] + (disconnect ? 0 : 1);
    if (d > group->disconnect_count || c > group->connect_count) {
        return INT32_MAX / 2;
    }
    const enum ht_link link = link_at(before, (unsigned)at[2]);
    return step_cost(group, link, at[2] != 0, disconnect) + grid->cost[d][c][disconnect ? 1 : 2];
}

static void fill_grid(const struct group *group, enum ht_link before, int64_t time_us,
                      struct grid *grid) {
    for (size_t d = group->disconnect_count + 1; d-- > 0;) {
        for (size_t c = group->connect_count + 1; c-- > 0;) {
            for (unsigned last = 0; last < 3; last++) {
                const size_t at[3] = {d, c, last};
                int cost = end_cost(group, link_at(before, last), time_us);
                if (d < group->disconnect_count || c < group->connect_count) {
                    const int first = cost_through(group, grid, before, at, true);
                    const int second = cost_through(group, grid, before, at, false);
                    cost = first <= second ? first : second;
                }
                grid->cost[d][c][last] = cost;
            }
        }
    }
}

/* Merge the group's disconnects and connects into out, cheapest order first. */
static void merge_cheapest(const struct group *group, struct ht_link_state before, int64_t time_us,
                           const struct ht_event **out) {
    struct grid grid;
    size_t at[3] = {0, 0, 0};
    fill_grid(group, before.link, time_us, &grid);
    while (at[0] < group->disconnect_count || at[1] < group->connect_count) {
        const bool disconnect = cost_through(group, &grid, before.link, at, true) <=
                                cost_through(group, &grid, before.link, at, false);
        *out++ = disconnect ? group->disconnects[at[0]] : group->connects[at[1]];
        at[disconnect ? 0 : 1]++;
        at[2] = disconnect ? 1 : 2;
    }
}

/* For a group too large to weigh: take turns. */
static void merge_alternating(const struct group *group, struct ht_link_state before,
                              const struct ht_event **out) {
    size_t d = 0;
    size_t c = 0;
    bool disconnect = before.link != HT_LINK_CLOSED;
    while (d < group->disconnect_count || c < group->connect_count) {
        if ((disconnect && d < group->disconnect_count) || c == group->connect_count) {
            *out++ = group->disconnects[d++];
        } else {
            *out++ = group->connects[c++];
        }
        disconnect = !disconnect;
    }
}

/* Move the refused connects (behind the merged ones) to the first place where the link is down. */
static void place_refused(const struct ht_event **events, size_t merged, size_t count,
                          struct ht_link_state before) {
    size_t place = 0;
    struct ht_link_state state = before;
    while (place < merged && state.link == HT_LINK_OPEN) {
        state = ht_link_after(state, events[place]);
        place++;
    }
    if (state.link == HT_LINK_OPEN) {
        place = 0; /* never down: they come first, and a connect may follow */
    }
    for (size_t i = merged; i < count; i++, place++) {
        const struct ht_event *refused = events[i];
        memmove(events + place + 1, events + place, (i - place) * sizeof *events);
        events[place] = refused;
    }
}

static size_t count_kind(const struct ht_event *const *events, size_t count, unsigned kind) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += events[i]->kind == kind;
    }
    return found;
}

static size_t instant_len(const struct ht_event *const *events, size_t count) {
    size_t len = 1;
    while (len < count && events[len]->time_us == events[0]->time_us) {
        len++;
    }
    return len;
}

/* Canonical order within the instant is disconnects, refused connects, connects. */
static void order_instant(const struct ht_event **events, size_t count, size_t behind,
                          struct ht_link_state before) {
    const size_t disconnects = count_kind(events, count, HT_EVENT_DISCONNECT);
    const size_t refused = count_kind(events, count, HT_EVENT_REFUSED);
    const size_t connects = count - disconnects - refused;
    const struct ht_event *copy[GROUP_MAX];
    if (count > GROUP_MAX || connects == 0 || (disconnects == 0 && refused == 0)) {
        return;
    }
    memcpy(copy, events, count * sizeof *copy);
    struct group group = {
        .disconnects = copy,
        .connects = copy + disconnects + refused,
        .disconnect_count = disconnects,
        .connect_count = connects,
        .joins =
            before.link == HT_LINK_CLOSED && events[0]->time_us - before.closed_us <= HT_JOIN_US,
    };
    if (behind > 0) {
        const struct ht_event **next = events + count;
        const size_t next_len = instant_len(next, behind);
        group.next = next[0];
        group.next_is_mixed = next[0]->kind != next[next_len - 1]->kind;
    }
    if (disconnects <= GRID_MAX && connects <= GRID_MAX) {
        merge_cheapest(&group, before, events[0]->time_us, events);
    } else {
        merge_alternating(&group, before, events);
    }
    memcpy(events + disconnects + connects, copy + disconnects, refused * sizeof *events);
    place_refused(events, disconnects + connects, count, before);
}

void ht_tie_order(const struct ht_event **events, size_t count) {
    struct ht_link_state state = {HT_LINK_UNKNOWN, 0};
    for (size_t at = 0; at < count;) {
        const size_t len = instant_len(events + at, count - at);
        if (len > 1) {
            order_instant(events + at, len, count - at - len, state);
        }
        for (size_t i = 0; i < len; i++) {
            state = ht_link_after(state, events[at + i]);
        }
        at += len;
    }
}
