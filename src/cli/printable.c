/* SPDX-License-Identifier: MIT */
#include "cli/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Length of the well-formed UTF-8 character at the start of text, which is not empty; 0 when there
 * is none. NUL is no continuation byte, so nothing behind the end is looked at. */
static size_t decode(const char *text, uint32_t *code_point) {
    const unsigned char *bytes = (const unsigned char *)text;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = 0;
    if (bytes[0] < 0x80) {
        *code_point = bytes[0];
        return 1;
    }
    if ((bytes[0] & 0xE0) == 0xC0) {
        len = 2;
    } else if ((bytes[0] & 0xF0) == 0xE0) {
        len = 3;
    } else if ((bytes[0] & 0xF8) == 0xF0) {
        len = 4;
    } else {
        return 0;
    }
    uint32_t value = bytes[0] & (0x7FU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (bytes[i] & 0x3FU);
    }
    *code_point = value;
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < smallest[len] || value > 0x10FFFF || surrogate ? 0 : len;
}

static bool is_invisible(uint32_t c) {
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {
        {0x80, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},     {0x61C, 0x61C},
        {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},
        {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

size_t ht_cli_printable(char *out, size_t size_bytes, const char *text) {
    size_t len = 0;
    while (*text != '\0') {
        uint32_t code_point = 0;
        const size_t used = decode(text, &code_point);
        char piece[16];
        size_t piece_len = used;
        if (used == 0 || code_point < 0x20 || code_point == 0x7F) {
            piece_len = (size_t)snprintf(piece, sizeof piece, "\\x%02X", (unsigned char)*text);
        } else if (is_invisible(code_point)) {
            piece_len = (size_t)snprintf(piece, sizeof piece, "\\u{%04X}", (unsigned)code_point);
        } else {
            memcpy(piece, text, used);
        }
        if (len + piece_len >= size_bytes) {
            break;
        }
        memcpy(out + len, piece, piece_len);
        len += piece_len;
        text += used > 0 ? used : 1;
    }
    out[len] = '\0';
    return len;
}
