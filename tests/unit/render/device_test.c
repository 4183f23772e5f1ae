/* SPDX-License-Identifier: MIT */
/* Time lines and explanations in text and JSON: what is shown, what is shortened, hostile texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fake_report.h"
#include "hubtriage/explain.h"
#include "render/cells.h"

enum { STEPS_MAX = 64 };

struct sample_line {
    struct sample_fleet fleet;
    struct ht_device_step steps[STEPS_MAX];
    struct ht_axis_cell cells[6];
    struct ht_report *report;
};

/* A session of that cause that begins on the given minute. */
static struct ht_device_step sample_step(int64_t minute, enum ht_cause cause) {
    struct ht_device_step step = {.has_session = true, .has_disconnect = true, .in_window = true};
    step.session = sample_session();
    step.session.network = NULL;
    step.begin_us = at("2025-03-10T00:00:00Z") + minute * 60 * HT_US_PER_S;
    step.until_us = step.begin_us + INT64_C(4199) * HT_US_PER_S;
    step.disconnect = sample_disconnect();
    step.disconnect.cause = cause;
    step.disconnect.cause_class = ht_cause_class(cause);
    step.disconnect.session_s = 4199;
    step.refused = (struct ht_refusals){.first_us = HT_TIME_NONE, .last_us = HT_TIME_NONE};
    return step;
}

static struct sample_line *line_new(void) {
    struct sample_line *line = calloc(1, sizeof *line);
    assert_non_null(line);
    sample_fleet_make(&line->fleet);
    line->report = &line->fleet.report;
    line->report->steps = line->steps;
    line->report->cells = line->cells;
    line->report->axis_from_us = at("2025-03-10T00:00:00Z");
    line->report->axis_to_us = at("2025-03-11T00:00:00Z");
    return line;
}

static char *render_line(const struct sample_line *line, const struct ht_render_options *options) {
    struct collector collector = {.text = calloc(1, 1)};
    struct ht_err err = {.status = HT_OK};
    const struct ht_sink sink = {collect, &collector};
    assert_int_equal(ht_device_write(line->report, options, &sink, &err), HT_OK);
    return collector.text;
}

static size_t count_in(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at_part = strstr(text, part); at_part != NULL;
         at_part = strstr(at_part + 1, part)) {
        count++;
    }
    return count;
}

static void check_width(const char *text, size_t width) {
    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");
        assert_true(ht_cells_width((struct ht_str){text, len}) <= width);
        assert_true(len == 0 || text[len - 1] != ' ');
        text += len + (text[len] == '\n');
    }
}

static void test_one_step(void **state) {
    (void)state;
    struct sample_line *line = line_new();
    line->steps[0] = sample_step(13, HT_CAUSE_TOKEN_EXPIRY);
    line->steps[0].refused = (struct ht_refusals){
        .count = 3,
        .first_us = line->steps[0].until_us + HT_US_PER_S,
        .last_us = line->steps[0].until_us + 9 * HT_US_PER_S,
        .codes = {401003, 500001},
        .code_counts = {2, 1},
        .code_count = 2,
        .message = "token has expired",
    };
    line->steps[0].disconnect.incident = 0;
    line->report->step_count = 1;
    char *text = render_line(line, &(struct ht_render_options){.width = 100});
    static const char *const wanted[] = {
        "pump-17\n",
        "on CONTOSO-HUB",
        "Pattern     renews its token every 1h10m",
        "1,204 disconnects: 1,000 token-expiry, 204\n",
        "2025-03-10 00:13:00 to 01:22:59, 1h09m59s\n",
        "token-expiry, confidence 0.98; closed with 401003, 404104; back after 8s.",
        "+3.2  ...",
        "Part of the incident of 2025-03-10 03:12:08: hub-transient, 612 of 1,198 connected",
        "3 connects refused with 401003 (2), 500001 (1) from 01:23:00 to 01:23:08",
        "; the last: \"token",
        "hubtriage explain duplicate-identity",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(wanted); i++) {
        if (strstr(text, wanted[i]) == NULL) {
            fail_msg("'%s' is not in:\n%s", wanted[i], text);
        }
    }
    free(text);
    free(line);
}

/* Sessions whose begin or end the log does not show say so, and give a bound. */
static void test_open_and_missing(void **state) {
    (void)state;
    static const struct {
        enum ht_session_start start;
        enum ht_session_end end;
        const char *wanted;
    } cases[] = {
        {HT_START_SEEN, HT_END_OPEN,
         "2025-03-10 00:13:00, up at the end of the log, at least 1h09m59s\n"},
        {HT_START_BEFORE_LOG, HT_END_SEEN,
         "before the log to 2025-03-10 01:22:59, at least 1h09m59s\n"},
        {HT_START_MISSING, HT_END_SEEN, "(no connect) to 2025-03-10 01:22:59, at most 1h09m59s\n"},
        {HT_START_SEEN, HT_END_MISSING,
         "2025-03-10 00:13:00 to (no disconnect) at the latest 01:22:59, at most 1h09m59s\n"},
        {HT_START_MISSING, HT_END_OPEN, "(no connect), up at the end of the log, about 1h09m59s\n"},
    };
    struct sample_line *line = line_new();
    line->report->step_count = 1;
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        line->steps[0] = sample_step(13, HT_CAUSE_TOKEN_EXPIRY);
        line->steps[0].session.start = cases[i].start;
        line->steps[0].session.end = cases[i].end;
        line->steps[0].has_disconnect = cases[i].end == HT_END_SEEN;
        char *text = render_line(line, &(struct ht_render_options){.width = 100});
        if (strstr(text, cases[i].wanted) == NULL) {
            fail_msg("'%s' is not in:\n%s", cases[i].wanted, text);
        }
        free(text);
    }
    free(line);
}

/* Alike steps are told together, but -v tells each. */
static void test_alike(void **state) {
    (void)state;
    struct sample_line *line = line_new();
    for (int64_t i = 0; i < 10; i++) {
        line->steps[i] = sample_step(71 * i, HT_CAUSE_TOKEN_EXPIRY);
        line->steps[i].disconnect.gap_s = 4 + i;
    }
    line->steps[7].disconnect.cause = HT_CAUSE_IDLE_TIMEOUT;
    line->report->step_count = 10;
    char *text = render_line(line, &(struct ht_render_options){.width = 100});
    assert_non_null(strstr(text, "... and 6 more like it, until 2025-03-10 08:15:59: sessions of "
                                 "1h09m59s, back after 5s to 10s,"));
    assert_int_equal(count_in(text, "closed with 401003, 404104"), 4);
    free(text);
    text = render_line(line, &(struct ht_render_options){.width = 100, .verbose = true});
    assert_int_equal(count_in(text, "closed with 401003, 404104"), 10);
    assert_null(strstr(text, "more like it"));
    free(text);
    free(line);
}

/* What is left out is counted, and how to see it is said. */
static void test_long_list(void **state) {
    (void)state;
    struct sample_line *line = line_new();
    for (int64_t i = 0; i < STEPS_MAX; i++) {
        line->steps[i] =
            sample_step(71 * i, i % 2 == 0 ? HT_CAUSE_TOKEN_EXPIRY : HT_CAUSE_IDLE_TIMEOUT);
    }
    line->report->step_count = STEPS_MAX;
    char *text = render_line(line, &(struct ht_render_options){.width = 100});
    assert_non_null(strstr(text, "... 44 sessions are left out here; -v shows all"));
    assert_int_equal(count_in(text, "closed with 401003, 404104"), 20);
    assert_non_null(strstr(text, "2025-03-10 00:00:00 to"));
    assert_non_null(strstr(text, "2025-03-13 02:33:00 to"));
    free(text);
    free(line);
}

static void test_axis(void **state) {
    (void)state;
    struct sample_line *line = line_new();
    const struct ht_axis_cell cells[] = {
        {.up_us = 100},
        {.up_us = 95, .down_us = 5, .disconnects = 1},
        {.up_us = 50, .down_us = 50, .disconnects = 1},
        {.down_us = 100},
        {.down_us = 100, .refused = 3},
        {.unknown_us = 100},
    };
    memcpy(line->cells, cells, sizeof cells);
    line->report->cell_count = HT_ARRAY_LEN(cells);
    char *text = render_line(line, &(struct ht_render_options){.width = 62});
    assert_non_null(
        strstr(text, "\n  ##########++++++++++----------..........xxxxxxxxxx??????????\n"));
    assert_non_null(strstr(text, "\n  03-10     04:00     08:00     12:00     16:00     20:00\n"));
    assert_non_null(strstr(text, "# up   + up, but for a short gap   - partly down"));
    free(text);
    line->report->cell_count = 1;
    text = render_line(line, &(struct ht_render_options){.width = 62});
    assert_non_null(strstr(text, "\n  # up\n")); /* of signs that are not there nothing is said */
    free(text);
    free(line);
}

static void make_hostile(struct sample_line *line) {
    static const char hostile[] = "\x1B]0;x\a\xFF\xE2\x80\xAE<b>\"\r\n%s";
    static const char *const modules[] = {hostile, hostile};
    line->fleet.device.device = hostile;
    line->fleet.device.module = hostile;
    line->fleet.device.sdk = hostile;
    line->fleet.device.network = hostile;
    line->fleet.device.protocol = hostile;
    line->fleet.device.site = hostile;
    line->fleet.device.hub = hostile;
    line->report->modules = modules;
    line->report->module_count = 2;
    line->steps[0] = sample_step(13, HT_CAUSE_TOKEN_EXPIRY);
    line->steps[0].session.sdk = "\x1B[1mother";
    line->steps[0].session.network = "\xC2\x9B";
    line->steps[0].session.protocol = "\x7F";
    line->steps[0].refused.count = 1;
    line->steps[0].refused.first_us = line->steps[0].until_us;
    line->steps[0].refused.message = hostile;
    (void)snprintf(line->steps[0].disconnect.evidence[0].fact, HT_FACT_BYTES, "rule '%s'", hostile);
    line->report->step_count = 1;
    line->report->cell_count = 1;
}

static void test_hostile(void **state) {
    (void)state;
    struct sample_line *line = line_new();
    make_hostile(line);
    for (unsigned width = 60; width <= 140; width += 20) {
        char *text = render_line(line, &(struct ht_render_options){.width = width});
        check_harmless(text);
        check_width(text, width);
        assert_non_null(strstr(text, "\\x1B]0;x"));
        free(text);
    }
    static const enum ht_format formats[] = {HT_FORMAT_JSON, HT_FORMAT_NDJSON};
    for (size_t i = 0; i < HT_ARRAY_LEN(formats); i++) {
        char *text = render_line(line, &(struct ht_render_options){.format = formats[i]});
        json_t *tree = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
        check_harmless(text);
        assert_non_null(tree);
        json_decref(tree);
        free(text);
    }
    free(line);
}

static void test_json(void **state) {
    (void)state;
    struct sample_line *line = line_new();
    line->steps[0] = (struct ht_device_step){.begin_us = HT_TIME_NONE, .until_us = HT_TIME_NONE};
    line->steps[0].refused = (struct ht_refusals){.count = 1,
                                                  .first_us = at("2025-03-10T00:00:01Z"),
                                                  .last_us = at("2025-03-10T00:00:01Z"),
                                                  .codes = {0},
                                                  .code_counts = {1},
                                                  .code_count = 1};
    line->steps[1] = sample_step(13, HT_CAUSE_TOKEN_EXPIRY);
    line->report->step_count = 2;
    char *text = render_line(line, &(struct ht_render_options){.format = HT_FORMAT_JSON});
    json_t *tree = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(tree);
    assert_string_equal(json_string_value(json_object_get(tree, "schema")), "hubtriage.device/1");
    const json_t *steps = json_object_get(tree, "steps");
    assert_int_equal(json_array_size(steps), 2);
    const json_t *first = json_array_get(steps, 0);
    assert_true(json_is_null(json_object_get(first, "session")));
    const json_t *refused = json_object_get(first, "refused");
    assert_int_equal(json_integer_value(json_object_get(refused, "connects")), 1);
    const json_t *code = json_array_get(json_object_get(refused, "codes"), 0);
    assert_true(json_is_null(json_object_get(code, "code")));
    const json_t *second = json_array_get(steps, 1);
    assert_true(json_is_null(json_object_get(second, "refused")));
    assert_string_equal(json_string_value(
                            json_object_get(json_object_get(second, "disconnect"), "cause")),
                        "token-expiry");
    json_decref(tree);
    free(text);
    text = render_line(line, &(struct ht_render_options){.format = HT_FORMAT_NDJSON});
    assert_int_equal(count_in(text, "\n"), 2);
    free(text);
    free(line);
}

static void test_topics(void **state) {
    (void)state;
    const struct ht_topic topics[] = {
        {.word = "ServerError",
         .code = 500001,
         .kinds = HT_TOPIC_CODE,
         .meaning = "Something failed.",
         .use = "A mark.",
         .confirm = "Look.",
         .device = "Retry.",
         .see = "hub-transient, 500008",
         .url = "https://learn.microsoft.com/azure/x#y"},
        {.word = "quota",
         .kinds = (unsigned)HT_TOPIC_CAUSE | HT_TOPIC_FINDING,
         .meaning = "Used up.",
         .findings = {{"The quota is used up", "Add units.", false}},
         .finding_count = 1},
    };
    struct collector collector = {.text = NULL};
    struct ht_err err = {.status = HT_OK};
    const struct ht_sink sink = {collect, &collector};
    struct ht_render_options options = {.width = 80};
    assert_int_equal(ht_topics_write(topics, 2, false, &options, &sink, &err), HT_OK);
    assert_string_equal(collector.text, "500001 ServerError (code)\n"
                                        "  Something failed.\n"
                                        "\n"
                                        "  Told by   A mark.\n"
                                        "  Confirm   Look.\n"
                                        "  Device    Retry.\n"
                                        "  See       hub-transient, 500008\n"
                                        "  Read      https://learn.microsoft.com/azure/x#y\n"
                                        "\n"
                                        "quota (cause, finding)\n"
                                        "  Used up.\n"
                                        "\n"
                                        "  In reports  \"The quota is used up\": Add units.\n");
    free(collector.text);
    collector = (struct collector){.text = NULL};
    assert_int_equal(ht_topics_write(topics, 2, true, &options, &sink, &err), HT_OK);
    assert_non_null(strstr(collector.text,
                           "CAUSES AND CLASSES\n  word   meaning\n  quota  Used up.\n"
                           "\nCODES\n  code    name         meaning\n"));
    free(collector.text);
    collector = (struct collector){.text = NULL};
    options.format = HT_FORMAT_NDJSON;
    assert_int_equal(ht_topics_write(topics, 2, false, &options, &sink, &err), HT_OK);
    json_t *tree = json_loads(collector.text, JSON_DISABLE_EOF_CHECK, NULL);
    assert_int_equal(json_array_size(json_object_get(tree, "see")), 2);
    assert_string_equal(json_string_value(json_object_get(tree, "code")), "500001");
    json_decref(tree);
    free(collector.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_step), cmocka_unit_test(test_open_and_missing),
        cmocka_unit_test(test_alike),    cmocka_unit_test(test_long_list),
        cmocka_unit_test(test_axis),     cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_json),     cmocka_unit_test(test_topics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
