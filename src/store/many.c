/* SPDX-License-Identifier: MIT */
/*
 * Adding many events at once. Their devices and facets lie anywhere in memory: so first all places
 * are computed and fetched, then the texts there, and only then is anything compared. What the
 * caches do not know goes the way of ht_store_add().
 */
#include "base/check.h"
#include "base/compiler.h"
#include "base/hash.h"
#include "store/recent.h"
#include "store/store_private.h"

/* What the records of one kin have in common. */
struct kin {
    uint32_t kin; /* 0 = free */
    uint32_t hub;
    uint32_t group; /* of facets: number of a tuple of protocol, message, operation and auth */
};

enum { KIN_COUNT = 1024 };

struct ht_store_memory {
    struct ht_recent devices;
    struct ht_recent facets;
    struct ht_tuples groups;
    struct kin kin[KIN_COUNT];
};

void ht_store_forget(struct ht_store *store) {
    struct ht_store_memory *memory = store->memory;
    if (memory != NULL) {
        ht_recent_release(&memory->devices);
        ht_recent_release(&memory->facets);
        ht_tuples_release(&memory->groups);
        free(memory);
        store->memory = NULL;
    }
}

static enum ht_status remember(struct ht_store *store) {
    if (store->memory != NULL) {
        return HT_OK;
    }
    struct ht_store_memory *memory = calloc(1, sizeof *memory);
    store->memory = memory;
    if (memory == NULL) {
        return HT_E_NOMEM;
    }
    if (ht_recent_init(&memory->devices) != HT_OK || ht_recent_init(&memory->facets) != HT_OK ||
        ht_tuples_init(&memory->groups, UINT32_MAX / 2) != HT_OK) {
        ht_store_forget(store);
        return HT_E_NOMEM;
    }
    return HT_OK;
}

/* Names that are shared are locked when a batch first needs them, and let go behind it. */
struct batch {
    struct ht_store *store;
    bool locked;
    struct step *steps;
    size_t count;
};

/* One event on its way. */
struct step {
    uint64_t device_hash; /* of the texts, as the table of strings has them */
    uint64_t network_hash;
    uint64_t sdk_hash;
    struct ht_recent_key device;
    struct ht_recent_key facet;
    struct ht_recent_entry device_entry; /* that may be it; tag 0 = none. Copies: tables grow */
    struct ht_recent_entry facet_entry;
    bool known; /* the kin is */
};

HT_INLINE bool same_text(const char *a, const char *b, size_t len) {
    if (len > 16) {
        return memcmp(a, b, len) == 0;
    }
    if (len >= 8) {
        return ((ht_hash_load(a, 8) ^ ht_hash_load(b, 8)) |
                (ht_hash_load(a + len - 8, 8) ^ ht_hash_load(b + len - 8, 8))) == 0;
    }
    if (len >= 4) {
        return ((ht_hash_load(a, 4) ^ ht_hash_load(b, 4)) |
                (ht_hash_load(a + len - 4, 4) ^ ht_hash_load(b + len - 4, 4))) == 0;
    }
    for (size_t i = 0; i < len; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

HT_INLINE bool is_entry(const struct ht_recent_entry *entry, const struct ht_recent_key *key) {
    return entry->tag != 0 && same_text(entry->first, key->first.ptr, key->first.len) &&
           same_text(entry->second, key->second.ptr, key->second.len);
}

HT_INLINE struct ht_recent_key key_of(uint32_t group, struct ht_str first, uint64_t first_hash,
                                      struct ht_str second, uint64_t second_hash) {
    return (struct ht_recent_key){
        .tag = ht_recent_tag(ht_hash_mix(first_hash ^ group, second_hash)),
        .group = group,
        .first = first,
        .second = second,
    };
}

/* Number the hub and what else all records of the kin have; false when a ceiling is in the way. */
static enum ht_status meet_kin(struct ht_store *store, const struct ht_variant *variant,
                               struct kin *kin, bool *known) {
    const struct ht_record *model = variant->model;
    const uint64_t dropped = store->attributes_dropped;
    struct ht_tuple tuple = {{0}};
    uint32_t hub = 0;
    const enum ht_status status = ht_intern_add(&store->names->strings, model->hub, &hub);
    *known = false;
    if (status != HT_OK) {
        return status == HT_E_LIMIT ? HT_OK : status;
    }
    HT_TRY(ht_store_add_attribute(store, model->protocol, &tuple.words[0]));
    HT_TRY(ht_store_add_attribute(store, model->message, &tuple.words[1]));
    HT_TRY(ht_store_add_attribute(store, model->operation, &tuple.words[2]));
    tuple.words[3] = (uint32_t)model->auth;
    if (store->attributes_dropped != dropped) {
        store->attributes_dropped = dropped; /* is counted with each event */
        return HT_OK;
    }
    HT_TRY(ht_tuples_add(&store->memory->groups, &tuple, &kin->group));
    kin->hub = hub;
    kin->kin = variant->kin;
    *known = true;
    return HT_OK;
}

/* Where the event's device and facet would be; they are fetched. */
static enum ht_status prepare(struct ht_store *store, const struct ht_variant *variant,
                              struct step *step) {
    struct ht_store_memory *memory = store->memory;
    struct kin *kin = &memory->kin[variant->kin % KIN_COUNT];
    step->known = kin->kin == variant->kin;
    if (!step->known) {
        ht_names_lock(store->names);
        const enum ht_status status = meet_kin(store, variant, kin, &step->known);
        ht_names_unlock(store->names);
        if (status != HT_OK || !step->known) {
            return status;
        }
    }
    const uint64_t seed = store->names->strings.seed;
    step->device_hash = ht_hash_short(variant->device, seed);
    step->network_hash = ht_hash_short(variant->network, seed);
    step->sdk_hash = ht_hash_short(variant->sdk, seed);
    step->device = key_of(kin->hub, variant->device, step->device_hash, variant->module,
                          ht_hash_short(variant->module, seed));
    step->facet =
        key_of(kin->group, variant->network, step->network_hash, variant->sdk, step->sdk_hash);
    ht_recent_prefetch(&memory->devices, step->device.tag);
    ht_recent_prefetch(&memory->facets, step->facet.tag);
    return HT_OK;
}

static void find_candidates(const struct ht_store *store, struct step *step) {
    if (!step->known) {
        return;
    }
    step->device_entry = ht_recent_candidate(&store->memory->devices, &step->device);
    step->facet_entry = ht_recent_candidate(&store->memory->facets, &step->facet);
    ht_prefetch(step->device_entry.first);
    ht_prefetch(step->facet_entry.first);
    ht_prefetch(step->facet_entry.second);
}

HT_INLINE bool is_new(const struct step *step) {
    return HT_UNLIKELY(!step->known || step->device_entry.tag == 0 || step->facet_entry.tag == 0);
}

/* With the lock: where the texts would be that the caches do not know. */
static void prefetch_names(const struct ht_store *store, const struct step *step) {
    if (step->known && step->device_entry.tag == 0) {
        ht_intern_prefetch(&store->names->strings, step->device_hash);
    }
    if (step->known && step->facet_entry.tag == 0) {
        ht_intern_prefetch(&store->names->strings, step->network_hash);
        ht_intern_prefetch(&store->names->strings, step->sdk_hash);
    }
}

/* Or it was put there by an event of the same batch. */
HT_INLINE bool find(const struct ht_recent *recent, const struct ht_recent_key *key,
                    const struct ht_recent_entry *candidate, uint32_t *number) {
    if (HT_LIKELY(is_entry(candidate, key))) {
        *number = candidate->number;
        return true;
    }
    const struct ht_recent_entry again = ht_recent_candidate(recent, key);
    *number = again.number;
    return is_entry(&again, key);
}

HT_INLINE enum ht_status intern(struct ht_store *store, struct ht_str text, uint64_t hash,
                                uint32_t *id) {
    return text.len > 0 && text.len <= HT_INTERN_LEN_MAX
               ? ht_intern_add_hashed(&store->names->strings, text, hash, id)
               : ht_intern_add(&store->names->strings, text, id);
}

static void lock(struct batch *batch) {
    if (!batch->locked) {
        ht_names_lock(batch->store->names);
        batch->locked = true;
    }
}

/* What is over a ceiling is forgotten and counted. */
static enum ht_status attribute_of(struct ht_store *store, enum ht_status status) {
    store->attributes_dropped += status == HT_E_LIMIT;
    return status == HT_E_LIMIT ? HT_OK : status;
}

static enum ht_status attribute(struct ht_store *store, struct ht_str text, uint64_t hash,
                                uint32_t *id) {
    return attribute_of(store, intern(store, text, hash, id));
}

static enum ht_status device_of(struct batch *batch, const struct ht_variant *variant,
                                const struct step *step, uint32_t *device) {
    struct ht_store *store = batch->store;
    if (step->known && find(&store->memory->devices, &step->device, &step->device_entry, device)) {
        return HT_OK;
    }
    lock(batch);
    if (!step->known) {
        const struct ht_record record = ht_variant_record(variant);
        return ht_store_add_device(store, &record, device);
    }
    struct ht_tuple tuple = {{step->device.group}};
    HT_TRY(intern(store, variant->device, step->device_hash, &tuple.words[1]));
    HT_TRY(ht_intern_add(&store->names->strings, variant->module, &tuple.words[2]));
    HT_TRY(ht_tuples_add(&store->names->devices, &tuple, device));
    ht_recent_put(&store->memory->devices, &step->device,
                  ht_intern_str(&store->names->strings, tuple.words[1]),
                  ht_intern_str(&store->names->strings, tuple.words[2]), *device);
    return HT_OK;
}

static enum ht_status facet_of(struct batch *batch, const struct ht_variant *variant,
                               const struct step *step, uint32_t *facet) {
    struct ht_store *store = batch->store;
    if (step->known && find(&store->memory->facets, &step->facet, &step->facet_entry, facet)) {
        return HT_OK;
    }
    lock(batch);
    if (!step->known) {
        const struct ht_record record = ht_variant_record(variant);
        return ht_store_add_facet(store, &record, facet);
    }
    const uint64_t dropped = store->attributes_dropped;
    const uint32_t *group = store->memory->groups.tuples[step->facet.group].words;
    struct ht_tuple tuple = {{0, group[0], 0, group[1], group[2], group[3]}};
    HT_TRY(attribute(store, variant->sdk, step->sdk_hash, &tuple.words[0]));
    HT_TRY(attribute(store, variant->network, step->network_hash, &tuple.words[2]));
    HT_TRY(attribute_of(store, ht_tuples_add(&store->names->facets, &tuple, facet)));
    if (store->attributes_dropped == dropped) {
        ht_recent_put(&store->memory->facets, &step->facet,
                      ht_intern_str(&store->names->strings, tuple.words[2]),
                      ht_intern_str(&store->names->strings, tuple.words[0]), *facet);
    }
    return HT_OK;
}

static enum ht_status add(struct batch *batch, const struct ht_variant *variant,
                          const struct step *step) {
    struct ht_store *store = batch->store;
    const struct ht_record *model = variant->model;
    struct ht_event *event = NULL;
    uint32_t device = 0;
    uint32_t facet = 0;
    HT_TRY(ht_store_next_event(store, &event));
    HT_TRY(device_of(batch, variant, step, &device));
    HT_TRY(facet_of(batch, variant, step, &facet));
    *event = (struct ht_event){
        .time_us = variant->time_us,
        .device = device,
        .facet = facet,
        .code = model->code,
        .kind = (uint8_t)model->kind,
        .level = (uint8_t)model->level,
        .flags = ht_event_flags(model->flags, model->zone_min),
    };
    store->event_count++;
    return HT_OK;
}

static enum ht_status add_all(struct batch *batch, const struct ht_variant *const *variants,
                              uint64_t *dropped) {
    for (size_t i = 0; i < batch->count; i++) {
        const enum ht_status status = add(batch, variants[i], &batch->steps[i]);
        if (status == HT_E_LIMIT) {
            *dropped |= UINT64_C(1) << i;
        } else if (status != HT_OK) {
            return status;
        }
    }
    return HT_OK;
}

enum ht_status ht_store_add_many(struct ht_store *store, const struct ht_variant *const *variants,
                                 size_t count, uint64_t *dropped) {
    struct step steps[HT_STORE_MANY_MAX];
    struct batch batch = {.store = store, .steps = steps, .count = count};
    HT_ASSERT(count <= HT_STORE_MANY_MAX);
    *dropped = 0;
    HT_TRY(ht_store_make_room(store));
    HT_TRY(remember(store));
    store->is_pending = true;
    for (size_t i = 0; i < count; i++) {
        HT_TRY(prepare(store, variants[i], &steps[i]));
    }
    bool some_new = false;
    for (size_t i = 0; i < count; i++) {
        find_candidates(store, &steps[i]);
        some_new = some_new || is_new(&steps[i]);
    }
    if (some_new) {
        lock(&batch);
        for (size_t i = 0; i < count; i++) {
            prefetch_names(store, &steps[i]);
        }
    }
    const enum ht_status status = add_all(&batch, variants, dropped);
    if (batch.locked) {
        ht_names_unlock(store->names);
    }
    return status;
}
