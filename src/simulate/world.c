/* SPDX-License-Identifier: MIT */
#include "simulate/world.h"

#include <stdlib.h>

#include "base/err.h"

enum { SILENT_SPANS_MAX = 400 };

int64_t ht_sim_world_after(const struct ht_sim_world *world, double seconds) {
    return world->now_us + (int64_t)(seconds * 1e6);
}

size_t ht_sim_world_index(const struct ht_sim_world *world, const struct ht_sim_device *device) {
    return (size_t)(device - world->devices);
}

void ht_sim_world_schedule(struct ht_sim_world *world, int64_t time_us, enum ht_sim_event_kind kind,
                           size_t subject, unsigned stamp, unsigned detail) {
    if (time_us >= world->end_us) {
        return; /* never seen */
    }
    ht_sim_queue_push(&world->queue,
                      &(struct ht_sim_queue_item){.time_us = time_us,
                                                  .kind = (uint32_t)kind & 31U,
                                                  .subject = (uint32_t)subject,
                                                  .stamp = stamp,
                                                  .detail = detail & HT_SIM_DETAIL_MAX});
}

/* A log that is to reach a size would never end when nobody speaks any more. */
static void watch_silence(struct ht_sim_world *world) {
    const uint64_t records = world->deliver->writer->records + world->deliver->slot_count;
    world->silent_spans = records != world->records_seen ? 0 : world->silent_spans + 1;
    world->records_seen = records;
    if (world->silent_spans > SILENT_SPANS_MAX) {
        world->end_us = world->now_us;
    }
}

static void dispatch(struct ht_sim_world *world, const struct ht_sim_queue_item *item) {
    switch ((enum ht_sim_event_kind)item->kind) {
    case HT_SIM_EVENT_DAY:
        watch_silence(world);
        ht_sim_happen_plan(world);
        ht_sim_world_schedule(world, world->now_us + world->span_us, HT_SIM_EVENT_DAY, 0, 0, 0);
        break;
    case HT_SIM_EVENT_HAPPEN:
        ht_sim_happen_start(world, item->detail);
        break;
    case HT_SIM_EVENT_NOISE: {
        const double mean_s = HT_S_PER_HOUR / world->scenario->noise_per_hour;
        ht_sim_hub_noise(world, item->subject, false);
        ht_sim_world_schedule(
            world, ht_sim_world_after(world, ht_sim_rng_exponential(&world->rng, mean_s)),
            HT_SIM_EVENT_NOISE, item->subject, 0, 0);
        break;
    }
    case HT_SIM_EVENT_HEALTH:
        ht_sim_hub_noise(world, item->subject, true);
        break;
    default:
        ht_sim_client_event(world, &world->devices[item->subject], item);
        break;
    }
}

/* The first failure of anything. */
static enum ht_status failure(const struct ht_sim_world *world) {
    if (world->status != HT_OK) {
        return world->status;
    }
    if (world->queue.status != HT_OK) {
        return world->queue.status;
    }
    if (world->deliver->status != HT_OK) {
        return world->deliver->status;
    }
    return world->deliver->waiting.status != HT_OK ? world->deliver->waiting.status
                                                   : world->deliver->writer->status;
}

/* The next event's device is on its way from memory while this one is played. */
static void prefetch_next(const struct ht_sim_world *world) {
    if (world->queue.count > 0) {
        const char *next = (const char *)&world->devices[world->queue.items[0].subject];
        for (size_t at = 0; at < sizeof(struct ht_sim_device); at += 64) {
            HT_PREFETCH(next + at);
        }
    }
}

/* The log begins after some hours of life, so that it meets sessions and tokens of every age. */
enum ht_status ht_sim_world_run(struct ht_sim_world *world) {
    struct ht_sim_queue_item item;
    ht_sim_world_schedule(world, world->start_us, HT_SIM_EVENT_DAY, 0, 0, 0);
    for (size_t hub = 0; hub < world->scenario->hub_count; hub++) {
        if (world->scenario->noise_per_hour > 0) {
            ht_sim_world_schedule(world, world->start_us, HT_SIM_EVENT_NOISE, hub, 0, 0);
        }
    }
    while (ht_sim_queue_pop(&world->queue, &item)) {
        if (item.time_us >= world->end_us || ht_sim_deliver_is_full(world->deliver)) {
            break;
        }
        world->now_us = item.time_us;
        prefetch_next(world);
        ht_sim_deliver_until(world->deliver, world->now_us);
        dispatch(world, &item);
        if (failure(world) != HT_OK) {
            return failure(world);
        }
    }
    const bool is_short =
        world->deliver->options.size_bytes > 0 && !ht_sim_deliver_is_full(world->deliver);
    ht_sim_deliver_end(world->deliver);
    ht_sim_truth_finish(world);
    if (is_short && failure(world) == HT_OK) {
        return ht_err_set(world->err, HT_E_USAGE,
                          "the fleet is too quiet: its log ends at %llu bytes",
                          (unsigned long long)world->deliver->writer->bytes);
    }
    return failure(world);
}

void ht_sim_world_release(struct ht_sim_world *world) {
    ht_sim_queue_release(&world->queue);
    ht_strbuf_release(&world->truth_lines);
    ht_arena_release(&world->texts);
    free(world->devices);
    free(world->sites);
    free(world->strikes);
}
