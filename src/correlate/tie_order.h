/* SPDX-License-Identifier: MIT */
#ifndef HT_CORRELATE_TIE_ORDER_H
#define HT_CORRELATE_TIE_ORDER_H
/*
 * The order of one device's events within an instant.
 *
 * Real stamps are whole seconds, so a disconnect and a connect often carry the same one, and the
 * file's order means nothing. The order chosen is the one that needs the fewest impossible things,
 * given whether the device was connected before and what comes next: a disconnect needs an open
 * session, or one that ended seconds ago; a connect follows a closed one. Between equals a
 * disconnect goes first, since to be back within a second is common and to stay for none is not.
 */
#include <stddef.h>

#include "model/log.h"

/* A closing record within this of an episode's first belongs to it. */
#define HT_JOIN_US INT64_C(10000000)

enum ht_link { HT_LINK_UNKNOWN = 0, HT_LINK_OPEN, HT_LINK_CLOSED };

/* What is known before an instant. */
struct ht_link_state {
    enum ht_link link;
    int64_t closed_us; /* begin of the last episode, when link is HT_LINK_CLOSED */
};

/* The state after one more event; an event that cannot be is believed. */
struct ht_link_state ht_link_after(struct ht_link_state before, const struct ht_event *event);

/*
 * Put events (in canonical order, connects, refused connects and disconnects of one device) into a
 * possible order. O(count); within one instant O(n^2) up to a small n, above which disconnects and
 * connects alternate.
 */
void ht_tie_order(const struct ht_event **events, size_t count);

#endif
