/* SPDX-License-Identifier: MIT */
#include "render/row_cells.h"

#include <stdio.h>

#include "base/text.h"

void ht_cells_init(struct ht_cells *cells, struct ht_sink_buffer *out, bool tabs) {
    *cells = (struct ht_cells){.out = out, .tabs = tabs};
}

/* What stands before a cell; false when its name is all that is wanted. */
static bool begin_cell(struct ht_cells *cells, const char *name) {
    if (cells->begun) {
        ht_sink_buffer_putc(cells->out, cells->tabs ? '\t' : ',');
    }
    cells->begun = true;
    if (cells->names) {
        ht_sink_buffer_puts(cells->out, cells->prefix);
        ht_sink_buffer_puts(cells->out, name);
    }
    return !cells->names;
}

void ht_cells_put(struct ht_cells *cells, const char *name, const char *bare) {
    if (begin_cell(cells, name)) {
        ht_sink_buffer_puts(cells->out, bare);
    }
}

static bool needs_guard(struct ht_str text) {
    static const uint32_t first[] = {'=',  '+',    '-',    '@',    '\t',  '\r',
                                     '\'', 0xFF0B, 0xFF0D, 0xFF1D, 0xFF20};
    uint32_t c = 0;
    if (ht_utf8_decode(text, &c) == 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        if (c == first[i]) {
            return true;
        }
    }
    return false;
}

/* A cell in quotes, since a comma or a quote is in it, or a space at an end. */
static bool needs_quotes(const struct ht_cells *cells, struct ht_str text) {
    return !cells->tabs && text.len > 0 &&
           (memchr(text.ptr, ',', text.len) != NULL || memchr(text.ptr, '"', text.len) != NULL ||
            text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ');
}

static void put_escape(struct ht_sink_buffer *out, uint32_t c) {
    static const char named[] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r', ['\\'] = '\\'};
    char text[16];
    if (c < sizeof named && named[c] != '\0') {
        (void)snprintf(text, sizeof text, "\\%c", named[c]);
    } else if (c < 0x80) {
        (void)snprintf(text, sizeof text, "\\x%02X", (unsigned)c);
    } else {
        (void)snprintf(text, sizeof text, "\\u{%04X}", (unsigned)c);
    }
    ht_sink_buffer_puts(out, text);
}

static void put_escaped(struct ht_cells *cells, struct ht_str text, bool quotes) {
    static const struct ht_str replacement = HT_STR_INIT("\xEF\xBF\xBD");
    while (text.len > 0) {
        uint32_t c = 0;
        size_t used = ht_utf8_decode(text, &c);
        if (used == 0) {
            ht_sink_buffer_put(cells->out, replacement);
            used = 1;
        } else if (c == '\\' || !ht_text_is_plain(c)) {
            put_escape(cells->out, c);
        } else {
            if (c == '"' && quotes) {
                ht_sink_buffer_putc(cells->out, '"');
            }
            ht_sink_buffer_put(cells->out, (struct ht_str){text.ptr, used});
        }
        text.ptr += used;
        text.len -= used;
    }
}

void ht_cells_put_text(struct ht_cells *cells, const char *name, struct ht_str text) {
    if (!begin_cell(cells, name)) {
        return;
    }
    const bool quotes = needs_quotes(cells, text);
    ht_sink_buffer_puts(cells->out, quotes ? "\"" : "");
    ht_sink_buffer_puts(cells->out, needs_guard(text) ? "'" : "");
    put_escaped(cells, text, quotes);
    ht_sink_buffer_puts(cells->out, quotes ? "\"" : "");
}

void ht_cells_open(struct ht_cells *cells, const char *name) {
    (void)snprintf(cells->prefix, sizeof cells->prefix, "%s.", name);
}

void ht_cells_close(struct ht_cells *cells) {
    cells->prefix[0] = '\0';
}

void ht_cells_begin_list(struct ht_cells *cells, const char *name) {
    if (begin_cell(cells, name) && !cells->tabs) {
        ht_sink_buffer_putc(cells->out, '"');
    }
}

void ht_cells_put_list(struct ht_cells *cells, struct ht_str json) {
    const char twice = cells->tabs ? '\\' : '"';
    for (size_t i = 0; i < json.len && !cells->names; i++) {
        if (json.ptr[i] == twice) {
            ht_sink_buffer_putc(cells->out, twice);
        }
        ht_sink_buffer_putc(cells->out, json.ptr[i]);
    }
}

void ht_cells_end_list(struct ht_cells *cells) {
    if (!cells->names && !cells->tabs) {
        ht_sink_buffer_putc(cells->out, '"');
    }
}

void ht_cells_end_row(struct ht_cells *cells) {
    ht_sink_buffer_puts(cells->out, cells->tabs ? "\n" : "\r\n");
    cells->begun = false;
}
