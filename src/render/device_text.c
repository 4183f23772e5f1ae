/* SPDX-License-Identifier: MIT */
/* A device's time line for people: who it is, what was found, up and down, then session by session.
 */
#include <string.h>

#include "base/compiler.h"
#include "render/cells.h"
#include "render/device_sections.h"
#include "render/renderers.h"
#include "render/text_sections.h"

enum { LABEL_INDENT = 14, MODULES_MAX = 8, FINDING_INDENT = 9 };

static void write_labelled(struct ht_text *text, const char *label) {
    ht_text_wrap(text, &(struct ht_text_style){.label = label, .indent = LABEL_INDENT});
}

static void write_title(struct ht_text *text, const struct ht_device_view *view) {
    const size_t id_cells = text->width - 4;
    char id[HT_TEXT_WIDTH_MAX * 4];
    char whole[HT_TEXT_WIDTH_MAX * 4];
    struct ht_strbuf joined;
    ht_strbuf_init(&joined, sizeof whole);
    ht_text_put_whole(&joined, view->device != NULL ? view->device : "(no id)");
    if (view->module != NULL) {
        ht_strbuf_putc(&joined, '/');
        ht_text_put_whole(&joined, view->module);
    }
    const size_t len = ht_cells_cut_middle(id, sizeof id, ht_strbuf_str(&joined), id_cells);
    ht_text_line(text, (struct ht_str){id, len}, HT_TEXT_BOLD);
    ht_strbuf_release(&joined);
}

static void write_place(struct ht_text *text, const struct ht_summary *summary,
                        const struct ht_device_view *view) {
    struct ht_strbuf *words = &text->words;
    ht_strbuf_puts(words, "on ");
    ht_text_put_log(words, view->hub, "a hub that the log does not name");
    for (size_t i = 0; i < summary->hub_count; i++) {
        const struct ht_hub_view *hub = &summary->hubs[i];
        if (hub->hub == view->hub && hub->first_us != HT_TIME_NONE) {
            ht_strbuf_puts(words, ", ");
            ht_text_put_time(words, hub->first_us);
            ht_strbuf_puts(words, " to ");
            ht_text_put_time(words, hub->last_us);
            ht_strbuf_puts(words, " UTC");
        }
    }
    ht_text_wrap(text, &(struct ht_text_style){.indent = 0});
    ht_text_blank(text);
}

static void write_connection(struct ht_text *text, const struct ht_device_view *view) {
    static const char *const auth[] = {NULL, "SAS token", "X.509 certificate", "other credentials"};
    struct ht_strbuf *words = &text->words;
    ht_text_put_log(words, view->protocol, "protocol not known");
    ht_strbuf_puts(words, ", ");
    ht_strbuf_puts(words, auth[view->auth] != NULL ? auth[view->auth] : "credentials not known");
    ht_strbuf_puts(words, ", SDK ");
    ht_text_put_whole(words, view->sdk != NULL ? view->sdk : "not known");
    ht_strbuf_puts(words, ", address ");
    ht_text_put_log(words, view->network, "not known");
    if (view->site != NULL) {
        ht_strbuf_puts(words, ", site ");
        ht_text_put_log(words, view->site, "");
    }
    write_labelled(text, "  Connects");
}

static void write_pattern(struct ht_text *text, const struct ht_device_view *view) {
    struct ht_strbuf *words = &text->words;
    ht_strbuf_puts(words, view->pattern != NULL && view->pattern[0] != '\0' ? view->pattern : "-");
    ht_strbuf_printf(words, " (%s)", ht_device_pattern_name(view->pattern_key));
    if (view->cadence_s != HT_SPAN_NONE) {
        ht_strbuf_puts(words, "; sessions of ");
        ht_text_put_span(words, view->cadence_s);
        ht_strbuf_puts(words, " recur");
    }
    write_labelled(text, "  Pattern");
}

static void put_share(struct ht_strbuf *words, const char *what, int64_t part_s, int64_t whole_s) {
    ht_strbuf_puts(words, what);
    ht_text_put_span(words, part_s);
    ht_strbuf_puts(words, " (");
    ht_text_put_percent(words, (double)part_s, (double)whole_s);
    ht_strbuf_puts(words, ")");
}

static void write_time(struct ht_text *text, const struct ht_device_view *view) {
    struct ht_strbuf *words = &text->words;
    const int64_t whole_s = view->up_s + view->down_s + view->unknown_s;
    put_share(words, "up ", view->up_s, whole_s);
    put_share(words, ", down ", view->down_s, whole_s);
    put_share(words, ", not known ", view->unknown_s, whole_s);
    if (view->longest_down_s > 0) {
        ht_strbuf_puts(words, "; longest down ");
        ht_text_put_span(words, view->longest_down_s);
    }
    ht_strbuf_puts(words, "; at the end ");
    ht_strbuf_puts(words, view->last_state == HT_STATE_UNKNOWN
                              ? "not known"
                              : ht_device_state_name(view->last_state));
    write_labelled(text, "  Time");
}

static void write_counts(struct ht_text *text, const struct ht_device_view *view) {
    struct ht_strbuf *words = &text->words;
    const char *before = ": ";
    ht_text_put_number(words, view->connects, "connect", "connects");
    ht_strbuf_puts(words, ", ");
    ht_text_put_number(words, view->refused_connects, "refused", "refused");
    ht_strbuf_puts(words, "; ");
    ht_text_put_number(words, view->disconnects, "disconnect", "disconnects");
    for (size_t i = 1; i <= HT_CAUSE_COUNT; i++) {
        const size_t cause = i % HT_CAUSE_COUNT; /* "unknown" last */
        if (view->by_cause[cause] > 0) {
            ht_strbuf_puts(words, before);
            ht_strbuf_put_grouped(words, view->by_cause[cause]);
            ht_strbuf_printf(words, " %s", ht_cause_name((enum ht_cause)cause));
            before = ", ";
        }
    }
    if (view->disconnects > 0) {
        ht_strbuf_puts(words, "; ");
        ht_text_put_number(words, view->faults, "is a fault", "are faults");
        ht_strbuf_puts(words, ", ");
        ht_text_put_number(words, view->renewals, "a renewal (normal life)",
                           "renewals (normal life)");
    }
    write_labelled(text, "  Counts");
}

static void write_modules(struct ht_text *text, const struct ht_report *report, size_t device) {
    const char *names[MODULES_MAX];
    struct ht_strbuf *words = &text->words;
    const size_t count = ht_device_modules(report, device, names, MODULES_MAX);
    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count && i < MODULES_MAX; i++) {
        ht_strbuf_puts(words, i > 0 ? ", " : "");
        ht_text_put_log(words, names[i], "");
    }
    if (count > MODULES_MAX) {
        ht_strbuf_puts(words, " and ");
        ht_strbuf_put_grouped(words, count - MODULES_MAX);
        ht_strbuf_puts(words, " more");
    }
    ht_strbuf_puts(words, "; a time line of each: hubtriage device ID/MODULE");
    write_labelled(text, "  Modules");
}

static void write_finding(struct ht_text *text, const struct ht_finding *finding) {
    static const char *const labels[HT_LEVEL_COUNT] = {"NOTE", "WARNING", "ERROR"};
    static const enum ht_text_color colors[HT_LEVEL_COUNT] = {HT_TEXT_BOLD, HT_TEXT_YELLOW,
                                                              HT_TEXT_RED};
    ht_strbuf_puts(&text->words, finding->title);
    ht_text_wrap(text, &(struct ht_text_style){.label = labels[finding->level],
                                               .label_color = colors[finding->level],
                                               .indent = FINDING_INDENT,
                                               .color = HT_TEXT_BOLD});
    if (finding->detail != NULL) {
        ht_text_say(text, FINDING_INDENT, finding->detail);
    }
    if (finding->action != NULL) {
        ht_strbuf_printf(&text->words, "Do: %s", finding->action);
        ht_text_wrap(text, &(struct ht_text_style){.indent = FINDING_INDENT});
    }
    ht_strbuf_printf(&text->words, "More: hubtriage explain %s", finding->rule);
    ht_text_wrap(text, &(struct ht_text_style){.indent = FINDING_INDENT});
}

/* Those of its hub, which are its own; then those on the log itself. */
static void write_findings(struct ht_text *text, const struct ht_summary *summary,
                           const struct ht_device_view *view) {
    bool titled = false;
    for (size_t i = 0; i < summary->finding_count && !ht_text_failed(text); i++) {
        const struct ht_finding *finding = &summary->findings[i];
        const bool of_log = finding->devices == 0;
        if (!of_log && finding->hub != view->hub) {
            continue;
        }
        if (!titled) {
            ht_text_heading(text, "FINDINGS");
            titled = true;
        }
        write_finding(text, finding);
    }
}

static void write_device(struct ht_text *text, const struct ht_report *report, size_t device) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_device_view view;
    ht_report_device(report, device, &view);
    write_title(text, &view);
    write_place(text, summary, &view);
    write_connection(text, &view);
    write_pattern(text, &view);
    write_time(text, &view);
    write_counts(text, &view);
    write_modules(text, report, device);
    ht_device_section_axis(text, report, device);
    write_findings(text, summary, &view);
    ht_device_section_steps(text, report, device, &view);
}

void ht_render_device_text(const struct ht_report *report, const struct ht_render_options *options,
                           struct ht_sink_buffer *out) {
    const size_t count = ht_report_device_count(report);
    struct ht_text text;
    ht_text_init(&text, options, out);
    for (size_t i = 0; i < count && !ht_text_failed(&text); i++) {
        if (i > 0) {
            ht_text_blank(&text);
            ht_text_blank(&text);
        }
        write_device(&text, report, i);
    }
    if (text.verbose) {
        ht_section_time(&text, ht_report_summary(report));
        ht_section_inputs(&text, ht_report_summary(report));
    }
    ht_text_release(&text);
}
