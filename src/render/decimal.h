/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_DECIMAL_H
#define HT_RENDER_DECIMAL_H
/* Fractions as text, with a point whatever the locale says. */
#include <stddef.h>

enum { HT_DECIMAL_BYTES = 32, HT_DECIMAL_PLACES_MAX = 4 };

/*
 * ht_decimal_format() - value rounded half away from zero to a fixed number of places: (0.976, 2)
 * gives "0.98". Never "-0.0". Values beyond +-1e12 are written as that bound. Returns the length; 0
 * and an empty text when value is not finite.
 */
size_t ht_decimal_format(double value, unsigned places, char out[HT_DECIMAL_BYTES]);

#endif
