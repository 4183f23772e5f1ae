/* SPDX-License-Identifier: MIT */
/* What is refused, in which words; and what only looks like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "input/sniff.h"

#define RECORD "{\"time\":\"2025-03-10T00:00:00Z\",\"category\":\"Connections\"}\n"

static void test_refused(void **state) {
    (void)state;
    static const struct {
        struct ht_str head;
        const char *problem; /* how it begins */
        const char *hint;    /* what it holds */
    } cases[] = {
        {HT_STR_INIT("\x89PNG\r\n\x1a\n\0\0"), "a PNG image", "-o json"},
        {HT_STR_INIT("\xff\xd8\xff\xe0"), "a JPEG image", "-o json"},
        {HT_STR_INIT("GIF89a"), "a GIF image", "-o json"},

        {HT_STR_INIT("BZh91AY&SY\0"), "bzip2-compressed", "bzip2 -dc FILE"},
        {HT_STR_INIT("\xfd"
                     "7zXZ\0"),
         "xz-compressed", "xz -dc FILE"},
        {HT_STR_INIT("%PDF-1.7\n"), "a PDF document", "-o json"},
        {HT_STR_INIT("Obj\x01\x04\x16"), "an Avro file", "avro-tools tojson FILE"},
        {HT_STR_INIT("PAR1\x15\x04"), "a Parquet file", "duckdb"},
        {HT_STR_INIT("SQLite format 3\0"), "an SQLite database", "-o json"},
        {HT_STR_INIT("\x7f"
                     "ELF\x02"),
         "a program", "-o json"},
        {HT_STR_INIT("\xff\xfe\0\0{\0\0\0"), "UTF-32 text", "iconv -f UTF-32"},
        {HT_STR_INIT("{\0\"\0t\0"), "UTF-16 text", "iconv -f UTF-16LE"},
        {HT_STR_INIT("[\0{\0"), "UTF-16 text", "iconv -f UTF-16LE"},
        {HT_STR_INIT("\0[\0{"), "binary data", "-o json"},
        {HT_STR_INIT("text\0"), "binary data", "-o json"},
        {HT_STR_INIT("<!DOCTYPE html>\n<html>"), "an HTML page", "az login"},
        {HT_STR_INIT("\xEF\xBB\xBF \r\n<HTML lang=en>"), "an HTML page", "az login"},
        {HT_STR_INIT("<?xml version=\"1.0\"?><Error>"), "an XML document", "signature and expiry"},
        {HT_STR_INIT("ERROR: Please run 'az login'"), "an error message of the Azure command line",
         "export again"},
        {HT_STR_INIT("{\"error\":{\"code\":\"InvalidToken\"}}"), "an error answer of Azure",
         "read the message"},
        {HT_STR_INIT("{ \"error\" : {"), "an error answer of Azure", "read the message"},
        {HT_STR_INIT("Category     Level\n-----------  ------\nConnections  Error\n"),
         "a table for the eye", "-o json"},
        {HT_STR_INIT("- Category: Connections\n  Level: Error\n"), "YAML", "-o json"},
        {HT_STR_INIT("- CallerIPAddress: x\n  Type: y\n"), "YAML", "-o json"},
        {HT_STR_INIT("{\n  \"cost\": 0,\n  \"interval\": \"PT1M\",\n"), "metrics", "-o json"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_refusal refusal = {"nothing", ""};
        const bool refused = ht_sniff_refuses(cases[i].head, false, &refusal);
        if (!refused || strstr(refusal.problem, cases[i].problem) != refusal.problem ||
            strstr(refusal.hint, cases[i].hint) == NULL) {
            print_error("case %zu: %s; %s\n", i, refusal.problem, refusal.hint);
            fail();
        }
    }
}

static void test_may_be_logs(void **state) {
    (void)state;
    static const struct ht_str heads[] = {
        HT_STR_INIT(""),
        HT_STR_INIT(" \n"),
        HT_STR_INIT("{"),
        HT_STR_INIT("["),
        HT_STR_INIT(RECORD),
        HT_STR_INIT("\xEF\xBB\xBF" RECORD),
        HT_STR_INIT("[\n  {\n    \"Category\": \"Connections\",\n    \"TimeGenerated\": \"x\"\n"),
        HT_STR_INIT("{\"records\":[" RECORD),
        HT_STR_INIT("{\"error\":null,\"time\":\"2025-03-10T00:00:00Z\"}"),
        HT_STR_INIT("{\"errorMessage\":{}}"),
        HT_STR_INIT("{\"tables\":3}"),
        HT_STR_INIT("{\"Results\":{}}"),
        /* tables, answers of query APIs, events */
        HT_STR_INIT("TimeGenerated,OperationName,Level\n2025-03-10T00:00:00Z,x,y\n"),
        HT_STR_INIT("\xEF\xBB\xBF\"TimeGenerated [UTC]\",OperationName,\"properties_s\"\r\n"),
        HT_STR_INIT("OperationName\tLevel\nx\t\0\n"),
        HT_STR_INIT("#TYPE System.Management.Automation.PSCustomObject\r\n"),
        HT_STR_INIT("{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":["),
        HT_STR_INIT("[{\"FrameType\":\"DataSetHeader\",\"IsProgressive\":false}"),
        HT_STR_INIT("{\r\n    \"Results\":  [\r\n"),
        HT_STR_INIT("{\"specversion\":\"1.0\",\"type\":\"Microsoft.Devices.DeviceConnected\"}"),
        /* parts of records */
        HT_STR_INIT(",\"operationName\""),
        HT_STR_INIT("nnections\",\"operationName\":\"deviceConnect\",\"level\":\"x\"}\n"),
        HT_STR_INIT("TimeGenerated,OperationName"), /* perhaps in a string: no line end */
        HT_STR_INIT("x, operationName: y\n"),
        HT_STR_INIT("OperationName\n"),
        HT_STR_INIT(",,OperationName\n"),
        HT_STR_INIT("Level,Category\n"),
        HT_STR_INIT("Category\n\n"),
        HT_STR_INIT("Category\n-x-\n"),
        /* what a device may call itself */
        HT_STR_INIT("{\"deviceId\":\"Microsoft.Devices.DeviceConnected\"}"),
        HT_STR_INIT("{\"p\":\"{\\\"eventType\\\":\\\"Microsoft.Devices.DeviceConnected\\\"}\"}"),
        HT_STR_INIT("{\"type\":\"sas\",\"x\":\"Microsoft.Devices.DeviceConnected\"}"),
        HT_STR_INIT("<h1>"),
        HT_STR_INIT("- x\n  y: z\n"),
        HT_STR_INIT("- x: y\nz: a\n"),
        HT_STR_INIT("{\"cost\":1,\"time\":\"2025-03-10T00:00:00Z\"}"),
        /* a damaged log */
        HT_STR_INIT("{\"time\":\0\0\0}"),
        HT_STR_INIT(RECORD "\0\0\0"),
        HT_STR_INIT("\xEF\xBB\xBF[\n{\0"),
        HT_STR_INIT("\x1f"),
        HT_STR_INIT("PK"),
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(heads); i++) {
        struct ht_refusal refusal = {"nothing", ""};
        if (ht_sniff_refuses(heads[i], false, &refusal)) {
            print_error("case %zu: %s\n", i, refusal.problem);
            fail();
        }
    }
}

/* Within a record only what no JSON text can hold is refused. */
static void test_members(void **state) {
    (void)state;
    struct ht_refusal refusal;
    assert_true(ht_sniff_refuses_member(HT_STR("[Content_Types].xml"), &refusal));
    assert_true(ht_sniff_refuses_member(HT_STR("xl/workbook.xml"), &refusal));
    assert_string_equal(refusal.problem, "an Excel workbook");
    assert_true(ht_sniff_refuses_member(HT_STR("word/document.xml"), &refusal));
    assert_false(ht_sniff_refuses_member(HT_STR("x/xl/PT1H.json"), &refusal));
    assert_false(ht_sniff_refuses_member(HT_STR("xl"), &refusal));
}

static void test_in_record(void **state) {
    (void)state;
    static const struct {
        struct ht_str head;
        bool refused;
    } cases[] = {
        {HT_STR_INIT("\x89PNG\r\n\x1a\n"), true},
        {HT_STR_INIT("\xfd"
                     "7zXZ"),
         true},
        {HT_STR_INIT("BZh91AY&SY\0"), false},
        {HT_STR_INIT("BZh91AY"), false},
        {HT_STR_INIT("<html>"), false},
        {HT_STR_INIT("TimeGenerated,OperationName\n"), false},
        {HT_STR_INIT("ERROR: "), false},
        {HT_STR_INIT("{\"error\":{}}"), false},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_refusal refusal;
        assert_int_equal(ht_sniff_refuses(cases[i].head, true, &refusal), cases[i].refused);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_may_be_logs),
        cmocka_unit_test(test_in_record),
        cmocka_unit_test(test_members),
    };
    return cmocka_run_group_tests_name("sniff", tests, NULL, NULL);
}
