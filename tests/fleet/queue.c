/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <stdio.h>
#include <stdlib.h>

void *fleet_grow(void *memory, size_t count, size_t element_bytes) {
    void *grown = realloc(memory, count * element_bytes);
    if (grown == NULL) {
        fputs("fleet: out of memory\n", stderr);
        exit(2);
    }
    return grown;
}

static bool before(const struct queue_item *left, const struct queue_item *right) {
    return left->time_us != right->time_us ? left->time_us < right->time_us
                                           : left->order < right->order;
}

void queue_push(struct queue *queue, struct queue_item item) {
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity > 0 ? queue->capacity * 2 : 1024;
        queue->items = fleet_grow(queue->items, queue->capacity, sizeof *queue->items);
    }
    item.order = queue->pushed++;
    size_t at = queue->count++;
    while (at > 0) {
        const size_t parent = (at - 1) / 2;
        if (!before(&item, &queue->items[parent])) {
            break;
        }
        queue->items[at] = queue->items[parent];
        at = parent;
    }
    queue->items[at] = item;
}

bool queue_pop(struct queue *queue, struct queue_item *item) {
    if (queue->count == 0) {
        return false;
    }
    *item = queue->items[0];
    const struct queue_item last = queue->items[--queue->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= queue->count) {
            break;
        }
        if (child + 1 < queue->count && before(&queue->items[child + 1], &queue->items[child])) {
            child++;
        }
        if (!before(&queue->items[child], &last)) {
            break;
        }
        queue->items[at] = queue->items[child];
        at = child;
    }
    queue->items[at] = last;
    return true;
}

void queue_free(struct queue *queue) {
    free(queue->items);
    *queue = (struct queue){0};
}
