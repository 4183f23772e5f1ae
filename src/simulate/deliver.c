/* SPDX-License-Identifier: MIT */
#include "simulate/deliver.h"

#include <stdlib.h>

#include "base/grow.h"
#include "base/time.h"

enum { USUAL_RECORD_BYTES = 560, SLOTS_MAX = 200000000 };

void ht_sim_deliver_begin(struct ht_sim_deliver *deliver, uint64_t seed) {
    ht_sim_rng_seed(&deliver->rng, seed, 3);
    ht_sim_writer_begin(deliver->writer);
}

static bool take_slot(struct ht_sim_deliver *deliver, uint32_t *slot) {
    if (deliver->free_count > 0) {
        *slot = deliver->free_slots[--deliver->free_count];
        return true;
    }
    if (deliver->slot_count == deliver->capacity) {
        enum ht_status status = ht_grow(&deliver->slots, &deliver->capacity,
                                        deliver->slot_count + 1, SLOTS_MAX, sizeof *deliver->slots);
        if (status == HT_OK) {
            status = ht_grow(&deliver->free_slots, &deliver->free_capacity, deliver->capacity,
                             SLOTS_MAX, sizeof *deliver->free_slots);
        }
        if (status != HT_OK) {
            deliver->status = status;
            return false;
        }
    }
    *slot = (uint32_t)deliver->slot_count++;
    return true;
}

static void send_one(struct ht_sim_deliver *deliver, const struct ht_sim_log_record *record,
                     double late_s) {
    uint32_t slot = 0;
    if (!take_slot(deliver, &slot)) {
        return;
    }
    deliver->slots[slot] = *record;
    if (!deliver->options.shuffled) {
        ht_sim_queue_push(&deliver->waiting,
                          &(struct ht_sim_queue_item){
                              .time_us = record->time_us + (int64_t)(late_s * 1e6),
                              .subject = slot,
                          });
    }
}

static bool is_dropped(const struct ht_sim_deliver_options *options, uint32_t code) {
    for (size_t i = 0; i < options->dropped_code_count; i++) {
        const uint32_t dropped = options->dropped_codes[i];
        if (dropped == (dropped < 1000 ? code / 1000 : code)) {
            return true;
        }
    }
    return false;
}

static void leave_out(struct ht_sim_log_record *record, unsigned missing) {
    if (missing & HT_SIM_MISSING_SDK) {
        record->sdk = HT_STR_NONE;
    }
    if (missing & HT_SIM_MISSING_AUTH) {
        record->auth = HT_SIM_AUTH_NONE;
    }
    if (missing & HT_SIM_MISSING_NETWORK) {
        record->network = HT_STR_NONE;
    }
    if (missing & HT_SIM_MISSING_PROTOCOL) {
        record->protocol = HT_STR_NONE;
    }
    if (missing & HT_SIM_MISSING_MESSAGE) {
        record->message = HT_STR_NONE;
    }
}

bool ht_sim_deliver_record(struct ht_sim_deliver *deliver, const struct ht_sim_log_record *record) {
    const struct ht_sim_deliver_options *options = &deliver->options;
    struct ht_sim_log_record sent = *record;
    leave_out(&sent, options->missing);
    const bool lost = ht_sim_rng_chance(&deliver->rng, options->lost);
    if (lost || is_dropped(options, record->code)) {
        return false;
    }
    send_one(deliver, &sent, ht_sim_rng_uniform(&deliver->rng, 0, options->late_s));
    if (ht_sim_rng_chance(&deliver->rng, options->doubled)) {
        send_one(deliver, &sent, options->late_s + ht_sim_rng_uniform(&deliver->rng, 0, 300));
    }
    return true;
}

static void write_chatter(struct ht_sim_deliver *deliver, const struct ht_sim_log_record *beside) {
    struct ht_sim_log_record chatter = *beside;
    chatter.operation = HT_SIM_OP_CHATTER;
    chatter.code = 0;
    chatter.message = HT_STR_NONE;
    chatter.variant = (uint32_t)ht_sim_rng_between(&deliver->rng, 0, 999);
    ht_sim_writer_put(deliver->writer, &chatter);
}

static void write_one(struct ht_sim_deliver *deliver, const struct ht_sim_log_record *record) {
    while (deliver->options.irrelevant > 0 &&
           ht_sim_rng_chance(&deliver->rng, deliver->options.irrelevant)) {
        write_chatter(deliver, record);
    }
    ht_sim_writer_put(deliver->writer, record);
}

/* All that waits, in an order of chance. */
static void write_shuffled(struct ht_sim_deliver *deliver) {
    struct ht_sim_log_record *slots = deliver->slots;
    for (size_t left = deliver->slot_count; left > 1; left--) {
        const size_t other = (size_t)ht_sim_rng_between(&deliver->rng, 0, (int64_t)left - 1);
        const struct ht_sim_log_record kept = slots[left - 1];
        slots[left - 1] = slots[other];
        slots[other] = kept;
    }
    for (size_t i = 0; i < deliver->slot_count; i++) {
        write_one(deliver, &slots[i]);
    }
    deliver->slot_count = 0;
}

void ht_sim_deliver_until(struct ht_sim_deliver *deliver, int64_t time_us) {
    struct ht_sim_queue_item item;
    if (deliver->options.shuffled) {
        if (deliver->slot_count >= HT_SIM_SHUFFLE_MAX) {
            write_shuffled(deliver);
        }
        return; /* the rest at the end */
    }
    while (deliver->waiting.count > 0 && deliver->waiting.items[0].time_us < time_us) {
        ht_sim_queue_pop(&deliver->waiting, &item);
        write_one(deliver, &deliver->slots[item.subject]);
        deliver->free_slots[deliver->free_count++] = item.subject;
    }
}

bool ht_sim_deliver_is_full(const struct ht_sim_deliver *deliver) {
    /* Records that wait to be shuffled are not written yet: a usual one is taken as the measure. */
    const uint64_t waiting =
        deliver->options.shuffled ? deliver->slot_count * USUAL_RECORD_BYTES : 0;
    return deliver->options.size_bytes > 0 &&
           deliver->writer->bytes + waiting >= deliver->options.size_bytes;
}

void ht_sim_deliver_end(struct ht_sim_deliver *deliver) {
    if (deliver->options.shuffled) {
        write_shuffled(deliver);
    } else {
        ht_sim_deliver_until(deliver, INT64_MAX);
    }
    ht_sim_writer_end(deliver->writer);
}

void ht_sim_deliver_release(struct ht_sim_deliver *deliver) {
    ht_sim_queue_release(&deliver->waiting);
    free(deliver->slots);
    free(deliver->free_slots);
}
