/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_COMMON_TRAITS_H
#define HT_REPORT_COMMON_TRAITS_H
/* Fills ht_summary.traits; hubtriage/traits.h says by what rule. */
#include "report/incident_views.h"

/* Needs incidents and findings in their final order, and the rules of every row. Memory: 36 bytes
 * for each device while it runs. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_traits_make(struct ht_report *report,
                                            const struct ht_incident_members *members);

#endif
