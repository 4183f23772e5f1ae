/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

enum { WORD_MAX_BYTES = 40 };

static size_t min(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment distance. */
static size_t distance(struct ht_str a, struct ht_str b) {
    size_t rows[3][WORD_MAX_BYTES + 1];
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            const size_t changed = last[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            row[j] = min(min(last[j], row[j - 1]) + 1, changed);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]) {
                row[j] = min(row[j], before[j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

const char *ht_nearest(struct ht_str word, const char *const *words, size_t count) {
    const size_t allowed = word.len / 3 > 0 ? word.len / 3 : 1;
    const char *best = NULL;
    size_t best_distance = allowed + 1;
    if (word.len == 0 || word.len > WORD_MAX_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const struct ht_str known = ht_str_from(words[i]);
        if (known.len > WORD_MAX_BYTES) {
            continue;
        }
        const bool begins = word.len >= 2 && ht_str_starts_nocase(known, word);
        const size_t found = begins ? 0 : distance(word, known);
        if (found < best_distance) {
            best_distance = found;
            best = words[i];
        }
    }
    return best;
}
