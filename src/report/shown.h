/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_SHOWN_H
#define HT_REPORT_SHOWN_H
/*
 * What a report shows in the place of log text when names are not to be known: pseudonyms of hubs,
 * devices, modules and networks; of an SDK its family and version, or a pseudonym when it is none
 * of the known ones; of protocols those that there are; messages not at all.
 */
#include "base/pseudonym.h"
#include "report/report_private.h"

/* key NULL: nothing changes. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_shown_make(struct ht_report *report,
                                           const struct ht_pseudonym_key *key);

#endif
