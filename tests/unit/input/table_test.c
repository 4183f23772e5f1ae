/* SPDX-License-Identifier: MIT */
/*
 * Tables on sources of a few bytes. The caller here knows a table by its column TimeGenerated; a
 * row is written down as its cells with '|' between and ';' behind, a bad one as reason, source,
 * record and byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/strbuf.h"
#include "input/reader.h"

struct result {
    struct ht_strbuf rows;
    struct ht_strbuf bad;
    uint64_t objects;
};

static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct result *result = ctx;
    const char *end = memchr(frame->text.ptr, '}', frame->text.len);
    const char *feed = memchr(frame->text.ptr, '\n', frame->text.len);
    if (feed != NULL && (end == NULL || feed < end)) {
        answer->kind = HT_FRAME_NOT_JSON;
        answer->why = "line break";
        return HT_OK;
    }
    answer->kind = end != NULL ? HT_FRAME_RECORD : HT_FRAME_MORE;
    answer->consumed = end != NULL ? (size_t)(end - frame->text.ptr) + 1 : 0;
    result->objects += end != NULL;
    return HT_OK;
}

static enum ht_status on_header(void *ctx, const struct ht_cells *names,
                                struct ht_header_answer *answer) {
    (void)ctx;
    for (size_t i = 0; i < names->count; i++) {
        answer->log = answer->log || ht_str_eq(names->cells[i], HT_STR("TimeGenerated"));
        if (ht_str_eq(names->cells[i], HT_STR("Lacking"))) {
            answer->problem = "lacks something";
        }
    }
    return HT_OK;
}

static enum ht_status on_cells(void *ctx, const struct ht_cells *cells,
                               struct ht_frame_answer *answer) {
    struct result *result = ctx;
    volatile char sum = 0; /* the padding may be read: a sanitizer would see it */
    for (size_t i = 0; i < cells->count; i++) {
        ht_strbuf_add(&result->rows, cells->cells[i]);
        ht_strbuf_putc(&result->rows, i + 1 < cells->count ? '|' : ';');
        for (size_t k = 0; k < HT_FRAME_PADDING; k++) {
            sum = (char)(sum + cells->cells[i].ptr[cells->cells[i].len + k]);
        }
    }
    answer->kind = HT_FRAME_RECORD;
    return HT_OK;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    static const char reasons[] = "SCLPTDR";
    struct result *result = ctx;
    assert_non_null(bad->why);
    ht_strbuf_printf(&result->bad, "%c%zu.%d@%d ", reasons[bad->reason], bad->source,
                     (int)bad->record, (int)bad->offset_bytes);
}

static void add(struct ht_source_list *list, struct ht_str bytes) {
    char name[] = "/tmp/hubtriage-test-XXXXXX";
    const int fd = mkstemp(name);
    assert_true(fd >= 0);
    (void)unlink(name);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(ht_source_list_add_fd(list, fd, "part", NULL), HT_OK);
}

static void release(struct ht_source_list *list, struct result *result) {
    for (size_t i = 0; i < list->count; i++) {
        (void)close(list->sources[i].fd);
    }
    ht_source_list_release(list);
    ht_strbuf_release(&result->rows);
    ht_strbuf_release(&result->bad);
}

static void read_list(struct ht_source_list *list, size_t block, size_t max, const char *columns,
                      struct result *result) {
    const struct ht_reader_callbacks callbacks = {
        .ctx = result, .frame = on_frame, .header = on_header, .cells = on_cells, .bad = on_bad};
    const struct ht_reader_limits limits = {.block_bytes = block,
                                            .record_bytes_max = max,
                                            .columns = ht_str_from(columns)};
    uint64_t not_records = 0;
    *result = (struct result){.objects = 0};
    ht_strbuf_init(&result->rows, 64 << 20);
    ht_strbuf_init(&result->bad, 64 << 20);
    ht_strbuf_putc(&result->rows, ' '); /* so that there is a text, with nothing in it */
    ht_strbuf_putc(&result->bad, ' ');
    ht_strbuf_clear(&result->rows);
    ht_strbuf_clear(&result->bad);
    assert_int_equal(ht_read(list, &limits, &callbacks, &not_records), HT_OK);
}

struct table_case {
    struct ht_str text;
    const char *rows;
    const char *bad;
};

#define H "TimeGenerated,b\n"

static void check(const struct table_case *cases, size_t count, size_t max, const char *columns) {
    static const size_t blocks[] = {1, 7, 65536};
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < HT_ARRAY_LEN(blocks); k++) {
            struct ht_source_list list = {.sources = NULL};
            struct result result;
            add(&list, cases[i].text);
            read_list(&list, blocks[k], max, columns, &result);
            if (strcmp(result.rows.ptr, cases[i].rows) != 0 ||
                strcmp(result.bad.ptr, cases[i].bad) != 0) {
                print_error("case %zu, block %zu:\n%.*s\nrows %s\nbad  %s\n", i, blocks[k],
                            (int)cases[i].text.len, cases[i].text.ptr, result.rows.ptr,
                            result.bad.ptr);
                good = false;
            }
            release(&list, &result);
        }
    }
    assert_true(good);
}

#define CASE(text, rows, bad) \
    { HT_STR_INIT(text), rows, bad }

static void test_good_rows(void **state) {
    (void)state;
    static const struct table_case cases[] = {
        CASE(H "1,2\n3,4\n", "1|2;3|4;", ""),
        CASE(H "1,2\n3,4", "1|2;3|4;", ""),
        CASE(H "1,2\n3,4\r", "1|2;3|4;", ""),
        CASE(H "1,\"2\r3\"\r\r\n", "1|2\r3;", ""),
        CASE(H "1,2\r\n3,4\r\n", "1|2;3|4;", ""),
        CASE("TimeGenerated,b\r\n1,2\r\n", "1|2;", ""),
        CASE("\xEF\xBB\xBF" H "1,2\n", "1|2;", ""),
        CASE("\xEF\xBB\xBF\"TimeGenerated\",\"b\"\n1,2\n", "1|2;", ""),
        CASE("#TYPE System.Object\r\n" H "1,2\n", "1|2;", ""),
        CASE("sep=;\nTimeGenerated;b\n1;2,3\n", "1|2,3;", ""),
        CASE("TimeGenerated\tb\n1\t2\n", "1|2;", ""),
        CASE("\n\n" H "\n1,2\n  \n\r\n3,4\n\n", "1|2;3|4;", ""),
        CASE(H "\"1\",\"a \"\"b\"\" c\"\n", "1|a \"b\" c;", ""),
        CASE(H "\"a\nb\",2\n3,4\n", "a\nb|2;3|4;", ""),
        CASE(H "\"a\r\n\r\nb\",\"\"\n3,4\n", "a\r\n\r\nb|;3|4;", ""),
        CASE(H ",\n,\n", "|;|;", ""),
        CASE(H " 1 , \"2\" \n", "1|2;", ""),
        CASE("TimeGenerated\tb\n{\"x\":\"y\"}\ta \"b\"\n", "{\"x\":\"y\"}|a \"b\";", ""),
        CASE("TimeGenerated\tb\n\t\"q\"\"\"\n", "|q\";", ""),
        CASE(H "\xC3\xBC,2\n", "\xC3\xBC|2;", ""),
        CASE(H, "", ""),
        CASE("TimeGenerated,b", "", ""),
    };
    check(cases, HT_ARRAY_LEN(cases), 1000, NULL);
}

/* What is wrong costs its line, and no other. */
static void test_wrong_rows(void **state) {
    (void)state;
    static const struct table_case cases[] = {
        CASE(H "1\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1,2,3\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1,2\n3\n5,6\n", "1|2;5|6;", "R0.2@20 "),
        CASE(H "\"a\"b,2\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "a\"b,2\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1,\0\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1,2\r5,6\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1,2\r\"\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1\r,2\n3,4\n", "3|4;", "R0.1@16 "),
        CASE(H "1,\xff\n3,4\n", "3|4;", "R0.1@16 "),
        /* a quote that nothing closes */
        CASE(H "\"1,2\n3,4\n5,6\n", "3|4;5|6;", "R0.1@16 "),
        CASE(H "1,2\n\"3,4", "1|2;", "C0.2@20 "),
        /* a row of several lines that is ragged in the end */
        CASE(H "\"1\n3,4\n\",2,3\n5,6\n", "3|4;5|6;", "R0.1@16 R0.3@23 "),
        CASE(H "\"1\n3,4\"\n5,6\n", "5|6;", "R0.1@16 R0.2@19 "),
        CASE(H "\"x\n1,\0\"\n3,4\n", "3|4;", "R0.1@16 R0.2@19 "),
        CASE(H "1,2\n3", "1|2;", "C0.2@20 "),
    };
    check(cases, HT_ARRAY_LEN(cases), 1000, NULL);
}

static void test_ceiling(void **state) {
    (void)state;
    static const struct table_case cases[] = {
        CASE(H "1,234567890123456\n3,4\n", "1|234567890123456;3|4;", ""),
        CASE(H "1,23456789012345678901234567890\n3,4\n", "3|4;", "L0.1@16 "),
        CASE(H "\"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\",3\n5,6\n", "5|6;",
             "L0.1@16 R0.2@19 R0.3@21 R0.4@23 R0.5@25 R0.6@27 R0.7@29 R0.8@31 R0.9@33 R0.10@35 "),
        CASE(H "1,23456789012345678901234567890", "", "L0.1@16 "),
    };
    check(cases, HT_ARRAY_LEN(cases), 20, NULL);
}

static void test_no_tables(void **state) {
    (void)state;
    static const struct table_case cases[] = {
        CASE("a,b\n1,2\n", "", "S0.1@0 "),
        CASE("{TimeGenerated,b}\n1,2\n", "", "S0.2@18 "),
        CASE("TimeGenerated\n1\n", "", "S0.1@0 "),
        CASE("", "", ""),
        CASE("\n\n", "", ""),
    };
    check(cases, HT_ARRAY_LEN(cases), 1000, NULL);
}

/* Names that the user gives; and advice when they are missing. */
static void test_headless(void **state) {
    (void)state;
    static const struct table_case named[] = {
        CASE("1\t2\n3\t4\n", "1|2;3|4;", ""),
        CASE("1,2\n3,4\n", "1|2;3|4;", ""),
        CASE("TimeGenerated\tb\n3\t4\n", "3|4;", ""),
        CASE("{\"a\":1}\n", "", ""),
    };
    check(named, HT_ARRAY_LEN(named), 1000, "TimeGenerated,b");
    static const struct {
        struct ht_str text;
        const char *columns;
        const char *problem;
    } refused[] = {
        {HT_STR_INIT("2025-03-10T00:00:00Z\ta\tb\n"), NULL, "a table without a header line"},
        {HT_STR_INIT("a,b,2025-03-10 00:00:00Z\n"), NULL, "a table without a header line"},
        {HT_STR_INIT("2025-03-10T00:00:00Z\ta\tb\n"), "TimeGenerated,b",
         "a table that has not as many columns as were named"},
        {HT_STR_INIT("1\t2\n"), "a,b", "no log can be read with the columns named"},
        {HT_STR_INIT("Lacking,b\n1,2\n"), NULL, "lacks something"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(refused); i++) {
        struct ht_source_list list = {.sources = NULL};
        struct result result;
        add(&list, refused[i].text);
        add(&list, HT_STR(H "7,8\n"));
        read_list(&list, 5, 1000, refused[i].columns, &result);
        assert_string_equal(list.sources[0].problem, refused[i].problem);
        assert_true(list.sources[0].hint[0] != '\0');
        assert_string_equal(result.rows.ptr, "7|8;");
        assert_string_equal(result.bad.ptr, "");
        release(&list, &result);
    }
}

/* A table between JSON sources, and one behind a record that was cut. */
static void test_neighbours(void **state) {
    (void)state;
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    add(&list, HT_STR("{}\n{}"));
    add(&list, HT_STR(H "1,2\n"));
    add(&list, HT_STR("{\"cut\":\"x"));
    add(&list, HT_STR(H "3,4\n"));
    add(&list, HT_STR("{}\n"));
    add(&list, HT_STR("TimeGenerated,b,c\n1,2,3"));
    read_list(&list, 3, 1000, NULL, &result);
    assert_string_equal(result.rows.ptr, "1|2;3|4;1|2|3;");
    assert_string_equal(result.bad.ptr, "C2.1@0 ");
    assert_int_equal(result.objects, 3);
    release(&list, &result);
}

/* A table that `split` took apart, at every byte behind its header line, is whole again. */
static void test_parts(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *rows;
    } cases[] = {
        {H "1,2\n\"a,\nb\",\"\"\"\"\n3,\n\n4,55\n", "1|2;a,\nb|\";3|;4|55;"},
        {"TimeGenerated\tb\n1\t{\"a\":[2]}\n3\t{}\n\t4\n", "1|{\"a\":[2]};3|{};|4;"},
        {"TimeGenerated;b\r\n1;2\r\n3;44", "1|2;3|44;"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const struct ht_str text = ht_str_from(cases[i].text);
        const size_t header = (size_t)(strchr(text.ptr, '\n') - text.ptr) + 1;
        for (size_t cut = header; cut <= text.len; cut++) {
            struct ht_source_list list = {.sources = NULL};
            struct result result;
            add(&list, (struct ht_str){text.ptr, cut});
            add(&list, (struct ht_str){text.ptr + cut, text.len - cut});
            read_list(&list, 3, 1000, NULL, &result);
            if (strcmp(result.rows.ptr, cases[i].rows) != 0) {
                print_error("case %zu, cut at %zu: %s%s\n", i, cut, result.rows.ptr,
                            result.bad.ptr);
                fail();
            }
            assert_string_equal(result.bad.ptr, "");
            release(&list, &result);
        }
    }
}

/* What follows a table without a last line feed, but is none of its parts. */
static void test_no_parts(void **state) {
    (void)state;
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    add(&list, HT_STR(H "1,2"));
    add(&list, HT_STR(H "3,4"));
    add(&list, HT_STR("{}\n"));
    add(&list, HT_STR("TimeGenerated\tb\n5\t6"));
    add(&list, HT_STR("{}\n{}\n"));
    add(&list, HT_STR(H "7,8"));
    add(&list, HT_STR("#TYPE x\r\n\"TimeGenerated\",\"b\"\r\n9,0"));
    add(&list, HT_STR("no table\nat all\n"));
    read_list(&list, 3, 1000, NULL, &result);
    assert_string_equal(result.rows.ptr, "1|2;3|4;5|6;7|8;9|0;");
    assert_string_equal(result.bad.ptr, "S7.1@0 ");
    assert_int_equal(result.objects, 3);
    release(&list, &result);
}

/* Quotes that stay open to the ceiling, line after line, cost a bounded number of looks. */
static void test_cost(void **state) {
    (void)state;
    enum { LINES = 400000 };
    struct ht_strbuf text;
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    ht_strbuf_init(&text, 64 << 20);
    ht_strbuf_puts(&text, "TimeGenerated\tb\n");
    for (size_t i = 0; i < LINES; i++) {
        ht_strbuf_puts(&text, "\t\"x\n");
    }
    ht_strbuf_puts(&text, "1\t2\n");
    add(&list, ht_strbuf_str(&text));
    read_list(&list, 1 << 20, 1 << 20, NULL, &result); /* minutes, if it were quadratic */
    assert_string_equal(result.rows.ptr, "1|2;");
    assert_int_equal(list.sources[0].records, LINES + 1);
    ht_strbuf_release(&text);
    release(&list, &result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_rows), cmocka_unit_test(test_wrong_rows),
        cmocka_unit_test(test_ceiling),   cmocka_unit_test(test_no_tables),
        cmocka_unit_test(test_headless),  cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_cost),      cmocka_unit_test(test_parts),
        cmocka_unit_test(test_no_parts),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
