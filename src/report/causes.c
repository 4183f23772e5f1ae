/* SPDX-License-Identifier: MIT */
/* Totals by cause, and the cadences: what is said of the fleet as a whole. */
#include <stdlib.h>

#include "base/check.h"
#include "model/sdk.h"
#include "report/median.h"
#include "report/tables.h"

/* Gaps of all causes in one array, cause after cause. */
static void gather_gaps(const struct ht_report *report, uint32_t *gaps,
                        size_t first[HT_CAUSE_COUNT + 1]) {
    size_t next[HT_CAUSE_COUNT];
    for (size_t i = 0; i < report->disconnect_count; i++) {
        const uint32_t at = report->disconnects[i];
        first[report->verdicts.verdicts[at].cause + 1] +=
            report->sessions.sessions[at].gap_s != HT_NONE32;
    }
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        first[i + 1] += first[i];
        next[i] = first[i];
    }
    for (size_t i = 0; i < report->disconnect_count; i++) {
        const uint32_t at = report->disconnects[i];
        const uint32_t gap_s = report->sessions.sessions[at].gap_s;
        if (gap_s != HT_NONE32) {
            gaps[next[report->verdicts.verdicts[at].cause]++] = gap_s;
        }
    }
}

enum ht_status ht_causes_make(struct ht_report *report) {
    struct ht_cause_total *causes = report->summary.causes;
    size_t first[HT_CAUSE_COUNT + 1] = {0};
    uint64_t confidence[HT_CAUSE_COUNT] = {0}; /* summed as integers: exact in any order */
    uint32_t *gaps = ht_report_array(report->disconnect_count, sizeof *gaps);
    if (gaps == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < report->disconnect_count; i++) {
        const struct ht_verdict *verdict = &report->verdicts.verdicts[report->disconnects[i]];
        confidence[verdict->cause] += verdict->confidence_q16;
    }
    gather_gaps(report, gaps, first);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const size_t count = first[i + 1] - first[i];
        causes[i].cause = (enum ht_cause)i;
        causes[i].gap_median_s =
            count > 0 ? (int64_t)ht_median_u32(gaps + first[i], count) : HT_SPAN_NONE;
        if (causes[i].disconnects > 0) {
            causes[i].confidence_mean =
                (double)confidence[i] / 65535.0 / (double)causes[i].disconnects;
        }
    }
    free(gaps);
    return HT_OK;
}

static int compare_cadences(const void *left, const void *right) {
    const struct ht_cadence *a = left;
    const struct ht_cadence *b = right;
    const uint32_t keys[][2] = {
        {b->sessions, a->sessions},     {a->kind, b->kind},     {a->middle_s, b->middle_s},
        {a->sdk_family, b->sdk_family}, {a->x509, b->x509},     {a->protocol, b->protocol},
        {a->low_s, b->low_s},           {a->high_s, b->high_s}, {b->devices, a->devices},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static const char *kind_name(uint32_t kind) {
    return kind == HT_CADENCE_TOKEN ? "token" : kind == HT_CADENCE_CLOSE ? "close" : "network";
}

/* A device without an SDK name, or with one that is in no table, belongs to no family. */
static const char *family_name(uint32_t family) {
    return family > HT_SDK_OTHER && family < HT_SDK_FAMILY_COUNT
               ? ht_sdk_traits((enum ht_sdk_family)family)->name
               : NULL;
}

enum ht_status ht_cadences_make(struct ht_report *report) {
    const size_t count = report->is_empty ? 0 : report->verdicts.cadence_count;
    struct ht_cadence *order = ht_report_array(count, sizeof *order);
    report->cadences = ht_report_array(count, sizeof *report->cadences);
    if (order == NULL || report->cadences == NULL) {
        free(order);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = report->verdicts.cadences[i];
    }
    if (count > 1) {
        qsort(order, count, sizeof *order, compare_cadences);
    }
    for (size_t i = 0; i < count; i++) {
        report->cadences[i] = (struct ht_cadence_view){
            .sdk_family = family_name(order[i].sdk_family),
            .protocol = ht_report_text(report, HT_SHOWN_PROTOCOL, order[i].protocol),
            .kind = kind_name(order[i].kind),
            .x509 = order[i].x509,
            .length_s = order[i].middle_s,
            .low_s = order[i].low_s,
            .high_s = order[i].high_s,
            .sessions = order[i].sessions,
            .devices = order[i].devices,
            .hit_rate = (double)order[i].hit_rate,
        };
    }
    free(order);
    report->summary.cadences = report->cadences;
    report->summary.cadence_count = count;
    return HT_OK;
}
