/* SPDX-License-Identifier: MIT */
/*
 * Report and check of some input with one thread, and then without the fast lane, and with several
 * threads and chunks of many sizes: the same bytes, or a line that says what differs.
 *
 * Usage: threads [--date-order ymd|mdy|dmy] [--columns NAMES] [--max-events N] [--max-devices N]
 *                [--max-record-bytes N] [--chunks N,N,...] [--show] PATH...
 * Exit: 0 the same, 1 different, 2 usage.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "pipeline/testing.h"

struct input {
    struct ht_options options;
    char **paths;
    int path_count;
    const char *chunks;
    bool show;
    enum ht_lane_code lane;
};

struct outcome {
    struct ht_strbuf text;
    struct ht_conducted conducted;
};

static enum ht_status collect(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    (void)err;
    ht_strbuf_add(ctx, (struct ht_str){bytes, len});
    return HT_OK;
}

static struct ht_analysis *begin(const struct input *input, unsigned threads, uint64_t chunk) {
    struct ht_err err = {.status = HT_OK};
    struct ht_analysis *analysis = ht_analysis_new(&input->options, &err);
    if (analysis == NULL) {
        return NULL;
    }
    ht_analysis_set_chunks(analysis, threads, chunk);
    ht_analysis_set_lane(analysis, input->lane);
    for (int i = 0; i < input->path_count; i++) {
        if (ht_analysis_add_path(analysis, input->paths[i], &err) != HT_OK) {
            (void)fprintf(stderr, "threads: %s\n", err.message);
            exit(2);
        }
    }
    return analysis;
}

static void say_failure(struct ht_strbuf *out, enum ht_status status, const struct ht_err *err) {
    ht_strbuf_printf(out, "status %d: %s: %s\n", (int)status, err->message, err->hint);
}

static void must(enum ht_status status) {
    if (status != HT_OK) {
        exit(2);
    }
}

static void report(const struct input *input, unsigned threads, uint64_t chunk,
                   struct outcome *outcome) {
    struct ht_err err = {.status = HT_OK};
    struct ht_report *made = NULL;
    const struct ht_sink sink = {.write = collect, .ctx = &outcome->text};
    struct ht_analysis *analysis = begin(input, threads, chunk);
    const enum ht_status status = ht_analysis_run(analysis, &made, &err);
    if (status != HT_OK) {
        say_failure(&outcome->text, status, &err);
    } else {
        struct ht_render_options options = {.format = HT_FORMAT_JSON};
        must(ht_report_write(made, &options, &sink, NULL));
        options = (struct ht_render_options){.format = HT_FORMAT_TEXT, .verbose = true};
        must(ht_report_write(made, &options, &sink, NULL));
    }
    ht_analysis_conducted(analysis, &outcome->conducted);
    ht_report_free(made);
    ht_analysis_free(analysis);
}

static void check(const struct input *input, unsigned threads, uint64_t chunk,
                  struct outcome *outcome) {
    struct ht_err err = {.status = HT_OK};
    struct ht_inventory *made = NULL;
    const struct ht_sink sink = {.write = collect, .ctx = &outcome->text};
    struct ht_analysis *analysis = begin(input, threads, chunk);
    const enum ht_status status = ht_analysis_check(analysis, &made, &err);
    if (status != HT_OK) {
        say_failure(&outcome->text, status, &err);
    } else {
        const struct ht_render_options options = {.format = HT_FORMAT_JSON};
        must(ht_inventory_write(made, &options, &sink, NULL));
    }
    ht_inventory_free(made);
    ht_analysis_free(analysis);
}

static struct outcome run(const struct input *input, unsigned threads, uint64_t chunk) {
    struct outcome outcome;
    ht_strbuf_init(&outcome.text, SIZE_MAX);
    report(input, threads, chunk, &outcome);
    check(input, threads, chunk, &outcome);
    return outcome;
}

static size_t first_difference(struct ht_str a, struct ht_str b) {
    size_t at = 0;
    while (at < a.len && at < b.len && a.ptr[at] == b.ptr[at]) {
        at++;
    }
    return at;
}

static void say_context(const char *what, struct ht_str text, size_t at) {
    const size_t from = at > 100 ? at - 100 : 0;
    const size_t len = text.len - from < 200 ? text.len - from : 200;
    (void)printf("    %s: ...%.*s...\n", what, (int)len, text.ptr + from);
}

static bool compare(const struct input *input, const struct outcome *expected, unsigned threads,
                    uint64_t chunk) {
    struct outcome found = run(input, threads, chunk);
    const struct ht_str a = ht_strbuf_str(&expected->text);
    const struct ht_str b = ht_strbuf_str(&found.text);
    const bool same = ht_str_eq(a, b);
    if (!same || input->show) {
        (void)printf("%s%s: %u threads, chunks of %" PRIu64 ": %" PRIu64 " pieces, %" PRIu64
                     " refused\n",
                     same ? "" : "DIFFERENT: ", input->paths[0], threads, chunk,
                     found.conducted.pieces, found.conducted.refused);
    }
    if (!same) {
        const size_t at = first_difference(a, b);
        say_context("one thread", a, at);
        say_context("found", b, at);
    }
    ht_strbuf_release(&found.text);
    return same;
}

/* The same without the fast lane, and with its other machine code. */
static bool compare_lanes(struct input input, const struct outcome *expected) {
    static const enum ht_lane_code lanes[] = {HT_LANE_OFF, HT_LANE_PORTABLE};
    bool same = true;
    for (size_t i = 0; i < sizeof lanes / sizeof lanes[0]; i++) {
        input.lane = lanes[i];
        same = compare(&input, expected, 1, 0) && same;
    }
    return same;
}

static enum ht_date_order order_of(const char *name) {
    return strcmp(name, "dmy") == 0   ? HT_DATE_ORDER_DMY
           : strcmp(name, "mdy") == 0 ? HT_DATE_ORDER_MDY
                                      : HT_DATE_ORDER_YMD;
}

static bool parse(int argc, char **argv, struct input *input) {
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--show") == 0) {
            input->show = true;
            continue;
        }
        if (++i == argc) {
            return false;
        }
        const uint64_t number = strtoull(argv[i], NULL, 10);
        if (strcmp(name, "--date-order") == 0) {
            input->options.date_order = order_of(argv[i]);
        } else if (strcmp(name, "--columns") == 0) {
            input->options.columns = argv[i];
        } else if (strcmp(name, "--max-events") == 0) {
            input->options.events_max = number;
        } else if (strcmp(name, "--max-devices") == 0) {
            input->options.devices_max = number;
        } else if (strcmp(name, "--max-record-bytes") == 0) {
            input->options.record_bytes_max = number;
        } else if (strcmp(name, "--chunks") == 0) {
            input->chunks = argv[i];
        } else {
            return false;
        }
    }
    input->paths = argv + i;
    input->path_count = argc - i;
    return input->path_count > 0;
}

int main(int argc, char **argv) {
    static const unsigned threads[] = {2, 8};
    struct input input = {.chunks = "0"};
    bool same = false;
    if (!parse(argc, argv, &input)) {
        (void)fprintf(stderr, "usage: threads [OPTION VALUE]... PATH...\n");
        return 2;
    }
    struct outcome expected = run(&input, 1, 0);
    same = compare_lanes(input, &expected);
    for (const char *at = input.chunks; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        const uint64_t chunk = strtoull(at, NULL, 10);
        for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
            same = compare(&input, &expected, threads[i], chunk) && same;
        }
    }
    ht_strbuf_release(&expected.text);
    return same ? 0 : 1;
}
