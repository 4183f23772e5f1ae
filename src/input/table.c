/* SPDX-License-Identifier: MIT */
/*
 * Tables: a header line, then rows. A line that is a plain row is split; else libcsv is fed line by
 * line until it says that the row is whole.
 *
 * A row that is wrong (ragged, quotes that fit no cell, NUL, not UTF-8, too long, a quote that is
 * never closed) costs its first line: the next line may begin a good one. So lines are looked at
 * again after a wrong row of several lines; a budget keeps hostile input from making that
 * quadratic. Beyond it a quote must be closed within its line.
 */
#include "input/table.h"
#include "base/check.h"
#include "base/text.h"

static const char why_open[] = "a quote that is not closed";
static const char why_cut[] = "cut at the end of the input";

/* How the row at the window's start was read. */
struct row {
    size_t first_line; /* bytes, with the line feed */
    size_t len;        /* bytes looked at: all of a whole row */
    bool whole;
    bool open;    /* a quote is, at the end of the source */
    bool endless; /* the first line is longer than a record may be */
    bool cut;     /* ends with its source, without a line feed */
    enum ht_bad bad;
    const char *why; /* NULL: good so far */
};

static bool is_blank(struct ht_str line) {
    return ht_str_trim(line).len == 0;
}

enum ht_status ht_table_line(struct ht_reader *reader, size_t from, size_t max, struct ht_str *line,
                             bool *complete) {
    size_t looked = from;
    for (;;) {
        const struct ht_str window = ht_stream_window(&reader->stream);
        const size_t end = window.len < max ? window.len : max;
        const char *feed = looked < end ? memchr(window.ptr + looked, '\n', end - looked) : NULL;
        *complete = feed != NULL;
        *line =
            (struct ht_str){window.ptr + from, feed != NULL ? (size_t)(feed - window.ptr) + 1 - from
                                                            : (end > from ? end - from : 0)};
        bool grown = false;
        if (feed == NULL && window.len < max) {
            HT_TRY(ht_reader_extend(reader, &grown));
        }
        if (!grown) { /* at the end of the source, but the buffer may have moved */
            line->ptr = ht_stream_window(&reader->stream).ptr + from;
            return HT_OK;
        }
        looked = end;
    }
}

static bool may_go_on(const struct ht_reader *reader) {
    return reader->table.rescanned_bytes <= HT_RESCAN_FREE_BYTES + 4 * reader->stream.offset_bytes;
}

static void wrong(struct row *row, enum ht_bad bad, const char *why) {
    row->bad = bad;
    row->why = why;
}

/* Feed lines until the row is whole or wrong. */
static enum ht_status scan_row(struct ht_reader *reader, size_t from, struct row *row) {
    struct ht_csv *csv = &reader->table.csv;
    enum ht_csv_state state = HT_CSV_OPEN;
    *row = (struct row){.len = from};
    ht_csv_begin(csv, reader->table.separator);
    for (bool complete = true; state == HT_CSV_OPEN && complete;) {
        struct ht_str line;
        HT_TRY(ht_table_line(reader, row->len, reader->record_bytes_max, &line, &complete));
        row->len += line.len;
        if (row->first_line == 0) {
            row->first_line = row->len;
            row->endless = !complete;
        }
        if (!complete && row->len >= reader->record_bytes_max) {
            wrong(row, HT_BAD_TOO_LONG,
                  "longer than the ceiling for one record (--max-record-bytes)");
            return HT_OK;
        }
        if (complete && line.len == row->len - from && ht_csv_split(csv, line)) {
            state = HT_CSV_ROW;
        } else if (line.len > 0) {
            HT_TRY(ht_csv_feed(csv, line, &state));
        }
        if (state == HT_CSV_OPEN && complete && !may_go_on(reader)) {
            wrong(row, HT_BAD_ROW, why_open);
            return HT_OK;
        }
        row->cut = !complete;
    }
    if (state == HT_CSV_OPEN) {
        HT_TRY(ht_csv_end(csv, &state));
    }
    row->whole = state == HT_CSV_ROW;
    row->open = state == HT_CSV_OPEN;
    if (state == HT_CSV_WRONG) {
        wrong(row, HT_BAD_ROW, "quotes that fit no cell");
    } else if (state == HT_CSV_OPEN && row->len == row->first_line) {
        wrong(row, HT_BAD_CUT, why_cut);
    } else if (state == HT_CSV_OPEN) {
        wrong(row, HT_BAD_ROW, why_open);
    }
    return HT_OK;
}

enum ht_status ht_table_has_row(struct ht_reader *reader, size_t from, bool *found) {
    struct row row;
    HT_TRY(scan_row(reader, from, &row));
    *found = row.whole && reader->table.csv.cell_count == reader->table.columns;
    return HT_OK;
}

/* Passes over bytes that are ASCII and not NUL, eight at a time; few that are may be left. */
static const char *skip_ascii(const char *at, const char *end) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    while (end - at >= 8) {
        uint64_t bytes = 0;
        memcpy(&bytes, at, sizeof bytes);
        if ((((bytes - ones) | bytes) & ones << 7) != 0) {
            break;
        }
        at += 8;
    }
    return at;
}

const char *ht_table_wrong_text(struct ht_str text) {
    const char *at = text.ptr;
    const char *end = text.ptr + text.len;
    for (at = skip_ascii(at, end); at < end; at = skip_ascii(at, end)) {
        const unsigned char c = (unsigned char)*at;
        uint32_t code_point = 0;
        if (c == '\0') {
            return "a NUL character in a row";
        }
        const size_t used =
            c < 0x80 ? 1 : ht_utf8_decode((struct ht_str){at, (size_t)(end - at)}, &code_point);
        if (used == 0) {
            return "text that is not UTF-8";
        }
        at += used;
    }
    return NULL;
}

static void judge_row(const struct ht_reader *reader, struct row *row) {
    const struct ht_table *table = &reader->table;
    const char *text =
        ht_table_wrong_text((struct ht_str){ht_stream_window(&reader->stream).ptr, row->len});
    if (text != NULL) {
        wrong(row, HT_BAD_ROW, text);
    } else if (table->csv.cell_count < table->columns && row->cut) {
        wrong(row, HT_BAD_CUT, why_cut);
    } else if (table->csv.cell_count != table->columns) {
        wrong(row, HT_BAD_ROW,
              table->csv.cell_count < table->columns
                  ? "a row with fewer cells than there are columns"
                  : "a row with more cells than there are columns");
    }
}

static enum ht_holder holder_of(const struct ht_table *table) {
    return table->separator == '\t' ? HT_HOLDER_TSV : HT_HOLDER_CSV;
}

enum ht_status ht_table_take(struct ht_reader *reader, size_t len) {
    const struct ht_cells cells = {
        .cells = ht_csv_cells(&reader->table.csv),
        .count = reader->table.csv.cell_count,
        .source = reader->stream.source,
        .holder = holder_of(&reader->table),
    };
    struct ht_frame_answer answer = {.kind = HT_FRAME_RECORD};
    if (cells.cells == NULL) {
        return HT_E_NOMEM;
    }
    HT_TRY(reader->callbacks->cells(reader->callbacks->ctx, &cells, &answer));
    if (answer.kind == HT_FRAME_BAD_RECORD) {
        ht_reader_count_bad(reader, answer.bad, answer.why);
    } else {
        ht_reader_source(reader)->records++;
        reader->not_records += answer.kind == HT_FRAME_VALUE;
    }
    ht_stream_consume(&reader->stream, len);
    return HT_OK;
}

/* The rest of a line that was too long. */
static void skip_line(struct ht_reader *reader) {
    const struct ht_str window = ht_stream_window(&reader->stream);
    const char *feed = memchr(window.ptr, '\n', window.len);
    reader->table.skipping = feed == NULL;
    ht_stream_consume(&reader->stream, feed != NULL ? (size_t)(feed - window.ptr) + 1 : window.len);
}

/* All cells are there, and something is in the last one. */
static bool is_full(const struct ht_table *table) {
    const struct ht_csv *csv = &table->csv;
    return csv->cell_count == table->columns && csv->cells[csv->cell_count - 1].len > 0;
}

static enum ht_status read_row(struct ht_reader *reader) {
    struct ht_table *table = &reader->table;
    struct row row;
    HT_TRY(scan_row(reader, 0, &row));
    if (row.cut && (row.whole || row.open)) {
        bool joined = false;
        HT_TRY(ht_table_join(reader, row.whole && is_full(table), &joined));
        if (joined) {
            return HT_OK;
        }
        HT_TRY(scan_row(reader, 0, &row)); /* again, since the cells were those of the joined row */
    }
    if (row.whole) {
        judge_row(reader, &row);
    }
    if (row.why == NULL) {
        return ht_table_take(reader, row.len);
    }
    ht_reader_count_bad(reader, row.bad, row.why);
    table->rescanned_bytes += row.len - row.first_line;
    table->rescanned_ever_bytes += row.len - row.first_line;
    table->skipping = row.bad == HT_BAD_TOO_LONG && row.endless;
    ht_stream_consume(&reader->stream, row.first_line);
    return HT_OK;
}

enum ht_status ht_table_read(struct ht_reader *reader) {
    struct ht_str line;
    bool complete = false;
    if (reader->table.skipping) {
        skip_line(reader);
        return HT_OK;
    }
    HT_TRY(ht_table_line(reader, 0, reader->record_bytes_max, &line, &complete));
    const bool cut = !complete && reader->table.separator == '\t' &&
                     memchr(line.ptr, '\t', line.len) != NULL; /* between empty cells */
    if (is_blank(line) && !cut) {
        ht_stream_consume(&reader->stream, line.len);
        return HT_OK;
    }
    return read_row(reader);
}
