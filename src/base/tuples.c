/* SPDX-License-Identifier: MIT */
#include "base/tuples.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/hash.h"
#include "base/pages.h"

enum { FIRST_SLOTS = 1024 };

enum ht_status ht_tuples_init(struct ht_tuples *tuples, size_t count_max) {
    HT_ASSERT(count_max > 0 && count_max < UINT32_MAX - 1);
    *tuples = (struct ht_tuples){.count_max = count_max, .seed = ht_hash_seed()};
    uint32_t zero = 0;
    return ht_tuples_add(tuples, &(struct ht_tuple){{0}}, &zero);
}

void ht_tuples_release(struct ht_tuples *tuples) {
    free(tuples->tuples);
    ht_pages_free(tuples->slots, tuples->slot_count * sizeof *tuples->slots);
    *tuples = (struct ht_tuples){0};
}

static uint32_t tag_of(const struct ht_tuples *tuples, const struct ht_tuple *tuple) {
    return (uint32_t)(ht_hash_short((struct ht_str){(const char *)tuple, sizeof *tuple},
                                    tuples->seed) >>
                      32);
}

/* The slot that holds the tuple, or the free slot where it belongs. */
static size_t find_slot(const struct ht_tuples *tuples, const struct ht_tuple *tuple,
                        uint32_t tag) {
    size_t at = tag & (tuples->slot_count - 1);
    while (tuples->slots[at].next != 0 &&
           (tuples->slots[at].tag != tag ||
            memcmp(&tuples->tuples[tuples->slots[at].next - 1], tuple, sizeof *tuple) != 0)) {
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
    struct ht_tuple_slot *slots = ht_pages_new(slot_count * sizeof *slots);
    if (slots == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < tuples->slot_count; i++) {
        size_t at = tuples->slots[i].tag & (slot_count - 1);
        while (tuples->slots[i].next != 0 && slots[at].next != 0) {
            at = (at + 1) & (slot_count - 1);
        }
        if (tuples->slots[i].next != 0) {
            slots[at] = tuples->slots[i];
        }
    }
    ht_pages_free(tuples->slots, tuples->slot_count * sizeof *slots);
    tuples->slots = slots;
    tuples->slot_count = slot_count;
    return HT_OK;
}

enum ht_status ht_tuples_add(struct ht_tuples *tuples, const struct ht_tuple *tuple,
                             uint32_t *number) {
    const uint32_t tag = tag_of(tuples, tuple);
    *number = 0;
    HT_TRY(make_room(tuples));
    const size_t at = find_slot(tuples, tuple, tag);
    if (tuples->slots[at].next != 0) {
        *number = tuples->slots[at].next - 1;
        return HT_OK;
    }
    HT_TRY(ht_grow(&tuples->tuples, &tuples->capacity, tuples->count + 1, tuples->count_max,
                   sizeof *tuple));
    tuples->tuples[tuples->count] = *tuple;
    tuples->slots[at] = (struct ht_tuple_slot){.tag = tag, .next = (uint32_t)tuples->count + 1};
    *number = (uint32_t)tuples->count++;
    return HT_OK;
}
