/* SPDX-License-Identifier: MIT */
/*
 * The time line of one device (hubtriage/device.h). Nothing is kept: each step is found by binary
 * search in the packed sessions and events.
 *
 * A refused connect belongs to the last session that began before it; the end of a session whose
 * begin is missing stands for that begin.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/err.h"
#include "base/text.h"
#include "hubtriage/device.h"
#include "report/figures.h"
#include "report/rows.h"
#include "report/timeline.h"

static uint32_t device_of(const struct ht_report *report, size_t row) {
    HT_ASSERT(row < report->row_count);
    return report->rows[row].device;
}

/* Sessions of a device that touch the window: a run, since they are in order and do not overlap. */
struct run {
    uint32_t first;
    uint32_t count;
};

static bool ends_before(const struct ht_report *report, uint32_t session) {
    return report->sessions.sessions[session].end_us < report->window.from_us;
}

static bool begins_within(const struct ht_report *report, uint32_t session) {
    return report->sessions.sessions[session].start_us < report->window.to_us;
}

/* How many at the begin of [first, first + count) have what is asked for; those that have it come
 * first. */
static uint32_t count_while(const struct ht_report *report, uint32_t first, uint32_t count,
                            bool (*has)(const struct ht_report *report, uint32_t session)) {
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (has(report, first + middle)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct run shown_sessions(const struct ht_report *report, uint32_t device) {
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    const uint32_t skipped = count_while(report, own->first, own->count, ends_before);
    const uint32_t first = own->first + skipped;
    return (struct run){first, count_while(report, first, own->count - skipped, begins_within)};
}

/* When a session surely has begun. */
static int64_t boundary_us(const struct ht_session *session) {
    return session->start == HT_START_MISSING ? session->end_us : session->start_us;
}

static void take_refusal(const struct ht_report *report, const struct ht_event *event,
                         struct ht_refusals *out) {
    const char *message =
        ht_report_text(report, HT_SHOWN_MESSAGE, report->log.facets[event->facet].message);
    size_t at = 0;
    out->first_us = out->count == 0 ? event->time_us : out->first_us;
    out->last_us = event->time_us;
    out->count++;
    out->message = message != NULL ? message : out->message;
    while (at < out->code_count && out->codes[at] != event->code) {
        at++;
    }
    if (at == HT_CODES_MAX) {
        out->other_codes++;
        return;
    }
    if (at == out->code_count) {
        out->codes[out->code_count++] = event->code;
    }
    out->code_counts[at]++;
}

/* Those in (after_us, to_us] and within the window. */
static void take_refusals(const struct ht_report *report, uint32_t index, int64_t after_us,
                          int64_t to_us, struct ht_refusals *out) {
    const struct ht_log *log = &report->log;
    const struct ht_device *device = &log->devices[index];
    const struct ht_window *window = &report->window;
    const int64_t from_us = after_us >= window->from_us ? after_us + 1 : window->from_us;
    *out = (struct ht_refusals){.first_us = HT_TIME_NONE, .last_us = HT_TIME_NONE};
    for (uint64_t i = ht_event_lower_bound(log, device, from_us); i < device->event_count; i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (event->time_us > to_us || event->time_us >= window->to_us) {
            break;
        }
        if (event->kind == HT_EVENT_REFUSED) {
            take_refusal(report, event, out);
        }
    }
}

/* Refusals within the window that belong to no session of it end here. */
static int64_t leading_to_us(const struct ht_report *report, const struct run *run) {
    return run->count > 0 ? boundary_us(&report->sessions.sessions[run->first]) : INT64_MAX;
}

static bool has_leading(const struct ht_report *report, uint32_t index, const struct run *run) {
    const struct ht_log *log = &report->log;
    const struct ht_device *device = &log->devices[index];
    const int64_t to_us = leading_to_us(report, run);
    for (uint64_t i = ht_event_lower_bound(log, device, report->window.from_us);
         i < device->event_count; i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (event->time_us > to_us || event->time_us >= report->window.to_us) {
            return false;
        }
        if (event->kind == HT_EVENT_REFUSED) {
            return true;
        }
    }
    return false;
}

size_t ht_device_step_count(const struct ht_report *report, size_t row) {
    const uint32_t device = device_of(report, row);
    const struct run run = shown_sessions(report, device);
    return run.count + (size_t)has_leading(report, device, &run);
}

static void put_session(const struct ht_report *report, uint32_t device, uint32_t index,
                        struct ht_device_step *out) {
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    const struct ht_session *session = &report->sessions.sessions[index];
    const bool is_last = index + 1 == own->first + own->count;
    out->has_session = true;
    out->begin_us = session->start_us;
    out->until_us = session->end_us;
    ht_row_session(report, index, &out->session);
    out->has_disconnect = session->end == HT_END_SEEN;
    if (out->has_disconnect) {
        out->in_window = ht_report_is_disconnect(report, session);
        ht_row_disconnect(report, index, &out->disconnect);
    }
    take_refusals(report, device, boundary_us(session),
                  is_last ? INT64_MAX : boundary_us(session + 1), &out->refused);
}

void ht_device_step(const struct ht_report *report, size_t row, size_t step,
                    struct ht_device_step *out) {
    const uint32_t device = device_of(report, row);
    const struct run run = shown_sessions(report, device);
    *out = (struct ht_device_step){.begin_us = HT_TIME_NONE, .until_us = HT_TIME_NONE};
    const size_t leading = has_leading(report, device, &run);
    HT_ASSERT(step < run.count + leading);
    if (step < leading) {
        take_refusals(report, device, INT64_MIN, leading_to_us(report, &run), &out->refused);
    } else {
        put_session(report, device, run.first + (uint32_t)(step - leading), out);
    }
}

/* The axis. */

struct axis {
    struct ht_axis_cell *cells;
    size_t count;
    int64_t from_us;
    int64_t to_us;
};

/* Where a cell begins. The span fits 62 bits, and a product with the count of cells need not. */
static int64_t cell_begin_us(const struct axis *axis, size_t cell) {
    const int64_t span_us = axis->to_us - axis->from_us;
    const int64_t count = (int64_t)axis->count;
    const int64_t at = (int64_t)cell;
    return axis->from_us + span_us / count * at + span_us % count * at / count;
}

/* The last cell holds the end of the span as well. */
static size_t cell_at(const struct axis *axis, int64_t time_us) {
    size_t low = 0;
    size_t high = axis->count - 1;
    while (low < high) {
        const size_t middle = low + (high - low + 1) / 2;
        if (cell_begin_us(axis, middle) <= time_us) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

static void add_stretch(void *ctx, enum ht_device_state state, int64_t begin_us, int64_t end_us) {
    const struct axis *axis = ctx;
    begin_us = begin_us > axis->from_us ? begin_us : axis->from_us;
    end_us = end_us < axis->to_us ? end_us : axis->to_us;
    for (size_t i = begin_us < end_us ? cell_at(axis, begin_us) : axis->count;
         i < axis->count && cell_begin_us(axis, i) < end_us; i++) {
        const int64_t cell_from_us = cell_begin_us(axis, i);
        const int64_t cell_to_us = cell_begin_us(axis, i + 1);
        const int64_t from_us = begin_us > cell_from_us ? begin_us : cell_from_us;
        const int64_t to_us = end_us < cell_to_us ? end_us : cell_to_us;
        axis->cells[i].up_us += state == HT_STATE_UP ? to_us - from_us : 0;
        axis->cells[i].down_us += state == HT_STATE_DOWN ? to_us - from_us : 0;
    }
}

static void count_events(const struct ht_report *report, uint32_t index, const struct axis *axis) {
    const struct ht_log *log = &report->log;
    const struct ht_device *device = &log->devices[index];
    const struct run run = shown_sessions(report, index);
    for (uint32_t i = run.first; i < run.first + run.count; i++) {
        const struct ht_session *session = &report->sessions.sessions[i];
        if (ht_report_is_disconnect(report, session)) {
            axis->cells[cell_at(axis, session->end_us)].disconnects++;
        }
    }
    for (uint64_t i = ht_event_lower_bound(log, device, axis->from_us); i < device->event_count;
         i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (event->time_us > axis->to_us || event->time_us >= report->window.to_us) {
            break;
        }
        if (event->kind == HT_EVENT_REFUSED) {
            axis->cells[cell_at(axis, event->time_us)].refused++;
        }
    }
}

bool ht_device_axis(const struct ht_report *report, size_t row, struct ht_axis_cell *cells,
                    size_t count, int64_t *from_us, int64_t *to_us) {
    const uint32_t device = device_of(report, row);
    const struct ht_hub *hub = ht_report_hub_of(report, device);
    const struct ht_window *window = &report->window;
    struct axis axis = {
        .cells = cells,
        .count = count,
        .from_us = hub->first_us > window->from_us ? hub->first_us : window->from_us,
        .to_us = hub->last_us < window->to_us ? hub->last_us : window->to_us,
    };
    HT_ASSERT(count > 0);
    memset(cells, 0, count * sizeof *cells);
    *from_us = axis.from_us;
    *to_us = axis.to_us;
    if (hub->first_us > hub->last_us || axis.to_us < axis.from_us ||
        axis.to_us - axis.from_us < (int64_t)count) {
        return false;
    }
    struct ht_timeline ignored;
    ht_timeline_walk(report, device, add_stretch, &axis, &ignored);
    for (size_t i = 0; i < count; i++) {
        const int64_t span_us = cell_begin_us(&axis, i + 1) - cell_begin_us(&axis, i);
        cells[i].unknown_us = span_us - cells[i].up_us - cells[i].down_us;
    }
    count_events(report, device, &axis);
    return true;
}

size_t ht_device_modules(const struct ht_report *report, size_t row, const char **names,
                         size_t max) {
    const struct ht_log *log = &report->log;
    const uint32_t index = device_of(report, row);
    const struct ht_device *device = &log->devices[index];
    const struct ht_hub *hub = &log->hubs[device->hub];
    size_t count = 0;
    for (uint32_t i = index + 1; device->module == 0 && i < hub->device_first + hub->device_count &&
                                 log->devices[i].id == device->id;
         i++) {
        if (count < max) {
            names[count] = ht_report_text(report, HT_SHOWN_MODULE, log->devices[i].module);
        }
        count++;
    }
    return count;
}

/* No such device. */

enum { NEAREST_MAX = 3, ID_BYTES_MAX = 128, SHOWN_BYTES = 56 };

struct near {
    size_t distance;
    struct ht_str device;
    struct ht_str module;
};

struct search {
    struct ht_str wanted;
    size_t allowed;
    struct near nearest[NEAREST_MAX]; /* closest first, then in the order of the log */
    size_t count;
    uint64_t devices;
};

static size_t least(size_t a, size_t b, size_t c) {
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Insertions, removals, replacements and swaps of neighbours that make one of the other; letters of
 * other case are half as far, so all is counted twice. SIZE_MAX when it is certainly too much. */
static size_t distance(struct ht_str a, struct ht_str b, size_t allowed) {
    size_t rows[3][ID_BYTES_MAX + 1];
    if ((a.len > b.len ? a.len - b.len : b.len - a.len) * 2 > allowed) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = 2 * j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = 2 * i;
        for (size_t j = 1; j <= b.len; j++) {
            const char x = a.ptr[i - 1];
            const char y = b.ptr[j - 1];
            const size_t cost = x == y ? 0 : ht_ascii_lower(x) == ht_ascii_lower(y) ? 1 : 2;
            row[j] = least(last[j] + 2, row[j - 1] + 2, last[j - 1] + cost);
            if (i > 1 && j > 1 && x == b.ptr[j - 2] && a.ptr[i - 2] == y &&
                before[j - 2] + 2 < row[j]) {
                row[j] = before[j - 2] + 2;
            }
        }
    }
    return rows[a.len % 3][b.len];
}

/* How far an id is; one that only goes on behind what was typed is near, but not as a slip is. */
static size_t how_far(const struct search *search, struct ht_str id) {
    const size_t found = distance(search->wanted, id, search->allowed);
    const bool goes_on = search->wanted.len >= 3 && ht_str_starts_nocase(id, search->wanted);
    return found > search->allowed && goes_on ? search->allowed : found;
}

static void offer(struct search *search, const struct near *near) {
    size_t at = search->count;
    while (at > 0 && search->nearest[at - 1].distance > near->distance) {
        at--;
    }
    for (size_t i = 0; i < search->count; i++) { /* of another hub */
        if (ht_str_eq(search->nearest[i].device, near->device) &&
            ht_str_eq(search->nearest[i].module, near->module)) {
            return;
        }
    }
    if (at == NEAREST_MAX) {
        return;
    }
    search->count += search->count < NEAREST_MAX;
    for (size_t i = search->count - 1; i > at; i--) {
        search->nearest[i] = search->nearest[i - 1];
    }
    search->nearest[at] = *near;
}

static void search_ids(const struct ht_report *report, struct search *search) {
    const struct ht_log *log = &report->log;
    for (size_t i = 0; i < log->device_count; i++) {
        char joined[ID_BYTES_MAX];
        const struct ht_str device = ht_log_str(log, log->devices[i].id);
        const struct ht_str module = ht_log_str(log, log->devices[i].module);
        const size_t slash = module.len > 0;
        search->devices += device.len > 0;
        if (device.len == 0 || device.len + slash + module.len > sizeof joined) {
            continue;
        }
        memcpy(joined, device.ptr, device.len);
        if (module.len > 0) {
            joined[device.len] = '/';
            memcpy(joined + device.len + 1, module.ptr, module.len);
        }
        const struct ht_str id = {joined, device.len + slash + module.len};
        const struct near near = {how_far(search, id), device, module};
        if (near.distance <= search->allowed) {
            offer(search, &near);
        }
    }
}

static size_t put_near(const struct near *near, char *out, size_t size_bytes) {
    size_t len = ht_text_printable(out, size_bytes, near->device);
    if (near->module.len > 0 && len + 8 < size_bytes) {
        out[len++] = '/';
        len += ht_text_printable(out + len, size_bytes - len, near->module);
    }
    return len;
}

enum ht_status ht_device_need(const struct ht_report *report, const char *id, struct ht_err *err) {
    if (report->row_count > 0) {
        return HT_OK;
    }
    char shown[SHOWN_BYTES];
    char names[NEAREST_MAX][SHOWN_BYTES];
    struct search search = {.wanted = ht_str_from(id)};
    search.allowed = search.wanted.len / 3 > 0 ? search.wanted.len / 3 * 2 : 2;
    if (search.wanted.len <= ID_BYTES_MAX) {
        search_ids(report, &search);
    }
    (void)ht_text_printable(shown, sizeof shown, search.wanted);
    for (size_t i = 0; i < NEAREST_MAX; i++) {
        names[i][0] = '\0';
        if (i < search.count) {
            (void)put_near(&search.nearest[i], names[i], sizeof names[i]);
        }
    }
    if (report->shown[HT_SHOWN_DEVICE] != NULL && search.count > 0 &&
        search.nearest[0].distance > 0) { /* other names are not to be told */
        (void)ht_err_set(err, HT_E_USAGE, "no device '%s' in the log", shown);
        return HT_E_USAGE;
    }
    if (search.count == 0) {
        (void)ht_err_set(err, HT_E_USAGE, "no device '%s' in the log, and none with a similar id",
                         shown);
    } else if (search.nearest[0].distance == 0) {
        (void)ht_err_set(err, HT_E_USAGE,
                         "device '%s' is in the log, but not in this hub and window", shown);
        ht_err_hint(err, "leave out --hub or --until");
        return HT_E_USAGE;
    } else {
        (void)ht_err_set(err, HT_E_USAGE, "no device '%s'; did you mean %s%s%s%s%s?", shown,
                         names[0],
                         search.count > 2   ? ", "
                         : search.count > 1 ? " or "
                                            : "",
                         names[1], search.count > 2 ? " or " : "", names[2]);
    }
    ht_err_hint(err, "list all: hubtriage report -o ndjson --emit devices PATH");
    return HT_E_USAGE;
}
