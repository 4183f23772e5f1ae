/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_SINK_BUFFER_H
#define HT_RENDER_SINK_BUFFER_H
/*
 * struct ht_sink_buffer - rendered bytes on their way to a struct ht_sink, in blocks of 64 KiB.
 *
 * Invariants: status is sticky: once the sink has failed it is never called again, and everything
 * that is put after that is dropped. A renderer with many rows looks at status after each one, so
 * that a full disk or a closed pipe stops it at once.
 */
#include <stddef.h>

#include "base/str.h"
#include "hubtriage/report.h"

enum { HT_SINK_BUFFER_BYTES = 64 * 1024 };

struct ht_sink_buffer {
    const struct ht_sink *sink;
    struct ht_err *err;
    enum ht_status status;
    size_t len;
    char bytes[HT_SINK_BUFFER_BYTES];
};

/* Sink and err are borrowed until the close. NULL when there is no memory. */
struct ht_sink_buffer *ht_sink_buffer_open(const struct ht_sink *sink, struct ht_err *err);

void ht_sink_buffer_put(struct ht_sink_buffer *out, struct ht_str bytes);
void ht_sink_buffer_puts(struct ht_sink_buffer *out, const char *c_string);
void ht_sink_buffer_repeat(struct ht_sink_buffer *out, char c, size_t count);

static inline void ht_sink_buffer_putc(struct ht_sink_buffer *out, char c) {
    if (out->len + 1 < sizeof out->bytes) {
        out->bytes[out->len++] = c; /* after a failure too: it is never handed over */
    } else {
        ht_sink_buffer_put(out, (struct ht_str){&c, 1});
    }
}

/* What was to be put could not be made: HT_E_NOMEM is kept like a failure of the sink. */
static inline void ht_sink_buffer_note(struct ht_sink_buffer *out, enum ht_status status) {
    if (status == HT_E_NOMEM && out->status == HT_OK) {
        out->status = status;
    }
}

/* Hands over what is left, frees, and returns the sticky status. */
enum ht_status ht_sink_buffer_close(struct ht_sink_buffer *out);

#endif
