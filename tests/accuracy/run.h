/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_RUN_H
#define ACCURACY_RUN_H
/*
 * One run: what happened to an invented fleet (BASE.truth) and what was said of its log
 * (BASE.ndjson: disconnects; BASE.json: the report with incidents and devices, optional). Texts are
 * owned by the run. Times are microseconds since 1970.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/report.h"

#define US_PER_S INT64_C(1000000)

enum { NO_SPAN = -1, NO_PAIR = -1 };

/* One end of one session: of the truth, or found. */
struct episode {
    char *key; /* hub, device and module; how pairs are found */
    char *hub; /* NULL when a row does not say */
    int64_t time_us;
    enum ht_cause cause;
    double confidence; /* found: of the cause */
    bool seen;         /* truth: a closing record reached the log */
    int64_t incident;  /* truth: id; found: index; NO_PAIR = none */
    uint32_t codes[HT_CODES_MAX];
    size_t code_count;
    int64_t session_s; /* NO_SPAN = not known */
    ptrdiff_t pair;    /* index in the other list, or NO_PAIR */
};

struct episodes {
    struct episode *list; /* by key, then time, once a run is loaded */
    size_t count;
    size_t capacity;
};

/* What struck many at once. */
struct incident {
    int64_t id;
    char *hub;
    char *network; /* NULL = not of one site, or not known */
    enum ht_cause cause;
    int64_t start_us;
    int64_t end_us;
    uint64_t devices;
    uint64_t connected; /* to the hub when it began; truth only */
};

struct incidents {
    struct incident *list;
    size_t count;
    size_t capacity;
};

/* A device: its role in truth, or its pattern as found. */
struct device {
    char *key;
    char *word;       /* truth: role; found: pattern */
    char *at_end;     /* truth: "up", "down" or "refused"; NULL = not told */
    int64_t period_s; /* NO_SPAN = none */
};

struct devices {
    struct device *list; /* by key */
    size_t count;
    size_t capacity;
};

struct run {
    const char *base;
    struct episodes truth;
    struct episodes found;
    struct incidents true_incidents;
    struct incidents found_incidents;
    struct devices true_devices;
    struct devices found_devices;
    bool has_report; /* BASE.json is there */
    bool with_hub;   /* the rows name hubs; the eight columns of Microsoft's query don't */
};

/* Reads the files of BASE. Says on stderr what is wrong with them and returns false. */
bool run_load(const char *base, struct run *run);
void run_free(struct run *run);

/* Pairs each true end with one that was found: closest first, at most 30 s apart. */
void run_pair(struct run *run);

/* realloc() for one more element, or the end of the program: a test tool has no better way. */
void *grow(void *list, size_t count, size_t *capacity, size_t element_bytes);
char *copy_text(const char *text); /* NULL stays NULL */

#endif
