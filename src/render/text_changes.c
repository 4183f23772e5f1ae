/* SPDX-License-Identifier: MIT */
#include "render/text_sections.h"

enum { CHANGES_SHOWN = 12 };

static void put_counts(struct ht_strbuf *words, const struct ht_changes *changes) {
    static const char *const one[HT_CHANGE_KIND_COUNT] = {"new incident", "new finding",
                                                          "device newly bad", "device recovered",
                                                          "finding closed"};
    static const char *const many[HT_CHANGE_KIND_COUNT] = {"new incidents", "new findings",
                                                           "devices newly bad", "devices recovered",
                                                           "findings closed"};
    const char *between = ": ";
    ht_strbuf_puts(words, "Since the last run (");
    ht_text_put_time(words, changes->last_run_us);
    ht_strbuf_puts(words, " UTC)");
    for (size_t i = 0; i < HT_CHANGE_KIND_COUNT; i++) {
        if (changes->counts[i] > 0) {
            ht_strbuf_puts(words, between);
            ht_text_put_number(words, changes->counts[i], one[i], many[i]);
            between = ", ";
        }
    }
    ht_strbuf_puts(words, changes->count > 0 ? "." : ": nothing new.");
}

static void write_change(struct ht_text *text, const struct ht_change *change) {
    static const char *const labels[HT_CHANGE_KIND_COUNT] = {"  new", "  new", "  new",
                                                             "  recovered", "  closed"};
    struct ht_strbuf *words = &text->words;
    if (change->device != NULL) {
        ht_text_put_device(words, change->device, change->module);
    } else {
        ht_text_put_log(words, change->rule, "?");
    }
    if (change->hub != NULL) {
        ht_strbuf_puts(words, " on ");
        ht_text_put_log(words, change->hub, "?");
    }
    if (change->kind == HT_CHANGE_NEW_INCIDENT) {
        ht_strbuf_puts(words, ", ");
        ht_text_put_time(words, change->start_us);
    } else {
        ht_strbuf_puts(words, ", ");
        ht_strbuf_puts(words, ht_level_name((enum ht_level)change->level));
    }
    ht_text_wrap(text, &(struct ht_text_style){.label = labels[change->kind], .indent = 13});
}

void ht_section_changes(struct ht_text *text, const struct ht_summary *summary) {
    const struct ht_changes *changes = summary->changes;
    if (changes == NULL) {
        return;
    }
    ht_text_blank(text);
    put_counts(&text->words, changes);
    ht_text_wrap(text, &(struct ht_text_style){.label = NULL});
    const size_t shown =
        text->verbose || changes->count < CHANGES_SHOWN ? changes->count : CHANGES_SHOWN;
    for (size_t i = 0; i < shown && !ht_text_failed(text); i++) {
        write_change(text, &changes->items[i]);
    }
    if (shown < changes->count) {
        ht_strbuf_put_grouped(&text->words, changes->count - shown);
        ht_strbuf_puts(&text->words, " more; -v shows all");
        ht_text_wrap(text, &(struct ht_text_style){.indent = 2});
    }
}
