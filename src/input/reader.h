/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_READER_H
#define HT_INPUT_READER_H
/*
 * Reading: finds every object in the sources, one at a time, and hands it to the caller, who says
 * what it is and where it ends. There is no format to be chosen: a stream is a sequence of JSON
 * values. Arrays are descended into; so are objects that hold records ("wrappers"), and tables
 * whose rows are arrays. So JSON Lines, {"records": [...]}, concatenated and pretty-printed
 * objects, arrays and answers of query APIs are all the same to it, and so is any mixture.
 *
 * Byte order marks, white space, commas and closing brackets between values are passed over,
 * whether or not they fit together, since files are cut anywhere.
 *
 * A source that does not begin as JSON, and whose first line names columns that the caller knows,
 * is a table (CSV or TSV), read row by row: see input/table.c.
 *
 * A broken value is counted once. Reading then goes on at the next object that is a log record,
 * wherever it begins, so that nothing valid is lost because of a neighbour. A record that ends in
 * the middle, at the end of its source, is tried together with the next source: this puts together
 * again what `split` took apart. A table goes on in the next source, too. The result does not
 * depend on the sizes of blocks.
 */
#include <stdbool.h>

#include "base/str.h"
#include "hubtriage/report.h"
#include "input/place.h"
#include "input/source_list.h"
#include "model/shape.h"

/* Readable bytes behind the text of a frame, and behind each cell. */
enum { HT_FRAME_PADDING = 64 };

/* The text begins with an object, or with the array of a row; where it ends is the callback's to
 * say. */
struct ht_frame {
    struct ht_str text;
    bool row;
    bool resync; /* behind something broken: an array may be a row, or a part of one */
    bool many;   /* records may be taken that follow the first one, with nothing but white space
                    and commas between them, and end within many_bytes */
    size_t many_bytes;
    size_t source; /* index in the list */
    enum ht_holder holder;
};

/* One row of a CSV table, whole: as many cells as the header has. */
struct ht_cells {
    const struct ht_str *cells;
    size_t count;
    size_t source;
    enum ht_holder holder;
};

enum ht_frame_kind {
    HT_FRAME_RECORD = 0, /* a log record, taken; consumed = its bytes. Or many of them: count, and
                            consumed = up to the end of the last */
    HT_FRAME_BAD_RECORD, /* a log record that cannot be used: bad, why; consumed = its bytes */
    HT_FRAME_VALUE,      /* an object that is no log record; consumed = its bytes */
    HT_FRAME_WRAPPER,    /* holds records, the first of which begins at consumed */
    HT_FRAME_ROWS,       /* holds rows, the first of which begins at consumed */
    HT_FRAME_MORE,       /* the text ends before the object does */
    HT_FRAME_NOT_JSON,   /* why */
};

struct ht_frame_answer {
    enum ht_frame_kind kind;
    size_t consumed;
    size_t count;          /* of HT_FRAME_RECORD: records; 1 unless set */
    enum ht_holder holder; /* of HT_FRAME_WRAPPER and HT_FRAME_ROWS: what their elements stand in */
    bool part;             /* of HT_FRAME_VALUE: not to be counted */
    bool headless;         /* of HT_FRAME_ROWS: their columns were not met yet */
    enum ht_bad bad;
    const char *why;
};

/* What the caller makes of the names in a table's first line. */
struct ht_header_answer {
    bool log;            /* rows may be given to cells() */
    const char *problem; /* why it is no log that can be read; NULL = no table of ours */
};

/* What is counted as bad, and where. */
struct ht_bad_record {
    enum ht_bad reason;
    const char *why; /* a phrase of ours */
    size_t source;
    uint64_t record; /* 1-based in its source */
    uint64_t offset_bytes;
};

struct ht_reader_callbacks {
    void *ctx;
    /* HT_OK and *answer, or a status that stops the reading. Takes a record only when it answers
     * HT_FRAME_RECORD, and may be asked again about the same object with more text. */
    enum ht_status (*frame)(void *ctx, const struct ht_frame *frame,
                            struct ht_frame_answer *answer);
    /* The JSON array that names the columns of the rows that follow; HT_E_DATA: it does not. NULL:
     * there are no such rows. */
    enum ht_status (*columns)(void *ctx, struct ht_str text);
    /* The names in the first line of a source; asked again when it is read with another separator.
     * NULL: there are no tables, and cells is not called. */
    enum ht_status (*header)(void *ctx, const struct ht_cells *names,
                             struct ht_header_answer *answer);
    /* One row: HT_FRAME_RECORD, _BAD_RECORD or _VALUE; consumed is not looked at. */
    enum ht_status (*cells)(void *ctx, const struct ht_cells *cells,
                            struct ht_frame_answer *answer);
    void (*bad)(void *ctx, const struct ht_bad_record *bad);
    /* After each block; anything but HT_OK stops the reading. NULL = none. */
    enum ht_status (*progress)(void *progress_ctx, uint64_t bytes_read);
    void *progress_ctx;
};

enum { HT_READER_BLOCK_BYTES = 1024 * 1024 };

struct ht_reader_limits {
    size_t block_bytes;      /* read at once; 0 = HT_READER_BLOCK_BYTES */
    size_t record_bytes_max; /* longer records are counted as bad */
    struct ht_str columns;   /* "NAME,NAME,...": of tables without a header line; empty = none */
    struct ht_pump
        *pump;        /* that may read ahead (input/pump.h), with the same blocks; NULL = none */
    bool no_archives; /* stop with HT_E_LIMIT at an archive, whose files would go into the list */
};

struct ht_reader;

/* limits->columns and the callbacks are borrowed. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_reader_new(const struct ht_reader_limits *limits,
                                           const struct ht_reader_callbacks *callbacks,
                                           struct ht_reader **reader);
void ht_reader_free(struct ht_reader *reader); /* NULL is a no-op */

/* Go to a place in a list, which must be in order; one behind the start of a source must be in a
 * plain file. HT_OK, HT_E_NOMEM, or what a callback returned. */
HT_MUST_CHECK enum ht_status ht_reader_begin(struct ht_reader *reader, struct ht_source_list *list,
                                             const struct ht_place *place);

/*
 * ht_reader_run() - read on from there, up to the first value that begins at that byte or behind.
 *
 * @left  of the source that the byte is in: how many sources are left with it, so that 0 is the end
 *        of all
 * Returns HT_OK: arrived; what a callback returned, or HT_E_NOMEM. Sources that cannot be read are
 * no error: see ht_source.problem.
 */
HT_MUST_CHECK enum ht_status ht_reader_run(struct ht_reader *reader, size_t left,
                                           uint64_t offset_bytes);

/* Whether a table in front of the place where it began would have mattered. */
bool ht_reader_asked_before(const struct ht_reader *reader);

/* Something was looked for behind the last source of the list. */
bool ht_reader_met_end(const struct ht_reader *reader);

/* Where it is, between two calls of the above; *place is initialised. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_reader_where(const struct ht_reader *reader,
                                             struct ht_place *place);

/* Close what is open; what was read ahead is taken back from ht_source.bytes. */
void ht_reader_leave(struct ht_reader *reader);

/* Since it began: JSON values that are no log record; bytes of rows that were looked at again; raw
 * bytes read. */
uint64_t ht_reader_not_records(const struct ht_reader *reader);
uint64_t ht_reader_rescanned_bytes(const struct ht_reader *reader);
uint64_t ht_reader_raw_bytes(const struct ht_reader *reader);

/*
 * ht_read() - read all sources of a list, which must be in order.
 *
 * @not_records  set to the number of JSON values that are no log record.
 * Returns HT_OK, what a callback returned, or HT_E_NOMEM. Sources that cannot be read are no error:
 * see ht_source.problem.
 */
HT_MUST_CHECK enum ht_status ht_read(struct ht_source_list *list,
                                     const struct ht_reader_limits *limits,
                                     const struct ht_reader_callbacks *callbacks,
                                     uint64_t *not_records);

#endif
