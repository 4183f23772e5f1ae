/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_HUB_HEALTH_H
#define HT_REPORT_HUB_HEALTH_H
/* What the records of a hub say of the hub itself, all categories and all of its devices. */
#include "report/report_private.h"

struct ht_hub_health {
    int64_t *errors_us; /* every 5xx record, ascending; of the whole log */
    size_t error_count;
    size_t error_capacity;
    uint64_t shown_errors; /* within the window */
    uint64_t shown_throttles;
    uint64_t shown_quota; /* 403001, 403002 */
};

/* Read one hub's events; the memory of the struct is reused. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_hub_health_read(const struct ht_report *report, size_t hub,
                                                struct ht_hub_health *health);
void ht_hub_health_release(struct ht_hub_health *health);

/* 5xx records from one time to another, both included. O(log n). */
size_t ht_hub_health_errors(const struct ht_hub_health *health, int64_t from_us, int64_t to_us);

#endif
