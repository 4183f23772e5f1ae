/* SPDX-License-Identifier: MIT */
#include "render/text_out.h"

#include "base/compiler.h"
#include "base/text.h"
#include "base/time.h"
#include "render/cells.h"
#include "render/decimal.h"

enum {
    WORDS_BYTES_MAX = 64 * 1024,
    PRINTABLE_BYTES = 1024, /* of one log text */
};

void ht_text_init(struct ht_text *text, const struct ht_render_options *options,
                  struct ht_sink_buffer *out) {
    size_t width = options->width > 0 ? options->width : HT_TEXT_WIDTH_DEFAULT;
    width = width < HT_TEXT_WIDTH_MIN ? HT_TEXT_WIDTH_MIN : width;
    width = width > HT_TEXT_WIDTH_MAX ? HT_TEXT_WIDTH_MAX : width;
    *text = (struct ht_text){.out = out,
                             .width = width,
                             .color = options->color,
                             .unicode = options->unicode,
                             .verbose = options->verbose};
    ht_strbuf_init(&text->words, WORDS_BYTES_MAX);
}

void ht_text_release(struct ht_text *text) {
    ht_strbuf_release(&text->words);
}

void ht_text_blank(struct ht_text *text) {
    ht_sink_buffer_putc(text->out, '\n');
}

static void put_colored(struct ht_text *text, struct ht_str bytes, enum ht_text_color color) {
    static const char *const starts[] = {
        [HT_TEXT_PLAIN] = "",
        [HT_TEXT_BOLD] = "\x1B[1m",
        [HT_TEXT_RED] = "\x1B[1;31m",
        [HT_TEXT_YELLOW] = "\x1B[1;33m",
    };
    const bool colored = text->color && color != HT_TEXT_PLAIN && bytes.len > 0;
    if (colored) {
        ht_sink_buffer_puts(text->out, starts[color]);
    }
    ht_sink_buffer_put(text->out, bytes);
    if (colored) {
        ht_sink_buffer_puts(text->out, "\x1B[0m");
    }
}

void ht_text_line(struct ht_text *text, struct ht_str line, enum ht_text_color color) {
    line.len = ht_cells_prefix(line, text->width);
    while (line.len > 0 && line.ptr[line.len - 1] == ' ') {
        line.len--;
    }
    put_colored(text, line, color);
    ht_sink_buffer_putc(text->out, '\n');
}

void ht_text_heading(struct ht_text *text, const char *title) {
    ht_text_blank(text);
    ht_text_line(text, ht_str_from(title), HT_TEXT_BOLD);
}

/* True where a line may end: before a space that no unit follows ("72 %"). */
static bool may_break(struct ht_str text, size_t at) {
    return text.ptr[at] == ' ' && !(at + 1 < text.len && text.ptr[at + 1] == '%');
}

static void skip_spaces(struct ht_str *text) {
    while (text->len > 0 && text->ptr[0] == ' ') {
        text->ptr++;
        text->len--;
    }
}

/* Takes from *rest the words that fit into the cells; at least one character. */
static struct ht_str take_line(struct ht_str *rest, size_t cells) {
    struct ht_str line = {rest->ptr, ht_cells_prefix(*rest, cells)};
    if (line.len == 0) {
        line.len = rest->len;
    }
    size_t at = line.len;
    while (line.len < rest->len && at > 0 && !may_break(*rest, at)) {
        at--;
    }
    line.len = at > 0 ? at : line.len;
    rest->ptr += line.len;
    rest->len -= line.len;
    while (line.len > 0 && line.ptr[line.len - 1] == ' ') {
        line.len--;
    }
    skip_spaces(rest);
    return line;
}

void ht_text_wrap(struct ht_text *text, const struct ht_text_style *style) {
    const size_t room = ht_text_prose_width(text) - style->indent - (style->command ? 2 : 0);
    struct ht_str rest = ht_strbuf_str(&text->words);
    struct ht_str label = ht_str_from(style->label);
    skip_spaces(&rest);
    ht_sink_buffer_note(text->out, text->words.status);
    while (rest.len > 0 && !ht_text_failed(text)) {
        const struct ht_str line = take_line(&rest, room);
        put_colored(text, label, style->label_color);
        if (style->indent > label.len) {
            ht_sink_buffer_repeat(text->out, ' ', style->indent - label.len);
        }
        put_colored(text, line, style->color);
        ht_sink_buffer_puts(text->out, style->command && rest.len > 0 ? " \\\n" : "\n");
        label = HT_STR_NONE;
    }
    ht_strbuf_clear(&text->words);
}

void ht_text_say(struct ht_text *text, size_t indent, const char *sentence) {
    ht_strbuf_puts(&text->words, sentence);
    ht_text_wrap(text, &(struct ht_text_style){.indent = indent});
}

void ht_text_url(struct ht_text *text, const char *label, size_t indent, const char *address) {
    static const struct ht_str scheme = HT_STR_INIT("https://");
    struct ht_str url = ht_str_from(address);
    const size_t room = ht_text_prose_width(text) - indent;
    const char *fragment = url.len > 0 ? memchr(url.ptr, '#', url.len) : NULL;
    if (url.len > room && fragment != NULL) {
        url.len = (size_t)(fragment - url.ptr);
    }
    if (url.len > room && ht_str_starts_nocase(url, scheme)) {
        url.ptr += scheme.len;
        url.len -= scheme.len;
    }
    ht_strbuf_add(&text->words, url);
    if (url.len <= room) {
        ht_text_wrap(text, &(struct ht_text_style){.label = label, .indent = indent});
    } else {
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}

void ht_text_put_log(struct ht_strbuf *words, const char *log_text, const char *if_unknown) {
    char printable[PRINTABLE_BYTES];
    char cut[PRINTABLE_BYTES];
    if (log_text == NULL) {
        ht_strbuf_puts(words, if_unknown);
        return;
    }
    const size_t len = ht_text_printable(printable, sizeof printable, ht_str_from(log_text));
    const size_t cut_len =
        ht_cells_cut(cut, sizeof cut, (struct ht_str){printable, len}, HT_TEXT_NAME_CELLS);
    ht_strbuf_add(words, (struct ht_str){cut, cut_len});
}

void ht_text_put_whole(struct ht_strbuf *words, const char *printable) {
    char text[PRINTABLE_BYTES];
    const size_t len = ht_text_printable(text, sizeof text, ht_str_from(printable));
    ht_strbuf_add(words, (struct ht_str){text, len});
}

void ht_text_put_device(struct ht_strbuf *words, const char *device, const char *module) {
    ht_text_put_log(words, device, "(no id)");
    if (module != NULL) {
        ht_strbuf_putc(words, '/');
        ht_text_put_log(words, module, "");
    }
}

void ht_text_put_number(struct ht_strbuf *words, uint64_t count, const char *one,
                        const char *many) {
    ht_strbuf_put_grouped(words, count);
    ht_strbuf_putc(words, ' ');
    ht_strbuf_puts(words, count == 1 ? one : many);
}

void ht_text_put_span(struct ht_strbuf *words, int64_t seconds) {
    char span[HT_TIME_TEXT_BYTES];
    if (seconds == HT_SPAN_NONE) {
        ht_strbuf_putc(words, '-');
        return;
    }
    const size_t len = ht_time_format_span(seconds, span);
    ht_strbuf_add(words, (struct ht_str){span, len});
}

void ht_text_put_decimal(struct ht_strbuf *words, double value, unsigned places) {
    char digits[HT_DECIMAL_BYTES];
    ht_strbuf_puts(words, ht_decimal_format(value, places, digits) > 0 ? digits : "-");
}

void ht_text_put_percent(struct ht_strbuf *words, double part, double whole) {
    const double percent = whole > 0 ? part / whole * 100 : -1;
    if (!(percent >= 0)) {
        ht_strbuf_putc(words, '-');
    } else if (percent > 0 && percent < 1) {
        ht_strbuf_puts(words, "<1 %");
    } else if (percent > 99 && percent < 100) {
        ht_strbuf_puts(words, ">99 %");
    } else {
        ht_text_put_decimal(words, percent, 0);
        ht_strbuf_puts(words, " %");
    }
}

void ht_text_put_time(struct ht_strbuf *words, int64_t time_us) {
    char text[HT_TIME_TEXT_BYTES];
    if (time_us == HT_TIME_NONE) {
        ht_strbuf_putc(words, '?');
        return;
    }
    (void)ht_time_format(time_us, text);
    ht_strbuf_add(words, (struct ht_str){text, sizeof "2025-03-10" - 1});
    ht_strbuf_putc(words, ' ');
    ht_strbuf_add(words, (struct ht_str){text + sizeof "2025-03-10", sizeof "00:23:43" - 1});
}

void ht_text_put_bytes(struct ht_strbuf *words, uint64_t bytes) {
    static const char *const units[] = {" kB", " MB", " GB", " TB"};
    double size = (double)bytes / 1000;
    size_t unit = 0;
    while (size >= 1000 && unit + 1 < HT_ARRAY_LEN(units)) {
        size /= 1000;
        unit++;
    }
    ht_text_put_decimal(words, size, 1);
    ht_strbuf_puts(words, units[unit]);
}
