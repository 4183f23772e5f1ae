/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_WRAP_H
#define HT_TESTS_WRAP_H
/* Makes what the filters take off: gzip, zstd, zip. */
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "base/check.h"
#include "base/str.h"
#include "input/inflater.h"

enum { WRAP_BYTES_MAX = 1 << 20 };

struct wrap {
    size_t len;
    unsigned char bytes[WRAP_BYTES_MAX];
};

static inline struct ht_str wrap_str(const struct wrap *wrap) {
    return (struct ht_str){(const char *)wrap->bytes, wrap->len};
}

static inline void wrap_add(struct wrap *wrap, const void *bytes, size_t count) {
    HT_ASSERT(count <= WRAP_BYTES_MAX - wrap->len);
    memcpy(wrap->bytes + wrap->len, bytes, count);
    wrap->len += count;
}

static inline void wrap_number(struct wrap *wrap, uint64_t number, size_t count) {
    for (size_t i = 0; i < count; i++, number >>= 8) {
        wrap->bytes[wrap->len++] = (unsigned char)number;
    }
}

/* flag: IGZIP_DEFLATE or IGZIP_GZIP. Returns the bytes added. */
static inline size_t wrap_deflate(struct wrap *wrap, struct ht_str text, uint16_t flag) {
    struct isal_zstream stream;
    isal_deflate_stateless_init(&stream);
    stream.gzip_flag = flag;
    stream.end_of_stream = 1;
    stream.next_in = (uint8_t *)text.ptr;
    stream.avail_in = (uint32_t)text.len;
    stream.next_out = wrap->bytes + wrap->len;
    stream.avail_out = (uint32_t)(WRAP_BYTES_MAX - wrap->len);
    HT_ASSERT(isal_deflate_stateless(&stream) == COMP_OK);
    wrap->len += stream.total_out;
    return stream.total_out;
}

static inline void wrap_zstd(struct wrap *wrap, struct ht_str text) {
    const size_t len =
        ZSTD_compress(wrap->bytes + wrap->len, WRAP_BYTES_MAX - wrap->len, text.ptr, text.len, 3);
    HT_ASSERT(!ZSTD_isError(len));
    wrap->len += len;
}

enum wrap_sizes {
    WRAP_BEFORE = 0, /* the header tells the sizes */
    WRAP_BEFORE_64,  /* its extra field does */
    WRAP_BEHIND,     /* a descriptor does */
    WRAP_BEHIND_BARE,
    WRAP_BEHIND_64,
};

struct wrap_file {
    const char *name;
    struct ht_str text;
    unsigned method; /* 0, 8; others: stored, but named so */
    unsigned flags;
    enum wrap_sizes sizes;
    uint32_t crc_wrong; /* added to the checksum */
};

static inline void wrap_zip_file(struct wrap *zip, const struct wrap_file *file) {
    static struct wrap body;
    const bool behind = file->sizes >= WRAP_BEHIND;
    const bool large = file->sizes == WRAP_BEFORE_64;
    const uint32_t crc = ht_crc32(0, file->text.ptr, file->text.len) + file->crc_wrong;
    body.len = 0;
    if (file->method == 8) {
        (void)wrap_deflate(&body, file->text, IGZIP_DEFLATE);
    } else {
        wrap_add(&body, file->text.ptr, file->text.len);
    }
    wrap_add(zip, "PK\3\4\24\0", 6);
    wrap_number(zip, file->flags | (behind ? 8U : 0U), 2);
    wrap_number(zip, file->method, 2);
    wrap_number(zip, 0, 4); /* time */
    wrap_number(zip, behind ? 0 : crc, 4);
    wrap_number(zip, large ? UINT32_MAX : behind ? 0 : body.len, 4);
    wrap_number(zip, large ? UINT32_MAX : behind ? 0 : file->text.len, 4);
    wrap_number(zip, strlen(file->name), 2);
    wrap_number(zip, large ? 24 : 0, 2);
    wrap_add(zip, file->name, strlen(file->name));
    if (large) {
        wrap_number(zip, 0xCAFE, 2); /* somebody else's field */
        wrap_number(zip, 0, 2);
        wrap_number(zip, 1, 2);
        wrap_number(zip, 16, 2);
        wrap_number(zip, file->text.len, 8);
        wrap_number(zip, body.len, 8);
    }
    wrap_add(zip, body.bytes, body.len);
    if (behind) {
        const size_t size = file->sizes == WRAP_BEHIND_64 ? 8 : 4;
        wrap_add(zip, "PK\7\10", file->sizes == WRAP_BEHIND_BARE ? 0 : 4);
        wrap_number(zip, crc, 4);
        wrap_number(zip, body.len, size);
        wrap_number(zip, file->text.len, size);
    }
}

/* What stands at the end is not looked at, but must be there. */
static inline void wrap_zip_end(struct wrap *zip) {
    wrap_add(zip, "PK\1\2", 4);
    wrap_number(zip, 0, 42);
    wrap_add(zip, "PK\5\6", 4);
    wrap_number(zip, 0, 18);
}

#endif
