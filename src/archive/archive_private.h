/* SPDX-License-Identifier: MIT */
#ifndef HT_ARCHIVE_PRIVATE_H
#define HT_ARCHIVE_PRIVATE_H
/* What the files of the archive share. */
#include <sqlite3.h>

#include "archive/archive_block.h"
#include "archive/archive_file.h"
#include "base/intern.h"
#include "base/tuples.h"

#define HT_ARCHIVE_APPLICATION 1752523380 /* "hubt" */

/*
 * Sums over the rows of a table: of each row a check of what it says, added up. They are kept in
 * the file, so that a row that was changed, lost or added by someone else is noticed.
 */
enum ht_archive_sum {
    HT_SUM_TEXTS = 0,
    HT_SUM_DEVICES,
    HT_SUM_FACETS,
    HT_SUM_BLOCKS,
    HT_SUM_SOURCES,
    HT_SUM_RUNS,
    HT_SUM_KEYS,
    HT_SUM_COUNT,
};

struct ht_archive {
    sqlite3 *db; /* NULL: it was let go */
    char *path;
    enum ht_archive_mode mode;
    int64_t horizon_hour; /* INT64_MIN: none */
    bool fresh;           /* the tables are to be made */
    uint64_t sums[HT_SUM_COUNT];

    struct ht_intern texts;
    struct ht_tuples devices; /* hub, id, module, 0, 0, 0 */
    struct ht_tuples facets;  /* words in the order of struct ht_facet */
    size_t texts_saved;       /* numbers below are in the file */
    size_t devices_saved;
    size_t facets_saved;

    struct ht_event *pending;
    size_t pending_count;
    size_t pending_capacity;
    uint64_t new_events;

    struct ht_archive_source *sources;
    size_t source_count;
    size_t source_capacity;
    size_t source_sorted;
    char *keys; /* of the last run; NULL: there was none */
    size_t keys_len;
};

/* A failed call of SQLite as an error. */
enum ht_status ht_archive_fail(const struct ht_archive *archive, int rc, struct ht_err *err);
enum ht_status ht_archive_no_memory(struct ht_err *err);

/* Statements. */
HT_MUST_CHECK enum ht_status ht_archive_exec(const struct ht_archive *archive, const char *sql,
                                             struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_prepare(const struct ht_archive *archive, const char *sql,
                                                sqlite3_stmt **statement, struct ht_err *err);
/* HT_OK: a row; HT_END: none any more. */
enum ht_status ht_archive_step(const struct ht_archive *archive, sqlite3_stmt *statement,
                               struct ht_err *err);
/* Steps a statement that gives no rows, and makes it ready for the next time. */
HT_MUST_CHECK enum ht_status ht_archive_run_once(const struct ht_archive *archive,
                                                 sqlite3_stmt *statement, struct ht_err *err);
void ht_archive_bind_str(sqlite3_stmt *statement, int index, struct ht_str text);
struct ht_str ht_archive_column_str(sqlite3_stmt *statement, int index);

/* Check of a row of numbers, and perhaps a text or bytes. */
uint64_t ht_archive_row_check(const int64_t *numbers, size_t count, struct ht_str bytes);

/* Schema. */
HT_MUST_CHECK enum ht_status ht_archive_make_tables(struct ht_archive *archive, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_load_sums(const struct ht_archive *archive,
                                                  uint64_t sums[HT_SUM_COUNT], struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_save_sums(const struct ht_archive *archive,
                                                  struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_sum_schema(const struct ht_archive *archive, uint64_t *sum,
                                                   struct ht_err *err);

HT_MUST_CHECK enum ht_status ht_archive_prune_blocks(struct ht_archive *archive, uint64_t *events,
                                                     struct ht_err *err);

/* Reading what is there; each adds up the sum of its tables. */
HT_MUST_CHECK enum ht_status ht_archive_load_names(struct ht_archive *archive, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_save_names(struct ht_archive *archive, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_load_sources(struct ht_archive *archive,
                                                     struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_sum_blocks(struct ht_archive *archive, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_sum_runs(struct ht_archive *archive, struct ht_err *err);

#endif
