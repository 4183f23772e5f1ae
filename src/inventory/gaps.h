/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_GAPS_H
#define HT_INVENTORY_GAPS_H
/*
 * Which hours are not in the input: by the paths of an archive, and by the silence of a hub.
 *
 * An hour without a file is missing when its events are; when other files brought most of them, or
 * the hub is as quiet as that, it is not. An hour without a file is never told a second time for
 * its silence.
 */
#include "inventory/collector_private.h"
#include "inventory/hub_hours.h"

struct ht_gap_input {
    const struct ht_collector *collector; /* sealed: contents and slots are in order */
    const struct ht_source_facts *sources;
    const struct ht_hub_hours *hub_hours; /* by number of the hub, up to hub_count */
    const char *const *hub_names;         /* likewise */
    size_t hub_count;
    struct ht_arena *memory;
};

/* The gaps in order of hub, time and kind, in the arena. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_gaps_find(const struct ht_gap_input *input,
                                          struct ht_inventory_gap **gaps, size_t *count);

#endif
