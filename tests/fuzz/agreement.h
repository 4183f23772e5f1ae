/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_AGREEMENT_H
#define HT_TESTS_AGREEMENT_H
/*
 * The scanner's contract with jansson (decode/scan.h), as assertions: for the fuzz targets and for
 * the property test of the decoder. Texts have the scanner's padding behind them.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/check.h"
#include "decode/decoder.h"
#include "decode/scan.h"
#include "decode/tree.h"

/* A copy with padding, zeroes when there is nothing to copy; the caller frees it. */
static inline char *padded_copy(const void *bytes, size_t len) {
    char *copy = calloc(1, len + HT_SCAN_PADDING);
    HT_ASSERT(copy != NULL);
    if (bytes != NULL) {
        memcpy(copy, bytes, len);
    }
    return copy;
}

static inline void assert_same_value(const struct ht_value *fast, const struct ht_value *slow) {
    const json_t *tree = slow->tree;
    HT_ASSERT(fast->kind == slow->kind);
    if (fast->kind == HT_VALUE_STRING) {
        char *text = padded_copy(fast->text.ptr, fast->text.len);
        size_t len = fast->text.len;
        if (fast->escaped) {
            len = ht_scan_unescape(fast->text, text);
        }
        HT_ASSERT(ht_str_eq((struct ht_str){text, len}, slow->text));
        free(text);
    } else if (fast->kind == HT_VALUE_INTEGER) {
        char *text = padded_copy(fast->text.ptr, fast->text.len);
        HT_ASSERT(strtoll(text, NULL, 10) == json_integer_value(tree));
        free(text);
    } else if (fast->kind == HT_VALUE_OBJECT) {
        json_t *parsed = json_loadb(fast->text.ptr, fast->text.len, 0, NULL);
        HT_ASSERT(parsed != NULL && json_equal(parsed, tree));
        json_decref(parsed);
    }
}

static inline void assert_same_object(const struct ht_object *fast, const struct ht_object *slow) {
    HT_ASSERT(fast->present == slow->present);
    for (int slot = 0; slot < HT_SLOT_COUNT; slot++) {
        if ((fast->present & HT_SLOT_BIT(slot)) != 0) {
            assert_same_value(&fast->values[slot], &slow->values[slot]);
        }
    }
}

/* What the scanner says of a text's extent, and what jansson makes of it. */
static inline void assert_extent(struct ht_str text, const struct ht_scan_result *scan) {
    json_error_t error;
    json_t *tree = json_loadb(text.ptr, text.len, JSON_DISABLE_EOF_CHECK, &error);
    HT_ASSERT(scan->at <= text.len);
    switch (scan->kind) {
    case HT_SCAN_ACCEPTED:
        HT_ASSERT(tree != NULL && (size_t)error.position == scan->at);
        break;
    case HT_SCAN_DECLINED:
        HT_ASSERT(tree == NULL || (size_t)error.position == scan->at);
        break;
    case HT_SCAN_BAD:
        HT_ASSERT(scan->why != NULL);
        HT_ASSERT(tree == NULL || text.ptr[scan->at] == '\0' ||
                  strcmp(scan->why, "nested too deeply") == 0);
        break;
    case HT_SCAN_MORE:
        HT_ASSERT(tree == NULL);
        break;
    case HT_SCAN_WRAPPER:
        HT_ASSERT(text.ptr[scan->at - 1] == '[' || text.ptr[scan->at] == '{');
        break;
    case HT_SCAN_ROWS:
        HT_ASSERT(text.ptr[scan->at - 1] == '[');
        break;
    }
    json_decref(tree);
}

/* text begins with '{'. Returns what the scanner says. */
static inline struct ht_scan_result assert_agreement(struct ht_str text) {
    struct ht_object fast;
    struct ht_object slow;
    const char *why = NULL;
    const struct ht_scan_result scan = ht_scan_object(text, &fast);
    assert_extent(text, &scan);
    if (scan.kind == HT_SCAN_ACCEPTED) {
        json_t *loaded = ht_tree_load((struct ht_str){text.ptr, scan.at}, &slow, &why);
        HT_ASSERT(loaded != NULL);
        assert_same_object(&fast, &slow);
        json_decref(loaded);
    }
    return scan;
}

/* text begins with '['. Two columns name the same slot, and one is not known. */
static inline struct ht_scan_result assert_row_agreement(struct ht_str text) {
    static const unsigned char slots[] = {HT_SLOT_TIME_GENERATED, HT_SLOT_OPERATION_NAME,
                                          HT_SLOT_COUNT,          HT_SLOT_RESULT_TYPE,
                                          HT_SLOT_PROPERTIES_S,   HT_SLOT_TIME_GENERATED};
    struct ht_object fast;
    struct ht_object slow;
    const char *why = NULL;
    const struct ht_scan_result scan = ht_scan_row(text, slots, sizeof slots, &fast);
    assert_extent(text, &scan);
    if (scan.kind == HT_SCAN_ACCEPTED) {
        json_t *loaded = ht_tree_load_array((struct ht_str){text.ptr, scan.at}, &why);
        HT_ASSERT(loaded != NULL && json_array_size(loaded) == scan.cells);
        ht_tree_cells(loaded, slots, sizeof slots, &slow);
        assert_same_object(&fast, &slow);
        json_decref(loaded);
    }
    return scan;
}

static inline void assert_same_decoded(const struct ht_decoded *a, const struct ht_decoded *b) {
    HT_ASSERT(a->kind == b->kind);
    if (a->kind == HT_DECODED_BAD_RECORD) {
        HT_ASSERT(a->bad == b->bad && a->why != NULL && b->why != NULL);
    }
    if (a->kind != HT_DECODED_EVENT) {
        return;
    }
    const struct ht_record *x = &a->record;
    const struct ht_record *y = &b->record;
    HT_ASSERT(x->time_us == y->time_us && x->kind == y->kind && x->level == y->level);
    HT_ASSERT(x->code == y->code && x->auth == y->auth);
    HT_ASSERT(ht_str_eq(x->hub, y->hub) && ht_str_eq(x->device, y->device));
    HT_ASSERT(ht_str_eq(x->module, y->module) && ht_str_eq(x->sdk, y->sdk));
    HT_ASSERT(ht_str_eq(x->protocol, y->protocol) && ht_str_eq(x->network, y->network));
    HT_ASSERT(ht_str_eq(x->message, y->message) && ht_str_eq(x->operation, y->operation));
}

/*
 * The same object with a member that makes the scanner decline it must be the same record. Two
 * decoders, since a record's texts die with the next one.
 */
static inline void assert_same_way_round(struct ht_decoder *fast, struct ht_decoder *slow,
                                         struct ht_str text) {
    static const char declined[] = "{\"\\u0061\":0,";
    struct ht_decoded first;
    struct ht_decoded second;
    HT_ASSERT(ht_decode(fast, text, &first) == HT_OK);
    if (first.kind == HT_DECODED_MORE || first.kind == HT_DECODED_NOT_JSON ||
        first.kind == HT_DECODED_WRAPPER || first.kind == HT_DECODED_ROWS) {
        return;
    }
    HT_ASSERT(first.consumed > 1 && text.ptr[first.consumed - 1] == '}');
    if (ht_str_trim((struct ht_str){text.ptr + 1, first.consumed - 2}).len == 0) {
        return;
    }
    const size_t head = sizeof declined - 1;
    char *copy = padded_copy(NULL, first.consumed + head);
    memcpy(copy, declined, head);
    memcpy(copy + head, text.ptr + 1, first.consumed - 1);
    HT_ASSERT(ht_decode(slow, (struct ht_str){copy, first.consumed + head - 1}, &second) == HT_OK);
    HT_ASSERT(second.consumed == first.consumed + head - 1);
    assert_same_decoded(&first, &second);
    free(copy);
}

#endif
