/* SPDX-License-Identifier: MIT */
/* Everything that has a name has an explanation, and every explanation is fit to be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "hubtriage/explain.h"
#include "model/code.h"

static struct ht_topic found(const char *word) {
    struct ht_topic topic;
    if (!ht_topic_find(word, &topic)) {
        fail_msg("nothing on '%s'", word);
    }
    return topic;
}

static void test_every_name_is_explained(void **state) {
    (void)state;
    for (int i = 0; i < HT_CAUSE_COUNT; i++) {
        assert_true(found(ht_cause_name((enum ht_cause)i)).kinds & HT_TOPIC_CAUSE);
    }
    for (int i = 0; i < HT_CLASS_COUNT; i++) {
        assert_true(found(ht_class_name((enum ht_class)i)).kinds & HT_TOPIC_CLASS);
    }
    for (int i = 0; i < HT_PATTERN_COUNT; i++) {
        const char *name = ht_device_pattern_name((enum ht_device_pattern)i);
        assert_true(found(name).kinds & HT_TOPIC_PATTERN);
    }
    static const char *const rules[] = {
#define HT_RULE(id, rule, marks, normal, title, action, url) rule,
#include "model/findings.def"
#undef HT_RULE
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(rules); i++) {
        assert_true(found(rules[i]).kinds & HT_TOPIC_FINDING);
    }
}

static void test_every_code_is_explained_in_order(void **state) {
    (void)state;
    static const uint32_t codes[] = {
#define HT_CODE(number, name) number,
#include "model/codes.def"
#undef HT_CODE
    };
    const size_t words = ht_topic_count() - HT_ARRAY_LEN(codes);
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        struct ht_topic topic;
        ht_topic_get(words + i, &topic);
        assert_int_equal(topic.code, codes[i]);
        assert_string_equal(topic.word, ht_code_name(codes[i]));
        assert_int_equal(topic.kinds, HT_TOPIC_CODE);
        assert_true(i == 0 || codes[i] > codes[i - 1]);
    }
}

/* One or more sentences in ASCII, without spaces that stand alone. */
static void check_text(const char *word, const char *text) {
    if (text == NULL) {
        return;
    }
    const size_t len = strlen(text);
    if (len < 4 || text[len - 1] != '.' || strstr(text, "  ") != NULL || text[0] == ' ') {
        fail_msg("%s: '%s'", word, text);
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            fail_msg("%s: byte %zu of '%s'", word, i, text);
        }
    }
}

static void check_related(const struct ht_topic *topic) {
    const char *list = topic->see;
    while (list != NULL && *list != '\0') {
        char word[64];
        struct ht_topic other;
        const size_t len = strcspn(list, ",");
        (void)snprintf(word, sizeof word, "%.*s", (int)len, list);
        if (!ht_topic_find(word, &other) || strcmp(other.word, topic->word) == 0) {
            fail_msg("%s: see '%s'", topic->word, word);
        }
        list += len;
        list += strspn(list, ", ");
    }
}

static void test_texts(void **state) {
    (void)state;
    for (size_t i = 0; i < ht_topic_count(); i++) {
        struct ht_topic topic;
        ht_topic_get(i, &topic);
        assert_non_null(topic.meaning);
        assert_non_null(topic.confirm);
        assert_non_null(topic.use);
        if (topic.device == NULL && topic.operator_do == NULL && topic.finding_count == 0) {
            fail_msg("%s: nobody is told what to do", topic.word);
        }
        check_text(topic.word, topic.meaning);
        check_text(topic.word, topic.confirm);
        check_text(topic.word, topic.use);
        check_text(topic.word, topic.device);
        check_text(topic.word, topic.operator_do);
        check_related(&topic);
        assert_int_equal(strncmp(topic.url, "https://learn.microsoft.com/azure/", 34), 0);
        assert_true(topic.kinds != 0);
        assert_true(strlen(topic.meaning) < 400);
        assert_true(strcmp(found(topic.word).meaning, topic.meaning) == 0);
    }
}

static void test_finding(void **state) {
    (void)state;
    const struct ht_topic refused = found("auth-failure");
    assert_int_equal(refused.finding_count, 6);
    /* One finding: its advice is the operator's, to the letter. */
    const struct ht_topic outage = found("site-outage");
    assert_int_equal(outage.finding_count, 1);
    assert_ptr_equal(outage.operator_do, outage.findings[0].action);
    assert_true(found("token-renewal").findings[0].normal);
}

static void test_find(void **state) {
    (void)state;
    static const struct {
        const char *word;
        uint32_t code; /* 0: not found */
    } cases[] = {
        {"404104", 404104},
        {" 404104 ", 404104},
        {"DeviceConnectionClosedRemotely", 404104},
        {"deviceconnectionclosedREMOTELY", 404104},
        {"404102", 404103},
        {"InternalServerError", 500001},
        {"", 0},
        {"404105", 0},
        {"4041040", 0},
        {"404104x", 0},
        {"99999999999999999999", 0},
        {"token expiry", 0},
        {"\x1B]0;x", 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_topic topic;
        const bool is = ht_topic_find(cases[i].word, &topic);
        assert_int_equal(is, cases[i].code != 0);
        assert_int_equal(is ? topic.code : 0, cases[i].code);
    }
    assert_string_equal(found("TOKEN-Expiry").word, "token-expiry");
}

static void test_nearest(void **state) {
    (void)state;
    static const struct {
        const char *word;
        const char *near;
    } cases[] = {
        {"404105", "404104"},
        {"404", "404000"},
        {"503002", "503001"},
        {"token-expiri", "token-expiry"},
        {"flaping", "flapping"},
        {"ServerEror", "ServerError"},
        {"700000", NULL},
        {"zzz", NULL},
        {"", NULL},
        {"site", "site-outage"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const char *near = ht_topic_nearest(cases[i].word);
        if (cases[i].near == NULL) {
            assert_null(near);
        } else {
            assert_non_null(near);
            assert_string_equal(near, cases[i].near);
        }
    }
}

/* What is said of a code's use is what the model does with it. */
static void test_use(void **state) {
    (void)state;
    assert_non_null(strstr(found("500001").use, "hub-transient"));
    assert_non_null(strstr(found("504000").use, "hub-transient"));
    assert_null(strstr(found("504101").use, "hub-transient"));
    assert_non_null(strstr(found("429002").use, "throttled"));
    assert_non_null(strstr(found("403002").use, "quota"));
    assert_non_null(strstr(found("403012").use, "device-removed"));
    assert_null(strstr(found("403004").use, "quota"));
    assert_non_null(strstr(found("400029").use, "platform-upgrade"));
    assert_non_null(strstr(found("412002").use, "does not weigh"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name_is_explained),
        cmocka_unit_test(test_every_code_is_explained_in_order),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
