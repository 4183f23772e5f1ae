/* SPDX-License-Identifier: MIT */
#include "classify/judge.h"

#include "classify/parameters.h"
#include "classify/told.h"

static void set_all(double values[HT_H_COUNT], double value) {
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        values[h] = value;
    }
}

/* Where the begin was not seen, only a keep-alive that rules state can tell a time-out. */
static double unseen_idle_share(const struct ht_docket *docket,
                                const struct ht_knowledge *knowledge, const struct ht_case *item,
                                int64_t known_s) {
    return ht_known_of(docket->known, item->device, HT_KNOWN_KEEP_ALIVE) != NULL
               ? ht_cadence_unseen_idle_share(&knowledge->cadences, item->cluster, item->device,
                                              known_s)
               : 0.5;
}

/* A rhythm of losses is the idle timeout's when it can be a keep-alive limit, else either's. */
static void add_rhythms(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                        const struct ht_case *item, double hazards[HT_H_COUNT]) {
    const struct ht_cadences *cadences = &knowledge->cadences;
    double density = 0;
    double share = 0.5;
    if (item->age_s == HT_NONE32) {
        const int64_t known_s = ht_session_length_s(&docket->sessions->sessions[item->session]);
        density = ht_cadence_unseen_density(cadences, item->cluster, item->device, known_s,
                                            HT_CADENCE_NETWORK);
        share = density > 0 ? unseen_idle_share(docket, knowledge, item, known_s) : 0.5;
        hazards[HT_H_CLOSE] += ht_cadence_unseen_density(cadences, item->cluster, item->device,
                                                         known_s, HT_CADENCE_CLOSE);
    } else {
        const struct ht_rhythm *lost =
            ht_cadence_at(cadences, item->cluster, item->device, item->age_s, HT_CADENCE_NETWORK);
        const struct ht_rhythm *closed =
            ht_cadence_at(cadences, item->cluster, item->device, item->age_s, HT_CADENCE_CLOSE);
        if (lost != NULL) {
            density = lost->density;
            share = lost->middle_s <= HT_KEEP_ALIVE_CAP_S + HT_KEEP_ALIVE_SLACK_S ? 1.0 : 0.5;
        }
        hazards[HT_H_CLOSE] += closed != NULL ? closed->density : 0;
    }
    hazards[HT_H_IDLE] += density * share;
    hazards[HT_H_RESET] += density * (1 - share);
}

static double auth_factor(const struct ht_docket *docket, const struct ht_case *item) {
    const struct ht_cluster *cluster = &docket->clusters[item->cluster];
    const struct ht_known_rule *rule = ht_known_of(docket->known, item->device, HT_KNOWN_TOKEN);
    if (rule != NULL) {
        return rule->without_token ? HT_TOKEN_X509 : 1.0; /* also over AMQP */
    }
    return cluster->x509 ? HT_TOKEN_X509 : cluster->amqp ? HT_TOKEN_AMQP : 1.0;
}

static double larger(double a, double b) {
    return a > b ? a : b;
}

/*
 * Hazards of token, idle, reset and close, as usual x auth x history x timing. The timing of a
 * cause that has no rhythm here is 1.
 */
static void set_timing(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                       size_t index, struct ht_factors *factors) {
    const struct ht_case *item = &docket->cases[index];
    const struct ht_rates *rates = &knowledge->rates;
    const double auth = auth_factor(docket, item);
    const double told = ht_told_idle_factor(docket, item);
    const double idle = told < 1 ? told : item->age_s < HT_YOUNG_S ? HT_IDLE_WHEN_YOUNG : 1.0;
    const double usual = rates->clusters[item->cluster].token;
    const double token = (double)knowledge->clock.readings[index].density +
                         ht_rate_of_loose_tokens(rates, item) * auth;
    double own[HT_H_COUNT];
    double hazards[HT_H_COUNT];
    for (size_t h = HT_H_IDLE; h < HT_H_IDLE + HT_COUNTED; h++) {
        own[h] = ht_rate_of_device(rates, item, (enum ht_hypothesis)h);
        hazards[h] = own[h] * (h == HT_H_IDLE ? idle : 1.0);
    }
    add_rhythms(docket, knowledge, item, hazards);
    factors->value[HT_FACTOR_USUAL][HT_H_TOKEN] = usual;
    factors->value[HT_FACTOR_AUTH][HT_H_TOKEN] = auth;
    factors->value[HT_FACTOR_TIMING][HT_H_TOKEN] = token / (usual * auth);
    for (size_t h = HT_H_IDLE; h < HT_H_IDLE + HT_COUNTED; h++) {
        factors->value[HT_FACTOR_HISTORY][h] = own[h] / rates->fleet[h];
        if (hazards[h] < own[h] || hazards[h] > own[h]) { /* seldom, and divisions are slow */
            factors->value[HT_FACTOR_TIMING][h] = hazards[h] / own[h];
        }
    }
}

static void set_daily(const struct ht_knowledge *knowledge, const struct ht_case *item,
                      struct ht_factors *factors) {
    if (item->daily == 0) {
        return;
    }
    const double density = HT_DAILY_DENSITY * item->daily;
    factors->value[HT_FACTOR_DAILY][HT_H_RESET] =
        1 + density / ht_rate_of_device(&knowledge->rates, item, HT_H_RESET);
    factors->value[HT_FACTOR_DAILY][HT_H_IDLE] =
        1 + density * HT_DAILY_IDLE_SHARE / ht_rate_of_device(&knowledge->rates, item, HT_H_IDLE);
}

static void set_bursts(const struct ht_knowledge *knowledge, const struct ht_case *item,
                       struct ht_factors *factors) {
    const struct ht_rates *rates = &knowledge->rates;
    factors->value[HT_FACTOR_BURST][HT_H_HUB] = rates->least[HT_H_HUB];
    factors->value[HT_FACTOR_BURST][HT_H_SITE] = rates->least[HT_H_SITE];
    if (item->site_burst != HT_NONE32) {
        factors->value[HT_FACTOR_BURST][HT_H_SITE] =
            larger((double)item->site_hazard, HT_RATE_SITE_FLOOR) / rates->fleet[HT_H_SITE];
    }
    if (item->hub_burst != HT_NONE32) {
        factors->value[HT_FACTOR_BURST][HT_H_HUB] =
            larger((double)item->hub_hazard, HT_RATE_HUB_FLOOR) / rates->fleet[HT_H_HUB];
        const double factor = knowledge->bursts.bursts[item->hub_burst].server_factor;
        factors->value[HT_FACTOR_SERVER][HT_H_HUB] =
            factor > 1 && !item->hub_ill ? HT_SERVER_FACTOR_USUAL : factor;
    }
}

static double take_over_factor(const struct ht_case *item) {
    const unsigned near = item->near_take_overs;
    const double same =
        near < HT_TAKE_OVERS_OF_ONE && !item->two_clients ? HT_DUPLICATE_OF_ONE : 1.0;
    return near >= 2   ? HT_RATE_DUPLICATE_LOOP * same / HT_RATE_DUPLICATE_FLOOR
           : near == 1 ? HT_RATE_DUPLICATE_PAIR * same / HT_RATE_DUPLICATE_FLOOR
                       : 1.0;
}

static void set_marks(const struct ht_knowledge *knowledge, const struct ht_case *item,
                      struct ht_factors *factors) {
    struct ht_mark_rows rows;
    ht_mark_rows_of(&knowledge->marks, item, &rows);
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        factors->value[HT_FACTOR_USUAL][h] = knowledge->rates.fleet[h];
        factors->value[HT_FACTOR_SIGNATURE][h] = rows.signature[h];
        factors->value[HT_FACTOR_GAP][h] = rows.gap[h];
        factors->value[HT_FACTOR_RETURN][h] = rows.answer[h];
    }
    factors->value[HT_FACTOR_SIGNATURE][HT_H_TOKEN] = rows.token_signature.of_any;
    factors->value[HT_FACTOR_SDK][HT_H_TOKEN] = rows.token_signature.of_sdk;
    factors->value[HT_FACTOR_GAP][HT_H_TOKEN] = rows.token_gap;
}

void ht_judge_factors(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                      size_t index, struct ht_factors *factors) {
    const struct ht_case *item = &docket->cases[index];
    const struct ht_session *session = &docket->sessions->sessions[item->session];
    for (size_t f = 0; f < HT_FACTOR_COUNT; f++) {
        set_all(factors->value[f], 1.0);
    }
    set_marks(knowledge, item, factors);
    const double duty_gap = ht_told_gap(docket, item, session);
    factors->value[HT_FACTOR_GAP][HT_H_CLOSE] =
        larger(factors->value[HT_FACTOR_GAP][HT_H_CLOSE], duty_gap);
    factors->value[HT_FACTOR_USUAL][HT_H_DUPLICATE] = HT_RATE_DUPLICATE_FLOOR;
    factors->value[HT_FACTOR_TAKE_OVERS][HT_H_DUPLICATE] = take_over_factor(item);
    set_timing(docket, knowledge, index, factors);
    set_daily(knowledge, item, factors);
    set_bursts(knowledge, item, factors);
}

/* Of the network hypotheses' hazard, the part that a rhythm makes. */
static float rhythmic_share(const struct ht_factors *factors) {
    const double idle =
        factors->value[HT_FACTOR_TIMING][HT_H_IDLE] * factors->value[HT_FACTOR_DAILY][HT_H_IDLE];
    const double reset =
        factors->value[HT_FACTOR_TIMING][HT_H_RESET] * factors->value[HT_FACTOR_DAILY][HT_H_RESET];
    const double most = larger(idle, reset);
    return most > 1 ? (float)(1 - 1 / most) : 0;
}

static void judge(struct ht_docket *docket, const struct ht_knowledge *knowledge, size_t index) {
    struct ht_case *item = &docket->cases[index];
    struct ht_factors factors;
    double posterior[HT_H_COUNT];
    double sum = 0;
    ht_judge_factors(docket, knowledge, index, &factors);
    set_all(posterior, 1.0);
    for (size_t f = 0; f < HT_FACTOR_COUNT; f++) { /* the inner loop is one for vector units */
        for (size_t h = 0; h < HT_H_COUNT; h++) {
            posterior[h] *= factors.value[f][h];
        }
    }
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        sum += posterior[h];
    }
    item->rhythmic = rhythmic_share(&factors);
    item->moved = false;
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        item->posterior[h] = (float)(posterior[h] / sum);
    }
}

struct bench {
    struct ht_docket *docket;
    const struct ht_knowledge *knowledge;
    bool moved_only;
};

static enum ht_status judge_block(void *ctx, const struct ht_block *block) {
    const struct bench *judges = ctx;
    for (size_t i = block->begin; i < block->end; i++) {
        if (!judges->moved_only || judges->docket->cases[i].moved) {
            judge(judges->docket, judges->knowledge, i);
        }
    }
    return HT_OK;
}

static enum ht_status judge_cases(struct ht_docket *docket, const struct ht_knowledge *knowledge,
                                  bool moved_only) {
    enum { BLOCK_CASES = 16 * 1024 };
    struct bench judges = {docket, knowledge, moved_only};
    return ht_parallel_for(docket->parallel, docket->count, BLOCK_CASES, judge_block, &judges);
}

enum ht_status ht_judge_all(struct ht_docket *docket, const struct ht_knowledge *knowledge) {
    return judge_cases(docket, knowledge, false);
}

enum ht_status ht_judge_moved(struct ht_docket *docket, const struct ht_knowledge *knowledge) {
    return judge_cases(docket, knowledge, true);
}
