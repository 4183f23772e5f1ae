/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_REPORT_ROWS_H
#define HT_RENDER_REPORT_ROWS_H
/* The tables of a report (enum ht_emit), row by row: members of json, lines of ndjson, csv, tsv. */
#include "render/json_writer.h"

size_t ht_rows_count(const struct ht_report *report, enum ht_emit emit);

/* One row. layout is that of findings in a document; all other rows are one line. */
void ht_rows_put(struct ht_json *json, const struct ht_report *report, enum ht_emit emit,
                 size_t index, enum ht_json_layout layout);

/* A row of nothing known, for the names of the columns. */
void ht_rows_put_blank(struct ht_json *json, const struct ht_report *report, enum ht_emit emit);

/* All of them as an array that has the table's name. */
void ht_json_put_rows(struct ht_json *json, const struct ht_report *report, enum ht_emit emit);

#endif
