/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_ARCHIVE_H
#define HT_INVENTORY_ARCHIVE_H
/*
 * The paths of a storage-account archive: ".../y=2025/m=03/d=10/h=05/m=00/PT1H.json". Source:
 * Microsoft, "Azure resource logs", section on storage accounts.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct ht_archive_path {
    struct ht_str place; /* what is above "y=", without the slash; borrowed */
    int64_t hour;        /* since 1970 */
};

/* False when the path has no such part. */
bool ht_archive_parse(struct ht_str path, struct ht_archive_path *out);

/* The place has the category Connections, or does not tell its category. */
bool ht_archive_has_connections(struct ht_str place);

#endif
