/* SPDX-License-Identifier: MIT */
#include "report/timeline.h"

/* The part of the hub's span that is asked for, and how far it is accounted. */
struct walk {
    struct ht_timeline *out;
    int64_t from_us; /* the span, both ends included */
    int64_t to_us;
    int64_t window_to_us;
    int64_t cursor_us; /* sessions may overlap: no moment counts twice */
    ht_stretch_fn *stretch;
    void *ctx;
};

static void add_stretch(struct walk *walk, enum ht_device_state state, int64_t begin_us,
                        int64_t end_us) {
    struct ht_timeline *out = walk->out;
    begin_us = begin_us > walk->cursor_us ? begin_us : walk->cursor_us;
    if (end_us < begin_us) {
        return;
    }
    walk->cursor_us = end_us;
    if (walk->stretch != NULL) {
        walk->stretch(walk->ctx, state, begin_us, end_us);
    }
    if (begin_us > walk->to_us || begin_us >= walk->window_to_us) {
        return;
    }
    out->last_state = state;
    out->down_since_us = state == HT_STATE_DOWN ? begin_us : HT_TIME_NONE;
    begin_us = begin_us > walk->from_us ? begin_us : walk->from_us;
    end_us = end_us < walk->to_us ? end_us : walk->to_us;
    const int64_t length_us = end_us > begin_us ? end_us - begin_us : 0;
    if (state == HT_STATE_UP) {
        out->up_us += length_us;
    } else if (state == HT_STATE_DOWN) {
        out->down_us += length_us;
        out->longest_down_us = length_us > out->longest_down_us ? length_us : out->longest_down_us;
    }
}

/* The device's first connect, when it was refused; else the fallback. */
static int64_t first_refused_us(const struct ht_log *log, const struct ht_device *device,
                                int64_t fallback_us) {
    for (uint64_t i = 0; i < device->event_count; i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (event->kind != HT_EVENT_HEALTH) {
            return event->kind == HT_EVENT_REFUSED ? event->time_us : fallback_us;
        }
    }
    return fallback_us;
}

static enum ht_device_state state_within(const struct ht_session *session) {
    const bool known = session->start != HT_START_MISSING && session->end != HT_END_MISSING;
    return known ? HT_STATE_UP : HT_STATE_UNKNOWN;
}

static void add_session(struct walk *walk, const struct ht_session *session,
                        const struct ht_session *next, int64_t last_us) {
    add_stretch(walk, state_within(session), session->start_us, session->end_us);
    if (session->end == HT_END_OPEN) {
        return;
    }
    if (next == NULL) {
        add_stretch(walk, HT_STATE_DOWN, session->end_us, last_us);
    } else if (next->start != HT_START_MISSING) {
        add_stretch(walk, HT_STATE_DOWN, session->end_us, next->start_us);
    }
}

void ht_timeline_of(const struct ht_report *report, uint32_t index, struct ht_timeline *out) {
    ht_timeline_walk(report, index, NULL, NULL, out);
}

void ht_timeline_walk(const struct ht_report *report, uint32_t index, ht_stretch_fn *stretch,
                      void *ctx, struct ht_timeline *out) {
    const struct ht_log *log = &report->log;
    const struct ht_device *device = &log->devices[index];
    const struct ht_device_sessions *own = &report->sessions.by_device[index];
    const struct ht_session *sessions = report->sessions.sessions + own->first;
    const struct ht_hub *hub = &log->hubs[device->hub];
    const struct ht_window *window = &report->window;
    struct walk walk = {
        .out = out,
        .from_us = hub->first_us > window->from_us ? hub->first_us : window->from_us,
        .to_us = hub->last_us < window->to_us ? hub->last_us : window->to_us,
        .window_to_us = window->to_us,
        .cursor_us = hub->first_us,
        .stretch = stretch,
        .ctx = ctx,
    };
    *out = (struct ht_timeline){.down_since_us = HT_TIME_NONE};
    if (hub->first_us > hub->last_us || walk.from_us > walk.to_us) {
        return;
    }
    out->span_us = walk.to_us - walk.from_us;
    const int64_t begin_us = own->count > 0 ? sessions[0].start_us : hub->last_us;
    const int64_t refused_us = own->count > 0 && sessions[0].start != HT_START_SEEN
                                   ? begin_us
                                   : first_refused_us(log, device, begin_us);
    if (refused_us > hub->first_us || own->count == 0) {
        add_stretch(&walk, HT_STATE_UNKNOWN, hub->first_us, refused_us);
    }
    if (own->refused > 0 && (refused_us < begin_us || own->count == 0)) {
        add_stretch(&walk, HT_STATE_DOWN, refused_us, begin_us);
    }
    for (uint32_t i = 0; i < own->count; i++) {
        add_session(&walk, &sessions[i], i + 1 < own->count ? &sessions[i + 1] : NULL,
                    hub->last_us);
    }
}

const char *ht_timeline_method(void) {
    return "A device is up from an accepted connect to its first closing record, and down from "
           "there to the next accepted connect; what is open lasts to the end of the log. A device "
           "whose first record is a disconnect was up from the beginning of the log. Time before "
           "the first accepted connect is unknown, as is a session whose connect or closing record "
           "is missing. Up, down and unknown add up to the span of the hub's events within the "
           "window.";
}
