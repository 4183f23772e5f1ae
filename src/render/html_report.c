/* SPDX-License-Identifier: MIT */
/* The HTML report: one file that asks for nothing else, and can be read without its script. */
#include "base/err.h"
#include "hubtriage/hubtriage.h"
#include "render/html_assets.h"
#include "render/html_sections.h"
#include "render/renderers.h"
#include "render/text_out.h"

enum { WORDS_BYTES_MAX = 64 * 1024 };

/* A section with nothing to say is not written, and has no entry in the table of contents. */
static const struct {
    const char *id;
    const char *title;
    bool (*is_there)(const struct ht_html *page);
    void (*write)(struct ht_html *page);
} parts[] = {
    {"incidents", "Incidents", ht_html_has_incidents, ht_html_incidents},
    {"findings", "Findings", ht_html_has_findings, ht_html_findings},
    {"causes", "Causes", ht_html_has_causes, ht_html_causes},
    {"time", "Over time", ht_html_has_time, ht_html_time},
    {"lengths", "Sessions and gaps", ht_html_has_lengths, ht_html_lengths},
    {"worst-devices", "Worst devices", ht_html_has_lines, ht_html_lines},
    {"all-devices", "All devices", ht_html_has_devices, ht_html_devices},
    {"common-factors", "Common factors", ht_html_has_common, ht_html_common},
    {"hubs", "Hubs", ht_html_has_hubs, ht_html_hubs},
    {"quality", "Data quality", ht_html_has_always, ht_html_quality},
    {"method", "Method", ht_html_has_always, ht_html_method},
};

static void write_contents(struct ht_html *page) {
    ht_html_raw(page, "<nav aria-label=Contents><ul>\n");
    for (size_t i = 0; i < HT_ARRAY_LEN(parts); i++) {
        if (parts[i].is_there(page)) {
            ht_html_format(page, "<li><a href=\"#%s\">%s</a>\n", parts[i].id, parts[i].title);
        }
    }
    ht_html_raw(page, "</ul></nav>\n");
}

/* Fills of causes that share a colour. */
static void write_patterns(struct ht_html *page) {
    static const struct {
        const char *name;
        const char *fill;
        const char *marks;
    } patterns[] = {
        {"site-outage", "k-network", "<path class=cut d=\"M-2 2l4-4M-2 8L8-2M4 10l6-6\"/>"},
        {"connection-reset", "k-network", "<circle class=cut-fill cx=3 cy=3 r=1.4 />"},
        {"platform-upgrade", "k-hub", "<path class=cut d=\"M-2 2l4-4M-2 8L8-2M4 10l6-6\"/>"},
        {"client-close", "k-other", "<circle class=cut-fill cx=3 cy=3 r=1.4 />"},
        {"throttled", "k-other", "<path class=cut d=\"M-2 2l4-4M-2 8L8-2M4 10l6-6\"/>"},
        {"quota", "k-other", "<path class=cut d=\"M3 0v6\"/>"},
        {"device-removed", "k-other", "<path class=cut d=\"M0 3h6M3 0v6\"/>"},
    };
    ht_html_raw(page, "<svg class=defs width=0 height=0 aria-hidden=true><defs>\n");
    for (size_t i = 0; i < HT_ARRAY_LEN(patterns); i++) {
        ht_html_format(page,
                       "<pattern id=p-%s width=6 height=6 patternUnits=userSpaceOnUse>"
                       "<rect class=%s width=6 height=6 />",
                       patterns[i].name, patterns[i].fill);
        ht_html_raw(page, patterns[i].marks);
        ht_html_raw(page, "</pattern>\n");
    }
    ht_html_raw(page, "</defs></svg>\n");
}

static void write_top(struct ht_html *page) {
    ht_html_raw(page, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
                      "base-uri 'none'; form-action 'none'; img-src data:; style-src '");
    ht_html_raw(page, ht_html_style.hash);
    ht_html_raw(page, "'; script-src '");
    ht_html_raw(page, ht_html_script.hash);
    ht_html_raw(page, "'\">\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=color-scheme content=\"light dark\">\n"
                      "<meta name=referrer content=no-referrer>\n"
                      "<link rel=icon href=\"data:,\">\n<title>IoT Hub disconnects: ");
    if (page->summary->hub_count == 1) {
        ht_text_put_log(&page->words, page->summary->hubs[0].hub, "not named");
        ht_html_words(page);
    } else {
        ht_html_format(page, "%zu hubs", page->summary->hub_count);
    }
    ht_html_raw(page, "</title>\n<style>");
    ht_html_put(page, ht_html_style.bytes);
    ht_html_raw(page, "</style>\n</head>\n<body>\n");
}

static void write_part(struct ht_html *page, size_t part) {
    if (parts[part].is_there(page)) {
        ht_html_section(page, parts[part].id, parts[part].title);
        parts[part].write(page);
        ht_html_section_end(page);
    }
}

static void write_end(struct ht_html *page) {
    ht_html_format(page,
                   "</main>\n<footer>All times are UTC. Made by hubtriage %d.%d.%d.</footer>\n",
                   HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH);
    ht_html_raw(page, "<script>");
    ht_html_put(page, ht_html_script.bytes);
    ht_html_raw(page, "</script>\n</body>\n</html>\n");
}

/* What stands behind a part, so that it knows how much room it has. */
static size_t measure_behind(struct ht_html *page, size_t part) {
    const size_t before = page->bytes;
    page->measuring = true;
    for (size_t i = part + 1; i < HT_ARRAY_LEN(parts); i++) {
        write_part(page, i);
    }
    write_end(page);
    const size_t behind = page->bytes - before;
    page->measuring = false;
    page->bytes = before;
    return behind;
}

static void write_page(struct ht_html *page) {
    write_top(page);
    write_patterns(page);
    ht_html_head(page);
    write_contents(page);
    ht_html_raw(page, "<main>\n");
    for (size_t i = 0; i < HT_ARRAY_LEN(parts) && !ht_html_failed(page); i++) {
        if (parts[i].write == ht_html_devices) {
            page->tail_bytes = measure_behind(page, i);
        }
        write_part(page, i);
    }
    write_end(page);
}

void ht_render_html(const struct ht_report *report, struct ht_sink_buffer *out) {
    struct ht_charts *charts = NULL;
    if (ht_charts_build(report, &charts) != HT_OK) {
        out->status = ht_err_set(out->err, HT_E_NOMEM, "not enough memory");
        return;
    }
    struct ht_html page = {
        .report = report,
        .summary = ht_report_summary(report),
        .charts = charts,
        .out = out,
    };
    ht_strbuf_init(&page.words, WORDS_BYTES_MAX);
    ht_html_pick_incidents(&page);
    write_page(&page);
    ht_strbuf_release(&page.words);
    ht_charts_free(charts);
}
