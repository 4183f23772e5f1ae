/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_GROUP_H
#define ACCURACY_GROUP_H
/* Runs of one kind, and all that is shown of them. */
#include "summary.h"

enum group_kind {
    GROUP_DAY = 0,  /* a kind of day; days are pooled */
    GROUP_DEGRADED, /* the days again, with a worse log */
    GROUP_QUIET,    /* a long time without any incident */
    GROUP_KINDS
};

struct group {
    const char *name;
    enum group_kind kind;
    struct tally *tally;
    struct summary summary;
};

struct groups {
    struct group *list;
    size_t count;
    size_t capacity;
    struct group pool; /* of the days */
};

const char *group_kind_name(enum group_kind kind); /* "days" "degraded" "quiet" */
const char *method_name(enum method method);

/* The table that people read. */
void print_groups(const struct groups *groups);

/* The same for programs; CONTRIBUTING.md names the keys. Returns false when PATH cannot be written.
 */
bool write_json(const struct groups *groups, const char *path);

#endif
