/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_MEMBERS_H
#define HT_DECODE_MEMBERS_H
/*
 * struct ht_members - the objects of one record, opened as they are needed: the record itself,
 * `properties` within it, `authType` within that; and the texts of their members, unescaped.
 *
 * Invariants: a text given out is valid until ht_members_reset(). Memory is bound by the record:
 * each nesting level can only be smaller than the one that holds it.
 */
#include <stdbool.h>

#include <jansson.h>

#include "base/arena.h"
#include "decode/object.h"
#include "hubtriage/err.h"

/* The record, properties, authType in three places, and data and properties of an event. */
enum { HT_MEMBERS_TREES_MAX = 8 };

struct ht_members {
    struct ht_arena texts;
    json_t *trees[HT_MEMBERS_TREES_MAX]; /* kept alive for the values that borrow from them */
    size_t tree_count;
    bool slow; /* something needed jansson */
};

void ht_members_init(struct ht_members *members);
void ht_members_reset(struct ht_members *members); /* before the next record */
void ht_members_release(struct ht_members *members);

/* The text of a string or an integer; empty for anything else, and when absent. HT_OK, HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_members_text(struct ht_members *members,
                                             const struct ht_object *object, enum ht_slot slot,
                                             struct ht_str *text);

/*
 * Open a value that is an object, or a string that holds one. HT_END when there is none (absent,
 * null, an empty string, a bare word); HT_E_DATA when there should be one but it is broken: *why.
 */
HT_MUST_CHECK enum ht_status ht_members_open(struct ht_members *members,
                                             const struct ht_object *outer, enum ht_slot slot,
                                             struct ht_object *inner, const char **why);

/* Open an object whose extent is known but that the scanner declined. HT_E_DATA: *why. */
HT_MUST_CHECK enum ht_status ht_members_load(struct ht_members *members, struct ht_str text,
                                             struct ht_object *object, const char **why);

/* Likewise, a row of cells (see ht_tree_cells()); *cells is how many it has. */
HT_MUST_CHECK enum ht_status ht_members_load_row(struct ht_members *members, struct ht_str text,
                                                 const unsigned char *slots, size_t count,
                                                 struct ht_object *object, size_t *cells,
                                                 const char **why);

#endif
