/* SPDX-License-Identifier: MIT */
/* The lane in plain C, eight bytes at once. */
#include "base/compiler.h"
#include "decode/lane_private.h"

#define LANE_TARGET
#define LANE_RUN ht_lane_run_portable
#define LANE_BYTES 8
#define LANE_FIRST(mask) first_byte(mask)
#define LANE_BELOW(count) below(count)

#define ONES UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* The first byte in memory is the lowest one. */
HT_INLINE uint64_t load(const char *at) {
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

HT_INLINE unsigned first_byte(uint64_t mask) {
    return (unsigned)__builtin_ctzll(mask) / 8;
}

HT_INLINE uint64_t below(size_t count) {
    return count < 8 ? (UINT64_C(1) << (8 * count)) - 1 : UINT64_MAX;
}

/* The high bit of each byte that is 0: exact, no carry goes from one byte to the next. */
HT_INLINE uint64_t zero_bytes(uint64_t word) {
    return ~(((word & ~HIGH_BITS) + ~HIGH_BITS) | word) & HIGH_BITS;
}

HT_INLINE uint64_t lane_differ(const char *a, const char *b) {
    return load(a) ^ load(b);
}

HT_INLINE uint64_t lane_is(const char *at, char c) {
    return zero_bytes(load(at) ^ (ONES * (unsigned char)c));
}

HT_INLINE uint64_t lane_special(const char *at) {
    const uint64_t word = load(at);
    const uint64_t low = word & ~HIGH_BITS;
    const uint64_t control = ~(low + ONES * (0x80 - 0x20)) & HIGH_BITS;
    return zero_bytes(word ^ (ONES * '"')) | zero_bytes(word ^ (ONES * '\\')) | control |
           (word & HIGH_BITS);
}

#include "decode/lane_match.h"
