/* SPDX-License-Identifier: MIT */
/* What was read: in memory as long as the archive is open, written at once. */
#include <stdlib.h>

#include "archive/archive_private.h"
#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"

enum { SOURCES_MAX = 10 * 1000 * 1000, NUMBERS = 13 };

static void numbers_of(const struct ht_archive_source *source, int64_t numbers[NUMBERS]) {
    const int64_t all[NUMBERS] = {
        (int64_t)source->head,    (int64_t)source->size_bytes,
        (int64_t)source->check,   source->mtime_ns,
        source->resumes,          source->merged,
        source->read_us,          (int64_t)source->bytes,
        (int64_t)source->records, (int64_t)source->events,
        (int64_t)source->bad,     source->first_us,
        source->last_us,
    };
    memcpy(numbers, all, sizeof all);
}

static uint64_t source_check(int64_t id, const struct ht_archive_source *source) {
    int64_t numbers[NUMBERS + 1];
    numbers_of(source, numbers);
    numbers[NUMBERS] = id;
    return ht_archive_check(ht_archive_row_check(numbers, NUMBERS + 1, source->name),
                            source->facts);
}

static enum ht_status copy(const struct ht_archive_source *from, struct ht_archive_source *to) {
    char *bytes = malloc(from->name.len + from->facts.len + 1);
    if (bytes == NULL) {
        return HT_E_NOMEM;
    }
    *to = *from;
    memcpy(bytes, from->name.ptr, from->name.len);
    if (from->facts.len > 0) {
        memcpy(bytes + from->name.len, from->facts.ptr, from->facts.len);
    }
    to->name.ptr = bytes;
    to->facts.ptr = bytes + from->name.len;
    return HT_OK;
}

static enum ht_status append(struct ht_archive *archive, const struct ht_archive_source *source,
                             int64_t id) {
    if (ht_grow(&archive->sources, &archive->source_capacity, archive->source_count + 1,
                SOURCES_MAX, sizeof *archive->sources) != HT_OK) {
        return HT_E_NOMEM;
    }
    HT_TRY(copy(source, &archive->sources[archive->source_count]));
    archive->sources[archive->source_count++].id = id;
    return HT_OK;
}

static void read_row(sqlite3_stmt *statement, struct ht_archive_source *source) {
    *source = (struct ht_archive_source){
        .name = ht_archive_column_str(statement, 1),
        .head = (uint64_t)sqlite3_column_int64(statement, 2),
        .size_bytes = (uint64_t)sqlite3_column_int64(statement, 3),
        .check = (uint64_t)sqlite3_column_int64(statement, 4),
        .mtime_ns = sqlite3_column_int64(statement, 5),
        .resumes = sqlite3_column_int64(statement, 6) != 0,
        .merged = sqlite3_column_int64(statement, 7) != 0,
        .read_us = sqlite3_column_int64(statement, 8),
        .bytes = (uint64_t)sqlite3_column_int64(statement, 9),
        .records = (uint64_t)sqlite3_column_int64(statement, 10),
        .events = (uint64_t)sqlite3_column_int64(statement, 11),
        .bad = (uint64_t)sqlite3_column_int64(statement, 12),
        .first_us = sqlite3_column_int64(statement, 13),
        .last_us = sqlite3_column_int64(statement, 14),
        .facts = ht_archive_column_str(statement, 15),
    };
}

enum ht_status ht_archive_load_sources(struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive,
                              "SELECT id, name, head, size, crc, mtime, resumes, merged, read, "
                              "bytes, records, events, bad, first, last, facts FROM source "
                              "ORDER BY id",
                              &statement, err));
    enum ht_status status = ht_archive_step(archive, statement, err);
    while (status == HT_OK) {
        struct ht_archive_source source;
        const int64_t id = sqlite3_column_int64(statement, 0);
        read_row(statement, &source);
        archive->sums[HT_SUM_SOURCES] += source_check(id, &source);
        status = append(archive, &source, id) == HT_OK ? ht_archive_step(archive, statement, err)
                                                       : ht_archive_no_memory(err);
    }
    (void)sqlite3_finalize(statement);
    ht_archive_sort_sources(archive);
    return status == HT_END ? HT_OK : status;
}

size_t ht_archive_source_count(const struct ht_archive *archive) {
    return archive->source_count;
}

const struct ht_archive_source *ht_archive_source_at(const struct ht_archive *archive,
                                                     size_t index) {
    return &archive->sources[index];
}

static int compare(const void *left, const void *right) {
    const struct ht_archive_source *a = left;
    const struct ht_archive_source *b = right;
    const int order = ht_str_cmp_natural(a->name, b->name);
    if (order != 0) {
        return order;
    }
    if (a->head != b->head) {
        return a->head < b->head ? -1 : 1;
    }
    return (a->id > b->id) - (a->id < b->id);
}

void ht_archive_sort_sources(struct ht_archive *archive) {
    if (archive->source_count > 1) {
        qsort(archive->sources, archive->source_count, sizeof *archive->sources, compare);
    }
    archive->source_sorted = archive->source_count;
}

size_t ht_archive_find_sources(const struct ht_archive *archive, struct ht_str name,
                               size_t *count) {
    size_t low = 0;
    size_t high = archive->source_sorted;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ht_str_cmp_natural(archive->sources[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *count = 0;
    while (low + *count < archive->source_sorted &&
           ht_str_eq(archive->sources[low + *count].name, name)) {
        (*count)++;
    }
    return low;
}

/* The hour of what it had last; when it had no event, of when it was read. */
static int64_t newest_hour(const struct ht_archive_source *source) {
    return ht_block_hour(source->last_us != HT_TIME_NONE ? source->last_us : source->read_us);
}

bool ht_archive_source_counts(const struct ht_archive *archive,
                              const struct ht_archive_source *source) {
    return newest_hour(source) >= archive->horizon_hour;
}

bool ht_archive_keeps_hour(const struct ht_archive *archive, int64_t hour) {
    return hour >= archive->horizon_hour;
}

static enum ht_status write_row(const struct ht_archive *archive, int64_t id,
                                const struct ht_archive_source *source, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    int64_t numbers[NUMBERS];
    HT_TRY(ht_archive_prepare(archive,
                              "INSERT OR REPLACE INTO source(head, size, crc, mtime, resumes, "
                              "merged, read, bytes, records, events, bad, first, last, id, name, "
                              "facts) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                              &statement, err));
    numbers_of(source, numbers);
    for (int i = 0; i < NUMBERS; i++) {
        (void)sqlite3_bind_int64(statement, i + 1, numbers[i]);
    }
    if (id > 0) {
        (void)sqlite3_bind_int64(statement, NUMBERS + 1, id);
    }
    ht_archive_bind_str(statement, NUMBERS + 2, source->name);
    ht_archive_bind_str(statement, NUMBERS + 3, source->facts);
    const enum ht_status status = ht_archive_run_once(archive, statement, err);
    (void)sqlite3_finalize(statement);
    return status;
}

enum ht_status ht_archive_put_source(struct ht_archive *archive, size_t replaces,
                                     const struct ht_archive_source *source, struct ht_err *err) {
    const bool is_new = replaces == SIZE_MAX;
    HT_TRY(write_row(archive, is_new ? 0 : archive->sources[replaces].id, source, err));
    if (is_new) {
        const int64_t id = sqlite3_last_insert_rowid(archive->db);
        archive->sums[HT_SUM_SOURCES] += source_check(id, source);
        return append(archive, source, id) == HT_OK ? HT_OK : ht_archive_no_memory(err);
    }
    struct ht_archive_source *place = &archive->sources[replaces];
    struct ht_archive_source fresh;
    if (copy(source, &fresh) != HT_OK) {
        return ht_archive_no_memory(err);
    }
    fresh.id = place->id;
    archive->sums[HT_SUM_SOURCES] -= source_check(place->id, place);
    archive->sums[HT_SUM_SOURCES] += source_check(place->id, &fresh);
    free((char *)place->name.ptr);
    *place = fresh;
    return HT_OK;
}

static enum ht_status drop(struct ht_archive *archive, size_t index, sqlite3_stmt *statement,
                           struct ht_err *err) {
    struct ht_archive_source *source = &archive->sources[index];
    archive->sums[HT_SUM_SOURCES] -= source_check(source->id, source);
    (void)sqlite3_bind_int64(statement, 1, source->id);
    free((char *)source->name.ptr);
    source->name = HT_STR_NONE;
    return ht_archive_run_once(archive, statement, err);
}

/* A source that was read within the time to be kept stays known, so that it is not read again. */
static bool is_past(const struct ht_archive *archive, const struct ht_archive_source *source) {
    return !ht_archive_source_counts(archive, source) &&
           ht_block_hour(source->read_us) < archive->horizon_hour;
}

enum ht_status ht_archive_prune(struct ht_archive *archive, uint64_t *events, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    size_t kept = 0;
    *events = 0;
    if (archive->horizon_hour == INT64_MIN) {
        return HT_OK;
    }
    HT_TRY(ht_archive_prune_blocks(archive, events, err));
    HT_TRY(ht_archive_prepare(archive, "DELETE FROM source WHERE id = ?", &statement, err));
    enum ht_status status = HT_OK;
    for (size_t i = 0; i < archive->source_count; i++) {
        if (status == HT_OK && is_past(archive, &archive->sources[i])) {
            status = drop(archive, i, statement, err);
        } else {
            archive->sources[kept++] = archive->sources[i];
        }
    }
    archive->source_count = kept;
    archive->source_sorted = kept; /* they were in order, and still are */
    (void)sqlite3_finalize(statement);
    return status;
}
