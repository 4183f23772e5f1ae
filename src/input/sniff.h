/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_SNIFF_H
#define HT_INPUT_SNIFF_H
/*
 * What a source is, when it surely is no JSON log that this version reads. By content alone, never
 * by name. Anything doubtful (such as the middle of a record, in a part of a split file) is left to
 * the framer.
 */
#include <stdbool.h>

#include "base/str.h"

/* Bytes that sniffing wants to see, if the source has so many. */
enum { HT_SNIFF_BYTES = 512 };

struct ht_refusal {
    const char *problem; /* "a PNG image" */
    const char *hint;    /* what gives something readable */
};

/*
 * False when the source may be a log.
 *
 * @in_record  the source before it ended within a record, which may go on here: then a device may
 *             have chosen the first bytes, and only those that no JSON text can hold are judged.
 */
bool ht_sniff_refuses(struct ht_str head, bool in_record, struct ht_refusal *refusal);

/* True when a file of this name makes a zip archive something else: an Office document. */
bool ht_sniff_refuses_member(struct ht_str name, struct ht_refusal *refusal);

#endif
