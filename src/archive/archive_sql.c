/* SPDX-License-Identifier: MIT */
/* SQLite's calls in our words. */
#include <errno.h>
#include <isa-l/crc64.h>

#include "archive/archive_private.h"
#include "base/err.h"
#include "base/pack.h"

enum ht_status ht_archive_no_memory(struct ht_err *err) {
    return ht_err_set(err, HT_E_NOMEM, "not enough memory");
}

enum ht_status ht_archive_refuse(const struct ht_archive *archive, const char *what,
                                 struct ht_err *err) {
    (void)ht_err_set(err, HT_E_DATA, "%s: damaged archive: %s", archive->path, what);
    ht_err_hint(err, "it was left as it is; take a copy of it from a backup, or another file and "
                     "read the logs again");
    return HT_E_DATA;
}

static enum ht_status fail_io(const struct ht_archive *archive, int rc, struct ht_err *err) {
    const int sys_errno = archive->db != NULL ? sqlite3_system_errno(archive->db) : 0;
    if ((rc & 0xFF) == SQLITE_FULL) {
        return ht_err_set_errno(err, ENOSPC, "%s", archive->path);
    }
    if (sys_errno != 0) {
        return ht_err_set_errno(err, sys_errno, "%s", archive->path);
    }
    return ht_err_set(err, HT_E_IO, "%s: %s", archive->path, sqlite3_errstr(rc));
}

enum ht_status ht_archive_fail(const struct ht_archive *archive, int rc, struct ht_err *err) {
    switch (rc & 0xFF) {
    case SQLITE_NOMEM:
        return ht_archive_no_memory(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        (void)ht_err_set(err, HT_E_BUSY, "%s: another run has it", archive->path);
        ht_err_hint(err, "wait for it to end, or give --lock-timeout more time");
        return HT_E_BUSY;
    case SQLITE_NOTADB:
        (void)ht_err_set(err, HT_E_USAGE, "%s: no archive of hubtriage", archive->path);
        ht_err_hint(err, "it was left as it is; give --state another name");
        return HT_E_USAGE;
    case SQLITE_CORRUPT:
    case SQLITE_ERROR: /* our statements are right: the tables are not */
    case SQLITE_CONSTRAINT:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
        return ht_archive_refuse(archive, sqlite3_errmsg(archive->db), err);
    default:
        return fail_io(archive, rc, err);
    }
}

enum ht_status ht_archive_exec(const struct ht_archive *archive, const char *sql,
                               struct ht_err *err) {
    const int rc = sqlite3_exec(archive->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? HT_OK : ht_archive_fail(archive, rc, err);
}

enum ht_status ht_archive_prepare(const struct ht_archive *archive, const char *sql,
                                  sqlite3_stmt **statement, struct ht_err *err) {
    const int rc = sqlite3_prepare_v2(archive->db, sql, -1, statement, NULL);
    return rc == SQLITE_OK ? HT_OK : ht_archive_fail(archive, rc, err);
}

enum ht_status ht_archive_step(const struct ht_archive *archive, sqlite3_stmt *statement,
                               struct ht_err *err) {
    const int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        return HT_OK;
    }
    return rc == SQLITE_DONE ? HT_END : ht_archive_fail(archive, rc, err);
}

enum ht_status ht_archive_run_once(const struct ht_archive *archive, sqlite3_stmt *statement,
                                   struct ht_err *err) {
    const enum ht_status status = ht_archive_step(archive, statement, err);
    (void)sqlite3_reset(statement);
    return status == HT_END ? HT_OK : status;
}

void ht_archive_bind_str(sqlite3_stmt *statement, int index, struct ht_str text) {
    (void)sqlite3_bind_blob64(statement, index, text.len > 0 ? text.ptr : "", text.len,
                              SQLITE_STATIC);
}

struct ht_str ht_archive_column_str(sqlite3_stmt *statement, int index) {
    const char *bytes = sqlite3_column_blob(statement, index);
    const int len = sqlite3_column_bytes(statement, index);
    return (struct ht_str){bytes, bytes != NULL && len > 0 ? (size_t)len : 0};
}

uint64_t ht_archive_check(uint64_t check, struct ht_str bytes) {
    return bytes.len > 0
               ? crc64_ecma_refl(check, (const unsigned char *)bytes.ptr, (uint64_t)bytes.len)
               : check;
}

uint64_t ht_archive_row_check(const int64_t *numbers, size_t count, struct ht_str bytes) {
    unsigned char packed[sizeof *numbers];
    uint64_t check = ht_archive_check(0, bytes);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof packed; k++) {
            packed[k] = (unsigned char)((uint64_t)numbers[i] >> (8 * k));
        }
        check = ht_archive_check(check, (struct ht_str){(const char *)packed, sizeof packed});
    }
    return check;
}
