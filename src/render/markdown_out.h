/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_MARKDOWN_OUT_H
#define HT_RENDER_MARKDOWN_OUT_H
/*
 * Markdown as GitHub and Azure DevOps read it: CommonMark with tables of pipes.
 *
 * Log text stands in a code span, where no markup, link, mention or number of an issue is seen.
 * What could end a code span or a cell is written as <code> with every punctuation mark as a
 * character reference instead, which no reader takes for markup. Either is made printable and cut
 * first. Our own sentences have their punctuation escaped.
 */
#include "base/strbuf.h"
#include "render/sink_buffer.h"

enum { HT_MARKDOWN_TEXT_CELLS = 80 }; /* log text beyond is cut */

void ht_markdown_put_log(struct ht_strbuf *words, const char *log_text, const char *if_unknown);

/* "device/module" as one code span. */
void ht_markdown_put_device(struct ht_strbuf *words, const char *device, const char *module);

/* A sentence of ours without log text; NULL is nothing. */
void ht_markdown_put_ours(struct ht_strbuf *words, const char *sentence);

/* A printable text (hubtriage/report.h), as log text but longer. */
void ht_markdown_put_printable(struct ht_strbuf *words, const char *printable);

/* "| a | b |" and the line below it; right: a set of columns that are numbers. */
void ht_markdown_put_header(struct ht_strbuf *lines, const char *const *titles, size_t count,
                            unsigned right);

#endif
