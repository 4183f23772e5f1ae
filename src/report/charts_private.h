/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_CHARTS_PRIVATE_H
#define HT_REPORT_CHARTS_PRIVATE_H
/*
 * struct ht_chart_maker - charts in the making, and the memory that they live in: the public struct
 * points into it, so one free() ends both.
 */
#include "hubtriage/charts.h"
#include "report/report_private.h"

enum {
    HT_CHART_BINS = 44,
    HT_CHART_SHORT_S = 3600, /* spans below it are looked up by the second, others by 15 min */
    HT_CHART_LONG_S = 900,
    HT_CHART_LONGS = 2592000 / HT_CHART_LONG_S + 1,
};

struct ht_chart_maker {
    struct ht_charts charts; /* first: what the caller holds */
    struct ht_chart_bucket buckets[HT_CHART_BUCKETS_MAX];
    struct ht_chart_bin session_bins[HT_CHART_BINS];
    struct ht_chart_bin gap_bins[HT_CHART_BINS];
    uint8_t bin_of_short[HT_CHART_SHORT_S]; /* by span: an index of bins */
    uint8_t bin_of_long[HT_CHART_LONGS];
    struct ht_chart_day by_hour[HT_CHART_DAYS_MAX];
    struct ht_chart_line lines[HT_CHART_LINES_MAX];
    struct ht_chart_cell cells[HT_CHART_LINES_MAX][HT_CHART_CELLS_MAX];
};

/* The part of an axis that a time lies in, or HT_INDEX_NONE. */
static inline size_t ht_chart_part(const struct ht_chart_axis *axis, int64_t time_us) {
    if (axis->count == 0 || time_us < axis->from_us) {
        return HT_INDEX_NONE;
    }
    const uint64_t part = (uint64_t)(time_us - axis->from_us) / (uint64_t)axis->step_us;
    return part < axis->count ? (size_t)part : HT_INDEX_NONE;
}

/* Of all charts, both ends included. */
struct ht_chart_span {
    int64_t first_us;
    int64_t last_us;
};

/* Disconnects by time, length, gap and hour. */
void ht_chart_counts_begin(struct ht_chart_maker *maker);
void ht_chart_counts_add(const struct ht_report *report, uint32_t device,
                         struct ht_chart_maker *maker);
void ht_chart_counts_end(struct ht_chart_maker *maker);

/* Connected devices. HT_OK or HT_E_NOMEM. */
struct ht_chart_presence;
HT_MUST_CHECK enum ht_status ht_chart_presence_begin(struct ht_chart_span span,
                                                     const struct ht_chart_axis *axis,
                                                     struct ht_chart_presence **presence);
void ht_chart_presence_add(const struct ht_report *report, uint32_t device,
                           struct ht_chart_presence *presence);
void ht_chart_presence_end(struct ht_chart_presence *presence, struct ht_chart_maker *maker);

/* Time lines of the worst devices. */
void ht_chart_lines_make(const struct ht_report *report, struct ht_chart_maker *maker);

#endif
