/* SPDX-License-Identifier: MIT */
/* Device by device: pick the events of the connection, order those of equal stamps, make sessions.
 */
#include "correlate/correlate.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
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

static enum ht_status correlate_devices(const struct ht_log *log, struct ht_session_list *list,
                                        struct ht_device_sessions *by_device) {
    struct scratch scratch = {NULL, 0, 0};
    enum ht_status status = HT_OK;
    for (uint32_t i = 0; i < log->device_count && status == HT_OK; i++) {
        status = pick_events(log, &log->devices[i], &scratch);
        if (status == HT_OK) {
            ht_tie_order(scratch.events, scratch.count);
            const struct ht_device_events input = {log, i, scratch.events, scratch.count};
            status = ht_device_sessions_make(&input, list, &by_device[i]);
        }
    }
    free(scratch.events);
    return status;
}

/* The order of sessions is what later stages rely on. */
static void check_and_count(const struct ht_session_list *list, struct ht_sessions *sessions) {
    for (size_t i = 0; i < list->count; i++) {
        const struct ht_session *session = &list->sessions[i];
        const struct ht_session *before = i > 0 ? session - 1 : NULL;
        HT_ASSERT(session->start_us <= session->end_us);
        HT_ASSERT(before == NULL || before->device < session->device ||
                  (before->device == session->device && before->start_us <= session->start_us));
        sessions->starts_before_log += session->start == HT_START_BEFORE_LOG;
        sessions->starts_missing += session->start == HT_START_MISSING;
        sessions->ends_missing += session->end == HT_END_MISSING;
    }
}

enum ht_status ht_correlate(const struct ht_log *log, const struct ht_parallel *parallel,
                            struct ht_sessions *sessions) {
    (void)parallel;
    struct ht_session_list list = {NULL, 0, 0};
    *sessions = (struct ht_sessions){.session_count = 0};
    struct ht_device_sessions *by_device =
        calloc(log->device_count > 0 ? log->device_count : 1, sizeof *by_device);
    if (by_device == NULL) {
        return HT_E_NOMEM;
    }
    /* Also a log without sessions has an array of them: later stages point into it. */
    enum ht_status status =
        ht_grow(&list.sessions, &list.capacity, 1, UINT32_MAX - 1, sizeof *list.sessions);
    if (status == HT_OK) {
        status = correlate_devices(log, &list, by_device);
    }
    if (status != HT_OK) {
        free(list.sessions);
        free(by_device);
        return HT_E_NOMEM;
    }
    check_and_count(&list, sessions);
    sessions->sessions = list.sessions;
    sessions->session_count = list.count;
    sessions->by_device = by_device;
    return HT_OK;
}
