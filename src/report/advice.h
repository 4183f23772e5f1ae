/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_ADVICE_H
#define HT_REPORT_ADVICE_H
/* What a finding means, how to make sure, what to do: general texts (model/topics.def), and what
 * this log adds. */
#include "report/report_private.h"

/* Needs findings and cadences. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_advice_make(struct ht_report *report);

#endif
