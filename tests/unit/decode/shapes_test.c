/* SPDX-License-Identifier: MIT */
/* Tables, answers of query APIs, operations monitoring, Event Grid: what their rows become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../fuzz/agreement.h"
#include "base/compiler.h"
#include "notation.h"

enum { CELLS_MAX = 16 };

static struct ht_decoder *new_decoder(enum ht_date_order order) {
    struct ht_decoder *decoder = NULL;
    assert_int_equal(ht_decoder_new(&decoder, order), HT_OK);
    return decoder;
}

/* "a|b|c" as slices with the padding behind them; text must stay. */
static size_t split(const char *text, struct ht_str cells[CELLS_MAX]) {
    size_t count = 0;
    for (const char *at = text;; at++) {
        const char *end = strchr(at, '|');
        const size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
        assert_true(count < CELLS_MAX);
        cells[count++] = (struct ht_str){at, len};
        if (end == NULL) {
            return count;
        }
        at = end;
    }
}

static struct ht_decoded_header header_of(struct ht_decoder *decoder, const char *names) {
    struct ht_str cells[CELLS_MAX];
    struct ht_decoded_header header;
    const size_t count = split(names, cells);
    assert_int_equal(ht_decode_header(decoder, cells, count, &header), HT_OK);
    return header;
}

static void check_row(struct ht_decoder *decoder, const char *row, const char *expected) {
    struct ht_str cells[CELLS_MAX];
    struct ht_decoded decoded;
    struct ht_strbuf out;
    char *text = padded_copy(row, strlen(row) + 1);
    const size_t count = split(text, cells);
    ht_strbuf_init(&out, 1 << 16);
    assert_int_equal(ht_decode_cells(decoder, cells, count, &decoded), HT_OK);
    print_decoded(&out, &decoded);
    assert_string_equal(out.ptr, expected);
    ht_strbuf_release(&out);
    free(text);
}

#define DROP \
    "disconnect 2025-03-10T00:23:43Z HUB pump 404104 error - protocol=Mqtt network=10.0.0.XXX"

static void test_cells(void **state) {
    (void)state;
    static const struct {
        const char *names;
        const char *row;
        const char *expected;
    } cases[] = {
        {"TimeGenerated|Resource|ResourceProvider|Category|OperationName|Level|ResultType|x|"
         "properties_s",
         "2025-03-10T00:23:43Z|hub|MICROSOFT.DEVICES|Connections|deviceDisconnect|Error|404104|y|"
         "{\"deviceId\":\"pump\",\"protocol\":\"Mqtt\",\"maskedIpAddress\":\"10.0.0.XXX\"}",
         DROP},
        {"TimeGenerated [UTC]|_ResourceId|OperationName|Level|ResultType|deviceId_s|protocol_s|"
         "maskedIpAddress_s",
         "2025-03-10 00:23:43Z|/a/providers/microsoft.devices/iothubs/hub|deviceDisconnect|Error|"
         "404104|pump|Mqtt|10.0.0.XXX",
         DROP},
        {"time|resourceId|operationName|level|resultType|properties_deviceId_s|"
         "properties_protocol_s|properties_maskedIpAddress_s|properties_statusCode_d",
         "2025-03-10T00:23:43Z|/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB|deviceDisconnect|Error|"
         "404104|pump|Mqtt|10.0.0.XXX|404",
         DROP},
        /* Microsoft's query */
        {"TimeGenerated|OperationName|Level|ResultType|ResultDescription|DeviceId|Protocol|"
         "SDKVersion",
         "3/10/2025, 12:23:43.000 AM|deviceConnect|Information|None||pump/m|Mqtt|.NET/1.38.0",
         "connect 2025-03-10T00:23:43Z  pump/m 0 note - protocol=Mqtt sdk=.NET/1.38.0"},
        {"TimeGenerated|OperationName|Level|ResultType|ResultDescription|DeviceId|Protocol|"
         "SDKVersion",
         "2025-03-10T00:23:43Z|deviceDisconnect|null||DeviceConnectionClosedRemotely|pump|null|"
         "None",
         "disconnect 2025-03-10T00:23:43Z  pump 404104 note -"},
        {"TimeGenerated|OperationName|DeviceId", "|deviceConnect|pump",
         "bad: it has no time stamp"},
        {"TimeGenerated|OperationName|DeviceId", "yesterday|deviceConnect|pump",
         "bad: its time stamp cannot be read"},
        {"TimeGenerated|OperationName|DeviceId", "2025-03-10T00:23:43Z|deviceConnect|",
         "bad: a connection record without a device"},
        {"TimeGenerated|OperationName|properties_s",
         "2025-03-10T00:23:43Z|deviceConnect|{\"a\":", "bad: cut in the middle"},
        {"TimeGenerated|OperationName|DeviceId", "2025-03-10T00:23:43Z||pump", "not a record"},
        {"TimeGenerated|OperationName|Category|DeviceId", "2025-03-10T00:23:43Z|x|Routes|pump",
         "other record"},
        /* events of Event Grid in a table */
        {"eventType|eventTime|subject|topic",
         "Microsoft.Devices.DeviceConnected|2025-03-10T00:23:43Z|devices/pump|/MICROSOFT.DEVICES/"
         "IOTHUBS/hub",
         "connect 2025-03-10T00:23:43Z HUB pump 0 note -"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
        assert_true(header_of(decoder, cases[i].names).log);
        check_row(decoder, cases[i].row, cases[i].expected);
        ht_decoder_free(decoder);
    }
}

static void test_headers(void **state) {
    (void)state;
    static const struct {
        const char *names;
        const char *problem; /* NULL: no table of ours */
    } cases[] = {
        {"a|b", NULL},
        {"Level|Category", NULL},
        {"OperationName", NULL},
        {"OperationName|DeviceId", "a table without a column TimeGenerated"},
        {"TimeGenerated|DeviceId", "a table without a column OperationName"},
        {"TimeGenerated|OperationName", "a table without a column properties_s or DeviceId"},
    };
    struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const struct ht_decoded_header header = header_of(decoder, cases[i].names);
        assert_false(header.log);
        if (cases[i].problem == NULL) {
            assert_null(header.problem);
        } else {
            assert_string_equal(header.problem, cases[i].problem);
        }
    }
    assert_false(header_of(decoder, "TimeGenerated [UTC]|OperationName|DeviceId").local_time);
    assert_true(header_of(decoder, "TimeGenerated [Local Time]|OperationName|DeviceId").local_time);
    assert_true(header_of(decoder, "\"|time [CET]|operationname|deviceid").local_time);
    ht_decoder_free(decoder);
}

static void check_text(struct ht_decoder *decoder, const char *text, const char *expected) {
    struct ht_decoded decoded;
    struct ht_strbuf out;
    const size_t len = strlen(text);
    char *padded = padded_copy(text, len);
    ht_strbuf_init(&out, 1 << 16);
    const struct ht_str whole = {padded, len};
    assert_int_equal(text[0] == '[' ? ht_decode_row(decoder, whole, false, &decoded)
                                    : ht_decode(decoder, whole, &decoded),
                     HT_OK);
    print_decoded(&out, &decoded);
    if (strcmp(out.ptr, expected) != 0) {
        print_error("%s\n", text);
        assert_string_equal(out.ptr, expected);
    }
    ht_strbuf_release(&out);
    free(padded);
}

#define COLUMNS                                                                              \
    "[{\"name\":\"TimeGenerated\"},{\"name\":\"OperationName\"},{\"name\":\"x\"},{\"name\":" \
    "\"DeviceId\"}]"
#define CONNECT "connect 2025-03-10T00:23:43Z  pump 0 note -"
#define ROW "[\"2025-03-10T00:23:43Z\",\"deviceConnect\",null,\"pump\"]"

static void test_rows(void **state) {
    (void)state;
    struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
    check_text(decoder, "{\"name\":\"t\",\"columns\":" COLUMNS ",\"rows\":[", "rows");
    check_text(decoder, ROW, CONNECT);
    check_text(decoder, "[\"2025-03-10T00:23:43Z\",\"deviceConnect\",[1,{}],\"pump\"] ,", CONNECT);
    check_text(decoder, "[\"2025-03-10T00:23:43Z\",\"deviceConnect\",1e999,\"pump\"]",
               "bad: a number too big");
    check_text(decoder, "[\"2025-03-10T00:23:43Z\",\"deviceConnect\",\"\\ud83d\",\"pump\"]",
               "bad: half of a surrogate pair in a string");
    check_text(decoder, "[\"2025-03-10T00:23:43Z\",\"deviceConnect\",null]",
               "bad: a row with fewer cells than there are columns");
    check_text(decoder, "[1,2,3,4,5]", "bad: a row with more cells than there are columns");
    check_text(decoder, "[\"2025-03-10T00:23:43Z\",\"deviceConnect", "more");
    check_text(decoder, "[\"2025-03-10T00:23:43Z\" \"deviceConnect\"]",
               "not JSON: a comma or the end was expected");
    /* A record is a record, whatever else it has. */
    check_text(decoder,
               "{\"time\":\"2025-03-10T00:23:43Z\",\"operationName\":\"deviceConnect\","
               "\"deviceId\":\"pump\",\"rows\":[[1]],\"value\":[]}",
               CONNECT);
    ht_decoder_free(decoder);
}

/* Columns behind the rows, and in another frame. */
static void test_columns(void **state) {
    (void)state;
    struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
    struct ht_decoded decoded;
    char *text = padded_copy("{\"rows\":[", 9);
    assert_int_equal(ht_decode(decoder, (struct ht_str){text, 9}, &decoded), HT_OK);
    assert_true(decoded.kind == HT_DECODED_ROWS && decoded.headless && decoded.consumed == 9);
    free(text);
    assert_int_equal(ht_decode_columns(decoder, HT_STR("{}")), HT_E_DATA);
    assert_int_equal(ht_decode_columns(decoder, HT_STR("[{\"name\"")), HT_E_DATA);
    assert_int_equal(ht_decode_columns(decoder, HT_STR(COLUMNS)), HT_OK);
    check_text(decoder, ROW, CONNECT);
    check_text(decoder,
               "{\"FrameType\":\"TableHeader\",\"Columns\":[{\"ColumnName\":\"DeviceId\"},"
               "{\"ColumnName\":\"OperationName\"},{\"ColumnName\":\"TimeGenerated\"}]}",
               "not a record");
    check_text(decoder, "{\"FrameType\":\"TableFragment\",\"Rows\":[", "rows");
    check_text(decoder, "[\"pump\",\"deviceConnect\",\"2025-03-10T00:23:43Z\"]", CONNECT);
    ht_decoder_free(decoder);
}

static void test_wrappers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"{\"Results\":[", "wrapper"},
        {"{\"Results\":{", "wrapper"},
        {"{\"value\":[", "wrapper"},
        {"{\"Count\":2,\"value\":[", "wrapper"},
        {"{\"tables\":[", "wrapper"},
        {"{\"Tables\":[", "wrapper"},
        {"{\"value\":{}}", "not a record"},
        {"{\"Results\":null}", "not a record"},
        {"{\"tables\":3}", "not a record"},
        {"{\"rows\":3}", "not a record"},
        {"{\"eventType\":\"x\",\"value\":[]}", "not a record"},
    };
    struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        check_text(decoder, cases[i].text, cases[i].expected);
    }
    ht_decoder_free(decoder);
}

#define T "\"2025-03-10T00:23:43Z\""
#define DATA(members) \
    "\"data\":{\"deviceConnectionStateEventInfo\":{\"sequenceNumber\":\"1\"}" members "}"

static void test_snapshots(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"{\"topic\":\"/X\",\"subject\":\"devices/pump\",\"eventType\":"
         "\"Microsoft.Devices.DeviceDisconnected\",\"eventTime\":" T
         "," DATA(",\"hubName\":\"hub\",\"deviceId\":\"pump\",\"moduleId\":\"m\"") "}",
         "disconnect 2025-03-10T00:23:43Z HUB pump/m 0 note -"},
        {"{\"specversion\":\"1.0\",\"type\":\"Microsoft.Devices.DeviceConnected\",\"time\":" T
         ",\"source\":\"/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/hub\",\"subject\":\"devices/pump/"
         "modules/m\"," DATA("") "}",
         "connect 2025-03-10T00:23:43Z HUB pump/m 0 note -"},
        {"{\"type\":\"Microsoft.Devices.DeviceTelemetry\",\"time\":" T "}", "other record"},
        {"{\"eventType\":\"Microsoft.Storage.BlobCreated\",\"eventTime\":" T "}", "not a record"},
        {"{\"eventType\":\"Microsoft.Devices.DeviceConnected\"," DATA(",\"deviceId\":\"a\"") "}",
         "bad: it has no time stamp"},
        {"{\"eventType\":\"Microsoft.Devices.DeviceConnected\",\"eventTime\":" T "}",
         "bad: a connection record without a device"},
        /* routed */
        {"{\"hubName\":\"hub\",\"deviceId\":\"pump\",\"opType\":\"deviceConnected\","
         "\"operationTimestamp\":" T "}",
         "connect 2025-03-10T00:23:43Z HUB pump 0 note -"},
        {"{\"EnqueuedTimeUtc\":" T ",\"Properties\":{\"hubName\":\"hub\",\"deviceId\":\"pump\","
         "\"opType\":\"deviceDisconnected\",\"operationTimestamp\":" T
         "},\"Body\":{\"sequenceNumber\":\"1\"}}",
         "disconnect 2025-03-10T00:23:43Z HUB pump 0 note -"},
        {"{\"properties\":{\"opType\":\"updateTwin\",\"deviceId\":\"a\"}}", "other record"},
        {"{\"properties\":{\"deviceId\":\"a\"}}", "not a record"},
        /* operations monitoring */
        {"{\"time\":" T ",\"operationName\":\"deviceDisconnect\",\"category\":\"Connections\","
         "\"level\":\"Error\",\"statusCode\":404,\"statusType\":404104,\"statusDescription\":"
         "\"DeviceConnectionClosedRemotely\",\"deviceId\":\"pump\",\"protocol\":\"Mqtt\","
         "\"authType\":\"{\\\"scope\\\":\\\"device\\\",\\\"type\\\":\\\"sas\\\"}\"}",
         "disconnect 2025-03-10T00:23:43Z  pump 404104 error sas protocol=Mqtt"},
        {"{\"time\":" T ",\"operationName\":\"deviceConnect\",\"category\":\"Connections\","
         "\"level\":\"Error\",\"statusCode\":401,\"statusType\":401003,\"statusDescription\":\"x\","
         "\"deviceId\":\"pump\"}",
         "refused 2025-03-10T00:23:43Z  pump 401003 error -"},
    };
    struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        check_text(decoder, cases[i].text, cases[i].expected);
    }
    ht_decoder_free(decoder);
}

/* What a record says of the shape it came in, and of its date. */
static void test_marks(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum ht_naming naming;
        enum ht_stamp_kind stamp;
        unsigned flags;
    } cases[] = {
        {"{\"time\":" T ",\"operationName\":\"deviceConnect\",\"properties\":{\"deviceId\":\"a\"}}",
         HT_NAMING_ARCHIVE, HT_STAMP_ISO, 0},
        {"{\"TimeGenerated\":\"3/10/2025 "
         "1:00:00\",\"OperationName\":\"deviceConnect\",\"DeviceId\":\"a\"}",
         HT_NAMING_COLUMNS, HT_STAMP_EITHER, HT_EVENT_EITHER_DATE},
        {"{\"time\":\"13/10/2025 1:00:00\",\"operationName\":\"deviceConnect\",\"deviceId\":\"a\"}",
         HT_NAMING_MONITORING, HT_STAMP_DMY, 0},
        {"{\"eventTime\":" T
         ",\"eventType\":\"Microsoft.Devices.DeviceConnected\",\"subject\":\"devices/a\"}",
         HT_NAMING_SNAPSHOT, HT_STAMP_ISO, HT_EVENT_SNAPSHOT},
    };
    struct ht_decoder *decoder = new_decoder(HT_DATE_ORDER_PROVEN);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_decoded decoded;
        char *text = padded_copy(cases[i].text, strlen(cases[i].text));
        assert_int_equal(ht_decode(decoder, (struct ht_str){text, strlen(cases[i].text)}, &decoded),
                         HT_OK);
        assert_int_equal(decoded.kind, HT_DECODED_EVENT);
        assert_int_equal(decoded.naming, cases[i].naming);
        assert_true(decoded.stamped);
        assert_int_equal(decoded.stamp.kind, cases[i].stamp);
        assert_int_equal(decoded.record.flags, cases[i].flags);
        free(text);
    }
    ht_decoder_free(decoder);
    /* An order that was given leaves nothing open. */
    decoder = new_decoder(HT_DATE_ORDER_DMY);
    check_text(decoder,
               "{\"TimeGenerated\":\"3/10/2025 1:00:00\",\"OperationName\":\"deviceConnect\","
               "\"DeviceId\":\"a\"}",
               "connect 2025-10-03T01:00:00Z  a 0 note -");
    ht_decoder_free(decoder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),    cmocka_unit_test(test_headers),
        cmocka_unit_test(test_rows),     cmocka_unit_test(test_columns),
        cmocka_unit_test(test_wrappers), cmocka_unit_test(test_snapshots),
        cmocka_unit_test(test_marks),
    };
    return cmocka_run_group_tests_name("shapes", tests, NULL, NULL);
}
