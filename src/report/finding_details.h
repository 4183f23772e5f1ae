/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_FINDING_DETAILS_H
#define HT_REPORT_FINDING_DETAILS_H
/* The figures behind a finding, in sentences of ours. Each replaces the buffer's text. */
#include "report/findings.h"

void ht_detail_of_rule(enum ht_rule rule, const struct ht_tally *tally,
                       const struct ht_hub_view *hub, const struct ht_hub_health *health,
                       struct ht_strbuf *out);
void ht_detail_of_incident(const struct ht_incident_view *incident, struct ht_strbuf *out);
void ht_detail_of_log(enum ht_rule rule, const struct ht_quality *quality, uint64_t sessions,
                      struct ht_strbuf *out);

#endif
