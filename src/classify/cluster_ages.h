/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CLUSTER_AGES_H
#define HT_CLASSIFY_CLUSTER_AGES_H
/*
 * struct ht_cluster_ages - the ages of each cluster's cases, and how long its sessions lived, in
 * ascending order: what does not change from round to round.
 */
#include "classify/case.h"

struct ht_cluster_ages {
    /* By cluster, then age, then case: cases of known age that no code settles. */
    uint32_t *cases;
    uint32_t *ages_s;     /* parallel */
    uint32_t *case_first; /* by cluster; one more at the end */
    /* By cluster, ascending: seconds that sessions whose begin was seen lived. */
    uint32_t *lived_s;
    uint32_t *lived_first;
};

/* HT_OK or HT_E_NOMEM. ht_cluster_ages_release() frees. */
HT_MUST_CHECK enum ht_status ht_cluster_ages_init(const struct ht_docket *docket,
                                                  struct ht_cluster_ages *ages);
void ht_cluster_ages_release(struct ht_cluster_ages *ages);

#endif
