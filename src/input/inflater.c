/* SPDX-License-Identifier: MIT */
/*
 * zlib decodes, ISA-L sums up: a third of the time would go into zlib's checksum. ISA-L's own
 * decoder is more than twice as fast, but from broken data it (2.30) makes bytes that are not in
 * them, and leaves its input behind its end; so nobody could say what came before the damage.
 */
#include "input/inflater.h"

#include <stdlib.h>

#define ZLIB_CONST
#include <isa-l/crc.h>
#include <zlib.h>

#include "base/check.h"

/* So much stays in the processor's cache until the checksum, and the reader, have seen it. */
enum { STEP_BYTES_MAX = 128 * 1024 };

uint32_t ht_crc32(uint32_t crc, const void *bytes, size_t count) {
    return crc32_gzip_refl(crc, bytes, count);
}

enum ht_status ht_inflater_init(struct ht_inflater *inflater) {
    *inflater = (struct ht_inflater){.state = calloc(1, sizeof *inflater->state)};
    if (inflater->state == NULL || inflateInit2(inflater->state, -MAX_WBITS) != Z_OK) {
        free(inflater->state);
        return HT_E_NOMEM;
    }
    return HT_OK;
}

void ht_inflater_release(struct ht_inflater *inflater) {
    (void)inflateEnd(inflater->state);
    free(inflater->state);
    *inflater = (struct ht_inflater){.state = NULL};
}

void ht_inflater_restart(struct ht_inflater *inflater, uint64_t in_max) {
    HT_ASSERT(inflateReset(inflater->state) == Z_OK);
    *inflater = (struct ht_inflater){.state = inflater->state, .in_left = in_max};
}

/* One call of the decoder. */
static enum ht_status step(struct ht_inflater *inflater, struct ht_tap *in, char *out,
                           size_t size_bytes, size_t *count) {
    z_stream *state = inflater->state;
    if (inflater->in_left > 0 && ht_tap_len(in) == 0) {
        const enum ht_status status = ht_tap_want(in, 1);
        if (status != HT_OK && status != HT_END) {
            return status;
        }
    }
    const size_t there =
        ht_tap_len(in) < inflater->in_left ? ht_tap_len(in) : (size_t)inflater->in_left;
    const size_t room = size_bytes < STEP_BYTES_MAX ? size_bytes : STEP_BYTES_MAX;
    state->next_in = ht_tap_ptr(in);
    state->avail_in = (uInt)there;
    state->next_out = (Bytef *)out;
    state->avail_out = (uInt)room;
    const int result = inflate(state, Z_NO_FLUSH);
    const size_t used = there - state->avail_in;
    ht_tap_take(in, used);
    inflater->in_left -= used;
    inflater->in_bytes += used;
    *count = room - state->avail_out;
    inflater->out_bytes += *count;
    inflater->crc = ht_crc32(inflater->crc, out, *count);
    inflater->finished = result == Z_STREAM_END;
    inflater->cut = result == Z_BUF_ERROR && there == 0;
    inflater->failed =
        inflater->cut || (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END);
    return result == Z_MEM_ERROR ? HT_E_NOMEM : HT_OK;
}

enum ht_status ht_inflater_read(struct ht_inflater *inflater, struct ht_tap *in, char *out,
                                size_t size_bytes, size_t *count) {
    *count = 0;
    while (*count == 0) {
        if (inflater->failed) {
            return HT_E_DATA;
        }
        if (inflater->finished) {
            return HT_END;
        }
        HT_TRY(step(inflater, in, out, size_bytes, count));
    }
    return HT_OK;
}
