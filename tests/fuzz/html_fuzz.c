/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the texts of a log: the page has no tag, attribute or entity but ours, and stays
 * below its size. The input is cut at NUL bytes into texts, which take turns as hub, device,
 * module, SDK, protocol, network and message.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/strbuf.h"
#include "base/time.h"
#include "classify/classify.h"
#include "correlate/correlate.h"
#include "html_strict.h"
#include "report/build.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXTS_MAX = 64, RECORDS = 48, PAGE_BYTES_MAX = 1000000 };

struct texts {
    struct ht_str texts[TEXTS_MAX];
    size_t count;
    size_t next;
};

static void cut(struct ht_str input, struct texts *texts) {
    while (texts->count < TEXTS_MAX && input.len > 0) {
        const char *end = memchr(input.ptr, '\0', input.len);
        const size_t len = end != NULL ? (size_t)(end - input.ptr) : input.len;
        texts->texts[texts->count++] = (struct ht_str){input.ptr, len};
        input.ptr += len + (end != NULL);
        input.len -= len + (end != NULL);
    }
}

static struct ht_str next(struct texts *texts) {
    return texts->count > 0 ? texts->texts[texts->next++ % texts->count] : HT_STR("x");
}

static void fill(struct ht_store *store, struct texts *texts) {
    static const enum ht_event_kind kinds[] = {HT_EVENT_CONNECT, HT_EVENT_DISCONNECT,
                                               HT_EVENT_REFUSED, HT_EVENT_CONNECT,
                                               HT_EVENT_DISCONNECT};
    static const uint32_t codes[] = {0, 404104, 401003, 0, 400027};
    struct ht_str hub = next(texts);
    struct ht_str device = next(texts);
    for (size_t i = 0; i < RECORDS; i++) {
        const size_t kind = i % HT_ARRAY_LEN(kinds);
        const struct ht_record record = {
            .time_us = (INT64_C(1741564800) + (int64_t)i * 97) * HT_US_PER_S,
            .kind = kinds[kind],
            .level = codes[kind] != 0 ? HT_LEVEL_ERROR : HT_LEVEL_NOTE,
            .code = codes[kind],
            .hub = hub,
            .device = device,
            .module = i % 3 == 0 ? next(texts) : HT_STR_NONE,
            .sdk = next(texts),
            .protocol = next(texts),
            .network = next(texts),
            .message = next(texts),
        };
        HT_ASSERT(ht_store_add(store, &record) == HT_OK);
        hub = i % 16 == 15 ? next(texts) : hub;
        device = i % 5 == 4 ? next(texts) : device;
    }
}

static struct ht_report *analyse(struct ht_store *store) {
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

static enum ht_status collect(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    (void)err;
    ht_strbuf_add(ctx, (struct ht_str){bytes, len});
    return HT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct ht_render_options html = {.format = HT_FORMAT_HTML};
    const struct ht_store_limits limits = {.events_max = 1000, .devices_max = 1000};
    struct texts texts = {.count = 0};
    struct ht_store *store = NULL;
    struct ht_strbuf page;
    const struct ht_sink sink = {.write = collect, .ctx = &page};
    cut((struct ht_str){(const char *)data, size}, &texts);
    HT_ASSERT(ht_store_new(&limits, &store) == HT_OK);
    fill(store, &texts);
    struct ht_report *report = analyse(store);
    ht_strbuf_init(&page, SIZE_MAX);
    HT_ASSERT(ht_report_write(report, &html, &sink, NULL) == HT_OK && page.status == HT_OK);
    HT_ASSERT(html_check(ht_strbuf_str(&page)) == NULL);
    HT_ASSERT(page.len < PAGE_BYTES_MAX);
    ht_strbuf_release(&page);
    ht_report_free(report);
    ht_store_free(store);
    return 0;
}
