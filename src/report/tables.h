/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_TABLES_H
#define HT_REPORT_TABLES_H
/* The summary and its small tables, hub by hub and device by device. */
#include "model/selection.h"
#include "report/report_private.h"

/* Hubs, incidents, findings, patterns and ranks. Needs ht_pick(). HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_tables_make(struct ht_report *report,
                                            const struct ht_selection *selection);

/* Totals by cause. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_causes_make(struct ht_report *report);

/* What classify learned. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_cadences_make(struct ht_report *report);

/* The user's rules. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_rule_views_make(struct ht_report *report);

#endif
