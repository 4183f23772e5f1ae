/* SPDX-License-Identifier: MIT */
/* One thread against two, which read the input in pieces of a few bytes: the same report and the
 * same check. First bytes: size of the pieces, where to cut the text into two files, an option. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/testing.h"
#include "rendered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 2, TEXT_MAX = 32768 };

struct input {
    char paths[FILES][40];
    struct ht_options options;
    uint64_t chunk_bytes;
};

static void put_file(char path[40], const uint8_t *bytes, size_t size) {
    (void)snprintf(path, 40, "/tmp/ht-pieces-XXXXXX");
    const int fd = mkstemp(path);
    HT_ASSERT(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0);
}

static struct ht_analysis *begin(const struct input *input, unsigned threads) {
    struct ht_analysis *analysis = ht_analysis_new(&input->options, NULL);
    HT_ASSERT(analysis != NULL);
    ht_analysis_set_chunks(analysis, threads, input->chunk_bytes);
    for (size_t i = 0; i < FILES; i++) {
        HT_ASSERT(ht_analysis_add_path(analysis, input->paths[i], NULL) == HT_OK);
    }
    return analysis;
}

static void say(struct ht_strbuf *out, enum ht_status status, const struct ht_err *err) {
    ht_strbuf_printf(out, "%d %s %s", (int)status, err->message, err->hint);
}

static void run(const struct input *input, unsigned threads, struct ht_strbuf *out) {
    const struct ht_sink sink = {.write = rendered_collect, .ctx = out};
    const struct ht_render_options options = {.format = HT_FORMAT_JSON};
    struct ht_err err = {.status = HT_OK};
    struct ht_report *report = NULL;
    struct ht_inventory *inventory = NULL;
    struct ht_analysis *analysis = begin(input, threads);
    say(out, ht_analysis_run(analysis, &report, &err), &err);
    HT_ASSERT(report == NULL || ht_report_write(report, &options, &sink, NULL) == HT_OK);
    ht_report_free(report);
    ht_analysis_free(analysis);
    err = (struct ht_err){.status = HT_OK};
    analysis = begin(input, threads);
    say(out, ht_analysis_check(analysis, &inventory, &err), &err);
    HT_ASSERT(inventory == NULL || ht_inventory_write(inventory, &options, &sink, NULL) == HT_OK);
    ht_inventory_free(inventory);
    ht_analysis_free(analysis);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {.chunk_bytes = 1};
    struct ht_strbuf one;
    struct ht_strbuf two;
    if (size < 4 || size > TEXT_MAX) {
        return 0;
    }
    const uint8_t *text = data + 4;
    const size_t len = size - 4;
    const size_t cut = len > 0 && (data[3] & 1) != 0 ? (data[1] * 256U + data[2]) % len : len;
    input.chunk_bytes = data[0] % 128 + 1U;
    input.options.events_max = (data[3] & 2) != 0 ? 3 : 0;
    input.options.record_bytes_max = (data[3] & 4) != 0 ? 200 : 0;
    input.options.date_order = (data[3] & 8) != 0 ? HT_DATE_ORDER_MDY : HT_DATE_ORDER_PROVEN;
    put_file(input.paths[0], text, cut);
    put_file(input.paths[1], text + cut, len - cut);
    ht_strbuf_init(&one, SIZE_MAX);
    ht_strbuf_init(&two, SIZE_MAX);
    run(&input, 1, &one);
    run(&input, 2, &two);
    HT_ASSERT(ht_str_eq(ht_strbuf_str(&one), ht_strbuf_str(&two)));
    ht_strbuf_release(&one);
    ht_strbuf_release(&two);
    for (size_t i = 0; i < FILES; i++) {
        (void)unlink(input.paths[i]);
    }
    return 0;
}
