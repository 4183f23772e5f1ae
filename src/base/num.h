/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_NUM_H
#define HT_BASE_NUM_H
/* Checked reading of numbers from slices: no locale, no errno, no surprise at the end. */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Exactly one or more decimal digits that fit; nothing else may stand in the slice. */
bool ht_num_parse_u64(struct ht_str text, uint64_t *value);

/* The leading digits of the slice: "404104 DeviceConnectionClosedRemotely" gives 404104. */
bool ht_num_parse_leading_u32(struct ht_str text, uint32_t *value);

/* A size: digits and an optional K, M or G (powers of 1024), as in "16M". */
bool ht_num_parse_size(struct ht_str text, uint64_t *bytes);

/* A non-negative decimal fraction with at most 9 digits on either side: "1", "0.5", "2.25". */
bool ht_num_parse_decimal(struct ht_str text, double *value);

#endif
