/* SPDX-License-Identifier: MIT */
/* A line that is split is what libcsv makes of it; and plain lines are split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/strbuf.h"
#include "input/csv.h"
#include "input/reader.h"

enum { LINE_MAX_BYTES = 96 };

static void write_cells(struct ht_csv *csv, struct ht_strbuf *out) {
    const struct ht_str *cells = ht_csv_cells(csv);
    ht_strbuf_clear(out);
    assert_non_null(cells);
    for (size_t i = 0; i < csv->cell_count; i++) {
        ht_strbuf_add(out, cells[i]);
        ht_strbuf_putc(out, '|');
    }
}

/* True when it was split. */
static bool compare(struct ht_csv *csv, struct ht_str line, char separator) {
    struct ht_strbuf split;
    struct ht_strbuf fed;
    enum ht_csv_state state = HT_CSV_OPEN;
    ht_strbuf_init(&split, 4096);
    ht_strbuf_init(&fed, 4096);
    ht_csv_begin(csv, separator);
    const bool was_split = ht_csv_split(csv, line);
    if (was_split) {
        write_cells(csv, &split);
        ht_csv_begin(csv, separator);
    }
    assert_int_equal(ht_csv_feed(csv, line, &state), HT_OK);
    if (was_split) {
        write_cells(csv, &fed);
        assert_int_equal(state, HT_CSV_ROW);
        assert_true(split.len == fed.len && memcmp(split.ptr, fed.ptr, fed.len) == 0);
    }
    ht_strbuf_release(&split);
    ht_strbuf_release(&fed);
    return was_split;
}

static void test_random_lines(void **state) {
    (void)state;
    enum { ROUNDS = 200000 };
    static const char alphabet[] = "\"\"\"\",,,;\t\r ab\xC3\xBC";
    static const char separators[] = ",;\t";
    uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
    size_t split = 0;
    struct ht_csv csv;
    ht_csv_init(&csv);
    for (size_t round = 0; round < ROUNDS; round++) {
        char text[LINE_MAX_BYTES + HT_FRAME_PADDING] = {0};
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const size_t len = random >> 32 & 7;
        uint64_t draw = random;
        for (size_t i = 0; i < len; i++) {
            text[i] = alphabet[draw % (sizeof alphabet - 1)];
            draw = draw / 7 + (draw << 50);
        }
        /* the same behind a long cell, so that the odd bytes are in other blocks */
        const size_t lead = round % 40;
        if (lead > 0) {
            memmove(text + lead, text, len);
            memset(text, 'x', lead);
            text[0] = lead % 3 == 0 ? '"' : 'x';
        }
        text[lead + len] = '\n';
        split += compare(&csv, (struct ht_str){text, lead + len + 1}, separators[round % 3]);
    }
    assert_true(split > ROUNDS / 20 && split < ROUNDS);
    ht_csv_release(&csv);
}

static void test_plain_lines(void **state) {
    (void)state;
    static const struct {
        struct ht_str line;
        bool split;
    } cases[] = {
        {HT_STR_INIT("a,b\n"), true},
        {HT_STR_INIT("a,\"b, \"\"c\"\"\"\r\n"), true},
        {HT_STR_INIT(",,\"\"\n"), true},
        {HT_STR_INIT("\"a\",\"{\"\"deviceId\"\":\"\"pump \"\",\"\"x\"\":null}\",\n"), true},
        {HT_STR_INIT("a, b\n"), false},
        {HT_STR_INIT("a ,b\n"), false},
        {HT_STR_INIT("a,\"b\" \n"), false},
        {HT_STR_INIT("a,b\"\"\n"), false},
        {HT_STR_INIT("a,b\rc\n"), false},
        {HT_STR_INIT("a,\"b\n"), false},
        {HT_STR_INIT("a,b\r\r\n"), false},
    };
    struct ht_csv csv;
    ht_csv_init(&csv);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        char text[LINE_MAX_BYTES + HT_FRAME_PADDING] = {0};
        memcpy(text, cases[i].line.ptr, cases[i].line.len);
        assert_int_equal(compare(&csv, (struct ht_str){text, cases[i].line.len}, ','),
                         cases[i].split);
    }
    ht_csv_release(&csv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_lines),
        cmocka_unit_test(test_plain_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
