/* SPDX-License-Identifier: MIT */
#include "archive/archive_block.h"

#include <stdlib.h>
#include <zstd.h>

#include "base/compiler.h"
#include "base/large.h"
#include "base/pack.h"
#include "model/event_order.h"

enum { LEVEL = 3, EVENT_BYTES_MAX = 40, EVENT_BYTES_MIN = 5 };

/* Units of time, the coarsest first. */
static const int64_t units_us[] = {1000000, 1000, 1};

int ht_block_compare(const struct ht_event *a, const struct ht_event *b) {
    if (a->device != b->device) {
        return a->device < b->device ? -1 : 1;
    }
    return ht_event_compare(a, b);
}

static int compare(const void *left, const void *right) {
    return ht_block_compare(left, right);
}

size_t ht_block_sort(struct ht_event *events, size_t count) {
    size_t kept = 0;
    if (count > 1) {
        qsort(events, count, sizeof *events, compare);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || ht_block_compare(&events[kept - 1], &events[i]) != 0) {
            events[kept++] = events[i];
        }
    }
    return kept;
}

static size_t coarsest_unit(const struct ht_event *events, size_t count) {
    size_t unit = 0;
    for (size_t i = 0; i < count; i++) {
        while (events[i].time_us % units_us[unit] != 0) {
            unit++;
        }
    }
    return unit;
}

/* Kind, level and flags: two bits each, and four. */
static uint64_t traits_of(const struct ht_event *event) {
    return (uint64_t)(event->kind & 3U) | (event->level & 3U) << 2 | (event->flags & 0xFU) << 4;
}

static void pack_times(struct ht_strbuf *out, const struct ht_event *events, size_t count,
                       int64_t hour) {
    const size_t unit = coarsest_unit(events, count);
    ht_pack_u64(out, unit);
    for (size_t i = 0; i < count; i++) {
        const bool goes_on = i > 0 && events[i].device == events[i - 1].device;
        const int64_t from_us = goes_on ? events[i - 1].time_us : hour * HT_BLOCK_US;
        ht_pack_u64(out, (uint64_t)((events[i].time_us - from_us) / units_us[unit]));
    }
}

static void pack_columns(struct ht_strbuf *out, const struct ht_event *events, size_t count,
                         int64_t hour) {
    ht_pack_u64(out, count);
    for (size_t i = 0; i < count; i++) {
        ht_pack_u64(out, events[i].device - (i > 0 ? events[i - 1].device : 0));
    }
    pack_times(out, events, count, hour);
    for (size_t i = 0; i < count; i++) {
        ht_pack_i64(out, (int64_t)events[i].facet - (i > 0 ? (int64_t)events[i - 1].facet : 0));
    }
    for (size_t i = 0; i < count; i++) {
        ht_pack_u64(out, traits_of(&events[i]));
    }
    for (size_t i = 0; i < count; i++) {
        ht_pack_u64(out, events[i].code);
    }
}

enum ht_status ht_block_pack(const struct ht_event *events, size_t count, int64_t hour,
                             struct ht_strbuf *out) {
    struct ht_strbuf columns;
    ht_strbuf_init(&columns, (size_t)HT_BLOCK_EVENTS_MAX * EVENT_BYTES_MAX);
    pack_columns(&columns, events, count, hour);
    const size_t room = ZSTD_compressBound(columns.len);
    char *bytes = columns.status == HT_OK ? malloc(room) : NULL;
    const size_t len =
        bytes != NULL ? ZSTD_compress(bytes, room, columns.ptr, columns.len, LEVEL) : 0;
    ht_strbuf_clear(out);
    const bool good = bytes != NULL && !ZSTD_isError(len);
    if (good) {
        ht_strbuf_add(out, (struct ht_str){bytes, len});
    }
    free(bytes);
    ht_strbuf_release(&columns);
    return good ? out->status : HT_E_NOMEM;
}

static void unpack_times(struct ht_unpack *in, struct ht_event *events, size_t count,
                         int64_t hour) {
    const int64_t unit_us = units_us[ht_unpack_upto(in, HT_ARRAY_LEN(units_us) - 1)];
    const uint64_t most = (uint64_t)((HT_BLOCK_US - 1) / unit_us);
    for (size_t i = 0; i < count; i++) {
        const bool goes_on = i > 0 && events[i].device == events[i - 1].device;
        const int64_t from_us = goes_on ? events[i - 1].time_us : hour * HT_BLOCK_US;
        events[i].time_us = from_us + (int64_t)ht_unpack_upto(in, most) * unit_us;
        in->bad = in->bad || events[i].time_us - hour * HT_BLOCK_US >= HT_BLOCK_US;
        if (in->bad) {
            return;
        }
    }
}

static void unpack_columns(struct ht_unpack *in, int64_t hour, const struct ht_block_bounds *bounds,
                           struct ht_event *events, size_t count) {
    uint64_t device = 0;
    for (size_t i = 0; i < count; i++) {
        device += ht_unpack_upto(in, UINT32_MAX);
        in->bad = in->bad || device >= bounds->devices;
        events[i].device = (uint32_t)device;
    }
    unpack_times(in, events, count, hour);
    int64_t facet = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t step = ht_unpack_i64(in);
        in->bad = in->bad || step > UINT32_MAX || step < -(int64_t)UINT32_MAX;
        facet += in->bad ? 0 : step;
        in->bad = in->bad || facet < 0 || (uint64_t)facet >= bounds->facets;
        events[i].facet = (uint32_t)facet;
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t traits = ht_unpack_upto(in, UINT8_MAX);
        events[i].kind = (uint8_t)(traits & 3);
        events[i].level = (uint8_t)(traits >> 2 & 3);
        events[i].flags = (uint16_t)(traits >> 4);
        in->bad = in->bad || events[i].level >= HT_LEVEL_COUNT;
    }
    for (size_t i = 0; i < count; i++) {
        events[i].code = (uint32_t)ht_unpack_upto(in, UINT32_MAX);
    }
}

static enum ht_status unpack_text(struct ht_str text, int64_t hour,
                                  const struct ht_block_bounds *bounds, struct ht_event **events,
                                  size_t *count) {
    struct ht_unpack in = ht_unpack_from(text);
    const size_t found = ht_unpack_count(&in, EVENT_BYTES_MIN);
    struct ht_event *made = ht_large_alloc(found, sizeof *made);
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    unpack_columns(&in, hour, bounds, made, found);
    bool good = ht_unpack_is_done(&in);
    for (size_t i = 1; i < found && good; i++) {
        good = ht_block_compare(&made[i - 1], &made[i]) < 0;
    }
    if (!good) {
        free(made);
        return HT_E_DATA;
    }
    *events = made;
    *count = found;
    return HT_OK;
}

enum ht_status ht_block_unpack(struct ht_str data, int64_t hour,
                               const struct ht_block_bounds *bounds, struct ht_event **events,
                               size_t *count) {
    const unsigned long long size = ZSTD_getFrameContentSize(data.ptr, data.len);
    *events = NULL;
    *count = 0;
    /* No column shrinks by more than this: a bomb is refused before it goes off. */
    const unsigned long long most = ((unsigned long long)data.len + 1) << 16;
    if (data.len == 0 || size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > most || hour < -(INT64_C(1) << 31) || hour > INT64_C(1) << 31) {
        return HT_E_DATA;
    }
    char *text = malloc((size_t)size + 1);
    if (text == NULL) {
        return HT_E_NOMEM;
    }
    const size_t len = ZSTD_decompress(text, (size_t)size, data.ptr, data.len);
    const enum ht_status status =
        ZSTD_isError(len) || len != size
            ? HT_E_DATA
            : unpack_text((struct ht_str){text, len}, hour, bounds, events, count);
    free(text);
    return status;
}
