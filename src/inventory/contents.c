/* SPDX-License-Identifier: MIT */
#include "inventory/contents.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"

void ht_contents_release(struct ht_contents *contents) {
    free(contents->cells);
    *contents = (struct ht_contents){0};
}

/* The open cell of that key, counted; false when there is none. */
static bool count_open(struct ht_contents *contents, uint64_t key, uint64_t records) {
    if (contents->last < contents->count && contents->cells[contents->last].key == key) {
        contents->cells[contents->last].records += records;
        return true;
    }
    for (size_t i = contents->open_first; i < contents->count; i++) {
        if (contents->cells[i].key == key) {
            contents->cells[i].records += records;
            contents->last = i;
            return true;
        }
    }
    return false;
}

enum ht_status ht_contents_count(struct ht_contents *contents, uint64_t key, uint64_t others_key,
                                 uint64_t records) {
    if (count_open(contents, key, records)) {
        return HT_OK;
    }
    if (contents->count > 0 && contents->cells[contents->count - 1].key >> 32 != key >> 32) {
        contents->open_first = contents->count;
    }
    if (contents->count - contents->open_first >= HT_CELLS_OPEN_MAX) {
        key = others_key;
        if (count_open(contents, key, records)) {
            return HT_OK;
        }
    }
    HT_TRY(ht_grow(&contents->cells, &contents->capacity, contents->count + 1, HT_CELLS_MAX,
                   sizeof *contents->cells));
    contents->last = contents->count;
    contents->cells[contents->count++] = (struct ht_cell){.key = key, .records = records};
    return HT_OK;
}

enum ht_status ht_contents_add(struct ht_contents *contents, uint64_t key, uint64_t others_key) {
    return ht_contents_count(contents, key, others_key, 1);
}

bool ht_contents_are_full(const struct ht_contents *contents) {
    size_t first = 0;
    for (size_t i = 0; i < contents->count; i++) {
        if (ht_cell_source(&contents->cells[i]) != ht_cell_source(&contents->cells[first])) {
            first = i;
        }
        if (i - first + 1 >= HT_CELLS_OPEN_MAX) {
            return true;
        }
    }
    return false;
}

static int compare_cells(const void *left, const void *right) {
    const struct ht_cell *a = left;
    const struct ht_cell *b = right;
    return a->key < b->key ? -1 : a->key > b->key;
}

void ht_contents_sort(struct ht_contents *contents) {
    size_t kept = 0;
    if (contents->count == 0) {
        return;
    }
    qsort(contents->cells, contents->count, sizeof *contents->cells, compare_cells);
    for (size_t i = 1; i < contents->count; i++) {
        if (contents->cells[i].key == contents->cells[kept].key) {
            contents->cells[kept].records += contents->cells[i].records;
        } else {
            contents->cells[++kept] = contents->cells[i];
        }
    }
    contents->count = kept + 1;
}
