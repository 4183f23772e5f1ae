/* SPDX-License-Identifier: MIT */
/* The fast lane: what it takes, what it leaves to the general way, and that both say the same. The
 * fuzz target lane_fuzz.c does this with any bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/strbuf.h"
#include "notation.h"

#define HUB "/SUBSCRIPTIONS/X/RESOURCEGROUPS/Y/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB"
#define HEAD(time) "{\"time\":\"" time "\",\"resourceId\":\"" HUB "\","
#define EVENT(time, device, rest)                                                       \
    HEAD(time)                                                                          \
    "\"operationName\":\"deviceConnect\",\"category\":\"Connections\",\"level\":\"4\"," \
    "\"properties\":\"{\\\"deviceId\\\":\\\"" device "\\\"" rest "}\",\"n\":17}"
#define PADDING "                                                                "

enum { MANY = 16 };

static const enum ht_lane_code codes[] = {HT_LANE_PORTABLE, HT_LANE_AVX2, HT_LANE_NEON};

static struct ht_decoder *new_decoder(enum ht_lane_code code) {
    struct ht_decoder *decoder = NULL;
    assert_int_equal(ht_decoder_new(&decoder, HT_DATE_ORDER_PROVEN), HT_OK);
    if (!ht_decoder_use(decoder, code)) {
        ht_decoder_free(decoder);
        return NULL;
    }
    return decoder;
}

/* A text with the padding that decoders want. */
static struct ht_str padded(const char *text, char *out, size_t size) {
    const int len = snprintf(out, size, "%s" PADDING, text);
    assert_true(len > 0 && (size_t)len < size);
    return (struct ht_str){out, strlen(text)};
}

static void learn(struct ht_decoder *decoder, const char *record) {
    char text[1024];
    struct ht_decoded decoded;
    assert_int_equal(ht_decode(decoder, padded(record, text, sizeof text), &decoded), HT_OK);
}

/* After `first` has been met, `second` goes the fast way or does not; and is what it would be. */
static void assert_way(const char *first, const char *second, bool fast) {
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        struct ht_decoder *lane = new_decoder(codes[i]);
        struct ht_decoder *general = new_decoder(HT_LANE_OFF);
        if (lane != NULL) {
            char text[1024];
            struct ht_quick quick[MANY];
            struct ht_decoded decoded;
            struct ht_strbuf expected;
            struct ht_strbuf found;
            size_t consumed = 0;
            const struct ht_str record = padded(second, text, sizeof text);
            ht_strbuf_init(&expected, SIZE_MAX);
            ht_strbuf_init(&found, SIZE_MAX);
            learn(lane, first);
            assert_int_equal(ht_decode_run(lane, record, quick, MANY, &consumed), fast);
            assert_int_equal(ht_decode(general, record, &decoded), HT_OK);
            print_decoded(&expected, &decoded);
            if (fast) {
                assert_int_equal(consumed, decoded.consumed);
                ht_quick_expand(&quick[0], &decoded);
                print_decoded(&found, &decoded);
                assert_true(ht_str_eq(ht_strbuf_str(&found), ht_strbuf_str(&expected)));
            }
            ht_strbuf_release(&expected);
            ht_strbuf_release(&found);
        }
        ht_decoder_free(lane);
        ht_decoder_free(general);
    }
}

static const char model[] =
    EVENT("2025-03-10T00:00:00Z", "pump", ",\\\"sdkVersion\\\":\\\"a/1\\\",\\\"x\\\":\\\"y\\\"");
#define SAME ",\\\"sdkVersion\\\":\\\"a/1\\\",\\\"x\\\":\\\"y\\\""

static void values_that_may_differ(void **state) {
    (void)state;
    assert_way(model, model, true);
    assert_way(model, EVENT("2026-12-31T23:59:59.1234567Z", "valve-0001", SAME), true);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "gate/way", SAME), true);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "\xC3\xBC", SAME), true);
    assert_way(model,
               EVENT("2025-03-10T00:00:00Z", "a-name-of-more-than-thirty-two-bytes-in-all",
                     ",\\\"sdkVersion\\\":\\\"bb\\\",\\\"x\\\":\\\"zz\\\""),
               true);
}

static void what_it_leaves(void **state) {
    (void)state;
    assert_way(model, EVENT("2025-03-10T24:00:00Z", "pump", SAME), false);
    assert_way(model, EVENT("2025-02-29T00:00:00Z", "pump", SAME), false);
    assert_way(model, EVENT("2013-12-31T00:00:00Z", "pump", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00+01:00", "pump", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00.1234567890Z", "pump", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "/pump", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "pu\nmp", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "pu\xC3mp", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "pu\\\\\\\\mp", SAME), false);
    assert_way(model, EVENT("2025-03-10T00:00:00Z", "pump", ""), false);
}

/* What the rules look at must come again as it was. */
static void judged_values(void **state) {
    (void)state;
    const char *first = EVENT("2025-03-10T00:00:00Z", "pump",
                              ",\\\"protocol\\\":\\\"Mqtt\\\",\\\"statusCode\\\":\\\"401\\\","
                              "\\\"errorMessage\\\":\\\"gone\\\"");
    assert_way(first, first, true);
    assert_way(first,
               EVENT("2025-03-10T00:00:00Z", "pump",
                     ",\\\"protocol\\\":\\\"Amqp\\\",\\\"statusCode\\\":\\\"401\\\","
                     "\\\"errorMessage\\\":\\\"gone\\\""),
               false);
    assert_way(first,
               EVENT("2025-03-10T00:00:00Z", "pump",
                     ",\\\"protocol\\\":\\\"Mqtt\\\",\\\"statusCode\\\":\\\"404\\\","
                     "\\\"errorMessage\\\":\\\"gone\\\""),
               false);
    assert_way(first,
               EVENT("2025-03-10T00:00:00Z", "pump",
                     ",\\\"protocol\\\":\\\"Mqtt\\\",\\\"statusCode\\\":\\\"401\\\","
                     "\\\"errorMessage\\\":\\\"see https://aka.ms/iothub404104\\\""),
               false);
}

#define OTHER(properties)        \
    HEAD("2025-03-10T00:00:00Z") \
    "\"operationName\":\"query\",\"category\":\"TwinQueries\",\"durationMs\":" properties "}"

static void irrelevant_records(void **state) {
    (void)state;
    const char *first = OTHER("1,\"properties\":\"{}\"");
    assert_way(first, OTHER("907,\"properties\":\"{\\\"a\\\":\\\"\\\\n\\\\\\\\\\\"}\""), true);
    assert_way(first,
               OTHER("0,\"properties\":\"\xC3\xBC\\/\\b\\t no JSON, and of no interest in "
                     "a record of this category, however long it may be\""),
               true);
    assert_way(first, OTHER("01,\"properties\":\"\""), false);
    assert_way(first, OTHER("1234567890123456789,\"properties\":\"\""), false);
    assert_way(first, OTHER("1.5,\"properties\":\"\""), false);
    assert_way(first, OTHER("1,\"properties\":\"\\u00FC\""), false);
    assert_way(first, OTHER("1,\"properties\":\"\\x\""), false);
    assert_way(first, OTHER("1,\"properties\":\"\xFF\""), false);
    assert_way(first, OTHER("1,\"properties\":\"\\\""), false);
}

/* Backslashes, quotes and wrong bytes wherever they stand in a block. */
static void long_strings(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } parts[] = {
        {"", true},         {"\\\"", true},  {"\\\\", true}, {"\\\\\\\"", true},
        {"\\\\\\x", false}, {"\\x", false},  {"\n", false},  {"\xC3\xBC", true},
        {"\xC3", false},    {"\x1F", false}, {"\x7F", true}, {"\\/\\t", true},
    };
    const char *first = OTHER("1,\"properties\":\"{}\"");
    for (size_t len = 0; len < 140; len++) {
        for (size_t i = 0; i < HT_ARRAY_LEN(parts); i++) {
            char record[1024];
            (void)snprintf(record, sizeof record, OTHER("1,\"properties\":\"%0*d%s\"") "%0*d",
                           (int)len + 1, 0, parts[i].text, 80, 0);
            assert_way(first, record, parts[i].good);
        }
    }
}

/* One behind the other, up to the first that is unlike the others. */
static void runs(void **state) {
    (void)state;
    static const char text[] =
        EVENT("2025-03-10T00:00:01Z", "a", SAME) ",\r\n " EVENT("2025-03-10T00:00:02Z", "b", SAME)
            EVENT("2025-03-10T00:00:03Z", "c", SAME) "\n]" EVENT("2025-03-10T00:00:04Z", "d", SAME)
                PADDING;
    const struct ht_str all = {text, sizeof text - sizeof PADDING};
    const size_t record = strlen(EVENT("2025-03-10T00:00:01Z", "a", SAME));
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        struct ht_decoder *lane = new_decoder(codes[i]);
        struct ht_quick quick[MANY];
        size_t consumed = 0;
        if (lane == NULL) {
            continue;
        }
        assert_int_equal(ht_decode_run(lane, all, quick, MANY, &consumed), 0);
        learn(lane, model);
        assert_int_equal(ht_decode_run(lane, all, quick, MANY, &consumed), 3);
        assert_int_equal(consumed, 3 * record + 4);
        assert_int_equal(quick[2].variant.device.ptr[0], 'c');
        assert_int_equal(quick[0].variant.kin, quick[2].variant.kin);
        assert_int_equal(ht_decode_run(lane, all, quick, 2, &consumed), 2);
        for (size_t len = 0; len < record; len++) {
            assert_int_equal(
                ht_decode_run(lane, (struct ht_str){text, len}, quick, MANY, &consumed), 0);
        }
        ht_decoder_free(lane);
    }
}

/* More kinds of records than it can hold: it begins anew, and goes on working. */
static void full(void **state) {
    (void)state;
    struct ht_decoder *lane = new_decoder(HT_LANE_BEST);
    for (unsigned i = 0; i < 20000; i++) {
        char record[512];
        char text[1024];
        struct ht_quick quick[MANY];
        size_t consumed = 0;
        (void)snprintf(record, sizeof record,
                       HEAD(
                           "2025-03-10T00:00:00Z") "\"operationName\":\"op%u\",\"category\":\"%u\","
                                                   "\"resultType\":\"503001\"}",
                       i % 5000, i % 5000);
        const struct ht_str padded_text = padded(record, text, sizeof text);
        for (int times = 0; times < 3; times++) {
            if (ht_decode_run(lane, padded_text, quick, MANY, &consumed) == 0) {
                learn(lane, record);
            } else {
                assert_int_equal(consumed, padded_text.len);
                assert_int_equal(quick[0].model->decoded.record.code, 503001);
            }
        }
    }
    ht_decoder_free(lane);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_may_differ),
        cmocka_unit_test(what_it_leaves),
        cmocka_unit_test(irrelevant_records),
        cmocka_unit_test(runs),
        cmocka_unit_test(judged_values),
        cmocka_unit_test(long_strings),
        cmocka_unit_test(full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
