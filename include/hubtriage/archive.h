/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_ARCHIVE_H
#define HUBTRIAGE_ARCHIVE_H
/*
 * The archive of scheduled runs: one file that remembers every event, and what was read.
 *
 *     options.archive = &archive_options;
 *     ht_analysis_run(analysis, &report, &err);     reads what is new, reports from the archive
 *     ... write the report ...
 *     ht_analysis_commit(analysis, &err);           only now the run has happened
 *
 * A report depends on the set of events in the archive alone: it is the same bytes after any number
 * of runs as after one over everything, whatever the order, the overlap, and what came late.
 *
 * Of a plain file of JSON Lines that grew, only the rest is read; anything else that changed is
 * read again. Nothing counts twice. A file that is not the one that was read under its name is
 * noticed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

/* Of the schema, as the file says in user_version; a newer one is refused. */
enum { HT_ARCHIVE_VERSION = 1 };

/* Zero-initialise, then set what differs. */
struct ht_archive_options {
    const char *path;
    bool read_only;          /* nothing is read but the archive and nothing is written to it */
    int64_t retention_us;    /* events older than this before now_us are dropped; 0 = none is */
    int64_t lock_timeout_us; /* how long another run is waited for: then HT_E_BUSY */
    int64_t now_us;
};

/* What a run found. */
struct ht_archive_news {
    uint64_t sources_new;
    uint64_t sources_grown;     /* read on from where they ended */
    uint64_t sources_again;     /* changed, of a kind that is read as a whole */
    uint64_t sources_replaced;  /* another file under the same name, or cut short */
    uint64_t sources_unchanged; /* not read */
    uint64_t events_new;
    uint64_t events_pruned;
    char replaced[256]; /* printable; the first of those that were replaced */
};

struct ht_archive_figures {
    uint64_t file_bytes;
    uint64_t hubs;
    uint64_t devices;
    uint64_t blocks; /* of one hub and hour each */
    uint64_t block_bytes;
    uint64_t events;
    uint64_t sources;
    uint64_t runs;
    int64_t first_us; /* of the hours with events; when there are any */
    int64_t last_us;
    int64_t last_run_us; /* HT_TIME_NONE: never */
};

/*
 * Upkeep. HT_E_BUSY: another run has it; HT_E_DATA: damaged; HT_E_USAGE: no archive, or one of a
 * newer version. Nothing is changed then.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_archive_info(const struct ht_archive_options *options,
                                                       struct ht_archive_figures *figures,
                                                       struct ht_err *err);

/* Read every byte that means something, and check it. */
HT_PUBLIC HT_MUST_CHECK enum ht_status
ht_archive_check_file(const struct ht_archive_options *options, struct ht_err *err);

/* Drop what is older than the retention, and give the space back. */
HT_PUBLIC HT_MUST_CHECK enum ht_status
ht_archive_prune_file(const struct ht_archive_options *options, uint64_t *events,
                      struct ht_err *err);

/* Take over all events and sources of other archives; options->path is made when it is not there.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status
ht_archive_merge_files(const struct ht_archive_options *options, const char *const *paths,
                       size_t count, uint64_t *events, struct ht_err *err);

#endif
