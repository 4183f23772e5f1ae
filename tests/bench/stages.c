/* SPDX-License-Identifier: MIT */
/*
 * stages - how long each stage after decoding takes, on one log in JSON Lines.
 *
 * stages [--threads N] [--runs N] [--hash] [--save EVENTS] LOG|EVENTS
 *
 * EVENTS is a file of decoded events that --save has written on this machine: reading that takes a
 * fraction of the time, which helps while one works on a stage. --hash prints what the reports come
 * to, so that a change which should not show can be seen not to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/check.h"
#include "base/time.h"
#include "classify/classify.h"
#include "correlate/correlate.h"
#include "decode/decoder.h"
#include "hubtriage/charts.h"
#include "report/build.h"
#include "store/store.h"

enum { STAGES_MAX = 64, STRINGS = 8, LINE_BYTES_MAX = 1 << 20 };

static const char magic[8] = "htevent";

/* A stage's clock: what ran since the mark before. */
struct clock {
    const char *names[STAGES_MAX];
    double wall_s[STAGES_MAX];
    double cpu_s[STAGES_MAX];
    size_t peak_kib[STAGES_MAX];
    size_t count;
    size_t running;
    double wall_mark_s;
    double cpu_mark_s;
};

static double now_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The most memory that lay in RAM since the last call; 0 where the system does not tell. */
static size_t take_peak_kib(void) {
    char line[256];
    size_t peak = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            peak = strtoul(line + 6, NULL, 10);
        }
    }
    if (status != NULL) {
        (void)fclose(status);
    }
    FILE *reset = fopen("/proc/self/clear_refs", "w");
    if (reset != NULL) {
        (void)fputs("5", reset);
        (void)fclose(reset);
    }
    return peak;
}

static void mark(void *ctx, const char *stage) {
    struct clock *clock = ctx;
    const double wall = now_s();
    const double cpu = cpu_s();
    const size_t peak = take_peak_kib();
    if (clock->running < clock->count) {
        clock->wall_s[clock->running] += wall - clock->wall_mark_s;
        clock->cpu_s[clock->running] += cpu - clock->cpu_mark_s;
        if (peak > clock->peak_kib[clock->running]) {
            clock->peak_kib[clock->running] = peak;
        }
    }
    clock->wall_mark_s = wall;
    clock->cpu_mark_s = cpu;
    for (clock->running = 0; clock->running < clock->count; clock->running++) {
        if (strcmp(clock->names[clock->running], stage) == 0) {
            return;
        }
    }
    HT_ASSERT(clock->count < STAGES_MAX);
    clock->names[clock->count++] = stage;
}

static void print_clock(const struct clock *clock) {
    double wall = 0;
    double cpu = 0;
    for (size_t i = 0; i < clock->count && strcmp(clock->names[i], "end") != 0; i++) {
        (void)printf("%-28s %8.1f ms %8.1f ms CPU %8.1f MiB\n", clock->names[i],
                     clock->wall_s[i] * 1e3, clock->cpu_s[i] * 1e3,
                     (double)clock->peak_kib[i] / 1024);
        wall += clock->wall_s[i];
        cpu += clock->cpu_s[i];
    }
    (void)printf("%-28s %8.1f ms %8.1f ms CPU\n\n", "all", wall * 1e3, cpu * 1e3);
}

static void fail(const char *what) {
    (void)fprintf(stderr, "stages: %s\n", what);
    exit(1);
}

static void must(enum ht_status status, const char *what) {
    if (status != HT_OK) {
        fail(what);
    }
}

static void put_record(FILE *file, const struct ht_record *record) {
    const int64_t numbers[] = {record->time_us, record->kind, record->level,
                               record->code,    record->auth, (int64_t)record->flags,
                               record->zone_min};
    const struct ht_str strings[STRINGS] = {record->hub,     record->device,   record->module,
                                            record->sdk,     record->protocol, record->network,
                                            record->message, record->operation};
    (void)fwrite(numbers, sizeof numbers, 1, file);
    for (size_t i = 0; i < STRINGS; i++) {
        (void)fwrite(&strings[i].len, sizeof strings[i].len, 1, file);
        (void)fwrite(strings[i].ptr, 1, strings[i].len, file);
    }
}

/* False at the end of the file. text: memory of the record's strings. */
static bool get_record(FILE *file, struct ht_record *record, char *text) {
    int64_t numbers[7];
    struct ht_str strings[STRINGS];
    if (fread(numbers, sizeof numbers, 1, file) != 1) {
        return false;
    }
    for (size_t i = 0; i < STRINGS; i++) {
        if (fread(&strings[i].len, sizeof strings[i].len, 1, file) != 1 ||
            strings[i].len > LINE_BYTES_MAX ||
            fread(text, 1, strings[i].len, file) != strings[i].len) {
            fail("the file of events is cut");
        }
        strings[i].ptr = text;
        text += strings[i].len;
    }
    *record = (struct ht_record){
        .time_us = numbers[0],
        .kind = (enum ht_event_kind)numbers[1],
        .level = (enum ht_level)numbers[2],
        .code = (uint32_t)numbers[3],
        .auth = (enum ht_auth)numbers[4],
        .flags = (unsigned)numbers[5],
        .zone_min = (int)numbers[6],
        .hub = strings[0],
        .device = strings[1],
        .module = strings[2],
        .sdk = strings[3],
        .protocol = strings[4],
        .network = strings[5],
        .message = strings[6],
        .operation = strings[7],
    };
    return true;
}

static struct ht_store *new_store(void) {
    const struct ht_store_limits limits = {.events_max = UINT32_MAX - 1, .devices_max = 4000000};
    struct ht_store *store = NULL;
    must(ht_store_new(&limits, &store), "no memory");
    return store;
}

static void read_log(FILE *file, struct ht_store *store) {
    static char line[LINE_BYTES_MAX];
    struct ht_decoder *decoder = NULL;
    must(ht_decoder_new(&decoder, HT_DATE_ORDER_PROVEN), "no memory");
    while (fgets(line, LINE_BYTES_MAX - HT_DECODE_PADDING, file) != NULL) {
        struct ht_decoded decoded = {.kind = HT_DECODED_NOT_RECORD};
        if (line[0] == '{') {
            const struct ht_str text = {line, strlen(line)};
            must(ht_decode(decoder, text, &decoded), "no memory");
        }
        if (decoded.kind == HT_DECODED_EVENT && decoded.stamp.kind == HT_STAMP_ISO) {
            decoded.record.time_us = decoded.stamp.time_us;
            must(ht_store_add(store, &decoded.record), "no memory, or too many events");
        }
    }
    ht_decoder_free(decoder);
}

static struct ht_store *read_file(const char *path, const char *save) {
    static char text[STRINGS * LINE_BYTES_MAX];
    char head[sizeof magic] = "";
    struct ht_record record;
    struct ht_store *store = new_store();
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail("the file cannot be opened");
    }
    if (fread(head, sizeof head, 1, file) == 1 && memcmp(head, magic, sizeof magic) == 0) {
        while (get_record(file, &record, text)) {
            must(ht_store_add(store, &record), "no memory, or too many events");
        }
    } else {
        rewind(file);
        read_log(file, store);
    }
    (void)fclose(file);
    if (save != NULL) {
        file = fopen(save, "wb");
        if (file == NULL) {
            fail("the file of events cannot be written");
        }
        (void)fwrite(magic, sizeof magic, 1, file);
        for (size_t i = 0; i < ht_store_event_count(store); i++) {
            ht_store_record(store, i, &record);
            put_record(file, &record);
        }
        if (fclose(file) != 0) {
            fail("the file of events cannot be written");
        }
    }
    return store;
}

/* Sealing empties a store: each run has a copy. */
static struct ht_store *copy_store(const struct ht_store *store) {
    struct ht_store *copy = new_store();
    for (size_t i = 0; i < ht_store_event_count(store); i++) {
        struct ht_record record;
        ht_store_record(store, i, &record);
        must(ht_store_add(copy, &record), "no memory");
    }
    return copy;
}

static enum ht_status add_hash(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    uint64_t *hash = ctx;
    (void)err;
    for (size_t i = 0; i < len; i++) {
        *hash = (*hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    }
    return HT_OK;
}

static void print_hash(const struct ht_report *report) {
    uint64_t hash = UINT64_C(14695981039346656037);
    const struct ht_sink sink = {add_hash, &hash};
    const struct ht_render_options forms[] = {{.format = HT_FORMAT_JSON},
                                              {.format = HT_FORMAT_NDJSON},
                                              {.format = HT_FORMAT_TEXT, .verbose = true}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        must(ht_report_write(report, &forms[i], &sink, NULL), "no memory");
    }
    (void)printf("%016llx\n", (unsigned long long)hash);
}

static enum ht_status drop(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    (void)bytes;
    (void)err;
    *(size_t *)ctx += len;
    return HT_OK;
}

static void run(struct ht_store *store, unsigned threads, bool hash) {
    static const struct ht_selection selection = {.since_us = HT_TIME_NONE,
                                                  .until_us = HT_TIME_NONE};
    struct clock clock = {.count = 0};
    const struct ht_parallel parallel = {.threads = threads, .mark = mark, .mark_ctx = &clock};
    struct ht_report_parts parts = {.source_count = 0};
    struct ht_report *report = NULL;
    struct ht_charts *charts = NULL;
    static const struct ht_render_options html = {.format = HT_FORMAT_HTML};
    size_t written = 0;
    const struct ht_sink drain = {drop, &written};
    must(ht_store_seal(store, &parallel, &parts.log), "no memory");
    mark(&clock, "correlate");
    must(ht_correlate(&parts.log, &parallel, &parts.sessions), "no memory");
    (void)printf("%zu events, %zu devices, %zu sessions\n", parts.log.event_count,
                 parts.log.device_count, parts.sessions.session_count);
    must(ht_classify(&parts.log, &parts.sessions, NULL, &parallel, &parts.verdicts), "no memory");
    mark(&clock, "report");
    must(ht_report_build(&parts, &selection, &parallel, &report), "no memory");
    mark(&clock, "charts");
    must(ht_charts_build(report, &charts), "no memory");
    ht_charts_free(charts);
    mark(&clock, "html, with its charts");
    must(ht_report_write(report, &html, &drain, NULL), "no memory");
    mark(&clock, "end");
    print_clock(&clock);
    if (hash) {
        print_hash(report);
    }
    ht_report_free(report);
}

int main(int argc, char **argv) {
    unsigned threads = 1;
    unsigned runs = 1;
    bool hash = false;
    const char *save = NULL;
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        const bool has_value = at + 1 < argc;
        if (strcmp(argv[at], "--hash") == 0) {
            hash = true;
        } else if (strcmp(argv[at], "--threads") == 0 && has_value) {
            threads = (unsigned)strtoul(argv[++at], NULL, 10);
        } else if (strcmp(argv[at], "--runs") == 0 && has_value) {
            runs = (unsigned)strtoul(argv[++at], NULL, 10);
        } else if (strcmp(argv[at], "--save") == 0 && has_value) {
            save = argv[++at];
        } else {
            break;
        }
    }
    if (at + 1 != argc) {
        fail("usage: stages [--threads N] [--runs N] [--hash] [--save EVENTS] LOG|EVENTS");
    }
    struct ht_store *events = read_file(argv[at], save);
    for (unsigned i = 0; i < runs; i++) {
        struct ht_store *store = copy_store(events);
        run(store, threads, hash);
        ht_store_free(store);
    }
    ht_store_free(events);
    return 0;
}
