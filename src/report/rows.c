/* SPDX-License-Identifier: MIT */
/* The large tables, unpacked one row at a time. */
#include "report/rows.h"
#include "base/check.h"
#include "report/evidence.h"
#include "report/figures.h"

size_t ht_report_disconnect_count(const struct ht_report *report) {
    return report->disconnect_count;
}

static size_t incident_of(const struct ht_report *report, const struct ht_verdict *verdict) {
    if (verdict->incident == HT_NONE32 || report->incident_view[verdict->incident] == HT_NONE32) {
        return HT_INDEX_NONE;
    }
    return report->incident_view[verdict->incident];
}

static void put_codes(const struct ht_session *session, struct ht_disconnect *out) {
    while (out->code_count < HT_CODES_MAX && session->codes[out->code_count] != 0) {
        out->codes[out->code_count] = session->codes[out->code_count];
        out->code_count++;
    }
}

static void put_evidence(const struct ht_report *report, uint32_t index,
                         struct ht_disconnect *out) {
    const struct ht_verdict *verdict = &report->verdicts.verdicts[index];
    for (size_t i = 0; i < verdict->evidence_count && i < HT_EVIDENCE_MAX; i++) {
        const struct ht_evidence_item *item = &verdict->evidence[i];
        if (item->kind != HT_EVIDENCE_NONE) {
            struct ht_evidence *evidence = &out->evidence[out->evidence_count++];
            ht_evidence_words(report, index, item, evidence->fact);
            evidence->weight = (double)item->weight_centi / 100.0;
        }
    }
}

void ht_report_disconnect(const struct ht_report *report, size_t index, struct ht_disconnect *out) {
    HT_ASSERT(index < report->disconnect_count);
    ht_row_disconnect(report, report->disconnects[index], out);
}

void ht_row_disconnect(const struct ht_report *report, uint32_t at, struct ht_disconnect *out) {
    const struct ht_session *session = &report->sessions.sessions[at];
    const struct ht_verdict *verdict = &report->verdicts.verdicts[at];
    const struct ht_device *device = &report->log.devices[session->device];
    *out = (struct ht_disconnect){
        .time_us = session->end_us,
        .hub = ht_report_text(report, HT_SHOWN_HUB, report->log.hubs[device->hub].name),
        .device = ht_report_text(report, HT_SHOWN_DEVICE, device->id),
        .module = ht_report_text(report, HT_SHOWN_MODULE, device->module),
        .cause_class = ht_cause_class((enum ht_cause)verdict->cause),
        .cause = (enum ht_cause)verdict->cause,
        .confidence = ht_verdict_confidence(verdict),
        .session_s = session->start == HT_START_SEEN ? ht_session_length_s(session) : HT_SPAN_NONE,
        .gap_s = session->gap_s != HT_NONE32 ? (int64_t)session->gap_s : HT_SPAN_NONE,
        .refused_connects = session->refused,
        .protocol = ht_report_text(report, HT_SHOWN_PROTOCOL, session->protocol),
        .sdk = ht_report_text(report, HT_SHOWN_SDK, session->sdk),
        .network = ht_report_text(report, HT_SHOWN_NETWORK, session->network),
        .site = ht_report_site(report, session->device),
        .planned = ht_known_is_planned(&report->known, session->device, session->end_us),
        .auth = (enum ht_auth)session->auth,
        .incident = incident_of(report, verdict),
    };
    put_codes(session, out);
    put_evidence(report, at, out);
}

size_t ht_report_session_count(const struct ht_report *report) {
    return report->shown_session_count;
}

void ht_report_session(const struct ht_report *report, size_t index, struct ht_session_view *out) {
    HT_ASSERT(index < report->shown_session_count);
    ht_row_session(report, report->shown_sessions[index], out);
}

void ht_row_session(const struct ht_report *report, uint32_t at, struct ht_session_view *out) {
    const struct ht_session *session = &report->sessions.sessions[at];
    const struct ht_verdict *verdict = &report->verdicts.verdicts[at];
    const struct ht_device *device = &report->log.devices[session->device];
    const bool ended = session->end == HT_END_SEEN;
    *out = (struct ht_session_view){
        .start_us = session->start == HT_START_SEEN ? session->start_us : HT_TIME_NONE,
        .end_us = ended ? session->end_us : HT_TIME_NONE,
        .start = (enum ht_session_start)session->start,
        .end = (enum ht_session_end)session->end,
        .hub = ht_report_text(report, HT_SHOWN_HUB, report->log.hubs[device->hub].name),
        .device = ht_report_text(report, HT_SHOWN_DEVICE, device->id),
        .module = ht_report_text(report, HT_SHOWN_MODULE, device->module),
        .protocol = ht_report_text(report, HT_SHOWN_PROTOCOL, session->protocol),
        .sdk = ht_report_text(report, HT_SHOWN_SDK, session->sdk),
        .network = ht_report_text(report, HT_SHOWN_NETWORK, session->network),
        .auth = (enum ht_auth)session->auth,
        .end_cause = ended ? (enum ht_cause)verdict->cause : HT_CAUSE_UNKNOWN,
        .confidence = ended ? ht_verdict_confidence(verdict) : 0.0,
    };
}

size_t ht_report_device_count(const struct ht_report *report) {
    return report->row_count;
}

/* A device without a session has at most refused connects to tell. */
struct ht_facet ht_row_facet(const struct ht_report *report, uint32_t index) {
    const struct ht_device_sessions *own = &report->sessions.by_device[index];
    const struct ht_device *device = &report->log.devices[index];
    for (uint32_t i = own->count; i-- > 0;) {
        const struct ht_session *session = &report->sessions.sessions[own->first + i];
        if (session->start_us < report->window.to_us) {
            return (struct ht_facet){.sdk = session->sdk,
                                     .protocol = session->protocol,
                                     .network = session->network,
                                     .auth = session->auth};
        }
    }
    for (uint64_t i = device->event_count; i-- > 0;) {
        const struct ht_event *event = &report->log.events[device->event_first + i];
        if (event->kind != HT_EVENT_HEALTH && event->time_us < report->window.to_us) {
            return report->log.facets[event->facet];
        }
    }
    return (struct ht_facet){0};
}

static int64_t last_event_us(const struct ht_report *report, uint32_t index) {
    const struct ht_device *device = &report->log.devices[index];
    const uint64_t end = ht_event_lower_bound(&report->log, device, report->window.to_us);
    return end > 0 ? report->log.events[device->event_first + end - 1].time_us : HT_TIME_NONE;
}

void ht_report_device(const struct ht_report *report, size_t index, struct ht_device_view *out) {
    HT_ASSERT(index < report->row_count);
    const struct ht_device_row *row = &report->rows[index];
    const struct ht_device *device = &report->log.devices[row->device];
    const struct ht_facet facet = ht_row_facet(report, row->device);
    const uint32_t *cadences = report->verdicts.device_cadence_s;
    const uint32_t cadence_s = cadences != NULL ? cadences[row->device] : 0;
    struct ht_figures figures;
    ht_figures_of(report, row->device, &figures);
    *out = (struct ht_device_view){
        .hub = ht_report_text(report, HT_SHOWN_HUB, report->log.hubs[device->hub].name),
        .device = ht_report_text(report, HT_SHOWN_DEVICE, device->id),
        .module = ht_report_text(report, HT_SHOWN_MODULE, device->module),
        .protocol = ht_report_text(report, HT_SHOWN_PROTOCOL, facet.protocol),
        .sdk = ht_report_text(report, HT_SHOWN_SDK, facet.sdk),
        .network = ht_report_text(report, HT_SHOWN_NETWORK, facet.network),
        .site = ht_report_site(report, row->device),
        .auth = (enum ht_auth)facet.auth,
        .disconnects = figures.disconnects,
        .planned = figures.planned,
        .renewals = figures.renewals,
        .faults = figures.faults,
        .connects = figures.connects,
        .refused_connects = figures.refused,
        .cadence_s = cadence_s > 0 ? (int64_t)cadence_s : HT_SPAN_NONE,
        .up_s = figures.up_s,
        .down_s = figures.down_s,
        .unknown_s = figures.unknown_s,
        .last_state = figures.timeline.last_state,
        .last_event_us = last_event_us(report, row->device),
        .longest_down_s = figures.longest_down_s,
        .main_cause = ht_figures_main_cause(&figures),
        .pattern_key = (enum ht_device_pattern)row->pattern_key,
        .pattern = report->patterns.strings[row->pattern].ptr,
        .has_finding = row->has_finding,
        .worst_level = (enum ht_level)row->worst_level,
    };
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        out->by_cause[i] = figures.by_cause[i] + figures.planned_by_cause[i];
    }
}

size_t ht_report_worst_device(const struct ht_report *report, size_t rank) {
    HT_ASSERT(rank < report->row_count);
    return report->worst[rank];
}
