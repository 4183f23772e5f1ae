/* SPDX-License-Identifier: MIT */
/* The scanner keeps its contract with jansson, whatever the text. */
#include <stdint.h>

#include "agreement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = padded_copy(data, size);
    if (size > 0) {
        text[0] = '{';
        (void)assert_agreement((struct ht_str){text, size});
    }
    free(text);
    return 0;
}
