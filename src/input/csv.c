/* SPDX-License-Identifier: MIT */
#include "input/csv.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "input/reader.h"

enum { CELL_BLOCK_BYTES = 4096, CELLS_MAX = 1 << 20 };

/* libcsv's pstate between rows, which its header does not name. */
enum { ROW_NOT_BEGUN = 0 };

void ht_csv_init(struct ht_csv *csv) {
    *csv = (struct ht_csv){.text = NULL};
    (void)csv_init(&csv->parser, 0);
    csv_set_blk_size(&csv->parser, CELL_BLOCK_BYTES);
}

void ht_csv_release(struct ht_csv *csv) {
    csv_free(&csv->parser);
    free(csv->text);
    free(csv->cells);
    free(csv->views);
    ht_csv_init(csv);
}

void ht_csv_begin(struct ht_csv *csv, char separator) {
    (void)csv_set_opts(&csv->parser, 0);
    (void)csv_fini(&csv->parser, NULL, NULL, NULL); /* back to the start of a row */
    csv->strict = separator != '\t';
    (void)csv_set_opts(&csv->parser, csv->strict ? CSV_STRICT : 0);
    csv_set_delim(&csv->parser, (unsigned char)separator);
    csv->text_len = 0;
    csv->cell_count = 0;
    csv->split = false;
    csv->ended = false;
    csv->overrun = false;
    csv->no_memory = false;
}

static enum ht_status add_cell(struct ht_csv *csv, struct ht_str cell) {
    HT_TRY(ht_grow(&csv->cells, &csv->cell_capacity, csv->cell_count + 1, CELLS_MAX,
                   sizeof *csv->cells));
    HT_TRY(ht_grow(&csv->text, &csv->text_capacity, csv->text_len + cell.len + HT_FRAME_PADDING,
                   SIZE_MAX / 2, 1));
    if (cell.len > 0) {
        memcpy(csv->text + csv->text_len, cell.ptr, cell.len);
    }
    memset(csv->text + csv->text_len + cell.len, 0, HT_FRAME_PADDING);
    csv->cells[csv->cell_count++] = (struct ht_csv_cell){csv->text_len, cell.len};
    csv->text_len += cell.len + 1;
    return HT_OK;
}

/* More cells than any table has are not kept: the row will not fit its header. */
static void on_cell(void *bytes, size_t len, void *ctx) {
    struct ht_csv *csv = ctx;
    csv->overrun = csv->overrun || csv->ended;
    const enum ht_status status = add_cell(csv, (struct ht_str){bytes, len});
    csv->no_memory = csv->no_memory || status == HT_E_NOMEM;
}

static void on_row(int end, void *ctx) {
    struct ht_csv *csv = ctx;
    (void)end;
    csv->ended = true;
}

static enum ht_status answer(struct ht_csv *csv, bool parsed, enum ht_csv_state *state) {
    if (csv->no_memory || (!parsed && csv_error(&csv->parser) == CSV_ENOMEM)) {
        return HT_E_NOMEM;
    }
    const bool overrun = csv->overrun || (csv->ended && csv->parser.pstate != ROW_NOT_BEGUN);
    *state = !parsed || overrun ? HT_CSV_WRONG : csv->ended ? HT_CSV_ROW : HT_CSV_OPEN;
    return HT_OK;
}

enum ht_status ht_csv_feed(struct ht_csv *csv, struct ht_str line, enum ht_csv_state *state) {
    const size_t parsed = csv_parse(&csv->parser, line.ptr, line.len, on_cell, on_row, csv);
    return answer(csv, parsed == line.len, state);
}

enum ht_status ht_csv_end(struct ht_csv *csv, enum ht_csv_state *state) {
    (void)csv_set_opts(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);
    const bool closed = csv_fini(&csv->parser, on_cell, on_row, csv) == 0;
    HT_TRY(answer(csv, true, state));
    *state = closed ? *state : HT_CSV_OPEN;
    return HT_OK;
}

const struct ht_str *ht_csv_cells(struct ht_csv *csv) {
    if (csv->split) {
        return csv->views;
    }
    if (ht_grow(&csv->views, &csv->view_capacity, csv->cell_count + 1, SIZE_MAX / 64,
                sizeof *csv->views) != HT_OK) {
        return NULL;
    }
    for (size_t i = 0; i < csv->cell_count; i++) {
        csv->views[i] = (struct ht_str){csv->text + csv->cells[i].at, csv->cells[i].len};
    }
    return csv->views;
}
