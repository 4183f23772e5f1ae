/* SPDX-License-Identifier: MIT */
/* The first screen: who and when, is it us or the hub, the figures behind it. */
#include "render/html_sections.h"
#include "render/text_out.h"
#include "render/text_sections.h"

enum { HUBS_NAMED_MAX = 3 };

static void write_names(struct ht_html *page) {
    const struct ht_summary *summary = page->summary;
    const size_t named = summary->hub_count < HUBS_NAMED_MAX ? summary->hub_count : HUBS_NAMED_MAX;
    ht_html_raw(page, "<h1>");
    for (size_t i = 0; i < named; i++) {
        ht_html_raw(page, i > 0 ? ", <bdi>" : "<bdi>");
        ht_html_log(page, summary->hubs[i].hub, "Hub not named");
        ht_html_raw(page, "</bdi>");
    }
    if (named == 0) {
        ht_html_raw(page, "No hub");
    }
    if (summary->hub_count > named) {
        ht_strbuf_puts(&page->words, " and ");
        ht_text_put_number(&page->words, summary->hub_count - named, "more hub", "more hubs");
        ht_html_words(page);
    }
    ht_html_raw(page, "</h1>\n<p class=what>");
    ht_verdict_put_window(&page->words, summary);
    ht_html_words(page);
    ht_html_raw(page, "</p>\n");
}

static const char *verdict_class(const struct ht_summary *summary) {
    if (summary->finding_count == 0 || summary->findings[0].level == HT_LEVEL_NOTE) {
        return "verdict";
    }
    return summary->findings[0].level == HT_LEVEL_ERROR ? "verdict error" : "verdict warning";
}

static void begin_figure(struct ht_html *page, const char *label) {
    ht_html_format(page, "<div><dt>%s</dt><dd>", label);
}

static void end_figure(struct ht_html *page, const char *note) {
    ht_html_format(page, "<small>%s</small></dd></div>\n", note);
}

static void write_count(struct ht_html *page, const char *label, uint64_t count, const char *note) {
    begin_figure(page, label);
    ht_html_count(page, count);
    end_figure(page, note);
}

static void write_figures(struct ht_html *page) {
    const struct ht_summary *summary = page->summary;
    const double known_s = (double)summary->up_s + (double)summary->down_s;
    ht_html_raw(page, "<dl class=figures>\n");
    write_count(page, "Faults", summary->faults, "disconnects that should not be");
    write_count(page, "Token renewals", summary->renewals, "normal life, back within a minute");
    if (summary->planned > 0) {
        write_count(page, "In maintenance", summary->planned, "planned disconnects");
    }
    write_count(page, "Unknown", summary->unknown, "the log cannot tell why");
    write_count(page, "Did not come back", summary->never_returned,
                "devices, to the end of the log");
    if (summary->refused_at_end > 0) {
        write_count(page, "Refused", summary->refused_at_end, "devices, to the end of the log");
    }
    begin_figure(page, "Time connected");
    if (known_s > 0) {
        ht_text_put_decimal(&page->words, (double)summary->up_s / known_s * 100, 2);
        ht_strbuf_puts(&page->words, " %");
    } else {
        ht_strbuf_puts(&page->words, "-");
    }
    ht_html_words(page);
    end_figure(page, "of the time that is known, all devices");
    ht_html_raw(page, "</dl>\n");
}

void ht_html_head(struct ht_html *page) {
    ht_html_raw(page, "<header>\n<p class=what>Why did these IoT Hub devices disconnect?</p>\n");
    write_names(page);
    ht_html_format(page, "<div class=\"%s\">\n<p>", verdict_class(page->summary));
    ht_verdict_put(&page->words, page->summary);
    ht_html_words(page);
    ht_html_raw(page, "</p>\n");
    ht_verdict_put_figures(&page->words, page->summary);
    if (page->words.len > 0) {
        ht_html_raw(page, "<p>");
        ht_html_words(page);
        ht_html_raw(page, "</p>\n");
    }
    ht_html_raw(page, "</div>\n");
    if (page->summary->disconnects > 0) {
        write_figures(page);
    }
    ht_html_raw(page, "</header>\n");
}
