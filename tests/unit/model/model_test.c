/* SPDX-License-Identifier: MIT */
/* Codes, SDK families, names and selection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "hubtriage/report.h"
#include "model/code.h"
#include "model/sdk.h"
#include "model/selection.h"

static void test_codes(void **state) {
    (void)state;
    static const struct {
        uint32_t code;
        bool context;
        bool server_error;
    } cases[] = {
        {0, false, false},      {404104, false, false}, {401003, false, false},
        {500001, true, true},   {500008, true, true},   {503005, true, true},
        {504101, true, false},  {504000, true, true},   {429001, true, false},
        {403002, true, false},  {400027, true, false},  {400029, true, false},
        {400100, false, false}, {500, true, true},      {404, false, false},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_int_equal(ht_code_is_context(cases[i].code), cases[i].context);
        assert_int_equal(ht_code_is_server_error(cases[i].code), cases[i].server_error);
    }
    assert_string_equal(ht_code_name(404104), "DeviceConnectionClosedRemotely");
    assert_null(ht_code_name(123456));
    assert_int_equal(ht_code_by_name(HT_STR("deviceconnectionclosedremotely")), 404104);
    assert_int_equal(ht_code_by_name(HT_STR("InternalServerError")), 500001);
    assert_int_equal(ht_code_by_name(HT_STR("")), 0);
}

static void test_sdk_families(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum ht_sdk_family family;
    } cases[] = {
        {"", HT_SDK_UNKNOWN},
        {".NET/1.38.0 (.NET Core 3.1.19; Microsoft Windows 10.0.22000; X64)", HT_SDK_DOTNET},
        {"azure-iot-device/1.17.1 (node v10.16.0; Windows_NT 10.0.18363; x64)", HT_SDK_NODE},
        {"azure-iot-device-iothub-py/2.12.0 (3.9.2;Linux;x86_64)", HT_SDK_PYTHON},
        {"iothubclient/1.8.0 (native; freertos; esp platform)", HT_SDK_C},
        {"com.microsoft.azure.sdk.iot.iot-device-client/1.30.1", HT_SDK_JAVA},
        {"C + (OSSimplified = Eclipse ThreadX)", HT_SDK_EMBEDDED_C},
        {"C", HT_SDK_EMBEDDED_C},
        {"Contoso/1", HT_SDK_OTHER},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_int_equal(ht_sdk_family(ht_str_from(cases[i].text)), cases[i].family);
    }
    assert_int_equal(ht_keep_alive_limit_s(230), 345);
    assert_int_equal(ht_keep_alive_limit_s(3600), HT_KEEP_ALIVE_CAP_S);
}

static void test_names(void **state) {
    (void)state;
    for (int cause = 0; cause < HT_CAUSE_COUNT; cause++) {
        assert_non_null(ht_cause_name((enum ht_cause)cause));
        assert_true(ht_cause_class((enum ht_cause)cause) < HT_CLASS_COUNT);
    }
    assert_string_equal(ht_class_name(ht_cause_class(HT_CAUSE_SITE_OUTAGE)),
                        "network-idle-timeout");
    assert_null(ht_auth_name(HT_AUTH_UNKNOWN));
}

static void test_selection(void **state) {
    (void)state;
    struct ht_selection selection;
    assert_int_equal(ht_selection_init(&selection, "contoso", "^(pump|gw)-", "/edge$", NULL),
                     HT_OK);
    assert_true(ht_selection_has_hub(&selection, HT_STR("CONTOSO")));
    assert_false(ht_selection_has_hub(&selection, HT_STR("CONTOSO2")));
    assert_true(ht_selection_has_device(&selection, HT_STR("pump-1"), HT_STR("")));
    assert_false(ht_selection_has_device(&selection, HT_STR("xpump-1"), HT_STR("")));
    assert_true(ht_selection_has_device(&selection, HT_STR("gw-1"), HT_STR("agent")));
    assert_false(ht_selection_has_device(&selection, HT_STR("gw-1"), HT_STR("edge")));
    assert_true(ht_selection_has_time(&selection, 5));
    selection.since_us = 10;
    selection.until_us = 20;
    assert_false(ht_selection_has_time(&selection, 9));
    assert_true(ht_selection_has_time(&selection, 10));
    assert_false(ht_selection_has_time(&selection, 20));
    ht_selection_release(&selection);
}

static void test_bad_pattern(void **state) {
    (void)state;
    struct ht_selection selection;
    struct ht_err err;
    assert_int_equal(ht_selection_init(&selection, NULL, "pump(", NULL, &err), HT_E_USAGE);
    assert_non_null(strstr(err.message, "'pump(' is wrong at byte 6"));
    assert_int_equal(ht_selection_init(&selection, NULL, NULL, "\033[", &err), HT_E_USAGE);
    assert_null(strchr(err.message, '\033'));
}

/* Catastrophic backtracking ends at the match limit, as "does not match". */
static void test_pattern_limit(void **state) {
    (void)state;
    struct ht_selection selection;
    assert_int_equal(ht_selection_init(&selection, NULL, "^(a+)+$", NULL, NULL), HT_OK);
    const struct ht_str evil =
        HT_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
    assert_false(ht_selection_has_device(&selection, evil, HT_STR("")));
    ht_selection_release(&selection);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),       cmocka_unit_test(test_sdk_families),
        cmocka_unit_test(test_names),       cmocka_unit_test(test_selection),
        cmocka_unit_test(test_bad_pattern), cmocka_unit_test(test_pattern_limit),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
