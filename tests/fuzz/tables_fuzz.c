/* SPDX-License-Identifier: MIT */
/* Any bytes as the texts of a log: every row of csv and tsv is one line with the cells of the
 * header, no cell begins a formula, and each text is that of ndjson once the guard and the escapes
 * are undone. */
#include <jansson.h>
#include <stdlib.h>

#include "hostile_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS_MAX = 64 };

struct row {
    size_t count;
    struct ht_strbuf cells[COLUMNS_MAX];
    bool quoted[COLUMNS_MAX];
};

/* By RFC 4180, or with tabs, by hand and strictly. */
static void split(struct ht_str line, bool tabs, struct row *row) {
    const char separator = tabs ? '\t' : ',';
    row->count = 0;
    for (size_t at = 0;;) {
        HT_ASSERT(row->count < COLUMNS_MAX);
        struct ht_strbuf *cell = &row->cells[row->count];
        const bool quoted = !tabs && at < line.len && line.ptr[at] == '"';
        ht_strbuf_clear(cell);
        row->quoted[row->count++] = quoted;
        for (at += quoted; at < line.len && (quoted || line.ptr[at] != separator); at++) {
            if (line.ptr[at] == '"' && !tabs) {
                HT_ASSERT(quoted);
                if (at + 1 == line.len || line.ptr[at + 1] != '"') {
                    at++;
                    break;
                }
                at++;
            }
            ht_strbuf_putc(cell, line.ptr[at]);
        }
        HT_ASSERT(!quoted || line.ptr[at - 1] == '"');
        if (at == line.len) {
            return;
        }
        HT_ASSERT(line.ptr[at] == separator);
        at++;
    }
}

static void put_code_point(struct ht_strbuf *out, unsigned long c) {
    char bytes[5] = {0};
    if (c < 0x80) {
        bytes[0] = (char)c;
        ht_strbuf_add(out, (struct ht_str){bytes, 1});
        return;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    bytes[0] = (char)((0xFF00 >> (more + 1) & 0xFF) | c >> 6 * more);
    for (int i = 1; i <= more; i++) {
        bytes[i] = (char)(0x80 | (c >> 6 * (more - i) & 0x3F));
    }
    ht_strbuf_puts(out, bytes);
}

/* What the manual says undoes the guard and the escapes. */
static void undo(struct ht_str cell, struct ht_strbuf *out) {
    HT_ASSERT(cell.len == 0 || strchr("=+-@\t\r", cell.ptr[0]) == NULL);
    ht_strbuf_clear(out);
    for (size_t i = cell.len > 0 && cell.ptr[0] == '\''; i < cell.len; i++) {
        if (cell.ptr[i] != '\\') {
            ht_strbuf_putc(out, cell.ptr[i]);
            continue;
        }
        HT_ASSERT(++i < cell.len);
        const char c = cell.ptr[i];
        if (c == 'x' || c == 'u') {
            const char *digits = cell.ptr + i + (c == 'x' ? 1 : 2);
            char hex[9] = {0};
            size_t len = 0;
            while (c == 'x' ? len < 2 : digits[len] != '}') {
                HT_ASSERT(len < 8 && digits + len < cell.ptr + cell.len);
                hex[len] = digits[len];
                len++;
            }
            put_code_point(out, strtoul(hex, NULL, 16));
            i += len + (c == 'x' ? 0 : 2);
        } else {
            ht_strbuf_putc(out, c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
        }
    }
}

static void check_cell(const struct row *row, size_t column, const json_t *value) {
    const struct ht_str cell = ht_strbuf_str(&row->cells[column]);
    if (json_is_null(value)) {
        HT_ASSERT(cell.len == 0);
    } else if (json_is_string(value)) {
        struct ht_strbuf text;
        ht_strbuf_init(&text, SIZE_MAX);
        undo(cell, &text);
        HT_ASSERT(ht_str_eq(ht_strbuf_str(&text),
                            (struct ht_str){json_string_value(value), json_string_length(value)}));
        ht_strbuf_release(&text);
    } else if (json_is_integer(value)) {
        HT_ASSERT(strtoll(cell.ptr, NULL, 10) == json_integer_value(value));
    } else if (json_is_array(value) && row->quoted[column]) {
        json_t *list = json_loadb(cell.ptr, cell.len, 0, NULL);
        HT_ASSERT(json_equal(list, value));
        json_decref(list);
    }
}

static void check_row(const struct row *row, json_t *object) {
    size_t column = 0;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value) {
        HT_ASSERT(column < row->count);
        if (json_is_object(value)) {
            column += HT_CAUSE_COUNT;
        } else {
            check_cell(row, column++, value);
        }
    }
    HT_ASSERT(column == row->count);
}

static void check_table(const struct ht_report *report, enum ht_emit emit, bool tabs,
                        struct row *row) {
    struct ht_strbuf table;
    struct ht_strbuf rows;
    struct ht_str line;
    struct ht_str json;
    hostile_render(report, tabs ? HT_FORMAT_TSV : HT_FORMAT_CSV, emit, &table);
    hostile_render(report, HT_FORMAT_NDJSON, emit, &rows);
    struct ht_str text = ht_strbuf_str(&table);
    struct ht_str objects = ht_strbuf_str(&rows);
    HT_ASSERT(hostile_line(&text, &line));
    while (hostile_line(&text, &line)) {
        if (!tabs) {
            HT_ASSERT(line.len > 0 && line.ptr[--line.len] == '\r');
        }
        split(line, tabs, row);
        for (size_t i = 0; i < row->count; i++) {
            hostile_check_plain(ht_strbuf_str(&row->cells[i]));
        }
        HT_ASSERT(hostile_line(&objects, &json));
        json_t *object = json_loadb(json.ptr, json.len, JSON_ALLOW_NUL, NULL);
        HT_ASSERT(object != NULL);
        check_row(row, object);
        json_decref(object);
    }
    HT_ASSERT(objects.len == 0);
    ht_strbuf_release(&table);
    ht_strbuf_release(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_report *report = hostile_report(data, size);
    struct row row = {.count = 0};
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        ht_strbuf_init(&row.cells[i], SIZE_MAX);
    }
    for (int emit = 0; emit < HT_EMIT_COUNT; emit++) {
        check_table(report, (enum ht_emit)emit, false, &row);
        check_table(report, (enum ht_emit)emit, true, &row);
    }
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        ht_strbuf_release(&row.cells[i]);
    }
    ht_report_free(report);
    return 0;
}
