/* SPDX-License-Identifier: MIT */
/* Causes, hubs, and what the affected have in common. */
#include "render/html_sections.h"
#include "render/html_svg.h"
#include "render/text_out.h"
#include "render/text_sections.h"

enum { HUBS_MAX = 60 };

bool ht_html_has_causes(const struct ht_html *page) {
    return page->summary->disconnects > 0;
}

static void write_cause(struct ht_html *page, const struct ht_cause_total *total) {
    const char *name = ht_cause_name(total->cause);
    ht_html_format(page,
                   "<tr><td class=nowrap><svg aria-hidden=true width=14 height=14><rect class=c-%s "
                   "width=14 height=14 /></svg> %s<td>%s<td class=n>",
                   name, name, ht_class_name(ht_cause_class(total->cause)));
    ht_html_count(page, total->disconnects);
    ht_html_raw(page, "<td class=n>");
    ht_text_put_percent(&page->words, (double)total->disconnects,
                        (double)page->summary->disconnects);
    ht_html_words(page);
    ht_html_raw(page, "<td class=n>");
    ht_html_count(page, total->devices);
    ht_html_raw(page, "<td class=n>");
    ht_html_span(page, total->gap_median_s);
    ht_html_raw(page, "<td class=n>");
    ht_text_put_decimal(&page->words, total->confidence_mean, 2);
    ht_html_words(page);
    ht_html_raw(page, "\n");
}

void ht_html_causes(struct ht_html *page) {
    ht_html_raw(page, "<p class=lead>Each disconnect has one cause. Down: median until the next "
                      "connect. Confidence: mean probability that the cause is right.</p>\n");
    ht_html_table(page, "cause|class|#disconnects|#share|#devices|#down|#confidence");
    for (size_t i = 1; i <= HT_CAUSE_COUNT; i++) { /* "unknown" last */
        const struct ht_cause_total *total = &page->summary->causes[i % HT_CAUSE_COUNT];
        if (total->disconnects > 0) {
            write_cause(page, total);
        }
    }
    ht_html_table_end(page);
}

static const struct ht_trait_group *common(const struct ht_html *page) {
    return ht_trait_group_of(page->summary, HT_TRAITS_OF_FAULTS, HT_INDEX_NONE);
}

bool ht_html_has_common(const struct ht_html *page) {
    const struct ht_trait_group *group = common(page);
    return group != NULL && group->affected >= HT_TRAIT_AFFECTED_MIN;
}

static void write_trait(struct ht_html *page, const struct ht_trait *trait) {
    ht_html_format(page, "<tr><td>%s<td><bdi>", ht_trait_kind_name(trait->kind));
    ht_html_log(page, trait->value, "-");
    ht_html_raw(page, "</bdi><td class=n>");
    ht_html_count(page, trait->affected);
    ht_html_raw(page, " of ");
    ht_html_count(page, trait->affected_known);
    ht_html_raw(page, "<td class=n>");
    ht_html_count(page, trait->devices);
    ht_html_raw(page, " of ");
    ht_html_count(page, trait->devices_known);
    ht_html_raw(page, "<td class=n>");
    ht_text_put_decimal(&page->words, trait->odds_ratio, 1);
    ht_html_words(page);
    ht_html_raw(page, "\n");
}

void ht_html_common(struct ht_html *page) {
    const struct ht_trait_group *group = common(page);
    struct ht_strbuf *words = &page->words;
    ht_html_raw(page, "<p class=lead>");
    ht_text_put_number(words, group->affected, "device", "devices");
    ht_strbuf_puts(words, " of ");
    ht_strbuf_put_grouped(words, group->devices);
    if (group->faults_above > 0) {
        ht_strbuf_puts(words, " had more than ");
        ht_text_put_number(words, group->faults_above, "fault", "faults");
    } else {
        ht_strbuf_puts(words, " had a fault");
    }
    ht_strbuf_puts(words, " outside of incidents. ");
    if (group->trait_count == 0) {
        ht_strbuf_puts(words, "Nothing beyond chance: their SDKs, protocols, ways to authenticate, "
                              "address prefixes, sites and hubs are like those of the rest.");
    }
    ht_html_words(page);
    ht_html_raw(page, "</p>\n");
    if (group->trait_count > 0) {
        ht_html_table(page, "property|value|#of the affected|#of all|#odds ratio");
        for (size_t i = 0; i < group->trait_count; i++) {
            write_trait(page, &group->traits[i]);
        }
        ht_html_table_end(page);
    }
}

bool ht_html_has_hubs(const struct ht_html *page) {
    return page->summary->hub_count > 1;
}

static void write_hub(struct ht_html *page, const struct ht_hub_view *hub) {
    const uint64_t counts[] = {hub->devices,  hub->disconnects,   hub->faults,
                               hub->renewals, hub->server_errors, hub->throttles};
    ht_html_raw(page, "<tr><td><bdi>");
    ht_html_log(page, hub->hub, "not named");
    ht_html_raw(page, "</bdi>");
    for (size_t i = 0; i < HT_ARRAY_LEN(counts); i++) {
        ht_html_raw(page, "<td class=n>");
        ht_html_count(page, counts[i]);
    }
    ht_html_raw(page, "\n");
}

void ht_html_hubs(struct ht_html *page) {
    const size_t count = page->summary->hub_count;
    const size_t shown = count < HUBS_MAX ? count : HUBS_MAX;
    ht_html_table(page, "hub|#devices|#disconnects|#faults|#renewals|#server errors|#throttled");
    for (size_t i = 0; i < shown; i++) {
        write_hub(page, &page->summary->hubs[i]);
    }
    ht_html_table_end(page);
    if (shown < count) {
        ht_html_raw(page, "<p class=lead>And ");
        ht_text_put_number(&page->words, count - shown, "more hub", "more hubs");
        ht_html_words(page);
        ht_html_raw(page, "; <code>-o json</code> has all.</p>\n");
    }
}
