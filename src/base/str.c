/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <stdint.h>

bool ht_str_eq_nocase(struct ht_str a, struct ht_str b) {
    return a.len == b.len && ht_str_starts_nocase(a, b);
}

bool ht_str_starts_nocase(struct ht_str text, struct ht_str prefix) {
    if (text.len < prefix.len) {
        return false;
    }
    for (size_t i = 0; i < prefix.len; i++) {
        if (ht_ascii_lower(text.ptr[i]) != ht_ascii_lower(prefix.ptr[i])) {
            return false;
        }
    }
    return true;
}

size_t ht_str_find_nocase(struct ht_str text, struct ht_str needle) {
    const char first = needle.len > 0 ? ht_ascii_lower(needle.ptr[0]) : '\0';
    for (size_t at = 0; at + needle.len <= text.len; at++) {
        if ((needle.len == 0 || ht_ascii_lower(text.ptr[at]) == first) &&
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
