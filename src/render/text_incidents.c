/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/time.h"
#include "render/text_sections.h"

enum { SHOWN_MAX = 5, INDENT = 23 };

static bool is_larger(const struct ht_summary *summary, size_t a, size_t b) {
    const uint64_t devices_a = summary->incidents[a].devices;
    const uint64_t devices_b = summary->incidents[b].devices;
    return devices_a != devices_b ? devices_a > devices_b : a < b;
}

/* The largest SHOWN_MAX, so that a small one never hides a large one. */
bool ht_section_shows_incident(const struct ht_summary *summary, size_t index) {
    size_t larger = 0;
    for (size_t i = 0; i < summary->incident_count; i++) {
        larger += i != index && is_larger(summary, i, index);
    }
    return larger < SHOWN_MAX;
}

static void put_extent(struct ht_strbuf *words, const struct ht_incident_view *incident) {
    ht_strbuf_puts(words, ht_cause_name(incident->cause));
    ht_strbuf_puts(words, " on ");
    ht_text_put_log(words, incident->hub, "a hub without name");
    ht_strbuf_puts(words, ": ");
    ht_strbuf_put_grouped(words, incident->devices);
    if (incident->connected_before > 0) {
        ht_strbuf_puts(words, " of ");
        ht_strbuf_put_grouped(words, incident->connected_before);
        ht_strbuf_puts(words, " connected devices (");
        ht_text_put_percent(words, incident->share, 1);
        ht_strbuf_puts(words, ") dropped within ");
    } else {
        ht_strbuf_puts(words, incident->devices == 1 ? " device dropped within "
                                                     : " devices dropped within ");
    }
    ht_text_put_span(words, ht_time_extent_s(incident->start_us, incident->end_us));
    ht_strbuf_puts(words, ".");
    if (incident->shown_devices < incident->devices) {
        ht_strbuf_putc(words, ' ');
        ht_strbuf_put_grouped(words, incident->shown_devices);
        ht_strbuf_puts(words, " of the ");
        ht_text_put_number(words, incident->devices, "device", "devices");
        ht_strbuf_puts(words, incident->shown_devices == 1 ? " is" : " are");
        ht_strbuf_puts(words, " in this selection.");
    }
}

static void put_marks(struct ht_strbuf *words, const struct ht_incident_view *incident) {
    if (incident->planned) {
        ht_strbuf_puts(words, " In maintenance: no fault.");
    }
    if (incident->site != NULL) {
        ht_strbuf_puts(words, " In common: site ");
        ht_text_put_log(words, incident->site, "");
        ht_strbuf_puts(words, ".");
    } else if (incident->common_network != NULL) {
        ht_strbuf_puts(words, " In common: address prefix ");
        ht_text_put_log(words, incident->common_network, "");
        ht_strbuf_puts(words, ".");
    } else if (incident->networks > 1) {
        ht_strbuf_puts(words, " Across ");
        ht_text_put_number(words, incident->networks, "address prefix", "address prefixes");
        ht_strbuf_puts(words, ".");
    }
    if (incident->code_count > 0) {
        ht_strbuf_puts(words, " Codes: ");
        for (size_t i = 0; i < incident->code_count; i++) {
            ht_strbuf_printf(words, "%s%" PRIu32 " (", i > 0 ? ", " : "", incident->codes[i]);
            ht_strbuf_put_grouped(words, incident->code_counts[i]);
            ht_strbuf_puts(words, ")");
        }
        ht_strbuf_puts(words, ".");
    }
    if (incident->server_errors == 0) {
        ht_strbuf_puts(words, " No server errors.");
        return;
    }
    ht_strbuf_putc(words, ' ');
    ht_text_put_number(words, incident->server_errors, "server error", "server errors");
    ht_strbuf_puts(words, ", usually ");
    ht_text_put_decimal(words, incident->server_errors_usual, 1);
    ht_strbuf_puts(words, ".");
}

static void put_traits(struct ht_strbuf *words, const struct ht_summary *summary, size_t index) {
    const struct ht_trait_group *group = ht_trait_group_of(summary, HT_TRAITS_OF_INCIDENT, index);
    if (group != NULL && group->trait_count > 0) {
        ht_strbuf_puts(words, " More often than chance: ");
        ht_text_put_traits(words, group);
    }
}

static void put_outcome(struct ht_strbuf *words, const struct ht_incident_view *incident) {
    ht_strbuf_putc(words, ' ');
    if (incident->returned >= incident->devices) {
        ht_strbuf_puts(words, "All came back");
    } else {
        ht_strbuf_put_grouped(words, incident->returned);
        ht_strbuf_puts(words, incident->returned == 1 ? " has come back" : " have come back");
    }
    if (incident->recovery_s != HT_SPAN_NONE) {
        ht_strbuf_puts(words, ", 90 % within ");
        ht_text_put_span(words, incident->recovery_s);
    }
    ht_strbuf_puts(words, ". Confidence ");
    ht_text_put_decimal(words, incident->confidence, 2);
    ht_strbuf_puts(words, ".");
}

void ht_section_incidents(struct ht_text *text, const struct ht_summary *summary) {
    if (summary->incident_count == 0) {
        return;
    }
    ht_text_heading(text, "INCIDENTS");
    size_t hidden = 0;
    for (size_t i = 0; i < summary->incident_count && !ht_text_failed(text); i++) {
        const struct ht_incident_view *incident = &summary->incidents[i];
        if (!text->verbose && !ht_section_shows_incident(summary, i)) {
            hidden++;
            continue;
        }
        struct ht_strbuf label;
        ht_strbuf_init(&label, 64);
        ht_strbuf_puts(&label, "  ");
        ht_text_put_time(&label, incident->start_us);
        put_extent(&text->words, incident);
        put_marks(&text->words, incident);
        put_traits(&text->words, summary, i);
        put_outcome(&text->words, incident);
        ht_text_wrap(text, &(struct ht_text_style){.label = label.ptr, .indent = INDENT});
        ht_strbuf_release(&label);
    }
    if (hidden > 0) {
        ht_strbuf_puts(&text->words, "And ");
        ht_text_put_number(&text->words, hidden, "smaller one", "smaller ones");
        ht_strbuf_puts(&text->words, "; -v shows all.");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}
