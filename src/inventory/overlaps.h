/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_OVERLAPS_H
#define HT_INVENTORY_OVERLAPS_H
/*
 * From pairs of sources to what people see: of "a/x/1.json, b/x/1.json" and "a/x/2.json,
 * b/x/2.json" that b repeats a.
 */
#include "inventory/collector_private.h"

/* At most HT_OVERLAPS_MAX, most events first, in the arena. HT_OK or HT_E_NOMEM. */
enum { HT_OVERLAPS_MAX = 1000 };

HT_MUST_CHECK enum ht_status
ht_overlaps_make(const struct ht_collector *collector, const struct ht_source_facts *sources,
                 struct ht_arena *memory, struct ht_inventory_overlap **overlaps, size_t *count);

#endif
