/* SPDX-License-Identifier: MIT */
#include "inventory/overlaps.h"

#include <stdlib.h>

#include "base/check.h"

struct rooted {
    struct ht_str first;
    struct ht_str again;
    const struct ht_pair *pair;
};

/* What two printable names have in front of the whole components that end both; never nothing. */
static void find_roots(struct ht_str *a, struct ht_str *b) {
    size_t same = 0;  /* bytes at the end */
    size_t whole = 0; /* of them, from a slash on */
    while (same < a->len && same < b->len &&
           a->ptr[a->len - 1 - same] == b->ptr[b->len - 1 - same]) {
        same++;
        if (a->ptr[a->len - same] == '/' && same < a->len && same < b->len) {
            whole = same;
        }
    }
    a->len -= whole;
    b->len -= whole;
}

static int compare_rooted(const void *left, const void *right) {
    const struct rooted *a = left;
    const struct rooted *b = right;
    const int order = ht_str_cmp(a->first, b->first);
    return order != 0 ? order : ht_str_cmp(a->again, b->again);
}

static int compare_overlaps(const void *left, const void *right) {
    const struct ht_inventory_overlap *a = left;
    const struct ht_inventory_overlap *b = right;
    if (a->events != b->events) {
        return a->events > b->events ? -1 : 1;
    }
    const int order = strcmp(a->first, b->first);
    return order != 0 ? order : strcmp(a->again, b->again);
}

static enum ht_status start(const struct rooted *rooted, struct ht_arena *memory,
                            struct ht_inventory_overlap *overlap) {
    struct ht_str first;
    struct ht_str again;
    HT_TRY(ht_arena_copy(memory, rooted->first, &first));
    HT_TRY(ht_arena_copy(memory, rooted->again, &again));
    *overlap = (struct ht_inventory_overlap){
        .first = first.ptr,
        .again = again.ptr,
        .first_us = rooted->pair->first_us,
        .last_us = rooted->pair->last_us,
    };
    return HT_OK;
}

static void add(const struct ht_collector *collector, const struct ht_pair *pair,
                struct ht_inventory_overlap *overlap) {
    overlap->sources++;
    overlap->events += pair->events;
    overlap->of += collector->tallies[pair->again].events;
    overlap->first_us = pair->first_us < overlap->first_us ? pair->first_us : overlap->first_us;
    overlap->last_us = pair->last_us > overlap->last_us ? pair->last_us : overlap->last_us;
}

static struct rooted *root_pairs(const struct ht_collector *collector,
                                 const struct ht_source_facts *sources) {
    const size_t count = collector->compare.pair_count;
    struct rooted *rooted = malloc((count + 1) * sizeof *rooted);
    for (size_t i = 0; i < count && rooted != NULL; i++) {
        const struct ht_pair *pair = &collector->compare.pairs[i];
        rooted[i] = (struct rooted){
            .first = pair->first != HT_PAIR_OTHERS ? ht_str_from(sources[pair->first].name)
                                                   : HT_STR("(others)"),
            .again = ht_str_from(sources[pair->again].name),
            .pair = pair,
        };
        if (pair->first != HT_PAIR_OTHERS) {
            find_roots(&rooted[i].first, &rooted[i].again);
        }
    }
    if (rooted != NULL && count > 0) {
        qsort(rooted, count, sizeof *rooted, compare_rooted);
    }
    return rooted;
}

enum ht_status ht_overlaps_make(const struct ht_collector *collector,
                                const struct ht_source_facts *sources, struct ht_arena *memory,
                                struct ht_inventory_overlap **overlaps, size_t *count) {
    const size_t pair_count = collector->compare.pair_count;
    struct rooted *rooted = root_pairs(collector, sources);
    *count = 0;
    *overlaps = ht_arena_alloc(memory, (pair_count + 1) * sizeof **overlaps,
                               _Alignof(struct ht_inventory_overlap));
    enum ht_status status = rooted != NULL && *overlaps != NULL ? HT_OK : HT_E_NOMEM;
    for (size_t i = 0; i < pair_count && status == HT_OK; i++) {
        if (i == 0 || compare_rooted(&rooted[i - 1], &rooted[i]) != 0) {
            status = start(&rooted[i], memory, &(*overlaps)[(*count)++]);
        }
        if (status == HT_OK) {
            add(collector, rooted[i].pair, &(*overlaps)[*count - 1]);
        }
    }
    free(rooted);
    if (status == HT_OK && *count > 0) {
        qsort(*overlaps, *count, sizeof **overlaps, compare_overlaps);
        *count = *count < HT_OVERLAPS_MAX ? *count : HT_OVERLAPS_MAX;
    }
    return status;
}
