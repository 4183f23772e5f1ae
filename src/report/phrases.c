/* SPDX-License-Identifier: MIT */
#include "report/phrases.h"

#include <stdio.h>

#include "base/check.h"

size_t ht_phrase_span(int64_t seconds, char out[HT_TIME_TEXT_BYTES]) {
    if (seconds < HT_S_PER_HOUR) {
        return ht_time_format_span(seconds, out);
    }
    const long long s = seconds;
    const int len = s < HT_S_PER_DAY
                        ? snprintf(out, HT_TIME_TEXT_BYTES, "%lldh%02lldm%02llds",
                                   s / HT_S_PER_HOUR, s / 60 % 60, s % 60)
                        : snprintf(out, HT_TIME_TEXT_BYTES, "%lldd%lldh%02lldm", s / HT_S_PER_DAY,
                                   s / HT_S_PER_HOUR % 24, s / 60 % 60);
    return (size_t)len;
}

void ht_phrase_count(struct ht_strbuf *buf, uint64_t count, const char *noun) {
    ht_strbuf_put_grouped(buf, count);
    ht_strbuf_putc(buf, ' ');
    ht_strbuf_puts(buf, noun);
    if (count != 1) {
        ht_strbuf_putc(buf, 's');
    }
}

void ht_phrase_put_span(struct ht_strbuf *buf, int64_t seconds) {
    char text[HT_TIME_TEXT_BYTES];
    ht_strbuf_add(buf, (struct ht_str){text, ht_time_format_span(seconds, text)});
}

void ht_phrase_put_time(struct ht_strbuf *buf, int64_t time_us) {
    char text[HT_TIME_TEXT_BYTES];
    ht_strbuf_add(buf, (struct ht_str){text, ht_time_format(time_us, text)});
}

unsigned ht_phrase_percent(uint64_t part, uint64_t whole) {
    return whole > 0 ? (unsigned)((part * 100 + whole / 2) / whole) : 0;
}

enum ht_status ht_phrase_keep(const struct ht_strbuf *buf, struct ht_arena *arena,
                              const char **text) {
    struct ht_str copy;
    if (buf->status != HT_OK) {
        return HT_E_NOMEM;
    }
    HT_TRY(ht_arena_copy(arena, ht_strbuf_str(buf), &copy) == HT_OK ? HT_OK : HT_E_NOMEM);
    *text = copy.ptr;
    return HT_OK;
}
