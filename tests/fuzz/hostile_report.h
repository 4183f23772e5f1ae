/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_HOSTILE_REPORT_H
#define HT_TESTS_HOSTILE_REPORT_H
/*
 * A report in which any bytes are the texts of a log. The input is cut at NUL bytes into texts,
 * which take turns as hub, device, module, SDK, protocol, network and message.
 */
#include <stdint.h>

#include "base/check.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/time.h"
#include "classify/classify.h"
#include "correlate/correlate.h"
#include "report/build.h"
#include "store/store.h"

enum { HOSTILE_TEXTS_MAX = 64, HOSTILE_RECORDS = 48 };

struct hostile_texts {
    struct ht_str texts[HOSTILE_TEXTS_MAX];
    size_t count;
    size_t next;
};

static inline void hostile_cut(struct ht_str input, struct hostile_texts *texts) {
    while (texts->count < HOSTILE_TEXTS_MAX && input.len > 0) {
        const char *end = memchr(input.ptr, '\0', input.len);
        const size_t len = end != NULL ? (size_t)(end - input.ptr) : input.len;
        texts->texts[texts->count++] = (struct ht_str){input.ptr, len};
        input.ptr += len + (end != NULL);
        input.len -= len + (end != NULL);
    }
}

static inline struct ht_str hostile_next(struct hostile_texts *texts) {
    return texts->count > 0 ? texts->texts[texts->next++ % texts->count] : HT_STR("x");
}

static inline void hostile_fill(struct ht_store *store, struct hostile_texts *texts) {
    static const enum ht_event_kind kinds[] = {HT_EVENT_CONNECT, HT_EVENT_DISCONNECT,
                                               HT_EVENT_REFUSED, HT_EVENT_CONNECT,
                                               HT_EVENT_DISCONNECT};
    static const uint32_t codes[] = {0, 404104, 401003, 0, 400027};
    struct ht_str hub = hostile_next(texts);
    struct ht_str device = hostile_next(texts);
    for (size_t i = 0; i < HOSTILE_RECORDS; i++) {
        const size_t kind = i % HT_ARRAY_LEN(kinds);
        const struct ht_record record = {
            .time_us = (INT64_C(1741564800) + (int64_t)i * 97) * HT_US_PER_S,
            .kind = kinds[kind],
            .level = codes[kind] != 0 ? HT_LEVEL_ERROR : HT_LEVEL_NOTE,
            .code = codes[kind],
            .hub = hub,
            .device = device,
            .module = i % 3 == 0 ? hostile_next(texts) : HT_STR_NONE,
            .sdk = hostile_next(texts),
            .protocol = hostile_next(texts),
            .network = hostile_next(texts),
            .message = hostile_next(texts),
        };
        HT_ASSERT(ht_store_add(store, &record) == HT_OK);
        hub = i % 16 == 15 ? hostile_next(texts) : hub;
        device = i % 5 == 4 ? hostile_next(texts) : device;
    }
}

static inline struct ht_report *hostile_analyse(struct ht_store *store) {
    static const struct ht_selection selection = {.since_us = HT_TIME_NONE,
                                                  .until_us = HT_TIME_NONE};
    struct ht_report_parts parts = {.source_count = 0};
    struct ht_report *report = NULL;
    HT_ASSERT(ht_store_seal(store, NULL, &parts.log) == HT_OK);
    HT_ASSERT(ht_correlate(&parts.log, NULL, &parts.sessions) == HT_OK);
    HT_ASSERT(ht_classify(&parts.log, &parts.sessions, NULL, NULL, &parts.verdicts) == HT_OK);
    HT_ASSERT(ht_report_build(&parts, &selection, NULL, &report) == HT_OK);
    return report;
}

static inline enum ht_status hostile_collect(void *ctx, const char *bytes, size_t len,
                                             struct ht_err *err) {
    (void)err;
    ht_strbuf_add(ctx, (struct ht_str){bytes, len});
    return HT_OK;
}

static inline struct ht_report *hostile_report(const uint8_t *data, size_t size) {
    const struct ht_store_limits limits = {.events_max = 1000, .devices_max = 1000};
    struct hostile_texts texts = {.count = 0};
    struct ht_store *store = NULL;
    hostile_cut((struct ht_str){(const char *)data, size}, &texts);
    HT_ASSERT(ht_store_new(&limits, &store) == HT_OK);
    hostile_fill(store, &texts);
    struct ht_report *report = hostile_analyse(store);
    ht_store_free(store);
    return report;
}

/* The report in that format, to be released. */
static inline void hostile_render(const struct ht_report *report, enum ht_format format,
                                  enum ht_emit emit, struct ht_strbuf *page) {
    const struct ht_render_options options = {.format = format, .emit = emit, .verbose = true};
    const struct ht_sink sink = {.write = hostile_collect, .ctx = page};
    ht_strbuf_init(page, SIZE_MAX);
    HT_ASSERT(ht_report_write(report, &options, &sink, NULL) == HT_OK && page->status == HT_OK);
}

/* What a terminal may be shown, on lines. */
static inline void hostile_check_plain(struct ht_str text) {
    uint32_t c = 0;
    for (size_t used = 0; text.len > 0; text.ptr += used, text.len -= used) {
        used = ht_utf8_decode(text, &c);
        HT_ASSERT(used > 0 && (c == '\n' || ht_text_is_plain(c)));
    }
}

/* Takes a line without its end; false at the end of the text. */
static inline bool hostile_line(struct ht_str *text, struct ht_str *line) {
    if (text->len == 0) {
        return false;
    }
    const char *end = memchr(text->ptr, '\n', text->len);
    HT_ASSERT(end != NULL);
    *line = (struct ht_str){text->ptr, (size_t)(end - text->ptr)};
    text->ptr += line->len + 1;
    text->len -= line->len + 1;
    return true;
}

#endif
