/* SPDX-License-Identifier: MIT */
/* Markdown, Prometheus and mail. What log text stands in them must not change what is around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_report.h"
#include "render/markdown_out.h"

static const struct ht_render_options markdown = {.format = HT_FORMAT_MARKDOWN};
static const struct ht_render_options prom = {.format = HT_FORMAT_PROM};
static const struct ht_render_options mail = {.format = HT_FORMAT_MAIL, .color = true};

static void check_markdown_log(const char *text, const char *expected) {
    struct ht_strbuf words;
    ht_strbuf_init(&words, 4096);
    ht_markdown_put_log(&words, text, "none");
    assert_string_equal(words.ptr, expected);
    ht_strbuf_release(&words);
}

static void test_markdown_of_log_text(void **state) {
    (void)state;
    check_markdown_log(NULL, "none");
    check_markdown_log("pump-17", "`pump-17`");
    check_markdown_log("@team #12 <img src=x> [a](b) *c* ~~d~~ &amp;",
                       "`@team #12 <img src=x> [a](b) *c* ~~d~~ &amp;`");
    check_markdown_log("a|b", "<code>a&#124;b</code>");
    check_markdown_log("a`b", "<code>a&#96;b</code>");
    check_markdown_log("a\\", "<code>a&#92;</code>");
    check_markdown_log(" a", "<code>&#32;a</code>");
    check_markdown_log("", "<code></code>");
    check_markdown_log("a\nb", "<code>a&#92;x0Ab</code>");
    check_markdown_log("</code><b>|", "<code>&#60;&#47;code&#62;&#60;b&#62;&#124;</code>");
}

static void test_markdown_of_our_text(void **state) {
    (void)state;
    struct ht_strbuf words;
    ht_strbuf_init(&words, 4096);
    ht_markdown_put_ours(&words, "<1 % of a_b & [c] | `d` *e*");
    assert_string_equal(words.ptr, "&lt;1 % of a\\_b &amp; \\[c\\] \\| \\`d\\` \\*e\\*");
    ht_strbuf_release(&words);
}

static void test_markdown_page(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *text = render(&fleet.report, &markdown);
    static const char *const wanted[] = {
        "# IoT Hub disconnects: `CONTOSO-HUB`\n\n**Mostly the hub: 613 of 817 faults (75 %) come",
        "\n## Incidents\n\n| start (UTC) | within | hub | cause |",
        "\n| 2025-03-10 03:12:08 | 33s | `CONTOSO-HUB` | hub-transient | 612 | 51 % | - | 404104 "
        "(580), 500001 (32) | 412 | 610 | 2m11s | 0.97 |\n",
        "\n### Error: Two clients use one device identity\n\nThey threw each other out 204 "
        "times.\n\n- **Who:** `pump-17`\n- **Do:** Find the second",
        "\n- **Read:** <https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes>\n",
        "\n| token-expiry | token-expiry | 27,552 | 1,190 | 8s | 0.97 |\n",
        "| - | 0.00 |\n| unknown | unknown | 12 | 11 | - | 0.00 |\n\n## Worst devices\n\n",
        "\n| `pump-17` | `CONTOSO-HUB` | 204 | 1,204 | 1h46m | 2m11s | up | token-expiry | renews "
        "its token every 1h10m |\n",
        "\n| 1h10m | token | .NET | `Mqtt` | 27,552 | 1,190 | 98 % |\n",
        "\n- Unreadable: `b.json`: `permission denied`\n",
        "\n- Malformed: 5 records, cut at the end of the input; the first is record 88 of "
        "`a.json`.\n",
        "\n- Limit: A dead link and a crashed client look alike in this log.\n",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(wanted); i++) {
        if (strstr(text, wanted[i]) == NULL) {
            print_message("%s\nis not in\n%s\n", wanted[i], text);
            fail();
        }
    }
    free(text);
    const struct ht_report empty = sample_empty();
    text = render(&empty, &markdown);
    assert_null(strstr(text, "|"));
    assert_non_null(strstr(text, "# IoT Hub disconnects: no hub\n\n**Nothing to judge"));
    free(text);
}

/* The page with every code span and <code> cut out. */
static char *skeleton(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        const char *end = NULL;
        if (*from == '`') {
            end = strchr(from + 1, '`');
            from = end != NULL ? end + 1 : from + 1;
        } else if (strncmp(from, "<code>", 6) == 0) {
            end = strstr(from, "</code>");
            assert_non_null(end);
            from = end + 7;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return text;
}

static void test_markdown_keeps_its_shape(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    sample_fleet_taint(&fleet, "x");
    char *wanted = skeleton(render(&fleet.report, &markdown));
    static const char *const more[] = {"a|b",     "a`b",     "``",  "`|`",           "\\|",
                                       "</code>", "\n\n# x", "-->", "![a](http://x)"};
    for (size_t i = 0; i < HT_ARRAY_LEN(hostile_texts) + HT_ARRAY_LEN(more); i++) {
        sample_fleet_taint(&fleet, i < HT_ARRAY_LEN(more) ? more[i]
                                                          : hostile_texts[i - HT_ARRAY_LEN(more)]);
        char *text = render(&fleet.report, &markdown);
        check_harmless(text);
        assert_string_equal(skeleton(text), wanted);
        free(text);
    }
    free(wanted);
}

static void test_prom(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *text = render(&fleet.report, &prom);
    static const char *const wanted[] = {
        "\nhubtriage_run_success 1\n",
        "\n# TYPE hubtriage_disconnects gauge\n",
        "\nhubtriage_window_start_timestamp_seconds 1741564801\n",
        "\nhubtriage_last_event_timestamp_seconds{hub=\"CONTOSO-HUB\"} 1741651141\n",
        ("\nhubtriage_incidents{hub=\"CONTOSO-HUB\",class=\"hub-transient\",cause=\"hub-"
         "transient\"}"
         " 1\n"),
        "\nhubtriage_faults{hub=\"CONTOSO-HUB\"} 817\n",
        "\nhubtriage_devices{hub=\"CONTOSO-HUB\",state=\"up\"} 1\n",
        "\nhubtriage_device_time_seconds{hub=\"CONTOSO-HUB\",state=\"down\"} 6400\n",
        "\nhubtriage_findings{level=\"error\"} 1\n",
        "\nhubtriage_records{result=\"bad\"} 5\n",
        "\nhubtriage_unreadable_inputs 1\n",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(wanted); i++) {
        if (strstr(text, wanted[i]) == NULL) {
            print_message("%s\nis not in\n%s\n", wanted[i], text);
            fail();
        }
    }
    free(text);
}

/* However many hubs, and whatever they are called: as many series, and nothing lost. */
static void test_prom_is_bounded(void **state) {
    (void)state;
    enum { HUBS = 200 };
    static struct ht_hub_view hubs[HUBS];
    static char names[HUBS][16];
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    fleet.report.summary.incident_count = 0;
    fleet.report.device_count = 0;
    for (size_t i = 0; i < HUBS; i++) {
        (void)snprintf(names[i], sizeof names[i], "%shub-%03zu", i % 50 == 0 ? "\"\n" : "", i);
        hubs[i] = (struct ht_hub_view){.hub = names[i], .devices = i, .faults = 1, .last_us = 1};
    }
    fleet.report.summary.hubs = hubs;
    fleet.report.summary.hub_count = HUBS;
    char *text = render(&fleet.report, &prom);
    size_t series = 0;
    for (const char *c = strstr(text, "\nhubtriage_faults{"); c != NULL;
         c = strstr(c + 1, "\nhubtriage_faults{")) {
        series++;
    }
    assert_int_equal(series, 51);
    assert_non_null(strstr(text, "\nhubtriage_faults{hub=\"hub-199\"} 1\n"));
    assert_non_null(strstr(text, "\nhubtriage_faults{hub=\"other\"} 150\n"));
    assert_null(strstr(text, "hub-150")); /* its name is no name of a hub */
    assert_null(strstr(text, "hub-100"));
    check_harmless(text);
    free(text);
}

static const char mail_headers[] = "\nAuto-Submitted: auto-generated\n"
                                   "MIME-Version: 1.0\n"
                                   "Content-Type: text/plain; charset=UTF-8\n"
                                   "Content-Transfer-Encoding: 8bit\n"
                                   "\n";

/* Returns the length of the subject's line. */
static size_t check_mail(const char *text) {
    const size_t len = strcspn(text, "\n");
    assert_memory_equal(text, "Subject: ", 9);
    assert_true(len < 78);
    for (size_t i = 0; i < len; i++) {
        assert_true(text[i] >= ' ' && text[i] < 0x7F);
    }
    assert_memory_equal(text + len, mail_headers, sizeof mail_headers - 1);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        assert_true(strcspn(line, "\n") <= 998);
    }
    check_harmless(text);
    return len;
}

static void test_mail(void **state) {
    (void)state;
    struct sample_fleet fleet;
    sample_fleet_make(&fleet);
    char *text = render(&fleet.report, &mail);
    const size_t len = check_mail(text);
    assert_memory_equal(text, "Subject: CONTOSO-HUB: Mostly the hub: 613 of 817 faults (75 %)", 62);
    assert_int_equal(len, 77);
    assert_null(strchr(text, '\x1B'));
    free(text);
    sample_fleet_taint(&fleet, "\xC3\xA4=\xC3\xB6");
    text = render(&fleet.report, &mail);
    (void)check_mail(text);
    assert_memory_equal(text, "Subject: =?UTF-8?B?w6Q9w7Y6IE1vc3RseSB0aGUgaHViOiA2MTMgb2Y", 56);
    free(text);
    sample_fleet_taint(&fleet, "=?utf-8?q?x?=");
    text = render(&fleet.report, &mail);
    (void)check_mail(text);
    assert_memory_equal(text, "Subject: =?UTF-8?B?", 19);
    free(text);
}

static void test_hostile_mail(void **state) {
    (void)state;
    static char marks[4096];
    for (size_t i = 0; i + 2 < sizeof marks; i += 2) {
        memcpy(marks + i, "\xCC\x81", 2); /* no width at all */
    }
    for (size_t i = 0; i <= HT_ARRAY_LEN(hostile_texts); i++) {
        struct sample_fleet fleet;
        sample_fleet_make(&fleet);
        sample_fleet_taint(&fleet, i < HT_ARRAY_LEN(hostile_texts) ? hostile_texts[i] : marks);
        char *text = render(&fleet.report, &mail);
        (void)check_mail(text);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markdown_of_log_text),
        cmocka_unit_test(test_markdown_of_our_text),
        cmocka_unit_test(test_markdown_page),
        cmocka_unit_test(test_markdown_keeps_its_shape),
        cmocka_unit_test(test_prom),
        cmocka_unit_test(test_prom_is_bounded),
        cmocka_unit_test(test_mail),
        cmocka_unit_test(test_hostile_mail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
