/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_HTML_OUT_H
#define HT_RENDER_HTML_OUT_H
/*
 * struct ht_html - an HTML report in the making.
 *
 * Markup is written by ht_html_raw() and ht_html_format() alone, and only from literals of ours and
 * numbers. Everything else goes through ht_html_words() or ht_html_log(), which escape once, for
 * text and for quoted attributes alike. Log text is made printable first (base/text.h), so that
 * neither control characters nor bidirectional ones reach the page.
 *
 * The style sheet is fixed by its hash, so no element has a style attribute: positions are SVG
 * attributes in percent, colours are classes.
 */
#include "base/compiler.h"
#include "base/strbuf.h"
#include "hubtriage/charts.h"
#include "render/sink_buffer.h"

enum { HT_HTML_INCIDENTS_MAX = 26 }; /* each has a letter */

struct ht_html {
    const struct ht_report *report;
    const struct ht_summary *summary;
    const struct ht_charts *charts;
    struct ht_sink_buffer *out;
    struct ht_strbuf words;                  /* a text in the making: printable, not yet escaped */
    size_t bytes;                            /* written */
    bool measuring;                          /* nothing is written, only counted */
    size_t tail_bytes;                       /* of what stands behind the table of all devices */
    size_t incidents[HT_HTML_INCIDENTS_MAX]; /* those that are shown, in order of time */
    size_t incident_count;
};

static inline bool ht_html_failed(const struct ht_html *page) {
    return page->out->status != HT_OK;
}

/* Markup of ours. */
void ht_html_put(struct ht_html *page, struct ht_str markup);
void ht_html_raw(struct ht_html *page, const char *markup);
/* The same with numbers in it, and names of ours without special characters; at most 255 bytes. */
void ht_html_format(struct ht_html *page, const char *format, ...) HT_PRINTF(2, 3);

/* page->words, escaped; it is empty then. */
void ht_html_words(struct ht_html *page);
/* Words of ours, or such as hold printable log text, escaped. */
void ht_html_text(struct ht_html *page, const char *words);

/* Log text, made printable, escaped, and cut for the view; the title then has more of it. */
void ht_html_log(struct ht_html *page, const char *log_text, const char *if_unknown);
/* "<td>" with device and module as text alone; the title of a cut one is the cell's. */
void ht_html_device_cell(struct ht_html *page, const char *device, const char *module);

/* Device and module, within an element that keeps their direction to themselves. */
void ht_html_device(struct ht_html *page, const char *device, const char *module);

void ht_html_count(struct ht_html *page, uint64_t count);
void ht_html_span(struct ht_html *page, int64_t seconds);

/* "<h2>" with its anchor, in a new section. */
void ht_html_section(struct ht_html *page, const char *id, const char *title);
void ht_html_section_end(struct ht_html *page);

/* part / whole in percent, for an attribute: "12.34". */
void ht_html_percent(struct ht_html *page, uint64_t part, uint64_t whole);

/* "<dt>label</dt><dd>words</dd>": page->words, escaped. */
void ht_html_fact(struct ht_html *page, const char *label);

/* A row of the head of a table: columns between '|', right-aligned those that begin with '#'. */
void ht_html_table(struct ht_html *page, const char *columns);
void ht_html_table_end(struct ht_html *page);

/* The same for the table beside a chart, folded: all columns but the first are numbers, whose cells
 * are empty for 0. */
void ht_html_figures(struct ht_html *page, const char *columns);
void ht_html_figure_cell(struct ht_html *page, uint64_t count);
void ht_html_figures_end(struct ht_html *page);

#endif
