/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_TIMELINE_H
#define HT_REPORT_TIMELINE_H
/* How long a device was up, down, or in a state that the log does not tell. */
#include "report/report_private.h"

/*
 * The span is that of the device's hub (first to last event) within the window. One rule for each
 * stretch of it:
 *  - up: from an accepted connect to the first closing record, or to the end of the log when none
 *    came; and from the beginning of the log when the device's first record is its disconnect,
 * since a connect in between would be in the log;
 *  - down: from a closing record to the next accepted connect, or to the end of the log; and from a
 *    refused connect that comes before anything else of the device;
 *  - unknown: before the first accepted connect; a session whose closing record is missing; a
 *    session whose connect is missing, from the end before it.
 */
struct ht_timeline {
    int64_t up_us;
    int64_t down_us;
    int64_t span_us; /* the rest is unknown */
    int64_t longest_down_us;
    int64_t down_since_us; /* begin of the last stretch down, unclipped; HT_TIME_NONE */
    enum ht_device_state last_state;
};

void ht_timeline_of(const struct ht_report *report, uint32_t device, struct ht_timeline *out);

/* Told of each stretch, in order of time and without overlap: unclipped, and possibly beyond the
 * window. */
typedef void ht_stretch_fn(void *ctx, enum ht_device_state state, int64_t begin_us, int64_t end_us);

void ht_timeline_walk(const struct ht_report *report, uint32_t device, ht_stretch_fn *stretch,
                      void *ctx, struct ht_timeline *out);

/* The rules above in a few words, for readers of a report. */
const char *ht_timeline_method(void);

#endif
