/* SPDX-License-Identifier: MIT */
/* Events in and out: they wait in memory, then join the block of their hub and hour. */
#include <stdlib.h>

#include "archive/archive_private.h"
#include "base/check.h"
#include "base/err.h"
#include "base/grow.h"
#include "base/large.h"

/* 192 MiB */
enum { PENDING_MAX = 8 * 1024 * 1024 };

static uint32_t hub_of(const struct ht_archive *archive, const struct ht_event *event) {
    return archive->devices.tuples[event->device].words[0];
}

enum ht_status ht_archive_add(struct ht_archive *archive, const struct ht_event *event,
                              struct ht_err *err) {
    if (ht_block_hour(event->time_us) < archive->horizon_hour) {
        return HT_OK;
    }
    if (archive->pending_count == PENDING_MAX) {
        HT_TRY(ht_archive_flush(archive, err));
    }
    if (ht_grow(&archive->pending, &archive->pending_capacity, archive->pending_count + 1,
                PENDING_MAX, sizeof *archive->pending) != HT_OK) {
        return ht_archive_no_memory(err);
    }
    archive->pending[archive->pending_count++] = *event;
    return HT_OK;
}

uint64_t ht_archive_new_events(const struct ht_archive *archive) {
    return archive->new_events;
}

static uint64_t block_check(int64_t hub, int64_t hour, int64_t events, struct ht_str data) {
    const int64_t numbers[] = {hub, hour, events};
    return ht_archive_row_check(numbers, 3, data);
}

/* What the list of blocks says of one; its data have a check of their own, which is part of it. */
static uint64_t list_check(int64_t hub, int64_t hour, int64_t events, uint64_t crc) {
    const int64_t numbers[] = {hub, hour, events, (int64_t)crc};
    return ht_archive_row_check(numbers, 4, HT_STR(""));
}

/* The row of the statement: hub, hour, events, crc. */
static uint64_t row_check(sqlite3_stmt *statement) {
    return list_check(sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                      sqlite3_column_int64(statement, 2),
                      (uint64_t)sqlite3_column_int64(statement, 3));
}

enum ht_status ht_archive_sum_blocks(struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(
        ht_archive_prepare(archive, "SELECT hub, hour, events, crc FROM block", &statement, err));
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (; status == HT_OK; status = ht_archive_step(archive, statement, err)) {
        archive->sums[HT_SUM_BLOCKS] += row_check(statement);
    }
    (void)sqlite3_finalize(statement);
    return status == HT_END ? HT_OK : status;
}

/* The row of the statement: hub, hour, events, crc, data. */
static enum ht_status unpack_row(const struct ht_archive *archive, sqlite3_stmt *statement,
                                 struct ht_event **events, size_t *count, struct ht_err *err) {
    const int64_t hub = sqlite3_column_int64(statement, 0);
    const int64_t hour = sqlite3_column_int64(statement, 1);
    const int64_t stated = sqlite3_column_int64(statement, 2);
    const struct ht_str data = ht_archive_column_str(statement, 4);
    const struct ht_block_bounds bounds = {archive->devices.count, archive->facets.count};
    enum ht_status status = HT_E_DATA;
    *events = NULL;
    *count = 0;
    if ((uint64_t)sqlite3_column_int64(statement, 3) == block_check(hub, hour, stated, data)) {
        status = ht_block_unpack(data, hour, &bounds, events, count);
    }
    bool good = status == HT_OK && (int64_t)*count == stated;
    for (size_t i = 0; i < *count && good; i++) {
        good = hub_of(archive, &(*events)[i]) == hub;
    }
    if (status == HT_E_NOMEM) {
        return ht_archive_no_memory(err);
    }
    if (!good) {
        free(*events);
        *events = NULL;
        return ht_archive_refuse(archive, "a block of events cannot be read", err);
    }
    return HT_OK;
}

/* Statements of a flush. */
struct flush {
    struct ht_archive *archive;
    sqlite3_stmt *find;
    sqlite3_stmt *put;
    struct ht_strbuf data;
};

static enum ht_status put_block(struct flush *flush, const struct ht_event *events, size_t count,
                                struct ht_err *err) {
    struct ht_archive *archive = flush->archive;
    const int64_t hub = hub_of(archive, &events[0]);
    const int64_t hour = ht_block_hour(events[0].time_us);
    if (ht_block_pack(events, count, hour, &flush->data) != HT_OK) {
        return ht_archive_no_memory(err);
    }
    const struct ht_str data = ht_strbuf_str(&flush->data);
    const uint64_t crc = block_check(hub, hour, (int64_t)count, data);
    (void)sqlite3_bind_int64(flush->put, 1, hub);
    (void)sqlite3_bind_int64(flush->put, 2, hour);
    (void)sqlite3_bind_int64(flush->put, 3, (int64_t)count);
    (void)sqlite3_bind_int64(flush->put, 4, (int64_t)crc);
    ht_archive_bind_str(flush->put, 5, data);
    archive->sums[HT_SUM_BLOCKS] += list_check(hub, hour, (int64_t)count, crc);
    return ht_archive_run_once(archive, flush->put, err);
}

/* The events of a block that is there already, and those that are to join it. */
static enum ht_status join(struct flush *flush, const struct ht_event *fresh, size_t fresh_count,
                           struct ht_err *err) {
    struct ht_archive *archive = flush->archive;
    struct ht_event *old = NULL;
    size_t old_count = 0;
    HT_TRY(unpack_row(archive, flush->find, &old, &old_count, err));
    struct ht_event *all = ht_large_alloc(old_count + fresh_count, sizeof *all);
    if (all == NULL) {
        free(old);
        return ht_archive_no_memory(err);
    }
    memcpy(all, old, old_count * sizeof *all);
    memcpy(all + old_count, fresh, fresh_count * sizeof *all);
    free(old);
    const size_t count = ht_block_sort(all, old_count + fresh_count);
    enum ht_status status = HT_OK;
    if (count > old_count) {
        archive->sums[HT_SUM_BLOCKS] -= row_check(flush->find);
        (void)sqlite3_reset(flush->find);
        archive->new_events += count - old_count;
        status = put_block(flush, all, count, err);
    }
    free(all);
    return status;
}

static enum ht_status flush_block(struct flush *flush, struct ht_event *events, size_t count,
                                  struct ht_err *err) {
    struct ht_archive *archive = flush->archive;
    (void)sqlite3_bind_int64(flush->find, 1, hub_of(archive, &events[0]));
    (void)sqlite3_bind_int64(flush->find, 2, ht_block_hour(events[0].time_us));
    enum ht_status status = ht_archive_step(archive, flush->find, err);
    if (status == HT_OK) {
        status = join(flush, events, count, err);
    } else if (status == HT_END) {
        count = ht_block_sort(events, count);
        archive->new_events += count;
        status = put_block(flush, events, count, err);
    }
    (void)sqlite3_reset(flush->find);
    return status;
}

/* An event with the block that it belongs to. */
struct placed {
    int64_t hour;
    uint32_t hub;
    uint32_t index;
};

static int compare_placed(const void *left, const void *right) {
    const struct placed *a = left;
    const struct placed *b = right;
    if (a->hour != b->hour) {
        return a->hour < b->hour ? -1 : 1;
    }
    if (a->hub != b->hub) {
        return a->hub < b->hub ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static bool same_block(const struct placed *a, const struct placed *b) {
    return a->hour == b->hour && a->hub == b->hub;
}

/* What waits, in the order of blocks. NULL: no memory. */
static struct placed *place_pending(const struct ht_archive *archive) {
    struct placed *placed = ht_large_alloc(archive->pending_count, sizeof *placed);
    bool sorted = true;
    for (size_t i = 0; i < archive->pending_count && placed != NULL; i++) {
        const struct ht_event *event = &archive->pending[i];
        placed[i] = (struct placed){.hour = ht_block_hour(event->time_us),
                                    .hub = hub_of(archive, event),
                                    .index = (uint32_t)i};
        sorted = sorted && (i == 0 || compare_placed(&placed[i - 1], &placed[i]) < 0);
    }
    if (!sorted) {
        qsort(placed, archive->pending_count, sizeof *placed, compare_placed);
    }
    return placed;
}

static enum ht_status flush_blocks(struct flush *flush, const struct placed *placed,
                                   struct ht_event *events, struct ht_err *err) {
    const struct ht_archive *archive = flush->archive;
    for (size_t first = 0; first < archive->pending_count;) {
        size_t count = 0;
        while (first + count < archive->pending_count &&
               same_block(&placed[first], &placed[first + count])) {
            events[count] = archive->pending[placed[first + count].index];
            count++;
        }
        HT_TRY(flush_block(flush, events, count, err));
        first += count;
    }
    return HT_OK;
}

enum ht_status ht_archive_flush(struct ht_archive *archive, struct ht_err *err) {
    struct flush flush = {.archive = archive};
    HT_TRY(ht_archive_save_names(archive, err));
    if (archive->pending_count == 0) {
        return HT_OK;
    }
    struct placed *placed = place_pending(archive);
    struct ht_event *events = ht_large_alloc(archive->pending_count, sizeof *events);
    ht_strbuf_init(&flush.data, SIZE_MAX / 4);
    enum ht_status status = placed != NULL && events != NULL ? HT_OK : ht_archive_no_memory(err);
    if (status == HT_OK) {
        status = ht_archive_prepare(
            archive, "SELECT hub, hour, events, crc, data FROM block WHERE hub = ? AND hour = ?",
            &flush.find, err);
    }
    if (status == HT_OK) {
        status = ht_archive_prepare(archive,
                                    "INSERT INTO block(hub, hour, events, crc, data) "
                                    "VALUES(?,?,?,?,?) ON CONFLICT(hour, hub) DO UPDATE SET "
                                    "events = excluded.events, crc = excluded.crc, "
                                    "data = excluded.data",
                                    &flush.put, err);
    }
    if (status == HT_OK) {
        status = flush_blocks(&flush, placed, events, err);
    }
    archive->pending_count = 0;
    (void)sqlite3_finalize(flush.find);
    (void)sqlite3_finalize(flush.put);
    ht_strbuf_release(&flush.data);
    free(placed);
    free(events);
    return status;
}

enum ht_status ht_archive_load(struct ht_archive *archive, ht_archive_take *take, void *ctx,
                               struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive,
                              "SELECT hub, hour, events, crc, data FROM block WHERE hour >= ? "
                              "ORDER BY hour, hub",
                              &statement, err));
    (void)sqlite3_bind_int64(statement, 1, archive->horizon_hour);
    enum ht_status status = ht_archive_step(archive, statement, err);
    while (status == HT_OK) {
        struct ht_event *events = NULL;
        size_t count = 0;
        status = unpack_row(archive, statement, &events, &count, err);
        if (status == HT_OK) {
            status = take(ctx, events, count);
        }
        free(events);
        if (status == HT_OK) {
            status = ht_archive_step(archive, statement, err);
        }
    }
    (void)sqlite3_finalize(statement);
    if (status == HT_E_NOMEM) {
        return ht_archive_no_memory(err);
    }
    return status == HT_END ? HT_OK : status;
}

enum ht_status ht_archive_prune_blocks(struct ht_archive *archive, uint64_t *events,
                                       struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    *events = 0;
    HT_TRY(ht_archive_prepare(archive,
                              "DELETE FROM block WHERE hour < ? RETURNING hub, hour, events, crc",
                              &statement, err));
    (void)sqlite3_bind_int64(statement, 1, archive->horizon_hour);
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (; status == HT_OK; status = ht_archive_step(archive, statement, err)) {
        *events += (uint64_t)sqlite3_column_int64(statement, 2);
        archive->sums[HT_SUM_BLOCKS] -= row_check(statement);
    }
    (void)sqlite3_finalize(statement);
    return status == HT_END ? HT_OK : status;
}
