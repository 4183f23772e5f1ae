/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_HABIT_H
#define HT_CLASSIFY_HABIT_H
/*
 * Which of its cluster's rhythms a device follows. Like devices may use tokens of several
 * lifetimes; one that has ended twenty sessions at one of them does not end the next at another.
 */
#include "classify/cadence.h"
#include "classify/case.h"
#include "classify/parameters.h"

/* One device's sessions at the rhythms of its first session's cluster. */
struct ht_habit {
    uint32_t first; /* index of the cluster's first rhythm */
    uint32_t count;
    uint32_t reached[HT_RHYTHMS_MAX]; /* sessions that lived that long */
    uint32_t ended[HT_RHYTHMS_MAX];   /* and ended in it */
};

/* O(sessions of the device x rhythms). */
void ht_habit_learn(const struct ht_docket *docket, const struct ht_cadences *cadences,
                    uint32_t device, struct ht_habit *habit);

/*
 * How much more often than its cluster the device ends in a rhythm, pulled to 1 as far as little
 * is known of it. own_age_s: of the session that is asked about, which does not speak for itself.
 */
double ht_habit_factor(const struct ht_habit *habit, const struct ht_cadences *cadences,
                       const struct ht_rhythm *rhythm, uint32_t own_age_s);

/* The token rhythm that ended most of the device's sessions, or NULL; documented ones are none. */
const struct ht_rhythm *ht_habit_token(const struct ht_habit *habit,
                                       const struct ht_cadences *cadences, uint32_t device);

#endif
