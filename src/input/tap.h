/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_TAP_H
#define HT_INPUT_TAP_H
/*
 * struct ht_tap - the bytes that a filter gives, with a look ahead.
 *
 * Invariants: begin <= end; between them are bytes not yet taken. Once the filter gave another
 * status than HT_OK, it is kept, and given when the bytes before it are taken.
 */
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

struct ht_filter;

/* How far one can look ahead. */
enum { HT_TAP_BYTES = 65536 };

struct ht_tap {
    struct ht_filter *from; /* borrowed */
    unsigned char *buffer;
    size_t begin;
    size_t end;
    enum ht_status status; /* HT_OK while more may come */
    uint64_t offset_bytes; /* of begin */
};

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_tap_init(struct ht_tap *tap, struct ht_filter *from);
void ht_tap_release(struct ht_tap *tap);

/* Forget everything and read another filter, in the same memory. */
void ht_tap_restart(struct ht_tap *tap, struct ht_filter *from);

static inline size_t ht_tap_len(const struct ht_tap *tap) {
    return tap->end - tap->begin;
}

static inline const unsigned char *ht_tap_ptr(const struct ht_tap *tap) {
    return tap->buffer + tap->begin;
}

/* Look at count bytes, at most HT_TAP_BYTES: HT_OK when they are there, or the status that stands
 * before them. */
HT_MUST_CHECK enum ht_status ht_tap_want(struct ht_tap *tap, size_t count);

/* Take count bytes of those that are there. */
void ht_tap_take(struct ht_tap *tap, size_t count);

/* Take count bytes, however many; as ht_tap_want() when they are not there. */
HT_MUST_CHECK enum ht_status ht_tap_skip(struct ht_tap *tap, uint64_t count);

/* As a filter's read(): what is there first, then without a copy. */
HT_MUST_CHECK enum ht_status ht_tap_read(struct ht_tap *tap, char *out, size_t size_bytes,
                                         size_t *count);

/* Numbers at a distance from begin, little-endian; the bytes must be there. */
uint32_t ht_tap_u16(const struct ht_tap *tap, size_t at);
uint32_t ht_tap_u32(const struct ht_tap *tap, size_t at);
uint64_t ht_tap_u64(const struct ht_tap *tap, size_t at);

#endif
