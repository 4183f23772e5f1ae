/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_LIMITS_H
#define HT_REPORT_LIMITS_H
#include "report/report_private.h"

/* Sentences on what this log cannot tell. Needs the summary's counts. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_limits_write(struct ht_report *report);

#endif
