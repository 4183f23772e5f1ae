/* SPDX-License-Identifier: MIT */
/* What rules of users change in a report: maintenance, sites, duty cycles, and what is said of
 * them. */
#include "world.h"

/* 2025-03-10 is a Monday; the world begins at its midnight. */
static const struct ht_known_window monday_morning[] = {
    {.days = 1 << 1, .from_s = 3600, .to_s = 7200},
};

static const struct ht_known_rule rules[] = {
    {.name = "monday",
     .line = 1,
     .states = 1U << HT_KNOWN_MAINTENANCE,
     .windows = monday_morning,
     .window_count = 1,
     .devices = 3},
    {.name = "berlin", .line = 4, .states = 1U << HT_KNOWN_SITE, .site = "Berlin", .devices = 3},
    {.name = "meters",
     .line = 7,
     .states = 1U << HT_KNOWN_DUTY,
     .duty_every_s = 7200,
     .duty_up_s = 240,
     .devices = 1},
    {.name = "nobody", .line = 9, .states = 1U << HT_KNOWN_SITE, .site = "Rome"},
};

static struct world *ruled_world(void) {
    struct world *world = world_new();
    world->rules = rules;
    world->rule_count = HT_ARRAY_LEN(rules);
    world_hub(world, "HUB");
    return world;
}

static void test_planned_is_no_fault(void **state) {
    (void)state;
    struct world *world = ruled_world();
    world_device(world, "a");
    world_tell(world, 1);
    LIVE(world, .from_s = 0, .to_s = 3599, .cause = HT_CAUSE_CONNECTION_RESET);
    LIVE(world, .from_s = 3600, .to_s = 3600 + 1, .cause = HT_CAUSE_CONNECTION_RESET);
    LIVE(world, .from_s = 3700, .to_s = 7199, .cause = HT_CAUSE_TOKEN_EXPIRY);
    LIVE(world, .from_s = 7199, .to_s = 7200, .cause = HT_CAUSE_UNKNOWN);
    world_device(world, "b");
    LIVE(world, .from_s = 0, .to_s = 3601, .cause = HT_CAUSE_CONNECTION_RESET);
    world_open(world, 20000);
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    const struct ht_device_view a = device_at(report, 0);
    assert_int_equal(a.disconnects, 4);
    assert_int_equal(a.planned, 2);
    assert_int_equal(a.faults, 1);
    assert_int_equal(a.renewals, 0);
    assert_int_equal(a.by_cause[HT_CAUSE_CONNECTION_RESET], 2);
    assert_int_equal(summary->planned, 2);
    assert_int_equal(summary->faults, 2);
    assert_int_equal(summary->unknown, 1);
    assert_int_equal(summary->hubs[0].planned, 2);
    assert_int_equal(summary->causes[HT_CAUSE_CONNECTION_RESET].disconnects, 3);
    assert_int_equal(summary->causes[HT_CAUSE_CONNECTION_RESET].planned, 1);
    for (size_t i = 0; i < ht_report_disconnect_count(report); i++) {
        struct ht_disconnect row;
        ht_report_disconnect(report, i, &row);
        const int64_t at_s = row.time_us / HT_US_PER_S - WORLD_START_S;
        assert_int_equal(row.planned, strcmp(row.device, "a") == 0 && at_s >= 3600 && at_s < 7200);
    }
    ht_report_free(report);
}

/* Flapping in maintenance is no finding, and a device that went in it is gone only afterwards. */
static void test_planned_makes_no_finding(void **state) {
    (void)state;
    for (int planned = 0; planned < 2; planned++) {
        struct world *world = ruled_world();
        world_device(world, "a");
        world_tell(world, planned ? 1 : 0);
        for (int64_t i = 0; i < 8; i++) {
            LIVE(world, .from_s = 3600 + i * 60, .to_s = 3630 + i * 60,
                 .cause = HT_CAUSE_CONNECTION_RESET);
        }
        world_device(world, "b");
        world_open(world, 7900);
        world_health(world, 7200 + 14 * 60, 404103);
        struct ht_report *report = world_report(world);
        assert_int_equal(finding(report, "flapping") != NULL, !planned);
        assert_int_equal(finding(report, "never-returned") != NULL, !planned);
        assert_string_equal(device_at(report, 0).pattern, planned
                                                              ? "disconnects in maintenance only"
                                                              : "gone since 2025-03-10T01:07:30Z");
        ht_report_free(report);
    }
}

static void test_planned_incident(void **state) {
    (void)state;
    struct world *world = ruled_world();
    const uint32_t incident = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 4000, 4010, 0);
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        world_device(world, names[i]);
        world_tell(world, 1);
        LIVE(world, .from_s = 0, .to_s = 4000 + (int64_t)i, .cause = HT_CAUSE_HUB_TRANSIENT,
             .incident = incident);
        world_open(world, 4100);
    }
    struct ht_report *report = world_report(world);
    assert_int_equal(ht_report_summary(report)->incident_count, 1);
    assert_true(ht_report_summary(report)->incidents[0].planned);
    const struct ht_finding *found = finding(report, "hub-incident");
    assert_non_null(found);
    assert_true(found->normal);
    assert_int_equal(found->level, HT_LEVEL_NOTE);
    ht_report_free(report);
}

static void test_sites(void **state) {
    (void)state;
    struct world *world = ruled_world();
    const uint32_t incident = world_incident(world, HT_CAUSE_SITE_OUTAGE, 4000, 4010, 0);
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        world_device(world, names[i]);
        world_tell(world, 2);
        LIVE(world, .from_s = 0, .to_s = 4000 + (int64_t)i, .cause = HT_CAUSE_SITE_OUTAGE,
             .incident = incident);
        world_open(world, 4100);
    }
    struct ht_report *report = world_report(world);
    struct ht_disconnect row;
    ht_report_disconnect(report, 0, &row);
    assert_string_equal(row.site, "Berlin");
    assert_false(row.planned);
    assert_string_equal(device_at(report, 0).site, "Berlin");
    assert_string_equal(ht_report_summary(report)->incidents[0].site, "Berlin");
    assert_false(ht_report_summary(report)->incidents[0].planned);
    ht_report_free(report);
}

/* A single close tells no period, but a rule does; and a pause of the cycle is no absence. */
static void test_duty_cycle(void **state) {
    (void)state;
    for (int told = 0; told < 2; told++) {
        struct world *world = ruled_world();
        world_device(world, "a");
        world_tell(world, told ? 3 : 0);
        LIVE(world, .from_s = 0, .to_s = 240, .cause = HT_CAUSE_CLIENT_CLOSE);
        LIVE(world, .from_s = 400, .to_s = 410, .cause = HT_CAUSE_CONNECTION_RESET);
        world_device(world, "b");
        world_open(world, 7000);
        struct ht_report *report = world_report(world);
        assert_int_equal(finding(report, "duty-cycle") != NULL, told);
        assert_int_equal(finding(report, "never-returned") != NULL, !told);
        ht_report_free(report);
    }
}

static void test_rules_are_told(void **state) {
    (void)state;
    struct world *world = ruled_world();
    world_device(world, "a");
    world_open(world, 4100);
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    assert_int_equal(summary->rule_count, HT_ARRAY_LEN(rules));
    assert_string_equal(summary->rules[1].name, "berlin");
    assert_int_equal(summary->rules[1].devices, 3);
    assert_int_equal(summary->rules[1].line, 4);
    bool said = false;
    for (size_t i = 0; i < summary->quality.limit_count; i++) {
        said = said || strcmp(summary->quality.limits[i],
                              "Of --rules: 'nobody' matches no device of this log.") == 0;
    }
    assert_true(said);
    ht_report_free(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planned_is_no_fault), cmocka_unit_test(test_planned_makes_no_finding),
        cmocka_unit_test(test_planned_incident),    cmocka_unit_test(test_sites),
        cmocka_unit_test(test_duty_cycle),          cmocka_unit_test(test_rules_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
