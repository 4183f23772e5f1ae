/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_STREAM_H
#define HT_INPUT_STREAM_H
/*
 * struct ht_stream - the bytes of all sources, one after the other, in one buffer.
 *
 * The window is what is in the buffer of the current source, from its first byte not yet consumed.
 * It can be extended (ht_stream_fill) and, when its source is exhausted, the bytes of the next
 * source can be put directly behind it (ht_stream_join), so that a record which was cut between two
 * files lies in one piece. The buffer never holds more than a record's ceiling and two blocks.
 *
 * One source is open at a time, and what it is wrapped in is taken off (inflow.h). The files of an
 * archive become sources of their own, put into the list behind it when they are met. A source that
 * cannot be read, or surely is no log, is named in the list with its problem and passed over.
 */
#include <stdbool.h>

#include "base/str.h"
#include "hubtriage/err.h"
#include "input/inflow.h"
#include "input/source_list.h"

/* Readable bytes behind everything that the stream hands out. */
enum { HT_STREAM_PADDING = 64 };

/* Where in the buffer a source begins. */
struct ht_stream_mark {
    size_t at;
    size_t source;
};

struct ht_stream {
    struct ht_source_list *list; /* borrowed, in order */
    size_t block_bytes;
    char *buffer;
    size_t capacity;
    size_t begin; /* first byte not consumed */
    size_t end;
    size_t source;                /* of the byte at begin */
    uint64_t offset_bytes;        /* of that byte in its source */
    size_t read_source;           /* the source that is being read, at end */
    struct ht_inflow inflow;      /* of read_source */
    struct ht_pump *pump;         /* that may read it ahead; borrowed; NULL = none */
    bool open;                    /* read_source is not exhausted */
    bool begun;                   /* there was a source */
    bool met_end;                 /* a source was looked for behind the last one */
    bool continues;               /* the next source, in what stood before it */
    bool no_archives;             /* stop with HT_E_LIMIT at one */
    int file;                     /* opened by us, -1 = none */
    struct ht_stream_mark *marks; /* sources that begin behind begin, in order */
    size_t mark_count;
    size_t mark_capacity;
    uint64_t total_bytes; /* of text, from all sources */
    uint64_t raw_bytes;   /* as they lie in files */
    /* Asked when a signal interrupts the wait for bytes; anything but HT_OK stops the reading.
     * NULL = go on waiting. */
    enum ht_status (*on_signal)(void *ctx);
    void *on_signal_ctx;
};

/* block_bytes: how much is read at once. */
void ht_stream_init(struct ht_stream *stream, struct ht_source_list *list, size_t block_bytes);
void ht_stream_release(struct ht_stream *stream);

/* Forget everything; the next source to be joined is that one of that list. The buffer stays. */
void ht_stream_restart(struct ht_stream *stream, struct ht_source_list *list, size_t source);

/* Directly behind that: go to a byte of the source, which is a plain file. HT_OK, HT_E_NOMEM, or
 * what on_signal returned; when the source cannot be read there, it is exhausted and has a problem.
 */
HT_MUST_CHECK enum ht_status ht_stream_seek(struct ht_stream *stream, uint64_t offset_bytes);

/* False until the first source is there. */
bool ht_stream_has_begun(const struct ht_stream *stream);

/* Close what is open, and take back from the sources' bytes what is not consumed. */
void ht_stream_leave(struct ht_stream *stream);

/* Bytes of the current source that are in the buffer. */
struct ht_str ht_stream_window(const struct ht_stream *stream);

/* Those, and all that were joined to them. */
struct ht_str ht_stream_joined(const struct ht_stream *stream);

/* True when nothing of the current source is left to be read behind the window. */
bool ht_stream_source_ended(const struct ht_stream *stream);

/* Read until `wanted` bytes are joined or the source being read ends; HT_OK, HT_E_NOMEM, or what
 * on_signal returned. */
HT_MUST_CHECK enum ht_status ht_stream_fill(struct ht_stream *stream, size_t wanted);

/* Put the start of the next readable source behind all others. HT_OK, HT_END when there is none,
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_stream_join(struct ht_stream *stream);

/* Leave the rest of the current source. */
void ht_stream_abandon(struct ht_stream *stream);

/* Pass over count bytes, at most all that were joined. */
void ht_stream_consume(struct ht_stream *stream, size_t count);

#endif
