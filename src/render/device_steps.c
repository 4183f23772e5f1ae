/* SPDX-License-Identifier: MIT */
/*
 * The steps of a time line. Without -v, steps that are like the one before them are told together,
 * and of the blocks that remain the first and the last are shown.
 */
#include <inttypes.h>

#include "base/time.h"
#include "render/device_sections.h"

enum {
    FIRST_SHOWN = 4,
    LAST_SHOWN = 16,
    FACT_INDENT = 12,
    NOTE_INDENT = 4,
    ALIKE_MIN = 2, /* so many are told together; a single one has a block of its own */
};

/* Steps that are told together with the one before them. */
struct alike {
    uint64_t count;
    const char *network; /* [log] of the first */
    bool many_networks;
    struct ht_device_step last;
    int64_t session_low_s;
    int64_t session_high_s;
    int64_t gap_low_s;
    int64_t gap_high_s;
    double confidence_low;
    double confidence_high;
};

struct walk {
    struct ht_text *text;
    const struct ht_report *report;
    const struct ht_device_view *view;
    struct alike alike;
    size_t blocks; /* begun so far */
    size_t total;  /* blocks of all; 0 while they are counted */
    uint64_t hidden;
};

static bool is_plain(const struct ht_device_step *step) {
    return step->has_disconnect && step->in_window && step->refused.count == 0 &&
           step->session.start == HT_START_SEEN && step->disconnect.gap_s != HT_SPAN_NONE &&
           step->disconnect.incident == HT_INDEX_NONE && step->disconnect.cause != HT_CAUSE_UNKNOWN;
}

static bool same_codes(const struct ht_disconnect *a, const struct ht_disconnect *b) {
    return a->code_count == b->code_count &&
           memcmp(a->codes, b->codes, a->code_count * sizeof a->codes[0]) == 0;
}

/* Nothing is to be learned from the second that the first does not show. Clients that throw each
 * other out come from here and from there. */
static bool are_alike(const struct ht_device_step *a, const struct ht_device_step *b) {
    const bool same_client =
        a->session.network == b->session.network && a->session.sdk == b->session.sdk;
    return is_plain(a) && is_plain(b) && a->disconnect.cause == b->disconnect.cause &&
           a->disconnect.planned == b->disconnect.planned &&
           same_codes(&a->disconnect, &b->disconnect) &&
           (same_client || a->disconnect.cause == HT_CAUSE_DUPLICATE_IDENTITY);
}

/* Sentences about one step. */

/* To the second, since lengths of sessions are to be compared: "1h09m59s". */
static void put_exact(struct ht_strbuf *words, int64_t seconds) {
    if (seconds < HT_S_PER_HOUR || seconds >= HT_S_PER_DAY) {
        ht_text_put_span(words, seconds);
        return;
    }
    ht_strbuf_printf(words, "%" PRId64 "h%02" PRId64 "m%02" PRId64 "s", seconds / HT_S_PER_HOUR,
                     seconds % HT_S_PER_HOUR / HT_S_PER_MINUTE, seconds % HT_S_PER_MINUTE);
}

/* "2025-03-10 00:23:43 to 01:34:06", with the second date where it is another day. */
static void put_time_after(struct ht_strbuf *words, int64_t before_us, int64_t time_us) {
    const int64_t day_us = HT_S_PER_DAY * HT_US_PER_S;
    char text[HT_TIME_TEXT_BYTES];
    if (before_us == HT_TIME_NONE || before_us / day_us != time_us / day_us) {
        ht_text_put_time(words, time_us);
        return;
    }
    (void)ht_time_format(time_us, text);
    ht_strbuf_add(words, (struct ht_str){text + sizeof "2025-03-10", sizeof "00:23:43" - 1});
}

static void put_begin(struct ht_strbuf *words, const struct ht_device_step *step) {
    switch (step->session.start) {
    case HT_START_BEFORE_LOG:
        ht_strbuf_puts(words, "before the log");
        break;
    case HT_START_MISSING:
        ht_strbuf_puts(words, "(no connect)");
        break;
    case HT_START_SEEN:
        ht_text_put_time(words, step->begin_us);
        break;
    }
}

static void put_end(struct ht_strbuf *words, const struct ht_device_step *step) {
    const int64_t begin_us = step->session.start == HT_START_SEEN ? step->begin_us : HT_TIME_NONE;
    switch (step->session.end) {
    case HT_END_SEEN:
        ht_strbuf_puts(words, " to ");
        put_time_after(words, begin_us, step->until_us);
        break;
    case HT_END_OPEN:
        ht_strbuf_puts(words, ", up at the end of the log");
        break;
    case HT_END_MISSING:
        ht_strbuf_puts(words, " to (no disconnect) at the latest ");
        put_time_after(words, begin_us, step->until_us);
        break;
    }
}

static void put_length(struct ht_strbuf *words, const struct ht_device_step *step) {
    const bool least =
        step->session.start == HT_START_BEFORE_LOG || step->session.end == HT_END_OPEN;
    const bool most =
        step->session.start == HT_START_MISSING || step->session.end == HT_END_MISSING;
    ht_strbuf_puts(words, least ? most ? ", about " : ", at least " : most ? ", at most " : ", ");
    put_exact(words, (step->until_us - step->begin_us) / HT_US_PER_S);
}

static void put_codes(struct ht_strbuf *words, const struct ht_disconnect *row) {
    for (size_t i = 0; i < row->code_count; i++) {
        ht_strbuf_printf(words, "%s%" PRIu32, i > 0 ? ", " : "; closed with ", row->codes[i]);
    }
    if (row->code_count == 0) {
        ht_strbuf_puts(words, "; closed without a code");
    }
}

static void put_return(struct ht_strbuf *words, const struct ht_disconnect *row) {
    if (row->gap_s == HT_SPAN_NONE) {
        ht_strbuf_puts(words, "; not seen back");
    } else if (row->gap_s == 0) {
        ht_strbuf_puts(words, "; back at once");
    } else {
        ht_strbuf_puts(words, "; back after ");
        ht_text_put_span(words, row->gap_s);
    }
}

static void write_verdict(struct ht_text *text, const struct ht_device_step *step) {
    const struct ht_disconnect *row = &step->disconnect;
    const char *class_name = ht_class_name(row->cause_class);
    const char *cause = ht_cause_name(row->cause);
    struct ht_strbuf *words = &text->words;
    ht_strbuf_puts(words, cause);
    if (strcmp(class_name, cause) != 0) {
        ht_strbuf_printf(words, " (%s)", class_name);
    }
    if (row->cause != HT_CAUSE_UNKNOWN) {
        ht_strbuf_puts(words, ", confidence ");
        ht_text_put_decimal(words, row->confidence, 2);
    }
    put_codes(words, row);
    put_return(words, row);
    ht_strbuf_puts(words, row->planned ? "; in maintenance, no fault" : "");
    ht_strbuf_puts(words, step->in_window ? "." : "; outside the window, not counted.");
    ht_text_wrap(text, &(struct ht_text_style){.indent = NOTE_INDENT});
}

/* The weight to the right of column 10, the fact behind it. */
static void write_evidence(struct ht_text *text, const struct ht_disconnect *row) {
    for (size_t i = 0; i < row->evidence_count; i++) {
        struct ht_strbuf weight;
        struct ht_strbuf label;
        ht_strbuf_init(&weight, 32);
        ht_strbuf_init(&label, 64);
        ht_strbuf_puts(&weight, row->evidence[i].weight > 0 ? "+" : "");
        ht_text_put_decimal(&weight, row->evidence[i].weight, 1);
        const size_t room = FACT_INDENT - 2;
        ht_strbuf_repeat(&label, ' ', weight.len < room ? room - weight.len : 0);
        ht_strbuf_add(&label, ht_strbuf_str(&weight));
        ht_text_put_whole(&text->words, row->evidence[i].fact);
        ht_text_wrap(text, &(struct ht_text_style){.label = label.ptr, .indent = FACT_INDENT});
        ht_strbuf_release(&weight);
        ht_strbuf_release(&label);
    }
}

static void write_incident(const struct walk *walk, const struct ht_disconnect *row) {
    const struct ht_summary *summary = ht_report_summary(walk->report);
    struct ht_strbuf *words = &walk->text->words;
    if (row->incident >= summary->incident_count) {
        return;
    }
    const struct ht_incident_view *incident = &summary->incidents[row->incident];
    ht_strbuf_puts(words, "Part of the incident of ");
    ht_text_put_time(words, incident->start_us);
    ht_strbuf_printf(words, ": %s, ", ht_cause_name(incident->cause));
    ht_strbuf_put_grouped(words, incident->devices);
    if (incident->connected_before > 0) {
        ht_strbuf_puts(words, " of ");
        ht_strbuf_put_grouped(words, incident->connected_before);
        ht_strbuf_puts(words, " connected devices of the hub (");
        ht_text_put_percent(words, incident->share, 1);
        ht_strbuf_puts(words, ")");
    } else {
        ht_strbuf_puts(words, incident->devices == 1 ? " device" : " devices");
    }
    ht_strbuf_puts(words, " within ");
    ht_text_put_span(words, ht_time_extent_s(incident->start_us, incident->end_us));
    ht_strbuf_puts(words, ".");
    ht_text_wrap(walk->text, &(struct ht_text_style){.indent = NOTE_INDENT});
}

static void put_refused_codes(struct ht_strbuf *words, const struct ht_refusals *refused) {
    for (size_t i = 0; i < refused->code_count; i++) {
        ht_strbuf_puts(words, i > 0 ? ", " : " with ");
        if (refused->codes[i] != 0) {
            ht_strbuf_printf(words, "%" PRIu32, refused->codes[i]);
        } else {
            ht_strbuf_puts(words, "no code");
        }
        if (refused->code_count > 1) {
            ht_strbuf_puts(words, " (");
            ht_strbuf_put_grouped(words, refused->code_counts[i]);
            ht_strbuf_puts(words, ")");
        }
    }
    if (refused->other_codes > 0) {
        ht_strbuf_puts(words, " and other codes (");
        ht_strbuf_put_grouped(words, refused->other_codes);
        ht_strbuf_puts(words, ")");
    }
}

static void write_refusals(struct ht_text *text, const struct ht_device_step *step) {
    const struct ht_refusals *refused = &step->refused;
    struct ht_strbuf *words = &text->words;
    const int64_t before_us = step->has_disconnect ? step->until_us : HT_TIME_NONE;
    if (refused->count == 0) {
        return;
    }
    ht_text_put_number(words, refused->count, "connect refused", "connects refused");
    put_refused_codes(words, refused);
    ht_strbuf_puts(words, refused->count == 1 ? " at " : " from ");
    put_time_after(words, before_us, refused->first_us);
    if (refused->count > 1) {
        ht_strbuf_puts(words, " to ");
        put_time_after(words, refused->first_us, refused->last_us);
    }
    if (refused->message != NULL) {
        ht_strbuf_puts(words, refused->count == 1 ? ": \"" : "; the last: \"");
        ht_text_put_log(words, refused->message, "");
        ht_strbuf_puts(words, "\"");
    }
    ht_strbuf_puts(words, ".");
    ht_text_wrap(text, &(struct ht_text_style){.indent = NOTE_INDENT});
}

/* What differs from the connection that the header tells of. */
static void write_connection(const struct walk *walk, const struct ht_session_view *session) {
    struct ht_strbuf *words = &walk->text->words;
    const char *before = "Other than above: ";
    if (session->network != walk->view->network && session->network != NULL) {
        ht_strbuf_printf(words, "%saddress ", before);
        ht_text_put_log(words, session->network, "");
        before = ", ";
    }
    if (session->sdk != walk->view->sdk && session->sdk != NULL) {
        ht_strbuf_printf(words, "%sSDK ", before);
        ht_text_put_log(words, session->sdk, "");
        before = ", ";
    }
    if (session->protocol != walk->view->protocol && session->protocol != NULL) {
        ht_strbuf_printf(words, "%sprotocol ", before);
        ht_text_put_log(words, session->protocol, "");
    }
    if (words->len > 0) {
        ht_strbuf_puts(words, ".");
        ht_text_wrap(walk->text, &(struct ht_text_style){.indent = NOTE_INDENT});
    }
}

static void write_block(const struct walk *walk, const struct ht_device_step *step) {
    struct ht_text *text = walk->text;
    if (!step->has_session) {
        ht_strbuf_puts(&text->words, "Before the first session");
        ht_text_wrap(text,
                     &(struct ht_text_style){.indent = HT_TEXT_INDENT, .color = HT_TEXT_BOLD});
        write_refusals(text, step);
        return;
    }
    put_begin(&text->words, step);
    put_end(&text->words, step);
    put_length(&text->words, step);
    ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT, .color = HT_TEXT_BOLD});
    write_connection(walk, &step->session);
    if (step->has_disconnect) {
        write_verdict(text, step);
        write_evidence(text, &step->disconnect);
        write_incident(walk, &step->disconnect);
    }
    write_refusals(text, step);
}

/* Telling many. */

static bool is_shown(const struct walk *walk) {
    return walk->total > 0 &&
           (walk->text->verbose || walk->total <= FIRST_SHOWN + LAST_SHOWN ||
            walk->blocks < FIRST_SHOWN || walk->blocks + LAST_SHOWN >= walk->total);
}

static void write_gap_in_list(struct walk *walk) {
    if (walk->hidden > 0 && walk->total > 0) {
        ht_strbuf_puts(&walk->text->words, "... ");
        ht_text_put_number(&walk->text->words, walk->hidden, "session is", "sessions are");
        ht_strbuf_puts(&walk->text->words,
                       " left out here; -v shows all, --since and --until a part of them.");
        ht_text_wrap(walk->text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
    walk->hidden = 0;
}

static void begin_block(struct walk *walk, const struct ht_device_step *step) {
    if (is_shown(walk)) {
        write_gap_in_list(walk);
        write_block(walk, step);
    } else {
        walk->hidden += step->has_session;
    }
    walk->blocks++;
}

static void put_range(struct ht_strbuf *words, int64_t low_s, int64_t high_s) {
    put_exact(words, low_s);
    if (low_s != high_s) {
        ht_strbuf_puts(words, " to ");
        put_exact(words, high_s);
    }
}

static void write_alike(struct walk *walk) {
    const struct alike *alike = &walk->alike;
    struct ht_strbuf *words = &walk->text->words;
    ht_strbuf_puts(words, "... and ");
    ht_strbuf_put_grouped(words, alike->count);
    ht_strbuf_puts(words, " more like it, until ");
    ht_text_put_time(words, alike->last.until_us);
    ht_strbuf_puts(words, ": sessions of ");
    put_range(words, alike->session_low_s, alike->session_high_s);
    ht_strbuf_puts(words, alike->many_networks ? ", from several addresses" : "");
    if (alike->gap_high_s > 0) {
        ht_strbuf_puts(words, ", back after ");
        put_range(words, alike->gap_low_s, alike->gap_high_s);
    } else {
        ht_strbuf_puts(words, ", back at once");
    }
    ht_strbuf_puts(words, ", confidence ");
    ht_text_put_decimal(words, alike->confidence_low, 2);
    if (alike->confidence_low < alike->confidence_high) {
        ht_strbuf_puts(words, " to ");
        ht_text_put_decimal(words, alike->confidence_high, 2);
    }
    ht_strbuf_puts(words, "; -v shows each.");
    ht_text_wrap(walk->text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
}

static void end_alike(struct walk *walk) {
    struct alike *alike = &walk->alike;
    if (alike->count >= ALIKE_MIN) {
        if (is_shown(walk)) {
            write_gap_in_list(walk);
            write_alike(walk);
        } else {
            walk->hidden += alike->count;
        }
        walk->blocks++;
    } else if (alike->count > 0) {
        begin_block(walk, &alike->last);
    }
    alike->count = 0;
}

static void take_alike(struct alike *alike, const struct ht_device_step *step) {
    const struct ht_disconnect *row = &step->disconnect;
    const bool first = alike->count == 0;
    alike->session_low_s =
        first || row->session_s < alike->session_low_s ? row->session_s : alike->session_low_s;
    alike->session_high_s =
        first || row->session_s > alike->session_high_s ? row->session_s : alike->session_high_s;
    alike->gap_low_s = first || row->gap_s < alike->gap_low_s ? row->gap_s : alike->gap_low_s;
    alike->gap_high_s = first || row->gap_s > alike->gap_high_s ? row->gap_s : alike->gap_high_s;
    alike->confidence_low =
        first || row->confidence < alike->confidence_low ? row->confidence : alike->confidence_low;
    alike->confidence_high = first || row->confidence > alike->confidence_high
                                 ? row->confidence
                                 : alike->confidence_high;
    alike->network = first ? step->session.network : alike->network;
    alike->many_networks =
        !first && (alike->many_networks || step->session.network != alike->network);
    alike->last = *step;
    alike->count++;
}

/* Goes through all steps; counts the blocks, and writes them when their number is known. */
static void go(struct walk *walk, size_t device) {
    const size_t count = ht_device_step_count(walk->report, device);
    struct ht_device_step head = {.has_session = false};
    walk->blocks = 0;
    walk->hidden = 0;
    walk->alike.count = 0;
    for (size_t i = 0; i < count && !ht_text_failed(walk->text); i++) {
        struct ht_device_step step;
        ht_device_step(walk->report, device, i, &step);
        if (!walk->text->verbose && are_alike(&head, &step)) {
            take_alike(&walk->alike, &step);
            continue;
        }
        end_alike(walk);
        begin_block(walk, &step);
        head = step;
    }
    end_alike(walk);
    write_gap_in_list(walk);
}

void ht_device_section_steps(struct ht_text *text, const struct ht_report *report, size_t device,
                             const struct ht_device_view *view) {
    struct walk walk = {.text = text, .report = report, .view = view};
    ht_text_heading(text, "SESSIONS (+ speaks for the cause given, - against it)");
    if (ht_device_step_count(report, device) == 0) {
        ht_text_say(text, HT_TEXT_INDENT, "None within the window.");
        return;
    }
    go(&walk, device);
    walk.total = walk.blocks;
    go(&walk, device);
}
