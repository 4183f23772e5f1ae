/* SPDX-License-Identifier: MIT */
/* Any text as a scenario: refused with one line that says where, or a log and a truth that ends. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "hubtriage/simulate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LOG_BYTES = 200000 };

struct counter {
    uint64_t bytes;
    uint64_t limit_bytes;
};

static enum ht_status count(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    struct counter *counter = ctx;
    (void)err;
    HT_ASSERT(bytes != NULL && len > 0);
    counter->bytes += len;
    return counter->bytes > counter->limit_bytes ? HT_E_CANCEL : HT_OK;
}

/* The first byte chooses the shape; the fleet stays small whatever the text says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const settings[] = {"devices=5", "hours=3"};
    struct counter log = {.limit_bytes = 4 * LOG_BYTES};
    struct counter truth = {.limit_bytes = 4 * LOG_BYTES};
    const struct ht_sink log_sink = {count, &log};
    const struct ht_sink truth_sink = {count, &truth};
    struct ht_err err;
    if (size < 1) {
        return 0;
    }
    const struct ht_simulate_options options = {
        .text = (const char *)data + 1,
        .text_len = size - 1,
        .name = "f",
        .settings = settings,
        .setting_count = 2,
        .size_bytes = data[0] >= 'a' ? LOG_BYTES : 0,
        .shape = data[0] % 24,
    };
    const enum ht_status status = ht_simulate(&options, &log_sink, &truth_sink, &err);
    HT_ASSERT(status == HT_OK || status == HT_E_CANCEL || status == HT_E_USAGE);
    if (status == HT_E_USAGE) {
        HT_ASSERT(strncmp(err.message, "f:", 2) == 0 || strstr(err.message, "s=") != NULL ||
                  strncmp(err.message, "the fleet", 9) == 0);
    }
    return 0;
}
