/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_TEXT_OUT_H
#define HT_RENDER_TEXT_OUT_H
/*
 * struct ht_text - lines of a plain-text report.
 *
 * Invariants: no line is wider than width cells, none ends in a space, and everything outside log
 * text and charts is ASCII. Log text comes in through ht_text_put_log(), ht_text_put_device(),
 * ht_text_put_whole() and the cells of tables: there it is escaped (base/text.h), once. Colour says
 * nothing that words do not say.
 *
 * A sentence is composed in words and then wrapped by ht_text_wrap(), which empties it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "render/sink_buffer.h"

enum {
    HT_TEXT_WIDTH_MIN = 60,
    HT_TEXT_WIDTH_DEFAULT = 80,
    HT_TEXT_WIDTH_MAX = 1000,
    HT_TEXT_PROSE_MAX = 100, /* longer lines of prose are hard to read */
    HT_TEXT_NAME_CELLS = 40, /* an id within a sentence is cut there */
    HT_TEXT_INDENT = 2,      /* of what stands below a heading */
};

enum ht_text_color { HT_TEXT_PLAIN = 0, HT_TEXT_BOLD, HT_TEXT_RED, HT_TEXT_YELLOW };

struct ht_text {
    struct ht_sink_buffer *out;
    size_t width;
    bool color;
    bool unicode;
    bool verbose;
    struct ht_strbuf words;
};

void ht_text_init(struct ht_text *text, const struct ht_render_options *options,
                  struct ht_sink_buffer *out);
void ht_text_release(struct ht_text *text);

static inline bool ht_text_failed(const struct ht_text *text) {
    return text->out->status != HT_OK;
}

void ht_text_blank(struct ht_text *text);

/* An empty line, and a title in bold. */
void ht_text_heading(struct ht_text *text, const char *title);

/* How a paragraph is set: label on the first line, the words from column indent on. */
struct ht_text_style {
    const char *label; /* NULL: none */
    enum ht_text_color label_color;
    size_t indent;
    enum ht_text_color color;
    bool command; /* to be pasted into a shell: lines that go on end in a backslash */
};

/* Cells of a line of prose. */
static inline size_t ht_text_prose_width(const struct ht_text *text) {
    return text->width < HT_TEXT_PROSE_MAX ? text->width : HT_TEXT_PROSE_MAX;
}

/* Wrap text->words between indent and width, and empty it. A word that fits no line is broken. */
void ht_text_wrap(struct ht_text *text, const struct ht_text_style *style);

/* One sentence of ours at that indent. */
void ht_text_say(struct ht_text *text, size_t indent, const char *sentence);

/* An address as whole as the line allows: without its fragment, then without its scheme, then
 * without its label. NULL writes nothing. */
void ht_text_url(struct ht_text *text, const char *label, size_t indent, const char *address);

/* One line that is ready: trailing spaces are dropped, too much is cut. */
void ht_text_line(struct ht_text *text, struct ht_str line, enum ht_text_color color);

/* Parts of sentences. */
void ht_text_put_log(struct ht_strbuf *words, const char *log_text, const char *if_unknown);
void ht_text_put_whole(struct ht_strbuf *words, const char *printable); /* not cut */
void ht_text_put_device(struct ht_strbuf *words, const char *device, const char *module);
void ht_text_put_number(struct ht_strbuf *words, uint64_t count, const char *one, const char *many);
void ht_text_put_span(struct ht_strbuf *words, int64_t seconds);
void ht_text_put_bytes(struct ht_strbuf *words, uint64_t bytes); /* "1.2 MB" */
void ht_text_put_decimal(struct ht_strbuf *words, double value, unsigned places);

/* "51 %", "<1 %", ">99 %"; "-" when the whole is 0. */
void ht_text_put_percent(struct ht_strbuf *words, double part, double whole);

/* "2025-03-10 00:23:43", without the fraction; "?" when not known. */
void ht_text_put_time(struct ht_strbuf *words, int64_t time_us);

#endif
