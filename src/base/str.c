/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <stdint.h>

static uint64_t load_word(const char *at) {
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Eight bytes that are equal but for ASCII case. */
static bool is_same_word(uint64_t a, uint64_t b) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t differ = a ^ b;
    if (differ == 0) {
        return true;
    }
    /* The top bit of each byte: whether that is a letter. */
    const uint64_t lower = (a | ones * 0x20) & ones * 0x7F;
    const uint64_t letters = ((lower + ones * (0x80 - 'a')) ^ (lower + ones * (0x7F - 'z'))) & ~a;
    return (differ & ~(ones * 0x20)) == 0 && (differ << 2 & ~letters) == 0;
}

static bool are_same_bytes(const char *a, const char *b, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (ht_ascii_lower(a[i]) != ht_ascii_lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool ht_str_starts_nocase(struct ht_str text, struct ht_str prefix) {
    const char *a = text.ptr;
    const char *b = prefix.ptr;
    const size_t len = prefix.len;
    if (text.len < len) {
        return false;
    }
    if (len < 8) {
        return are_same_bytes(a, b, len);
    }
    for (size_t at = 0; at + 8 < len; at += 8) {
        if (!is_same_word(load_word(a + at), load_word(b + at))) {
            return false;
        }
    }
    return is_same_word(load_word(a + len - 8), load_word(b + len - 8));
}

size_t ht_str_find_nocase(struct ht_str text, struct ht_str needle) {
    if (needle.len == 0 || text.len < needle.len) {
        return needle.len == 0 ? 0 : SIZE_MAX;
    }
    const char first = ht_ascii_lower(needle.ptr[0]);
    const bool is_letter = first != ht_ascii_upper(first);
    const size_t count = text.len - needle.len + 1; /* places where it may be */
    for (size_t at = 0; at < count; at++) {
        if (!is_letter) {
            const char *next = memchr(text.ptr + at, first, count - at);
            if (next == NULL) {
                break;
            }
            at = (size_t)(next - text.ptr);
        }
        if (ht_ascii_lower(text.ptr[at]) == first &&
            ht_str_starts_nocase((struct ht_str){text.ptr + at, text.len - at}, needle)) {
            return at;
        }
    }
    return SIZE_MAX;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct ht_str ht_str_trim(struct ht_str text) {
    while (text.len > 0 && is_space(text.ptr[text.len - 1])) {
        text.len--;
    }
    while (text.len > 0 && is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    return text;
}

int ht_str_cmp(struct ht_str a, struct ht_str b) {
    const size_t common = a.len < b.len ? a.len : b.len;
    const int order = common > 0 ? memcmp(a.ptr, b.ptr, common) : 0;
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* The run of digits that begins at text.ptr[at], without leading zeros. */
static struct ht_str digit_run(struct ht_str text, size_t at, size_t *end) {
    size_t first = at;
    while (first < text.len && text.ptr[first] == '0') {
        first++;
    }
    *end = first;
    while (*end < text.len && ht_ascii_is_digit(text.ptr[*end])) {
        (*end)++;
    }
    return (struct ht_str){text.ptr + first, *end - first};
}

int ht_str_cmp_natural(struct ht_str a, struct ht_str b) {
    size_t i = 0;
    size_t j = 0;
    while (i < a.len && j < b.len) {
        if (ht_ascii_is_digit(a.ptr[i]) && ht_ascii_is_digit(b.ptr[j])) {
            const struct ht_str left = digit_run(a, i, &i);
            const struct ht_str right = digit_run(b, j, &j);
            if (left.len != right.len) {
                return left.len < right.len ? -1 : 1;
            }
            const int order = ht_str_cmp(left, right);
            if (order != 0) {
                return order;
            }
            continue;
        }
        if (a.ptr[i] != b.ptr[j]) {
            return (unsigned char)a.ptr[i] < (unsigned char)b.ptr[j] ? -1 : 1;
        }
        i++;
        j++;
    }
    if (a.len - i != b.len - j) {
        return a.len - i < b.len - j ? -1 : 1;
    }
    return ht_str_cmp(a, b); /* "01" and "1" are different names */
}
