/* SPDX-License-Identifier: MIT */
/* One record: the same event on the fast way and on the slow one; its texts are UTF-8. */
#include <stdint.h>

#include "agreement.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_utf8(struct ht_str text) {
    uint32_t code_point = 0;
    while (text.len > 0) {
        const size_t used = ht_utf8_decode(text, &code_point);
        HT_ASSERT(used > 0 && code_point != 0);
        text = (struct ht_str){text.ptr + used, text.len - used};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_decoder *fast = NULL;
    struct ht_decoder *slow = NULL;
    struct ht_decoded decoded;
    char *text = padded_copy(data, size > 0 ? size : 1);
    const struct ht_str object = {text, size > 0 ? size : 1};
    text[0] = '{';
    HT_ASSERT(ht_decoder_new(&fast, HT_DATE_ORDER_PROVEN) == HT_OK &&
              ht_decoder_new(&slow, HT_DATE_ORDER_PROVEN) == HT_OK);
    HT_ASSERT(ht_decode(fast, object, &decoded) == HT_OK);
    if (decoded.kind == HT_DECODED_EVENT) {
        assert_utf8(decoded.record.hub);
        assert_utf8(decoded.record.device);
        assert_utf8(decoded.record.sdk);
        assert_utf8(decoded.record.operation);
    }
    assert_same_way_round(fast, slow, object);
    ht_decoder_free(fast);
    ht_decoder_free(slow);
    free(text);
    return 0;
}
