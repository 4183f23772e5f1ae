/* SPDX-License-Identifier: MIT */
/* Sources to records: the size of blocks changes nothing; cut into two sources, what was whole
 * gives the same records. First bytes: block, ceiling, where to cut. */
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 4 || size > FEED_BYTES_MAX) {
        return 0;
    }
    const uint8_t *text = data + 4;
    const size_t len = size - 4;
    const size_t max = data[1] < 128 ? (size_t)1 << 20 : data[1];
    const size_t cut = len > 0 ? (data[2] * 256U + data[3]) % len : 0;
    struct feed whole = {.records = 0};
    struct feed blocks = {.records = 0};
    struct feed parts = {.records = 0};
    feed_add(&whole, text, len);
    feed_run(&whole, FEED_BYTES_MAX, max); /* all at once */
    feed_add(&blocks, text, len);
    feed_run(&blocks, data[0] + 1U, max);
    HT_ASSERT(whole.records == blocks.records && whole.bad == blocks.bad);
    HT_ASSERT(whole.bad_places == blocks.bad_places && whole.not_records == blocks.not_records);
    feed_add(&parts, text, cut);
    feed_add(&parts, text + cut, len - cut);
    feed_run(&parts, data[0] + 1U, max);
    /* A table may be cut within its header line: see table_fuzz.c and the unit tests. */
    const struct ht_str trimmed = ht_str_trim((struct ht_str){(const char *)text, len});
    const bool json = trimmed.len > 0 && (trimmed.ptr[0] == '{' || trimmed.ptr[0] == '[');
    const bool sound = json && whole.bad + whole.not_records + whole.refused == 0;
    HT_ASSERT(!sound || parts.refused > 0 || whole.records == parts.records); /* columns cut off */
    return 0;
}
