/* SPDX-License-Identifier: MIT */
/*
 * ISA-L takes up to eight bytes ahead of what it decodes, so at the end some are given back to the
 * tap. On broken data it may stop without an error and without progress, which is one here.
 */
#include "input/inflater.h"

#include <stdlib.h>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "base/check.h"

enum { STEP_BYTES_MAX = 1 << 30 };

uint32_t ht_crc32(uint32_t crc, const void *bytes, size_t count) {
    return crc32_gzip_refl(crc, bytes, count);
}

enum ht_status ht_inflater_init(struct ht_inflater *inflater) {
    *inflater = (struct ht_inflater){.state = calloc(1, sizeof *inflater->state)};
    if (inflater->state == NULL) {
        return HT_E_NOMEM;
    }
    isal_inflate_init(inflater->state);
    return HT_OK;
}

void ht_inflater_release(struct ht_inflater *inflater) {
    free(inflater->state);
    *inflater = (struct ht_inflater){.state = NULL};
}

void ht_inflater_restart(struct ht_inflater *inflater, uint64_t in_max) {
    isal_inflate_reset(inflater->state);
    inflater->state->crc_flag = ISAL_DEFLATE;
    *inflater = (struct ht_inflater){.state = inflater->state, .in_left = in_max};
}

static void take(struct ht_inflater *inflater, struct ht_tap *in, size_t count) {
    ht_tap_take(in, count);
    inflater->in_left -= count;
    inflater->in_bytes += count;
}

/* What was read ahead belongs to whatever follows. */
static void give_back(struct ht_inflater *inflater, struct ht_tap *in) {
    const size_t count = (size_t)inflater->state->read_in_length / 8;
    ht_tap_give_back(in, count);
    inflater->in_left += count;
    inflater->in_bytes -= count;
    inflater->state->read_in_length = 0;
    inflater->state->read_in = 0;
}

/* One call of the decoder; *stuck when nothing moved. */
static enum ht_status step(struct ht_inflater *inflater, struct ht_tap *in, char *out,
                           size_t size_bytes, size_t *count) {
    struct inflate_state *state = inflater->state;
    enum ht_status status = HT_OK;
    if (inflater->in_left > 0 && ht_tap_len(in) == 0) {
        status = ht_tap_want(in, 1);
        if (status != HT_OK && status != HT_END) {
            return status;
        }
    }
    const size_t there =
        ht_tap_len(in) < inflater->in_left ? ht_tap_len(in) : (size_t)inflater->in_left;
    const size_t room = size_bytes < STEP_BYTES_MAX ? size_bytes : STEP_BYTES_MAX;
    state->next_in = in->buffer + in->begin;
    state->avail_in = (uint32_t)there;
    state->next_out = (uint8_t *)out;
    state->avail_out = (uint32_t)room;
    const int result = isal_inflate(state);
    const size_t used = there - state->avail_in;
    take(inflater, in, used);
    *count = room - state->avail_out;
    inflater->out_bytes += *count;
    inflater->crc = ht_crc32(inflater->crc, out, *count);
    const bool finished = state->block_state == ISAL_BLOCK_FINISH;
    if (result != ISAL_DECOMP_OK) {
        inflater->failed = true;
    } else if (finished) {
        give_back(inflater, in);
    } else if (used == 0 && *count == 0) {
        inflater->failed = true;
        inflater->cut = there == 0;
    }
    return HT_OK;
}

enum ht_status ht_inflater_read(struct ht_inflater *inflater, struct ht_tap *in, char *out,
                                size_t size_bytes, size_t *count) {
    *count = 0;
    while (*count == 0) {
        if (inflater->failed) {
            return HT_E_DATA;
        }
        if (inflater->state->block_state == ISAL_BLOCK_FINISH) {
            return HT_END;
        }
        HT_TRY(step(inflater, in, out, size_bytes, count));
    }
    return HT_OK;
}
