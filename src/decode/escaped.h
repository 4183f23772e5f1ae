/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_ESCAPED_H
#define HT_DECODE_ESCAPED_H
#include <stdint.h>

#include "base/compiler.h"

/* Bytes that a backslash before them escapes; *carry: the first byte is one, and then the first of
 * the next block. (Runs of backslashes by subtraction, as in simdjson.) */
HT_INLINE uint64_t ht_escaped_bytes(uint64_t backslash, uint64_t *carry) {
    const uint64_t odd = UINT64_C(0xAAAAAAAAAAAAAAAA);
    const uint64_t begins = backslash & ~*carry;
    const uint64_t series = ((begins << 1) | odd) - begins;
    const uint64_t codes = series ^ odd;
    const uint64_t escaped = codes ^ (backslash | *carry);
    *carry = (codes & backslash) >> 63;
    return escaped;
}

#endif
