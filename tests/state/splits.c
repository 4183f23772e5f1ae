/* SPDX-License-Identifier: MIT */
/*
 * Random runs over random pieces of a log against one run over everything: files that overlap,
 * grow (also in the middle of a record), are shuffled, packed or hold the events in another shape;
 * read in any order by several archives, which are merged in the end. The report must be the same
 * bytes.
 *
 * Usage: splits FOLDER FIRST COUNT [--show]    FOLDER is an empty one, on a fast file system
 * Last line: "N passed, N failed".
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/strbuf.h"
#include "hubtriage/hubtriage.h"
#include "hubtriage/simulate.h"

enum { FILES_MAX = 6, ARCHIVES_MAX = 3, RUNS_MAX = 6, LOGS = 10, PATH_BYTES = 256 };

struct log {
    struct ht_strbuf text;
    size_t *lines; /* where each begins; one more at the end */
    size_t count;
};

struct file {
    char path[PATH_BYTES];
    struct ht_strbuf text; /* in the end */
    size_t shown;          /* bytes that are there */
    bool packed;
    bool whole; /* is there at once */
};

struct trial {
    uint64_t random;
    const char *folder;
    struct file files[FILES_MAX];
    size_t file_count;
    size_t archive_count;
    struct ht_options options;
    struct ht_archive_options archive;
    int64_t clock_s; /* of the files */
};

static void must(bool good, const char *what) {
    if (!good) {
        (void)fprintf(stderr, "splits: %s\n", what);
        exit(2);
    }
}

static uint64_t draw(struct trial *trial, uint64_t below) {
    trial->random += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = trial->random;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

static enum ht_status collect(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    (void)err;
    ht_strbuf_add(ctx, (struct ht_str){bytes, len});
    return HT_OK;
}

static size_t shape_named(const char *name) {
    size_t shape = 0;
    while (strcmp(ht_log_shape_name(shape), name) != 0) {
        shape++;
    }
    return shape;
}

/* Fleets of many kinds; the last two have the events of the first one in poorer shapes. */
static void make_log(size_t number, struct log *log) {
    static const char *const names[] = {"mixed", "demo", "incidents", "twohubs", "sdks"};
    static const char *const settings[] = {"devices=10", "hours=5", "log.lost=3%",
                                           "log.doubled=3%"};
    const bool other = number >= LOGS - 2;
    const struct ht_scenario *scenario =
        ht_scenario_find(names[other ? 0 : number % (sizeof names / sizeof *names)]);
    must(scenario != NULL, "no such scenario");
    const struct ht_simulate_options options = {
        .text = scenario->text,
        .text_len = scenario->text_len,
        .name = scenario->name,
        .settings = settings,
        .setting_count = other || number % 2 == 0 ? 2 : 4,
        .seed = other ? 1 : number + 1,
        .shape = shape_named(!other               ? "jsonl"
                             : number == LOGS - 2 ? "csv-8"
                                                  : "records"),
    };
    struct ht_err err = {.status = HT_OK};
    ht_strbuf_init(&log->text, SIZE_MAX / 4);
    const struct ht_sink sink = {.write = collect, .ctx = &log->text};
    const enum ht_status status = ht_simulate(&options, &sink, NULL, &err);
    must(status == HT_OK, err.message);
    log->lines = malloc((log->text.len + 2) * sizeof *log->lines);
    must(log->lines != NULL, "no memory");
    log->lines[0] = 0;
    for (size_t i = 0; i < log->text.len; i++) {
        if (log->text.ptr[i] == '\n') {
            log->lines[++log->count] = i + 1;
        }
    }
}

static void add_line(struct ht_strbuf *text, const struct log *log, size_t line) {
    ht_strbuf_add(text, (struct ht_str){log->text.ptr + log->lines[line],
                                        log->lines[line + 1] - log->lines[line]});
}

/* A stretch of the log, perhaps shuffled, with lines twice, and with what is no record. */
static void fill_file(struct trial *trial, const struct log *log, struct file *file) {
    const size_t begin = draw(trial, log->count);
    const size_t length = 1 + draw(trial, log->count - begin);
    const bool shuffled = draw(trial, 4) == 0;
    const bool dirty = draw(trial, 6) == 0;
    for (size_t i = 0; i < length; i++) {
        add_line(&file->text, log, shuffled ? begin + draw(trial, length) : begin + i);
        if (draw(trial, 50) == 0) {
            add_line(&file->text, log, begin + draw(trial, length));
        }
        if (dirty && draw(trial, 30) == 0) {
            ht_strbuf_puts(&file->text, draw(trial, 2) == 0 ? "{\"time\": broken\n" : "[\n");
        }
    }
    if (draw(trial, 8) == 0) {
        file->text.len--; /* without the last line feed */
    }
}

static void make_files(struct trial *trial, const struct log *logs) {
    const size_t which = draw(trial, LOGS - 2);
    trial->file_count = 1 + draw(trial, FILES_MAX);
    for (size_t i = 0; i < trial->file_count; i++) {
        struct file *file = &trial->files[i];
        ht_strbuf_init(&file->text, SIZE_MAX / 4);
        (void)snprintf(file->path, sizeof file->path, "%s/log%zu", trial->folder, i);
        if (which == 0 && draw(trial, 5) == 0) {
            ht_strbuf_add(&file->text, ht_strbuf_str(&logs[LOGS - 1 - draw(trial, 2)].text));
            file->whole = true;
        } else {
            fill_file(trial, &logs[which], file);
            file->packed = draw(trial, 8) == 0;
            file->whole = file->packed;
        }
    }
}

/* A time of change that is old enough to be believed, or the present one. */
static void set_time(struct trial *trial, const char *path) {
    if (draw(trial, 2) == 0) {
        const struct timespec times[2] = {{.tv_sec = ++trial->clock_s}, {.tv_sec = trial->clock_s}};
        must(utimensat(AT_FDCWD, path, times, 0) == 0, "utimensat");
    }
}

static void show(struct trial *trial, struct file *file, size_t bytes) {
    if (bytes == file->shown && file->shown > 0) {
        return;
    }
    if (file->packed) {
        gzFile out = gzopen(file->path, "wb");
        must(out != NULL && gzwrite(out, file->text.ptr, (unsigned)bytes) == (int)bytes &&
                 gzclose(out) == Z_OK,
             "gzip");
    } else {
        FILE *out = fopen(file->path, file->shown > 0 ? "ab" : "wb");
        must(out != NULL && fwrite(file->text.ptr + file->shown, 1, bytes - file->shown, out) ==
                                bytes - file->shown,
             "write");
        must(fclose(out) == 0, "close");
    }
    file->shown = bytes;
    set_time(trial, file->path);
}

static void grow(struct trial *trial, struct file *file) {
    const size_t left = file->text.len - file->shown;
    if (file->whole || draw(trial, 3) == 0) {
        show(trial, file, file->text.len);
        return;
    }
    size_t bytes = file->shown + (left > 0 ? draw(trial, left + 1) : 0);
    while (draw(trial, 4) > 0 && bytes > 0 && bytes < file->text.len &&
           file->text.ptr[bytes - 1] != '\n') {
        bytes++; /* mostly to the end of a record */
    }
    if (bytes > 0) {
        show(trial, file, bytes);
    }
}

static struct ht_report *run(struct trial *trial, const char *archive, bool read_only,
                             const bool *named) {
    struct ht_err err = {.status = HT_OK};
    struct ht_report *report = NULL;
    trial->archive.path = archive;
    trial->archive.read_only = read_only;
    trial->options.archive = &trial->archive;
    struct ht_analysis *analysis = ht_analysis_new(&trial->options, &err);
    must(analysis != NULL, err.message);
    const size_t turn = draw(trial, FILES_MAX);
    for (size_t i = 0; i < FILES_MAX; i++) {
        const size_t file = (i + turn) % FILES_MAX;
        if (file < trial->file_count && named != NULL && named[file] &&
            trial->files[file].shown > 0) {
            must(ht_analysis_add_path(analysis, trial->files[file].path, &err) == HT_OK,
                 err.message);
        }
    }
    const enum ht_status status = ht_analysis_run(analysis, &report, &err);
    must(status == HT_OK || status == HT_E_DATA, err.message); /* without a record in it */
    if (status == HT_OK) {
        must(ht_analysis_commit(analysis, &err) == HT_OK, err.message);
    }
    ht_analysis_free(analysis);
    return report;
}

static void write_report(const struct ht_report *report, struct ht_strbuf *out) {
    const struct ht_sink sink = {.write = collect, .ctx = out};
    struct ht_render_options options = {.format = HT_FORMAT_JSON};
    struct ht_err err = {.status = HT_OK};
    must(ht_report_write(report, &options, &sink, &err) == HT_OK, err.message);
    options = (struct ht_render_options){.format = HT_FORMAT_TEXT, .verbose = true, .width = 200};
    must(ht_report_write(report, &options, &sink, &err) == HT_OK, err.message);
    options = (struct ht_render_options){.format = HT_FORMAT_NDJSON};
    must(ht_report_write(report, &options, &sink, &err) == HT_OK, err.message);
}

static void path_of(const struct trial *trial, const char *name, size_t number,
                    char out[PATH_BYTES]) {
    (void)snprintf(out, PATH_BYTES, "%s/%s%zu.db", trial->folder, name, number);
}

static void many_runs(struct trial *trial) {
    const size_t runs = draw(trial, RUNS_MAX);
    char path[PATH_BYTES];
    for (size_t r = 0; r < runs; r++) {
        bool named[FILES_MAX] = {false};
        for (size_t i = 0; i < trial->file_count; i++) {
            if (draw(trial, 2) == 0) {
                grow(trial, &trial->files[i]);
                named[i] = true;
            }
        }
        path_of(trial, "part", draw(trial, trial->archive_count), path);
        ht_report_free(run(trial, path, false, named));
    }
    /* Each file is read by one of them as it is in the end, and perhaps by others. */
    bool last[ARCHIVES_MAX][FILES_MAX] = {{false}};
    for (size_t i = 0; i < trial->file_count; i++) {
        show(trial, &trial->files[i], trial->files[i].text.len);
        last[draw(trial, trial->archive_count)][i] = true;
        last[draw(trial, trial->archive_count)][i] = true;
    }
    for (size_t a = 0; a < trial->archive_count; a++) {
        path_of(trial, "part", a, path);
        ht_report_free(run(trial, path, false, last[a]));
    }
}

static struct ht_report *merged(struct trial *trial) {
    char paths[ARCHIVES_MAX][PATH_BYTES];
    const char *parts[ARCHIVES_MAX];
    char whole[PATH_BYTES];
    size_t count = 0;
    uint64_t events = 0;
    struct ht_err err = {.status = HT_OK};
    const size_t turn = draw(trial, trial->archive_count);
    for (size_t i = 0; i < trial->archive_count; i++) {
        path_of(trial, "part", (i + turn) % trial->archive_count, paths[count]);
        parts[count] = paths[count];
        struct stat status; /* a run without a record leaves an empty file */
        count += stat(paths[count], &status) == 0 && status.st_size > 0;
    }
    if (count == 0) {
        return NULL;
    }
    if (count == 1 && draw(trial, 2) == 0) {
        return run(trial, parts[0], true, NULL);
    }
    path_of(trial, "whole", 0, whole);
    trial->archive.path = whole;
    must(ht_archive_merge_files(&trial->archive, parts, count, &events, &err) == HT_OK,
         err.message);
    must(ht_archive_check_file(&trial->archive, &err) == HT_OK, err.message);
    return run(trial, whole, true, NULL);
}

static struct ht_report *at_once(struct trial *trial) {
    bool named[FILES_MAX];
    char path[PATH_BYTES];
    memset(named, true, sizeof named);
    path_of(trial, "once", 0, path);
    return run(trial, path, false, named);
}

static void clean(const struct trial *trial) {
    static const char *const names[] = {"part", "whole", "once"};
    char path[PATH_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < ARCHIVES_MAX; k++) {
            path_of(trial, names[i], k, path);
            (void)unlink(path);
        }
    }
    for (size_t i = 0; i < FILES_MAX; i++) {
        (void)snprintf(path, sizeof path, "%s/log%zu", trial->folder, i);
        (void)unlink(path);
    }
}

static void show_difference(const struct ht_strbuf *a, const struct ht_strbuf *b) {
    size_t at = 0;
    while (at < a->len && at < b->len && a->ptr[at] == b->ptr[at]) {
        at++;
    }
    const size_t from = at > 200 ? at - 200 : 0;
    (void)printf("--- many runs\n%.400s\n--- at once\n%.400s\n", a->ptr + from, b->ptr + from);
}

static bool try_one(const char *folder, uint64_t seed, const struct log *logs) {
    struct trial trial = {.random = seed * 7919, .folder = folder, .clock_s = 1700000000};
    struct ht_strbuf texts[2];
    trial.options.threads = 1;
    clean(&trial);
    make_files(&trial, logs);
    trial.archive_count = 1 + draw(&trial, ARCHIVES_MAX);
    trial.archive.now_us = INT64_C(1741564800000000) + 5 * INT64_C(3600000000);
    trial.archive.retention_us =
        draw(&trial, 4) == 0 ? (int64_t)(1 + draw(&trial, 300)) * 60000000 : 0;
    if (draw(&trial, 3) == 0) {
        trial.options.since_us = trial.archive.now_us - (int64_t)(1 + draw(&trial, 300)) * 60000000;
        trial.options.until_us = HT_TIME_NONE;
    }
    many_runs(&trial);
    for (size_t i = 0; i < 2; i++) {
        struct ht_report *report = i == 0 ? merged(&trial) : at_once(&trial);
        ht_strbuf_init(&texts[i], SIZE_MAX / 4);
        if (report != NULL) {
            write_report(report, &texts[i]);
        }
        ht_report_free(report);
    }
    const bool same = ht_str_eq(ht_strbuf_str(&texts[0]), ht_strbuf_str(&texts[1]));
    if (!same) {
        (void)printf("FAILED: seed %llu\n", (unsigned long long)seed);
        show_difference(&texts[0], &texts[1]);
    }
    for (size_t i = 0; i < 2; i++) {
        ht_strbuf_release(&texts[i]);
    }
    for (size_t i = 0; i < trial.file_count; i++) {
        ht_strbuf_release(&trial.files[i].text);
    }
    return same;
}

int main(int argc, char **argv) {
    static struct log logs[LOGS];
    size_t passed = 0;
    size_t failed = 0;
    must(argc >= 4, "usage: splits FOLDER FIRST COUNT");
    for (size_t i = 0; i < LOGS; i++) {
        make_log(i, &logs[i]);
    }
    const uint64_t first = strtoull(argv[2], NULL, 10);
    const uint64_t count = strtoull(argv[3], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++) {
        const bool good = try_one(argv[1], seed, logs);
        passed += good;
        failed += !good;
    }
    for (size_t i = 0; i < LOGS; i++) {
        ht_strbuf_release(&logs[i].text);
        free(logs[i].lines);
    }
    (void)printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
