/* SPDX-License-Identifier: MIT */
/* The simulator: parts with a contract of their own, and what a scenario's keys do to the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/strbuf.h"
#include "hubtriage/simulate.h"
#include "simulate/builtin.h"
#include "simulate/json_text.h"
#include "simulate/queue.h"
#include "simulate/rng.h"
#include "simulate/scenario.h"
#include "simulate/stamp.h"

static enum ht_status keep(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    struct ht_strbuf *kept = ctx;
    (void)err;
    ht_strbuf_add(kept, (struct ht_str){bytes, len});
    return kept->status;
}

struct day {
    struct ht_strbuf log;
    struct ht_strbuf truth;
};

static const char plain[] =
    "devices: 20\nhours: 6\ngroups:\n  a: {sdk: dotnet, losses: 4 per day}\n";

/* Plays a scenario; "" or settings, separated by newlines. */
static struct day play(const char *text, const char *settings, uint64_t seed, size_t shape) {
    struct day day;
    const char *list[8];
    char copy[512];
    struct ht_simulate_options options = {
        .text = text, .text_len = strlen(text), .seed = seed, .shape = shape, .settings = list};
    (void)snprintf(copy, sizeof copy, "%s", settings);
    for (char *at = copy; *at != '\0';) {
        char *end = at + strcspn(at, "\n");
        const bool last = *end == '\0';
        *end = '\0';
        list[options.setting_count++] = at;
        at = end + !last;
    }
    ht_strbuf_init(&day.log, 64 << 20);
    ht_strbuf_init(&day.truth, 64 << 20);
    const struct ht_sink log = {keep, &day.log};
    const struct ht_sink truth = {keep, &day.truth};
    struct ht_err err;
    if (ht_simulate(&options, &log, &truth, &err) != HT_OK) {
        fail_msg("%s", err.message);
    }
    return day;
}

static void forget(struct day *day) {
    ht_strbuf_release(&day->log);
    ht_strbuf_release(&day->truth);
}

static size_t count(const struct ht_strbuf *text, const char *word) {
    size_t found = 0;
    for (const char *at = text->ptr; at != NULL && (at = strstr(at, word)) != NULL; at++) {
        found++;
    }
    return found;
}

static void test_queue(void **state) {
    (void)state;
    struct ht_sim_queue queue = {.count = 0};
    struct ht_sim_rng rng;
    struct ht_sim_queue_item item;
    struct ht_sim_queue_item last = {.time_us = -1};
    ht_sim_rng_seed(&rng, 1, 1);
    for (uint32_t i = 0; i < 5000; i++) {
        ht_sim_queue_push(&queue, &(struct ht_sim_queue_item){
                                      .time_us = ht_sim_rng_between(&rng, 0, 99), .subject = i});
    }
    for (size_t i = 0; i < 5000; i++) {
        assert_true(ht_sim_queue_pop(&queue, &item));
        assert_true(item.time_us > last.time_us ||
                    (item.time_us == last.time_us && item.subject > last.subject));
        last = item;
    }
    assert_false(ht_sim_queue_pop(&queue, &item));
    ht_sim_queue_release(&queue);
}

static void test_chance(void **state) {
    (void)state;
    struct ht_sim_rng rng;
    double sum = 0;
    size_t hits = 0;
    ht_sim_rng_seed(&rng, 7, 1);
    for (size_t i = 0; i < 100000; i++) {
        const double drawn = ht_sim_rng_log_uniform(&rng, 10, 600);
        assert_true(drawn >= 10 && drawn <= 600);
        sum += ht_sim_rng_exponential(&rng, 3);
        hits += ht_sim_rng_chance(&rng, 0.25);
    }
    assert_true(sum / 100000 > 2.95 && sum / 100000 < 3.05);
    assert_true(hits > 24500 && hits < 25500);
    assert_int_equal(ht_sim_rng_between(&rng, 5, 5), 5);
}

static void test_stamps(void **state) {
    (void)state;
    static const struct {
        int64_t us;
        unsigned digits;
        const char *iso;
        const char *portal;
    } cases[] = {
        {INT64_C(1741564800000000), 0, "2025-03-10T00:00:00Z", "3/10/2025, 12:00:00.000 AM"},
        {INT64_C(1741566223391000), 3, "2025-03-10T00:23:43.391Z", "3/10/2025, 12:23:43.391 AM"},
        {INT64_C(1741609423391234), 7, "2025-03-10T12:23:43.3912340Z",
         "3/10/2025, 12:23:43.391 PM"},
        {-1, 6, "1969-12-31T23:59:59.999999Z", "12/31/1969, 11:59:59.999 PM"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[HT_SIM_STAMP_BYTES];
        assert_int_equal(ht_sim_stamp_write(cases[i].us, cases[i].digits, out),
                         strlen(cases[i].iso));
        assert_string_equal(out, cases[i].iso);
        (void)ht_sim_stamp_write_portal(cases[i].us, cases[i].digits, out);
        assert_string_equal(out, cases[i].portal);
    }
}

static void test_escapes(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "plain",
                                        "twelve bytes",
                                        "\"",
                                        "a\\b",
                                        "\x01\x1f",
                                        "long enough for eight \" and more",
                                        "\xc3\xa9\xe2\x82\xac"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[512] = "[\"";
        size_t len = 2 + ht_sim_json_escape(out + 2, ht_str_from(texts[i]));
        memcpy(out + len, "\"]", 3);
        json_t *parsed = json_loads(out, 0, NULL);
        assert_non_null(parsed);
        assert_string_equal(json_string_value(json_array_get(parsed, 0)), texts[i]);
        json_decref(parsed);
    }
}

/* The list made at build time says what the files say. */
static void test_builtin(void **state) {
    (void)state;
    struct ht_sim_scenario *scenario = malloc(sizeof *scenario);
    assert_non_null(scenario);
    for (size_t i = 0; ht_scenario_at(i) != NULL; i++) {
        const struct ht_scenario *builtin = ht_scenario_at(i);
        struct ht_err err;
        assert_ptr_equal(ht_scenario_find(builtin->name), builtin);
        assert_int_equal(strlen(builtin->text), builtin->text_len);
        assert_int_equal(ht_sim_scenario_load(scenario, ht_str_from(builtin->name),
                                              ht_str_from(builtin->text), &err),
                         HT_OK);
        if (ht_sim_scenario_read(scenario, &err) != HT_OK) {
            fail_msg("%s", err.message);
        }
        assert_string_equal(scenario->about.ptr, builtin->about);
        ht_sim_scenario_release(scenario);
    }
    free(scenario);
    assert_null(ht_scenario_find("zebra"));
    assert_non_null(ht_scenario_find("mixed"));
}

static void test_same_seed_same_bytes(void **state) {
    (void)state;
    struct day first = play(plain, "", 5, 0);
    struct day same = play(plain, "", 5, 0);
    struct day other = play(plain, "", 6, 0);
    assert_true(ht_str_eq(ht_strbuf_str(&first.log), ht_strbuf_str(&same.log)));
    assert_true(ht_str_eq(ht_strbuf_str(&first.truth), ht_strbuf_str(&same.truth)));
    assert_false(ht_str_eq(ht_strbuf_str(&first.log), ht_strbuf_str(&other.log)));
    assert_true(count(&first.truth, "\"kind\":\"disconnect\"") > 100);
    assert_int_equal(count(&first.truth, "\"kind\":\"device\""), 20);
    forget(&first);
    forget(&same);
    forget(&other);
}

/* What the log loses on its way does not change what happened. */
static void test_damage(void **state) {
    (void)state;
    struct day whole = play(plain, "", 5, 0);
    struct day lost = play(plain, "log.lost=20%\nlog.doubled=10%\nlog.missing=[sdk, auth]", 5, 0);
    struct day dropped = play(plain, "log.without-codes=[401003, 404xxx]", 5, 0);
    const size_t ends = count(&whole.truth, "\"kind\":\"disconnect\"");
    assert_int_equal(count(&lost.truth, "\"kind\":\"disconnect\""), ends);
    assert_int_equal(count(&whole.truth, "\"seen\":false"), 0);
    assert_true(count(&lost.truth, "\"seen\":false") > 0);
    assert_true(count(&whole.log, "sdkVersion") > 0 && count(&lost.log, "sdkVersion") == 0);
    assert_true(count(&whole.log, "\\\"type\\\\\\\"") + count(&whole.log, "sas") > 0);
    assert_int_equal(count(&lost.log, "sas"), 0);
    assert_true(count(&whole.log, "\"401003\"") > 0 && count(&whole.log, "\"404104\"") > 0);
    assert_int_equal(count(&dropped.log, "\"401003\"") + count(&dropped.log, "\"404104\""), 0);
    forget(&whole);
    forget(&lost);
    forget(&dropped);
}

static void test_groups(void **state) {
    (void)state;
    static const char text[] =
        "devices: 30\nhours: 12\nhub: {names: [ONE, TWO]}\ngroups:\n"
        "  own: {sdk: none, sdk-name: mine, token-lifetime: 10m, renewal: 80%, protocol: MqttWs}\n"
        "  cert: {sdk: c, auth: x509, protocol: Amqp, resets: 10 per day}\n"
        "  mod: {sdk: dotnet, modules: yes, bounce: 65m to 70m}\n";
    struct day day = play(text, "", 3, 0);
    assert_true(count(&day.log, "IOTHUBS/ONE") > 0 && count(&day.log, "IOTHUBS/TWO") > 0);
    assert_true(count(&day.log, "\\\"MqttWs\\\"") > 0 && count(&day.log, "\\\"Amqp\\\"") > 0);
    assert_true(count(&day.log, "\\\"sdkVersion\\\":\\\"mine\\\"") > 0);
    assert_true(count(&day.log, "x509Certificate") > 0);
    assert_int_equal(count(&day.truth, "\"module\":\"collector\",\"role\""), 5);
    assert_int_equal(count(&day.truth, "\"period_seconds\":480,"), 10);
    assert_int_equal(count(&day.truth, "\"period_seconds\":4050,"), 10);
    forget(&day);
}

static void test_happenings(void **state) {
    (void)state;
    static const char text[] =
        "devices: 200\nhours: 12\nhub: {recovery: 5 per second}\ngroups:\n"
        "  a: {sdk: c, auth: x509, site-size: 10, sites: [berlin]}\n"
        "happenings:\n"
        "  - {what: incident, at: 3h, nodes: 50%, within: 1m, lasts: 5m, errors: 10 times}\n"
        "  - {what: site-outage, at: 50%, site: berlin, lasts: 30m}\n";
    struct day day = play(text, "", 3, 0);
    const char *incident = strstr(day.truth.ptr, "\"kind\":\"incident\",\"id\":1");
    const char *outage = strstr(day.truth.ptr, "\"kind\":\"incident\",\"id\":2");
    assert_non_null(incident);
    assert_non_null(outage);
    assert_non_null(strstr(incident, "\"cause\":\"hub-transient\",\"hub\":\"CONTOSO-HUB\","
                                     "\"start\":\"2025-03-10T03:00:"));
    assert_non_null(strstr(outage, "\"cause\":\"site-outage\""));
    assert_true(count(&day.truth, "\"cause\":\"hub-transient\",\"seen\":true,\"incident\":1}") >
                60);
    assert_true(count(&day.truth, "\"cause\":\"site-outage\",\"seen\":true,\"incident\":2}") >= 8);
    forget(&day);
}

/* As many bytes as asked for, and little more; a shuffled log has the same records. */
static void test_size_and_shuffle(void **state) {
    (void)state;
    struct ht_simulate_options options = {
        .text = plain, .text_len = sizeof plain - 1, .seed = 1, .size_bytes = 300000};
    struct ht_strbuf log;
    struct ht_err err;
    ht_strbuf_init(&log, 64 << 20);
    const struct ht_sink sink = {keep, &log};
    assert_int_equal(ht_simulate(&options, &sink, NULL, &err), HT_OK);
    assert_true(log.len >= 300000 && log.len < 310000);
    ht_strbuf_release(&log);
    /* Nobody speaks any more. */
    static const char *const gone[] = {"groups.a.gone=100%"};
    options.settings = gone;
    options.setting_count = 1;
    options.size_bytes = 50 << 20;
    assert_int_equal(ht_simulate(&options, &sink, NULL, &err), HT_E_USAGE);
    assert_non_null(strstr(err.message, "the fleet is too quiet"));
    ht_strbuf_release(&log);
    struct day sorted = play(plain, "", 5, 0);
    struct day shuffled = play(plain, "log.shuffled=yes", 5, 0);
    assert_int_equal(sorted.log.len, shuffled.log.len);
    assert_false(ht_str_eq(ht_strbuf_str(&sorted.log), ht_strbuf_str(&shuffled.log)));
    forget(&sorted);
    forget(&shuffled);
}

/* Names with quotes and backslashes keep every JSON shape valid. */
static void test_hostile_names(void **state) {
    (void)state;
    static const char text[] =
        "devices: 3\nhours: 3\nhub: {names: ['H\"\\ub']}\ngroups:\n"
        "  'a\"b\\c, d': {sdk: none, sdk-name: 'x\"\\y', token-lifetime: 5m}\n";
    static const char *const documents[] = {"records",    "array",       "az",
                                            "az-columns", "eventhubs",   "powershell",
                                            "event-grid", "rest-tables", "rest-columns-last",
                                            "kusto1",     "kusto2"};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        size_t shape = 0;
        while (strcmp(ht_log_shape_name(shape), documents[i]) != 0) {
            shape++;
        }
        struct day day = play(text, "", 1, shape);
        json_error_t error;
        json_t *parsed = json_loadb(day.log.ptr, day.log.len, 0, &error);
        if (parsed == NULL) {
            fail_msg("%s: %s", documents[i], error.text);
        }
        json_decref(parsed);
        for (const char *line = day.truth.ptr; *line != '\0'; line = strchr(line, '\n') + 1) {
            parsed = json_loadb(line, (size_t)(strchr(line, '\n') - line), 0, &error);
            assert_non_null(parsed);
            json_decref(parsed);
        }
        forget(&day);
    }
}

static enum ht_status full(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    (void)ctx;
    (void)bytes;
    (void)len;
    err->status = HT_E_IO;
    (void)snprintf(err->message, sizeof err->message, "full");
    return HT_E_IO;
}

static void test_failing_sinks(void **state) {
    (void)state;
    const struct ht_sink sink = {full, NULL};
    struct ht_strbuf kept;
    ht_strbuf_init(&kept, 64 << 20);
    const struct ht_sink good = {keep, &kept};
    struct ht_simulate_options options = {.text = plain, .text_len = sizeof plain - 1};
    struct ht_err err;
    assert_int_equal(ht_simulate(&options, &sink, NULL, &err), HT_E_IO);
    assert_string_equal(err.message, "full");
    assert_int_equal(ht_simulate(&options, &good, &sink, &err), HT_E_IO);
    options.size_bytes = 50 << 20; /* ends all the same */
    assert_int_equal(ht_simulate(&options, &sink, NULL, NULL), HT_E_IO);
    options.shape = 99;
    assert_int_equal(ht_simulate(&options, &good, NULL, &err), HT_E_USAGE);
    ht_strbuf_release(&kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue),         cmocka_unit_test(test_chance),
        cmocka_unit_test(test_stamps),        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_builtin),       cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_damage),        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_happenings),    cmocka_unit_test(test_size_and_shuffle),
        cmocka_unit_test(test_hostile_names), cmocka_unit_test(test_failing_sinks),
    };
    return cmocka_run_group_tests_name("simulate", tests, NULL, NULL);
}
