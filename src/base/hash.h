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

#endif
