/* SPDX-License-Identifier: MIT */
/* The lane in AVX2, chosen at run time. */
#include "decode/lane_private.h"

#if HT_LANE_HAS_AVX2
#include <immintrin.h>

#include "base/compiler.h"
#include "decode/escaped.h"

#define LANE_TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define LANE_RUN ht_lane_run_avx2
#define LANE_BYTES 32
#define LANE_FIRST(mask) (unsigned)__builtin_ctzll(mask)
#define LANE_BELOW(count) ((UINT64_C(1) << (count)) - 1)
#define LANE_ANY_END any_end_fast

LANE_TARGET HT_INLINE __m256i load(const char *at) {
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

LANE_TARGET HT_INLINE uint64_t mask_of(__m256i bytes) {
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

LANE_TARGET HT_INLINE uint64_t lane_differ(const char *a, const char *b) {
    return mask_of(_mm256_cmpeq_epi8(load(a), load(b))) ^ UINT32_MAX;
}

LANE_TARGET HT_INLINE uint64_t lane_is(const char *at, char c) {
    return mask_of(_mm256_cmpeq_epi8(load(at), _mm256_set1_epi8(c)));
}

/* Signed: what is not ASCII is less than a space, too. */
LANE_TARGET HT_INLINE __m256i below_space(__m256i bytes) {
    return _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), bytes);
}

LANE_TARGET HT_INLINE uint64_t lane_special(const char *at) {
    const __m256i bytes = load(at);
    return mask_of(
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')),
                                        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'))),
                        below_space(bytes)));
}

/* 64 bytes of a string. */
struct quotes {
    uint64_t quote;
    uint64_t backslash;
    uint64_t wrong; /* control characters, not ASCII */
};

LANE_TARGET HT_INLINE struct quotes quotes_at(const char *at) {
    const __m256i low = load(at);
    const __m256i high = load(at + 32);
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    return (struct quotes){
        .quote = mask_of(_mm256_cmpeq_epi8(low, quote)) | mask_of(_mm256_cmpeq_epi8(high, quote))
                                                              << 32,
        .backslash = mask_of(_mm256_cmpeq_epi8(low, backslash)) |
                     mask_of(_mm256_cmpeq_epi8(high, backslash)) << 32,
        .wrong = mask_of(below_space(low)) | mask_of(below_space(high)) << 32,
    };
}

LANE_TARGET static const char *any_end_slow(const char *at, const char *end);

/* The quote that ends a string; NULL when it is not there, or the text is wrong. */
LANE_TARGET HT_INLINE const char *any_end_fast(const char *at, const char *end) {
    uint64_t carry = 0;
    for (const char *block = at; end - block >= 64; block += 64) {
        const struct quotes quotes = quotes_at(block);
        const uint64_t escaped = ht_escaped_bytes(quotes.backslash, &carry);
        const uint64_t ends = quotes.quote & ~escaped;
        const uint64_t until = ends ^ (ends - 1); /* all, when there is none */
        const uint64_t odd = quotes.wrong | (escaped & ~(quotes.quote | quotes.backslash));
        if (HT_UNLIKELY((odd & until) != 0)) {
            break;
        }
        if (ends != 0) {
            return block + LANE_FIRST(ends);
        }
    }
    return any_end_slow(at, end);
}

#include "decode/lane_match.h"
#else
/* An empty translation unit is no C. */
typedef int ht_lane_avx2_is_absent;
#endif
