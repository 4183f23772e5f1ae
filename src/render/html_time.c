/* SPDX-License-Identifier: MIT */
/* Charts over time: disconnects by cause, renewals, connected devices, faults by hour. */
#include <stdio.h>

#include "base/time.h"
#include "render/html_sections.h"
#include "render/html_svg.h"
#include "render/text_out.h"

enum { HEAT_LEVELS = 5, HEAT_ROW = 16 };

bool ht_html_has_time(const struct ht_html *page) {
    return page->charts->time.count > 0;
}

/* Causes in the order in which they are stacked; "unknown" last. */
static enum ht_cause stacked(size_t index) {
    return (enum ht_cause)((index + 1) % HT_CAUSE_COUNT);
}

static uint64_t count_all(const struct ht_chart_bucket *bucket) {
    uint64_t count = 0;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        count += bucket->by_cause[i];
    }
    return count;
}

static uint64_t count_cause(const struct ht_charts *charts, enum ht_cause cause) {
    uint64_t count = 0;
    for (size_t i = 0; i < charts->time.count; i++) {
        count += charts->buckets[i].by_cause[cause];
    }
    return count;
}

static int64_t bucket_us(const struct ht_chart_axis *axis, size_t index) {
    return axis->from_us + (int64_t)index * axis->step_us;
}

static void put_begin(struct ht_html *page, size_t index) {
    const struct ht_chart_axis *axis = &page->charts->time;
    ht_svg_put_time(&page->words, bucket_us(axis, index), axis->step_us);
}

/* "03-10 14:20: idle-timeout 3, hub-transient 12" */
static void put_bucket(struct ht_html *page, size_t index) {
    const struct ht_chart_bucket *bucket = &page->charts->buckets[index];
    const char *between = ": ";
    put_begin(page, index);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const enum ht_cause cause = stacked(i);
        if (bucket->by_cause[cause] > 0) {
            ht_strbuf_puts(&page->words, between);
            ht_strbuf_puts(&page->words, ht_cause_name(cause));
            ht_strbuf_putc(&page->words, ' ');
            ht_strbuf_put_grouped(&page->words, bucket->by_cause[cause]);
            between = ", ";
        }
    }
}

static void draw_bucket(struct ht_html *page, const struct ht_svg *svg, size_t index) {
    const struct ht_chart_bucket *bucket = &page->charts->buckets[index];
    uint64_t low = 0;
    if (count_all(bucket) == 0) {
        return;
    }
    put_bucket(page, index);
    ht_svg_slot(page, svg, index, page->charts->time.count);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const enum ht_cause cause = stacked(i);
        char class[32];
        if (bucket->by_cause[cause] > 0) {
            (void)snprintf(class, sizeof class, "c-%s", ht_cause_name(cause));
            ht_svg_bar(page, svg, low, low + bucket->by_cause[cause], class);
            low += bucket->by_cause[cause];
        }
    }
    ht_svg_slot_end(page);
}

static void write_cause_legend(struct ht_html *page) {
    ht_svg_legend_begin(page);
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const enum ht_cause cause = stacked(i);
        char class[32];
        if (count_cause(page->charts, cause) > 0) {
            (void)snprintf(class, sizeof class, "c-%s", ht_cause_name(cause));
            ht_svg_legend(page, class, ht_cause_name(cause));
        }
    }
    ht_svg_legend_end(page);
}

/* One table for the charts of the section: buckets in which something happened. */
static void write_cause_table(struct ht_html *page) {
    const struct ht_charts *charts = page->charts;
    struct ht_strbuf columns;
    ht_strbuf_init(&columns, 1024);
    ht_strbuf_puts(&columns, "from (UTC)");
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        if (count_cause(charts, stacked(i)) > 0) {
            ht_strbuf_puts(&columns, "|#");
            ht_strbuf_puts(&columns, ht_cause_name(stacked(i)));
        }
    }
    ht_strbuf_puts(&columns, "|#renewals");
    ht_sink_buffer_note(page->out, columns.status);
    ht_html_figures(page, columns.ptr != NULL ? columns.ptr : "");
    ht_strbuf_release(&columns);
    for (size_t k = 0; k < charts->time.count; k++) {
        const struct ht_chart_bucket *bucket = &charts->buckets[k];
        if (count_all(bucket) + bucket->renewals == 0) {
            continue;
        }
        ht_html_raw(page, "<tr><td>");
        put_begin(page, k);
        ht_html_words(page);
        for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
            if (count_cause(charts, stacked(i)) > 0) {
                ht_html_figure_cell(page, bucket->by_cause[stacked(i)]);
            }
        }
        ht_html_figure_cell(page, bucket->renewals);
        ht_html_raw(page, "\n");
    }
    ht_html_figures_end(page);
}

static void draw_renewals(struct ht_html *page, uint64_t most) {
    const struct ht_charts *charts = page->charts;
    struct ht_svg svg = {
        .id = "renewals",
        .title = "Token renewals",
        .about = "Normal life: the device was back within a minute. On a scale of its own.",
        .height = 56,
    };
    ht_svg_scale(&svg, most);
    svg.step = svg.top;
    ht_svg_open(page, &svg);
    for (size_t i = 0; i < charts->time.count; i++) {
        if (charts->buckets[i].renewals > 0) {
            put_begin(page, i);
            ht_strbuf_puts(&page->words, ": ");
            ht_text_put_number(&page->words, charts->buckets[i].renewals, "renewal", "renewals");
            ht_svg_slot(page, &svg, i, charts->time.count);
            ht_svg_bar(page, &svg, 0, charts->buckets[i].renewals, "renewal");
            ht_svg_slot_end(page);
        }
    }
    ht_svg_grid(page, &svg);
    ht_svg_times(page, &svg, &charts->time);
    ht_svg_close(page);
    ht_svg_figure_end(page);
}

static void write_causes(struct ht_html *page) {
    const struct ht_charts *charts = page->charts;
    uint64_t most = 0;
    uint64_t most_renewals = 0;
    struct ht_svg svg = {
        .id = "disconnects",
        .title = "Disconnects by cause",
        .about = "But for token renewals and what happened in maintenance. Shaded: incidents.",
        .height = 200,
    };
    for (size_t i = 0; i < charts->time.count; i++) {
        const uint64_t count = count_all(&charts->buckets[i]);
        const uint64_t renewals = charts->buckets[i].renewals;
        most = count > most ? count : most;
        most_renewals = renewals > most_renewals ? renewals : most_renewals;
    }
    ht_svg_scale(&svg, most);
    ht_svg_open(page, &svg);
    ht_svg_incidents(page, &svg, &charts->time);
    for (size_t i = 0; i < charts->time.count; i++) {
        draw_bucket(page, &svg, i);
    }
    ht_svg_grid(page, &svg);
    ht_svg_times(page, &svg, &charts->time);
    ht_svg_close(page);
    write_cause_legend(page);
    write_cause_table(page);
    ht_svg_figure_end(page);
    if (most_renewals > 0) {
        draw_renewals(page, most_renewals);
    }
}

static uint64_t connected(const struct ht_html *page, size_t index) {
    return page->charts->buckets[index].connected_lowest;
}

static uint64_t connected_or_unknown(const struct ht_html *page, size_t index) {
    const struct ht_chart_bucket *bucket = &page->charts->buckets[index];
    return bucket->connected_lowest + bucket->unknown_last;
}

/* An area up to the lowest count of each step, what is unknown stacked on it, and a line between.
 */
static void draw_connected(struct ht_html *page, const struct ht_svg *svg) {
    const size_t count = page->charts->time.count;
    ht_svg_stretch(page, HT_SVG_TOP, svg->height, count);
    ht_html_raw(page, "<path class=murk d=\"");
    ht_svg_steps(page, svg, count, connected_or_unknown, true);
    ht_svg_steps(page, svg, count, connected, false);
    ht_html_raw(page, "z\"/>\n<path class=area d=\"");
    ht_svg_steps(page, svg, count, connected, true);
    ht_html_format(page, "V%uH0z\"/>\n<path class=edge d=\"", svg->height);
    ht_svg_steps(page, svg, count, connected, true);
    ht_html_raw(page, "\"/>\n");
    ht_svg_stretch_end(page);
}

static void write_connected(struct ht_html *page) {
    const struct ht_charts *charts = page->charts;
    struct ht_svg svg = {
        .id = "connected",
        .title = "Connected devices",
        .about = "The fewest at any moment of each step, so that short dips show.",
        .height = 160,
    };
    uint64_t most = charts->most_connected;
    bool unknown = false;
    for (size_t i = 0; i < charts->time.count; i++) {
        const uint64_t known_or_not =
            charts->buckets[i].connected_lowest + charts->buckets[i].unknown_last;
        most = known_or_not > most ? known_or_not : most;
        unknown = unknown || charts->buckets[i].unknown_last > 0;
    }
    ht_svg_scale(&svg, most);
    ht_svg_open(page, &svg);
    ht_svg_incidents(page, &svg, &charts->time);
    draw_connected(page, &svg);
    ht_svg_grid(page, &svg);
    ht_svg_times(page, &svg, &charts->time);
    ht_svg_close(page);
    ht_svg_legend_begin(page);
    ht_svg_legend(page, "area", "connected, lowest of the step");
    if (unknown) {
        ht_svg_legend(page, "murk", "state unknown");
    }
    ht_svg_legend_end(page);
    ht_html_figures(page, "from (UTC)|#lowest|#at the end|#unknown");
    for (size_t i = 0; i < charts->time.count; i++) {
        const struct ht_chart_bucket *bucket = &charts->buckets[i];
        ht_html_raw(page, "<tr><td>");
        put_begin(page, i);
        ht_html_words(page);
        ht_html_figure_cell(page, bucket->connected_lowest);
        ht_html_figure_cell(page, bucket->connected_last);
        ht_html_figure_cell(page, bucket->unknown_last);
        ht_html_raw(page, "\n");
    }
    ht_html_figures_end(page);
    ht_svg_figure_end(page);
}

/* Half as many each level down: few faults are told from none. */
static unsigned heat_level(uint64_t faults, uint64_t most) {
    unsigned level = 0;
    while (level < HEAT_LEVELS && faults > 0 &&
           faults >= (most + (UINT64_C(1) << (HEAT_LEVELS - 1 - level)) - 1) >>
               (HEAT_LEVELS - 1 - level)) {
        level++;
    }
    return faults > 0 && level == 0 ? 1 : level;
}

static void draw_heat(struct ht_html *page, uint64_t most) {
    const struct ht_charts *charts = page->charts;
    for (size_t day = 0; day < charts->days.count; day++) {
        for (size_t hour = 0; hour < HT_CHART_HOURS; hour++) {
            const uint64_t faults = charts->by_hour[day].faults[hour];
            ht_html_format(page, "<rect class=h%u x=\"", heat_level(faults, most));
            ht_html_percent(page, hour * 100 + 6, HT_CHART_HOURS * 100);
            ht_html_format(page, "%%\" width=\"%s\" y=%zu height=%d", "3.8%",
                           day * HEAT_ROW + HT_SVG_TOP + 1, HEAT_ROW - 2);
            if (faults > 0) {
                ht_html_raw(page, "><title>");
                ht_svg_put_time(&page->words, bucket_us(&charts->days, day), charts->days.step_us);
                ht_strbuf_printf(&page->words, " %02zu:00: ", hour);
                ht_text_put_number(&page->words, faults, "fault", "faults");
                ht_html_words(page);
                ht_html_raw(page, "</title></rect>");
            } else {
                ht_html_raw(page, " />");
            }
        }
        ht_html_raw(page, "\n");
    }
}

static void write_heat_table(struct ht_html *page) {
    const struct ht_charts *charts = page->charts;
    ht_html_figures(page,
                    "day|#00|#01|#02|#03|#04|#05|#06|#07|#08|#09|#10|#11|#12|#13|#14|#15|#16|#17|"
                    "#18|#19|#20|#21|#22|#23");
    for (size_t day = 0; day < charts->days.count; day++) {
        ht_html_raw(page, "<tr><td>");
        ht_svg_put_time(&page->words, bucket_us(&charts->days, day), charts->days.step_us);
        ht_html_words(page);
        for (size_t hour = 0; hour < HT_CHART_HOURS; hour++) {
            ht_html_figure_cell(page, charts->by_hour[day].faults[hour]);
        }
        ht_html_raw(page, "\n");
    }
    ht_html_figures_end(page);
}

static uint64_t most_of_hours(const struct ht_charts *charts) {
    uint64_t most = 0;
    for (size_t day = 0; day < charts->days.count; day++) {
        for (size_t hour = 0; hour < HT_CHART_HOURS; hour++) {
            const uint64_t faults = charts->by_hour[day].faults[hour];
            most = faults > most ? faults : most;
        }
    }
    return most;
}

static void write_heat(struct ht_html *page) {
    const struct ht_charts *charts = page->charts;
    const uint64_t most = most_of_hours(charts);
    const bool by_day = charts->days.step_us == HT_S_PER_DAY * HT_US_PER_S;
    const struct ht_svg svg = {
        .id = "hours",
        .title = "Faults by hour of the day",
        .about = by_day ? "A row for each day, the first on top; hours are UTC."
                        : "A row for several days, the first on top; hours are UTC.",
        .height = (unsigned)charts->days.count * HEAT_ROW,
    };
    if (most == 0) {
        return;
    }
    ht_svg_open(page, &svg);
    draw_heat(page, most);
    for (size_t hour = 0; hour < HT_CHART_HOURS; hour += 3) {
        ht_html_format(page, "<text class=%s x=\"", hour % 6 == 0 ? "major" : "minor");
        ht_html_percent(page, hour, HT_CHART_HOURS);
        ht_html_format(page, "%%\" y=12>%02zu:00</text>", hour);
    }
    ht_html_raw(page, "\n");
    ht_svg_close(page);
    ht_svg_legend_begin(page);
    ht_svg_legend(page, "h0", "none");
    for (unsigned level = 1; level <= HEAT_LEVELS; level++) {
        char class[8];
        const uint64_t from =
            (most + (UINT64_C(1) << (HEAT_LEVELS - level)) - 1) >> (HEAT_LEVELS - level);
        struct ht_strbuf name;
        if (level < HEAT_LEVELS && heat_level(from, most) > level) {
            continue; /* few faults: levels coincide */
        }
        ht_strbuf_init(&name, 64);
        ht_strbuf_puts(&name, level == HEAT_LEVELS ? "" : "from ");
        ht_strbuf_put_grouped(&name, level == 1 ? 1 : from);
        (void)snprintf(class, sizeof class, "h%u", level);
        ht_sink_buffer_note(page->out, name.status);
        ht_svg_legend(page, class, name.ptr != NULL ? name.ptr : "");
        ht_strbuf_release(&name);
    }
    ht_svg_legend_end(page);
    write_heat_table(page);
    ht_svg_figure_end(page);
}

void ht_html_time(struct ht_html *page) {
    write_causes(page);
    write_connected(page);
    write_heat(page);
}
