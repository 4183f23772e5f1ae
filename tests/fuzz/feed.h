/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_FEED_H
#define HT_TESTS_FEED_H
/* Bytes to records through reader and decoder, as the coordinator does it, with a fingerprint of
 * everything that was found. */
#include <stdint.h>
#include <unistd.h>

#include "base/check.h"
#include "base/hash.h"
#include "decode/decoder.h"
#include "input/reader.h"

/* What a pipe holds before its writer waits. */
enum { FEED_BYTES_MAX = 32768 };

struct feed {
    struct ht_source_list list;
    struct ht_decoder *decoder;
    uint64_t records; /* fingerprint of the records, in their order */
    uint64_t bad;     /* count of the bad ones */
    uint64_t bad_places;
    uint64_t not_records;
    uint64_t refused; /* sources that are something else */
};

static inline int feed_pipe(const uint8_t *bytes, size_t size) {
    int ends[2];
    HT_ASSERT(size <= FEED_BYTES_MAX && pipe(ends) == 0);
    HT_ASSERT(write(ends[1], bytes, size) == (ssize_t)size && close(ends[1]) == 0);
    return ends[0];
}

static inline void feed_add(struct feed *feed, const uint8_t *bytes, size_t size) {
    HT_ASSERT(ht_source_list_add_fd(&feed->list, feed_pipe(bytes, size), "-", NULL) == HT_OK);
}

static inline void feed_mix(uint64_t *sum, struct ht_str text) {
    *sum = ht_hash_mix(*sum, ht_hash_bytes(text, 1));
}

static inline void feed_take(struct feed *feed, const struct ht_record *record) {
    const struct ht_str texts[] = {record->hub,      record->device,   record->module,
                                   record->sdk,      record->network,  record->message,
                                   record->protocol, record->operation};
    const uint64_t numbers[] = {(uint64_t)record->time_us, record->kind, record->level,
                                record->code, record->auth};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        feed_mix(&feed->records, texts[i]);
    }
    feed_mix(&feed->records, (struct ht_str){(const char *)numbers, sizeof numbers});
}

static inline void feed_answer(struct feed *feed, const struct ht_decoded *decoded,
                               struct ht_frame_answer *answer) {
    static const enum ht_frame_kind kinds[] = {
        [HT_DECODED_EVENT] = HT_FRAME_RECORD,
        [HT_DECODED_OTHER_SERVICE] = HT_FRAME_RECORD,
        [HT_DECODED_OTHER_RECORD] = HT_FRAME_RECORD,
        [HT_DECODED_NOT_RECORD] = HT_FRAME_VALUE,
        [HT_DECODED_BAD_RECORD] = HT_FRAME_BAD_RECORD,
        [HT_DECODED_WRAPPER] = HT_FRAME_WRAPPER,
        [HT_DECODED_ROWS] = HT_FRAME_ROWS,
        [HT_DECODED_MORE] = HT_FRAME_MORE,
        [HT_DECODED_NOT_JSON] = HT_FRAME_NOT_JSON,
    };
    answer->kind = kinds[decoded->kind];
    answer->consumed = decoded->consumed;
    answer->why = decoded->why;
    answer->holder = decoded->holder;
    answer->headless = decoded->headless;
    answer->part = decoded->part;
    answer->bad = decoded->kind == HT_DECODED_BAD_RECORD ? decoded->bad : HT_BAD_SYNTAX;
    if (decoded->kind == HT_DECODED_EVENT) {
        feed_take(feed, &decoded->record);
    }
}

static inline enum ht_status feed_frame(void *ctx, const struct ht_frame *frame,
                                        struct ht_frame_answer *answer) {
    struct feed *feed = ctx;
    struct ht_decoded decoded;
    HT_TRY(frame->row ? ht_decode_row(feed->decoder, frame->text, frame->resync, &decoded)
                      : ht_decode(feed->decoder, frame->text, &decoded));
    feed_answer(feed, &decoded, answer);
    return HT_OK;
}

static inline enum ht_status feed_columns(void *ctx, struct ht_str text) {
    struct feed *feed = ctx;
    return ht_decode_columns(feed->decoder, text);
}

static inline enum ht_status feed_header(void *ctx, const struct ht_cells *names,
                                         struct ht_header_answer *answer) {
    struct feed *feed = ctx;
    struct ht_decoded_header header;
    HT_TRY(ht_decode_header(feed->decoder, names->cells, names->count, &header));
    answer->log = header.log;
    answer->problem = header.problem;
    return HT_OK;
}

static inline enum ht_status feed_cells(void *ctx, const struct ht_cells *cells,
                                        struct ht_frame_answer *answer) {
    struct feed *feed = ctx;
    struct ht_decoded decoded;
    HT_TRY(ht_decode_cells(feed->decoder, cells->cells, cells->count, &decoded));
    feed_answer(feed, &decoded, answer);
    return HT_OK;
}

static inline void feed_bad(void *ctx, const struct ht_bad_record *bad) {
    struct feed *feed = ctx;
    const uint64_t numbers[] = {bad->reason, bad->source, bad->record, bad->offset_bytes};
    HT_ASSERT(bad->why != NULL);
    feed_mix(&feed->bad_places, (struct ht_str){(const char *)numbers, sizeof numbers});
    feed->bad++;
}

/* Read what was added; the feed is then released. */
static inline void feed_run(struct feed *feed, size_t block_bytes, size_t record_bytes_max) {
    const struct ht_reader_limits limits = {.block_bytes = block_bytes,
                                            .record_bytes_max = record_bytes_max};
    const struct ht_reader_callbacks callbacks = {.ctx = feed,
                                                  .frame = feed_frame,
                                                  .columns = feed_columns,
                                                  .header = feed_header,
                                                  .cells = feed_cells,
                                                  .bad = feed_bad};
    HT_ASSERT(ht_decoder_new(&feed->decoder, HT_DATE_ORDER_PROVEN) == HT_OK);
    HT_ASSERT(ht_read(&feed->list, &limits, &callbacks, &feed->not_records) == HT_OK);
    ht_decoder_free(feed->decoder);
    for (size_t i = 0; i < feed->list.count; i++) {
        feed->refused += feed->list.sources[i].problem[0] != '\0';
        (void)close(feed->list.sources[i].fd);
    }
    ht_source_list_release(&feed->list);
}

#endif
