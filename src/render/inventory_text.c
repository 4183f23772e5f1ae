/* SPDX-License-Identifier: MIT */
/* `hubtriage check` as text: whether the input is whole, what is wrong and what to do; then what it
 * is. */
#include <stdio.h>

#include "base/compiler.h"
#include "render/inventory_render.h"
#include "render/text_out.h"
#include "render/text_sections.h"
#include "render/text_table.h"

enum {
    TITLE_INDENT = 9,
    LABEL_INDENT = 9,
    SHAPE_INDENT = 10,
    ITEMS_SHOWN = 5,
    ROWS_SHOWN = 12,
    SHAPES_MAX = 16,
    QUALITY_INDENT = 13, /* as in the other lines of that section */
};

static const char *level_label(enum ht_level level) {
    static const char *const labels[HT_LEVEL_COUNT] = {"NOTE", "WARNING", "ERROR"};
    return labels[level];
}

static enum ht_text_color level_color(enum ht_level level) {
    static const enum ht_text_color colors[HT_LEVEL_COUNT] = {HT_TEXT_BOLD, HT_TEXT_YELLOW,
                                                              HT_TEXT_RED};
    return colors[level];
}

/* The head. */

static void write_extent(struct ht_text *text, const struct ht_inventory_summary *summary) {
    struct ht_strbuf *words = &text->words;
    ht_text_put_number(words, summary->source_count, "input", "inputs");
    ht_strbuf_puts(words, ", ");
    ht_text_put_bytes(words, summary->bytes);
    ht_strbuf_puts(words, ", ");
    ht_text_put_number(words, summary->records, "record", "records");
    if (summary->first_us != HT_TIME_NONE) {
        ht_strbuf_puts(words, ", ");
        ht_text_put_time(words, summary->first_us);
        ht_strbuf_puts(words, " to ");
        ht_text_put_time(words, summary->last_us);
        ht_strbuf_puts(words, " UTC");
    }
    ht_text_wrap(text, &(struct ht_text_style){.color = HT_TEXT_BOLD});
}

static void write_verdict(struct ht_text *text, const struct ht_inventory_summary *summary) {
    struct ht_strbuf *words = &text->words;
    ht_strbuf_puts(words, summary->wrong ? "The input is not whole, or not what a report needs: "
                                         : "Nothing is wrong with the input: ");
    ht_text_put_number(words, summary->levels[HT_LEVEL_ERROR], "error", "errors");
    ht_strbuf_puts(words, ", ");
    ht_text_put_number(words, summary->levels[HT_LEVEL_WARNING], "warning", "warnings");
    ht_strbuf_puts(words, ", ");
    ht_text_put_number(words, summary->levels[HT_LEVEL_NOTE], "note", "notes");
    ht_strbuf_putc(words, '.');
    ht_text_wrap(text,
                 &(struct ht_text_style){.color = summary->wrong ? HT_TEXT_YELLOW : HT_TEXT_PLAIN});
}

/* Findings. */

static void write_items(struct ht_text *text, const struct ht_inventory_finding *finding) {
    const size_t shown =
        text->verbose || finding->item_count < ITEMS_SHOWN ? finding->item_count : ITEMS_SHOWN;
    for (size_t i = 0; i < shown && !ht_text_failed(text); i++) {
        ht_text_put_whole(&text->words, finding->items[i]);
        ht_text_wrap(text, &(struct ht_text_style){.label = "       -", .indent = LABEL_INDENT});
    }
    if (finding->item_total > shown) {
        ht_strbuf_puts(&text->words, "and ");
        ht_strbuf_put_grouped(&text->words, finding->item_total - shown);
        ht_strbuf_puts(&text->words,
                       finding->item_count > shown ? " more; -v shows more of them" : " more");
        ht_text_wrap(text, &(struct ht_text_style){.indent = LABEL_INDENT});
    }
}

static void write_finding(struct ht_text *text, const struct ht_inventory_finding *finding) {
    ht_strbuf_puts(&text->words, finding->title);
    if (finding->detail != NULL) {
        ht_strbuf_puts(&text->words, ": ");
        ht_strbuf_puts(&text->words, finding->detail);
    }
    ht_text_wrap(text, &(struct ht_text_style){
                           .label = level_label(finding->level),
                           .label_color = level_color(finding->level),
                           .indent = TITLE_INDENT,
                           .color = HT_TEXT_BOLD,
                       });
    if (!ht_inventory_has_table(finding)) {
        write_items(text, finding);
    }
    ht_strbuf_puts(&text->words, finding->action);
    ht_text_wrap(text, &(struct ht_text_style){.label = "  Do", .indent = LABEL_INDENT});
}

static void write_findings(struct ht_text *text, const struct ht_inventory_summary *summary) {
    for (size_t i = 0; i < summary->finding_count && !ht_text_failed(text); i++) {
        ht_text_blank(text);
        write_finding(text, &summary->findings[i]);
    }
}

/* What it is. */

struct shape_count {
    const char *shape;
    const char *compression;
    uint64_t sources;
};

static bool same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void write_shapes(struct ht_text *text, const struct ht_inventory_summary *summary) {
    struct shape_count counts[SHAPES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < summary->source_count; i++) {
        const struct ht_inventory_source *source = &summary->sources[i];
        size_t at = 0;
        while (at < count && !(same(counts[at].shape, source->shape) &&
                               same(counts[at].compression, source->compression))) {
            at++;
        }
        if (at == count && count < SHAPES_MAX) {
            counts[count++] = (struct shape_count){source->shape, source->compression, 0};
        }
        if (at < SHAPES_MAX) {
            counts[at].sources++;
        }
    }
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (counts[i].shape == NULL && counts[i].compression == NULL) {
            continue;
        }
        ht_strbuf_puts(&text->words, any ? ", " : "");
        ht_strbuf_put_grouped(&text->words, counts[i].sources);
        ht_strbuf_putc(&text->words, ' ');
        ht_strbuf_puts(&text->words, counts[i].shape != NULL ? counts[i].shape : "without records");
        if (counts[i].compression != NULL) {
            ht_strbuf_puts(&text->words, " in ");
            ht_strbuf_puts(&text->words, counts[i].compression);
        }
        any = true;
    }
    if (any) {
        ht_strbuf_putc(&text->words, '.');
        ht_text_wrap(text, &(struct ht_text_style){.label = "  Shapes", .indent = SHAPE_INDENT});
    }
}

static void fill_hub(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_inventory_summary *summary = ctx;
    const struct ht_inventory_hub *hub = &summary->hubs[index];
    if (hub->hub != NULL) {
        ht_row_log(row, 0, hub->hub);
    } else {
        ht_row_puts(row, 0, "(not named)");
    }
    ht_row_count(row, 1, hub->records);
    ht_row_count(row, 2, hub->connects);
    ht_row_count(row, 3, hub->refused_connects);
    ht_row_count(row, 4, hub->disconnects);
    ht_row_count(row, 5, hub->hours);
    ht_row_count(row, 6, hub->silent_hours);
    ht_row_time(row, 7, hub->first_us);
    ht_row_time(row, 8, hub->last_us);
}

static void write_hubs(struct ht_text *text, const struct ht_inventory_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "hub", .least = 12},           {.title = "records", .right = true},
        {.title = "connects", .right = true},    {.title = "refused", .right = true, .drop = 3},
        {.title = "disconnects", .right = true}, {.title = "hours", .right = true, .drop = 4},
        {.title = "silent", .right = true},      {.title = "first event", .drop = 2},
        {.title = "last event", .drop = 1},
    };
    if (summary->hub_count == 0) {
        return;
    }
    ht_text_heading(text, "HUBS (silent: hours without a connection event)");
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = summary->hub_count,
                                  .fill = fill_hub,
                                  .ctx = summary,
                              });
}

static void fill_category(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_inventory_summary *summary = ctx;
    const bool ours = index < summary->category_count;
    const struct ht_inventory_count *count =
        ours ? &summary->categories[index] : &summary->services[index - summary->category_count];
    ht_row_puts(row, 0, ours ? "IoT Hub" : "other service");
    if (count->name != NULL) {
        ht_row_log(row, 1, count->name);
    } else {
        ht_row_puts(row, 1, "(not named)");
    }
    ht_row_count(row, 2, count->records);
}

static void write_categories(struct ht_text *text, const struct ht_inventory_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "records of"},
        {.title = "category or service", .least = 16},
        {.title = "records", .right = true},
    };
    if (summary->category_count + summary->service_count == 0) {
        return;
    }
    ht_text_heading(text, "CATEGORIES");
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = summary->category_count + summary->service_count,
                                  .fill = fill_category,
                                  .ctx = summary,
                              });
}

static void fill_bad(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_inventory_summary *summary = ctx;
    const struct ht_inventory_bad *bad = &summary->bad[index];
    ht_row_count(row, 0, bad->records);
    ht_row_puts(row, 1, bad->why);
    if (bad->reason == HT_BAD_SYNTAX || bad->reason == HT_BAD_PROPERTIES) {
        char why[HT_TEXT_CELL_BYTES];
        (void)snprintf(why, sizeof why, "%s: %s", ht_bad_name(bad->reason), bad->why);
        ht_row_puts(row, 1, why);
    }
    ht_row_puts(row, 2, bad->source);
    ht_row_count(row, 3, bad->record);
    ht_row_count(row, 4, bad->offset_bytes);
}

static void write_bad(struct ht_text *text, const struct ht_inventory_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "bad", .right = true},
        {.title = "why", .least = 32},
        {.title = "first one in", .middle = true, .least = 14},
        {.title = "record", .right = true},
        {.title = "at byte", .right = true},
    };
    if (summary->bad_count == 0) {
        return;
    }
    ht_text_heading(text, "BAD RECORDS");
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = summary->bad_count,
                                  .fill = fill_bad,
                                  .ctx = summary,
                              });
}

/* The sources that are shown, by their place among all. */
struct source_rows {
    const struct ht_inventory_summary *summary;
    bool all;
    size_t rows[ROWS_SHOWN]; /* unless all */
    size_t count;
};

/* Whoever has hundreds of inputs wants to see those with something the matter. */
static bool is_remarkable(const struct ht_inventory_source *source) {
    return source->problem != NULL || source->bad > 0 || source->cut != HT_CUT_NONE ||
           source->low_fidelity;
}

static void choose_sources(struct ht_text *text, struct source_rows *rows) {
    const struct ht_inventory_summary *summary = rows->summary;
    rows->all = text->verbose || summary->source_count <= ROWS_SHOWN;
    rows->count = rows->all ? summary->source_count : 0;
    for (size_t i = 0; !rows->all && i < summary->source_count && rows->count < ROWS_SHOWN; i++) {
        if (is_remarkable(&summary->sources[i])) {
            rows->rows[rows->count++] = i;
        }
    }
}

static void fill_source(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct source_rows *rows = ctx;
    const struct ht_inventory_summary *summary = rows->summary;
    const struct ht_inventory_source *source =
        &summary->sources[rows->all ? index : rows->rows[index]];
    ht_row_puts(row, 0, source->name);
    ht_row_puts(row, 1, source->shape);
    ht_row_puts(row, 2, source->compression);
    ht_row_count(row, 3, source->records);
    ht_row_count(row, 4, source->events);
    ht_row_count(row, 5, source->bad);
    if (summary->compared) {
        ht_row_count(row, 6, source->repeated);
    } else {
        ht_row_puts(row, 6, NULL);
    }
    ht_row_time(row, 7, source->first_us);
    ht_row_time(row, 8, source->last_us);
}

static void write_sources(struct ht_text *text, const struct ht_inventory_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "input", .middle = true, .least = 16},
        {.title = "shape", .drop = 4},
        {.title = "packed", .drop = 5},
        {.title = "records", .right = true},
        {.title = "events", .right = true},
        {.title = "bad", .right = true},
        {.title = "again", .right = true, .drop = 3},
        {.title = "first record", .drop = 1},
        {.title = "last record", .drop = 2},
    };
    struct source_rows rows = {.summary = summary};
    choose_sources(text, &rows);
    ht_text_heading(text, rows.all ? "INPUTS (again: events that an earlier input has)"
                                   : "INPUTS WITH SOMETHING THE MATTER");
    if (rows.count > 0) {
        ht_text_table_write(text, &(struct ht_text_table){
                                      .columns = columns,
                                      .column_count = HT_ARRAY_LEN(columns),
                                      .row_count = rows.count,
                                      .fill = fill_source,
                                      .ctx = &rows,
                                  });
    }
    if (!rows.all) {
        ht_strbuf_puts(&text->words, rows.count > 0 ? "Of " : "None of ");
        ht_text_put_number(&text->words, summary->source_count, "input", "inputs");
        ht_strbuf_puts(&text->words, "; -v lists all of them.");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}

void ht_render_inventory_text(const struct ht_inventory_summary *summary,
                              const struct ht_render_options *options, struct ht_sink_buffer *out) {
    struct ht_text text;
    ht_text_init(&text, options, out);
    write_extent(&text, summary);
    write_verdict(&text, summary);
    write_shapes(&text, summary);
    write_findings(&text, summary);
    write_bad(&text, summary);
    write_hubs(&text, summary);
    write_categories(&text, summary);
    write_sources(&text, summary);
    ht_text_release(&text);
}

/* In a report: one paragraph a finding, with the first thing that it is about. */
void ht_section_input_findings(struct ht_text *text, const struct ht_inventory_summary *summary) {
    const char *label = "  Input";
    for (size_t i = 0; summary != NULL && i < summary->finding_count; i++) {
        const struct ht_inventory_finding *finding = &summary->findings[i];
        struct ht_strbuf *words = &text->words;
        if (!finding->for_report || ht_text_failed(text)) {
            continue;
        }
        ht_strbuf_puts(words, finding->title);
        if (finding->item_count > 0) {
            ht_strbuf_puts(words, ": ");
            ht_text_put_whole(words, finding->items[0]);
        }
        if (finding->item_total > 1) {
            ht_strbuf_puts(words, ", and ");
            ht_strbuf_put_grouped(words, finding->item_total - 1);
            ht_strbuf_puts(words, " more");
        }
        ht_strbuf_puts(words, ". ");
        ht_strbuf_puts(words, finding->action);
        ht_text_wrap(text, &(struct ht_text_style){.label = label, .indent = QUALITY_INDENT});
        label = "";
    }
}
