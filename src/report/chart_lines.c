/* SPDX-License-Identifier: MIT */
/* When the worst devices were up, and why they dropped. */
#include "report/charts_private.h"
#include "report/figures.h"
#include "report/timeline.h"

struct line {
    const struct ht_chart_axis *axis;
    struct ht_chart_cell *cells;
};

static void add_stretch(void *ctx, enum ht_device_state state, int64_t begin_us, int64_t end_us) {
    const struct line *line = ctx;
    const struct ht_chart_axis *axis = line->axis;
    const int64_t to_us = axis->from_us + (int64_t)axis->count * axis->step_us;
    begin_us = begin_us > axis->from_us ? begin_us : axis->from_us;
    end_us = end_us < to_us ? end_us : to_us;
    while (state != HT_STATE_UNKNOWN && begin_us < end_us) {
        const int64_t cell = (begin_us - axis->from_us) / axis->step_us;
        const int64_t cell_end_us = axis->from_us + (cell + 1) * axis->step_us;
        const int64_t until_us = end_us < cell_end_us ? end_us : cell_end_us;
        line->cells[cell].up_us += state == HT_STATE_UP ? until_us - begin_us : 0;
        line->cells[cell].down_us += state == HT_STATE_DOWN ? until_us - begin_us : 0;
        begin_us = until_us;
    }
}

/* Disconnects of the cell that is being counted. */
struct tally {
    size_t cell;
    uint64_t faults[HT_CAUSE_COUNT];
    uint64_t others[HT_CAUSE_COUNT];
};

/* HT_CAUSE_COUNT when there is none. */
static size_t most_frequent(const uint64_t *by_cause) {
    size_t best = HT_CAUSE_COUNT;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        if (by_cause[i] > (best < HT_CAUSE_COUNT ? by_cause[best] : 0)) {
            best = i;
        }
    }
    return best;
}

static void settle(const struct tally *tally, struct ht_chart_cell *cells) {
    if (tally->cell != HT_INDEX_NONE) {
        const size_t fault = most_frequent(tally->faults);
        const size_t cause = fault < HT_CAUSE_COUNT ? fault : most_frequent(tally->others);
        cells[tally->cell].cause = (enum ht_cause)cause;
    }
}

static void add_disconnects(const struct ht_report *report, uint32_t device,
                            const struct ht_chart_axis *axis, struct ht_chart_cell *cells) {
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    struct tally tally = {.cell = HT_INDEX_NONE};
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        const struct ht_session *session = &report->sessions.sessions[i];
        const size_t cell = ht_chart_part(axis, session->end_us);
        if (!ht_report_is_disconnect(report, session) || cell == HT_INDEX_NONE) {
            continue;
        }
        if (cell != tally.cell) {
            settle(&tally, cells);
            tally = (struct tally){.cell = cell};
        }
        const bool is_fault = ht_bearing_of(report, i) == HT_BEARING_FAULT;
        (is_fault ? tally.faults : tally.others)[report->verdicts.verdicts[i].cause]++;
        cells[cell].disconnects++;
    }
    settle(&tally, cells);
}

static bool has_something_to_tell(const struct ht_report *report, size_t row) {
    struct ht_figures figures;
    ht_figures_of(report, report->rows[row].device, &figures);
    return report->rows[row].has_finding || figures.faults > 0;
}

void ht_chart_lines_make(const struct ht_report *report, struct ht_chart_maker *maker) {
    struct ht_charts *charts = &maker->charts;
    charts->lines = maker->lines;
    for (size_t rank = 0; rank < report->row_count && charts->line_count < HT_CHART_LINES_MAX &&
                          charts->cells.count > 0;
         rank++) {
        const size_t row = report->worst[rank];
        if (!has_something_to_tell(report, row)) {
            return; /* nor has any behind it */
        }
        struct ht_chart_cell *cells = maker->cells[charts->line_count];
        struct line line = {&charts->cells, cells};
        struct ht_timeline ignored;
        ht_timeline_walk(report, report->rows[row].device, add_stretch, &line, &ignored);
        add_disconnects(report, report->rows[row].device, &charts->cells, cells);
        maker->lines[charts->line_count++] = (struct ht_chart_line){row, cells};
    }
}
