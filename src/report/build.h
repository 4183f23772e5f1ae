/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_BUILD_H
#define HT_REPORT_BUILD_H
/* Building the immutable report (hubtriage/report.h) from what the stages found. */
#include "base/parallel.h"
#include "base/pseudonym.h"
#include "hubtriage/report.h"
#include "model/inventory_model.h"
#include "model/known.h"
#include "model/log.h"
#include "model/selection.h"
#include "model/session.h"
#include "model/verdict.h"

/* Everything the report is made of. Ownership of log, sessions, verdicts, what rules say and
 * inventory moves to the report. */
struct ht_report_parts {
    struct ht_log log;
    struct ht_sessions sessions;
    struct ht_verdicts verdicts;
    struct ht_known known; /* of rules; empty: there are none */
    struct ht_quality
        quality; /* texts are copied; the counts that sessions know are filled in by the report */
    const struct ht_source_view *sources; /* borrowed, copied */
    size_t source_count;
    const struct ht_pseudonym_key *key; /* borrowed; NULL: log text is shown as it is */
    struct ht_inventory *inventory;     /* NULL: none; ownership moves to the report */
};

/*
 * ht_report_build() - the report of one analysis.
 *
 * @parts      emptied on success and on failure alike.
 * @selection  borrowed for the duration of the call, as is @parallel.
 * Returns HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_report_build(struct ht_report_parts *parts,
                                             const struct ht_selection *selection,
                                             const struct ht_parallel *parallel,
                                             struct ht_report **report);

/* A comparison of the report, and the arena that holds it, belong to the report from now on; the
 * arena is then empty. */
void ht_report_take_comparison(struct ht_report *report, const struct ht_comparison *comparison,
                               struct ht_arena *text);

/* Likewise what is new since the last run. */
void ht_report_take_changes(struct ht_report *report, const struct ht_changes *changes,
                            struct ht_arena *text);

#endif
