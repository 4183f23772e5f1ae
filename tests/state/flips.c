/* SPDX-License-Identifier: MIT */
/*
 * Flips a bit of each byte of an archive, or of each N-th one: the check finds it, or nothing that
 * the archive says has changed, which the report shows.
 *
 * Usage: flips ARCHIVE N     the file is changed, and whole again in the end
 * Last line: "N passed, N failed".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "hubtriage/hubtriage.h"

enum { COMPARED_ONE_IN = 16 }; /* of the flips that were not found */

static void must(bool good, const char *what) {
    if (!good) {
        (void)fprintf(stderr, "flips: %s\n", what);
        exit(2);
    }
}

static enum ht_status collect(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    (void)err;
    ht_strbuf_add(ctx, (struct ht_str){bytes, len});
    return HT_OK;
}

static bool make_report(const struct ht_archive_options *archive, struct ht_strbuf *out) {
    const struct ht_options options = {.archive = archive, .threads = 1};
    const struct ht_render_options how = {.format = HT_FORMAT_JSON};
    const struct ht_sink sink = {.write = collect, .ctx = out};
    struct ht_report *report = NULL;
    struct ht_err err = {.status = HT_OK};
    struct ht_analysis *analysis = ht_analysis_new(&options, &err);
    ht_strbuf_clear(out);
    const bool good = analysis != NULL && ht_analysis_run(analysis, &report, &err) == HT_OK &&
                      ht_report_write(report, &how, &sink, &err) == HT_OK;
    ht_report_free(report);
    ht_analysis_free(analysis);
    return good;
}

static void put(FILE *file, long at, int byte) {
    must(fseek(file, at, SEEK_SET) == 0 && fputc(byte, file) != EOF && fflush(file) == 0, "write");
}

int main(int argc, char **argv) {
    must(argc == 3, "usage: flips ARCHIVE N");
    const struct ht_archive_options archive = {.path = argv[1], .read_only = true};
    const long step = strtol(argv[2], NULL, 10);
    struct ht_strbuf whole;
    struct ht_strbuf text;
    size_t found = 0;
    size_t harmless = 0;
    size_t failed = 0;
    FILE *file = fopen(argv[1], "r+b");
    ht_strbuf_init(&whole, SIZE_MAX / 4);
    ht_strbuf_init(&text, SIZE_MAX / 4);
    must(file != NULL && fseek(file, 0, SEEK_END) == 0, "open");
    const long size = ftell(file);
    must(make_report(&archive, &whole), "no report");
    for (long at = 0; at < size; at += step) {
        struct ht_err err = {.status = HT_OK};
        must(fseek(file, at, SEEK_SET) == 0, "seek");
        const int byte = fgetc(file);
        put(file, at, byte ^ 1 << (at / step + at / 8) % 8);
        if (ht_archive_check_file(&archive, &err) != HT_OK) {
            found++;
        } else if (harmless++ % COMPARED_ONE_IN == 0 &&
                   (!make_report(&archive, &text) ||
                    !ht_str_eq(ht_strbuf_str(&whole), ht_strbuf_str(&text)))) {
            (void)printf("FAILED: byte %ld: not found, and the report is another one\n", at);
            failed++;
        }
        put(file, at, byte);
    }
    must(fclose(file) == 0 && make_report(&archive, &text), "the archive is not whole again");
    (void)printf("%ld bytes: %zu flips found, %zu changed nothing\n", size, found, harmless);
    (void)printf("%zu passed, %zu failed\n", (size_t)(failed == 0), failed);
    ht_strbuf_release(&whole);
    ht_strbuf_release(&text);
    return failed == 0 ? 0 : 1;
}
