/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_DECODER_H
#define HT_DECODE_DECODER_H
/*
 * struct ht_decoder - bytes to records: takes the JSON object at the start of a text, whatever its
 * shape, and gives the event in it, or says why there is none.
 *
 * Owns the scratch memory of one record (at most 4 x its bytes). Not thread-safe; one per thread.
 */
#include "base/str.h"
#include "hubtriage/err.h"
#include "model/date.h"
#include "model/record.h"
#include "model/shape.h"

/* Bytes that must be readable after the text. */
enum { HT_DECODE_PADDING = 64 };

enum ht_decoded_kind {
    HT_DECODED_EVENT = 0,     /* record is set */
    HT_DECODED_OTHER_SERVICE, /* a log record of another resource type */
    HT_DECODED_OTHER_RECORD,  /* of IoT Hub, but neither connection nor hub health */
    HT_DECODED_NOT_RECORD,    /* an object that is no log record */
    HT_DECODED_BAD_RECORD,    /* a log record that cannot be used: bad, why; its extent is known */
    HT_DECODED_WRAPPER,       /* holds records: its elements begin at consumed */
    HT_DECODED_ROWS,          /* holds rows: they begin at consumed */
    HT_DECODED_MORE,          /* the text ends before the object does */
    HT_DECODED_NOT_JSON,      /* why; consumed = where it went wrong; the extent is not known */
};

struct ht_decoded {
    enum ht_decoded_kind kind;
    size_t consumed; /* bytes of the object, unless said otherwise above */
    enum ht_bad bad; /* of HT_DECODED_BAD_RECORD */
    const char *why; /* a phrase of ours */
    bool slow;       /* the fast scanner declined it, or something within it */
    bool part;       /* of HT_DECODED_NOT_RECORD: a part of an answer whose other parts hold rows */
    enum ht_holder
        holder;    /* of HT_DECODED_WRAPPER and HT_DECODED_ROWS: what it is to its elements */
    bool headless; /* of HT_DECODED_ROWS: the columns were not met yet */
    enum ht_naming naming; /* of a log record: what its members are called */
    bool stamped;          /* stamp is set: of events, and of whatever is not ISO 8601 */
    struct ht_stamp stamp;
    struct ht_record record; /* slices die with the next call */
    /* What every log record tells of itself, good or bad; empty, where it does not. The hub of a
     * record of IoT Hub is record.hub, also when the rest of record is not set. */
    struct ht_str category;
    struct ht_str resource_id; /* or the name of the provider */
    struct ht_str time;        /* as it stands in the record */
};

/* What the header line of a table is. */
struct ht_decoded_header {
    bool log;            /* rows may be given to ht_decode_cells() */
    const char *problem; /* not a log because of this; NULL: no table of ours at all */
    bool local_time;     /* times are in a zone whose offset the table does not say */
};

/*
 * Records that are the same bytes as an earlier one, but for a few values, are met again and again.
 * Such a record is its model, with what differs.
 */
struct ht_model {
    struct ht_decoded decoded; /* EVENT, OTHER_RECORD or OTHER_SERVICE; its stamp is not set */
    uint32_t kin;
    bool tall; /* the record stands on several lines */
};

struct ht_quick {
    const struct ht_model *model; /* until the next call of another function than ht_quick_*() */
    struct ht_variant variant;    /* its texts point into the text that was decoded */
    struct ht_str time;           /* as it stands there */
};

/* The record as ht_decode() would have given it. */
void ht_quick_expand(const struct ht_quick *quick, struct ht_decoded *out);

/* Machine code of the fast way. */
enum ht_lane_code {
    HT_LANE_BEST = 0,
    HT_LANE_OFF,
    HT_LANE_PORTABLE,
    HT_LANE_AVX2,
    HT_LANE_NEON,
};

struct ht_decoder;

HT_MUST_CHECK enum ht_status ht_decoder_new(struct ht_decoder **decoder,
                                            enum ht_date_order date_order);
void ht_decoder_free(struct ht_decoder *decoder); /* NULL is a no-op */

/* For tests: results are the same with each. False when this machine does not have it. */
HT_MUST_CHECK bool ht_decoder_use(struct ht_decoder *decoder, enum ht_lane_code code);

/*
 * ht_decode_run() - decode as many records as go the fast way, one behind the other, with nothing
 * but white space and commas between them.
 *
 * Returns how many were decoded, at most max, and sets *consumed: the bytes from the start of text
 * to the end of the last one. 0 says nothing about the text: ht_decode() does.
 */
size_t ht_decode_run(struct ht_decoder *decoder, struct ht_str text, struct ht_quick *quick,
                     size_t max, size_t *consumed);

/* Decode the object at text.ptr[0], which must be '{'. HT_OK (see out->kind) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decode(struct ht_decoder *decoder, struct ht_str text,
                                       struct ht_decoded *out);

/*
 * Rows: what their cells are is said once, by a header line, by the columns of an answer (which
 * ht_decode() has taken by itself, or which ht_decode_columns() is given when they stand behind the
 * rows), and holds until it is said again.
 */

/* The names of a table's columns. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decode_header(struct ht_decoder *decoder,
                                              const struct ht_str *names, size_t count,
                                              struct ht_decoded_header *out);

/* The JSON array of an answer's columns. HT_OK, HT_E_DATA (it is none) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decode_columns(struct ht_decoder *decoder, struct ht_str json);

/* The cells of one row, as many as the header has, UTF-8, with the padding behind each. HT_OK (see
 * out->kind; consumed is not set) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decode_cells(struct ht_decoder *decoder, const struct ht_str *cells,
                                             size_t count, struct ht_decoded *out);

/*
 * The row at text.ptr[0], which must be '['.
 *
 * @doubtful  it may be any array, such as a part of a broken row: without a time stamp it is no
 *            record.
 * HT_OK (see out->kind) or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_decode_row(struct ht_decoder *decoder, struct ht_str text,
                                           bool doubtful, struct ht_decoded *out);

/*
 * Columns that were said before a decoder began: pieces of one input may be decoded apart, each by
 * a decoder that begins as another one stands at a similar place. It has decoded right when it did
 * not use these columns, or they were those that the input said before.
 */

/* Begin with the columns of another decoder. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decoder_restart(struct ht_decoder *decoder,
                                                const struct ht_decoder *like);

/* @start  has the columns that decoder began with
 * @known  has those of the input before */
bool ht_decoder_goes_on(const struct ht_decoder *decoder, const struct ht_decoder *start,
                        const struct ht_decoder *known);

/* What decides the three questions here, without the means to decode. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decoder_keep(struct ht_decoder *kept,
                                             const struct ht_decoder *decoder);

/* known takes what was said last. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decoder_follow(struct ht_decoder *known,
                                               const struct ht_decoder *decoder);

#endif
