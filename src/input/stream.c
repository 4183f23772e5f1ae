/* SPDX-License-Identifier: MIT */
/* One growing buffer, filled from one source after the other. */
#include "input/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/err.h"
#include "base/grow.h"
#include "input/pump.h"
#include "input/sniff.h"

void ht_stream_init(struct ht_stream *stream, struct ht_source_list *list, size_t block_bytes) {
    *stream = (struct ht_stream){
        .list = list, .block_bytes = block_bytes, .source = 0, .read_source = SIZE_MAX, .file = -1};
    ht_inflow_init(&stream->inflow);
}

/* The inflow is ours alone. True when its end was not met, though it may be behind it. */
static bool stop_pump(struct ht_stream *stream, bool abrupt) {
    return stream->pump != NULL && ht_pump_stop(stream->pump, abrupt);
}

/* An archive stays open for its next file. */
static void close_source(struct ht_stream *stream) {
    const bool ahead = stop_pump(stream, !ht_inflow_has_archive(&stream->inflow));
    if (stream->open) {
        stream->list->sources[stream->read_source].ignored_bytes =
            ahead ? 0 : ht_inflow_ignored_bytes(&stream->inflow);
    }
    stream->open = false;
    if (ht_inflow_has_archive(&stream->inflow)) {
        return;
    }
    ht_inflow_close(&stream->inflow);
    if (stream->file >= 0) {
        (void)close(stream->file);
        stream->file = -1;
    }
}

void ht_stream_release(struct ht_stream *stream) {
    (void)stop_pump(stream, true);
    ht_inflow_release(&stream->inflow);
    close_source(stream);
    free(stream->buffer);
    free(stream->marks);
    ht_stream_init(stream, stream->list, stream->block_bytes);
}

void ht_stream_restart(struct ht_stream *stream, struct ht_source_list *list, size_t source) {
    char *buffer = stream->buffer;
    const size_t capacity = stream->capacity;
    struct ht_stream_mark *marks = stream->marks;
    const size_t mark_capacity = stream->mark_capacity;
    const struct ht_inflow inflow = stream->inflow;
    HT_ASSERT(!stream->open && stream->file < 0);
    *stream = (struct ht_stream){
        .list = list,
        .block_bytes = stream->block_bytes,
        .buffer = buffer,
        .capacity = capacity,
        .source = source,
        .read_source = source - 1, /* SIZE_MAX before the first one */
        .file = -1,
        .marks = marks,
        .mark_capacity = mark_capacity,
        .inflow = inflow,
        .pump = stream->pump,
        .no_archives = stream->no_archives,
        .on_signal = stream->on_signal,
        .on_signal_ctx = stream->on_signal_ctx,
    };
    stream->inflow.raw_bytes = 0;
}

bool ht_stream_has_begun(const struct ht_stream *stream) {
    return stream->begun;
}

void ht_stream_leave(struct ht_stream *stream) {
    struct ht_source *sources = stream->list->sources;
    for (size_t i = 0; i < stream->mark_count; i++) {
        const size_t end = i + 1 < stream->mark_count ? stream->marks[i + 1].at : stream->end;
        sources[stream->marks[i].source].bytes -= end - stream->marks[i].at;
    }
    if (stream->begun && stream->source < stream->list->count) {
        sources[stream->source].bytes -= ht_stream_window(stream).len;
    }
    (void)stop_pump(stream, true);
    ht_inflow_close(&stream->inflow);
    close_source(stream);
    stream->begin = 0;
    stream->end = 0;
    stream->mark_count = 0;
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
    return stream->mark_count > 0 || !stream->open;
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

/* What stopped the inflow, in one line. */
static void set_trouble(struct ht_source *source, const struct ht_trouble *trouble,
                        enum ht_status status) {
    char problem[sizeof source->problem];
    if (status == HT_E_IO) {
        set_errno_problem(source, trouble->sys_errno,
                          source->bytes > 0 ? "reading stopped" : "cannot be read");
        return;
    }
    (void)snprintf(problem, sizeof problem, "%s at byte %" PRIu64 "%s%s%s",
                   trouble->what != NULL ? trouble->what : "damaged", trouble->offset_bytes,
                   trouble->detail != NULL ? ": " : "",
                   trouble->detail != NULL ? trouble->detail : "",
                   source->bytes > 0 ? "; what came before was read" : "");
    set_problem(source, problem,
                trouble->hint != NULL ? trouble->hint : "copy or download it again");
}

static bool is_fatal(enum ht_status status) {
    return status != HT_OK && status != HT_END && status != HT_E_DATA && status != HT_E_IO;
}

/* Of a source that is longer than that, another thread may read ahead. */
enum { PUMP_FROM_BYTES = 1024 * 1024 };

static enum ht_status read_inflow(struct ht_stream *stream, size_t *count) {
    const struct ht_source *source = &stream->list->sources[stream->read_source];
    char *out = stream->buffer + stream->end;
    bool taken = true;
    if (stream->pump != NULL) {
        const enum ht_status status =
            ht_pump_read(stream->pump, out, stream->block_bytes, count, &stream->raw_bytes, &taken);
        if (!taken) {
            return status;
        }
    }
    const enum ht_status status = ht_inflow_read(&stream->inflow, out, stream->block_bytes, count);
    stream->raw_bytes = stream->inflow.raw_bytes;
    if (stream->pump != NULL && status == HT_OK && source->bytes + *count >= PUMP_FROM_BYTES) {
        ht_pump_offer(stream->pump, &stream->inflow);
    }
    return status;
}

/* At most a block. The source is closed at its end and at an error. */
static enum ht_status read_block(struct ht_stream *stream) {
    HT_TRY(reserve(stream, stream->block_bytes));
    struct ht_source *source = &stream->list->sources[stream->read_source];
    size_t count = 0;
    const enum ht_status status = read_inflow(stream, &count);
    if (status != HT_OK) {
        if (is_fatal(status)) {
            return status;
        }
        if (status != HT_END) {
            set_trouble(source, &stream->inflow.trouble, status);
        }
        close_source(stream);
        return HT_OK;
    }
    stream->end += count;
    source->bytes += count;
    stream->total_bytes += count;
    memset(stream->buffer + stream->end, 0, HT_STREAM_PADDING);
    return HT_OK;
}

enum ht_status ht_stream_fill(struct ht_stream *stream, size_t wanted) {
    while (stream->open && stream->end - stream->begin < wanted) {
        HT_TRY(read_block(stream));
    }
    return HT_OK;
}

/* The descriptor of a source, or -1 and its problem. */
static int open_descriptor(struct ht_stream *stream, struct ht_source *source) {
    if (source->fd >= 0) {
        return source->fd;
    }
    do { /* a FIFO waits for its writer */
        stream->file = open(source->name, O_RDONLY | O_CLOEXEC);
    } while (stream->file < 0 && errno == EINTR && ask_after_signal(stream) == HT_OK);
    if (stream->file < 0) {
        set_errno_problem(source, errno, "cannot be opened");
    }
    return stream->file;
}

/* What was opened is text to be read, an archive, or neither. */
static void begin_source(struct ht_stream *stream) {
    struct ht_source *source = &stream->list->sources[stream->read_source];
    struct ht_inflow *inflow = &stream->inflow;
    source->compression = inflow->compression;
    source->encoding = inflow->encoding;
    if (!ht_inflow_can_read(inflow)) {
        set_trouble(source, &inflow->trouble, HT_E_DATA);
        close_source(stream);
    } else if (ht_inflow_is_archive(inflow)) {
        source->is_archive = true;
        ht_inflow_set_tag(inflow, stream->read_source);
    } else {
        stream->open = true;
    }
}

enum { SEEK_ALIGN_BYTES = 4096 };

/* Copying out of the page cache is slow when buffer and file are aligned differently. */
enum ht_status ht_stream_seek(struct ht_stream *stream, uint64_t offset_bytes) {
    struct ht_source *source = &stream->list->sources[stream->source];
    const size_t before = (size_t)(offset_bytes % SEEK_ALIGN_BYTES);
    stream->read_source = stream->source;
    stream->begun = true;
    const int fd = source->problem[0] == '\0' ? open_descriptor(stream, source) : -1;
    if (fd < 0) {
        return HT_OK;
    }
    if (lseek(fd, (off_t)(offset_bytes - before), SEEK_SET) < 0) {
        set_errno_problem(source, errno, "reading stopped");
        (void)close(fd);
        stream->file = -1;
        return HT_OK;
    }
    stream->inflow.patience =
        (struct ht_patience){.on_signal = stream->on_signal, .ctx = stream->on_signal_ctx};
    HT_TRY(ht_inflow_open_plain(&stream->inflow, fd));
    stream->open = true;
    stream->offset_bytes = offset_bytes - before;
    HT_TRY(ht_stream_fill(stream, before));
    const size_t there = stream->end - stream->begin;
    const size_t passed = there < before ? there : before;
    source->bytes -= passed;
    ht_stream_consume(stream, passed);
    return HT_OK;
}

static enum ht_status open_source(struct ht_stream *stream) {
    struct ht_source *source = &stream->list->sources[stream->read_source];
    if (source->problem[0] != '\0') {
        return HT_OK;
    }
    const int fd = open_descriptor(stream, source);
    if (fd < 0) {
        return HT_OK;
    }
    stream->inflow.patience =
        (struct ht_patience){.on_signal = stream->on_signal, .ctx = stream->on_signal_ctx};
    HT_TRY(ht_inflow_open(&stream->inflow, fd));
    begin_source(stream);
    return source->is_archive && stream->no_archives ? HT_E_LIMIT : HT_OK;
}

/* An archive is done: one that held nothing is worth a word. */
static void end_archive(struct ht_stream *stream, size_t archive) {
    struct ht_source *source = &stream->list->sources[archive];
    if (stream->read_source == archive && source->problem[0] == '\0') {
        set_problem(source, "an archive without a file in it", "");
    }
    close_source(stream);
}

/* A file of an archive becomes the source that is read next. */
static enum ht_status add_member(struct ht_stream *stream, size_t archive,
                                 const struct ht_member *member) {
    struct ht_refusal refusal;
    if (ht_sniff_refuses_member(ht_str_from(member->name), &refusal)) {
        set_problem(&stream->list->sources[archive], refusal.problem, refusal.hint);
        HT_TRY(ht_inflow_leave_archive(&stream->inflow));
        close_source(stream);
        return HT_OK;
    }
    const enum ht_status status =
        ht_source_list_insert(stream->list, stream->read_source, archive, member->name);
    if (status == HT_E_LIMIT) {
        set_problem(&stream->list->sources[archive], "more files than can be named", "");
        HT_TRY(ht_inflow_leave_archive(&stream->inflow));
        close_source(stream);
        return HT_OK;
    }
    HT_TRY(status);
    stream->read_source++;
    struct ht_source *source = &stream->list->sources[stream->read_source];
    if (member->problem == NULL) {
        begin_source(stream);
    } else {
        source->compression = stream->inflow.compression;
        set_problem(source, member->problem, member->hint != NULL ? member->hint : "");
    }
    return HT_OK;
}

/* Go to the next file of the archive that is being read. */
static enum ht_status next_member(struct ht_stream *stream) {
    struct ht_member member;
    size_t archive = SIZE_MAX;
    const enum ht_status status = ht_inflow_next(&stream->inflow, &member, &archive);
    stream->raw_bytes = stream->inflow.raw_bytes;
    if (is_fatal(status)) {
        return status;
    }
    if (status == HT_OK) {
        return add_member(stream, archive, &member);
    }
    if (status == HT_END) {
        end_archive(stream, archive);
    } else if (stream->list->sources[archive].problem[0] == '\0') {
        set_trouble(&stream->list->sources[archive], &stream->inflow.trouble, status);
    }
    return HT_OK;
}

/* Look at the head of the source just opened; forget it when it is surely no log. */
static enum ht_status sniff(struct ht_stream *stream, size_t start, bool *refused) {
    while (stream->open && stream->end - stream->begin < start + HT_SNIFF_BYTES) {
        HT_TRY(read_block(stream));
    }
    const size_t len = stream->end - stream->begin - start;
    /* Never more than that, or the answer would depend on the size of blocks. */
    const struct ht_str head = {stream->buffer + stream->begin + start,
                                len < HT_SNIFF_BYTES ? len : HT_SNIFF_BYTES};
    struct ht_refusal refusal;
    *refused = head.len > 0 && ht_sniff_refuses(head, start > 0 || stream->continues, &refusal);
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

/* Open what follows; stream->open tells whether it can be read. HT_END: nothing follows. */
static enum ht_status next_source(struct ht_stream *stream) {
    if (ht_inflow_has_archive(&stream->inflow)) {
        return next_member(stream);
    }
    const size_t next = stream->read_source + 1; /* SIZE_MAX + 1 is the first */
    if (next >= stream->list->count) {
        stream->met_end = true;
        return HT_END;
    }
    stream->read_source = next;
    return open_source(stream);
}

enum ht_status ht_stream_join(struct ht_stream *stream) {
    HT_ASSERT(!stream->open);
    for (;;) {
        HT_TRY(next_source(stream));
        if (!stream->open) {
            continue;
        }
        const size_t start = stream->end - stream->begin; /* stays, when the buffer is compacted */
        bool refused = false;
        HT_TRY(sniff(stream, start, &refused));
        if (!refused) {
            HT_TRY(add_mark(stream, stream->begin + start));
            stream->begun = true;
            stream->continues = false;
            ht_stream_consume(stream, 0);
            return HT_OK;
        }
    }
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

void ht_stream_abandon(struct ht_stream *stream) {
    if (stream->mark_count == 0) {
        close_source(stream);
    }
    ht_stream_consume(stream, ht_stream_window(stream).len);
}
