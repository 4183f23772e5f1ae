/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_CHARTS_H
#define HUBTRIAGE_CHARTS_H
/*
 * What charts of a report show: its disconnects and sessions counted over time, by length, by hour
 * of the day, and the time lines of the worst devices.
 *
 *     struct ht_charts *charts;
 *     if (ht_charts_build(report, &charts) == HT_OK) {
 *         ... charts->buckets[i].faults ...
 *         ht_charts_free(charts);
 *     }
 *
 * Immutable once built, and of bounded size, however large the report. Times are microseconds since
 * 1970-01-01 UTC (_us), spans whole seconds (_s).
 */
#include "hubtriage/report.h"

enum {
    HT_CHART_BUCKETS_MAX = 120,
    HT_CHART_CELLS_MAX = 240,
    HT_CHART_LINES_MAX = 20,
    HT_CHART_HOURS = 24,
    HT_CHART_DAYS_MAX = 62,
};

/* Part i of an axis is [from_us + i * step_us, from_us + (i + 1) * step_us). */
struct ht_chart_axis {
    int64_t from_us;
    int64_t step_us;
    size_t count; /* 0: there is nothing to draw */
};

/* What happened in one part of the time. */
struct ht_chart_bucket {
    uint64_t by_cause[HT_CAUSE_COUNT]; /* but for renewals and planned ones, which stand apart: */
    uint64_t renewals;
    uint64_t planned;
    uint64_t faults; /* as in ht_summary; within by_cause */
    /* Devices whose state is known and up: the fewest at any moment of the part, and at its end.
     * Moments are seconds; those of long reports some seconds apart. */
    uint64_t connected_lowest;
    uint64_t connected_last;
    uint64_t unknown_last; /* devices of which the log does not tell */
};

/* Spans in [from_s, to_s), steps of about a half. */
struct ht_chart_bin {
    int64_t from_s;
    int64_t to_s; /* HT_SPAN_NONE: no end */
    uint64_t by_class[HT_CLASS_COUNT];
};

/* Bins from the first that holds anything to the last, without a break. */
struct ht_chart_histogram {
    const struct ht_chart_bin *bins;
    size_t count;
    uint64_t total;
    uint64_t left_out; /* disconnects whose span is not known */
};

/* Faults of one day, or of several where the report is long, by hour of the day (UTC). */
struct ht_chart_day {
    uint64_t faults[HT_CHART_HOURS];
};

/* A part of a device's time. What is neither up nor down is unknown. */
struct ht_chart_cell {
    int64_t up_us;
    int64_t down_us;
    uint64_t disconnects;
    enum ht_cause cause; /* the most frequent of them; faults before all others */
};

struct ht_chart_line {
    size_t device; /* index for ht_report_device() */
    const struct ht_chart_cell *cells;
};

struct ht_charts {
    /* The span of the hubs' events within the window, in 24 to 120 parts of a round length; fewer
     * when it is shorter than 24 s. */
    struct ht_chart_axis time;
    const struct ht_chart_bucket *buckets;
    uint64_t most_connected; /* at any moment */

    struct ht_chart_histogram sessions; /* their lengths, of those that ended */
    struct ht_chart_histogram gaps;     /* until the device was back */

    struct ht_chart_axis days; /* at most 62 parts; of seven days each, from Monday on, and so on */
    const struct ht_chart_day *by_hour;

    struct ht_chart_axis cells;        /* the same time, each part cut into equal cells */
    const struct ht_chart_line *lines; /* worst first; only devices with something to tell */
    size_t line_count;
};

/*
 * ht_charts_build() - the charts of a report, which must outlive the call only.
 *
 * Cost: one pass over the sessions of the devices that are shown; up to 8 MiB while it runs.
 * Returns HT_OK, or HT_E_NOMEM with *charts NULL.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_charts_build(const struct ht_report *report,
                                                       struct ht_charts **charts);

/* NULL is a no-op. */
HT_PUBLIC void ht_charts_free(struct ht_charts *charts);

#endif
