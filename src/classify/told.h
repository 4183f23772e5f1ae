/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_TOLD_H
#define HT_CLASSIFY_TOLD_H
/*
 * What rules tell the model (model/known.h), in its own terms: rhythms that need not be learned,
 * and what cannot be.
 */
#include "classify/cadence.h"
#include "classify/case.h"

/* Append the rhythms that rules state to *cadences. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_told_rhythms_add(const struct ht_known *known,
                                                 struct ht_cadences *cadences);

/* The rhythms that rules state of one device, HT_NONE32 where they state none. */
struct ht_told {
    uint32_t rhythms[3];   /* token, duty cycle, keep-alive limit */
    uint32_t keep_alive_s; /* 0 = they do not state it */
    bool token;            /* they state its token, or that there is none: */
    bool without_token;
};

void ht_told_of(const struct ht_cadences *cadences, uint32_t device, struct ht_told *told);

/* May a rhythm that was learned or is documented be the device's? Not as a token's when rules state
 * another period, none, or a duty cycle of that length. */
bool ht_told_allows(const struct ht_cadences *cadences, const struct ht_told *told,
                    const struct ht_rhythm *rhythm);

/* What rules say of a session that ended at that age: HT_TOLD_TOKEN when it is its token's period.
 */
enum ht_told_end { HT_TOLD_NOTHING = 0, HT_TOLD_TOKEN, HT_TOLD_NO_TOKEN };
enum ht_told_end ht_told_end_at(const struct ht_known *known, uint32_t device, uint32_t age_s);

/* The rule behind a rhythm of origin HT_RHYTHM_TOLD. */
uint32_t ht_told_rule(const struct ht_cadences *cadences, const struct ht_rhythm *rhythm);

/*
 * How the hazard of a time-out changes: the hub notices 1.5 keep-alives after the last word, and
 * the connect was one. A device that is back earlier takes its old session over; then nothing
 * follows.
 */
double ht_told_idle_factor(const struct ht_docket *docket, const struct ht_case *item);

/* The gap after a close is the duty cycle's: likelihood, or 0 when rules do not say or it is not.
 */
double ht_told_gap(const struct ht_docket *docket, const struct ht_case *item,
                   const struct ht_session *session);

#endif
