/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_READER_PRIVATE_H
#define HT_INPUT_READER_PRIVATE_H
/* What the parts of the reader share: reader.c (JSON values), table.c (rows of CSV and TSV),
 * lookahead.c (columns that stand behind their rows). */
#include "base/strbuf.h"
#include "input/csv.h"
#include "input/place.h"
#include "input/reader.h"
#include "input/stream.h"

/* Bytes of a table's lines that may be looked at again whatever its size. */
#define HT_RESCAN_FREE_BYTES (UINT64_C(64) << 20)

/* What is open around the next value. */
enum ht_bracket {
    HT_BRACKET_NONE = 0,
    HT_BRACKET_ARRAY,   /* of records */
    HT_BRACKET_ROWS,    /* of arrays that are records */
    HT_BRACKET_WRAPPER, /* the object around one of these; its other members are passed over */
    HT_BRACKET_OTHER,   /* an array that is such a member */
};

/* The table that a source is. */
struct ht_table {
    struct ht_csv csv;
    size_t source; /* SIZE_MAX: none */
    size_t columns;
    char separator;
    struct ht_strbuf header; /* its line, for a source that goes on with the rows */
    char header_separator;
    bool skipping;                 /* within a line that is too long, which is counted already */
    uint64_t rescanned_bytes;      /* of rows that turned out wrong behind their first line */
    uint64_t rescanned_ever_bytes; /* of all tables since the reader began */
};

struct ht_reader {
    struct ht_stream stream;
    const struct ht_reader_callbacks *callbacks;
    size_t record_bytes_max;
    struct ht_str columns; /* of tables without a header line */
    uint64_t reported_bytes;
    uint64_t not_records;
    struct ht_open open[HT_OPEN_MAX];
    size_t open_count;
    size_t resync_source; /* while resynchronising; else SIZE_MAX */
    bool resync_next;     /* the next source begins in the middle of something */
    size_t begun_source;  /* whose first bytes have been looked at */
    size_t before_source; /* that was begun before it */
    bool asked_before;    /* the first source since the reader began might go on with a table */
    /* Where to stop: at a source, counted from the end of the list, since the files of an archive
     * are put into it; and there at a byte. A step ends at the first value that begins there or
     * behind. */
    size_t until_left;
    uint64_t until_offset_bytes;
    bool arrived;
    struct ht_table table;
};

struct ht_source *ht_reader_source(struct ht_reader *reader);

/* Count the record that begins at the window's start. */
void ht_reader_count_bad(struct ht_reader *reader, enum ht_bad reason, const char *why);

/* More of the current source or, behind it, of the next ones; HT_END when there is nothing. */
HT_MUST_CHECK enum ht_status ht_reader_extend_joined(struct ht_reader *reader);

/* More of the current source; *grown is false at its end. */
HT_MUST_CHECK enum ht_status ht_reader_extend(struct ht_reader *reader, bool *grown);

/* Name what is wrong with the current source, and leave the rest of it. */
HT_MUST_CHECK enum ht_status ht_reader_abandon(struct ht_reader *reader, const char *problem,
                                               const char *hint);

/* The start of a source: is it a table? Then reader->table.source is set to it, and its header
 * line is consumed. */
HT_MUST_CHECK enum ht_status ht_table_detect(struct ht_reader *reader);

/* The next row, blank line or wrong line of the table that the source is; its window is not empty.
 */
HT_MUST_CHECK enum ht_status ht_table_read(struct ht_reader *reader);

/*
 * Rows begin at the window's start whose columns were not met: look for them behind the rows, and
 * tell the caller. HT_OK; HT_E_DATA when there are none within reach; or another failure.
 */
HT_MUST_CHECK enum ht_status ht_lookahead_columns(struct ht_reader *reader);

#endif
