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
#include "model/record.h"

/* Bytes that must be readable after the text. */
enum { HT_DECODE_PADDING = 64 };

enum ht_decoded_kind {
    HT_DECODED_EVENT = 0,     /* record is set */
    HT_DECODED_OTHER_SERVICE, /* a log record of another resource type */
    HT_DECODED_OTHER_RECORD,  /* of IoT Hub, but neither connection nor hub health */
    HT_DECODED_NOT_RECORD,    /* an object that is no log record */
    HT_DECODED_BAD_RECORD,    /* a log record that cannot be used: bad, why; its extent is known */
    HT_DECODED_WRAPPER,       /* holds records: its elements begin at consumed */
    HT_DECODED_MORE,          /* the text ends before the object does */
    HT_DECODED_NOT_JSON,      /* why; consumed = where it went wrong; the extent is not known */
};

struct ht_decoded {
    enum ht_decoded_kind kind;
    size_t consumed;         /* bytes of the object, unless said otherwise above */
    enum ht_bad bad;         /* of HT_DECODED_BAD_RECORD */
    const char *why;         /* a phrase of ours */
    bool slow;               /* the fast scanner declined it, or something within it */
    struct ht_record record; /* slices die with the next call */
    /* What every log record tells of itself, good or bad; empty, where it does not. The hub of a
     * record of IoT Hub is record.hub, also when the rest of record is not set. */
    struct ht_str category;
    struct ht_str resource_id; /* or the name of the provider */
    struct ht_str time;        /* as it stands in the record */
};

struct ht_decoder;

HT_MUST_CHECK enum ht_status ht_decoder_new(struct ht_decoder **decoder);
void ht_decoder_free(struct ht_decoder *decoder); /* NULL is a no-op */

/* Decode the object at text.ptr[0], which must be '{'. HT_OK (see out->kind) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decode(struct ht_decoder *decoder, struct ht_str text,
                                       struct ht_decoded *out);

#endif
