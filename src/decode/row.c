/* SPDX-License-Identifier: MIT */
/* Rows of tables: cells whose meaning the columns tell. */
#include "base/check.h"
#include "decode/decoder_private.h"
#include "decode/scan.h"

enum ht_status ht_decode_header(struct ht_decoder *decoder, const struct ht_str *names,
                                size_t count, struct ht_decoded_header *out) {
    struct ht_columns *columns = &decoder->columns;
    enum ht_status status = HT_OK;
    decoder->told = true;
    ht_columns_clear(columns);
    *out = (struct ht_decoded_header){.log = false};
    for (size_t i = 0; i < count && status == HT_OK; i++) {
        status = ht_columns_add(columns, names[i]);
    }
    if (status == HT_OK) {
        out->log = ht_columns_are_log(columns, &out->problem);
        out->local_time = columns->local_time;
    }
    return status == HT_E_LIMIT ? HT_OK : status;
}

enum ht_status ht_decode_columns(struct ht_decoder *decoder, struct ht_str json) {
    decoder->told = true;
    const enum ht_status status = ht_columns_load(&decoder->columns, json);
    return status == HT_E_LIMIT ? HT_E_DATA : status;
}

const struct ht_columns *ht_decoder_columns(struct ht_decoder *decoder) {
    decoder->inherited = decoder->inherited || !decoder->told;
    return &decoder->columns;
}

enum ht_status ht_decoder_restart(struct ht_decoder *decoder, const struct ht_decoder *like) {
    decoder->told = false;
    decoder->inherited = false;
    return ht_columns_copy(&decoder->columns, &like->columns);
}

bool ht_decoder_goes_on(const struct ht_decoder *decoder, const struct ht_decoder *start,
                        const struct ht_decoder *known) {
    return !decoder->inherited || ht_columns_are_same(&start->columns, &known->columns);
}

enum ht_status ht_decoder_keep(struct ht_decoder *kept, const struct ht_decoder *decoder) {
    kept->told = decoder->told;
    kept->inherited = decoder->inherited;
    return ht_columns_copy(&kept->columns, &decoder->columns);
}

enum ht_status ht_decoder_follow(struct ht_decoder *known, const struct ht_decoder *decoder) {
    return decoder->told ? ht_columns_copy(&known->columns, &decoder->columns) : HT_OK;
}

/* What tools write for a cell that holds nothing. */
static bool is_nothing(struct ht_str cell) {
    return cell.len == 0 || ht_str_eq(cell, HT_STR("None")) || ht_str_eq(cell, HT_STR("null"));
}

enum ht_status ht_decode_cells(struct ht_decoder *decoder, const struct ht_str *cells, size_t count,
                               struct ht_decoded *out) {
    const struct ht_columns *columns = ht_decoder_columns(decoder);
    struct ht_object object = {.present = 0};
    ht_decoder_begin(decoder, out);
    out->consumed = 0;
    out->why = NULL;
    for (size_t i = 0; i < count && i < columns->count; i++) {
        const unsigned char slot = columns->slots[i];
        if (slot != HT_SLOT_COUNT && !is_nothing(cells[i])) {
            object.present |= HT_SLOT_BIT(slot);
            object.values[slot] = (struct ht_value){.kind = HT_VALUE_STRING, .text = cells[i]};
        }
    }
    return ht_decoder_end(decoder, HT_OK, &object, NULL, out);
}

/* A row is whole, and as long as it should be. */
static enum ht_status judge_row(struct ht_decoder *decoder, const struct ht_object *object,
                                bool doubtful, struct ht_decoded *out) {
    struct ht_stamp ignored;
    HT_TRY(ht_decoder_end(decoder, HT_OK, object, NULL, out));
    if (doubtful && !ht_stamp_parse(ht_str_trim(out->time), HT_DATE_ORDER_PROVEN, &ignored)) {
        out->kind = HT_DECODED_NOT_RECORD;
    }
    return HT_OK;
}

enum ht_status ht_decode_row(struct ht_decoder *decoder, struct ht_str text, bool doubtful,
                             struct ht_decoded *out) {
    const struct ht_columns *columns = ht_decoder_columns(decoder);
    struct ht_object object;
    const struct ht_scan_result scan = ht_scan_row(text, columns->slots, columns->count, &object);
    const char *why = NULL;
    size_t cells = scan.cells;
    enum ht_status status = HT_OK;
    ht_decoder_begin(decoder, out);
    out->consumed = scan.at;
    out->why = scan.why;
    if (scan.kind == HT_SCAN_MORE || scan.kind == HT_SCAN_BAD) {
        out->kind = scan.kind == HT_SCAN_MORE ? HT_DECODED_MORE : HT_DECODED_NOT_JSON;
        return HT_OK;
    }
    if (scan.kind == HT_SCAN_DECLINED) {
        status = ht_members_load_row(&decoder->members, (struct ht_str){text.ptr, scan.at},
                                     columns->slots, columns->count, &object, &cells, &why);
    }
    if (status == HT_OK && cells != columns->count) {
        out->kind = HT_DECODED_BAD_RECORD;
        out->bad = HT_BAD_ROW;
        out->why = cells < columns->count ? "a row with fewer cells than there are columns"
                                          : "a row with more cells than there are columns";
        return HT_OK;
    }
    if (status == HT_E_DATA && doubtful) {
        out->kind = HT_DECODED_NOT_RECORD;
        return HT_OK;
    }
    return status == HT_OK ? judge_row(decoder, &object, doubtful, out)
                           : ht_decoder_end(decoder, status, &object, why, out);
}
