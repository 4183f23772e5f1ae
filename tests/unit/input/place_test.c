/* SPDX-License-Identifier: MIT */
/*
 * Places: a reader that begins where another one stopped reads the rest as that one would; places
 * that differ in anything that matters are not the same; cutters guess, and find. A record is a
 * flat object here; one with "records" holds others.
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
#include "input/cut.h"

struct world {
    char path[40];
    struct ht_source source;
    struct ht_source_list list;
    struct ht_strbuf seen; /* texts of records, and offsets of bad ones */
    struct ht_reader_callbacks callbacks;
    struct ht_reader *reader;
};

static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct world *world = ctx;
    const struct ht_str opens = HT_STR("{\"records\":[");
    const size_t head = frame->text.len < opens.len ? frame->text.len : opens.len;
    if (memcmp(frame->text.ptr, opens.ptr, head) == 0) {
        answer->kind = head < opens.len ? HT_FRAME_MORE : HT_FRAME_WRAPPER;
        answer->consumed = opens.len;
        answer->holder = HT_HOLDER_RECORDS;
        return HT_OK;
    }
    const char *end = memchr(frame->text.ptr, '}', frame->text.len);
    const char *again = memchr(frame->text.ptr + 1, '{', frame->text.len - 1);
    if (again != NULL && (end == NULL || again < end)) {
        answer->kind = HT_FRAME_NOT_JSON;
        answer->why = "broken";
        return HT_OK;
    }
    answer->kind = end == NULL ? HT_FRAME_MORE : HT_FRAME_RECORD;
    if (end != NULL) {
        answer->consumed = (size_t)(end - frame->text.ptr) + 1;
        ht_strbuf_add(&world->seen, (struct ht_str){frame->text.ptr, answer->consumed});
        ht_strbuf_putc(&world->seen, '\n');
    }
    return HT_OK;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    struct world *world = ctx;
    ht_strbuf_printf(&world->seen, "bad at %u\n", (unsigned)bad->offset_bytes);
}

static void begin(struct world *world, struct ht_str text) {
    const struct ht_reader_limits limits = {.block_bytes = 16, .record_bytes_max = 1000};
    *world = (struct world){.path = "/tmp/hubtriage-test-XXXXXX"};
    const int fd = mkstemp(world->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr, text.len), text.len);
    (void)close(fd);
    world->source =
        (struct ht_source){.name = world->path, .label = world->path, .fd = -1, .size_bytes = 1};
    world->list = (struct ht_source_list){.sources = &world->source, .count = 1};
    world->callbacks = (struct ht_reader_callbacks){.ctx = world, .frame = on_frame, .bad = on_bad};
    ht_strbuf_init(&world->seen, SIZE_MAX);
    assert_int_equal(ht_reader_new(&limits, &world->callbacks, &world->reader), HT_OK);
}

static void end(struct world *world) {
    ht_reader_free(world->reader);
    ht_strbuf_release(&world->seen);
    assert_int_equal(unlink(world->path), 0);
}

/* From a place up to a byte of the file; SIZE_MAX: to its end. */
static void read_from(struct world *world, struct ht_place *place, size_t until) {
    assert_int_equal(ht_reader_begin(world->reader, &world->list, place), HT_OK);
    assert_int_equal(ht_reader_run(world->reader, until == SIZE_MAX ? 0 : 1,
                                   until == SIZE_MAX ? 0 : until),
                     HT_OK);
    assert_int_equal(ht_reader_where(world->reader, place), HT_OK);
    ht_reader_leave(world->reader);
}

static const struct ht_str texts[] = {
    HT_STR_INIT("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}\n"),
    HT_STR_INIT("[{\"a\":1},{\"b\":2},[{\"c\":3}],{\"d\":4}]"),
    HT_STR_INIT("{\"records\":[{\"a\":1},{\"b\":2}]}\n{\"records\":[{\"c\":3},{\"d\":4}]}"),
    HT_STR_INIT("{\"a\":1}\n{\"b\":{x\n{\"c\":3}\n garbage {\"d\":4}\n[[[{\"e\":5}"),
    HT_STR_INIT("{\"records\":[{\"a\":1}],\"x\":\"{\",\"y\":[1,\"]\",{\"z\":1}]}\n{\"b\":2}"),
};

/* Stopped anywhere, and taken up there by another reader: as if read at once. */
static void test_taken_up(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(texts); i++) {
        struct world whole;
        struct ht_place place;
        ht_place_init(&place);
        begin(&whole, texts[i]);
        read_from(&whole, &place, SIZE_MAX);
        assert_int_equal(place.source, 1);
        assert_int_equal(whole.source.bytes, texts[i].len);
        for (size_t at = 1; at < texts[i].len; at++) {
            struct world parts;
            begin(&parts, texts[i]);
            ht_place_release(&place);
            ht_place_init(&place);
            read_from(&parts, &place, at);
            assert_true(place.source == 1 || place.offset_bytes >= at);
            assert_int_equal(parts.source.bytes,
                             place.source == 1 ? texts[i].len : place.offset_bytes);
            read_from(&parts, &place, SIZE_MAX);
            assert_string_equal(ht_strbuf_str(&parts.seen).ptr, ht_strbuf_str(&whole.seen).ptr);
            assert_int_equal(parts.source.records, whole.source.records);
            assert_int_equal(parts.source.bytes, texts[i].len);
            end(&parts);
        }
        ht_place_release(&place);
        end(&whole);
    }
}

static void test_same(void **state) {
    (void)state;
    struct ht_place a;
    struct ht_place b;
    ht_place_init(&a);
    ht_place_init(&b);
    assert_true(ht_place_is_same(&a, &b));
    b.offset_bytes = 1;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    b.source = 1;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    b.resync = true;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    b.resync_next = true;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    b.met = true;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    b.begun = true;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    b.open_count = 1;
    assert_false(ht_place_is_same(&a, &b));
    a.open_count = 1;
    b.open[0].holder = 1;
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&b, &a), HT_OK);
    assert_true(ht_place_is_same(&a, &b));
    a.table = HT_PLACE_IN_TABLE;
    assert_false(ht_place_is_same(&a, &b));
    b.table = HT_PLACE_IN_TABLE;
    ht_strbuf_add(&b.header, HT_STR("a,b"));
    assert_false(ht_place_is_same(&a, &b));
    assert_int_equal(ht_place_copy(&a, &b), HT_OK);
    assert_true(ht_place_is_same(&a, &b));
    assert_true(ht_place_fits_budget(&a, UINT64_C(64) << 20));
    a.rescanned_bytes = 1;
    assert_true(ht_place_is_same(&a, &b));
    assert_false(ht_place_fits_budget(&a, UINT64_C(64) << 20));
    ht_place_release(&a);
    ht_place_release(&b);
}

/* Where a text is cut at that byte or behind; 0 = nowhere, SIZE_MAX = not at all. */
static size_t cut(struct ht_str text, uint64_t offset, size_t *open_count) {
    const struct ht_reader_limits limits = {.record_bytes_max = 1000};
    struct world world;
    struct ht_cutter *cutter = NULL;
    const struct ht_place *place = NULL;
    bool usable = false;
    size_t found = SIZE_MAX;
    begin(&world, text);
    assert_int_equal(ht_cutter_new(&limits, &world.callbacks, &cutter), HT_OK);
    assert_int_equal(ht_cutter_learn(cutter, &world.source, &usable), HT_OK);
    if (usable) {
        const enum ht_status status = ht_cutter_find(cutter, offset, &place);
        found = status == HT_OK ? (size_t)place->offset_bytes : 0;
        *open_count = status == HT_OK ? place->open_count : 0;
    }
    assert_int_equal(world.source.records, 0);
    ht_cutter_free(cutter);
    end(&world);
    return found;
}

static void test_cuts(void **state) {
    (void)state;
    size_t open = 9;
    assert_int_equal(cut(texts[0], 1, &open), 8);
    assert_int_equal(open, 0);
    assert_int_equal(cut(texts[0], 8, &open), 16);
    assert_int_equal(cut(texts[0], 30, &open), 0);
    assert_int_equal(cut(HT_STR("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 2, &open), 9);
    assert_int_equal(open, 1);
    assert_int_equal(
        cut(HT_STR("[\r\n  {\"a\":1},\r\n  {\"a\":2},\r\n  {\"a\":3}\r\n]"), 13, &open), 29);
    assert_int_equal(cut(HT_STR("{\"records\":[{\"a\":1},{\"a\":2}]}"), 13, &open), 20);
    assert_int_equal(open, 2);
    assert_int_equal(cut(HT_STR("{\"a\":1}"), 1, &open), SIZE_MAX);
    assert_int_equal(cut(HT_STR("\x1f\x8b\x08\x00zipped"), 1, &open), SIZE_MAX);
    assert_int_equal(cut(HT_STR(""), 1, &open), SIZE_MAX);
}

/* A cut behind something broken is a guess that is wrong: the known reader, which looks for the
 * next record, passes over it. */
static void test_refuted(void **state) {
    (void)state;
    const struct ht_str text =
        HT_STR("{\"a\":1}\n{\"a\":2}\n{\"a\":\"\n{\"a\":3}\n\"}\n{\"a\":4}\n");
    struct world world;
    struct ht_place known;
    size_t open = 9;
    assert_int_equal(cut(text, 16, &open), 34);
    begin(&world, text);
    ht_place_init(&known);
    read_from(&world, &known, 34);
    assert_int_equal(known.offset_bytes, 41);
    ht_place_release(&known);
    end(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_up),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_refuted),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
