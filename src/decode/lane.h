/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_LANE_H
#define HT_DECODE_LANE_H
/*
 * struct ht_lane - the fast way for records that look like ones met before.
 *
 * Logs repeat themselves: but for a few values, a record is the same bytes as an earlier one. The
 * lane keeps records that the scanner accepted (never one that needed jansson) as a prefix tree of
 * runs, which must come again byte for byte, and holes, where a value stood that may differ. A new
 * record that runs through the tree to a leaf is what the leaf's record was, but for what its
 * holes say. What does not run through goes the general way, and may be learned.
 *
 * Exactness: what decides about a record (names, codes, levels, keys, brackets) is always in a
 * run. A hole takes only bytes that the scanner takes for the same kind of value, and its content
 * only goes where the rules (normalize.c) copy it to without a look at it; values that they do
 * look at in a hole (an unusual time stamp, a device that is only a slash) make the lane refuse the
 * record.
 *
 * Memory: at most 10 MiB, and then it was hostile; mostly some 100 KiB. Taken as it is needed.
 * Full, it is emptied; learning that does not pay is put off, so that hostile input costs a
 * constant factor.
 */
#include "decode/decoder.h"
#include "decode/object.h"

struct ht_lane;

/* NULL when there is no memory. */
struct ht_lane *ht_lane_new(void);
void ht_lane_free(struct ht_lane *lane); /* NULL is a no-op */

/* The fastest that this machine has. */
enum ht_lane_code ht_lane_best(void);

/* Which machine code is used; false when this machine does not have it. */
HT_MUST_CHECK bool ht_lane_use(struct ht_lane *lane, enum ht_lane_code code);

/* As ht_decode_run(). */
size_t ht_lane_run(struct ht_lane *lane, struct ht_str text, struct ht_quick *quick, size_t max,
                   size_t *consumed);

/* The record at the start of text was decoded the general way, without jansson: remember it. */
void ht_lane_learn(struct ht_lane *lane, const struct ht_object *object,
                   const struct ht_decoded *decoded, struct ht_str text);

#endif
