/* SPDX-License-Identifier: MIT */
#include "report/incident_views.h"

#include <stdlib.h>

#include "base/check.h"
#include "report/figures.h"
#include "report/median.h"
#include "report/pick.h"

/* 5xx records come for a while after the devices are gone: they try to come back. A site that is
 * out makes none; those in its wake are of something else. */
#define AFTERMATH_US (INT64_C(300) * HT_US_PER_S)

enum { COMMON_PERCENT = 90, BACK_PERCENT = 90 };

void ht_incident_members_release(struct ht_incident_members *members) {
    free(members->first);
    free(members->sessions);
    *members = (struct ht_incident_members){NULL, NULL};
}

/* A counting sort of the sessions that have an incident. */
static enum ht_status group_sessions(const struct ht_report *report,
                                     struct ht_incident_members *members) {
    const struct ht_verdicts *verdicts = &report->verdicts;
    const size_t count = verdicts->incident_count;
    members->first = ht_report_array(count + 2, sizeof *members->first);
    if (members->first == NULL) {
        return HT_E_NOMEM;
    }
    uint32_t *next = members->first + 1; /* shifted by one more: ends up as the firsts */
    for (size_t i = 0; i < verdicts->count; i++) {
        const uint32_t incident = verdicts->verdicts[i].incident;
        if (incident != HT_NONE32) {
            HT_ASSERT(incident < count);
            next[incident + 1]++;
        }
    }
    for (size_t i = 0; i < count; i++) {
        next[i + 1] += next[i];
    }
    members->sessions = ht_report_array(next[count], sizeof *members->sessions);
    if (members->sessions == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < verdicts->count; i++) {
        const uint32_t incident = verdicts->verdicts[i].incident;
        if (incident != HT_NONE32) {
            members->sessions[next[incident]++] = (uint32_t)i;
        }
    }
    return HT_OK;
}

enum ht_status ht_incidents_gather(struct ht_report *report, struct ht_incident_members *members) {
    const size_t count = report->verdicts.incident_count;
    report->incidents = ht_report_array(count, sizeof *report->incidents);
    report->incident_view = ht_report_array(count, sizeof *report->incident_view);
    if (report->incidents == NULL || report->incident_view == NULL) {
        return HT_E_NOMEM;
    }
    HT_TRY(group_sessions(report, members));
    for (size_t i = 0; i < count; i++) {
        report->incident_view[i] = HT_NONE32;
    }
    for (size_t i = 0; i < report->disconnect_count; i++) {
        const uint32_t incident = report->verdicts.verdicts[report->disconnects[i]].incident;
        if (incident != HT_NONE32) {
            report->incident_view[incident] = 0; /* shown; numbered below */
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (report->incident_view[i] != HT_NONE32) {
            report->incident_view[i] = (uint32_t)report->summary.incident_count++;
        }
    }
    return HT_OK;
}

/* Runs of equal values in an ascending array, the longest first; equals in order of value. */
struct run {
    uint32_t value;
    uint32_t count;
};

static size_t top_runs(const uint32_t *values, size_t count, struct run *top, size_t top_max,
                       size_t *run_count) {
    size_t kept = 0;
    *run_count = 0;
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && values[end] == values[i]) {
            end++;
        }
        const struct run run = {values[i], (uint32_t)(end - i)};
        size_t at = kept;
        while (at > 0 && top[at - 1].count < run.count) {
            at--;
        }
        if (at < top_max) {
            kept += kept < top_max;
            for (size_t k = kept - 1; k > at; k--) {
                top[k] = top[k - 1];
            }
            top[at] = run;
        }
        ++*run_count;
        i = end;
    }
    return kept;
}

/* The sessions of one incident, and memory for HT_CODES_MAX values of each. */
struct affected {
    const struct ht_report *report;
    const uint32_t *sessions;
    size_t count;
    uint32_t *values;
};

static const struct ht_session *session_at(const struct affected *affected, size_t i) {
    return &affected->report->sessions.sessions[affected->sessions[i]];
}

static void tell_codes(const struct affected *affected, struct ht_incident_view *view) {
    struct run top[HT_CODES_MAX];
    size_t count = 0;
    size_t runs = 0;
    for (size_t i = 0; i < affected->count; i++) {
        const uint32_t *codes = session_at(affected, i)->codes;
        for (size_t k = 0; k < HT_CODES_MAX && codes[k] != 0; k++) {
            affected->values[count++] = codes[k];
        }
    }
    ht_sort_u32(affected->values, count);
    view->code_count = top_runs(affected->values, count, top, HT_CODES_MAX, &runs);
    for (size_t i = 0; i < view->code_count; i++) {
        view->codes[i] = top[i].value;
        view->code_counts[i] = top[i].count;
    }
}

static void tell_networks(const struct affected *affected, struct ht_incident_view *view) {
    struct run top = {0, 0};
    size_t count = 0;
    size_t runs = 0;
    for (size_t i = 0; i < affected->count; i++) {
        if (session_at(affected, i)->network != 0) {
            affected->values[count++] = session_at(affected, i)->network;
        }
    }
    ht_sort_u32(affected->values, count);
    if (top_runs(affected->values, count, &top, 1, &runs) > 0 &&
        (uint64_t)top.count * 100 >= (uint64_t)affected->count * COMMON_PERCENT) {
        view->common_network = ht_report_text(affected->report, HT_SHOWN_NETWORK, top.value);
    }
    view->networks = runs;
}

/* Sessions are in order of their devices; the last one of a device tells when it was back. */
static void tell_return(const struct affected *affected, struct ht_incident_view *view) {
    size_t back = 0;
    bool is_shown = false;
    for (size_t i = 0; i < affected->count; i++) {
        const struct ht_session *session = session_at(affected, i);
        is_shown =
            is_shown || (ht_report_is_disconnect(affected->report, session) &&
                         ht_row_of_device(affected->report, session->device) != HT_INDEX_NONE);
        if (i + 1 < affected->count && session_at(affected, i + 1)->device == session->device) {
            continue;
        }
        view->devices++;
        view->shown_devices += is_shown;
        is_shown = false;
        if (session->gap_s != HT_NONE32) {
            const int64_t after_s =
                (session->end_us - view->start_us) / HT_US_PER_S + (int64_t)session->gap_s;
            affected->values[back++] = after_s < HT_NONE32 ? (uint32_t)after_s : HT_NONE32;
        }
    }
    const uint64_t wanted = (view->devices * BACK_PERCENT + 99) / 100;
    view->disconnects = affected->count;
    view->returned = back;
    view->recovery_s = wanted > 0 && back >= wanted
                           ? (int64_t)ht_select_u32(affected->values, back, wanted - 1)
                           : HT_SPAN_NONE;
}

static const char *site_name(const struct ht_known *known, uint32_t site_index) {
    const struct ht_known_rule *rule = known->rules;
    while (rule->site == NULL || rule->site_index != site_index) {
        rule++; /* there is one: a device has it */
    }
    return rule->site;
}

/* What rules say of the affected: whether it was planned, and the site that they share. */
static void tell_known(const struct affected *affected, struct ht_incident_view *view) {
    const struct ht_known *known = &affected->report->known;
    struct run top = {0, 0};
    size_t planned = 0;
    size_t count = 0;
    size_t runs = 0;
    for (size_t i = 0; i < affected->count && known->devices != NULL; i++) {
        const struct ht_session *session = session_at(affected, i);
        const struct ht_known_rule *rule = ht_known_of(known, session->device, HT_KNOWN_SITE);
        planned += ht_known_is_planned(known, session->device, session->end_us);
        if (rule != NULL) {
            affected->values[count++] = rule->site_index;
        }
    }
    ht_sort_u32(affected->values, count);
    view->planned = planned > 0 && planned * 100 >= affected->count * COMMON_PERCENT;
    if (top_runs(affected->values, count, &top, 1, &runs) > 0 &&
        (uint64_t)top.count * 100 >= (uint64_t)affected->count * COMMON_PERCENT) {
        view->site = site_name(known, top.value);
    }
}

/* Part of a hub's span that its incidents and their aftermath take, and the 5xx records in it. */
struct troubled {
    int64_t length_us;
    uint64_t errors;
};

/* The first incident of that hub or a later one; incidents are in order of their hubs. */
static size_t first_of_hub(const struct ht_verdicts *verdicts, size_t hub) {
    size_t low = 0;
    size_t high = verdicts->incident_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (verdicts->incidents[middle].hub < hub) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_of_hub(const struct ht_verdicts *verdicts, size_t incident, size_t hub) {
    return incident < verdicts->incident_count && verdicts->incidents[incident].hub == hub;
}

/* Incidents of a hub are in order of their starts; they may overlap. */
static struct troubled troubled_time(const struct ht_report *report, size_t hub,
                                     const struct ht_hub_health *health) {
    const struct ht_verdicts *verdicts = &report->verdicts;
    struct troubled sum = {0, 0};
    int64_t until_us = INT64_MIN;
    for (size_t i = first_of_hub(verdicts, hub); is_of_hub(verdicts, i, hub); i++) {
        const struct ht_incident *incident = &verdicts->incidents[i];
        const int64_t from_us = incident->start_us > until_us ? incident->start_us : until_us + 1;
        const int64_t to_us = incident->end_us + AFTERMATH_US;
        if (to_us >= from_us) {
            sum.length_us += to_us - from_us;
            sum.errors += ht_hub_health_errors(health, from_us, to_us);
            until_us = to_us;
        }
    }
    return sum;
}

static void tell_errors(const struct ht_report *report, size_t hub,
                        const struct ht_hub_health *health, const struct troubled *troubled,
                        struct ht_incident_view *view) {
    const struct ht_hub *of = &report->log.hubs[hub];
    const bool has_wake = view->cause != HT_CAUSE_SITE_OUTAGE;
    const int64_t to_us = view->end_us + (has_wake ? AFTERMATH_US : 0);
    const int64_t quiet_us = of->last_us - of->first_us - troubled->length_us;
    view->server_errors = ht_hub_health_errors(health, view->start_us, to_us);
    if (quiet_us > 0) {
        view->server_errors_usual = (double)(health->error_count - troubled->errors) *
                                    (double)(to_us - view->start_us) / (double)quiet_us;
    }
}

static enum ht_status describe(struct ht_report *report, size_t index,
                               const struct ht_incident_members *members,
                               struct ht_incident_view *view) {
    const struct ht_incident *incident = &report->verdicts.incidents[index];
    const uint32_t first = members->first[index];
    struct affected affected = {
        .report = report,
        .sessions = members->sessions + first,
        .count = members->first[index + 1] - first,
    };
    affected.values = ht_report_array(affected.count, HT_CODES_MAX * sizeof *affected.values);
    if (affected.values == NULL) {
        return HT_E_NOMEM;
    }
    *view = (struct ht_incident_view){
        .hub = ht_report_text(report, HT_SHOWN_HUB, report->log.hubs[incident->hub].name),
        .cause = (enum ht_cause)incident->cause,
        .start_us = incident->start_us,
        .end_us = incident->end_us,
        .connected_before = incident->connected_before,
        .confidence = (double)incident->confidence,
    };
    tell_codes(&affected, view);
    tell_networks(&affected, view);
    tell_return(&affected, view);
    tell_known(&affected, view);
    if (view->connected_before > 0) {
        const double share = (double)view->devices / (double)view->connected_before;
        view->share = share < 1.0 ? share : 1.0;
    }
    free(affected.values);
    return HT_OK;
}

enum ht_status ht_incidents_describe(struct ht_report *report, size_t hub,
                                     const struct ht_hub_health *health,
                                     const struct ht_incident_members *members) {
    bool is_counted = false;
    struct troubled troubled = {0, 0};
    const struct ht_verdicts *verdicts = &report->verdicts;
    for (size_t i = first_of_hub(verdicts, hub); is_of_hub(verdicts, i, hub); i++) {
        if (report->incident_view[i] == HT_NONE32) {
            continue;
        }
        if (!is_counted) {
            troubled = troubled_time(report, hub, health);
            is_counted = true;
        }
        struct ht_incident_view *view = &report->incidents[report->incident_view[i]];
        HT_TRY(describe(report, i, members, view));
        tell_errors(report, hub, health, &troubled, view);
    }
    return HT_OK;
}

/* Verdicts have incidents by hub, then start; views are by start, then hub. */
struct placed {
    struct ht_incident_view view;
    uint32_t before; /* its place in order of hubs */
};

static int compare_placed(const void *left, const void *right) {
    const struct placed *a = left;
    const struct placed *b = right;
    if (a->view.start_us != b->view.start_us) {
        return a->view.start_us < b->view.start_us ? -1 : 1;
    }
    return (a->before > b->before) - (a->before < b->before);
}

enum ht_status ht_incidents_order(struct ht_report *report) {
    const size_t count = report->summary.incident_count;
    struct placed *placed = ht_report_array(count, sizeof *placed);
    uint32_t *place = ht_report_array(count, sizeof *place);
    if (placed == NULL || place == NULL) {
        free(placed);
        free(place);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        placed[i] = (struct placed){report->incidents[i], (uint32_t)i};
    }
    if (count > 1) {
        qsort(placed, count, sizeof *placed, compare_placed);
    }
    for (size_t i = 0; i < count; i++) {
        report->incidents[i] = placed[i].view;
        place[placed[i].before] = (uint32_t)i;
    }
    for (size_t i = 0; i < report->verdicts.incident_count; i++) {
        if (report->incident_view[i] != HT_NONE32) {
            report->incident_view[i] = place[report->incident_view[i]];
        }
    }
    free(placed);
    free(place);
    report->summary.incidents = report->incidents;
    return HT_OK;
}
