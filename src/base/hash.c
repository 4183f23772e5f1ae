/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t ht_hash_seed(void) {
    uint64_t seed = 0;
    const int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        const ssize_t got = read(fd, &seed, sizeof seed);
        (void)close(fd);
        if (got == (ssize_t)sizeof seed) {
            return seed;
        }
    }
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return ht_hash_mix((uint64_t)now.tv_nsec, (uint64_t)(uintptr_t)&now ^ (uint64_t)now.tv_sec);
}

static uint64_t load_word(const char *at, size_t len) {
    uint64_t word = 0;
    memcpy(&word, at, len);
    return word;
}

uint64_t ht_hash_bytes(struct ht_str bytes, uint64_t seed) {
    uint64_t hash = ht_hash_mix(seed, bytes.len);
    size_t at = 0;
    for (; bytes.len - at > 8; at += 8) {
        hash = ht_hash_mix(hash, load_word(bytes.ptr + at, 8));
    }
    if (bytes.len > at) {
        hash = ht_hash_mix(hash, load_word(bytes.ptr + at, bytes.len - at));
    }
    return ht_hash_mix(hash, seed);
}
