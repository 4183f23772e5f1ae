/* SPDX-License-Identifier: MIT */
/*
 * Zstandard (RFC 8878): frames one after the other, skippable ones among them. A frame says how
 * much memory its window takes; more than 128 MiB, which only `zstd --long=28` and above asks for,
 * is refused.
 */
#include <stdlib.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "base/check.h"
#include "input/filter.h"

enum { HEADER_BYTES = 3 /* of a block */ };

static const uint32_t magic_frame = 0xFD2FB528;
static const uint32_t magic_skippable = 0x184D2A50; /* and the 15 after it */

struct unzstd {
    struct ht_filter filter;
    struct ht_tap *in;
    struct ht_trouble *trouble;
    ZSTD_DCtx *decoder;
    enum ht_status status;
    bool in_frame;
    bool full;   /* the last step filled the output: there may be more without more input */
    size_t wish; /* input that makes the next block whole, and the header behind it */
};

static enum ht_status fail(struct unzstd *self, ZSTD_ErrorCode code) {
    if (code == ZSTD_error_memory_allocation) {
        return HT_E_NOMEM;
    }
    const bool window = code == ZSTD_error_frameParameter_windowTooLarge;
    const bool mine = self->trouble->what == NULL;
    const enum ht_status status =
        window ? ht_trouble_set(self->trouble, "zstd data needs a window over 128 MiB", NULL,
                                self->in->offset_bytes)
               : ht_trouble_set(self->trouble, "zstd data is damaged",
                                code == ZSTD_error_checksum_wrong ? "its checksum does not match"
                                                                  : NULL,
                                self->in->offset_bytes);
    if (window && mine) {
        self->trouble->hint = "decompress it first: zstd -dc --long=31 FILE | hubtriage report";
    }
    return status;
}

static enum ht_status ignore_rest(struct unzstd *self) {
    enum ht_status status = HT_OK;
    while ((status = ht_tap_want(self->in, 1)) == HT_OK) {
        self->filter.ignored_bytes += ht_tap_len(self->in);
        ht_tap_take(self->in, ht_tap_len(self->in));
    }
    return status;
}

static enum ht_status begin_frame(struct unzstd *self) {
    const enum ht_status status = ht_tap_want(self->in, 4);
    if (status != HT_OK && status != HT_END) {
        return status;
    }
    const uint32_t magic = status == HT_OK ? ht_tap_u32(self->in, 0) : 0;
    if (magic != magic_frame && (magic & 0xFFFFFFF0U) != magic_skippable) {
        return ignore_rest(self);
    }
    self->in_frame = true;
    self->wish = 4;
    return HT_OK;
}

static enum ht_status step(struct unzstd *self, char *out, size_t size_bytes, size_t *count) {
    if (!self->full) {
        const enum ht_status status = ht_tap_want(self->in, 1);
        if (status != HT_OK) {
            return status == HT_END ? ht_trouble_set(self->trouble, "zstd data is cut", NULL,
                                                     self->in->offset_bytes)
                                    : status;
        }
    }
    /* Of a step that fails, zstd does not say what came out before: so a block, then what is left
     * of it when the output was full, then the header of the next one. */
    const size_t block = self->wish > HEADER_BYTES ? self->wish - HEADER_BYTES : self->wish;
    const size_t part = self->full ? 0 : block;
    const size_t len = ht_tap_len(self->in);
    ZSTD_inBuffer from = {ht_tap_ptr(self->in), len < part ? len : part, 0};
    ZSTD_outBuffer to = {out, size_bytes, 0};
    const size_t left = ZSTD_decompressStream(self->decoder, &to, &from);
    if (ZSTD_isError(left)) {
        return fail(self, ZSTD_getErrorCode(left));
    }
    ht_tap_take(self->in, from.pos);
    *count = to.pos;
    self->full = to.pos == to.size;
    self->wish = left;
    self->in_frame = left != 0;
    self->full = self->full && self->in_frame;
    return HT_OK;
}

static enum ht_status unzstd_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                  size_t *count) {
    struct unzstd *self = (struct unzstd *)filter;
    *count = 0;
    while (self->status == HT_OK && *count == 0) {
        if (!self->in_frame) {
            self->status = begin_frame(self);
        }
        if (self->status == HT_OK) {
            self->status = step(self, out, size_bytes, count);
        }
    }
    return self->status;
}

static void unzstd_free(struct ht_filter *filter) {
    struct unzstd *self = (struct unzstd *)filter;
    (void)ZSTD_freeDCtx(self->decoder);
    free(self);
}

enum ht_status ht_unzstd_new(struct ht_tap *in, struct ht_trouble *trouble,
                             struct ht_filter **filter) {
    struct unzstd *self = calloc(1, sizeof *self);
    if (self == NULL || (self->decoder = ZSTD_createDCtx()) == NULL) {
        free(self);
        return HT_E_NOMEM;
    }
    self->filter.read = unzstd_read;
    self->filter.free = unzstd_free;
    self->filter.compression = "zstd";
    self->in = in;
    self->trouble = trouble;
    *filter = &self->filter;
    return HT_OK;
}
