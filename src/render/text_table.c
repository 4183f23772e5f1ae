/* SPDX-License-Identifier: MIT */
#include "render/text_table.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "render/cells.h"

enum {
    GAP = 2,          /* cells between columns */
    COMFORT_MAX = 32, /* wider cells give way to optional columns only when they must */
};

struct layout {
    size_t natural[HT_TEXT_COLUMNS_MAX];
    size_t cells[HT_TEXT_COLUMNS_MAX]; /* 0: dropped */
};

static void fill_row(const struct ht_text_table *table, size_t index, struct ht_text_row *row) {
    for (size_t i = 0; i < table->column_count; i++) {
        row->cells[i][0] = '\0';
    }
    table->fill(table->ctx, index, row);
}

static void measure(const struct ht_text_table *table, struct ht_text_row *row,
                    struct layout *layout) {
    *layout = (struct layout){.cells = {0}};
    for (size_t at = 0; at < table->row_count; at++) {
        fill_row(table, at, row);
        for (size_t i = 0; i < table->column_count; i++) {
            const size_t cells = ht_cells_width(ht_str_from(row->cells[i]));
            layout->natural[i] = cells > layout->natural[i] ? cells : layout->natural[i];
        }
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const size_t title = strlen(table->columns[i].title);
        if (layout->natural[i] > 0 && layout->natural[i] < title) {
            layout->natural[i] = title;
        }
    }
}

static size_t total(const struct ht_text_table *table, const struct layout *layout) {
    size_t sum = HT_TEXT_INDENT;
    bool first = true;
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout->cells[i] > 0) {
            sum += layout->cells[i] + (first ? 0 : GAP);
            first = false;
        }
    }
    return sum;
}

/* Drops the optional column that matters least, if one has at least that drop. */
static bool drop_one(const struct ht_text_table *table, unsigned lowest, struct layout *layout) {
    size_t worst = table->column_count;
    unsigned highest = lowest;
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout->cells[i] > 0 && table->columns[i].drop >= highest) {
            worst = i;
            highest = table->columns[i].drop;
        }
    }
    if (worst == table->column_count) {
        return false;
    }
    layout->cells[worst] = 0;
    return true;
}

/* Columns that may shrink go down to the bound, or to their least when that is more. */
static void shrink(const struct ht_text_table *table, size_t bound, struct layout *layout) {
    for (size_t i = 0; i < table->column_count; i++) {
        const size_t least = table->columns[i].least;
        const size_t cells = least > bound ? least : bound;
        if (least > 0 && layout->cells[i] > cells) {
            layout->cells[i] = cells;
        }
    }
}

static void allot(const struct ht_text_table *table, size_t width, struct layout *layout) {
    memcpy(layout->cells, layout->natural, sizeof layout->cells);
    shrink(table, COMFORT_MAX, layout);
    while (total(table, layout) > width && drop_one(table, 2, layout)) {
    }
    shrink(table, 0, layout);
    while (total(table, layout) > width && drop_one(table, 1, layout)) {
    }
    bool grown = true;
    for (size_t used = total(table, layout); used < width && grown;) {
        grown = false;
        for (size_t i = 0; i < table->column_count && used < width; i++) {
            if (layout->cells[i] > 0 && layout->cells[i] < layout->natural[i]) {
                layout->cells[i]++;
                used++;
                grown = true;
            }
        }
    }
}

static void put_cell(struct ht_strbuf *line, const struct ht_text_column *column, const char *cell,
                     size_t cells) {
    char cut[HT_TEXT_CELL_BYTES];
    struct ht_str shown = ht_str_from(cell);
    if (ht_cells_width(shown) > cells && cells >= 4) {
        shown.len = column->middle ? ht_cells_cut_middle(cut, sizeof cut, shown, cells)
                                   : ht_cells_cut(cut, sizeof cut, shown, cells);
        shown.ptr = cut;
    }
    shown.len = ht_cells_prefix(shown, cells);
    const size_t pad = cells - ht_cells_width(shown);
    ht_strbuf_repeat(line, ' ', column->right ? pad : 0);
    ht_strbuf_add(line, shown);
    ht_strbuf_repeat(line, ' ', column->right ? 0 : pad);
}

static void write_line(struct ht_text *text, const struct ht_text_table *table,
                       const struct layout *layout, const struct ht_text_row *row) {
    struct ht_strbuf *line = &text->words;
    bool first = true;
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout->cells[i] == 0) {
            continue;
        }
        ht_strbuf_repeat(line, ' ', first ? (size_t)HT_TEXT_INDENT : (size_t)GAP);
        put_cell(line, &table->columns[i], row != NULL ? row->cells[i] : table->columns[i].title,
                 layout->cells[i]);
        first = false;
    }
    if (line->status != HT_OK && text->out->status == HT_OK) {
        text->out->status = line->status;
    }
    ht_text_line(text, ht_strbuf_str(line), HT_TEXT_PLAIN);
    ht_strbuf_clear(line);
}

void ht_text_table_write(struct ht_text *text, const struct ht_text_table *table) {
    struct ht_text_row row;
    struct layout layout;
    HT_ASSERT(table->column_count <= HT_TEXT_COLUMNS_MAX);
    measure(table, &row, &layout);
    allot(table, text->width, &layout);
    write_line(text, table, &layout, NULL);
    for (size_t at = 0; at < table->row_count && !ht_text_failed(text); at++) {
        fill_row(table, at, &row);
        write_line(text, table, &layout, &row);
    }
}

/* A part of a sentence, moved into the cell. */
static void move_words(struct ht_text_row *row, size_t column, struct ht_strbuf *words) {
    (void)ht_text_printable(row->cells[column], HT_TEXT_CELL_BYTES, ht_strbuf_str(words));
    ht_strbuf_release(words);
}

static struct ht_strbuf new_words(void) {
    struct ht_strbuf words;
    ht_strbuf_init(&words, HT_TEXT_CELL_BYTES);
    return words;
}

void ht_row_puts(struct ht_text_row *row, size_t column, const char *ours) {
    (void)ht_text_printable(row->cells[column], HT_TEXT_CELL_BYTES,
                            ht_str_from(ours != NULL ? ours : "-"));
}

void ht_row_log(struct ht_text_row *row, size_t column, const char *log_text) {
    (void)ht_text_printable(row->cells[column], HT_TEXT_CELL_BYTES,
                            ht_str_from(log_text != NULL ? log_text : "-"));
}

void ht_row_device(struct ht_text_row *row, size_t column, const char *device, const char *module) {
    char *cell = row->cells[column];
    size_t len = ht_text_printable(cell, HT_TEXT_CELL_BYTES,
                                   ht_str_from(device != NULL ? device : "(no id)"));
    if (module != NULL && len + 5 < HT_TEXT_CELL_BYTES) {
        cell[len++] = '/';
        (void)ht_text_printable(cell + len, HT_TEXT_CELL_BYTES - len, ht_str_from(module));
    }
}

void ht_row_count(struct ht_text_row *row, size_t column, uint64_t count) {
    struct ht_strbuf words = new_words();
    ht_strbuf_put_grouped(&words, count);
    move_words(row, column, &words);
}

void ht_row_span(struct ht_text_row *row, size_t column, int64_t seconds) {
    struct ht_strbuf words = new_words();
    ht_text_put_span(&words, seconds);
    move_words(row, column, &words);
}

void ht_row_decimal(struct ht_text_row *row, size_t column, double value, unsigned places) {
    struct ht_strbuf words = new_words();
    ht_text_put_decimal(&words, value, places);
    move_words(row, column, &words);
}

void ht_row_percent(struct ht_text_row *row, size_t column, double part, double whole) {
    struct ht_strbuf words = new_words();
    ht_text_put_percent(&words, part, whole);
    move_words(row, column, &words);
}

void ht_row_time(struct ht_text_row *row, size_t column, int64_t time_us) {
    struct ht_strbuf words = new_words();
    ht_text_put_time(&words, time_us);
    move_words(row, column, &words);
}
