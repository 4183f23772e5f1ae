/* SPDX-License-Identifier: MIT */
#include "render/cells.h"

#include "base/check.h"
#include "base/compiler.h"
#include "base/text.h"

struct range {
    uint32_t low;
    uint32_t high;
};

/* Blocks of combining marks, and of characters that are wide (Unicode 15, EastAsianWidth W and F),
 * by whole blocks. */
static const struct range marks[] = {
    {0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
    {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF},
    {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFD},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t c) {
    for (size_t i = 0; i < count && ranges[i].low <= c; i++) {
        if (c <= ranges[i].high) {
            return true;
        }
    }
    return false;
}

/* Cells of the character at the start of text, and its length. */
static size_t next_width(struct ht_str text, size_t *len) {
    uint32_t c = 0;
    *len = ht_utf8_decode(text, &c);
    if (*len == 0) {
        *len = 1;
        return 1;
    }
    if (c < 0x300) {
        return 1;
    }
    if (is_in(marks, HT_ARRAY_LEN(marks), c)) {
        return 0;
    }
    return is_in(wide, HT_ARRAY_LEN(wide), c) ? 2 : 1;
}

/* Bytes of the longest prefix within both bounds; *cells is its width. */
static size_t measure(struct ht_str text, size_t cells_max, size_t bytes_max, size_t *cells) {
    size_t at = 0;
    *cells = 0;
    while (at < text.len) {
        size_t len = 0;
        const size_t width = next_width((struct ht_str){text.ptr + at, text.len - at}, &len);
        if (*cells + width > cells_max || at + len > bytes_max) {
            break;
        }
        *cells += width;
        at += len;
    }
    return at;
}

size_t ht_cells_width(struct ht_str text) {
    size_t cells = 0;
    (void)measure(text, SIZE_MAX, SIZE_MAX, &cells);
    return cells;
}

size_t ht_cells_prefix(struct ht_str text, size_t cells_max) {
    size_t cells = 0;
    return measure(text, cells_max, SIZE_MAX, &cells);
}

size_t ht_cells_cut(char *out, size_t size_bytes, struct ht_str text, size_t cells_max) {
    HT_ASSERT(size_bytes >= 4 && cells_max >= 4);
    size_t cells = 0;
    size_t len = measure(text, cells_max, size_bytes - 1, &cells);
    const bool whole = len == text.len;
    if (!whole) {
        len = measure(text, cells_max - 3, size_bytes - 4, &cells);
    }
    if (len > 0) {
        memcpy(out, text.ptr, len);
    }
    if (!whole) {
        memcpy(out + len, "...", 3);
        len += 3;
    }
    out[len] = '\0';
    return len;
}

size_t ht_cells_cut_middle(char *out, size_t size_bytes, struct ht_str text, size_t cells_max) {
    HT_ASSERT(size_bytes >= 4 && cells_max >= 4);
    size_t cells = ht_cells_width(text);
    if (cells <= cells_max && text.len < size_bytes) {
        return ht_cells_cut(out, size_bytes, text, cells_max);
    }
    size_t head_cells = 0;
    const size_t head =
        measure(text, (cells_max - 3) * 3 / 5, (size_bytes - 4) * 3 / 5, &head_cells);
    memcpy(out, text.ptr, head);
    memcpy(out + head, "...", 3);
    while (head_cells + cells > cells_max - 3 || head + text.len > size_bytes - 4) {
        size_t len = 0;
        cells -= next_width(text, &len);
        text.ptr += len;
        text.len -= len;
    }
    memcpy(out + head + 3, text.ptr, text.len);
    out[head + 3 + text.len] = '\0';
    return head + 3 + text.len;
}
