/* SPDX-License-Identifier: MIT */
/*
 * Time of the stages of reading, in one thread and one process, so that the figures may be compared
 * with one another: seconds of CPU and of wall time per GB of text.
 *
 * Usage: reading FILE [ROUNDS [STAGE]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "decode/decoder.h"
#include "input/reader.h"
#include "input/stream.h"
#include "store/store.h"

enum { MANY = 64 };

struct bench {
    struct ht_decoder *decoder;
    struct ht_store *store; /* NULL: none */
    uint64_t records;
    uint64_t quick;
    uint64_t sum; /* of what was decoded: all ways must give the same */
};

static double seconds(clockid_t clock) {
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static enum ht_status take(struct bench *bench, const struct ht_decoded *decoded) {
    bench->records++;
    if (decoded->kind != HT_DECODED_EVENT) {
        return HT_OK;
    }
    bench->sum += (uint64_t)decoded->record.time_us + decoded->record.device.len;
    return bench->store != NULL ? ht_store_add(bench->store, &decoded->record) : HT_OK;
}

static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct bench *bench = ctx;
    struct ht_decoded decoded;
    struct ht_quick quick[MANY];
    size_t count = 0;
    if (frame->many && !frame->row) {
        count = ht_decode_run(bench->decoder, frame->text, quick, MANY, &answer->consumed);
    }
    const struct ht_variant *events[MANY];
    size_t event_count = 0;
    uint64_t dropped = 0;
    for (size_t i = 0; i < count; i++) {
        if (quick[i].model->decoded.kind == HT_DECODED_EVENT) {
            events[event_count++] = &quick[i].variant;
            bench->sum += (uint64_t)quick[i].variant.time_us + quick[i].variant.device.len;
        }
    }
    bench->records += count;
    if (bench->store != NULL) {
        HT_TRY(ht_store_add_many(bench->store, events, event_count, &dropped));
    }
    bench->quick += count;
    if (count > 0) {
        answer->kind = HT_FRAME_RECORD;
        answer->count = count;
        return HT_OK;
    }
    HT_TRY(frame->row ? ht_decode_row(bench->decoder, frame->text, frame->resync, &decoded)
                      : ht_decode(bench->decoder, frame->text, &decoded));
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
    answer->kind = kinds[decoded.kind];
    answer->consumed = decoded.consumed;
    answer->why = decoded.why;
    answer->holder = decoded.holder;
    answer->headless = decoded.headless;
    return answer->kind == HT_FRAME_RECORD ? take(bench, &decoded) : HT_OK;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    (void)ctx;
    (void)bad;
}

/* The bytes alone. */
static enum ht_status read_only(struct ht_source_list *list) {
    struct ht_stream stream;
    enum ht_status status = HT_OK;
    ht_stream_init(&stream, list, 256 * 1024);
    while ((status = ht_stream_join(&stream)) == HT_OK) {
        while (!ht_stream_source_ended(&stream)) {
            HT_TRY(ht_stream_fill(&stream, 256 * 1024));
            ht_stream_consume(&stream, ht_stream_window(&stream).len);
        }
    }
    ht_stream_release(&stream);
    return status == HT_END ? HT_OK : status;
}

static enum ht_status read_all(struct bench *bench, struct ht_source_list *list) {
    const struct ht_reader_callbacks callbacks = {.ctx = bench, .frame = on_frame, .bad = on_bad};
    const struct ht_reader_limits limits = {.record_bytes_max = 1024 * 1024};
    uint64_t not_records = 0;
    return ht_read(list, &limits, &callbacks, &not_records);
}

static void measure(const char *name, const char *file, enum ht_lane_code code, bool store,
                    const char *only) {
    if (only != NULL && strcmp(only, name) != 0) {
        return;
    }
    const struct ht_store_limits limits = {.events_max = 400000000, .devices_max = 4000000};
    struct bench bench = {.records = 0};
    struct ht_source_list list = {0};
    struct ht_err err = {.status = HT_OK};
    HT_ASSERT(ht_source_list_add_path(&list, file, &err) == HT_OK);
    HT_ASSERT(ht_decoder_new(&bench.decoder, HT_DATE_ORDER_PROVEN) == HT_OK);
    if (!ht_decoder_use(bench.decoder, code)) {
        return;
    }
    if (store) {
        HT_ASSERT(ht_store_new(&limits, &bench.store) == HT_OK);
    }
    const double wall = seconds(CLOCK_MONOTONIC);
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    HT_ASSERT((name[0] == 'r' ? read_only(&list) : read_all(&bench, &list)) == HT_OK);
    const double gigabytes = (double)list.sources[0].bytes / 1e9;
    printf("%-24s cpu %6.3f wall %6.3f s/GB  records %llu  fast lane %.2f %%  sum %llx\n", name,
           (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / gigabytes,
           (seconds(CLOCK_MONOTONIC) - wall) / gigabytes, (unsigned long long)bench.records,
           bench.records > 0 ? 100.0 * (double)bench.quick / (double)bench.records : 0,
           (unsigned long long)bench.sum);
    ht_store_free(bench.store);
    ht_decoder_free(bench.decoder);
    ht_source_list_release(&list);
}

int main(int argc, char **argv) {
    const int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 3;
    const char *only = argc > 3 ? argv[3] : NULL;
    if (argc < 2) {
        fputs("usage: reading FILE [ROUNDS [STAGE]]\n", stderr);
        return 2;
    }
    for (int i = 0; i < rounds; i++) {
        measure("read only", argv[1], HT_LANE_OFF, false, only);
        measure("scan, avx2", argv[1], HT_LANE_AVX2, false, only);
        measure("scan, neon", argv[1], HT_LANE_NEON, false, only);
        measure("scan, portable", argv[1], HT_LANE_PORTABLE, false, only);
        measure("scan, general", argv[1], HT_LANE_OFF, false, only);
        measure("scan + store, best", argv[1], HT_LANE_BEST, true, only);
        measure("scan + store, general", argv[1], HT_LANE_OFF, true, only);
    }
    return 0;
}
