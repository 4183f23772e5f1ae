/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "archive/archive_private.h"
#include "base/check.h"
#include "base/err.h"
#include "base/time.h"

/* Ceilings of what a hostile log could multiply, as in the store. */
enum { TEXTS_MAX = 16 * 1000 * 1000, FACETS_MAX = 16 * 1000 * 1000, DEVICES_MAX = 8 * 1000 * 1000 };
#define TEXT_BYTES_MAX ((size_t)1 << 30)

/* Durable, and suspicious of what the file says. */
static const char settings[] = "PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                               "PRAGMA cache_size = -65536;";

static enum ht_status check_path(const struct ht_archive *archive, struct ht_err *err) {
    struct stat status;
    if (stat(archive->path, &status) != 0) {
        const bool may_be_made = errno == ENOENT && archive->mode == HT_ARCHIVE_CREATE;
        return may_be_made ? HT_OK : ht_err_set_errno(err, errno, "%s", archive->path);
    }
    if (!S_ISREG(status.st_mode)) {
        (void)ht_err_set(err, HT_E_USAGE, "%s: not a regular file", archive->path);
        return HT_E_USAGE;
    }
    return HT_OK;
}

static enum ht_status ask(const struct ht_archive *archive, const char *sql, int64_t *answer,
                          struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive, sql, &statement, err));
    const enum ht_status status = ht_archive_step(archive, statement, err);
    *answer = status == HT_OK ? sqlite3_column_int64(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    return status == HT_END ? HT_OK : status;
}

/* An archive of ours, of a version that we know; or an empty file. */
static enum ht_status identify(struct ht_archive *archive, struct ht_err *err) {
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    HT_TRY(ask(archive, "PRAGMA application_id", &application, err));
    HT_TRY(ask(archive, "PRAGMA user_version", &version, err));
    HT_TRY(ask(archive, "SELECT count(*) FROM sqlite_schema", &tables, err));
    archive->fresh = application == 0 && version == 0 && tables == 0;
    if (archive->fresh && archive->mode == HT_ARCHIVE_CREATE) {
        return HT_OK;
    }
    if (application != HT_ARCHIVE_APPLICATION) {
        return ht_archive_fail(archive, SQLITE_NOTADB, err);
    }
    if (version > HT_ARCHIVE_VERSION) {
        (void)ht_err_set(err, HT_E_USAGE, "%s: an archive of version %lld, newer than this program",
                         archive->path, (long long)version);
        ht_err_hint(err, "it was left as it is; use the newer hubtriage");
        return HT_E_USAGE;
    }
    return version == HT_ARCHIVE_VERSION ? HT_OK
                                         : ht_archive_refuse(archive, "its version is wrong", err);
}

/* The tables must be those that this program would make. */
static enum ht_status check_schema(const struct ht_archive *archive, struct ht_err *err) {
    struct ht_archive model = {.path = archive->path};
    uint64_t wanted = 0;
    uint64_t found = 0;
    const int rc = sqlite3_open(":memory:", &model.db);
    enum ht_status status =
        rc == SQLITE_OK ? ht_archive_make_tables(&model, err) : ht_archive_no_memory(err);
    if (status == HT_OK) {
        status = ht_archive_sum_schema(&model, &wanted, err);
    }
    (void)sqlite3_close(model.db);
    HT_TRY(status);
    HT_TRY(ht_archive_sum_schema(archive, &found, err));
    return found == wanted ? HT_OK : ht_archive_refuse(archive, "its tables were changed", err);
}

/* Names, sources and the list of blocks, which must be what was written. */
static enum ht_status load(struct ht_archive *archive, struct ht_err *err) {
    uint64_t sums[HT_SUM_COUNT];
    HT_TRY(check_schema(archive, err));
    HT_TRY(ht_archive_load_sums(archive, sums, err));
    HT_TRY(ht_archive_load_names(archive, err));
    HT_TRY(ht_archive_load_sources(archive, err));
    HT_TRY(ht_archive_sum_blocks(archive, err));
    HT_TRY(ht_archive_sum_runs(archive, err));
    for (size_t i = 0; i < HT_SUM_COUNT; i++) {
        if (sums[i] != archive->sums[i]) {
            static const char *const what[HT_SUM_COUNT] = {
                "a text was changed",    "a device was changed", "a facet was changed",
                "a block was changed",   "a source was changed", "a run was changed",
                "a finding was changed",
            };
            return ht_archive_refuse(archive, what[i] != NULL ? what[i] : "its sums are wrong",
                                     err);
        }
    }
    return HT_OK;
}

static enum ht_status begin(struct ht_archive *archive, int64_t lock_timeout_us,
                            struct ht_err *err) {
    const bool reads = archive->mode == HT_ARCHIVE_READ;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                      (archive->mode == HT_ARCHIVE_CREATE ? SQLITE_OPEN_CREATE : 0);
    HT_TRY(check_path(archive, err));
    const int rc = sqlite3_open_v2(archive->path, &archive->db, flags, NULL);
    if (rc != SQLITE_OK) {
        return ht_archive_fail(archive, rc, err);
    }
    const int64_t timeout_ms = lock_timeout_us / 1000;
    (void)sqlite3_extended_result_codes(archive->db, 1);
    (void)sqlite3_busy_timeout(archive->db, timeout_ms < INT32_MAX ? (int)timeout_ms : INT32_MAX);
    (void)sqlite3_db_config(archive->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    HT_TRY(ht_archive_exec(archive, settings, err));
    HT_TRY(
        ht_archive_exec(archive, reads ? "PRAGMA query_only = ON; BEGIN" : "BEGIN IMMEDIATE", err));
    HT_TRY(identify(archive, err));
    return archive->fresh ? ht_archive_make_tables(archive, err) : load(archive, err);
}

static enum ht_status init(struct ht_archive *archive, const struct ht_archive_opening *opening) {
    const size_t bytes = strlen(opening->path) + 1;
    archive->path = malloc(bytes);
    archive->mode = opening->mode;
    archive->horizon_hour =
        opening->horizon_us == HT_TIME_NONE ? INT64_MIN : ht_block_hour(opening->horizon_us);
    if (archive->path == NULL) {
        return HT_E_NOMEM;
    }
    memcpy(archive->path, opening->path, bytes);
    HT_TRY(ht_intern_init(&archive->texts, TEXTS_MAX, TEXT_BYTES_MAX));
    HT_TRY(ht_tuples_init(&archive->devices, DEVICES_MAX));
    HT_TRY(ht_tuples_init(&archive->facets, FACETS_MAX));
    archive->texts_saved = archive->texts.count;
    archive->devices_saved = archive->devices.count;
    archive->facets_saved = archive->facets.count;
    return HT_OK;
}

enum ht_status ht_archive_open(const struct ht_archive_opening *opening,
                               struct ht_archive **archive, struct ht_err *err) {
    struct ht_archive *made = calloc(1, sizeof *made);
    enum ht_status status = made != NULL ? init(made, opening) : HT_E_NOMEM;
    *archive = NULL;
    if (status != HT_OK) {
        (void)ht_archive_no_memory(err);
    } else {
        status = begin(made, opening->lock_timeout_us, err);
    }
    if (status != HT_OK) {
        ht_archive_close(made);
        return status;
    }
    *archive = made;
    return HT_OK;
}

enum ht_status ht_archive_commit(struct ht_archive *archive, struct ht_err *err) {
    HT_TRY(ht_archive_flush(archive, err));
    HT_TRY(ht_archive_save_sums(archive, err));
    HT_TRY(ht_archive_exec(archive, "COMMIT", err));
    return HT_OK;
}

void ht_archive_let_go(struct ht_archive *archive) {
    (void)sqlite3_close(archive->db);
    archive->db = NULL;
}

void ht_archive_close(struct ht_archive *archive) {
    if (archive == NULL) {
        return;
    }
    ht_archive_let_go(archive); /* rolls back */
    for (size_t i = 0; i < archive->source_count; i++) {
        free((char *)archive->sources[i].name.ptr);
    }
    free(archive->sources);
    free(archive->pending);
    free(archive->keys);
    ht_intern_release(&archive->texts);
    ht_tuples_release(&archive->devices);
    ht_tuples_release(&archive->facets);
    free(archive->path);
    free(archive);
}
