/* SPDX-License-Identifier: MIT */
#ifndef HT_COMPARE_COMPARISON_MAKE_H
#define HT_COMPARE_COMPARISON_MAKE_H
/* A report against a former one: hubtriage/comparison.h has the rules. */
#include "compare/baseline.h"

/*
 * ht_compare() - what has changed since.
 *
 * @comparison  owned by the baseline's arena, as are its texts, but for those of the report.
 *
 * Cost: sorting the devices of the report; 24 bytes for each while it runs.
 * Returns HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_compare(const struct ht_report *report,
                                        struct ht_baseline *baseline,
                                        const struct ht_comparison **comparison);

/* Its parts. */
HT_MUST_CHECK enum ht_status ht_compare_figures(const struct ht_summary *summary,
                                                struct ht_baseline *baseline,
                                                struct ht_comparison *out);
HT_MUST_CHECK enum ht_status ht_compare_devices(const struct ht_report *report,
                                                struct ht_baseline *baseline,
                                                struct ht_comparison *out);
HT_MUST_CHECK enum ht_status ht_compare_findings(const struct ht_summary *summary,
                                                 struct ht_baseline *baseline,
                                                 struct ht_comparison *out);

/* A text of the log as the baseline would have it: bytes that are not UTF-8 are U+FFFD. The text
 * itself when all are. NULL stays NULL. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_compare_text(struct ht_arena *arena, const char *text,
                                             const char **out);

#endif
