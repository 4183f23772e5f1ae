/* SPDX-License-Identifier: MIT */
/* A cell is a second (or more, when there are too many) with points, or a pause between two. */
#include "classify/burst_blocks.h"

#include <math.h>

#include "classify/parameters.h"

struct cells {
    struct ht_burst_block cells[HT_BURST_CELLS_MAX];
    size_t count;
};

static size_t count_cells(const struct ht_burst_point *points, size_t first, size_t end,
                          int64_t width_s) {
    const int64_t origin_s = points[first].time_s;
    size_t count = 0;
    int64_t next = 0;
    for (size_t i = first; i < end; i++) {
        const int64_t slot = (points[i].time_s - origin_s) / width_s;
        count += (slot > next) + (size_t)(slot >= next);
        next = slot >= next ? slot + 1 : next;
    }
    return count;
}

static void add_cell(struct cells *cells, size_t point, int64_t start_s, int64_t length_s) {
    cells->cells[cells->count++] = (struct ht_burst_block){
        .first = point, .end = point, .start_s = start_s, .length_s = length_s};
}

static void make_cells(const struct ht_burst_point *points, size_t first, size_t end,
                       struct cells *cells) {
    const int64_t origin_s = points[first].time_s;
    int64_t width_s = 1;
    while (count_cells(points, first, end, width_s) > HT_BURST_CELLS_MAX) {
        width_s *= 2;
    }
    int64_t next = 0; /* slot behind the last cell */
    cells->count = 0;
    for (size_t i = first; i < end; i++) {
        const int64_t slot = (points[i].time_s - origin_s) / width_s;
        if (slot > next) {
            add_cell(cells, i, origin_s + next * width_s, (slot - next) * width_s);
        }
        if (slot >= next) {
            add_cell(cells, i, origin_s + slot * width_s, width_s);
            next = slot + 1;
        }
        struct ht_burst_block *cell = &cells->cells[cells->count - 1];
        cell->end = i + 1;
        cell->weight += (double)points[i].weight;
    }
}

/* Log-likelihood of a constant rate at its best, but for what all partitions share. */
static double fitness(double weight, int64_t length_s) {
    return weight > 0 ? weight * log(weight / (double)length_s) : 0;
}

/* first_cell[k]: where the last block begins in the best partition of cells [0, k]. */
static void partition(const struct cells *cells, size_t *first_cell) {
    double best[HT_BURST_CELLS_MAX + 1] = {0};
    const double penalty = HT_BURST_BLOCK_PENALTY + log((double)cells->count);
    for (size_t k = 0; k < cells->count; k++) {
        double weight = 0;
        int64_t length_s = 0;
        best[k + 1] = -INFINITY;
        for (size_t i = k + 1; i-- > 0;) {
            weight += cells->cells[i].weight;
            length_s += cells->cells[i].length_s;
            const double total = best[i] + fitness(weight, length_s) - penalty;
            if (total > best[k + 1]) {
                best[k + 1] = total;
                first_cell[k] = i;
            }
        }
    }
}

void ht_burst_blocks_find(const struct ht_burst_point *points, size_t first, size_t end,
                          struct ht_burst_blocks *blocks) {
    struct cells cells;
    size_t first_cell[HT_BURST_CELLS_MAX] = {0};
    size_t starts[HT_BURST_CELLS_MAX]; /* of the blocks, last first */
    size_t count = 0;
    make_cells(points, first, end, &cells);
    partition(&cells, first_cell);
    for (size_t k = cells.count; k > 0; k = first_cell[k - 1]) {
        starts[count++] = first_cell[k - 1];
    }
    blocks->count = count;
    for (size_t b = 0; b < count; b++) {
        const size_t low = starts[count - 1 - b];
        const size_t high = b + 1 < count ? starts[count - 2 - b] : cells.count;
        struct ht_burst_block block = cells.cells[low];
        for (size_t i = low + 1; i < high; i++) {
            block.end = cells.cells[i].end;
            block.length_s += cells.cells[i].length_s;
            block.weight += cells.cells[i].weight;
        }
        blocks->blocks[b] = block;
    }
}
