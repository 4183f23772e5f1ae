/* SPDX-License-Identifier: MIT */
/* The text report: the verdict first, every line within its width, nothing that a terminal obeys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_report.h"
#include "render/cells.h"

static const struct ht_render_options plain = {.format = HT_FORMAT_TEXT};

/* Every line within the width and without trailing spaces; ends in one line feed. */
static void check_lines(const char *text, size_t width) {
    for (const char *line = text; *line != '\0';) {
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        const struct ht_str bytes = {line, (size_t)(end - line)};
        if (ht_cells_width(bytes) > width || (bytes.len > 0 && end[-1] == ' ')) {
            print_error("width %zu: |%.*s|\n", width, (int)bytes.len, line);
        }
        assert_true(ht_cells_width(bytes) <= width);
        assert_true(bytes.len == 0 || end[-1] != ' ');
        line = end + 1;
    }
}

static void check_has(const char *text, const char *part) {
    if (strstr(text, part) == NULL) {
        printf("missing: %s\nin:\n%s\n", part, text);
    }
    assert_non_null(strstr(text, part));
}

static void test_first_lines(void **state) {
    (void)state;
    static const char expected[] =
        "CONTOSO-HUB   2025-03-10 00:00 to 2025-03-10 23:59 UTC   1,204 devices\n"
        "\n"
        "Mostly the hub: 613 of 817 faults (75 %) come from it. Someone must act: 1\n"
        "error, 1 warning below.\n"
        "28,417 disconnects: 817 faults, 27,552 token renewals (normal life), 36 clean\n"
        "closes, 12 unknown. 2 devices did not come back. 3 devices are refused to the\n"
        "end of the log.\n"
        "\n"
        "ERROR    Two clients use one device identity                            1 device\n"
        "WARNING  The hub dropped many devices at once                 03:12  612 devices\n"
        "\n"
        "FIRST    Find the second client and give it an identity of its own.\n"
        "  Next   hubtriage device pump-17 PATH\n"
        "\n"
        "INCIDENTS\n";
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *text = render(&fleet.report, &plain);
    text[sizeof expected - 1] = '\0';
    assert_string_equal(text, expected);
    free(text);
}

static void test_sections(void **state) {
    (void)state;
    static const char *const parts[] = {
        "  2025-03-10 03:12:08  hub-transient on CONTOSO-HUB: 612 of 1,198 connected\n"
        "                       devices (51 %) dropped within 33s. Across 240 address\n",
        "ERROR    Two clients use one device identity\n"
        "  They threw each other out 204 times.\n"
        "  Who    pump-17\n"
        "  Do     Find the second client and give it an identity of its own.\n"
        "  Read   https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes\n"
        "  Next   hubtriage device pump-17 PATH\n",
        "WARNING  The hub dropped many devices at once\n"
        "  The incident of 2025-03-10 03:12:08, see above.\n"
        "  Do     Wait; quote the incident when you ask support.\n"
        "  Read   https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes\n"
        "  Next   hubtriage report -v --since 2025-03-10T03:02:00Z --until \\\n"
        "         2025-03-10T03:24:00Z PATH\n",
        "  token-expiry   token-expiry             27,552    1,190    8s  0.97\n",
        "  pump-17     204  1,204  1h46m  up   token-expiry  renews its token every 1h10m\n",
        "   1h10m  token  .NET  Mqtt        27,552    1,190  98 %   4,190  4,215\n",
        "  Malformed  5 records: cut at the end of the input.\n"
        "               First: a.json, record 88, byte 120,331: the record ends in the\n"
        "               middle\n",
        "  Unreadable b.json: permission denied; run as a user who may read it\n",
        "  Limits     A dead link and a crashed client look alike in this log.\n",
    };
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *text = render(&fleet.report, &plain);
    for (size_t i = 0; i < HT_ARRAY_LEN(parts); i++) {
        check_has(text, parts[i]);
    }
    assert_null(strstr(text, "INPUTS"));
    assert_null(strstr(text, "slow way"));
    free(text);
    text = render(&fleet.report, &(struct ht_render_options){.verbose = true});
    check_has(text, "\nINPUTS\n");
    check_has(text, "\n  612 devices dropped within 33 s, across 240 address prefixes.\n");
    check_has(text, "slow way");
    check_has(text, "\nDEVICES, WORST FIRST (1)\n");
    free(text);
}

static void test_widths(void **state) {
    (void)state;
    static const unsigned widths[] = {0, 1, 60, 61, 70, 79, 80, 100, 132, 200, 5000};
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    for (size_t i = 0; i < HT_ARRAY_LEN(widths); i++) {
        const unsigned width = widths[i] == 0 ? 80 : widths[i] < 60 ? 60 : widths[i];
        char *text = render(&fleet.report, &(struct ht_render_options){.width = widths[i]});
        check_lines(text, width);
        check_has(text, "pump-17");
        free(text);
    }
}

static void test_hostile_text(void **state) {
    (void)state;
    static const unsigned widths[] = {60, 80, 200};
    for (size_t i = 0; i < HT_ARRAY_LEN(hostile_texts); i++) {
        for (size_t k = 0; k < HT_ARRAY_LEN(widths); k++) {
            struct sample_fleet fleet;
            sample_fleet_make(&fleet);
            sample_fleet_taint(&fleet, hostile_texts[i]);
            char *text = render(&fleet.report,
                                &(struct ht_render_options){.width = widths[k], .verbose = true});
            check_harmless(text);
            check_lines(text, widths[k]);
            /* An id that a shell could misread is never offered for pasting. */
            assert_null(strstr(text, "reboot)$'"));
            assert_true(i + 1 == HT_ARRAY_LEN(hostile_texts) ||
                        strstr(text, "hubtriage device ") == NULL);
            free(text);
        }
    }
}

static void test_command_quotes_the_dot(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.device.device = "gw.1";
    fleet.device.module = "edge";
    char *text = render(&fleet.report, &plain);
    check_has(text, "hubtriage device gw.1/edge PATH\n");
    free(text);
}

/* One word for the shell, whatever the id; none that it could not hold, or that breaks in a line.
 */
static void test_command_quotes_the_id(void **state) {
    (void)state;
    static const struct {
        const char *id;
        const char *command; /* NULL: none is offered */
    } cases[] = {
        {"a+b%c", "hubtriage device 'a+b%c' PATH\n"},
        {"$(reboot)", "hubtriage device '$(reboot)' PATH\n"},
        {"it's;ls", "hubtriage device 'it'\\''s;ls' PATH\n"},
        {"-rf", "hubtriage device -- '-rf' PATH\n"},
        {"with space", NULL},
        {"tab\t", NULL},
        {"h\xC3\xA9", NULL},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct sample_fleet fleet;
        sample_fleet_make(&fleet);
        fleet.device.device = cases[i].id;
        char *text = render(&fleet.report, &plain);
        if (cases[i].command != NULL) {
            check_has(text, cases[i].command);
        } else {
            assert_null(strstr(text, "hubtriage device "));
        }
        free(text);
    }
}

/* Blocks where the terminal has them, else ASCII; incidents and the clock stand below their time.
 */
static void test_over_time(void **state) {
    (void)state;
    struct ht_chart_bucket buckets[48] = {{.by_cause = {0}}};
    const struct ht_charts charts = {
        .time = {.from_us = at("2025-03-10T00:00:00Z"),
                 .step_us = INT64_C(1800000000),
                 .count = HT_ARRAY_LEN(buckets)},
        .buckets = buckets,
    };
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    buckets[0].by_cause[HT_CAUSE_IDLE_TIMEOUT] = 8;
    buckets[2].by_cause[HT_CAUSE_IDLE_TIMEOUT] = 1;
    buckets[6].by_cause[HT_CAUSE_HUB_TRANSIENT] = 1204;
    fleet.report.charts = &charts;
    char *text = render(&fleet.report, &(struct ht_render_options){.width = 100});
    check_has(
        text,
        "\nDISCONNECTS OVER TIME, in steps of 30m00s, without renewals\n"
        "  hub-transient             @                                           max 1,204\n");
    check_has(text,
              "\n  idle-timeout        @ :                                               max 8\n"
              "  incidents                 H\n"
              "  UTC                 00:00       06:00");
    check_lines(text, 100);
    free(text);
    text = render(&fleet.report, &(struct ht_render_options){.width = 60, .unicode = true});
    check_has(text, "\xE2\x96\x88");
    check_lines(text, 60);
    check_harmless(text);
    free(text);
    buckets[6].by_cause[HT_CAUSE_HUB_TRANSIENT] = 0; /* too few for a picture */
    text = render(&fleet.report, &plain);
    assert_null(strstr(text, "OVER TIME"));
    free(text);
}

/* The text without its escape sequences, in place. */
static void strip_colors(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        if (*from == '\x1B') {
            from = strchr(from, 'm');
            assert_non_null(from);
            from++;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

static void test_color_says_nothing_alone(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *without = render(&fleet.report, &plain);
    char *with = render(&fleet.report, &(struct ht_render_options){.color = true});
    assert_null(strchr(without, '\x1B'));
    check_has(with, "\x1B[1mINCIDENTS\x1B[0m\n");
    check_has(with, "\x1B[1;31mERROR\x1B[0m");
    check_has(with, "\x1B[1;33mWARNING\x1B[0m");
    strip_colors(with);
    assert_string_equal(with, without);
    free(with);
    free(without);
}

static void test_nothing_wrong(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    struct ht_summary *summary = &fleet.report.summary;
    summary->finding_count = 0;
    summary->incident_count = 0;
    summary->causes[HT_CAUSE_HUB_TRANSIENT].devices = 0;
    summary->faults = 0;
    summary->unknown = 0;
    char *text = render(&fleet.report, &plain);
    check_has(text,
              "\nNothing needs action: every disconnect is a token renewal or a clean close.\n");
    free(text);
    summary->disconnects = 0;
    text = render(&fleet.report, &plain);
    check_has(text, "\nNothing needs action: no device disconnected.\n");
    free(text);
}

static void test_blame(void **state) {
    (void)state;
    static const struct {
        uint64_t hub;
        uint64_t faults;
        const char *words;
    } cases[] = {
        {0, 0, "\nNot the hub: it refuses 3 devices for identity or credentials; no disconnect"},
        {0, 1, "\nNot the hub: none of 1 fault comes from it;"},
        {1, 100, "\nMostly not the hub: only 1 of 100 faults (1 %) comes from it."},
        {30, 100, "\nBoth: 30 of 100 faults (30 %) come from the hub, the"},
        {100, 100, "\nThe hub: 100 of 100 faults (100 %) come from it."},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct sample_fleet fleet;
        sample_fleet_make(&fleet);
        fleet.report.summary.faults = cases[i].faults;
        fleet.report.summary.causes[HT_CAUSE_HUB_TRANSIENT].disconnects = cases[i].hub;
        char *text = render(&fleet.report, &plain);
        check_has(text, cases[i].words);
        free(text);
    }
}

/* Limits and upgrades are the hub's side, too, and most of a fleet dropped is no quiet day. */
static void test_blame_of_the_hub(void **state) {
    (void)state;
    static const char *const rules[] = {"hub-refuses", "quota", "throttled"};
    for (size_t i = 0; i < HT_ARRAY_LEN(rules); i++) {
        struct sample_fleet fleet;
        sample_fleet_make(&fleet);
        fleet.findings[0].rule = rules[i];
        fleet.report.summary.causes[HT_CAUSE_HUB_TRANSIENT].disconnects = 0;
        fleet.report.summary.causes[HT_CAUSE_QUOTA].disconnects = 17;
        char *text = render(&fleet.report, &plain);
        check_has(text,
                  "\nBoth: the hub's limits or state turn devices away, and 800 of 817 faults");
        free(text);
        fleet.report.summary.faults = 0;
        text = render(&fleet.report, &plain);
        check_has(text, "\nThe hub: its limits or its state turn devices away. Someone must act:");
        free(text);
        fleet.findings[0].rule = "device-removed";
        fleet.report.summary.refused_at_end = 0;
        text = render(&fleet.report, &plain);
        check_has(text, "\nNot the hub: no disconnect is known to be a fault. Someone must act:");
        free(text);
    }
}

static void test_upgrade_of_most(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    struct ht_summary *summary = &fleet.report.summary;
    summary->finding_count = 0;
    summary->incident_count = 0;
    summary->faults = 613;
    summary->causes[HT_CAUSE_PLATFORM_UPGRADE] = summary->causes[HT_CAUSE_HUB_TRANSIENT];
    summary->causes[HT_CAUSE_HUB_TRANSIENT] = (struct ht_cause_total){.gap_median_s = 0};
    char *text = render(&fleet.report, &plain);
    check_has(text,
              "\nThe hub: 613 of 613 faults (100 %) come from it, a planned upgrade. Nothing is\n"
              "urgent.\n");
    free(text);
    summary->causes[HT_CAUSE_PLATFORM_UPGRADE].devices = 602; /* half of 1,204 */
    text = render(&fleet.report, &plain);
    check_has(text, "\nNothing needs action: 613 faults among");
    free(text);
    summary->incident_count = 1;
    text = render(&fleet.report, &plain);
    check_has(text, "\nThe hub: 613 of 613");
    free(text);
    fleet.incident.shown_devices = 1;
    text = render(&fleet.report, &plain);
    check_has(text, "\nNothing needs action: 613 faults among");
    check_has(text, " 1 of the 612 devices");
    free(text);
}

/* A long list of hubs shows the worst. */
static void test_many_hubs(void **state) {
    (void)state;
    struct ht_hub_view hubs[23] = {{.hub = NULL}};
    char names[23][8];
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    for (size_t i = 0; i < HT_ARRAY_LEN(hubs); i++) {
        (void)snprintf(names[i], sizeof names[i], "hub%02zu", i);
        hubs[i] = (struct ht_hub_view){.hub = names[i], .faults = i == 22 ? 9 : i < 3 ? 0 : 1};
    }
    fleet.report.summary.hubs = hubs;
    fleet.report.summary.hub_count = HT_ARRAY_LEN(hubs);
    char *text = render(&fleet.report, &plain);
    const char *table = strstr(text, "\nHUBS, MOST FAULTS FIRST\n");
    assert_non_null(table);
    assert_true(strstr(table, "hub22") < strstr(table, "hub03"));
    assert_null(strstr(table, "hub00"));
    check_has(text, "\n  And 3 more; -v shows all.\n");
    free(text);
    text = render(&fleet.report, &(struct ht_render_options){.verbose = true});
    check_has(text, "\nHUBS\n");
    check_has(text, "hub00 ");
    free(text);
}

/* What tells inputs apart stays visible. */
static void test_inputs_of_long_paths(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.sources[0].name = "x/export/insights-logs-connections/y=2025/m=03/d=10/h=07/PT1H.json";
    fleet.sources[1].name = "x/export/insights-logs-d2ctwin/y=2025/m=03/d=10/h=08/m=00/PT1H.json";
    char *text = render(&fleet.report, &(struct ht_render_options){.verbose = true});
    check_has(text, "\nINPUTS\n  In x/export/\n");
    check_has(text, "\n  insights-logs-conne");
    check_has(text, "\n  insights-logs-d2c");
    check_has(text, "PT1H.json ");
    free(text);
}

static void test_cadence_of_certificates(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.cadence.x509 = true;
    char *text = render(&fleet.report, &plain);
    check_has(text, " .NET, X.509 ");
    free(text);
    fleet.cadence.sdk_family = NULL;
    text = render(&fleet.report, &plain);
    check_has(text, " token  X.509 ");
    free(text);
    text = render(&fleet.report, &(struct ht_render_options){.format = HT_FORMAT_JSON});
    check_has(text, "\"x509\":true");
    check_has(text, "\"refused_devices\": 3");
    free(text);
}

static void test_empty_report(void **state) {
    (void)state;
    struct ht_report report = sample_empty();
    char *text = render(&report, &plain);
    check_has(text, "No hub   0 devices\n\nNothing to judge: no connect or disconnect");
    check_lines(text, 80);
    free(text);
    report.summary.since_us = at("2025-03-10T06:00:00Z");
    text = render(&report, &plain);
    check_has(text, "No hub   from 2025-03-10 06:00 UTC   0 devices\n");
    free(text);
    report.summary.until_us = report.summary.since_us;
    report.summary.since_us = HT_TIME_NONE;
    text = render(&report, &plain);
    check_has(text, "No hub   until 2025-03-10 06:00 UTC   0 devices\n");
    free(text);
}

static void test_many_findings(void **state) {
    (void)state;
    struct ht_finding findings[12];
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    for (size_t i = 0; i < HT_ARRAY_LEN(findings); i++) {
        findings[i] = fleet.findings[0];
    }
    fleet.report.summary.findings = findings;
    fleet.report.summary.finding_count = HT_ARRAY_LEN(findings);
    char *text = render(&fleet.report, &plain);
    check_has(text, "Someone must act: 12\nerrors below.\n");
    check_has(text, "\n         And 6 more; -v shows all.\n");
    check_has(text, "\nAnd 2 more findings of no higher level; -v shows all.\n");
    free(text);
    text = render(&fleet.report, &(struct ht_render_options){.verbose = true});
    assert_null(strstr(text, "; -v shows all."));
    free(text);
}

static void test_largest_incidents_are_shown(void **state) {
    (void)state;
    struct ht_incident_view incidents[7];
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    for (size_t i = 0; i < HT_ARRAY_LEN(incidents); i++) {
        incidents[i] = sample_incident();
        incidents[i].devices = 1001 + i;
    }
    fleet.report.summary.incidents = incidents;
    fleet.report.summary.incident_count = HT_ARRAY_LEN(incidents);
    char *text = render(&fleet.report, &plain);
    assert_null(strstr(text, ": 1,002 of"));
    check_has(text, ": 1,003 of");
    check_has(text, ": 1,007 of");
    check_has(text, "\n  And 2 smaller ones; -v shows all.\n");
    free(text);
}

/* A unit stays with its number, whatever the width. */
static void test_percent_stays_with_its_number(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    for (unsigned width = 60; width <= 100; width++) {
        char *text = render(&fleet.report, &(struct ht_render_options){.width = width});
        for (const char *sign = strchr(text, '%'); sign != NULL; sign = strchr(sign + 1, '%')) {
            assert_true(sign[-1] == ' ' && sign[-2] >= '0' && sign[-2] <= '9');
        }
        free(text);
    }
}

static void test_advice_is_given_once(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.findings[1].action = fleet.findings[0].action;
    char *text = render(&fleet.report, &plain);
    check_has(text, "  The incident of 2025-03-10 03:12:08, see above.\n"
                    "  Do     As above.\n"
                    "  Next   ");
    free(text);
}

/* A note is not in the list of what needs attention, and asks nobody to read on. */
static void test_note_is_brief(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.findings[0].level = HT_LEVEL_NOTE;
    char *text = render(&fleet.report, &plain);
    check_has(text, "\nNOTE     Two clients use one device identity\n"
                    "  They threw each other out 204 times.\n"
                    "  Do     Find the second client and give it an identity of its own.\n\n");
    assert_ptr_equal(strstr(text, "Two clients"), strstr(strstr(text, "FINDINGS"), "Two clients"));
    free(text);
}

/* Optional columns give way to words, and words to the width. */
static void test_narrow_table(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.report.summary.hub_count = 2;
    struct ht_hub_view hubs[] = {fleet.hub, fleet.hub};
    fleet.report.summary.hubs = hubs;
    char *text = render(&fleet.report, &(struct ht_render_options){.width = 90});
    check_has(text, "  pump-17  CONTOSO-HUB     204  1,204  1h46m  up   renews its token every "
                    "1h10m\n");
    free(text);
    text = render(&fleet.report, &(struct ht_render_options){.width = 60});
    check_has(text, "  pump-17  CONTOSO-HUB     204  1h46m  up   renews its to...\n");
    free(text);
}

static void test_failing_sink(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.report.repeat = 4000;
    check_failing_sink(&fleet.report, &(struct ht_render_options){.verbose = true});
}

static void test_cells(void **state) {
    (void)state;
    char out[64];
    assert_int_equal(ht_cells_width(HT_STR("abc")), 3);
    assert_int_equal(ht_cells_width(HT_STR("\xE6\xBC\xA2\xE5\xAD\x97")), 4);
    assert_int_equal(ht_cells_width(HT_STR("e\xCC\x81")), 1);
    assert_int_equal(ht_cells_cut(out, sizeof out, HT_STR("abcdefgh"), 8), 8);
    assert_int_equal(ht_cells_cut(out, sizeof out, HT_STR("abcdefghi"), 8), 8);
    assert_string_equal(out, "abcde...");
    /* A wide character is never cut in half. */
    (void)ht_cells_cut(out, sizeof out, HT_STR("a\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2"), 6);
    assert_string_equal(out, "a\xE6\xBC\xA2...");
    (void)ht_cells_cut(out, 8, HT_STR("abcdefghi"), 60);
    assert_string_equal(out, "abcd...");
    assert_int_equal(ht_cells_cut_middle(out, sizeof out, HT_STR("abcdefghi"), 8), 8);
    assert_string_equal(out, "abc...hi");
    (void)ht_cells_cut_middle(out, sizeof out, HT_STR("abcdefgh"), 8);
    assert_string_equal(out, "abcdefgh");
    (void)ht_cells_cut_middle(out, sizeof out, HT_STR("a\xE6\xBC\xA2\xE5\xAD\x97z"), 5);
    assert_string_equal(out, "a...z");
    (void)ht_cells_cut_middle(out, sizeof out, HT_STR("abcde"), 4);
    assert_string_equal(out, "...e");
    (void)ht_cells_cut_middle(out, 8, HT_STR("abcdefghi"), 60);
    assert_string_equal(out, "ab...hi");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_lines),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_command_quotes_the_dot),
        cmocka_unit_test(test_command_quotes_the_id),
        cmocka_unit_test(test_over_time),
        cmocka_unit_test(test_color_says_nothing_alone),
        cmocka_unit_test(test_nothing_wrong),
        cmocka_unit_test(test_blame),
        cmocka_unit_test(test_blame_of_the_hub),
        cmocka_unit_test(test_upgrade_of_most),
        cmocka_unit_test(test_many_hubs),
        cmocka_unit_test(test_inputs_of_long_paths),
        cmocka_unit_test(test_cadence_of_certificates),
        cmocka_unit_test(test_empty_report),
        cmocka_unit_test(test_many_findings),
        cmocka_unit_test(test_largest_incidents_are_shown),
        cmocka_unit_test(test_percent_stays_with_its_number),
        cmocka_unit_test(test_advice_is_given_once),
        cmocka_unit_test(test_narrow_table),
        cmocka_unit_test(test_note_is_brief),
        cmocka_unit_test(test_failing_sink),
        cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests_name("render text", tests, NULL, NULL);
}
