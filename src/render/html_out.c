/* SPDX-License-Identifier: MIT */
#include "render/html_out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"
#include "base/text.h"
#include "render/cells.h"
#include "render/text_out.h"

enum { VIEW_CELLS = 48, TITLE_BYTES = 256, FORMAT_BYTES = 256 };

void ht_html_put(struct ht_html *page, struct ht_str markup) {
    page->bytes += markup.len;
    if (!page->measuring) {
        ht_sink_buffer_put(page->out, markup);
    }
}

void ht_html_raw(struct ht_html *page, const char *markup) {
    ht_html_put(page, ht_str_from(markup));
}

void ht_html_format(struct ht_html *page, const char *format, ...) {
    char markup[FORMAT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    const int len = vsnprintf(markup, sizeof markup, format, arguments);
    va_end(arguments);
    HT_ASSERT(len >= 0 && (size_t)len < sizeof markup);
    ht_html_put(page, (struct ht_str){markup, (size_t)len});
}

/* The only place where text becomes markup: good for text and for attributes in double quotes. */
static void put_escaped(struct ht_html *page, struct ht_str text) {
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = NULL;
        switch (text.ptr[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        ht_html_put(page, (struct ht_str){text.ptr + from, i - from});
        ht_html_raw(page, entity);
        from = i + 1;
    }
    ht_html_put(page, (struct ht_str){text.ptr + from, text.len - from});
}

void ht_html_words(struct ht_html *page) {
    ht_sink_buffer_note(page->out, page->words.status);
    put_escaped(page, ht_strbuf_str(&page->words));
    ht_strbuf_clear(&page->words);
}

void ht_html_text(struct ht_html *page, const char *words) {
    put_escaped(page, ht_str_from(words));
}

void ht_html_log(struct ht_html *page, const char *log_text, const char *if_unknown) {
    char printable[TITLE_BYTES];
    char view[TITLE_BYTES];
    if (log_text == NULL) {
        ht_html_text(page, if_unknown);
        return;
    }
    const size_t len = ht_text_printable(printable, sizeof printable, ht_str_from(log_text));
    const struct ht_str whole = {printable, len};
    const struct ht_str cut = {view, ht_cells_cut(view, sizeof view, whole, VIEW_CELLS)};
    if (ht_str_eq(whole, cut)) {
        put_escaped(page, whole);
        return;
    }
    ht_html_raw(page, "<span title=\"");
    put_escaped(page, whole);
    ht_html_raw(page, "\">");
    put_escaped(page, cut);
    ht_html_raw(page, "</span>");
}

void ht_html_device(struct ht_html *page, const char *device, const char *module) {
    ht_html_raw(page, "<bdi class=id>");
    ht_html_log(page, device, "(no id)");
    if (module != NULL) {
        ht_html_raw(page, "/");
        ht_html_log(page, module, "");
    }
    ht_html_raw(page, "</bdi>");
}

void ht_html_device_cell(struct ht_html *page, const char *device, const char *module) {
    char printable[TITLE_BYTES];
    char view[TITLE_BYTES];
    size_t len = ht_text_printable(printable, sizeof printable, ht_str_from(device));
    if (module != NULL && len + 8 < sizeof printable) {
        printable[len++] = '/';
        len += ht_text_printable(printable + len, sizeof printable - len, ht_str_from(module));
    }
    const struct ht_str whole = {printable, len};
    const struct ht_str cut = {view, ht_cells_cut(view, sizeof view, whole, VIEW_CELLS)};
    ht_html_raw(page, "<td");
    if (!ht_str_eq(whole, cut)) {
        ht_html_raw(page, " title=\"");
        put_escaped(page, whole);
        ht_html_raw(page, "\"");
    }
    ht_html_raw(page, ">");
    put_escaped(page, cut);
}

void ht_html_count(struct ht_html *page, uint64_t count) {
    ht_strbuf_put_grouped(&page->words, count);
    ht_html_words(page);
}

void ht_html_span(struct ht_html *page, int64_t seconds) {
    ht_text_put_span(&page->words, seconds);
    ht_html_words(page);
}

void ht_html_section(struct ht_html *page, const char *id, const char *title) {
    ht_html_format(page, "\n<section id=%s>\n<h2><a href=\"#%s\">", id, id);
    ht_html_text(page, title);
    ht_html_raw(page, "</a></h2>\n");
}

void ht_html_section_end(struct ht_html *page) {
    ht_html_raw(page, "</section>\n");
}

void ht_html_percent(struct ht_html *page, uint64_t part, uint64_t whole) {
    const double share = whole > 0 ? (double)part / (double)whole : 0;
    const uint64_t hundredths = (uint64_t)(share * 10000 + 0.5);
    ht_html_format(page, "%" PRIu64 ".%02" PRIu64, hundredths / 100, hundredths % 100);
}

void ht_html_fact(struct ht_html *page, const char *label) {
    ht_html_raw(page, "<div><dt>");
    ht_html_text(page, label);
    ht_html_raw(page, "</dt><dd>");
    ht_html_words(page);
    ht_html_raw(page, "</dd></div>");
}

static void put_head(struct ht_html *page, const char *columns) {
    while (*columns != '\0') {
        const char *end = columns;
        while (*end != '\0' && *end != '|') {
            end++;
        }
        const bool right = *columns == '#';
        columns += right;
        ht_html_raw(page, right ? "<th class=n scope=col>" : "<th scope=col>");
        put_escaped(page, (struct ht_str){columns, (size_t)(end - columns)});
        columns = *end == '|' ? end + 1 : end;
    }
    ht_html_raw(page, "</tr></thead>\n<tbody>\n");
}

void ht_html_table(struct ht_html *page, const char *columns) {
    ht_html_raw(page, "<div class=scroll tabindex=0><table>\n<thead><tr>");
    put_head(page, columns);
}

void ht_html_figures(struct ht_html *page, const char *columns) {
    ht_html_raw(page, "<details><summary>As a table</summary>\n"
                      "<div class=scroll tabindex=0><table class=figures-table>\n<thead><tr>");
    put_head(page, columns);
}

void ht_html_figure_cell(struct ht_html *page, uint64_t count) {
    ht_html_raw(page, "<td>");
    if (count > 0) {
        ht_html_count(page, count);
    }
}

void ht_html_figures_end(struct ht_html *page) {
    ht_html_raw(page, "</tbody></table></div></details>\n");
}

void ht_html_table_end(struct ht_html *page) {
    ht_html_raw(page, "</tbody></table></div>\n");
}
