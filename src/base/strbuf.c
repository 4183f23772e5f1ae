/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

void ht_strbuf_init(struct ht_strbuf *buf, size_t limit_bytes) {
    *buf = (struct ht_strbuf){.limit_bytes = limit_bytes};
}

void ht_strbuf_clear(struct ht_strbuf *buf) {
    buf->len = 0;
    buf->status = HT_OK;
    if (buf->ptr != NULL) {
        buf->ptr[0] = '\0';
    }
}

void ht_strbuf_release(struct ht_strbuf *buf) {
    free(buf->ptr);
    ht_strbuf_init(buf, buf->limit_bytes);
}

/* Room for len more bytes and the NUL; false leaves the sticky status behind. */
static bool reserve(struct ht_strbuf *buf, size_t len) {
    if (buf->status != HT_OK) {
        return false;
    }
    size_t wanted = 0;
    if (ht_add_overflows(buf->len + 1, len, &wanted)) {
        buf->status = HT_E_LIMIT;
        return false;
    }
    buf->status = ht_grow(&buf->ptr, &buf->capacity, wanted, buf->limit_bytes, 1);
    return buf->status == HT_OK;
}

void ht_strbuf_add(struct ht_strbuf *buf, struct ht_str bytes) {
    if (bytes.len == 0 || !reserve(buf, bytes.len)) {
        return;
    }
    memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
    buf->len += bytes.len;
    buf->ptr[buf->len] = '\0';
}

void ht_strbuf_puts(struct ht_strbuf *buf, const char *c_string) {
    ht_strbuf_add(buf, ht_str_from(c_string));
}

void ht_strbuf_putc(struct ht_strbuf *buf, char c) {
    ht_strbuf_add(buf, (struct ht_str){&c, 1});
}

void ht_strbuf_repeat(struct ht_strbuf *buf, char c, size_t count) {
    if (count == 0 || !reserve(buf, count)) {
        return;
    }
    memset(buf->ptr + buf->len, c, count);
    buf->len += count;
    buf->ptr[buf->len] = '\0';
}

void ht_strbuf_printf(struct ht_strbuf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    const int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0 && reserve(buf, (size_t)len)) {
        (void)vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void ht_strbuf_put_grouped(struct ht_strbuf *buf, uint64_t number) {
    char digits[21];
    const int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            ht_strbuf_putc(buf, ',');
        }
        ht_strbuf_putc(buf, digits[i]);
    }
}
