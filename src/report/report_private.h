/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_PRIVATE_H
#define HT_REPORT_PRIVATE_H
/*
 * struct ht_report - the packed results of the stages, what of them is shown, and the small tables.
 *
 * Invariants: rows and shown sessions are in order of the log's devices; shown disconnects in order
 * of time, then device; every index is a uint32_t, since the log's ceilings are. Once built,
 * nothing changes, so many threads may read.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/intern.h"
#include "base/time.h"
#include "hubtriage/report.h"
#include "model/inventory_model.h"
#include "model/known.h"
#include "model/log.h"
#include "model/session.h"
#include "model/verdict.h"

/* A renewal that is back within this is normal life: the fleet's way of changing its tokens. */
enum { HT_RENEWAL_GAP_S = 60 };

/* [from, to): the selection's window with its open ends closed by the ends of time. */
struct ht_window {
    int64_t from_us;
    int64_t to_us;
};

static inline bool ht_window_has(const struct ht_window *window, int64_t time_us) {
    return time_us >= window->from_us && time_us < window->to_us;
}

static inline bool ht_window_is_open(const struct ht_window *window) {
    return window->from_us == INT64_MIN && window->to_us == INT64_MAX;
}

/* A device that is shown. */
struct ht_device_row {
    uint32_t device;  /* index in log.devices */
    uint32_t pattern; /* id in patterns */
    bool has_finding;
    uint8_t worst_level;
    uint8_t pattern_key; /* enum ht_device_pattern */
    uint32_t rules;      /* set of enum ht_rule that hit it */
};

/* What a finding is of, beside what is shown. */
struct ht_finding_key {
    uint32_t hub; /* HT_NONE32: of all hubs */
    uint8_t rule; /* enum ht_rule */
    bool regular; /* losses that come at one age of the session */
};

/* Kinds of text from the log. */
enum ht_shown {
    HT_SHOWN_HUB = 0,
    HT_SHOWN_DEVICE,
    HT_SHOWN_MODULE,
    HT_SHOWN_NETWORK,
    HT_SHOWN_SDK,
    HT_SHOWN_PROTOCOL,
    HT_SHOWN_MESSAGE,
    HT_SHOWN_COUNT,
};

struct ht_report {
    struct ht_log log;
    struct ht_sessions sessions;
    struct ht_verdicts verdicts;
    struct ht_known known;
    struct ht_window window;
    bool is_by_device; /* patterns choose devices: the hub's own records are not asked for */
    bool is_empty;     /* no event lies within the window and selection */
    struct ht_summary summary; /* its arrays are the ones below, or in text */

    struct ht_device_row *rows;
    size_t row_count;
    uint32_t *worst; /* indices of rows, worst first */
    uint32_t *shown_sessions;
    size_t shown_session_count;
    uint32_t *disconnects; /* indices of sessions */
    size_t disconnect_count;
    uint32_t *incident_view; /* by verdict's incident: its index in incidents, or HT_NONE32 */

    struct ht_source_view *sources;
    struct ht_hub_view *hubs;
    struct ht_incident_view *incidents;
    struct ht_finding *findings;
    struct ht_finding_key *finding_keys; /* parallel to findings */
    struct ht_trait_group *trait_groups;
    struct ht_cadence_view *cadences;
    struct ht_rule_view *rule_views;
    const char **limits;
    struct ht_inventory *inventory; /* NULL: none */

    const char **shown[HT_SHOWN_COUNT]; /* by string: what stands for it; NULL: itself */

    struct ht_arena text;
    struct ht_arena compared; /* of the comparison */
    struct ht_arena changed;  /* likewise of the changes */
    struct ht_intern patterns;
};

/* Text of the log of that kind as the report shows it, or NULL for "not known". */
static inline const char *ht_report_text(const struct ht_report *report, enum ht_shown kind,
                                         uint32_t id) {
    const char *const *shown = report->shown[kind];
    if (id == 0) {
        return NULL;
    }
    return shown != NULL ? shown[id] : report->log.strings[id].ptr;
}

/* The site that a rule names for a device, or NULL. */
static inline const char *ht_report_site(const struct ht_report *report, uint32_t device) {
    const struct ht_known_rule *rule = ht_known_of(&report->known, device, HT_KNOWN_SITE);
    return rule != NULL ? rule->site : NULL;
}

static inline const struct ht_hub *ht_report_hub_of(const struct ht_report *report,
                                                    uint32_t device) {
    return &report->log.hubs[report->log.devices[device].hub];
}

/* Zeroed memory for an array; at least one element, so that NULL always means "no memory". */
void *ht_report_array(size_t count, size_t element_bytes);

#endif
