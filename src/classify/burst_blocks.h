/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_BURST_BLOCKS_H
#define HT_CLASSIFY_BURST_BLOCKS_H
/*
 * The shape of a burst: a stretch of weighted points in time, cut into blocks of constant rate. So
 * the burst begins where its rate begins, and each point is judged by the rate of its own block.
 *
 * The partition is the one of greatest likelihood under a penalty for each block, found by dynamic
 * programming: Scargle et al., Studies in Astronomical Time Series Analysis VI: Bayesian Block
 * Representations, ApJ 764 (2013) 167.
 */
#include "classify/burst_scan.h"

/* Points [first, end) within seconds [start_s, start_s + length_s). */
struct ht_burst_block {
    size_t first;
    size_t end;
    int64_t start_s;
    int64_t length_s;
    double weight;
};

/* Cells of time that a stretch is divided into at most. */
enum { HT_BURST_CELLS_MAX = 256 };

struct ht_burst_blocks {
    struct ht_burst_block blocks[HT_BURST_CELLS_MAX];
    size_t count;
};

/*
 * Cut points [first, end), in order of time and at least one. Edges are exact to the second for
 * stretches with few distinct seconds, to a share of the stretch for others. Time: O(points +
 * HT_BURST_CELLS_MAX^2) at most, and no more than the square of twice the points.
 */
void ht_burst_blocks_find(const struct ht_burst_point *points, size_t first, size_t end,
                          struct ht_burst_blocks *blocks);

#endif
