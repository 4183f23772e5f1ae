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

uint64_t ht_hash_bytes(struct ht_str bytes, uint64_t seed) {
    return ht_hash_short(bytes, seed);
}
