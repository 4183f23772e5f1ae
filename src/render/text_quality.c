/* SPDX-License-Identifier: MIT */
/* Time up and down, what was read, and what the log cannot tell. */
#include <string.h>

#include "base/compiler.h"
#include "render/text_sections.h"
#include "render/text_table.h"

enum { LABEL_INDENT = 13, UNREADABLE_MAX = 3 };

static void write_labelled(struct ht_text *text, const char *label) {
    ht_text_wrap(text, &(struct ht_text_style){.label = label, .indent = LABEL_INDENT});
}

static void put_part(struct ht_strbuf *words, const char *name, int64_t part_s, double whole_s) {
    ht_strbuf_puts(words, name);
    ht_text_put_decimal(words, (double)part_s / whole_s * 100, 1);
    ht_strbuf_puts(words, " %");
}

void ht_section_time(struct ht_text *text, const struct ht_summary *summary) {
    struct ht_strbuf *words = &text->words;
    const double whole_s =
        (double)summary->up_s + (double)summary->down_s + (double)summary->unknown_s;
    if (!(whole_s > 0)) {
        return;
    }
    ht_text_heading(text, "TIME OF ALL DEVICES");
    put_part(words, "Up ", summary->up_s, whole_s);
    put_part(words, ", down ", summary->down_s, whole_s);
    ht_strbuf_puts(words, " (");
    ht_text_put_span(words, summary->down_s);
    ht_strbuf_puts(words, ")");
    put_part(words, ", unknown ", summary->unknown_s, whole_s);
    ht_strbuf_puts(words, ". ");
    ht_strbuf_puts(words, summary->time_method);
    ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
}

/* Parts of a sentence between commas: those that are not 0. */
struct part {
    uint64_t count;
    const char *one;
    const char *many;
};

static bool put_parts(struct ht_strbuf *words, const struct part *parts, size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].count > 0) {
            ht_strbuf_puts(words, any ? ", " : "");
            ht_text_put_number(words, parts[i].count, parts[i].one, parts[i].many);
            any = true;
        }
    }
    return any;
}

static void write_parts(struct ht_text *text, const char *label, const struct part *parts,
                        size_t count) {
    if (put_parts(&text->words, parts, count)) {
        ht_strbuf_putc(&text->words, '.');
        write_labelled(text, label);
    }
}

static void write_read(struct ht_text *text, const struct ht_summary *summary) {
    const struct ht_quality *quality = &summary->quality;
    struct ht_strbuf *words = &text->words;
    ht_text_put_number(words, quality->records, "record", "records");
    ht_strbuf_puts(words, ", ");
    ht_text_put_bytes(words, quality->bytes);
    ht_strbuf_puts(words, ", from ");
    ht_text_put_number(words, summary->source_count, "input", "inputs");
    ht_strbuf_puts(words, "; ");
    ht_text_put_number(words, quality->events, "event that matters", "events that matter");
    if (summary->first_us != HT_TIME_NONE) {
        ht_strbuf_puts(words, ". The report covers ");
        ht_text_put_time(words, summary->first_us);
        ht_strbuf_puts(words, " to ");
        ht_text_put_time(words, summary->last_us);
        ht_strbuf_puts(words, " UTC");
    }
    ht_strbuf_putc(words, '.');
    write_labelled(text, "  Read");
}

static void write_skipped(struct ht_text *text, const struct ht_quality *quality) {
    const struct part parts[] = {
        {quality->other_services, "record of another service", "records of other services"},
        {quality->other_records, "IoT Hub record that tells nothing of connections",
         "IoT Hub records that tell nothing of connections"},
        {quality->not_records, "value that is no log record", "values that are no log record"},
        {quality->dropped_events, "event over the limit of events or devices",
         "events over the limit of events or devices"},
        {quality->dropped_attributes, "attribute over the limit of distinct texts",
         "attributes over the limit of distinct texts"},
    };
    write_parts(text, "  Skipped", parts, HT_ARRAY_LEN(parts));
}

static void write_example(struct ht_text *text, const struct ht_bad_example *example) {
    struct ht_strbuf *words = &text->words;
    ht_strbuf_puts(words, "First: ");
    ht_text_put_whole(words, example->source);
    ht_strbuf_puts(words, ", record ");
    ht_strbuf_put_grouped(words, example->record);
    ht_strbuf_puts(words, ", byte ");
    ht_strbuf_put_grouped(words, example->offset_bytes);
    if (example->why != NULL) {
        ht_strbuf_puts(words, ": ");
        ht_text_put_whole(words, example->why);
    }
    ht_text_wrap(text, &(struct ht_text_style){.indent = LABEL_INDENT + 2});
}

static void write_bad(struct ht_text *text, const struct ht_quality *quality) {
    struct ht_strbuf *words = &text->words;
    const char *label = "  Malformed";
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        if (quality->bad[i] == 0) {
            continue;
        }
        ht_text_put_number(words, quality->bad[i], "record: ", "records: ");
        ht_strbuf_puts(words, ht_bad_name((enum ht_bad)i));
        ht_strbuf_putc(words, '.');
        write_labelled(text, label);
        label = "";
        const size_t shown =
            text->verbose || quality->example_count[i] < 1 ? quality->example_count[i] : 1;
        for (size_t k = 0; k < shown; k++) {
            write_example(text, &quality->examples[i][k]);
        }
    }
}

static void write_problem(struct ht_text *text, const char *label,
                          const struct ht_source_view *source) {
    struct ht_strbuf *words = &text->words;
    ht_text_put_whole(words, source->name);
    ht_strbuf_puts(words, ": ");
    ht_text_put_whole(words, source->problem);
    if (source->hint != NULL) {
        ht_strbuf_puts(words, "; ");
        ht_text_put_whole(words, source->hint);
    }
    write_labelled(text, label);
}

static void write_unreadable(struct ht_text *text, const struct ht_summary *summary) {
    const char *label = "  Unreadable";
    size_t shown = 0;
    size_t hidden = 0;
    for (size_t i = 0; i < summary->source_count && !ht_text_failed(text); i++) {
        if (summary->sources[i].problem == NULL) {
            continue;
        }
        if (text->verbose || shown < UNREADABLE_MAX) {
            write_problem(text, label, &summary->sources[i]);
            label = "";
            shown++;
        } else {
            hidden++;
        }
    }
    if (hidden > 0) {
        ht_strbuf_puts(&text->words, "And ");
        ht_text_put_number(&text->words, hidden, "more input", "more inputs");
        ht_strbuf_puts(&text->words, "; -v shows all.");
        write_labelled(text, "");
    }
}

static void write_order(struct ht_text *text, const struct ht_quality *quality) {
    const struct part parts[] = {
        {quality->duplicates, "event met again and counted once",
         "events met again and counted once"},
        {quality->out_of_order, "event late in its input and put in its place",
         "events late in their input and put in their place"},
    };
    write_parts(text, "  Order", parts, HT_ARRAY_LEN(parts));
}

static void write_sessions(struct ht_text *text, const struct ht_quality *quality) {
    const struct part parts[] = {
        {quality->starts_before_log, "session began before the log",
         "sessions began before the log"},
        {quality->starts_missing, "end without its connect", "ends without their connect"},
        {quality->ends_missing, "connect on top of an open session",
         "connects on top of an open session"},
    };
    write_parts(text, "  Sessions", parts, HT_ARRAY_LEN(parts));
}

static void write_lacking(struct ht_text *text, const struct ht_quality *quality) {
    const struct part parts[] = {
        {quality->without_sdk, "connect without sdkVersion", "connects without sdkVersion"},
        {quality->without_auth, "connect without a readable authType",
         "connects without a readable authType"},
        {quality->without_network, "connect without maskedIpAddress",
         "connects without maskedIpAddress"},
    };
    write_parts(text, "  Lacking", parts, HT_ARRAY_LEN(parts));
}

static void write_slow(struct ht_text *text, const struct ht_quality *quality) {
    if (quality->slow_records > 0) {
        ht_text_put_number(&text->words, quality->slow_records, "record", "records");
        ht_strbuf_puts(&text->words, " in unusual JSON, read the slow way.");
        write_labelled(text, "  Slow");
    }
}

void ht_section_quality(struct ht_text *text, const struct ht_summary *summary) {
    const struct ht_quality *quality = &summary->quality;
    ht_text_heading(text, "DATA QUALITY: WHAT WAS READ, AND WHAT IT CANNOT TELL");
    write_read(text, summary);
    write_skipped(text, quality);
    write_unreadable(text, summary);
    ht_section_input_findings(text, summary->inventory);
    write_bad(text, quality);
    write_order(text, quality);
    if (text->verbose) { /* in brief, the limits tell of those that matter */
        write_sessions(text, quality);
        write_lacking(text, quality);
        write_slow(text, quality);
    }
    for (size_t i = 0; i < quality->limit_count && !ht_text_failed(text); i++) {
        ht_strbuf_puts(&text->words, quality->limits[i]);
        write_labelled(text, i == 0 ? "  Limits" : "");
    }
}

struct input_rows {
    const struct ht_summary *summary;
    size_t shared; /* bytes of the folder that all names begin with */
};

/* Including its last slash; what is the same in every row tells nothing. */
static size_t shared_folder(const struct ht_summary *summary) {
    const char *first = summary->sources[0].name;
    size_t len = summary->source_count > 1 ? strlen(first) : 0;
    for (size_t i = 1; i < summary->source_count; i++) {
        size_t same = 0;
        while (same < len && summary->sources[i].name[same] == first[same]) {
            same++;
        }
        len = same;
    }
    while (len > 0 && first[len - 1] != '/') {
        len--;
    }
    return len;
}

static void fill_input(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct input_rows *rows = ctx;
    const struct ht_source_view *source = &rows->summary->sources[index];
    ht_row_puts(row, 0, source->name + rows->shared);
    ht_row_count(row, 1, source->records);
    ht_row_count(row, 2, source->events);
    ht_row_count(row, 3, source->bad);
    ht_row_time(row, 4, source->first_us);
    ht_row_time(row, 5, source->last_us);
}

void ht_section_inputs(struct ht_text *text, const struct ht_summary *summary) {
    static const struct ht_text_column columns[] = {
        {.title = "input", .middle = true, .least = 16},
        {.title = "records", .right = true},
        {.title = "events", .right = true},
        {.title = "bad", .right = true},
        {.title = "first event", .drop = 1},
        {.title = "last event", .drop = 2},
    };
    if (summary->source_count == 0) {
        return;
    }
    const struct input_rows rows = {.summary = summary, .shared = shared_folder(summary)};
    ht_text_heading(text, "INPUTS");
    if (rows.shared > 0) {
        struct ht_strbuf folder;
        ht_strbuf_init(&folder, rows.shared + 1);
        ht_strbuf_add(&folder, (struct ht_str){summary->sources[0].name, rows.shared});
        ht_strbuf_puts(&text->words, "In ");
        ht_text_put_whole(&text->words, folder.ptr);
        ht_strbuf_release(&folder);
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = summary->source_count,
                                  .fill = fill_input,
                                  .ctx = &rows,
                              });
}
