/* SPDX-License-Identifier: MIT */
#include "store/recent.h"

#include "base/pages.h"

/* 64 KiB to 32 MiB. */
enum { FIRST_BUCKETS = 1024, BUCKETS_MAX = 512 * 1024, LINE_BYTES = 64 };

_Static_assert(sizeof(void *) != 8 || sizeof(struct ht_recent_bucket) == LINE_BYTES,
               "a bucket is a line of memory");

static struct ht_recent_bucket *new_buckets(size_t count) {
    return ht_pages_new(count * sizeof(struct ht_recent_bucket));
}

static void free_buckets(struct ht_recent *recent) {
    ht_pages_free(recent->buckets, recent->bucket_count * sizeof *recent->buckets);
}

enum ht_status ht_recent_init(struct ht_recent *recent) {
    *recent =
        (struct ht_recent){.buckets = new_buckets(FIRST_BUCKETS), .bucket_count = FIRST_BUCKETS};
    return recent->buckets != NULL ? HT_OK : HT_E_NOMEM;
}

void ht_recent_release(struct ht_recent *recent) {
    free_buckets(recent);
    *recent = (struct ht_recent){.buckets = NULL};
}

/* Where there is room; else in the place of another one. */
static void put(struct ht_recent *recent, const struct ht_recent_entry *entry) {
    for (uint32_t i = 0; i < 2 * HT_RECENT_PROBES; i++) {
        struct ht_recent_entry *place =
            &ht_recent_bucket_of(recent, entry->tag, i / 2)->entries[i % 2];
        if (place->tag == 0) {
            *place = *entry;
            recent->count++;
            return;
        }
    }
    ht_recent_bucket_of(recent, entry->tag, 0)->entries[entry->number % 2] = *entry;
}

/* Twice as many buckets, as long as there is memory for a mere cache. */
static void grow(struct ht_recent *recent) {
    struct ht_recent grown = {.bucket_count = recent->bucket_count * 2};
    grown.buckets = new_buckets(grown.bucket_count);
    if (grown.buckets == NULL) {
        return;
    }
    for (size_t i = 0; i < recent->bucket_count; i++) {
        for (size_t j = 0; j < 2; j++) {
            if (recent->buckets[i].entries[j].tag != 0) {
                put(&grown, &recent->buckets[i].entries[j]);
            }
        }
    }
    free_buckets(recent);
    *recent = grown;
}

void ht_recent_put(struct ht_recent *recent, const struct ht_recent_key *key, struct ht_str first,
                   struct ht_str second, uint32_t number) {
    if (first.len != key->first.len || second.len != key->second.len) {
        return; /* cut when it was interned */
    }
    const struct ht_recent_entry entry = {
        .tag = key->tag,
        .group = key->group,
        .number = number,
        .first_len = (uint16_t)first.len,
        .second_len = (uint16_t)second.len,
        .first = first.ptr,
        .second = second.ptr,
    };
    /* At most 5 entries in 4 buckets. */
    if (recent->count * 4 > recent->bucket_count * 5 && recent->bucket_count < BUCKETS_MAX) {
        grow(recent);
    }
    put(recent, &entry);
}
