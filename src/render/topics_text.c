/* SPDX-License-Identifier: MIT */
/* Explanations for people: a page for each word, or one line for each in a list. */
#include <inttypes.h>
#include <stdio.h>

#include "base/compiler.h"
#include "render/text_table.h"
#include "render/topics_render.h"

enum { LABEL_INDENT = 12 };

/* "cause, finding" */
static void put_kinds(struct ht_strbuf *words, unsigned kinds) {
    const char *before = "";
    for (unsigned bit = 0; bit < HT_TOPIC_KIND_COUNT; bit++) {
        if ((kinds >> bit & 1U) != 0) {
            ht_strbuf_puts(words, before);
            ht_strbuf_puts(words, ht_topic_kind_name((enum ht_topic_kind)(1U << bit)));
            before = ", ";
        }
    }
}

static void write_labelled(struct ht_text *text, const char *label, const char *words) {
    if (words != NULL) {
        ht_strbuf_puts(&text->words, words);
        ht_text_wrap(text, &(struct ht_text_style){.label = label, .indent = LABEL_INDENT});
    }
}

/* What a report prints under this word; of one finding the advice stands above already. */
static void write_findings(struct ht_text *text, const struct ht_topic *topic) {
    for (size_t i = 0; i < topic->finding_count; i++) {
        const struct ht_topic_finding *finding = &topic->findings[i];
        ht_strbuf_putc(&text->words, '"');
        ht_strbuf_puts(&text->words, finding->title);
        ht_strbuf_putc(&text->words, '"');
        if (finding->action != topic->operator_do) {
            ht_strbuf_puts(&text->words, ": ");
            ht_strbuf_puts(&text->words, finding->action);
        }
        ht_text_wrap(text, &(struct ht_text_style){.label = i == 0 ? "  In reports" : NULL,
                                                   .indent = LABEL_INDENT + 2});
    }
}

static void write_page(struct ht_text *text, const struct ht_topic *topic) {
    if (topic->code != 0) {
        ht_strbuf_printf(&text->words, "%" PRIu32 " ", topic->code);
    }
    ht_strbuf_puts(&text->words, topic->word);
    ht_strbuf_puts(&text->words, " (");
    put_kinds(&text->words, topic->kinds);
    ht_strbuf_puts(&text->words, ")");
    ht_text_wrap(text, &(struct ht_text_style){.color = HT_TEXT_BOLD});
    ht_text_say(text, HT_TEXT_INDENT, topic->meaning);
    ht_text_blank(text);
    write_labelled(text, "  Told by", topic->use);
    write_labelled(text, "  Confirm", topic->confirm);
    write_labelled(text, "  Device", topic->device);
    write_labelled(text, "  Operator", topic->operator_do);
    write_findings(text, topic);
    write_labelled(text, "  See", topic->see);
    ht_text_url(text, "  Read", LABEL_INDENT, topic->url);
}

/* Lists: words by what they are, then codes. */

enum list_part { LIST_CAUSES = 0, LIST_FINDINGS, LIST_PATTERNS, LIST_CODES, LIST_PART_COUNT };

static enum list_part part_of(const struct ht_topic *topic) {
    if (topic->code != 0) {
        return LIST_CODES;
    }
    if ((topic->kinds & ((unsigned)HT_TOPIC_CAUSE | HT_TOPIC_CLASS)) != 0) {
        return LIST_CAUSES;
    }
    return (topic->kinds & HT_TOPIC_FINDING) != 0 ? LIST_FINDINGS : LIST_PATTERNS;
}

struct list_rows {
    const struct ht_topic *topics;
    size_t count;
    enum list_part part;
};

/* The n-th topic of the part. */
static const struct ht_topic *topic_at(const struct list_rows *rows, size_t index) {
    size_t at = 0;
    for (size_t left = index;; at++) {
        if (part_of(&rows->topics[at]) == rows->part && left-- == 0) {
            return &rows->topics[at];
        }
    }
}

static void fill_word(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_topic *topic = topic_at(ctx, index);
    ht_row_puts(row, 0, topic->word);
    ht_row_puts(row, 1, topic->meaning);
}

static void fill_code(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_topic *topic = topic_at(ctx, index);
    (void)snprintf(row->cells[0], HT_TEXT_CELL_BYTES, "%" PRIu32, topic->code);
    ht_row_puts(row, 1, topic->word);
    ht_row_puts(row, 2, topic->meaning);
}

/* True when there was something to write. */
static bool write_part(struct ht_text *text, const struct list_rows *rows, bool first) {
    static const char *const titles[LIST_PART_COUNT] = {"CAUSES AND CLASSES", "FINDINGS",
                                                        "PATTERNS", "CODES"};
    static const struct ht_text_column words[] = {
        {.title = "word"},
        {.title = "meaning", .least = 20},
    };
    static const struct ht_text_column codes[] = {
        {.title = "code"},
        {.title = "name", .least = 20},
        {.title = "meaning", .least = 24, .drop = 1},
    };
    const bool is_code = rows->part == LIST_CODES;
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        count += part_of(&rows->topics[i]) == rows->part;
    }
    if (count == 0) {
        return false;
    }
    if (first) {
        ht_text_line(text, ht_str_from(titles[rows->part]), HT_TEXT_BOLD);
    } else {
        ht_text_heading(text, titles[rows->part]);
    }
    ht_text_table_write(text,
                        &(struct ht_text_table){
                            .columns = is_code ? codes : words,
                            .column_count = is_code ? HT_ARRAY_LEN(codes) : HT_ARRAY_LEN(words),
                            .row_count = count,
                            .fill = is_code ? fill_code : fill_word,
                            .ctx = rows,
                        });
    return true;
}

static void write_list(struct ht_text *text, const struct ht_topic *topics, size_t count) {
    bool first = true;
    for (int part = 0; part < LIST_PART_COUNT && !ht_text_failed(text); part++) {
        const struct list_rows rows = {topics, count, (enum list_part)part};
        first = !write_part(text, &rows, first) && first;
    }
    ht_text_blank(text);
    ht_text_say(text, 0, "More on each: hubtriage explain WORD.");
}

void ht_render_topics_text(const struct ht_topic *topics, size_t count, bool as_list,
                           const struct ht_render_options *options, struct ht_sink_buffer *out) {
    struct ht_text text;
    ht_text_init(&text, options, out);
    if (as_list) {
        write_list(&text, topics, count);
    }
    for (size_t i = 0; i < count && !as_list && !ht_text_failed(&text); i++) {
        if (i > 0) {
            ht_text_blank(&text);
        }
        write_page(&text, &topics[i]);
    }
    ht_text_release(&text);
}
