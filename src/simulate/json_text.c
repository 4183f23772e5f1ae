/* SPDX-License-Identifier: MIT */
#include "simulate/json_text.h"

#include <stdint.h>

static bool is_plain(unsigned char byte) {
    return byte >= 0x20 && byte != '"' && byte != '\\';
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of each byte that is zero, at least of the first one. */
static uint64_t zero_bytes(uint64_t word) {
    return (word - EACH_BYTE(0x01)) & ~word & EACH_BYTE(0x80);
}

/* Eight bytes at once. */
static bool are_plain(uint64_t word) {
    const uint64_t control = (word - EACH_BYTE(0x20)) & ~word & EACH_BYTE(0x80);
    return (control | zero_bytes(word ^ EACH_BYTE('"')) | zero_bytes(word ^ EACH_BYTE('\\'))) == 0;
}

bool ht_sim_json_is_plain(struct ht_str text) {
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word = 0;
        memcpy(&word, text.ptr + i, 8);
        if (!are_plain(word)) {
            return false;
        }
    }
    for (; i < text.len; i++) {
        if (!is_plain((unsigned char)text.ptr[i])) {
            return false;
        }
    }
    return true;
}

size_t ht_sim_json_escape(char *out, struct ht_str text) {
    static const char digits[] = "0123456789ABCDEF";
    char *at = out;
    for (size_t i = 0; i < text.len; i++) {
        uint64_t word = 0;
        while (i + 8 < text.len) {
            memcpy(&word, text.ptr + i, 8);
            if (!are_plain(word)) {
                break;
            }
            memcpy(at, &word, 8);
            at += 8;
            i += 8;
        }
        const unsigned char byte = (unsigned char)text.ptr[i];
        if (is_plain(byte)) {
            *at++ = (char)byte;
        } else if (byte >= 0x20) {
            *at++ = '\\';
            *at++ = (char)byte;
        } else {
            memcpy(at, "\\u00", 4);
            at[4] = digits[byte >> 4];
            at[5] = digits[byte & 15];
            at += 6;
        }
    }
    return (size_t)(at - out);
}
