/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_INVENTORY_MODEL_H
#define HT_MODEL_INVENTORY_MODEL_H
/* struct ht_inventory - what [inventory] hands on: the public summary, and the memory behind it. */
#include "base/arena.h"
#include "hubtriage/inventory.h"

struct ht_inventory {
    struct ht_inventory_summary summary;
    struct ht_arena memory; /* of everything that the summary points to */
};

#endif
