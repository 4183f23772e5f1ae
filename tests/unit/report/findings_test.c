/* SPDX-License-Identifier: MIT */
/* Every rule fires where it should and is silent next to it; incidents. */
#include "report/rules.h"
#include "world.h"

/* One device's life, by turns up and away, and what the hub then says of it. */
struct rule_case {
    const char *name;
    const char *rule; /* NULL: none of the rules of this table fires */
    enum ht_level level;
    enum ht_cause cause;
    int64_t up_s;
    int64_t away_s;
    size_t sessions;
    bool returns;          /* after the last one */
    int64_t tail_s;        /* log after the last end or connect */
    uint32_t refused_code; /* refused from a minute after the last end to the end of the log */
    const char *message;
    uint64_t disconnects;
    const char *title; /* part of it */
};

#define KNOWN "Authentication failed for this device, renew token"

static const struct rule_case rule_cases[] = {
    {"take-overs", "duplicate-identity", HT_LEVEL_ERROR, HT_CAUSE_DUPLICATE_IDENTITY, 30, 1, 4,
     true, 60, 0, NULL, 4, "share one identity"},
    {"few take-overs", "duplicate-identity", HT_LEVEL_WARNING, HT_CAUSE_DUPLICATE_IDENTITY, 30, 1,
     3, true, 60, 0, NULL, 3, ""},
    {"unknown device", "auth-failure", HT_LEVEL_ERROR, HT_CAUSE_CONNECTION_RESET, 900, 9, 1, false,
     7200, 401003, "IotHub 'x' does not contain the specified device", 0, "does not know"},
    {"signature", "auth-failure", HT_LEVEL_ERROR, HT_CAUSE_TOKEN_EXPIRY, 900, 9, 1, false, 7200,
     401003, "The token has an invalid signature", 0, "signature"},
    {"thumbprint", "auth-failure", HT_LEVEL_ERROR, HT_CAUSE_CONNECTION_RESET, 900, 9, 1, false,
     7200, 401003, "Thumbprint does not match configuration", 0, "certificate"},
    {"policy", "auth-failure", HT_LEVEL_ERROR, HT_CAUSE_CONNECTION_RESET, 900, 9, 1, false, 7200,
     401003, "Authorization rule 'r' does not allow", 0, "do not allow"},
    {"clock", "auth-failure", HT_LEVEL_ERROR, HT_CAUSE_CONNECTION_RESET, 900, 9, 1, false, 7200,
     401003, KNOWN, 0, "not valid"},
    {"no reason", "auth-failure", HT_LEVEL_ERROR, HT_CAUSE_CONNECTION_RESET, 900, 9, 1, false, 7200,
     401003, "", 0, "without a reason"},
    {"self-made token", "token-not-renewed", HT_LEVEL_ERROR, HT_CAUSE_TOKEN_EXPIRY, 3600, 9, 1,
     false, 7200, 401003, KNOWN, 1, "not renewed"},
    {"refused for a moment only", NULL, HT_LEVEL_NOTE, HT_CAUSE_CONNECTION_RESET, 900, 9, 1, false,
     200, 401003, KNOWN, 0, ""},
    {"lost for hours", "never-returned", HT_LEVEL_ERROR, HT_CAUSE_IDLE_TIMEOUT, 900, 9, 1, false,
     7200, 0, NULL, 1, "did not come back"},
    {"lost for less than an hour", "never-returned", HT_LEVEL_WARNING, HT_CAUSE_IDLE_TIMEOUT, 900,
     9, 1, false, 1800, 0, NULL, 1, ""},
    {"away, but not for long", NULL, HT_LEVEL_NOTE, HT_CAUSE_IDLE_TIMEOUT, 900, 9, 1, false, 800, 0,
     NULL, 0, ""},
    {"away as long as ever", NULL, HT_LEVEL_NOTE, HT_CAUSE_IDLE_TIMEOUT, 900, 3000, 3, false, 8000,
     0, NULL, 0, ""},
    {"away longer than ever", "never-returned", HT_LEVEL_ERROR, HT_CAUSE_IDLE_TIMEOUT, 900, 3000, 3,
     false, 9001, 0, NULL, 1, ""},
    {"switched off", NULL, HT_LEVEL_NOTE, HT_CAUSE_CLIENT_CLOSE, 900, 60, 2, false, 9000, 0, NULL,
     0, ""},
    {"refused by the hub's state", "hub-refuses", HT_LEVEL_WARNING, HT_CAUSE_HUB_TRANSIENT, 900, 9,
     1, false, 7200, 500001, NULL, 0, "errors of its own"},
    {"refused by an upgrade that lasts", "hub-refuses", HT_LEVEL_WARNING, HT_CAUSE_IDLE_TIMEOUT,
     900, 9, 1, false, 7200, 400030, NULL, 0, ""},
    {"refused by throttling", "throttled", HT_LEVEL_WARNING, HT_CAUSE_IDLE_TIMEOUT, 900, 9, 1,
     false, 7200, 429001, NULL, 0, ""},
    {"refused for another reason", "never-returned", HT_LEVEL_ERROR, HT_CAUSE_IDLE_TIMEOUT, 900, 9,
     1, false, 7200, 400020, NULL, 1, ""},
    {"quota", "quota", HT_LEVEL_ERROR, HT_CAUSE_QUOTA, 900, 60, 1, true, 60, 0, NULL, 1, "quota"},
    {"refused by quota", "quota", HT_LEVEL_ERROR, HT_CAUSE_IDLE_TIMEOUT, 900, 9, 1, false, 7200,
     403002, NULL, 0, ""},
    {"flapping", "flapping", HT_LEVEL_WARNING, HT_CAUSE_CONNECTION_RESET, 200, 60, 5, true, 60, 0,
     NULL, 5, "flapping"},
    {"too few to flap", NULL, HT_LEVEL_NOTE, HT_CAUSE_CONNECTION_RESET, 200, 60, 4, true, 60, 0,
     NULL, 0, ""},
    {"too slow to flap", "connection-resets", HT_LEVEL_WARNING, HT_CAUSE_CONNECTION_RESET, 299, 700,
     5, true, 60, 0, NULL, 5, "goodbye"},
    {"sessions too long to flap", "idle-timeouts", HT_LEVEL_WARNING, HT_CAUSE_IDLE_TIMEOUT, 300, 60,
     5, true, 60, 0, NULL, 5, "silent"},
    {"few losses in days", NULL, HT_LEVEL_NOTE, HT_CAUSE_IDLE_TIMEOUT, 40000, 60, 6, true, 60, 0,
     NULL, 0, ""},
    {"late renewal", "token-late", HT_LEVEL_WARNING, HT_CAUSE_TOKEN_EXPIRY, 3600, 61, 2, true, 60,
     0, NULL, 2, "slow to come back"},
    {"one late renewal", NULL, HT_LEVEL_NOTE, HT_CAUSE_TOKEN_EXPIRY, 3600, 61, 1, true, 60, 0, NULL,
     0, ""},
    {"throttled", "throttled", HT_LEVEL_WARNING, HT_CAUSE_THROTTLED, 900, 60, 1, true, 60, 0, NULL,
     1, "throttles"},
    {"removed", "device-removed", HT_LEVEL_NOTE, HT_CAUSE_DEVICE_REMOVED, 900, 9, 1, false, 7200, 0,
     NULL, 1, "removed"},
    {"removed, but it goes on", "device-removed", HT_LEVEL_WARNING, HT_CAUSE_DEVICE_REMOVED, 900, 9,
     1, false, 7200, 404001, NULL, 1, ""},
    {"upgrade of one", "platform-upgrade", HT_LEVEL_NOTE, HT_CAUSE_PLATFORM_UPGRADE, 900, 9, 1,
     true, 60, 0, NULL, 1, "upgrade"},
    {"hub trouble of one", "hub-errors", HT_LEVEL_NOTE, HT_CAUSE_HUB_TRANSIENT, 900, 9, 1, true, 60,
     0, NULL, 1, ""},
    {"unknown, many", "unknown-many", HT_LEVEL_NOTE, HT_CAUSE_UNKNOWN, 900, 3000, 10, true, 60, 0,
     NULL, 10, "does not tell"},
    {"unknown, few", NULL, HT_LEVEL_NOTE, HT_CAUSE_UNKNOWN, 900, 3000, 9, true, 60, 0, NULL, 0, ""},
    {"renewals", "token-renewal", HT_LEVEL_NOTE, HT_CAUSE_TOKEN_EXPIRY, 4200, 8, 3, true, 60, 0,
     NULL, 3, "normal, no action"},
    {"duty cycle", "duty-cycle", HT_LEVEL_NOTE, HT_CAUSE_CLIENT_CLOSE, 60, 840, 4, true, 60, 0,
     NULL, 4, "duty cycle"},
    {"too few for a cycle", NULL, HT_LEVEL_NOTE, HT_CAUSE_CLIENT_CLOSE, 60, 840, 3, true, 60, 0,
     NULL, 0, ""},
};

static struct ht_report *play(const struct rule_case *item) {
    struct world *world = world_new();
    int64_t at_s = 0;
    world_hub(world, "HUB");
    world_device(world, "dev");
    for (size_t i = 0; i < item->sessions; i++) {
        LIVE(world, .from_s = at_s, .to_s = at_s + item->up_s, .cause = item->cause);
        at_s += item->up_s + item->away_s;
    }
    if (item->returns) {
        world_open(world, at_s);
    } else {
        at_s -= item->away_s;
    }
    for (int64_t k = 60; item->refused_code != 0 && k <= item->tail_s; k += 60) {
        world_refused(world, at_s + k, item->refused_code, item->message);
    }
    world_device(world, "other");
    world_open(world, at_s + item->tail_s);
    return world_report(world);
}

static void test_rules(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(rule_cases); i++) {
        const struct rule_case *item = &rule_cases[i];
        struct ht_report *report = play(item);
        const struct ht_summary *summary = ht_report_summary(report);
        const struct ht_finding *found = item->rule != NULL ? finding(report, item->rule) : NULL;
        if ((found != NULL) != (item->rule != NULL) ||
            (item->rule == NULL && summary->finding_count > 0)) {
            fail_msg("%s: %zu findings, the first is %s", item->name, summary->finding_count,
                     summary->finding_count > 0 ? summary->findings[0].rule : "-");
        }
        if (found != NULL) {
            if (found->level != item->level || found->disconnects != item->disconnects ||
                found->devices != 1 || strstr(found->title, item->title) == NULL) {
                fail_msg("%s: %s, %llu disconnects, %llu devices: %s", item->name,
                         ht_level_name(found->level), (unsigned long long)found->disconnects,
                         (unsigned long long)found->devices, found->title);
            }
            assert_string_equal(found->hub, "HUB");
            assert_int_equal(found->incident, HT_INDEX_NONE);
            assert_int_equal(found->device_index_count, 1);
            assert_int_equal(found->device_index[0], 0);
            assert_true(strlen(found->detail) > 10 && strlen(found->action) > 10);
            assert_int_equal(strncmp(found->url, "https://learn.microsoft.com/", 28), 0);
        }
        ht_report_free(report);
    }
}

/* A device that was once away for long is gone when it is away for longer than then. */
static void test_heavy_tail_of_gaps(void **state) {
    (void)state;
    for (int64_t away_s = 5000; away_s <= 5001; away_s++) {
        struct world *world = world_new();
        world_hub(world, "HUB");
        world_device(world, "dev");
        LIVE(world, .from_s = 0, .to_s = 4000, .cause = HT_CAUSE_IDLE_TIMEOUT);
        LIVE(world, .from_s = 4010, .to_s = 8000, .cause = HT_CAUSE_IDLE_TIMEOUT);
        LIVE(world, .from_s = 13000, .to_s = 17000, .cause = HT_CAUSE_IDLE_TIMEOUT);
        LIVE(world, .from_s = 17010, .to_s = 20000, .cause = HT_CAUSE_IDLE_TIMEOUT);
        world_device(world, "other");
        world_open(world, 20000 + away_s);
        struct ht_report *report = world_report(world);
        assert_int_equal(ht_report_summary(report)->never_returned, away_s > 5000);
        ht_report_free(report);
    }
}

/* A pause that varies makes no duty cycle. */
static void test_irregular_closes(void **state) {
    (void)state;
    static const int64_t ends_s[] = {0, 900, 2500, 3000, 6000};
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_device(world, "dev");
    for (size_t i = 0; i < HT_ARRAY_LEN(ends_s); i++) {
        LIVE(world, .from_s = ends_s[i], .to_s = ends_s[i] + 60, .cause = HT_CAUSE_CLIENT_CLOSE);
    }
    world_open(world, 6100);
    struct ht_report *report = world_report(world);
    assert_null(finding(report, "duty-cycle"));
    assert_string_equal(device_at(report, 0).pattern, "closes cleanly");
    ht_report_free(report);
}

/* Figures in the sentences: extent, range of periods, the worst. */
static void test_details(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    static const int64_t lengths_s[] = {4200, 2700, 3600};
    static const char *const names[] = {"d1", "d2", "d3"};
    for (size_t i = 0; i < 3; i++) {
        world_device(world, names[i]);
        LIVE(world, .from_s = 0, .to_s = lengths_s[i], .cause = HT_CAUSE_TOKEN_EXPIRY);
        LIVE(world, .from_s = lengths_s[i] + 5, .to_s = 2 * lengths_s[i] + 5,
             .cause = HT_CAUSE_TOKEN_EXPIRY);
        LIVE(world, .from_s = 2 * lengths_s[i] + 6, .to_s = 2 * lengths_s[i] + 60,
             .cause = HT_CAUSE_DUPLICATE_IDENTITY);
        world_open(world, 2 * lengths_s[i] + 61);
    }
    world_device(world, "d4");
    LIVE(world, .from_s = 0, .to_s = 10, .cause = HT_CAUSE_IDLE_TIMEOUT);
    struct ht_report *report = world_report(world);
    assert_string_equal(finding(report, "token-renewal")->detail,
                        "3 devices, 6 disconnects, every 45m00s to 1h10m. Normal life, not "
                        "counted as faults.");
    assert_string_equal(finding(report, "duplicate-identity")->detail,
                        "3 devices, 3 disconnects; at worst 1 take-over.");
    assert_string_equal(finding(report, "never-returned")->detail,
                        "1 device, 1 disconnect: down at the end of the log, the longest for "
                        "2h20m. Counted when away for more than 15m00s, 3 times the device's "
                        "median gap and 90 % of its gaps.");
    ht_report_free(report);
}

/* Each absence is told by one finding. */
static void test_one_finding_for_one_absence(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(rule_cases); i++) {
        const struct rule_case *item = &rule_cases[i];
        struct ht_report *report = play(item);
        if (item->refused_code != 0 && item->rule != NULL &&
            strcmp(item->rule, "never-returned") != 0) {
            assert_null(finding(report, "never-returned"));
            assert_int_equal(ht_report_summary(report)->never_returned, 0);
            assert_int_equal(ht_report_summary(report)->refused_at_end, 1);
            assert_non_null(strstr(device_at(report, 0).pattern, "refused since 2025-03-10T"));
        }
        ht_report_free(report);
    }
}

/* From five devices on it is grave; figures are of all of them. */
static void test_hub_refuses(void **state) {
    (void)state;
    for (int count = 4; count <= 5; count++) {
        struct world *world = world_new();
        char name[16];
        world_hub(world, "HUB");
        for (int i = 0; i < count; i++) {
            (void)snprintf(name, sizeof name, "d%d", i);
            world_device(world, name);
            world_refused(world, 100 - i, 500001, NULL);
            world_refused(world, 7200, i == 4 ? 503001 : 500001, NULL);
        }
        struct ht_report *report = world_report(world);
        const struct ht_finding *found = finding(report, "hub-refuses");
        assert_int_equal(found->level, count == 5 ? HT_LEVEL_ERROR : HT_LEVEL_WARNING);
        assert_int_equal(found->devices, count);
        assert_string_equal(found->detail,
                            count == 5 ? "5 devices: 10 connects refused with 503001 and other "
                                         "codes since 2025-03-10T00:01:36Z, to the end of the log."
                                       : "4 devices: 8 connects refused with 500001 since "
                                         "2025-03-10T00:01:37Z, to the end of the log.");
        assert_null(finding(report, "never-returned"));
        assert_int_equal(ht_report_summary(report)->refused_at_end, count);
        ht_report_free(report);
    }
}

/* Losses at one age have a reason that a crash has not. */
static void test_regular_losses(void **state) {
    (void)state;
    for (int64_t learned_s = 0; learned_s <= 3900; learned_s += 3900) {
        struct world *world = world_new();
        world_hub(world, "HUB");
        world_device(world, "dev");
        for (int64_t i = 0; i < 6; i++) {
            LIVE(world, .from_s = i * 4000, .to_s = i * 4000 + (i == 2 ? 900 : 3905),
                 .cause = HT_CAUSE_IDLE_TIMEOUT);
        }
        world_open(world, 24000);
        world->cadence_s[1] = (uint32_t)learned_s;
        struct ht_report *report = world_report(world);
        const struct ht_finding *found = finding(report, "idle-timeouts");
        assert_int_equal(strstr(found->action, "29.45 minutes") != NULL, learned_s > 0);
        assert_int_equal(strstr(found->detail, "every 1h05m") != NULL, learned_s > 0);
        assert_string_equal(device_at(report, 0).pattern,
                            learned_s > 0 ? "cut every 1h05m (no token: look for a time-out on the "
                                            "way)"
                                          : "loses its network 21 times a day");
        ht_report_free(report);
    }
}

/* Normal life marks no device; what needs a look does. */
static void test_marks(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(rule_cases); i++) {
        const struct rule_case *item = &rule_cases[i];
        struct ht_report *report = play(item);
        const struct ht_device_view view = device_at(report, 0);
        const bool marks = item->rule != NULL && item->level > HT_LEVEL_NOTE &&
                           strcmp(item->rule, "throttled") != 0 &&
                           strcmp(item->rule, "hub-refuses") != 0;
        if (view.has_finding != marks &&
            (item->rule == NULL || strcmp(item->rule, "device-removed") != 0)) {
            fail_msg("%s: %d", item->name, view.has_finding);
        }
        if (marks) {
            assert_int_equal(view.worst_level, item->level);
        }
        ht_report_free(report);
    }
}

/* Throttling and quota are told by the hub's own records, too, within the window. */
static void test_hub_health(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 100, 429001);
    world_health(world, 200, 403002);
    world_health(world, 300, 500001);
    world_health(world, 400, 504101); /* a device that was away, not the hub */
    world_health(world, 500, 503001);
    world_device(world, "dev");
    world_open(world, 10);
    world->selection.until_us = AT(500);
    struct ht_report *report = world_report(world);
    const struct ht_hub_view *hub = &ht_report_summary(report)->hubs[0];
    assert_int_equal(hub->server_errors, 1);
    assert_int_equal(hub->throttles, 1);
    assert_non_null(finding(report, "throttled"));
    assert_int_equal(finding(report, "throttled")->devices, 0);
    assert_string_equal(finding(report, "throttled")->detail, "1 record with 429xxx.");
    assert_int_equal(finding(report, "quota")->level, HT_LEVEL_ERROR);
    ht_report_free(report);
}

/* Who asks for devices is not told of others' throttling. */
static void test_hub_health_by_device(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 100, 429001);
    world_health(world, 200, 403002);
    world_device(world, "dev");
    world_open(world, 10);
    assert_int_equal(ht_selection_init(&world->selection, NULL, "dev", NULL, NULL), HT_OK);
    struct ht_report *report = world_report(world);
    assert_null(finding(report, "throttled"));
    assert_null(finding(report, "quota"));
    ht_report_free(report);
}

/* At most ten devices, worst first, equals in order. */
static void test_worst_of_a_finding(void **state) {
    (void)state;
    struct world *world = world_new();
    char name[16];
    world_hub(world, "HUB");
    for (int i = 0; i < 15; i++) {
        (void)snprintf(name, sizeof name, "d%02d", i);
        world_device(world, name);
        for (int k = 0; k < (i == 12 ? 5 : i == 3 ? 4 : 2); k++) {
            LIVE(world, .from_s = 20 * k, .to_s = 20 * k + 19,
                 .cause = HT_CAUSE_DUPLICATE_IDENTITY);
        }
        world_open(world, 200);
    }
    struct ht_report *report = world_report(world);
    const struct ht_finding *found = finding(report, "duplicate-identity");
    static const size_t want[] = {12, 3, 0, 1, 2, 4, 5, 6, 7, 8};
    assert_int_equal(found->devices, 15);
    assert_int_equal(found->disconnects, 35);
    assert_int_equal(found->device_index_count, HT_ARRAY_LEN(want));
    for (size_t i = 0; i < HT_ARRAY_LEN(want); i++) {
        assert_int_equal(found->device_index[i], want[i]);
    }
    ht_report_free(report);
}

/* Level, then devices, then disconnects, then hub. */
static void test_order_of_findings(void **state) {
    (void)state;
    static const char *const hubs[] = {"A", "B"};
    struct world *world = world_new();
    for (size_t h = 0; h < 2; h++) {
        world_hub(world, hubs[h]);
        world_device(world, "d1");
        LIVE(world, .from_s = 0, .to_s = 3600, .cause = HT_CAUSE_TOKEN_EXPIRY);
        world_open(world, 3605);
        world_device(world, "d2");
        LIVE(world, .from_s = 0, .to_s = 30, .cause = HT_CAUSE_DUPLICATE_IDENTITY);
        LIVE(world, .from_s = 31, .to_s = 60, .cause = HT_CAUSE_DUPLICATE_IDENTITY);
        world_open(world, 61);
        if (h == 1) {
            world_device(world, "d3");
            LIVE(world, .from_s = 0, .to_s = 30, .cause = HT_CAUSE_THROTTLED);
            world_open(world, 61);
        }
    }
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    static const char *const want[] = {"duplicate-identity A", "duplicate-identity B",
                                       "throttled B", "token-renewal A", "token-renewal B"};
    assert_int_equal(summary->finding_count, HT_ARRAY_LEN(want));
    for (size_t i = 0; i < HT_ARRAY_LEN(want); i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%s %s", summary->findings[i].rule,
                       summary->findings[i].hub);
        assert_string_equal(text, want[i]);
    }
    ht_report_free(report);
}

/* 20 devices drop within 19 s; device n is back after 10 n s, but for the last one. */
static struct world *world_of_incident(enum ht_cause cause, uint32_t connected_before,
                                       const char *other_network) {
    struct world *world = world_new();
    char name[16];
    world_hub(world, "HUB");
    const uint32_t incident = world_incident(world, cause, 1000, 1019, connected_before);
    world_health(world, 0, 500001);
    world_health(world, 999, 500001); /* not of it */
    world_health(world, 1000, 500001);
    world_health(world, 1319, 500008); /* start to end + 5 min, both included */
    world_health(world, 1320, 500001);
    world_health(world, 10000, 504101);
    for (int i = 1; i <= 20; i++) {
        (void)snprintf(name, sizeof name, "d%02d", i);
        world_device(world, name);
        LIVE(world, .from_s = 0, .to_s = 999 + i, .cause = cause, .incident = incident,
             .codes = {404104, i <= 5 ? 500001 : 0},
             .network = i <= 2 ? other_network : "10.0.0.XXX");
        if (i < 20) {
            world_open(world, 999 + i + 10 * i);
        }
    }
    return world;
}

static void test_incident(void **state) {
    (void)state;
    struct ht_report *report =
        world_report(world_of_incident(HT_CAUSE_HUB_TRANSIENT, 25, "10.0.1.XXX"));
    const struct ht_summary *summary = ht_report_summary(report);
    assert_int_equal(summary->incident_count, 1);
    const struct ht_incident_view *view = &summary->incidents[0];
    assert_string_equal(view->hub, "HUB");
    assert_int_equal(view->cause, HT_CAUSE_HUB_TRANSIENT);
    assert_int_equal(view->start_us, AT(1000));
    assert_int_equal(view->end_us, AT(1019));
    assert_int_equal(view->devices, 20);
    assert_int_equal(view->shown_devices, 20);
    assert_int_equal(view->disconnects, 20);
    assert_int_equal(view->connected_before, 25);
    assert_true(view->share > 0.799 && view->share < 0.801);
    assert_int_equal(view->networks, 2);
    assert_string_equal(view->common_network, "10.0.0.XXX"); /* 18 of 20 */
    assert_int_equal(view->code_count, 2);
    assert_int_equal(view->codes[0], 404104);
    assert_int_equal(view->code_counts[0], 20);
    assert_int_equal(view->codes[1], 500001);
    assert_int_equal(view->code_counts[1], 5);
    assert_int_equal(view->returned, 19);
    assert_int_equal(view->recovery_s, 17 + 180); /* the 18th of 20 */
    /* 3 more at other times, which are 10000 - 319 s. */
    assert_int_equal(view->server_errors, 2);
    assert_true(view->server_errors_usual > 0.0988 && view->server_errors_usual < 0.0989);
    assert_true(view->confidence > 0.749 && view->confidence < 0.751);
    struct ht_disconnect row;
    ht_report_disconnect(report, 0, &row);
    assert_int_equal(row.incident, 0);
    const struct ht_finding *found = finding(report, "hub-incident");
    assert_int_equal(found->level, HT_LEVEL_ERROR);
    assert_int_equal(found->incident, 0);
    assert_int_equal(found->devices, 20);
    assert_int_equal(found->device_index_count, 10);
    assert_int_equal(found->device_index[0], 19);   /* never back */
    assert_int_equal(found->device_index[1], 18);   /* away longest */
    assert_false(device_at(report, 0).has_finding); /* not the device's fault */
    ht_report_free(report);
}

/* A site that is out makes no 5xx: those after it are of something else. */
static void test_site_outage_has_no_wake(void **state) {
    (void)state;
    struct ht_report *report =
        world_report(world_of_incident(HT_CAUSE_SITE_OUTAGE, 25, "10.0.0.XXX"));
    assert_int_equal(ht_report_summary(report)->incidents[0].server_errors, 1);
    ht_report_free(report);
}

static void test_incident_of_many_sites(void **state) {
    (void)state;
    struct world *world = world_of_incident(HT_CAUSE_HUB_TRANSIENT, 0, "10.0.1.XXX");
    world->sessions[4].network = world_string(world, "10.0.2.XXX"); /* 17 of 20 are left */
    struct ht_report *report = world_report(world);
    const struct ht_incident_view *view = &ht_report_summary(report)->incidents[0];
    assert_int_equal(view->networks, 3);
    assert_null(view->common_network);
    assert_true(view->share >= 0.0 && view->share <= 0.0);
    assert_null(strstr(finding(report, "hub-incident")->detail, "connected"));
    ht_report_free(report);
}

static void test_incident_levels(void **state) {
    (void)state;
    static const struct {
        enum ht_cause cause;
        uint32_t connected;
        const char *rule;
        enum ht_level level;
    } cases[] = {
        {HT_CAUSE_HUB_TRANSIENT, 400, "hub-incident", HT_LEVEL_ERROR},
        {HT_CAUSE_HUB_TRANSIENT, 401, "hub-incident", HT_LEVEL_WARNING}, /* under 5 % */
        {HT_CAUSE_PLATFORM_UPGRADE, 25, "platform-upgrade", HT_LEVEL_NOTE},
        {HT_CAUSE_SITE_OUTAGE, 25, "site-outage", HT_LEVEL_WARNING},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_report *report =
            world_report(world_of_incident(cases[i].cause, cases[i].connected, "10.0.0.XXX"));
        assert_non_null(finding(report, cases[i].rule));
        assert_int_equal(finding(report, cases[i].rule)->level, cases[i].level);
        ht_report_free(report);
    }
    struct ht_incident_view site = {.cause = HT_CAUSE_SITE_OUTAGE, .devices = 8, .returned = 4};
    assert_int_equal(ht_incident_level(&site, 900 * HT_US_PER_S), HT_LEVEL_WARNING);
    site.devices = 9;
    assert_int_equal(ht_incident_level(&site, 900 * HT_US_PER_S), HT_LEVEL_ERROR);
    assert_int_equal(ht_incident_level(&site, 899 * HT_US_PER_S), HT_LEVEL_WARNING);
    site = (struct ht_incident_view){.cause = HT_CAUSE_HUB_TRANSIENT, .devices = 9};
    assert_int_equal(ht_incident_level(&site, 0), HT_LEVEL_WARNING);
}

static void test_incident_detail(void **state) {
    (void)state;
    struct ht_report *report =
        world_report(world_of_incident(HT_CAUSE_HUB_TRANSIENT, 25, "10.0.1.XXX"));
    assert_string_equal(finding(report, "hub-incident")->detail,
                        "20 of 25 connected devices (80 %) dropped within 19s from "
                        "2025-03-10T00:16:40Z. One address prefix in common. Codes: 404104 (20), "
                        "500001 (5). 2 records with 5xx, 0.1 usual. 90 % were back after 3m17s. "
                        "1 did not come back within the log.");
    ht_report_free(report);
}

/* 90 % of ten are nine: with the ninth the hub has recovered, with eight it has not. */
static void test_recovery(void **state) {
    (void)state;
    for (int back = 8; back <= 10; back++) {
        struct world *world = world_new();
        char name[16];
        world_hub(world, "HUB");
        const uint32_t incident = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 100, 100, 10);
        for (int i = 1; i <= 10; i++) {
            (void)snprintf(name, sizeof name, "d%02d", i);
            world_device(world, name);
            LIVE(world, .from_s = 0, .to_s = 100, .cause = HT_CAUSE_HUB_TRANSIENT,
                 .incident = incident);
            if (i <= back) {
                world_open(world, 100 + 10 * i);
            }
        }
        struct ht_report *report = world_report(world);
        const struct ht_incident_view *view = &ht_report_summary(report)->incidents[0];
        const bool all = strstr(finding(report, "hub-incident")->detail, "not come back") == NULL;
        assert_int_equal(view->recovery_s, back >= 9 ? 90 : HT_SPAN_NONE);
        assert_int_equal(view->returned, back);
        assert_int_equal(all, back == 10);
        ht_report_free(report);
    }
}

/* What is usual is measured outside of every incident of the hub, overlaps counted once. */
static void test_usual_errors(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    const uint32_t first = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 1000, 1000, 9);
    const uint32_t second = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 1200, 1200, 9);
    const uint32_t third = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 5000, 5000, 9);
    for (int64_t at_s = 1000; at_s <= 1500; at_s += 100) {
        world_health(world, at_s, 500001);
    }
    world_health(world, 5010, 500001);
    world_health(world, 0, 500001);
    world_health(world, 10800, 500001);
    world_device(world, "dev");
    LIVE(world, .from_s = 0, .to_s = 1000, .cause = HT_CAUSE_HUB_TRANSIENT, .incident = first);
    LIVE(world, .from_s = 1010, .to_s = 1200, .cause = HT_CAUSE_HUB_TRANSIENT, .incident = second);
    LIVE(world, .from_s = 1210, .to_s = 5000, .cause = HT_CAUSE_HUB_TRANSIENT, .incident = third);
    world_open(world, 5010);
    struct ht_report *report = world_report(world);
    const struct ht_incident_view *views = ht_report_summary(report)->incidents;
    assert_int_equal(views[0].server_errors, 4);
    assert_int_equal(views[1].server_errors, 4);
    assert_int_equal(views[2].server_errors, 1);
    for (size_t i = 0; i < 3; i++) { /* 2 in 10800 - 500 - 300 s, for 300 s */
        assert_true(views[i].server_errors_usual > 0.0599 && views[i].server_errors_usual < 0.0601);
    }
    ht_report_free(report);
}

/* An incident is shown whole when a disconnect of it is shown, and not at all otherwise. */
static void test_incident_selection(void **state) {
    (void)state;
    struct world *world = world_of_incident(HT_CAUSE_HUB_TRANSIENT, 25, "10.0.1.XXX");
    world->selection.since_us = AT(1019);
    struct ht_report *report = world_report(world);
    assert_int_equal(ht_report_disconnect_count(report), 1);
    assert_int_equal(ht_report_summary(report)->incidents[0].devices, 20);
    assert_int_equal(ht_report_summary(report)->incidents[0].shown_devices, 1);
    assert_non_null(strstr(finding(report, "hub-incident")->detail,
                           "1 of the 20 devices is in this selection."));
    ht_report_free(report);
    world = world_of_incident(HT_CAUSE_HUB_TRANSIENT, 25, "10.0.1.XXX");
    world->selection.since_us = AT(1020);
    report = world_report(world);
    assert_int_equal(ht_report_summary(report)->incident_count, 0);
    assert_null(finding(report, "hub-incident"));
    ht_report_free(report);
}

/* By start, whatever the hubs' order; disconnects point to the right one. */
static void test_order_of_incidents(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "A");
    const uint32_t late = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 500, 500, 1);
    world_device(world, "d");
    LIVE(world, .from_s = 0, .to_s = 500, .cause = HT_CAUSE_HUB_TRANSIENT, .incident = late);
    world_open(world, 510);
    world_hub(world, "B");
    const uint32_t early = world_incident(world, HT_CAUSE_PLATFORM_UPGRADE, 100, 100, 1);
    world_device(world, "d");
    LIVE(world, .from_s = 0, .to_s = 100, .cause = HT_CAUSE_PLATFORM_UPGRADE, .incident = early);
    world_open(world, 110);
    struct ht_report *report = world_report(world);
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_disconnect row;
    assert_string_equal(summary->incidents[0].hub, "B");
    assert_string_equal(summary->incidents[1].hub, "A");
    ht_report_disconnect(report, 0, &row);
    assert_string_equal(row.hub, "B");
    assert_int_equal(row.incident, 0);
    ht_report_disconnect(report, 1, &row);
    assert_int_equal(row.incident, 1);
    assert_int_equal(finding(report, "platform-upgrade")->incident, 0);
    assert_int_equal(finding(report, "hub-incident")->incident, 1);
    ht_report_free(report);
}

/* General words for every finding; what to quote has times, share and codes, and no log text. */
static void test_advice(void **state) {
    (void)state;
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_health(world, 0, 500001);
    world_health(world, 9000, 500001);
    const uint32_t incident = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 3000, 3060, 20);
    for (size_t i = 0; i < 12; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "dev-%02zu", i);
        world_device(world, id);
        LIVE(world, .from_s = 10, .to_s = 3000 + (int64_t)i * 5, .cause = HT_CAUSE_HUB_TRANSIENT,
             .codes = {404104}, .incident = incident);
        world_open(world, 4000);
    }
    struct ht_report *report = world_report(world);
    const struct ht_finding *found = finding(report, "hub-incident");
    assert_non_null(found);
    assert_non_null(strstr(found->meaning, "incident"));
    assert_non_null(found->confirm);
    assert_non_null(found->device_action);
    assert_string_equal(found->operator_action, found->action);
    assert_null(found->advice);
    assert_string_equal(
        found->quote, "From 2025-03-10T00:50:00Z to 2025-03-10T00:51:00Z (UTC) 12 of 20 connected "
                      "devices (60 %) lost their connections; codes 404104 (12). 0 records with "
                      "5xx until 5 minutes later, usually 0.1. 12 devices are back, 90 % of all "
                      "within 16m40s.");
    ht_report_free(report);
}

/* The keep-alive that the cap or another sharp length suggests; none is made up without one. */
static void check_keep_alive(uint32_t length_s, const char *words) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    world_device(world, "dev");
    for (int64_t i = 0; i < 8; i++) {
        LIVE(world, .from_s = i * 3000,
             .to_s = i * 3000 + (length_s > 0 ? length_s : 100 + i * 211),
             .cause = HT_CAUSE_IDLE_TIMEOUT);
    }
    world_open(world, 24000);
    if (length_s > 0) {
        world->cadences[world->cadence_count++] = (struct ht_cadence){.kind = HT_CADENCE_NETWORK,
                                                                      .middle_s = length_s,
                                                                      .low_s = length_s,
                                                                      .high_s = length_s,
                                                                      .sessions = 8};
        world->cadence_s[1] = length_s;
    }
    struct ht_report *report = world_report(world);
    const struct ht_finding *found = finding(report, "idle-timeouts");
    assert_non_null(found);
    if (strstr(found->advice, words) == NULL) {
        fail_msg("%s: %s", words, found->advice);
    }
    ht_report_free(report);
}

static void test_keep_alive(void **state) {
    (void)state;
    check_keep_alive(1768, "at most 1177 s");
    check_keep_alive(600, "at most 300 s (half of it)");
    check_keep_alive(0, "show no time-out on the way");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_heavy_tail_of_gaps),
        cmocka_unit_test(test_irregular_closes),
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_one_finding_for_one_absence),
        cmocka_unit_test(test_hub_refuses),
        cmocka_unit_test(test_regular_losses),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_hub_health),
        cmocka_unit_test(test_hub_health_by_device),
        cmocka_unit_test(test_worst_of_a_finding),
        cmocka_unit_test(test_order_of_findings),
        cmocka_unit_test(test_incident),
        cmocka_unit_test(test_site_outage_has_no_wake),
        cmocka_unit_test(test_incident_of_many_sites),
        cmocka_unit_test(test_incident_levels),
        cmocka_unit_test(test_incident_detail),
        cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_usual_errors),
        cmocka_unit_test(test_incident_selection),
        cmocka_unit_test(test_order_of_incidents),
        cmocka_unit_test(test_advice),
        cmocka_unit_test(test_keep_alive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
