/* SPDX-License-Identifier: MIT */
/* Scanner first, jansson for what it declines, then the rules. */
#include "decode/decoder.h"

#include <stdlib.h>

#include "base/check.h"
#include "decode/members.h"
#include "decode/normalize.h"
#include "decode/scan.h"

_Static_assert((int)HT_DECODE_PADDING >= (int)HT_SCAN_PADDING,
               "the caller's padding is the scanner's");

struct ht_decoder {
    struct ht_members members;
    struct ht_normal_text text;
};

enum ht_status ht_decoder_new(struct ht_decoder **decoder) {
    *decoder = calloc(1, sizeof **decoder);
    if (*decoder == NULL) {
        return HT_E_NOMEM;
    }
    ht_members_init(&(*decoder)->members);
    return HT_OK;
}

void ht_decoder_free(struct ht_decoder *decoder) {
    if (decoder != NULL) {
        ht_members_release(&decoder->members);
        free(decoder);
    }
}

/* A framed object that jansson has to judge. */
static enum ht_status load(struct ht_decoder *decoder, struct ht_str text, struct ht_object *object,
                           struct ht_decoded *out) {
    const char *why = NULL;
    const enum ht_status status = ht_members_load(&decoder->members, text, object, &why);
    if (status == HT_E_DATA) {
        out->kind = HT_DECODED_BAD_RECORD;
        out->bad = HT_BAD_SYNTAX;
        out->why = why;
    }
    return status;
}

enum ht_status ht_decode(struct ht_decoder *decoder, struct ht_str text, struct ht_decoded *out) {
    struct ht_object object;
    const struct ht_scan_result scan = ht_scan_object(text, &object);
    enum ht_status status = HT_OK;
    ht_members_reset(&decoder->members);
    out->consumed = scan.at;
    out->why = scan.why;
    out->slow = false;
    out->category = HT_STR_NONE;
    out->resource_id = HT_STR_NONE;
    out->time = HT_STR_NONE;
    switch (scan.kind) {
    case HT_SCAN_MORE:
        out->kind = HT_DECODED_MORE;
        return HT_OK;
    case HT_SCAN_WRAPPER:
        out->kind = HT_DECODED_WRAPPER;
        return HT_OK;
    case HT_SCAN_BAD:
        out->kind = HT_DECODED_NOT_JSON;
        return HT_OK;
    case HT_SCAN_DECLINED:
        status = load(decoder, (struct ht_str){text.ptr, scan.at}, &object, out);
        break;
    case HT_SCAN_ACCEPTED:
        break;
    }
    if (status == HT_OK) {
        status = ht_normalize(&decoder->members, &object, &decoder->text, out);
    }
    out->slow = decoder->members.slow;
    return status == HT_E_DATA ? HT_OK : status;
}
