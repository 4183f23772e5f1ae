/* SPDX-License-Identifier: MIT */
#include "decode/members.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/check.h"
#include "decode/scan.h"
#include "decode/tree.h"

void ht_members_init(struct ht_members *members) {
    *members = (struct ht_members){.slow = false};
    ht_arena_init(&members->texts, SIZE_MAX);
}

void ht_members_reset(struct ht_members *members) {
    ht_arena_reset(&members->texts);
    while (members->tree_count > 0) {
        json_decref(members->trees[--members->tree_count]);
    }
    members->slow = false;
}

void ht_members_release(struct ht_members *members) {
    ht_members_reset(members);
    ht_arena_release(&members->texts);
}

/* A copy that has the scanner's padding behind it. */
static enum ht_status unescape(struct ht_members *members, struct ht_str raw, struct ht_str *text) {
    char *out = ht_arena_alloc(&members->texts, raw.len + HT_SCAN_PADDING, 1);
    if (out == NULL) {
        return HT_E_NOMEM;
    }
    *text = (struct ht_str){out, ht_scan_unescape(raw, out)};
    return HT_OK;
}

static enum ht_status digits(struct ht_members *members, const json_t *integer,
                             struct ht_str *text) {
    enum { DIGITS_BYTES = 24 };
    char *out = ht_arena_alloc(&members->texts, DIGITS_BYTES, 1);
    if (out == NULL) {
        return HT_E_NOMEM;
    }
    const int len =
        snprintf(out, DIGITS_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(integer));
    *text = (struct ht_str){out, (size_t)len};
    return HT_OK;
}

static const struct ht_value *value_at(const struct ht_object *object, enum ht_slot slot) {
    static const struct ht_value absent = {.kind = HT_VALUE_ABSENT};
    const bool present = (object->present & HT_SLOT_BIT(slot)) != 0;
    return present ? &object->values[slot] : &absent;
}

enum ht_status ht_members_text(struct ht_members *members, const struct ht_object *object,
                               enum ht_slot slot, struct ht_str *text) {
    const struct ht_value *value = value_at(object, slot);
    *text = HT_STR_NONE;
    if (value->kind == HT_VALUE_INTEGER && value->tree != NULL) {
        return digits(members, value->tree, text);
    }
    if (value->kind == HT_VALUE_STRING && value->escaped) {
        return unescape(members, value->text, text);
    }
    if (value->kind == HT_VALUE_STRING || value->kind == HT_VALUE_INTEGER) {
        *text = value->text;
    }
    return HT_OK;
}

enum ht_status ht_members_load(struct ht_members *members, struct ht_str text,
                               struct ht_object *object, const char **why) {
    HT_ASSERT(members->tree_count < HT_MEMBERS_TREES_MAX);
    members->slow = true;
    json_t *tree = ht_tree_load(text, object, why);
    if (tree == NULL) {
        return HT_E_DATA;
    }
    members->trees[members->tree_count++] = tree;
    return HT_OK;
}

enum ht_status ht_members_load_row(struct ht_members *members, struct ht_str text,
                                   const unsigned char *slots, size_t count,
                                   struct ht_object *object, size_t *cells, const char **why) {
    HT_ASSERT(members->tree_count < HT_MEMBERS_TREES_MAX);
    members->slow = true;
    json_t *tree = ht_tree_load_array(text, why);
    if (tree == NULL) {
        return HT_E_DATA;
    }
    members->trees[members->tree_count++] = tree;
    ht_tree_cells(tree, slots, count, object);
    *cells = json_array_size(tree);
    return HT_OK;
}

/* The object that is the whole of a text, but for white space behind it. */
static enum ht_status open_text(struct ht_members *members, struct ht_str text,
                                struct ht_object *inner, const char **why) {
    const struct ht_scan_result result = ht_scan_object(text, inner);
    switch (result.kind) {
    case HT_SCAN_BAD:
        *why = result.why;
        return HT_E_DATA;
    case HT_SCAN_MORE:
        *why = "cut in the middle";
        return HT_E_DATA;
    case HT_SCAN_WRAPPER:
    case HT_SCAN_ROWS:
        return ht_members_load(members, text, inner, why);
    case HT_SCAN_ACCEPTED:
    case HT_SCAN_DECLINED:
        break;
    }
    const struct ht_str rest = {text.ptr + result.at, text.len - result.at};
    if (ht_str_trim(rest).len > 0) {
        *why = "something follows the JSON in it";
        return HT_E_DATA;
    }
    if (result.kind == HT_SCAN_DECLINED) {
        return ht_members_load(members, (struct ht_str){text.ptr, result.at}, inner, why);
    }
    return HT_OK;
}

enum ht_status ht_members_open(struct ht_members *members, const struct ht_object *outer,
                               enum ht_slot slot, struct ht_object *inner, const char **why) {
    const struct ht_value *value = value_at(outer, slot);
    inner->present = 0;
    if (value->kind == HT_VALUE_OBJECT && value->tree != NULL) {
        ht_tree_members(value->tree, inner);
        return HT_OK;
    }
    if (value->kind == HT_VALUE_OBJECT) {
        return open_text(members, value->text, inner, why);
    }
    struct ht_str text;
    HT_TRY(ht_members_text(members, outer, slot, &text));
    text = ht_str_trim(text);
    if (value->kind != HT_VALUE_STRING || text.len == 0 || text.ptr[0] != '{') {
        return HT_END;
    }
    if (value->tree == NULL) {
        return open_text(members, text, inner, why);
    }
    char *padded = ht_arena_alloc(&members->texts, text.len + HT_SCAN_PADDING, 1);
    if (padded == NULL) {
        return HT_E_NOMEM;
    }
    memcpy(padded, text.ptr, text.len); /* jansson's texts end at their last byte */
    return open_text(members, (struct ht_str){padded, text.len}, inner, why);
}
