/* SPDX-License-Identifier: MIT */
#include "render/text_spark.h"

enum { LEVELS = 8 };

void ht_spark_put(struct ht_strbuf *out, const uint64_t *numbers, size_t count, bool unicode) {
    static const char ascii[] = ".:-=+*#@";
    uint64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most = numbers[i] > most ? numbers[i] : most;
    }
    for (size_t i = 0; i < count; i++) {
        const double part = most > 0 ? (double)numbers[i] / (double)most : 0;
        const int level = part >= 1 ? LEVELS - 1 : (int)(part * LEVELS);
        if (numbers[i] == 0) {
            ht_strbuf_putc(out, ' ');
        } else if (unicode) {
            const char block[] = {'\xE2', '\x96', (char)(0x81 + level)}; /* U+2581 to U+2588 */
            ht_strbuf_add(out, (struct ht_str){block, sizeof block});
        } else {
            ht_strbuf_putc(out, ascii[level]);
        }
    }
}
