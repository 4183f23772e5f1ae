/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_H
#define HUBTRIAGE_H
/*
 * libhubtriage: why did these Azure IoT Hub devices disconnect?
 *
 *     struct ht_analysis *analysis = ht_analysis_new(&options, &err);
 *     ht_analysis_add_path(analysis, "insights-logs-connections", &err);
 *     ht_analysis_run(analysis, &report, &err);
 *     ht_report_write(report, &render_options, &sink, &err);
 *     ht_report_free(report);
 *     ht_analysis_free(analysis);
 *
 * One analysis is used by one thread at a time; different ones are independent. A report is
 * immutable and may be read by many threads. The library never prints, never exits, starts no
 * process and uses no network.
 */
#include "hubtriage/archive.h"
#include "hubtriage/charts.h"
#include "hubtriage/device.h"
#include "hubtriage/err.h"
#include "hubtriage/explain.h"
#include "hubtriage/inventory.h"
#include "hubtriage/report.h"

#define HT_VERSION_MAJOR 0
#define HT_VERSION_MINOR 1
#define HT_VERSION_PATCH 0

/* "0.1.0" */
HT_PUBLIC const char *ht_version(void);

/* A library that this one is made with. Versions are texts such as "1.2.13", "" when not told. */
struct ht_dependency {
    const char *name;
    char built[16];   /* whose headers it was compiled with */
    char running[16]; /* in this process */
};

/* By index from 0 on; false behind the last one. */
HT_PUBLIC bool ht_dependency_at(size_t index, struct ht_dependency *dependency);

/* The machine code that reads records on this processor: "avx2", "neon" or "portable". */
HT_PUBLIC const char *ht_simd_name(void);

/* Called a few times a second while input is read. Return false to stop: ht_analysis_run() gives
 * HT_E_CANCEL. */
struct ht_progress {
    uint64_t bytes_read;
    uint64_t bytes_total; /* 0 when not known (a pipe) */
    uint64_t records;
    uint64_t events;
};
typedef bool ht_progress_fn(void *ctx, const struct ht_progress *progress);

/* How dates such as 2/3/2025 are to be read. */
enum ht_date_order {
    HT_DATE_ORDER_PROVEN = 0, /* as the dates of each source prove; a source that proves nothing is
                                 not read */
    HT_DATE_ORDER_DMY,
    HT_DATE_ORDER_MDY,
    HT_DATE_ORDER_YMD, /* the year first, and nothing else */
};

#define HT_MAX_BAD_NONE UINT64_MAX

/* Zero-initialise, then set what differs; strings are copied. */
struct ht_options {
    int64_t since_us;   /* half-open window [since, until); HT_TIME_NONE = open */
    int64_t until_us;   /* both 0 mean open as well, so that {0} is "everything" */
    const char *hub;    /* name, ASCII case does not matter; NULL = all */
    const char *device; /* PCRE2 pattern searched in the device id; NULL = all */
    const char *exclude_device;
    const char *device_id; /* exactly this device, or "device/module"; NULL = all: see device.h */
    const char *anonymize_key; /* a secret: names become pseudonyms by it; NULL = they stay */
    size_t anonymize_key_bytes;
    const char *rules_path;    /* a file of rules: what is known of devices; NULL = none */
    const char *baseline_path; /* a former report (JSON) to compare with; NULL = none */
    enum ht_date_order date_order;
    const char *columns;       /* "NAME,NAME,...": of tables without a header line; NULL = none */
    uint64_t record_bytes_max; /* 0 = 1 MiB */
    uint64_t max_bad_ppm; /* bad records beyond this many in a million are a fault of the input;
                             0 = 10,000 (1 %), HT_MAX_BAD_NONE = any is */
    uint64_t devices_max; /* 0 = 4 million */
    uint64_t events_max;  /* 0 = 400 million */
    const struct ht_archive_options *archive; /* report from an archive; NULL = none */
    unsigned threads;         /* to work with; 0 = as many as the machine has cores */
    ht_progress_fn *progress; /* NULL = none */
    void *progress_ctx;
};

struct ht_analysis;

/* HT_E_USAGE for a pattern that PCRE2 refuses (the message says where), a wrong rule (the message
 * begins with its file and line), a baseline that is no whole report, or an empty window, HT_E_IO
 * for rules or a baseline that cannot be read; NULL is returned. */
HT_PUBLIC struct ht_analysis *ht_analysis_new(const struct ht_options *options, struct ht_err *err);

/*
 * Name a file or a directory (walked recursively, symbolic links to files followed, hidden entries
 * passed over). Nothing is read yet. HT_E_IO when it does not exist or cannot be listed.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_analysis_add_path(struct ht_analysis *analysis,
                                                            const char *path, struct ht_err *err);

/* Name an open descriptor, such as standard input; the caller closes it. */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_analysis_add_fd(struct ht_analysis *analysis, int fd,
                                                          const char *name, struct ht_err *err);

/*
 * Read everything, correlate, classify. May be called once. A source that cannot be read does not
 * stop the others: it is named in ht_summary.sources with its problem, and counted in
 * quality.unreadable_sources. HT_E_DATA: no log record in any source (the message says what the
 * input looks like); HT_E_NOMEM, HT_E_CANCEL.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status
ht_analysis_run(struct ht_analysis *analysis, struct ht_report **report, struct ht_err *err);

/*
 * ht_analysis_commit() - with an archive that is written to: keep what the run has read and found.
 * Without it, nothing is changed. Call it when the report has reached its reader; a run that is
 * lost before that is simply done again.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_analysis_commit(struct ht_analysis *analysis,
                                                          struct ht_err *err);

/* What the run found in its sources; NULL without an archive. */
HT_PUBLIC const struct ht_archive_news *ht_analysis_news(const struct ht_analysis *analysis);

/*
 * ht_analysis_check() - read everything and take stock of it, without looking for causes: much
 * faster than a run, and in memory that hardly grows with the input (src/inventory/collector.h).
 * Instead of ht_analysis_run(), with the same rules for sources that cannot be read, and the same
 * errors; window, patterns and archive do not matter. The inventory outlives its analysis.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_analysis_check(struct ht_analysis *analysis,
                                                         struct ht_inventory **inventory,
                                                         struct ht_err *err);

/* NULL is a no-op. The report outlives its analysis. */
HT_PUBLIC void ht_analysis_free(struct ht_analysis *analysis);

/*
 * What --since and --until accept: RFC 3339, a date (midnight UTC), or a span before now such as
 * "24h" or "7d" (s, m, h, d, w). HT_E_USAGE with a hint otherwise.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_time_parse(const char *text, int64_t now_us,
                                                     int64_t *time_us, struct ht_err *err);

/* RFC 3339, UTC. */
enum { HT_TIME_TEXT_MAX = 32 };
HT_PUBLIC void ht_time_write(int64_t time_us, char out[HT_TIME_TEXT_MAX]);

#endif
