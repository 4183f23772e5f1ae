/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_INTERN_H
#define HT_BASE_INTERN_H
/*
 * struct ht_intern - each distinct string once; a string is then a small number.
 *
 * Invariants: id 0 is the empty string and means "not known"; ids are dense and in order of first
 * sight (so they depend on the order of the input: sort by text before anything is printed); the
 * text of an id never moves and is NUL-terminated. Texts longer than HT_INTERN_LEN_MAX are cut
 * there, or up to 3 bytes earlier where a code point would be cut.
 *
 * Limits: count_max strings and limit_bytes of text. When one is reached, ht_intern_add() returns
 * HT_E_LIMIT and *id is 0.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/str.h"

enum { HT_INTERN_LEN_MAX = 512 };

struct ht_intern_slot {
    uint32_t tag; /* of the hash: most mismatches are seen without touching the text */
    uint32_t id;  /* 0 = free */
};

struct ht_intern {
    struct ht_arena text;
    struct ht_str *strings; /* by id */
    size_t count;
    size_t capacity;
    size_t count_max;
    struct ht_intern_slot *slots; /* open addressing, linear probing from the tag on */
    size_t slot_count;            /* a power of two; 0 before the first text */
    uint64_t seed;
};

HT_MUST_CHECK enum ht_status ht_intern_init(struct ht_intern *intern, size_t count_max,
                                            size_t limit_bytes);
void ht_intern_release(struct ht_intern *intern);

/* The id of the text, new or known. HT_OK, HT_E_LIMIT or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_intern_add(struct ht_intern *intern, struct ht_str text,
                                           uint32_t *id);

/* The same for a text of 1 to HT_INTERN_LEN_MAX bytes whose hash is known: ht_hash_bytes() with the
 * table's seed. */
HT_MUST_CHECK enum ht_status ht_intern_add_hashed(struct ht_intern *intern, struct ht_str text,
                                                  uint64_t hash, uint32_t *id);

/* Fetch what ht_intern_add_hashed() looks at first. */
static inline void ht_intern_prefetch(const struct ht_intern *intern, uint64_t hash) {
    if (intern->slot_count > 0) {
        ht_prefetch(&intern->slots[(uint32_t)(hash >> 32) & (intern->slot_count - 1)]);
    }
}

static inline struct ht_str ht_intern_str(const struct ht_intern *intern, uint32_t id) {
    return intern->strings[id];
}

#endif
