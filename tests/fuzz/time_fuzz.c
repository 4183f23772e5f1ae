/* SPDX-License-Identifier: MIT */
/* Time stamps and numbers: what is read can be written and read again. */
#include <stdint.h>

#include "base/check.h"
#include "base/num.h"
#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct ht_str text = {(const char *)data, size};
    const int64_t now_us = INT64_C(1741566223) * HT_US_PER_S;
    char out[HT_TIME_TEXT_BYTES];
    int64_t time_us = 0;
    int64_t again_us = 0;
    uint64_t number = 0;
    uint32_t code = 0;
    double decimal = 0;
    if (ht_time_parse_iso(text, &time_us)) {
        const size_t len = ht_time_format(time_us, out);
        const bool back = ht_time_parse_iso((struct ht_str){out, len}, &again_us);
        /* An offset may lead out of the years 1 to 9999. */
        HT_ASSERT(back ? again_us == time_us : out[0] == '-' || out[4] != '-' || out[3] == '0');
    }
    if (ht_time_parse_since(text, now_us, &time_us)) {
        HT_ASSERT(ht_time_format(time_us, out) < sizeof out);
        HT_ASSERT(ht_time_format_span(time_us, out) < sizeof out);
    }
    if (ht_num_parse_u64(text, &number)) {
        HT_ASSERT(ht_num_parse_size(text, &number));
    }
    HT_ASSERT(!ht_num_parse_leading_u32(text, &code) || (data[0] >= '0' && data[0] <= '9'));
    HT_ASSERT(!ht_num_parse_decimal(text, &decimal) || (decimal >= 0 && decimal < 1e9 + 1));
    return 0;
}
