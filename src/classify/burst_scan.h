/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_BURST_SCAN_H
#define HT_CLASSIFY_BURST_SCAN_H
/*
 * A scan statistic over weighted points in time: where are there more than chance allows? What is
 * usual is a robust rate, the larger of that of all the time and that of the hours around, so that
 * a bad night is no burst and a burst does not hide itself.
 */
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

struct ht_burst_point {
    int64_t time_s;
    uint32_t network;
    uint32_t item; /* index of the case */
    float marks;   /* log-likelihood ratio of what it left behind, for what is looked for */
    float weight;  /* probability that no rhythm or other cause explains it */
};

/* Points [first, end) in order of time. */
struct ht_burst_span {
    size_t first;
    size_t end;
    double expected; /* weight that would be usual in it */
    double evidence; /* log-likelihood ratio of its densest window */
};

struct ht_burst_scan {
    const uint32_t *widths_s; /* ascending */
    size_t width_count;
    double weight_min; /* a window needs this much */
    double floor;      /* expected by chance even where nothing is usual */
    double evidence;   /* wanted beyond log(points), less what the marks say */
};

struct ht_burst_spans {
    struct ht_burst_span *spans; /* in order of time, apart */
    size_t count;
    size_t capacity;
};

/* Log-likelihood ratio of `seen` where `expected` are usual, 0 when there are no more. */
double ht_burst_surprise(double seen, double expected);

/*
 * Append the spans found to *spans (free spans->spans). Points must be in order of time. O(points x
 * widths), and a look at the neighbourhood for each window that stands out. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_burst_scan(const struct ht_burst_scan *scan,
                                           const struct ht_burst_point *points, size_t count,
                                           struct ht_burst_spans *spans);

#endif
