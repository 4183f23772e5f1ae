/* SPDX-License-Identifier: MIT */
/* A block of the archive, as somebody may have changed it: refused, or the very events that make it
 * again. The first bytes are the bounds of its numbers. */
#include <stdint.h>
#include <stdlib.h>
#include <zstd.h>

#include "archive/archive_block.h"
#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Columns as they are: the frame around them would hide them from a fuzzer. */
static struct ht_str pack_frame(const uint8_t *data, size_t size, char **memory) {
    const size_t room = ZSTD_compressBound(size);
    *memory = malloc(room);
    HT_ASSERT(*memory != NULL);
    const size_t len = ZSTD_compress(*memory, room, data, size, 1);
    HT_ASSERT(!ZSTD_isError(len));
    return (struct ht_str){*memory, len};
}

static void try_block(struct ht_str block, const struct ht_block_bounds *bounds) {
    struct ht_event *events = NULL;
    struct ht_event *again = NULL;
    size_t count = 0;
    size_t again_count = 0;
    const int64_t hour = 483766;
    if (ht_block_unpack(block, hour, bounds, &events, &count) == HT_OK) {
        struct ht_strbuf packed;
        ht_strbuf_init(&packed, SIZE_MAX / 4);
        HT_ASSERT(ht_block_pack(events, count, hour, &packed) == HT_OK);
        HT_ASSERT(ht_block_unpack(ht_strbuf_str(&packed), hour, bounds, &again, &again_count) ==
                  HT_OK);
        HT_ASSERT(count == again_count);
        for (size_t i = 0; i < count; i++) {
            HT_ASSERT(ht_block_compare(&events[i], &again[i]) == 0);
            HT_ASSERT(events[i].device < bounds->devices && events[i].facet < bounds->facets);
            HT_ASSERT(ht_block_hour(events[i].time_us) == hour);
        }
        ht_strbuf_release(&packed);
    }
    free(events);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2 || size > 64 * 1024) {
        return 0;
    }
    const struct ht_block_bounds bounds = {.devices = data[0] + 1U, .facets = data[1] + 1U};
    char *memory = NULL;
    try_block((struct ht_str){(const char *)data + 2, size - 2}, &bounds);
    try_block(pack_frame(data + 2, size - 2, &memory), &bounds);
    free(memory);
    return 0;
}
