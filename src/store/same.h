/* SPDX-License-Identifier: MIT */
#ifndef HT_STORE_SAME_H
#define HT_STORE_SAME_H
/*
 * What is the same event, met again: in an overlapping export, in a second delivery, or in another
 * shape, which may carry less.
 *
 * Two events of one device are the same when they have the same kind and code, their times are
 * equal (or equal to the millisecond, when one of them has no finer digits: tables are cut there),
 * and no attribute that both have differs. What one lacks is no difference. The event with more
 * attributes stays; it keeps the finer time and the higher level. Two clients that connect within
 * one instant from two addresses are two events.
 *
 * A sampled event (HT_EVENT_SNAPSHOT) is the same as a logged one of its kind within 60 s.
 *
 * The result depends on the set of events alone, not on their order.
 */
#include "model/log.h"

/* Put the events of one device in canonical order and collapse them. Returns how many are left. */
size_t ht_same_collapse(const struct ht_facet *facets, struct ht_event *events, size_t count);

#endif
