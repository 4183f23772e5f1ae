/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_TUPLES_H
#define HT_BASE_TUPLES_H
/*
 * struct ht_tuples - distinct tuples of six 32-bit words, numbered in order of first sight: an
 * intern table for facets and, with unused words 0, for devices. Tuple 0 is all zeros.
 */
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

enum { HT_TUPLE_WORDS = 6 };

struct ht_tuple {
    uint32_t words[HT_TUPLE_WORDS];
};

struct ht_tuple_slot {
    uint32_t tag;  /* of the hash */
    uint32_t next; /* number + 1; 0 = free */
};

struct ht_tuples {
    struct ht_tuple *tuples;
    size_t count;
    size_t capacity;
    size_t count_max;
    struct ht_tuple_slot *slots; /* open addressing from the tag on */
    size_t slot_count;
    uint64_t seed;
};

HT_MUST_CHECK enum ht_status ht_tuples_init(struct ht_tuples *tuples, size_t count_max);
void ht_tuples_release(struct ht_tuples *tuples);

/* The number of the tuple, new or known. HT_OK, HT_E_LIMIT or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_tuples_add(struct ht_tuples *tuples, const struct ht_tuple *tuple,
                                           uint32_t *number);

#endif
