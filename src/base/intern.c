/* SPDX-License-Identifier: MIT */
#include "base/intern.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/hash.h"
#include "base/pages.h"
#include "base/text.h"

enum { FIRST_SLOTS = 1024 };

enum ht_status ht_intern_init(struct ht_intern *intern, size_t count_max, size_t limit_bytes) {
    HT_ASSERT(count_max < UINT32_MAX);
    *intern = (struct ht_intern){.count_max = count_max, .seed = ht_hash_seed()};
    ht_arena_init(&intern->text, limit_bytes);
    HT_TRY(ht_grow(&intern->strings, &intern->capacity, 1, count_max + 1, sizeof(struct ht_str)));
    intern->strings[0] = HT_STR("");
    intern->count = 1;
    return HT_OK;
}

void ht_intern_release(struct ht_intern *intern) {
    ht_arena_release(&intern->text);
    free(intern->strings);
    ht_pages_free(intern->slots, intern->slot_count * sizeof *intern->slots);
    *intern = (struct ht_intern){0};
}

static void place(struct ht_intern *intern, struct ht_intern_slot slot) {
    size_t at = slot.tag & (intern->slot_count - 1);
    while (intern->slots[at].id != 0) {
        at = (at + 1) & (intern->slot_count - 1);
    }
    intern->slots[at] = slot;
}

/* Keep the table at most half full. */
static enum ht_status make_room(struct ht_intern *intern) {
    if (intern->count * 2 < intern->slot_count) {
        return HT_OK;
    }
    struct ht_intern_slot *old = intern->slots;
    const size_t old_count = intern->slot_count;
    const size_t slot_count = old_count > 0 ? old_count * 2 : FIRST_SLOTS;
    struct ht_intern_slot *slots = ht_pages_new(slot_count * sizeof *slots);
    if (slots == NULL) {
        return HT_E_NOMEM;
    }
    intern->slots = slots;
    intern->slot_count = slot_count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].id != 0) {
            place(intern, old[i]);
        }
    }
    ht_pages_free(old, old_count * sizeof *old);
    return HT_OK;
}

static uint32_t find(const struct ht_intern *intern, struct ht_str text, uint32_t tag) {
    if (intern->slot_count == 0) {
        return 0;
    }
    size_t at = tag & (intern->slot_count - 1);
    while (intern->slots[at].id != 0) {
        const uint32_t id = intern->slots[at].id;
        if (intern->slots[at].tag == tag && ht_str_eq(intern->strings[id], text)) {
            return id;
        }
        at = (at + 1) & (intern->slot_count - 1);
    }
    return 0;
}

enum ht_status ht_intern_add(struct ht_intern *intern, struct ht_str text, uint32_t *id) {
    *id = 0;
    if (text.len == 0) {
        return HT_OK;
    }
    text = ht_utf8_prefix(text, HT_INTERN_LEN_MAX);
    return ht_intern_add_hashed(intern, text, ht_hash_bytes(text, intern->seed), id);
}

enum ht_status ht_intern_add_hashed(struct ht_intern *intern, struct ht_str text, uint64_t hash,
                                    uint32_t *id) {
    const uint32_t tag = (uint32_t)(hash >> 32);
    *id = find(intern, text, tag);
    if (*id != 0) {
        return HT_OK;
    }
    if (intern->count > intern->count_max) {
        return HT_E_LIMIT;
    }
    HT_TRY(make_room(intern));
    HT_TRY(ht_grow(&intern->strings, &intern->capacity, intern->count + 1, intern->count_max + 1,
                   sizeof(struct ht_str)));
    struct ht_str copy;
    if (ht_arena_copy(&intern->text, text, &copy) != HT_OK) {
        return intern->text.total_bytes + text.len + 1 > intern->text.limit_bytes ? HT_E_LIMIT
                                                                                  : HT_E_NOMEM;
    }
    *id = (uint32_t)intern->count;
    intern->strings[intern->count++] = copy;
    place(intern, (struct ht_intern_slot){.tag = tag, .id = *id});
    return HT_OK;
}
