/* SPDX-License-Identifier: MIT */
/* Slices, hostile text, numbers and errors. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "base/text.h"

static int sign(int number) {
    return (number > 0) - (number < 0);
}

static void test_slices(void **state) {
    (void)state;
    assert_true(ht_str_eq(HT_STR_NONE, HT_STR("")));
    assert_false(ht_str_eq(HT_STR("a"), HT_STR("A")));
    assert_true(ht_str_eq_nocase(HT_STR("DeviceID"), HT_STR("deviceid")));
    assert_false(ht_str_eq_nocase(HT_STR("device"), HT_STR("deviceid")));
    assert_true(ht_str_starts_nocase(HT_STR("x509Certificate"), HT_STR("X509")));
    assert_false(ht_str_starts_nocase(HT_STR("x5"), HT_STR("x509")));
    assert_int_equal(ht_str_find_nocase(HT_STR("/A/IotHubs/x"), HT_STR("/iothubs/")), 2);
    assert_int_equal(ht_str_find_nocase(HT_STR("iothub"), HT_STR("iothubs")), SIZE_MAX);
    assert_int_equal(ht_str_find_nocase(HT_STR_NONE, HT_STR("a")), SIZE_MAX);
    assert_true(ht_str_eq(ht_str_trim(HT_STR(" \r\n\tab c\v\f ")), HT_STR("ab c")));
    assert_int_equal(ht_str_trim(HT_STR(" \n ")).len, 0);
}

/* Whole words are compared at once: as one byte after the other, for any pair of bytes at any
 * place.
 */
static void test_case(void **state) {
    (void)state;
    for (int pair = 0; pair < 256 * 256; pair++) {
        char a[] = "abcdefghijklmnopqrs";
        char b[] = "AbCdEfGhIjKlMnOpQrS";
        const size_t len = 8 + (size_t)pair % 12;
        const size_t at = (size_t)(pair / 12) % len;
        a[at] = (char)(pair >> 8);
        b[at] = (char)pair;
        assert_int_equal(ht_str_eq_nocase((struct ht_str){a, len}, (struct ht_str){b, len}),
                         ht_ascii_lower(a[at]) == ht_ascii_lower(b[at]));
    }
}

static void test_orders(void **state) {
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        int bytes;
        int natural;
    } cases[] = {
        {"", "", 0, 0},
        {"", "a", -1, -1},
        {"a", "b", -1, -1},
        {"a", "ab", -1, -1},
        {"part10", "part2", -1, 1},
        {"h=09/m=00", "h=10/m=00", -1, -1},
        {"h=9", "h=10", 1, -1},
        {"a01b", "a1b", -1, -1}, /* equal numbers: the bytes decide */
        {"a1", "a01", 1, 1},
        {"a1b2", "a01b3", 1, -1},
        {"1", "a", -1, -1},
        {"\xff", "a", 1, 1}, /* bytes are unsigned */
        {"99999999999999999999998", "99999999999999999999999", -1, -1},
        {"x0", "x00", -1, -1},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const struct ht_str a = ht_str_from(cases[i].a);
        const struct ht_str b = ht_str_from(cases[i].b);
        assert_int_equal(sign(ht_str_cmp(a, b)), cases[i].bytes);
        assert_int_equal(sign(ht_str_cmp(b, a)), -cases[i].bytes);
        assert_int_equal(sign(ht_str_cmp_natural(a, b)), cases[i].natural);
        assert_int_equal(sign(ht_str_cmp_natural(b, a)), -cases[i].natural);
    }
}

static void test_utf8(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t len; /* of the first code point; 0 = not well-formed */
        uint32_t code_point;
        bool cut; /* more bytes could make it well-formed */
    } cases[] = {
        {"", 0, 0, false},
        {"A", 1, 'A', false},
        {"\x7f", 1, 0x7F, false},
        {"\xc3\xa9", 2, 0xE9, false},
        {"\xe2\x82\xac", 3, 0x20AC, false},
        {"\xf0\x9f\x92\xa9", 4, 0x1F4A9, false},
        {"\xf4\x8f\xbf\xbf", 4, 0x10FFFF, false},
        {"\xf4\x90\x80\x80", 0, 0, false}, /* beyond Unicode */
        {"\xc0\xaf", 0, 0, false},         /* overlong */
        {"\xc1", 0, 0, false},
        {"\xe0\x9f\xbf", 0, 0, false},
        {"\xe0\x9f", 0, 0, false},
        {"\xf0\x8f\xbf\xbf", 0, 0, false},
        {"\xed\xa0\x80", 0, 0, false}, /* surrogate */
        {"\xed\xa0", 0, 0, false},
        {"\x80", 0, 0, false},
        {"\xff", 0, 0, false},
        {"\xf5", 0, 0, false},
        {"\xe2\x82", 0, 0, true},
        {"\xe2", 0, 0, true},
        {"\xf0\x9f\x92", 0, 0, true},
        {"\xe2\x28\xa1", 0, 0, false},
        {"\xe2\"}", 0, 0, false},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        uint32_t code_point = 0;
        const struct ht_str text = ht_str_from(cases[i].bytes);
        assert_int_equal(ht_utf8_decode(text, &code_point), cases[i].len);
        assert_int_equal(code_point, cases[i].code_point);
        assert_int_equal(ht_utf8_is_cut(text), cases[i].cut);
    }
}

static void test_utf8_prefix(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t max;
        size_t len;
    } cases[] = {
        {"abc", 5, 3},
        {"abc", 2, 2},
        {"a\xe2\x82\xac", 4, 4},
        {"a\xe2\x82\xac", 3, 1},
        {"a\xe2\x82\xac", 2, 1},
        {"a\xe2\x82\xac", 1, 1},
        {"\xc3\xa9", 1, 0},
        {"\x80\x80\x80\x80\x80\x80", 5, 5}, /* not UTF-8: cut anywhere */
        {"", 0, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_int_equal(ht_utf8_prefix(ht_str_from(cases[i].text), cases[i].max).len,
                         cases[i].len);
    }
}

static void test_printable(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *printable;
    } cases[] = {
        {"", ""},
        {"plain text", "plain text"},
        {"\x1b]0;pwned\a", "\\x1B]0;pwned\\x07"},
        {"a\r\nb\tc", "a\\x0D\\x0Ab\\x09c"},
        {"\x7f", "\\x7F"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"\xc2\x9b", "\\u{009B}"},          /* C1: CSI */
        {"\xe2\x80\xae", "\\u{202E}"},      /* right-to-left override */
        {"\xe2\x80\x8b", "\\u{200B}"},      /* zero width space */
        {"\xe2\x80\xa8", "\\u{2028}"},      /* line separator */
        {"\xf3\xa0\x80\xa1", "\\u{E0021}"}, /* tag */
        {"\xf0\x9f\x92\xa9", "\xf0\x9f\x92\xa9"},
        {"\xff\xc3", "\\xFF\\xC3"},
        {"\xed\xa0\x80", "\\xED\\xA0\\x80"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        char out[64];
        const size_t len = ht_text_printable(out, sizeof out, ht_str_from(cases[i].text));
        assert_string_equal(out, cases[i].printable);
        assert_int_equal(len, strlen(out));
    }
}

/* What does not fit ends in "..."; nothing is cut within an escape or a code point. */
static void test_printable_cut(void **state) {
    (void)state;
    static const char text[] = "ab\xe2\x82\xac\x1b!xyz";
    static const char whole[] = "ab\xe2\x82\xac\\x1B!xyz";
    for (size_t size = 4; size < sizeof whole + 4; size++) {
        char out[64];
        memset(out, '#', sizeof out);
        const size_t len = ht_text_printable(out, size, HT_STR(text));
        assert_true(len < size);
        assert_int_equal(out[len], '\0');
        assert_int_equal(out[size], '#');
        if (size >= sizeof whole) {
            assert_string_equal(out, whole);
        } else {
            assert_string_equal(out + len - 3, "...");
            assert_memory_equal(out, whole, len - 3);
            const bool between = len - 3 <= 2 || len - 3 == 5 || len - 3 >= 9;
            assert_true(between);
        }
    }
}

static void test_integers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool valid;
        uint64_t value;
    } cases[] = {
        {"0", true, 0},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"007", true, 7},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1x", false, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        uint64_t value = 0;
        assert_int_equal(ht_num_parse_u64(ht_str_from(cases[i].text), &value), cases[i].valid);
        assert_true(value == cases[i].value);
    }
    uint32_t code = 0;
    assert_true(ht_num_parse_leading_u32(HT_STR("404104 DeviceConnectionClosedRemotely"), &code));
    assert_int_equal(code, 404104);
    assert_false(ht_num_parse_leading_u32(HT_STR("4294967296"), &code));
    assert_false(ht_num_parse_leading_u32(HT_STR("None"), &code));
    assert_false(ht_num_parse_leading_u32(HT_STR_NONE, &code));
}

static void test_sizes_and_decimals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool valid;
        uint64_t bytes;
    } sizes[] = {
        {"512", true, 512},
        {"64k", true, UINT64_C(64) << 10},
        {"16M", true, UINT64_C(16) << 20},
        {"2G", true, UINT64_C(2) << 30},
        {"17179869183G", true, UINT64_C(17179869183) << 30},
        {"17179869184G", false, 0},
        {"M", false, 0},
        {"1T", false, 0},
        {"1.5M", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(sizes); i++) {
        uint64_t bytes = 0;
        assert_int_equal(ht_num_parse_size(ht_str_from(sizes[i].text), &bytes), sizes[i].valid);
        assert_true(bytes == sizes[i].bytes);
    }
    static const struct {
        const char *text;
        bool valid;
        double value;
    } decimals[] = {
        {"0", true, 0},         {"1", true, 1},    {"0.5", true, 0.5}, {"2.25", true, 2.25},
        {"100.000", true, 100}, {".5", false, 0},  {"1.", false, 0},   {"-1", false, 0},
        {"1e3", false, 0},      {"nan", false, 0}, {"1,5", false, 0},  {"1234567890", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(decimals); i++) {
        double value = 0;
        const bool valid = ht_num_parse_decimal(ht_str_from(decimals[i].text), &value);
        assert_int_equal(valid, decimals[i].valid);
        if (valid) {
            assert_true(value == decimals[i].value);
        }
    }
}

static void test_strbuf(void **state) {
    (void)state;
    struct ht_strbuf buf;
    ht_strbuf_init(&buf, 32);
    ht_strbuf_puts(&buf, "one ");
    ht_strbuf_printf(&buf, "%d", 2);
    ht_strbuf_repeat(&buf, '-', 3);
    ht_strbuf_putc(&buf, '!');
    assert_string_equal(buf.ptr, "one 2---!");
    ht_strbuf_repeat(&buf, 'x', 22);
    assert_int_equal(buf.status, HT_OK);
    assert_int_equal(buf.len, 31);
    ht_strbuf_putc(&buf, 'y'); /* the NUL has its place within the ceiling */
    assert_int_equal(buf.status, HT_E_LIMIT);
    assert_int_equal(buf.len, 31);
    ht_strbuf_clear(&buf);
    ht_strbuf_put_grouped(&buf, 0);
    ht_strbuf_putc(&buf, ' ');
    ht_strbuf_put_grouped(&buf, 999);
    ht_strbuf_putc(&buf, ' ');
    ht_strbuf_put_grouped(&buf, 1234567);
    assert_string_equal(buf.ptr, "0 999 1,234,567");
    assert_int_equal(buf.status, HT_OK);
    ht_strbuf_release(&buf);
}

static void test_errors(void **state) {
    (void)state;
    struct ht_err err;
    assert_int_equal(ht_err_set(&err, HT_E_DATA, "id '%s'", "\x1b[2J"), HT_E_DATA);
    assert_string_equal(err.message, "id '\\x1B[2J'");
    assert_int_equal(err.status, HT_E_DATA);
    assert_string_equal(err.hint, "");
    ht_err_hint(&err, "try %d", 1);
    ht_err_where(&err, HT_STR("a\nb"), 3, 99);
    assert_string_equal(err.hint, "try 1");
    assert_string_equal(err.source, "a\\x0Ab");
    assert_int_equal(err.record, 3);
    assert_int_equal(ht_err_set_errno(&err, ENOENT, "cannot read %s", "x"), HT_E_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_non_null(strstr(err.message, "cannot read x: "));
    assert_int_equal(ht_err_set(NULL, HT_E_LIMIT, "nobody listens"), HT_E_LIMIT);
    char long_name[2000];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    (void)ht_err_set_errno(&err, ENOENT, "%s", long_name);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices),    cmocka_unit_test(test_orders),
        cmocka_unit_test(test_utf8),      cmocka_unit_test(test_utf8_prefix),
        cmocka_unit_test(test_printable), cmocka_unit_test(test_printable_cut),
        cmocka_unit_test(test_integers),  cmocka_unit_test(test_sizes_and_decimals),
        cmocka_unit_test(test_strbuf),    cmocka_unit_test(test_errors),
        cmocka_unit_test(test_case),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
