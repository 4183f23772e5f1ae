/* SPDX-License-Identifier: MIT */
#include "input/tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "input/filter.h"

enum ht_status ht_tap_init(struct ht_tap *tap, struct ht_filter *from) {
    *tap = (struct ht_tap){.buffer = malloc(HT_TAP_BYTES)};
    if (tap->buffer == NULL) {
        return HT_E_NOMEM;
    }
    ht_tap_restart(tap, from);
    return HT_OK;
}

void ht_tap_release(struct ht_tap *tap) {
    free(tap->buffer);
    *tap = (struct ht_tap){.buffer = NULL};
}

void ht_tap_restart(struct ht_tap *tap, struct ht_filter *from) {
    *tap = (struct ht_tap){.from = from, .buffer = tap->buffer, .status = HT_OK};
}

/* Make room behind end. */
static void compact(struct ht_tap *tap) {
    if (tap->begin > 0) {
        memmove(tap->buffer, tap->buffer + tap->begin, ht_tap_len(tap));
        tap->end -= tap->begin;
        tap->begin = 0;
    }
}

enum ht_status ht_tap_want(struct ht_tap *tap, size_t count) {
    HT_ASSERT(count <= HT_TAP_BYTES);
    while (ht_tap_len(tap) < count) {
        if (tap->status != HT_OK) {
            return tap->status;
        }
        if (tap->begin + count > HT_TAP_BYTES || tap->begin == tap->end) {
            compact(tap);
        }
        size_t got = 0;
        tap->status = tap->from->read(tap->from, (char *)tap->buffer + tap->end,
                                      HT_TAP_BYTES - tap->end, &got);
        tap->end += got;
    }
    return HT_OK;
}

void ht_tap_take(struct ht_tap *tap, size_t count) {
    HT_ASSERT(count <= ht_tap_len(tap));
    tap->begin += count;
    tap->offset_bytes += count;
}

enum ht_status ht_tap_skip(struct ht_tap *tap, uint64_t count) {
    while (count > 0) {
        HT_TRY(ht_tap_want(tap, 1));
        const size_t part = ht_tap_len(tap) < count ? ht_tap_len(tap) : (size_t)count;
        ht_tap_take(tap, part);
        count -= part;
    }
    return HT_OK;
}

enum ht_status ht_tap_read(struct ht_tap *tap, char *out, size_t size_bytes, size_t *count) {
    const size_t len = ht_tap_len(tap);
    *count = 0;
    if (len > 0) {
        *count = len < size_bytes ? len : size_bytes;
        memcpy(out, ht_tap_ptr(tap), *count);
        ht_tap_take(tap, *count);
        return HT_OK;
    }
    if (tap->status != HT_OK) {
        return tap->status;
    }
    tap->status = tap->from->read(tap->from, out, size_bytes, count);
    tap->offset_bytes += *count;
    return tap->status;
}

uint32_t ht_tap_u16(const struct ht_tap *tap, size_t at) {
    const unsigned char *ptr = ht_tap_ptr(tap) + at;
    return ptr[0] | (uint32_t)ptr[1] << 8;
}

uint32_t ht_tap_u32(const struct ht_tap *tap, size_t at) {
    return ht_tap_u16(tap, at) | ht_tap_u16(tap, at + 2) << 16;
}

uint64_t ht_tap_u64(const struct ht_tap *tap, size_t at) {
    return ht_tap_u32(tap, at) | (uint64_t)ht_tap_u32(tap, at + 4) << 32;
}
