/* SPDX-License-Identifier: MIT */
/* The text report: the verdict first, then what to do, then the numbers, then the doubts. */
#include "render/renderers.h"
#include "render/text_sections.h"

void ht_render_text(const struct ht_report *report, const struct ht_render_options *options,
                    struct ht_sink_buffer *out) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_charts *charts = NULL;
    struct ht_text text;
    if (ht_charts_build(report, &charts) != HT_OK) {
        out->status = HT_E_NOMEM;
        return;
    }
    ht_text_init(&text, options, out);
    ht_section_verdict(&text, summary);
    ht_section_changes(&text, summary);
    ht_section_compared(&text, summary);
    ht_section_overview(&text, summary);
    ht_section_first(&text, report);
    ht_section_over_time(&text, summary, charts);
    ht_section_incidents(&text, summary);
    ht_section_findings(&text, report);
    ht_section_comparison(&text, summary);
    ht_section_traits(&text, summary);
    ht_section_causes(&text, summary);
    ht_section_devices(&text, report, charts);
    ht_section_hubs(&text, summary);
    ht_section_cadences(&text, summary);
    ht_section_time(&text, summary);
    ht_section_quality(&text, summary);
    if (text.verbose) {
        ht_section_inputs(&text, summary);
    }
    ht_text_release(&text);
    ht_charts_free(charts);
}
