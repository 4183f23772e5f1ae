/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_DEVICE_SCORE_H
#define ACCURACY_DEVICE_SCORE_H
/*
 * Patterns of devices. What is expected comes from the truth: the role, if it is not an ordinary
 * one; else the most frequent cause of its ends, and with a token, a duty cycle or a regular cut
 * the period within 5 %, once it recurred three times. What is urgent is right, too, if it is true:
 * the device flaps, or is refused or away when the log ends.
 */
#include "tally.h"

void device_score(const struct run *run, struct tally *tally, FILE *errors);

/* The row of that name; a new one when there is none. */
struct pattern_tally *device_pattern(struct tally *tally, const char *expected);

#endif
