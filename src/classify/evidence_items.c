/* SPDX-License-Identifier: MIT */
/*
 * The weight of a factor is how much the log-odds of the hypothesis fall when it is left out. A
 * weight below zero speaks against the verdict, and is shown all the same.
 */
#include "classify/evidence_items.h"

#include <math.h>

#include "base/time.h"
#include "classify/parameters.h"
#include "classify/told.h"

static bool says_nothing(const double values[HT_H_COUNT]) {
    bool ones = true;
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        ones &= values[h] >= 1 && values[h] <= 1;
    }
    return ones;
}

/*
 * log_odds[f]: of the hypothesis, without factor f; the last is that of all factors. Each product
 * is that of what comes before the factor and what comes behind it.
 */
static void find_log_odds(const struct ht_factors *factors, enum ht_hypothesis hypothesis,
                          double log_odds[HT_FACTOR_COUNT + 1]) {
    double behind[HT_FACTOR_COUNT + 1][HT_H_COUNT];
    double before[HT_H_COUNT];
    bool silent[HT_FACTOR_COUNT] = {false};
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        behind[HT_FACTOR_COUNT][h] = 1;
        before[h] = 1;
    }
    for (size_t f = HT_FACTOR_COUNT; f-- > 0;) {
        for (size_t h = 0; h < HT_H_COUNT; h++) {
            behind[f][h] = behind[f + 1][h] * factors->value[f][h];
        }
    }
    for (size_t f = 0; f <= HT_FACTOR_COUNT; f++) {
        if (f < HT_FACTOR_COUNT && says_nothing(factors->value[f])) {
            silent[f] = true;
            continue;
        }
        const double *rest = behind[f < HT_FACTOR_COUNT ? f + 1 : f];
        double rivals = 0;
        for (size_t h = 0; h < HT_H_COUNT; h++) {
            rivals += h == hypothesis ? 0 : before[h] * rest[h];
        }
        log_odds[f] = log(before[hypothesis] * rest[hypothesis] / rivals);
        for (size_t h = 0; h < HT_H_COUNT && f < HT_FACTOR_COUNT; h++) {
            before[h] *= factors->value[f][h];
        }
    }
    for (size_t f = 0; f < HT_FACTOR_COUNT; f++) {
        log_odds[f] = silent[f] ? log_odds[HT_FACTOR_COUNT] : log_odds[f];
    }
}

static uint32_t clamp_u32(int64_t value) {
    return value < 0 ? 0 : value < HT_NONE32 ? (uint32_t)value : HT_NONE32 - 1;
}

static uint32_t known_length_s(const struct ht_evidence_context *context,
                               const struct ht_case *item) {
    return clamp_u32(ht_session_length_s(&context->docket->sessions->sessions[item->session]));
}

/* The rule that states it; there is one. */
static uint32_t rule_of(const struct ht_docket *docket, const struct ht_case *item,
                        enum ht_known_property property) {
    const struct ht_known *known = docket->known;
    return (uint32_t)(ht_known_of(known, item->device, property) - known->rules);
}

/* The rhythm that a session's age is in, as a fact. */
static bool rhythm_fact(const struct ht_evidence_context *context, const struct ht_case *item,
                        uint32_t age_s, enum ht_cadence_kind kind, struct ht_evidence_item *fact) {
    const struct ht_cadences *cadences = &context->knowledge->cadences;
    const struct ht_rhythm *rhythm =
        age_s != HT_NONE32 ? ht_cadence_at(cadences, item->cluster, item->device, age_s, kind)
                           : NULL;
    if (rhythm == NULL) {
        return false;
    }
    if (kind == HT_CADENCE_TOKEN &&
        ht_told_end_at(context->docket->known, item->device, age_s) == HT_TOLD_TOKEN) {
        fact->kind = HT_EVIDENCE_TOLD_TOKEN; /* whether learned as well or not */
        fact->value = rule_of(context->docket, item, HT_KNOWN_TOKEN);
    } else if (rhythm->origin == HT_RHYTHM_TOLD) {
        fact->kind = rhythm->kind == HT_CADENCE_TOKEN   ? HT_EVIDENCE_TOLD_TOKEN
                     : rhythm->kind == HT_CADENCE_CLOSE ? HT_EVIDENCE_TOLD_DUTY
                                                        : HT_EVIDENCE_TOLD_LIMIT;
        fact->value = ht_told_rule(cadences, rhythm);
    } else if (rhythm->keep_alive) {
        fact->kind = HT_EVIDENCE_KEEP_ALIVE;
        fact->value = rhythm->middle_s;
    } else if (rhythm->origin == HT_RHYTHM_DOCUMENTED) {
        fact->kind = HT_EVIDENCE_CADENCE_PRIOR;
        fact->value = rhythm->middle_s;
    } else if (rhythm->origin == HT_RHYTHM_DEVICE) {
        fact->kind = HT_EVIDENCE_CADENCE_DEVICE;
        fact->value = rhythm->middle_s;
    } else {
        fact->kind = HT_EVIDENCE_CADENCE_FLEET;
        fact->value = context->cadence_of_rhythm[rhythm - cadences->rhythms];
    }
    return true;
}

static void timing_fact(const struct ht_evidence_context *context, size_t index,
                        enum ht_hypothesis hypothesis, struct ht_evidence_item *fact) {
    const struct ht_case *item = &context->docket->cases[index];
    const struct ht_clock_reading *reading = &context->knowledge->clock.readings[index];
    if (hypothesis == HT_H_TOKEN && reading->carried) {
        fact->kind = HT_EVIDENCE_TOKEN_CLOCK;
        fact->value = reading->age_s;
        return;
    }
    const enum ht_cadence_kind kind = hypothesis == HT_H_TOKEN   ? HT_CADENCE_TOKEN
                                      : hypothesis == HT_H_CLOSE ? HT_CADENCE_CLOSE
                                                                 : HT_CADENCE_NETWORK;
    if (rhythm_fact(context, item, item->age_s, kind, fact)) {
        return;
    }
    if (kind == HT_CADENCE_NETWORK && ht_told_idle_factor(context->docket, item) < 1) {
        fact->kind = HT_EVIDENCE_TOLD_TOO_SHORT;
        fact->value = rule_of(context->docket, item, HT_KNOWN_KEEP_ALIVE);
        return;
    }
    fact->value = known_length_s(context, item);
    fact->kind = item->age_s == HT_NONE32   ? HT_EVIDENCE_START_UNKNOWN
                 : item->age_s < HT_YOUNG_S ? HT_EVIDENCE_YOUNG
                                            : HT_EVIDENCE_IRREGULAR;
}

static void burst_fact(const struct ht_evidence_context *context, const struct ht_case *item,
                       enum ht_hypothesis hypothesis, struct ht_evidence_item *fact) {
    const bool in_burst = item->hub_burst != HT_NONE32 || item->site_burst != HT_NONE32;
    if (context->incident != HT_NONE32) {
        fact->kind = hypothesis == HT_H_HUB ? HT_EVIDENCE_BURST_HUB : HT_EVIDENCE_BURST_SITE;
        fact->value = context->incident;
    } else if (!in_burst) {
        fact->kind = HT_EVIDENCE_NO_BURST;
    }
}

static void gap_fact(const struct ht_evidence_context *context, const struct ht_case *item,
                     struct ht_evidence_item *fact) {
    const struct ht_session *session = &context->docket->sessions->sessions[item->session];
    const struct ht_hub *hub = &context->docket->log->hubs[item->hub];
    fact->kind = item->returned ? HT_EVIDENCE_GAP : HT_EVIDENCE_NO_RETURN;
    fact->value =
        item->returned ? session->gap_s : clamp_u32((hub->last_us - session->end_us) / HT_US_PER_S);
}

/* Words and figure of a factor; the kind stays NONE where there is nothing to say. */
static struct ht_evidence_item fact_of(const struct ht_evidence_context *context, size_t index,
                                       enum ht_hypothesis hypothesis, size_t factor) {
    const struct ht_case *item = &context->docket->cases[index];
    const struct ht_session *session = &context->docket->sessions->sessions[item->session];
    const struct ht_cluster *cluster = &context->docket->clusters[item->cluster];
    struct ht_evidence_item fact = {.kind = HT_EVIDENCE_NONE};
    switch (factor) {
    case HT_FACTOR_AUTH:
        if (ht_known_of(context->docket->known, item->device, HT_KNOWN_TOKEN) != NULL) {
            fact.kind = HT_EVIDENCE_TOLD_NO_TOKEN;
            fact.value = rule_of(context->docket, item, HT_KNOWN_TOKEN);
            break;
        }
        fact.kind = cluster->x509   ? HT_EVIDENCE_AUTH_X509
                    : cluster->amqp ? HT_EVIDENCE_AMQP
                                    : HT_EVIDENCE_NONE;
        break;
    case HT_FACTOR_TIMING:
        timing_fact(context, index, hypothesis, &fact);
        break;
    case HT_FACTOR_DAILY:
        fact.kind = item->daily > 0 ? HT_EVIDENCE_DAILY : HT_EVIDENCE_NONE;
        fact.value = item->daily;
        break;
    case HT_FACTOR_HISTORY:
        fact.kind = HT_EVIDENCE_DEVICE_HISTORY;
        fact.value = (uint32_t)lround(
            (double)context->knowledge->rates.devices[item->device].ends[hypothesis]);
        break;
    case HT_FACTOR_BURST:
        burst_fact(context, item, hypothesis, &fact);
        break;
    case HT_FACTOR_SERVER:
        if (item->hub_burst != HT_NONE32) {
            fact.kind = HT_EVIDENCE_SERVER_ERRORS;
            fact.value = context->knowledge->bursts.bursts[item->hub_burst].server_errors;
        }
        break;
    case HT_FACTOR_TAKE_OVERS:
        fact.kind = item->near_take_overs > 0 ? HT_EVIDENCE_TAKEOVERS : HT_EVIDENCE_NONE;
        fact.value = item->near_take_overs;
        break;
    case HT_FACTOR_SIGNATURE:
        fact.kind = item->signature == HT_SIGNATURE_CLEAN  ? HT_EVIDENCE_CLEAN
                    : item->signature == HT_SIGNATURE_NONE ? HT_EVIDENCE_NONE
                                                           : HT_EVIDENCE_CODES;
        break;
    case HT_FACTOR_SDK:
        fact.kind = HT_EVIDENCE_SDK_RENEWAL;
        break;
    case HT_FACTOR_GAP:
        gap_fact(context, item, &fact);
        break;
    case HT_FACTOR_RETURN:
        fact.kind = session->refused > 0 ? HT_EVIDENCE_REFUSED : HT_EVIDENCE_NONE;
        fact.value = session->refused;
        break;
    default:
        break;
    }
    return fact;
}

static int16_t centi(double weight) {
    const double scaled = round(weight * 100);
    return scaled > 3000 ? 3000 : scaled < -3000 ? -3000 : (int16_t)scaled;
}

static int magnitude(const struct ht_evidence_item *item) {
    return item->weight_centi < 0 ? -item->weight_centi : item->weight_centi;
}

/* Keep the strongest, strongest first; equals stay in the order of the factors. */
static void insert(struct ht_verdict *verdict, const struct ht_evidence_item *fact) {
    size_t at = verdict->evidence_count;
    while (at > 0 && magnitude(&verdict->evidence[at - 1]) < magnitude(fact)) {
        at--;
    }
    if (at == HT_EVIDENCE_MAX) {
        return;
    }
    const size_t last =
        verdict->evidence_count < HT_EVIDENCE_MAX ? verdict->evidence_count : HT_EVIDENCE_MAX - 1;
    for (size_t i = last; i > at; i--) {
        verdict->evidence[i] = verdict->evidence[i - 1];
    }
    verdict->evidence[at] = *fact;
    verdict->evidence_count = (uint8_t)(last + 1);
}

void ht_evidence_collect(const struct ht_evidence_context *context, size_t index,
                         enum ht_hypothesis hypothesis, struct ht_verdict *verdict) {
    struct ht_factors factors;
    ht_judge_factors(context->docket, context->knowledge, index, &factors);
    double log_odds[HT_FACTOR_COUNT + 1];
    find_log_odds(&factors, hypothesis, log_odds);
    for (size_t f = HT_FACTOR_USUAL + 1; f < HT_FACTOR_COUNT; f++) {
        const double weight = log_odds[HT_FACTOR_COUNT] - log_odds[f];
        if (fabs(weight) * 100 < HT_EVIDENCE_CENTI_MIN - 1) {
            continue; /* most factors say nothing of a case */
        }
        struct ht_evidence_item fact = fact_of(context, index, hypothesis, f);
        fact.weight_centi = centi(weight);
        if (fact.kind != HT_EVIDENCE_NONE && magnitude(&fact) >= HT_EVIDENCE_CENTI_MIN) {
            insert(verdict, &fact);
        }
    }
}

void ht_evidence_relabel(const struct ht_docket *docket, const struct ht_case *item,
                         struct ht_verdict *verdict) {
    verdict->evidence[0] = (struct ht_evidence_item){
        .kind = HT_EVIDENCE_TOLD_LABEL,
        .detail = verdict->cause,
        .weight_centi = centi(log(HT_SETTLED_CONFIDENCE / (1 - HT_SETTLED_CONFIDENCE))),
        .value = rule_of(docket, item, HT_KNOWN_RELABEL),
    };
    verdict->evidence_count = 1;
}

void ht_evidence_settle(struct ht_verdict *verdict) {
    verdict->evidence[0] = (struct ht_evidence_item){
        .kind = HT_EVIDENCE_CODES,
        .weight_centi = centi(log(HT_SETTLED_CONFIDENCE / (1 - HT_SETTLED_CONFIDENCE))),
    };
    verdict->evidence_count = 1;
}
