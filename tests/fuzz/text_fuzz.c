/* SPDX-License-Identifier: MIT */
/* Hostile text: what is printable stays so; natural order is an order. */
#include <stdint.h>

#include "base/check.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int sign(int number) {
    return (number > 0) - (number < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct ht_str text = {(const char *)data, size};
    char out[512];
    char again[512];
    const size_t len = ht_text_printable(out, size > 0 ? 4 + data[0] : 4, text);
    HT_ASSERT(ht_text_printable(again, sizeof again, (struct ht_str){out, len}) == len);
    HT_ASSERT(memcmp(out, again, len + 1) == 0);
    for (size_t at = 0; at < len;) {
        uint32_t code_point = 0;
        const size_t used = ht_utf8_decode((struct ht_str){out + at, len - at}, &code_point);
        HT_ASSERT(used > 0 && ht_text_is_plain(code_point));
        at += used;
    }
    const size_t third = size / 3;
    const struct ht_str a = {text.ptr, third};
    const struct ht_str b = {text.ptr + third, third};
    const struct ht_str c = {text.ptr + 2 * third, size - 2 * third};
    const int ab = sign(ht_str_cmp_natural(a, b));
    const int bc = sign(ht_str_cmp_natural(b, c));
    HT_ASSERT(ab == -sign(ht_str_cmp_natural(b, a)) && (ab == 0) == ht_str_eq(a, b));
    HT_ASSERT(ab != bc || ab == 0 || sign(ht_str_cmp_natural(a, c)) == ab);
    HT_ASSERT(ht_utf8_prefix(text, third).len + 3 >= third);
    return 0;
}
