/* SPDX-License-Identifier: MIT */
#include "inventory/compare.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/grow.h"
#include "base/hash.h"
#include "base/pages.h"

enum { FIRST_SIZE = 64 * 1024 };

void ht_compare_init(struct ht_compare *compare, size_t count_max) {
    *compare = (struct ht_compare){.count_max = count_max, .seed = ht_hash_seed()};
}

static void release_table(const struct ht_compare *compare) {
    ht_pages_free(compare->hashes, compare->size * sizeof *compare->hashes);
    ht_pages_free(compare->sources, compare->size * sizeof *compare->sources);
}

void ht_compare_release(struct ht_compare *compare) {
    release_table(compare);
    free(compare->pairs);
    free(compare->deferred);
    *compare = (struct ht_compare){0};
}

/* Never 0. */
static uint64_t hash_of(const struct ht_compare *compare, const struct ht_record *record) {
    uint64_t hash = ht_hash_mix((uint64_t)record->time_us,
                                compare->seed ^ ((uint64_t)record->kind << 32 | record->code));
    hash = ht_hash_bytes(record->hub, hash);
    hash = ht_hash_bytes(record->device, hash);
    hash = ht_hash_bytes(record->module, hash);
    if (record->kind == HT_EVENT_HEALTH) {
        hash = ht_hash_bytes(record->operation, hash);
    }
    return hash != 0 ? hash : 1;
}

static size_t find(const struct ht_compare *compare, uint64_t hash) {
    size_t at = hash & (compare->size - 1);
    while (compare->hashes[at] != 0 && compare->hashes[at] != hash) {
        at = (at + 1) & (compare->size - 1);
    }
    return at;
}

static enum ht_status make_room(struct ht_compare *compare) {
    if (compare->count * 4 < compare->size * 3) {
        return HT_OK;
    }
    struct ht_compare grown = {.size = compare->size > 0 ? compare->size * 2 : FIRST_SIZE};
    grown.hashes = ht_pages_new(grown.size * sizeof *grown.hashes);
    grown.sources = ht_pages_new(grown.size * sizeof *grown.sources);
    if (grown.hashes == NULL || grown.sources == NULL) {
        ht_compare_release(&grown);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < compare->size; i++) {
        if (compare->hashes[i] != 0) {
            const size_t at = find(&grown, compare->hashes[i]);
            grown.hashes[at] = compare->hashes[i];
            grown.sources[at] = compare->sources[i];
        }
    }
    release_table(compare);
    compare->hashes = grown.hashes;
    compare->sources = grown.sources;
    compare->size = grown.size;
    return HT_OK;
}

/* The pair of these sources, or NULL. */
static struct ht_pair *find_pair(struct ht_compare *compare, uint32_t again, uint32_t first) {
    struct ht_pair *pairs = compare->pairs;
    if (compare->last < compare->pair_count && pairs[compare->last].again == again &&
        pairs[compare->last].first == first) {
        return &pairs[compare->last];
    }
    for (size_t i = compare->open_first; i < compare->pair_count; i++) {
        if (pairs[i].again == again && pairs[i].first == first) {
            compare->last = i;
            return &pairs[i];
        }
    }
    return NULL;
}

static enum ht_status count_pair(struct ht_compare *compare, uint32_t again, uint32_t first,
                                 int64_t time_us) {
    struct ht_pair *pair = find_pair(compare, again, first);
    if (pair == NULL) {
        if (compare->pair_count > 0 && compare->pairs[compare->pair_count - 1].again != again) {
            compare->open_first = compare->pair_count;
        }
        if (compare->pair_count - compare->open_first >= HT_PAIRS_OPEN_MAX) {
            first = HT_PAIR_OTHERS;
            pair = find_pair(compare, again, first);
        }
    }
    if (pair == NULL) {
        HT_TRY(ht_grow(&compare->pairs, &compare->pair_capacity, compare->pair_count + 1,
                       HT_PAIRS_MAX, sizeof *compare->pairs));
        compare->last = compare->pair_count++;
        pair = &compare->pairs[compare->last];
        *pair = (struct ht_pair){
            .again = again, .first = first, .first_us = time_us, .last_us = time_us};
    }
    pair->events++;
    pair->first_us = time_us < pair->first_us ? time_us : pair->first_us;
    pair->last_us = time_us > pair->last_us ? time_us : pair->last_us;
    return HT_OK;
}

void ht_compare_prefetch(const struct ht_compare *compare, uint64_t hash) {
    if (compare->size > 0) {
        const size_t at = hash & (compare->size - 1);
        ht_prefetch(&compare->hashes[at]);
        ht_prefetch(&compare->sources[at]);
    }
}

enum ht_status ht_compare_add(struct ht_compare *compare, uint32_t source, uint64_t hash,
                              int64_t time_us, uint32_t *first, bool *known) {
    *first = source;
    *known = false;
    HT_TRY(make_room(compare));
    const size_t at = find(compare, hash);
    if (compare->hashes[at] != 0) {
        *first = compare->sources[at];
        *known = true;
        return *first != source ? count_pair(compare, source, *first, time_us) : HT_OK;
    }
    if (compare->count >= compare->count_max) {
        compare->not_compared++;
        return HT_OK;
    }
    compare->hashes[at] = hash;
    compare->sources[at] = source;
    compare->count++;
    return HT_OK;
}

enum ht_status ht_compare_defer(struct ht_compare *compare, uint32_t source,
                                const struct ht_record *record, uint32_t hub) {
    HT_TRY(ht_grow(&compare->deferred, &compare->deferred_capacity, compare->deferred_count + 1,
                   SIZE_MAX, sizeof *compare->deferred));
    compare->deferred[compare->deferred_count++] = (struct ht_compared){
        .hash = hash_of(compare, record),
        .time_us = record->time_us,
        .source = source,
        .hub = hub,
    };
    return HT_OK;
}
