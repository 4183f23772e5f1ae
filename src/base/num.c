/* SPDX-License-Identifier: MIT */
#include "base/num.h"

static size_t leading_digits(struct ht_str text) {
    size_t count = 0;
    while (count < text.len && ht_ascii_is_digit(text.ptr[count])) {
        count++;
    }
    return count;
}

bool ht_num_parse_u64(struct ht_str text, uint64_t *value) {
    if (text.len == 0 || leading_digits(text) != text.len) {
        return false;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        const uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10) {
            return false;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

bool ht_num_parse_leading_u32(struct ht_str text, uint32_t *value) {
    uint64_t wide = 0;
    text.len = leading_digits(text);
    if (!ht_num_parse_u64(text, &wide) || wide > UINT32_MAX) {
        return false;
    }
    *value = (uint32_t)wide;
    return true;
}

bool ht_num_parse_size(struct ht_str text, uint64_t *bytes) {
    unsigned shift = 0;
    if (text.len > 0) {
        const char unit = ht_ascii_upper(text.ptr[text.len - 1]);
        shift = unit == 'K' ? 10 : unit == 'M' ? 20 : unit == 'G' ? 30 : 0;
        text.len -= shift > 0;
    }
    uint64_t count = 0;
    if (!ht_num_parse_u64(text, &count) || count > UINT64_MAX >> shift) {
        return false;
    }
    *bytes = count << shift;
    return true;
}

bool ht_num_parse_decimal(struct ht_str text, double *value) {
    const size_t whole_len = leading_digits(text);
    uint64_t whole = 0;
    if (whole_len > 9 || !ht_num_parse_u64((struct ht_str){text.ptr, whole_len}, &whole)) {
        return false;
    }
    *value = (double)whole;
    if (whole_len == text.len) {
        return true;
    }
    const struct ht_str fraction = {text.ptr + whole_len + 1, text.len - whole_len - 1};
    uint64_t numerator = 0;
    if (text.ptr[whole_len] != '.' || fraction.len > 9 || !ht_num_parse_u64(fraction, &numerator)) {
        return false;
    }
    double scale = 1;
    for (size_t i = 0; i < fraction.len; i++) {
        scale *= 10;
    }
    *value += (double)numerator / scale;
    return true;
}
