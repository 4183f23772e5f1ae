/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/pseudonym.h"

static struct ht_pseudonym_key key_of(const char *secret) {
    struct ht_pseudonym_key key;
    ht_pseudonym_key_init(&key, ht_str_from(secret));
    return key;
}

/* RFC 4231, test case 2. */
static void test_is_hmac_sha_256(void **state) {
    (void)state;
    const struct ht_pseudonym_key key = key_of("Jefe");
    const struct ht_str text = HT_STR("what do ya want for nothing?");
    char out[HT_PSEUDONYM_BYTES];
    assert_int_equal(ht_pseudonym_digest(&key, text), 0x5bdcc146bf60754e);
    assert_int_equal(ht_pseudonym_write(&key, HT_PSEUDONYM_SUBSCRIPTION, text, out), 29);
    assert_string_equal(out, "subscription-5bdcc146bf60754e");
}

static void test_recognised(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_one;
    } cases[] = {
        {"device-5bdcc146bf60754e", true},   {"device-5bdcc146bf60754", false},
        {"device-5bdcc146bf60754e0", false}, {"device-5BDCC146BF60754E", false},
        {"hub-5bdcc146bf60754e", false},     {"", false},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_int_equal(ht_pseudonym_is_one(HT_PSEUDONYM_DEVICE, ht_str_from(cases[i].text)),
                         cases[i].is_one);
    }
}

static void test_paths(void **state) {
    (void)state;
    const struct ht_pseudonym_key key = key_of("Jefe");
    char file[HT_PSEUDONYM_BYTES];
    char hub[HT_PSEUDONYM_BYTES];
    char wanted[512];
    char out[512];
    (void)ht_pseudonym_write(&key, HT_PSEUDONYM_FILE, HT_STR("x"), file);
    (void)ht_pseudonym_write(&key, HT_PSEUDONYM_HUB, HT_STR("x"), hub);
    static const struct {
        const char *path;
        const char *before;
        bool is_hub;
        const char *behind;
    } cases[] = {
        {"x", "", false, ""},
        {"/x.json.gz", "/", false, ".json.gz"},
        {"../x/PT1H.json", "../", false, "/PT1H.json"},
        {"insights-logs-connections/IotHubs/x/y=2025/m=03/PT1H.json",
         "insights-logs-connections/IotHubs/", true, "/y=2025/m=03/PT1H.json"},
        {"x.zip!PT1H.json", "", false, ".zip!PT1H.json"},
        {"x/", "", false, "/"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        (void)snprintf(wanted, sizeof wanted, "%s%s%s", cases[i].before,
                       cases[i].is_hub ? hub : file, cases[i].behind);
        ht_pseudonym_path(&key, ht_str_from(cases[i].path), out, sizeof out);
        assert_string_equal(out, wanted);
    }
    ht_pseudonym_path(&key, HT_STR("secret/secret/secret"), out, 30);
    assert_int_equal(strlen(out), 29);
    static const char *const hidden[] = {"y=secret", "y=20255",          "secret.json",
                                         ".secret",  "PT1H.json.secret", "SUBSCRIPTIONS/secret"};
    for (size_t i = 0; i < HT_ARRAY_LEN(hidden); i++) {
        ht_pseudonym_path(&key, ht_str_from(hidden[i]), out, sizeof out);
        assert_null(strstr(out, "secret"));
        assert_null(strstr(out, "20255"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_hmac_sha_256),
        cmocka_unit_test(test_recognised),
        cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
