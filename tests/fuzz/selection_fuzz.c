/* SPDX-License-Identifier: MIT */
/* Any pattern on any name: refused with one printable line, or matched within the limits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/selection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    const size_t len = newline != NULL ? (size_t)(newline - data) : size;
    char *pattern = calloc(1, len + 1);
    struct ht_selection selection;
    struct ht_err err;
    HT_ASSERT(pattern != NULL);
    if (len > 0) {
        memcpy(pattern, data, len);
    }
    if (ht_selection_init(&selection, NULL, pattern, NULL, &err) == HT_OK) {
        const struct ht_str name = {(const char *)data + len, size - len};
        const struct ht_str half = {name.ptr, name.len / 2};
        if (name.len > 0) {
            (void)ht_selection_has_device(&selection, name, HT_STR(""));
            (void)ht_selection_has_device(&selection, half, name);
        }
        ht_selection_release(&selection);
    } else {
        HT_ASSERT(err.status == HT_E_USAGE && err.message[0] != '\0' && err.hint[0] != '\0');
    }
    free(pattern);
    return 0;
}
