/* SPDX-License-Identifier: MIT */
#include "report/hub_health.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "model/code.h"
#include "report/figures.h"

void ht_hub_health_release(struct ht_hub_health *health) {
    free(health->errors_us);
    *health = (struct ht_hub_health){0};
}

static int compare_i64(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static enum ht_status take(const struct ht_event *event, bool is_shown,
                           struct ht_hub_health *health) {
    if (event->code == HT_CODE_NONE) {
        return HT_OK;
    }
    if (ht_code_is_server_error(event->code)) {
        HT_TRY(ht_grow(&health->errors_us, &health->error_capacity, health->error_count + 1,
                       SIZE_MAX / 16, sizeof *health->errors_us));
        health->errors_us[health->error_count++] = event->time_us;
        health->shown_errors += is_shown;
    }
    health->shown_throttles += is_shown && ht_code_http(event->code) == 429;
    health->shown_quota +=
        is_shown && (event->code == HT_CODE_QUOTA_EXCEEDED || event->code == HT_CODE_HUB_SUSPENDED);
    return HT_OK;
}

enum ht_status ht_hub_health_read(const struct ht_report *report, size_t index,
                                  struct ht_hub_health *health) {
    const struct ht_log *log = &report->log;
    const struct ht_hub *hub = &log->hubs[index];
    health->error_count = 0;
    health->shown_errors = 0;
    health->shown_throttles = 0;
    health->shown_quota = 0;
    if (hub->device_count == 0) {
        return HT_OK;
    }
    /* Devices of a hub are neighbours, and so are their events. */
    const struct ht_device *first = &log->devices[hub->device_first];
    const struct ht_device *last = first + hub->device_count - 1;
    for (uint64_t i = first->event_first; i < last->event_first + last->event_count; i++) {
        const struct ht_event *event = &log->events[i];
        if (take(event, ht_window_has(&report->window, event->time_us), health) != HT_OK) {
            return HT_E_NOMEM;
        }
    }
    if (health->error_count > 1) {
        qsort(health->errors_us, health->error_count, sizeof *health->errors_us, compare_i64);
    }
    return HT_OK;
}

static size_t lower_bound(const struct ht_hub_health *health, int64_t time_us) {
    size_t low = 0;
    size_t high = health->error_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (health->errors_us[middle] < time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t ht_hub_health_errors(const struct ht_hub_health *health, int64_t from_us, int64_t to_us) {
    return lower_bound(health, to_us + 1) - lower_bound(health, from_us);
}
