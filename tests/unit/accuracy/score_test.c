/* SPDX-License-Identifier: MIT */
/* The scorer notices: results are broken by hand, one thing at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "group.h"
#include "incident_score.h"

/* A tiny day: hubs and devices are always the same, minutes of one hour are given. */
struct scored {
    char folder[64];
    char base[80];
    struct run run;
    struct tally *tally;
    struct summary summary;
};

static void write_file(const char *base, const char *ending, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s%s", base, ending);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

/* "report" may be NULL: none is there, then. */
static void score(struct scored *scored, const char *truth, const char *rows, const char *report) {
    snprintf(scored->folder, sizeof scored->folder, "/tmp/score-test-XXXXXX");
    assert_non_null(mkdtemp(scored->folder));
    snprintf(scored->base, sizeof scored->base, "%s/run", scored->folder);
    write_file(scored->base, ".truth", truth);
    write_file(scored->base, ".ndjson", rows);
    if (report != NULL) {
        write_file(scored->base, ".json", report);
    }
    assert_true(run_load(scored->base, &scored->run));
    run_pair(&scored->run);
    scored->tally = tally_new();
    tally_run(scored->tally, &scored->run, NULL);
    summarize(scored->tally, &scored->summary);
}

static void forget(struct scored *scored) {
    static const char *const endings[] = {".truth", ".ndjson", ".json"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", scored->base, endings[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(scored->folder), 0);
    run_free(&scored->run);
    tally_free(scored->tally);
}

#define TIME(clock) "\"2025-03-10T" clock "Z\""
#define END(clock, device, cause, seen)                                                      \
    "{\"kind\":\"disconnect\",\"time\":" TIME(clock) ",\"hub\":\"H\",\"device\":\"" device   \
                                                     "\",\"module\":null,\"cause\":\"" cause \
                                                     "\",\"seen\":" seen ",\"incident\":null}\n"
#define MORE(clock, device, cause, confidence, more)                 \
    "{\"time\":" TIME(clock) ",\"hub\":\"H\",\"device\":\"" device   \
                             "\",\"module\":null,\"cause\":\"" cause \
                             "\",\"confidence\":" confidence more "}\n"
#define ROW(clock, device, cause, confidence) MORE(clock, device, cause, confidence, "")

#define TRUTH                                    \
    END("01:00:00", "a", "token-expiry", "true") \
    END("02:00:00", "a", "token-expiry", "true") \
    END("02:30:00", "b", "idle-timeout", "true") \
    END("03:00:00", "c", "hub-transient", "true")

static void test_all_right(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, TRUTH,
          ROW("03:00:00", "c", "hub-transient", "0.9") ROW("01:00:00", "a", "token-expiry", "1")
              ROW("02:30:00", "b", "idle-timeout", "1") ROW("02:00:00", "a", "token-expiry", "1"),
          NULL);
    const struct method_summary *model = &scored.summary.methods[METHOD_MODEL];
    assert_int_equal(scored.summary.ends, 4);
    assert_int_equal(scored.summary.missed + scored.summary.invented, 0);
    assert_float_equal(model->macro_classes, 1, 1e-9);
    assert_float_equal(model->macro_causes, 1, 1e-9);
    assert_float_equal(scored.summary.brier, 0.01 / 4, 1e-9);
    assert_float_equal(scored.summary.ece, 0.1 / 4, 1e-9);
    forget(&scored);
}

/* Two causes change places: each loses precision and recall, the third one does not. */
static void test_swapped_causes(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, TRUTH,
          ROW("01:00:00", "a", "idle-timeout", "0.8") ROW("02:00:00", "a", "token-expiry", "0.8")
              ROW("02:30:00", "b", "token-expiry", "0.8")
                  ROW("03:00:00", "c", "hub-transient", "0.8"),
          NULL);
    const struct method_summary *model = &scored.summary.methods[METHOD_MODEL];
    assert_int_equal(
        scored.tally->pairs[METHOD_MODEL][HT_CAUSE_TOKEN_EXPIRY][HT_CAUSE_IDLE_TIMEOUT], 1);
    assert_int_equal(
        scored.tally->pairs[METHOD_MODEL][HT_CAUSE_IDLE_TIMEOUT][HT_CAUSE_TOKEN_EXPIRY], 1);
    assert_float_equal(precision(&model->classes[0]), 0.5, 1e-9);
    assert_float_equal(recall(&model->classes[0]), 0.5, 1e-9);
    assert_float_equal(f1(&model->classes[1]), 0, 1e-9);
    assert_float_equal(f1(&model->classes[2]), 1, 1e-9);
    assert_float_equal(model->macro_classes, 0.5, 1e-9);
    assert_float_equal(scored.summary.brier, (2 * 0.64 + 2 * 0.04) / 4, 1e-9);
    assert_float_equal(scored.summary.ece, 0.3, 1e-9);
    forget(&scored);
}

/* Within a class: the three classes do not notice, the causes do. */
static void test_swapped_within_class(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, TRUTH,
          ROW("01:00:00", "a", "token-expiry", "1") ROW("02:00:00", "a", "token-expiry", "1")
              ROW("02:30:00", "b", "connection-reset", "0.6")
                  ROW("03:00:00", "c", "platform-upgrade", "1"),
          NULL);
    assert_float_equal(scored.summary.methods[METHOD_MODEL].macro_classes, 1, 1e-9);
    assert_float_equal(scored.summary.methods[METHOD_MODEL].macro_causes, 1.0 / 3, 1e-9);
    forget(&scored);
}

static void test_dropped_and_added(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, TRUTH END("04:00:00", "d", "idle-timeout", "false"),
          ROW("01:00:00", "a", "token-expiry", "1") ROW("02:30:00", "b", "idle-timeout", "1")
              ROW("03:00:00", "c", "hub-transient", "1") ROW("05:00:00", "c", "hub-transient", "1"),
          NULL);
    assert_int_equal(scored.tally->missed[HT_CAUSE_TOKEN_EXPIRY], 1);
    assert_int_equal(scored.summary.missed, 1);
    assert_int_equal(scored.tally->invented[HT_CAUSE_HUB_TRANSIENT], 1);
    assert_int_equal(scored.summary.invented, 1);
    assert_int_equal(scored.tally->lost, 1); /* nothing of it reached the log */
    assert_int_equal(scored.tally->whole_ends, 0);
    assert_float_equal(recall(&scored.summary.methods[METHOD_MODEL].classes[0]), 0.5, 1e-9);
    assert_float_equal(precision(&scored.summary.methods[METHOD_MODEL].classes[2]), 0.5, 1e-9);
    forget(&scored);
}

static void test_unknown_is_no_cause(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, TRUTH,
          ROW("01:00:00", "a", "unknown", "0") ROW("02:00:00", "a", "token-expiry", "1")
              ROW("02:30:00", "b", "idle-timeout", "1") ROW("03:00:00", "c", "hub-transient", "1"),
          NULL);
    assert_int_equal(scored.summary.unknown, 1);
    assert_int_equal(scored.tally->judged, 3);
    assert_float_equal(scored.summary.brier, 0, 1e-9);
    assert_float_equal(precision(&scored.summary.methods[METHOD_MODEL].classes[0]), 1, 1e-9);
    assert_float_equal(recall(&scored.summary.methods[METHOD_MODEL].classes[0]), 0.5, 1e-9);
    forget(&scored);
}

/* An end is the same up to 30 s apart; each is used once, and the nearest one first. */
static void test_pairing(void **state) {
    (void)state;
    struct scored scored;
    score(&scored,
          END("01:00:00", "a", "token-expiry", "true") END("01:00:20", "a", "idle-timeout", "true")
              END("02:00:00", "a", "idle-timeout", "true"),
          ROW("01:00:19", "a", "idle-timeout", "1") ROW("01:00:29", "a", "token-expiry", "1")
              ROW("02:00:31", "a", "idle-timeout", "1") ROW("02:00:00", "b", "idle-timeout", "1"),
          NULL);
    assert_int_equal(
        scored.tally->pairs[METHOD_MODEL][HT_CAUSE_IDLE_TIMEOUT][HT_CAUSE_IDLE_TIMEOUT], 1);
    assert_int_equal(
        scored.tally->pairs[METHOD_MODEL][HT_CAUSE_TOKEN_EXPIRY][HT_CAUSE_TOKEN_EXPIRY], 1);
    assert_int_equal(scored.summary.missed, 1);
    assert_int_equal(scored.summary.invented, 2);
    forget(&scored);
}

/* The eight columns of Microsoft's query do not name the hub. */
static void test_rows_without_hub(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, END("01:00:00", "a", "token-expiry", "true"),
          "{\"time\":" TIME("01:00:00") ",\"hub\":null,\"device\":\"a\",\"module\":null,"
                                        "\"cause\":\"token-expiry\",\"confidence\":1}\n",
          NULL);
    assert_int_equal(scored.summary.paired, 1);
    forget(&scored);
}

#define INCIDENT(id, cause, hub, start, end, devices, network)                                  \
    "{\"kind\":\"incident\",\"id\":" id ",\"cause\":\"" cause "\",\"hub\":\"" hub               \
    "\",\"start\":" TIME(start) ",\"end\":" TIME(end) ",\"devices\":" devices                   \
                                                      ",\"connected\":100,\"network\":" network \
                                                      "}\n"
#define FOUND(cause, hub, start, end, network)                                                \
    "{\"incidents\":[{\"index\":0,\"hub\":\"" hub "\",\"cause\":\"" cause                     \
    "\",\"start_time\":" TIME(start) ",\"end_time\":" TIME(end) ",\"devices\":20,"            \
                                                                "\"common_network\":" network \
                                                                "}],\"devices\":[]}"

static void test_incidents(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *truth;
        const char *report;
        enum incident_size size;
        size_t truths, found, in_time;
        size_t false_hub, false_site;
        int64_t start_off_s, end_off_s;
    } cases[] = {
        {"to the second", INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "20", "null"),
         FOUND("hub-transient", "H", "01:00:00", "01:05:00", "null"), SIZE_LARGE, 1, 1, 1, 0, 0, 0,
         0},
        {"of another kind",
         INCIDENT("1", "platform-upgrade", "H", "01:00:00", "01:05:00", "20", "null"),
         FOUND("hub-transient", "H", "01:01:00", "01:07:00", "null"), SIZE_LARGE, 1, 1, 1, 0, 0, 60,
         120},
        {"begins too late",
         INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "20", "null"),
         FOUND("hub-transient", "H", "01:01:01", "01:05:00", "null"), SIZE_LARGE, 1, 1, 0, 0, 0, 61,
         0},
        {"ends too early",
         INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "20", "null"),
         FOUND("hub-transient", "H", "01:00:00", "01:02:59", "null"), SIZE_LARGE, 1, 1, 0, 0, 0, 0,
         121},
        {"an hour later", INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "20", "null"),
         FOUND("hub-transient", "H", "02:00:00", "02:05:00", "null"), SIZE_LARGE, 1, 0, 0, 1, 0,
         NO_SPAN, NO_SPAN},
        {"on another hub",
         INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "20", "null"),
         FOUND("hub-transient", "I", "01:00:00", "01:05:00", "null"), SIZE_LARGE, 1, 0, 0, 1, 0,
         NO_SPAN, NO_SPAN},
        {"none found", INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "20", "null"),
         "{}", SIZE_LARGE, 1, 0, 0, 0, 0, NO_SPAN, NO_SPAN},
        {"few devices", INCIDENT("1", "hub-transient", "H", "01:00:00", "01:05:00", "9", "null"),
         "{}", SIZE_SMALL, 1, 0, 0, 0, 0, NO_SPAN, NO_SPAN},
        {"none was", "", FOUND("hub-transient", "H", "01:00:00", "01:05:00", "null"), SIZE_LARGE, 0,
         0, 0, 1, 0, NO_SPAN, NO_SPAN},
        {"the hub's quota", INCIDENT("1", "quota", "H", "01:00:00", "01:05:00", "90", "null"),
         FOUND("hub-transient", "H", "01:00:00", "01:05:00", "null"), SIZE_LARGE, 0, 0, 0, 0, 0,
         NO_SPAN, NO_SPAN},
        {"a rollout called the hub",
         INCIDENT("1", "client-close", "H", "01:00:00", "01:05:00", "30", "null"),
         FOUND("hub-transient", "H", "01:00:00", "01:05:00", "null"), SIZE_LARGE, 0, 0, 0, 1, 0,
         NO_SPAN, NO_SPAN},
        {"a site called the hub",
         INCIDENT("1", "site-outage", "H", "01:00:00", "01:05:00", "9", "\"1.2.3.XXX\""),
         FOUND("hub-transient", "H", "01:00:00", "01:05:00", "null"), SIZE_SITE, 1, 0, 0, 1, 0,
         NO_SPAN, NO_SPAN},
        {"that site",
         INCIDENT("1", "site-outage", "H", "01:00:00", "01:05:00", "9", "\"1.2.3.XXX\""),
         FOUND("site-outage", "H", "01:00:10", "01:05:00", "\"1.2.3.XXX\""), SIZE_SITE, 1, 1, 1, 0,
         0, 10, 0},
        {"another site",
         INCIDENT("1", "site-outage", "H", "01:00:00", "01:05:00", "9", "\"1.2.3.XXX\""),
         FOUND("site-outage", "H", "01:00:10", "01:05:00", "\"9.2.3.XXX\""), SIZE_SITE, 1, 0, 0, 0,
         1, NO_SPAN, NO_SPAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scored scored;
        score(&scored, cases[i].truth, "", cases[i].report);
        const struct incident_tally *tally = &scored.tally->incidents[cases[i].size];
        const struct summary *summary = &scored.summary;
        const bool right = tally->truths == cases[i].truths && tally->found == cases[i].found &&
                           tally->in_time == cases[i].in_time &&
                           summary->false_hub == cases[i].false_hub &&
                           summary->false_site == cases[i].false_site &&
                           summary->start_worst_s[cases[i].size] == cases[i].start_off_s &&
                           summary->end_worst_s[cases[i].size] == cases[i].end_off_s;
        if (!right) {
            fail_msg("%s: %zu true, %zu found, %zu in time, %zu and %zu false, %lld and %lld s off",
                     cases[i].name, tally->truths, tally->found, tally->in_time, summary->false_hub,
                     summary->false_site, (long long)summary->start_worst_s[cases[i].size],
                     (long long)summary->end_worst_s[cases[i].size]);
        }
        forget(&scored);
    }
}

/* A false incident of the hub is what most of its ends really were. */
static void test_false_incident_is_an_echo(void **state) {
    (void)state;
    struct scored scored;
    score(&scored, TRUTH,
          MORE("01:00:00", "a", "hub-transient", "1", ",\"incident\":0")
              MORE("02:00:00", "a", "hub-transient", "1", ",\"incident\":0")
                  MORE("02:30:00", "b", "hub-transient", "1", ",\"incident\":0")
                      ROW("03:00:00", "c", "hub-transient", "1"),
          FOUND("hub-transient", "H", "01:00:00", "02:30:00", "null"));
    assert_int_equal(scored.tally->false_hub[MISTAKEN_ECHO], 1);
    forget(&scored);
}

#define DEVICE(role, period, at_end)                                                       \
    "{\"kind\":\"device\",\"hub\":\"H\",\"device\":\"a\",\"module\":null,\"role\":\"" role \
    "\",\"period_seconds\":" period ",\"disconnects\":3,\"at_end\":\"" at_end "\"}\n"
#define PATTERN(word, cadence)                                                        \
    "{\"incidents\":[],\"devices\":[{\"hub\":\"H\",\"device\":\"a\",\"module\":null," \
    "\"pattern_key\":\"" word "\",\"cadence_seconds\":" cadence "}]}"
#define ENDS(cause)                     \
    END("01:00:00", "a", cause, "true") \
    END("01:10:00", "a", cause, "true") END("01:20:00", "a", cause, "true")
#define MORE_ENDS(cause)                \
    END("01:30:00", "a", cause, "true") \
    END("01:40:00", "a", cause, "true") END("01:50:00", "a", cause, "true")

static void test_patterns(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *truth;
        const char *report;
        const char *expected;
        bool right;
    } cases[] = {
        {"period", ENDS("token-expiry") DEVICE("ordinary", "3600", "up"),
         PATTERN("token-renewal", "3700"), "token-renewal", true},
        {"period 6 % off", ENDS("token-expiry") DEVICE("ordinary", "3600", "up"),
         PATTERN("token-renewal", "3816"), "token-renewal", false},
        {"no period", ENDS("token-expiry") DEVICE("ordinary", "3600", "up"),
         PATTERN("token-renewal", "null"), "token-renewal", false},
        {"too few for a period",
         END("01:00:00", "a", "token-expiry", "true") DEVICE("ordinary", "3600", "up"),
         PATTERN("token-renewal", "null"), "token-renewal", true},
        {"other word", ENDS("token-expiry") DEVICE("ordinary", "3600", "up"),
         PATTERN("network-losses", "3600"), "token-renewal", false},
        {"not seen at all", ENDS("token-expiry") DEVICE("ordinary", "3600", "up"), "{}",
         "token-renewal", false},
        {"losses and resets are one",
         ENDS("token-expiry") MORE_ENDS("connection-reset")
             END("02:10:00", "a", "idle-timeout", "true") DEVICE("ordinary", "3600", "up"),
         PATTERN("network-losses", "null"), "network-losses", true},
        {"flaps", ENDS("idle-timeout") MORE_ENDS("idle-timeout") DEVICE("ordinary", "null", "up"),
         PATTERN("flapping", "null"), "network-losses", true},
        {"does not flap", ENDS("idle-timeout") DEVICE("ordinary", "null", "up"),
         PATTERN("flapping", "null"), "network-losses", false},
        {"role comes first", ENDS("token-expiry") DEVICE("refused", "3600", "refused"),
         PATTERN("refused", "3600"), "refused", true},
        {"role not seen", ENDS("token-expiry") DEVICE("refused", "3600", "refused"),
         PATTERN("token-renewal", "3600"), "refused", false},
        {"refused by chance at the end", ENDS("token-expiry") DEVICE("ordinary", "3600", "refused"),
         PATTERN("refused", "null"), "token-renewal", true},
        {"never refused", ENDS("token-expiry") DEVICE("ordinary", "3600", "up"),
         PATTERN("refused", "null"), "token-renewal", false},
        {"away at the end", ENDS("idle-timeout") DEVICE("ordinary", "null", "down"),
         PATTERN("never-returned", "null"), "network-losses", true},
        {"not away", ENDS("idle-timeout") DEVICE("ordinary", "null", "up"),
         PATTERN("never-returned", "null"), "network-losses", false},
        {"nothing happened", DEVICE("ordinary", "3600", "up"), PATTERN("steady", "null"), "steady",
         true},
        {"silent, cut by the hub", ENDS("idle-timeout") DEVICE("ordinary", "1767", "up"),
         PATTERN("regular-cut", "1768"), "regular-cut", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scored scored;
        score(&scored, cases[i].truth, "", cases[i].report);
        const struct pattern_tally *pattern = &scored.tally->patterns[0];
        if (scored.tally->pattern_count != 1 || pattern->devices != 1 ||
            strcmp(pattern->expected, cases[i].expected) != 0 ||
            (pattern->right == 1) != cases[i].right) {
            fail_msg("%s: %s, right %zu", cases[i].name, pattern->expected, pattern->right);
        }
        forget(&scored);
    }
}

/* The page's rules know the token by its two codes, and the hub by many 404104 with a 500xxx. */
static void test_page(void **state) {
    (void)state;
    struct scored scored;
    score(&scored,
          END("01:00:00", "a", "token-expiry", "true") END("02:00:00", "a", "token-expiry", "true")
              END("03:00:00", "a", "hub-transient", "true")
                  END("03:00:10", "b", "hub-transient", "true")
                      END("03:01:00", "c", "hub-transient", "true")
                          END("03:02:00", "d", "hub-transient", "true")
                              END("03:03:00", "e", "hub-transient", "true"),
          MORE("01:00:00", "a", "token-expiry", "1", ",\"codes\":[\"401003\",\"404104\"]")
              MORE("02:00:00", "a", "token-expiry", "1",
                   ",\"codes\":[]") MORE("03:00:00", "a", "unknown", "0", ",\"codes\":[\"404104\"]")
                  MORE("03:00:10", "b", "unknown", "0", ",\"codes\":[\"404104\"]")
                      MORE("03:01:00", "c", "unknown", "0", ",\"codes\":[\"500001\",\"404104\"]")
                          MORE("03:02:00", "d", "unknown", "0", ",\"codes\":[\"404104\"]")
                              MORE("03:03:00", "e", "unknown", "0", ",\"codes\":[\"404104\"]"),
          NULL);
    size_t(*pairs)[HT_CAUSE_COUNT] = scored.tally->pairs[METHOD_PAGE];
    assert_int_equal(pairs[HT_CAUSE_TOKEN_EXPIRY][HT_CAUSE_TOKEN_EXPIRY], 1);
    assert_int_equal(pairs[HT_CAUSE_TOKEN_EXPIRY][HT_CAUSE_IDLE_TIMEOUT], 1);
    assert_int_equal(pairs[HT_CAUSE_HUB_TRANSIENT][HT_CAUSE_HUB_TRANSIENT], 5);
    forget(&scored);
}

static void test_regularity(void **state) {
    (void)state;
    struct scored scored;
    score(&scored,
          END("01:00:00", "a", "token-expiry", "true") END("02:00:00", "a", "token-expiry", "true")
              END("03:00:00", "a", "idle-timeout", "true")
                  END("03:00:00", "b", "token-expiry", "true"),
          MORE("01:00:00", "a", "unknown", "0", ",\"session_seconds\":3600")
              MORE("02:00:00", "a", "unknown", "0", ",\"session_seconds\":3700")
                  MORE("03:00:00", "a", "unknown", "0", ",\"session_seconds\":60")
                      MORE("03:00:00", "b", "unknown", "0", ",\"session_seconds\":3600"),
          NULL);
    size_t(*pairs)[HT_CAUSE_COUNT] = scored.tally->pairs[METHOD_REGULARITY];
    assert_int_equal(pairs[HT_CAUSE_TOKEN_EXPIRY][HT_CAUSE_TOKEN_EXPIRY], 2);
    assert_int_equal(pairs[HT_CAUSE_IDLE_TIMEOUT][HT_CAUSE_IDLE_TIMEOUT], 1);
    assert_int_equal(pairs[HT_CAUSE_TOKEN_EXPIRY][HT_CAUSE_IDLE_TIMEOUT], 1); /* one is no median */
    forget(&scored);
}

/* Counts add up, not means. */
static void test_pool(void **state) {
    (void)state;
    struct scored good;
    struct scored bad;
    score(&good, TRUTH,
          ROW("01:00:00", "a", "token-expiry", "1") ROW("02:00:00", "a", "token-expiry", "1")
              ROW("02:30:00", "b", "idle-timeout", "1") ROW("03:00:00", "c", "hub-transient", "1"),
          FOUND("hub-transient", "H", "03:00:00", "03:00:00", "null"));
    score(&bad, END("01:00:00", "a", "token-expiry", "true"),
          ROW("01:00:00", "a", "idle-timeout", "1"), NULL);
    tally_add(good.tally, bad.tally);
    summarize(good.tally, &good.summary);
    assert_int_equal(good.summary.ends, 5);
    assert_float_equal(recall(&good.summary.methods[METHOD_MODEL].classes[0]), 2.0 / 3, 1e-9);
    assert_float_equal(good.summary.brier, 0.2, 1e-9);
    assert_int_equal(good.tally->runs, 2);
    assert_int_equal(good.tally->reports, 1);
    forget(&good);
    forget(&bad);
}

static void test_broken_files(void **state) {
    (void)state;
    struct run run;
    assert_false(run_load("/nonexistent/run", &run));
    run_free(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_right),
        cmocka_unit_test(test_swapped_causes),
        cmocka_unit_test(test_swapped_within_class),
        cmocka_unit_test(test_dropped_and_added),
        cmocka_unit_test(test_unknown_is_no_cause),
        cmocka_unit_test(test_pairing),
        cmocka_unit_test(test_rows_without_hub),
        cmocka_unit_test(test_incidents),
        cmocka_unit_test(test_false_incident_is_an_echo),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_regularity),
        cmocka_unit_test(test_pool),
        cmocka_unit_test(test_broken_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
