/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_STRBUF_H
#define HT_BASE_STRBUF_H
/*
 * struct ht_strbuf - bytes that grow, up to a ceiling.
 *
 * Invariants: ptr is NUL-terminated whenever it is not NULL; len counts neither the NUL nor
 * anything that did not fit. A failed append sets the sticky status and appends nothing: write a
 * whole report, check ht_strbuf.status once.
 *
 * Life cycle: init (allocates nothing), clear (empty, keeps its memory), release (frees).
 */
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/str.h"
#include "hubtriage/err.h"

struct ht_strbuf {
    char *ptr;
    size_t len;
    size_t capacity;
    size_t limit_bytes;
    enum ht_status status; /* HT_OK, HT_E_LIMIT or HT_E_NOMEM */
};

void ht_strbuf_init(struct ht_strbuf *buf, size_t limit_bytes);
void ht_strbuf_clear(struct ht_strbuf *buf);
void ht_strbuf_release(struct ht_strbuf *buf);

void ht_strbuf_add(struct ht_strbuf *buf, struct ht_str bytes);
void ht_strbuf_puts(struct ht_strbuf *buf, const char *c_string);
void ht_strbuf_putc(struct ht_strbuf *buf, char c);
void ht_strbuf_repeat(struct ht_strbuf *buf, char c, size_t count);
void ht_strbuf_printf(struct ht_strbuf *buf, const char *format, ...) HT_PRINTF(2, 3);

/* 1234567 as "1,234,567". */
void ht_strbuf_put_grouped(struct ht_strbuf *buf, uint64_t number);

static inline struct ht_str ht_strbuf_str(const struct ht_strbuf *buf) {
    return (struct ht_str){buf->ptr, buf->len};
}

#endif
