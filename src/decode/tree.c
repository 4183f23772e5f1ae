/* SPDX-License-Identifier: MIT */
#include "decode/tree.h"

/* jansson keeps integers as numbers; a record needs few, so their digits are made when asked for.
 */
static struct ht_value value_of(const json_t *json) {
    struct ht_value value = {.kind = HT_VALUE_OTHER};
    if (json_is_string(json)) {
        value.kind = HT_VALUE_STRING;
        value.tree = json;
        value.text = (struct ht_str){json_string_value(json), json_string_length(json)};
    } else if (json_is_integer(json)) {
        value.kind = HT_VALUE_INTEGER;
        value.tree = json;
    } else if (json_is_object(json)) {
        value.kind = HT_VALUE_OBJECT;
        value.tree = json;
    }
    return value;
}

void ht_tree_members(const json_t *tree, struct ht_object *object) {
    object->present = 0;
    /* jansson's iterators take a pointer to non-const, but change nothing. */
    json_t *members = (json_t *)(uintptr_t)tree;
    for (void *at = json_object_iter(members); at != NULL;
         at = json_object_iter_next(members, at)) {
        const enum ht_slot slot = ht_slot_of_key(ht_str_from(json_object_iter_key(at)));
        if (slot != HT_SLOT_COUNT) {
            object->present |= HT_SLOT_BIT(slot);
            object->values[slot] = value_of(json_object_iter_value(at));
        }
    }
}

static const char *phrase_of(const json_error_t *error) {
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
        return "text that is not UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a NUL character in a string";
    case json_error_numeric_overflow:
        return "a number too big";
    case json_error_out_of_memory:
        return "too little memory";
    default: /* jansson has no code for lone surrogates */
        return ht_str_starts_nocase(ht_str_from(error->text), HT_STR("invalid Unicode"))
                   ? "half of a surrogate pair in a string"
                   : "not JSON";
    }
}

void ht_tree_cells(const json_t *tree, const unsigned char *slots, size_t count,
                   struct ht_object *object) {
    object->present = 0;
    for (size_t i = 0; i < count && i < json_array_size(tree); i++) {
        if (slots[i] != HT_SLOT_COUNT) {
            object->present |= HT_SLOT_BIT(slots[i]);
            object->values[slots[i]] = value_of(json_array_get(tree, i));
        }
    }
}

static json_t *load(struct ht_str text, const char **why) {
    json_error_t error;
    json_t *tree = json_loadb(text.ptr, text.len, 0, &error);
    if (tree == NULL) {
        *why = phrase_of(&error);
    }
    return tree;
}

json_t *ht_tree_load(struct ht_str text, struct ht_object *object, const char **why) {
    json_t *tree = load(text, why);
    if (tree != NULL && !json_is_object(tree)) {
        *why = "not a JSON object";
        json_decref(tree);
        return NULL;
    }
    if (tree != NULL) {
        ht_tree_members(tree, object);
    }
    return tree;
}

json_t *ht_tree_load_array(struct ht_str text, const char **why) {
    json_t *tree = load(text, why);
    if (tree != NULL && !json_is_array(tree)) {
        *why = "not a JSON array";
        json_decref(tree);
        return NULL;
    }
    return tree;
}
