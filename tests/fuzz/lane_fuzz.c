/* SPDX-License-Identifier: MIT */
/*
 * The fast lane gives what the general way gives, record for record, with every machine code.
 *
 * The input is a record, and edits: the record is read twice, edited, and once more, so that the
 * lane knows it when the edited one comes. Byte 0 tells how many edits there are; each has four
 * bytes: the place (two), what is done, and a byte that it is done with.
 */
#include <stdint.h>

#include "agreement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EDITS_MAX = 4, EDIT_BYTES = 4, RUN_MAX = 8 };

static void assert_same(const struct ht_decoded *quick, const struct ht_decoded *general) {
    assert_same_decoded(quick, general);
    HT_ASSERT(quick->naming == general->naming && quick->slow == general->slow);
    HT_ASSERT(quick->stamped == general->stamped);
    HT_ASSERT(!quick->stamped || (quick->stamp.kind == general->stamp.kind &&
                                  quick->stamp.time_us == general->stamp.time_us &&
                                  quick->stamp.zone_min == general->stamp.zone_min));
    HT_ASSERT(quick->record.flags == general->record.flags &&
              quick->record.zone_min == general->record.zone_min);
    HT_ASSERT(ht_str_eq(quick->record.hub, general->record.hub));
    HT_ASSERT(ht_str_eq(quick->category, general->category));
    HT_ASSERT(ht_str_eq(quick->resource_id, general->resource_id));
    HT_ASSERT(ht_str_eq(quick->time, general->time));
}

static bool is_separator(char c) {
    return c == '\n' || c == ',' || c == ' ' || c == '\r' || c == '\t';
}

/* What the lane took, one record after the other, the general way. */
static void assert_run(struct ht_decoder *general, struct ht_str text, const struct ht_quick *quick,
                       size_t count, size_t consumed) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        struct ht_decoded fast;
        struct ht_decoded slow;
        while (i > 0 && is_separator(text.ptr[at])) {
            at++;
        }
        const struct ht_str rest = {text.ptr + at, text.len - at};
        HT_ASSERT(ht_decode(general, rest, &slow) == HT_OK);
        ht_quick_expand(&quick[i], &fast);
        assert_same(&fast, &slow);
        HT_ASSERT(quick[i].model->tall == (rest.ptr[1] == '\n' || rest.ptr[1] == '\r'));
        at += slow.consumed;
    }
    HT_ASSERT(at == consumed);
}

/* Every object in the text. Returns how many went the fast way. */
static size_t compare(enum ht_lane_code code, struct ht_str text) {
    struct ht_decoder *lane = NULL;
    struct ht_decoder *general = NULL;
    size_t taken = 0;
    HT_ASSERT(ht_decoder_new(&lane, HT_DATE_ORDER_PROVEN) == HT_OK &&
              ht_decoder_new(&general, HT_DATE_ORDER_PROVEN) == HT_OK);
    const bool usable = ht_decoder_use(lane, code) && ht_decoder_use(general, HT_LANE_OFF);
    for (size_t at = 0; usable && at < text.len;) {
        const struct ht_str rest = {text.ptr + at, text.len - at};
        struct ht_quick quick[RUN_MAX];
        struct ht_decoded fast;
        struct ht_decoded slow;
        size_t consumed = 0;
        if (text.ptr[at] != '{') {
            at++;
            continue;
        }
        const size_t count = ht_decode_run(lane, rest, quick, RUN_MAX, &consumed);
        assert_run(general, rest, quick, count, consumed);
        taken += count;
        at += consumed;
        if (count == 0) {
            HT_ASSERT(ht_decode(lane, rest, &fast) == HT_OK);
            HT_ASSERT(ht_decode(general, rest, &slow) == HT_OK);
            assert_same_decoded(&fast, &slow);
            HT_ASSERT(fast.consumed == slow.consumed);
            at += fast.consumed > 0 ? fast.consumed : 1;
        }
    }
    ht_decoder_free(lane);
    ht_decoder_free(general);
    return taken;
}

/* One edit; out has room for it. */
static size_t edit(char *text, size_t len, const uint8_t how[EDIT_BYTES]) {
    const size_t at = len > 0 ? ((size_t)how[0] << 8 | how[1]) % len : 0;
    switch (how[2] % 4) {
    case 0:
        memmove(text + at + 1, text + at, len - at);
        text[at] = (char)how[3];
        return len + 1;
    case 1:
        memmove(text + at, text + at + (len > 0), len - at - (len > 0));
        return len - (len > 0);
    case 2:
        if (len > 0) {
            text[at] = (char)how[3];
        }
        return len;
    default: /* a character that JSON knows, whatever the byte */
        if (len > 0) {
            text[at] = "\"\\{}[],:0-nu/ \x7F\xC3"[how[3] % 16];
        }
        return len;
    }
}

static size_t put(char *out, const uint8_t *data, size_t size) {
    if (size > 0) {
        memcpy(out, data, size);
    }
    out[size] = '\n';
    return size + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const size_t edits = size > 0 ? data[0] % (EDITS_MAX + 1) : 0;
    const size_t head = 1 + edits * EDIT_BYTES;
    if (size < head || size > 16384) {
        return 0;
    }
    const size_t record = size - head;
    char *text = padded_copy(NULL, 4 * (record + 2) + EDITS_MAX);
    size_t len = put(text, data + head, record);
    len += put(text + len, data + head, record);
    const size_t begin = len;
    len += put(text + len, data + head, record) - 1;
    for (size_t i = 0; i < edits; i++) {
        len = begin + edit(text + begin, len - begin, data + 1 + i * EDIT_BYTES);
    }
    text[len++] = '\n';
    len += put(text + len, data + head, record);
    const size_t portable = compare(HT_LANE_PORTABLE, (struct ht_str){text, len});
    const size_t best = compare(HT_LANE_BEST, (struct ht_str){text, len});
    HT_ASSERT(portable == best);
    free(text);
    return 0;
}
