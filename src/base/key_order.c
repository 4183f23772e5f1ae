/* SPDX-License-Identifier: MIT */
/*
 * The items are dealt out by the upper bits of their keys to parts, few enough to be written side
 * by side; then each part, which fits a cache unless keys are very unequal, is put in order by the
 * lower bits. Where an item goes depends on the blocks before its own alone.
 */
#include "base/key_order.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/large.h"

/* A key has PART_BITS that choose the part and at most two digits. */
enum { BLOCK_ITEMS = 64 * 1024, PART_BITS = 9, PARTS = 1 << PART_BITS };
enum { DIGIT_BITS = 12, DIGITS = 1 << DIGIT_BITS };

struct keyed {
    uint32_t key;
    uint32_t item;
};

struct ordering {
    const uint32_t *keys;
    uint32_t *order;
    struct keyed *dealt;
    uint32_t *largest; /* key of each block */
    size_t *next;      /* by block, then part: how many, then where the next one goes */
    size_t *first;     /* by part; one more at the end */
    unsigned shift;    /* behind it are the bits that choose the part */
};

static enum ht_status find_largest(void *ctx, const struct ht_block *block) {
    const struct ordering *ordering = ctx;
    uint32_t largest = 0;
    for (size_t i = block->begin; i < block->end; i++) {
        largest = ordering->keys[i] > largest ? ordering->keys[i] : largest;
    }
    ordering->largest[block->index] = largest;
    return HT_OK;
}

static enum ht_status count_block(void *ctx, const struct ht_block *block) {
    const struct ordering *ordering = ctx;
    size_t *counts = ordering->next + block->index * PARTS;
    for (size_t i = block->begin; i < block->end; i++) {
        counts[ordering->keys[i] >> ordering->shift]++;
    }
    return HT_OK;
}

static void make_places(struct ordering *ordering, size_t blocks) {
    size_t place = 0;
    for (size_t part = 0; part < PARTS; part++) {
        ordering->first[part] = place;
        for (size_t b = 0; b < blocks; b++) {
            size_t *next = &ordering->next[b * PARTS + part];
            const size_t own = *next;
            *next = place;
            place += own;
        }
    }
    ordering->first[PARTS] = place;
}

static enum ht_status deal_block(void *ctx, const struct ht_block *block) {
    const struct ordering *ordering = ctx;
    size_t *next = ordering->next + block->index * PARTS;
    for (size_t i = block->begin; i < block->end; i++) {
        const uint32_t key = ordering->keys[i];
        ordering->dealt[next[key >> ordering->shift]++] = (struct keyed){key, (uint32_t)i};
    }
    return HT_OK;
}

/* Put items in order of one digit; the last digit of a part makes its order. */
static void sort_digit(const struct keyed *items, size_t count, unsigned shift, unsigned bits,
                       struct keyed *sorted, uint32_t *order) {
    const uint32_t mask = (UINT32_C(1) << bits) - 1;
    size_t next[DIGITS + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        next[(items[i].key >> shift & mask) + 1]++;
    }
    for (size_t i = 1; i <= mask; i++) {
        next[i] += next[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        const size_t place = next[items[i].key >> shift & mask]++;
        if (order != NULL) {
            order[place] = items[i].item;
        } else {
            sorted[place] = items[i];
        }
    }
}

static enum ht_status order_part(void *ctx, const struct ht_block *block) {
    const struct ordering *ordering = ctx;
    const size_t first = ordering->first[block->index];
    const size_t count = ordering->first[block->index + 1] - first;
    const struct keyed *items = ordering->dealt + first;
    const unsigned low = ordering->shift < DIGIT_BITS ? ordering->shift : DIGIT_BITS;
    if (low == ordering->shift) {
        sort_digit(items, count, 0, low, NULL, ordering->order + first);
        return HT_OK;
    }
    struct keyed *sorted = malloc((count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        return HT_E_NOMEM;
    }
    sort_digit(items, count, 0, low, sorted, NULL);
    sort_digit(sorted, count, low, ordering->shift - low, NULL, ordering->order + first);
    free(sorted);
    return HT_OK;
}

static enum ht_status put_in_order(struct ordering *ordering, const struct ht_parallel *parallel,
                                   size_t count) {
    const size_t blocks = ht_parallel_block_count(count, BLOCK_ITEMS);
    uint32_t largest = 0;
    HT_TRY(ht_parallel_for(parallel, count, BLOCK_ITEMS, find_largest, ordering));
    for (size_t b = 0; b < blocks; b++) {
        largest = ordering->largest[b] > largest ? ordering->largest[b] : largest;
    }
    while (largest >> ordering->shift >= PARTS) {
        ordering->shift++;
    }
    HT_TRY(ht_parallel_for(parallel, count, BLOCK_ITEMS, count_block, ordering));
    make_places(ordering, blocks);
    HT_TRY(ht_parallel_for(parallel, count, BLOCK_ITEMS, deal_block, ordering));
    return ht_parallel_for(parallel, PARTS, 1, order_part, ordering);
}

enum ht_status ht_key_order(const struct ht_parallel *parallel, const uint32_t *keys, size_t count,
                            uint32_t *order) {
    const size_t blocks = ht_parallel_block_count(count, BLOCK_ITEMS);
    struct ordering ordering = {
        .keys = keys,
        .order = order,
        .dealt = ht_large_alloc(count, sizeof *ordering.dealt),
        .largest = calloc(blocks + 1, sizeof *ordering.largest),
        .next = calloc(blocks * PARTS + 1, sizeof *ordering.next),
        .first = calloc(PARTS + 1, sizeof *ordering.first),
    };
    const bool complete = ordering.dealt != NULL && ordering.largest != NULL &&
                          ordering.next != NULL && ordering.first != NULL;
    const enum ht_status status = complete ? put_in_order(&ordering, parallel, count) : HT_E_NOMEM;
    free(ordering.dealt);
    free(ordering.largest);
    free(ordering.next);
    free(ordering.first);
    return status;
}
