/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_PSEUDONYM_H
#define HT_BASE_PSEUDONYM_H
/*
 * Pseudonyms: a word for the kind of thing, and 16 hexadecimal digits of HMAC-SHA-256 (nettle) of
 * its name. The same key and name give the same digits, whatever is named; without the key, nobody
 * can find a name or confirm a guess. 64 bits: among 4 million names, two of the same digits are
 * found with a probability of 4 in 10 million.
 */
#include <nettle/hmac.h>
#include <stdint.h>

#include "base/str.h"

struct ht_pseudonym_key {
    struct hmac_sha256_ctx hmac;
};

enum ht_pseudonym_kind {
    HT_PSEUDONYM_DEVICE = 0,
    HT_PSEUDONYM_MODULE,
    HT_PSEUDONYM_HUB,
    HT_PSEUDONYM_NETWORK,
    HT_PSEUDONYM_SDK,
    HT_PSEUDONYM_SITE,
    HT_PSEUDONYM_RULE,
    HT_PSEUDONYM_CATEGORY,
    HT_PSEUDONYM_SUBSCRIPTION,
    HT_PSEUDONYM_GROUP,
    HT_PSEUDONYM_FILE,
    HT_PSEUDONYM_KIND_COUNT,
};

/* Longest pseudonym, with the NUL: "subscription-0123456789abcdef". */
enum { HT_PSEUDONYM_BYTES = 32 };

/* The secret has any length; it is not kept. */
void ht_pseudonym_key_init(struct ht_pseudonym_key *key, struct ht_str secret);

/* Pseudonyms of one kind are in the order of their digests. Thread-safe, as the next one. */
uint64_t ht_pseudonym_digest(const struct ht_pseudonym_key *key, struct ht_str name);

/* NUL-terminated. Returns the length. */
size_t ht_pseudonym_write(const struct ht_pseudonym_key *key, enum ht_pseudonym_kind kind,
                          struct ht_str name, char out[HT_PSEUDONYM_BYTES]);

/* True when the text is a pseudonym of that kind. */
bool ht_pseudonym_is_one(enum ht_pseudonym_kind kind, struct ht_str text);

/*
 * ht_pseudonym_path() - a path, or "ARCHIVE!FILE", in which every part is replaced that is not one
 * of the words and dates of an archive of logs (resourceId=, SUBSCRIPTIONS, y=2025, PT1H.json, ...)
 * or an ending such as ".json.gz". Cut to the size (at least 4), NUL-terminated.
 */
void ht_pseudonym_path(const struct ht_pseudonym_key *key, struct ht_str path, char *out,
                       size_t size_bytes);

#endif
