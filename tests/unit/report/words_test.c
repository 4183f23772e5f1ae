/* SPDX-License-Identifier: MIT */
/* Words of evidence for every kind, the limits of a log, texts that outlive their sources. */
#include "report/evidence.h"
#include "world.h"

struct fact_case {
    struct life life;
    const char *fact;
};

#define EVIDENCE(evidence_kind, centi, number) \
    .evidence = {.kind = HT_EVIDENCE_##evidence_kind, .weight_centi = (centi), .value = (number)}

static const struct fact_case fact_cases[] = {
    {{.to_s = 9, .codes = {401003, 404104}, EVIDENCE(CODES, 1, 0)},
     "closed with 401003 and 404104"},
    {{.to_s = 9, .codes = {404104}, EVIDENCE(CODES, 1, 0)},
     "closed with 404104 (DeviceConnectionClosedRemotely)"},
    {{.to_s = 9, .codes = {400001, 400002, 400003, 400004}, EVIDENCE(CODES, 1, 0)},
     "closed with 400001, 400002, 400003 and 400004"},
    {{.to_s = 9, EVIDENCE(CODES, 1, 0)}, "closed with an error, but without a code"},
    {{.to_s = 9, EVIDENCE(CLEAN, 1, 0)}, "closed cleanly, without an error code"},
    {{.to_s = 4223, EVIDENCE(CADENCE_FLEET, 1, 0)},
     "session of 1h10m23s: the length at which 90 of 180 sessions of like devices (SDK .NET) "
     "ended"},
    {{.to_s = 4223, EVIDENCE(CADENCE_FLEET, 1, 1)},
     "session of 1h10m23s: the length at which 4 of 4 sessions of like devices ended"},
    {{.to_s = 4223, EVIDENCE(CADENCE_FLEET, 1, 99)},
     "session of 1h10m23s: a length at which sessions of like devices end"},
    {{.to_s = 901, EVIDENCE(CADENCE_DEVICE, 1, 900)},
     "session of 15m01s: sessions of this device keep ending at about 15m00s"},
    {{.to_s = 3601, EVIDENCE(CADENCE_PRIOR, 1, 3600)},
     "session of 1h00m01s: close to 1h00m00s, a documented token period"},
    {{.to_s = 9, EVIDENCE(TOKEN_CLOCK, 1, 3600)},
     "the token was 1h00m00s old, older than the session: it had outlived a reconnect"},
    {{.to_s = 9, EVIDENCE(IRREGULAR, 1, 777)}, "session of 12m57s: no length that recurs here"},
    {{.to_s = 361, EVIDENCE(KEEP_ALIVE, 1, 360)},
     "session of 6m01s: ended at 6m00s, a limit of 1.5 x keep-alive"},
    {{.to_s = 9, EVIDENCE(YOUNG, 1, 9)}, "session of 9s: too short for a token or a time-out"},
    {{.to_s = 9, .cause = HT_CAUSE_TOKEN_EXPIRY, EVIDENCE(GAP, 1, 8)},
     "back after 8s, as after a renewal"},
    {{.to_s = 9, .cause = HT_CAUSE_TOKEN_EXPIRY, EVIDENCE(GAP, -1, 400)},
     "back after 6m40s, not usual for this cause"},
    {{.to_s = 9, .cause = HT_CAUSE_SITE_OUTAGE, EVIDENCE(GAP, 1, 90000)},
     "back after 1d1h00m, as after a lost network"},
    {{.to_s = 9, .cause = HT_CAUSE_HUB_TRANSIENT, EVIDENCE(GAP, 1, 8)},
     "back after 8s, as after trouble in the hub"},
    {{.to_s = 9, .cause = HT_CAUSE_CLIENT_CLOSE, EVIDENCE(GAP, 1, 8)},
     "back after 8s, as after a planned pause"},
    {{.to_s = 9, .cause = HT_CAUSE_DUPLICATE_IDENTITY, EVIDENCE(GAP, 1, 0)},
     "connected again within the same second"},
    {{.to_s = 9, EVIDENCE(NO_RETURN, 1, 7200)},
     "no connect after it, though the log goes on for 2h00m00s"},
    {{.to_s = 9, .refused_code = 401003, EVIDENCE(REFUSED, 1, 3)},
     "3 connects refused on the way back, the last with 401003"},
    {{.to_s = 9, EVIDENCE(REFUSED, 1, 1)}, "1 connect refused on the way back"},
    {{.to_s = 9, EVIDENCE(BURST_HUB, 1, 0)}, "40 devices across the hub dropped within 30s"},
    {{.to_s = 9, EVIDENCE(BURST_HUB, 1, 7)},
     "many devices across the hub dropped at the same time"},
    {{.to_s = 9, EVIDENCE(BURST_SITE, 1, 0)},
     "40 devices behind one address prefix dropped within 30s"},
    {{.to_s = 9, EVIDENCE(NO_BURST, 1, 0)}, "no unusual number of other devices dropped around it"},
    {{.to_s = 9, EVIDENCE(SERVER_ERRORS, 1, 2)}, "2 records with 5xx from the hub around it"},
    {{.to_s = 9, EVIDENCE(TAKEOVERS, 1, 1)},
     "1 other take-over (400027 or 409002) of this device around it"},
    {{.to_s = 9, EVIDENCE(AUTH_X509, 1, 0)},
     "authenticates with a certificate (X.509): it has no token"},
    {{.to_s = 9, EVIDENCE(AMQP, 1, 0)},
     "connects over AMQP, which renews tokens without a disconnect"},
    {{.to_s = 9, .sdk = ".NET/1", EVIDENCE(SDK_RENEWAL, 1, 0)},
     "SDK .NET waits for the hub to end the session when the token runs out"},
    {{.to_s = 9, .sdk = "azure-iot-device/1", EVIDENCE(SDK_RENEWAL, 1, 0)},
     "SDK Node.js renews its token itself, before it runs out"},
    {{.to_s = 9, .sdk = "\x1b[31mevil", EVIDENCE(SDK_RENEWAL, 1, 0)},
     "how its SDK renews tokens is not known"},
    {{.to_s = 9, .start = HT_START_BEFORE_LOG, EVIDENCE(START_UNKNOWN, 1, 9)},
     "the session began before the log: it lasted at least 9s"},
    {{.to_s = 9, .start = HT_START_BEFORE_LOG, EVIDENCE(START_UNKNOWN, 1, 0)},
     "the session began before the log"},
    {{.to_s = 9, .start = HT_START_MISSING, EVIDENCE(START_UNKNOWN, 1, 9)},
     "the connect is missing from the log: the session lasted at most 9s"},
    {{.to_s = 9, .cause = HT_CAUSE_TOKEN_EXPIRY, EVIDENCE(GAP, 1, 60)},
     "back after 1m00s, as after a renewal"},
    {{.to_s = 9, .cause = HT_CAUSE_TOKEN_EXPIRY, EVIDENCE(GAP, 1, 61)}, "back after 1m01s"},
    {{.to_s = 9, EVIDENCE(DEVICE_HISTORY, -1, 0)},
     "no other disconnect of this device with this cause"},
    {{.to_s = 9, EVIDENCE(DAILY, 1, 2)},
     "dropped at this time of day on the days before and after as well"},
    {{.to_s = 1800, EVIDENCE(TOLD_TOKEN, 1, 0)},
     "session of 30m00s: the token period that rule 'the pumps' states"},
    {{.to_s = 9, EVIDENCE(TOLD_NO_TOKEN, 1, 0)}, "it has no token, as rule 'the pumps' states"},
    {{.to_s = 240, EVIDENCE(TOLD_DUTY, 1, 0)},
     "session of 4m00s: as long as the duty cycle of rule 'the pumps'"},
    {{.to_s = 361, EVIDENCE(TOLD_LIMIT, 1, 0)},
     "session of 6m01s: ended at 1.5 x the keep-alive of rule 'the pumps'"},
    {{.to_s = 90, EVIDENCE(TOLD_TOO_SHORT, 1, 0)},
     "session of 1m30s: shorter than 1.5 x the keep-alive of rule 'the pumps'"},
    {{.to_s = 9, .cause = HT_CAUSE_QUOTA, EVIDENCE(TOLD_LABEL, 1, 0)},
     "relabelled by rule 'the pumps'; the log by itself says unknown"},
    {{.to_s = 9, EVIDENCE(DEVICE_HISTORY, 1, 5)}, "5 disconnects of this device with this cause"},
};

static void test_evidence(void **state) {
    (void)state;
    bool seen[HT_EVIDENCE_KIND_COUNT] = {[HT_EVIDENCE_NONE] = true};
    for (size_t i = 0; i < HT_ARRAY_LEN(fact_cases); i++) {
        static const struct ht_known_rule rule = {.name = "the pumps"};
        struct world *world = world_new();
        struct ht_disconnect row;
        world->rules = &rule;
        world->rule_count = 1;
        world_hub(world, "HUB");
        (void)world_incident(world, HT_CAUSE_HUB_TRANSIENT, 10, 40, 0);
        world->incidents[0].devices = 40;
        world->cadences[0] = (struct ht_cadence){.sdk_family = 2, .sessions = 90, .hit_rate = 0.5F};
        world->cadences[1] = (struct ht_cadence){.sessions = 4};
        world->cadence_count = 2;
        world_health(world, 0, 500001);
        world_device(world, "dev");
        world_live(world, &fact_cases[i].life);
        struct ht_report *report = world_report(world);
        ht_report_disconnect(report, 0, &row);
        assert_int_equal(row.evidence_count, 1);
        assert_string_equal(row.evidence[0].fact, fact_cases[i].fact);
        seen[fact_cases[i].life.evidence.kind] = true;
        ht_report_free(report);
    }
    for (size_t i = 0; i < HT_EVIDENCE_KIND_COUNT; i++) {
        if (!seen[i]) {
            fail_msg("evidence kind %zu has no case", i);
        }
    }
}

/* The longest numbers fit; nothing is cut. */
static void test_longest_facts(void **state) {
    (void)state;
    for (size_t kind = HT_EVIDENCE_NONE + 1; kind < HT_EVIDENCE_KIND_COUNT; kind++) {
        static const struct ht_known_rule rule = {
            .name = "a name of a rule as long as they come, which is sixty-four bytes"};
        struct world *world = world_new();
        struct ht_disconnect row;
        const bool told = kind >= HT_EVIDENCE_TOLD_TOKEN && kind <= HT_EVIDENCE_TOLD_LABEL;
        world->rules = &rule;
        world->rule_count = 1;
        world_hub(world, "HUB");
        (void)world_incident(world, HT_CAUSE_HUB_TRANSIENT, 0, 400000000, 0);
        world->incidents[0].devices = UINT32_MAX;
        world->cadences[0] =
            (struct ht_cadence){.sdk_family = 7, .sessions = UINT32_MAX, .hit_rate = 0.0001F};
        world->cadence_count = 1;
        world_device(world, "dev");
        LIVE(world, .from_s = 0, .to_s = 400000000,
             .codes = {UINT32_MAX - 3, UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX}, .sdk = "C",
             .refused_code = UINT32_MAX, .cause = HT_CAUSE_HUB_TRANSIENT,
             .evidence = {.kind = (uint8_t)kind,
                          .weight_centi = -1,
                          .value = told || kind == HT_EVIDENCE_CADENCE_FLEET ||
                                           kind == HT_EVIDENCE_BURST_HUB
                                       ? 0
                                       : UINT32_MAX});
        struct ht_report *report = world_report(world);
        ht_report_disconnect(report, 0, &row);
        assert_true(strlen(row.evidence[0].fact) > 0);
        assert_true(strlen(row.evidence[0].fact) < HT_FACT_BYTES - 1);
        ht_report_free(report);
    }
}

static bool has_limit(const struct ht_report *report, const char *words) {
    const struct ht_quality *quality = &ht_report_summary(report)->quality;
    for (size_t i = 0; i < quality->limit_count; i++) {
        if (strstr(quality->limits[i], words) != NULL) {
            return true;
        }
    }
    return false;
}

static void test_quality(void **state) {
    (void)state;
    char source_name[] = "a.json";
    char why[] = "cut";
    const struct ht_source_view source = {.name = source_name, .problem = why};
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_device(world, "dev");
    LIVE(world, .to_s = 100, .start = HT_START_BEFORE_LOG);
    LIVE(world, .from_s = 110, .to_s = 200, .end = HT_END_MISSING);
    LIVE(world, .from_s = 200, .to_s = 300);
    LIVE(world, .from_s = 300, .to_s = 400, .start = HT_START_MISSING);
    world->sources = &source;
    world->source_count = 1;
    world->quality = (struct ht_quality){.records = 100,
                                         .bad_total = 1,
                                         .unreadable_sources = 1,
                                         .dropped_events = 2,
                                         .dropped_attributes = 3,
                                         .without_sdk = 2,
                                         .without_auth = 1};
    world->quality.bad[HT_BAD_CUT] = 1;
    world->quality.example_count[HT_BAD_CUT] = 1;
    world->quality.examples[HT_BAD_CUT][0] =
        (struct ht_bad_example){.source = source_name, .why = why};
    struct ht_report *report = world_report(world);
    memset(source_name, '#', strlen(source_name));
    memset(why, '#', strlen(why));
    const struct ht_summary *summary = ht_report_summary(report);
    assert_string_equal(summary->sources[0].name, "a.json");
    assert_string_equal(summary->sources[0].problem, "cut");
    assert_null(summary->sources[0].hint);
    assert_string_equal(summary->quality.examples[HT_BAD_CUT][0].source, "a.json");
    assert_string_equal(summary->quality.examples[HT_BAD_CUT][0].why, "cut");
    assert_int_equal(summary->quality.starts_before_log, 1);
    assert_int_equal(summary->quality.starts_missing, 1);
    assert_int_equal(summary->quality.ends_missing, 1);
    assert_int_equal(finding(report, "bad-records")->level, HT_LEVEL_WARNING);
    assert_null(finding(report, "bad-records")->hub);
    assert_int_equal(finding(report, "records-missing")->level, HT_LEVEL_WARNING);
    assert_non_null(finding(report, "input-unreadable"));
    assert_non_null(finding(report, "input-limit"));
    assert_true(has_limit(report, "100 % of the accepted connects have no sdkVersion"));
    assert_true(has_limit(report, "50 % of the accepted connects have no readable authType"));
    assert_false(has_limit(report, "maskedIpAddress"));
    assert_true(has_limit(report, "began before the log"));
    assert_true(has_limit(report, "1 connect and 1 disconnect are missing"));
    assert_true(has_limit(report, "spans 5m00s only"));
    assert_true(has_limit(report, "provisional"));
    ht_report_free(report);
}

/* Said where a selection may hide part of an incident. */
static void test_whole_incidents(void **state) {
    (void)state;
    for (int64_t since_s = 0; since_s <= 10; since_s += 10) {
        struct world *world = world_new();
        world_hub(world, "HUB");
        const uint32_t incident = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 10, 40, 0);
        world_device(world, "dev");
        LIVE(world, .from_s = 0, .to_s = 10, .cause = HT_CAUSE_HUB_TRANSIENT, .incident = incident);
        if (since_s > 0) {
            world->selection.since_us = AT(since_s);
        }
        struct ht_report *report = world_report(world);
        assert_int_equal(has_limit(report, "Incidents are told whole"), since_s > 0);
        ht_report_free(report);
    }
}

/* One bad record in a thousand is worth a note, no more. */
static void test_quality_notes(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_device(world, "dev");
    LIVE(world, .from_s = 0, .to_s = 9000, .start = HT_START_BEFORE_LOG);
    world->quality = (struct ht_quality){.records = 1000, .bad_total = 1};
    struct ht_report *report = world_report(world);
    assert_int_equal(finding(report, "bad-records")->level, HT_LEVEL_NOTE);
    assert_null(finding(report, "records-missing"));
    assert_true(has_limit(report, "No accepted connect is in the log"));
    assert_false(has_limit(report, "only: lengths"));
    ht_report_free(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evidence),      cmocka_unit_test(test_longest_facts),
        cmocka_unit_test(test_quality),       cmocka_unit_test(test_whole_incidents),
        cmocka_unit_test(test_quality_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
