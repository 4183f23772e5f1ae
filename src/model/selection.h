/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_SELECTION_H
#define HT_MODEL_SELECTION_H
/*
 * struct ht_selection - which part of the analysis is reported: a window, a hub, devices by
 * pattern.
 *
 * It chooses what is shown, never what is learned: a disconnect has the same verdict in every
 * selection. Life cycle: init (compiles the patterns), release. Matching is not thread-safe (one
 * match block).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "hubtriage/err.h"

struct ht_pattern; /* model/device_pattern.h */

struct ht_selection {
    int64_t since_us; /* HT_TIME_NONE = open; half-open [since, until) */
    int64_t until_us;
    char *hub; /* NULL = all */
    struct ht_pattern *device;
    struct ht_pattern *exclude_device;
    char *device_id; /* this one alone, "device/module" for a module; NULL = all */
};

/* HT_E_USAGE with the pattern, the byte and PCRE2's reason; HT_E_NOMEM. NULL texts mean "all" and
 * "none". */
HT_MUST_CHECK enum ht_status ht_selection_init(struct ht_selection *selection, const char *hub,
                                               const char *device, const char *exclude_device,
                                               struct ht_err *err);
void ht_selection_release(struct ht_selection *selection);

/* Only the device of exactly that id, or module of that "device/module". HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_selection_take_id(struct ht_selection *selection, const char *id,
                                                  struct ht_err *err);

/* True when the selection names single devices, by patterns or by an id. */
static inline bool ht_selection_is_by_device(const struct ht_selection *selection) {
    return selection->device != NULL || selection->exclude_device != NULL ||
           selection->device_id != NULL;
}

bool ht_selection_has_hub(const struct ht_selection *selection, struct ht_str hub);

/* Patterns are searched in the device id, "device/module" for a module. A pattern that runs into
 * PCRE2's match limit does not match. */
bool ht_selection_has_device(const struct ht_selection *selection, struct ht_str device,
                             struct ht_str module);

bool ht_selection_has_time(const struct ht_selection *selection, int64_t time_us);

#endif
