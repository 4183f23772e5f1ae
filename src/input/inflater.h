/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_INFLATER_H
#define HT_INPUT_INFLATER_H
/*
 * struct ht_inflater - one stream of raw deflate data at a time, with the checksum of what came
 * out. gzip and zip are different wrappers around it.
 */
#include <stdbool.h>

#include "hubtriage/err.h"
#include "input/tap.h"

struct ht_inflater {
    struct z_stream_s *state; /* zlib's; with its window about 40 KiB */
    bool finished;
    bool failed;
    bool cut;          /* failed, since the input ended */
    uint64_t in_left;  /* input that may still be taken */
    uint64_t in_bytes; /* taken */
    uint64_t out_bytes;
    uint32_t crc; /* CRC-32 of them */
};

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_inflater_init(struct ht_inflater *inflater);
void ht_inflater_release(struct ht_inflater *inflater);

/* Begin a stream that takes at most in_max bytes. */
void ht_inflater_restart(struct ht_inflater *inflater, uint64_t in_max);

/*
 * HT_OK and 1 to size bytes; HT_END behind the end of the stream, to the byte; HT_E_DATA when it is
 * broken or cut; or why the tap stopped.
 */
HT_MUST_CHECK enum ht_status ht_inflater_read(struct ht_inflater *inflater, struct ht_tap *in,
                                              char *out, size_t size_bytes, size_t *count);

/* CRC-32 as gzip and zip have it, of more bytes; the first crc is 0. */
uint32_t ht_crc32(uint32_t crc, const void *bytes, size_t count);

#endif
