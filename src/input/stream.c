/* SPDX-License-Identifier: MIT */
/* Blocking reads into one growing buffer. Files are never mapped: one that is truncated meanwhile
 * must not kill us. */
#include "input/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/err.h"
#include "base/grow.h"
#include "input/sniff.h"

void ht_stream_init(struct ht_stream *stream, struct ht_source_list *list, size_t block_bytes) {
    *stream = (struct ht_stream){
        .list = list, .block_bytes = block_bytes, .source = 0, .read_source = SIZE_MAX, .fd = -1};
}

static void close_source(struct ht_stream *stream) {
    if (stream->fd >= 0 && stream->list->sources[stream->read_source].fd < 0) {
        (void)close(stream->fd);
    }
    stream->fd = -1;
}

void ht_stream_release(struct ht_stream *stream) {
    close_source(stream);
    free(stream->buffer);
    free(stream->marks);
    ht_stream_init(stream, stream->list, stream->block_bytes);
}

/* From begin to end; nothing before the first block was read. */
static struct ht_str slice(const struct ht_stream *stream, size_t end) {
    if (stream->buffer == NULL) {
        return HT_STR_NONE;
    }
    return (struct ht_str){stream->buffer + stream->begin, end - stream->begin};
}

struct ht_str ht_stream_window(const struct ht_stream *stream) {
    return slice(stream, stream->mark_count > 0 ? stream->marks[0].at : stream->end);
}

struct ht_str ht_stream_joined(const struct ht_stream *stream) {
    return slice(stream, stream->end);
}

bool ht_stream_source_ended(const struct ht_stream *stream) {
    return stream->mark_count > 0 || stream->fd < 0;
}

/* Move what is not consumed to the front of the buffer. */
static void compact(struct ht_stream *stream) {
    const size_t shift = stream->begin;
    if (shift == 0) {
        return;
    }
    memmove(stream->buffer, stream->buffer + shift, stream->end - shift);
    stream->begin = 0;
    stream->end -= shift;
    for (size_t i = 0; i < stream->mark_count; i++) {
        stream->marks[i].at -= shift;
    }
}

/* Room for count bytes and the padding behind end. */
static enum ht_status reserve(struct ht_stream *stream, size_t count) {
    if (stream->capacity >= stream->end + count + HT_STREAM_PADDING) {
        return HT_OK;
    }
    compact(stream);
    return ht_grow(&stream->buffer, &stream->capacity, stream->end + count + HT_STREAM_PADDING,
                   SIZE_MAX / 2, 1);
}

static void set_problem(struct ht_source *source, const char *problem, const char *hint) {
    (void)snprintf(source->problem, sizeof source->problem, "%s", problem);
    (void)snprintf(source->hint, sizeof source->hint, "%s", hint);
}

static void set_errno_problem(struct ht_source *source, int sys_errno, const char *what) {
    struct ht_err err = {.status = HT_OK};
    (void)ht_err_set_errno(&err, sys_errno, "%s", what);
    set_problem(source, err.message, "");
}

static enum ht_status ask_after_signal(const struct ht_stream *stream) {
    return stream->on_signal != NULL ? stream->on_signal(stream->on_signal_ctx) : HT_OK;
}

/* read() that waits, also on a descriptor that somebody else made non-blocking. *count is -1, with
 * errno, when it fails. */
static enum ht_status read_some(struct ht_stream *stream, char *out, size_t size_bytes,
                                ssize_t *count) {
    for (;;) {
        *count = read(stream->fd, out, size_bytes);
        if (*count >= 0 || (errno != EINTR && errno != EAGAIN)) {
            return HT_OK;
        }
        struct pollfd wait = {.fd = stream->fd, .events = POLLIN};
        if (errno == EINTR || (poll(&wait, 1, -1) < 0 && errno == EINTR)) {
            HT_TRY(ask_after_signal(stream));
        }
    }
}

/* One read() of at most a block. The source is closed at its end and at an error. */
static enum ht_status read_block(struct ht_stream *stream) {
    HT_TRY(reserve(stream, stream->block_bytes));
    struct ht_source *source = &stream->list->sources[stream->read_source];
    ssize_t count = 0;
    HT_TRY(read_some(stream, stream->buffer + stream->end, stream->block_bytes, &count));
    if (count < 0) {
        set_errno_problem(source, errno, source->bytes > 0 ? "reading stopped" : "cannot be read");
    }
    if (count <= 0) {
        close_source(stream);
        return HT_OK;
    }
    stream->end += (size_t)count;
    source->bytes += (uint64_t)count;
    stream->total_bytes += (uint64_t)count;
    memset(stream->buffer + stream->end, 0, HT_STREAM_PADDING);
    return HT_OK;
}

enum ht_status ht_stream_fill(struct ht_stream *stream, size_t wanted) {
    while (stream->fd >= 0 && stream->end - stream->begin < wanted) {
        HT_TRY(read_block(stream));
    }
    return HT_OK;
}

/* Sets fd, or the source's problem. */
static void open_source(struct ht_stream *stream) {
    struct ht_source *source = &stream->list->sources[stream->read_source];
    if (source->problem[0] != '\0') {
        return;
    }
    if (source->fd >= 0) {
        stream->fd = source->fd;
        return;
    }
    do { /* a FIFO waits for its writer */
        stream->fd = open(source->name, O_RDONLY | O_CLOEXEC);
    } while (stream->fd < 0 && errno == EINTR && ask_after_signal(stream) == HT_OK);
    if (stream->fd < 0) {
        set_errno_problem(source, errno, "cannot be opened");
    }
}

/* Look at the head of the source just opened; forget it when it is surely no log. */
static enum ht_status sniff(struct ht_stream *stream, size_t start, bool *refused) {
    while (stream->fd >= 0 && stream->end - stream->begin < start + HT_SNIFF_BYTES) {
        HT_TRY(read_block(stream));
    }
    const size_t len = stream->end - stream->begin - start;
    /* Never more than that, or the answer would depend on the size of blocks. */
    const struct ht_str head = {stream->buffer + stream->begin + start,
                                len < HT_SNIFF_BYTES ? len : HT_SNIFF_BYTES};
    struct ht_refusal refusal;
    *refused = head.len > 0 && ht_sniff_refuses(head, start > 0, &refusal);
    if (*refused) {
        set_problem(&stream->list->sources[stream->read_source], refusal.problem, refusal.hint);
        close_source(stream);
        stream->end = stream->begin + start;
    }
    return HT_OK;
}

static enum ht_status add_mark(struct ht_stream *stream, size_t at) {
    HT_TRY(ht_grow(&stream->marks, &stream->mark_capacity, stream->mark_count + 1, SIZE_MAX,
                   sizeof *stream->marks));
    stream->marks[stream->mark_count++] = (struct ht_stream_mark){at, stream->read_source};
    return HT_OK;
}

enum ht_status ht_stream_join(struct ht_stream *stream) {
    HT_ASSERT(stream->fd < 0);
    while (stream->read_source + 1 < stream->list->count || stream->read_source == SIZE_MAX) {
        stream->read_source++; /* SIZE_MAX + 1 is the first */
        if (stream->read_source >= stream->list->count) {
            break;
        }
        open_source(stream);
        if (stream->fd < 0) {
            continue;
        }
        const size_t start = stream->end - stream->begin; /* stays, when the buffer is compacted */
        bool refused = false;
        HT_TRY(sniff(stream, start, &refused));
        if (!refused) {
            HT_TRY(add_mark(stream, stream->begin + start));
            ht_stream_consume(stream, 0);
            return HT_OK;
        }
    }
    return HT_END;
}

void ht_stream_consume(struct ht_stream *stream, size_t count) {
    HT_ASSERT(count <= stream->end - stream->begin);
    stream->begin += count;
    stream->offset_bytes += count;
    size_t passed = 0;
    while (passed < stream->mark_count && stream->marks[passed].at <= stream->begin) {
        stream->source = stream->marks[passed].source;
        stream->offset_bytes = stream->begin - stream->marks[passed].at;
        passed++;
    }
    if (passed > 0) {
        stream->mark_count -= passed;
        memmove(stream->marks, stream->marks + passed, stream->mark_count * sizeof *stream->marks);
    }
    if (stream->begin == stream->end && stream->mark_count == 0) {
        stream->begin = 0;
        stream->end = 0;
    }
}
