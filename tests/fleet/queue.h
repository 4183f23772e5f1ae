/* SPDX-License-Identifier: MIT */
#ifndef FLEET_QUEUE_H
#define FLEET_QUEUE_H
/* What is to happen, in order of time; equal times in order of arrival. A binary heap. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue_item {
    int64_t time_us;
    uint64_t order; /* set by queue_push() */
    uint32_t kind;
    uint32_t subject; /* whom it concerns */
    uint32_t stamp;   /* lets the receiver see that it is out of date */
    uint32_t detail;
};

struct queue {
    struct queue_item *items;
    size_t count;
    size_t capacity;
    uint64_t pushed;
};

void queue_push(struct queue *queue, struct queue_item item);
bool queue_pop(struct queue *queue, struct queue_item *item);
void queue_free(struct queue *queue);

/* realloc() for count elements, or the end of the program: a test tool has no better way. */
void *fleet_grow(void *memory, size_t count, size_t element_bytes);

#endif
