/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_TREE_H
#define HT_DECODE_TREE_H
/*
 * The slow and sure way to a struct ht_object: jansson. For what the fast scanner declines, and the
 * oracle of its tests.
 */
#include <stdbool.h>

#include <jansson.h>

#include "decode/object.h"

/*
 * Parse the object that is the whole of text. Of keys that name the same slot the last one wins.
 * Returns the tree that the object's values borrow from (json_decref() it), or NULL when jansson
 * refuses the text; *why is then a phrase for messages.
 */
json_t *ht_tree_load(struct ht_str text, struct ht_object *object, const char **why);

/* Likewise, an array; its cells are taken by ht_tree_cells(). */
json_t *ht_tree_load_array(struct ht_str text, const char **why);

/* The members of an object within a tree. */
void ht_tree_members(const json_t *tree, struct ht_object *object);

/* The cells of a row: slots[i] is the slot of cell i, HT_SLOT_COUNT when we do not know its column.
 * Of columns that name the same slot the last one wins. */
void ht_tree_cells(const json_t *tree, const unsigned char *slots, size_t count,
                   struct ht_object *object);

#endif
