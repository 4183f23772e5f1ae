/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_HASH_H
#define HT_BASE_HASH_H
/*
 * Hashing for our own tables. The seed is random per process, so that a device cannot choose names
 * that collide; nothing that is printed may depend on hash order.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/str.h"

/* A seed for a new table, from the operating system. */
uint64_t ht_hash_seed(void);

/* 64 well-mixed bits of the bytes. About 8 bytes per multiplication. */
uint64_t ht_hash_bytes(struct ht_str bytes, uint64_t seed);

/* Mixes two words: the 128-bit product folded, as in wyhash and its relatives. */
HT_INLINE uint64_t ht_hash_mix(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 u128;
    const u128 product =
        (u128)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xD1B54A32D192ED03));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

HT_INLINE uint64_t ht_hash_load(const char *at, size_t len) {
    uint64_t word = 0;
    uint32_t half = 0;
    if (len == 8) {
        memcpy(&word, at, 8);
        return word;
    }
    memcpy(&half, at, 4);
    return half;
}

/* ht_hash_bytes(), to be inlined where names are short. No input makes a factor 0 that does not
 * know the seed. */
HT_INLINE uint64_t ht_hash_short(struct ht_str bytes, uint64_t seed) {
    const char *at = bytes.ptr;
    size_t left = bytes.len;
    uint64_t hash = ht_hash_mix(seed, left);
    uint64_t first = 0;
    uint64_t last = 0;
    for (; left > 16; left -= 16, at += 16) {
        hash = ht_hash_mix(hash ^ ht_hash_load(at, 8), seed ^ ht_hash_load(at + 8, 8));
    }
    if (left >= 8) {
        first = ht_hash_load(at, 8);
        last = ht_hash_load(at + left - 8, 8);
    } else if (left >= 4) {
        first = ht_hash_load(at, 4);
        last = ht_hash_load(at + left - 4, 4);
    } else if (left > 0) {
        first = (uint64_t)(unsigned char)at[0] << 16 | (uint64_t)(unsigned char)at[left / 2] << 8 |
                (unsigned char)at[left - 1];
    }
    return ht_hash_mix(hash ^ first, seed ^ last);
}

#endif
