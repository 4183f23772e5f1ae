/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_BASELINE_H
#define ACCURACY_BASELINE_H
/* What simple rules would say of the same ends, from the same rows: the gain must be visible. */
#include "tally.h"

/*
 * Microsoft's page on 404104, read as rules: an end with 401003 and 404104 is a token; a 404104
 * about which at least 2 % of the devices (five at least) have one within five minutes, with a
 * 500xxx among them, is the hub; everything else is the network.
 */
void baseline_page(const struct run *run, confusion pairs);

/* A session within 5 % of its device's median is a token's; everything else is the network. */
void baseline_regularity(const struct run *run, confusion pairs);

#endif
