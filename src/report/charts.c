/* SPDX-License-Identifier: MIT */
/* Axes, and the one pass over all devices. */
#include <stdlib.h>

#include "base/compiler.h"
#include "report/charts_private.h"

#define DAY_S ((int64_t)HT_S_PER_DAY)
#define WEEK_S (7 * DAY_S)
/* 1970-01-05, a Monday: where weeks are counted from. */
#define MONDAY_US (4 * DAY_S * HT_US_PER_S)

static int64_t floor_to(int64_t time_us, int64_t step_us) {
    const int64_t origin_us = step_us % (WEEK_S * HT_US_PER_S) == 0 ? MONDAY_US : 0;
    const int64_t past_us = (time_us - origin_us) % step_us;
    return time_us - past_us - (past_us < 0 ? step_us : 0);
}

static struct ht_chart_axis make_axis(int64_t first_us, int64_t last_us, const int64_t *steps_s,
                                      size_t step_count, size_t count_max) {
    int64_t step_us = steps_s[0] * HT_US_PER_S;
    for (size_t i = 1;; i++) {
        const int64_t from_us = floor_to(first_us, step_us);
        const int64_t count = (last_us - from_us) / step_us + 1;
        if (count <= (int64_t)count_max) {
            return (struct ht_chart_axis){from_us, step_us, (size_t)count};
        }
        step_us = i < step_count ? steps_s[i] * HT_US_PER_S : 2 * step_us;
    }
}

/* The time that is accounted: that of the shown devices' hubs within the window. */
static struct ht_chart_span span_of(const struct ht_report *report) {
    struct ht_chart_span span = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < report->row_count; i++) {
        const struct ht_hub *hub = ht_report_hub_of(report, report->rows[i].device);
        span.first_us = hub->first_us < span.first_us ? hub->first_us : span.first_us;
        span.last_us = hub->last_us > span.last_us ? hub->last_us : span.last_us;
    }
    const struct ht_window *window = &report->window;
    span.first_us = span.first_us > window->from_us ? span.first_us : window->from_us;
    span.last_us = span.last_us < window->to_us ? span.last_us : window->to_us - 1;
    return span;
}

/* No step is more than two and a half times the one before it: so many parts come out. */
static void make_time_axes(struct ht_chart_span span, struct ht_charts *charts) {
    static const int64_t steps_s[] = {
        1,    2,    5,    10,    15,    30,    60,    120,       300,       600,    900,
        1800, 3600, 7200, 10800, 21600, 43200, DAY_S, 2 * DAY_S, 4 * DAY_S, WEEK_S,
    };
    static const int64_t day_steps_s[] = {DAY_S, WEEK_S};
    if (span.first_us > span.last_us) {
        return;
    }
    charts->time = make_axis(span.first_us, span.last_us, steps_s, HT_ARRAY_LEN(steps_s),
                             HT_CHART_BUCKETS_MAX);
    charts->days = make_axis(span.first_us, span.last_us, day_steps_s, HT_ARRAY_LEN(day_steps_s),
                             HT_CHART_DAYS_MAX);
    int64_t cuts = (int64_t)(HT_CHART_CELLS_MAX / charts->time.count);
    while (charts->time.step_us % cuts != 0) {
        cuts--;
    }
    charts->cells = (struct ht_chart_axis){charts->time.from_us, charts->time.step_us / cuts,
                                           charts->time.count * (size_t)cuts};
}

enum ht_status ht_charts_build(const struct ht_report *report, struct ht_charts **charts) {
    struct ht_chart_maker *maker = calloc(1, sizeof *maker);
    struct ht_chart_presence *presence = NULL;
    const struct ht_chart_span span = span_of(report);
    *charts = NULL;
    if (maker == NULL) {
        return HT_E_NOMEM;
    }
    make_time_axes(span, &maker->charts);
    if (ht_chart_presence_begin(span, &maker->charts.time, &presence) != HT_OK) {
        free(maker);
        return HT_E_NOMEM;
    }
    ht_chart_counts_begin(maker);
    for (size_t i = 0; i < report->row_count; i++) {
        ht_chart_counts_add(report, report->rows[i].device, maker);
        ht_chart_presence_add(report, report->rows[i].device, presence);
    }
    ht_chart_counts_end(maker);
    ht_chart_presence_end(presence, maker);
    ht_chart_lines_make(report, maker);
    *charts = &maker->charts;
    return HT_OK;
}

void ht_charts_free(struct ht_charts *charts) {
    free(charts); /* the first member of what was allocated */
}
