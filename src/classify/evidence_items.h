/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_EVIDENCE_ITEMS_H
#define HT_CLASSIFY_EVIDENCE_ITEMS_H
/* The evidence of one verdict: each factor of the model as a fact with a weight. */
#include "classify/judge.h"

/* What a fact may refer to. */
struct ht_evidence_context {
    const struct ht_docket *docket;
    const struct ht_knowledge *knowledge;
    const uint32_t *cadence_of_rhythm; /* index in ht_verdicts.cadences, or HT_NONE32 */
    uint32_t incident;                 /* of this verdict, or HT_NONE32 */
};

/* Fill evidence and evidence_count of the verdict of a case that no code settled. */
void ht_evidence_collect(const struct ht_evidence_context *context, size_t index,
                         enum ht_hypothesis hypothesis, struct ht_verdict *verdict);

/* The one item of a verdict that a rule changes; its cause is still the model's. */
void ht_evidence_relabel(const struct ht_docket *docket, const struct ht_case *item,
                         struct ht_verdict *verdict);

/* The one item of a verdict that a code says outright. */
void ht_evidence_settle(struct ht_verdict *verdict);

#endif
