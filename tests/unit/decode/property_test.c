/* SPDX-License-Identifier: MIT */
/*
 * The fast scanner and jansson agree on mutated records, also when they are cut anywhere; the whole
 * decoder gives the same record on both ways. The mutations are the same in each run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../fuzz/agreement.h"
#include "base/compiler.h"

#define RESOURCE \
    "\"resourceId\":\"/SUBSCRIPTIONS/X/RESOURCEGROUPS/Y/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB\""

#define ESCAPES                                                                        \
    "{\\\"deviceId\\\":\\\"c-17253\\\",\\\"x\\\":\\\"\\\\\\\\\\\\\\\"pump\\\\\\\\\\\"" \
    ",\\\"protocol\\\":\\\"Mqtt\\\",\\\"errorMessage\\\":\\\"\\\"}"

static const char *const records[] = {
    "{\"time\":\"2025-03-10T00:23:43Z\"," RESOURCE ",\"operationName\":\"deviceDisconnect\","
    "\"category\":\"Connections\",\"level\":\"Error\",\"resultType\":\"404104\","
    "\"properties\":{\"deviceId\":\"pump\",\"protocol\":\"Mqtt\",\"authType\":null}}",
    "{\"time\":\"2025-03-10T00:23:43.6025432Z\"," RESOURCE ",\"operationName\":\"deviceConnect\","
    "\"category\":\"Connections\",\"properties\":\"{\\\"deviceId\\\":\\\"gw/m\\\","
    "\\\"authType\\\":\\\"{\\\\\\\"type\\\\\\\":\\\\\\\"sas\\\\\\\"}\\\"}\"}",
    "{\"TableName\":\"PrimaryResult\",\"TimeGenerated\":\"2025-03-10 00:23:43Z\",\"DeviceId\":"
    "\"pump\",\"OperationName\":\"deviceDisconnect\",\"ResultType\":404104,\"deviceId_s\":\"\"}",
    "{\"operationName\":\"x\",\"category\":\"Routes\",\"resultType\":503001,\"time\":"
    "\"2025-03-10T00:23:43Z\",\"properties\":{\"deviceId\":\"\\ud83d\\udca9\",\"a\":[1,-2.5e3,"
    "true,[null,{}]]},\"level\":\"Warning\",\"n\":-12}",
    "{\"t\\u0069me\":\"2025-03-10T00:23:43Z\",\"Time\":1,\"time\":\"\xC3\xBC\",\"category\":\"\"}",
    "{\"Time\":\"2025-03-10T00:23:43Z\",\"time\":\"2025-03-10T00:23:44Z\",\"operationName\":"
    "\"deviceConnect\",\"DEVICEID\":\"a\",\"deviceId\":\"\\udca9\"}",
    /* escapes in several blocks of a string, at their ends too */
    "{\"operationName\":\"deviceConnect\",\"properties\":\"" ESCAPES ESCAPES "\\n" ESCAPES
    "\\u00fc" ESCAPES "\xC3\xBC" ESCAPES ESCAPES "\"}",
    "{\"records\":[{\"time\":1}],\"x\":\"\\n\\/\\\\\"}",
    "{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"TimeGenerated\"}],\"rows\":[[1]]}",
};

/* xorshift64 */
static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

enum { TEXT_MAX = 1024 };

/* Replace, insert, delete or copy a few bytes, or cut the end. */
static size_t mutate(char *text, size_t len, uint64_t *random) {
    static const char alphabet[] = "{}[]\":,\\/u0123456789abcdefDE+-. \n\t\x01\x7f\xC3\xBC\xED\xA0";
    const size_t changes = next_random(random) % 4;
    for (size_t i = 0; i < changes && len > 2 && len < TEXT_MAX - 64; i++) {
        const size_t at = 1 + next_random(random) % (len - 1);
        const size_t from = next_random(random) % len;
        const size_t most = next_random(random) % 24;
        const size_t count = most < len - from ? most : len - from;
        const char c = alphabet[next_random(random) % (sizeof alphabet - 1)];
        char piece[32];
        switch (next_random(random) % 5) {
        case 0:
            text[at] = c;
            break;
        case 1:
            memmove(text + at + 1, text + at, len - at);
            text[at] = c;
            len++;
            break;
        case 2:
            memmove(text + at, text + at + 1, len - at - 1);
            len--;
            break;
        case 3:
            len -= len - at < 8 ? len - at : 0;
            break;
        default:
            memcpy(piece, text + from, count);
            memmove(text + at + count, text + at, len - at);
            memcpy(text + at, piece, count);
            len += count;
            break;
        }
    }
    return len;
}

static void test_mutations(void **state) {
    (void)state;
    enum { ROUNDS = 60000 };
    uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
    size_t by_kind[HT_SCAN_BAD + 1] = {0};
    struct ht_decoder *fast = NULL;
    struct ht_decoder *slow = NULL;
    assert_int_equal(ht_decoder_new(&fast, HT_DATE_ORDER_PROVEN), HT_OK);
    assert_int_equal(ht_decoder_new(&slow, HT_DATE_ORDER_PROVEN), HT_OK);
    for (size_t round = 0; round < ROUNDS; round++) {
        const char *record = records[round % HT_ARRAY_LEN(records)];
        char text[TEXT_MAX];
        const size_t whole = strlen(record);
        memcpy(text, record, whole);
        const size_t len = mutate(text, whole, &random);
        char *padded = padded_copy(text, len);
        by_kind[assert_agreement((struct ht_str){padded, len}).kind]++;
        assert_same_way_round(fast, slow, (struct ht_str){padded, len});
        free(padded);
    }
    ht_decoder_free(fast);
    ht_decoder_free(slow);
    /* The mutations reach each answer often enough to mean something. */
    for (size_t i = 0; i < HT_ARRAY_LEN(by_kind); i++) {
        assert_true(by_kind[i] > ROUNDS / 100);
    }
}

/* Rows: the same contract. */
static void test_rows(void **state) {
    (void)state;
    static const char *const rows[] = {
        ("[\"2025-03-10T00:23:43Z\",\"deviceConnect\",null,404104,{\"deviceId\":\"pump\"},[1,[2]],"
         "true]"),
        "[ \"a\\u0041\" , -1.5e3,\"\\ud83d\\udca9\",12345678901234567890, {} ,[ ] , \"\" ]",
        "[]",
    };
    enum { ROUNDS = 20000 };
    uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
    size_t by_kind[HT_SCAN_BAD + 1] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        const char *row = rows[round % HT_ARRAY_LEN(rows)];
        char text[TEXT_MAX];
        const size_t whole = strlen(row);
        memcpy(text, row, whole);
        const size_t len = mutate(text, whole, &random);
        text[0] = '[';
        char *padded = padded_copy(text, len);
        by_kind[assert_row_agreement((struct ht_str){padded, len}).kind]++;
        free(padded);
    }
    assert_true(by_kind[HT_SCAN_ACCEPTED] > 0 && by_kind[HT_SCAN_DECLINED] > 0);
    assert_true(by_kind[HT_SCAN_MORE] > 0 && by_kind[HT_SCAN_BAD] > 0);
}

/* Every prefix of a good object asks for more; what stands behind an object changes nothing. */
static void test_prefixes(void **state) {
    (void)state;
    static const char *const behind[] = {"", "}", "{", "\"", ",{", "\\", "\xff", "x"};
    for (size_t i = 0; i < HT_ARRAY_LEN(records); i++) {
        const size_t whole = strlen(records[i]);
        struct ht_object object;
        char *text = padded_copy(records[i], whole);
        const struct ht_scan_result scan = ht_scan_object((struct ht_str){text, whole}, &object);
        free(text);
        for (size_t len = 0; len < scan.at; len++) {
            /* The padding may hold anything. */
            for (int filler = 0; filler < 256; filler += 17) {
                text = padded_copy(records[i], len);
                memset(text + len, filler, HT_SCAN_PADDING);
                assert_int_equal(ht_scan_object((struct ht_str){text, len}, &object).kind,
                                 HT_SCAN_MORE);
                free(text);
            }
        }
        for (size_t j = 0; j < HT_ARRAY_LEN(behind); j++) {
            const size_t more = strlen(behind[j]);
            text = padded_copy(NULL, whole + more);
            memcpy(text, records[i], whole);
            memcpy(text + whole, behind[j], more);
            const struct ht_scan_result again =
                ht_scan_object((struct ht_str){text, whole + more}, &object);
            assert_int_equal(again.kind, scan.kind);
            assert_int_equal(again.at, scan.at);
            free(text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
