/* SPDX-License-Identifier: MIT */
/* Rules: what is read, every mistake with its line, and which rule holds for which device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/time.h"
#include "rules/rulebook_private.h"

#define RULE(text) "- name: r\n  match: all\n" text

static const struct {
    const char *text;
    const char *error; /* behind "rules.yaml:" */
} mistakes[] = {
    {"", "1: no rule in it"},
    {"[]", "1: no rule in it"},
    {"{name: x}", "1: not a list of rules"},
    {"- just words", "1: this must be a group of keys, not a single value"},
    {"- {match: all, site: b}", "1: a rule needs a name"},
    {"- name: ''\n  match: all\n  site: b", "1: name is empty"},
    {"- name: \"a\\eb\"\n  match: all\n  site: b",
     "1: name 'a\\x1Bb' has a character that cannot be printed"},
    {"- name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  match: all",
     "1: name is longer than 64 bytes"},
    {"- {name: r, match: all, site: b}\n- {name: r, match: all, site: c}",
     "2: two rules are called 'r', the first in line 1"},
    {"- name: r\n  site: b", "1: rule 'r' has no match"},
    {"- name: r\n  match: all", "1: rule 'r' states nothing"},
    {"- name: r\n  match: everything\n  site: b",
     "2: match must say which devices, or be the word all"},
    {"- name: r\n  match: {}\n  site: b", "2: match must say which devices, or be the word all"},
    {"- name: r\n  match:\n    devise: a\n  site: b",
     "3: unknown key 'devise'; did you mean device?"},
    {"- name: r\n  match: {device: '('}\n  site: b",
     "2: device: pattern '(' is wrong at byte 2: missing closing parenthesis"},
    {"- name: r\n  match: {device: ''}\n  site: b", "2: device: an empty pattern"},
    {"- name: r\n  match: {sdk: 'a['}\n  site: b",
     "2: sdk: pattern 'a[' is wrong at byte 3: missing terminating ] for character class"},
    {"- name: r\n  match: {device: [a, b]}\n  site: b",
     "2: device must be a single value, not a list"},
    {"- name: r\n  match: {hub: ''}\n  site: b", "2: hub is empty"},
    {RULE("  token-lifetme: 20m"), "3: unknown key 'token-lifetme'; did you mean token-lifetime?"},
    {RULE("  token-lifetime: soon"),
     "3: token-lifetime: 'soon' is not a span; write for example 45s, 20m, 1h30m or 2d"},
    {RULE("  token-lifetime: 5s"), "3: token-lifetime: '5s' is not between 1m00s and 400d00h"},
    {RULE("  token-lifetime: 1h\n  token-period: 1h"),
     "4: token-lifetime and token-period: state one of them"},
    {RULE("  token-period: [1h]"), "3: token-period: one span, or a list of two, as in [60m, 65m]"},
    {RULE("  token-period: [65m, 60m]"),
     "3: token-period: the second span is shorter than the first"},
    {RULE("  keep-alive: 0"), "3: keep-alive: '0' is not between 1s and 18h12m"},
    {RULE("  site: ''"), "3: site is empty"},
    {RULE("  site: {a: b}"), "3: site must be a single value, not a group of keys"},
    {RULE("  duty-cycle: {every: 1h}"),
     "3: duty-cycle needs both every and up, as in {every: 1h, up: 4m}"},
    {RULE("  duty-cycle: {every: 1h, up: 1h}"), "3: duty-cycle: up must be shorter than every"},
    {RULE("  duty-cycle: 1h"), "3: duty-cycle must be a group of keys, not a single value"},
    {RULE("  maintenance: []"), "3: maintenance: no window in it"},
    {RULE("  maintenance:\n    - {from: '02:00'}"), "4: a window needs both from and to"},
    {RULE("  maintenance:\n    - {from: '02:00', to: '02:00'}"),
     "4: an empty window: it ends when it begins"},
    {RULE("  maintenance:\n    - {from: '24:00', to: '02:00'}"),
     "4: an empty window: it ends when it begins"},
    {RULE("  maintenance:\n    - {from: '02:00', to: '24:01'}"),
     "4: to: '24:01' is not a time of day such as \"04:00\""},
    {RULE("  maintenance:\n    - {from: '2:00', to: '04:00'}"),
     "4: from: '2:00' is neither a time of day such as \"02:00\" nor an instant such as "
     "2025-03-10T02:00:00Z"},
    {RULE("  maintenance:\n    - {days: [sun, mun], from: '02:00', to: '04:00'}"),
     "4: no day is called 'mun'; did you mean sun?"},
    {RULE("  maintenance:\n    - {days: [], from: '02:00', to: '04:00'}"), "4: days: no day in it"},
    {RULE("  maintenance:\n    - {from: '02:00', to: '04:00', zone: Berlin}"),
     "4: zone: 'Berlin' is not an offset such as \"+01:00\", or UTC"},
    {RULE("  maintenance:\n    - {from: '02:00', to: '04:00', zone: '+15:00'}"),
     "4: zone: '+15:00' is not an offset such as \"+01:00\", or UTC"},
    {RULE("  maintenance:\n    - {from: 2025-03-10T02:00:00Z, to: 2025-03-10}"),
     "4: an empty window: it ends at or before its begin"},
    {RULE("  maintenance:\n    - {from: 2025-03-10, to: 2025-03-11, days: [mon]}"),
     "4: days belongs to a window that recurs, with times of day"},
    {RULE("  maintenance:\n    - {from: 2025-03-10, to: soon}"),
     "4: to: 'soon' is neither a time of day such as \"02:00\" nor an instant such as "
     "2025-03-10T02:00:00Z"},
    {RULE("  relabel: []"), "3: relabel: nothing in it"},
    {RULE("  relabel: {from: client-close}"), "3: relabel needs to, the cause that it gives"},
    {RULE("  relabel: {to: client-close}"),
     "3: relabel needs from, codes or session: which ends it is about"},
    {RULE("  relabel: {from: client-clos, to: quota}"),
     "3: no cause is called 'client-clos'; did you mean client-close?"},
    {RULE("  relabel: {from: [], to: quota}"), "3: from: no cause in it"},
    {RULE("  relabel: {from: quota, to: quota}"), "3: relabel: from and to are the same cause"},
    {RULE("  relabel: {codes: [404104, 12], to: quota}"),
     "3: codes: '12' is not a code such as 404104"},
    {RULE("  relabel: {codes: [], to: quota}"), "3: codes: no code in it"},
    {RULE("  relabel: {session: {}, to: quota}"),
     "3: session needs from or to, as in {from: 5m, to: 10m}"},
    {RULE("  relabel: {session: {from: 5m, to: 5m}, to: quota}"),
     "3: session: to must be longer than from"},
    {RULE("  relabel: {session: {above: 5m}, to: quota}"), "3: unknown key 'above'"},
};

static void test_mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < HT_ARRAY_LEN(mistakes); i++) {
        struct ht_rulebook *book = NULL;
        struct ht_err err = {.status = HT_OK};
        char wanted[512];
        assert_int_equal(ht_rulebook_parse(HT_STR("rules.yaml"), ht_str_from(mistakes[i].text),
                                           &book, &err),
                         HT_E_USAGE);
        assert_null(book);
        (void)snprintf(wanted, sizeof wanted, "rules.yaml:%s", mistakes[i].error);
        assert_string_equal(err.message, wanted);
        assert_null(strchr(err.message, '\n'));
    }
}

static struct ht_rulebook *parse(const char *text) {
    struct ht_rulebook *book = NULL;
    struct ht_err err = {.status = HT_OK};
    const enum ht_status status =
        ht_rulebook_parse(HT_STR("rules.yaml"), ht_str_from(text), &book, &err);
    if (status != HT_OK) {
        fail_msg("%s", err.message);
    }
    return book;
}

static void test_token_periods(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum ht_sdk_family family;
        uint32_t at_s;  /* a session so long is its period's, */
        uint32_t not_s; /* and this one is not */
    } cases[] = {
        {RULE("  token-lifetime: 1h"), HT_SDK_C, 2880, 2940},
        {RULE("  token-lifetime: 1h"), HT_SDK_NODE, 2700, 2730},
        {RULE("  token-lifetime: 1h"), HT_SDK_PYTHON, 3480, 3520},
        {RULE("  token-lifetime: 20m"), HT_SDK_DOTNET, 1800, 1900},
        {RULE("  token-lifetime: 20m"), HT_SDK_DOTNET, 1200, 1190},
        {RULE("  token-lifetime: 5m"), HT_SDK_JAVA, 900, 290},
        {RULE("  token-lifetime: 5m"), HT_SDK_NODE, 180, 120},
        {RULE("  token-lifetime: 2m"), HT_SDK_C, 96, 120},
        {RULE("  token-lifetime: 1h"), HT_SDK_UNKNOWN, 2880, 2690},
        {RULE("  token-period: 30m"), HT_SDK_OTHER, 1800, 1840},
        {RULE("  token-period: [60m, 65m]"), HT_SDK_C, 3902, 3920},
        {RULE("  token-period: [60m, 65m]"), HT_SDK_C, 3600, 3590},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_rulebook *book = parse(cases[i].text);
        const struct ht_known_period *period = &book->known.rules[0].token[cases[i].family];
        assert_true(cases[i].at_s >= period->low_s && cases[i].at_s <= period->high_s);
        assert_false(cases[i].not_s >= period->low_s && cases[i].not_s <= period->high_s);
        ht_rulebook_free(book);
    }
    struct ht_rulebook *book = parse(RULE("  token-lifetime: none"));
    assert_true(book->known.rules[0].without_token);
    ht_rulebook_free(book);
}

static const char full[] =
    "# JSON and YAML alike\n"
    "- name: pumps\n"
    "  match: {device: '^pump-', hub: contoso-hub}\n"
    "  token-lifetime: 20m\n"
    "  site: Berlin\n"
    "- {\"name\": \"net\", \"match\": {\"sdk\": \"^\\\\.net\"}, \"keep-alive\": \"5m\"}\n"
    "- name: everybody\n"
    "  match: all\n"
    "  token-lifetime: 1h\n"
    "  site: Rome\n"
    "- {name: others, match: {network: 52.200.}, site: Berlin}\n"
    "- {name: amqp, match: {protocol: amqp}, token-lifetime: none}\n";

/* Devices: [0] the hub's own, [1] pump-1 over MQTT with .NET, [2] x/pump-2 without sessions. */
static void test_resolve(void **state) {
    (void)state;
    static const struct ht_str strings[] = {HT_STR_INIT(""),       HT_STR_INIT("CONTOSO-HUB"),
                                            HT_STR_INIT("pump-1"), HT_STR_INIT("x"),
                                            HT_STR_INIT("pump-2"), HT_STR_INIT(".NET/1.0"),
                                            HT_STR_INIT("AmqpWs"), HT_STR_INIT("52.200.1.XXX")};
    static const struct ht_hub hub = {.name = 1, .device_count = 3};
    static const struct ht_device devices[] = {{.id = 0}, {.id = 2}, {.id = 3, .module = 4}};
    /* The latest connection that says so decides; this one's last does not name its SDK. */
    static const struct ht_session sessions[] = {{.device = 1, .sdk = 5, .protocol = 6},
                                                 {.device = 1, .network = 7}};
    static const struct ht_device_sessions by_device[] = {{0}, {.first = 0, .count = 2}, {0}};
    const struct ht_log log = {.strings = strings,
                               .string_count = HT_ARRAY_LEN(strings),
                               .hubs = &hub,
                               .hub_count = 1,
                               .devices = devices,
                               .device_count = HT_ARRAY_LEN(devices)};
    const struct ht_sessions made = {.sessions = sessions,
                                     .session_count = HT_ARRAY_LEN(sessions),
                                     .by_device = by_device};
    struct ht_rulebook *book = parse(full);
    struct ht_known known;
    assert_int_equal(ht_rulebook_resolve(book, &log, &made, &known), HT_OK);
    ht_rulebook_free(book);
    assert_int_equal(known.rule_count, 5);
    assert_null(ht_known_of(&known, 0, HT_KNOWN_SITE));
    assert_null(ht_known_of(&known, 1, HT_KNOWN_TOKEN)); /* a lifetime, over AMQP */
    assert_string_equal(ht_known_of(&known, 1, HT_KNOWN_KEEP_ALIVE)->name, "net");
    assert_string_equal(ht_known_of(&known, 1, HT_KNOWN_SITE)->site, "Berlin");
    assert_int_equal(known.devices[1].family, HT_SDK_DOTNET);
    assert_string_equal(ht_known_of(&known, 2, HT_KNOWN_TOKEN)->name, "everybody");
    assert_string_equal(ht_known_of(&known, 2, HT_KNOWN_SITE)->site, "Rome");
    assert_null(ht_known_of(&known, 2, HT_KNOWN_KEEP_ALIVE));
    static const uint64_t counts[] = {1, 1, 2, 1, 1};
    for (size_t i = 0; i < HT_ARRAY_LEN(counts); i++) {
        assert_int_equal(known.rules[i].devices, counts[i]);
    }
    assert_int_equal(known.rules[0].site_index, known.rules[3].site_index);
    assert_int_not_equal(known.rules[0].site_index, known.rules[2].site_index);
    assert_int_equal(ht_known_place(&known, &log, &sessions[1]), HT_ARRAY_LEN(strings));
    assert_int_equal(known.rules[1].line, 6);
    ht_known_release(&known);
}

/* The log knows better what has no token: a certificate, and a lifetime over AMQP. */
static void test_void_tokens(void **state) {
    (void)state;
    static const struct {
        const char *protocol;
        enum ht_auth auth;
        const char *text;
        bool holds;
    } cases[] = {
        {"Mqtt", HT_AUTH_SAS, RULE("  token-lifetime: 20m"), true},
        {"MqttWs", HT_AUTH_UNKNOWN, RULE("  token-lifetime: 20m"), true},
        {"AmqpWs", HT_AUTH_SAS, RULE("  token-lifetime: 20m"), false},
        {"AmqpWs", HT_AUTH_SAS, RULE("  token-period: 20m"), true},
        {"AmqpWs", HT_AUTH_X509, RULE("  token-lifetime: none"), true},
        {"Mqtt", HT_AUTH_X509, RULE("  token-lifetime: 20m"), false},
        {"Mqtt", HT_AUTH_X509, RULE("  token-period: 20m"), false},
        /* The first rule decides, even by deciding nothing. */
        {"Mqtt", HT_AUTH_X509,
         RULE("  token-period: 20m\n- {name: b, match: all, token-lifetime: none}"), false},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        const struct ht_str strings[] = {HT_STR_INIT(""), HT_STR_INIT("dev"),
                                         ht_str_from(cases[i].protocol)};
        const struct ht_hub hub = {.device_count = 2};
        const struct ht_device devices[] = {{.id = 0}, {.id = 1}};
        const struct ht_session session = {.device = 1,
                                           .protocol = 2,
                                           .auth = (uint8_t)cases[i].auth};
        const struct ht_device_sessions by_device[] = {{0}, {.count = 1}};
        const struct ht_log log = {.strings = strings,
                                   .string_count = HT_ARRAY_LEN(strings),
                                   .hubs = &hub,
                                   .hub_count = 1,
                                   .devices = devices,
                                   .device_count = HT_ARRAY_LEN(devices)};
        const struct ht_sessions made = {.sessions = &session,
                                         .session_count = 1,
                                         .by_device = by_device};
        struct ht_rulebook *book = parse(cases[i].text);
        struct ht_known known;
        assert_int_equal(ht_rulebook_resolve(book, &log, &made, &known), HT_OK);
        ht_rulebook_free(book);
        assert_int_equal(ht_known_of(&known, 1, HT_KNOWN_TOKEN) != NULL, cases[i].holds);
        ht_known_release(&known);
    }
}

/* Ids that make a pattern run into the limit cost so much only, and are said. */
static void test_hostile_ids(void **state) {
    (void)state;
    enum { IDS = 300 };
    static char text[IDS][40];
    struct ht_str strings[IDS + 1] = {HT_STR_INIT("")};
    struct ht_device devices[IDS + 1] = {{.id = 0}};
    struct ht_device_sessions by_device[IDS + 1] = {{0}};
    for (uint32_t i = 1; i <= IDS; i++) {
        memset(text[i - 1], 'a', 34);
        text[i - 1][34] = (char)('0' + i % 10);
        strings[i] = (struct ht_str){text[i - 1], 35};
        devices[i] = (struct ht_device){.id = i};
    }
    const struct ht_hub hub = {.device_count = IDS + 1};
    const struct ht_log log = {.strings = strings,
                               .string_count = IDS + 1,
                               .hubs = &hub,
                               .hub_count = 1,
                               .devices = devices,
                               .device_count = IDS + 1};
    const struct ht_sessions made = {.by_device = by_device};
    struct ht_rulebook *book = parse("- {name: slow, match: {device: '^(a+)+$'}, site: b}\n"
                                     "- {name: fast, match: {device: '1$'}, site: c}\n");
    struct ht_known known;
    assert_int_equal(ht_rulebook_resolve(book, &log, &made, &known), HT_OK);
    ht_rulebook_free(book);
    assert_true(known.rules[0].hit_limit);
    assert_int_equal(known.rules[0].devices, 0);
    assert_false(known.rules[1].hit_limit);
    assert_int_equal(known.rules[1].devices, IDS / 10);
    ht_known_release(&known);
}

static int64_t at(const char *text) {
    int64_t time_us = 0;
    assert_true(ht_time_parse_iso(ht_str_from(text), &time_us));
    return time_us;
}

static void test_windows(void **state) {
    (void)state;
    static const struct {
        const char *window;
        const char *time;
        const char *until; /* NULL: not in it */
    } cases[] = {
        {"{days: [sun], from: '02:00', to: '04:00'}", "2025-03-09T02:00:00Z",
         "2025-03-09T04:00:00Z"},
        {"{days: [sun], from: '02:00', to: '04:00'}", "2025-03-09T01:59:59Z", NULL},
        {"{days: [sun], from: '02:00', to: '04:00'}", "2025-03-09T04:00:00Z", NULL},
        {"{days: [sun], from: '02:00', to: '04:00'}", "2025-03-10T03:00:00Z", NULL},
        {"{from: '02:00', to: '04:00'}", "2025-03-10T03:00:00Z", "2025-03-10T04:00:00Z"},
        {"{days: sat, from: '23:00', to: '01:00'}", "2025-03-09T00:30:00Z", "2025-03-09T01:00:00Z"},
        {"{days: sat, from: '23:00', to: '01:00'}", "2025-03-08T23:30:00Z", "2025-03-09T01:00:00Z"},
        {"{days: sat, from: '23:00', to: '01:00'}", "2025-03-08T00:30:00Z", NULL},
        {"{days: sun, from: '00:00', to: '24:00'}", "2025-03-09T23:59:59Z", "2025-03-10T00:00:00Z"},
        {"{days: sun, from: '00:00', to: '02:00', zone: '+01:00'}", "2025-03-08T23:00:00Z",
         "2025-03-09T01:00:00Z"},
        {"{days: sun, from: '22:00', to: '23:00', zone: '-05:30'}", "2025-03-10T03:45:00Z",
         "2025-03-10T04:30:00Z"},
        {"{days: wed, from: '00:00', to: '02:00'}", "1969-12-31T01:00:00Z", "1969-12-31T02:00:00Z"},
        {"{from: 2025-03-10T02:00:00+01:00, to: 2025-03-11}", "2025-03-10T01:00:00Z",
         "2025-03-11T00:00:00Z"},
        {"{from: 2025-03-10, to: 2025-03-11}", "2025-03-11T00:00:00Z", NULL},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        char text[256];
        (void)snprintf(text, sizeof text, RULE("  maintenance: %s\n"), cases[i].window);
        struct ht_rulebook *book = parse(text);
        struct ht_known_device device = {.rule = {[HT_KNOWN_MAINTENANCE] = 1}};
        book->known.devices = &device;
        const int64_t time_us = at(cases[i].time);
        const bool within = cases[i].until != NULL;
        assert_int_equal(ht_known_is_planned(&book->known, 0, time_us), within);
        assert_int_equal(ht_known_planned_until(&book->known, 0, time_us),
                         within ? at(cases[i].until) : time_us);
        book->known.devices = NULL;
        ht_rulebook_free(book);
    }
}

static void test_relabel(void **state) {
    (void)state;
    struct ht_rulebook *book = parse(
        RULE("  relabel:\n"
             "    - {codes: [404104, 401003], session: {from: 5m, to: 10m}, to: idle-timeout}\n"
             "    - {from: [client-close, unknown], to: connection-reset}\n"));
    struct ht_known_device device = {.rule = {[HT_KNOWN_RELABEL] = 1}};
    struct ht_session session = {.end_us = 300 * HT_US_PER_S, .codes = {404104}};
    book->known.devices = &device;
    const struct ht_known_relabel *relabels = book->known.rules[0].relabels;
    const struct ht_known *known = &book->known;
    assert_ptr_equal(ht_known_relabel_of(known, &session, HT_CAUSE_QUOTA), &relabels[0]);
    session.end_us = 600 * HT_US_PER_S;
    assert_null(ht_known_relabel_of(known, &session, HT_CAUSE_QUOTA));
    assert_ptr_equal(ht_known_relabel_of(known, &session, HT_CAUSE_UNKNOWN), &relabels[1]);
    session.end_us = 300 * HT_US_PER_S;
    session.start = HT_START_MISSING; /* its length is not known */
    assert_null(ht_known_relabel_of(known, &session, HT_CAUSE_QUOTA));
    session.start = HT_START_SEEN;
    session.codes[0] = 400027;
    assert_null(ht_known_relabel_of(known, &session, HT_CAUSE_QUOTA));
    assert_ptr_equal(ht_known_relabel_of(known, &session, HT_CAUSE_CLIENT_CLOSE), &relabels[1]);
    assert_int_equal(relabels[1].to, HT_CAUSE_CONNECTION_RESET);
    book->known.devices = NULL;
    ht_rulebook_free(book);
}

static void test_files(void **state) {
    (void)state;
    struct ht_rulebook *book = NULL;
    struct ht_err err = {.status = HT_OK};
    assert_int_equal(ht_rulebook_read("/nowhere/rules.yaml", &book, &err), HT_E_IO);
    assert_string_equal(err.message, "/nowhere/rules.yaml: the rules cannot be read: No such file "
                                     "or directory");
    assert_int_equal(ht_rulebook_read("/", &book, &err), HT_E_IO);
    assert_int_equal(ht_rulebook_read("/dev/zero", &book, &err), HT_E_USAGE);
    assert_null(book);
    assert_int_equal(ht_rulebook_read("testdata/rules/example.yaml", &book, &err), HT_OK);
    assert_non_null(book);
    ht_rulebook_free(book);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),    cmocka_unit_test(test_token_periods),
        cmocka_unit_test(test_resolve),     cmocka_unit_test(test_hostile_ids),
        cmocka_unit_test(test_void_tokens), cmocka_unit_test(test_windows),
        cmocka_unit_test(test_relabel),     cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
