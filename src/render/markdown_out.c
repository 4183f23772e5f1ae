/* SPDX-License-Identifier: MIT */
#include "render/markdown_out.h"

#include "base/text.h"
#include "render/cells.h"

enum { PRINTABLE_BYTES = 1024, PRINTABLE_CELLS = 300 };

static bool is_alphanumeric(char c) {
    const char lower = ht_ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || ht_ascii_is_digit(c);
}

/* What a code span of one backtick holds as it is, also within a table. */
static bool fits_code_span(struct ht_str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '`' || text.ptr[i] == '|' || text.ptr[i] == '\\') {
            return false;
        }
    }
    return text.len > 0 && text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' ';
}

/* Every ASCII character but letters and digits as a reference. */
static void put_references(struct ht_strbuf *words, struct ht_str text) {
    ht_strbuf_puts(words, "<code>");
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char byte = (unsigned char)text.ptr[i];
        if (byte < 0x80 && !is_alphanumeric(text.ptr[i])) {
            ht_strbuf_printf(words, "&#%u;", byte);
        } else {
            ht_strbuf_putc(words, text.ptr[i]);
        }
    }
    ht_strbuf_puts(words, "</code>");
}

static void put_code(struct ht_strbuf *words, struct ht_str printable, size_t cells) {
    char cut[PRINTABLE_BYTES];
    const struct ht_str text = {cut, ht_cells_cut(cut, sizeof cut, printable, cells)};
    if (fits_code_span(text)) {
        ht_strbuf_putc(words, '`');
        ht_strbuf_add(words, text);
        ht_strbuf_putc(words, '`');
    } else {
        put_references(words, text);
    }
}

static void put_text(struct ht_strbuf *words, const char *text, size_t cells) {
    char printable[PRINTABLE_BYTES];
    const size_t len = ht_text_printable(printable, sizeof printable, ht_str_from(text));
    put_code(words, (struct ht_str){printable, len}, cells);
}

void ht_markdown_put_log(struct ht_strbuf *words, const char *log_text, const char *if_unknown) {
    if (log_text == NULL) {
        ht_strbuf_puts(words, if_unknown);
    } else {
        put_text(words, log_text, HT_MARKDOWN_TEXT_CELLS);
    }
}

void ht_markdown_put_printable(struct ht_strbuf *words, const char *printable) {
    put_text(words, printable, PRINTABLE_CELLS);
}

void ht_markdown_put_device(struct ht_strbuf *words, const char *device, const char *module) {
    ht_markdown_put_log(words, device, "(no id)");
    if (module != NULL) {
        ht_strbuf_putc(words, '/');
        ht_markdown_put_log(words, module, "");
    }
}

void ht_markdown_put_ours(struct ht_strbuf *words, const char *sentence) {
    static const char marks[] = "\\`*_[]|#~$@";
    for (; sentence != NULL && *sentence != '\0'; sentence++) {
        if (sentence[0] == ' ' && sentence[1] == ' ') {
            continue;
        }
        if (*sentence == '<') {
            ht_strbuf_puts(words, "&lt;");
        } else if (*sentence == '>') {
            ht_strbuf_puts(words, "&gt;");
        } else if (*sentence == '&') {
            ht_strbuf_puts(words, "&amp;");
        } else {
            if (strchr(marks, *sentence) != NULL) {
                ht_strbuf_putc(words, '\\');
            }
            ht_strbuf_putc(words, *sentence);
        }
    }
}

void ht_markdown_put_header(struct ht_strbuf *lines, const char *const *titles, size_t count,
                            unsigned right) {
    for (size_t i = 0; i < count; i++) {
        ht_strbuf_puts(lines, i == 0 ? "| " : " | ");
        ht_strbuf_puts(lines, titles[i]);
    }
    ht_strbuf_puts(lines, " |\n");
    for (size_t i = 0; i < count; i++) {
        ht_strbuf_puts(lines, i == 0 ? "| " : " | ");
        ht_strbuf_puts(lines, (right >> i & 1U) != 0 ? "---:" : "---");
    }
    ht_strbuf_puts(lines, " |\n");
}
