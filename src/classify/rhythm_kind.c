/* SPDX-License-Identifier: MIT */
/* Likelihoods are those of Polya's urn (Dirichlet-multinomial). */
#define _DEFAULT_SOURCE 1 /* lgamma_r(): lgamma() writes a global, which threads share */
#include "classify/rhythm_kind.h"

#include <math.h>
#include <string.h>

#include "classify/parameters.h"

void ht_kind_weigh(const struct ht_docket *docket, const struct ht_case *item,
                   struct ht_kind_evidence *evidence) {
    const struct ht_session *session = &docket->sessions->sessions[item->session];
    const bool gap_tells = item->returned && item->signature != HT_SIGNATURE_TAKE_OVER &&
                           item->signature != HT_SIGNATURE_NONE &&
                           (session->flags & HT_SESSION_RETURN_401) == 0;
    evidence->signatures[item->signature]++;
    evidence->gaps[item->gap] += gap_tells;
    evidence->told[ht_told_end_at(docket->known, item->device, item->age_s)]++;
    evidence->refused += (session->flags & HT_SESSION_RETURN_401) != 0;
    evidence->devices += evidence->sessions == 0 || evidence->last_device != item->device;
    evidence->last_device = item->device;
    evidence->sessions++;
}

/* A length that a silent device is cut at: 1.5 x keep-alive, or the hub's cap. Ages that were cut
 * for other reasons may widen the peak, but its middle stays. */
static bool is_keep_alive_limit(const struct ht_rhythm *rhythm, uint32_t keep_alive_s) {
    const uint32_t limits[] = {HT_KEEP_ALIVE_CAP_S, ht_keep_alive_limit_s(keep_alive_s)};
    for (size_t i = 0; i < 2; i++) {
        if (limits[i] > 0 && rhythm->middle_s + HT_KEEP_ALIVE_SLACK_S >= limits[i] &&
            rhythm->middle_s <= limits[i] + HT_KEEP_ALIVE_SLACK_S) {
            return true;
        }
    }
    return false;
}

/* Log-likelihood of counts at the shares that fit them best. */
static double best_fit(const uint32_t *counts, size_t count) {
    double total = 0;
    double value = 0;
    for (size_t i = 0; i < count; i++) {
        total += counts[i];
    }
    for (size_t i = 0; i < count; i++) {
        value += counts[i] > 0 ? counts[i] * log(counts[i] / total) : 0;
    }
    return value;
}

static double log_gamma(double value) {
    int sign = 0;
    return lgamma_r(value, &sign);
}

/* Log-likelihood of counts whose shares are drawn around `shares`, which need not sum to 1. */
static double urn(const uint32_t *counts, const double *shares, size_t count) {
    double total = 0;
    double sum = 0;
    double value = 0;
    for (size_t i = 0; i < count; i++) {
        sum += shares[i];
    }
    for (size_t i = 0; i < count; i++) {
        const double prior = HT_KIND_STRENGTH * shares[i] / sum;
        total += counts[i];
        value += counts[i] > 0 ? log_gamma(prior + counts[i]) - log_gamma(prior) : 0;
    }
    return value + log_gamma(HT_KIND_STRENGTH) - log_gamma(HT_KIND_STRENGTH + total);
}

/* How a kind's sessions can end: in what mixture is not known. Other ends are exceptions, of their
 * documented rarity; some always fall into a rhythm by chance. */
struct ways {
    size_t count;
    enum ht_signature signatures[3];
};

static const struct ways token_ways = {
    3, {HT_SIGNATURE_CLEAN, HT_SIGNATURE_REMOTE, HT_SIGNATURE_TOKEN}};
static const struct ways close_ways = {1, {HT_SIGNATURE_CLEAN}};
static const struct ways network_ways = {
    3, {HT_SIGNATURE_REMOTE, HT_SIGNATURE_TAKE_OVER, HT_SIGNATURE_OTHER}};

static double tempered(double count) {
    return HT_KIND_CASES_MAX / (HT_KIND_CASES_MAX + count);
}

/* The mean log-likelihood of a gap, times as many as count for independent. */
static double gaps_of(const struct ht_kind_evidence *evidence, const struct ht_mark_table *table) {
    double value = 0;
    double count = 0;
    for (size_t i = 0; i < HT_GAP_BUCKETS; i++) {
        value += evidence->gaps[i] * log(table->gap[i]);
        count += evidence->gaps[i];
    }
    return value * tempered(count);
}

/*
 * How well the cases fit at best counts as much as a few independent ones; how far that mixture is
 * from the documented one, in full, but once.
 */
static double marks_of(const struct ht_kind_evidence *evidence, const struct ht_mark_table *table,
                       const struct ways *ways) {
    uint32_t usual[3];
    double shares[3];
    bool is_usual[HT_SIGNATURE_COUNT] = {false};
    double fit = 0;
    for (size_t i = 0; i < ways->count; i++) {
        usual[i] = evidence->signatures[ways->signatures[i]];
        shares[i] = table->signature[ways->signatures[i]];
        is_usual[ways->signatures[i]] = true;
    }
    const double best = best_fit(usual, ways->count);
    for (size_t i = 0; i < HT_SIGNATURE_NONE; i++) {
        fit += is_usual[i] ? 0 : evidence->signatures[i] * log(table->signature[i]);
    }
    return (fit + best) * tempered(evidence->sessions) + urn(usual, shares, ways->count) - best +
           gaps_of(evidence, table);
}

/* A silent client that is cut is well, and back as soon as one whose token ran out. */
static double of_silence(const struct ht_marks *marks, size_t cluster,
                         const struct ht_kind_evidence *evidence) {
    struct ht_mark_table table = marks->common[HT_H_IDLE];
    memcpy(table.gap, marks->token[cluster].gap, sizeof table.gap);
    return marks_of(evidence, &table, &network_ways);
}

/* Anything up to the hub's cap can be somebody's 1.5 x keep-alive; beyond, the hub has no reason.
 */
static bool can_be_keep_alive(const struct ht_rhythm *rhythm) {
    return rhythm->middle_s <= HT_KEEP_ALIVE_CAP_S + HT_KEEP_ALIVE_SLACK_S;
}

static double of_network(const struct ht_marks *marks, size_t cluster,
                         const struct ht_rhythm *rhythm, const struct ht_kind_evidence *evidence) {
    const double idle = marks_of(evidence, &marks->common[HT_H_IDLE], &network_ways);
    const double reset = marks_of(evidence, &marks->common[HT_H_RESET], &network_ways);
    const double lost = idle > reset ? idle : reset;
    const double silent = of_silence(marks, cluster, evidence);
    return can_be_keep_alive(rhythm) && silent > lost ? silent : lost;
}

static bool is_silent(const struct ht_kind_evidence *evidence) {
    return evidence->signatures[HT_SIGNATURE_TOKEN] * 10 < evidence->sessions &&
           evidence->signatures[HT_SIGNATURE_CLEAN] * 10 < evidence->sessions &&
           evidence->signatures[HT_SIGNATURE_NONE] * 10 < evidence->sessions;
}

/* Knowledge before marks: a rhythm is most likely a token's, but not on X.509, seldom on AMQP, and
 * not when the hub's own keep-alive limit explains it and nothing speaks of a token. Where rules
 * state the token of most of its sessions, that settles it. */
void ht_kind_decide(const struct ht_docket *docket, const struct ht_marks *marks, size_t cluster,
                    uint32_t keep_alive_s, const struct ht_kind_evidence *evidence,
                    struct ht_rhythm *rhythm) {
    const struct ht_cluster *like = &docket->clusters[cluster];
    const bool token = evidence->told[HT_TOLD_TOKEN] * 2 > evidence->sessions;
    const bool no_token = evidence->told[HT_TOLD_NO_TOKEN] * 2 > evidence->sessions;
    const uint32_t usual_s = ht_sdk_traits((enum ht_sdk_family)like->family)->keep_alive_s;
    double score[3] = {
        [HT_CADENCE_TOKEN] =
            log(HT_KIND_TOKEN) +
            log(HT_KIND_REFUSED) * evidence->refused * tempered(evidence->refused) +
            marks_of(evidence, &marks->token[cluster], &token_ways),
        [HT_CADENCE_CLOSE] =
            log(HT_KIND_CLOSE) + marks_of(evidence, &marks->common[HT_H_CLOSE], &close_ways),
        [HT_CADENCE_NETWORK] =
            log(can_be_keep_alive(rhythm) ? HT_KIND_NETWORK : HT_KIND_NETWORK_LONG) +
            of_network(marks, cluster, rhythm, evidence),
    };
    rhythm->keep_alive = is_silent(evidence) && !token &&
                         is_keep_alive_limit(rhythm, keep_alive_s > 0 ? keep_alive_s : usual_s);
    if (token) {
        score[HT_CADENCE_TOKEN] += 1e6;
    } else if (rhythm->middle_s < HT_TOKEN_LIFE_MIN_S) {
        score[HT_CADENCE_TOKEN] -= 1e6;
    } else if (like->x509 || no_token) {
        score[HT_CADENCE_TOKEN] += log(HT_TOKEN_X509);
    } else if (like->amqp) {
        score[HT_CADENCE_TOKEN] += log(HT_TOKEN_AMQP);
    }
    if (rhythm->keep_alive) {
        score[HT_CADENCE_NETWORK] += 1e6;
    }
    rhythm->kind = HT_CADENCE_TOKEN;
    for (size_t i = 1; i < 3; i++) {
        if (score[i] > score[rhythm->kind]) {
            rhythm->kind = (uint8_t)i;
        }
    }
}
