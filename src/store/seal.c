/* SPDX-License-Identifier: MIT */
/*
 * Sealing: from numbers in order of first sight to a log whose every order is canonical.
 *
 * Strings are ranked by text first; after that facets, devices and events can be ordered by numbers
 * alone. Events are distributed to their devices by counting (linear), then put in order of time
 * per device: logs are nearly in order, so most devices only need a look. What is the same event is
 * near each other then, and collapses (same.h).
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/large.h"
#include "store/same.h"
#include "store/store_private.h"

/* What is being built; free_draft() frees whatever of it is there. */
struct draft {
    struct ht_store *store;
    const struct ht_parallel *parallel;
    uint32_t *string_rank; /* old id -> new id */
    uint32_t *facet_rank;
    uint32_t *device_rank;
    struct ht_str *strings;
    struct ht_facet *facets;
    struct ht_device *devices;
    size_t device_count;
    struct ht_hub *hubs;
    size_t hub_count;
    struct ht_event *events;
    size_t event_count;
};

static void free_draft(struct draft *draft) {
    free(draft->string_rank);
    free(draft->facet_rank);
    free(draft->device_rank);
    free(draft->strings);
    free(draft->facets);
    free(draft->devices);
    free(draft->hubs);
    free(draft->events);
}

struct ranked_string {
    struct ht_str text;
    uint64_t digest; /* 0 without a key */
    uint32_t id;
};

static int compare_strings(const void *left, const void *right) {
    const struct ranked_string *a = left;
    const struct ranked_string *b = right;
    if (a->digest != b->digest) {
        return a->digest < b->digest ? -1 : 1;
    }
    return ht_str_cmp(a->text, b->text);
}

static enum ht_status rank_strings(struct draft *draft) {
    const struct ht_intern *intern = &draft->store->names->strings;
    const struct ht_pseudonym_key *key = draft->store->key;
    struct ranked_string *order = ht_large_alloc(intern->count, sizeof *order);
    draft->string_rank = ht_large_alloc(intern->count, sizeof *draft->string_rank);
    draft->strings = ht_large_alloc(intern->count, sizeof *draft->strings);
    if (order == NULL || draft->string_rank == NULL || draft->strings == NULL) {
        free(order);
        return HT_E_NOMEM;
    }
    for (size_t id = 0; id < intern->count; id++) {
        const struct ht_str text = intern->strings[id];
        const uint64_t digest = key != NULL && text.len > 0 ? ht_pseudonym_digest(key, text) : 0;
        order[id] = (struct ranked_string){text, digest, (uint32_t)id};
    }
    qsort(order, intern->count, sizeof *order, compare_strings); /* "" stays first */
    for (size_t rank = 0; rank < intern->count; rank++) {
        draft->string_rank[order[rank].id] = (uint32_t)rank;
        draft->strings[rank] = order[rank].text;
    }
    free(order);
    return HT_OK;
}

struct ranked_tuple {
    struct ht_tuple tuple;
    uint32_t number;
};

static int compare_tuples(const void *left, const void *right) {
    const struct ranked_tuple *a = left;
    const struct ranked_tuple *b = right;
    for (size_t i = 0; i < HT_TUPLE_WORDS; i++) {
        if (a->tuple.words[i] != b->tuple.words[i]) {
            return a->tuple.words[i] < b->tuple.words[i] ? -1 : 1;
        }
    }
    return 0;
}

/* The tuples in canonical order, their first string_words words translated to string ranks. NULL:
 * no memory. */
static struct ranked_tuple *order_tuples(const struct draft *draft, const struct ht_tuples *tuples,
                                         size_t string_words) {
    struct ranked_tuple *order = ht_large_alloc(tuples->count, sizeof *order);
    if (order == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < tuples->count; i++) {
        order[i] = (struct ranked_tuple){tuples->tuples[i], (uint32_t)i};
        for (size_t word = 0; word < string_words; word++) {
            order[i].tuple.words[word] = draft->string_rank[order[i].tuple.words[word]];
        }
    }
    qsort(order, tuples->count, sizeof *order, compare_tuples);
    return order;
}

static enum ht_status rank_facets(struct draft *draft) {
    const struct ht_tuples *tuples = &draft->store->names->facets;
    struct ranked_tuple *order = order_tuples(draft, tuples, 5);
    draft->facet_rank = ht_large_alloc(tuples->count, sizeof *draft->facet_rank);
    draft->facets = ht_large_alloc(tuples->count, sizeof *draft->facets);
    if (order == NULL || draft->facet_rank == NULL || draft->facets == NULL) {
        free(order);
        return HT_E_NOMEM;
    }
    for (size_t rank = 0; rank < tuples->count; rank++) {
        const uint32_t *words = order[rank].tuple.words;
        draft->facet_rank[order[rank].number] = (uint32_t)rank;
        draft->facets[rank] = (struct ht_facet){
            .sdk = words[0],
            .protocol = words[1],
            .network = words[2],
            .message = words[3],
            .operation = words[4],
            .auth = words[5],
        };
    }
    free(order);
    return HT_OK;
}

/* A device of the nameless hub is that hub's which alone has a device of its name: some shapes do
 * not say the hub. Sets alias[number] of such a tuple to the number of the other. */
static int compare_owners(const void *left, const void *right) {
    const struct ranked_tuple *a = left;
    const struct ranked_tuple *b = right;
    static const size_t order[] = {1, 2, 0}; /* id, module, hub */
    for (size_t i = 0; i < HT_ARRAY_LEN(order); i++) {
        const uint32_t x = a->tuple.words[order[i]];
        const uint32_t y = b->tuple.words[order[i]];
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return 0;
}

static bool same_device(const struct ranked_tuple *a, const struct ranked_tuple *b) {
    return a->tuple.words[1] == b->tuple.words[1] && a->tuple.words[2] == b->tuple.words[2];
}

/* owners: the devices with events and a name. */
static void find_aliases(struct ranked_tuple *owners, size_t count, uint32_t *alias) {
    qsort(owners, count, sizeof *owners, compare_owners);
    for (size_t i = 0; i + 1 < count; i++) {
        const bool only = same_device(&owners[i], &owners[i + 1]) &&
                          (i + 2 == count || !same_device(&owners[i], &owners[i + 2]));
        if (owners[i].tuple.words[0] == 0 && only) {
            alias[owners[i].number] = owners[i + 1].number;
        }
    }
}

/* Which devices some event belongs to: tuple 0 and those whose events were all dropped have none.
 */
static void mark_used(const struct ht_store *store, bool *used) {
    for (size_t i = 0; i < store->event_count; i++) {
        used[store->blocks[i / HT_STORE_BLOCK_EVENTS][i % HT_STORE_BLOCK_EVENTS].device] = true;
    }
}

/* Append a device; a hub begins with its nameless one, whether or not it has events. */
static uint32_t append_device(struct draft *draft, const uint32_t *words) {
    const bool new_hub =
        draft->hub_count == 0 || draft->hubs[draft->hub_count - 1].name != words[0];
    if (new_hub) {
        draft->hubs[draft->hub_count++] = (struct ht_hub){
            .name = words[0],
            .device_first = (uint32_t)draft->device_count,
            .first_us = INT64_MAX,
            .last_us = INT64_MIN,
        };
    }
    const bool nameless = words[1] == 0 && words[2] == 0;
    const uint32_t hub = (uint32_t)draft->hub_count - 1;
    if (new_hub && !nameless) {
        draft->devices[draft->device_count++] = (struct ht_device){.hub = hub};
    }
    draft->devices[draft->device_count] =
        (struct ht_device){.hub = hub, .id = words[1], .module = words[2]};
    draft->hubs[hub].device_count =
        (uint32_t)draft->device_count + 1 - draft->hubs[hub].device_first;
    return (uint32_t)draft->device_count++;
}

static void fill_aliases(const struct ranked_tuple *order, size_t count, const bool *used,
                         struct ranked_tuple *owners, uint32_t *alias) {
    size_t owner_count = 0;
    bool nameless = false;
    for (size_t i = 0; i < count; i++) {
        alias[order[i].number] = order[i].number;
        if (used[order[i].number] && order[i].tuple.words[1] != 0) {
            nameless |= order[i].tuple.words[0] == 0;
            owners[owner_count++] = order[i];
        }
    }
    if (nameless) {
        find_aliases(owners, owner_count, alias);
    }
}

static enum ht_status rank_devices(struct draft *draft) {
    const struct ht_tuples *tuples = &draft->store->names->devices;
    struct ranked_tuple *order = order_tuples(draft, tuples, 3);
    bool *used = calloc(tuples->count, sizeof *used);
    uint32_t *alias = ht_large_alloc(tuples->count, sizeof *alias);
    struct ranked_tuple *owners = ht_large_alloc(tuples->count, sizeof *owners);
    draft->device_rank = ht_large_alloc(tuples->count, sizeof *draft->device_rank);
    draft->devices = ht_large_alloc(2 * tuples->count, sizeof *draft->devices);
    draft->hubs = ht_large_alloc(tuples->count, sizeof *draft->hubs);
    const bool complete = order != NULL && used != NULL && draft->device_rank != NULL &&
                          draft->devices != NULL && draft->hubs != NULL && alias != NULL &&
                          owners != NULL;
    if (complete) {
        mark_used(draft->store, used);
        fill_aliases(order, tuples->count, used, owners, alias);
        for (size_t i = 0; i < tuples->count; i++) {
            const uint32_t number = order[i].number;
            if (used[number] && alias[number] == number) {
                draft->device_rank[number] = append_device(draft, order[i].tuple.words);
            }
        }
        for (size_t i = 0; i < tuples->count; i++) {
            if (alias[i] != i) {
                draft->device_rank[i] = draft->device_rank[alias[i]];
            }
        }
    }
    free(order);
    free(used);
    free(alias);
    free(owners);
    return complete ? HT_OK : HT_E_NOMEM;
}

/*
 * Events go to their devices in two steps. First each block of the store is dealt out to parts of
 * some hundred devices, few enough parts to be written side by side; then each part, which fits
 * into a cache, is put in order of its devices by counting. Where an event goes depends on the
 * blocks before its own alone, so threads may take blocks and parts in any order.
 */
enum { PART_DEVICES = 512 };

struct dealing {
    struct draft *draft;
    size_t parts;
    uint64_t *next;  /* by block, then part: how many, then where the next one goes */
    uint64_t *first; /* by part; one more at the end */
};

static size_t events_of_block(const struct ht_store *store, size_t block) {
    const size_t left = store->event_count - block * HT_STORE_BLOCK_EVENTS;
    return left < HT_STORE_BLOCK_EVENTS ? left : HT_STORE_BLOCK_EVENTS;
}

static enum ht_status count_block(void *ctx, const struct ht_block *block) {
    const struct dealing *dealing = ctx;
    const struct draft *draft = dealing->draft;
    struct ht_event *events = draft->store->blocks[block->index];
    uint64_t *counts = dealing->next + block->index * dealing->parts;
    const size_t count = events_of_block(draft->store, block->index);
    for (size_t i = 0; i < count; i++) {
        events[i].device = draft->device_rank[events[i].device];
        events[i].facet = draft->facet_rank[events[i].facet];
        counts[events[i].device / PART_DEVICES]++;
    }
    return HT_OK;
}

/* The block is freed once it is dealt out. */
static enum ht_status deal_block(void *ctx, const struct ht_block *block) {
    const struct dealing *dealing = ctx;
    const struct draft *draft = dealing->draft;
    const struct ht_event *events = draft->store->blocks[block->index];
    uint64_t *next = dealing->next + block->index * dealing->parts;
    const size_t count = events_of_block(draft->store, block->index);
    for (size_t i = 0; i < count; i++) {
        draft->events[next[events[i].device / PART_DEVICES]++] = events[i];
    }
    ht_store_free_block(draft->store->blocks[block->index]);
    draft->store->blocks[block->index] = NULL;
    return HT_OK;
}

/* Put the events of a part in order of its devices. copy: as many events. */
static void order_part(const struct dealing *dealing, const struct ht_block *block,
                       struct ht_event *copy) {
    const uint64_t first = dealing->first[block->index];
    const size_t count = dealing->first[block->index + 1] - first;
    struct ht_event *events = dealing->draft->events + first;
    uint64_t next[PART_DEVICES] = {0};
    uint64_t place = 0;
    memcpy(copy, events, count * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        next[copy[i].device % PART_DEVICES]++;
    }
    for (size_t d = block->begin; d < block->end; d++) {
        struct ht_device *device = &dealing->draft->devices[d];
        device->event_first = first + place;
        device->event_count = (uint32_t)next[d % PART_DEVICES];
        next[d % PART_DEVICES] = place;
        place += device->event_count;
    }
    for (size_t i = 0; i < count; i++) {
        events[next[copy[i].device % PART_DEVICES]++] = copy[i];
    }
}

/* Order the events of a part, and collapse those of each device. */
static enum ht_status settle_part(void *ctx, const struct ht_block *block) {
    const struct dealing *dealing = ctx;
    const struct draft *draft = dealing->draft;
    const size_t count = dealing->first[block->index + 1] - dealing->first[block->index];
    struct ht_event *copy = malloc((count + 1) * sizeof *copy);
    if (copy == NULL) {
        return HT_E_NOMEM;
    }
    order_part(dealing, block, copy);
    free(copy);
    for (size_t d = block->begin; d < block->end; d++) {
        struct ht_device *device = &draft->devices[d];
        device->event_count =
            (uint32_t)ht_same_collapse(draft->facets, draft->events + device->event_first,
                                       device->event_count);
    }
    return HT_OK;
}

/* From how many events of each part a block has to where the first of them goes. */
static void make_places(struct dealing *dealing, size_t blocks) {
    uint64_t place = 0;
    for (size_t part = 0; part < dealing->parts; part++) {
        dealing->first[part] = place;
        for (size_t b = 0; b < blocks; b++) {
            uint64_t *next = &dealing->next[b * dealing->parts + part];
            const uint64_t own = *next;
            *next = place;
            place += own;
        }
    }
    dealing->first[dealing->parts] = place;
}

static enum ht_status deal(struct dealing *dealing, size_t blocks) {
    const struct draft *draft = dealing->draft;
    HT_TRY(ht_parallel_for(draft->parallel, blocks, 1, count_block, dealing));
    make_places(dealing, blocks);
    HT_TRY(ht_parallel_for(draft->parallel, blocks, 1, deal_block, dealing));
    ht_parallel_mark(draft->parallel, "seal: settle");
    return ht_parallel_for(draft->parallel, draft->device_count, PART_DEVICES, settle_part,
                           dealing);
}

static enum ht_status distribute_events(struct draft *draft) {
    draft->event_count = draft->store->event_count;
    draft->events = ht_large_alloc(draft->event_count, sizeof *draft->events);
    const size_t blocks = ht_parallel_block_count(draft->event_count, HT_STORE_BLOCK_EVENTS);
    const size_t parts = ht_parallel_block_count(draft->device_count, PART_DEVICES);
    struct dealing dealing = {
        .draft = draft,
        .parts = parts,
        .next = calloc(blocks * parts + 1, sizeof *dealing.next),
        .first = calloc(parts + 1, sizeof *dealing.first),
    };
    const bool complete = draft->events != NULL && dealing.next != NULL && dealing.first != NULL;
    const enum ht_status status = complete ? deal(&dealing, blocks) : HT_E_NOMEM;
    free(dealing.next);
    free(dealing.first);
    return status;
}

/* Close the gaps that collapsed events left. */
static void close_gaps(struct draft *draft) {
    size_t end = 0;
    for (size_t i = 0; i < draft->device_count; i++) {
        struct ht_device *device = &draft->devices[i];
        if (device->event_first != end) {
            memmove(draft->events + end, draft->events + device->event_first,
                    device->event_count * sizeof *draft->events);
            device->event_first = end;
        }
        end += device->event_count;
    }
    draft->event_count = end;
}

static void finish_events(struct draft *draft) {
    close_gaps(draft);
    for (size_t i = 0; i < draft->device_count; i++) {
        const struct ht_device *device = &draft->devices[i];
        struct ht_hub *hub = &draft->hubs[device->hub];
        if (device->event_count > 0) {
            const struct ht_event *first = &draft->events[device->event_first];
            const struct ht_event *last = first + device->event_count - 1;
            hub->first_us = first->time_us < hub->first_us ? first->time_us : hub->first_us;
            hub->last_us = last->time_us > hub->last_us ? last->time_us : hub->last_us;
        }
    }
}

static void hand_over(struct draft *draft, struct ht_log *log) {
    struct ht_store *store = draft->store;
    *log = (struct ht_log){
        .events = draft->events,
        .event_count = draft->event_count,
        .devices = draft->devices,
        .device_count = draft->device_count,
        .hubs = draft->hubs,
        .hub_count = draft->hub_count,
        .facets = draft->facets,
        .facet_count = store->names->facets.count,
        .strings = draft->strings,
        .string_count = store->names->strings.count,
        .duplicates = store->event_count - draft->event_count,
        .attributes_dropped = store->attributes_dropped,
        .first_us = HT_TIME_NONE,
        .last_us = HT_TIME_NONE,
        .text = store->names->strings.text,
    };
    ht_arena_init(&store->names->strings.text, 0);
    for (size_t i = 0; i < log->hub_count; i++) {
        const struct ht_hub *hub = &log->hubs[i];
        log->first_us = i == 0 || hub->first_us < log->first_us ? hub->first_us : log->first_us;
        log->last_us = i == 0 || hub->last_us > log->last_us ? hub->last_us : log->last_us;
    }
    draft->events = NULL;
    draft->devices = NULL;
    draft->hubs = NULL;
    draft->facets = NULL;
    draft->strings = NULL;
    store->event_count = 0;
}

void ht_store_order_by(struct ht_store *store, const struct ht_pseudonym_key *key) {
    store->key = key;
}

enum ht_status ht_store_seal(struct ht_store *store, const struct ht_parallel *parallel,
                             struct ht_log *log) {
    ht_store_forget(store);
    struct draft draft = {.store = store, .parallel = parallel};
    ht_parallel_mark(parallel, "seal: ranks");
    enum ht_status status = rank_strings(&draft);
    status = status == HT_OK ? rank_facets(&draft) : status;
    status = status == HT_OK ? rank_devices(&draft) : status;
    ht_parallel_mark(parallel, "seal: distribute");
    status = status == HT_OK ? distribute_events(&draft) : status;
    if (status == HT_OK) {
        finish_events(&draft);
        hand_over(&draft, log);
    }
    free_draft(&draft);
    return status;
}
