/* SPDX-License-Identifier: MIT */
/* Accounting of time, selection, orders, renewals and faults, totals. */
#include "report/median.h"
#include "report/time_order.h"
#include "world.h"

/* A second hub keeps the clock: the device's hub spans 0 s to 1000 s by its health records. */
static struct world *world_of_1000_s(void) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 1000, 500001);
    world_device(world, "dev");
    return world;
}

struct time_case {
    const char *name;
    struct life lives[3];
    size_t life_count;
    int64_t refused_s; /* a refused connect, 0 = none */
    int64_t up_s;
    int64_t down_s;
    int64_t unknown_s;
    int64_t longest_down_s;
    enum ht_device_state state;
};

static const struct time_case time_cases[] = {
    {"seen whole", {{.from_s = 100, .to_s = 400}}, 1, 0, 300, 600, 100, 600, HT_STATE_DOWN},
    {"open", {{.from_s = 100, .end = HT_END_OPEN}}, 1, 0, 900, 0, 100, 0, HT_STATE_UP},
    {"back again",
     {{.from_s = 100, .to_s = 400},
      {.from_s = 450, .to_s = 500},
      {.from_s = 700, .end = HT_END_OPEN}},
     3,
     0,
     650,
     250,
     100,
     200,
     HT_STATE_UP},
    {"before the log",
     {{.to_s = 400, .start = HT_START_BEFORE_LOG}},
     1,
     0,
     400,
     600,
     0,
     600,
     HT_STATE_DOWN},
    {"a missing connect",
     {{.from_s = 100, .to_s = 300}, {.from_s = 300, .to_s = 500, .start = HT_START_MISSING}},
     2,
     0,
     200,
     500,
     300,
     500,
     HT_STATE_DOWN},
    {"a missing end",
     {{.from_s = 100, .to_s = 300, .end = HT_END_MISSING}, {.from_s = 300, .end = HT_END_OPEN}},
     2,
     0,
     700,
     0,
     300,
     0,
     HT_STATE_UP},
    {"an overlap counts once",
     {{.from_s = 0, .to_s = 500}, {.from_s = 490, .to_s = 600}},
     2,
     0,
     600,
     400,
     0,
     400,
     HT_STATE_DOWN},
    {"inside of an overlap",
     {{.from_s = 0, .to_s = 500}, {.from_s = 490, .to_s = 495}},
     2,
     0,
     500,
     500,
     0,
     500,
     HT_STATE_DOWN},
    {"only refused", {{.from_s = 0}}, 0, 300, 0, 700, 300, 700, HT_STATE_DOWN},
    {"refused before its first connect",
     {{.from_s = 500, .end = HT_END_OPEN}},
     1,
     300,
     500,
     200,
     300,
     200,
     HT_STATE_UP},
    {"nothing", {{.from_s = 0}}, 0, 0, 0, 0, 1000, 0, HT_STATE_UNKNOWN},
};

static void test_time(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(time_cases); i++) {
        const struct time_case *item = &time_cases[i];
        struct world *world = world_of_1000_s();
        world_health(world, 10, 500001); /* so that the log names the device */
        for (size_t k = 0; k < item->life_count; k++) {
            world_live(world, &item->lives[k]);
        }
        if (item->refused_s > 0) {
            world_refused(world, item->refused_s, 401003, NULL);
        }
        struct ht_report *report = world_report(world);
        const struct ht_device_view view = device_at(report, 0);
        if (view.up_s != item->up_s || view.down_s != item->down_s ||
            view.unknown_s != item->unknown_s || view.longest_down_s != item->longest_down_s ||
            view.last_state != item->state) {
            fail_msg("%s: up %lld, down %lld, unknown %lld, longest %lld, %s", item->name,
                     (long long)view.up_s, (long long)view.down_s, (long long)view.unknown_s,
                     (long long)view.longest_down_s, ht_device_state_name(view.last_state));
        }
        assert_int_equal(ht_report_summary(report)->up_s, item->up_s);
        ht_report_free(report);
    }
}

/* Clipped to the window, and still the whole of it. */
static void test_time_in_window(void **state) {
    (void)state;
    struct world *world = world_of_1000_s();
    LIVE(world, .from_s = 100, .to_s = 400);
    LIVE(world, .from_s = 600, .to_s = 800);
    world->selection.since_us = AT(300);
    world->selection.until_us = AT(700);
    struct ht_report *report = world_report(world);
    const struct ht_device_view view = device_at(report, 0);
    assert_int_equal(view.up_s, 200);
    assert_int_equal(view.down_s, 200);
    assert_int_equal(view.unknown_s, 0);
    assert_int_equal(view.last_state, HT_STATE_UP);
    assert_int_equal(view.connects, 1);
    assert_int_equal(view.disconnects, 1);
    assert_int_equal(view.last_event_us, AT(600));
    assert_int_equal(ht_report_summary(report)->first_us, AT(400));
    assert_int_equal(ht_report_summary(report)->last_us, AT(600));
    assert_non_null(ht_report_summary(report)->time_method);
    ht_report_free(report);
}

/* What begins at --since is in, what begins at --until is not. Without an event in it, nothing is.
 */
static void test_window_edges(void **state) {
    (void)state;
    static const struct {
        int64_t since_s, until_s;
        size_t disconnects, sessions, devices, connects, refused;
    } cases[] = {
        {100, 200, 1, 2, 1, 0, 1}, {101, 200, 0, 1, 1, 0, 1}, {100, 201, 2, 2, 1, 0, 1},
        {99, 100, 0, 0, 0, 0, 0},  {0, 50, 0, 0, 0, 0, 0},    {50, 51, 0, 1, 1, 1, 0},
        {300, 900, 0, 0, 0, 0, 0}, {151, 152, 0, 0, 0, 0, 0}, {120, 121, 0, 1, 1, 0, 1},
        {110, 120, 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct world *world = world_of_1000_s();
        LIVE(world, .from_s = 50, .to_s = 100);
        world_refused(world, 120, 500001, NULL);
        LIVE(world, .from_s = 100, .to_s = 200, .start = HT_START_MISSING);
        world->selection.since_us = AT(cases[i].since_s);
        world->selection.until_us = AT(cases[i].until_s);
        struct ht_report *report = world_report(world);
        const struct ht_summary *summary = ht_report_summary(report);
        const size_t got[] = {ht_report_disconnect_count(report), ht_report_session_count(report),
                              ht_report_device_count(report), summary->connects,
                              summary->refused_connects};
        const size_t want[] = {cases[i].disconnects, cases[i].sessions, cases[i].devices,
                               cases[i].connects, cases[i].refused};
        for (size_t k = 0; k < HT_ARRAY_LEN(want); k++) {
            if (got[k] != want[k]) {
                fail_msg("case %zu, figure %zu: %zu, not %zu", i, k, got[k], want[k]);
            }
        }
        assert_int_equal(summary->disconnects, cases[i].disconnects);
        ht_report_free(report);
    }
}

/* A device that was lost before the window is down all through it. */
static void test_lost_before_window(void **state) {
    (void)state;
    struct world *world = world_of_1000_s();
    LIVE(world, .from_s = 0, .to_s = 100);
    world->selection.since_us = AT(500);
    struct ht_report *report = world_report(world);
    const struct ht_device_view view = device_at(report, 0);
    assert_int_equal(view.down_s, 500);
    assert_int_equal(view.unknown_s, 0);
    assert_int_equal(view.last_state, HT_STATE_DOWN);
    assert_int_equal(view.main_cause, HT_CAUSE_UNKNOWN);
    assert_string_equal(view.pattern, "down since 2025-03-10T00:01:40Z");
    ht_report_free(report);
}

/* Nothing within the window: no devices, no findings about them, no cadences. */
static void test_empty_window(void **state) {
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct world *world = world_of_1000_s();
        world_health(world, 5000, k == 2 ? 429001 : 500001);
        LIVE(world, .from_s = 0, .to_s = 100, .cause = HT_CAUSE_IDLE_TIMEOUT);
        world->cadences[0] = (struct ht_cadence){.kind = HT_CADENCE_NETWORK, .sessions = 4};
        world->cadence_count = 1;
        world->selection.since_us = k == 0 ? AT(5000) : AT(5001);
        if (k == 2) {
            world->selection.since_us = HT_TIME_NONE;
            assert_int_equal(ht_selection_init(&world->selection, NULL, "nobody", NULL, NULL),
                             HT_OK);
        }
        struct ht_report *report = world_report(world);
        const struct ht_summary *summary = ht_report_summary(report);
        assert_int_equal(summary->devices, k == 0);
        assert_int_equal(summary->hub_count, k == 0);
        assert_int_equal(summary->cadence_count, k == 0);
        assert_int_equal(summary->finding_count, k == 0);
        ht_report_free(report);
    }
}

static struct world *world_of_many(void) {
    struct world *world = world_new();
    world_hub(world, "A");
    world_device(world, "d1");
    LIVE(world, .from_s = 10, .to_s = 500, .cause = HT_CAUSE_IDLE_TIMEOUT);
    LIVE(world, .from_s = 560, .to_s = 700, .cause = HT_CAUSE_IDLE_TIMEOUT);
    world_device_of(world, "d1", "m");
    LIVE(world, .from_s = 10, .to_s = 300, .cause = HT_CAUSE_CONNECTION_RESET);
    world_open(world, 600);
    world_device(world, "d2");
    LIVE(world, .from_s = 10, .to_s = 300, .cause = HT_CAUSE_CLIENT_CLOSE);
    world_hub(world, "B");
    world_device(world, "d1");
    LIVE(world, .from_s = 10, .to_s = 300, .cause = HT_CAUSE_DUPLICATE_IDENTITY);
    LIVE(world, .from_s = 301, .to_s = 302, .cause = HT_CAUSE_DUPLICATE_IDENTITY);
    world_open(world, 303);
    return world;
}

static void test_order(void **state) {
    (void)state;
    static const char *const disconnects[] = {"300 A d1 m", "300 A d2 ", "300 B d1 ",
                                              "302 B d1 ",  "500 A d1 ", "700 A d1 "};
    static const char *const sessions[] = {"A d1  10", "A d1  560", "A d1 m 10", "A d1 m 600",
                                           "A d2  10", "B d1  10",  "B d1  301", "B d1  303"};
    struct ht_report *report = world_report(world_of_many());
    char text[64];
    assert_int_equal(ht_report_disconnect_count(report), HT_ARRAY_LEN(disconnects));
    for (size_t i = 0; i < HT_ARRAY_LEN(disconnects); i++) {
        struct ht_disconnect row;
        ht_report_disconnect(report, i, &row);
        (void)snprintf(text, sizeof text, "%lld %s %s %s",
                       (long long)(row.time_us / HT_US_PER_S - WORLD_START_S), row.hub, row.device,
                       row.module != NULL ? row.module : "");
        assert_string_equal(text, disconnects[i]);
    }
    assert_int_equal(ht_report_session_count(report), HT_ARRAY_LEN(sessions));
    for (size_t i = 0; i < HT_ARRAY_LEN(sessions); i++) {
        struct ht_session_view row;
        ht_report_session(report, i, &row);
        (void)snprintf(text, sizeof text, "%s %s %s %lld", row.hub, row.device,
                       row.module != NULL ? row.module : "",
                       (long long)(row.start_us / HT_US_PER_S - WORLD_START_S));
        assert_string_equal(text, sessions[i]);
    }
    ht_report_free(report);
}

/* Level of findings first (two clients on B), then faults, then time down. */
static void test_worst_devices(void **state) {
    (void)state;
    static const size_t worst[] = {3, 0, 1, 2};
    struct ht_report *report = world_report(world_of_many());
    assert_int_equal(ht_report_device_count(report), 4);
    for (size_t i = 0; i < HT_ARRAY_LEN(worst); i++) {
        assert_int_equal(ht_report_worst_device(report, i), worst[i]);
    }
    assert_true(device_at(report, 3).has_finding);
    assert_int_equal(device_at(report, 3).worst_level, HT_LEVEL_WARNING);
    assert_false(device_at(report, 0).has_finding);
    ht_report_free(report);
}

static void test_hub_and_device_selection(void **state) {
    (void)state;
    struct world *world = world_of_many();
    assert_int_equal(ht_selection_init(&world->selection, "a", "^d1", "/m$", NULL), HT_OK);
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    assert_int_equal(ht_report_device_count(report), 1);
    assert_string_equal(device_at(report, 0).device, "d1");
    assert_null(device_at(report, 0).module);
    assert_int_equal(summary->hub_count, 1);
    assert_string_equal(summary->hubs[0].hub, "A");
    assert_int_equal(summary->hubs[0].disconnects, 2);
    assert_int_equal(summary->disconnects, 2);
    assert_null(finding(report, "duplicate-identity"));
    ht_report_free(report);
}

static void test_summary(void **state) {
    (void)state;
    struct ht_report *report = world_report(world_of_many());
    const struct ht_summary *summary = ht_report_summary(report);
    assert_int_equal(summary->devices, 4);
    assert_int_equal(summary->connects, 8);
    assert_int_equal(summary->disconnects, 6);
    assert_int_equal(summary->faults, 5); /* all but the clean close */
    assert_int_equal(summary->causes[HT_CAUSE_IDLE_TIMEOUT].disconnects, 2);
    assert_int_equal(summary->causes[HT_CAUSE_IDLE_TIMEOUT].devices, 1);
    assert_int_equal(summary->causes[HT_CAUSE_IDLE_TIMEOUT].gap_median_s, 60);
    assert_int_equal(summary->causes[HT_CAUSE_CLIENT_CLOSE].gap_median_s, HT_SPAN_NONE);
    assert_int_equal(summary->causes[HT_CAUSE_IDLE_TIMEOUT].cause, HT_CAUSE_IDLE_TIMEOUT);
    assert_true(summary->causes[HT_CAUSE_IDLE_TIMEOUT].confidence_mean > 0.899 &&
                summary->causes[HT_CAUSE_IDLE_TIMEOUT].confidence_mean < 0.901);
    assert_int_equal(summary->hub_count, 2);
    assert_int_equal(summary->hubs[0].devices, 3);
    assert_int_equal(summary->hubs[0].first_us, AT(10));
    assert_int_equal(summary->hubs[0].last_us, AT(700));
    assert_int_equal(summary->up_s + summary->down_s + summary->unknown_s, 3 * 690 + 293);
    ht_report_free(report);
    struct world *world = world_of_1000_s();
    LIVE(world, .from_s = 100, .to_s = 900);
    world_device(world, "dev2");
    LIVE(world, .from_s = 300, .to_s = 700);
    report = world_report(world);
    assert_int_equal(ht_report_summary(report)->up_s, 1200);
    assert_int_equal(ht_report_summary(report)->down_s, 400);
    assert_int_equal(ht_report_summary(report)->unknown_s, 400);
    ht_report_free(report);
}

/* Token expiry is normal life unless the log shows that the device was away for longer. */
static void test_renewals_and_faults(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum ht_cause cause;
        int64_t back_s; /* 0 = never */
        bool connect_is_missing;
        int64_t log_end_s;
        uint64_t renewals, faults;
    } cases[] = {
        {"at once", HT_CAUSE_TOKEN_EXPIRY, 3600, false, 9000, 1, 0},
        {"within a minute", HT_CAUSE_TOKEN_EXPIRY, 3660, false, 9000, 1, 0},
        {"after more", HT_CAUSE_TOKEN_EXPIRY, 3661, false, 9000, 0, 1},
        {"never", HT_CAUSE_TOKEN_EXPIRY, 0, false, 9000, 0, 1},
        {"the log ends", HT_CAUSE_TOKEN_EXPIRY, 0, false, 3660, 1, 0},
        {"back at a time that is missing", HT_CAUSE_TOKEN_EXPIRY, 3600, true, 9000, 1, 0},
        {"another cause", HT_CAUSE_IDLE_TIMEOUT, 3605, false, 9000, 0, 1},
        {"a clean close", HT_CAUSE_CLIENT_CLOSE, 3605, false, 9000, 0, 0},
        {"unknown", HT_CAUSE_UNKNOWN, 3605, false, 9000, 0, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct world *world = world_new();
        world_hub(world, "HUB");
        world_health(world, cases[i].log_end_s, 500001);
        world_device(world, "dev");
        LIVE(world, .from_s = 0, .to_s = 3600, .cause = cases[i].cause);
        if (cases[i].connect_is_missing) {
            LIVE(world, .from_s = 3600, .to_s = 8000, .start = HT_START_MISSING);
        } else if (cases[i].back_s > 0) {
            world_open(world, cases[i].back_s);
        }
        struct ht_report *report = world_report(world);
        const struct ht_device_view view = device_at(report, 0);
        if (view.renewals != cases[i].renewals || view.faults != cases[i].faults) {
            fail_msg("%s: %llu renewals, %llu faults", cases[i].name,
                     (unsigned long long)view.renewals, (unsigned long long)view.faults);
        }
        ht_report_free(report);
    }
}

/* Two hours of a device; phrases say what it does most, or what someone must know first. */
static void test_patterns(void **state) {
    (void)state;
    static const struct {
        const char *phrase;
        enum ht_device_pattern key;
        enum ht_cause cause;
        int64_t up_s, gap_s;
        size_t sessions;
    } cases[] = {
        {"renews its token every 1h10m", HT_PATTERN_TOKEN_RENEWAL, HT_CAUSE_TOKEN_EXPIRY, 4200, 5,
         4},
        {"its token runs out, and it is late to renew it, every 1h10m", HT_PATTERN_TOKEN_LATE,
         HT_CAUSE_TOKEN_EXPIRY, 4200, 300, 4},
        {"closes cleanly every 15m00s (duty cycle)", HT_PATTERN_DUTY_CYCLE, HT_CAUSE_CLIENT_CLOSE,
         60, 840, 5},
        {"closes cleanly", HT_PATTERN_CLIENT_CLOSE, HT_CAUSE_CLIENT_CLOSE, 60, 840, 2},
        {"lost its network once", HT_PATTERN_NETWORK_LOSSES, HT_CAUSE_IDLE_TIMEOUT, 2000, 60, 1},
        {"lost its network once", HT_PATTERN_NETWORK_LOSSES, HT_CAUSE_IDLE_TIMEOUT, 30000, 60, 1},
        {"loses its network 4 times", HT_PATTERN_NETWORK_LOSSES, HT_CAUSE_IDLE_TIMEOUT, 2000, 60,
         4},
        {"loses its network 7.2 times a day", HT_PATTERN_NETWORK_LOSSES, HT_CAUSE_CONNECTION_RESET,
         12000, 60, 8},
        {"loses its network once a day", HT_PATTERN_NETWORK_LOSSES, HT_CAUSE_CONNECTION_RESET,
         86000, 400, 5},
        {"loses its network 2 times in 4d00h", HT_PATTERN_NETWORK_LOSSES, HT_CAUSE_IDLE_TIMEOUT,
         172800, 0, 2},
        {"two clients share this identity", HT_PATTERN_SHARED_IDENTITY, HT_CAUSE_DUPLICATE_IDENTITY,
         100, 1, 4},
        {"taken over by a second connection", HT_PATTERN_DUPLICATE_IDENTITY,
         HT_CAUSE_DUPLICATE_IDENTITY, 100, 1, 1},
        {"dropped by trouble in the hub", HT_PATTERN_HUB_TRANSIENT, HT_CAUSE_HUB_TRANSIENT, 100, 60,
         1},
        {"dropped with its site", HT_PATTERN_SITE_OUTAGE, HT_CAUSE_SITE_OUTAGE, 100, 60, 1},
        {"closed by a platform upgrade", HT_PATTERN_PLATFORM_UPGRADE, HT_CAUSE_PLATFORM_UPGRADE,
         100, 60, 1},
        {"throttled by the hub", HT_PATTERN_THROTTLED, HT_CAUSE_THROTTLED, 100, 60, 1},
        {"stopped by the hub's quota", HT_PATTERN_QUOTA, HT_CAUSE_QUOTA, 100, 60, 1},
        {"removed from the hub or disabled", HT_PATTERN_DEVICE_REMOVED, HT_CAUSE_DEVICE_REMOVED,
         100, 60, 1},
        {"disconnects, for no reason that the log tells", HT_PATTERN_UNKNOWN, HT_CAUSE_UNKNOWN, 100,
         60, 1},
        {"flaps: up to 6 disconnects within an hour", HT_PATTERN_FLAPPING,
         HT_CAUSE_CONNECTION_RESET, 30, 30, 6},
        {"no disconnect", HT_PATTERN_STEADY, HT_CAUSE_UNKNOWN, 0, 0, 0},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct world *world = world_new();
        world_hub(world, "HUB");
        world_device(world, "dev");
        int64_t at_s = 0;
        for (size_t k = 0; k < cases[i].sessions; k++) {
            LIVE(world, .from_s = at_s, .to_s = at_s + cases[i].up_s, .cause = cases[i].cause);
            at_s += cases[i].up_s + cases[i].gap_s;
        }
        world_open(world, at_s);
        struct ht_report *report = world_report(world);
        assert_string_equal(device_at(report, 0).pattern, cases[i].phrase);
        assert_int_equal(device_at(report, 0).pattern_key, cases[i].key);
        ht_report_free(report);
    }
}

/* Rows hold what the log says, and NULL for what it does not. */
static void test_rows(void **state) {
    (void)state;
    struct world *world = world_of_1000_s();
    LIVE(world, .from_s = 0, .to_s = 300, .start = HT_START_BEFORE_LOG, .codes = {401003, 404104},
         .network = "10.0.0.XXX", .sdk = ".NET/1", .refused = 3, .cause = HT_CAUSE_TOKEN_EXPIRY,
         .confidence = 0.5,
         .evidence = {.kind = HT_EVIDENCE_GAP, .weight_centi = -150, .value = 8});
    world_open(world, 308);
    struct ht_report *report = world_report(world);
    struct ht_disconnect row;
    struct ht_session_view session;
    ht_report_disconnect(report, 0, &row);
    assert_int_equal(row.code_count, 2);
    assert_int_equal(row.codes[1], 404104);
    assert_int_equal(row.session_s, HT_SPAN_NONE);
    assert_int_equal(row.gap_s, 8);
    assert_int_equal(row.refused_connects, 3);
    assert_string_equal(row.sdk, ".NET/1");
    assert_string_equal(row.network, "10.0.0.XXX");
    assert_null(row.protocol);
    assert_int_equal(row.cause_class, HT_CLASS_TOKEN_EXPIRY);
    assert_int_equal(row.incident, HT_INDEX_NONE);
    assert_int_equal(row.evidence_count, 1);
    assert_true(row.evidence[0].weight > -1.501 && row.evidence[0].weight < -1.499);
    ht_report_session(report, 0, &session);
    assert_int_equal(session.start_us, HT_TIME_NONE);
    assert_int_equal(session.end_us, AT(300));
    assert_int_equal(session.end_cause, HT_CAUSE_TOKEN_EXPIRY);
    ht_report_session(report, 1, &session);
    assert_int_equal(session.start_us, AT(308));
    assert_int_equal(session.end_us, HT_TIME_NONE);
    assert_int_equal(session.end, HT_END_OPEN);
    assert_int_equal(session.end_cause, HT_CAUSE_UNKNOWN);
    assert_int_equal(device_at(report, 0).cadence_s, HT_SPAN_NONE);
    ht_report_free(report);
}

static void test_cadences(void **state) {
    (void)state;
    struct world *world = world_of_1000_s();
    world->cadences[0] =
        (struct ht_cadence){.sdk_family = 1, .kind = HT_CADENCE_NETWORK, .sessions = 4};
    world->cadences[1] = (struct ht_cadence){.sdk_family = 2,
                                             .kind = HT_CADENCE_TOKEN,
                                             .low_s = 4100,
                                             .middle_s = 4200,
                                             .high_s = 4300,
                                             .sessions = 90,
                                             .devices = 7,
                                             .hit_rate = 0.5F};
    world->cadence_count = 2;
    world->cadence_s[1] = 4200;
    world_open(world, 5);
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    assert_int_equal(summary->cadence_count, 2);
    assert_string_equal(summary->cadences[0].kind, "token");
    assert_string_equal(summary->cadences[0].sdk_family, ".NET");
    assert_int_equal(summary->cadences[0].length_s, 4200);
    assert_string_equal(summary->cadences[1].kind, "network");
    assert_null(summary->cadences[1].sdk_family);
    assert_int_equal(device_at(report, 0).cadence_s, 4200);
    ht_report_free(report);
}

static void test_empty_log(void **state) {
    (void)state;
    struct ht_report *report = world_report(world_new());
    const struct ht_summary *summary = ht_report_summary(report);
    assert_int_equal(ht_report_device_count(report), 0);
    assert_int_equal(ht_report_disconnect_count(report), 0);
    assert_int_equal(summary->first_us, HT_TIME_NONE);
    assert_int_equal(summary->finding_count, 0);
    assert_int_equal(summary->quality.limit_count, 1);
    ht_report_free(report);
    ht_report_free(NULL);
}

/* Against sorting, on numbers of a plain generator; the large ones are counted, not sorted. */
static void test_medians(void **state) {
    (void)state;
    enum { COUNT = 20001 };
    static uint32_t values[COUNT];
    static uint32_t sorted[COUNT];
    uint64_t seed = 1;
    for (size_t round = 0; round < 4; round++) {
        const size_t count = round % 2 == 0 ? COUNT : COUNT / 8;
        for (size_t i = 0; i < count; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
            values[i] = (uint32_t)(seed >> (round < 2 ? 33 : 54));
            sorted[i] = values[i];
        }
        ht_sort_u32(sorted, count);
        assert_int_equal(ht_select_u32(values, count, 0), sorted[0]);
        assert_int_equal(ht_select_u32(values, count, count - 1), sorted[count - 1]);
        assert_int_equal(ht_median_u32(values, count),
                         count % 2 == 1 ? sorted[count / 2]
                                        : (sorted[count / 2 - 1] + sorted[count / 2]) / 2);
    }
    assert_int_equal(ht_median_u32((uint32_t[]){9, 1}, 2), 5);
}

/* By time, equal times in the order given; whole seconds and microseconds, and a far stray. */
static void test_time_order(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    static struct ht_session sessions[COUNT];
    static uint32_t indices[COUNT];
    uint64_t seed = 7;
    for (int unit = 0; unit < 3; unit++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
            const int64_t number = (int64_t)(seed >> 40) % 3000;
            sessions[i].end_us = unit == 0 ? AT(number) : AT(0) + number * 777;
            indices[i] = i;
        }
        sessions[17].end_us = unit == 2 ? INT64_C(250000000000000000) : sessions[17].end_us;
        assert_int_equal(ht_time_order(sessions, indices, COUNT), HT_OK);
        for (size_t i = 1; i < COUNT; i++) {
            const int64_t before_us = sessions[indices[i - 1]].end_us;
            const int64_t end_us = sessions[indices[i]].end_us;
            assert_true(before_us < end_us || (before_us == end_us && indices[i - 1] < indices[i]));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),          cmocka_unit_test(test_time_in_window),
        cmocka_unit_test(test_window_edges),  cmocka_unit_test(test_lost_before_window),
        cmocka_unit_test(test_empty_window),  cmocka_unit_test(test_order),
        cmocka_unit_test(test_worst_devices), cmocka_unit_test(test_hub_and_device_selection),
        cmocka_unit_test(test_summary),       cmocka_unit_test(test_renewals_and_faults),
        cmocka_unit_test(test_patterns),      cmocka_unit_test(test_rows),
        cmocka_unit_test(test_cadences),      cmocka_unit_test(test_empty_log),
        cmocka_unit_test(test_medians),       cmocka_unit_test(test_time_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
