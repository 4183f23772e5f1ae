/* SPDX-License-Identifier: MIT */
#ifndef HT_COMPARE_BASELINE_H
#define HT_COMPARE_BASELINE_H
/*
 * struct ht_baseline - a former report (`report -o json`), read: what a comparison needs of it.
 *
 * The file is somebody's: whatever is not a whole report of this version is refused with
 * HT_E_USAGE and one line, "FILE: what is wrong"; one that cannot be read with HT_E_IO. Its texts
 * are UTF-8 without NUL, and hostile like log text.
 */
#include "base/arena.h"
#include "base/pseudonym.h"
#include "hubtriage/report.h"

enum { HT_BASELINE_BYTES_MAX = 512 * 1024 * 1024 };

struct ht_baseline_device {
    const char *hub; /* NULL: not known, as the next two */
    const char *device;
    const char *module;
    struct ht_device_then then;
};

/* The figures of a fleet, in their order in the JSON report. */
enum ht_fleet_figure {
    HT_FLEET_DEVICES = 0,
    HT_FLEET_NEVER_RETURNED,
    HT_FLEET_REFUSED_DEVICES,
    HT_FLEET_CONNECTS,
    HT_FLEET_REFUSED_CONNECTS,
    HT_FLEET_DISCONNECTS,
    HT_FLEET_PLANNED,
    HT_FLEET_RENEWALS,
    HT_FLEET_FAULTS,
    HT_FLEET_UNKNOWN,
    HT_FLEET_UP_S,
    HT_FLEET_DOWN_S,
    HT_FLEET_UNKNOWN_S,
    HT_FLEET_FIGURE_COUNT,
};

/* "devices", "never_returned_devices", ...: their keys. */
const char *ht_fleet_figure_key(enum ht_fleet_figure figure);

struct ht_baseline {
    const char *path;
    int64_t first_us; /* of its window: as asked for, else of its events; HT_TIME_NONE */
    int64_t last_us;
    uint64_t fleet[HT_FLEET_FIGURE_COUNT];
    uint64_t by_cause[HT_CAUSE_COUNT];
    struct ht_incident_then *incidents; /* by start, then as in the file */
    size_t incident_count;
    struct ht_finding_change
        *findings; /* warnings and errors outside of incidents, as in the file */
    size_t finding_count;
    struct ht_baseline_device *devices; /* by hub, device, module; not known comes first */
    size_t device_count;
    struct ht_arena text; /* owns everything */
};

HT_MUST_CHECK enum ht_status ht_baseline_read(const char *path, struct ht_baseline **baseline,
                                              struct ht_err *err);

/* The same of bytes; path: how errors call them. */
HT_MUST_CHECK enum ht_status ht_baseline_parse(const char *path, struct ht_str json,
                                               struct ht_baseline **baseline, struct ht_err *err);

/* Names become pseudonyms, but for those that are some already. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_baseline_hide(struct ht_baseline *baseline,
                                              const struct ht_pseudonym_key *key);

/* NULL is a no-op. */
void ht_baseline_free(struct ht_baseline *baseline);

/* Order of texts that may be NULL, which comes first. */
int ht_text_or_null_cmp(const char *a, const char *b);

#endif
