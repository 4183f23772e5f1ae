/* SPDX-License-Identifier: MIT */
#include "report/figures.h"

uint64_t ht_event_lower_bound(const struct ht_log *log, const struct ht_device *device,
                              int64_t time_us) {
    uint64_t low = 0;
    uint64_t high = device->event_count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (log->events[device->event_first + middle].time_us < time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint64_t count_refused(const struct ht_report *report, uint32_t index) {
    const struct ht_log *log = &report->log;
    const struct ht_device *device = &log->devices[index];
    if (ht_window_is_open(&report->window)) {
        return report->sessions.by_device[index].refused;
    }
    uint64_t count = 0;
    for (uint64_t i = ht_event_lower_bound(log, device, report->window.from_us);
         i < device->event_count; i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (event->time_us >= report->window.to_us) {
            break;
        }
        count += event->kind == HT_EVENT_REFUSED;
    }
    return count;
}

static bool is_renewal(const struct ht_report *report, uint32_t index) {
    const struct ht_session *session = &report->sessions.sessions[index];
    if (session->gap_s != HT_NONE32) {
        return session->gap_s <= HT_RENEWAL_GAP_S;
    }
    const struct ht_device_sessions *own = &report->sessions.by_device[session->device];
    const bool is_last = index + 1 == own->first + own->count;
    const int64_t log_end_us = ht_report_hub_of(report, session->device)->last_us;
    return !is_last || log_end_us - session->end_us <= HT_RENEWAL_GAP_S * HT_US_PER_S;
}

enum ht_bearing ht_bearing_of(const struct ht_report *report, uint32_t index) {
    const enum ht_cause cause = report->verdicts.verdicts[index].cause;
    const struct ht_session *session = &report->sessions.sessions[index];
    if (ht_known_is_planned(&report->known, session->device, session->end_us)) {
        return HT_BEARING_PLANNED;
    }
    if (cause == HT_CAUSE_UNKNOWN || cause == HT_CAUSE_CLIENT_CLOSE) {
        return HT_BEARING_NEUTRAL;
    }
    if (cause == HT_CAUSE_TOKEN_EXPIRY && is_renewal(report, index)) {
        return HT_BEARING_RENEWAL;
    }
    return HT_BEARING_FAULT;
}

static void count_sessions(const struct ht_report *report, uint32_t device,
                           struct ht_figures *out) {
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        const struct ht_session *session = &report->sessions.sessions[i];
        out->connects +=
            session->start == HT_START_SEEN && ht_window_has(&report->window, session->start_us);
        if (ht_report_is_disconnect(report, session)) {
            const enum ht_bearing bearing = ht_bearing_of(report, i);
            const bool planned = bearing == HT_BEARING_PLANNED;
            uint64_t *by_cause = planned ? out->planned_by_cause : out->by_cause;
            by_cause[report->verdicts.verdicts[i].cause]++;
            out->disconnects++;
            out->planned += planned;
            out->renewals += bearing == HT_BEARING_RENEWAL;
            out->faults += bearing == HT_BEARING_FAULT;
        }
    }
}

void ht_figures_of(const struct ht_report *report, uint32_t device, struct ht_figures *out) {
    *out = (struct ht_figures){0};
    count_sessions(report, device, out);
    out->refused = count_refused(report, device);
    ht_timeline_of(report, device, &out->timeline);
    const struct ht_timeline *timeline = &out->timeline;
    out->up_s = timeline->up_us / HT_US_PER_S;
    out->down_s = timeline->down_us / HT_US_PER_S;
    /* Whole seconds must add up: what rounding leaves is unknown. */
    out->unknown_s = timeline->span_us / HT_US_PER_S - out->up_s - out->down_s;
    out->longest_down_s = timeline->longest_down_us / HT_US_PER_S;
}

enum ht_cause ht_figures_main_cause(const struct ht_figures *figures) {
    const bool has_plans_only = figures->planned == figures->disconnects;
    const uint64_t *by_cause = has_plans_only ? figures->planned_by_cause : figures->by_cause;
    size_t best = HT_CAUSE_UNKNOWN;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const uint64_t most = by_cause[best];
        if (by_cause[i] > most || (best == HT_CAUSE_UNKNOWN && most > 0 && by_cause[i] == most)) {
            best = i;
        }
    }
    return (enum ht_cause)best;
}
