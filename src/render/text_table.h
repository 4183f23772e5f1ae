/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_TEXT_TABLE_H
#define HT_RENDER_TEXT_TABLE_H
/*
 * Tables that fit: rows are asked for twice, once to measure and once to write, so that a table of
 * any length needs the memory of one row.
 *
 * A column without any text is left out. When the natural widths do not fit, optional columns go,
 * the highest drop first, before others become narrower than 32 cells; then those that may shrink
 * do; last, optional columns with drop 1 go. What does not fit a cell ends in "...".
 */
#include "render/text_out.h"

enum { HT_TEXT_COLUMNS_MAX = 10, HT_TEXT_CELL_BYTES = 384 };

struct ht_text_column {
    const char *title;
    bool right;          /* numbers: aligned to the right */
    bool middle;         /* what is too long loses its middle: paths */
    unsigned least;      /* may shrink to this many cells (at least 4); 0: never */
    unsigned short drop; /* 0: always there; 1: goes when nothing else helps */
};

struct ht_text_row {
    char cells[HT_TEXT_COLUMNS_MAX][HT_TEXT_CELL_BYTES];
};

struct ht_text_table {
    const struct ht_text_column *columns;
    size_t column_count;
    size_t row_count;
    void (*fill)(const void *ctx, size_t index, struct ht_text_row *row);
    const void *ctx;
};

void ht_text_table_write(struct ht_text *text, const struct ht_text_table *table);

/* Filling cells. */
void ht_row_puts(struct ht_text_row *row, size_t column, const char *ours); /* NULL: "-" */
void ht_row_log(struct ht_text_row *row, size_t column, const char *log_text);
void ht_row_device(struct ht_text_row *row, size_t column, const char *device, const char *module);
void ht_row_count(struct ht_text_row *row, size_t column, uint64_t count);
void ht_row_span(struct ht_text_row *row, size_t column, int64_t seconds);
void ht_row_decimal(struct ht_text_row *row, size_t column, double value, unsigned places);
void ht_row_percent(struct ht_text_row *row, size_t column, double part, double whole);
void ht_row_time(struct ht_text_row *row, size_t column, int64_t time_us);

#endif
