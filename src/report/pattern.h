/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_PATTERN_H
#define HT_REPORT_PATTERN_H
#include "base/strbuf.h"
#include "report/habits.h"

/*
 * A device in a word, and in one phrase of ours such as "renews its token every 1h10m", which
 * replaces the buffer's text.
 */
enum ht_device_pattern ht_pattern_of(const struct ht_figures *figures,
                                     const struct ht_habits *habits, struct ht_strbuf *phrase);

#endif
