/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_ROWS_H
#define HT_REPORT_ROWS_H
/* Rows of the large tables by the index of their session, whatever is shown. */
#include "report/report_private.h"

void ht_row_disconnect(const struct ht_report *report, uint32_t session, struct ht_disconnect *out);
void ht_row_session(const struct ht_report *report, uint32_t session, struct ht_session_view *out);

/* What is known of a device's connection at the end of the window. */
struct ht_facet ht_row_facet(const struct ht_report *report, uint32_t device);

#endif
