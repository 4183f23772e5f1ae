/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdio.h>

#include "base/check.h"

/* Length announced by a lead byte, and the range of the second byte (Unicode 15, table 3-7). */
static size_t lead_length(unsigned char lead, unsigned char *low, unsigned char *high) {
    *low = 0x80;
    *high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *low = lead == 0xF0 ? 0x90 : 0x80;
        *high = lead == 0xF4 ? 0x8F : 0xBF;
        return 4;
    }
    return 0;
}

size_t ht_utf8_decode(struct ht_str text, uint32_t *code_point) {
    if (text.len == 0) {
        return 0;
    }
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    if (bytes[0] < 0x80) {
        *code_point = bytes[0];
        return 1;
    }
    unsigned char low = 0;
    unsigned char high = 0;
    const size_t len = lead_length(bytes[0], &low, &high);
    if (len == 0 || text.len < len || bytes[1] < low || bytes[1] > high) {
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
    return len;
}

bool ht_utf8_is_cut(struct ht_str text) {
    if (text.len == 0) {
        return false;
    }
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    unsigned char low = 0;
    unsigned char high = 0;
    if (text.len >= lead_length(bytes[0], &low, &high)) {
        return false;
    }
    return text.len < 2 ||
           (bytes[1] >= low && bytes[1] <= high && (text.len < 3 || (bytes[2] & 0xC0) == 0x80));
}

struct ht_str ht_utf8_prefix(struct ht_str text, size_t len_max) {
    if (text.len <= len_max) {
        return text;
    }
    for (size_t back = 1; back < 4 && back <= len_max; back++) {
        const struct ht_str last = {text.ptr + len_max - back, back};
        if (ht_utf8_is_cut(last)) {
            return (struct ht_str){text.ptr, len_max - back};
        }
    }
    return (struct ht_str){text.ptr, len_max};
}

bool ht_text_is_plain(uint32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
        return false;
    }
    const bool invisible = c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || c == 0xFEFF ||
                           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFFF0 && c <= 0xFFFB) ||
                           (c >= 0xE0000 && c <= 0xE0FFF) || (c >= 0xD800 && c <= 0xDFFF);
    return !invisible;
}

size_t ht_text_printable(char *out, size_t size_bytes, struct ht_str text) {
    HT_ASSERT(size_bytes >= 4);
    size_t len = 0;
    size_t safe = 0; /* longest prefix after which "..." still fits */
    for (size_t at = 0; at < text.len;) {
        const struct ht_str rest = {text.ptr + at, text.len - at};
        uint32_t code_point = 0;
        const size_t used = ht_utf8_decode(rest, &code_point);
        char piece[16];
        size_t piece_len = used;
        if (used == 0) {
            piece_len = (size_t)snprintf(piece, sizeof piece, "\\x%02X", (unsigned char)*rest.ptr);
        } else if (ht_text_is_plain(code_point)) {
            memcpy(piece, rest.ptr, used);
        } else if (code_point < 0x80) {
            piece_len = (size_t)snprintf(piece, sizeof piece, "\\x%02X", (unsigned)code_point);
        } else {
            piece_len = (size_t)snprintf(piece, sizeof piece, "\\u{%04X}", (unsigned)code_point);
        }
        if (len + piece_len >= size_bytes) {
            memcpy(out + safe, "...", 4);
            return safe + 3;
        }
        memcpy(out + len, piece, piece_len);
        len += piece_len;
        if (len + 4 <= size_bytes) {
            safe = len;
        }
        at += used > 0 ? used : 1;
    }
    out[len] = '\0';
    return len;
}
