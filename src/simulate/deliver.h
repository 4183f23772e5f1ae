/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_DELIVER_H
#define HT_SIMULATE_DELIVER_H
/*
 * From the hub to the file: records are lost, doubled and late on the way, other services write
 * into the same file, and inside a second nobody knows the order. Its randomness is its own, so
 * that the fleet stays the same whatever happens here.
 *
 * Memory: what is under way, which lateness bounds; a shuffled log is shuffled in windows of
 * HT_SIM_SHUFFLE_MAX records.
 */
#include "simulate/log_record.h"
#include "simulate/queue.h"
#include "simulate/rng.h"
#include "simulate/writer.h"

enum { HT_SIM_SHUFFLE_MAX = 1000000, HT_SIM_DROPPED_CODES_MAX = 16 };

/* Fields that a poor log lacks. */
enum ht_sim_missing {
    HT_SIM_MISSING_SDK = 1,
    HT_SIM_MISSING_AUTH = 2,
    HT_SIM_MISSING_NETWORK = 4,
    HT_SIM_MISSING_PROTOCOL = 8,
    HT_SIM_MISSING_MESSAGE = 16
};

struct ht_sim_deliver_options {
    double lost;       /* share of records, 0 to 1 */
    double doubled;    /* likewise */
    double irrelevant; /* share of all records that are of other categories and services */
    double late_s;     /* records come up to so much after their time */
    bool shuffled;     /* in no order at all */
    unsigned missing;  /* enum ht_sim_missing */
    uint32_t dropped_codes[HT_SIM_DROPPED_CODES_MAX]; /* never written; below 1000: all that begin
                                                         so, 500 for 500xxx */
    size_t dropped_code_count;
    uint64_t digits;     /* of the fraction of a second */
    uint64_t size_bytes; /* 0 = as long as the fleet runs */
};

struct ht_sim_deliver {
    struct ht_sim_deliver_options options;
    struct ht_sim_writer *writer;
    struct ht_sim_rng rng;
    struct ht_sim_queue waiting;     /* by time of arrival; subject = slot */
    struct ht_sim_log_record *slots; /* under way */
    uint32_t *free_slots;
    size_t slot_count;
    size_t free_count;
    size_t capacity;
    size_t free_capacity;
    enum ht_status status; /* sticky: HT_OK or HT_E_NOMEM */
};

void ht_sim_deliver_begin(struct ht_sim_deliver *deliver, uint64_t seed);

/* Hands a record over. Returns false when it gets lost on the way. */
bool ht_sim_deliver_record(struct ht_sim_deliver *deliver, const struct ht_sim_log_record *record);

/* Everything that arrives before the time given is written. */
void ht_sim_deliver_until(struct ht_sim_deliver *deliver, int64_t time_us);

/* The log has reached the size asked for. */
bool ht_sim_deliver_is_full(const struct ht_sim_deliver *deliver);

/* Writes what is left. */
void ht_sim_deliver_end(struct ht_sim_deliver *deliver);
void ht_sim_deliver_release(struct ht_sim_deliver *deliver);

#endif
