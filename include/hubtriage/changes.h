/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_CHANGES_H
#define HUBTRIAGE_CHANGES_H
/*
 * What is new since the last run on the same archive: ht_summary.changes. Known in runs that write
 * to the archive and show names, from the second one on; they are meaningful between runs with the
 * same options.
 *
 * Included by hubtriage/report.h, whose rules for texts and times hold.
 */
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

enum ht_change_kind {
    HT_CHANGE_NEW_INCIDENT = 0, /* none of its hub and cause overlaps it that was known */
    HT_CHANGE_NEW_FINDING,      /* a warning or an error that its hub did not have, or not as bad */
    HT_CHANGE_NEW_DEVICE,       /* a device that had no such finding, or not as bad a one */
    HT_CHANGE_RECOVERED,        /* a device that had one, and is still seen */
    HT_CHANGE_CLOSED,           /* a finding that is not there any more */
    HT_CHANGE_KIND_COUNT,
};

/* "new-incident" "new-finding" "new-bad-device" "recovered-device" "closed-finding" */
HT_PUBLIC const char *ht_change_name(enum ht_change_kind kind);

struct ht_change {
    enum ht_change_kind kind;
    unsigned level;   /* enum ht_level; of what is closed or recovered, as it was */
    const char *rule; /* [log]: as the archive has it. Of a finding; of an incident its cause; NULL
                         of a device */
    const char *hub;  /* [log] or NULL */
    const char *device; /* [log] NULL but of devices */
    const char *module; /* [log] */
    int64_t start_us;   /* of an incident */
    int64_t end_us;
};

struct ht_changes {
    int64_t last_run_us;
    const struct ht_change *items; /* by kind, rule, hub, device, module, start */
    size_t count;
    size_t counts[HT_CHANGE_KIND_COUNT];
};

#endif
