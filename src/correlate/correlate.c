/* SPDX-License-Identifier: MIT */
/* Device by device: pick the events of the connection, order those of equal stamps, make sessions.
 */
#include "correlate/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/large.h"
#include "correlate/device_sessions.h"
#include "correlate/tie_order.h"

/* Pointers to one device's events of the connection; reused from device to device. */
struct scratch {
    const struct ht_event **events;
    size_t count;
    size_t capacity;
};

static enum ht_status pick_events(const struct ht_log *log, const struct ht_device *device,
                                  struct scratch *scratch) {
    HT_TRY(ht_grow(&scratch->events, &scratch->capacity, device->event_count + 1, SIZE_MAX / 2,
                   sizeof(struct ht_event *)));
    scratch->count = 0;
    for (uint64_t i = 0; i < device->event_count; i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (event->kind != HT_EVENT_HEALTH) {
            scratch->events[scratch->count++] = event;
        }
    }
    return HT_OK;
}

/* What a block of devices has: its sessions go behind those of the blocks before it. */
struct part {
    struct ht_session_list list;
    size_t first;
    uint64_t starts_before_log;
    uint64_t starts_missing;
    uint64_t ends_missing;
};

struct work {
    const struct ht_log *log;
    struct ht_device_sessions *by_device;
    struct part *parts; /* by block */
    struct ht_session *sessions;
};

enum { BLOCK_DEVICES = 2048 };

/* The order of sessions is what later stages rely on. */
static void check_and_count(struct part *part) {
    for (size_t i = 0; i < part->list.count; i++) {
        const struct ht_session *session = &part->list.sessions[i];
        const struct ht_session *before = i > 0 ? session - 1 : NULL;
        HT_ASSERT(session->start_us <= session->end_us);
        HT_ASSERT(before == NULL || before->device < session->device ||
                  (before->device == session->device && before->start_us <= session->start_us));
        part->starts_before_log += session->start == HT_START_BEFORE_LOG;
        part->starts_missing += session->start == HT_START_MISSING;
        part->ends_missing += session->end == HT_END_MISSING;
    }
}

static enum ht_status correlate_block(void *ctx, const struct ht_block *block) {
    const struct work *work = ctx;
    struct part *part = &work->parts[block->index];
    struct scratch scratch = {NULL, 0, 0};
    const struct ht_device *last = &work->log->devices[block->end - 1];
    const uint64_t events =
        last->event_first + last->event_count - work->log->devices[block->begin].event_first;
    /* A session takes an event at least. What is not needed is never touched. */
    part->list.capacity = events + 1;
    part->list.sessions = ht_large_alloc(part->list.capacity, sizeof *part->list.sessions);
    enum ht_status status = part->list.sessions != NULL ? HT_OK : HT_E_NOMEM;
    for (size_t i = block->begin; i < block->end && status == HT_OK; i++) {
        status = pick_events(work->log, &work->log->devices[i], &scratch);
        if (status == HT_OK) {
            ht_tie_order(scratch.events, scratch.count);
            const struct ht_device_events input = {work->log, (uint32_t)i, scratch.events,
                                                   scratch.count};
            status = ht_device_sessions_make(&input, &part->list, &work->by_device[i]);
        }
    }
    free(scratch.events);
    check_and_count(part);
    return status;
}

/* Put the sessions of a block where they belong. */
static enum ht_status place_block(void *ctx, const struct ht_block *block) {
    const struct work *work = ctx;
    struct part *part = &work->parts[block->index];
    for (size_t i = block->begin; i < block->end; i++) {
        work->by_device[i].first += (uint32_t)part->first;
    }
    if (part->list.count > 0) {
        memcpy(work->sessions + part->first, part->list.sessions,
               part->list.count * sizeof *work->sessions);
    }
    free(part->list.sessions);
    part->list.sessions = NULL;
    return HT_OK;
}

static enum ht_status correlate(struct work *work, const struct ht_parallel *parallel,
                                struct ht_sessions *sessions) {
    const size_t devices = work->log->device_count;
    size_t count = 0;
    HT_TRY(ht_parallel_for(parallel, devices, BLOCK_DEVICES, correlate_block, work));
    for (size_t b = 0; b < ht_parallel_block_count(devices, BLOCK_DEVICES); b++) {
        struct part *part = &work->parts[b];
        part->first = count;
        count += part->list.count;
        sessions->starts_before_log += part->starts_before_log;
        sessions->starts_missing += part->starts_missing;
        sessions->ends_missing += part->ends_missing;
    }
    /* Sessions have numbers of 32 bits. Also a log without any has an array of them: later stages
     * point into it. */
    work->sessions =
        count < UINT32_MAX - 1 ? ht_large_alloc(count + 1, sizeof *work->sessions) : NULL;
    if (work->sessions == NULL) {
        return HT_E_NOMEM;
    }
    sessions->session_count = count;
    return ht_parallel_for(parallel, devices, BLOCK_DEVICES, place_block, work);
}

enum ht_status ht_correlate(const struct ht_log *log, const struct ht_parallel *parallel,
                            struct ht_sessions *sessions) {
    const size_t blocks = ht_parallel_block_count(log->device_count, BLOCK_DEVICES);
    struct work work = {
        .log = log,
        .by_device = ht_large_zeroed(log->device_count + 1, sizeof *work.by_device),
        .parts = calloc(blocks + 1, sizeof *work.parts),
    };
    *sessions = (struct ht_sessions){.session_count = 0};
    const bool complete = work.by_device != NULL && work.parts != NULL;
    const enum ht_status status = complete ? correlate(&work, parallel, sessions) : HT_E_NOMEM;
    for (size_t b = 0; b < blocks && work.parts != NULL; b++) {
        free(work.parts[b].list.sessions);
    }
    free(work.parts);
    if (status != HT_OK) {
        free(work.sessions);
        free(work.by_device);
        *sessions = (struct ht_sessions){.session_count = 0};
        return HT_E_NOMEM;
    }
    sessions->sessions = work.sessions;
    sessions->by_device = work.by_device;
    return HT_OK;
}
