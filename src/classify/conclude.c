/* SPDX-License-Identifier: MIT */
#include "classify/conclude.h"

#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/large.h"
#include "classify/evidence_items.h"
#include "classify/incidents.h"
#include "classify/parameters.h"
#include "classify/winner.h"

/* Arrays of the verdicts while they are made. */
struct conclusion {
    struct ht_verdict *verdicts;
    struct ht_cadence *cadences;
    size_t cadence_count;
    uint32_t *cadence_of_rhythm;
    uint32_t *device_cadence_s;
    struct ht_incident_list incidents;
};

/* The rhythms that the fleet showed, in order of their clusters. */
static void list_cadences(const struct ht_docket *docket, const struct ht_cadences *cadences,
                          struct conclusion *made) {
    for (size_t cluster = 0; cluster < docket->cluster_count; cluster++) {
        for (uint32_t i = cadences->cluster_first[cluster];
             i < cadences->cluster_first[cluster + 1]; i++) {
            const struct ht_rhythm *rhythm = &cadences->rhythms[i];
            if (rhythm->origin != HT_RHYTHM_FLEET) {
                continue;
            }
            made->cadence_of_rhythm[i] = (uint32_t)made->cadence_count;
            made->cadences[made->cadence_count++] = (struct ht_cadence){
                .sdk_family = docket->clusters[cluster].family,
                .protocol = docket->clusters[cluster].protocol,
                .kind = rhythm->kind,
                .x509 = docket->clusters[cluster].x509,
                .low_s = rhythm->low_s,
                .high_s = rhythm->high_s,
                .middle_s = rhythm->middle_s,
                .sessions = rhythm->sessions,
                .devices = rhythm->devices,
                .hit_rate = (float)rhythm->hit_rate,
            };
        }
    }
}

static uint16_t q16(double probability) {
    return (uint16_t)lround(probability * 65535.0);
}

/* What a burst is called decides between a transient and an upgrade. */
static enum ht_cause cause_of(const struct conclusion *made, enum ht_hypothesis hypothesis,
                              uint32_t incident) {
    return hypothesis == HT_H_HUB && incident != HT_NONE32
               ? (enum ht_cause)made->incidents.incidents[incident].cause
               : ht_hypothesis_cause(hypothesis);
}

static void decide(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                   const struct conclusion *made, size_t index) {
    const struct ht_case *item = &docket->cases[index];
    struct ht_verdict *verdict = &made->verdicts[item->session];
    const uint32_t burst = ht_winner_burst(item);
    verdict->incident = burst != HT_NONE32 ? made->incidents.of_burst[burst] : HT_NONE32;
    if (item->settled != HT_CAUSE_UNKNOWN) {
        verdict->cause = item->settled;
        verdict->confidence_q16 = q16(HT_SETTLED_CONFIDENCE);
        ht_evidence_settle(verdict);
        return;
    }
    const enum ht_hypothesis winner = ht_winner(item);
    const struct ht_evidence_context context = {
        .docket = docket,
        .knowledge = knowledge,
        .cadence_of_rhythm = made->cadence_of_rhythm,
        .incident = verdict->incident,
    };
    verdict->cause = (uint8_t)cause_of(made, winner, verdict->incident);
    const double trust = item->signature == HT_SIGNATURE_NONE ? HT_SNAPSHOT_TRUST : 1.0;
    verdict->confidence_q16 =
        winner == HT_H_OTHER ? 0 : q16(trust * (double)item->posterior[winner]);
    ht_evidence_collect(&context, index, winner != HT_H_OTHER ? winner : ht_leading(item), verdict);
    /* "unknown" claims nothing: the facts are told, but they decide nothing. */
    for (size_t i = 0; i < verdict->evidence_count && winner == HT_H_OTHER; i++) {
        verdict->evidence[i].weight_centi = 0;
    }
}

/* Last of all, the user's word: as sure as a code, and in place of the model's reasons. */
static void relabel(const struct ht_docket *docket, const struct ht_case *item,
                    struct ht_verdict *verdict) {
    const struct ht_known_relabel *relabel =
        ht_known_relabel_of(docket->known, &docket->sessions->sessions[item->session],
                            (enum ht_cause)verdict->cause);
    if (relabel == NULL || relabel->to == (enum ht_cause)verdict->cause) {
        return;
    }
    const bool claims = relabel->to != HT_CAUSE_UNKNOWN;
    ht_evidence_relabel(docket, item, verdict);
    verdict->cause = (uint8_t)relabel->to;
    verdict->confidence_q16 = claims ? q16(HT_SETTLED_CONFIDENCE) : 0;
    verdict->evidence[0].weight_centi = claims ? verdict->evidence[0].weight_centi : (int16_t)0;
    verdict->incident = HT_NONE32;
}

static int compare_u32(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static bool is_in_rhythm(const struct ht_cadences *cadences, const struct ht_case *item) {
    return ht_cadence_at(cadences, item->cluster, item->device, item->age_s, HT_CADENCE_TOKEN) !=
               NULL ||
           ht_cadence_at(cadences, item->cluster, item->device, item->age_s, HT_CADENCE_CLOSE) !=
               NULL ||
           ht_cadence_at(cadences, item->cluster, item->device, item->age_s, HT_CADENCE_NETWORK) !=
               NULL;
}

/* The median of a device's ages that are in a rhythm, when those are at least two and half of all.
 * ages_s: scratch. */
static uint32_t cadence_of_device(const struct ht_docket *docket,
                                  const struct ht_cadences *cadences, uint32_t device,
                                  uint32_t *ages_s) {
    size_t known = 0;
    size_t count = 0;
    for (uint32_t i = docket->device_first[device]; i < docket->device_first[device + 1]; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (item->age_s != HT_NONE32) {
            known++;
            if (is_in_rhythm(cadences, item)) {
                ages_s[count++] = item->age_s;
            }
        }
    }
    if (count < 2 || count * 2 < known) {
        return 0;
    }
    qsort(ages_s, count, sizeof *ages_s, compare_u32);
    return ages_s[count / 2];
}

enum { BLOCK_DEVICES = 512 };

struct hearing {
    const struct ht_docket *docket;
    const struct ht_knowledge *knowledge;
    struct conclusion *made;
};

/* Everything of some devices. Their cases, and their sessions, are neighbours. */
static enum ht_status conclude_block(void *ctx, const struct ht_block *block) {
    const struct hearing *hearing = ctx;
    const struct ht_docket *docket = hearing->docket;
    const struct ht_device_sessions *by_device = docket->sessions->by_device;
    const uint32_t *first = docket->device_first;
    uint32_t most = 0;
    for (size_t d = block->begin; d < block->end; d++) {
        most = first[d + 1] - first[d] > most ? first[d + 1] - first[d] : most;
    }
    uint32_t *ages_s = malloc((most + (size_t)1) * sizeof *ages_s);
    if (ages_s == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t d = block->begin; d < block->end; d++) {
        for (uint32_t i = by_device[d].first; i < by_device[d].first + by_device[d].count; i++) {
            hearing->made->verdicts[i] = (struct ht_verdict){.incident = HT_NONE32};
        }
        for (uint32_t i = first[d]; i < first[d + 1]; i++) {
            decide(docket, hearing->knowledge, hearing->made, i);
            relabel(docket, &docket->cases[i], &hearing->made->verdicts[docket->cases[i].session]);
        }
        hearing->made->device_cadence_s[d] =
            cadence_of_device(docket, &hearing->knowledge->cadences, (uint32_t)d, ages_s);
    }
    free(ages_s);
    return HT_OK;
}

static enum ht_status make(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                           struct conclusion *made) {
    const size_t rhythms = knowledge->cadences.count + 1;
    made->verdicts = ht_large_alloc(docket->sessions->session_count + 1, sizeof *made->verdicts);
    made->cadences = malloc(rhythms * sizeof *made->cadences);
    made->cadence_of_rhythm = malloc(rhythms * sizeof *made->cadence_of_rhythm);
    made->device_cadence_s =
        malloc((docket->log->device_count + 1) * sizeof *made->device_cadence_s);
    if (made->verdicts == NULL || made->cadences == NULL || made->cadence_of_rhythm == NULL ||
        made->device_cadence_s == NULL) {
        return HT_E_NOMEM;
    }
    HT_TRY(ht_incidents_make(docket, &knowledge->bursts, &made->incidents));
    list_cadences(docket, &knowledge->cadences, made);
    struct hearing hearing = {docket, knowledge, made};
    return ht_parallel_for(docket->parallel, docket->log->device_count, BLOCK_DEVICES,
                           conclude_block, &hearing);
}

enum ht_status ht_conclude(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                           struct ht_verdicts *verdicts) {
    struct conclusion made = {.verdicts = NULL};
    const enum ht_status status = make(docket, knowledge, &made);
    free(made.cadence_of_rhythm);
    free(made.incidents.of_burst);
    *verdicts = (struct ht_verdicts){
        .verdicts = made.verdicts,
        .count = docket->sessions->session_count,
        .incidents = made.incidents.incidents,
        .incident_count = made.incidents.count,
        .cadences = made.cadences,
        .cadence_count = made.cadence_count,
        .device_cadence_s = made.device_cadence_s,
    };
    if (status != HT_OK) {
        ht_verdicts_release(verdicts);
    }
    return status;
}
