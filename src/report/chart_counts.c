/* SPDX-License-Identifier: MIT */
/* Disconnects by time and cause, by the session's length and the gap behind it, and by hour. */
#include "base/compiler.h"
#include "report/charts_private.h"
#include "report/figures.h"

/* Where bins begin: steps of a third to a half, on numbers that people use. */
static const int64_t bin_edges_s[HT_CHART_BINS] = {
    0,     1,     2,      3,      4,      6,      8,      11,     15,      20,      30,
    45,    60,    90,     120,    180,    240,    300,    450,    600,     900,     1200,
    1800,  2700,  3600,   4500,   5400,   7200,   10800,  14400,  21600,   28800,   43200,
    64800, 86400, 129600, 172800, 259200, 432000, 604800, 864000, 1209600, 1814400, 2592000,
};

static void init_bins(struct ht_chart_bin *bins) {
    for (size_t i = 0; i < HT_CHART_BINS; i++) {
        bins[i].from_s = bin_edges_s[i];
        bins[i].to_s = i + 1 < HT_CHART_BINS ? bin_edges_s[i + 1] : HT_SPAN_NONE;
    }
}

void ht_chart_counts_begin(struct ht_chart_maker *maker) {
    uint8_t bin = 0;
    init_bins(maker->session_bins);
    init_bins(maker->gap_bins);
    for (int64_t i = 0; i < HT_CHART_SHORT_S; i++) {
        bin = (uint8_t)(bin + (bin_edges_s[bin + 1] <= i));
        maker->bin_of_short[i] = bin;
    }
    for (int64_t i = 0; i < HT_CHART_LONGS; i++) {
        while (bin + 1 < HT_CHART_BINS && bin_edges_s[bin + 1] <= i * HT_CHART_LONG_S) {
            bin++;
        }
        maker->bin_of_long[i] = bin;
    }
}

static size_t bin_of(const struct ht_chart_maker *maker, int64_t span_s) {
    if (span_s < HT_CHART_SHORT_S) {
        return maker->bin_of_short[span_s];
    }
    const int64_t at = span_s / HT_CHART_LONG_S;
    return at < HT_CHART_LONGS ? maker->bin_of_long[at] : HT_CHART_BINS - 1;
}

static void add_spans(const struct ht_session *session, enum ht_cause cause,
                      struct ht_chart_maker *maker) {
    const enum ht_class class = ht_cause_class(cause);
    if (session->start == HT_START_SEEN) {
        maker->session_bins[bin_of(maker, ht_session_length_s(session))].by_class[class]++;
        maker->charts.sessions.total++;
    } else {
        maker->charts.sessions.left_out++;
    }
    if (session->gap_s != HT_NONE32) {
        maker->gap_bins[bin_of(maker, (int64_t)session->gap_s)].by_class[class]++;
        maker->charts.gaps.total++;
    } else {
        maker->charts.gaps.left_out++;
    }
}

static void add_to_bucket(struct ht_chart_bucket *bucket, enum ht_bearing bearing,
                          enum ht_cause cause) {
    const bool apart = bearing == HT_BEARING_RENEWAL || bearing == HT_BEARING_PLANNED;
    bucket->by_cause[cause] += !apart;
    bucket->renewals += bearing == HT_BEARING_RENEWAL;
    bucket->planned += bearing == HT_BEARING_PLANNED;
    bucket->faults += bearing == HT_BEARING_FAULT;
}

static void add_disconnect(const struct ht_report *report, uint32_t index,
                           struct ht_chart_maker *maker) {
    const struct ht_session *session = &report->sessions.sessions[index];
    const enum ht_cause cause = (enum ht_cause)report->verdicts.verdicts[index].cause;
    const enum ht_bearing bearing = ht_bearing_of(report, index);
    struct ht_charts *charts = &maker->charts;
    const size_t bucket = ht_chart_part(&charts->time, session->end_us);
    if (bucket == HT_INDEX_NONE) {
        return; /* every disconnect is an event of its hub's span, so there is none */
    }
    add_to_bucket(&maker->buckets[bucket], bearing, cause);
    add_spans(session, cause, maker);
    const size_t day =
        bearing == HT_BEARING_FAULT ? ht_chart_part(&charts->days, session->end_us) : HT_INDEX_NONE;
    if (day != HT_INDEX_NONE) {
        const int64_t of_day_us =
            (session->end_us - charts->days.from_us) % (HT_S_PER_DAY * HT_US_PER_S);
        maker->by_hour[day].faults[of_day_us / (HT_S_PER_HOUR * HT_US_PER_S)]++;
    }
}

void ht_chart_counts_add(const struct ht_report *report, uint32_t device,
                         struct ht_chart_maker *maker) {
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        if (ht_report_is_disconnect(report, &report->sessions.sessions[i])) {
            add_disconnect(report, i, maker);
        }
    }
}

static bool is_bin_empty(const struct ht_chart_bin *bin) {
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        if (bin->by_class[i] > 0) {
            return false;
        }
    }
    return true;
}

static void trim(struct ht_chart_histogram *histogram, const struct ht_chart_bin *bins) {
    size_t first = 0;
    size_t end = HT_CHART_BINS;
    while (first < end && is_bin_empty(&bins[first])) {
        first++;
    }
    while (end > first && is_bin_empty(&bins[end - 1])) {
        end--;
    }
    histogram->bins = bins + first;
    histogram->count = end - first;
}

void ht_chart_counts_end(struct ht_chart_maker *maker) {
    maker->charts.buckets = maker->buckets;
    maker->charts.by_hour = maker->by_hour;
    trim(&maker->charts.sessions, maker->session_bins);
    trim(&maker->charts.gaps, maker->gap_bins);
}
