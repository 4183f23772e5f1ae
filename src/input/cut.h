/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_CUT_H
#define HT_INPUT_CUT_H
/*
 * struct ht_cutter - where a big file can be cut: finds, near any byte of it, one at which a record
 * seems to begin, and says at which place a reader would be there.
 *
 * It looks at the head of the file to learn what stands before its records and how they begin, and
 * what is open around them. All of that is a guess: a text within a record may look the same. Who
 * uses the place must prove it (input/place.h).
 *
 * Two cutters find the same cuts in the same file. Not thread-safe; one per thread.
 */
#include "input/reader.h"

struct ht_cutter;

/* The callbacks are used to read the head; what they are told must not be kept. Borrowed. HT_OK or
 * HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_cutter_new(const struct ht_reader_limits *limits,
                                           const struct ht_reader_callbacks *callbacks,
                                           struct ht_cutter **cutter);
void ht_cutter_free(struct ht_cutter *cutter); /* NULL is a no-op */

/* Learn a regular file. *usable: cuts may be found in it; else it is compressed, not a log, or not
 * known well enough. HT_OK, HT_E_NOMEM, or what a callback returned. */
HT_MUST_CHECK enum ht_status ht_cutter_learn(struct ht_cutter *cutter,
                                             const struct ht_source *source, bool *usable);

/*
 * The first cut at that byte or behind.
 *
 * @place  its source is 0, its offset the cut; valid until the cutter learns another file
 * HT_OK; HT_END: none is near; or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_cutter_find(struct ht_cutter *cutter, uint64_t offset_bytes,
                                            const struct ht_place **place);

#endif
