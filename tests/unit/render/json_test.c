/* SPDX-License-Identifier: MIT */
/* The bytes of json and ndjson are a contract; log text is data in them and nothing else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "fake_report.h"
#include "render/decimal.h"
#include "render/json_writer.h"

static const struct ht_render_options disconnect_rows = {.format = HT_FORMAT_NDJSON};
static const struct ht_render_options device_rows = {.format = HT_FORMAT_NDJSON,
                                                     .emit = HT_EMIT_DEVICES};
static const struct ht_render_options incident_rows = {.format = HT_FORMAT_NDJSON,
                                                       .emit = HT_EMIT_INCIDENTS};
static const struct ht_render_options session_rows = {.format = HT_FORMAT_NDJSON,
                                                      .emit = HT_EMIT_SESSIONS};
static const struct ht_render_options whole = {.format = HT_FORMAT_JSON};

static void check_bytes(const struct ht_report *report, const struct ht_render_options *options,
                        const char *expected) {
    char *text = render(report, options);
    assert_string_equal(text, expected);
    free(text);
}

static void test_disconnect_is_the_contract(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    check_bytes(
        &fleet.report, &disconnect_rows,
        "{\"time\":\"2025-03-10T00:23:43Z\",\"hub\":\"CONTOSO-HUB\",\"device\":\"net-00036\","
        "\"module\":null,\"class\":\"token-expiry\",\"cause\":\"token-expiry\","
        "\"confidence\":0.98,\"codes\":[\"401003\",\"404104\"],\"session_seconds\":4223,"
        "\"gap_seconds\":8,\"refused_connects\":0,\"protocol\":\"Mqtt\","
        "\"sdk\":\".NET/1.38.0 (...)\",\"auth\":\"sas\",\"network\":\"52.200.194.XXX\","
        "\"site\":null,\"planned\":false,"
        "\"incident\":null,\"evidence\":[{\"fact\":\"...\",\"weight\":3.2}]}\n");
}

static void test_disconnect_with_nulls(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.disconnect = (struct ht_disconnect){
        .time_us = at("2025-03-10T00:23:43.25Z"),
        .session_s = HT_SPAN_NONE,
        .gap_s = HT_SPAN_NONE,
        .refused_connects = 3,
        .incident = 7,
    };
    check_bytes(&fleet.report, &disconnect_rows,
                "{\"time\":\"2025-03-10T00:23:43.25Z\",\"hub\":null,\"device\":null,"
                "\"module\":null,\"class\":\"unknown\",\"cause\":\"unknown\","
                "\"confidence\":0.00,\"codes\":[],\"session_seconds\":null,"
                "\"gap_seconds\":null,\"refused_connects\":3,\"protocol\":null,"
                "\"sdk\":null,\"auth\":null,\"network\":null,\"site\":null,\"planned\":false,"
                "\"incident\":7,\"evidence\":[]}\n");
}

static void test_other_rows(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    check_bytes(&fleet.report, &session_rows,
                "{\"hub\":\"CONTOSO-HUB\",\"device\":\"gw-1\",\"module\":\"edge\","
                "\"start\":\"seen\",\"start_time\":\"2025-03-09T23:13:20Z\","
                "\"end\":\"seen\",\"end_time\":\"2025-03-10T00:23:43Z\","
                "\"session_seconds\":4223,\"class\":\"network-idle-timeout\","
                "\"cause\":\"site-outage\",\"confidence\":0.50,\"protocol\":\"Amqp\","
                "\"sdk\":null,\"auth\":\"x509\",\"network\":null}\n");
    check_bytes(&fleet.report, &device_rows,
                "{\"hub\":\"CONTOSO-HUB\",\"device\":\"pump-17\",\"module\":null,"
                "\"level\":\"error\",\"state\":\"up\","
                "\"last_event_time\":\"2025-03-10T23:59:01.5Z\",\"disconnects\":1204,\"planned\":0,"
                "\"renewals\":1000,\"faults\":204,\"class\":\"token-expiry\","
                "\"cause\":\"token-expiry\","
                "\"by_cause\":{\"token-expiry\":1000,\"duplicate-identity\":204},"
                "\"pattern\":\"renews its token every 1h10m\","
                "\"pattern_key\":\"token-renewal\",\"cadence_seconds\":4200,"
                "\"connects\":1205,\"refused_connects\":3,\"up_seconds\":80000,"
                "\"down_seconds\":6400,\"unknown_seconds\":0,\"longest_down_seconds\":131,"
                "\"protocol\":\"Mqtt\",\"sdk\":\"Contoso/1\",\"auth\":\"sas\","
                "\"network\":\"10.1.2.XXX\",\"site\":null}\n");
    check_bytes(
        &fleet.report, &incident_rows,
        "{\"index\":0,\"hub\":\"CONTOSO-HUB\",\"class\":\"hub-transient\","
        "\"cause\":\"hub-transient\",\"confidence\":0.97,"
        "\"start_time\":\"2025-03-10T03:12:08Z\",\"end_time\":\"2025-03-10T03:12:41Z\","
        "\"devices\":612,\"selected_devices\":612,\"disconnects\":613,\"connected_before\":1198,"
        "\"share\":0.511,\"networks\":240,\"common_network\":null,\"site\":null,\"planned\":false,"
        "\"codes\":[{\"code\":\"404104\",\"count\":580},"
        "{\"code\":\"500001\",\"count\":32}],\"server_errors\":412,"
        "\"server_errors_usual\":2.1,\"returned_devices\":610,"
        "\"recovery_seconds\":131}\n");
}

static void test_open_session_and_silent_device(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.session.start = HT_START_BEFORE_LOG;
    fleet.session.start_us = HT_TIME_NONE;
    char *text = render(&fleet.report, &session_rows);
    assert_non_null(strstr(text, "\"session_seconds\":null,\"class\":\"network-idle-timeout\","));
    free(text);
    fleet.session.end = HT_END_OPEN;
    fleet.session.end_us = HT_TIME_NONE;
    text = render(&fleet.report, &session_rows);
    assert_non_null(strstr(text, "\"start\":\"before-log\",\"start_time\":null,\"end\":\"open\","
                                 "\"end_time\":null,\"session_seconds\":null,\"class\":null,"
                                 "\"cause\":null,\"confidence\":null,"));
    free(text);
    fleet.device.disconnects = 0;
    fleet.device.has_finding = false;
    text = render(&fleet.report, &device_rows);
    assert_non_null(strstr(text, "\"level\":null,"));
    assert_non_null(strstr(text, "\"class\":null,\"cause\":null,"));
    free(text);
}

static json_t *parse(const char *text) {
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        print_error("%s at %d in: %s\n", error.text, error.position, text);
    }
    assert_non_null(root);
    return root;
}

static void test_whole_report(void **state) {
    (void)state;
    static const char head[] = "{\n  \"schema\": \"hubtriage.report/1\",\n"
                               "  \"tool\": {\"name\":\"hubtriage\",\"version\":\"";
    static const char *const keys[] = {
        "schema",     "tool",     "window",  "inputs",  "data_quality", "fleet",
        "incidents",  "findings", "classes", "causes",  "hubs",         "common_factors",
        "comparison", "cadences", "rules",   "devices",
    };
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *text = render(&fleet.report, &whole);
    assert_memory_equal(text, head, sizeof head - 1);
    const char *place = text;
    for (size_t i = 0; i < HT_ARRAY_LEN(keys); i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "\n  \"%s\": ", keys[i]);
        place = strstr(place, line);
        assert_non_null(place);
    }
    json_t *root = parse(text);
    assert_int_equal(json_object_size(root), HT_ARRAY_LEN(keys));
    const json_t *quality = json_object_get(root, "data_quality");
    assert_int_equal(json_integer_value(json_object_get(quality, "events")), 57440);
    const json_t *finding = json_array_get(json_object_get(root, "findings"), 1);
    assert_int_equal(json_integer_value(json_object_get(finding, "incident")), 0);
    json_decref(root);
    free(text);
}

static void test_empty_report(void **state) {
    (void)state;
    const struct ht_report report = sample_empty();
    check_bytes(&report, &disconnect_rows, "");
    check_bytes(&report, &device_rows, "");
    char *text = render(&report, &whole);
    assert_non_null(strstr(text, "\"devices\": []\n}\n"));
    assert_non_null(strstr(text, "\"since_time\": null"));
    assert_non_null(strstr(text, "\"gap_median_seconds\":null,\"confidence_mean\":null"));
    json_decref(parse(text));
    free(text);
}

/* The text with each byte that is not UTF-8 as U+FFFD. */
static void replace_bad(const char *text, char *out) {
    struct ht_str rest = ht_str_from(text);
    while (rest.len > 0) {
        uint32_t c = 0;
        size_t used = ht_utf8_decode(rest, &c);
        if (used == 0) {
            memcpy(out, "\xEF\xBF\xBD", 3);
            out += 3;
            used = 1;
        } else {
            memcpy(out, rest.ptr, used);
            out += used;
        }
        rest.ptr += used;
        rest.len -= used;
    }
    *out = '\0';
}

static void test_hostile_text(void **state) {
    (void)state;
    static const struct ht_render_options *const rows[] = {&disconnect_rows, &device_rows,
                                                           &session_rows, &incident_rows};
    for (size_t i = 0; i < HT_ARRAY_LEN(hostile_texts); i++) {
        struct sample_fleet fleet;
        char expected[2048];
        sample_fleet_make(&fleet);
        sample_fleet_taint(&fleet, hostile_texts[i]);
        replace_bad(hostile_texts[i], expected);
        for (size_t k = 0; k < HT_ARRAY_LEN(rows); k++) {
            char *text = render(&fleet.report, rows[k]);
            check_harmless(text);
            assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
            json_t *row = parse(text);
            assert_string_equal(json_string_value(json_object_get(row, "hub")), expected);
            json_decref(row);
            free(text);
        }
        char *text = render(&fleet.report, &whole);
        check_harmless(text);
        json_t *root = parse(text);
        const json_t *device = json_array_get(json_object_get(root, "devices"), 0);
        assert_string_equal(json_string_value(json_object_get(device, "module")), expected);
        json_decref(root);
        free(text);
    }
}

static void test_escapes(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.disconnect.sdk = "\b\t\n\f\r\x01\x1F\"\\/ \x7F\xC2\x9B\xE2\x80\xA8\xEF\xBF\xBE"
                           "\xF3\xA0\x80\x81\xF3\xA0\xBF\xBF\xFF\xC3\xA9\xF0\x9F\x98\x80";
    char *text = render(&fleet.report, &disconnect_rows);
    assert_non_null(strstr(text, "\"sdk\":\"\\b\\t\\n\\f\\r\\u0001\\u001f\\\"\\\\/ \\u007f\\u009b"
                                 "\\u2028\xEF\xBF\xBE\\udb40\\udc01\\udb43\\udfff\\ufffd"
                                 "\xC3\xA9\xF0\x9F\x98\x80\""));
    free(text);
}

static void test_failing_sink(void **state) {
    (void)state;
    static const struct ht_render_options *const all[] = {&disconnect_rows, &device_rows,
                                                          &session_rows, &whole};
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.report.repeat = 1000;
    for (size_t i = 0; i < HT_ARRAY_LEN(all); i++) {
        check_failing_sink(&fleet.report, all[i]);
    }
}

static void test_decimals(void **state) {
    (void)state;
    static const struct {
        double value;
        unsigned places;
        const char *text;
    } cases[] = {
        {0.976, 2, "0.98"},
        {1, 2, "1.00"},
        {0, 1, "0.0"},
        {-0.04, 1, "0.0"},
        {-0.05, 1, "-0.1"},
        {-2.449, 1, "-2.4"},
        {9.996, 2, "10.00"},
        {0.5108, 3, "0.511"},
        {1234567.8, 0, "1234568"},
        {1e300, 1, "1000000000000.0"},
    };
    char text[HT_DECIMAL_BYTES];
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_int_equal(ht_decimal_format(cases[i].value, cases[i].places, text),
                         strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
    assert_int_equal(ht_decimal_format((double)NAN, 2, text), 0);
    assert_int_equal(ht_decimal_format((double)INFINITY, 2, text), 0);
}

static void test_not_finite_is_null(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.disconnect.confidence = (double)NAN;
    fleet.disconnect.evidence[0].weight = -(double)INFINITY;
    char *text = render(&fleet.report, &disconnect_rows);
    assert_non_null(strstr(text, "\"confidence\":null,"));
    assert_non_null(strstr(text, "\"weight\":null}"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disconnect_is_the_contract),
        cmocka_unit_test(test_disconnect_with_nulls),
        cmocka_unit_test(test_other_rows),
        cmocka_unit_test(test_open_session_and_silent_device),
        cmocka_unit_test(test_whole_report),
        cmocka_unit_test(test_empty_report),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_failing_sink),
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_not_finite_is_null),
    };
    return cmocka_run_group_tests_name("render json", tests, NULL, NULL);
}
