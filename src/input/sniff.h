/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_SNIFF_H
#define HT_INPUT_SNIFF_H
/*
 * What a source is, when it surely is no JSON log. By content alone, never by name. Anything
 * doubtful (such as the middle of a record, in a part of a split file) is left to the framer.
 */
#include <stdbool.h>

#include "base/str.h"

/* Bytes that sniffing wants to see, if the source has so many. */
enum { HT_SNIFF_BYTES = 512 };

struct ht_refusal {
    const char *problem; /* "a PNG image" */
    const char *hint;    /* what gives something readable */
};

/* False when the source may be a log. */
bool ht_sniff_refuses(struct ht_str head, struct ht_refusal *refusal);

#endif
