/* SPDX-License-Identifier: MIT */
/* What rules of users change in verdicts: each case with the rule and without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "world.h"

/* One rule that every device has, with all that it states; NULL: none. */
static void tell(struct world *world, struct ht_known_rule *rule,
                 struct ht_known_device devices[WORLD_DEVICES], enum ht_sdk_family family) {
    if (rule == NULL) {
        return;
    }
    for (size_t d = 1; d < WORLD_DEVICES; d++) {
        devices[d] = (struct ht_known_device){.family = (uint8_t)family};
        for (size_t p = 0; p < HT_KNOWN_COUNT; p++) {
            devices[d].rule[p] = (rule->states >> p & 1U) != 0;
        }
    }
    world->known = (struct ht_known){.rules = rule, .rule_count = 1, .devices = devices};
}

static const struct ht_verdict *verdict_of(const struct world *world, size_t session) {
    return &world->verdicts.verdicts[session];
}

static void assert_cause(const struct world *world, size_t session, enum ht_cause cause) {
    assert_string_equal(ht_cause_name((enum ht_cause)verdict_of(world, session)->cause),
                        ht_cause_name(cause));
}

static bool has_evidence(const struct world *world, size_t session, enum ht_evidence_kind kind) {
    const struct ht_verdict *verdict = verdict_of(world, session);
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        if (verdict->evidence[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static struct ht_known_device known_devices[WORLD_DEVICES];

/* One session of a lifetime that no documentation has, cut without a word of tokens. */
static void test_token(void **state) {
    (void)state;
    struct ht_known_rule rule = {.name = "r", .states = 1U << HT_KNOWN_TOKEN};
    rule.token[HT_SDK_DOTNET] = (struct ht_known_period){7200, 7860};
    for (int told = 0; told < 2; told++) {
        struct world *world = world_new();
        tell(world, told ? &rule : NULL, known_devices, HT_SDK_DOTNET);
        (void)world_device(world);
        (void)world_session(world, TEXT_DOTNET, TEXT_MQTT, 1,
                            &(struct end){1000, 1000 + 7500, {404104}, 8});
        (void)world_session(world, TEXT_DOTNET, TEXT_MQTT, 1,
                            &(struct end){9000, 9000 + 4200, {404104}, 300});
        assert_int_equal(world_classify(world), HT_OK);
        assert_int_equal(verdict_of(world, 0)->cause == HT_CAUSE_TOKEN_EXPIRY, told);
        assert_int_equal(has_evidence(world, 0, HT_EVIDENCE_TOLD_TOKEN), told);
        /* What is documented no longer is this device's. */
        assert_int_equal(has_evidence(world, 1, HT_EVIDENCE_CADENCE_PRIOR), !told);
        assert_int_equal(verdict_of(world, 1)->cause == HT_CAUSE_TOKEN_EXPIRY, !told);
        world_free(world);
    }
}

static void test_no_token(void **state) {
    (void)state;
    struct ht_known_rule rule = {.name = "r",
                                 .states = 1U << HT_KNOWN_TOKEN,
                                 .without_token = true};
    for (int told = 0; told < 2; told++) {
        struct world *world = world_new();
        tell(world, told ? &rule : NULL, known_devices, HT_SDK_PYTHON);
        (void)world_device(world);
        for (int64_t i = 0; i < 12; i++) {
            (void)world_session(world, TEXT_PYTHON, TEXT_MQTT, 1,
                                &(struct end){i * 4000, i * 4000 + 3480, {0}, 8});
        }
        assert_int_equal(world_classify(world), HT_OK);
        assert_cause(world, 5, told ? HT_CAUSE_CLIENT_CLOSE : HT_CAUSE_TOKEN_EXPIRY);
        world_free(world);
    }
}

/* Shorter than 1.5 keep-alives: nobody could have noticed silence. Exactly there: it was that. */
static void test_keep_alive(void **state) {
    (void)state;
    struct ht_known_rule rule = {.name = "r",
                                 .states = 1U << HT_KNOWN_KEEP_ALIVE,
                                 .keep_alive_s = 1200};
    for (int told = 0; told < 2; told++) {
        struct world *world = world_new();
        tell(world, told ? &rule : NULL, known_devices, HT_SDK_UNKNOWN);
        (void)world_device(world);
        const size_t early = world_session(world, TEXT_NONE, TEXT_MQTT, 1,
                                           &(struct end){1000, 1000 + 1700, {404104}, 400});
        const size_t exact = world_session(world, TEXT_NONE, TEXT_MQTT, 1,
                                           &(struct end){9000, 9000 + 1768, {404104}, 12});
        const size_t back = world_session(world, TEXT_NONE, TEXT_MQTT, 1,
                                          &(struct end){19000, 19000 + 900, {400027}, 0});
        assert_int_equal(world_classify(world), HT_OK);
        assert_cause(world, early, told ? HT_CAUSE_CONNECTION_RESET : HT_CAUSE_IDLE_TIMEOUT);
        assert_int_equal(has_evidence(world, early, HT_EVIDENCE_TOLD_TOO_SHORT), told);
        assert_cause(world, exact, HT_CAUSE_IDLE_TIMEOUT);
        assert_int_equal(ht_verdict_confidence(verdict_of(world, exact)) > 0.9, told);
        assert_int_equal(has_evidence(world, exact, HT_EVIDENCE_TOLD_LIMIT), told);
        assert_cause(world, back, HT_CAUSE_IDLE_TIMEOUT); /* back before the hub noticed */
        assert_false(has_evidence(world, back, HT_EVIDENCE_TOLD_TOO_SHORT));
        world_free(world);
    }
}

/* Clean closes at a documented period of tokens, but of a device that is known to sleep. */
static void test_duty(void **state) {
    (void)state;
    struct ht_known_rule rule = {
        .name = "r", .states = 1U << HT_KNOWN_DUTY, .duty_every_s = 2710, .duty_up_s = 2700};
    for (int told = 0; told < 2; told++) {
        struct world *world = world_new();
        tell(world, told ? &rule : NULL, known_devices, HT_SDK_NODE);
        (void)world_device(world);
        for (int64_t i = 0; i < 8; i++) {
            (void)world_session(world, TEXT_NODE, TEXT_MQTT, 1,
                                &(struct end){i * 2710, i * 2710 + 2700, {0}, 10});
        }
        assert_int_equal(world_classify(world), HT_OK);
        assert_cause(world, 3, told ? HT_CAUSE_CLIENT_CLOSE : HT_CAUSE_TOKEN_EXPIRY);
        world_free(world);
    }
}

/* Twelve devices behind twelve prefixes drop at once, twelve others do not: the hub's trouble,
 * unless rules say that they stand in one place. */
static void test_site(void **state) {
    (void)state;
    enum { HIT = 12, ALL = 48 };
    struct ht_known_rule rule = {.name = "r", .states = 1U << HT_KNOWN_SITE, .site = "Berlin"};
    for (int told = 0; told < 2; told++) {
        struct world *world = world_new();
        size_t cut[HIT];
        tell(world, told ? &rule : NULL, known_devices, HT_SDK_NODE);
        for (uint32_t i = 0; i < ALL; i++) {
            const uint32_t device = world_device(world);
            int64_t at_s = 50 * i;
            known_devices[device].rule[HT_KNOWN_SITE] = i < HIT;
            while (at_s + 2700 < 86000) {
                const bool is_cut = i < HIT && at_s < 40000 && at_s + 2700 >= 40000;
                const size_t index =
                    world_session(world, TEXT_NODE, TEXT_MQTT, i + 1,
                                  &(struct end){at_s,
                                                is_cut ? 40000 + i % 3 : at_s + 2700,
                                                {is_cut ? 404104 : 0},
                                                is_cut ? 300 : 8});
                if (is_cut) {
                    cut[i] = index;
                }
                at_s = is_cut ? 40300 + 20 * i : at_s + 2708;
            }
        }
        assert_int_equal(world_classify(world), HT_OK);
        assert_int_equal(world->verdicts.incident_count, 1);
        for (size_t i = 0; i < HIT; i++) {
            assert_cause(world, cut[i], told ? HT_CAUSE_SITE_OUTAGE : HT_CAUSE_HUB_TRANSIENT);
        }
        world_free(world);
    }
}

static void test_relabel(void **state) {
    (void)state;
    static const struct ht_known_relabel relabels[] = {
        {.from = 1U << HT_CAUSE_CLIENT_CLOSE, .to = HT_CAUSE_IDLE_TIMEOUT},
        {.codes = {429001}, .code_count = 1, .to = HT_CAUSE_UNKNOWN},
    };
    struct ht_known_rule rule = {
        .name = "r", .states = 1U << HT_KNOWN_RELABEL, .relabels = relabels, .relabel_count = 2};
    struct world *world = world_new();
    tell(world, &rule, known_devices, HT_SDK_UNKNOWN);
    (void)world_device(world);
    (void)world_session(world, TEXT_NONE, TEXT_MQTT, 1, &(struct end){1000, 1500, {0}, 900});
    (void)world_session(world, TEXT_NONE, TEXT_MQTT, 1, &(struct end){3000, 3500, {429001}, 9});
    assert_int_equal(world_classify(world), HT_OK);
    assert_cause(world, 0, HT_CAUSE_IDLE_TIMEOUT);
    assert_in_range(verdict_of(world, 0)->confidence_q16, 62000, 65535);
    assert_int_equal(verdict_of(world, 0)->evidence_count, 1);
    assert_int_equal(verdict_of(world, 0)->evidence[0].kind, HT_EVIDENCE_TOLD_LABEL);
    assert_int_equal(verdict_of(world, 0)->evidence[0].detail, HT_CAUSE_CLIENT_CLOSE);
    assert_cause(world, 1, HT_CAUSE_UNKNOWN);
    assert_int_equal(verdict_of(world, 1)->confidence_q16, 0);
    assert_int_equal(verdict_of(world, 1)->evidence[0].weight_centi, 0);
    world_free(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token),      cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_keep_alive), cmocka_unit_test(test_duty),
        cmocka_unit_test(test_site),       cmocka_unit_test(test_relabel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
