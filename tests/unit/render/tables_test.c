/* SPDX-License-Identifier: MIT */
/* CSV and TSV: the columns are the keys of json, every row is one line, and what is in a cell comes
 * back as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <csv.h>
#include <jansson.h>

#include "fake_report.h"
#include "render/row_cells.h"

static void test_bytes(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.disconnect.device = "=1+1, \"x\"";
    char *text = render(&fleet.report, &(struct ht_render_options){.format = HT_FORMAT_CSV});
    assert_string_equal(
        text,
        "time,hub,device,module,class,cause,confidence,codes,session_seconds,gap_seconds,"
        "refused_connects,protocol,sdk,auth,network,site,planned,incident,evidence\r\n"
        "2025-03-10T00:23:43Z,CONTOSO-HUB,\"'=1+1, \"\"x\"\"\",,token-expiry,token-expiry,0.98,"
        "\"[\"\"401003\"\",\"\"404104\"\"]\",4223,8,0,Mqtt,.NET/1.38.0 (...),sas,52.200.194.XXX,,"
        "false,,\"[{\"\"fact\"\":\"\"...\"\",\"\"weight\"\":3.2}]\"\r\n");
    free(text);
    fleet.disconnect.evidence[0] = (struct ht_evidence){"a \"b\"", 1};
    text = render(&fleet.report, &(struct ht_render_options){.format = HT_FORMAT_TSV});
    assert_non_null(strstr(text, "\t'=1+1, \"x\"\t"));
    assert_non_null(strstr(text, "\t[{\"fact\":\"a \\\\\"b\\\\\"\",\"weight\":1.0}]\n"));
    free(text);
}

static void check_cell(bool tabs, const char *text, const char *expected) {
    struct collector collector = {.text = calloc(1, 1)};
    const struct ht_sink sink = {collect, &collector};
    struct ht_cells cells;
    struct ht_sink_buffer *out = ht_sink_buffer_open(&sink, NULL);
    ht_cells_init(&cells, out, tabs);
    ht_cells_put_text(&cells, "name", ht_str_from(text));
    assert_int_equal(ht_sink_buffer_close(out), HT_OK);
    assert_string_equal(collector.text, expected);
    free(collector.text);
}

static void test_cells(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        /* text, csv, tsv */
        {"pump-17", "pump-17", "pump-17"},
        {"", "", ""},
        {"a,b", "\"a,b\"", "a,b"},
        {"a\"b", "\"a\"\"b\"", "a\"b"},
        {" a", "\" a\"", " a"},
        {"a ", "\"a \"", "a "},
        {"=1", "'=1", "'=1"},
        {"+1", "'+1", "'+1"},
        {"-1", "'-1", "'-1"},
        {"@a", "'@a", "'@a"},
        {"\tA", "'\\tA", "'\\tA"},
        {"\rA", "'\\rA", "'\\rA"},
        {"'=1", "''=1", "''=1"},
        {"\xEF\xBC\x9D"
         "1",
         "'\xEF\xBC\x9D"
         "1",
         "'\xEF\xBC\x9D"
         "1"},
        {"a=1", "a=1", "a=1"},
        {"a\nb\tc\rd\\e", "a\\nb\\tc\\rd\\\\e", "a\\nb\\tc\\rd\\\\e"},
        {"\x1B[31m", "\\x1B[31m", "\\x1B[31m"},
        {"a\xE2\x80\xAE", "a\\u{202E}", "a\\u{202E}"},
        {"a\xFF", "a\xEF\xBF\xBD", "a\xEF\xBF\xBD"},
        {"\xC3\xA4", "\xC3\xA4", "\xC3\xA4"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        check_cell(false, cases[i][0], cases[i][1]);
        check_cell(true, cases[i][0], cases[i][2]);
    }
}

/* Whether the value of json is what the cell says, where both are simple. */
static void check_value(json_t *value, const char *cell) {
    char number[64];
    if (json_is_null(value)) {
        assert_string_equal(cell, "");
    } else if (json_is_string(value)) {
        assert_string_equal(cell, json_string_value(value));
    } else if (json_is_integer(value)) {
        (void)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        assert_string_equal(cell, number);
    } else if (json_is_boolean(value)) {
        assert_string_equal(cell, json_is_true(value) ? "true" : "false");
    } else if (json_is_array(value)) {
        json_t *list = json_loads(cell, 0, NULL);
        assert_true(json_equal(list, value));
        json_decref(list);
    }
}

/* What libcsv reads: the names of the columns, and one row. */
enum { COLUMNS_MAX = 64 };

struct table {
    size_t cells[2];
    size_t row;
    char *text[2][COLUMNS_MAX];
};

static void on_cell(void *bytes, size_t len, void *ctx) {
    struct table *table = ctx;
    assert_true(table->row < 2 && table->cells[table->row] < COLUMNS_MAX);
    table->text[table->row][table->cells[table->row]++] = strndup(bytes != NULL ? bytes : "", len);
}

static void on_row(int end, void *ctx) {
    struct table *table = ctx;
    (void)end;
    table->row++;
}

static void read_table(const char *text, bool tabs, struct table *table) {
    struct csv_parser parser;
    *table = (struct table){.row = 0};
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    if (tabs) {
        csv_set_delim(&parser, '\t');
        csv_set_quote(&parser, '\x01');
    }
    const size_t len = strlen(text);
    assert_int_equal(csv_parse(&parser, text, len, on_cell, on_row, table), len);
    assert_int_equal(csv_fini(&parser, on_cell, on_row, table), 0);
    csv_free(&parser);
    assert_int_equal(table->row, 2);
    assert_int_equal(table->cells[0], table->cells[1]);
}

static void free_table(struct table *table) {
    for (size_t row = 0; row < 2; row++) {
        for (size_t i = 0; i < table->cells[row]; i++) {
            free(table->text[row][i]);
        }
    }
}

/* libcsv takes the spaces at the ends of what is not in quotes, and no value here has some. */
static void check_table(const struct ht_report *report, enum ht_emit emit, bool tabs) {
    char *rows =
        render(report, &(struct ht_render_options){.format = HT_FORMAT_NDJSON, .emit = emit});
    char *text =
        render(report, &(struct ht_render_options){.format = tabs ? HT_FORMAT_TSV : HT_FORMAT_CSV,
                                                   .emit = emit});
    json_t *row = json_loads(rows, JSON_DISABLE_EOF_CHECK, NULL);
    struct table table;
    read_table(text, tabs, &table);
    size_t column = 0;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(row, key, value) {
        if (strcmp(key, "by_cause") == 0) {
            for (int cause = 0; cause < HT_CAUSE_COUNT; cause++, column++) {
                json_t *count = json_object_get(value, ht_cause_name((enum ht_cause)cause));
                assert_memory_equal(table.text[0][column], "by_cause.", 9);
                assert_string_equal(table.text[0][column] + 9, ht_cause_name((enum ht_cause)cause));
                if (count == NULL) {
                    assert_string_equal(table.text[1][column], "0");
                } else {
                    check_value(count, table.text[1][column]);
                }
            }
            continue;
        }
        assert_string_equal(table.text[0][column], key);
        if (!tabs || !json_is_array(value)) {
            check_value(value, table.text[1][column]);
        }
        column++;
    }
    assert_int_equal(column, table.cells[0]);
    free_table(&table);
    json_decref(row);
    free(rows);
    free(text);
}

static void test_columns_are_the_keys(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    const struct ht_rule_view rule = {.name = "pumps", .line = 3, .devices = 12};
    fleet.report.summary.rules = &rule;
    fleet.report.summary.rule_count = 1;
    fleet.report.summary.source_count = 1;
    fleet.report.summary.finding_count = 1;
    for (int emit = 0; emit < HT_EMIT_COUNT; emit++) {
        if (emit != HT_EMIT_CAUSES) { /* of which there are always twelve */
            check_table(&fleet.report, (enum ht_emit)emit, false);
            check_table(&fleet.report, (enum ht_emit)emit, true);
        }
    }
}

static void test_header_alone(void **state) {
    (void)state;
    const struct ht_report report = sample_empty();
    for (int emit = 0; emit < HT_EMIT_COUNT; emit++) {
        if (emit == HT_EMIT_CAUSES) {
            continue;
        }
        char *text = render(&report, &(struct ht_render_options){.format = HT_FORMAT_CSV,
                                                                 .emit = (enum ht_emit)emit});
        assert_string_equal(strchr(text, '\r'), "\r\n");
        free(text);
    }
}

static void test_hostile_rows_are_lines(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(hostile_texts); i++) {
        struct sample_fleet fleet;
        struct table table;
        sample_fleet_make(&fleet);
        sample_fleet_taint(&fleet, hostile_texts[i]);
        for (int tabs = 0; tabs < 2; tabs++) {
            char *text =
                render(&fleet.report, &(struct ht_render_options){
                                          .format = tabs != 0 ? HT_FORMAT_TSV : HT_FORMAT_CSV});
            read_table(text, tabs != 0, &table);
            free_table(&table);
            for (char *c = text; *c != '\0'; c++) {
                *c = *c == '\r' || *c == '\t' ? ' ' : *c;
            }
            check_harmless(text);
            free(text);
        }
    }
}

static void test_failing_sink(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.report.repeat = 3000;
    check_failing_sink(&fleet.report, &(struct ht_render_options){.format = HT_FORMAT_CSV});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_columns_are_the_keys),
        cmocka_unit_test(test_header_alone),
        cmocka_unit_test(test_hostile_rows_are_lines),
        cmocka_unit_test(test_failing_sink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
