/* SPDX-License-Identifier: MIT */
/* Layers: what goes in comes out, in steps of any size; what is cut or broken gives what came
 * before. */
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
#include "input/inflow.h"
#include "wrap.h"

static struct wrap packed;
static struct wrap inner;
static char long_text[300000];
static const char short_text[] =
    "{\"time\":\"2025-03-10T00:00:00Z\",\"category\":\"Connections\",\"deviceId\":\"d1\"}\n"
    "{\"time\":\"2025-03-10T00:00:01Z\",\"category\":\"Connections\",\"deviceId\":\"d2\"}\n";

/* Compresses well in places, badly in others. */
static struct ht_str make_long_text(void) {
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof long_text; i++) {
        seed = seed * 1664525 + 1013904223;
        long_text[i] = i % 5000 < 1000 ? (char)('!' + (seed >> 24) % 90) : "abc, def\n"[i % 9];
    }
    return (struct ht_str){long_text, sizeof long_text};
}

/* What was read: the files of archives as "[NAME]TEXT", a problem as "?", other trouble as "!". */
struct got {
    char *text;
    size_t len;
    size_t capacity;
    enum ht_status status; /* that ended the last text */
    struct ht_trouble trouble;
    const char *compression;
    const char *encoding;
    uint64_t ignored_bytes;
};

static void put(struct got *got, const char *bytes, size_t count) {
    if (got->len + count + 1 > got->capacity) {
        got->capacity = 2 * (got->len + count + 1);
        got->text = realloc(got->text, got->capacity);
        assert_non_null(got->text);
    }
    memcpy(got->text + got->len, bytes, count);
    got->len += count;
    got->text[got->len] = '\0';
}

static int file_of(struct ht_str bytes) {
    char name[] = "/tmp/hubtriage-test-XXXXXX";
    const int fd = mkstemp(name);
    assert_true(fd >= 0);
    (void)unlink(name);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void read_text(struct ht_inflow *inflow, size_t step, struct got *got) {
    char *block = malloc(step);
    size_t count = 0;
    assert_non_null(block);
    put(got, "", 0);
    while ((got->status = ht_inflow_read(inflow, block, step, &count)) == HT_OK) {
        assert_in_range(count, 1, step);
        put(got, block, count);
    }
    assert_int_equal(count, 0);
    assert_int_equal(ht_inflow_read(inflow, block, step, &count), got->status);
    got->trouble = inflow->trouble;
    got->ignored_bytes += ht_inflow_ignored_bytes(inflow);
    free(block);
}

static void read_all(struct ht_inflow *inflow, size_t step, struct got *got) {
    static struct ht_member member;
    for (bool readable = true;;) {
        if (readable && !ht_inflow_can_read(inflow)) {
            put(got, "deep", 4);
        } else if (readable && ht_inflow_is_archive(inflow)) {
            ht_inflow_set_tag(inflow, 7);
        } else if (readable) {
            read_text(inflow, step, got);
            put(got, "!", got->status != HT_END && ht_inflow_has_archive(inflow));
        }
        if (!ht_inflow_has_archive(inflow)) {
            return;
        }
        size_t tag = 0;
        const enum ht_status status = ht_inflow_next(inflow, &member, &tag);
        assert_int_equal(tag, 7);
        readable = status == HT_OK && member.problem == NULL;
        if (status == HT_OK) {
            put(got, "[", 1);
            put(got, member.name, strlen(member.name));
            put(got, "]", 1);
            put(got, "?", member.problem != NULL);
        } else if (status != HT_END) {
            got->trouble = inflow->trouble;
            put(got, "!", 1);
        } else if (!ht_inflow_has_archive(inflow)) {
            return;
        }
    }
}

/* From a file, in steps of that many bytes. */
static struct got unpack(struct ht_str bytes, size_t step) {
    struct got got = {.text = NULL};
    struct ht_inflow inflow;
    const int fd = file_of(bytes);
    ht_inflow_init(&inflow);
    assert_int_equal(ht_inflow_open(&inflow, fd), HT_OK);
    got.compression = inflow.compression;
    got.encoding = inflow.encoding;
    read_all(&inflow, step, &got);
    assert_int_equal(inflow.raw_bytes, bytes.len);
    ht_inflow_release(&inflow);
    (void)close(fd);
    return got;
}

static void assert_unpacks(struct ht_str bytes, struct ht_str text) {
    static const size_t steps[] = {1, 7, 4096, 1 << 20};
    for (size_t i = 0; i < HT_ARRAY_LEN(steps); i++) {
        struct got got = unpack(bytes, steps[i]);
        assert_int_equal(got.len, text.len);
        assert_memory_equal(got.text, text.ptr, text.len);
        free(got.text);
    }
}

static void assert_names(struct ht_str bytes, const char *compression, const char *encoding) {
    struct got got = unpack(bytes, 4096);
    assert_int_equal(got.status, HT_END);
    assert_true(got.compression == compression || strcmp(got.compression, compression) == 0);
    assert_true(got.encoding == encoding || strcmp(got.encoding, encoding) == 0);
    free(got.text);
}

static void test_plain(void **state) {
    (void)state;
    assert_unpacks(HT_STR(""), HT_STR(""));
    assert_unpacks(HT_STR("P"), HT_STR("P"));
    assert_unpacks(HT_STR(short_text), HT_STR(short_text));
    assert_unpacks(make_long_text(), make_long_text());
    assert_names(HT_STR(short_text), NULL, NULL);
}

static void test_gzip(void **state) {
    static const char header[] = "\x1f\x8b\x08\x1e\0\0\0\0\0\xff\2\0xyname\0comment\0cc"
                                 "\3\0\0\0\0\0\0\0\0\0";
    (void)state;
    const struct ht_str text = make_long_text();
    packed.len = 0;
    (void)wrap_deflate(&packed, text, IGZIP_GZIP);
    assert_unpacks(wrap_str(&packed), text);
    assert_names(wrap_str(&packed), "gzip", NULL);
    packed.len = 0; /* all that a header may hold; an empty member; text in two members */
    wrap_add(&packed, header, sizeof header - 1);
    (void)wrap_deflate(&packed, (struct ht_str){text.ptr, 1000}, IGZIP_GZIP);
    (void)wrap_deflate(&packed, (struct ht_str){text.ptr + 1000, text.len - 1000}, IGZIP_GZIP);
    assert_unpacks(wrap_str(&packed), text);
    wrap_number(&packed, 0, 8);
    wrap_add(&packed, "garbage", 7);
    assert_unpacks(wrap_str(&packed), text);
    struct got got = unpack(wrap_str(&packed), 4096);
    assert_int_equal(got.status, HT_END);
    assert_int_equal(got.ignored_bytes, 15);
    free(got.text);
}

static void test_zstd(void **state) {
    (void)state;
    const struct ht_str text = make_long_text();
    packed.len = 0;
    wrap_add(&packed, "\x5e\x2a\x4d\x18\3\0\0\0xyz", 11);
    wrap_zstd(&packed, (struct ht_str){text.ptr, 1000});
    wrap_add(&packed, "\x50\x2a\x4d\x18\0\0\0\0", 8);
    wrap_zstd(&packed, HT_STR(""));
    wrap_zstd(&packed, (struct ht_str){text.ptr + 1000, text.len - 1000});
    assert_unpacks(wrap_str(&packed), text);
    assert_names(wrap_str(&packed), "zstd", NULL);
    wrap_add(&packed, "\0\0\0", 3);
    struct got got = unpack(wrap_str(&packed), 4096);
    assert_int_equal(got.status, HT_END);
    assert_int_equal(got.len, text.len);
    assert_int_equal(got.ignored_bytes, 3);
    free(got.text);
    /* a window of 256 MiB */
    got = unpack(HT_STR("\x28\xb5\x2f\xfd\0\x90\1\0\0"), 4096);
    assert_int_equal(got.status, HT_E_DATA);
    assert_string_equal(got.trouble.what, "zstd data needs a window over 128 MiB");
    assert_non_null(strstr(got.trouble.hint, "--long=31"));
    free(got.text);
}

static void expect_zip(const char *text) {
    wrap_zip_end(&packed);
    assert_unpacks(wrap_str(&packed), ht_str_from(text));
}

static void test_zip(void **state) {
    (void)state;
    packed.len = 0;
    static const struct wrap_file files[] = {
        {"a", HT_STR_INIT("alpha"), 8, 0, WRAP_BEFORE, 0},
        {"folder/", HT_STR_INIT(""), 0, 0, WRAP_BEFORE, 0},
        {"b", HT_STR_INIT("beta"), 0, 0, WRAP_BEFORE, 0},
        {"c", HT_STR_INIT("gamma"), 8, 0, WRAP_BEHIND, 0},
        {"__MACOSX/a", HT_STR_INIT("nothing"), 8, 0, WRAP_BEHIND, 0},
        {"x/.hidden", HT_STR_INIT("nothing"), 0, 0, WRAP_BEHIND, 0},
        {".git/x", HT_STR_INIT("nothing"), 0, 0, WRAP_BEFORE, 0},
        {"x/.y/z", HT_STR_INIT("nothing"), 8, 0, WRAP_BEFORE, 0},
        {"./d", HT_STR_INIT("delta"), 8, 0, WRAP_BEHIND_BARE, 0},
        {"e", HT_STR_INIT("epsilon PK\7\10 P PK"), 0, 0, WRAP_BEHIND, 0},
        {"f", HT_STR_INIT("zeta"), 8, 0, WRAP_BEHIND_64, 0},
        {"g", HT_STR_INIT("eta"), 0, 0, WRAP_BEHIND_64, 0},
        {"h", HT_STR_INIT("theta"), 8, 0, WRAP_BEFORE_64, 0},
        {"i", HT_STR_INIT(""), 8, 0, WRAP_BEHIND, 0},
        {"j", HT_STR_INIT(""), 0, 0, WRAP_BEHIND, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(files); i++) {
        wrap_zip_file(&packed, &files[i]);
    }
    expect_zip(
        "[a]alpha[b]beta[c]gamma[./d]delta[e]epsilon PK\7\10 P PK[f]zeta[g]eta[h]theta[i][j]");
    assert_unpacks(HT_STR("PK\5\6\0\0\0\0"), HT_STR(""));
    packed.len = 0;
    wrap_add(&packed, "PK\7\10", 4);
    wrap_zip_file(&packed, &files[0]);
    expect_zip("[a]alpha");
}

static void test_zip_long(void **state) {
    (void)state;
    const struct ht_str text = make_long_text();
    for (unsigned method = 0; method <= 8; method += 8) {
        for (enum wrap_sizes sizes = WRAP_BEFORE; sizes <= WRAP_BEHIND_64; sizes++) {
            if (method == 0 && sizes == WRAP_BEHIND_BARE) {
                continue; /* nobody can know where it ends */
            }
            packed.len = 0;
            wrap_zip_file(&packed, &(struct wrap_file){"", text, method, 0, sizes, 0});
            wrap_zip_file(&packed, &(struct wrap_file){"a", text, method, 0, sizes, 0});
            wrap_zip_end(&packed);
            struct got got = unpack(wrap_str(&packed), 10000);
            assert_int_equal(got.len, 3 + text.len);
            assert_memory_equal(got.text + 3, text.ptr, text.len);
            free(got.text);
        }
    }
}

/* One that cannot be read, or is damaged, costs itself alone. */
static void test_zip_bad_files(void **state) {
    (void)state;
    static const struct wrap_file good = {"z", HT_STR_INIT("omega"), 8, 0, WRAP_BEFORE, 0};
    static const struct {
        struct wrap_file file;
        const char *result;
    } cases[] = {
        {{"a", HT_STR_INIT("secret"), 0, 1, WRAP_BEFORE, 0}, "[a]?[z]omega"},
        {{"a", HT_STR_INIT("secret"), 0, 1, WRAP_BEHIND, 0}, "[a]?[z]omega"},
        {{"a", HT_STR_INIT("secret"), 8, 8192, WRAP_BEFORE, 0}, "[a]?[z]omega"},
        {{"a", HT_STR_INIT("64"), 9, 0, WRAP_BEFORE, 0}, "[a]?[z]omega"},
        {{"a", HT_STR_INIT("bzip2"), 12, 0, WRAP_BEFORE, 0}, "[a]?[z]omega"},
        {{"a", HT_STR_INIT("alpha"), 8, 0, WRAP_BEFORE, 1}, "[a]alpha![z]omega"},
        {{"a", HT_STR_INIT("alpha"), 8, 0, WRAP_BEHIND, 1}, "[a]alpha![z]omega"},
        {{"a", HT_STR_INIT("alpha"), 0, 0, WRAP_BEFORE, 1}, "[a]alpha![z]omega"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        packed.len = 0;
        wrap_zip_file(&packed, &cases[i].file);
        wrap_zip_file(&packed, &good);
        expect_zip(cases[i].result);
    }
    packed.len = 0; /* garbage between two files */
    wrap_zip_file(&packed, &good);
    wrap_add(&packed, "PKgarbage", 9);
    wrap_zip_file(&packed, &good);
    expect_zip("[z]omega![z]omega");
    packed.len = 0; /* broken data */
    wrap_zip_file(&packed, &cases[5].file);
    packed.bytes[31] = 0xff;
    wrap_zip_file(&packed, &good);
    wrap_zip_end(&packed);
    struct got got = unpack(wrap_str(&packed), 100);
    assert_string_equal(got.text, "[a]![z]omega");
    free(got.text);
}

static void test_nested(void **state) {
    (void)state;
    const struct ht_str text = HT_STR("\xff\xfe{\0}\0");
    inner.len = 0;
    (void)wrap_deflate(&inner, text, IGZIP_GZIP);
    packed.len = 0;
    wrap_zstd(&packed, wrap_str(&inner));
    assert_unpacks(wrap_str(&packed), HT_STR("{}"));
    assert_names(wrap_str(&packed), "zstd", "utf-16");

    packed.len = 0;
    wrap_zip_file(&packed, &(struct wrap_file){"g", wrap_str(&inner), 8, 0, WRAP_BEHIND, 0});
    wrap_zip_file(&packed, &(struct wrap_file){"t", HT_STR_INIT("[]"), 8, 0, WRAP_BEHIND, 0});
    wrap_zip_end(&packed);
    assert_unpacks(wrap_str(&packed), HT_STR("[g]{}[t][]"));
    for (int i = 0; i < 2; i++) { /* archives in archives */
        inner = packed;
        packed.len = 0;
        wrap_zip_file(&packed, &(struct wrap_file){"z", wrap_str(&inner), 0, 0, WRAP_BEFORE, 0});
        wrap_zip_file(&packed, &(struct wrap_file){"u", HT_STR_INIT("-"), 0, 0, WRAP_BEFORE, 0});
        wrap_zip_end(&packed);
    }
    assert_unpacks(wrap_str(&packed), HT_STR("[z][z][g]{}[t][][u]-[u]-"));
    inner = packed;
    packed.len = 0;
    wrap_zip_file(&packed, &(struct wrap_file){"z", wrap_str(&inner), 0, 0, WRAP_BEFORE, 0});
    wrap_zip_end(&packed);
    assert_unpacks(wrap_str(&packed), HT_STR("[z][z][z]deep[u]-[u]-"));

    inner.len = 0;
    wrap_add(&inner, "text", 4);
    for (int i = 0; i < HT_INFLOW_LAYERS_MAX; i++) {
        packed.len = 0;
        (void)wrap_deflate(&packed, wrap_str(&inner), IGZIP_GZIP);
        assert_unpacks(wrap_str(&packed),
                       i < HT_INFLOW_LAYERS_MAX - 1 ? HT_STR("text") : HT_STR("deep"));
        inner = packed;
    }
}

static void test_utf16(void **state) {
    (void)state;
    static const struct {
        struct ht_str from; /* little-endian, without the mark */
        struct ht_str to;
    } cases[] = {
        {HT_STR_INIT(""), HT_STR_INIT("")},
        {HT_STR_INIT("a\0\xe9\0\xac\x20\x3d\xd8\0\xde"), HT_STR_INIT("a\u00e9\u20ac\U0001F600")},
        {HT_STR_INIT("\0\xd8"), HT_STR_INIT("\uFFFD")},
        {HT_STR_INIT("\0\xd8x\0"), HT_STR_INIT("\uFFFDx")},
        {HT_STR_INIT("\0\xd8\0\xd8\0\xdc"), HT_STR_INIT("\uFFFD\U00010000")},
        {HT_STR_INIT("\0\xdc\0\xd8"), HT_STR_INIT("\uFFFD\uFFFD")},
        {HT_STR_INIT("\xff\xdb\xff\xdf"), HT_STR_INIT("\U0010FFFF")},
        {HT_STR_INIT("x\0y"), HT_STR_INIT("x\uFFFD")},
        {HT_STR_INIT("\x7f\0\x80\0\xff\7\0\x8\xff\xff\0\xd7\0\xe0"),
         HT_STR_INIT("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xed\x9c\x80\xee\x80\x80")},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const struct ht_str from = cases[i].from;
        packed.len = 0;
        wrap_add(&packed, "\xff\xfe", 2);
        wrap_add(&packed, from.ptr, from.len);
        assert_unpacks(wrap_str(&packed), cases[i].to);
        for (size_t k = 0; k + 1 < packed.len; k += 2) {
            const unsigned char low = packed.bytes[k];
            packed.bytes[k] = packed.bytes[k + 1];
            packed.bytes[k + 1] = low;
        }
        assert_unpacks(wrap_str(&packed), cases[i].to);
    }
    packed.len = 0; /* across the look-ahead */
    inner.len = 0;
    wrap_add(&packed, "\xff\xfe-\0", 4);
    wrap_add(&inner, "-", 1);
    for (int i = 0; i < 40000; i++) {
        wrap_add(&packed, "\x3d\xd8\0\xde", 4);
        wrap_add(&inner, "\U0001F600", 4);
    }
    assert_unpacks(wrap_str(&packed), wrap_str(&inner));
    assert_names(wrap_str(&packed), NULL, "utf-16");
}

static void test_colors(void **state) {
    (void)state;
    static const struct {
        struct ht_str from;
        struct ht_str to;
    } cases[] = {
        {HT_STR_INIT("\x1b[1;31m{\x1b[0m}"), HT_STR_INIT("{}")},
        {HT_STR_INIT("[\n  {\n    \x1b[94m\"a\"\x1b[39;49;00m: \x1b[m1}]\x1b[0m"),
         HT_STR_INIT("[\n  {\n    \"a\": 1}]")},
        /* only whole colour codes, and only those */
        {HT_STR_INIT("\x1b[0m\x1b[2J\x1b]0;x\x1b[31\x1b[1m\x1b"),
         HT_STR_INIT("\x1b[2J\x1b]0;x\x1b[31\x1b")},
        {HT_STR_INIT("\x1b[0m\x1b[11111111111111111111111111111111111111m"),
         HT_STR_INIT("\x1b[11111111111111111111111111111111111111m")},
        {HT_STR_INIT("\x1b[1\x1b[0mm{"), HT_STR_INIT("\x1b[1m{")},
        /* in a text that does not begin so, nothing is taken off */
        {HT_STR_INIT("{\"a\":\"\x1b[1m\"}"), HT_STR_INIT("{\"a\":\"\x1b[1m\"}")},
        {HT_STR_INIT("x\x1b[1m"), HT_STR_INIT("x\x1b[1m")},
        {HT_STR_INIT("\x1b]0;x"), HT_STR_INIT("\x1b]0;x")},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_unpacks(cases[i].from, cases[i].to);
    }
}

/* Cut anywhere, it gives the begin of the text, and says where it was cut. */
static void assert_cuts(struct ht_str text, const char *what, size_t from) {
    for (size_t len = from; len < packed.len; len++) {
        struct got got = unpack((struct ht_str){(const char *)packed.bytes, len}, 64);
        assert_true(got.len < text.len || len >= packed.len - 8);
        assert_memory_equal(got.text, text.ptr, got.len);
        assert_int_equal(got.status, HT_E_DATA);
        assert_string_equal(got.trouble.what, what);
        assert_int_equal(got.trouble.offset_bytes, len);
        free(got.text);
    }
}

static void test_cut(void **state) {
    (void)state;
    const struct ht_str text = HT_STR(short_text);
    packed.len = 0;
    (void)wrap_deflate(&packed, text, IGZIP_GZIP);
    assert_cuts(text, "gzip data is cut", 2);
    packed.len = 0;
    wrap_zstd(&packed, text);
    assert_cuts(text, "zstd data is cut", 4);
    for (unsigned method = 0; method <= 8; method += 8) {
        for (enum wrap_sizes sizes = WRAP_BEFORE; sizes <= WRAP_BEHIND; sizes++) {
            packed.len = 0;
            wrap_zip_file(&packed, &(struct wrap_file){"a", text, method, 0, sizes, 0});
            for (size_t len = 4; len < packed.len; len++) {
                struct got got = unpack((struct ht_str){(const char *)packed.bytes, len}, 64);
                const size_t body = got.len > 3 ? got.len - 4 : 0;
                assert_memory_equal(got.text + (got.len > 3 ? 3 : 0), text.ptr, body);
                assert_int_equal(got.text[got.len - 1], '!');
                assert_string_equal(got.trouble.what, "the zip archive is cut");
                assert_int_equal(got.trouble.offset_bytes, len);
                free(got.text);
            }
        }
    }
}

/* Any byte changed: the text is whole, or it is said that something is wrong. */
static void test_corrupted(void **state) {
    (void)state;
    static const unsigned char masks[] = {1, 0x80, 0xff};
    const struct ht_str text = HT_STR(short_text);
    for (int kind = 0; kind < 3; kind++) {
        packed.len = 0;
        if (kind == 0) {
            (void)wrap_deflate(&packed, text, IGZIP_GZIP);
        } else {
            wrap_zip_file(&packed,
                          &(struct wrap_file){"a", text, kind == 1 ? 8 : 0, 0, WRAP_BEHIND, 0});
            wrap_zip_end(&packed);
        }
        for (size_t at = kind == 0 ? 10 : 31; at < packed.len - (kind > 0 ? 68 : 0); at++) {
            for (size_t i = 0; i < HT_ARRAY_LEN(masks); i++) {
                packed.bytes[at] ^= masks[i];
                struct got got = unpack(wrap_str(&packed), 64);
                struct got slow = unpack(wrap_str(&packed), 1);
                assert_string_equal(got.text, slow.text);
                assert_true(got.status == HT_E_DATA || got.trouble.what != NULL ||
                            strstr(got.text, short_text) != NULL);
                free(got.text);
                free(slow.text);
                packed.bytes[at] ^= masks[i];
            }
        }
    }
}

/* One byte at a time from below. */
struct drip {
    struct ht_filter filter;
    struct ht_str bytes;
    enum ht_status end;
};

static enum ht_status drip_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                size_t *count) {
    struct drip *drip = (struct drip *)filter;
    assert_true(size_bytes > 0);
    *count = drip->bytes.len > 0;
    if (drip->bytes.len == 0) {
        return drip->end;
    }
    *out = *drip->bytes.ptr++;
    drip->bytes.len--;
    return HT_OK;
}

static void assert_drips(ht_filter_new_fn *make, struct ht_str text, enum ht_status end) {
    struct drip drip = {.filter = {.read = drip_read}, .bytes = wrap_str(&packed), .end = end};
    struct ht_tap tap;
    struct ht_trouble trouble = {.what = NULL};
    struct ht_filter *filter = NULL;
    static struct ht_member member;
    char block[64];
    size_t count = 0;
    size_t total = 0;
    enum ht_status status = HT_OK;
    assert_int_equal(ht_tap_init(&tap, &drip.filter), HT_OK);
    assert_int_equal(make(&tap, &trouble, &filter), HT_OK);
    if (filter->next != NULL) {
        assert_int_equal(filter->next(filter, &member), HT_OK);
    }
    while ((status = filter->read(filter, block, sizeof block, &count)) == HT_OK) {
        assert_true(count <= text.len - total);
        assert_memory_equal(block, text.ptr + total, count);
        total += count;
    }
    assert_int_equal(status, end);
    assert_int_equal(total, text.len);
    if (filter->next != NULL) {
        assert_int_equal(filter->next(filter, &member), end);
    }
    filter->free(filter);
    ht_tap_release(&tap);
}

static void test_drips(void **state) {
    (void)state;
    const struct ht_str text = HT_STR(short_text);
    packed.len = 0;
    (void)wrap_deflate(&packed, text, IGZIP_GZIP);
    assert_drips(ht_gunzip_new, text, HT_END);
    packed.len = 0;
    wrap_zstd(&packed, text);
    assert_drips(ht_unzstd_new, text, HT_END);
    packed.len = 0;
    wrap_zip_file(&packed, &(struct wrap_file){"a", text, 8, 0, WRAP_BEHIND, 0});
    wrap_zip_end(&packed);
    assert_drips(ht_unzip_new, text, HT_END);
    packed.len = 0;
    wrap_add(&packed, "\xfe\xff\0a\xd8\x3d\xde\0", 8);
    assert_drips(ht_utf16_new, HT_STR("a\U0001F600"), HT_END);
    packed.len = 0;
    wrap_add(&packed, "a\x1b[1mb\x1b[", 8);
    assert_drips(ht_uncolor_new, HT_STR("ab\x1b["), HT_END);
}

/* What stops a layer stops those above it, with the same status. */
static void test_stops(void **state) {
    (void)state;
    static const enum ht_status ends[] = {HT_E_IO, HT_E_NOMEM, HT_E_CANCEL};
    const struct ht_str text = HT_STR(short_text);
    for (size_t i = 0; i < HT_ARRAY_LEN(ends); i++) {
        packed.len = 0;
        (void)wrap_deflate(&packed, text, IGZIP_GZIP);
        assert_drips(ht_gunzip_new, text, ends[i]);
        packed.len = 0;
        wrap_zstd(&packed, text);
        assert_drips(ht_unzstd_new, text, ends[i]);
        packed.len = 0;
        wrap_zip_file(&packed, &(struct wrap_file){"a", text, 8, 0, WRAP_BEHIND, 0});
        packed.len -= 16;
        assert_drips(ht_unzip_new, text, ends[i]);
        packed.len = 0;
        wrap_add(&packed, "\xff\xfe{\0", 4);
        assert_drips(ht_utf16_new, HT_STR("{"), ends[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),     cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_zstd),      cmocka_unit_test(test_zip),
        cmocka_unit_test(test_zip_long),  cmocka_unit_test(test_zip_bad_files),
        cmocka_unit_test(test_nested),    cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_colors),    cmocka_unit_test(test_cut),
        cmocka_unit_test(test_corrupted), cmocka_unit_test(test_drips),
        cmocka_unit_test(test_stops),
    };
    return cmocka_run_group_tests_name("inflow", tests, NULL, NULL);
}
