/* SPDX-License-Identifier: MIT */
/* Disconnects over time, a line for each cause, with incidents below and the clock. */
#include <string.h>

#include "base/compiler.h"
#include "base/time.h"
#include "render/text_sections.h"
#include "render/text_spark.h"

enum {
    NAME_CELLS = 20,
    PEAK_CELLS = 12,
    ROWS_MAX = 5, /* without -v */
    TICK_CELLS = 8,
    TOTAL_MIN = 10, /* disconnects: fewer make no picture */
};

/* Parts of the chart's axis, put together so that they fit. */
struct scale {
    const struct ht_charts *charts;
    size_t join; /* parts in one cell */
    size_t cells;
};

static struct scale fit(const struct ht_text *text, const struct ht_charts *charts) {
    const size_t room = ht_text_prose_width(text) - HT_TEXT_INDENT - NAME_CELLS - PEAK_CELLS;
    const size_t join = (charts->time.count + room - 1) / room;
    return (struct scale){charts, join, (charts->time.count + join - 1) / join};
}

static void count_cause(const struct scale *scale, enum ht_cause cause,
                        uint64_t cells[HT_CHART_BUCKETS_MAX]) {
    memset(cells, 0, HT_CHART_BUCKETS_MAX * sizeof *cells);
    for (size_t i = 0; i < scale->charts->time.count; i++) {
        cells[i / scale->join] += scale->charts->buckets[i].by_cause[cause];
    }
}

static void put_name(struct ht_strbuf *words, const char *name) {
    ht_strbuf_repeat(words, ' ', HT_TEXT_INDENT);
    ht_strbuf_puts(words, name);
    ht_strbuf_repeat(words, ' ', NAME_CELLS - strlen(name));
}

static void write_line(struct ht_text *text) {
    ht_sink_buffer_note(text->out, text->words.status);
    ht_text_line(text, ht_strbuf_str(&text->words), HT_TEXT_PLAIN);
    ht_strbuf_clear(&text->words);
}

static void write_cause(struct ht_text *text, const struct scale *scale, enum ht_cause cause) {
    uint64_t cells[HT_CHART_BUCKETS_MAX];
    uint64_t peak = 0;
    count_cause(scale, cause, cells);
    for (size_t i = 0; i < scale->cells; i++) {
        peak = cells[i] > peak ? cells[i] : peak;
    }
    put_name(&text->words, ht_cause_name(cause));
    ht_spark_put(&text->words, cells, scale->cells, text->unicode);
    ht_strbuf_puts(&text->words, "  max ");
    ht_strbuf_put_grouped(&text->words, peak);
    write_line(text);
}

static size_t cell_at(const struct scale *scale, int64_t time_us) {
    const struct ht_chart_axis *axis = &scale->charts->time;
    const int64_t part = (time_us - axis->from_us) / axis->step_us;
    if (time_us < axis->from_us || part >= (int64_t)axis->count) {
        return SIZE_MAX;
    }
    return (size_t)part / scale->join;
}

/* H, S or U in the cell where an incident began; of several the largest. */
static void write_incidents(struct ht_text *text, const struct scale *scale,
                            const struct ht_summary *summary) {
    char marks[HT_CHART_BUCKETS_MAX + 1];
    uint64_t devices[HT_CHART_BUCKETS_MAX] = {0};
    bool any = false;
    memset(marks, ' ', sizeof marks);
    for (size_t i = 0; i < summary->incident_count; i++) {
        const struct ht_incident_view *incident = &summary->incidents[i];
        const size_t cell = cell_at(scale, incident->start_us);
        if (cell < scale->cells && incident->devices > devices[cell]) {
            devices[cell] = incident->devices;
            marks[cell] = incident->cause == HT_CAUSE_SITE_OUTAGE        ? 'S'
                          : incident->cause == HT_CAUSE_PLATFORM_UPGRADE ? 'U'
                                                                         : 'H';
            any = true;
        }
    }
    if (any) {
        put_name(&text->words, "incidents");
        ht_strbuf_add(&text->words, (struct ht_str){marks, scale->cells});
        write_line(text);
    }
}

/* The narrowest round step whose ticks stand apart. */
static int64_t tick_step_s(int64_t cell_s) {
    static const int64_t steps_s[] = {60,         300,        600,       900,        1800,
                                      3600,       2 * 3600,   3 * 3600,  6 * 3600,   12 * 3600,
                                      86400,      2 * 86400,  7 * 86400, 14 * 86400, 28 * 86400,
                                      91 * 86400, 364 * 86400};
    size_t i = 0;
    while (i + 1 < HT_ARRAY_LEN(steps_s) && steps_s[i] < cell_s * TICK_CELLS) {
        i++;
    }
    return steps_s[i];
}

/* "00:00   06:00", or dates where a tick is a day or more. */
static void write_clock(struct ht_text *text, const struct scale *scale) {
    const struct ht_chart_axis *axis = &scale->charts->time;
    const int64_t cell_us = axis->step_us * (int64_t)scale->join;
    int64_t step_s = tick_step_s(cell_us / HT_US_PER_S);
    const bool many_days = cell_us * (int64_t)scale->cells > INT64_C(36) * 3600 * HT_US_PER_S;
    step_s = many_days && step_s < HT_S_PER_DAY ? HT_S_PER_DAY : step_s;
    const int64_t step_us = step_s * HT_US_PER_S;
    const size_t label_cells = sizeof "00:00" - 1;
    size_t used = 0;
    put_name(&text->words, "UTC");
    for (int64_t at_us = (axis->from_us + step_us - 1) / step_us * step_us;; at_us += step_us) {
        char time[HT_TIME_TEXT_BYTES];
        const size_t cell = cell_at(scale, at_us);
        if (cell > scale->cells - label_cells || scale->cells < label_cells) {
            break;
        }
        if (cell < used) {
            continue;
        }
        (void)ht_time_format(at_us, time);
        ht_strbuf_repeat(&text->words, ' ', cell - used);
        ht_strbuf_add(&text->words,
                      (struct ht_str){time + (step_s >= HT_S_PER_DAY ? 5 : 11), label_cells});
        used = cell + label_cells + 1;
        ht_strbuf_putc(&text->words, ' ');
    }
    write_line(text);
}

/* Causes to draw, most disconnects first; renewals are not among them. */
static size_t list_causes(const struct ht_charts *charts, enum ht_cause causes[HT_CAUSE_COUNT],
                          uint64_t *total) {
    uint64_t totals[HT_CAUSE_COUNT] = {0};
    size_t count = 0;
    for (size_t i = 0; i < charts->time.count; i++) {
        for (size_t k = 0; k < HT_CAUSE_COUNT; k++) {
            totals[k] += charts->buckets[i].by_cause[k];
        }
    }
    for (size_t k = 0; k < HT_CAUSE_COUNT; k++) {
        size_t at = count;
        *total += totals[k];
        if (totals[k] == 0) {
            continue;
        }
        while (at > 0 && totals[causes[at - 1]] < totals[k]) {
            causes[at] = causes[at - 1];
            at--;
        }
        causes[at] = (enum ht_cause)k;
        count++;
    }
    return count;
}

void ht_section_over_time(struct ht_text *text, const struct ht_summary *summary,
                          const struct ht_charts *charts) {
    enum ht_cause causes[HT_CAUSE_COUNT];
    uint64_t total = 0;
    const size_t count = list_causes(charts, causes, &total);
    if (total < (text->verbose ? 1 : TOTAL_MIN)) {
        return;
    }
    const size_t shown = text->verbose || count < ROWS_MAX ? count : ROWS_MAX;
    const struct scale scale = fit(text, charts);
    ht_text_blank(text);
    ht_strbuf_puts(&text->words, "DISCONNECTS OVER TIME, in steps of ");
    ht_text_put_span(&text->words, charts->time.step_us / HT_US_PER_S * (int64_t)scale.join);
    ht_strbuf_puts(&text->words, ", without renewals");
    ht_text_wrap(text, &(struct ht_text_style){.color = HT_TEXT_BOLD});
    for (size_t i = 0; i < shown && !ht_text_failed(text); i++) {
        write_cause(text, &scale, causes[i]);
    }
    write_incidents(text, &scale, summary);
    write_clock(text, &scale);
}
