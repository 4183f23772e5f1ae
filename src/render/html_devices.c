/* SPDX-License-Identifier: MIT */
/* The worst devices with their time lines, and the table of all. */
#include <stdio.h>

#include "base/time.h"
#include "render/html_sections.h"
#include "render/html_svg.h"
#include "render/text_out.h"

enum {
    ROW_BYTES_MAX = 8 * 1024,
    EVENTS_MAX = 25,    /* rows of the table of one time line */
    PHRASES_MAX = 3000, /* beyond so many devices, only the worst have their pattern as a phrase */
    PHRASES_WORST = 500,
    MARK_HEIGHT = 8,
    LINE_HEIGHT = 24,
};

bool ht_html_has_lines(const struct ht_html *page) {
    return page->charts->line_count > 0;
}

static enum ht_device_state state_of(const struct ht_chart_axis *axis,
                                     const struct ht_chart_cell *cell) {
    const int64_t unknown_us = axis->step_us - cell->up_us - cell->down_us;
    if (unknown_us > cell->up_us && unknown_us > cell->down_us) {
        return HT_STATE_UNKNOWN;
    }
    return cell->down_us > cell->up_us ? HT_STATE_DOWN : HT_STATE_UP;
}

static void put_cell_time(struct ht_html *page, size_t cell) {
    const struct ht_chart_axis *axis = &page->charts->cells;
    ht_svg_put_time(&page->words, axis->from_us + (int64_t)cell * axis->step_us, axis->step_us);
}

/* The stretches of one state: tall, low, or thin, so that colour is not the only sign. */
static void draw_state(struct ht_html *page, const struct ht_chart_line *line,
                       enum ht_device_state state) {
    static const struct {
        unsigned y;
        unsigned height;
    } forms[] = {[HT_STATE_UNKNOWN] = {18, 2}, [HT_STATE_UP] = {10, 12}, [HT_STATE_DOWN] = {17, 5}};
    const struct ht_chart_axis *axis = &page->charts->cells;
    size_t from = 0;
    ht_html_format(page, "<path class=s-%s d=\"", ht_device_state_name(state));
    for (size_t i = 1; i <= axis->count; i++) {
        const enum ht_device_state is = state_of(axis, &line->cells[from]);
        if (i == axis->count || state_of(axis, &line->cells[i]) != is) {
            if (is == state) {
                ht_html_format(page, "M%zu %uh%zuv%uH%zuz", from, forms[state].y, i - from,
                               forms[state].height, from);
            }
            from = i;
        }
    }
    ht_html_raw(page, "\"/>\n");
}

static void draw_marks(struct ht_html *page, const struct ht_chart_line *line,
                       enum ht_cause cause) {
    bool any = false;
    for (size_t i = 0; i < page->charts->cells.count; i++) {
        if (line->cells[i].disconnects > 0 && line->cells[i].cause == cause) {
            if (!any) {
                ht_html_format(page, "<path class=c-%s d=\"", ht_cause_name(cause));
            }
            any = true;
            ht_html_format(page, "M%zu 0h1v%dh-1z", i, MARK_HEIGHT);
        }
    }
    ht_html_raw(page, any ? "\"/>\n" : "");
}

static void draw_line(struct ht_html *page, const struct ht_chart_line *line) {
    ht_html_format(page,
                   "<svg role=img height=%d viewBox=\"0 0 %zu %d\" preserveAspectRatio=none>"
                   "<title>When it was connected, and when it dropped</title>\n",
                   LINE_HEIGHT, page->charts->cells.count, LINE_HEIGHT);
    draw_state(page, line, HT_STATE_UNKNOWN);
    draw_state(page, line, HT_STATE_UP);
    draw_state(page, line, HT_STATE_DOWN);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        draw_marks(page, line, (enum ht_cause)i);
    }
    ht_html_raw(page, "</svg>\n");
}

static void write_line_table(struct ht_html *page, const struct ht_chart_line *line) {
    const struct ht_chart_axis *axis = &page->charts->cells;
    size_t shown = 0;
    size_t left = 0;
    ht_html_figures(page, "from (UTC)|#disconnects|#most frequent cause|#down");
    for (size_t i = 0; i < axis->count; i++) {
        const struct ht_chart_cell *cell = &line->cells[i];
        if (cell->disconnects == 0) {
            continue;
        }
        if (shown++ >= EVENTS_MAX) {
            left++;
            continue;
        }
        ht_html_raw(page, "<tr><td>");
        put_cell_time(page, i);
        ht_html_words(page);
        ht_html_figure_cell(page, cell->disconnects);
        ht_html_format(page, "<td>%s<td>", ht_cause_name(cell->cause));
        ht_html_span(page, cell->down_us / HT_US_PER_S);
        ht_html_raw(page, "\n");
    }
    if (left > 0) {
        ht_html_format(page, "<tr><td>and %zu more<td><td><td>\n", left);
    }
    ht_html_figures_end(page);
}

static void write_line(struct ht_html *page, const struct ht_chart_line *line) {
    struct ht_device_view device;
    struct ht_strbuf *words = &page->words;
    ht_report_device(page->report, line->device, &device);
    ht_html_raw(page, "<div class=line>\n<h3>");
    ht_html_device(page, device.device, device.module);
    if (page->summary->hub_count > 1) {
        ht_html_raw(page, "<span><bdi>");
        ht_html_log(page, device.hub, "hub not named");
        ht_html_raw(page, "</bdi></span>");
    }
    ht_html_raw(page, "<span>");
    ht_text_put_number(words, device.faults, "fault", "faults");
    ht_strbuf_puts(words, ", down ");
    ht_text_put_span(words, device.down_s);
    ht_strbuf_puts(words, "; ");
    ht_strbuf_puts(words, device.pattern);
    ht_html_words(page);
    ht_html_raw(page, "</span></h3>\n");
    draw_line(page, line);
    write_line_table(page, line);
    ht_html_raw(page, "</div>\n");
}

static bool has_mark(const struct ht_charts *charts, enum ht_cause cause) {
    for (size_t i = 0; i < charts->line_count; i++) {
        for (size_t k = 0; k < charts->cells.count; k++) {
            const struct ht_chart_cell *cell = &charts->lines[i].cells[k];
            if (cell->disconnects > 0 && cell->cause == cause) {
                return true;
            }
        }
    }
    return false;
}

static void write_legend(struct ht_html *page) {
    ht_svg_legend_begin(page);
    ht_svg_legend(page, "s-up", "tall: up");
    ht_svg_legend(page, "s-down", "low: down");
    ht_svg_legend(page, "s-unknown", "thin: unknown");
    for (size_t i = 1; i <= HT_CAUSE_COUNT; i++) {
        const enum ht_cause cause = (enum ht_cause)(i % HT_CAUSE_COUNT);
        char class[32];
        if (has_mark(page->charts, cause)) {
            (void)snprintf(class, sizeof class, "c-%s", ht_cause_name(cause));
            ht_svg_legend(page, class, ht_cause_name(cause));
        }
    }
    ht_svg_legend_end(page);
}

void ht_html_lines(struct ht_html *page) {
    const struct ht_svg times = {.height = 0};
    ht_html_raw(page, "<p class=lead>Up and down over the time of the report; marks above are "
                      "disconnects with their most frequent cause.</p>\n");
    write_legend(page);
    for (size_t i = 0; i < page->charts->line_count && !ht_html_failed(page); i++) {
        write_line(page, &page->charts->lines[i]);
    }
    ht_html_raw(page, "<div class=chart><svg aria-hidden=true height=38>");
    ht_svg_times(page, &times, &page->charts->cells);
    ht_html_raw(page, "</svg></div>\n");
}

bool ht_html_has_devices(const struct ht_html *page) {
    return ht_report_device_count(page->report) > 0;
}

/* What is nothing stands as an empty cell: 10,000 rows must fit. */
static void write_row(struct ht_html *page, const struct ht_device_view *device, bool as_phrase) {
    ht_html_raw(page, "<tr>");
    ht_html_device_cell(page, device->device, device->module);
    ht_html_figure_cell(page, device->faults);
    ht_html_figure_cell(page, device->disconnects);
    ht_html_raw(page, "<td>");
    if (device->down_s != 0) {
        ht_html_span(page, device->down_s);
    }
    ht_html_format(page, "<td>%s<td>%s<td>",
                   device->last_state != HT_STATE_UP ? ht_device_state_name(device->last_state)
                                                     : "",
                   device->faults > 0 ? ht_cause_name(device->main_cause) : "");
    ht_html_text(page, as_phrase ? device->pattern : ht_device_pattern_name(device->pattern_key));
    if (page->summary->hub_count > 1) {
        ht_html_raw(page, "<td>");
        ht_html_log(page, device->hub, "-");
    }
    ht_html_raw(page, "\n");
}

static void write_left_out(struct ht_html *page, size_t left) {
    if (left > 0) {
        ht_html_raw(page, "<p class=lead>");
        ht_text_put_number(&page->words, left, "device", "devices");
        ht_html_words(page);
        ht_html_raw(page,
                    " with less to tell are left out, so that the page stays below 1 MB. All: "
                    "<code>hubtriage report -o ndjson --emit devices</code></p>\n");
    }
}

void ht_html_devices(struct ht_html *page) {
    const size_t count = ht_report_device_count(page->report);
    size_t shown = 0;
    ht_html_raw(page,
                "<p class=lead>Worst first. Drops: all disconnects, also renewals. Down: time "
                "without connection. Now: at the end of the log, unless it was up. Main "
                "cause: of devices with faults.</p>\n"
                "<p class=\"lead only-print\">Printed are the first 50 rows.</p>\n"
                "<div class=tools></div>\n");
    ht_html_table(page, page->summary->hub_count > 1
                            ? "device|#faults|#drops|#down|now|main cause|pattern|hub"
                            : "device|#faults|#drops|#down|now|main cause|pattern");
    while (shown < count && !ht_html_failed(page) &&
           page->bytes + ROW_BYTES_MAX + page->tail_bytes < HT_HTML_PAGE_BYTES) {
        struct ht_device_view device;
        ht_report_device(page->report, ht_report_worst_device(page->report, shown), &device);
        write_row(page, &device, count <= PHRASES_MAX || shown < PHRASES_WORST);
        shown++;
    }
    ht_html_table_end(page);
    write_left_out(page, count - shown);
}
