/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_QUEUE_H
#define HT_SIMULATE_QUEUE_H
/*
 * What is to happen, in order of time; equal times in order of arrival. A heap with four children
 * to a parent, which lie in two lines of the cache.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

/* 24 bytes, since pops wait for memory. */
struct ht_sim_queue_item {
    int64_t time_us;
    uint32_t order;   /* set by ht_sim_queue_push(); wraps around */
    uint32_t subject; /* whom it concerns */
    uint32_t stamp;   /* lets the receiver see that it is out of date */
    uint32_t kind : 5;
    uint32_t detail : 27;
};

enum { HT_SIM_DETAIL_MAX = (1 << 27) - 1 };

struct ht_sim_queue {
    struct ht_sim_queue_item *items;
    size_t count;
    size_t capacity;
    uint32_t pushed;
    enum ht_status status; /* sticky: HT_OK, HT_E_LIMIT or HT_E_NOMEM; then items get lost */
};

void ht_sim_queue_push(struct ht_sim_queue *queue, const struct ht_sim_queue_item *item);
bool ht_sim_queue_pop(struct ht_sim_queue *queue, struct ht_sim_queue_item *item);
void ht_sim_queue_release(struct ht_sim_queue *queue);

#endif
