/* SPDX-License-Identifier: MIT */
/*
 * Every shape of a record becomes the same event. The notation of an event: kind, time, hub,
 * device[/module], code, level, auth, then what else is known as name=value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../fuzz/agreement.h"
#include "base/compiler.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/time.h"
#include "decode/decoder.h"
#include "notation.h"

enum speed { FAST, SLOW };

struct decode_case {
    const char *text;
    const char *expected;
    enum speed speed;
};

static void check_cases(const struct decode_case *cases, size_t count) {
    struct ht_decoder *decoder = NULL;
    struct ht_decoder *other = NULL;
    struct ht_strbuf out;
    bool good = true;
    ht_strbuf_init(&out, 1 << 20);
    assert_int_equal(ht_decoder_new(&decoder, HT_DATE_ORDER_PROVEN), HT_OK);
    assert_int_equal(ht_decoder_new(&other, HT_DATE_ORDER_PROVEN), HT_OK);
    for (size_t i = 0; i < count; i++) {
        const size_t len = strlen(cases[i].text);
        char *text = padded_copy(cases[i].text, len);
        struct ht_decoded decoded;
        assert_int_equal(ht_decode(decoder, (struct ht_str){text, len}, &decoded), HT_OK);
        print_decoded(&out, &decoded);
        if (strcmp(out.ptr, cases[i].expected) != 0 || decoded.slow != (cases[i].speed == SLOW)) {
            print_error("%s\nis       %s%s\nexpected %s\n", cases[i].text, out.ptr,
                        decoded.slow ? " (slow)" : "", cases[i].expected);
            good = false;
        }
        (void)assert_agreement((struct ht_str){text, len});
        assert_same_way_round(decoder, other, (struct ht_str){text, len});
        free(text);
    }
    ht_decoder_free(decoder);
    ht_decoder_free(other);
    ht_strbuf_release(&out);
    assert_true(good);
}

#define CHECK(cases) check_cases(cases, HT_ARRAY_LEN(cases))

/* Pieces of records. */
#define T "\"time\":\"2025-03-10T00:23:43Z\""
#define RID                                                                                        \
    "\"resourceId\":\"/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/CONTOSO/" \
    "PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/CONTOSO-HUB\""
#define CONNECT \
    "\"operationName\":\"deviceConnect\",\"category\":\"Connections\",\"level\":\"Information\""
#define DROP                                                                                   \
    "\"operationName\":\"deviceDisconnect\",\"category\":\"Connections\",\"level\":\"Error\"," \
    "\"resultType\":\"404104\",\"resultDescription\":\"DeviceConnectionClosedRemotely\""
#define PROPS(members) "\"properties\":{\"deviceId\":\"pump-1\",\"protocol\":\"Mqtt\"" members "}"
#define OUT "2025-03-10T00:23:43Z CONTOSO-HUB pump-1"
#define DROPPED "disconnect " OUT " 404104 error - protocol=Mqtt"
#define CONNECTED "connect " OUT " 0 note - protocol=Mqtt"

static void test_archive_records(void **state) {
    (void)state;
    static const struct decode_case cases[] = {
        /* properties as an object, as a string, and as a string with escapes of all kinds */
        {"{" T "," RID "," DROP "," PROPS("") "}", DROPPED, FAST},
        {"{" T "," RID "," DROP
         ",\"properties\":\"{\\\"deviceId\\\":\\\"pump-1\\\",\\\"protocol\\\":\\\"Mqtt\\\"}\"}",
         DROPPED, FAST},
        {"{" T "," RID "," DROP
         ",\"properties\":\" \\u007b\\\"deviceId\\\":\\\"pump\\u002D1\\\",\\r\\n"
         "\\\"protocol\\\" : \\\"\\\\u004dqtt\\\" }\\n\"}",
         DROPPED, FAST},
        /* order of keys, unknown keys, white space, a tail */
        {"{ " PROPS("") ",\n\t" DROP " , \"x\" : [ 1 , {\"time\":2} , null ] ," RID ",\r\n" T " }"
                        ",{\"time\"",
         DROPPED, FAST},
        /* case of keys and of the resource id */
        {"{" T ",\"RESOURCEID\":\"/subscriptions/x/providers/Microsoft.Devices/IotHubs/"
         "Contoso-Hub\"," DROP "," PROPS("") "}",
         DROPPED, FAST},
        {"{" T ",\"resourceId\":\"/x/providers/microsoft.devices/iothubs/contoso-hub/sub\"," DROP
         "," PROPS("") "}",
         DROPPED, FAST},
        /* a success has neither code nor description; empty and null ones are the same */
        {"{" T "," RID "," CONNECT "," PROPS("") "}", CONNECTED, FAST},
        {"{" T "," RID "," CONNECT ",\"resultType\":\"\",\"resultDescription\":\"\"," PROPS("") "}",
         CONNECTED, FAST},
        {"{" T "," RID "," CONNECT ",\"resultType\":null,\"resultDescription\":null," PROPS("") "}",
         CONNECTED, FAST},
        {"{" T "," RID "," CONNECT ",\"resultType\":\"None\"," PROPS("") "}", CONNECTED, FAST},
        {"{" T "," RID "," CONNECT ",\"resultType\":0," PROPS("") "}", CONNECTED, FAST},
        {"{" T "," RID "," CONNECT ",\"resultType\":\"Success\"," PROPS("") "}", CONNECTED, FAST},
        {"{" T "," RID "," CONNECT ",\"resultType\":\"200000\"," PROPS("") "}", CONNECTED, FAST},
        /* everything that properties can tell */
        {"{" T "," RID "," CONNECT "," PROPS(
             ",\"sdkVersion\":\".NET/1.38.0 (X64; {A, B})\",\"maskedIpAddress\":\"10.1.2.XXX\","
             "\"statusCode\":null,\"errorMessage\":\"\",\"tlsVersion\":\"1.2\"") "}",
         CONNECTED " sdk=.NET/1.38.0 (X64; {A, B}) network=10.1.2.XXX", FAST},
        {"{" T "," RID "," DROP "," PROPS(
             ",\"errorMessage\":\"Device disconnected, see https://aka.ms/iothub404104\"") "}",
         DROPPED " message=Device disconnected, see https://aka.ms/iothub404104", FAST},
        {"{" T "," RID "," CONNECT
         ",\"properties\":{\"deviceId\":\"p\xC3\xBCmp \\u00e9\\uD83D\\uDCA9\"}}",
         "connect 2025-03-10T00:23:43Z CONTOSO-HUB p\xC3\xBCmp \xC3\xA9\xF0\x9F\x92\xA9 0 note -",
         FAST},
    };
    CHECK(cases);
}

static void test_codes(void **state) {
    (void)state;
#define END(members)                                                                             \
    "{" T "," RID ",\"operationName\":\"deviceDisconnect\",\"category\":\"Connections\"" members \
    "," PROPS("") "}"
#define ENDED(code) "disconnect " OUT " " code " note - protocol=Mqtt"
/* Neither a code nor a level: nothing says that it was a clean close. */
#define ENDED_SOMEHOW "disconnect " OUT " 0 warning - protocol=Mqtt"
    static const struct decode_case cases[] = {
        {END(",\"resultType\":404104"), ENDED("404104"), FAST},
        {END(",\"resultType\":\"404104 DeviceConnectionClosedRemotely\""), ENDED("404104"), FAST},
        {END(",\"resultType\":\" 404104\""), ENDED("404104"), FAST},
        {END(",\"resultType\":404"), ENDED("404"), FAST},
        {END(",\"level\":\"Information\""), ENDED("0"), FAST},
        {"{\"time\":\"0001-01-01T00:00:00Z\"," RID
         ",\"operationName\":\"deviceDisconnect\"," PROPS("") "}",
         "bad: its time stamp is before 2014 or after 2099", FAST},
        {"{\"time\":\"2100-01-01T00:00:00Z\"," RID
         ",\"operationName\":\"deviceDisconnect\"," PROPS("") "}",
         "bad: its time stamp is before 2014 or after 2099", FAST},
        {END(",\"resultDescription\":\"DeviceConnectionClosedRemotely\""), ENDED("404104"), FAST},
        {END(",\"resultDescription\":\"404104 DeviceConnectionClosedRemotely\""), ENDED("404104"),
         FAST},
        {END(",\"resultDescription\":\"404104 SomethingNew\""), ENDED("404104"), FAST},
        {END(",\"resultDescription\":\"404 messages\""), ENDED_SOMEHOW, FAST},
        {END(",\"resultDescription\":\"Event status\""), ENDED_SOMEHOW, FAST},
        {END(",\"resultType\":\"4041040\""), ENDED_SOMEHOW, FAST},
        {END(",\"resultType\":-404104"), ENDED_SOMEHOW, FAST},
        {END(",\"resultType\":404104.0"), ENDED_SOMEHOW, FAST},
        {END(",\"resultType\":[404104]"), ENDED_SOMEHOW, FAST},
        {END(",\"resultType\":true"), ENDED_SOMEHOW, FAST},
        {END(",\"resultType\":99999999999999999999"), "bad: a number too big", SLOW},
        {"{" T "," RID
         ",\"operationName\":\"deviceDisconnect\",\"category\":\"Connections\"," PROPS(
             ",\"errorMessage\":\"see https://aka.ms/iothub401003\",\"statusCode\":\"401\"") "}",
         ENDED("401003") " message=see https://aka.ms/iothub401003", FAST},
        {"{" T "," RID
         ",\"operationName\":\"deviceDisconnect\",\"category\":\"Connections\"," PROPS(
             ",\"statusCode\":\"404\"") "}",
         ENDED("404"), FAST},
        {"{" T "," RID
         ",\"operationName\":\"deviceDisconnect\",\"category\":\"Connections\"," PROPS(
             ",\"statusCode\":404") "}",
         ENDED("404"), FAST},
        /* refused connects: by code, or by level alone */
        {"{" T "," RID ",\"operationName\":\"deviceConnect\",\"category\":\"Connections\","
         "\"level\":\"Error\",\"resultType\":\"401003\"," PROPS("") "}",
         "refused " OUT " 401003 error - protocol=Mqtt", FAST},
        {"{" T "," RID ",\"operationName\":\"deviceConnect\",\"level\":\"Error\"," PROPS("") "}",
         "refused " OUT " 0 error - protocol=Mqtt", FAST},
        {"{" T "," RID ",\"operationName\":\"deviceConnect\",\"level\":\"Warning\"," PROPS("") "}",
         "connect " OUT " 0 warning - protocol=Mqtt", FAST},
        {"{" T "," RID ",\"operationName\":\"deviceConnect\",\"level\":4," PROPS("") "}",
         "connect " OUT " 0 note - protocol=Mqtt", FAST},
        {"{" T "," RID ",\"operationName\":\"deviceConnect\",\"level\":2," PROPS("") "}",
         "refused " OUT " 0 error - protocol=Mqtt", FAST},
    };
    CHECK(cases);
}

static void test_authentication(void **state) {
    (void)state;
#define AUTH(value) "{" T "," RID "," CONNECT "," PROPS(",\"authType\":" value) "}"
#define AUTHED(auth) "connect " OUT " 0 note " auth " protocol=Mqtt"
    static const struct decode_case cases[] = {
        {AUTH("\"{\\\"scope\\\":\\\"device\\\",\\\"type\\\":\\\"sas\\\",\\\"issuer\\\":"
              "\\\"iothub\\\","
              "\\\"acceptingIpFilterRule\\\":null}\""),
         AUTHED("sas"), FAST},
        {AUTH("{\"scope\":\"device\",\"type\":\"x509Certificate\"}"), AUTHED("x509"), FAST},
        {AUTH("\"sas\""), AUTHED("sas"), FAST},
        {AUTH("\"selfSigned\""), AUTHED("x509"), FAST},
        {AUTH("\"certificateAuthority\""), AUTHED("x509"), FAST},
        {AUTH("\"tpm\""), AUTHED("other"), FAST},
        {AUTH("null"), AUTHED("-"), FAST},
        {AUTH("\"\""), AUTHED("-"), FAST},
        {AUTH("\"None\""), AUTHED("-"), FAST},
        {AUTH("{}"), AUTHED("-"), FAST},
        {AUTH("{\"type\":null}"), AUTHED("-"), FAST},
        /* a broken one costs only itself */
        {AUTH("\"{\\\"type\\\":\""), AUTHED("-"), FAST},
        {AUTH("\"{'type':'sas'}\""), AUTHED("-"), FAST},
        {AUTH("\"{\\\"type\\\":\\\"sas\\\"} x\""), AUTHED("-"), FAST},
        {AUTH("{\"type\":\"sas\",\"type\":\"x509\"}"), AUTHED("x509"), SLOW},
        /* every part that can need jansson does */
        {"{\"\\u0061\":0," T "," RID "," CONNECT
         ",\"properties\":\"{\\\"deviceId\\\":\\\"pump-1\\\",\\\"protocol\\\":\\\"Mqtt\\\","
         "\\\"x\\\":-0,\\\"authType\\\":\\\"{\\\\\\\"a\\\\\\\":-0}\\\"}\","
         "\"authType\":\"{\\\"a\\\":-0}\",\"authType_s\":\"{\\\"a\\\":-0,\\\"type\\\":\\\"sas\\\"}"
         "\"}",
         AUTHED("sas"), SLOW},
        /* a third level of strings */
        {"{" T "," RID "," CONNECT ",\"properties\":\"{\\\"deviceId\\\":\\\"pump-1\\\","
         "\\\"protocol\\\":\\\"Mqtt\\\",\\\"authType\\\":"
         "\\\"{ \\\\\\\"type\\\\\\\" : \\\\\\\"sas\\\\\\\" }\\\"}\"}",
         AUTHED("sas"), FAST},
    };
    CHECK(cases);
}

static void test_modules(void **state) {
    (void)state;
#define MODULE(properties) "{" T "," RID "," CONNECT ",\"properties\":{" properties "}}"
#define MODULED(name) "connect 2025-03-10T00:23:43Z CONTOSO-HUB " name " 0 note -"
    static const struct decode_case cases[] = {
        {MODULE("\"deviceId\":\"gw\",\"moduleId\":\"$edgeAgent\""), MODULED("gw/$edgeAgent"), FAST},
        {MODULE("\"deviceId\":\"gw/$edgeHub\""), MODULED("gw/$edgeHub"), FAST},
        {MODULE("\"deviceId\":\"gw\\/m\""), MODULED("gw/m"), FAST},
        {MODULE("\"deviceId\":\"gw/a\",\"moduleId\":\"a\""), MODULED("gw/a"), FAST},
        {MODULE("\"deviceId\":\"gw/\""), MODULED("gw"), FAST},
        {MODULE("\"deviceId\":\"gw\",\"moduleId\":null"), MODULED("gw"), FAST},
        {MODULE("\"deviceId\":\"gw\",\"moduleId\":\"\""), MODULED("gw"), FAST},
        {MODULE("\"deviceId\":42"), MODULED("42"), FAST},
        {"{" T "," RID ",\"category\":\"Connections\",\"operationName\":\"moduleConnect\","
         "\"properties\":{\"deviceId\":\"gw\",\"moduleId\":\"m\"}}",
         MODULED("gw/m"), FAST},
        {"{" T "," RID ",\"category\":\"connections\",\"operationName\":\"MODULEDISCONNECT\","
         "\"properties\":{\"deviceId\":\"gw\",\"moduleId\":\"m\"}}",
         "disconnect 2025-03-10T00:23:43Z CONTOSO-HUB gw/m 0 warning -", FAST},
        {MODULE("\"deviceId\":\"\""), "bad: a connection record without a device", FAST},
        {MODULE("\"deviceId\":\"/m\""), "bad: a connection record without a device", FAST},
        {MODULE("\"deviceId\":null"), "bad: a connection record without a device", FAST},
        {"{" T "," RID "," CONNECT "}", "bad: a connection record without a device", FAST},
    };
    CHECK(cases);
}

static void test_times(void **state) {
    (void)state;
#define AT(value) "{\"time\":" value "," RID "," CONNECT "," PROPS("") "}"
#define WHEN(time) "connect " time " CONTOSO-HUB pump-1 0 note - protocol=Mqtt"
    static const struct decode_case cases[] = {
        {AT("\"2025-03-10T00:23:43.1Z\""), WHEN("2025-03-10T00:23:43.1Z"), FAST},
        {AT("\"2025-03-10T00:23:43.6025432Z\""), WHEN("2025-03-10T00:23:43.602543Z"), FAST},
        {AT("\"2025-03-10T00:23:43.123456789Z\""), WHEN("2025-03-10T00:23:43.123456Z"), FAST},
        {AT("\"2025-03-10T02:23:43+02:00\""), WHEN("2025-03-10T00:23:43Z"), FAST},
        {AT("\" 2025-03-10T00:23:43 \""), WHEN("2025-03-10T00:23:43Z"), FAST},
        {AT("\"2025\\u002d03-10T00:23:43Z\""), WHEN("2025-03-10T00:23:43Z"), FAST},
        {AT("\"3/10/2025, 12:23:43.000 AM\""), CONNECTED, FAST},
        {AT("\"3/10/25, 12:23:43.000 AM\""), "bad: its time stamp cannot be read", FAST},
        {AT("\"2025-02-30T00:00:00Z\""), "bad: its time stamp cannot be read", FAST},
        {AT("1741566223"), "bad: its time stamp cannot be read", FAST},
        {AT("\"\""), "bad: it has no time stamp", FAST},
        {AT("null"), "bad: it has no time stamp", FAST},
        {AT("\"None\",\"TimeGenerated\":\"2025-03-10T00:23:43Z\""), WHEN("2025-03-10T00:23:43Z"),
         FAST},
    };
    CHECK(cases);
}

static void test_rows(void **state) {
    (void)state;
#define ROW                                                                                \
    "\"TableName\":\"PrimaryResult\",\"TimeGenerated\":\"2025-03-10T00:23:43Z\",\"Type\":" \
    "\"AzureDiagnostics\""
    static const struct decode_case cases[] = {
        /* as `az ... -o json` prints them */
        {"{" ROW ",\"Category\":\"Connections\",\"Level\":\"Error\",\"OperationName\":"
         "\"deviceDisconnect\",\"ResultType\":\"404104\",\"ResultDescription\":"
         "\"DeviceConnectionClosedRemotely\",\"ResourceId\":\"/SUBSCRIPTIONS/X/PROVIDERS/"
         "MICROSOFT.DEVICES/IOTHUBS/CONTOSO-HUB\",\"DurationMs\":\"None\",\"properties_s\":"
         "\"{\\\"deviceId\\\":\\\"pump-1\\\",\\\"protocol\\\":\\\"Mqtt\\\"}\"}",
         DROPPED, FAST},
        {"{" ROW ",\"Category\":\"Connections\",\"Level\":\"Information\",\"OperationName\":"
         "\"deviceConnect\",\"ResultType\":\"None\",\"ResultDescription\":\"None\",\"ResourceId\":"
         "\"None\",\"_ResourceId\":\"/subscriptions/x/providers/microsoft.devices/iothubs/"
         "contoso-hub\",\"DeviceId\":\"None\",\"properties_s\":"
         "\"{\\\"deviceId\\\":\\\"pump-1\\\",\\\"protocol\\\":\\\"Mqtt\\\"}\"}",
         CONNECTED, FAST},
        /* the hub from its own column */
        {"{" ROW ",\"Category\":\"Connections\",\"OperationName\":\"deviceConnect\","
         "\"ResourceProvider\":\"MICROSOFT.DEVICES\",\"Resource\":\"Contoso-Hub\",\"properties_s\":"
         "\"{\\\"deviceId\\\":\\\"pump-1\\\",\\\"protocol\\\":\\\"Mqtt\\\"}\"}",
         CONNECTED, FAST},
        /* the 8 columns of Microsoft's triage query: neither resource nor category */
        {"{\"TableName\":\"PrimaryResult\",\"TimeGenerated\":\"2025-03-10T00:23:43Z\","
         "\"OperationName\":\"deviceDisconnect\",\"Level\":\"Error\",\"ResultType\":\"404104\","
         "\"ResultDescription\":\"DeviceConnectionClosedRemotely\",\"DeviceId\":\"pump-1\","
         "\"Protocol\":\"Mqtt\",\"SDKVersion\":\"None\"}",
         "disconnect 2025-03-10T00:23:43Z  pump-1 404104 error - protocol=Mqtt", FAST},
        /* columns that Log Analytics made of properties, one column of which is empty */
        {"{" ROW ",\"Category\":\"Connections\",\"OperationName\":\"deviceConnect\","
         "\"DeviceId\":\"\",\"deviceId_s\":\"pump-1\",\"moduleId_s\":\"m\",\"protocol_s\":\"Mqtt\","
         "\"sdkVersion_s\":\"s\",\"maskedIpAddress_s\":\"10.1.2.XXX\",\"authType_s\":"
         "\"{\\\"type\\\":\\\"sas\\\"}\",\"statusCode_s\":\"404\",\"errorMessage_S\":\"e\"}",
         "refused 2025-03-10T00:23:43Z  pump-1/m 404 note sas protocol=Mqtt sdk=s "
         "network=10.1.2.XXX message=e",
         FAST},
        {"{" ROW ",\"Category\":\"Connections\",\"OperationName\":\"deviceConnect\","
         "\"AdditionalFields\":{\"deviceId\":\"pump-1\"}}",
         "connect 2025-03-10T00:23:43Z  pump-1 0 note -", FAST},
        /* properties win over columns */
        {"{" ROW ",\"Category\":\"Connections\",\"OperationName\":\"deviceConnect\","
         "\"DeviceId\":\"column\",\"properties_s\":\"{\\\"deviceId\\\":\\\"inner\\\"}\"}",
         "connect 2025-03-10T00:23:43Z  inner 0 note -", FAST},
        {"{" ROW ",\"Category\":\"Connections\",\"OperationName\":\"deviceConnect\","
         "\"DeviceId\":\"pump-1\",\"properties_s\":\"None\"}",
         "connect 2025-03-10T00:23:43Z  pump-1 0 note -", FAST},
        /* a row of something else */
        {"{" ROW ",\"Computer\":\"x\",\"count_\":\"57\"}", "not a record", FAST},
    };
    CHECK(cases);
}

static void test_other_records(void **state) {
    (void)state;
#define OTHER(category, name, more) \
    "{" T "," RID ",\"category\":\"" category "\",\"operationName\":\"" name "\"" more "}"
#define HEALTH(device, code, level) \
    "health 2025-03-10T00:23:43Z CONTOSO-HUB " device " " code " " level " -"
    static const struct decode_case cases[] = {
        {OTHER("DeviceTelemetry", "ingress", ""), "other record", FAST},
        {OTHER("Routes", "endpointUnhealthy", ",\"level\":\"Error\",\"properties\":\"{broken\""),
         "other record", FAST},
        {OTHER("C2DCommands", "messageExpired", ",\"resultType\":\"404001\""), "other record",
         FAST},
        {OTHER("D2CTwinOperations", "read",
               ",\"level\":\"Error\",\"resultType\":\"500001\",\"properties\":\"{\\\"deviceId\\\":"
               "\\\"pump-1\\\"}\""),
         HEALTH("pump-1", "500001", "error") " operation=D2CTwinOperations/read", FAST},
        {OTHER("Routes", "endpointDead",
               ",\"resultType\":503001,\"properties\":{\"deviceId\":null}"),
         HEALTH("", "503001", "note") " operation=Routes/endpointDead", FAST},
        {OTHER("DirectMethods", "send", ",\"resultType\":\"504101\",\"level\":\"Warning\""),
         HEALTH("", "504101", "warning") " operation=DirectMethods/send", FAST},
        {OTHER("DeviceTelemetry", "ingress", ",\"resultType\":\"429001\""),
         HEALTH("", "429001", "note") " operation=DeviceTelemetry/ingress", FAST},
        {OTHER("Routes", "x", ",\"resultType\":\"403004\""),
         HEALTH("", "403004", "note") " operation=Routes/x", FAST},
        {OTHER("Connections", "x", ",\"resultType\":\"400027\""),
         HEALTH("", "400027", "note") " operation=Connections/x", FAST},
        {OTHER("DeviceTelemetry", "x", ",\"resultDescription\":\"InternalServerError\""),
         HEALTH("", "500001", "note") " operation=DeviceTelemetry/x", FAST},
        /* a connect of another category is none */
        {OTHER("DeviceStreams", "deviceConnect", ""), "other record", FAST},
        /* what a broken inner part costs when the record matters */
        {OTHER("DeviceTelemetry", "x", ",\"resultType\":\"500001\",\"properties\":\"{\\\"a\\\":\""),
         "bad: cut in the middle", FAST},
        {"{" T ",\"resourceId\":\"/SUBSCRIPTIONS/X/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/A\","
         "\"category\":\"StorageRead\",\"operationName\":\"GetBlob\"}",
         "other service", FAST},
        {"{" T ",\"resourceId\":\"/SUBSCRIPTIONS/X/PROVIDERS/MICROSOFT.DEVICES/"
         "PROVISIONINGSERVICES/DPS\",\"category\":\"DeviceOperations\",\"operationName\":\"x\"}",
         "other service", FAST},
        {"{" T
         ",\"category\":\"FunctionAppLogs\",\"operationName\":\"x\",\"properties\":\"{'a':1}\"}",
         "other service", FAST},
        {"{" ROW ",\"Category\":\"kube-audit\",\"OperationName\":\"x\",\"ResourceProvider\":"
         "\"MICROSOFT.CONTAINERSERVICE\"}",
         "other service", FAST},
        {"{}", "not a record", FAST},
        {"{\"deviceId\":\"pump-1\"}", "not a record", FAST},
        {"{\"time\":\"2025-03-10T00:23:43Z\"}", "not a record", FAST},
        {"{\"operationName\":\"deviceConnect\",\"properties\":{\"deviceId\":\"d\"}}",
         "bad: it has no time stamp", FAST},
    };
    CHECK(cases);
}

static void test_properties(void **state) {
    (void)state;
#define WITH(value) "{" T "," RID "," CONNECT ",\"properties\":" value "}"
    static const struct decode_case cases[] = {
        {WITH("\"{'deviceId':'pump-1'}\""), "bad: a key was expected", FAST},
        {WITH("\"{\\\"deviceId\\\":\\\"pump-1\\\"\""), "bad: cut in the middle", FAST},
        {WITH("\"{\\\"deviceId\\\":\\\"pump-1\\\"} x\""), "bad: something follows the JSON in it",
         FAST},
        {WITH("\"deviceId=pump-1\""), "bad: properties are not a JSON object", FAST},
        {WITH("\"[]\""), "bad: properties are not a JSON object", FAST},
        {WITH("7"), "bad: properties are not a JSON object", FAST},
        {WITH("[]"), "bad: a connection record without a device", FAST},
        {WITH("\"{}\""), "bad: a connection record without a device", FAST},
        {WITH("\"{\\\"records\\\":[1],\\\"deviceId\\\":\\\"pump-1\\\"}\""),
         "connect " OUT " 0 note -", SLOW},
        {WITH("{\"records\":[1],\"deviceId\":\"pump-1\"}"), "connect " OUT " 0 note -", SLOW},
        {WITH("\"{\\\"records\\\":[1]\""), "bad: not JSON", SLOW},
        /* both properties and properties_s: the first that is something */
        {"{" T "," RID "," CONNECT ",\"properties\":null,\"properties_s\":\"{\\\"deviceId\\\":"
         "\\\"pump-1\\\"}\"}",
         "connect " OUT " 0 note -", FAST},
    };
    CHECK(cases);
}

/* What the scanner leaves to jansson, or refuses. */
static void test_unusual_text(void **state) {
    (void)state;
#define NAMED(id) "{" T "," RID "," CONNECT ",\"properties\":{\"deviceId\":\"" id "\"}}"
#define STRINGED(id) \
    "{" T "," RID "," CONNECT ",\"properties\":\"{\\\"deviceId\\\":\\\"" id "\\\"}\"}"
    static const struct decode_case cases[] = {
        {"{\"t\\u0069me\":\"2025-03-10T00:23:43Z\"," RID "," CONNECT "," PROPS("") "}", CONNECTED,
         SLOW},
        {"{" T ",\"time\":\"2026-03-10T00:23:43Z\"," RID "," CONNECT "," PROPS("") "}",
         "connect 2026-03-10T00:23:43Z CONTOSO-HUB pump-1 0 note - protocol=Mqtt", SLOW},
        {"{" T "," RID "," CONNECT "," PROPS(",\"deviceId\":\"pump-2\"") "}",
         "connect 2025-03-10T00:23:43Z CONTOSO-HUB pump-2 0 note - protocol=Mqtt", SLOW},
        {NAMED("\\ud800"), "bad: half of a surrogate pair in a string", SLOW},
        {NAMED("\\udc00\\ud800"), "bad: half of a surrogate pair in a string", SLOW},
        {NAMED("\\ud800\\u0041"), "bad: half of a surrogate pair in a string", SLOW},
        {NAMED("\\ud800\\ud800\\udc00"), "bad: half of a surrogate pair in a string", SLOW},
        {NAMED("\xff"), "bad: text that is not UTF-8", SLOW},
        {NAMED("\xc0\x80"), "bad: text that is not UTF-8", SLOW},
        {NAMED("\xed\xa0\x80"), "bad: text that is not UTF-8", SLOW},
        {NAMED("a\\u0000b"), "bad: a NUL character in a string", SLOW},
        {STRINGED("\\\\ud800"), "bad: half of a surrogate pair in a string", SLOW},
        {STRINGED("a\\\\u0000b"), "bad: a NUL character in a string", SLOW},
        {STRINGED("a\\nb"), "bad: line break or control character in a string", FAST},
        {NAMED("a\x01"), "not JSON: line break or control character in a string", FAST},
        {NAMED("a\\x"), "not JSON: wrong escape in a string", FAST},
        {NAMED("a\\u12g4"), "not JSON: wrong escape in a string", FAST},
        {NAMED("\\ud800\\u12"), "not JSON: wrong escape in a string", FAST},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":1e5}", CONNECTED, SLOW},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":1e999}", "bad: a number too big", SLOW},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":-0}", CONNECTED, SLOW},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":-0.5}", CONNECTED, SLOW},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":999999999999999999}", CONNECTED, FAST},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":9223372036854775807}", CONNECTED, SLOW},
        {"{" T "," RID "," CONNECT "," PROPS("") ",\"x\":9223372036854775808}",
         "bad: a number too big", SLOW},
        {"{\"x\":01}", "not JSON: wrong number", FAST},
        {"{\"x\":1.}", "not JSON: wrong number", FAST},
        {"{\"x\":-}", "not JSON: wrong number", FAST},
        {"{\"x\":+1}", "not JSON: not a JSON value", FAST},
        {"{\"x\":nul}", "not JSON: not a JSON value", FAST},
        {"{\"x\":nulls}", "not JSON: not a JSON value", FAST},
        {"{\"x\":NaN}", "not JSON: not a JSON value", FAST},
        {"{\"x\":'a'}", "not JSON: not a JSON value", FAST},
        {"{\"x\" 1}", "not JSON: a colon was expected", FAST},
        {"{\"x\":1,}", "not JSON: a key was expected", FAST},
        {"{x:1}", "not JSON: a key was expected", FAST},
        {"{\"x\":[1,]}", "not JSON: not a JSON value", FAST},
        {"{\"x\":[1}", "not JSON: a comma or the end was expected", FAST},
        {"{\"x\":{\"y\":1]}", "not JSON: a comma or the end was expected", FAST},
        {"{\"x\":1 \"y\":2}", "not JSON: a comma or the end was expected", FAST},
        {"{\"x\":[1 2]}", "not JSON: a comma or the end was expected", FAST},
        {"{\"x\":[[],{},[{}],[[1],{\"y\":{}}]]}", "not a record", FAST},
    };
    CHECK(cases);
}

static void test_wrappers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum ht_decoded_kind kind;
        size_t consumed;
    } cases[] = {
        {"{\"records\":[{}", HT_DECODED_WRAPPER, 12},
        {"{ \"Records\" : [", HT_DECODED_WRAPPER, 15},
        {"{\"x\":{},\"records\":[]}", HT_DECODED_WRAPPER, 19},
        {"{\"records\":{}}", HT_DECODED_NOT_RECORD, 14},
        {"{\"records\":", HT_DECODED_MORE, 0},
        {"{", HT_DECODED_MORE, 0},
        {"{}", HT_DECODED_NOT_RECORD, 2},
        {"{} {}", HT_DECODED_NOT_RECORD, 2},
    };
    struct ht_decoder *decoder = NULL;
    assert_int_equal(ht_decoder_new(&decoder, HT_DATE_ORDER_PROVEN), HT_OK);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const size_t len = strlen(cases[i].text);
        char *text = padded_copy(cases[i].text, len);
        struct ht_decoded decoded;
        assert_int_equal(ht_decode(decoder, (struct ht_str){text, len}, &decoded), HT_OK);
        assert_int_equal(decoded.kind, cases[i].kind);
        if (cases[i].consumed > 0) {
            assert_int_equal(decoded.consumed, cases[i].consumed);
        }
        free(text);
    }
    ht_decoder_free(decoder);
    ht_decoder_free(NULL);
}

/* Objects and arrays in one another: up to 64, with the record; whatever is deeper is refused. */
static void test_nesting(void **state) {
    (void)state;
    struct ht_decoder *decoder = NULL;
    assert_int_equal(ht_decoder_new(&decoder, HT_DATE_ORDER_PROVEN), HT_OK);
    for (size_t depth = 1; depth < 200; depth++) {
        struct ht_strbuf text;
        ht_strbuf_init(&text, 1 << 16);
        ht_strbuf_puts(&text, "{\"x\":");
        ht_strbuf_repeat(&text, '[', depth - 1);
        ht_strbuf_puts(&text, depth == 1 ? "1" : "");
        ht_strbuf_repeat(&text, ']', depth - 1);
        ht_strbuf_putc(&text, '}');
        const size_t len = text.len;
        ht_strbuf_repeat(&text, ' ', HT_DECODE_PADDING);
        struct ht_decoded decoded;
        assert_int_equal(ht_decode(decoder, (struct ht_str){text.ptr, len}, &decoded), HT_OK);
        assert_int_equal(decoded.kind,
                         depth <= HT_SCAN_DEPTH_MAX ? HT_DECODED_NOT_RECORD : HT_DECODED_NOT_JSON);
        ht_strbuf_release(&text);
    }
    ht_decoder_free(decoder);
}

/* Long names are cut between code points, so that texts stay UTF-8. */
static void test_long_names(void **state) {
    (void)state;
    struct ht_decoder *decoder = NULL;
    assert_int_equal(ht_decoder_new(&decoder, HT_DATE_ORDER_PROVEN), HT_OK);
    for (size_t before = 120; before < 130; before++) {
        struct ht_strbuf text;
        ht_strbuf_init(&text, 1 << 16);
        ht_strbuf_puts(&text, "{" T ",\"resultType\":\"500001\",\"resourceId\":"
                              "\"/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/");
        ht_strbuf_repeat(&text, 'h', before);
        ht_strbuf_puts(&text, "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\",\"category\":\"");
        ht_strbuf_repeat(&text, 'c', before);
        ht_strbuf_puts(&text, "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\",\"operationName\":\"");
        ht_strbuf_repeat(&text, 'o', before);
        ht_strbuf_puts(&text, "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\"}");
        const size_t len = text.len;
        ht_strbuf_repeat(&text, ' ', HT_DECODE_PADDING);
        struct ht_decoded decoded;
        assert_int_equal(ht_decode(decoder, (struct ht_str){text.ptr, len}, &decoded), HT_OK);
        assert_int_equal(decoded.kind, HT_DECODED_EVENT);
        const struct ht_str names[] = {decoded.record.hub, decoded.record.operation};
        for (size_t i = 0; i < HT_ARRAY_LEN(names); i++) {
            char printable[400];
            (void)ht_text_printable(printable, sizeof printable, names[i]);
            assert_null(strchr(printable, '\\'));
            assert_true(names[i].len > 120);
        }
        ht_strbuf_release(&text);
    }
    ht_decoder_free(decoder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_archive_records), cmocka_unit_test(test_codes),
        cmocka_unit_test(test_authentication),  cmocka_unit_test(test_modules),
        cmocka_unit_test(test_times),           cmocka_unit_test(test_rows),
        cmocka_unit_test(test_other_records),   cmocka_unit_test(test_properties),
        cmocka_unit_test(test_unusual_text),    cmocka_unit_test(test_wrappers),
        cmocka_unit_test(test_nesting),         cmocka_unit_test(test_long_names),
    };
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
