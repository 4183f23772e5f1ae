/* SPDX-License-Identifier: MIT */
#include "report/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "report/finding_details.h"
#include "report/phrases.h"
#include "report/pick.h"

enum { DETAIL_BYTES_MAX = 64 * 1024 };

void ht_findings_init(struct ht_finding_list *list) {
    *list = (struct ht_finding_list){NULL, 0, 0, {0}};
    ht_strbuf_init(&list->text, DETAIL_BYTES_MAX);
}

void ht_findings_release(struct ht_finding_list *list) {
    free(list->drafts);
    ht_strbuf_release(&list->text);
    *list = (struct ht_finding_list){NULL, 0, 0, {0}};
}

/* Rows come in ascending order, so an equal weight goes behind. */
void ht_tally_add(struct ht_tally *tally, size_t row, const struct ht_hit *hit) {
    size_t at = tally->worst_count;
    tally->devices++;
    tally->disconnects += hit->disconnects;
    if (hit->period_s > 0) {
        const bool first = tally->period_low_s == 0;
        tally->period_low_s =
            first || hit->period_s < tally->period_low_s ? hit->period_s : tally->period_low_s;
        tally->period_high_s =
            hit->period_s > tally->period_high_s ? hit->period_s : tally->period_high_s;
    }
    if (hit->refused > 0) {
        const bool first = tally->refused == 0;
        tally->more_codes = tally->more_codes || (!first && tally->code != hit->code);
        if (first || hit->since_us < tally->since_us) {
            tally->since_us = hit->since_us;
            tally->code = hit->code;
        }
        tally->refused += hit->refused;
    }
    while (at > 0 && tally->worst[at - 1].weight < hit->weight) {
        at--;
    }
    if (at == HT_FINDING_DEVICES_MAX) {
        return;
    }
    tally->worst_count += tally->worst_count < HT_FINDING_DEVICES_MAX;
    for (size_t i = tally->worst_count - 1; i > at; i--) {
        tally->worst[i] = tally->worst[i - 1];
    }
    tally->worst[at].row = row;
    tally->worst[at].weight = hit->weight;
}

/* Takes the detail from list->text and the devices from the tally. */
static enum ht_status add_finding(struct ht_report *report, struct ht_finding_list *list,
                                  const struct ht_finding_draft *draft,
                                  const struct ht_tally *tally) {
    struct ht_finding_draft made = *draft;
    struct ht_finding *finding = &made.finding;
    const struct ht_rule_text *text = ht_rule_text((enum ht_rule)draft->key.rule);
    size_t *rows = NULL;
    finding->rule = text->rule;
    finding->title = text->title;
    made.key.regular = (draft->key.rule == HT_RULE_IDLE || draft->key.rule == HT_RULE_RESET) &&
                       tally->period_low_s > 0;
    finding->action = made.key.regular ? ht_rule_action_regular() : text->action;
    finding->normal = text->normal || draft->finding.normal;
    finding->url = text->url;
    HT_TRY(ht_phrase_keep(&list->text, &report->text, &finding->detail));
    if (tally->worst_count > 0) {
        rows = ht_arena_alloc(&report->text, tally->worst_count * sizeof *rows, sizeof *rows);
        if (rows == NULL) {
            return HT_E_NOMEM;
        }
        for (size_t i = 0; i < tally->worst_count; i++) {
            rows[i] = tally->worst[i].row;
        }
    }
    finding->device_index = rows;
    finding->device_index_count = tally->worst_count;
    if (ht_grow(&list->drafts, &list->capacity, list->count + 1, SIZE_MAX / 1024,
                sizeof *list->drafts) != HT_OK) {
        return HT_E_NOMEM;
    }
    list->drafts[list->count++] = made;
    return HT_OK;
}

static bool fires(const struct ht_report *report, enum ht_rule rule, const struct ht_tally *tally,
                  const struct ht_hub_view *view, const struct ht_hub_health *health) {
    switch (rule) {
    case HT_RULE_THROTTLED:
        return tally->devices > 0 || (health->shown_throttles > 0 && !report->is_by_device);
    case HT_RULE_QUOTA:
        return tally->devices > 0 || (health->shown_quota > 0 && !report->is_by_device);
    case HT_RULE_UNKNOWN:
        return tally->disconnects >= HT_UNKNOWN_DISCONNECTS &&
               tally->disconnects * 100 >= view->disconnects * HT_UNKNOWN_PERCENT;
    default:
        return tally->devices > 0;
    }
}

enum ht_status ht_findings_of_hub(struct ht_report *report, size_t hub,
                                  const struct ht_hub_view *view,
                                  const struct ht_hub_health *health,
                                  const struct ht_tally tallies[HT_RULE_COUNT],
                                  struct ht_finding_list *list) {
    for (size_t i = 0; i < HT_RULE_COUNT; i++) {
        const enum ht_rule rule = (enum ht_rule)i;
        const struct ht_tally *tally = &tallies[i];
        if (!fires(report, rule, tally, view, health)) {
            continue;
        }
        const struct ht_finding_draft draft = {
            .finding = {.level = ht_rule_level(rule, tally->devices,
                                               tally->worst_count > 0 ? tally->worst[0].weight : 0),
                        .hub = view->hub,
                        .devices = tally->devices,
                        .disconnects = tally->disconnects,
                        .incident = HT_INDEX_NONE},
            .key = {.hub = (uint32_t)hub, .rule = (uint8_t)rule},
        };
        ht_detail_of_rule(rule, tally, view, health, &list->text);
        HT_TRY(add_finding(report, list, &draft, tally));
    }
    return HT_OK;
}

/* The affected that are shown; those that were away longest are the worst. */
static void tally_incident(const struct ht_report *report, const uint32_t *sessions, size_t count,
                           struct ht_tally *tally) {
    for (size_t i = 0; i < count; i++) {
        const struct ht_session *session = &report->sessions.sessions[sessions[i]];
        const bool is_last =
            i + 1 == count || report->sessions.sessions[sessions[i + 1]].device != session->device;
        const size_t row = is_last ? ht_row_of_device(report, session->device) : HT_INDEX_NONE;
        if (row != HT_INDEX_NONE) {
            const struct ht_hit hit = {
                .weight = session->gap_s != HT_NONE32 ? (int64_t)session->gap_s : INT64_MAX};
            ht_tally_add(tally, row, &hit);
        }
    }
}

enum ht_status ht_findings_of_incidents(struct ht_report *report,
                                        const struct ht_incident_members *members,
                                        struct ht_finding_list *list) {
    for (size_t i = 0; i < report->verdicts.incident_count; i++) {
        if (report->incident_view[i] == HT_NONE32) {
            continue;
        }
        const struct ht_incident_view *view = &report->incidents[report->incident_view[i]];
        const uint32_t hub = report->verdicts.incidents[i].hub;
        const uint32_t first = members->first[i];
        struct ht_tally tally = {0};
        tally_incident(report, members->sessions + first, members->first[i + 1] - first, &tally);
        const struct ht_finding_draft draft = {
            .finding = {.level = ht_incident_level(view, report->log.hubs[hub].last_us),
                        .normal = view->planned,
                        .hub = view->hub,
                        .devices = view->devices,
                        .disconnects = view->disconnects,
                        .incident = report->incident_view[i]},
            .key = {.hub = hub, .rule = (uint8_t)ht_incident_rule(view->cause)},
        };
        ht_detail_of_incident(view, &list->text);
        HT_TRY(add_finding(report, list, &draft, &tally));
    }
    return HT_OK;
}

static enum ht_status add_of_log(struct ht_report *report, enum ht_rule rule, uint64_t count,
                                 uint64_t whole, struct ht_finding_list *list) {
    static const struct ht_tally nobody = {0};
    if (count == 0) {
        return HT_OK;
    }
    const int64_t percent = whole > 0 ? (int64_t)(count * 100 / whole) : 100;
    const struct ht_finding_draft draft = {
        .finding = {.level = ht_rule_level(rule, 0, percent), .incident = HT_INDEX_NONE},
        .key = {.hub = HT_NONE32, .rule = (uint8_t)rule},
    };
    ht_detail_of_log(rule, &report->summary.quality, report->sessions.session_count, &list->text);
    return add_finding(report, list, &draft, &nobody);
}

enum ht_status ht_findings_of_log(struct ht_report *report, struct ht_finding_list *list) {
    const struct ht_quality *quality = &report->summary.quality;
    HT_TRY(add_of_log(report, HT_RULE_BAD_RECORDS, quality->bad_total, quality->records, list));
    HT_TRY(add_of_log(report, HT_RULE_RECORDS_MISSING,
                      quality->starts_missing + quality->ends_missing,
                      report->sessions.session_count, list));
    HT_TRY(add_of_log(report, HT_RULE_UNREADABLE, quality->unreadable_sources, 0, list));
    return add_of_log(report, HT_RULE_DROPPED, quality->dropped_events, 0, list);
}

static int compare_u64(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

static int compare_drafts(const void *left, const void *right) {
    const struct ht_finding_draft *a = left;
    const struct ht_finding_draft *b = right;
    int order = (int)b->finding.level - (int)a->finding.level;
    order = order != 0 ? order : compare_u64(b->finding.devices, a->finding.devices);
    order = order != 0 ? order : compare_u64(b->finding.disconnects, a->finding.disconnects);
    order = order != 0 ? order : compare_u64(a->key.hub, b->key.hub);
    order = order != 0 ? order : (int)a->key.rule - (int)b->key.rule;
    return order != 0 ? order : compare_u64(a->finding.incident, b->finding.incident);
}

enum ht_status ht_findings_finish(struct ht_report *report, struct ht_finding_list *list) {
    report->findings = ht_report_array(list->count, sizeof *report->findings);
    report->finding_keys = ht_report_array(list->count, sizeof *report->finding_keys);
    if (report->findings == NULL || report->finding_keys == NULL) {
        return HT_E_NOMEM;
    }
    if (list->count > 1) {
        qsort(list->drafts, list->count, sizeof *list->drafts, compare_drafts);
    }
    for (size_t i = 0; i < list->count; i++) {
        report->findings[i] = list->drafts[i].finding;
        report->finding_keys[i] = list->drafts[i].key;
    }
    report->summary.findings = report->findings;
    report->summary.finding_count = list->count;
    return HT_OK;
}
