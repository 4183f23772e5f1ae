/* SPDX-License-Identifier: MIT */
/* Incidents, and what to do. */
#include <inttypes.h>

#include "base/time.h"
#include "render/html_sections.h"
#include "render/text_out.h"
#include "render/text_sections.h"

enum { FINDINGS_MAX = 40, DEVICES_NAMED_MAX = 5 };

static bool is_larger(const struct ht_summary *summary, size_t a, size_t b) {
    return summary->incidents[a].devices > summary->incidents[b].devices;
}

void ht_html_pick_incidents(struct ht_html *page) {
    const struct ht_summary *summary = page->summary;
    size_t *picked = page->incidents;
    for (size_t i = 0; i < summary->incident_count; i++) {
        size_t smallest = 0;
        if (page->incident_count < HT_HTML_INCIDENTS_MAX) {
            picked[page->incident_count++] = i;
            continue;
        }
        for (size_t k = 1; k < HT_HTML_INCIDENTS_MAX; k++) {
            smallest = is_larger(summary, picked[smallest], picked[k]) ? k : smallest;
        }
        if (is_larger(summary, i, picked[smallest])) {
            for (size_t k = smallest; k + 1 < HT_HTML_INCIDENTS_MAX; k++) {
                picked[k] = picked[k + 1];
            }
            picked[HT_HTML_INCIDENTS_MAX - 1] = i;
        }
    }
}

void ht_html_put_letter(struct ht_html *page, size_t index) {
    ht_html_format(page, "%c", (int)('A' + index));
}

bool ht_html_has_incidents(const struct ht_html *page) {
    return page->incident_count > 0;
}

static void write_extent(struct ht_html *page, const struct ht_incident_view *incident) {
    struct ht_strbuf *words = &page->words;
    ht_strbuf_put_grouped(words, incident->devices);
    if (incident->connected_before > 0) {
        ht_strbuf_puts(words, " of ");
        ht_strbuf_put_grouped(words, incident->connected_before);
        ht_strbuf_puts(words, " connected (");
        ht_text_put_percent(words, incident->share, 1);
        ht_strbuf_putc(words, ')');
    }
    if (incident->shown_devices < incident->devices) {
        ht_strbuf_puts(words, ", ");
        ht_strbuf_put_grouped(words, incident->shown_devices);
        ht_strbuf_puts(words, " in this selection");
    }
    ht_html_fact(page, "Devices");
    ht_text_put_span(words, ht_time_extent_s(incident->start_us, incident->end_us));
    ht_html_fact(page, "Dropped within");
}

static void write_common(struct ht_html *page, const struct ht_incident_view *incident) {
    struct ht_strbuf *words = &page->words;
    if (incident->site != NULL) {
        ht_text_put_log(words, incident->site, "");
        ht_html_fact(page, "Site");
    } else if (incident->common_network != NULL) {
        ht_text_put_log(words, incident->common_network, "");
        ht_html_fact(page, "Address prefix");
    } else if (incident->networks > 1) {
        ht_strbuf_put_grouped(words, incident->networks);
        ht_html_fact(page, "Address prefixes");
    }
}

static void write_codes(struct ht_html *page, const struct ht_incident_view *incident) {
    struct ht_strbuf *words = &page->words;
    for (size_t i = 0; i < incident->code_count; i++) {
        ht_strbuf_printf(words, "%s%" PRIu32 " (", i > 0 ? ", " : "", incident->codes[i]);
        ht_strbuf_put_grouped(words, incident->code_counts[i]);
        ht_strbuf_putc(words, ')');
    }
    if (incident->code_count > 0) {
        ht_html_fact(page, "Codes");
    }
    ht_strbuf_put_grouped(words, incident->server_errors);
    ht_strbuf_puts(words, ", usually ");
    ht_text_put_decimal(words, incident->server_errors_usual, 1);
    ht_html_fact(page, "Server errors");
}

static void write_outcome(struct ht_html *page, const struct ht_incident_view *incident) {
    struct ht_strbuf *words = &page->words;
    if (incident->returned >= incident->devices) {
        ht_strbuf_puts(words, "all");
    } else {
        ht_strbuf_put_grouped(words, incident->returned);
    }
    if (incident->recovery_s != HT_SPAN_NONE) {
        ht_strbuf_puts(words, ", 90 % within ");
        ht_text_put_span(words, incident->recovery_s);
    }
    ht_html_fact(page, "Came back");
    ht_text_put_decimal(words, incident->confidence, 2);
    ht_html_fact(page, "Confidence");
}

static void write_incident(struct ht_html *page, size_t shown) {
    const size_t index = page->incidents[shown];
    const struct ht_incident_view *incident = &page->summary->incidents[index];
    const char *class = incident->cause == HT_CAUSE_SITE_OUTAGE ? "site" : "hub";
    ht_html_format(page, "<article class=\"card %s\" id=incident-", class);
    ht_html_put_letter(page, shown);
    ht_html_format(page, ">\n<h3><span class=\"badge %s\">", class);
    ht_html_put_letter(page, shown);
    ht_html_raw(page, "</span>");
    ht_text_put_time(&page->words, incident->start_us);
    ht_strbuf_puts(&page->words, " UTC: ");
    ht_strbuf_puts(&page->words, ht_cause_name(incident->cause));
    ht_strbuf_puts(&page->words, " on ");
    ht_html_words(page);
    ht_html_raw(page, "<bdi>");
    ht_html_log(page, incident->hub, "a hub without name");
    ht_html_raw(page,
                incident->planned ? "</bdi>, in maintenance: no fault</h3>\n" : "</bdi></h3>\n");
    ht_html_raw(page, "<dl class=facts>");
    write_extent(page, incident);
    write_common(page, incident);
    write_codes(page, incident);
    write_outcome(page, incident);
    ht_html_raw(page, "</dl>\n");
    const struct ht_trait_group *group =
        ht_trait_group_of(page->summary, HT_TRAITS_OF_INCIDENT, index);
    if (group != NULL && group->trait_count > 0) {
        ht_html_raw(page, "<p>");
        ht_text_put_traits(&page->words, group);
        ht_html_words(page);
        ht_html_raw(page, "</p>\n");
    }
    ht_html_raw(page, "</article>\n");
}

static void write_rest(struct ht_html *page, uint64_t rest, const char *one, const char *many) {
    if (rest > 0) {
        ht_html_raw(page, "<p class=lead>And ");
        ht_text_put_number(&page->words, rest, one, many);
        ht_html_words(page);
        ht_html_raw(page, "; <code>-o json</code> has all.</p>\n");
    }
}

void ht_html_incidents(struct ht_html *page) {
    ht_html_raw(page, "<p class=lead>Many devices at once, beyond chance. The letters stand in the "
                      "charts, too.</p>\n<div class=cards>\n");
    for (size_t i = 0; i < page->incident_count && !ht_html_failed(page); i++) {
        write_incident(page, i);
    }
    ht_html_raw(page, "</div>\n");
    write_rest(page, page->summary->incident_count - page->incident_count, "smaller one",
               "smaller ones");
}

bool ht_html_has_findings(const struct ht_html *page) {
    return page->summary->finding_count > 0;
}

static void write_who(struct ht_html *page, const struct ht_finding *finding) {
    const size_t named = finding->device_index_count < DEVICES_NAMED_MAX
                             ? finding->device_index_count
                             : DEVICES_NAMED_MAX;
    if (named == 0) {
        return;
    }
    ht_html_raw(page, "<dt>Who</dt><dd>");
    for (size_t i = 0; i < named; i++) {
        struct ht_device_view device;
        ht_report_device(page->report, finding->device_index[i], &device);
        ht_html_raw(page, i > 0 ? ", " : "");
        ht_html_device(page, device.device, device.module);
    }
    if (finding->devices > named) {
        ht_strbuf_puts(&page->words, " and ");
        ht_strbuf_put_grouped(&page->words, finding->devices - named);
        ht_strbuf_puts(&page->words, " more");
        ht_html_words(page);
    }
    ht_html_raw(page, "</dd>\n");
}

static void write_advice(struct ht_html *page, const struct ht_finding *finding) {
    if (finding->action != NULL) {
        ht_html_raw(page, "<dt>Do</dt><dd>");
        ht_html_text(page, finding->action);
        ht_html_raw(page, "</dd>\n");
    }
    if (finding->url != NULL) {
        ht_html_raw(page, "<dt>Read</dt><dd><a rel=noreferrer href=\"");
        ht_html_text(page, finding->url);
        ht_html_raw(page, "\">");
        ht_html_text(page, finding->url);
        ht_html_raw(page, "</a></dd>\n");
    }
}

static void write_finding(struct ht_html *page, size_t index) {
    static const char *const labels[HT_LEVEL_COUNT] = {"Note", "Warning", "Error"};
    const struct ht_finding *finding = &page->summary->findings[index];
    const char *level = ht_level_name(finding->level);
    ht_html_format(page, "<article class=\"card %s\">\n<h3><span class=\"badge %s\">%s</span>",
                   level, level, labels[finding->level]);
    ht_html_text(page, finding->title);
    if (finding->hub != NULL && page->summary->hub_count > 1) {
        ht_html_raw(page, " (<bdi>");
        ht_html_log(page, finding->hub, "");
        ht_html_raw(page, "</bdi>)");
    }
    ht_html_raw(page, "</h3>\n");
    if (finding->detail != NULL) {
        ht_html_raw(page, "<p>");
        ht_html_text(page, finding->detail);
        ht_html_raw(page, "</p>\n");
    }
    ht_html_raw(page, "<dl class=advice>\n");
    write_who(page, finding);
    write_advice(page, finding);
    ht_html_raw(page, "</dl>\n</article>\n");
}

void ht_html_findings(struct ht_html *page) {
    const size_t count = page->summary->finding_count;
    const size_t shown = count < FINDINGS_MAX ? count : FINDINGS_MAX;
    ht_html_raw(page, "<p class=lead>What someone should know or do, gravest first.</p>\n"
                      "<div class=cards>\n");
    for (size_t i = 0; i < shown && !ht_html_failed(page); i++) {
        write_finding(page, i);
    }
    ht_html_raw(page, "</div>\n");
    write_rest(page, count - shown, "finding of no higher level", "findings of no higher level");
}
