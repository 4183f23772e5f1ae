/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/compiler.h"
#include "render/text_sections.h"
#include "render/text_spark.h"
#include "render/text_table.h"

enum { WORST_MAX = 10, HUBS_MAX = 20 };

/* Causes that occur, in the order of enum ht_cause, "unknown" last. */
struct cause_rows {
    const struct ht_cause_total *rows[HT_CAUSE_COUNT];
    size_t count;
};

static void take_causes(const struct ht_summary *summary, bool unknown, struct cause_rows *rows) {
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const struct ht_cause_total *total = &summary->causes[i];
        if (total->disconnects > 0 && (total->cause == HT_CAUSE_UNKNOWN) == unknown) {
            rows->rows[rows->count++] = total;
        }
    }
}

static void fill_cause(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct cause_rows *rows = ctx;
    const struct ht_cause_total *total = rows->rows[index];
    ht_row_puts(row, 0, ht_class_name(ht_cause_class(total->cause)));
    ht_row_puts(row, 1, ht_cause_name(total->cause));
    ht_row_count(row, 2, total->disconnects);
    ht_row_count(row, 3, total->devices);
    ht_row_span(row, 4, total->gap_median_s);
    ht_row_decimal(row, 5, total->confidence_mean, 2);
}

void ht_section_causes(struct ht_text *text, const struct ht_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "class", .drop = 1},           {.title = "cause"},
        {.title = "disconnects", .right = true}, {.title = "devices", .right = true},
        {.title = "down", .right = true},        {.title = "conf", .right = true},
    };
    struct cause_rows rows = {.count = 0};
    take_causes(summary, false, &rows);
    take_causes(summary, true, &rows);
    if (rows.count == 0) {
        return;
    }
    ht_text_heading(text, "CAUSES (down: median until the next connect; conf: mean)");
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = rows.count,
                                  .fill = fill_cause,
                                  .ctx = &rows,
                              });
}

enum { SPARK_CELLS = 16 };

struct device_rows {
    const struct ht_report *report;
    const struct ht_charts *charts; /* NULL: none */
    bool many_hubs;
    bool unicode;
};

/* Disconnects of the device over the time of the report, when charts have its time line. */
static void fill_spark(const struct device_rows *rows, size_t device, struct ht_text_row *row,
                       size_t column) {
    const struct ht_charts *charts = rows->charts;
    uint64_t counts[SPARK_CELLS] = {0};
    struct ht_strbuf words;
    ht_row_puts(row, column, "");
    for (size_t i = 0; charts != NULL && i < charts->line_count; i++) {
        if (charts->lines[i].device != device) {
            continue;
        }
        for (size_t k = 0; k < charts->cells.count; k++) {
            counts[k * SPARK_CELLS / charts->cells.count] += charts->lines[i].cells[k].disconnects;
        }
        ht_strbuf_init(&words, SPARK_CELLS * 4);
        ht_spark_put(&words, counts, SPARK_CELLS, rows->unicode);
        ht_row_puts(row, column, words.ptr);
        ht_strbuf_release(&words);
        return;
    }
}

static bool is_worth_a_row(const struct ht_device_view *device) {
    return device->has_finding || device->faults > 0 || device->last_state == HT_STATE_DOWN;
}

static size_t count_worst(const struct ht_report *report, size_t rows_max) {
    const size_t count = ht_report_device_count(report);
    size_t rank = 0;
    for (; rank < count && rank < rows_max; rank++) {
        struct ht_device_view device;
        ht_report_device(report, ht_report_worst_device(report, rank), &device);
        if (!is_worth_a_row(&device)) {
            break;
        }
    }
    return rank;
}

static void fill_device(const void *ctx, size_t rank, struct ht_text_row *row) {
    const struct device_rows *rows = ctx;
    struct ht_device_view device;
    const size_t index = ht_report_worst_device(rows->report, rank);
    ht_report_device(rows->report, index, &device);
    ht_row_device(row, 0, device.device, device.module);
    if (rows->many_hubs) {
        ht_row_log(row, 1, device.hub);
    }
    ht_row_count(row, 2, device.faults);
    ht_row_count(row, 3, device.disconnects);
    ht_row_span(row, 4, device.down_s);
    ht_row_span(row, 5, device.longest_down_s);
    ht_row_puts(row, 6, ht_device_state_name(device.last_state));
    ht_row_puts(row, 7, device.disconnects > 0 ? ht_cause_name(device.main_cause) : NULL);
    ht_row_puts(row, 8, device.pattern);
    fill_spark(rows, index, row, 9);
}

void ht_section_devices(struct ht_text *text, const struct ht_report *report,
                        const struct ht_charts *charts) {
    static const struct ht_text_column columns[] = {
        {.title = "device", .least = 12},
        {.title = "hub", .least = 10, .drop = 1},
        {.title = "faults", .right = true},
        {.title = "drops", .right = true, .drop = 2},
        {.title = "down", .right = true},
        {.title = "longest", .right = true, .drop = 5},
        {.title = "now"},
        {.title = "main cause", .drop = 4},
        {.title = "pattern", .least = 14},
        {.title = "over time", .drop = 3},
    };
    const struct ht_summary *summary = ht_report_summary(report);
    const size_t all = ht_report_device_count(report);
    const size_t shown = text->verbose ? all : count_worst(report, WORST_MAX);
    const struct device_rows rows = {.report = report,
                                     .charts = charts,
                                     .many_hubs = summary->hub_count > 1,
                                     .unicode = text->unicode};
    if (shown == 0) {
        return;
    }
    ht_strbuf_puts(&text->words, shown < all ? "WORST DEVICES (" : "DEVICES, WORST FIRST (");
    ht_strbuf_put_grouped(&text->words, shown);
    if (shown < all) {
        ht_strbuf_puts(&text->words, " of ");
        ht_strbuf_put_grouped(&text->words, all);
    }
    ht_strbuf_puts(&text->words, ")");
    ht_text_blank(text);
    ht_text_wrap(text, &(struct ht_text_style){.color = HT_TEXT_BOLD});
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = shown,
                                  .fill = fill_device,
                                  .ctx = &rows,
                              });
}

/* The hubs of the table: all of them by name, or the worst first. */
struct hub_rows {
    const struct ht_summary *summary;
    bool all;
    size_t count;
    size_t worst[HUBS_MAX];
};

static bool is_worse_hub(const struct ht_hub_view *a, const struct ht_hub_view *b) {
    return a->faults != b->faults ? a->faults > b->faults : a->disconnects > b->disconnects;
}

static void take_worst_hubs(struct hub_rows *rows) {
    const struct ht_hub_view *hubs = rows->summary->hubs;
    for (size_t i = 0; i < rows->summary->hub_count; i++) {
        size_t at = rows->count;
        while (at > 0 && is_worse_hub(&hubs[i], &hubs[rows->worst[at - 1]])) {
            at--;
        }
        if (at == HUBS_MAX) {
            continue;
        }
        rows->count += rows->count < HUBS_MAX;
        for (size_t k = rows->count - 1; k > at; k--) {
            rows->worst[k] = rows->worst[k - 1];
        }
        rows->worst[at] = i;
    }
}

static void fill_hub(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct hub_rows *rows = ctx;
    const struct ht_hub_view *hub = &rows->summary->hubs[rows->all ? index : rows->worst[index]];
    ht_row_log(row, 0, hub->hub);
    ht_row_count(row, 1, hub->devices);
    ht_row_count(row, 2, hub->disconnects);
    ht_row_count(row, 3, hub->faults);
    ht_row_count(row, 4, hub->renewals);
    ht_row_count(row, 5, hub->server_errors);
    ht_row_count(row, 6, hub->throttles);
}

void ht_section_hubs(struct ht_text *text, const struct ht_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "hub", .least = 12},
        {.title = "devices", .right = true},
        {.title = "disconnects", .right = true},
        {.title = "faults", .right = true},
        {.title = "renewals", .right = true, .drop = 2},
        {.title = "5xx", .right = true},
        {.title = "429", .right = true, .drop = 1},
    };
    if (summary->hub_count < 2 && !(text->verbose && summary->hub_count == 1)) {
        return;
    }
    struct hub_rows rows = {.summary = summary,
                            .all = text->verbose || summary->hub_count <= HUBS_MAX,
                            .count = 0};
    if (rows.all) {
        rows.count = summary->hub_count;
    } else {
        take_worst_hubs(&rows);
    }
    ht_text_heading(text, rows.all ? "HUBS" : "HUBS, MOST FAULTS FIRST");
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = rows.count,
                                  .fill = fill_hub,
                                  .ctx = &rows,
                              });
    if (rows.count < summary->hub_count) {
        ht_strbuf_puts(&text->words, "And ");
        ht_strbuf_put_grouped(&text->words, summary->hub_count - rows.count);
        ht_strbuf_puts(&text->words, " more; -v shows all.");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}

static void fill_cadence(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_summary *summary = ctx;
    const struct ht_cadence_view *cadence = &summary->cadences[index];
    ht_row_span(row, 0, cadence->length_s);
    ht_row_puts(row, 1, cadence->kind);
    if (cadence->x509) {
        char who[64];
        (void)snprintf(who, sizeof who, "%s%sX.509",
                       cadence->sdk_family != NULL ? cadence->sdk_family : "",
                       cadence->sdk_family != NULL ? ", " : "");
        ht_row_puts(row, 2, who);
    } else {
        ht_row_puts(row, 2, cadence->sdk_family);
    }
    ht_row_log(row, 3, cadence->protocol);
    ht_row_count(row, 4, cadence->sessions);
    ht_row_count(row, 5, cadence->devices);
    ht_row_percent(row, 6, cadence->hit_rate, 1);
    ht_row_count(row, 7, cadence->low_s > 0 ? (uint64_t)cadence->low_s : 0);
    ht_row_count(row, 8, cadence->high_s > 0 ? (uint64_t)cadence->high_s : 0);
}

void ht_section_cadences(struct ht_text *text, const struct ht_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "length", .right = true},
        {.title = "kind"},
        {.title = "SDK"},
        {.title = "protocol", .least = 8},
        {.title = "sessions", .right = true},
        {.title = "devices", .right = true},
        {.title = "hit", .right = true},
        {.title = "from s", .right = true, .drop = 1},
        {.title = "to s", .right = true, .drop = 1},
    };
    const bool all = text->verbose || summary->cadence_count <= WORST_MAX;
    const size_t shown = all ? summary->cadence_count : WORST_MAX;
    if (shown == 0) {
        return;
    }
    ht_text_heading(text, "SESSION LENGTHS THAT RECUR, LEARNED FROM THIS LOG");
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = shown,
                                  .fill = fill_cadence,
                                  .ctx = summary,
                              });
}
