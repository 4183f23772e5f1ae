/* SPDX-License-Identifier: MIT */
#include "report/pick.h"

#include "base/check.h"
#include "report/figures.h"
#include "report/time_order.h"

bool ht_has_event(const struct ht_report *report, uint32_t index) {
    const struct ht_device *device = &report->log.devices[index];
    return ht_event_lower_bound(&report->log, device, report->window.from_us) <
           ht_event_lower_bound(&report->log, device, report->window.to_us);
}

bool ht_hub_has_event(const struct ht_report *report, size_t index) {
    const struct ht_hub *hub = &report->log.hubs[index];
    for (uint32_t i = hub->device_first; i < hub->device_first + hub->device_count; i++) {
        if (ht_has_event(report, i)) {
            return true;
        }
    }
    return false;
}

/* Asked of whole hubs unless devices are chosen: the records of a hub itself count as well. */
static bool has_any_event(const struct ht_report *report, const struct ht_selection *selection) {
    const struct ht_log *log = &report->log;
    if (report->is_by_device) {
        for (size_t i = 0; i < report->row_count; i++) {
            if (ht_has_event(report, report->rows[i].device)) {
                return true;
            }
        }
        return false;
    }
    for (size_t i = 0; i < log->hub_count; i++) {
        if (ht_selection_has_hub(selection, ht_log_str(log, log->hubs[i].name)) &&
            ht_hub_has_event(report, i)) {
            return true;
        }
    }
    return false;
}

static bool is_known_in_time(const struct ht_report *report, uint32_t index) {
    const struct ht_device *device = &report->log.devices[index];
    const struct ht_device_sessions *own = &report->sessions.by_device[index];
    const int64_t to_us = report->window.to_us;
    return (device->event_count > 0 && report->log.events[device->event_first].time_us < to_us) ||
           (own->count > 0 && report->sessions.sessions[own->first].start_us < to_us);
}

/* By the names in the log; one exact id also by the pseudonym that is shown. */
static bool is_chosen(const struct ht_report *report, const struct ht_selection *selection,
                      const struct ht_device *device) {
    const struct ht_log *log = &report->log;
    if (ht_selection_has_device(selection, ht_log_str(log, device->id),
                                ht_log_str(log, device->module))) {
        return true;
    }
    return selection->device_id != NULL && report->shown[HT_SHOWN_DEVICE] != NULL &&
           ht_selection_has_device(
               selection, ht_str_from(ht_report_text(report, HT_SHOWN_DEVICE, device->id)),
               ht_str_from(ht_report_text(report, HT_SHOWN_MODULE, device->module)));
}

static enum ht_status pick_devices(struct ht_report *report, const struct ht_selection *selection) {
    const struct ht_log *log = &report->log;
    report->rows = ht_report_array(log->device_count, sizeof *report->rows);
    if (report->rows == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < log->hub_count; i++) {
        const struct ht_hub *hub = &log->hubs[i];
        if (!ht_selection_has_hub(selection, ht_log_str(log, hub->name))) {
            continue;
        }
        for (uint32_t k = hub->device_first; k < hub->device_first + hub->device_count; k++) {
            const struct ht_device *device = &log->devices[k];
            if (device->id != 0 && is_known_in_time(report, k) &&
                is_chosen(report, selection, device)) {
                report->rows[report->row_count++].device = k;
            }
        }
    }
    return HT_OK;
}

static bool touches_window(const struct ht_report *report, const struct ht_session *session) {
    return session->start_us < report->window.to_us && session->end_us >= report->window.from_us;
}

static void count_shown(struct ht_report *report) {
    for (size_t i = 0; i < report->row_count; i++) {
        const struct ht_device_sessions *own = &report->sessions.by_device[report->rows[i].device];
        for (uint32_t k = own->first; k < own->first + own->count; k++) {
            const struct ht_session *session = &report->sessions.sessions[k];
            report->shown_session_count += touches_window(report, session);
            report->disconnect_count += ht_report_is_disconnect(report, session);
        }
    }
}

static void list_shown(struct ht_report *report) {
    size_t sessions = 0;
    size_t disconnects = 0;
    for (size_t i = 0; i < report->row_count; i++) {
        const struct ht_device_sessions *own = &report->sessions.by_device[report->rows[i].device];
        for (uint32_t k = own->first; k < own->first + own->count; k++) {
            const struct ht_session *session = &report->sessions.sessions[k];
            if (touches_window(report, session)) {
                report->shown_sessions[sessions++] = k;
            }
            if (ht_report_is_disconnect(report, session)) {
                report->disconnects[disconnects++] = k;
            }
        }
    }
}

enum ht_status ht_pick(struct ht_report *report, const struct ht_selection *selection) {
    HT_TRY(pick_devices(report, selection));
    /* One device that is asked for by its id is shown, though nothing may have happened to it. */
    report->is_empty =
        selection->device_id != NULL ? report->row_count == 0 : !has_any_event(report, selection);
    if (report->is_empty) {
        report->row_count = 0;
    }
    count_shown(report);
    report->shown_sessions =
        ht_report_array(report->shown_session_count, sizeof *report->shown_sessions);
    report->disconnects = ht_report_array(report->disconnect_count, sizeof *report->disconnects);
    if (report->shown_sessions == NULL || report->disconnects == NULL) {
        return HT_E_NOMEM;
    }
    list_shown(report);
    return ht_time_order(report->sessions.sessions, report->disconnects, report->disconnect_count);
}

size_t ht_row_of_device(const struct ht_report *report, uint32_t device) {
    size_t low = 0;
    size_t high = report->row_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (report->rows[middle].device < device) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < report->row_count && report->rows[low].device == device ? low : HT_INDEX_NONE;
}
