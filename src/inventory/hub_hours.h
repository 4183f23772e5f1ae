/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_HUB_HOURS_H
#define HT_INVENTORY_HUB_HOURS_H
/*
 * struct ht_hub_hours - the rhythm of one hub: how many connection events each clock hour has, and
 * whether silence is to be expected.
 *
 * Silence is implausible when the hub is busy in its quieter hours as well, when pauses of that
 * length are rare in its log (a fleet that renews its tokens in step is silent between), and when
 * the same hour of other days is not silent too (a fleet that sleeps at night).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inventory/slots.h"

struct ht_hour_count {
    int64_t hour; /* since 1970 */
    uint64_t events;
};

struct ht_hub_hours {
    const struct ht_slot_count *slots; /* borrowed, in order */
    size_t slot_count;
    struct ht_hour_count *hours; /* those with events, in order */
    size_t hour_count;
    int64_t *pauses; /* silent slots between two busy ones, ascending */
    uint64_t usual;  /* first quartile of the hours with events; 0 when there are fewer than 3 */
};

/* slots: those of one hub, in order. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_hub_hours_make(const struct ht_slot_count *slots, size_t count,
                                               struct ht_hub_hours *hours);
void ht_hub_hours_release(struct ht_hub_hours *hours);

uint64_t ht_hub_hours_events(const struct ht_hub_hours *hours, int64_t hour);

/* Clock hours from the first event to the last one. */
uint64_t ht_hub_hours_span(const struct ht_hub_hours *hours);

/* A pause of that many slots is rare in this log. */
bool ht_hub_hours_rare_pause(const struct ht_hub_hours *hours, int64_t slots);

/* The hour should have had events, by the usual rate and the same hour of other days. */
bool ht_hub_hours_expected(const struct ht_hub_hours *hours, int64_t hour);

#endif
