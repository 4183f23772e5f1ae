/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_HTML_SECTIONS_H
#define HT_RENDER_HTML_SECTIONS_H
/* The sections of the HTML report, in their order. Each has a bound on what it writes; the table of
 * all devices takes what is left of the page's size. */
#include "render/html_out.h"

enum { HT_HTML_PAGE_BYTES = 1000000 };

/* Hubs, window, verdict, the figures that matter. */
void ht_html_head(struct ht_html *page);

/* The largest incidents, in order of time, as the page shows them. */
void ht_html_pick_incidents(struct ht_html *page);
/* "A" for the first of them. */
void ht_html_put_letter(struct ht_html *page, size_t index);

bool ht_html_has_incidents(const struct ht_html *page);
void ht_html_incidents(struct ht_html *page);
bool ht_html_has_findings(const struct ht_html *page);
void ht_html_findings(struct ht_html *page);
bool ht_html_has_causes(const struct ht_html *page);
void ht_html_causes(struct ht_html *page);
bool ht_html_has_time(const struct ht_html *page);
void ht_html_time(struct ht_html *page);
bool ht_html_has_lengths(const struct ht_html *page);
void ht_html_lengths(struct ht_html *page);
bool ht_html_has_lines(const struct ht_html *page);
void ht_html_lines(struct ht_html *page);
bool ht_html_has_devices(const struct ht_html *page);
void ht_html_devices(struct ht_html *page);
bool ht_html_has_common(const struct ht_html *page);
void ht_html_common(struct ht_html *page);
bool ht_html_has_hubs(const struct ht_html *page);
void ht_html_hubs(struct ht_html *page);
bool ht_html_has_always(const struct ht_html *page);
void ht_html_quality(struct ht_html *page);
void ht_html_method(struct ht_html *page);

#endif
