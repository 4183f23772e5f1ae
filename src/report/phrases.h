/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_PHRASES_H
#define HT_REPORT_PHRASES_H
/* Numbers and spans as they stand in our sentences. */
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/time.h"
#include "report/report_private.h"

/* Whole seconds to the second, as evidence needs them: "8s", "2m11s", "1h10m23s", "3d4h05m". */
size_t ht_phrase_span(int64_t seconds, char out[HT_TIME_TEXT_BYTES]);

/* "1 device", "1,204 devices" */
void ht_phrase_count(struct ht_strbuf *buf, uint64_t count, const char *noun);

/* A span as people write it, with ht_time_format_span(). */
void ht_phrase_put_span(struct ht_strbuf *buf, int64_t seconds);
void ht_phrase_put_time(struct ht_strbuf *buf, int64_t time_us);

/* part of whole in whole percent, rounded to the nearest, 0 of 0 is 0. */
unsigned ht_phrase_percent(uint64_t part, uint64_t whole);

/* The buffer's text, copied; HT_E_NOMEM when it did not fit anywhere. */
HT_MUST_CHECK enum ht_status ht_phrase_keep(const struct ht_strbuf *buf, struct ht_arena *arena,
                                            const char **text);

#endif
