/* SPDX-License-Identifier: MIT */
/* The tables, which hubtriage-archive(5) describes, and the sums over their rows. */
#include "archive/archive_private.h"
#include "base/check.h"

/* Names are kept as bytes, since a log may hold any; the views show them as text. */
static const char schema[] =
    "CREATE TABLE text(id INTEGER PRIMARY KEY, text BLOB NOT NULL);"
    "CREATE TABLE device(id INTEGER PRIMARY KEY, hub INTEGER NOT NULL, device INTEGER NOT NULL,"
    " module INTEGER NOT NULL);"
    "CREATE TABLE facet(id INTEGER PRIMARY KEY, sdk INTEGER NOT NULL, protocol INTEGER NOT NULL,"
    " network INTEGER NOT NULL, message INTEGER NOT NULL, operation INTEGER NOT NULL,"
    " auth INTEGER NOT NULL);"
    "CREATE TABLE block(id INTEGER PRIMARY KEY, hub INTEGER NOT NULL, hour INTEGER NOT NULL,"
    " events INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE(hour, hub));"
    "CREATE TABLE source(id INTEGER PRIMARY KEY, name BLOB NOT NULL, head INTEGER NOT NULL,"
    " size INTEGER NOT NULL, crc INTEGER NOT NULL, mtime INTEGER NOT NULL,"
    " resumes INTEGER NOT NULL, merged INTEGER NOT NULL, read INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL, records INTEGER NOT NULL, events INTEGER NOT NULL,"
    " bad INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, facts BLOB NOT NULL);"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, version BLOB NOT NULL,"
    " sources INTEGER NOT NULL, events INTEGER NOT NULL);"
    "CREATE TABLE found(id INTEGER PRIMARY KEY, keys BLOB NOT NULL);"
    "CREATE TABLE sum(id INTEGER PRIMARY KEY, value INTEGER NOT NULL, crc INTEGER NOT NULL);"
    "CREATE VIEW devices AS SELECT d.id AS id, CAST(h.text AS TEXT) AS hub,"
    " CAST(n.text AS TEXT) AS device, CAST(m.text AS TEXT) AS module FROM device AS d"
    " LEFT JOIN text AS h ON h.id = d.hub LEFT JOIN text AS n ON n.id = d.device"
    " LEFT JOIN text AS m ON m.id = d.module;"
    "CREATE VIEW blocks AS SELECT CAST(h.text AS TEXT) AS hub,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', b.hour * 3600, 'unixepoch') AS hour, b.events AS events,"
    " length(b.data) AS bytes FROM block AS b LEFT JOIN text AS h ON h.id = b.hub;"
    "CREATE VIEW hubs AS SELECT CAST(h.text AS TEXT) AS hub, count(*) AS hours,"
    " sum(b.events) AS events, sum(length(b.data)) AS bytes,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', min(b.hour) * 3600, 'unixepoch') AS first,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', max(b.hour) * 3600, 'unixepoch') AS last"
    " FROM block AS b LEFT JOIN text AS h ON h.id = b.hub GROUP BY b.hub;"
    "CREATE VIEW sources AS SELECT CAST(name AS TEXT) AS name, size, bytes, records, events, bad,"
    " CASE WHEN events > 0 THEN strftime('%Y-%m-%dT%H:%M:%SZ', first / 1000000, 'unixepoch') END"
    " AS first,"
    " CASE WHEN events > 0 THEN strftime('%Y-%m-%dT%H:%M:%SZ', last / 1000000, 'unixepoch') END"
    " AS last,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', read / 1000000, 'unixepoch') AS read FROM source;"
    "CREATE VIEW runs AS SELECT id, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000000, 'unixepoch') AS"
    " at, CAST(version AS TEXT) AS version, sources, events FROM run;";

enum ht_status ht_archive_sum_schema(const struct ht_archive *archive, uint64_t *sum,
                                     struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(
        ht_archive_prepare(archive, "SELECT type, name, sql FROM sqlite_schema", &statement, err));
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (*sum = 0; status == HT_OK; status = ht_archive_step(archive, statement, err)) {
        uint64_t row = 0;
        for (int i = 0; i < 3; i++) {
            row = ht_archive_row_check(NULL, 0, ht_archive_column_str(statement, i)) + row * 31;
        }
        *sum += row;
    }
    (void)sqlite3_finalize(statement);
    return status == HT_END ? HT_OK : status;
}

enum ht_status ht_archive_make_tables(struct ht_archive *archive, struct ht_err *err) {
    HT_TRY(ht_archive_exec(archive, "PRAGMA application_id = 1752523380; PRAGMA user_version = 1;",
                           err));
    return ht_archive_exec(archive, schema, err);
}

static uint64_t sum_check(size_t index, uint64_t value) {
    const int64_t numbers[] = {(int64_t)index, (int64_t)value};
    return ht_archive_row_check(numbers, 2, HT_STR("sum"));
}

enum ht_status ht_archive_load_sums(const struct ht_archive *archive, uint64_t sums[HT_SUM_COUNT],
                                    struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    size_t count = 0;
    HT_TRY(
        ht_archive_prepare(archive, "SELECT id, value, crc FROM sum ORDER BY id", &statement, err));
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (; status == HT_OK && count < HT_SUM_COUNT;
         status = ht_archive_step(archive, statement, err)) {
        sums[count] = (uint64_t)sqlite3_column_int64(statement, 1);
        if (sqlite3_column_int64(statement, 0) != (int64_t)count ||
            (uint64_t)sqlite3_column_int64(statement, 2) != sum_check(count, sums[count])) {
            break;
        }
        count++;
    }
    (void)sqlite3_finalize(statement);
    if (status == HT_OK || (status == HT_END && count != HT_SUM_COUNT)) {
        return ht_archive_refuse(archive, "its sums are wrong", err);
    }
    return status == HT_END ? HT_OK : status;
}

enum ht_status ht_archive_save_sums(const struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    enum ht_status status = HT_OK;
    HT_TRY(ht_archive_prepare(archive, "INSERT OR REPLACE INTO sum(id, value, crc) VALUES(?,?,?)",
                              &statement, err));
    for (size_t i = 0; i < HT_SUM_COUNT && status == HT_OK; i++) {
        (void)sqlite3_bind_int64(statement, 1, (int64_t)i);
        (void)sqlite3_bind_int64(statement, 2, (int64_t)archive->sums[i]);
        (void)sqlite3_bind_int64(statement, 3, (int64_t)sum_check(i, archive->sums[i]));
        status = ht_archive_run_once(archive, statement, err);
    }
    (void)sqlite3_finalize(statement);
    return status;
}
