/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_TEXT_SECTIONS_H
#define HT_RENDER_TEXT_SECTIONS_H
/* The sections of the text report, in the order in which they are written. A section with nothing
 * to say writes nothing. */
#include "hubtriage/charts.h"
#include "hubtriage/inventory.h"
#include "render/text_out.h"

/* Hub, window, devices; is it us or the hub, must anyone do something; the figures behind it. */
void ht_section_verdict(struct ht_text *text, const struct ht_summary *summary);

/* The same as sentences of ours, without log text. The figures are left out when there are none. */
void ht_verdict_put(struct ht_strbuf *words, const struct ht_summary *summary);
void ht_verdict_put_figures(struct ht_strbuf *words, const struct ht_summary *summary);
/* "2025-03-10 00:00 to 2025-03-11 00:00 UTC   12 devices" */
void ht_verdict_put_window(struct ht_strbuf *words, const struct ht_summary *summary);

/* With an archive: what is new since the last run. */
void ht_section_changes(struct ht_text *text, const struct ht_summary *summary);

/* With a baseline: one sentence on it. */
void ht_section_compared(struct ht_text *text, const struct ht_summary *summary);

/* One line for each error and warning. */
void ht_section_overview(struct ht_text *text, const struct ht_summary *summary);

/* What to do about the gravest of them, and the command to begin with. */
void ht_section_first(struct ht_text *text, const struct ht_report *report);

void ht_section_over_time(struct ht_text *text, const struct ht_summary *summary,
                          const struct ht_charts *charts);

void ht_section_incidents(struct ht_text *text, const struct ht_summary *summary);
/* True when the section of incidents shows this one, without -v. */
bool ht_section_shows_incident(const struct ht_summary *summary, size_t index);

void ht_section_findings(struct ht_text *text, const struct ht_report *report);

void ht_section_comparison(struct ht_text *text, const struct ht_summary *summary);

/* Of the devices with faults. */
void ht_section_traits(struct ht_text *text, const struct ht_summary *summary);
/* The group of an incident or finding; NULL: none was made. */
const struct ht_trait_group *ht_trait_group_of(const struct ht_summary *summary,
                                               enum ht_trait_scope scope, size_t index);
/* A sentence for each trait; nothing when there is none. */
void ht_text_put_traits(struct ht_strbuf *words, const struct ht_trait_group *group);

void ht_section_causes(struct ht_text *text, const struct ht_summary *summary);
/* charts: NULL for none. */
void ht_section_devices(struct ht_text *text, const struct ht_report *report,
                        const struct ht_charts *charts);
void ht_section_hubs(struct ht_text *text, const struct ht_summary *summary);
void ht_section_cadences(struct ht_text *text, const struct ht_summary *summary);
void ht_section_time(struct ht_text *text, const struct ht_summary *summary);

/* What was read, what was wrong with it, what it cannot tell. */
void ht_section_quality(struct ht_text *text, const struct ht_summary *summary);
/* Of the inventory, what the other lines do not say; summary may be NULL. */
void ht_section_input_findings(struct ht_text *text, const struct ht_inventory_summary *summary);
void ht_section_inputs(struct ht_text *text, const struct ht_summary *summary);

#endif
