/* SPDX-License-Identifier: MIT */
/*
 * The framer: a loop over the values of the stream, with a stack of the brackets that are open.
 *
 * States: normal, and `resync` behind something broken, where the next log record is looked for at
 * every '{' that a key may follow. What is passed over in that state belongs to the broken record,
 * which was counted. A new source ends it.
 *
 * Cost: an object is looked at again only when the text has doubled; a broken one is left at the
 * first byte that cannot be, and nesting is bound, so hostile input costs a constant factor at
 * most.
 */
#include "input/reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "input/reader_private.h"

_Static_assert((int)HT_STREAM_PADDING >= (int)HT_FRAME_PADDING, "the buffer pads the frames");

static void push_bracket(struct ht_reader *reader, enum ht_bracket bracket, enum ht_holder holder) {
    if (reader->open_count < HT_OPEN_MAX) {
        reader->open[reader->open_count++] =
            (struct ht_open){(unsigned char)bracket, (unsigned char)holder};
    }
}

static struct ht_open innermost(const struct ht_reader *reader) {
    return reader->open_count > 0
               ? reader->open[reader->open_count - 1]
               : (struct ht_open){.bracket = HT_BRACKET_NONE, .holder = HT_HOLDER_NONE};
}

/* A bracket that closes nothing is passed over. */
static void close_bracket(struct ht_reader *reader, char c) {
    const enum ht_bracket bracket = (enum ht_bracket)innermost(reader).bracket;
    if (bracket != HT_BRACKET_NONE && (bracket == HT_BRACKET_WRAPPER) == (c == '}')) {
        reader->open_count--;
    }
}

/* An array within a wrapper, beside what the wrapper is there for, holds nothing that counts. */
static void open_array(struct ht_reader *reader) {
    const enum ht_bracket within = (enum ht_bracket)innermost(reader).bracket;
    const bool other = within == HT_BRACKET_WRAPPER || within == HT_BRACKET_OTHER;
    push_bracket(reader, other ? HT_BRACKET_OTHER : HT_BRACKET_ARRAY, HT_HOLDER_ARRAY);
}

/* What a wrapper opens: records, rows, or one record that stands there itself. */
static void open_wrapper(struct ht_reader *reader, const struct ht_frame_answer *answer) {
    const char last = ht_stream_window(&reader->stream).ptr[answer->consumed - 1];
    push_bracket(reader, HT_BRACKET_WRAPPER, answer->holder);
    if (last == '[') {
        push_bracket(reader, answer->kind == HT_FRAME_ROWS ? HT_BRACKET_ROWS : HT_BRACKET_ARRAY,
                     answer->holder);
    }
}

struct ht_source *ht_reader_source(struct ht_reader *reader) {
    return &reader->stream.list->sources[reader->stream.source];
}

void ht_reader_count_bad(struct ht_reader *reader, enum ht_bad reason, const char *why) {
    const struct ht_bad_record bad = {
        .reason = reason,
        .why = why,
        .source = reader->stream.source,
        .record = ++ht_reader_source(reader)->records,
        .offset_bytes = reader->stream.offset_bytes,
    };
    reader->callbacks->bad(reader->callbacks->ctx, &bad);
}

static bool in_resync(const struct ht_reader *reader) {
    return reader->resync_source == reader->stream.source;
}

/* What stands at the window's start cannot be: count it unless it belongs to something broken
 * already, and look for the next record behind it. */
static void begin_resync(struct ht_reader *reader, enum ht_bad reason, const char *why) {
    if (!in_resync(reader)) {
        ht_reader_count_bad(reader, reason, why);
    }
    reader->resync_source = reader->stream.source;
    ht_stream_consume(&reader->stream, 1);
}

static void end_resync(struct ht_reader *reader) {
    reader->resync_source = SIZE_MAX;
}

static enum ht_status report_progress(struct ht_reader *reader) {
    if (reader->callbacks->progress == NULL ||
        reader->reported_bytes == reader->stream.total_bytes) {
        return HT_OK;
    }
    reader->reported_bytes = reader->stream.total_bytes;
    return reader->callbacks->progress(reader->callbacks->progress_ctx, reader->stream.raw_bytes);
}

/* Twice as much text, but not more than a record may have. */
static size_t next_len(const struct ht_reader *reader, size_t len) {
    const size_t max = reader->record_bytes_max;
    const size_t doubled = len > 0 ? 2 * len : 1;
    return len < max && doubled > max ? max : doubled;
}

enum ht_status ht_reader_extend(struct ht_reader *reader, bool *grown) {
    const size_t len = ht_stream_window(&reader->stream).len;
    *grown = false;
    if (ht_stream_source_ended(&reader->stream)) {
        return HT_OK;
    }
    HT_TRY(ht_stream_fill(&reader->stream, next_len(reader, len)));
    *grown = ht_stream_window(&reader->stream).len > len;
    return report_progress(reader);
}

enum ht_status ht_reader_extend_joined(struct ht_reader *reader) {
    const size_t len = ht_stream_joined(&reader->stream).len;
    HT_TRY(ht_stream_fill(&reader->stream, next_len(reader, len)));
    while (ht_stream_joined(&reader->stream).len == len) {
        HT_TRY(ht_stream_join(&reader->stream));
    }
    return report_progress(reader);
}

static size_t until_source(const struct ht_reader *reader) {
    return reader->stream.list->count - reader->until_left;
}

/* A step takes no record that begins where reading is to stop. */
static size_t many_bytes(const struct ht_reader *reader, size_t len) {
    if (reader->stream.source < until_source(reader)) {
        return len;
    }
    const uint64_t left = reader->until_offset_bytes - reader->stream.offset_bytes;
    return left < len ? (size_t)left : len;
}

/* Ask about the object at the window's start, with as much text as it takes to know. */
static enum ht_status ask(struct ht_reader *reader, struct ht_frame_answer *answer, bool *joined) {
    *joined = false;
    for (;;) {
        struct ht_frame frame = {
            .text = *joined ? ht_stream_joined(&reader->stream) : ht_stream_window(&reader->stream),
            .resync = in_resync(reader),
            .many = !*joined && !in_resync(reader),
            .source = reader->stream.source,
            .holder = (enum ht_holder)innermost(reader).holder,
        };
        frame.row = frame.text.ptr[0] == '[';
        const bool full = frame.text.len >= reader->record_bytes_max;
        if (full) {
            frame.text.len = reader->record_bytes_max;
        }
        frame.many_bytes = frame.many ? many_bytes(reader, frame.text.len) : 0;
        *answer = (struct ht_frame_answer){.kind = HT_FRAME_MORE, .count = 1};
        HT_TRY(reader->callbacks->frame(reader->callbacks->ctx, &frame, answer));
        if (answer->kind != HT_FRAME_MORE) {
            return HT_OK;
        }
        if (full) {
            answer->kind = HT_FRAME_NOT_JSON;
            answer->bad = HT_BAD_TOO_LONG;
            answer->why = "longer than the ceiling for one record (--max-record-bytes)";
            return HT_OK;
        }
        bool grown = false;
        if (!*joined) {
            HT_TRY(ht_reader_extend(reader, &grown));
        }
        if (!grown && !*joined && reader->stream.mark_count > 0) {
            *joined = true; /* the next source is there already */
        } else if (!grown) {
            *joined = true;
            const enum ht_status status = ht_reader_extend_joined(reader);
            if (status != HT_OK) {
                return status == HT_END ? HT_OK : status;
            }
        }
    }
}

/* Joined to what follows it, a cut object must become whole. While resynchronising, one that is no
 * record may be so by chance. */
static bool completes(const struct ht_reader *reader, enum ht_frame_kind kind) {
    return kind != HT_FRAME_NOT_JSON && kind != HT_FRAME_MORE &&
           (kind != HT_FRAME_VALUE || !in_resync(reader));
}

static void take_value(struct ht_reader *reader, size_t consumed, bool part) {
    const enum ht_bracket within = (enum ht_bracket)innermost(reader).bracket;
    if (!in_resync(reader) && !part && (within == HT_BRACKET_NONE || within == HT_BRACKET_ARRAY)) {
        ht_reader_source(reader)->records++;
        reader->not_records++;
    }
    ht_stream_consume(&reader->stream, consumed);
}

/* While resynchronising, an array that is no row of the table is a part of the broken one. */
static bool is_no_row(const struct ht_reader *reader, const struct ht_frame_answer *answer) {
    return ht_stream_window(&reader->stream).ptr[0] == '[' &&
           (answer->kind == HT_FRAME_VALUE ||
            (answer->kind == HT_FRAME_BAD_RECORD && answer->bad == HT_BAD_ROW));
}

/* Without its columns a table cannot be read: one clear line, and the rest of the source is left.
 */
static enum ht_status find_columns(struct ht_reader *reader) {
    const enum ht_status status = ht_lookahead_columns(reader);
    return status == HT_E_DATA
               ? ht_reader_abandon(
                     reader, "a table whose columns are not named",
                     "export it with its columns; of a long answer that has them last, "
                     "give the file itself, not compressed")
               : status;
}

/* The object, or the row, at the window's start. */
static enum ht_status read_object(struct ht_reader *reader) {
    struct ht_frame_answer answer;
    bool joined = false;
    HT_TRY(ask(reader, &answer, &joined));
    if (joined && !completes(reader, answer.kind)) {
        begin_resync(reader, HT_BAD_CUT, "cut at the end of the input");
        return HT_OK;
    }
    if (in_resync(reader) && is_no_row(reader, &answer)) {
        ht_stream_consume(&reader->stream, 1);
        return HT_OK;
    }
    switch (answer.kind) {
    case HT_FRAME_RECORD:
        end_resync(reader);
        ht_reader_source(reader)->records += answer.count;
        ht_stream_consume(&reader->stream, answer.consumed);
        return HT_OK;
    case HT_FRAME_BAD_RECORD:
        end_resync(reader);
        ht_reader_count_bad(reader, answer.bad, answer.why);
        ht_stream_consume(&reader->stream, answer.consumed);
        return HT_OK;
    case HT_FRAME_VALUE:
        take_value(reader, answer.consumed, answer.part);
        return HT_OK;
    case HT_FRAME_WRAPPER:
    case HT_FRAME_ROWS:
        end_resync(reader);
        open_wrapper(reader, &answer);
        ht_stream_consume(&reader->stream, answer.consumed);
        return answer.kind == HT_FRAME_ROWS && answer.headless ? find_columns(reader) : HT_OK;
    case HT_FRAME_NOT_JSON:
    case HT_FRAME_MORE:
        break;
    }
    begin_resync(reader, answer.bad, answer.why);
    return HT_OK;
}

static bool is_word_byte(char c) {
    const char lower = ht_ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || ht_ascii_is_digit(c) || c == '+' || c == '-' ||
           c == '.';
}

/* Length of the string or word at the start of text; 0 when its end is not there, SIZE_MAX when a
 * string is broken. */
static size_t scalar_len(struct ht_str text) {
    if (text.ptr[0] != '"') {
        size_t len = 0;
        while (len < text.len && is_word_byte(text.ptr[len])) {
            len++;
        }
        return len < text.len ? len : 0;
    }
    for (size_t at = 1; at < text.len; at++) {
        if (text.ptr[at] == '"') {
            return at + 1;
        }
        if ((unsigned char)text.ptr[at] < ' ') {
            return SIZE_MAX;
        }
        at += text.ptr[at] == '\\';
    }
    return 0;
}

/* The source ends in a scalar. When it is a string, the next one may begin in the middle of it,
 * where quotes mean the contrary: only a record tells where things begin again. */
static void take_cut_scalar(struct ht_reader *reader) {
    const struct ht_str window = ht_stream_window(&reader->stream);
    const size_t source = reader->stream.source;
    const bool string = window.ptr[0] == '"';
    take_value(reader, window.len, false);
    if (string && reader->stream.source != source) {
        reader->resync_source = reader->stream.source;
    } else {
        reader->resync_next = string;
    }
}

/* A string, number or word within an array or a wrapper. */
static enum ht_status read_scalar(struct ht_reader *reader) {
    for (;;) {
        struct ht_str text = ht_stream_window(&reader->stream);
        const bool full = text.len >= reader->record_bytes_max;
        text.len = full ? reader->record_bytes_max : text.len;
        const size_t len = scalar_len(text);
        if (len == SIZE_MAX) {
            begin_resync(reader, HT_BAD_SYNTAX, "line break or control character in a string");
            return HT_OK;
        }
        if (len > 0) {
            take_value(reader, len, false);
            return HT_OK;
        }
        if (full) {
            begin_resync(reader, HT_BAD_TOO_LONG,
                         "a value longer than the ceiling (--max-record-bytes)");
            return HT_OK;
        }
        bool grown = false;
        HT_TRY(ht_reader_extend(reader, &grown));
        if (!grown) {
            take_cut_scalar(reader);
            return HT_OK;
        }
    }
}

static enum ht_status skip_byte_order_mark(struct ht_reader *reader) {
    static const char mark[] = "\xEF\xBB\xBF";
    struct ht_str window = ht_stream_window(&reader->stream);
    bool grown = true;
    while (window.len < 3 && grown) {
        HT_TRY(ht_reader_extend(reader, &grown));
        window = ht_stream_window(&reader->stream);
    }
    if (window.len >= 3 && memcmp(window.ptr, mark, 3) == 0) {
        ht_stream_consume(&reader->stream, 3);
    } else {
        begin_resync(reader, HT_BAD_SYNTAX, "not JSON");
    }
    return HT_OK;
}

/* A byte that begins no record. */
static enum ht_status read_other(struct ht_reader *reader, char c) {
    const enum ht_bracket within = (enum ht_bracket)innermost(reader).bracket;
    if (within == HT_BRACKET_WRAPPER && c == ':') {
        ht_stream_consume(&reader->stream, 1);
        return HT_OK;
    }
    if (within != HT_BRACKET_NONE && (c == '"' || is_word_byte(c))) {
        return read_scalar(reader);
    }
    begin_resync(reader, HT_BAD_SYNTAX, "not JSON");
    return HT_OK;
}

/* Normal state: the byte at the window's start decides. */
static enum ht_status read_value(struct ht_reader *reader, char c) {
    switch (c) {
    case '{':
        return read_object(reader);
    case '[':
        if (innermost(reader).bracket == HT_BRACKET_ROWS) {
            return read_object(reader);
        }
        open_array(reader);
        break;
    case ']':
    case '}':
        close_bracket(reader, c);
        break;
    case ',':
        break;
    case '\xEF':
        return skip_byte_order_mark(reader);
    default:
        return read_other(reader, c);
    }
    ht_stream_consume(&reader->stream, 1);
    return HT_OK;
}

/* True when the text begins with '{' and what follows may be a key, or is not there to be seen. */
static bool may_be_object(struct ht_str text, bool *undecided) {
    size_t at = 1;
    while (at < text.len &&
           (text.ptr[at] == ' ' || (text.ptr[at] >= '\t' && text.ptr[at] <= '\r'))) {
        at++;
    }
    *undecided = at == text.len;
    return at == text.len || text.ptr[at] == '"';
}

/* The first byte of a text that may begin a record: of an object or, among rows, of a row. */
static const char *find_candidate(const struct ht_reader *reader, struct ht_str text) {
    const char *brace = memchr(text.ptr, '{', text.len);
    if (innermost(reader).bracket != HT_BRACKET_ROWS) {
        return brace;
    }
    const size_t len = brace != NULL ? (size_t)(brace - text.ptr) : text.len;
    const char *row = memchr(text.ptr, '[', len);
    return row != NULL ? row : brace;
}

/* Resynchronising: go to the next object that may be a record, and read it. */
static enum ht_status read_next_candidate(struct ht_reader *reader) {
    struct ht_str window = ht_stream_window(&reader->stream);
    const char *candidate = find_candidate(reader, window);
    if (candidate == NULL) {
        ht_stream_consume(&reader->stream, window.len);
        return HT_OK;
    }
    ht_stream_consume(&reader->stream, (size_t)(candidate - window.ptr));
    for (;;) {
        window = ht_stream_window(&reader->stream);
        bool undecided = false;
        if (window.ptr[0] == '[') {
            return read_object(reader);
        }
        if (!may_be_object(window, &undecided)) {
            ht_stream_consume(&reader->stream, 1);
            return HT_OK;
        }
        if (!undecided || window.len >= reader->record_bytes_max) {
            return read_object(reader);
        }
        bool grown = false;
        HT_TRY(ht_reader_extend(reader, &grown));
        if (!grown) {
            return read_object(reader);
        }
    }
}

/* False when there was none: then the window is as it was. */
static bool skip_space(struct ht_reader *reader) {
    const struct ht_str window = ht_stream_window(&reader->stream);
    size_t count = 0;
    while (count < window.len && (window.ptr[count] == '\n' || window.ptr[count] == ' ' ||
                                  window.ptr[count] == '\r' || window.ptr[count] == '\t')) {
        count++;
    }
    if (count > 0) {
        ht_stream_consume(&reader->stream, count);
    }
    return count > 0;
}

enum ht_status ht_reader_abandon(struct ht_reader *reader, const char *problem, const char *hint) {
    struct ht_source *source = ht_reader_source(reader);
    (void)snprintf(source->problem, sizeof source->problem, "%s", problem);
    (void)snprintf(source->hint, sizeof source->hint, "%s", hint);
    reader->open_count = 0;
    ht_stream_abandon(&reader->stream);
    return HT_OK;
}

/* Behind the last byte of a source. HT_END: there is no other, or none that is wanted. */
static enum ht_status next_source(struct ht_reader *reader) {
    bool grown = false;
    HT_TRY(ht_reader_extend(reader, &grown));
    if (grown || !ht_stream_source_ended(&reader->stream)) {
        return HT_OK;
    }
    if (reader->stream.read_source + 1 >= until_source(reader) && reader->until_offset_bytes == 0 &&
        !ht_inflow_has_archive(&reader->stream.inflow)) {
        return HT_END;
    }
    HT_TRY(ht_stream_join(&reader->stream));
    reader->resync_source = reader->resync_next ? reader->stream.source : SIZE_MAX;
    reader->resync_next = false;
    return report_progress(reader);
}

/* The first look at a source, unless what was cut before it went on into it. */
static enum ht_status begin_source(struct ht_reader *reader) {
    reader->before_source = reader->begun_source;
    reader->begun_source = reader->stream.source;
    return reader->stream.offset_bytes == 0 && reader->callbacks->header != NULL
               ? ht_table_detect(reader)
               : HT_OK;
}

static enum ht_status read_some(struct ht_reader *reader) {
    const struct ht_str window = ht_stream_window(&reader->stream);
    if (window.len == 0) {
        return next_source(reader);
    }
    if (reader->begun_source != reader->stream.source) {
        return begin_source(reader);
    }
    if (reader->table.source == reader->stream.source) {
        return ht_table_read(reader);
    }
    if (skip_space(reader)) {
        return HT_OK;
    }
    return in_resync(reader) ? read_next_candidate(reader) : read_value(reader, window.ptr[0]);
}

static bool has_arrived(const struct ht_reader *reader) {
    const size_t until = until_source(reader);
    return reader->stream.source >= until &&
           (reader->stream.source > until ||
            (reader->stream.offset_bytes >= reader->until_offset_bytes &&
             ht_stream_has_begun(&reader->stream)));
}

enum ht_status ht_reader_run(struct ht_reader *reader, size_t left, uint64_t offset_bytes) {
    reader->until_left = left;
    reader->until_offset_bytes = offset_bytes;
    while (!has_arrived(reader)) {
        const enum ht_status status = read_some(reader);
        if (status != HT_OK) {
            return status == HT_END ? HT_OK : status;
        }
    }
    return HT_OK;
}

/* Who watches the progress also knows whether the signal was meant for us. */
static enum ht_status on_signal(void *ctx) {
    const struct ht_reader *reader = ctx;
    return reader->callbacks->progress == NULL
               ? HT_OK
               : reader->callbacks->progress(reader->callbacks->progress_ctx,
                                             reader->stream.raw_bytes);
}

enum ht_status ht_reader_new(const struct ht_reader_limits *limits,
                             const struct ht_reader_callbacks *callbacks,
                             struct ht_reader **reader) {
    *reader = calloc(1, sizeof **reader);
    if (*reader == NULL) {
        return HT_E_NOMEM;
    }
    (*reader)->callbacks = callbacks;
    (*reader)->record_bytes_max = limits->record_bytes_max;
    (*reader)->columns = limits->columns;
    ht_csv_init(&(*reader)->table.csv);
    ht_strbuf_init(&(*reader)->table.header, SIZE_MAX);
    ht_stream_init(&(*reader)->stream, NULL,
                   limits->block_bytes > 0 ? limits->block_bytes : HT_READER_BLOCK_BYTES);
    (*reader)->stream.no_archives = limits->no_archives;
    (*reader)->stream.pump = limits->pump;
    (*reader)->stream.on_signal = on_signal;
    (*reader)->stream.on_signal_ctx = *reader;
    return HT_OK;
}

void ht_reader_free(struct ht_reader *reader) {
    if (reader != NULL) {
        ht_stream_release(&reader->stream);
        ht_csv_release(&reader->table.csv);
        ht_strbuf_release(&reader->table.header);
        free(reader);
    }
}

bool ht_reader_asked_before(const struct ht_reader *reader) {
    return reader->asked_before;
}

bool ht_reader_met_end(const struct ht_reader *reader) {
    return reader->stream.met_end;
}

uint64_t ht_reader_not_records(const struct ht_reader *reader) {
    return reader->not_records;
}

uint64_t ht_reader_rescanned_bytes(const struct ht_reader *reader) {
    return reader->table.rescanned_ever_bytes;
}

uint64_t ht_reader_raw_bytes(const struct ht_reader *reader) {
    return reader->stream.raw_bytes;
}

enum ht_status ht_read(struct ht_source_list *list, const struct ht_reader_limits *limits,
                       const struct ht_reader_callbacks *callbacks, uint64_t *not_records) {
    struct ht_reader *reader = NULL;
    struct ht_place start;
    ht_place_init(&start);
    enum ht_status status = ht_reader_new(limits, callbacks, &reader);
    if (status == HT_OK) {
        status = ht_reader_begin(reader, list, &start);
    }
    if (status == HT_OK) {
        status = ht_reader_run(reader, 0, 0);
    }
    *not_records = reader != NULL ? reader->not_records : 0;
    ht_reader_free(reader);
    ht_place_release(&start);
    return status;
}
