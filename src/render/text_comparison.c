/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/compiler.h"
#include "render/text_sections.h"
#include "render/text_table.h"

enum {
    DEVICES_SHOWN = 8,
    FINDINGS_SHOWN = 10,
    INCIDENTS_SHOWN = 5,
    RATE_BYTES = 48,
    FIGURES_MAX = 64
};

static void put_window(struct ht_strbuf *words, const struct ht_comparison *comparison) {
    ht_strbuf_puts(words, "the report of ");
    ht_text_put_time(words, comparison->first_us);
    ht_strbuf_puts(words, " to ");
    ht_text_put_time(words, comparison->last_us);
    ht_strbuf_puts(words, " UTC");
}

/* "+118 %", "x 12": a change of the rate. */
static void put_change(struct ht_strbuf *words, double before, double now) {
    if (!(before > 0)) {
        ht_strbuf_puts(words, now > 0 ? "new" : "-");
    } else if (now / before >= 10) {
        ht_strbuf_puts(words, "x ");
        ht_text_put_decimal(words, now / before, 0);
    } else {
        const double percent = (now / before - 1) * 100;
        ht_strbuf_puts(words, percent >= 0.5 ? "+" : "");
        ht_text_put_decimal(words, percent > -0.5 && percent < 0.5 ? 0 : percent, 0);
        ht_strbuf_puts(words, " %");
    }
}

static void put_rate(struct ht_strbuf *words, enum ht_figure_unit unit, double rate) {
    if (unit == HT_FIGURE_EVENTS) {
        ht_text_put_decimal(words, rate, 2);
        ht_strbuf_puts(words, "/day");
    } else {
        ht_text_put_decimal(words, rate * 100, 1);
        ht_strbuf_puts(words, " %");
    }
}

static void take_words(struct ht_text_row *row, size_t column, struct ht_strbuf *words) {
    ht_row_puts(row, column, words->len > 0 ? words->ptr : "");
    ht_strbuf_clear(words);
}

/* The figures that are not 0 on both sides. */
struct figure_rows {
    const struct ht_figure_change **rows;
    size_t count;
};

static void fill_figure(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_figure_change *figure = ((const struct figure_rows *)ctx)->rows[index];
    const char *trend = ht_trend_name(figure->trend);
    struct ht_strbuf words;
    ht_strbuf_init(&words, RATE_BYTES);
    ht_row_puts(row, 0, figure->name);
    if (figure->unit == HT_FIGURE_SECONDS) {
        ht_row_span(row, 1, (int64_t)figure->before);
        ht_row_span(row, 2, (int64_t)figure->now);
    } else {
        ht_row_count(row, 1, figure->before);
        ht_row_count(row, 2, figure->now);
    }
    if (figure->has_rates) {
        put_rate(&words, figure->unit, figure->rate_before);
        take_words(row, 3, &words);
        put_rate(&words, figure->unit, figure->rate_now);
        take_words(row, 4, &words);
        put_change(&words, figure->rate_before, figure->rate_now);
    } else {
        ht_row_puts(row, 3, "");
        ht_row_puts(row, 4, "");
        put_change(&words, (double)figure->before, (double)figure->now);
    }
    take_words(row, 5, &words);
    ht_row_puts(row, 6, trend != NULL ? trend : "");
    ht_strbuf_release(&words);
}

static void write_figures(struct ht_text *text, const struct ht_comparison *comparison) {
    static const struct ht_text_column columns[] = {
        {.title = "", .least = 14},
        {.title = "before", .right = true, .drop = 2},
        {.title = "now", .right = true, .drop = 2},
        {.title = "rate before", .right = true},
        {.title = "rate now", .right = true},
        {.title = "change", .right = true},
        {.title = "", .drop = 1},
    };
    const struct ht_figure_change *kept[FIGURES_MAX];
    struct figure_rows rows = {.rows = kept, .count = 0};
    for (size_t i = 0; i < comparison->figure_count && rows.count < FIGURES_MAX; i++) {
        if (comparison->figures[i].before > 0 || comparison->figures[i].now > 0) {
            kept[rows.count++] = &comparison->figures[i];
        }
    }
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = rows.count,
                                  .fill = fill_figure,
                                  .ctx = &rows,
                              });
}

static void put_then(struct ht_strbuf *words, const struct ht_device_then *then) {
    ht_text_put_number(words, then->faults, "fault", "faults");
    if (then->pattern != NULL) {
        ht_strbuf_puts(words, ", ");
        ht_text_put_whole(words, then->pattern);
    }
}

static void write_change(struct ht_text *text, const struct ht_device_change *change) {
    static const char *const labels[HT_DEVICE_CHANGE_COUNT] = {[HT_DEVICE_WORSE] = "  worse",
                                                               [HT_DEVICE_NEW] = "  new",
                                                               [HT_DEVICE_GONE] = "  gone",
                                                               [HT_DEVICE_BETTER] = "  better"};
    struct ht_strbuf *words = &text->words;
    ht_text_put_device(words, change->device, change->module);
    ht_strbuf_puts(words, ": ");
    if (change->kind != HT_DEVICE_NEW) {
        put_then(words, &change->before);
    }
    if (change->kind == HT_DEVICE_WORSE || change->kind == HT_DEVICE_BETTER) {
        ht_strbuf_puts(words, " -> ");
    }
    if (change->kind != HT_DEVICE_GONE) {
        put_then(words, &change->now);
    }
    ht_text_wrap(text, &(struct ht_text_style){.label = labels[change->kind], .indent = 10});
}

static void write_devices(struct ht_text *text, const struct ht_comparison *comparison) {
    struct ht_strbuf *words = &text->words;
    size_t shown[HT_DEVICE_CHANGE_COUNT] = {0};
    ht_strbuf_puts(words, "Devices: ");
    for (size_t i = 0; i < HT_DEVICE_CHANGE_COUNT; i++) {
        ht_strbuf_put_grouped(words, comparison->device_counts[i]);
        ht_strbuf_putc(words, ' ');
        ht_strbuf_puts(words, ht_device_change_name((enum ht_device_change_kind)i));
        ht_strbuf_puts(words, ", ");
    }
    ht_strbuf_put_grouped(words, comparison->unchanged_devices);
    ht_strbuf_puts(words, " as before.");
    ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    for (size_t i = 0; i < comparison->device_count && !ht_text_failed(text); i++) {
        const struct ht_device_change *change = &comparison->devices[i];
        if (text->verbose || shown[change->kind]++ < DEVICES_SHOWN) {
            write_change(text, change);
        }
    }
}

static void write_findings(struct ht_text *text, const struct ht_comparison *comparison) {
    struct ht_strbuf *words = &text->words;
    for (size_t i = 0; i < comparison->finding_count && !ht_text_failed(text); i++) {
        const struct ht_finding_change *finding = &comparison->findings[i];
        if (i >= FINDINGS_SHOWN && !text->verbose) {
            break;
        }
        ht_strbuf_puts(words, finding->is_new ? "New " : "Closed ");
        ht_strbuf_puts(words, ht_level_name((enum ht_level)finding->level));
        ht_strbuf_puts(words, ": ");
        ht_text_put_whole(words, finding->title);
        ht_strbuf_puts(words, " (");
        ht_text_put_number(words, finding->devices, "device", "devices");
        ht_strbuf_puts(words, ").");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}

static void write_incidents(struct ht_text *text, const struct ht_comparison *comparison) {
    struct ht_strbuf *words = &text->words;
    for (size_t i = 0; i < comparison->incident_count && !ht_text_failed(text); i++) {
        const struct ht_incident_then *incident = &comparison->incidents[i];
        if (i >= INCIDENTS_SHOWN && !text->verbose) {
            break;
        }
        ht_strbuf_puts(words, "Incident then: ");
        ht_text_put_time(words, incident->start_us);
        ht_strbuf_putc(words, ' ');
        ht_text_put_log(words, incident->cause, "");
        ht_strbuf_puts(words, " on ");
        ht_text_put_log(words, incident->hub, "a hub without name");
        ht_strbuf_puts(words, ", ");
        ht_text_put_number(words, incident->devices, "device", "devices");
        ht_strbuf_puts(words, incident->is_still_seen ? "; in this report as well." : ".");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}

void ht_section_comparison(struct ht_text *text, const struct ht_summary *summary) {
    const struct ht_comparison *comparison = summary->comparison;
    struct ht_strbuf *words = &text->words;
    if (comparison == NULL) {
        return;
    }
    ht_text_heading(text, "COMPARED WITH THE BASELINE");
    ht_strbuf_puts(words, "Before is ");
    put_window(words, comparison);
    ht_strbuf_puts(words,
                   ". Rates are per device and day, devices are a share of all, time down of "
                   "the time that is known.");
    if (comparison->is_of_other_length) {
        ht_strbuf_puts(words, " The windows differ in length: compare rates, not counts.");
    }
    if (comparison->is_overlapping) {
        ht_strbuf_puts(words, " The windows overlap: part of what happened counts on both sides.");
    }
    ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    write_figures(text, comparison);
    write_findings(text, comparison);
    write_incidents(text, comparison);
    write_devices(text, comparison);
}

/* One line for the top: what matters most, the rate of faults. */
void ht_section_compared(struct ht_text *text, const struct ht_summary *summary) {
    const struct ht_comparison *comparison = summary->comparison;
    struct ht_strbuf *words = &text->words;
    for (size_t i = 0; comparison != NULL && i < comparison->figure_count; i++) {
        const struct ht_figure_change *figure = &comparison->figures[i];
        if (strcmp(figure->key, "faults") != 0 || !figure->has_rates) {
            continue;
        }
        const char *trend = ht_trend_name(figure->trend);
        ht_strbuf_puts(words, "Against the baseline: ");
        ht_strbuf_puts(words, trend != NULL ? trend : "no change beyond chance");
        ht_strbuf_puts(words, ", ");
        ht_text_put_decimal(words, figure->rate_now, 2);
        ht_strbuf_puts(words, " faults per device and day, before ");
        ht_text_put_decimal(words, figure->rate_before, 2);
        ht_strbuf_puts(words, "; ");
        ht_text_put_number(words, comparison->device_counts[HT_DEVICE_WORSE], "device", "devices");
        ht_strbuf_puts(words, " worse, ");
        ht_strbuf_put_grouped(words, comparison->device_counts[HT_DEVICE_BETTER]);
        ht_strbuf_puts(words, " better.");
        ht_text_wrap(text, &(struct ht_text_style){0});
    }
}
