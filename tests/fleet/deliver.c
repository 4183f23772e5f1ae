/* SPDX-License-Identifier: MIT */
#include "deliver.h"

#include <stdlib.h>

enum { USUAL_RECORD_BYTES = 560 };

void deliver_begin(struct deliver *deliver, uint64_t seed) {
    rng_seed(&deliver->rng, seed, 3);
    shape_begin(deliver->writer);
}

static uint32_t take_slot(struct deliver *deliver) {
    if (deliver->free_count > 0) {
        return deliver->free_slots[--deliver->free_count];
    }
    if (deliver->slot_count == deliver->capacity) {
        deliver->capacity = deliver->capacity > 0 ? deliver->capacity * 2 : 1024;
        deliver->slots = fleet_grow(deliver->slots, deliver->capacity, sizeof *deliver->slots);
        deliver->free_slots =
            fleet_grow(deliver->free_slots, deliver->capacity, sizeof *deliver->free_slots);
    }
    return (uint32_t)deliver->slot_count++;
}

static void send_one(struct deliver *deliver, const struct log_record *record, double late_s) {
    const uint32_t slot = take_slot(deliver);
    deliver->slots[slot] = *record;
    queue_push(&deliver->waiting,
               (struct queue_item){.time_us = record->time_us + (int64_t)(late_s * 1e6),
                                   .subject = slot});
}

bool deliver_record(struct deliver *deliver, const struct log_record *record) {
    const struct deliver_options *options = &deliver->options;
    struct log_record sent = *record;
    if (options->without_sdk) {
        sent.sdk = NULL;
    }
    if (options->without_auth) {
        sent.auth = AUTH_NONE;
    }
    if (options->without_network) {
        sent.network = NULL;
    }
    if (rng_chance(&deliver->rng, options->lost)) {
        return false;
    }
    send_one(deliver, &sent, rng_uniform(&deliver->rng, 0, options->late_s));
    if (rng_chance(&deliver->rng, options->doubled)) {
        send_one(deliver, &sent, options->late_s + rng_uniform(&deliver->rng, 0, 300));
    }
    return true;
}

static void write_chatter(struct deliver *deliver, const struct log_record *beside) {
    struct log_record chatter = *beside;
    chatter.operation = OP_CHATTER;
    chatter.code = 0;
    chatter.message = NULL;
    chatter.variant = (uint32_t)rng_between(&deliver->rng, 0, 999);
    shape_write(deliver->writer, &chatter);
}

static void write_one(struct deliver *deliver, const struct log_record *record) {
    while (deliver->options.irrelevant > 0 &&
           rng_chance(&deliver->rng, deliver->options.irrelevant)) {
        write_chatter(deliver, record);
    }
    shape_write(deliver->writer, record);
}

void deliver_until(struct deliver *deliver, int64_t time_us) {
    struct queue_item item;
    if (deliver->options.shuffled) {
        return; /* all of it at the end */
    }
    while (deliver->waiting.count > 0 && deliver->waiting.items[0].time_us < time_us) {
        queue_pop(&deliver->waiting, &item);
        write_one(deliver, &deliver->slots[item.subject]);
        deliver->free_slots[deliver->free_count++] = item.subject;
    }
}

bool deliver_is_full(const struct deliver *deliver) {
    /* Nothing of a shuffled log is written before its end: a usual record is taken as the measure.
     */
    const uint64_t bytes = deliver->options.shuffled ? deliver->slot_count * USUAL_RECORD_BYTES
                                                     : deliver->writer->bytes;
    return deliver->options.size_bytes > 0 && bytes >= deliver->options.size_bytes;
}

static void write_shuffled(struct deliver *deliver) {
    for (size_t left = deliver->slot_count; left > 1; left--) {
        const size_t other = (size_t)rng_between(&deliver->rng, 0, (int64_t)left - 1);
        const struct log_record kept = deliver->slots[left - 1];
        deliver->slots[left - 1] = deliver->slots[other];
        deliver->slots[other] = kept;
    }
    for (size_t i = 0; i < deliver->slot_count; i++) {
        write_one(deliver, &deliver->slots[i]);
    }
}

void deliver_end(struct deliver *deliver) {
    if (deliver->options.shuffled) {
        write_shuffled(deliver);
    } else {
        deliver_until(deliver, INT64_MAX);
    }
    shape_end(deliver->writer);
    queue_free(&deliver->waiting);
    free(deliver->slots);
    free(deliver->free_slots);
}
