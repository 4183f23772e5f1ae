/* SPDX-License-Identifier: MIT */
/* The reader of YAML: the tree, what it refuses with which line, demands on values, settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"
#include "base/time.h"
#include "base/yaml.h"

static void load(struct ht_yaml *yaml, const char *text) {
    struct ht_err err;
    if (ht_yaml_load(yaml, HT_STR("f.yaml"), ht_str_from(text), &err) != HT_OK) {
        fail_msg("%s", err.message);
    }
}

static void assert_text(struct ht_str text, const char *wanted) {
    assert_int_equal(text.len, strlen(wanted));
    assert_memory_equal(text.ptr, wanted, text.len);
}

static void test_tree(void **state) {
    (void)state;
    struct ht_yaml yaml;
    load(&yaml, "# comment\n"
                "a: 1\n"
                "list:\n"
                "  - x\n"
                "  - {k: 'v: w', n: ~}\n"
                "empty:\n"
                "quoted: \"null\"\n");
    const struct ht_yaml_node *root = yaml.root;
    assert_int_equal(root->kind, HT_YAML_MAPPING);
    assert_int_equal(root->count, 4);
    assert_text(root->first->key, "a");
    assert_int_equal(root->first->line, 2);
    const struct ht_yaml_node *list = ht_yaml_get(root, "list");
    assert_int_equal(list->kind, HT_YAML_SEQUENCE);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->line, 3);
    assert_int_equal(list->last->line, 5);
    assert_int_equal(list->last->column, 5);
    assert_text(ht_yaml_get(list->last, "k")->text, "v: w");
    assert_int_equal(ht_yaml_get(list->last, "n")->kind, HT_YAML_NULL);
    assert_int_equal(ht_yaml_get(root, "empty")->kind, HT_YAML_NULL);
    assert_int_equal(ht_yaml_get(root, "quoted")->kind, HT_YAML_SCALAR);
    assert_null(ht_yaml_get(root, "b"));
    assert_null(ht_yaml_get(root->first, "b"));
    assert_null(ht_yaml_get(NULL, "b"));
    ht_yaml_release(&yaml);
    load(&yaml, "{\"a\": [1, 2.5, null, \"\\u00e9\"],\n \"b\": {}}");
    assert_text(ht_yaml_get(yaml.root, "a")->last->text, "\xc3\xa9");
    assert_int_equal(ht_yaml_get(yaml.root, "b")->line, 2);
    ht_yaml_release(&yaml);
    load(&yaml, "");
    assert_int_equal(yaml.root->kind, HT_YAML_NULL);
    ht_yaml_release(&yaml);
}

static void test_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "f.yaml:3: 'a' stands here twice, first in line 1"},
        {"a: &x 1\n", "f.yaml:1: anchors (&name) are not supported"},
        {"a: &x {b: 1}\n", "f.yaml:1: anchors (&name) are not supported"},
        {"\nb: *x\n", "f.yaml:2: aliases (*name) are not supported"},
        {"a: !!int 1\n", "f.yaml:1: tags (!name) are not supported"},
        {"a: !x [1]\n", "f.yaml:1: tags (!name) are not supported"},
        {"a: 1\n---\nb: 2\n", "f.yaml:2: a second document (---) begins"},
        {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "f.yaml:1: nested too deeply"},
        {"? [a, b]\n: 1\n", "f.yaml:1: a key must be a plain word"},
        {"? {a: b}\n: 1\n", "f.yaml:1: a key must be a plain word"},
        {"'': 1\n", "f.yaml:1: a key must be a word of 1 to 128 bytes"},
        {"a: \"x\\0y\"\n", "f.yaml:1: a text must not hold a NUL"},
        {"a: 1\n  b: 2\n", "f.yaml:2: not YAML: mapping values are not allowed in this context"},
        {"a: [1, 2\n", NULL},
        {"a: \x01\n", NULL},
        {"a: \xff\xfe\n", NULL},
        {"a:\n\t- b\n", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ht_yaml yaml;
        struct ht_err err;
        const struct ht_str text = ht_str_from(cases[i].text);
        assert_int_equal(ht_yaml_load(&yaml, HT_STR("f.yaml"), text, &err), HT_E_USAGE);
        if (cases[i].message != NULL) {
            assert_string_equal(err.message, cases[i].message);
        } else {
            assert_ptr_equal(strstr(err.message, "f.yaml:"), err.message);
        }
        ht_yaml_release(&yaml);
        /* An error need not be wanted. */
        assert_int_equal(ht_yaml_load(&yaml, HT_STR("f.yaml"), text, NULL), HT_E_USAGE);
        ht_yaml_release(&yaml);
    }
}

static void test_ceilings(void **state) {
    (void)state;
    struct ht_yaml yaml;
    struct ht_err err;
    char *text = malloc(HT_YAML_BYTES_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', HT_YAML_BYTES_MAX + 1);
    assert_int_equal(ht_yaml_load(&yaml, HT_STR("f"), (struct ht_str){text, HT_YAML_BYTES_MAX + 1},
                                  &err),
                     HT_E_USAGE);
    assert_string_equal(err.message, "f: larger than 1024 KiB");
    ht_yaml_release(&yaml);
    text[0] = '[';
    for (size_t i = 1; i < HT_YAML_BYTES_MAX; i++) {
        text[i] = i % 2 == 1 ? '1' : ',';
    }
    assert_int_equal(ht_yaml_load(&yaml, HT_STR("f"), (struct ht_str){text, HT_YAML_BYTES_MAX},
                                  &err),
                     HT_E_USAGE);
    assert_string_equal(err.message, "f:1: too many values");
    ht_yaml_release(&yaml);
    size_t len = 0;
    for (unsigned i = 0; i <= HT_YAML_KEYS_MAX; i++) {
        len += (size_t)snprintf(text + len, HT_YAML_BYTES_MAX - len, "k%u: 1\n", i);
    }
    assert_int_equal(ht_yaml_load(&yaml, HT_STR("f"), (struct ht_str){text, len}, &err),
                     HT_E_USAGE);
    assert_string_equal(err.message, "f:1025: too many keys");
    ht_yaml_release(&yaml);
    free(text);
}

static void test_values(void **state) {
    (void)state;
    struct ht_yaml yaml;
    struct ht_err err;
    struct ht_str text;
    double number = 0;
    uint64_t whole = 0;
    bool flag = false;
    size_t index = 0;
    static const char *const words[] = {"alpha", "beta"};
    load(&yaml, "n: 2.5\nm: -3\nw: 7\nyes: Yes\nno: off\nword: BETA\ntext: hello\nlist: [1]\n");
    const struct ht_yaml_node *root = yaml.root;
    assert_int_equal(ht_yaml_number(ht_yaml_get(root, "n"), 0, 3, &number, &err), HT_OK);
    assert_true(number == 2.5);
    assert_int_equal(ht_yaml_number(ht_yaml_get(root, "m"), -5, 3, &number, &err), HT_OK);
    assert_true(number == -3);
    assert_int_equal(ht_yaml_number(ht_yaml_get(root, "n"), 0, 2.25, &number, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:1: n: '2.5' is not a number from 0 to 2.25");
    assert_int_equal(ht_yaml_whole(ht_yaml_get(root, "w"), 1, 9, &whole, &err), HT_OK);
    assert_int_equal(whole, 7);
    assert_int_equal(ht_yaml_whole(ht_yaml_get(root, "n"), 1, 9, &whole, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:1: n: '2.5' is not a whole number from 1 to 9");
    assert_int_equal(ht_yaml_bool(ht_yaml_get(root, "yes"), &flag, &err), HT_OK);
    assert_true(flag);
    assert_int_equal(ht_yaml_bool(ht_yaml_get(root, "no"), &flag, &err), HT_OK);
    assert_false(flag);
    assert_int_equal(ht_yaml_bool(ht_yaml_get(root, "text"), &flag, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:7: text: 'hello' is not yes or no");
    assert_int_equal(ht_yaml_word(ht_yaml_get(root, "word"), words, 2, &index, &err), HT_OK);
    assert_int_equal(index, 1);
    assert_int_equal(ht_yaml_word(ht_yaml_get(root, "text"), words, 2, &index, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:7: unknown text 'hello'");
    assert_string_equal(err.hint, "known are: alpha, beta");
    assert_int_equal(ht_yaml_text(ht_yaml_get(root, "text"), 5, &text, &err), HT_OK);
    assert_text(text, "hello");
    assert_int_equal(ht_yaml_text(ht_yaml_get(root, "text"), 4, &text, &err), HT_E_USAGE);
    assert_int_equal(ht_yaml_text(ht_yaml_get(root, "list"), 4, &text, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:8: list must be a single value, not a list");
    ht_yaml_release(&yaml);
}

static void test_spans_and_shares(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; /* -1 = no span */
    } spans[] = {
        {"0", 0},           {"45s", 45000},         {"20m", 1200000},  {"20 min", 1200000},
        {"1h30m", 5400000}, {"1.5 h", 5400000},     {"2d", 172800000}, {"1w", 604800000},
        {"250ms", 250},     {"1h 30m 5s", 5405000}, {"20", -1},        {"m", -1},
        {"", -1},           {"1m1h", -1},           {"1m1m", -1},      {"5x", -1},
        {"-5s", -1},        {"99999999w", -1},      {"1..5s", -1},     {"1h30", -1},
    };
    static const struct {
        const char *text;
        double share; /* -1 = none */
    } shares[] = {{"5%", 0.05}, {"5 %", 0.05},   {"0.05", 0.05}, {"1", 1},  {"100%", 1},
                  {"101%", -1}, {"1.5", -1},     {"", -1},       {"%", -1}, {"-5%", -1},
                  {"0", 0},     {"2.5%", 0.025}, {"5%%", -1},    {"x", -1}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        int64_t us = -1000;
        const bool is = ht_yaml_parse_span(ht_str_from(spans[i].text), &us);
        assert_int_equal(is, spans[i].ms >= 0);
        assert_int_equal(us, spans[i].ms * 1000);
    }
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        double share = -1;
        (void)ht_yaml_parse_share(ht_str_from(shares[i].text), &share);
        assert_true(share == shares[i].share);
    }
    struct ht_yaml yaml;
    struct ht_err err;
    int64_t us = 0;
    double share = 0;
    load(&yaml, "a: 20m\nb: 20q\n");
    const struct ht_yaml_node *a = ht_yaml_get(yaml.root, "a");
    const struct ht_yaml_node *b = ht_yaml_get(yaml.root, "b");
    assert_int_equal(ht_yaml_span(a, 0, INT64_MAX, &us, &err), HT_OK);
    assert_int_equal(us, 1200 * HT_US_PER_S);
    assert_int_equal(ht_yaml_span(a, 3600 * HT_US_PER_S, 86400 * HT_US_PER_S, &us, &err),
                     HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:1: a: '20m' is not between 1h00m and 1d00h");
    assert_int_equal(ht_yaml_span(b, 0, INT64_MAX, &us, &err), HT_E_USAGE);
    assert_string_equal(
        err.message, "f.yaml:2: b: '20q' is not a span; write for example 45s, 20m, 1h30m or 2d");
    assert_int_equal(ht_yaml_share(b, &share, &err), HT_E_USAGE);
    assert_string_equal(err.message,
                        "f.yaml:2: b: '20q' is not a share; write for example 5% or 0.05");
    ht_yaml_release(&yaml);
}

static void test_keys(void **state) {
    (void)state;
    static const char *const keys[] = {"lost", "late", "shuffled"};
    struct ht_yaml yaml;
    struct ht_err err;
    load(&yaml, "lost: 1\n\nlaet: 2\n");
    assert_int_equal(ht_yaml_need_keys(yaml.root, keys, 3, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:3: unknown key 'laet'; did you mean late?");
    assert_string_equal(err.hint, "known are: lost, late, shuffled");
    assert_int_equal(ht_yaml_need_keys(yaml.root->first, keys, 3, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f.yaml:1: lost must be a group of keys, not a single value");
    ht_yaml_release(&yaml);
    assert_null(ht_nearest(HT_STR("zebra"), keys, 3));
    assert_string_equal(ht_nearest(HT_STR("shuf"), keys, 3), "shuffled");
    assert_null(ht_nearest(HT_STR(""), keys, 3));
}

static void test_settings(void **state) {
    (void)state;
    struct ht_yaml yaml;
    struct ht_err err;
    double share = 0;
    load(&yaml, "log:\n  lost: 1%\nlist:\n  - a: 1\n  - a: 2\n");
    assert_int_equal(ht_yaml_set(&yaml, HT_STR("log.lost=5%"), &err), HT_OK);
    assert_int_equal(ht_yaml_set(&yaml, HT_STR("list.2.a=x"), &err), HT_OK);
    assert_int_equal(ht_yaml_set(&yaml, HT_STR("new.deep.key=[1, 2]"), &err), HT_OK);
    const struct ht_yaml_node *lost = ht_yaml_get(ht_yaml_get(yaml.root, "log"), "lost");
    assert_int_equal(ht_yaml_share(lost, &share, &err), HT_OK);
    assert_true(share == 0.05);
    assert_text(ht_yaml_get(ht_yaml_get(yaml.root, "list")->last, "a")->text, "x");
    const struct ht_yaml_node *deep = ht_yaml_get(ht_yaml_get(yaml.root, "new"), "deep");
    assert_int_equal(ht_yaml_get(deep, "key")->count, 2);
    assert_int_equal(ht_yaml_set(&yaml, HT_STR("log.lost=5q"), &err), HT_OK);
    lost = ht_yaml_get(ht_yaml_get(yaml.root, "log"), "lost");
    assert_int_equal(ht_yaml_share(lost, &share, &err), HT_E_USAGE);
    assert_string_equal(err.message,
                        "log.lost=5q: lost: '5q' is not a share; write for example 5% or 0.05");
    static const char *const bad[] = {"",         "=1",           "a",      "list.3.a=1",
                                      "list.x=1", "log.lost.x=1", "a..b=1", "a=[1",
                                      "a.=1",     "list.0=1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const enum ht_status status = ht_yaml_set(&yaml, ht_str_from(bad[i]), &err);
        if (strcmp(bad[i], "a.=1") == 0) {
            assert_int_equal(status, HT_OK); /* as "a=1" */
            continue;
        }
        assert_int_equal(status, HT_E_USAGE);
        assert_true(err.message[0] != '\0');
    }
    ht_yaml_release(&yaml);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_spans_and_shares),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
