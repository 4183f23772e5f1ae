/* SPDX-License-Identifier: MIT */
/* Pieces that are proven, pieces that are not, and who hears of the progress. That the results are
 * the same is shown by tests/threads and a fuzz target. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "pipeline/testing.h"

static void add_record(struct ht_strbuf *text, unsigned number) {
    ht_strbuf_printf(text,
                     "{\"time\":\"2025-03-10T00:%02u:%02uZ\",\"operationName\":\"deviceConnect\","
                     "\"category\":\"Connections\",\"level\":\"Information\",\"resourceId\":\"/"
                     "SUBSCRIPTIONS/X/RESOURCEGROUPS/Y/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/H\","
                     "\"properties\":\"{\\\"deviceId\\\":\\\"d%u\\\"}\"}",
                     number / 60 % 60, number % 60, number % 7);
}

static void add_lines(struct ht_strbuf *text, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        add_record(text, i);
        ht_strbuf_putc(text, '\n');
    }
}

struct run {
    enum ht_status status;
    uint64_t events;
    uint64_t bad;
    struct ht_conducted conducted;
};

static struct run run(const struct ht_options *options, const struct ht_strbuf *text,
                      unsigned threads, uint64_t chunk_bytes) {
    char path[] = "/tmp/hubtriage-test-XXXXXX";
    struct run result = {.status = HT_OK};
    struct ht_report *report = NULL;
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text->ptr, text->len), text->len);
    (void)close(fd);
    struct ht_analysis *analysis = ht_analysis_new(options, NULL);
    assert_non_null(analysis);
    ht_analysis_set_chunks(analysis, threads, chunk_bytes);
    assert_int_equal(ht_analysis_add_path(analysis, path, NULL), HT_OK);
    result.status = ht_analysis_run(analysis, &report, NULL);
    if (result.status == HT_OK) {
        const struct ht_quality *quality = &ht_report_summary(report)->quality;
        result.events = quality->events;
        result.bad = quality->bad_total;
    }
    ht_analysis_conducted(analysis, &result.conducted);
    ht_report_free(report);
    ht_analysis_free(analysis);
    assert_int_equal(unlink(path), 0);
    return result;
}

static const struct ht_options no_options = {.hub = NULL};

static void test_proven(void **state) {
    (void)state;
    struct ht_strbuf text;
    ht_strbuf_init(&text, SIZE_MAX);
    add_lines(&text, 500);
    const struct run one = run(&no_options, &text, 1, 1000);
    assert_int_equal(one.events, 500);
    assert_int_equal(one.conducted.pieces, 0);
    for (unsigned threads = 2; threads <= 9; threads += 7) {
        const struct run many = run(&no_options, &text, threads, 1000);
        assert_int_equal(many.events, 500);
        assert_true(many.conducted.pieces > 50);
        assert_int_equal(many.conducted.refused, 0);
    }
    ht_strbuf_release(&text);
}

static void add_elements(struct ht_strbuf *text, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        add_record(text, i);
        ht_strbuf_putc(text, ',');
    }
}

/* Records within a value are none, though they look the same: what was read from there on is thrown
 * away. */
static void test_refuted(void **state) {
    (void)state;
    struct ht_strbuf text;
    ht_strbuf_init(&text, SIZE_MAX);
    ht_strbuf_putc(&text, '[');
    add_elements(&text, 100);
    ht_strbuf_add(&text, HT_STR("{\"outer\":["));
    add_elements(&text, 100);
    ht_strbuf_add(&text, HT_STR("0]},"));
    add_elements(&text, 100);
    ht_strbuf_add(&text, HT_STR("0]"));
    const struct run one = run(&no_options, &text, 1, 2000);
    const struct run many = run(&no_options, &text, 2, 2000);
    assert_int_equal(one.events, 100);
    assert_int_equal(many.events, 100);
    assert_true(many.conducted.pieces > 0);
    assert_true(many.conducted.refused > 0);
    ht_strbuf_release(&text);
}

/* At a ceiling the pieces are read again, one after the other. */
static void test_ceiling(void **state) {
    (void)state;
    struct ht_strbuf text;
    const struct ht_options options = {.events_max = 123};
    ht_strbuf_init(&text, SIZE_MAX);
    add_lines(&text, 500);
    const struct run many = run(&options, &text, 2, 1000);
    assert_int_equal(many.events, 123);
    assert_true(many.conducted.pieces > 0);
    assert_true(many.conducted.refused > 0);
    ht_strbuf_release(&text);
}

struct watch {
    pthread_t thread;
    unsigned calls;
    unsigned calls_max;
    bool elsewhere;
};

static bool watch(void *ctx, const struct ht_progress *progress) {
    struct watch *seen = ctx;
    (void)progress;
    seen->elsewhere = seen->elsewhere || pthread_equal(pthread_self(), seen->thread) == 0;
    return ++seen->calls < seen->calls_max;
}

/* The progress is told in the calling thread alone, and can stop everything. */
static void test_progress(void **state) {
    (void)state;
    struct ht_strbuf text;
    struct watch seen = {.thread = pthread_self(), .calls_max = UINT32_MAX};
    const struct ht_options options = {.progress = watch, .progress_ctx = &seen};
    ht_strbuf_init(&text, SIZE_MAX);
    add_lines(&text, 2000);
    assert_int_equal(run(&options, &text, 4, 1000).status, HT_OK);
    assert_false(seen.elsewhere);
    assert_true(seen.calls > 0);
    seen = (struct watch){.thread = pthread_self(), .calls_max = 1};
    assert_int_equal(run(&options, &text, 4, 1000).status, HT_E_CANCEL);
    assert_false(seen.elsewhere);
    ht_strbuf_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proven),
        cmocka_unit_test(test_refuted),
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests_name("conductor", tests, NULL, NULL);
}
