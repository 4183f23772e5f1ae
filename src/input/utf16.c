/* SPDX-License-Identifier: MIT */
/* UTF-16 with a byte order mark, as PowerShell writes it, to UTF-8 without one. Half a pair, and a
 * single byte at the end, become U+FFFD. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "input/filter.h"

enum { UTF8_MAX = 4, REPLACEMENT = 0xFFFD };

struct utf16 {
    struct ht_filter filter;
    struct ht_tap *in;
    enum ht_status status;
    bool big_endian;
    bool begun;
    char left[UTF8_MAX]; /* of a character that did not fit */
    size_t left_begin;
    size_t left_end;
};

static uint32_t unit(const struct utf16 *self, size_t at) {
    const unsigned char *ptr = ht_tap_ptr(self->in) + at;
    return self->big_endian ? (uint32_t)ptr[0] << 8 | ptr[1] : ht_tap_u16(self->in, at);
}

static size_t put(char *out, uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The character at the start of the tap, which holds at least one byte. */
static uint32_t take_character(struct utf16 *self) {
    const size_t len = ht_tap_len(self->in);
    if (len < 2) {
        ht_tap_take(self->in, 1);
        return REPLACEMENT;
    }
    const uint32_t first = unit(self, 0);
    const uint32_t second = len >= 4 ? unit(self, 2) : 0;
    if (first >= 0xD800 && first < 0xDC00 && second >= 0xDC00 && second < 0xE000) {
        ht_tap_take(self->in, 4);
        return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    }
    ht_tap_take(self->in, 2);
    return first >= 0xD800 && first < 0xE000 ? REPLACEMENT : first;
}

/* What is in the tap, as much as fits; a character that does not fit waits. */
static size_t convert(struct utf16 *self, char *out, size_t size_bytes) {
    size_t count = 0;
    bool more = true;
    while (more && count < size_bytes) {
        const size_t len = put(self->left, take_character(self));
        const size_t part = len < size_bytes - count ? len : size_bytes - count;
        memcpy(out + count, self->left, part);
        count += part;
        self->left_begin = part;
        self->left_end = len;
        /* A pair must lie in one piece, unless the text ends. */
        more = ht_tap_len(self->in) >= 4;
    }
    return count;
}

static enum ht_status read_more(struct utf16 *self, char *out, size_t size_bytes, size_t *count) {
    const enum ht_status status = ht_tap_want(self->in, 4);
    if (ht_tap_len(self->in) == 0) {
        return status;
    }
    if (!self->begun) {
        self->begun = true;
        self->big_endian = ht_tap_ptr(self->in)[0] == 0xFE;
        ht_tap_take(self->in, 2);
        return HT_OK;
    }
    *count = convert(self, out, size_bytes);
    return HT_OK;
}

static enum ht_status utf16_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                 size_t *count) {
    struct utf16 *self = (struct utf16 *)filter;
    const size_t left = self->left_end - self->left_begin;
    *count = left < size_bytes ? left : size_bytes;
    if (*count > 0) {
        memcpy(out, self->left + self->left_begin, *count);
        self->left_begin += *count;
        return HT_OK;
    }
    while (self->status == HT_OK && *count == 0) {
        self->status = read_more(self, out, size_bytes, count);
    }
    return self->status;
}

static void utf16_free(struct ht_filter *filter) {
    free(filter);
}

enum ht_status ht_utf16_new(struct ht_tap *in, struct ht_trouble *trouble,
                            struct ht_filter **filter) {
    struct utf16 *self = calloc(1, sizeof *self);
    (void)trouble; /* nothing can go wrong here that is not repaired */
    if (self == NULL) {
        return HT_E_NOMEM;
    }
    self->filter.read = utf16_read;
    self->filter.free = utf16_free;
    self->filter.encoding = "utf-16";
    self->in = in;
    *filter = &self->filter;
    return HT_OK;
}
