/* SPDX-License-Identifier: MIT */
#include "render/sink_buffer.h"

#include <stdlib.h>
#include <string.h>

struct ht_sink_buffer *ht_sink_buffer_open(const struct ht_sink *sink, struct ht_err *err) {
    struct ht_sink_buffer *out = malloc(sizeof *out);
    if (out != NULL) {
        out->sink = sink;
        out->err = err;
        out->status = HT_OK;
        out->len = 0;
    }
    return out;
}

static void flush(struct ht_sink_buffer *out) {
    if (out->status == HT_OK && out->len > 0) {
        out->status = out->sink->write(out->sink->ctx, out->bytes, out->len, out->err);
    }
    out->len = 0;
}

void ht_sink_buffer_put(struct ht_sink_buffer *out, struct ht_str bytes) {
    while (bytes.len > 0 && out->status == HT_OK) {
        const size_t room = sizeof out->bytes - out->len;
        const size_t count = bytes.len < room ? bytes.len : room;
        memcpy(out->bytes + out->len, bytes.ptr, count);
        out->len += count;
        bytes.ptr += count;
        bytes.len -= count;
        if (out->len == sizeof out->bytes) {
            flush(out);
        }
    }
}

void ht_sink_buffer_puts(struct ht_sink_buffer *out, const char *c_string) {
    ht_sink_buffer_put(out, ht_str_from(c_string));
}

void ht_sink_buffer_repeat(struct ht_sink_buffer *out, char c, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ht_sink_buffer_putc(out, c);
    }
}

enum ht_status ht_sink_buffer_close(struct ht_sink_buffer *out) {
    flush(out);
    const enum ht_status status = out->status;
    free(out);
    return status;
}
