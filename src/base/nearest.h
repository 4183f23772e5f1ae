/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_NEAREST_H
#define HT_BASE_NEAREST_H
/* "Did you mean ...?": the known word that a mistyped one is closest to. */
#include <stddef.h>

#include "base/str.h"

/*
 * ht_nearest() - the nearest of count words, or NULL when none is near: a third of the word's
 * letters may be wrong, at least one; two letters swapped count as one; the word as a prefix is
 * near. Words beyond 40 bytes are not looked at. The first of equals wins.
 */
const char *ht_nearest(struct ht_str word, const char *const *words, size_t count);

#endif
