/* SPDX-License-Identifier: MIT */
/* Least significant digit first, over as many digits as the span of the times has. */
#include "report/time_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/large.h"
#include "base/time.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

struct keyed {
    uint64_t key;
    uint32_t index;
    uint32_t reserved;
};

/* Keys count from the earliest end, in whole seconds when every end is one apart from it. */
static uint64_t make_keys(const struct ht_session *sessions, const uint32_t *indices, size_t count,
                          struct keyed *keyed) {
    int64_t first_us = INT64_MAX;
    int64_t last_us = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        const int64_t end_us = sessions[indices[i]].end_us;
        first_us = end_us < first_us ? end_us : first_us;
        last_us = end_us > last_us ? end_us : last_us;
    }
    bool whole = true;
    for (size_t i = 0; i < count; i++) {
        const uint64_t key = (uint64_t)(sessions[indices[i]].end_us - first_us);
        keyed[i] = (struct keyed){key, indices[i], 0};
        whole = whole && key % HT_US_PER_S == 0;
    }
    for (size_t i = 0; whole && i < count; i++) {
        keyed[i].key /= HT_US_PER_S;
    }
    const uint64_t span = (uint64_t)(last_us - first_us);
    return whole ? span / HT_US_PER_S : span;
}

static void sort_by_digit(const struct keyed *from, struct keyed *to, size_t count,
                          unsigned shift) {
    size_t next[DIGITS + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        next[(from[i].key >> shift & (DIGITS - 1)) + 1]++;
    }
    for (size_t i = 1; i < DIGITS; i++) {
        next[i] += next[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        to[next[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
    }
}

enum ht_status ht_time_order(const struct ht_session *sessions, uint32_t *indices, size_t count) {
    if (count < 2) {
        return HT_OK;
    }
    struct keyed *memory = ht_large_alloc(count, 2 * sizeof *memory);
    if (memory == NULL) {
        return HT_E_NOMEM;
    }
    struct keyed *from = memory;
    struct keyed *to = memory + count;
    const uint64_t span = make_keys(sessions, indices, count, from);
    for (unsigned shift = 0; shift < 64 && span >> shift != 0; shift += DIGIT_BITS) {
        sort_by_digit(from, to, count, shift);
        struct keyed *const sorted = to;
        to = from;
        from = sorted;
    }
    for (size_t i = 0; i < count; i++) {
        indices[i] = from[i].index;
    }
    free(memory);
    return HT_OK;
}
