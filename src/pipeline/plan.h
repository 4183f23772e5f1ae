/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_PLAN_H
#define HT_PIPELINE_PLAN_H
/*
 * struct ht_plan - the input in pieces, in its order: chunks of big files, runs of small ones, and
 * what only one thread can read: descriptors, archives, big compressed files.
 *
 * Sources are counted from the end of the list ("left"), since the files of archives are put into
 * it while it is read. The plan keeps what it needs of the list, and never looks at it again.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/source_list.h"

struct ht_range {
    size_t left;         /* of the source it begins in */
    uint64_t from_bytes; /* where about in it; 0 = its start */
    size_t until_left;   /* of the source it ends in */
    uint64_t until_bytes;
    bool sequential; /* for one thread */
};

/* What is known of a source before it is read. */
struct ht_planned {
    char *name; /* borrowed */
    char *label;
    uint64_t size_bytes; /* 0: not a regular file, or an empty one */
};

struct ht_plan {
    struct ht_planned *sources;
    size_t count;
    uint64_t chunk_bytes;
    size_t next; /* source that the next range begins in */
    uint64_t next_bytes;
    size_t whole; /* source that is not to be cut; SIZE_MAX = none */
};

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_plan_init(struct ht_plan *plan, const struct ht_source_list *list,
                                          uint64_t chunk_bytes);
void ht_plan_release(struct ht_plan *plan);

/* False when everything is given out. */
bool ht_plan_next(struct ht_plan *plan, struct ht_range *range);

/* The rest of that source is not to be cut. */
void ht_plan_keep_whole(struct ht_plan *plan, size_t left);

/* Whether it is worth more than one thread. */
bool ht_plan_is_large(const struct ht_plan *plan);

/*
 * The sources of a range, and the one behind it if a record may go on in it, as a list of their
 * own.
 *
 * @reach  set: what follows the list can never be needed, since nothing follows
 * HT_OK or HT_E_NOMEM. The names are borrowed: free list->sources, and nothing else.
 */
HT_MUST_CHECK enum ht_status ht_plan_list(const struct ht_plan *plan, const struct ht_range *range,
                                          struct ht_source_list *list, bool *reach);

#endif
