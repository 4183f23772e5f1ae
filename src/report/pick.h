/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_PICK_H
#define HT_REPORT_PICK_H
/* Which devices, sessions and disconnects are shown. */
#include "model/selection.h"
#include "report/report_private.h"

/*
 * Fills rows, shown_sessions and disconnects of the report.
 *
 * A device is shown when hub and patterns choose it and the log speaks of it before the window
 * ends: a device that was lost before the window is down all through it, and must be seen.
 * When no event at all is within the window and selection, nothing is shown (is_empty).
 * HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_pick(struct ht_report *report,
                                     const struct ht_selection *selection);

/* True when a device, or a hub itself, has an event within the window. O(log n) per device. */
bool ht_has_event(const struct ht_report *report, uint32_t device);
bool ht_hub_has_event(const struct ht_report *report, size_t hub);

/* The row of a device that is shown, or HT_INDEX_NONE. O(log n). */
size_t ht_row_of_device(const struct ht_report *report, uint32_t device);

#endif
