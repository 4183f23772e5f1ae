/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_TABLE_H
#define HT_INPUT_TABLE_H
/* What table.c (rows) and table_detect.c (which source is a table, rows cut between two sources)
 * share. */
#include "input/reader_private.h"

/*
 * The line at `from` in the window, with its line feed, as much as it takes; *complete is false
 * when the source ends in it or when it would end behind `max`. Valid until more is read.
 */
HT_MUST_CHECK enum ht_status ht_table_line(struct ht_reader *reader, size_t from, size_t max,
                                           struct ht_str *line, bool *complete);

/* Whether a row with all its cells begins at `from` in the window, perhaps over several lines. */
HT_MUST_CHECK enum ht_status ht_table_has_row(struct ht_reader *reader, size_t from, bool *found);

/* The texts of records are UTF-8 without NUL: a phrase when this one is not, else NULL. */
const char *ht_table_wrong_text(struct ht_str text);

/* Hand the cells of the row on, and consume its bytes. */
HT_MUST_CHECK enum ht_status ht_table_take(struct ht_reader *reader, size_t len);

/*
 * The source ends in the row at the window's start: with what the next source begins with it may be
 * whole.
 *
 * @whole   it has all its cells as it is, and something in the last one
 * @joined  set when it is, and was taken; reading is then within that next source
 */
HT_MUST_CHECK enum ht_status ht_table_join(struct ht_reader *reader, bool whole, bool *joined);

#endif
