/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "archive/archive_private.h"
#include "base/check.h"
#include "base/err.h"
#include "base/time.h"

/* Runs, and what the last one found. */

static uint64_t run_check(int64_t id, const struct ht_archive_run *run) {
    const int64_t numbers[] = {id, run->at_us, (int64_t)run->sources_read,
                               (int64_t)run->new_events};
    return ht_archive_row_check(numbers, 4, ht_str_from(run->version));
}

static enum ht_status sum_runs(struct ht_archive *archive, sqlite3_stmt *statement,
                               struct ht_err *err) {
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (; status == HT_OK; status = ht_archive_step(archive, statement, err)) {
        const int64_t numbers[] = {sqlite3_column_int64(statement, 0),
                                   sqlite3_column_int64(statement, 1),
                                   sqlite3_column_int64(statement, 3),
                                   sqlite3_column_int64(statement, 4)};
        archive->sums[HT_SUM_RUNS] +=
            ht_archive_row_check(numbers, 4, ht_archive_column_str(statement, 2));
    }
    return status == HT_END ? HT_OK : status;
}

static uint64_t keys_check(struct ht_str keys) {
    return ht_archive_row_check(NULL, 0, keys);
}

static enum ht_status load_keys(struct ht_archive *archive, sqlite3_stmt *statement,
                                struct ht_err *err) {
    enum ht_status status = ht_archive_step(archive, statement, err);
    if (status != HT_OK) {
        return status == HT_END ? HT_OK : status;
    }
    const struct ht_str keys = ht_archive_column_str(statement, 0);
    archive->sums[HT_SUM_KEYS] = keys_check(keys);
    archive->keys = malloc(keys.len + 1);
    archive->keys_len = keys.len;
    if (archive->keys == NULL) {
        return ht_archive_no_memory(err);
    }
    if (keys.len > 0) {
        memcpy(archive->keys, keys.ptr, keys.len);
    }
    return HT_OK;
}

enum ht_status ht_archive_sum_runs(struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive, "SELECT id, at, version, sources, events FROM run",
                              &statement, err));
    enum ht_status status = sum_runs(archive, statement, err);
    (void)sqlite3_finalize(statement);
    HT_TRY(status);
    HT_TRY(ht_archive_prepare(archive, "SELECT keys FROM found", &statement, err));
    status = load_keys(archive, statement, err);
    (void)sqlite3_finalize(statement);
    return status;
}

enum ht_status ht_archive_note_run(struct ht_archive *archive, const struct ht_archive_run *run,
                                   struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(
        archive, "INSERT INTO run(at, version, sources, events) VALUES(?,?,?,?)", &statement, err));
    (void)sqlite3_bind_int64(statement, 1, run->at_us);
    ht_archive_bind_str(statement, 2, ht_str_from(run->version));
    (void)sqlite3_bind_int64(statement, 3, (int64_t)run->sources_read);
    (void)sqlite3_bind_int64(statement, 4, (int64_t)run->new_events);
    const enum ht_status status = ht_archive_run_once(archive, statement, err);
    (void)sqlite3_finalize(statement);
    archive->sums[HT_SUM_RUNS] += run_check(sqlite3_last_insert_rowid(archive->db), run);
    return status;
}

bool ht_archive_last_keys(const struct ht_archive *archive, struct ht_str *keys) {
    *keys = (struct ht_str){archive->keys, archive->keys_len};
    return archive->keys != NULL;
}

enum ht_status ht_archive_keep_keys(struct ht_archive *archive, struct ht_str keys,
                                    struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive, "INSERT OR REPLACE INTO found(id, keys) VALUES(1,?)",
                              &statement, err));
    ht_archive_bind_str(statement, 1, keys);
    const enum ht_status status = ht_archive_run_once(archive, statement, err);
    (void)sqlite3_finalize(statement);
    archive->sums[HT_SUM_KEYS] = keys_check(keys);
    return status;
}

/* Upkeep. */

enum ht_status ht_archive_measure(struct ht_archive *archive, struct ht_archive_figures *figures,
                                  struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    *figures = (struct ht_archive_figures){.last_run_us = HT_TIME_NONE};
    HT_TRY(ht_archive_prepare(
        archive,
        "SELECT count(*), total(events), total(length(data)), min(hour), max(hour), "
        "count(DISTINCT hub), (SELECT count(*) FROM run), (SELECT max(at) FROM run), "
        "(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()) "
        "FROM block",
        &statement, err));
    const enum ht_status status = ht_archive_step(archive, statement, err);
    if (status == HT_OK) {
        figures->blocks = (uint64_t)sqlite3_column_int64(statement, 0);
        figures->events = (uint64_t)sqlite3_column_int64(statement, 1);
        figures->block_bytes = (uint64_t)sqlite3_column_int64(statement, 2);
        figures->first_us = sqlite3_column_int64(statement, 3) * HT_BLOCK_US;
        figures->last_us = (sqlite3_column_int64(statement, 4) + 1) * HT_BLOCK_US;
        figures->hubs = (uint64_t)sqlite3_column_int64(statement, 5);
        figures->runs = (uint64_t)sqlite3_column_int64(statement, 6);
        if (figures->runs > 0) {
            figures->last_run_us = sqlite3_column_int64(statement, 7);
        }
        figures->file_bytes = (uint64_t)sqlite3_column_int64(statement, 8);
    }
    (void)sqlite3_finalize(statement);
    figures->sources = archive->source_count;
    for (size_t i = 0; i < archive->devices.count; i++) {
        figures->devices += archive->devices.tuples[i].words[1] != 0;
    }
    return status;
}

static enum ht_status pass_over(void *ctx, const struct ht_event *events, size_t count) {
    (void)ctx;
    (void)events;
    (void)count;
    return HT_OK; /* unpacking is the check */
}

enum ht_status ht_archive_verify(struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive, "PRAGMA integrity_check(1)", &statement, err));
    const enum ht_status status = ht_archive_step(archive, statement, err);
    const bool good =
        status == HT_OK && ht_str_eq(ht_archive_column_str(statement, 0), HT_STR("ok"));
    if (status == HT_OK && !good) {
        const struct ht_str what = ht_archive_column_str(statement, 0);
        (void)ht_err_set(err, HT_E_DATA, "%s: damaged archive: %.*s", archive->path,
                         (int)(what.len < 120 ? what.len : 120), what.ptr);
    }
    (void)sqlite3_finalize(statement);
    HT_TRY(status);
    return good ? ht_archive_load(archive, pass_over, NULL, err) : HT_E_DATA;
}

/* Numbers of another archive in this one; UINT32_MAX = not met yet. */
struct merge {
    struct ht_archive *to;
    const struct ht_archive *from;
    uint32_t *devices;
    uint32_t *facets;
    struct ht_err *err;
};

static enum ht_status translate(struct merge *merge, struct ht_event *event) {
    uint32_t *device = &merge->devices[event->device];
    uint32_t *facet = &merge->facets[event->facet];
    if (*device == UINT32_MAX || *facet == UINT32_MAX) {
        struct ht_record record = {.time_us = 0};
        ht_archive_name_device(merge->from, event->device, &record);
        ht_archive_name_facet(merge->from, event->facet, &record);
        HT_TRY(ht_archive_number(merge->to, &record, device, facet, merge->err));
    }
    event->device = *device;
    event->facet = *facet;
    return HT_OK;
}

static enum ht_status take_over(void *ctx, const struct ht_event *events, size_t count) {
    struct merge *merge = ctx;
    for (size_t i = 0; i < count; i++) {
        struct ht_event event = events[i];
        HT_TRY(translate(merge, &event));
        HT_TRY(ht_archive_add(merge->to, &event, merge->err));
    }
    return HT_OK;
}

/* Of two readings of one source, the one that got further. */
static bool is_further(const struct ht_archive_source *a, const struct ht_archive_source *b) {
    if (a->size_bytes != b->size_bytes) {
        return a->size_bytes > b->size_bytes;
    }
    return a->check > b->check;
}

static bool is_stub(const struct ht_archive_source *source) {
    return source->size_bytes < HT_ARCHIVE_HEAD_BYTES && source->events == 0;
}

static enum ht_status merge_source(struct ht_archive *archive,
                                   const struct ht_archive_source *source, struct ht_err *err) {
    struct ht_archive_source copy = *source;
    size_t count = 0;
    const size_t first = ht_archive_find_sources(archive, source->name, &count);
    for (size_t i = first; i < first + count; i++) {
        const struct ht_archive_source *own = &archive->sources[i];
        if (own->head == source->head || is_stub(own) || is_stub(source)) {
            copy.merged = own->merged;
            return is_further(source, own) ? ht_archive_put_source(archive, i, &copy, err) : HT_OK;
        }
    }
    copy.merged = true;
    return ht_archive_put_source(archive, SIZE_MAX, &copy, err);
}

static enum ht_status merge_all(struct merge *merge, struct ht_archive *other) {
    for (size_t i = 0; i < ht_archive_device_count(other); i++) {
        merge->devices[i] = UINT32_MAX;
    }
    for (size_t i = 0; i < ht_archive_facet_count(other); i++) {
        merge->facets[i] = UINT32_MAX;
    }
    HT_TRY(ht_archive_load(other, take_over, merge, merge->err));
    ht_archive_sort_sources(merge->to);
    for (size_t i = 0; i < other->source_count; i++) {
        HT_TRY(merge_source(merge->to, &other->sources[i], merge->err));
    }
    ht_archive_sort_sources(merge->to);
    return ht_archive_flush(merge->to, merge->err);
}

enum ht_status ht_archive_merge(struct ht_archive *archive, struct ht_archive *other,
                                struct ht_err *err) {
    struct merge merge = {
        .to = archive,
        .from = other,
        .devices = malloc(ht_archive_device_count(other) * sizeof *merge.devices),
        .facets = malloc(ht_archive_facet_count(other) * sizeof *merge.facets),
        .err = err,
    };
    const enum ht_status status = merge.devices != NULL && merge.facets != NULL
                                      ? merge_all(&merge, other)
                                      : ht_archive_no_memory(err);
    free(merge.devices);
    free(merge.facets);
    return status;
}

enum ht_status ht_archive_shrink(struct ht_archive *archive, struct ht_err *err) {
    return ht_archive_exec(archive, "VACUUM", err);
}
