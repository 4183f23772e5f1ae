/* SPDX-License-Identifier: MIT */
/*
 * Which source is a table: one whose first line names columns that the caller knows, one without a
 * header line whose columns the user names, and one that goes on where the table before it ended,
 * as `split` leaves them.
 */
#include "base/check.h"
#include "base/time.h"
#include "input/table.h"

enum { HEADER_BYTES_MAX = 256 * 1024 };

static const char hint_columns[] =
    "name its columns in their order: --columns TimeGenerated,OperationName,...; or export with a "
    "header line";

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

static enum ht_status remember_header(struct ht_reader *reader, struct ht_str line,
                                      char separator) {
    reader->table.header_separator = separator;
    ht_strbuf_clear(&reader->table.header);
    ht_strbuf_add(&reader->table.header, line);
    return reader->table.header.status;
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
            HT_TRY(remember_header(reader, line, separators[i]));
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

/* Say what the columns are; HT_E_DATA when nothing can be read with them. */
static enum ht_status announce_columns(struct ht_reader *reader, struct ht_str text, char separator,
                                       size_t *count) {
    struct ht_cells names;
    struct ht_header_answer answer = {.log = false};
    HT_TRY(parse_line(reader, text, separator, &names));
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
    const enum ht_status status =
        named ? announce_columns(reader, reader->columns, ',', &columns) : HT_OK;
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
            return remember_header(reader, reader->columns, ',');
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

/* The table before this source goes on in it: a row of that table begins in its first line, or
 * behind it, where the first line is the end of a row that was cut. */
static enum ht_status try_continuation(struct ht_reader *reader, size_t first_line, bool *found) {
    struct ht_table *table = &reader->table;
    size_t columns = 0;
    *found = false;
    reader->asked_before = reader->asked_before || reader->before_source == SIZE_MAX;
    if (table->source == SIZE_MAX || table->source != reader->before_source) {
        return HT_OK;
    }
    HT_TRY(ht_table_has_row(reader, 0, found));
    if (!*found) {
        HT_TRY(ht_table_has_row(reader, first_line, found));
    }
    if (!*found) {
        return HT_OK;
    }
    const enum ht_status status =
        announce_columns(reader, ht_strbuf_str(&table->header), table->header_separator, &columns);
    if (status == HT_OK) {
        begin_table(reader, table->separator, columns);
    }
    *found = status == HT_OK;
    return status == HT_E_DATA ? HT_OK : status;
}

/* Lines that some programs put before the header. */
static bool is_preamble(struct ht_str line) {
    return ht_str_trim(line).len == 0 || ht_str_starts_nocase(line, HT_STR("#TYPE ")) ||
           (ht_str_starts_nocase(line, HT_STR("sep=")) && ht_str_trim(line).len == 5);
}

static bool begins_as_json(struct ht_str line) {
    const struct ht_str text = ht_str_trim(line);
    return text.len > 0 && strchr("{}[]:", text.ptr[0]) != NULL;
}

/* What is this line, the first that is not empty? */
static enum ht_status try_line(struct ht_reader *reader, struct ht_str line, size_t max) {
    bool found = false;
    bool complete = false;
    const bool json = begins_as_json(line);
    if (!json) {
        HT_TRY(try_header(reader, line, &found));
    }
    if (!found) {
        HT_TRY(try_continuation(reader, line.len, &found));
    }
    if (found || json) {
        return HT_OK;
    }
    HT_TRY(ht_table_line(reader, 0, max, &line, &complete));
    return try_headless(reader, line);
}

enum ht_status ht_table_detect(struct ht_reader *reader) {
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t max =
        reader->record_bytes_max < HEADER_BYTES_MAX ? reader->record_bytes_max : HEADER_BYTES_MAX;
    for (;;) {
        struct ht_str line;
        bool complete = false;
        HT_TRY(ht_table_line(reader, 0, max, &line, &complete));
        if (line.len == 0 || (!complete && line.len >= max)) {
            return HT_OK;
        }
        if (line.len >= 3 && memcmp(line.ptr, mark, 3) == 0) {
            ht_stream_consume(&reader->stream, 3);
        } else if (is_preamble(line)) {
            ht_stream_consume(&reader->stream, line.len);
        } else {
            return try_line(reader, line, max);
        }
    }
}

/* A header line at the start of the next source does not go on in a row. */
static bool begins_anew(struct ht_str line) {
    return ht_str_starts_nocase(line, HT_STR("#TYPE ")) ||
           ht_str_starts_nocase(line, HT_STR("\xEF\xBB\xBF")) ||
           ht_str_find_nocase(line, HT_STR("TimeGenerated")) != SIZE_MAX ||
           ht_str_find_nocase(line, HT_STR("OperationName")) != SIZE_MAX;
}

/* The end of the line that begins at `from` in what was joined, behind its line feed; 0 when there
 * is none within a record's ceiling. */
static enum ht_status joined_line(struct ht_reader *reader, size_t from, size_t *end) {
    for (;;) {
        const struct ht_str text = ht_stream_joined(&reader->stream);
        const size_t len =
            text.len < reader->record_bytes_max ? text.len : reader->record_bytes_max;
        const char *feed = from < len ? memchr(text.ptr + from, '\n', len - from) : NULL;
        *end = feed != NULL ? (size_t)(feed - text.ptr) + 1 : 0;
        if (feed != NULL || len < text.len) {
            return HT_OK;
        }
        const enum ht_status status = ht_reader_extend_joined(reader);
        if (status != HT_OK) {
            *end = status == HT_END ? len : 0;
            return status == HT_END ? HT_OK : status;
        }
    }
}

/* The row that begins in this source, fed up to the line in the next one that makes it whole; *len
 * is 0 when it does not become one. */
static enum ht_status scan_joined(struct ht_reader *reader, size_t first, size_t *len) {
    struct ht_csv *csv = &reader->table.csv;
    enum ht_csv_state state = HT_CSV_OPEN;
    size_t end = first;
    size_t fed = 0;
    ht_csv_begin(csv, reader->table.separator);
    while (state == HT_CSV_OPEN && end > fed) {
        const char *text = ht_stream_joined(&reader->stream).ptr;
        HT_TRY(ht_csv_feed(csv, (struct ht_str){text + fed, end - fed}, &state));
        fed = end;
        if (state == HT_CSV_OPEN) {
            HT_TRY(joined_line(reader, fed, &end));
        }
    }
    if (state == HT_CSV_OPEN) {
        HT_TRY(ht_csv_end(csv, &state));
    }
    const struct ht_str row = {ht_stream_joined(&reader->stream).ptr, fed};
    const bool good = state == HT_CSV_ROW && csv->cell_count == reader->table.columns &&
                      ht_table_wrong_text(row) == NULL;
    *len = good ? fed : 0;
    return HT_OK;
}

/* What may be the rest of a last cell, or the first line of anything: rows follow it, or nothing
 * does. */
static enum ht_status is_rest(struct ht_reader *reader, size_t end, bool *rest) {
    struct ht_cells cells;
    size_t behind = 0;
    HT_TRY(joined_line(reader, end, &behind));
    const char *text = ht_stream_joined(&reader->stream).ptr;
    const size_t here = ht_stream_window(&reader->stream).len;
    *rest = behind <= end && text[here] != '{' && text[here] != '[';
    if (behind > end) {
        HT_TRY(parse_line(reader, (struct ht_str){text + end, behind - end},
                          reader->table.separator, &cells));
        *rest = cells.count == reader->table.columns;
    }
    return HT_OK;
}

enum ht_status ht_table_join(struct ht_reader *reader, bool whole, bool *joined) {
    const size_t here = ht_stream_window(&reader->stream).len;
    size_t end = 0;
    size_t len = 0;
    *joined = false;
    HT_TRY(joined_line(reader, here, &end));
    const struct ht_str next = {ht_stream_joined(&reader->stream).ptr + here,
                                end > here ? end - here : 0};
    if (next.len == 0 || begins_anew(next)) {
        return HT_OK;
    }
    bool rest = true;
    if (whole && ht_str_trim(next).len > 0) {
        HT_TRY(is_rest(reader, end, &rest));
    }
    if (rest) {
        HT_TRY(scan_joined(reader, end, &len));
    }
    if (len > here) {
        HT_TRY(ht_table_take(reader, len));
        reader->table.source = reader->stream.source;
        reader->begun_source = reader->stream.source;
        *joined = true;
    }
    return HT_OK;
}
