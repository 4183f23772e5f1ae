/* SPDX-License-Identifier: MIT */
/*
 * A report or a check with one thread and with machine code that is told, not found: what
 * tests/bench/instructions counts under callgrind must not depend on the machine.
 *
 * Usage: instructions report|check portable|avx2 FILE
 *        instructions build       what it was built with: figures hold for that alone
 */
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "pipeline/testing.h"

#if defined(__clang__)
#define COMPILER "clang"
#define COMPILER_MAJOR __clang_major__
#else
#define COMPILER "gcc"
#define COMPILER_MAJOR __GNUC__
#endif

#if defined(__x86_64__)
#define PROCESSOR "x86-64"
#elif defined(__aarch64__)
#define PROCESSOR "arm64"
#else
#define PROCESSOR "other"
#endif

static enum ht_status count(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    size_t *sum = ctx;
    (void)bytes;
    (void)err;
    *sum += len;
    return HT_OK;
}

int main(int argc, char **argv) {
    const struct ht_options options = {.threads = 1};
    const struct ht_render_options json = {.format = HT_FORMAT_JSON};
    struct ht_err err = {.status = HT_OK};
    size_t bytes = 0;
    const struct ht_sink sink = {.write = count, .ctx = &bytes};
    if (argc == 2 && strcmp(argv[1], "build") == 0) {
        (void)printf("%s, %s %d, %s\n", PROCESSOR, COMPILER, COMPILER_MAJOR, BENCH_CFLAGS);
        return 0;
    }
    if (argc != 4) {
        (void)fputs("usage: instructions build|report|check [portable|avx2 FILE]\n", stderr);
        return 2;
    }
    struct ht_analysis *analysis = ht_analysis_new(&options, &err);
    HT_ASSERT(analysis != NULL);
    ht_analysis_set_lane(analysis, strcmp(argv[2], "avx2") == 0 ? HT_LANE_AVX2 : HT_LANE_PORTABLE);
    HT_ASSERT(ht_analysis_add_path(analysis, argv[3], &err) == HT_OK);
    if (strcmp(argv[1], "check") == 0) {
        struct ht_inventory *inventory = NULL;
        HT_ASSERT(ht_analysis_check(analysis, &inventory, &err) == HT_OK);
        HT_ASSERT(ht_inventory_write(inventory, &json, &sink, &err) == HT_OK);
        ht_inventory_free(inventory);
    } else {
        struct ht_report *report = NULL;
        HT_ASSERT(ht_analysis_run(analysis, &report, &err) == HT_OK);
        HT_ASSERT(ht_report_write(report, &json, &sink, &err) == HT_OK);
        ht_report_free(report);
    }
    (void)printf("%zu bytes\n", bytes);
    ht_analysis_free(analysis);
    return 0;
}
