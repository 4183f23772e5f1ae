/* SPDX-License-Identifier: MIT */
#include "simulate/queue.h"

#include <stdlib.h>

#include "base/grow.h"

enum { CHILDREN = 4, ITEMS_MAX = 1000000000 };

static bool before(const struct ht_sim_queue_item *left, const struct ht_sim_queue_item *right) {
    return left->time_us != right->time_us ? left->time_us < right->time_us
                                           : (int32_t)(left->order - right->order) < 0;
}

void ht_sim_queue_push(struct ht_sim_queue *queue, const struct ht_sim_queue_item *item) {
    if (queue->count == queue->capacity) {
        const enum ht_status status = ht_grow(&queue->items, &queue->capacity, queue->count + 1,
                                              ITEMS_MAX, sizeof *queue->items);
        if (status != HT_OK) {
            queue->status = status;
            return;
        }
    }
    struct ht_sim_queue_item pushed = *item;
    pushed.order = queue->pushed++;
    size_t at = queue->count++;
    while (at > 0) {
        const size_t parent = (at - 1) / CHILDREN;
        if (!before(&pushed, &queue->items[parent])) {
            break;
        }
        queue->items[at] = queue->items[parent];
        at = parent;
    }
    queue->items[at] = pushed;
}

bool ht_sim_queue_pop(struct ht_sim_queue *queue, struct ht_sim_queue_item *item) {
    if (queue->count == 0) {
        return false;
    }
    *item = queue->items[0];
    const struct ht_sim_queue_item last = queue->items[--queue->count];
    size_t at = 0;
    for (;;) {
        const size_t first = CHILDREN * at + 1;
        const size_t end = first + CHILDREN < queue->count ? first + CHILDREN : queue->count;
        size_t least = first;
        if (first >= queue->count) {
            break;
        }
        for (size_t child = first + 1; child < end; child++) {
            least = before(&queue->items[child], &queue->items[least]) ? child : least;
        }
        if (!before(&queue->items[least], &last)) {
            break;
        }
        queue->items[at] = queue->items[least];
        at = least;
    }
    queue->items[at] = last;
    return true;
}

void ht_sim_queue_release(struct ht_sim_queue *queue) {
    free(queue->items);
    *queue = (struct ht_sim_queue){.count = 0};
}
