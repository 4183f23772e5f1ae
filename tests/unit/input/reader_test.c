/* SPDX-License-Identifier: MIT */
/*
 * The framer on sources of a few bytes, with a decoder of its own that knows just enough JSON: an
 * object with "time" is a record, one with "bad" is a bad record, "records" makes a wrapper.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/strbuf.h"
#include "input/reader.h"

enum { SOURCES_MAX = 8, TEXT_MAX = 1 << 20 };

/* What a reading gave. */
struct result {
    struct ht_strbuf frames; /* texts of the records, each with a newline behind it */
    struct ht_strbuf bad;    /* reason, source, record and offset of each bad one */
    uint64_t bad_count;
    uint64_t records;
    uint64_t not_records;
    uint64_t frame_calls;
    uint64_t frame_bytes; /* looked at, in all calls */
    uint64_t stop_after;  /* records; 0 = never */
};

static bool is_plain(char c) {
    return strchr("{}[]:, \t\r\n0123456789.-+eEtrufalsn", c) != NULL && c != '\0';
}

/* State of the small scanner. */
struct small {
    struct ht_str text;
    size_t at;
    char open[64];
    size_t depth;
    bool after_comma;
    bool after_string;
};

/* The string at the cursor; 1 = passed, 0 = its end is not there, -1 = broken. */
static int pass_string(struct small *small, struct ht_str *inside) {
    const size_t begin = ++small->at;
    while (small->at < small->text.len && small->text.ptr[small->at] != '"') {
        if ((unsigned char)small->text.ptr[small->at] < 0x20) {
            return -1;
        }
        small->at += small->text.ptr[small->at] == '\\' ? 2 : 1;
    }
    if (small->at >= small->text.len) {
        return 0;
    }
    *inside = (struct ht_str){small->text.ptr + begin, small->at - begin};
    small->at++;
    return 1;
}

static bool fits(const struct small *small, char c) {
    const bool in_object = small->open[small->depth - 1] == '{';
    if (small->after_string && strchr(":,]} \t\r\n", c) == NULL) {
        return false;
    }
    if (small->after_comma && in_object && strchr(" \t\r\n", c) == NULL) {
        return false;
    }
    return is_plain(c);
}

static bool has(struct ht_str text, const char *needle) {
    return ht_str_find_nocase(text, ht_str_from(needle)) != SIZE_MAX;
}

static bool opens_records(const struct small *small) {
    return small->depth == 1 && small->text.len >= small->at + 2 &&
           memcmp(small->text.ptr + small->at, ":[", 2) == 0;
}

static enum ht_frame_kind frame_text(struct small *small) {
    small->open[0] = '{';
    small->depth = 1;
    small->at = 1;
    while (small->at < small->text.len) {
        const char c = small->text.ptr[small->at];
        if (c == '"' && !small->after_string) {
            struct ht_str inside = HT_STR_NONE;
            const int passed = pass_string(small, &inside);
            if (passed <= 0) {
                return passed == 0 ? HT_FRAME_MORE : HT_FRAME_NOT_JSON;
            }
            if (ht_str_eq(inside, HT_STR("records"))) {
                if (small->text.len < small->at + 2) {
                    return HT_FRAME_MORE;
                }
                if (opens_records(small)) {
                    small->at += 2;
                    return HT_FRAME_WRAPPER;
                }
            }
            small->after_comma = false;
            small->after_string = true;
            continue;
        }
        if (!fits(small, c) || small->depth == sizeof small->open) {
            return HT_FRAME_NOT_JSON;
        }
        small->at++;
        if (strchr(" \t\r\n", c) == NULL) {
            small->after_string = false;
            small->after_comma = c == ',';
        }
        if (c == '{' || c == '[') {
            small->open[small->depth++] = c;
        } else if (c == '}' || c == ']') {
            if (small->open[--small->depth] != (c == '}' ? '{' : '[')) {
                return HT_FRAME_NOT_JSON;
            }
            if (small->depth == 0) {
                const struct ht_str object = {small->text.ptr, small->at};
                return has(object, "\"bad\"")    ? HT_FRAME_BAD_RECORD
                       : has(object, "\"time\"") ? HT_FRAME_RECORD
                                                 : HT_FRAME_VALUE;
            }
        }
    }
    return HT_FRAME_MORE;
}

static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct result *result = ctx;
    struct small small = {.text = frame->text};
    assert_true(frame->text.len > 0 && frame->text.ptr[0] == '{');
    /* The padding may be read: a sanitizer would see it. */
    volatile char sum = 0;
    for (size_t i = 0; i < HT_FRAME_PADDING; i++) {
        sum = (char)(sum + frame->text.ptr[frame->text.len + i]);
    }
    answer->kind = frame_text(&small);
    answer->consumed = small.at;
    answer->bad = answer->kind == HT_FRAME_BAD_RECORD ? HT_BAD_DEVICE : HT_BAD_SYNTAX;
    answer->why = "because";
    result->frame_calls++;
    result->frame_bytes += small.at;
    if (answer->kind == HT_FRAME_RECORD) {
        ht_strbuf_add(&result->frames, (struct ht_str){frame->text.ptr, small.at});
        ht_strbuf_putc(&result->frames, '\n');
        result->records++;
    }
    return result->stop_after > 0 && result->records >= result->stop_after ? HT_E_NOMEM : HT_OK;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    static const char reasons[] = "SCLPTDR";
    struct result *result = ctx;
    assert_non_null(bad->why);
    ht_strbuf_printf(&result->bad, "%c%zu.%d@%d ", reasons[bad->reason], bad->source,
                     (int)bad->record, (int)bad->offset_bytes);
    result->bad_count++;
}

/* Sources in memory: unlinked files. */

static int file_of(struct ht_str bytes) {
    char name[] = "/tmp/hubtriage-test-XXXXXX";
    const int fd = mkstemp(name);
    assert_true(fd >= 0);
    (void)unlink(name);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void add(struct ht_source_list *list, struct ht_str bytes) {
    char name[32];
    (void)snprintf(name, sizeof name, "part%zu", list->count);
    assert_int_equal(ht_source_list_add_fd(list, file_of(bytes), name, NULL), HT_OK);
}

static void release_sources(struct ht_source_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->sources[i].fd >= 0) {
            (void)close(list->sources[i].fd);
        }
    }
    ht_source_list_release(list);
}

static void begin(struct result *result) {
    *result = (struct result){.stop_after = 0};
    ht_strbuf_init(&result->frames, 64 * TEXT_MAX);
    ht_strbuf_init(&result->bad, TEXT_MAX);
    ht_strbuf_putc(&result->frames, '\n');
    ht_strbuf_putc(&result->bad, ' ');
}

static void finish(struct result *result) {
    ht_strbuf_release(&result->frames);
    ht_strbuf_release(&result->bad);
}

static enum ht_status read_list(struct ht_source_list *list, size_t block_bytes,
                                size_t record_bytes_max, struct result *result) {
    const struct ht_reader_limits limits = {.block_bytes = block_bytes,
                                            .record_bytes_max = record_bytes_max};
    const struct ht_reader_callbacks callbacks = {.ctx = result, .frame = on_frame, .bad = on_bad};
    ht_source_list_sort(list);
    return ht_read(list, &limits, &callbacks, &result->not_records);
}

/* Read parts, each a source of its own. */
static void read_parts(const struct ht_str *parts, size_t count, size_t block_bytes,
                       struct result *result) {
    struct ht_source_list list = {.sources = NULL};
    begin(result);
    for (size_t i = 0; i < count; i++) {
        add(&list, parts[i]);
    }
    assert_int_equal(read_list(&list, block_bytes, 1000, result), HT_OK);
    release_sources(&list);
}

#define R1 "{\"time\":1}"
#define R2 "{\"time\":2,\"p\":{\"q\":[1,{}]}}"
#define R3 "{\"time\":3,\"s\":\"\\\"}{\"}"

static const struct shape {
    const char *name;
    const char *text;
    const char *frames; /* between newlines */
    const char *bad;    /* see on_bad() */
    uint64_t not_records;
    bool whole; /* nothing in it is broken, wherever it is cut */
} shapes[] = {
    {"lines", R1 "\n" R2 "\n" R3 "\n", R1 "\n" R2 "\n" R3 "\n", "", 0, true},
    {"no newline at the end", R1 "\n" R2, R1 "\n" R2 "\n", "", 0, true},
    {"BOM, CRLF, blank lines", "\xEF\xBB\xBF\r\n" R1 "\r\n\r\n \t\r\n" R2 "\r\n", R1 "\n" R2 "\n",
     "", 0, false},
    {"BOM in the middle", R1 "\n\xEF\xBB\xBF" R2 "\n", R1 "\n" R2 "\n", "", 0, false},
    {"nothing between", R1 R2 R3, R1 "\n" R2 "\n" R3 "\n", "", 0, true},
    {"commas between", R1 ",\n" R2 ",\n" R3 ",", R1 "\n" R2 "\n" R3 "\n", "", 0, true},
    {"pretty", "{\n  \"time\" : 1\n}\n{\n  \"time\" : 2\n}\n",
     "{\n  \"time\" : 1\n}\n{\n  \"time\" : 2\n}\n", "", 0, true},
    {"array", "[" R1 "," R2 "\n,\n" R3 "]\n", R1 "\n" R2 "\n" R3 "\n", "", 0, true},
    {"array without end", "[" R1 "," R2, R1 "\n" R2 "\n", "", 0, true},
    {"end of an array", R1 "," R2 "]\n", R1 "\n" R2 "\n", "", 0, true},
    {"nested arrays", "[[" R1 "],[],[[" R2 "]]]", R1 "\n" R2 "\n", "", 0, true},
    {"records", "{\"records\":[" R1 "," R2 "]}", R1 "\n" R2 "\n", "", 0, true},
    {"records, one a line", "{\"records\":[" R1 "]}\n{\"records\":[" R2 "]}\n", R1 "\n" R2 "\n", "",
     0, true},
    {"records, concatenated", "{\"records\":[" R1 "]}{\"records\":[]}{\"records\":[" R2 "]}",
     R1 "\n" R2 "\n", "", 0, true},
    {"records in an array", "[{\"records\":[" R1 "]},{\"records\":[" R2 "]}]", R1 "\n" R2 "\n", "",
     0, true},
    {"wrapper with more members",
     "{\"x\":1,\"records\":[" R1 "],\"count\":2,\"s\":\"}\",\"o\":{\"a\":1},\"n\":null}\n" R2,
     R1 "\n" R2 "\n", "", 0, false},
    {"values among records", "[1,\"two\",null,-3.5e6," R1 ",{\"a\":{}},true]", R1 "\n", "", 6,
     false},
    {"objects that are none", "{\"a\":1}\n" R1 "\n{}\n", R1 "\n", "", 2, true},
    {"empty", "", "", "", 0, true},
    {"white space", " \r\n\t\n", "", "", 0, true},
    {"brackets alone", "[]]}[{}", "", "", 1, true},
    {"text", "no log at all\n", "", "S0.1@0 ", 0, false},
    {"text between", R1 "\nhello {world}\n" R2 "\n", R1 "\n" R2 "\n", "S0.2@11 ", 0, false},
    {"broken record", R1 "\n{\"time\":x}\n" R2 "\n", R1 "\n" R2 "\n", "S0.2@11 ", 0, false},
    {"broken string", R1 "\n{\"time\":\"1\n" R2 "\n", R1 "\n" R2 "\n", "S0.2@11 ", 0, false},
    {"broken twice", R1 "\n{\"time\":x}{\"time\":y}\n" R2 "\n", R1 "\n" R2 "\n", "S0.2@11 ", 0,
     false},
    {"broken, objects within", R1 "\n{\"time\":x,\"p\":{\"a\":1}}\n" R2 "\n{\"a\":2}",
     R1 "\n" R2 "\n", "S0.2@11 ", 1, false},
    {"bad record", R1 "\n{\"bad\":1}\n" R2 "\n", R1 "\n" R2 "\n", "D0.2@11 ", 0, false},
    {"broken, then bad", "?" R1 "?{\"bad\":1}" R2, R1 "\n" R2 "\n", "S0.1@0 S0.3@11 D0.4@12 ", 0,
     false},
    {"cut record", R1 "\n{\"time\":2,\"x\":[1", R1 "\n", "C0.2@11 ", 0, false},
    {"cut brace", R1 "\n{", R1 "\n", "C0.2@11 ", 0, false},
    {"cut string", R1 "\n{\"time\":\"2", R1 "\n", "C0.2@11 ", 0, false},
    {"cut object around records", "{\"value\":[" R1 "," R2, R1 "\n" R2 "\n", "C0.1@0 ", 0, false},
    {"cut wrapper", "{\"records\":[" R1 ",", R1 "\n", "", 0, true},
    {"cut value", "[" R1 ",\"x", R1 "\n", "", 1, false},
    {"begins in the middle", "ime\":1}\n" R1, R1 "\n", "S0.1@0 ", 0, false},
    {"single quotes", "{'time':1}\n" R1, R1 "\n", "S0.1@0 ", 0, false},
    {"NUL and worse", R1 "\n\x01\xff\x02\xfe\n" R2, R1 "\n" R2 "\n", "S0.2@11 ", 0, false},
    {"not a BOM", "\xEF\xBB" R1, R1 "\n", "S0.1@0 ", 0, false},
};

static void check(const struct result *result, const struct shape *shape, size_t variant) {
    const bool same = strcmp(result->frames.ptr + 1, shape->frames) == 0 &&
                      strcmp(result->bad.ptr + 1, shape->bad) == 0 &&
                      result->not_records == shape->not_records;
    if (!same) {
        print_error("%s (%zu): %sbad: %s\nnot records: %d\n", shape->name, variant,
                    result->frames.ptr, result->bad.ptr, (int)result->not_records);
    }
    assert_true(same);
}

/* Every block size from 1 byte gives the same. */
static void test_shapes(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(shapes); i++) {
        const struct ht_str text = ht_str_from(shapes[i].text);
        for (size_t block = 1; block <= text.len + 1; block++) {
            struct result result;
            read_parts(&text, 1, block, &result);
            check(&result, &shapes[i], block);
            finish(&result);
        }
    }
}

/* Cut into two sources at any byte: the same records. What is broken may count once more. */
static void test_two_parts(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(shapes); i++) {
        const struct ht_str text = ht_str_from(shapes[i].text);
        for (size_t cut = 0; cut <= text.len; cut++) {
            const struct ht_str parts[] = {{text.ptr, cut}, {text.ptr + cut, text.len - cut}};
            struct result result;
            read_parts(parts, 2, cut % 7 + 1, &result);
            if (strcmp(result.frames.ptr + 1, shapes[i].frames) != 0) {
                print_error("%s, cut at %zu:%s", shapes[i].name, cut, result.frames.ptr);
            }
            assert_string_equal(result.frames.ptr + 1, shapes[i].frames);
            if (shapes[i].whole) {
                assert_int_equal(result.bad_count, 0);
                assert_int_equal(result.not_records, shapes[i].not_records);
            }
            finish(&result);
        }
    }
}

/* Parts of a few bytes each, so that a record lies in many sources. */
static void test_many_parts(void **state) {
    (void)state;
    static const char text[] = "{\"records\":[" R1 ",\n" R2 "]}\n" R3 "\n[" R1 "]";
    static const char frames[] = "\n" R1 "\n" R2 "\n" R3 "\n" R1 "\n";
    for (size_t size = 1; size < sizeof text; size++) {
        struct ht_str parts[sizeof text];
        size_t count = 0;
        for (size_t at = 0; at < sizeof text - 1; at += size) {
            const size_t left = sizeof text - 1 - at;
            parts[count++] = (struct ht_str){text + at, left < size ? left : size};
        }
        struct result result;
        read_parts(parts, count, 3, &result);
        assert_string_equal(result.frames.ptr, frames);
        assert_int_equal(result.bad_count, 0);
        finish(&result);
    }
}

/* A cut record and a whole file behind it: neither spoils the other. */
static void test_cut_then_whole(void **state) {
    (void)state;
    static const char *const cuts[] = {
        "{",           "{\"time",      "{\"time\":",    "{\"time\":2", "{\"time\":2,",
        "{\"time\":[", "{\"time\":\"", "{\"time\":{\"", "{\"a\":{},",  "{\"time\":\"2025\\",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cuts); i++) {
        const struct ht_str parts[] = {ht_str_from(cuts[i]), HT_STR(R1 "\n"), HT_STR(R2)};
        struct result result;
        read_parts(parts, 3, 0, &result);
        assert_string_equal(result.frames.ptr, "\n" R1 "\n" R2 "\n");
        assert_string_equal(result.bad.ptr, " C0.1@0 ");
        finish(&result);
    }
}

/* What a source is depends on its first bytes alone, not on how many were read at once. */
static void test_sniffed_bytes(void **state) {
    (void)state;
    static const size_t blocks[] = {1, 100, 512, 513, 0};
    for (size_t i = 0; i < HT_ARRAY_LEN(blocks); i++) {
        for (size_t at = 500; at < 520; at++) {
            struct result result;
            struct ht_strbuf text;
            ht_strbuf_init(&text, 4096);
            ht_strbuf_repeat(&text, '-', at);
            ht_strbuf_add(&text, HT_STR("\0" R1));
            const struct ht_str whole = ht_strbuf_str(&text);
            read_parts(&whole, 1, blocks[i], &result);
            assert_int_equal(result.records, at < 512 ? 0 : 1);
            ht_strbuf_release(&text);
            finish(&result);
        }
    }
}

static void test_positions(void **state) {
    (void)state;
    const struct ht_str parts[] = {HT_STR(R1 "\n{\"bad\":1}\n"), HT_STR("\n{\"a\":1} ?\n" R1),
                                   HT_STR("{\"bad\":2}")};
    struct result result;
    read_parts(parts, 3, 2, &result);
    assert_string_equal(result.bad.ptr, " D0.2@11 S1.2@9 D2.1@0 ");
    assert_int_equal(result.not_records, 1);
    finish(&result);
}

static void test_long_array(void **state) {
    (void)state;
    enum { ROWS = 100000 };
    struct ht_strbuf text;
    ht_strbuf_init(&text, SIZE_MAX);
    ht_strbuf_puts(&text, "[\n");
    for (int i = 0; i < ROWS; i++) {
        ht_strbuf_printf(&text, "  {\"time\": %d, \"p\": \"{\\\"d\\\":1}\"},\n", i);
    }
    ht_strbuf_puts(&text, "  {\"time\": 0}\n]\n");
    const struct ht_str whole = ht_strbuf_str(&text);
    static const size_t blocks[] = {0, 61, 4096};
    for (size_t i = 0; i < HT_ARRAY_LEN(blocks); i++) {
        struct result result;
        read_parts(&whole, 1, blocks[i], &result);
        assert_int_equal(result.records, ROWS + 1);
        assert_int_equal(result.bad_count, 0);
        assert_int_equal(result.not_records, 0);
        /* Each row is looked at a few times at most, whatever the block. */
        assert_true(result.frame_bytes < 3 * whole.len);
        finish(&result);
    }
    ht_strbuf_release(&text);
}

static void put_record(struct ht_strbuf *text, size_t len) {
    ht_strbuf_puts(text, "{\"time\":1,\"x\":\"");
    ht_strbuf_repeat(text, 'x', len - 17);
    ht_strbuf_puts(text, "\"}");
}

/* A record as long as the ceiling is read; one byte more, or a million, is counted once. */
static void test_record_ceiling(void **state) {
    (void)state;
    enum { MAX = 200 };
    static const struct {
        size_t len;
        const char *bad;
    } cases[] = {{MAX - 1, " "}, {MAX, " "}, {MAX + 1, " L0.2@11 "}, {1000000, " L0.2@11 "}};
    static const size_t blocks[] = {1, 7, 64, MAX, 0};
    for (size_t i = 0; i < HT_ARRAY_LEN(cases) * HT_ARRAY_LEN(blocks); i++) {
        const size_t which = i / HT_ARRAY_LEN(blocks);
        const size_t block = blocks[i % HT_ARRAY_LEN(blocks)];
        struct ht_strbuf text;
        struct result result;
        struct ht_source_list list = {.sources = NULL};
        begin(&result);
        ht_strbuf_init(&text, SIZE_MAX);
        ht_strbuf_puts(&text, R1 "\n");
        put_record(&text, cases[which].len);
        ht_strbuf_puts(&text, "\n" R2 "\n");
        add(&list, ht_strbuf_str(&text));
        assert_int_equal(read_list(&list, block, MAX, &result), HT_OK);
        assert_string_equal(result.bad.ptr, cases[which].bad);
        assert_int_equal(result.records, cases[which].len <= MAX ? 3 : 2);
        release_sources(&list);
        ht_strbuf_release(&text);
        finish(&result);
    }
}

/* A value longer than the ceiling is too long whatever is in the buffer. */
static void test_value_ceiling(void **state) {
    (void)state;
    static const size_t blocks[] = {1, 7, 300, 0};
    for (size_t i = 0; i < HT_ARRAY_LEN(blocks); i++) {
        struct ht_strbuf text;
        struct result result;
        struct ht_source_list list = {.sources = NULL};
        begin(&result);
        ht_strbuf_init(&text, SIZE_MAX);
        ht_strbuf_puts(&text, "[\"");
        ht_strbuf_repeat(&text, 'x', 250);
        ht_strbuf_puts(&text, "\"," R1 "]");
        add(&list, ht_strbuf_str(&text));
        assert_int_equal(read_list(&list, blocks[i], 200, &result), HT_OK);
        assert_string_equal(result.bad.ptr, " L0.1@1 ");
        assert_int_equal(result.records, 1);
        release_sources(&list);
        ht_strbuf_release(&text);
        finish(&result);
    }
}

/* Also when white space or an array without end is what is too long. */
static void test_other_ceilings(void **state) {
    (void)state;
    static const struct {
        const char *before;
        char filler;
        const char *behind;
        const char *bad;
    } cases[] = {
        {"{", ' ', "\"time\":1}\n" R1, " L0.1@0 "},
        {"{\"a\":[1", '1', "]}\n" R1, " L0.1@0 "},
        {"[\"", 'x', "\"," R1 "]", " L0.1@1 "},
        {"{\"records\":[", ' ', R1 "]}", " "},
        {"", '\n', R1, " "},
        {"", '[', R1, " "},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_strbuf text;
        struct result result;
        struct ht_source_list list = {.sources = NULL};
        begin(&result);
        ht_strbuf_init(&text, SIZE_MAX);
        ht_strbuf_puts(&text, cases[i].before);
        ht_strbuf_repeat(&text, cases[i].filler, 5000);
        ht_strbuf_puts(&text, cases[i].behind);
        add(&list, ht_strbuf_str(&text));
        assert_int_equal(read_list(&list, 16, 1000, &result), HT_OK);
        assert_string_equal(result.frames.ptr, "\n" R1 "\n");
        assert_string_equal(result.bad.ptr, cases[i].bad);
        release_sources(&list);
        ht_strbuf_release(&text);
        finish(&result);
    }
}

/* What could make a framer quadratic. */
static void test_cost(void **state) {
    (void)state;
    static const char *const patterns[] = {"{\"a\":", "{\"a\":[", "{\"a\":{\"", "[{\"a\":[1,",
                                           "{ ",      "{\"",      "\"{\"",      "{\"a\":\""};
    for (size_t i = 0; i < HT_ARRAY_LEN(patterns); i++) {
        enum { REPEATS = 100000, FACTOR = 200 };
        struct ht_strbuf text;
        struct result result;
        struct ht_source_list list = {.sources = NULL};
        begin(&result);
        ht_strbuf_init(&text, SIZE_MAX);
        for (size_t n = 0; n < REPEATS; n++) {
            ht_strbuf_puts(&text, patterns[i]);
        }
        add(&list, ht_strbuf_str(&text));
        assert_int_equal(read_list(&list, 0, TEXT_MAX, &result), HT_OK);
        assert_int_equal(result.records, 0);
        assert_true(result.frame_bytes < FACTOR * text.len);
        release_sources(&list);
        ht_strbuf_release(&text);
        finish(&result);
    }
}

static enum ht_status stop_progress(void *ctx, uint64_t bytes_read) {
    uint64_t *seen = ctx;
    assert_true(bytes_read > *seen);
    *seen = bytes_read;
    return bytes_read >= 20 ? HT_E_CANCEL : HT_OK;
}

static enum ht_status take_nothing(void *ctx, const struct ht_frame *frame,
                                   struct ht_frame_answer *answer) {
    (void)ctx;
    (void)frame;
    *answer = (struct ht_frame_answer){.kind = HT_FRAME_VALUE, .consumed = 1};
    return HT_OK;
}

static void test_stopping(void **state) {
    (void)state;
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    begin(&result);
    result.stop_after = 1;
    add(&list, HT_STR(R1 R2));
    assert_int_equal(read_list(&list, 0, 1000, &result), HT_E_NOMEM);
    assert_int_equal(result.records, 1);
    finish(&result);
    release_sources(&list);

    uint64_t seen = 0;
    const struct ht_reader_limits limits = {.block_bytes = 8, .record_bytes_max = 100};
    const struct ht_reader_callbacks callbacks = {
        .ctx = &seen, .frame = take_nothing, .progress = stop_progress, .progress_ctx = &seen};
    uint64_t not_records = 0;
    static char spaces[200000]; /* more than is read ahead */
    memset(spaces, ' ', sizeof spaces);
    add(&list, (struct ht_str){spaces, sizeof spaces});
    assert_int_equal(ht_read(&list, &limits, &callbacks, &not_records), HT_E_CANCEL);
    assert_true(seen < sizeof spaces);
    release_sources(&list);
}

/* Sources that cannot be read, or are something else, are named; the others are read. */
static void test_refused_sources(void **state) {
    (void)state;
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    begin(&result);
    add(&list, HT_STR(R1 "\n{\"time\":\"cut"));
    add(&list, HT_STR("\x89PNG\r\n\x1a\n" R2));
    add(&list, HT_STR(R2 "\n"));
    add(&list, HT_STR("<!DOCTYPE html><html>" R3));
    add(&list, HT_STR("\x1f\x8b\x08"));
    add(&list, HT_STR(""));
    add(&list, HT_STR(R3));
    assert_int_equal(read_list(&list, 16, 1000, &result), HT_OK);
    assert_string_equal(result.frames.ptr, "\n" R1 "\n" R2 "\n" R3 "\n");
    assert_string_equal(result.bad.ptr, " C0.2@11 ");
    static const bool refused[] = {false, true, false, true, true, false, false};
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.sources[i].problem[0] != '\0', refused[i]);
        assert_int_equal(list.sources[i].hint[0] != '\0', refused[i]);
    }
    assert_int_equal(list.sources[0].records, 2);
    assert_int_equal(list.sources[6].records, 1);
    assert_int_equal(list.sources[6].bytes, strlen(R3));
    finish(&result);
    release_sources(&list);
}

/* What looks like another format is none in the middle of a record. */
static void test_parts_like_other_formats(void **state) {
    (void)state;
    static const char *const texts[] = {
        "ERROR: no",
        "<html>",
        "%PDF-1.7",
        "GIF89a",
        "BZh91AY",
        "SQLite format 3",
        ",\\\"operationName\\\"\\n",
        "TimeGenerated,OperationName",
        "#TYPE x",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(texts); i++) {
        char second[128];
        char frame[160];
        (void)snprintf(second, sizeof second, "%s\"}\n", texts[i]);
        (void)snprintf(frame, sizeof frame, "\n{\"time\":\"%s\"}\n" R1 "\n", texts[i]);
        const struct ht_str parts[] = {HT_STR("{\"time\":\""), ht_str_from(second), HT_STR(R1)};
        struct result result;
        read_parts(parts, 3, 0, &result);
        assert_string_equal(result.frames.ptr, frame);
        assert_int_equal(result.bad_count, 0);
        finish(&result);
    }
}

static void test_unreadable_sources(void **state) {
    (void)state;
    char directory[] = "/tmp/hubtriage-test-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/gone", directory);
    const int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    begin(&result);
    assert_int_equal(ht_source_list_add_path(&list, path, NULL), HT_OK);
    assert_int_equal(ht_source_list_add_fd(&list, open(directory, O_RDONLY), "a directory", NULL),
                     HT_OK);
    add(&list, HT_STR(R1));
    (void)unlink(path);
    assert_int_equal(read_list(&list, 0, 1000, &result), HT_OK);
    assert_string_equal(result.frames.ptr, "\n" R1 "\n");
    assert_string_equal(list.sources[0].problem, "cannot be opened: No such file or directory");
    assert_string_equal(list.sources[1].problem, "cannot be read: Is a directory");
    finish(&result);
    release_sources(&list);
    (void)rmdir(directory);
}

/* A pipe that somebody made non-blocking, and a writer that takes its time. */
static void test_slow_pipe(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    const pid_t child = fork();
    if (child == 0) {
        static const char text[] = R1 "\n" R2 "\n";
        for (size_t at = 0; at < sizeof text - 1; at += 10) {
            const size_t left = sizeof text - 1 - at;
            const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
            (void)nanosleep(&pause, NULL);
            (void)!write(ends[1], text + at, left < 10 ? left : 10);
        }
        _exit(0);
    }
    (void)close(ends[1]);
    struct ht_source_list list = {.sources = NULL};
    struct result result;
    begin(&result);
    assert_int_equal(ht_source_list_add_fd(&list, ends[0], "-", NULL), HT_OK);
    assert_int_equal(read_list(&list, 0, 1000, &result), HT_OK);
    assert_string_equal(result.frames.ptr, "\n" R1 "\n" R2 "\n");
    assert_string_equal(list.sources[0].problem, "");
    finish(&result);
    release_sources(&list);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_no_sources(void **state) {
    (void)state;
    struct result result;
    read_parts(NULL, 0, 0, &result);
    assert_int_equal(result.frame_calls, 0);
    finish(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_two_parts),
        cmocka_unit_test(test_many_parts),
        cmocka_unit_test(test_cut_then_whole),
        cmocka_unit_test(test_sniffed_bytes),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_long_array),
        cmocka_unit_test(test_record_ceiling),
        cmocka_unit_test(test_value_ceiling),
        cmocka_unit_test(test_other_ceilings),
        cmocka_unit_test(test_cost),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_refused_sources),
        cmocka_unit_test(test_parts_like_other_formats),
        cmocka_unit_test(test_unreadable_sources),
        cmocka_unit_test(test_slow_pipe),
        cmocka_unit_test(test_no_sources),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
