/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/time.h"
#include "render/cells.h"
#include "render/text_sections.h"

enum {
    SHOWN_MAX = 10,
    OVERVIEW_MAX = 6, /* so that the first screen has room for more */
    DEVICES_NAMED_MAX = 3,
    TITLE_INDENT = 9,
    LABEL_INDENT = 9,
    COMMAND_ID_MAX = 160,
    HEADLINE_BYTES = 256,
    AROUND_S = 600, /* shown before and after an incident */
};

static const char *level_label(enum ht_level level) {
    static const char *const labels[HT_LEVEL_COUNT] = {"NOTE", "WARNING", "ERROR"};
    return labels[level];
}

static enum ht_text_color level_color(enum ht_level level) {
    static const enum ht_text_color colors[HT_LEVEL_COUNT] = {HT_TEXT_BOLD, HT_TEXT_YELLOW,
                                                              HT_TEXT_RED};
    return colors[level];
}

/* "  14:24  100 devices": when, for an incident, and how many. */
static void put_extent(struct ht_strbuf *words, const struct ht_summary *summary,
                       const struct ht_finding *finding) {
    if (finding->incident < summary->incident_count) {
        char time[HT_TIME_TEXT_BYTES];
        (void)ht_time_format(summary->incidents[finding->incident].start_us, time);
        ht_strbuf_puts(words, "  ");
        ht_strbuf_add(words, (struct ht_str){time + sizeof "2025-03-10", sizeof "14:24" - 1});
    }
    if (finding->devices > 0) {
        ht_strbuf_puts(words, "  ");
        ht_text_put_number(words, finding->devices, "device", "devices");
    }
}

static void write_headline(struct ht_text *text, const struct ht_summary *summary,
                           const struct ht_finding *finding) {
    struct ht_strbuf *words = &text->words;
    const size_t room = ht_text_prose_width(text) - TITLE_INDENT;
    struct ht_strbuf extent;
    char title[HEADLINE_BYTES];
    ht_strbuf_init(&extent, sizeof title);
    put_extent(&extent, summary, finding);
    const size_t left = room - extent.len;
    ht_strbuf_add(words, (struct ht_str){title, ht_cells_cut(title, sizeof title,
                                                             ht_str_from(finding->title), left)});
    if (extent.len > 0) {
        ht_strbuf_repeat(words, ' ', left - ht_cells_width(ht_strbuf_str(words)));
        ht_strbuf_add(words, ht_strbuf_str(&extent));
    }
    ht_strbuf_release(&extent);
    ht_text_wrap(text, &(struct ht_text_style){
                           .label = level_label(finding->level),
                           .label_color = level_color(finding->level),
                           .indent = TITLE_INDENT,
                       });
}

void ht_section_overview(struct ht_text *text, const struct ht_summary *summary) {
    size_t shown = 0;
    size_t hidden = 0;
    for (size_t i = 0; i < summary->finding_count && !ht_text_failed(text); i++) {
        const struct ht_finding *finding = &summary->findings[i];
        if (finding->level == HT_LEVEL_NOTE) {
            continue;
        }
        if (shown == OVERVIEW_MAX && !text->verbose) {
            hidden++;
            continue;
        }
        if (shown == 0) {
            ht_text_blank(text);
        }
        write_headline(text, summary, finding);
        shown++;
    }
    if (hidden > 0) {
        ht_strbuf_puts(&text->words, "And ");
        ht_strbuf_put_grouped(&text->words, hidden);
        ht_strbuf_puts(&text->words, " more; -v shows all.");
        ht_text_wrap(text, &(struct ht_text_style){.indent = TITLE_INDENT});
    }
}

static void write_title(struct ht_text *text, const struct ht_summary *summary,
                        const struct ht_finding *finding) {
    struct ht_strbuf *words = &text->words;
    ht_strbuf_puts(words, finding->title);
    if (finding->hub != NULL && summary->hub_count > 1) {
        ht_strbuf_puts(words, " (");
        ht_text_put_log(words, finding->hub, "");
        ht_strbuf_putc(words, ')');
    }
    ht_text_wrap(text, &(struct ht_text_style){
                           .label = level_label(finding->level),
                           .label_color = level_color(finding->level),
                           .indent = TITLE_INDENT,
                           .color = HT_TEXT_BOLD,
                       });
}

static void write_labelled(struct ht_text *text, const char *label) {
    ht_text_wrap(text, &(struct ht_text_style){.label = label, .indent = LABEL_INDENT});
}

static void write_who(struct ht_text *text, const struct ht_report *report,
                      const struct ht_finding *finding) {
    struct ht_strbuf *words = &text->words;
    const size_t named = finding->device_index_count < DEVICES_NAMED_MAX
                             ? finding->device_index_count
                             : DEVICES_NAMED_MAX;
    if (named == 0) {
        return;
    }
    for (size_t i = 0; i < named; i++) {
        struct ht_device_view device;
        ht_report_device(report, finding->device_index[i], &device);
        ht_strbuf_puts(words, i > 0 ? ", " : "");
        ht_text_put_device(words, device.device, device.module);
    }
    if (finding->devices > named) {
        ht_strbuf_puts(words, " and ");
        ht_strbuf_put_grouped(words, finding->devices - named);
        ht_strbuf_puts(words, " more");
    }
    write_labelled(text, "  Who");
}

static int64_t whole_minute_us(int64_t time_us) {
    const int64_t minute_us = HT_S_PER_MINUTE * HT_US_PER_S;
    return time_us / minute_us * minute_us;
}

static void put_incident_command(struct ht_strbuf *words, const struct ht_incident_view *incident) {
    char time[HT_TIME_TEXT_BYTES];
    const int64_t recovery_s = incident->recovery_s != HT_SPAN_NONE ? incident->recovery_s : 0;
    const int64_t begin = incident->start_us - AROUND_S * HT_US_PER_S;
    const int64_t end = incident->end_us + (recovery_s + AROUND_S) * HT_US_PER_S;
    ht_strbuf_puts(words, "hubtriage report -v --since ");
    (void)ht_time_format(whole_minute_us(begin), time);
    ht_strbuf_puts(words, time);
    ht_strbuf_puts(words, " --until ");
    (void)ht_time_format(whole_minute_us(end), time);
    ht_strbuf_puts(words, time);
    ht_strbuf_puts(words, " PATH");
}

static bool is_plain(struct ht_str id) {
    for (size_t i = 0; i < id.len; i++) {
        const char c = ht_ascii_lower(id.ptr[i]);
        if (!(c >= 'a' && c <= 'z') && !ht_ascii_is_digit(c) &&
            memchr("-_:./", c, sizeof "-_:./" - 1) == NULL) {
            return false;
        }
    }
    return id.len > 0 && id.ptr[0] != '-';
}

/* Appends an id as one word of a shell, in quotes where it needs them; false for one that no
 * command line should hold: too long, with spaces, or not ASCII. */
static bool put_id(struct ht_strbuf *words, struct ht_str id) {
    const bool plain = is_plain(id);
    if (id.len == 0 || id.len > COMMAND_ID_MAX) {
        return false;
    }
    ht_strbuf_puts(words, id.ptr[0] == '-' ? "-- " : "");
    ht_strbuf_puts(words, plain ? "" : "'");
    for (size_t i = 0; i < id.len; i++) {
        if (id.ptr[i] <= ' ' || id.ptr[i] > '~') {
            return false;
        }
        if (id.ptr[i] == '\'') {
            ht_strbuf_puts(words, "'\\''");
        } else {
            ht_strbuf_putc(words, id.ptr[i]);
        }
    }
    ht_strbuf_puts(words, plain ? "" : "'");
    return true;
}

/* An id that does not fit a line would be broken: false. */
static bool put_device_command(struct ht_text *text, const struct ht_device_view *device) {
    const size_t room = ht_text_prose_width(text) - LABEL_INDENT - 2;
    struct ht_strbuf *words = &text->words;
    struct ht_strbuf id;
    ht_strbuf_init(&id, COMMAND_ID_MAX + 1);
    ht_strbuf_puts(&id, device->device != NULL ? device->device : "");
    if (device->module != NULL) {
        ht_strbuf_putc(&id, '/');
        ht_strbuf_puts(&id, device->module);
    }
    ht_strbuf_puts(words, "hubtriage device ");
    const size_t begin = words->len;
    const bool has_id = device->device != NULL && device->device[0] != '\0';
    const bool safe = has_id && id.status == HT_OK && put_id(words, ht_strbuf_str(&id)) &&
                      words->len - begin <= room;
    ht_strbuf_puts(words, " PATH");
    ht_strbuf_release(&id);
    return safe;
}

static void write_next(struct ht_text *text, const struct ht_report *report,
                       const struct ht_finding *finding) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_strbuf *words = &text->words;
    bool useful = false;
    if (finding->incident < summary->incident_count) {
        put_incident_command(words, &summary->incidents[finding->incident]);
        useful = true;
    } else if (finding->device_index_count > 0) {
        struct ht_device_view device;
        ht_report_device(report, finding->device_index[0], &device);
        useful = put_device_command(text, &device);
    }
    if (useful) {
        ht_text_wrap(text, &(struct ht_text_style){
                               .label = "  Next", .indent = LABEL_INDENT, .command = true});
    } else {
        ht_strbuf_clear(words);
    }
}

static void write_traits(struct ht_text *text, const struct ht_summary *summary, size_t index) {
    const struct ht_trait_group *group = ht_trait_group_of(summary, HT_TRAITS_OF_FINDING, index);
    if (group != NULL && group->trait_count > 0) {
        ht_text_put_traits(&text->words, group);
        write_labelled(text, "  With");
    }
}

/* What happened; of an incident that was told above, when. */
static void write_what(struct ht_text *text, const struct ht_report *report,
                       const struct ht_finding *finding) {
    const struct ht_summary *summary = ht_report_summary(report);
    const bool told = !text->verbose && finding->incident < summary->incident_count &&
                      ht_section_shows_incident(summary, finding->incident);
    if (told) {
        ht_strbuf_puts(&text->words, "The incident of ");
        ht_text_put_time(&text->words, summary->incidents[finding->incident].start_us);
        ht_strbuf_puts(&text->words, ", see above.");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
        return;
    }
    if (finding->detail != NULL) {
        ht_text_say(text, HT_TEXT_INDENT, finding->detail);
    }
    if (finding->level > HT_LEVEL_NOTE || text->verbose) {
        write_who(text, report, finding);
        write_traits(text, summary, (size_t)(finding - summary->findings));
    }
}

/* True when an earlier finding has given the same advice. */
static bool is_advised(const struct ht_summary *summary, const struct ht_finding *finding) {
    for (const struct ht_finding *one = summary->findings; one < finding; one++) {
        if (one->action != NULL && finding->action != NULL &&
            strcmp(one->action, finding->action) == 0) {
            return true;
        }
    }
    return false;
}

static void say_labelled(struct ht_text *text, const char *label, const char *words) {
    if (words != NULL) {
        ht_strbuf_puts(&text->words, words);
        write_labelled(text, label);
    }
}

/* What an engineer reads who wants to know more. */
static void write_more(struct ht_text *text, const struct ht_finding *finding) {
    const bool has_operator =
        finding->operator_action != NULL &&
        (finding->action == NULL || strcmp(finding->operator_action, finding->action) != 0);
    say_labelled(text, "  Check", finding->confirm);
    say_labelled(text, "  Device", finding->device_action);
    say_labelled(text, "  Hub", has_operator ? finding->operator_action : NULL);
}

static void write_quote(struct ht_text *text, const struct ht_finding *finding) {
    if (finding->quote != NULL) {
        ht_strbuf_puts(&text->words, "IoT Hub ");
        ht_text_put_log(&text->words, finding->hub, "(not named)");
        ht_strbuf_puts(&text->words, ": ");
        ht_strbuf_puts(&text->words, finding->quote);
        write_labelled(text, "  Quote");
    }
}

/* A note is told in brief: what it is, and that nobody need act. */
static void write_finding(struct ht_text *text, const struct ht_report *report,
                          const struct ht_finding *finding) {
    const struct ht_summary *summary = ht_report_summary(report);
    const bool advised = is_advised(summary, finding);
    const bool brief = finding->level == HT_LEVEL_NOTE && !text->verbose;
    write_title(text, summary, finding);
    write_what(text, report, finding);
    say_labelled(text, "  Data",
                 finding->level > HT_LEVEL_NOTE || text->verbose || finding->normal
                     ? finding->advice
                     : NULL);
    if (finding->action != NULL) {
        say_labelled(text, "  Do", advised ? "As above." : finding->action);
    }
    if (text->verbose && !advised) {
        write_more(text, finding);
    }
    write_quote(text, finding);
    if (!brief && !advised) {
        ht_text_url(text, "  Read", LABEL_INDENT, finding->url);
    }
    if (!brief) {
        write_next(text, report, finding);
    }
}

/* The first sentence of the advice is enough to begin with. */
void ht_section_first(struct ht_text *text, const struct ht_report *report) {
    const struct ht_summary *summary = ht_report_summary(report);
    const struct ht_finding *finding = summary->findings;
    if (summary->finding_count == 0 || finding->level == HT_LEVEL_NOTE || finding->action == NULL) {
        return;
    }
    const char *end = strstr(finding->action, ". ");
    const size_t len = end != NULL ? (size_t)(end - finding->action) + 1 : strlen(finding->action);
    ht_text_blank(text);
    ht_strbuf_add(&text->words, (struct ht_str){finding->action, len});
    ht_text_wrap(text, &(struct ht_text_style){
                           .label = "FIRST", .label_color = HT_TEXT_BOLD, .indent = TITLE_INDENT});
    write_next(text, report, finding);
}

void ht_section_findings(struct ht_text *text, const struct ht_report *report) {
    const struct ht_summary *summary = ht_report_summary(report);
    const bool all = text->verbose || summary->finding_count <= SHOWN_MAX;
    const size_t shown = all ? summary->finding_count : SHOWN_MAX;
    if (shown == 0) {
        return;
    }
    ht_text_heading(text, "FINDINGS");
    for (size_t i = 0; i < shown && !ht_text_failed(text); i++) {
        if (i > 0) {
            ht_text_blank(text);
        }
        write_finding(text, report, &summary->findings[i]);
    }
    if (shown < summary->finding_count) {
        ht_text_blank(text);
        ht_strbuf_puts(&text->words, "And ");
        ht_text_put_number(&text->words, summary->finding_count - shown, "more finding",
                           "more findings");
        ht_strbuf_puts(&text->words, " of no higher level; -v shows all.");
        ht_text_wrap(text, &(struct ht_text_style){0});
    }
}
