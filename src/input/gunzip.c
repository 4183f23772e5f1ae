/* SPDX-License-Identifier: MIT */
/* gzip (RFC 1952): members one after the other, each with header and checksum. What follows the
 * last one and is none is padding or garbage, passed over and counted, as gzip does. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "input/filter.h"
#include "input/inflater.h"

enum { FLAG_CRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16, FLAGS_RESERVED = 0xe0 };

struct gunzip {
    struct ht_filter filter;
    struct ht_tap *in;
    struct ht_trouble *trouble;
    struct ht_inflater inflater;
    enum ht_status status;
    bool in_member;
    bool any_member;
};

static enum ht_status damaged(struct gunzip *self, const char *detail) {
    return ht_trouble_set(self->trouble, "gzip data is damaged", detail, self->in->offset_bytes);
}

/* The input ended too early, or could not be read. */
static enum ht_status stopped(struct gunzip *self, enum ht_status status) {
    return status == HT_END ? ht_trouble_set(self->trouble, "gzip data is cut", NULL,
                                             self->in->offset_bytes + ht_tap_len(self->in))
                            : status;
}

/* Pass over a text and its NUL. */
static enum ht_status skip_text(struct ht_tap *in) {
    for (;;) {
        HT_TRY(ht_tap_want(in, 1));
        const unsigned char *end = memchr(ht_tap_ptr(in), '\0', ht_tap_len(in));
        if (end != NULL) {
            ht_tap_take(in, (size_t)(end - ht_tap_ptr(in)) + 1);
            return HT_OK;
        }
        ht_tap_take(in, ht_tap_len(in));
    }
}

static enum ht_status skip_header(struct ht_tap *in, unsigned flags) {
    HT_TRY(ht_tap_skip(in, 10));
    if ((flags & FLAG_EXTRA) != 0) {
        HT_TRY(ht_tap_want(in, 2));
        HT_TRY(ht_tap_skip(in, 2U + ht_tap_u16(in, 0)));
    }
    if ((flags & FLAG_NAME) != 0) {
        HT_TRY(skip_text(in));
    }
    if ((flags & FLAG_COMMENT) != 0) {
        HT_TRY(skip_text(in));
    }
    return (flags & FLAG_CRC) != 0 ? ht_tap_skip(in, 2) : HT_OK;
}

/* Pass over what is left, and count it. */
static enum ht_status ignore_rest(struct gunzip *self) {
    enum ht_status status = HT_OK;
    while ((status = ht_tap_want(self->in, 1)) == HT_OK) {
        self->filter.ignored_bytes += ht_tap_len(self->in);
        ht_tap_take(self->in, ht_tap_len(self->in));
    }
    return status;
}

static enum ht_status begin_member(struct gunzip *self) {
    enum ht_status status = ht_tap_want(self->in, 4);
    const unsigned char *head = ht_tap_ptr(self->in);
    if (ht_tap_len(self->in) < 4 && !self->any_member) {
        return stopped(self, status);
    }
    if (ht_tap_len(self->in) < 4 || head[0] != 0x1f || head[1] != 0x8b) {
        return status == HT_OK || status == HT_END ? ignore_rest(self) : status;
    }
    self->any_member = true;
    if (head[2] != 8 || (head[3] & FLAGS_RESERVED) != 0) {
        return damaged(self, "its header");
    }
    status = skip_header(self->in, head[3]);
    if (status != HT_OK) {
        return stopped(self, status);
    }
    ht_inflater_restart(&self->inflater, UINT64_MAX / 2);
    self->in_member = true;
    return HT_OK;
}

static enum ht_status end_member(struct gunzip *self) {
    const enum ht_status status = ht_tap_want(self->in, 8);
    if (status != HT_OK) {
        return stopped(self, status);
    }
    if (ht_tap_u32(self->in, 0) != self->inflater.crc ||
        ht_tap_u32(self->in, 4) != (uint32_t)self->inflater.out_bytes) {
        return damaged(self, "its checksum does not match");
    }
    ht_tap_take(self->in, 8);
    self->in_member = false;
    return HT_OK;
}

static enum ht_status read_more(struct gunzip *self, char *out, size_t size_bytes, size_t *count) {
    for (;;) {
        if (!self->in_member) {
            HT_TRY(begin_member(self));
        }
        const enum ht_status status =
            ht_inflater_read(&self->inflater, self->in, out, size_bytes, count);
        if (status == HT_E_DATA) {
            return self->inflater.cut ? stopped(self, HT_END) : damaged(self, NULL);
        }
        if (status != HT_END) {
            return status;
        }
        HT_TRY(end_member(self));
    }
}

static enum ht_status gunzip_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                  size_t *count) {
    struct gunzip *self = (struct gunzip *)filter;
    *count = 0;
    HT_TRY(self->status);
    self->status = read_more(self, out, size_bytes, count);
    return self->status;
}

static void gunzip_free(struct ht_filter *filter) {
    struct gunzip *self = (struct gunzip *)filter;
    ht_inflater_release(&self->inflater);
    free(self);
}

enum ht_status ht_gunzip_new(struct ht_tap *in, struct ht_trouble *trouble,
                             struct ht_filter **filter) {
    struct gunzip *self = calloc(1, sizeof *self);
    if (self == NULL || ht_inflater_init(&self->inflater) != HT_OK) {
        free(self);
        return HT_E_NOMEM;
    }
    self->filter.read = gunzip_read;
    self->filter.free = gunzip_free;
    self->filter.compression = "gzip";
    self->in = in;
    self->trouble = trouble;
    *filter = &self->filter;
    return HT_OK;
}
