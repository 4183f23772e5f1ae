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

static void fill_topic(const void *ctx, size_t index, struct ht_text_row *row) {
    const struct ht_topic *topic = &((const struct ht_topic *)ctx)[index];
    char words[HT_TEXT_CELL_BYTES];
    if (topic->code != 0) {
        (void)snprintf(words, sizeof words, "%" PRIu32, topic->code);
        ht_row_puts(row, 0, words);
        (void)snprintf(words, sizeof words, "%s: %s", topic->word, topic->meaning);
        ht_row_puts(row, 2, words);
    } else {
        ht_row_puts(row, 0, topic->word);
        ht_row_puts(row, 2, topic->meaning);
    }
    struct ht_strbuf kinds;
    ht_strbuf_init(&kinds, sizeof words);
    put_kinds(&kinds, topic->kinds);
    ht_row_puts(row, 1, kinds.ptr);
    ht_strbuf_release(&kinds);
}

static void write_list(struct ht_text *text, const struct ht_topic *topics, size_t count) {
    static const struct ht_text_column columns[] = {
        {.title = "word"},
        {.title = "what it is"},
        {.title = "meaning", .least = 20},
    };
    ht_text_table_write(text, &(struct ht_text_table){
                                  .columns = columns,
                                  .column_count = HT_ARRAY_LEN(columns),
                                  .row_count = count,
                                  .fill = fill_topic,
                                  .ctx = topics,
                              });
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
