/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_EVIDENCE_H
#define HT_REPORT_EVIDENCE_H
#include "report/report_private.h"

/*
 * One fact in plain words, for every kind of evidence. Only numbers and words of ours: the
 * protocol, the SDK's version and messages are log text, and stay out. session: index of the
 * session that the fact is about. A kind that is not known gives "".
 */
void ht_evidence_words(const struct ht_report *report, uint32_t session,
                       const struct ht_evidence_item *item, char out[HT_FACT_BYTES]);

#endif
