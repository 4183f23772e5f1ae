/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_CSV_H
#define HT_INPUT_CSV_H
/*
 * struct ht_csv - one row of a table at a time, by libcsv, which is fed line by line: so it is
 * known where each row begins, and after a row that cannot be, reading can go on at any line.
 *
 * Rows end with a line feed outside of quotes; a carriage return before it, and blanks around a
 * cell, do not belong to it. A carriage return in the middle of a line fits no row. With commas and
 * semicolons a quote within a cell must be doubled and the cell quoted (RFC 4180); with tabs a
 * quote means something at the start of a cell only, since the Azure command line does not quote.
 */
#include <stdbool.h>
#include <stddef.h>

#include <csv.h>

#include "base/str.h"
#include "hubtriage/err.h"

enum ht_csv_state {
    HT_CSV_OPEN = 0, /* a quoted cell goes on in the next line */
    HT_CSV_ROW,      /* the row is whole */
    HT_CSV_WRONG,    /* quotes that fit no cell */
};

struct ht_csv_cell {
    size_t at;
    size_t len;
};

struct ht_csv {
    struct csv_parser parser;
    char *text; /* of the cells, one behind the other */
    size_t text_len;
    size_t text_capacity;
    struct ht_csv_cell *cells;
    size_t cell_count;
    size_t cell_capacity;
    struct ht_str *views;
    size_t view_capacity;
    bool strict;
    bool split;   /* the cells are in views already */
    bool ended;   /* the row */
    bool overrun; /* something follows the row's end in its line */
    bool no_memory;
};

void ht_csv_init(struct ht_csv *csv);
void ht_csv_release(struct ht_csv *csv);

/* Forget what was fed; the next line begins a row. */
void ht_csv_begin(struct ht_csv *csv, char separator);

/*
 * ht_csv_split() - instead of feeding the first line: split it into the cells of a row, if it is
 * one that has nothing odd about it.
 *
 * @line  ends with its only line feed, with HT_FRAME_PADDING readable bytes behind it; it must stay
 *        where it is as long as the cells are used
 * False says nothing about the line: feed it.
 */
bool ht_csv_split(struct ht_csv *csv, struct ht_str line);

/* One more line, with its line feed. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_csv_feed(struct ht_csv *csv, struct ht_str line,
                                         enum ht_csv_state *state);

/* Nothing follows: HT_CSV_OPEN now means a quote that is never closed. */
HT_MUST_CHECK enum ht_status ht_csv_end(struct ht_csv *csv, enum ht_csv_state *state);

/* The cells of a whole row, with HT_FRAME_PADDING readable bytes behind each; valid until the next
 * begin. NULL when there is no memory. */
const struct ht_str *ht_csv_cells(struct ht_csv *csv);

#endif
