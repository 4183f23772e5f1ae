/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_ROW_CELLS_H
#define HT_RENDER_ROW_CELLS_H
/*
 * struct ht_cells - lines of CSV (RFC 4180) or TSV, cell by cell.
 *
 * Every row is one line of printable text, whatever is in it. A cell of text is
 *   - escaped: a backslash is doubled, control characters and characters that are not to be seen
 *     become \t, \n, \r, \xNN or \u{NNNN}; a byte that is not UTF-8 is U+FFFD;
 *   - guarded: what a spreadsheet might take for a formula (it begins with = + - @ or their
 *     full-width forms, a tab or a carriage return) gets a ' before it, and so does what begins
 *     with ', so that dropping a leading ' gives the text back.
 * What is not known is an empty cell. Numbers, dates and words are written as they are. A list is
 * one cell of JSON; in TSV its backslashes are doubled, too.
 */
#include "render/sink_buffer.h"

enum { HT_CELLS_NAME_BYTES = 64 };

struct ht_cells {
    struct ht_sink_buffer *out;
    bool tabs;
    bool names;                       /* of columns are written instead of what is in the cells */
    bool begun;                       /* there is a cell on this line */
    char prefix[HT_CELLS_NAME_BYTES]; /* "by_cause." within that object */
};

void ht_cells_init(struct ht_cells *cells, struct ht_sink_buffer *out, bool tabs);

void ht_cells_put(struct ht_cells *cells, const char *name, const char *bare);
void ht_cells_put_text(struct ht_cells *cells, const char *name, struct ht_str text);

/* The cells up to the close are members of that object: NAME.MEMBER. Not within another one. */
void ht_cells_open(struct ht_cells *cells, const char *name);
void ht_cells_close(struct ht_cells *cells);

/* A cell of JSON, piece by piece. */
void ht_cells_begin_list(struct ht_cells *cells, const char *name);
void ht_cells_put_list(struct ht_cells *cells, struct ht_str json);
void ht_cells_end_list(struct ht_cells *cells);

void ht_cells_end_row(struct ht_cells *cells);

#endif
