/* SPDX-License-Identifier: MIT */
/* The HTML page: well-formed by a strict tokenizer, whatever the log says, and below 1 MB. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../fuzz/html_strict.h"
#include "fake_report.h"
#include "render/html_out.h"
#include "render/html_svg.h"

enum { PAGE_BYTES_MAX = 1000000 };

static const struct ht_render_options html = {.format = HT_FORMAT_HTML};

static void check_page(const char *page) {
    const char *wrong = html_check(ht_str_from(page));
    if (wrong != NULL) {
        print_message("not in order: %.200s\n", wrong);
        fail();
    }
}

static void check_has(const char *page, const char *const *wanted, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strstr(page, wanted[i]) == NULL) {
            print_message("not there: %s\n", wanted[i]);
            fail();
        }
    }
}

/* Charts of ten minutes in which everything happens. */
struct sample_charts {
    struct ht_charts charts;
    struct ht_chart_bucket buckets[10];
    struct ht_chart_bin bins[3];
    struct ht_chart_day day;
    struct ht_chart_cell cells[20];
    struct ht_chart_line line;
};

static void sample_charts_make(struct sample_charts *sample) {
    memset(sample, 0, sizeof *sample);
    const int64_t from_us = at("2025-03-10T03:10:00Z");
    for (size_t i = 0; i < 10; i++) {
        sample->buckets[i].connected_lowest = i == 2 ? 500 : 1198;
        sample->buckets[i].connected_last = 1198;
        sample->buckets[i].unknown_last = 6;
        sample->buckets[i].renewals = i;
    }
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        sample->buckets[2].by_cause[i] = 10 * i + 1;
        sample->cells[i].cause = (enum ht_cause)i;
        sample->cells[i].disconnects = i;
    }
    for (size_t i = 0; i < 20; i++) {
        sample->cells[i].up_us = i % 3 == 0 ? 30 * HT_US_PER_S : 0;
        sample->cells[i].down_us = i % 3 == 1 ? 30 * HT_US_PER_S : 0;
    }
    for (size_t i = 0; i < 3; i++) {
        sample->bins[i].from_s = 3600 * (int64_t)(i + 1);
        sample->bins[i].to_s = i < 2 ? 3600 * (int64_t)(i + 2) : HT_SPAN_NONE;
        sample->bins[i].by_class[i] = i;
    }
    sample->day.faults[3] = 817;
    sample->day.faults[4] = 1;
    sample->line.cells = sample->cells;
    sample->charts = (struct ht_charts){
        .time = {from_us, 60 * HT_US_PER_S, 10},
        .buckets = sample->buckets,
        .most_connected = 1198,
        .sessions = {sample->bins, 3, 3, 1},
        .gaps = {sample->bins, 3, 3, 1},
        .days = {at("2025-03-10T00:00:00Z"), 86400 * HT_US_PER_S, 1},
        .by_hour = &sample->day,
        .cells = {from_us, 30 * HT_US_PER_S, 20},
        .lines = &sample->line,
        .line_count = 1,
    };
}

static void test_page(void **state) {
    (void)state;
    struct sample_fleet fleet;
    struct sample_charts sample;
    sample_fleet_make(&fleet);
    sample_charts_make(&sample);
    fleet.report.charts = &sample.charts;
    char *page = render(&fleet.report, &html);
    check_page(page);
    static const char *const wanted[] = {
        ("content=\"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
         "style-src 'sha256-"),
        "<title>IoT Hub disconnects: CONTOSO-HUB</title>",
        "<p>Mostly the hub: 613 of 817 faults (75 %) come from it.",
        "<dt>Faults</dt><dd>817<small>",
        "<article class=\"card hub\" id=incident-A>",
        "<dt>Devices</dt><dd>612 of 1,198 connected (51 %)</dd>",
        "<dt>Codes</dt><dd>404104 (580), 500001 (32)</dd>",
        "<span class=\"badge error\">Error</span>Two clients use one device identity</h3>",
        "<a rel=noreferrer href=\"https://learn.microsoft.com/azure/",
        "<td>hub-transient<td class=n>613<td class=n>2 %<td class=n>612",
        "<title id=disconnects-t>Disconnects by cause</title>",
        "<title>03-10 03:12: token-expiry 11, idle-timeout 21,",
        "<rect class=c-idle-timeout y=",
        "<rect class=band x=\"20.00%\" width=\"10.00%\"",
        "text-anchor=middle x=\"25.00%\" y=12>A</text>",
        "<path class=edge d=\"M0 ",
        "<rect class=h5 x=\"12.75%\" width=\"3.8%\" y=19 height=14><title>03-10 03:00: 817",
        "<rect class=h1 x=\"16.92%\"",
        "<line class=rule x1=\"5.50%\"",
        ">1h10m</text>",
        "<bdi class=id>pump-17</bdi>",
        "<path class=s-down d=\"M1 17h1v5H1z",
        "<tr><td>pump-17<td>204<td>1,204<td>1h46m<td><td>token-expiry<td>renews its token every",
        "5 records: cut at the end of the input. First: a.json, record 88, byte 120,331",
        "<dt>Unreadable</dt><dd><p>b.json: permission denied; run as a user who may read it</p>",
        "A dead link and a crashed client look alike in this log.",
        "Up is when it is up.",
    };
    check_has(page, wanted, HT_ARRAY_LEN(wanted));
    free(page);
}

static void test_nothing_found(void **state) {
    (void)state;
    const struct ht_report empty = sample_empty();
    char *page = render(&empty, &html);
    check_page(page);
    static const char *const wanted[] = {"<h1>No hub</h1>", "Nothing to judge", "<dt>Read</dt>"};
    check_has(page, wanted, HT_ARRAY_LEN(wanted));
    assert_null(strstr(page, "<svg role"));
    assert_null(strstr(page, "#incidents"));
    free(page);
}

/* Text of a log is text, in elements and in attributes. */
static void test_hostile_texts(void **state) {
    (void)state;
    static const char *const more[] = {
        "</td></tr></table><script>alert(1)</script>",
        "\"><svg onload=alert(1)>",
        "'-alert(1)-' onmouseover=alert(1) x='",
        "<!-- --!> <![CDATA[ ]]> &lt; &#60; &amp",
        "</title></style></script>",
        "javascript:alert(1)//",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(hostile_texts) + HT_ARRAY_LEN(more); i++) {
        const size_t other = i - HT_ARRAY_LEN(hostile_texts);
        const char *text = i < HT_ARRAY_LEN(hostile_texts) ? hostile_texts[i] : more[other];
        struct sample_fleet fleet;
        struct sample_charts sample;
        sample_fleet_make(&fleet);
        sample_charts_make(&sample);
        sample_fleet_taint(&fleet, text);
        fleet.incident.site = text;
        fleet.report.charts = &sample.charts;
        fleet.report.summary.hub_count = 1;
        char *page = render(&fleet.report, &html);
        check_page(page);
        check_harmless(page);
        assert_null(strstr(page, "<img"));
        assert_null(strstr(page, "<script>alert"));
        free(page);
    }
}

/* Ids of 1 MB, ten thousand of them: the page stays below 1 MB, and says what it leaves out. */
static void test_size(void **state) {
    (void)state;
    static char id[1 << 20];
    memset(id, '<', sizeof id - 1);
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.device.device = id;
    fleet.report.repeat = 10000;
    char *page = render(&fleet.report, &html);
    check_page(page);
    assert_true(strlen(page) < PAGE_BYTES_MAX);
    assert_non_null(strstr(page, " with less to tell are left out"));
    free(page);

    fleet.device.device = "device-000017";
    page = render(&fleet.report, &html);
    assert_true(strlen(page) < PAGE_BYTES_MAX);
    assert_null(strstr(page, "are left out"));
    free(page);
}

static void test_long_ids(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.device.device = "0123456789012345678901234567890123456789012345678901234567890<>";
    char *page = render(&fleet.report, &html);
    static const char *const wanted[] = {
        "<td title=\"0123456789012345678901234567890123456789012345678901234567890&lt;&gt;\">"
        "012345678901234567890123456789012345678901234...<td>",
    };
    check_has(page, wanted, HT_ARRAY_LEN(wanted));
    free(page);
}

static void test_scale(void **state) {
    (void)state;
    static const struct {
        uint64_t most;
        uint64_t top;
        uint64_t step;
    } cases[] = {
        {0, 1, 1},    {1, 1, 1},      {3, 3, 1},        {5, 6, 2},         {11, 15, 5},
        {41, 60, 20}, {135, 150, 50}, {999, 1000, 500}, {1000, 1000, 500}, {UINT64_MAX / 64, 0, 0}};
    for (size_t i = 0; i < HT_ARRAY_LEN(cases); i++) {
        struct ht_svg svg = {.height = 100};
        ht_svg_scale(&svg, cases[i].most);
        assert_true(svg.top >= cases[i].most && svg.top / svg.step <= 5);
        if (cases[i].top > 0) {
            assert_int_equal(svg.top, cases[i].top);
            assert_int_equal(svg.step, cases[i].step);
        }
    }
}

static void test_failing_sink(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.report.repeat = 10000;
    check_failing_sink(&fleet.report, &html);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),          cmocka_unit_test(test_nothing_found),
        cmocka_unit_test(test_hostile_texts), cmocka_unit_test(test_size),
        cmocka_unit_test(test_long_ids),      cmocka_unit_test(test_scale),
        cmocka_unit_test(test_failing_sink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
