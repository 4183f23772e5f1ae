/* SPDX-License-Identifier: MIT */
/* Whole classifications of small hubs: the traps that naive rules fall into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "world.h"

static const struct ht_verdict *verdict_of(const struct world *world, size_t session) {
    return &world->verdicts.verdicts[session];
}

static void assert_cause(const struct world *world, size_t session, enum ht_cause cause) {
    assert_string_equal(ht_cause_name((enum ht_cause)verdict_of(world, session)->cause),
                        ht_cause_name(cause));
}

static bool has_evidence(const struct ht_verdict *verdict, enum ht_evidence_kind kind) {
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        if (verdict->evidence[i].kind == kind) {
            return true;
        }
    }
    return false;
}

/* Devices that renew every period_s to period_s + spread_s, for a day; a phase each. */
static void add_renewing(struct world *world, size_t devices, uint32_t sdk, uint32_t site,
                         int64_t period_s, int64_t spread_s, const uint32_t codes[2]) {
    uint64_t random = sdk + site;
    for (size_t i = 0; i < devices; i++) {
        (void)world_device(world);
        int64_t at_s = world_number(&random, 1, period_s);
        for (;;) {
            const int64_t end_s = at_s + period_s + world_number(&random, 0, spread_s);
            if (end_s > 86000) {
                break;
            }
            const uint32_t gap_s = (uint32_t)world_number(&random, 2, 9);
            (void)world_session(world, sdk, TEXT_MQTT, site,
                                &(struct end){at_s, end_s, {codes[0], codes[1]}, gap_s});
            at_s = end_s + gap_s;
        }
    }
}

static const uint32_t clean[2] = {0, 0};
static const uint32_t expired[2] = {401003, 404104};

static void test_empty(void **state) {
    (void)state;
    struct world *world = world_new();
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(world->verdicts.count, 0);
    world_free(world);
}

static void test_fleet_cadence(void **state) {
    (void)state;
    struct world *world = world_new();
    add_renewing(world, 20, TEXT_DOTNET, 1, 3600, 600, expired);
    add_renewing(world, 20, TEXT_PYTHON, 2, 3480, 1, clean);
    assert_int_equal(world_classify(world), HT_OK);
    for (size_t i = 0; i < world->made.session_count; i++) {
        assert_cause(world, i, HT_CAUSE_TOKEN_EXPIRY);
        assert_true(ht_verdict_confidence(verdict_of(world, i)) > 0.9);
        assert_true(has_evidence(verdict_of(world, i), HT_EVIDENCE_CADENCE_FLEET));
    }
    assert_int_equal(world->verdicts.incident_count, 0);
    assert_int_equal(world->verdicts.cadence_count, 2);
    assert_in_range(world->verdicts.cadences[0].low_s, 3600, 3640);
    assert_in_range(world->verdicts.cadences[0].high_s, 4160, 4260);
    assert_in_range(world->verdicts.device_cadence_s[25], 3480, 3481);
    world_free(world);
}

/* A lifetime that no documentation has, on one device. */
static void test_device_cadence(void **state) {
    (void)state;
    struct world *world = world_new();
    add_renewing(world, 1, TEXT_DOTNET, 1, 1800, 4, expired);
    assert_int_equal(world_classify(world), HT_OK);
    assert_cause(world, 3, HT_CAUSE_TOKEN_EXPIRY);
    assert_in_range(world->verdicts.device_cadence_s[1], 1800, 1804);
    world_free(world);
}

/* One or two episodes must be judged by what is documented. */
static void test_documented(void **state) {
    (void)state;
    struct world *world = world_new();
    (void)world_device(world);
    const size_t node =
        world_session(world, TEXT_NODE, TEXT_MQTT, 1, &(struct end){0, 2700, {0}, 8});
    (void)world_device(world);
    const size_t java = world_session(world, TEXT_JAVA, TEXT_MQTT, 1,
                                      &(struct end){100, 4002, {401003, 404104}, 5});
    assert_int_equal(world_classify(world), HT_OK);
    assert_cause(world, node, HT_CAUSE_TOKEN_EXPIRY);
    assert_cause(world, java, HT_CAUSE_TOKEN_EXPIRY);
    assert_true(has_evidence(verdict_of(world, node), HT_EVIDENCE_CADENCE_PRIOR));
    world_free(world);
}

/* A renewing fleet of `sites` prefixes that a reset at reset_s cuts: those of sites < hit. */
static struct world *cut_fleet(size_t devices, size_t sites, size_t hit, int64_t cut_s,
                               uint32_t gap_s) {
    struct world *world = world_new();
    uint64_t random = 5;
    for (size_t i = 0; i < devices; i++) {
        (void)world_device(world);
        const uint32_t site = (uint32_t)(i % sites) + 1;
        int64_t at_s = world_number(&random, 1, 4000);
        bool is_cut = false;
        for (;;) {
            int64_t end_s = at_s + 3600 + world_number(&random, 0, 600);
            struct end end = {at_s, end_s, {401003, 404104}, 5};
            if (site <= hit && !is_cut && end_s > cut_s) {
                end_s = cut_s + world_number(&random, 0, 20);
                end = (struct end){at_s, end_s, {404104, 0}, gap_s};
                is_cut = true;
            }
            if (end_s > 80000) {
                break;
            }
            (void)world_session(world, TEXT_DOTNET, TEXT_MQTT, site, &end);
            at_s = end_s + end.gap_s;
        }
    }
    return world;
}

static size_t count_cause(const struct world *world, enum ht_cause cause) {
    size_t found = 0;
    for (size_t i = 0; i < world->verdicts.count; i++) {
        found += world->verdicts.verdicts[i].cause == (unsigned)cause;
    }
    return found;
}

/* All reconnect at once, so their tokens end in step an hour later: no second incident. */
static void test_hub_incident_and_echo(void **state) {
    (void)state;
    struct world *world = cut_fleet(100, 10, 10, 30000, 40);
    for (int i = 0; i < 30; i++) {
        world_health(world, 30000 + i, 500001);
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(world->verdicts.incident_count, 1);
    const struct ht_incident *incident = &world->verdicts.incidents[0];
    assert_int_equal(incident->cause, HT_CAUSE_HUB_TRANSIENT);
    assert_in_range(incident->devices, 95, 100);
    assert_in_range(incident->connected_before, incident->devices, 100);
    assert_in_range(count_cause(world, HT_CAUSE_HUB_TRANSIENT), 95, 100);
    assert_in_range(count_cause(world, HT_CAUSE_TOKEN_EXPIRY) + 100, world->verdicts.count - 3,
                    world->verdicts.count + 5);
    world_free(world);
}

static void test_site_outage(void **state) {
    (void)state;
    struct world *world = cut_fleet(100, 10, 1, 30000, 700);
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(world->verdicts.incident_count, 1);
    assert_int_equal(world->verdicts.incidents[0].cause, HT_CAUSE_SITE_OUTAGE);
    assert_int_equal(world->verdicts.incidents[0].network, TEXT_SITE);
    assert_int_equal(count_cause(world, HT_CAUSE_SITE_OUTAGE), 10);
    assert_int_equal(count_cause(world, HT_CAUSE_HUB_TRANSIENT), 0);
    world_free(world);
}

/* Devices of ten sites that end at once at each time, `torn` of them without a goodbye. */
static struct world *restarts(size_t devices, size_t torn, const int64_t *times_s, size_t count) {
    struct world *world = world_new();
    uint64_t random = 11;
    for (size_t i = 0; i < devices; i++) {
        int64_t at_s = world_number(&random, 0, 20000);
        (void)world_device(world);
        for (size_t k = 0; k < count; k++) {
            const int64_t end_s = times_s[k] + world_number(&random, 0, 120);
            (void)world_session(world, TEXT_C, TEXT_MQTT, 1 + (uint32_t)(i % 10),
                                &(struct end){at_s, end_s, {i < torn ? 404104 : 0, 0}, 90});
            /* Something of its own in between, so that no common length tells. */
            at_s = end_s + 90;
            const int64_t own_s = at_s + world_number(&random, 5000, 50000);
            (void)world_session(world, TEXT_C, TEXT_MQTT, 1 + (uint32_t)(i % 10),
                                &(struct end){at_s, own_s, {404104, 0}, 300});
            at_s = own_s + 300;
        }
    }
    world->hub.last_us = INT64_C(4) * 86400 * HT_US_PER_S;
    return world;
}

/* Two incidents hours apart, and everybody back within a minute in between: sessions of one length,
 * and no rhythm, since nobody ends at that length but in the second one. */
static void test_two_incidents_of_one_length(void **state) {
    (void)state;
    struct world *world = world_new();
    uint64_t random = 17;
    for (uint32_t i = 0; i < 100; i++) {
        (void)world_device(world);
        int64_t at_s = world_number(&random, 0, 3000);
        for (int64_t k = 0; k < 2; k++) {
            const int64_t end_s = 40000 + k * 10800 + world_number(&random, 0, 30);
            const uint32_t gap_s = (uint32_t)world_number(&random, 10, 70);
            (void)world_session(world, TEXT_C, TEXT_MQTT, 1 + i % 30,
                                &(struct end){at_s, end_s, {404104, 0}, gap_s});
            at_s = end_s + gap_s;
        }
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(world->verdicts.incident_count, 2);
    assert_in_range(count_cause(world, HT_CAUSE_HUB_TRANSIENT), 195, 200);
    assert_int_equal(world->verdicts.cadence_count, 0);
    world_free(world);
}

/*
 * A hundred devices are cut within 20 s; one of them comes back after four minutes, and again after
 * five, to be torn off within a minute. flaps: it does so all day, whatever the hub does.
 */
static int64_t end_after_relapses(bool flaps) {
    struct world *world = world_new();
    uint64_t random = 23;
    for (uint32_t i = 0; i < 100; i++) {
        (void)world_device(world);
        if (i == 0 && flaps) {
            for (int64_t at_s = 100; at_s < 25000; at_s += 600) {
                (void)world_session(world, TEXT_C, TEXT_MQTT, 1,
                                    &(struct end){at_s, at_s + 50, {404104, 0}, 550});
            }
        }
        const int64_t cut_s = 40000 + world_number(&random, 0, 20);
        (void)world_session(world, TEXT_C, TEXT_MQTT, 1 + i % 30,
                            &(struct end){world_number(&random, 26000, 29000),
                                          cut_s,
                                          {404104, 0},
                                          i == 0 ? 240 : 10});
        if (i == 0) {
            (void)world_session(world, TEXT_C, TEXT_MQTT, 1,
                                &(struct end){cut_s + 240, cut_s + 300, {404104, 0}, 200});
            (void)world_session(world, TEXT_C, TEXT_MQTT, 1,
                                &(struct end){cut_s + 500, cut_s + 550, {404104, 0}, 10});
        }
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(world->verdicts.incident_count, 1);
    const int64_t end_us = world->verdicts.incidents[0].end_us;
    world_free(world);
    return end_us / HT_US_PER_S - 40000;
}

static void test_relapses_carry_an_incident_on(void **state) {
    (void)state;
    assert_in_range(end_after_relapses(false), 550, 570);
    assert_in_range(end_after_relapses(true), 0, 20);
}

/* One error of the hub among renewals, just when the next one was due. */
static void test_server_error_says_so_itself(void **state) {
    (void)state;
    struct world *world = world_new();
    add_renewing(world, 10, TEXT_JAVA, 1, 3900, 3, expired);
    world->sessions[40].codes[0] = 500001;
    world->sessions[40].codes[1] = 0;
    assert_int_equal(world_classify(world), HT_OK);
    assert_cause(world, 40, HT_CAUSE_HUB_TRANSIENT);
    assert_cause(world, 41, HT_CAUSE_TOKEN_EXPIRY);
    world_free(world);
}

/* Two places with one identity, a quarter of an hour each: too slow for a loop, but to and fro. */
static void test_slow_duplicate(void **state) {
    (void)state;
    struct world *world = world_new();
    uint64_t random = 3;
    (void)world_device(world);
    int64_t at_s = 0;
    for (uint32_t i = 0; i < 20; i++) {
        const int64_t end_s = at_s + world_number(&random, 400, 1000);
        (void)world_session(world, TEXT_C, TEXT_MQTT, 1 + i % 2,
                            &(struct end){at_s, end_s, {400027, 0}, 0});
        at_s = end_s;
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_in_range(count_cause(world, HT_CAUSE_DUPLICATE_IDENTITY), 18, 20);
    world_free(world);
}

/* No token lives for less than a minute, however often sessions do. */
static void test_flapping_is_no_renewal(void **state) {
    (void)state;
    struct world *world = world_new();
    uint64_t random = 9;
    (void)world_device(world);
    int64_t at_s = 0;
    for (int i = 0; i < 300; i++) {
        const int64_t end_s = at_s + world_number(&random, 10, 60);
        (void)world_session(world, TEXT_C, TEXT_MQTT, 1,
                            &(struct end){at_s, end_s, {404104, 0}, 5});
        at_s = end_s + 5;
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(count_cause(world, HT_CAUSE_TOKEN_EXPIRY), 0);
    world_free(world);
}

/* Most clients say goodbye: somebody restarts them. */
static void test_rollout(void **state) {
    (void)state;
    struct world *world = restarts(60, 20, (const int64_t[]){30000}, 1);
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(count_cause(world, HT_CAUSE_HUB_TRANSIENT), 0);
    assert_in_range(count_cause(world, HT_CAUSE_CLIENT_CLOSE), 38, 42);
    world_free(world);
}

/* Torn away at the same time every night, without an error of the hub. */
static void test_nightly_restart(void **state) {
    (void)state;
    static const int64_t nights_s[] = {30000, 30000 + 86400, 30000 + 2 * 86400};
    struct world *world = restarts(60, 60, nights_s, 3);
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(count_cause(world, HT_CAUSE_HUB_TRANSIENT), 0);
    world_free(world);
    world = restarts(60, 60, nights_s, 1); /* once: nothing tells it from the hub */
    assert_int_equal(world_classify(world), HT_OK);
    assert_in_range(count_cause(world, HT_CAUSE_HUB_TRANSIENT), 50, 60);
    world_free(world);
}

static void test_upgrade(void **state) {
    (void)state;
    struct world *world = world_new();
    for (uint32_t i = 0; i < 12; i++) {
        (void)world_device(world);
        (void)world_session(world, TEXT_C, TEXT_MQTT, 1 + i % 6,
                            &(struct end){100, 20000 + i, {i < 10 ? 400029 : 404104, 0}, 5});
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(count_cause(world, HT_CAUSE_PLATFORM_UPGRADE), 12);
    assert_int_equal(world->verdicts.incident_count, 1);
    world_free(world);
}

/* Two clients throw each other out; and a lone 400027 of a device that was back before the hub
 * noticed. */
static void test_duplicate_identity(void **state) {
    (void)state;
    struct world *world = world_new();
    (void)world_device(world);
    for (int64_t i = 0; i < 40; i++) {
        (void)world_session(world, TEXT_C, TEXT_MQTT, 1,
                            &(struct end){i * 5, i * 5 + 5, {400027, 0}, 0});
    }
    (void)world_device(world);
    const size_t lone =
        world_session(world, TEXT_C, TEXT_MQTT, 2, &(struct end){7, 9000, {400027, 0}, 0});
    assert_int_equal(world_classify(world), HT_OK);
    for (size_t i = 0; i < 40; i++) {
        assert_cause(world, i, HT_CAUSE_DUPLICATE_IDENTITY);
    }
    assert_int_equal(ht_cause_class((enum ht_cause)verdict_of(world, lone)->cause),
                     HT_CLASS_NETWORK_IDLE_TIMEOUT);
    world_free(world);
}

/* A silent device, cut by the hub's cap on keep-alives, is regular and yet no token. */
static void test_keep_alive_cap(void **state) {
    (void)state;
    struct world *world = world_new();
    (void)world_device(world);
    int64_t at_s = 0;
    for (int i = 0; i < 12; i++) {
        (void)world_session(world, TEXT_NODE, TEXT_MQTT, 1,
                            &(struct end){at_s, at_s + 1767 + i % 3, {404104, 0}, 3});
        at_s += 1775;
    }
    assert_int_equal(world_classify(world), HT_OK);
    for (size_t i = 0; i < 12; i++) {
        assert_cause(world, i, HT_CAUSE_IDLE_TIMEOUT);
    }
    world_free(world);
}

static void test_duty_cycle(void **state) {
    (void)state;
    struct world *world = world_new();
    (void)world_device(world);
    for (int64_t i = 0; i < 40; i++) {
        (void)world_session(world, TEXT_C, TEXT_MQTT, 1,
                            &(struct end){i * 1800, i * 1800 + 120 + i % 2, {0}, 1680});
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(count_cause(world, HT_CAUSE_CLIENT_CLOSE), 40);
    world_free(world);
}

/* Lengths that say nothing, on X.509: never a token. */
static void test_x509(void **state) {
    (void)state;
    struct world *world = world_new();
    uint64_t random = 3;
    for (int d = 0; d < 10; d++) {
        (void)world_device(world);
        int64_t at_s = 0;
        for (int i = 0; i < 6; i++) {
            const int64_t end_s = at_s + world_number(&random, 2000, 12000);
            const size_t index = world_session(world, TEXT_C, TEXT_MQTT, 1 + (uint32_t)d,
                                               &(struct end){at_s, end_s, {404104, 0}, 200});
            world->sessions[index].auth = HT_AUTH_X509;
            at_s = end_s + 200;
        }
    }
    assert_int_equal(world_classify(world), HT_OK);
    assert_int_equal(count_cause(world, HT_CAUSE_TOKEN_EXPIRY), 0);
    assert_int_equal(count_cause(world, HT_CAUSE_UNKNOWN), 0);
    world_free(world);
}

/* The token outlives a reset: two irregular sessions add up to its life. */
static void test_token_clock(void **state) {
    (void)state;
    struct world *world = world_new();
    add_renewing(world, 30, TEXT_JAVA, 1, 3900, 3, expired);
    for (uint32_t i = 0; i < 6; i++) {
        (void)world_device(world);
        int64_t at_s = 1000 * i;
        for (int k = 0; k < 8; k++) {
            const int64_t first_s = 700 + 311 * k + 53 * (int64_t)i;
            (void)world_session(world, TEXT_JAVA, TEXT_MQTT, 2,
                                &(struct end){at_s, at_s + first_s, {404104, 0}, 30});
            (void)world_session(
                world, TEXT_JAVA, TEXT_MQTT, 2,
                &(struct end){at_s + first_s + 30, at_s + 3901, {401003, 404104}, 4});
            at_s += 3905;
        }
    }
    const size_t first = world->by_device[31].first;
    assert_int_equal(world_classify(world), HT_OK);
    size_t carried = 0;
    for (size_t i = first; i < world->made.session_count; i += 2) {
        assert_int_equal(ht_cause_class((enum ht_cause)verdict_of(world, i)->cause),
                         HT_CLASS_NETWORK_IDLE_TIMEOUT);
        assert_cause(world, i + 1, HT_CAUSE_TOKEN_EXPIRY);
        carried += has_evidence(verdict_of(world, i + 1), HT_EVIDENCE_TOKEN_CLOCK);
    }
    assert_true(carried > 40);
    world_free(world);
}

/* Said outright, whatever else fits. */
static void test_settled(void **state) {
    (void)state;
    static const struct {
        uint32_t code;
        enum ht_cause cause;
    } cases[] = {
        {429001, HT_CAUSE_THROTTLED},      {403002, HT_CAUSE_QUOTA},
        {404001, HT_CAUSE_DEVICE_REMOVED}, {400029, HT_CAUSE_PLATFORM_UPGRADE},
        {403012, HT_CAUSE_DEVICE_REMOVED},
    };
    struct world *world = world_new();
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        (void)world_device(world);
        (void)world_session(world, TEXT_NODE, TEXT_MQTT, 1,
                            &(struct end){0, 2700, {cases[i].code, 0}, HT_NONE32});
    }
    assert_int_equal(world_classify(world), HT_OK);
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        assert_cause(world, i, cases[i].cause);
        assert_int_equal(verdict_of(world, i)->incident, HT_NONE32);
    }
    world_free(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_fleet_cadence),
        cmocka_unit_test(test_device_cadence),
        cmocka_unit_test(test_documented),
        cmocka_unit_test(test_hub_incident_and_echo),
        cmocka_unit_test(test_site_outage),
        cmocka_unit_test(test_two_incidents_of_one_length),
        cmocka_unit_test(test_relapses_carry_an_incident_on),
        cmocka_unit_test(test_server_error_says_so_itself),
        cmocka_unit_test(test_slow_duplicate),
        cmocka_unit_test(test_flapping_is_no_renewal),
        cmocka_unit_test(test_rollout),
        cmocka_unit_test(test_nightly_restart),
        cmocka_unit_test(test_upgrade),
        cmocka_unit_test(test_duplicate_identity),
        cmocka_unit_test(test_keep_alive_cap),
        cmocka_unit_test(test_duty_cycle),
        cmocka_unit_test(test_x509),
        cmocka_unit_test(test_token_clock),
        cmocka_unit_test(test_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
