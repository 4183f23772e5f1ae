/* SPDX-License-Identifier: MIT */
/* Least significant digit first. A digit that all keys share is passed over; few items are put in
 * order by insertion. */
#include "base/radix.h"

#include <stdbool.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FEW = 48 };

/* From how many have each digit to where the first of them goes; false when all have the same. */
static bool make_places(size_t *counts, size_t count) {
    size_t place = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        const size_t own = counts[i];
        if (own == count) {
            return false;
        }
        counts[i] = place;
        place += own;
    }
    return true;
}

static void insert_u32(uint32_t *values, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const uint32_t value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
}

void ht_radix_sort_u32(uint32_t *values, uint32_t *scratch, size_t count) {
    uint32_t *from = values;
    uint32_t *to = scratch;
    if (count <= FEW) {
        insert_u32(values, count);
        return;
    }
    for (unsigned shift = 0; shift < 32; shift += DIGIT_BITS) {
        size_t places[DIGITS] = {0};
        for (size_t i = 0; i < count; i++) {
            places[from[i] >> shift & (DIGITS - 1)]++;
        }
        if (!make_places(places, count)) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            to[places[from[i] >> shift & (DIGITS - 1)]++] = from[i];
        }
        uint32_t *const sorted = to;
        to = from;
        from = sorted;
    }
    if (from != values) {
        memcpy(values, from, count * sizeof *values);
    }
}

static void insert_items(struct ht_radix_item *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const struct ht_radix_item item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].key > item.key; at--) {
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
}

void ht_radix_sort(struct ht_radix_item *items, struct ht_radix_item *scratch, size_t count) {
    struct ht_radix_item *from = items;
    struct ht_radix_item *to = scratch;
    uint64_t all = 0;
    if (count <= FEW) {
        insert_items(items, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        all |= items[i].key ^ items[0].key;
    }
    for (unsigned shift = 0; shift < 64 && all >> shift != 0; shift += DIGIT_BITS) {
        size_t places[DIGITS] = {0};
        for (size_t i = 0; i < count; i++) {
            places[from[i].key >> shift & (DIGITS - 1)]++;
        }
        if (!make_places(places, count)) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            to[places[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
        }
        struct ht_radix_item *const sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items) {
        memcpy(items, from, count * sizeof *items);
    }
}
