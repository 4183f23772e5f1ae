/* SPDX-License-Identifier: MIT */
/* Judging: a function of what was learned, so that whoever judges again changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "classify/judge.h"
#include "classify/parameters.h"
#include "world.h"

struct court {
    struct world *world;
    struct ht_docket docket;
    struct ht_knowledge knowledge;
};

/* Losses, resets and closes at random, on thirty devices. */
static void open_court(struct court *court) {
    static const uint32_t codes[][2] = {{404104}, {404104}, {0}, {401003, 404104}};
    uint64_t random = 7;
    *court = (struct court){.world = world_new()};
    for (size_t d = 0; d < 30; d++) {
        (void)world_device(court->world);
        int64_t at_s = world_number(&random, 1, 900);
        while (at_s < 80000) {
            const uint32_t *own = codes[world_number(&random, 0, 3)];
            const int64_t end_s = at_s + world_number(&random, 30, 9000);
            const uint32_t gap_s = (uint32_t)world_number(&random, 0, 600);
            (void)world_session(court->world, TEXT_C, TEXT_MQTT, 1,
                                &(struct end){at_s, end_s, {own[0], own[1]}, gap_s});
            at_s = end_s + gap_s;
        }
    }
    world_close(court->world);
    struct ht_knowledge *knowledge = &court->knowledge;
    struct ht_docket *docket = &court->docket;
    assert_int_equal(ht_docket_make(&court->world->log, &court->world->made, NULL, NULL, docket),
                     HT_OK);
    assert_int_equal(ht_cluster_ages_init(docket, &knowledge->ages), HT_OK);
    assert_int_equal(ht_marks_init(docket, &knowledge->marks), HT_OK);
    assert_int_equal(ht_clock_init(docket, &knowledge->clock), HT_OK);
    assert_int_equal(ht_rates_init(docket, &knowledge->rates), HT_OK);
    assert_int_equal(ht_cadences_learn(docket, &knowledge->ages, &knowledge->marks,
                                       &knowledge->cadences),
                     HT_OK);
    assert_int_equal(ht_clock_read(docket, &knowledge->cadences, &knowledge->clock), HT_OK);
}

static void close_court(struct court *court) {
    ht_cluster_ages_release(&court->knowledge.ages);
    ht_marks_release(&court->knowledge.marks);
    ht_cadences_release(&court->knowledge.cadences);
    ht_clock_release(&court->knowledge.clock);
    ht_rates_release(&court->knowledge.rates);
    ht_docket_release(&court->docket);
    world_free(court->world);
}

static void learn(struct court *court) {
    assert_int_equal(ht_marks_learn(&court->docket, &court->knowledge.marks), HT_OK);
    assert_int_equal(
        ht_rates_learn(&court->docket, &court->knowledge.clock, &court->knowledge.rates), HT_OK);
}

static void test_again_changes_nothing(void **state) {
    (void)state;
    struct court court;
    open_court(&court);
    assert_int_equal(ht_judge_all(&court.docket, &court.knowledge), HT_OK);
    learn(&court);
    assert_int_equal(ht_judge_all(&court.docket, &court.knowledge), HT_OK);
    const size_t bytes = court.docket.count * sizeof *court.docket.cases;
    struct ht_case *before = malloc(bytes);
    assert_non_null(before);
    memcpy(before, court.docket.cases, bytes);
    assert_int_equal(ht_judge_all(&court.docket, &court.knowledge), HT_OK);
    for (size_t i = 0; i < court.docket.count; i++) {
        assert_memory_equal(before[i].posterior, court.docket.cases[i].posterior,
                            sizeof before[i].posterior);
    }
    free(before);
    close_court(&court);
}

/* Only those that have moved: what the others hold is not even looked at. */
static void test_moved(void **state) {
    (void)state;
    struct court court;
    open_court(&court);
    assert_int_equal(ht_judge_all(&court.docket, &court.knowledge), HT_OK);
    struct ht_case *moved = &court.docket.cases[3];
    struct ht_case *other = &court.docket.cases[4];
    const float hub = moved->posterior[HT_H_HUB];
    court.knowledge.bursts.bursts = calloc(1, sizeof *court.knowledge.bursts.bursts);
    assert_non_null(court.knowledge.bursts.bursts);
    court.knowledge.bursts.bursts[0].server_factor = 1;
    moved->hub_burst = 0;
    moved->hub_hazard = 1e-2F;
    moved->moved = true;
    other->posterior[HT_H_HUB] = 2;
    assert_int_equal(ht_judge_moved(&court.docket, &court.knowledge), HT_OK);
    assert_true(moved->posterior[HT_H_HUB] > hub);
    assert_false(moved->moved);
    assert_true(other->posterior[HT_H_HUB] > 1);
    ht_bursts_release(&court.knowledge.bursts);
    close_court(&court);
}

/* A case does not speak for itself: without it, its device's rate is what the others make. */
static void test_own_part(void **state) {
    (void)state;
    struct court court;
    open_court(&court);
    assert_int_equal(ht_judge_all(&court.docket, &court.knowledge), HT_OK);
    learn(&court);
    const struct ht_case *item = &court.docket.cases[court.docket.device_first[1]];
    const struct ht_device_rate *rate = &court.knowledge.rates.devices[1];
    double others = 0;
    for (uint32_t i = court.docket.device_first[1] + 1; i < court.docket.device_first[2]; i++) {
        others += (double)court.docket.cases[i].counted[0];
    }
    const double wanted = (others + HT_RATE_STRENGTH) /
                          (rate->connected_s + court.knowledge.rates.strength_s[HT_H_IDLE]);
    const double is = ht_rate_of_device(&court.knowledge.rates, item, HT_H_IDLE);
    assert_true(is > wanted * 0.9999 && is < wanted * 1.0001);
    assert_true(item->counted[0] > 0);
    close_court(&court);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_again_changes_nothing),
        cmocka_unit_test(test_moved),
        cmocka_unit_test(test_own_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
