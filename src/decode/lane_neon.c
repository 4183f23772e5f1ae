/* SPDX-License-Identifier: MIT */
/* The lane in NEON, which every 64-bit ARM has. */
#include "decode/lane_private.h"

#if HT_LANE_HAS_NEON
#include <arm_neon.h>

#include "base/compiler.h"

/* Masks have four bits a byte. */
#define LANE_TARGET
#define LANE_RUN ht_lane_run_neon
#define LANE_BYTES 16
#define LANE_FIRST(mask) ((unsigned)__builtin_ctzll(mask) / 4)
#define LANE_BELOW(count) ((count) < 16 ? (UINT64_C(1) << (4 * (count))) - 1 : UINT64_MAX)

HT_INLINE uint8x16_t load(const char *at) {
    return vld1q_u8((const uint8_t *)(const void *)at);
}

HT_INLINE uint64_t mask_of(uint8x16_t bytes) {
    const uint8x8_t narrow = vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4);
    return vget_lane_u64(vreinterpret_u64_u8(narrow), 0);
}

HT_INLINE uint64_t lane_differ(const char *a, const char *b) {
    return ~mask_of(vceqq_u8(load(a), load(b)));
}

HT_INLINE uint64_t lane_is(const char *at, char c) {
    return mask_of(vceqq_u8(load(at), vdupq_n_u8((uint8_t)c)));
}

HT_INLINE uint64_t lane_special(const char *at) {
    const uint8x16_t bytes = load(at);
    const uint8x16_t quotes =
        vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('"')), vceqq_u8(bytes, vdupq_n_u8('\\')));
    const uint8x16_t others =
        vcltq_s8(vreinterpretq_s8_u8(bytes), vdupq_n_s8(' ')); /* signed: not ASCII, too */
    return mask_of(vorrq_u8(quotes, others));
}

#include "decode/lane_match.h"
#else
/* An empty translation unit is no C. */
typedef int ht_lane_neon_is_absent;
#endif
