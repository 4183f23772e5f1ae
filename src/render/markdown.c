/* SPDX-License-Identifier: MIT */
/* The report for tickets and wikis: what the text report says without -v, as Markdown. */
#include "hubtriage/hubtriage.h"
#include "render/markdown_out.h"
#include "render/markdown_sections.h"
#include "render/renderers.h"
#include "render/text_sections.h"

enum { SECTION_BYTES_MAX = 256 * 1024, HUBS_NAMED_MAX = 3, NAMED_MAX = 5, SHOWN_MAX = 10 };

void ht_markdown_flush(struct ht_markdown *page) {
    ht_sink_buffer_note(page->out, page->lines.status);
    ht_sink_buffer_put(page->out, ht_strbuf_str(&page->lines));
    ht_strbuf_clear(&page->lines);
}

/* A paragraph of our words, which is emptied. */
static void put_paragraph(struct ht_markdown *page, struct ht_strbuf *words, const char *mark) {
    ht_sink_buffer_note(page->out, words->status);
    if (words->len > 0) {
        ht_strbuf_putc(&page->lines, '\n');
        ht_strbuf_puts(&page->lines, mark);
        ht_markdown_put_ours(&page->lines, words->ptr);
        ht_strbuf_puts(&page->lines, mark);
        ht_strbuf_putc(&page->lines, '\n');
    }
    ht_strbuf_clear(words);
}

static void put_title(struct ht_markdown *page) {
    const struct ht_summary *summary = page->summary;
    struct ht_strbuf *lines = &page->lines;
    const size_t named =
        summary->hub_count < HUBS_NAMED_MAX ? summary->hub_count : (size_t)HUBS_NAMED_MAX;
    struct ht_strbuf words;
    ht_strbuf_puts(lines, "# IoT Hub disconnects: ");
    for (size_t i = 0; i < named; i++) {
        ht_strbuf_puts(lines, i > 0 ? ", " : "");
        ht_markdown_put_log(lines, summary->hubs[i].hub, "hub not named");
    }
    if (named == 0) {
        ht_strbuf_puts(lines, "no hub");
    }
    if (summary->hub_count > named) {
        ht_strbuf_puts(lines, " and ");
        ht_text_put_number(lines, summary->hub_count - named, "more hub", "more hubs");
    }
    ht_strbuf_putc(lines, '\n');
    ht_strbuf_init(&words, SECTION_BYTES_MAX);
    ht_verdict_put(&words, summary);
    put_paragraph(page, &words, "**");
    ht_verdict_put_window(&words, summary);
    put_paragraph(page, &words, "");
    ht_verdict_put_figures(&words, summary);
    put_paragraph(page, &words, "");
    ht_strbuf_release(&words);
}

static void put_names(struct ht_markdown *page, const struct ht_finding *finding) {
    struct ht_strbuf *lines = &page->lines;
    const size_t named =
        finding->device_index_count < NAMED_MAX ? finding->device_index_count : (size_t)NAMED_MAX;
    if (named == 0) {
        return;
    }
    ht_strbuf_puts(lines, "- **Who:** ");
    for (size_t i = 0; i < named; i++) {
        struct ht_device_view device;
        ht_report_device(page->report, finding->device_index[i], &device);
        ht_strbuf_puts(lines, i > 0 ? ", " : "");
        ht_markdown_put_device(lines, device.device, device.module);
    }
    if (finding->devices > named) {
        ht_strbuf_puts(lines, " and ");
        ht_strbuf_put_grouped(lines, finding->devices - named);
        ht_strbuf_puts(lines, " more");
    }
    ht_strbuf_putc(lines, '\n');
}

static void put_finding(struct ht_markdown *page, const struct ht_finding *finding) {
    struct ht_strbuf *lines = &page->lines;
    static const char *const labels[HT_LEVEL_COUNT] = {"Note", "Warning", "Error"};
    ht_strbuf_printf(lines, "\n### %s: ", labels[finding->level]);
    ht_markdown_put_ours(lines, finding->title);
    if (finding->hub != NULL && page->summary->hub_count > 1) {
        ht_strbuf_puts(lines, " (");
        ht_markdown_put_log(lines, finding->hub, "");
        ht_strbuf_putc(lines, ')');
    }
    ht_strbuf_puts(lines, "\n\n");
    if (finding->detail != NULL) {
        ht_markdown_put_ours(lines, finding->detail);
        ht_strbuf_puts(lines, "\n\n");
    }
    put_names(page, finding);
    if (finding->action != NULL) {
        ht_strbuf_puts(lines, "- **Do:** ");
        ht_markdown_put_ours(lines, finding->action);
        ht_strbuf_putc(lines, '\n');
    }
    if (finding->url != NULL) {
        ht_strbuf_printf(lines, "- **Read:** <%s>\n", finding->url);
    }
}

static void put_findings(struct ht_markdown *page) {
    const struct ht_summary *summary = page->summary;
    const size_t shown = summary->finding_count < SHOWN_MAX ? summary->finding_count : SHOWN_MAX;
    if (shown > 0) {
        ht_strbuf_puts(&page->lines, "\n## Findings\n");
    }
    for (size_t i = 0; i < shown && page->out->status == HT_OK; i++) {
        put_finding(page, &summary->findings[i]);
        ht_markdown_flush(page);
    }
    ht_markdown_put_rest(page, summary->finding_count - shown, "finding", "findings");
}

void ht_markdown_put_rest(struct ht_markdown *page, size_t count, const char *one,
                          const char *many) {
    if (count > 0) {
        ht_strbuf_puts(&page->lines, "\nAnd ");
        ht_strbuf_put_grouped(&page->lines, count);
        ht_strbuf_printf(&page->lines, " more %s.\n", count == 1 ? one : many);
    }
    ht_markdown_flush(page);
}

void ht_render_markdown(const struct ht_report *report, struct ht_sink_buffer *out) {
    struct ht_markdown page = {.report = report, .summary = ht_report_summary(report), .out = out};
    ht_strbuf_init(&page.lines, SECTION_BYTES_MAX);
    put_title(&page);
    ht_markdown_incidents(&page);
    put_findings(&page);
    ht_markdown_causes(&page);
    ht_markdown_devices(&page);
    ht_markdown_hubs(&page);
    ht_markdown_cadences(&page);
    ht_markdown_quality(&page);
    ht_strbuf_printf(&page.lines, "\nMade by hubtriage %d.%d.%d.\n", HT_VERSION_MAJOR,
                     HT_VERSION_MINOR, HT_VERSION_PATCH);
    ht_markdown_flush(&page);
    ht_strbuf_release(&page.lines);
}
