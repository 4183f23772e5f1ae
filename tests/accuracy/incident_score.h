/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_INCIDENT_SCORE_H
#define ACCURACY_INCIDENT_SCORE_H
/*
 * Incidents of the hub and outages of sites. A true one is found when one of the same kind, hub
 * (and address prefix, if it is a site's and known) overlaps it, give or take a minute. When
 * several do, the first start and the last end count. An incident of the hub is large when it hits
 * a tenth of the connected devices, and five at least: two of twenty are no incident that a log
 * could show. A found one is false when nothing of its kind is true about then; an incident of the
 * hub is not false when the hub throttled or its quota ended.
 */
#include "tally.h"

void incident_score(const struct run *run, struct tally *tally, FILE *errors);
/* Notes how far start and end of a found one are off. */
void incident_error(struct incident_tally *tally, int64_t start_error_s, int64_t end_error_s);
const char *mistaken_name(enum mistaken mistaken);

#endif
