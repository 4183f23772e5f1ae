/* SPDX-License-Identifier: MIT */
#ifndef FLEET_DELIVER_H
#define FLEET_DELIVER_H
/*
 * From the hub to the file: records are lost, doubled and late on the way, other services write
 * into the same file, and inside a second nobody knows the order. Its randomness is its own, so
 * that the fleet stays the same whatever happens here.
 */
#include "queue.h"
#include "record.h"
#include "rng.h"
#include "shape.h"

struct deliver_options {
    double lost;       /* share of records, 0 to 1 */
    double doubled;    /* likewise */
    double irrelevant; /* share of all records that are of other categories and services */
    double late_s;     /* records come up to so much after their time */
    bool shuffled;     /* in no order at all */
    bool without_sdk;
    bool without_auth;
    bool without_network;
    uint64_t size_bytes; /* 0 = as long as the fleet runs */
};

struct deliver {
    struct deliver_options options;
    struct shape_writer *writer;
    struct rng rng;
    struct queue waiting;     /* by time of arrival; subject = slot */
    struct log_record *slots; /* under way */
    uint32_t *free_slots;
    size_t slot_count;
    size_t free_count;
    size_t capacity;
};

void deliver_begin(struct deliver *deliver, uint64_t seed);

/* Hands a record over. Returns false when it gets lost on the way. */
bool deliver_record(struct deliver *deliver, const struct log_record *record);

/* Everything that arrives before the time given is written. */
void deliver_until(struct deliver *deliver, int64_t time_us);

/* The log has reached the size asked for. */
bool deliver_is_full(const struct deliver *deliver);
void deliver_end(struct deliver *deliver);

#endif
