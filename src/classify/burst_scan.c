/* SPDX-License-Identifier: MIT */
/*
 * Weight is added up in bins of some minutes. The rate of all the time is the mean of the bins with
 * the tallest tenth cut down to the height of the next; that around a window is the mean of the
 * bins beside it but for the two tallest.
 */
#include "classify/burst_scan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "classify/burst_blocks.h"
#include "classify/parameters.h"

struct bins {
    double *weights;
    double *sorted; /* scratch */
    size_t count;
    int64_t first_s;
    int64_t width_s;
    double rate; /* per second, robust */
};

double ht_burst_surprise(double seen, double expected) {
    return seen > expected ? seen * log(seen / expected) - (seen - expected) : 0;
}

static int compare_double(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

static void robust_rate(struct bins *bins) {
    memcpy(bins->sorted, bins->weights, bins->count * sizeof *bins->sorted);
    qsort(bins->sorted, bins->count, sizeof *bins->sorted, compare_double);
    /* One disconnect more than the ninth tenth's is no outlier, also on a quiet hub. */
    const double cap = bins->sorted[bins->count - 1 - bins->count / 10] + 1;
    double sum = 0;
    for (size_t i = 0; i < bins->count; i++) {
        sum += bins->weights[i] < cap ? bins->weights[i] : cap;
    }
    bins->rate = sum / (double)(bins->count * (uint64_t)bins->width_s);
}

static enum ht_status make_bins(const struct ht_burst_point *points, size_t count,
                                struct bins *bins) {
    const int64_t span_s = points[count - 1].time_s - points[0].time_s + 1;
    bins->first_s = points[0].time_s;
    bins->width_s = HT_BURST_BIN_S;
    while (span_s / bins->width_s >= HT_BURST_BINS_MAX) {
        bins->width_s *= 2;
    }
    bins->count = (size_t)(span_s / bins->width_s) + 1;
    bins->weights = calloc(bins->count, sizeof *bins->weights);
    bins->sorted = malloc(bins->count * sizeof *bins->sorted);
    if (bins->weights == NULL || bins->sorted == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        bins->weights[(points[i].time_s - bins->first_s) / bins->width_s] +=
            (double)points[i].weight;
    }
    robust_rate(bins);
    return HT_OK;
}

/* Per second, beside the bins that the window touches. */
static double local_rate(const struct bins *bins, int64_t low_s, int64_t high_s) {
    const int64_t reach = (HT_BURST_LOCAL_S + bins->width_s - 1) / bins->width_s;
    const int64_t low = (low_s - bins->first_s) / bins->width_s;
    const int64_t high = (high_s - bins->first_s) / bins->width_s;
    double sum = 0;
    double tallest[2] = {0, 0};
    int64_t found = 0;
    for (int64_t i = low - reach; i <= high + reach; i++) {
        if (i < 0 || i >= (int64_t)bins->count || (i >= low && i <= high)) {
            continue;
        }
        const double weight = bins->weights[i];
        sum += weight;
        found++;
        if (weight > tallest[0]) {
            tallest[1] = tallest[0];
            tallest[0] = weight;
        } else if (weight > tallest[1]) {
            tallest[1] = weight;
        }
    }
    return found > 4 ? (sum - tallest[0] - tallest[1]) / (double)((found - 2) * bins->width_s) : 0;
}

/* A window that is beyond chance: join it to the span before it, or begin one. */
static enum ht_status add_window(struct ht_burst_spans *spans, size_t base,
                                 const struct ht_burst_point *points,
                                 const struct ht_burst_span *window) {
    struct ht_burst_span *last = spans->count > base ? &spans->spans[spans->count - 1] : NULL;
    if (last != NULL && window->first < last->end) {
        last->end = window->end > last->end ? window->end : last->end;
        last->evidence = window->evidence > last->evidence ? window->evidence : last->evidence;
        return HT_OK;
    }
    if (last != NULL &&
        points[window->first].time_s - points[last->end - 1].time_s <= HT_BURST_MERGE_S) {
        last->end = window->end;
        last->evidence = window->evidence > last->evidence ? window->evidence : last->evidence;
        return HT_OK;
    }
    HT_TRY(ht_grow(&spans->spans, &spans->capacity, spans->count + 1, UINT32_MAX - 1,
                   sizeof *spans->spans));
    spans->spans[spans->count++] = *window;
    return HT_OK;
}

static double window_evidence(const struct ht_burst_scan *scan, const struct bins *bins,
                              const struct ht_burst_point *points,
                              const struct ht_burst_span *window, double weight, double threshold) {
    const int64_t low_s = points[window->first].time_s;
    const int64_t high_s = points[window->end - 1].time_s;
    const double width_s = (double)(high_s - low_s + 1);
    const double expected = bins->rate * width_s + scan->floor;
    const double more = weight - expected;
    /* The surprise is at most more^2 / (2 expected), which needs no logarithm. */
    if (more <= 0 || more * more < 1.999 * threshold * expected) {
        return 0;
    }
    double evidence = ht_burst_surprise(weight, expected);
    if (evidence > threshold) {
        const double around = local_rate(bins, low_s, high_s) * width_s + scan->floor;
        const double local = ht_burst_surprise(weight, around);
        evidence = local < evidence ? local : evidence;
    }
    return evidence;
}

static bool is_beyond_chance(const struct ht_burst_block *block, double rate, double floor) {
    return ht_burst_surprise(block->weight, rate * (double)block->length_s + floor) >
           HT_BURST_EDGE_EVIDENCE;
}

/* Wide windows reach beyond a burst: its edges are those of its blocks that are beyond chance. */
static void trim(const struct ht_burst_point *points, double rate, double floor,
                 struct ht_burst_span *span) {
    struct ht_burst_blocks blocks;
    ht_burst_blocks_find(points, span->first, span->end, &blocks);
    size_t low = 0;
    size_t high = blocks.count;
    while (low < high && !is_beyond_chance(&blocks.blocks[low], rate, floor)) {
        low++;
    }
    while (high > low && !is_beyond_chance(&blocks.blocks[high - 1], rate, floor)) {
        high--;
    }
    if (low < high) {
        span->first = blocks.blocks[low].first;
        span->end = blocks.blocks[high - 1].end;
    }
}

/* The widest window that begins at each point and is beyond chance. */
static enum ht_status scan_windows(const struct ht_burst_scan *scan, const struct bins *bins,
                                   const struct ht_burst_point *points, size_t count,
                                   struct ht_burst_spans *spans) {
    enum { WIDTHS_MAX = 8 };
    const size_t base = spans->count;
    const double threshold = scan->evidence + log((double)count + 1);
    size_t ends[WIDTHS_MAX] = {0};
    double weights[WIDTHS_MAX] = {0};
    double marks[WIDTHS_MAX] = {0};
    HT_ASSERT(scan->width_count <= WIDTHS_MAX);
    for (size_t first = 0; first < count; first++) {
        struct ht_burst_span best = {.first = first, .evidence = 0};
        for (size_t w = 0; w < scan->width_count; w++) {
            while (ends[w] < count &&
                   points[ends[w]].time_s - points[first].time_s < (int64_t)scan->widths_s[w]) {
                weights[w] += (double)points[ends[w]].weight;
                marks[w] += (double)points[ends[w]].marks;
                ends[w]++;
            }
            const struct ht_burst_span window = {.first = first, .end = ends[w]};
            if (weights[w] >= scan->weight_min) {
                const double wanted = threshold - marks[w] > HT_BURST_CHANCE_MIN
                                          ? threshold - marks[w]
                                          : HT_BURST_CHANCE_MIN;
                const double evidence =
                    window_evidence(scan, bins, points, &window, weights[w], wanted);
                if (evidence > wanted) {
                    best.end = window.end;
                    best.evidence = evidence > best.evidence ? evidence : best.evidence;
                }
            }
            weights[w] -= (double)points[first].weight;
            marks[w] -= (double)points[first].marks;
        }
        if (best.evidence > 0) {
            HT_TRY(add_window(spans, base, points, &best));
        }
    }
    for (size_t i = base; i < spans->count; i++) {
        struct ht_burst_span *span = &spans->spans[i];
        trim(points, bins->rate, scan->floor, span);
        const double width_s =
            (double)(points[span->end - 1].time_s - points[span->first].time_s + 1);
        span->expected = bins->rate * width_s;
    }
    return HT_OK;
}

/* Is there a window of the greatest width that weighs enough? Most sites have none, and need no
 * more. Sums of the scan may differ by as much as adding and taking away again leaves. */
static bool may_have_window(const struct ht_burst_scan *scan, const struct ht_burst_point *points,
                            size_t count) {
    const int64_t width_s = scan->widths_s[scan->width_count - 1];
    const double wanted = scan->weight_min - 1e-3;
    double weight = 0;
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        weight += (double)points[i].weight;
        for (; points[i].time_s - points[first].time_s >= width_s; first++) {
            weight -= (double)points[first].weight;
        }
        if (weight >= wanted) {
            return true;
        }
    }
    return false;
}

enum ht_status ht_burst_scan(const struct ht_burst_scan *scan, const struct ht_burst_point *points,
                             size_t count, struct ht_burst_spans *spans) {
    struct bins bins = {.count = 0};
    if (!may_have_window(scan, points, count)) {
        return HT_OK;
    }
    enum ht_status status = make_bins(points, count, &bins);
    if (status == HT_OK) {
        status = scan_windows(scan, &bins, points, count, spans);
    }
    free(bins.weights);
    free(bins.sorted);
    return status;
}
