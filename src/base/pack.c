/* SPDX-License-Identifier: MIT */
#include "base/pack.h"

enum { NUMBER_BYTES_MAX = 10 };

void ht_pack_u64(struct ht_strbuf *buf, uint64_t number) {
    char bytes[NUMBER_BYTES_MAX];
    size_t len = 0;
    for (; number >= 0x80; number >>= 7) {
        bytes[len++] = (char)((number & 0x7F) | 0x80);
    }
    bytes[len++] = (char)number;
    ht_strbuf_add(buf, (struct ht_str){bytes, len});
}

void ht_pack_i64(struct ht_strbuf *buf, int64_t number) {
    ht_pack_u64(buf, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

void ht_pack_str(struct ht_strbuf *buf, struct ht_str text) {
    ht_pack_u64(buf, text.len);
    ht_strbuf_add(buf, text);
}

static uint64_t fail(struct ht_unpack *in) {
    in->bad = true;
    in->at = in->end;
    return 0;
}

uint64_t ht_unpack_long(struct ht_unpack *in) {
    uint64_t number = 0;
    for (unsigned shift = 0; in->at < in->end && shift < 64; shift += 7) {
        const uint64_t byte = *in->at++;
        const uint64_t bits = byte & 0x7F;
        if (shift == 63 && bits > 1) {
            break;
        }
        number |= bits << shift;
        if (byte < 0x80) {
            return number;
        }
    }
    return fail(in);
}

struct ht_str ht_unpack_str(struct ht_unpack *in) {
    const uint64_t len = ht_unpack_u64(in);
    if (len > (uint64_t)(in->end - in->at)) {
        (void)fail(in);
        return HT_STR_NONE;
    }
    const struct ht_str text = {(const char *)in->at, (size_t)len};
    in->at += len;
    return text;
}

uint64_t ht_unpack_upto(struct ht_unpack *in, uint64_t max) {
    const uint64_t number = ht_unpack_u64(in);
    return number <= max ? number : fail(in);
}

size_t ht_unpack_count(struct ht_unpack *in, size_t min_bytes) {
    return (size_t)ht_unpack_upto(in, (uint64_t)(in->end - in->at) / min_bytes);
}
