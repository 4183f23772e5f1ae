/* SPDX-License-Identifier: MIT */
/*
 * A state machine over one device's events. `current` is the session that is open or ended last;
 * closing records that were taken ahead (those stamped after the connect that caused them) are
 * marked by their index, so the loop passes over them.
 */
#include "correlate/device_sessions.h"

#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"
#include "correlate/tie_order.h"
#include "model/code.h"

#define TAKE_OVER_US (2 * HT_US_PER_S)
#define LATE_END_US (120 * HT_US_PER_S)
#define REPEAT_US (2 * HT_US_PER_S)

/* Attributes that the device's records said last. */
struct known {
    uint32_t sdk;
    uint32_t protocol;
    uint32_t network;
    uint32_t auth;
};

struct machine {
    const struct ht_device_events *input;
    const struct ht_hub *hub;
    struct ht_session_list *list;
    struct ht_device_sessions *summary;
    enum ht_link link;
    size_t at;         /* index of the event being taken */
    size_t taken;      /* index of a closing record that was taken ahead, or SIZE_MAX */
    size_t ahead_from; /* from here, the next connect or disconnect is at `ahead` */
    size_t ahead;
    struct known known;
};

static struct ht_session *current(struct machine *machine) {
    HT_ASSERT(machine->list->count > machine->summary->first);
    return &machine->list->sessions[machine->list->count - 1];
}

static bool has_current(const struct machine *machine) {
    return machine->list->count > machine->summary->first;
}

static const struct ht_facet *facet_of(const struct machine *machine,
                                       const struct ht_event *event) {
    return &machine->input->log->facets[event->facet];
}

static bool is_take_over(uint32_t code) {
    return code == HT_CODE_TAKEN_OVER || code == HT_CODE_LINK_CONFLICT;
}

/* Set what is not known from what the facet says. */
static void learn(struct ht_session *session, const struct ht_facet *facet) {
    session->sdk = session->sdk != 0 ? session->sdk : facet->sdk;
    session->protocol = session->protocol != 0 ? session->protocol : facet->protocol;
    session->network = session->network != 0 ? session->network : facet->network;
    session->auth = session->auth != 0 ? session->auth : (uint8_t)facet->auth;
}

static void remember(struct machine *machine, const struct ht_facet *facet) {
    struct known *known = &machine->known;
    known->sdk = facet->sdk != 0 ? facet->sdk : known->sdk;
    known->protocol = facet->protocol != 0 ? facet->protocol : known->protocol;
    known->network = facet->network != 0 ? facet->network : known->network;
    known->auth = facet->auth != 0 ? facet->auth : known->auth;
}

static enum ht_status begin_session(struct machine *machine, int64_t start_us,
                                    enum ht_session_start start) {
    struct ht_session_list *list = machine->list;
    HT_TRY(ht_grow(&list->sessions, &list->capacity, list->count + 1, UINT32_MAX - 1,
                   sizeof *list->sessions));
    list->sessions[list->count++] = (struct ht_session){
        .start_us = start_us,
        .end_us = machine->hub->last_us,
        .device = machine->input->device,
        .gap_s = HT_NONE32,
        .start = (uint8_t)start,
        .end = HT_END_OPEN,
    };
    return HT_OK;
}

static void add_code(struct ht_session *session, uint32_t code) {
    size_t at = 0;
    while (at < HT_CODES_MAX && session->codes[at] != 0 && session->codes[at] < code) {
        at++;
    }
    if (code == 0 || at == HT_CODES_MAX || session->codes[at] == code ||
        session->codes[HT_CODES_MAX - 1] != 0) {
        return;
    }
    memmove(&session->codes[at + 1], &session->codes[at],
            (HT_CODES_MAX - 1 - at) * sizeof session->codes[0]);
    session->codes[at] = code;
}

/* A closing record of a session: its first, or one more. */
static void add_closing(struct machine *machine, struct ht_session *session,
                        const struct ht_event *event) {
    const struct ht_facet *facet = facet_of(machine, event);
    if (session->end != HT_END_SEEN) {
        session->end = HT_END_SEEN;
        session->end_us = event->time_us;
        session->flags |= HT_SESSION_CLEAN | HT_SESSION_SNAPSHOT;
    }
    session->flags &= (uint8_t) ~((event->flags & HT_EVENT_SNAPSHOT) != 0 ? HT_SESSION_CLEAN
                                                                          : HT_SESSION_SNAPSHOT);
    if (event->code != HT_CODE_NONE || event->level != HT_LEVEL_NOTE) {
        session->flags &= (uint8_t)~HT_SESSION_CLEAN;
    }
    add_code(session, event->code);
    session->level = event->level > session->level ? event->level : session->level;
    session->message = session->message != 0 ? session->message : facet->message;
    if (session->closing_records < UINT16_MAX) {
        session->closing_records++;
    }
    learn(session, facet);
}

/* The next connect or disconnect behind index, or NULL. The way over many refused connects is gone
 * once. */
static const struct ht_event *next_of_link(struct machine *machine, size_t index, size_t *found) {
    const struct ht_device_events *input = machine->input;
    const bool known = machine->ahead_from <= index && index < machine->ahead;
    size_t next = known ? machine->ahead : index + 1;
    while (next < input->count &&
           (input->events[next]->kind == HT_EVENT_REFUSED || next == machine->taken)) {
        next++;
    }
    machine->ahead_from = index;
    machine->ahead = next;
    *found = next;
    return next < input->count ? input->events[next] : NULL;
}

/* The closing record that this connect caused, stamped after it; unless a later connect has the
 * very stamp of that record, and is a better cause. */
static bool find_take_over(struct machine *machine, const struct ht_event *connect, size_t *found) {
    const struct ht_event *next = next_of_link(machine, machine->at, found);
    if (next == NULL || next->kind != HT_EVENT_DISCONNECT || !is_take_over(next->code) ||
        next->time_us - connect->time_us > TAKE_OVER_US) {
        return false;
    }
    size_t behind = 0;
    const struct ht_event *second = next_of_link(machine, *found, &behind);
    return second == NULL || second->kind != HT_EVENT_CONNECT || second->time_us != next->time_us ||
           next->time_us == connect->time_us;
}

/* The open session's closing record, which comes after this connect: another one must follow for
 * the new session. */
static bool find_late_end(struct machine *machine, const struct ht_event *connect, size_t *found) {
    size_t behind = 0;
    const struct ht_event *next = next_of_link(machine, machine->at, found);
    if (next == NULL || next->kind != HT_EVENT_DISCONNECT ||
        next->time_us - connect->time_us > LATE_END_US) {
        return false;
    }
    const struct ht_event *second = next_of_link(machine, *found, &behind);
    return second != NULL && second->kind == HT_EVENT_DISCONNECT &&
           second->time_us - next->time_us > HT_JOIN_US;
}

static void take_closing(struct machine *machine, size_t index, uint8_t flag) {
    add_closing(machine, current(machine), machine->input->events[index]);
    current(machine)->flags |= flag;
    current(machine)->gap_s = 0;
    machine->taken = index;
}

static void lose_end(struct machine *machine, int64_t evidence_us) {
    struct ht_session *session = current(machine);
    session->end = HT_END_MISSING;
    session->end_us = evidence_us;
}

/* A connect: first settle what it says of the session before. */
static enum ht_status settle_before(struct machine *machine, const struct ht_event *connect) {
    size_t found = 0;
    const bool take_over = find_take_over(machine, connect, &found);
    if (machine->link == HT_LINK_OPEN) {
        if (take_over) {
            take_closing(machine, found, HT_SESSION_TAKEN_OVER);
        } else if (find_late_end(machine, connect, &found)) {
            take_closing(machine, found, HT_SESSION_OVERLAPS);
        } else {
            lose_end(machine, connect->time_us);
        }
    } else if (machine->link == HT_LINK_UNKNOWN && take_over) {
        HT_TRY(begin_session(machine, machine->hub->first_us, HT_START_BEFORE_LOG));
        take_closing(machine, found, HT_SESSION_TAKEN_OVER);
    } else if (machine->link == HT_LINK_CLOSED && current(machine)->end == HT_END_SEEN) {
        struct ht_session *session = current(machine);
        const int64_t gap_s = (connect->time_us - session->end_us) / HT_US_PER_S;
        session->gap_s = gap_s < HT_NONE32 ? (uint32_t)gap_s : HT_NONE32 - 1;
        if (take_over && machine->input->events[found]->time_us - session->end_us <= HT_JOIN_US) {
            add_closing(machine, current(machine), machine->input->events[found]);
            machine->taken = found;
        }
    }
    return HT_OK;
}

/* The same connect written twice, within moments and with nothing between; unless it threw the
 * one before it out. */
static bool is_repeat(struct machine *machine, const struct ht_event *event) {
    size_t found = 0;
    const struct ht_event *before =
        machine->at > 0 ? machine->input->events[machine->at - 1] : NULL;
    return before != NULL && before->kind == HT_EVENT_CONNECT && before->facet == event->facet &&
           before->code == event->code && event->time_us - before->time_us <= REPEAT_US &&
           !find_take_over(machine, event, &found);
}

static enum ht_status take_connect(struct machine *machine, const struct ht_event *event) {
    if (is_repeat(machine, event)) {
        return HT_OK;
    }
    HT_TRY(settle_before(machine, event));
    HT_TRY(begin_session(machine, event->time_us, HT_START_SEEN));
    learn(current(machine), facet_of(machine, event));
    machine->summary->connects++;
    machine->summary->refused_open = 0;
    machine->link = HT_LINK_OPEN;
    return HT_OK;
}

static bool was_taken_over(const struct ht_session *session) {
    for (size_t i = 0; i < HT_CODES_MAX; i++) {
        if (is_take_over(session->codes[i])) {
            return true;
        }
    }
    return false;
}

/* Does the session that is open go on after the event that is being taken? */
static bool goes_on(struct machine *machine) {
    size_t found = 0;
    size_t behind = 0;
    const struct ht_event *next = next_of_link(machine, machine->at, &found);
    if (next == NULL || next->kind != HT_EVENT_CONNECT) {
        return true;
    }
    const struct ht_event *second = next_of_link(machine, found, &behind);
    return second != NULL && second->kind == HT_EVENT_DISCONNECT && is_take_over(second->code) &&
           second->time_us - next->time_us <= TAKE_OVER_US;
}

/* The connection that was taken over ends with one more record, stamped when the new one is there
 * already. */
static bool is_trailing(struct machine *machine, const struct ht_event *event) {
    const struct ht_session_list *list = machine->list;
    if (machine->link != HT_LINK_OPEN || event->code != HT_CODE_CLOSED_REMOTELY ||
        list->count < machine->summary->first + 2) {
        return false;
    }
    const struct ht_session *before = &list->sessions[list->count - 2];
    return was_taken_over(before) && event->time_us - before->end_us <= TAKE_OVER_US &&
           goes_on(machine);
}

/* Two take-overs at different times are two ends, whatever is missing between them. */
static bool is_another_take_over(const struct ht_session *session, const struct ht_event *event) {
    return was_taken_over(session) && is_take_over(event->code) &&
           event->time_us != session->end_us;
}

static enum ht_status take_disconnect(struct machine *machine, const struct ht_event *event) {
    machine->summary->refused_open = 0;
    if (is_trailing(machine, event)) {
        add_closing(machine, &machine->list->sessions[machine->list->count - 2], event);
        return HT_OK;
    }
    if (machine->link == HT_LINK_CLOSED && current(machine)->end == HT_END_SEEN &&
        event->time_us - current(machine)->end_us <= HT_JOIN_US &&
        !is_another_take_over(current(machine), event)) {
        add_closing(machine, current(machine), event);
        return HT_OK;
    }
    if (machine->link == HT_LINK_UNKNOWN) {
        HT_TRY(begin_session(machine, machine->hub->first_us, HT_START_BEFORE_LOG));
    } else if (machine->link == HT_LINK_CLOSED) {
        HT_TRY(begin_session(machine, current(machine)->end_us, HT_START_MISSING));
    }
    add_closing(machine, current(machine), event);
    machine->link = HT_LINK_CLOSED;
    return HT_OK;
}

static uint8_t return_flag(uint32_t code) {
    if (ht_code_http(code) == 401) {
        return HT_SESSION_RETURN_401;
    }
    if (ht_code_http(code) == 429) {
        return HT_SESSION_RETURN_429;
    }
    return ht_code_is_server_error(code) ? HT_SESSION_RETURN_5XX : 0;
}

static void take_refused(struct machine *machine, const struct ht_event *event) {
    struct ht_device_sessions *summary = machine->summary;
    size_t found = 0;
    summary->refused++;
    if (summary->refused_open++ == 0) {
        summary->refused_open_since_us = event->time_us;
    }
    summary->refused_open_code = event->code;
    summary->refused_open_message = facet_of(machine, event)->message;
    if (machine->link == HT_LINK_OPEN) {
        const struct ht_event *next = next_of_link(machine, machine->at, &found);
        if (ht_code_http(event->code) == 401 &&
            (next == NULL || next->kind != HT_EVENT_DISCONNECT)) {
            lose_end(machine, event->time_us);
            machine->link = HT_LINK_CLOSED;
        }
        return;
    }
    if (machine->link == HT_LINK_CLOSED && current(machine)->end == HT_END_SEEN) {
        struct ht_session *session = current(machine);
        session->refused += session->refused < UINT32_MAX;
        session->refused_code = event->code;
        session->flags |= return_flag(event->code);
    }
}

/* What a session's own records do not say, the nearest others of the device may: earlier ones as
 * they were known when it ended, else later ones. */
static void borrow_known(struct machine *machine) {
    if (has_current(machine)) {
        const struct known *known = &machine->known;
        const struct ht_facet facet = {
            .sdk = known->sdk,
            .protocol = known->protocol,
            .network = known->network,
            .auth = known->auth,
        };
        learn(current(machine), &facet);
    }
}

static void borrow_from_later(struct machine *machine) {
    struct ht_facet later = {0};
    for (size_t i = machine->list->count; i-- > machine->summary->first;) {
        struct ht_session *session = &machine->list->sessions[i];
        learn(session, &later);
        later = (struct ht_facet){.sdk = session->sdk,
                                  .protocol = session->protocol,
                                  .network = session->network,
                                  .auth = session->auth};
    }
}

static enum ht_status take(struct machine *machine, const struct ht_event *event) {
    switch (event->kind) {
    case HT_EVENT_CONNECT:
        borrow_known(machine);
        return take_connect(machine, event);
    case HT_EVENT_DISCONNECT:
        return take_disconnect(machine, event);
    default:
        take_refused(machine, event);
        return HT_OK;
    }
}

enum ht_status ht_device_sessions_make(const struct ht_device_events *input,
                                       struct ht_session_list *list,
                                       struct ht_device_sessions *summary) {
    const struct ht_log *log = input->log;
    struct machine machine = {
        .input = input,
        .hub = &log->hubs[log->devices[input->device].hub],
        .list = list,
        .summary = summary,
        .taken = SIZE_MAX,
    };
    *summary = (struct ht_device_sessions){.first = (uint32_t)list->count};
    for (machine.at = 0; machine.at < input->count; machine.at++) {
        const struct ht_event *event = input->events[machine.at];
        if (machine.at != machine.taken) {
            HT_TRY(take(&machine, event));
        }
        remember(&machine, facet_of(&machine, event));
    }
    borrow_known(&machine);
    borrow_from_later(&machine);
    summary->count = (uint32_t)(list->count - summary->first);
    return HT_OK;
}
