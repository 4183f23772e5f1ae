/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_MARKDOWN_SECTIONS_H
#define HT_RENDER_MARKDOWN_SECTIONS_H
/* The page that is written, and its sections that are tables or lists. A section with nothing to
 * say writes nothing. */
#include "base/strbuf.h"
#include "render/sink_buffer.h"

struct ht_markdown {
    const struct ht_report *report;
    const struct ht_summary *summary;
    struct ht_sink_buffer *out;
    struct ht_strbuf lines; /* that are not handed over yet */
};

void ht_markdown_flush(struct ht_markdown *page);

/* "And 12 more hubs.", or nothing; then a flush. */
void ht_markdown_put_rest(struct ht_markdown *page, size_t count, const char *one,
                          const char *many);

void ht_markdown_incidents(struct ht_markdown *page);
void ht_markdown_causes(struct ht_markdown *page);
void ht_markdown_devices(struct ht_markdown *page);
void ht_markdown_hubs(struct ht_markdown *page);
void ht_markdown_cadences(struct ht_markdown *page);
void ht_markdown_quality(struct ht_markdown *page);

#endif
