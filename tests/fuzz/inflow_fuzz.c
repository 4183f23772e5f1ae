/* SPDX-License-Identifier: MIT */
/* Layers: in steps of any size the same comes out. First byte: that size. */
#include "base/hash.h"
#include "feed.h"
#include "input/inflow.h"

enum { OUT_BYTES_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fingerprint of what comes out; 0 of a bomb. */
static uint64_t unpack(int fd, size_t step) {
    static char block[4096];
    struct ht_inflow inflow;
    struct ht_member member = {.problem = NULL};
    uint64_t sum = 0;
    size_t count = 0;
    size_t total = 0;
    size_t tag = 0;
    ht_inflow_init(&inflow);
    enum ht_status status = ht_inflow_open(&inflow, fd);
    do {
        const bool text = status == HT_OK && member.problem == NULL && !inflow.too_deep &&
                          !ht_inflow_is_archive(&inflow);
        while (text && total < OUT_BYTES_MAX &&
               (status = ht_inflow_read(&inflow, block, step, &count)) == HT_OK) {
            for (size_t i = 0; i < count; i++, total++) {
                sum = ht_hash_mix(sum, (unsigned char)block[i]);
            }
        }
        sum = ht_hash_mix(sum, status + inflow.trouble.offset_bytes);
        status = ht_inflow_has_archive(&inflow) ? ht_inflow_next(&inflow, &member, &tag) : HT_END;
    } while (total < OUT_BYTES_MAX && ht_inflow_has_archive(&inflow));
    ht_inflow_release(&inflow);
    return total < OUT_BYTES_MAX ? sum : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint64_t sums[2] = {0, 0};
    for (int i = 0; i < 2 && size > 1 && size <= FEED_BYTES_MAX; i++) {
        const int fd = feed_pipe(data + 1, size - 1);
        sums[i] = unpack(fd, i == 0 ? 4096 : data[0] + 1U);
        (void)close(fd);
    }
    HT_ASSERT(sums[0] == sums[1]);
    return 0;
}
