/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_DECODER_PRIVATE_H
#define HT_DECODE_DECODER_PRIVATE_H
/* What decoder.c (objects) and row.c (rows) share. */
#include "decode/columns.h"
#include "decode/decoder.h"
#include "decode/lane.h"
#include "decode/members.h"
#include "decode/normalize.h"

struct ht_decoder {
    struct ht_members members;
    struct ht_normal_text text;
    struct ht_columns columns; /* of the table that is being read */
    bool told;                 /* they were said since the decoder was restarted */
    bool inherited;            /* before they were said, those from before were used */
    struct ht_lane *lane;
};

/* The columns, to be used. */
const struct ht_columns *ht_decoder_columns(struct ht_decoder *decoder);

/* Before each record. */
void ht_decoder_begin(struct ht_decoder *decoder, struct ht_decoded *out);

/* loaded: HT_OK, and the rules are applied to object; HT_E_DATA, and why says what is bad; or
 * HT_E_NOMEM. Returns HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_decoder_end(struct ht_decoder *decoder, enum ht_status loaded,
                                            const struct ht_object *object, const char *why,
                                            struct ht_decoded *out);

#endif
