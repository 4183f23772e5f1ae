/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_CONTENTS_H
#define HT_INVENTORY_CONTENTS_H
/*
 * struct ht_contents - how many records of each hub and category every source has.
 *
 * Invariant: cells from open_first on belong to the source being noted. A source has at most
 * HT_CELLS_OPEN_MAX cells of its own; what is beyond goes to one for "(others)".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

enum ht_cell_kind { HT_CELL_CATEGORY = 0, HT_CELL_SERVICE };

enum { HT_CELLS_OPEN_MAX = 256, HT_CELLS_MAX = 64 * 1024 * 1024 };

struct ht_cell {
    uint64_t key; /* source, hub, kind, label: from the highest bits to the lowest */
    uint64_t records;
};

static inline uint64_t ht_cell_key(size_t source, uint32_t hub, enum ht_cell_kind kind,
                                   uint32_t label) {
    return (uint64_t)source << 32 | (uint64_t)(hub & 0xFFFF) << 16 | (uint64_t)kind << 8 |
           (label & 0xFF);
}

static inline size_t ht_cell_source(const struct ht_cell *cell) {
    return (size_t)(cell->key >> 32);
}

static inline uint32_t ht_cell_hub(const struct ht_cell *cell) {
    return (uint32_t)(cell->key >> 16) & 0xFFFF;
}

static inline enum ht_cell_kind ht_cell_kind(const struct ht_cell *cell) {
    return (enum ht_cell_kind)(cell->key >> 8 & 0xFF);
}

static inline uint32_t ht_cell_label(const struct ht_cell *cell) {
    return (uint32_t)(cell->key & 0xFF);
}

struct ht_contents {
    struct ht_cell *cells;
    size_t count;
    size_t capacity;
    size_t open_first;
    size_t last; /* the cell that was counted last */
};

/* Count one record in that cell if it has that key. */
static inline bool ht_contents_add_at(struct ht_contents *contents, size_t cell, uint64_t key) {
    if (cell >= contents->count || contents->cells[cell].key != key) {
        return false;
    }
    contents->cells[cell].records++;
    return true;
}

void ht_contents_release(struct ht_contents *contents);

/* Count one record. others_key: what is counted instead when the source has too many cells. HT_OK
 * or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_contents_add(struct ht_contents *contents, uint64_t key,
                                             uint64_t others_key);

/* Likewise so many. */
HT_MUST_CHECK enum ht_status ht_contents_count(struct ht_contents *contents, uint64_t key,
                                               uint64_t others_key, uint64_t records);

/* Some source has as many cells as it may have of its own. */
bool ht_contents_are_full(const struct ht_contents *contents);

/* Put the cells in order of their keys, and equal ones together. */
void ht_contents_sort(struct ht_contents *contents);

#endif
