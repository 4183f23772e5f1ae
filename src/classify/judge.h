/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_JUDGE_H
#define HT_CLASSIFY_JUDGE_H
/*
 * The verdict of one case. Every open session is exposed to competing risks: each hypothesis has a
 * hazard at the moment of the end and a likelihood of the marks that were left. Their product,
 * normalised, is the posterior.
 *
 * The product is kept as factors, so that each can be shown as evidence: its weight is how much the
 * log-odds of the cause would fall if it were ignored.
 */
#include "classify/bursts.h"
#include "classify/cadence.h"
#include "classify/clock.h"
#include "classify/marks.h"
#include "classify/rates.h"

enum ht_factor {
    HT_FACTOR_USUAL = 0,  /* how often it happens at all; no evidence */
    HT_FACTOR_AUTH,       /* X.509 has no token, AMQP renews in place */
    HT_FACTOR_TIMING,     /* the session's length against the known rhythms */
    HT_FACTOR_DAILY,      /* the time of day of the device's other ends */
    HT_FACTOR_HISTORY,    /* this device against the fleet */
    HT_FACTOR_BURST,      /* others at the same moment */
    HT_FACTOR_SERVER,     /* 5xx of the hub around a burst */
    HT_FACTOR_TAKE_OVERS, /* 400027, 409002 of the device around it */
    HT_FACTOR_SIGNATURE,
    HT_FACTOR_SDK, /* how tokens of this SDK end, against how tokens end */
    HT_FACTOR_GAP,
    HT_FACTOR_RETURN,
    HT_FACTOR_COUNT,
};

struct ht_factors {
    double value[HT_FACTOR_COUNT][HT_H_COUNT];
};

/* Everything that was learned. */
struct ht_knowledge {
    struct ht_cluster_ages ages;
    struct ht_marks marks;
    struct ht_cadences cadences;
    struct ht_clock clock;
    struct ht_rates rates;
    struct ht_bursts bursts;
};

void ht_judge_factors(const struct ht_docket *docket, const struct ht_knowledge *knowledge,
                      size_t index, struct ht_factors *factors);

/* Set posterior and rhythmic of every case; judging again changes nothing until something is
 * learned. HT_OK. */
HT_MUST_CHECK enum ht_status ht_judge_all(struct ht_docket *docket,
                                          const struct ht_knowledge *knowledge);

/* The same when nothing but bursts was learned since: of the cases that have moved. HT_OK. */
HT_MUST_CHECK enum ht_status ht_judge_moved(struct ht_docket *docket,
                                            const struct ht_knowledge *knowledge);

#endif
