/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_COMPARISON_H
#define HUBTRIAGE_COMPARISON_H
/*
 * A report compared with a former one, its baseline: ht_summary.comparison.
 *
 * Counts of windows of different length, or of fleets of different size, say nothing side by side.
 * So what is counted is compared as a rate per device and day, devices as a share of all devices,
 * and time as a share of the time that is known. A change has a direction (ht_trend) only when it
 * is beyond chance: equal rates would bring it about in less than one of a thousand cases (the
 * conditional test of two Poisson rates: J. Przyborowski and H. Wilenski, Biometrika 31, 1940), and
 * the rate differs by a tenth at least, that of a single device by half.
 *
 * Texts marked [log] come from the log or from the baseline's file and are HOSTILE. Those of the
 * baseline are UTF-8; bytes that were not are U+FFFD there, and are compared as such.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

enum ht_trend {
    HT_TREND_NONE = 0, /* the same, or nothing that is good or bad */
    HT_TREND_BETTER,
    HT_TREND_WORSE,
    HT_TREND_COUNT,
};

enum ht_figure_unit {
    HT_FIGURE_EVENTS = 0, /* a count; rate: per device and day */
    HT_FIGURE_DEVICES,    /* a count; rate: of all devices */
    HT_FIGURE_SECONDS,    /* a span; rate: of the known time of all devices */
    HT_FIGURE_PLAIN,      /* a count; no rate */
    HT_FIGURE_UNIT_COUNT,
};

struct ht_figure_change {
    const char *key;  /* as in the JSON report: "faults", "down_seconds"; of a cause its name */
    const char *name; /* plain words */
    bool is_cause;    /* of disconnects by that cause */
    enum ht_figure_unit unit;
    uint64_t before;
    uint64_t now;
    bool has_rates; /* both are known: */
    double rate_before;
    double rate_now;
    enum ht_trend trend;
};

enum ht_device_change_kind {
    HT_DEVICE_WORSE = 0, /* a graver finding, or more faults */
    HT_DEVICE_NEW,       /* not in the baseline */
    HT_DEVICE_GONE,      /* in the baseline alone */
    HT_DEVICE_BETTER,
    HT_DEVICE_CHANGE_COUNT,
};

/* What a device was, or is. */
struct ht_device_then {
    bool has_finding;
    int level; /* enum ht_level, when has_finding */
    uint64_t faults;
    uint64_t disconnects;
    int64_t span_s;
    const char *pattern; /* [log] */
};

struct ht_device_change {
    enum ht_device_change_kind kind;
    const char *hub;              /* [log] */
    const char *device;           /* [log] */
    const char *module;           /* [log] */
    size_t index;                 /* for ht_report_device(); HT_INDEX_NONE: gone */
    struct ht_device_then before; /* zero: new */
    struct ht_device_then now;    /* zero: gone */
};

struct ht_incident_then {
    const char *hub;   /* [log] */
    const char *cause; /* [log] a name of ht_cause_name() */
    int64_t start_us;
    int64_t end_us;
    uint64_t devices;
    double share;       /* 0: not known */
    bool is_still_seen; /* the report has it as well: the windows overlap */
};

struct ht_finding_change {
    bool is_new;       /* else it is closed: in the baseline alone */
    int level;         /* enum ht_level */
    const char *rule;  /* [log] */
    const char *title; /* [log] */
    const char *hub;   /* [log] */
    uint64_t devices;
};

struct ht_comparison {
    const char *path; /* [log] of the baseline */
    int64_t first_us; /* its window: as asked for, else its first and last event */
    int64_t last_us;
    double device_days_before; /* what rates divide by: the spans of all devices, added up */
    double device_days_now;
    bool is_of_other_length; /* the windows differ in length by more than 5 % */
    bool is_overlapping;     /* they share time: the same events count on both sides */
    const struct ht_figure_change *figures; /* the fleet's, then causes that occur */
    size_t figure_count;
    const struct ht_device_change *devices; /* by kind, the greatest change first */
    size_t device_count;
    size_t device_counts[HT_DEVICE_CHANGE_COUNT];
    size_t unchanged_devices;
    const struct ht_incident_then
        *incidents; /* the baseline's, by start; those of now are in ht_summary */
    size_t incident_count;
    const struct ht_finding_change *findings; /* warnings and errors outside of incidents: new ones,
                                                 then closed ones, gravest first */
    size_t finding_count;
};

HT_PUBLIC const char *ht_trend_name(enum ht_trend trend); /* NULL, "better", "worse" */
HT_PUBLIC const char *
ht_device_change_name(enum ht_device_change_kind kind); /* "worse" "new" "gone" "better" */

#endif
