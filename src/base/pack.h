/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_PACK_H
#define HT_BASE_PACK_H
/*
 * Numbers and texts as bytes, the same on every machine: 7 bits of a number a byte, the lowest
 * first; signed ones zigzag; a text behind its length.
 *
 * Reading trusts nothing: behind a mistake everything is 0 or empty, and ht_unpack.bad is set. Read
 * all, then look at it once; a count is to be checked before so many things are made.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/strbuf.h"

/* What follows is written to the buffer, whose status says whether all of it went well. */
void ht_pack_u64(struct ht_strbuf *buf, uint64_t number);
void ht_pack_i64(struct ht_strbuf *buf, int64_t number);
void ht_pack_str(struct ht_strbuf *buf, struct ht_str text);

struct ht_unpack {
    const unsigned char *at;
    const unsigned char *end;
    bool bad;
};

static inline struct ht_unpack ht_unpack_from(struct ht_str bytes) {
    const unsigned char *at = (const unsigned char *)bytes.ptr;
    return (struct ht_unpack){.at = at, .end = bytes.len > 0 ? at + bytes.len : at};
}

/* The rest of a number of more than one byte. */
uint64_t ht_unpack_long(struct ht_unpack *in);

HT_INLINE uint64_t ht_unpack_u64(struct ht_unpack *in) {
    return in->at < in->end && *in->at < 0x80 ? *in->at++ : ht_unpack_long(in);
}

HT_INLINE int64_t ht_unpack_i64(struct ht_unpack *in) {
    const uint64_t number = ht_unpack_u64(in);
    return (int64_t)(number >> 1 ^ (UINT64_C(0) - (number & 1)));
}

/* Borrowed from the bytes. */
struct ht_str ht_unpack_str(struct ht_unpack *in);

/* A number up to that one; a larger one is a mistake. */
uint64_t ht_unpack_upto(struct ht_unpack *in, uint64_t max);

/* How many things of at least min_bytes each follow; more than there are bytes for is a mistake. */
size_t ht_unpack_count(struct ht_unpack *in, size_t min_bytes);

/* True when everything was read, and nothing was wrong. */
static inline bool ht_unpack_is_done(const struct ht_unpack *in) {
    return !in->bad && in->at == in->end;
}

#endif
