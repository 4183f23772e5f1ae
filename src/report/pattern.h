/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_PATTERN_H
#define HT_REPORT_PATTERN_H
#include "base/strbuf.h"
#include "report/habits.h"

/* A device in one phrase of ours, such as "renews its token every 1h10m". Replaces the buffer's
 * text. */
void ht_pattern_phrase(const struct ht_figures *figures, const struct ht_habits *habits,
                       struct ht_strbuf *phrase);

#endif
