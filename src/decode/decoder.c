/* SPDX-License-Identifier: MIT */
/* The lane for records like earlier ones; else the scanner first, jansson for what it declines,
 * then the rules. */
#include "decode/decoder.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/time.h"
#include "decode/decoder_private.h"
#include "decode/normalize.h"
#include "decode/scan.h"

_Static_assert((int)HT_DECODE_PADDING >= (int)HT_SCAN_PADDING,
               "the caller's padding is the scanner's");

enum ht_status ht_decoder_new(struct ht_decoder **decoder, enum ht_date_order date_order) {
    *decoder = calloc(1, sizeof **decoder);
    if (*decoder == NULL) {
        return HT_E_NOMEM;
    }
    ht_members_init(&(*decoder)->members);
    (*decoder)->text.date_order = date_order;
    (*decoder)->lane = ht_lane_new();
    if ((*decoder)->lane == NULL) {
        ht_decoder_free(*decoder);
        *decoder = NULL;
        return HT_E_NOMEM;
    }
    return HT_OK;
}

void ht_decoder_free(struct ht_decoder *decoder) {
    if (decoder != NULL) {
        ht_members_release(&decoder->members);
        ht_columns_release(&decoder->columns);
        ht_lane_free(decoder->lane);
        free(decoder);
    }
}

bool ht_decoder_use(struct ht_decoder *decoder, enum ht_lane_code code) {
    return ht_lane_use(decoder->lane, code);
}

void ht_decoder_begin(struct ht_decoder *decoder, struct ht_decoded *out) {
    ht_members_reset(&decoder->members);
    out->slow = false;
    out->stamped = false;
    out->headless = false;
    out->part = false;
    out->holder = HT_HOLDER_NONE;
    out->naming = HT_NAMING_ARCHIVE;
    out->category = HT_STR_NONE;
    out->resource_id = HT_STR_NONE;
    out->time = HT_STR_NONE;
}

/* IoT Hub is younger than 2014; and a clock that is off by a century, or never set, must not
 * stretch the span of a hub's log. */
static bool is_plausible(int64_t time_us) {
    const int64_t first_us = INT64_C(1388534400) * HT_US_PER_S; /* 2014-01-01 */
    const int64_t end_us = INT64_C(4102444800) * HT_US_PER_S;   /* 2100-01-01 */
    return time_us >= first_us && time_us < end_us;
}

enum ht_status ht_decoder_end(struct ht_decoder *decoder, enum ht_status loaded,
                              const struct ht_object *object, const char *why,
                              struct ht_decoded *out) {
    enum ht_status status = loaded;
    if (status == HT_OK) {
        status = ht_normalize(&decoder->members, object, &decoder->text, out);
        if (status == HT_OK && out->kind == HT_DECODED_EVENT &&
            !is_plausible(out->record.time_us)) {
            out->kind = HT_DECODED_BAD_RECORD;
            out->bad = HT_BAD_TIME;
            out->why = "its time stamp is before 2014 or after 2099";
        }
    } else if (status == HT_E_DATA) {
        out->kind = HT_DECODED_BAD_RECORD;
        out->bad = HT_BAD_SYNTAX;
        out->why = why;
        status = HT_OK;
    }
    out->slow = decoder->members.slow;
    return status;
}

static enum ht_holder holder_of(enum ht_slot slot) {
    switch (slot) {
    case HT_SLOT_RECORDS:
        return HT_HOLDER_RECORDS;
    case HT_SLOT_TABLES:
        return HT_HOLDER_TABLES;
    default:
        return HT_HOLDER_RESULTS;
    }
}

/* Frames of a progressive Kusto answer: columns in one object, rows in others. */
static bool is_frame(const struct ht_object *object, struct ht_str type) {
    return (object->present & HT_SLOT_BIT(HT_SLOT_FRAME_TYPE)) != 0 &&
           object->values[HT_SLOT_FRAME_TYPE].kind == HT_VALUE_STRING &&
           ht_str_eq(object->values[HT_SLOT_FRAME_TYPE].text, type);
}

static enum ht_status take_columns(struct ht_decoder *decoder, const struct ht_object *object) {
    const bool present = (object->present & HT_SLOT_BIT(HT_SLOT_COLUMNS)) != 0;
    const struct ht_value *value = &object->values[HT_SLOT_COLUMNS];
    if (!present || value->tree != NULL || value->text.len == 0 || value->text.ptr[0] != '[') {
        return HT_E_DATA;
    }
    return ht_decode_columns(decoder, value->text);
}

static enum ht_status begin_rows(struct ht_decoder *decoder, const struct ht_object *object,
                                 struct ht_decoded *out) {
    const bool frame = (object->present & HT_SLOT_BIT(HT_SLOT_FRAME_TYPE)) != 0;
    const enum ht_status status = take_columns(decoder, object);
    out->kind = HT_DECODED_ROWS;
    out->holder = frame || ht_decoder_columns(decoder)->kusto ? HT_HOLDER_FRAMES : HT_HOLDER_TABLES;
    out->headless = status == HT_E_DATA && !is_frame(object, HT_STR("TableFragment"));
    return status == HT_E_DATA ? HT_OK : status;
}

enum ht_status ht_decode(struct ht_decoder *decoder, struct ht_str text, struct ht_decoded *out) {
    struct ht_object object;
    const struct ht_scan_result scan = ht_scan_object(text, &object);
    const char *why = NULL;
    enum ht_status status = HT_OK;
    ht_decoder_begin(decoder, out);
    out->consumed = scan.at;
    out->why = scan.why;
    switch (scan.kind) {
    case HT_SCAN_MORE:
        out->kind = HT_DECODED_MORE;
        return HT_OK;
    case HT_SCAN_WRAPPER:
        out->kind = HT_DECODED_WRAPPER;
        out->holder = holder_of(scan.slot);
        return HT_OK;
    case HT_SCAN_ROWS:
        return begin_rows(decoder, &object, out);
    case HT_SCAN_BAD:
        out->kind = HT_DECODED_NOT_JSON;
        return HT_OK;
    case HT_SCAN_DECLINED:
        status =
            ht_members_load(&decoder->members, (struct ht_str){text.ptr, scan.at}, &object, &why);
        break;
    case HT_SCAN_ACCEPTED:
        if (is_frame(&object, HT_STR("TableHeader"))) {
            const enum ht_status taken = take_columns(decoder, &object);
            status = taken == HT_E_DATA ? HT_OK : taken;
        }
        break;
    }
    out->part = (object.present & HT_SLOT_BIT(HT_SLOT_FRAME_TYPE)) != 0;
    HT_TRY(ht_decoder_end(decoder, status, &object, why, out));
    if (scan.kind == HT_SCAN_ACCEPTED) {
        ht_lane_learn(decoder->lane, &object, out, (struct ht_str){text.ptr, scan.at});
    }
    return HT_OK;
}

size_t ht_decode_run(struct ht_decoder *decoder, struct ht_str text, struct ht_quick *quick,
                     size_t max, size_t *consumed) {
    return ht_lane_run(decoder->lane, text, quick, max, consumed);
}

void ht_quick_expand(const struct ht_quick *quick, struct ht_decoded *out) {
    *out = quick->model->decoded;
    out->time = quick->time;
    if (out->kind == HT_DECODED_EVENT) {
        out->stamped = true;
        out->stamp = (struct ht_stamp){.time_us = quick->variant.time_us, .kind = HT_STAMP_ISO};
        out->record = ht_variant_record(&quick->variant);
    }
}
