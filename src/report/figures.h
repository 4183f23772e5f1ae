/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_FIGURES_H
#define HT_REPORT_FIGURES_H
/* What is counted of one device within the window. Cheap enough to be made anew for every row. */
#include "report/report_private.h"
#include "report/timeline.h"

struct ht_figures {
    uint64_t disconnects;
    uint64_t by_cause[HT_CAUSE_COUNT]; /* but for planned ones, which are no habit of the device: */
    uint64_t planned;
    uint64_t planned_by_cause[HT_CAUSE_COUNT];
    uint64_t renewals;
    uint64_t faults;
    uint64_t connects;
    uint64_t refused;
    int64_t up_s;
    int64_t down_s;
    int64_t unknown_s;
    int64_t longest_down_s;
    struct ht_timeline timeline;
};

void ht_figures_of(const struct ht_report *report, uint32_t device, struct ht_figures *out);

/* The most frequent cause; among equals, one that is known. Planned ones count when there are no
 * others. */
enum ht_cause ht_figures_main_cause(const struct ht_figures *figures);

enum ht_bearing {
    HT_BEARING_NEUTRAL = 0, /* a clean close, or unknown */
    HT_BEARING_RENEWAL,
    HT_BEARING_FAULT,
    HT_BEARING_PLANNED, /* whatever it is: in a window of maintenance */
};

/*
 * What a disconnect means to the operator. Token expiry is a renewal unless the log shows that the
 * device was away for longer than HT_RENEWAL_GAP_S: one that came back at a time which is missing,
 * or had no time to come back before the log ended, is no fault.
 */
enum ht_bearing ht_bearing_of(const struct ht_report *report, uint32_t session);

/* True when a session is shown as a disconnect. */
static inline bool ht_report_is_disconnect(const struct ht_report *report,
                                           const struct ht_session *session) {
    return session->end == HT_END_SEEN && ht_window_has(&report->window, session->end_us);
}

/* Index of the device's first event at or after a time, as an offset from event_first. O(log n). */
uint64_t ht_event_lower_bound(const struct ht_log *log, const struct ht_device *device,
                              int64_t time_us);

#endif
