/* SPDX-License-Identifier: MIT */
#include "simulate/json_text.h"

static bool is_plain(unsigned char byte) {
    return byte >= 0x20 && byte != '"' && byte != '\\';
}

size_t ht_sim_json_escape(char *out, struct ht_str text) {
    static const char digits[] = "0123456789ABCDEF";
    char *at = out;
    for (size_t i = 0; i < text.len; i++) {
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
