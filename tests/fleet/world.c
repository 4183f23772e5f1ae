/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdlib.h>

const char *cause_name(enum cause cause) {
    static const char *const names[] = {
        [CAUSE_TOKEN_EXPIRY] = "token-expiry",
        [CAUSE_IDLE_TIMEOUT] = "idle-timeout",
        [CAUSE_SITE_OUTAGE] = "site-outage",
        [CAUSE_CONNECTION_RESET] = "connection-reset",
        [CAUSE_HUB_TRANSIENT] = "hub-transient",
        [CAUSE_PLATFORM_UPGRADE] = "platform-upgrade",
        [CAUSE_DUPLICATE_IDENTITY] = "duplicate-identity",
        [CAUSE_CLIENT_CLOSE] = "client-close",
        [CAUSE_THROTTLED] = "throttled",
        [CAUSE_QUOTA] = "quota",
        [CAUSE_DEVICE_REMOVED] = "device-removed",
    };
    return names[cause];
}

int64_t world_after(const struct world *world, double seconds) {
    return world->now_us + (int64_t)(seconds * 1e6);
}

size_t world_index(const struct world *world, const struct device *device) {
    return (size_t)(device - world->devices);
}

void world_schedule(struct world *world, int64_t time_us, enum event_kind kind, size_t subject,
                    unsigned stamp, unsigned detail) {
    queue_push(&world->queue, (struct queue_item){.time_us = time_us,
                                                  .kind = (uint32_t)kind,
                                                  .subject = (uint32_t)subject,
                                                  .stamp = stamp,
                                                  .detail = detail});
}

static void dispatch(struct world *world, const struct queue_item *item) {
    switch ((enum event_kind)item->kind) {
    case EVENT_DAY:
        happen_plan(world);
        world_schedule(world, world->now_us + world->span_us, EVENT_DAY, 0, 0, 0);
        break;
    case EVENT_HAPPEN:
        happen_start(world, item->detail);
        break;
    case EVENT_NOISE:
        hub_noise(world, item->subject, false);
        world_schedule(world,
                       world_after(world,
                                   rng_exponential(&world->rng,
                                                   S_PER_HOUR / world->scenario->noise_per_hour)),
                       EVENT_NOISE, item->subject, 0, 0);
        break;
    case EVENT_HEALTH:
        hub_noise(world, item->subject, true);
        break;
    default:
        client_event(world, &world->devices[item->subject], item);
        break;
    }
}

/* The log begins after some hours of life, so that it meets sessions and tokens of every age. */
void world_run(struct world *world) {
    struct queue_item item;
    world_schedule(world, world->start_us, EVENT_DAY, 0, 0, 0);
    for (unsigned hub = 0; hub < world->scenario->hubs; hub++) {
        if (world->scenario->noise_per_hour > 0) {
            world_schedule(world, world->start_us, EVENT_NOISE, hub, 0, 0);
        }
    }
    while (queue_pop(&world->queue, &item)) {
        if (item.time_us >= world->end_us || deliver_is_full(world->deliver)) {
            break;
        }
        world->now_us = item.time_us;
        deliver_until(world->deliver, world->now_us);
        dispatch(world, &item);
    }
    truth_finish(world);
}
