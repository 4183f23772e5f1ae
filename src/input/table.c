/* SPDX-License-Identifier: MIT */
/*
 * Tables: a header line, then rows. libcsv is fed line by line until it says that the row is whole.
 *
 * A row that is wrong (ragged, quotes that fit no cell, NUL, not UTF-8, too long, a quote that is
 * never closed) costs its first line: the next line may begin a good one. So lines are looked at
 * again after a wrong row of several lines; a budget keeps hostile input from making that
 * quadratic. Beyond it a quote must be closed within its line.
 */
#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "input/reader_private.h"

enum { HEADER_BYTES_MAX = 256 * 1024 };
#define RESCAN_FREE_BYTES (UINT64_C(64) << 20)

static const char why_open[] = "a quote that is not closed";
static const char why_cut[] = "cut at the end of the input";
static const char hint_columns[] =
    "name its columns in their order: --columns TimeGenerated,OperationName,...; or export with a "
    "header line";

/* How the row at the window's start was read. */
struct row {
    size_t first_line; /* bytes, with the line feed */
    size_t len;        /* bytes looked at: all of a whole row */
    bool whole;
    bool endless; /* the first line is longer than a record may be */
    bool cut;     /* ends with its source, without a line feed */
    enum ht_bad bad;
    const char *why; /* NULL: good so far */
};

static bool is_blank(struct ht_str line) {
    return ht_str_trim(line).len == 0;
}

/* The line at `from` in the window, with its line feed, as much as it takes; *complete is false
 * when the source ends in it or when it would end behind `max`. */
static enum ht_status get_line(struct ht_reader *reader, size_t from, size_t max,
                               struct ht_str *line, bool *complete) {
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
    return reader->table.rescanned_bytes <= RESCAN_FREE_BYTES + 4 * reader->stream.offset_bytes;
}

static void wrong(struct row *row, enum ht_bad bad, const char *why) {
    row->bad = bad;
    row->why = why;
}

/* Feed lines until the row is whole or wrong. */
static enum ht_status scan_row(struct ht_reader *reader, struct row *row) {
    struct ht_csv *csv = &reader->table.csv;
    enum ht_csv_state state = HT_CSV_OPEN;
    *row = (struct row){.first_line = 0};
    ht_csv_begin(csv, reader->table.separator);
    for (bool complete = true; state == HT_CSV_OPEN && complete;) {
        struct ht_str line;
        HT_TRY(get_line(reader, row->len, reader->record_bytes_max, &line, &complete));
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
        if (line.len > 0) {
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
    if (state == HT_CSV_WRONG) {
        wrong(row, HT_BAD_ROW, "quotes that fit no cell");
    } else if (state == HT_CSV_OPEN && row->len == row->first_line) {
        wrong(row, HT_BAD_CUT, why_cut);
    } else if (state == HT_CSV_OPEN) {
        wrong(row, HT_BAD_ROW, why_open);
    }
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

/* The texts of records are UTF-8 without NUL. */
static const char *wrong_text(struct ht_str text) {
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
    const char *text = wrong_text((struct ht_str){ht_stream_window(&reader->stream).ptr, row->len});
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

static enum ht_status take_row(struct ht_reader *reader, const struct row *row) {
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
    ht_stream_consume(&reader->stream, row->len);
    return HT_OK;
}

/* The rest of a line that was too long. */
static void skip_line(struct ht_reader *reader) {
    const struct ht_str window = ht_stream_window(&reader->stream);
    const char *feed = memchr(window.ptr, '\n', window.len);
    reader->table.skipping = feed == NULL;
    ht_stream_consume(&reader->stream, feed != NULL ? (size_t)(feed - window.ptr) + 1 : window.len);
}

enum ht_status ht_table_read(struct ht_reader *reader) {
    struct ht_table *table = &reader->table;
    struct row row;
    struct ht_str line;
    bool complete = false;
    if (table->skipping) {
        skip_line(reader);
        return HT_OK;
    }
    HT_TRY(get_line(reader, 0, reader->record_bytes_max, &line, &complete));
    if (is_blank(line)) {
        ht_stream_consume(&reader->stream, line.len);
        return HT_OK;
    }
    HT_TRY(scan_row(reader, &row));
    if (row.whole) {
        judge_row(reader, &row);
    }
    if (row.why == NULL) {
        return take_row(reader, &row);
    }
    ht_reader_count_bad(reader, row.bad, row.why);
    table->rescanned_bytes += row.len - row.first_line;
    table->skipping = row.bad == HT_BAD_TOO_LONG && row.endless;
    ht_stream_consume(&reader->stream, row.first_line);
    return HT_OK;
}

/* Detection. */

static const char separators[] = {',', '\t', ';'};

/* Parse one line as a row; cells is NULL when it is none. */
static enum ht_status parse_line(struct ht_reader *reader, struct ht_str line, char separator,
                                 struct ht_cells *cells) {
    struct ht_csv *csv = &reader->table.csv;
    enum ht_csv_state state = HT_CSV_OPEN;
    ht_csv_begin(csv, separator);
    HT_TRY(ht_csv_feed(csv, line, &state));
    if (state == HT_CSV_OPEN) {
        HT_TRY(ht_csv_end(csv, &state));
    }
    *cells = (struct ht_cells){
        .source = reader->stream.source,
        .holder = separator == '\t' ? HT_HOLDER_TSV : HT_HOLDER_CSV,
    };
    if (state == HT_CSV_ROW) {
        cells->cells = ht_csv_cells(csv);
        cells->count = csv->cell_count;
        return cells->cells != NULL ? HT_OK : HT_E_NOMEM;
    }
    return HT_OK;
}

static void begin_table(struct ht_reader *reader, char separator, size_t columns) {
    reader->table.source = reader->stream.source;
    reader->table.separator = separator;
    reader->table.columns = columns;
    reader->table.skipping = false;
    reader->table.rescanned_bytes = 0;
}

/* Is this line a header? *found when the caller knows the columns, or says what is missing. */
static enum ht_status try_header(struct ht_reader *reader, struct ht_str line, bool *found) {
    const char *problem = NULL;
    *found = false;
    for (size_t i = 0; i < sizeof separators; i++) {
        struct ht_cells names;
        struct ht_header_answer answer = {.log = false};
        HT_TRY(parse_line(reader, line, separators[i], &names));
        if (names.count < 2) {
            continue;
        }
        HT_TRY(reader->callbacks->header(reader->callbacks->ctx, &names, &answer));
        if (answer.log) {
            *found = true;
            begin_table(reader, separators[i], names.count);
            ht_stream_consume(&reader->stream, line.len);
            return HT_OK;
        }
        problem = answer.problem != NULL ? answer.problem : problem;
    }
    if (problem != NULL) {
        *found = true;
        return ht_reader_abandon(reader, problem,
                                 "export at least TimeGenerated, OperationName, ResultType, and "
                                 "properties_s or DeviceId");
    }
    return HT_OK;
}

/* The columns that the user named; HT_E_DATA when nothing can be read with them. */
static enum ht_status announce_columns(struct ht_reader *reader, size_t *count) {
    struct ht_cells names;
    struct ht_header_answer answer = {.log = false};
    HT_TRY(parse_line(reader, reader->columns, ',', &names));
    *count = names.count;
    HT_TRY(reader->callbacks->header(reader->callbacks->ctx, &names, &answer));
    return answer.log ? HT_OK : HT_E_DATA;
}

static bool has_time(const struct ht_cells *cells) {
    int64_t time_us = 0;
    for (size_t i = 0; i < cells->count; i++) {
        if (ht_time_parse_iso(ht_str_trim(cells->cells[i]), &time_us)) {
            return true;
        }
    }
    return false;
}

/* A row without a header: read with the columns that were named, or refused with advice. */
static enum ht_status try_headless(struct ht_reader *reader, struct ht_str line) {
    size_t columns = 0;
    const bool named = reader->columns.len > 0;
    const enum ht_status status = named ? announce_columns(reader, &columns) : HT_OK;
    bool table = false;
    if (status == HT_E_DATA) {
        return ht_reader_abandon(reader, "no log can be read with the columns named",
                                 "--columns needs TimeGenerated, OperationName, ResultType, and "
                                 "properties_s or DeviceId");
    }
    HT_TRY(status);
    for (size_t i = 0; i < sizeof separators; i++) {
        struct ht_cells cells;
        HT_TRY(parse_line(reader, line, separators[i], &cells));
        if (named && cells.count == columns) {
            begin_table(reader, separators[i], columns);
            return HT_OK;
        }
        table = table || (cells.count >= 3 && has_time(&cells));
    }
    if (table) {
        return ht_reader_abandon(reader,
                                 named ? "a table that has not as many columns as were named"
                                       : "a table without a header line",
                                 hint_columns);
    }
    return HT_OK;
}

/* Lines that some programs put before the header. */
static bool is_preamble(struct ht_str line) {
    return is_blank(line) || ht_str_starts_nocase(line, HT_STR("#TYPE ")) ||
           (ht_str_starts_nocase(line, HT_STR("sep=")) && ht_str_trim(line).len == 5);
}

enum ht_status ht_table_detect(struct ht_reader *reader) {
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t max =
        reader->record_bytes_max < HEADER_BYTES_MAX ? reader->record_bytes_max : HEADER_BYTES_MAX;
    for (;;) {
        struct ht_str line;
        bool complete = false;
        bool found = false;
        HT_TRY(get_line(reader, 0, max, &line, &complete));
        if (line.len >= 3 && memcmp(line.ptr, mark, 3) == 0) {
            ht_stream_consume(&reader->stream, 3);
            continue;
        }
        const struct ht_str text = ht_str_trim(line);
        if (line.len == 0 || (text.len > 0 && strchr("{}[]:", text.ptr[0]) != NULL) ||
            (!complete && line.len >= max)) {
            return HT_OK;
        }
        if (is_preamble(line)) {
            ht_stream_consume(&reader->stream, line.len);
            continue;
        }
        HT_TRY(try_header(reader, line, &found));
        return found ? HT_OK : try_headless(reader, line);
    }
}
