/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_RECENT_H
#define HT_STORE_RECENT_H
/*
 * struct ht_recent - a cache from what a record says to the number that the store has for it: of a
 * device (hub, device, module) or of a facet (group, network, sdk). One line of memory is looked
 * at instead of five tables, and it can be fetched before it is needed.
 *
 * It only ever knows what the store was told: an entry is found by its texts, byte for byte. What
 * it has lost is looked up in the store's own tables.
 */
#include <stdint.h>

#include "base/compiler.h"
#include "base/str.h"
#include "hubtriage/err.h"

/* 32 bytes. */
struct ht_recent_entry {
    uint32_t tag; /* of the hash; 0 = free */
    uint32_t group;
    uint32_t number;
    uint16_t first_len;
    uint16_t second_len;
    const char *first; /* borrowed from the store's strings */
    const char *second;
};

/* A line of memory. */
struct ht_recent_bucket {
    struct ht_recent_entry entries[2];
};

struct ht_recent {
    struct ht_recent_bucket *buckets;
    size_t bucket_count; /* a power of two */
    size_t count;        /* entries that are not free */
};

/* What is looked for. */
struct ht_recent_key {
    uint32_t tag;
    uint32_t group;
    struct ht_str first;
    struct ht_str second;
};

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_recent_init(struct ht_recent *recent);
void ht_recent_release(struct ht_recent *recent);

/* tag of a hash, never 0 */
HT_INLINE uint32_t ht_recent_tag(uint64_t hash) {
    const uint32_t tag = (uint32_t)(hash >> 32);
    return tag != 0 ? tag : 1;
}

/* An entry lies in the bucket of its tag, or in one of the next ones. */
enum { HT_RECENT_PROBES = 4 };

HT_INLINE struct ht_recent_bucket *ht_recent_bucket_of(const struct ht_recent *recent, uint32_t tag,
                                                       uint32_t probe) {
    return &recent->buckets[(tag + probe) & (recent->bucket_count - 1)];
}

HT_INLINE void ht_recent_prefetch(const struct ht_recent *recent, uint32_t tag) {
    ht_prefetch(ht_recent_bucket_of(recent, tag, 0));
}

/* The entry that may be it, but for its texts; tag 0: there is none. */
HT_INLINE struct ht_recent_entry ht_recent_candidate(const struct ht_recent *recent,
                                                     const struct ht_recent_key *key) {
    for (uint32_t i = 0; i < 2 * HT_RECENT_PROBES; i++) {
        const struct ht_recent_entry *entry =
            &ht_recent_bucket_of(recent, key->tag, i / 2)->entries[i % 2];
        if (entry->tag == key->tag && entry->group == key->group &&
            entry->first_len == key->first.len && entry->second_len == key->second.len) {
            return *entry;
        }
        if (entry->tag == 0) {
            break;
        }
    }
    return (struct ht_recent_entry){.tag = 0};
}

/* first and second: the texts of the key as the store has them. */
void ht_recent_put(struct ht_recent *recent, const struct ht_recent_key *key, struct ht_str first,
                   struct ht_str second, uint32_t number);

#endif
