/* SPDX-License-Identifier: MIT */
/* What was read, what it cannot tell, and how the figures are made. */
#include "base/text.h"
#include "base/time.h"
#include "hubtriage/inventory.h"
#include "render/cells.h"
#include "render/html_sections.h"
#include "render/quality_words.h"
#include "render/text_out.h"
#include "render/text_sections.h"

enum { UNREADABLE_MAX = 10, INPUTS_MAX = 60, ITEMS_MAX = 3, INPUT_BYTES = 512, INPUT_CELLS = 80 };

bool ht_html_has_always(const struct ht_html *page) {
    (void)page;
    return true;
}

static void write_labelled(struct ht_html *page, const char *label) {
    ht_html_format(page, "<dt>%s</dt><dd><p>", label);
    ht_html_words(page);
    ht_html_raw(page, "</p></dd>\n");
}

static void write_counts(struct ht_html *page) {
    ht_quality_put_read(&page->words, page->summary);
    write_labelled(page, "Read");
    for (int i = 0; i < HT_QUALITY_GROUP_COUNT; i++) {
        const enum ht_quality_group group = (enum ht_quality_group)i;
        if (ht_quality_put_group(&page->words, &page->summary->quality, group)) {
            write_labelled(page, ht_quality_group_label(group));
        }
    }
}

static void write_bad(struct ht_html *page) {
    const struct ht_quality *quality = &page->summary->quality;
    struct ht_strbuf *words = &page->words;
    if (quality->bad_total == 0) {
        return;
    }
    ht_html_raw(page, "<dt>Malformed</dt><dd>");
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        if (quality->bad[i] == 0) {
            continue;
        }
        ht_html_raw(page, "<p>");
        ht_text_put_number(words, quality->bad[i], "record: ", "records: ");
        ht_strbuf_puts(words, ht_bad_name((enum ht_bad)i));
        if (quality->example_count[i] > 0) {
            ht_strbuf_puts(words, ". ");
            ht_quality_put_example(words, &quality->examples[i][0]);
        }
        ht_html_words(page);
        ht_html_raw(page, "</p>");
    }
    ht_html_raw(page, "</dd>\n");
}

static void write_unreadable(struct ht_html *page) {
    size_t shown = 0;
    for (size_t i = 0; i < page->summary->source_count && shown < UNREADABLE_MAX; i++) {
        const struct ht_source_view *source = &page->summary->sources[i];
        if (source->problem != NULL) {
            ht_html_raw(page, shown == 0 ? "<dt>Unreadable</dt><dd><p>" : "<p>");
            ht_quality_put_problem(&page->words, source);
            ht_html_words(page);
            ht_html_raw(page, "</p>");
            shown++;
        }
    }
    if (shown < page->summary->quality.unreadable_sources && shown > 0) {
        ht_html_raw(page, "<p>And ");
        ht_text_put_number(&page->words, page->summary->quality.unreadable_sources - shown,
                           "more input", "more inputs");
        ht_html_words(page);
        ht_html_raw(page, ".</p>");
    }
    ht_html_raw(page, shown > 0 ? "</dd>\n" : "");
}

static void write_input_findings(struct ht_html *page) {
    const struct ht_inventory_summary *inventory = page->summary->inventory;
    bool any = false;
    for (size_t i = 0; inventory != NULL && i < inventory->finding_count; i++) {
        const struct ht_inventory_finding *finding = &inventory->findings[i];
        if (!finding->for_report) {
            continue;
        }
        ht_html_raw(page, any ? "<p>" : "<dt>Input</dt><dd><p>");
        any = true;
        ht_strbuf_puts(&page->words, finding->title);
        for (size_t k = 0; k < finding->item_count && k < ITEMS_MAX; k++) {
            ht_strbuf_puts(&page->words, k == 0 ? ": " : ", ");
            ht_text_put_whole(&page->words, finding->items[k]);
        }
        if (finding->item_total > ITEMS_MAX) {
            ht_strbuf_puts(&page->words, ", and ");
            ht_strbuf_put_grouped(&page->words, finding->item_total - ITEMS_MAX);
            ht_strbuf_puts(&page->words, " more");
        }
        ht_strbuf_puts(&page->words, ". ");
        ht_strbuf_puts(&page->words, finding->action);
        ht_html_words(page);
        ht_html_raw(page, "</p>");
    }
    ht_html_raw(page, any ? "</dd>\n" : "");
}

static void write_limits(struct ht_html *page) {
    const struct ht_quality *quality = &page->summary->quality;
    for (size_t i = 0; i < quality->limit_count; i++) {
        ht_html_raw(page, i == 0 ? "<dt>Limits</dt><dd><p>" : "<p>");
        ht_html_text(page, quality->limits[i]);
        ht_html_raw(page, "</p>");
    }
    ht_html_raw(page, quality->limit_count > 0 ? "</dd>\n" : "");
}

/* Its folders tell as much as its end: the middle goes. */
static void put_input(struct ht_html *page, const char *name) {
    char printable[INPUT_BYTES];
    char cut[INPUT_BYTES];
    const size_t len = ht_text_printable(printable, sizeof printable, ht_str_from(name));
    (void)ht_cells_cut_middle(cut, sizeof cut, (struct ht_str){printable, len}, INPUT_CELLS);
    ht_html_text(page, cut);
}

static void write_inputs(struct ht_html *page) {
    const size_t count = page->summary->source_count;
    const size_t shown = count < INPUTS_MAX ? count : INPUTS_MAX;
    if (count == 0) {
        return;
    }
    ht_html_raw(page, "<details><summary>Inputs</summary>\n");
    ht_html_table(page, "input|#records|#events|#bad|first event|last event");
    for (size_t i = 0; i < shown; i++) {
        const struct ht_source_view *source = &page->summary->sources[i];
        const uint64_t counts[] = {source->records, source->events, source->bad};
        ht_html_raw(page, "<tr><td>");
        put_input(page, source->name);
        for (size_t k = 0; k < HT_ARRAY_LEN(counts); k++) {
            ht_html_raw(page, "<td class=n>");
            ht_html_count(page, counts[k]);
        }
        ht_html_raw(page, "<td class=nowrap>");
        ht_text_put_time(&page->words, source->first_us);
        ht_html_words(page);
        ht_html_raw(page, "<td class=nowrap>");
        ht_text_put_time(&page->words, source->last_us);
        ht_html_words(page);
        ht_html_raw(page, "\n");
    }
    ht_html_table_end(page);
    if (shown < count) {
        ht_html_raw(page, "<p class=lead>And ");
        ht_text_put_number(&page->words, count - shown, "more input", "more inputs");
        ht_html_words(page);
        ht_html_raw(page, "; <code>-o json</code> has all.</p>\n");
    }
    ht_html_raw(page, "</details>\n");
}

void ht_html_quality(struct ht_html *page) {
    ht_html_raw(page, "<div class=part>\n<dl class=quality>\n");
    write_counts(page);
    write_unreadable(page);
    write_input_findings(page);
    write_bad(page);
    write_limits(page);
    ht_html_raw(page, "</dl>\n");
    write_inputs(page);
    ht_html_raw(page, "</div>\n");
}

static void put_share(struct ht_html *page, const char *label, int64_t part_s) {
    const struct ht_summary *summary = page->summary;
    const double whole_s =
        (double)summary->up_s + (double)summary->down_s + (double)summary->unknown_s;
    ht_text_put_decimal(&page->words, whole_s > 0 ? (double)part_s / whole_s * 100 : 0, 1);
    ht_strbuf_puts(&page->words, " %");
    ht_html_fact(page, label);
}

void ht_html_method(struct ht_html *page) {
    const struct ht_summary *summary = page->summary;
    ht_html_raw(page, "<div class=part>\n<dl class=facts>");
    put_share(page, "Up, of all devices' time", summary->up_s);
    put_share(page, "Down", summary->down_s);
    put_share(page, "Unknown", summary->unknown_s);
    ht_html_raw(page, "</dl>\n<p>");
    ht_html_text(page, summary->time_method);
    ht_html_raw(page,
                "</p>\n<p>Each end of a session is weighed against several causes: its token may "
                "run out, its network may fail, the client may close, the hub or the site may "
                "fail, another client may take its identity. Codes, lengths, gaps and what "
                "happened around it at the same time speak for and against each. A cause is named "
                "when its class has a probability of at least 0.6; else it is unknown. A token "
                "renewal that is back within a minute is normal life, and no fault; nor is a clean "
                "close.</p>\n<p>One device with its evidence: <code>hubtriage device ID "
                "PATH</code>. What a cause means: <code>hubtriage explain CAUSE</code>.</p>\n");
    if (summary->traits.tests > 0) {
        ht_html_raw(page, "<p>Common factors: Fisher's exact test at 1 % for all comparisons of "
                          "this report together (Bonferroni and Tarone), at least 3 affected "
                          "devices, a tenth of them, and twice the odds.</p>\n");
    }
    ht_html_raw(page, "</div>\n");
}
