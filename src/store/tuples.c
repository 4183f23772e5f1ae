/* SPDX-License-Identifier: MIT */
#include "store/tuples.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/hash.h"

enum { FIRST_SLOTS = 1024 };

enum ht_status ht_tuples_init(struct ht_tuples *tuples, size_t count_max) {
    HT_ASSERT(count_max > 0 && count_max < UINT32_MAX - 1);
    *tuples = (struct ht_tuples){.count_max = count_max, .seed = ht_hash_seed()};
    uint32_t zero = 0;
    return ht_tuples_add(tuples, &(struct ht_tuple){{0}}, &zero);
}

void ht_tuples_release(struct ht_tuples *tuples) {
    free(tuples->tuples);
    free(tuples->slots);
    *tuples = (struct ht_tuples){0};
}

static uint64_t hash_tuple(const struct ht_tuples *tuples, const struct ht_tuple *tuple) {
    return ht_hash_bytes((struct ht_str){(const char *)tuple, sizeof *tuple}, tuples->seed);
}

/* The slot that holds the tuple, or the free slot where it belongs. */
static size_t find_slot(const struct ht_tuples *tuples, const struct ht_tuple *tuple) {
    size_t at = hash_tuple(tuples, tuple) & (tuples->slot_count - 1);
    while (tuples->slots[at] != 0 &&
           memcmp(&tuples->tuples[tuples->slots[at] - 1], tuple, sizeof *tuple) != 0) {
        at = (at + 1) & (tuples->slot_count - 1);
    }
    return at;
}

/* Keep the table at most half full. */
static enum ht_status make_room(struct ht_tuples *tuples) {
    if (tuples->count * 2 < tuples->slot_count) {
        return HT_OK;
    }
    const size_t slot_count = tuples->slot_count > 0 ? tuples->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL) {
        return HT_E_NOMEM;
    }
    free(tuples->slots);
    tuples->slots = slots;
    tuples->slot_count = slot_count;
    for (size_t i = 0; i < tuples->count; i++) {
        tuples->slots[find_slot(tuples, &tuples->tuples[i])] = (uint32_t)i + 1;
    }
    return HT_OK;
}

enum ht_status ht_tuples_add(struct ht_tuples *tuples, const struct ht_tuple *tuple,
                             uint32_t *number) {
    *number = 0;
    HT_TRY(make_room(tuples));
    const size_t at = find_slot(tuples, tuple);
    if (tuples->slots[at] != 0) {
        *number = tuples->slots[at] - 1;
        return HT_OK;
    }
    HT_TRY(ht_grow(&tuples->tuples, &tuples->capacity, tuples->count + 1, tuples->count_max,
                   sizeof *tuple));
    tuples->tuples[tuples->count] = *tuple;
    tuples->slots[at] = (uint32_t)tuples->count + 1;
    *number = (uint32_t)tuples->count++;
    return HT_OK;
}
