/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_INCIDENT_VIEWS_H
#define HT_REPORT_INCIDENT_VIEWS_H
/* The incidents that shown disconnects are part of. Each is told whole, whatever the window. */
#include "report/hub_health.h"

/* Sessions by incident: those of incident i are sessions[first[i]] to sessions[first[i + 1] - 1].
 */
struct ht_incident_members {
    uint32_t *first;
    uint32_t *sessions;
};

/* Allocates incidents and incident_view of the report and marks what is shown. HT_OK, HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_incidents_gather(struct ht_report *report,
                                                 struct ht_incident_members *members);
void ht_incident_members_release(struct ht_incident_members *members);

/* Fill the views of one hub's shown incidents. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_incidents_describe(struct ht_report *report, size_t hub,
                                                   const struct ht_hub_health *health,
                                                   const struct ht_incident_members *members);

/* Once every hub is described: the order of the views is by start, then hub. HT_OK, HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_incidents_order(struct ht_report *report);

#endif
