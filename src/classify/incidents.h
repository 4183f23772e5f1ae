/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_INCIDENTS_H
#define HT_CLASSIFY_INCIDENTS_H
/* From bursts to the incidents of the report. */
#include "classify/bursts.h"

/*
 * Take away the bursts that too few verdicts stand for. *pruned tells whether there were any: then
 * the cases must be judged again. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_incidents_prune(struct ht_docket *docket,
                                                const struct ht_bursts *bursts, bool *pruned);

struct ht_incident_list {
    struct ht_incident *incidents; /* in order of hub, start */
    size_t count;
    uint32_t *of_burst; /* by burst: index of its incident, or HT_NONE32 */
};

/* Freed with free() of both arrays. HT_OK or HT_E_NOMEM (nothing to free). */
HT_MUST_CHECK enum ht_status ht_incidents_make(const struct ht_docket *docket,
                                               const struct ht_bursts *bursts,
                                               struct ht_incident_list *list);

#endif
