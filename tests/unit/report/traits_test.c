/* SPDX-License-Identifier: MIT */
/* Common factors: exact probabilities, how many tests count, who is compared with whom. */
#include <math.h>

#include "report/fisher.h"
#include "world.h"

struct fisher_case {
    struct ht_table2 table;
    double log_p;
};

/* Summed in whole numbers. The first two are Fisher's lady tasting tea: 1/70 and 17/70. */
static const struct fisher_case fisher_cases[] = {
    {{.all = 8, .with = 4, .affected = 4, .affected_with = 4}, -4.248495242049},
    {{.all = 8, .with = 4, .affected = 4, .affected_with = 3}, -1.415281897993},
    {{.all = 24, .with = 12, .affected = 7, .affected_with = 7}, -6.079933195096},
    {{.all = 10, .with = 3, .affected = 3, .affected_with = 2}, -1.696449289424},
    {{.all = 400, .with = 35, .affected = 7, .affected_with = 7}, -17.641032668917},
    {{.all = 1000, .with = 120, .affected = 34, .affected_with = 31}, -61.094036429006},
    {{.all = 4000, .with = 400, .affected = 200, .affected_with = 21}, -0.819696000996},
    {{.all = 20000, .with = 1000, .affected = 500, .affected_with = 60}, -21.944522979742},
    {{.all = 1000, .with = 100, .affected = 100, .affected_with = 10}, 0}, /* as expected */
};

static void test_fisher(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(fisher_cases); i++) {
        const double log_p = ht_fisher_log_p(&fisher_cases[i].table);
        if (!(fabs(log_p - fisher_cases[i].log_p) < 1e-8)) {
            print_error("case %zu: %.12f\n", i, log_p);
        }
        assert_true(fabs(log_p - fisher_cases[i].log_p) < 1e-8);
    }
    /* All of a kind is the least: 1/70. */
    assert_true(fabs(ht_fisher_log_p_least(&fisher_cases[1].table) - -4.248495242049) < 1e-8);
    assert_true(fabs(ht_fisher_odds_ratio(&fisher_cases[1].table) - 3.5 * 3.5 / 2.25) < 1e-12);
}

/* Four million devices: the terms neither overflow nor vanish. */
static void test_fisher_large(void **state) {
    (void)state;
    const struct ht_table2 table = {
        .all = 4000000, .with = 2000000, .affected = 400000, .affected_with = 202000};
    const double log_p = ht_fisher_log_p(&table);
    assert_true(log_p < -20 && log_p > -30);
}

static void test_tarone(void **state) {
    (void)state;
    double many[100];
    double few[] = {log(0.2), log(1e-9), log(0.02), log(1e-5)};
    for (size_t i = 0; i < HT_ARRAY_LEN(many); i++) {
        many[i] = -100;
    }
    assert_int_equal(ht_tarone_tests(many, 0, 0.01), 1);
    assert_int_equal(ht_tarone_tests(few, 4, 0.01), 2); /* two cannot come out whatever happens */
    assert_int_equal(ht_tarone_tests(many, 100, 0.01), 100); /* Bonferroni */
}

/* In a fleet of devices with one session each, a few of them lost. */
static void add_device(struct world *world, size_t number, const char *sdk, const char *network,
                       bool is_lost) {
    char id[16];
    (void)snprintf(id, sizeof id, "dev-%03zu", number);
    world_device(world, id);
    LIVE(world, .from_s = 10, .to_s = is_lost ? 3000 : 6000,
         .end = is_lost ? HT_END_SEEN : HT_END_OPEN, .sdk = sdk, .network = network,
         .cause = HT_CAUSE_IDLE_TIMEOUT);
}

static const struct ht_trait_group *group_of(const struct ht_report *report,
                                             enum ht_trait_scope scope) {
    const struct ht_traits *traits = &ht_report_summary(report)->traits;
    for (size_t i = 0; i < traits->group_count; i++) {
        if (traits->groups[i].scope == scope) {
            return &traits->groups[i];
        }
    }
    return NULL;
}

/* Ten of twelve lost devices run one version, which ten of ninety others run; it is one platform
 * less than there are texts. */
static void test_faults(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 6000, 500001);
    for (size_t i = 0; i < 102; i++) {
        const bool is_lost = i < 12;
        const bool is_old = i < 10 || i >= 92;
        char old[32];
        (void)snprintf(old, sizeof old, "iothubclient/1.3.9 (%zu)", i);
        add_device(world, i, is_old ? old : "iothubclient/1.8.0 (native)", NULL, is_lost);
    }
    struct ht_report *report = world_report(world);
    const struct ht_trait_group *group = group_of(report, HT_TRAITS_OF_FAULTS);
    assert_non_null(group);
    assert_int_equal(group->affected, 12);
    assert_int_equal(group->devices, 102);
    assert_int_equal(group->faults_above, 0);
    assert_int_equal(group->trait_count, 1); /* the family is everybody's */
    const struct ht_trait *trait = &group->traits[0];
    assert_int_equal(trait->kind, HT_TRAIT_SDK);
    assert_string_equal(trait->value, "iothubclient/1.3.9");
    assert_int_equal(trait->affected, 10);
    assert_int_equal(trait->affected_known, 12);
    assert_int_equal(trait->devices, 20);
    assert_int_equal(trait->devices_known, 102);
    assert_int_equal(trait->same_as, SIZE_MAX);
    assert_true(fabs(trait->log10_p - -6.333) < 0.01);
    ht_report_free(report);
}

/* The same devices under two names: the second says so. What is not known counts neither way. */
static void test_same_devices(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 6000, 500001);
    for (size_t i = 0; i < 100; i++) {
        add_device(world, i,
                   i < 10   ? "C"
                   : i < 90 ? "X"
                            : NULL,
                   i < 10 ? "10.0.0.XXX" : "10.0.1.XXX", i < 10);
    }
    struct ht_report *report = world_report(world);
    const struct ht_trait_group *group = group_of(report, HT_TRAITS_OF_FAULTS);
    assert_non_null(group);
    assert_int_equal(group->trait_count, 2); /* of SDKs in no table no family is known */
    assert_int_equal(group->traits[0].kind, HT_TRAIT_NETWORK);
    assert_int_equal(group->traits[0].devices_known, 100);
    assert_int_equal(group->traits[1].kind, HT_TRAIT_SDK);
    assert_int_equal(group->traits[1].devices_known, 90);
    assert_int_equal(group->traits[1].same_as, 0);
    ht_report_free(report);
}

/* Two of two, or three of three of a small fleet, prove nothing. */
static void test_small_samples(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 6000, 500001);
    for (size_t i = 0; i < 9; i++) {
        add_device(world, i, i < 4 ? "A" : "B", NULL, i < 3);
    }
    struct ht_report *report = world_report(world);
    const struct ht_trait_group *group = group_of(report, HT_TRAITS_OF_FAULTS);
    assert_non_null(group);
    assert_int_equal(group->affected, 3);
    assert_int_equal(group->trait_count, 0);
    ht_report_free(report);
}

/* Compared are those that were connected when it began; of a site outage the network is not asked.
 */
static void check_incident(enum ht_cause cause, size_t traits) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 6000, 500001);
    const uint32_t incident = world_incident(world, cause, 3000, 3060, 60);
    for (size_t i = 0; i < 90; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "dev-%03zu", i);
        world_device(world, id);
        const bool hit = i < 20;
        const bool gone = i >= 60; /* before it began */
        LIVE(world, .from_s = 10,
             .to_s = hit    ? 3010
                     : gone ? 2000
                            : 6000,
             .end = hit || gone ? HT_END_SEEN : HT_END_OPEN,
             .cause = hit ? cause : HT_CAUSE_UNKNOWN,
             .network = hit || gone ? "10.0.0.XXX" : "10.0.1.XXX", .incident = hit ? incident : 0);
    }
    struct ht_report *report = world_report(world);
    const struct ht_trait_group *group = group_of(report, HT_TRAITS_OF_INCIDENT);
    assert_non_null(group);
    assert_int_equal(group->affected, 20);
    assert_int_equal(group->devices, 60);
    assert_int_equal(group->trait_count, traits);
    if (traits > 0) {
        assert_int_equal(group->traits[0].devices, 20);
    }
    ht_report_free(report);
}

static void test_incidents(void **state) {
    (void)state;
    check_incident(HT_CAUSE_HUB_TRANSIENT, 1);
    check_incident(HT_CAUSE_SITE_OUTAGE, 0);
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Fleets whose properties were drawn without regard to who was lost: at most 1 % of the reports may
 * name one. */
static void test_chance(void **state) {
    (void)state;
    uint64_t random = 1;
    size_t wrong = 0;
    for (size_t trial = 0; trial < 400; trial++) {
        struct world *world = world_new();
        world_hub(world, "HUB");
        world_health(world, 0, 500001);
        world_health(world, 6000, 500001);
        for (size_t i = 0; i < 120; i++) {
            char sdk[16];
            char network[16];
            (void)snprintf(sdk, sizeof sdk, "S/%d", (int)(next_random(&random) % 5));
            (void)snprintf(network, sizeof network, "10.0.%d.XXX",
                           (int)(next_random(&random) % 30));
            add_device(world, i, sdk, network, next_random(&random) % 5 == 0);
        }
        struct ht_report *report = world_report(world);
        wrong += group_of(report, HT_TRAITS_OF_FAULTS)->trait_count > 0;
        ht_report_free(report);
    }
    assert_true(wrong <= 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fisher),       cmocka_unit_test(test_fisher_large),
        cmocka_unit_test(test_tarone),       cmocka_unit_test(test_faults),
        cmocka_unit_test(test_same_devices), cmocka_unit_test(test_small_samples),
        cmocka_unit_test(test_incidents),    cmocka_unit_test(test_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
