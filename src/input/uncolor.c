/* SPDX-License-Identifier: MIT */
/*
 * Removes colour codes (ESC [ digits and semicolons m), and nothing else, as `az ... -o jsonc` puts
 * them around keys and values on a terminal. A colouring may cut a string at its escapes, so they
 * go wherever they are: no JSON text has a bare ESC of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "input/filter.h"

enum { CODE_BYTES_MAX = 32, ESC = 0x1b };

struct uncolor {
    struct ht_filter filter;
    struct ht_tap *in;
    enum ht_status status;
};

/* Length of the code at the start of the tap, 0 when there is none. */
static size_t code_len(const struct ht_tap *in) {
    const unsigned char *ptr = ht_tap_ptr(in);
    const size_t len = ht_tap_len(in) < CODE_BYTES_MAX ? ht_tap_len(in) : CODE_BYTES_MAX;
    size_t at = 2;
    if (len < 3 || ptr[0] != ESC || ptr[1] != '[') {
        return 0;
    }
    while (at < len && ((ptr[at] >= '0' && ptr[at] <= '9') || ptr[at] == ';')) {
        at++;
    }
    return at < len && ptr[at] == 'm' ? at + 1 : 0;
}

static enum ht_status read_more(struct uncolor *self, char *out, size_t size_bytes, size_t *count) {
    enum ht_status status = ht_tap_want(self->in, 1);
    HT_TRY(status);
    const unsigned char *begin = ht_tap_ptr(self->in);
    if (begin[0] == ESC) {
        status = ht_tap_want(self->in, CODE_BYTES_MAX);
        if (ht_tap_len(self->in) < CODE_BYTES_MAX && status != HT_END && status != HT_E_DATA &&
            status != HT_E_IO) {
            return status;
        }
        const size_t code = code_len(self->in);
        if (code > 0) {
            ht_tap_take(self->in, code);
            return HT_OK;
        }
        begin = ht_tap_ptr(self->in);
    }
    const unsigned char *next = memchr(begin + 1, ESC, ht_tap_len(self->in) - 1);
    const size_t plain = next != NULL ? (size_t)(next - begin) : ht_tap_len(self->in);
    return ht_tap_read(self->in, out, plain < size_bytes ? plain : size_bytes, count);
}

static enum ht_status uncolor_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                   size_t *count) {
    struct uncolor *self = (struct uncolor *)filter;
    *count = 0;
    while (self->status == HT_OK && *count == 0) {
        self->status = read_more(self, out, size_bytes, count);
    }
    return self->status;
}

static void uncolor_free(struct ht_filter *filter) {
    free(filter);
}

enum ht_status ht_uncolor_new(struct ht_tap *in, struct ht_trouble *trouble,
                              struct ht_filter **filter) {
    struct uncolor *self = calloc(1, sizeof *self);
    (void)trouble;
    if (self == NULL) {
        return HT_E_NOMEM;
    }
    self->filter.read = uncolor_read;
    self->filter.free = uncolor_free;
    self->in = in;
    *filter = &self->filter;
    return HT_OK;
}
