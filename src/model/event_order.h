/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_EVENT_ORDER_H
#define HT_MODEL_EVENT_ORDER_H
#include "base/compiler.h"
#include "model/log.h"

/* By time, then by all else that an event says but for its device; 0: the same event. Inline,
 * since sealing asks it of every event. */
static inline int ht_event_compare(const struct ht_event *a, const struct ht_event *b) {
    if (a->time_us != b->time_us) {
        return a->time_us < b->time_us ? -1 : 1;
    }
    const uint32_t keys[][2] = {{a->kind, b->kind},
                                {a->code, b->code},
                                {a->level, b->level},
                                {a->facet, b->facet},
                                {a->flags, b->flags}};
    for (size_t i = 0; i < HT_ARRAY_LEN(keys); i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

#endif
