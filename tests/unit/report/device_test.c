/* SPDX-License-Identifier: MIT */
/* The time line of one device: steps, refusals, the axis, and ids that are not there. */
#include "hubtriage/device.h"
#include "world.h"

/* Refused, connected, dropped, refused, connected: and the hub's clock from 0 to 1000 s. */
static struct world *world_of_steps(void) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 1000, 500001);
    world_device(world, "dev");
    world_refused(world, 50, 401003, "first");
    LIVE(world, .from_s = 100, .to_s = 300, .cause = HT_CAUSE_CONNECTION_RESET, .codes = {404104},
         .network = "10.0.0.XXX");
    world_refused(world, 310, 401003, "renew token");
    world_refused(world, 320, 500001, NULL);
    world_refused(world, 330, 401003, "renew it");
    world_open(world, 400);
    return world;
}

static struct ht_report *report_on(struct world *world, const char *id) {
    assert_int_equal(ht_selection_take_id(&world->selection, id, NULL), HT_OK);
    return world_report(world);
}

static struct ht_device_step step_at(const struct ht_report *report, size_t index) {
    struct ht_device_step step;
    ht_device_step(report, 0, index, &step);
    return step;
}

static void test_steps(void **state) {
    (void)state;
    struct ht_report *report = world_report(world_of_steps());
    assert_int_equal(ht_device_step_count(report, 0), 3);

    const struct ht_device_step before = step_at(report, 0);
    assert_false(before.has_session);
    assert_int_equal(before.refused.count, 1);
    assert_int_equal(before.refused.first_us, AT(50));
    assert_string_equal(before.refused.message, "first");

    const struct ht_device_step lost = step_at(report, 1);
    assert_true(lost.has_session && lost.has_disconnect && lost.in_window);
    assert_int_equal(lost.begin_us, AT(100));
    assert_int_equal(lost.until_us, AT(300));
    assert_int_equal(lost.disconnect.cause, HT_CAUSE_CONNECTION_RESET);
    assert_int_equal(lost.disconnect.gap_s, 100);
    assert_string_equal(lost.session.network, "10.0.0.XXX");
    assert_int_equal(lost.refused.count, 3);
    assert_int_equal(lost.refused.first_us, AT(310));
    assert_int_equal(lost.refused.last_us, AT(330));
    assert_int_equal(lost.refused.code_count, 2);
    assert_int_equal(lost.refused.codes[0], 401003);
    assert_int_equal(lost.refused.code_counts[0], 2);
    assert_int_equal(lost.refused.codes[1], 500001);
    assert_string_equal(lost.refused.message, "renew it");

    const struct ht_device_step open = step_at(report, 2);
    assert_true(open.has_session && !open.has_disconnect);
    assert_int_equal(open.session.end, HT_END_OPEN);
    assert_int_equal(open.until_us, AT(1000));
    assert_int_equal(open.refused.count, 0);
    ht_report_free(report);
}

/* In the second of a connect it came before it; while a session is open it is a sign that its end
 * was lost; where the connect is missing, the end stands for it. Each counts once. */
static void test_to_whom_refusals_belong(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 1000, 500001);
    world_device(world, "dev");
    world_refused(world, 100, 401003, NULL);
    LIVE(world, .from_s = 100, .to_s = 300);
    world_refused(world, 200, 401003, NULL);
    world_refused(world, 350, 401003, NULL);
    LIVE(world, .from_s = 300, .to_s = 500, .start = HT_START_MISSING);
    world_refused(world, 600, 401003, NULL);
    world_refused(world, 700, 401003, NULL);
    world_open(world, 700);
    struct ht_report *report = world_report(world);
    static const uint64_t counts[] = {1, 2, 2, 0};
    assert_int_equal(ht_device_step_count(report, 0), HT_ARRAY_LEN(counts));
    for (size_t i = 0; i < HT_ARRAY_LEN(counts); i++) {
        assert_int_equal(step_at(report, i).refused.count, counts[i]);
    }
    ht_report_free(report);
}

/* A step is there when it touches the window; refusals of sessions that do not come first. */
static void test_window(void **state) {
    (void)state;
    struct world *world = world_of_steps();
    world->selection.since_us = AT(315);
    world->selection.until_us = AT(900);
    struct ht_report *report = world_report(world);
    assert_int_equal(ht_device_step_count(report, 0), 2);
    const struct ht_device_step before = step_at(report, 0);
    assert_false(before.has_session);
    assert_int_equal(before.refused.count, 2);
    assert_int_equal(before.refused.first_us, AT(320));
    assert_true(step_at(report, 1).has_session);
    ht_report_free(report);

    world = world_of_steps();
    world->selection.since_us = AT(200);
    world->selection.until_us = AT(300); /* the end itself is outside */
    report = report_on(world, "dev");
    assert_int_equal(ht_device_step_count(report, 0), 1);
    assert_true(step_at(report, 0).has_disconnect);
    assert_false(step_at(report, 0).in_window);
    assert_int_equal(step_at(report, 0).refused.count, 0);
    ht_report_free(report);
}

/* More codes than there are places for. */
static void test_many_codes(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_device(world, "dev");
    for (uint32_t i = 0; i < HT_CODES_MAX + 3; i++) {
        world_refused(world, 10 + i, 500001 + i % (HT_CODES_MAX + 2), NULL);
    }
    struct ht_report *report = world_report(world);
    const struct ht_device_step step = step_at(report, 0);
    assert_int_equal(step.refused.count, HT_CODES_MAX + 3);
    assert_int_equal(step.refused.code_count, HT_CODES_MAX);
    assert_int_equal(step.refused.other_codes, 2);
    assert_int_equal(step.refused.code_counts[0], 2);
    assert_null(step.refused.message);
    ht_report_free(report);
}

/* The cells add up to what the report says of the device, however many there are. */
static void test_axis(void **state) {
    (void)state;
    enum { CELLS_MAX = 400 };
    struct ht_report *report = world_report(world_of_steps());
    struct ht_axis_cell cells[CELLS_MAX];
    int64_t from_us = 0;
    int64_t to_us = 0;
    static const size_t counts[] = {1, 2, 3, 7, 78, CELLS_MAX};
    for (size_t i = 0; i < HT_ARRAY_LEN(counts); i++) {
        int64_t up_us = 0;
        int64_t down_us = 0;
        int64_t unknown_us = 0;
        uint64_t disconnects = 0;
        uint64_t refused = 0;
        assert_true(ht_device_axis(report, 0, cells, counts[i], &from_us, &to_us));
        assert_int_equal(from_us, AT(0));
        assert_int_equal(to_us, AT(1000));
        for (size_t k = 0; k < counts[i]; k++) {
            assert_true(cells[k].up_us >= 0 && cells[k].down_us >= 0 && cells[k].unknown_us >= 0);
            up_us += cells[k].up_us;
            down_us += cells[k].down_us;
            unknown_us += cells[k].unknown_us;
            disconnects += cells[k].disconnects;
            refused += cells[k].refused;
        }
        const struct ht_device_view view = device_at(report, 0);
        assert_int_equal(up_us, view.up_s * HT_US_PER_S);
        assert_int_equal(down_us, view.down_s * HT_US_PER_S);
        assert_int_equal(unknown_us, view.unknown_s * HT_US_PER_S);
        assert_int_equal(disconnects, 1);
        assert_int_equal(refused, 4);
    }
    assert_true(ht_device_axis(report, 0, cells, 10, &from_us, &to_us));
    assert_int_equal(cells[0].unknown_us, 50 * HT_US_PER_S); /* before the first refusal */
    assert_int_equal(cells[0].down_us, 50 * HT_US_PER_S);
    assert_int_equal(cells[1].up_us, 100 * HT_US_PER_S);
    assert_int_equal(cells[3].down_us, 100 * HT_US_PER_S);
    assert_int_equal(cells[3].disconnects, 1);
    assert_int_equal(cells[9].up_us, 100 * HT_US_PER_S);
    ht_report_free(report);
}

static void test_no_axis(void **state) {
    (void)state;
    struct world *world = world_new();
    struct ht_axis_cell cells[4];
    int64_t from_us = 0;
    int64_t to_us = 0;
    world_hub(world, "HUB");
    world_device(world, "dev");
    world_open(world, 5); /* a span of no length */
    struct ht_report *report = world_report(world);
    assert_false(ht_device_axis(report, 0, cells, 4, &from_us, &to_us));
    ht_report_free(report);
}

static struct world *world_of_ids(const char *const *ids, const char *const *modules,
                                  size_t count) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    for (size_t i = 0; i < count; i++) {
        world_device_of(world, ids[i], modules != NULL ? modules[i] : NULL);
        world_open(world, 5);
    }
    world_health(world, 100, 500001);
    return world;
}

static void test_exact_ids(void **state) {
    (void)state;
    static const char *const ids[] = {"a.b", "axb", "gw", "gw", "gw/x"};
    static const char *const modules[] = {NULL, NULL, NULL, "x", NULL};
    static const struct {
        const char *id;
        size_t count;
        bool module;
    } cases[] = {
        {"a.b", 1, false},   {"A.B", 0, false}, {"a", 0, false},
        {"gw", 1, false},    {"gw/x", 2, true}, {"gw/", 0, false},
        {"gw/xx", 0, false}, {"", 0, false},    {".*", 0, false},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_report *report = report_on(world_of_ids(ids, modules, 5), cases[i].id);
        assert_int_equal(ht_report_device_count(report), cases[i].count);
        if (cases[i].count > 0) {
            assert_int_equal(device_at(report, 0).module != NULL, cases[i].module);
        }
        ht_report_free(report);
    }
    const char *names[1];
    struct ht_report *report = report_on(world_of_ids(ids, modules, 5), "gw");
    assert_int_equal(ht_device_modules(report, 0, names, 1), 1);
    assert_string_equal(names[0], "x");
    ht_report_free(report);
}

static void test_nearest_ids(void **state) {
    (void)state;
    static const char *const ids[] = {"\x1B[2J", "Pump-01", "pump-01", "pump-02", "valve-0001"};
    static const struct {
        const char *id;
        const char *message;
    } cases[] = {
        {"pump-1", "no device 'pump-1'; did you mean pump-01, Pump-01 or pump-02?"},
        {"PUMP-02", "no device 'PUMP-02'; did you mean pump-02?"},
        {"valve", "no device 'valve'; did you mean valve-0001?"},
        {"lamp", "no device 'lamp' in the log, and none with a similar id"},
        {"\x1B[2K", "no device '\\x1B[2K'; did you mean \\x1B[2J?"},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_err err = {.status = HT_OK};
        struct ht_report *report = report_on(world_of_ids(ids, NULL, 5), cases[i].id);
        assert_int_equal(ht_device_need(report, cases[i].id, &err), HT_E_USAGE);
        assert_string_equal(err.message, cases[i].message);
        ht_report_free(report);
    }
    struct ht_err err = {.status = HT_OK};
    struct ht_report *report = report_on(world_of_ids(ids, NULL, 5), "pump-01");
    assert_int_equal(ht_device_need(report, "pump-01", &err), HT_OK);
    ht_report_free(report);
}

/* As long as an id may get, and longer. */
static void test_long_ids(void **state) {
    (void)state;
    char id[400];
    static const char *const ids[] = {"dev"};
    for (size_t len = 120; len < sizeof id; len += 7) {
        struct ht_err err = {.status = HT_OK};
        memset(id, 'd', len);
        id[len] = '\0';
        struct ht_report *report = report_on(world_of_ids(ids, NULL, 1), id);
        assert_int_equal(ht_device_need(report, id, &err), HT_E_USAGE);
        assert_true(strlen(err.message) > 0);
        ht_report_free(report);
    }
}

/* Findings and incidents of such a report are those of the device, with its own figures. */
static void test_findings_are_its_own(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    for (size_t d = 0; d < 12; d++) {
        char id[8];
        (void)snprintf(id, sizeof id, "d%02zu", d);
        world_device(world, id);
        const uint32_t incident =
            d == 0 ? world_incident(world, HT_CAUSE_HUB_TRANSIENT, 500, 510, 12) : 1;
        LIVE(world, .from_s = 10, .to_s = 500 + (int64_t)d % 10, .cause = HT_CAUSE_HUB_TRANSIENT,
             .codes = {404104}, .incident = incident);
        for (int64_t k = 0; d == 1 && k < 5; k++) {
            LIVE(world, .from_s = 600 + 20 * k, .to_s = 610 + 20 * k,
                 .cause = HT_CAUSE_DUPLICATE_IDENTITY, .codes = {400027});
        }
        world_open(world, 900);
    }
    world_health(world, 1000, 500001);
    struct ht_report *report = report_on(world, "d02");
    assert_int_equal(ht_report_device_count(report), 1);
    assert_null(finding(report, "duplicate-identity"));
    assert_non_null(finding(report, "hub-incident"));
    assert_int_equal(step_at(report, 0).disconnect.incident, 0);
    assert_int_equal(ht_report_summary(report)->incidents[0].shown_devices, 1);
    ht_report_free(report);
}

/* A device to which nothing happened in the window is shown nevertheless. */
static void test_quiet_window(void **state) {
    (void)state;
    struct world *world = world_of_steps();
    world->selection.since_us = AT(500);
    world->selection.until_us = AT(900);
    struct ht_report *report = report_on(world, "dev");
    assert_int_equal(ht_report_device_count(report), 1);
    assert_int_equal(ht_device_step_count(report, 0), 1);
    assert_int_equal(step_at(report, 0).session.end, HT_END_OPEN);
    ht_report_free(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),        cmocka_unit_test(test_to_whom_refusals_belong),
        cmocka_unit_test(test_window),       cmocka_unit_test(test_many_codes),
        cmocka_unit_test(test_axis),         cmocka_unit_test(test_no_axis),
        cmocka_unit_test(test_exact_ids),    cmocka_unit_test(test_nearest_ids),
        cmocka_unit_test(test_long_ids),     cmocka_unit_test(test_findings_are_its_own),
        cmocka_unit_test(test_quiet_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
