/* SPDX-License-Identifier: MIT */
#include "render/json_writer.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "render/decimal.h"

enum { INDENT = 2 };

void ht_json_init(struct ht_json *json, struct ht_sink_buffer *out) {
    *json = (struct ht_json){.out = out};
}

void ht_json_init_row(struct ht_json *json, struct ht_cells *cells) {
    *json = (struct ht_json){.out = cells->out, .cells = cells};
}

/* True when the next value is a cell, or members that are. */
static bool is_cell(const struct ht_json *json) {
    return json->cells != NULL && json->list == 0;
}

static void put(struct ht_json *json, struct ht_str bytes) {
    if (json->cells != NULL) {
        ht_cells_put_list(json->cells, bytes);
    } else {
        ht_sink_buffer_put(json->out, bytes);
    }
}

static void put_char(struct ht_json *json, char c) {
    if (json->cells != NULL) {
        ht_cells_put_list(json->cells, (struct ht_str){&c, 1});
    } else {
        ht_sink_buffer_putc(json->out, c);
    }
}

static void new_line(struct ht_json *json) {
    ht_sink_buffer_putc(json->out, '\n');
    ht_sink_buffer_repeat(json->out, ' ', json->depth * INDENT);
}

/* What stands before a value: comma, line break, key. */
static void before_value(struct ht_json *json, const char *key) {
    bool block = false;
    if (json->depth > 0) {
        struct ht_json_level *level = &json->levels[json->depth - 1];
        block = level->block;
        if (!level->empty) {
            put_char(json, ',');
        }
        if (block) {
            new_line(json);
        }
        level->empty = false;
    }
    if (key != NULL) {
        put_char(json, '"');
        put(json, ht_str_from(key));
        put(json, block ? HT_STR("\": ") : HT_STR("\":"));
    }
}

static void after_value(struct ht_json *json) {
    if (json->depth == 0) {
        ht_sink_buffer_putc(json->out, '\n');
    }
}

/* An object that is a row or a part of it, or an array that is a cell. */
static void open_in_row(struct ht_json *json, const char *key, char closing) {
    if (closing == ']') {
        ht_cells_begin_list(json->cells, key);
        json->list = json->depth + 1;
        put_char(json, '[');
    } else if (json->depth > 0) {
        ht_cells_open(json->cells, key);
    }
}

static void open_container(struct ht_json *json, const char *key, enum ht_json_layout layout,
                           char closing) {
    HT_ASSERT(json->depth < HT_JSON_DEPTH_MAX);
    if (is_cell(json)) {
        open_in_row(json, key, closing);
    } else {
        before_value(json, key);
        put_char(json, closing == '}' ? '{' : '[');
    }
    json->levels[json->depth++] =
        (struct ht_json_level){.closing = closing, .block = layout == HT_JSON_BLOCK, .empty = true};
}

void ht_json_object(struct ht_json *json, const char *key, enum ht_json_layout layout) {
    open_container(json, key, layout, '}');
}

void ht_json_array(struct ht_json *json, const char *key, enum ht_json_layout layout) {
    open_container(json, key, layout, ']');
}

static void close_in_row(struct ht_json *json) {
    if (json->depth == 0) {
        ht_cells_end_row(json->cells);
    } else {
        ht_cells_close(json->cells);
    }
}

void ht_json_end(struct ht_json *json) {
    HT_ASSERT(json->depth > 0);
    const struct ht_json_level level = json->levels[--json->depth];
    if (is_cell(json)) {
        close_in_row(json);
        return;
    }
    if (level.block && !level.empty) {
        new_line(json);
    }
    put_char(json, level.closing);
    after_value(json);
    if (json->list > json->depth) {
        ht_cells_end_list(json->cells);
        json->list = 0;
    }
}

static void put_bare(struct ht_json *json, const char *key, const char *value) {
    if (is_cell(json)) {
        ht_cells_put(json->cells, key, value);
        return;
    }
    before_value(json, key);
    put(json, ht_str_from(value));
    after_value(json);
}

void ht_json_null(struct ht_json *json, const char *key) {
    put_bare(json, key, is_cell(json) ? "" : "null");
}

void ht_json_bool(struct ht_json *json, const char *key, bool value) {
    put_bare(json, key, value ? "true" : "false");
}

void ht_json_count(struct ht_json *json, const char *key, uint64_t count) {
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRIu64, count);
    put_bare(json, key, digits);
}

void ht_json_decimal(struct ht_json *json, const char *key, double value, unsigned places) {
    char digits[HT_DECIMAL_BYTES];
    if (ht_decimal_format(value, places, digits) == 0) {
        ht_json_null(json, key);
    } else {
        put_bare(json, key, digits);
    }
}

void ht_json_span(struct ht_json *json, const char *key, int64_t seconds) {
    char digits[24];
    if (seconds == HT_SPAN_NONE) {
        ht_json_null(json, key);
        return;
    }
    (void)snprintf(digits, sizeof digits, "%" PRId64, seconds);
    put_bare(json, key, digits);
}

void ht_json_time(struct ht_json *json, const char *key, int64_t time_us) {
    char text[HT_TIME_TEXT_BYTES];
    if (time_us == HT_TIME_NONE) {
        ht_json_null(json, key);
        return;
    }
    (void)ht_time_format(time_us, text);
    ht_json_text(json, key, text);
}

void ht_json_code(struct ht_json *json, const char *key, uint32_t code) {
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%" PRIu32, code);
    ht_json_text(json, key, digits);
}

/* Writes a code point that must not stand as it is. */
static void put_escape(struct ht_json *json, uint32_t c) {
    static const char named[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                 ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    char text[16];
    if (c < sizeof named && named[c] != '\0') {
        (void)snprintf(text, sizeof text, "\\%c", named[c]);
    } else if (c < 0x10000) {
        (void)snprintf(text, sizeof text, "\\u%04x", (unsigned)c);
    } else {
        (void)snprintf(text, sizeof text, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (c >> 10)),
                       (unsigned)(0xDC00 + (c & 0x3FF)));
    }
    put(json, ht_str_from(text));
}

/* Length of the leading bytes that need no escape. */
static size_t plain_length(struct ht_str text) {
    size_t len = 0;
    while (len < text.len) {
        const unsigned char byte = (unsigned char)text.ptr[len];
        if (byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\') {
            break;
        }
        len++;
    }
    return len;
}

static void put_string(struct ht_json *json, struct ht_str text) {
    put_char(json, '"');
    while (text.len > 0) {
        size_t used = plain_length(text);
        if (used > 0) {
            put(json, (struct ht_str){text.ptr, used});
        } else {
            uint32_t c = 0;
            used = ht_utf8_decode(text, &c);
            if (used == 0) {
                put_escape(json, 0xFFFD);
                used = 1;
            } else if (c >= 0x80 && ht_text_is_plain(c)) {
                put(json, (struct ht_str){text.ptr, used});
            } else {
                put_escape(json, c);
            }
        }
        text.ptr += used;
        text.len -= used;
    }
    put_char(json, '"');
}

void ht_json_text(struct ht_json *json, const char *key, const char *text) {
    if (text == NULL) {
        ht_json_null(json, key);
        return;
    }
    if (is_cell(json)) {
        ht_cells_put_text(json->cells, key, ht_str_from(text));
        return;
    }
    before_value(json, key);
    put_string(json, ht_str_from(text));
    after_value(json);
}
