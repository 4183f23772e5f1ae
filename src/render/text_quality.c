/* SPDX-License-Identifier: MIT */
/* Time up and down, what was read, and what the log cannot tell. */
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "render/quality_words.h"
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
            ht_quality_put_example(&text->words, &quality->examples[i][k]);
            ht_text_wrap(text, &(struct ht_text_style){.indent = LABEL_INDENT + 2});
        }
    }
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
            ht_quality_put_problem(&text->words, &summary->sources[i]);
            write_labelled(text, label);
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

static void write_group(struct ht_text *text, const struct ht_quality *quality,
                        enum ht_quality_group group) {
    char label[LABEL_INDENT];
    (void)snprintf(label, sizeof label, "  %s", ht_quality_group_label(group));
    if (ht_quality_put_group(&text->words, quality, group)) {
        write_labelled(text, label);
    }
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
    ht_quality_put_read(&text->words, summary);
    write_labelled(text, "  Read");
    write_group(text, quality, HT_QUALITY_SKIPPED);
    write_unreadable(text, summary);
    ht_section_input_findings(text, summary->inventory);
    write_bad(text, quality);
    write_group(text, quality, HT_QUALITY_ORDER);
    if (text->verbose) { /* in brief, the limits tell of those that matter */
        write_group(text, quality, HT_QUALITY_SESSIONS);
        write_group(text, quality, HT_QUALITY_LACKING);
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
