/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_WINNER_H
#define HT_CLASSIFY_WINNER_H
/* Which hypothesis a posterior stands for. */
#include "classify/case.h"

/*
 * The best hypothesis of the best class, when that class has fair odds; else
 * HT_H_OTHER: the log cannot tell.
 */
enum ht_hypothesis ht_winner(const struct ht_case *item);

/* The best hypothesis, however weak; never HT_H_OTHER. */
enum ht_hypothesis ht_leading(const struct ht_case *item);

enum ht_cause ht_hypothesis_cause(enum ht_hypothesis hypothesis);

/* The burst that a case is part of by its verdict, or HT_NONE32. */
uint32_t ht_winner_burst(const struct ht_case *item);

#endif
