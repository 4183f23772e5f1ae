/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_QUALITY_WORDS_H
#define HT_RENDER_QUALITY_WORDS_H
/* What was read and what was wrong with it, in the sentences that text and HTML share. Log text in
 * them is made printable; whoever writes HTML escapes the whole. */
#include "base/strbuf.h"
#include "hubtriage/report.h"

/* Groups of counts, in the order in which they are told. */
enum ht_quality_group {
    HT_QUALITY_SKIPPED = 0,
    HT_QUALITY_ORDER,
    HT_QUALITY_SESSIONS,
    HT_QUALITY_LACKING,
    HT_QUALITY_GROUP_COUNT,
};

/* "Skipped", "Order", ... */
const char *ht_quality_group_label(enum ht_quality_group group);

/* "3 records of other services, 1 value that is no log record."; nothing and false when all are 0.
 */
bool ht_quality_put_group(struct ht_strbuf *words, const struct ht_quality *quality,
                          enum ht_quality_group group);

void ht_quality_put_read(struct ht_strbuf *words, const struct ht_summary *summary);

/* "First: a.json, record 7, byte 512: why" */
void ht_quality_put_example(struct ht_strbuf *words, const struct ht_bad_example *example);

/* A source that could not be read: "name: problem; hint" */
void ht_quality_put_problem(struct ht_strbuf *words, const struct ht_source_view *source);

#endif
