/* SPDX-License-Identifier: MIT */
/* What strikes many at once: incidents and upgrades of the hub, sites, rollouts. */
#include <string.h>

#include "world.h"

static uint64_t draw_nodes(struct world *world, double share) {
    uint64_t nodes = 0;
    unsigned wanted = (unsigned)(share * NODES + 0.5);
    wanted = wanted > 0 ? wanted : 1;
    for (unsigned left = NODES, node = 0; node < NODES; node++, left--) {
        if ((unsigned)rng_between(&world->rng, 0, left - 1) < wanted) {
            nodes |= UINT64_C(1) << node;
            wanted--;
        }
    }
    return nodes;
}

/* A site of at least that many devices, or the one of that name. Carriers are no sites. */
static unsigned draw_site(struct world *world, const struct happening *what) {
    unsigned found[64];
    size_t count = 0;
    size_t largest = 0;
    for (size_t i = 0; i < world->site_count; i++) {
        const struct site *site = &world->sites[i];
        const bool named =
            what->place != NULL && site->place != NULL && strcmp(what->place, site->place) == 0;
        const bool fits = what->place != NULL ? named : site->devices >= (unsigned)what->share;
        if (site->carrier) {
            continue;
        }
        if (fits && count < sizeof found / sizeof found[0]) {
            found[count++] = (unsigned)i;
        }
        if (world->sites[largest].carrier || site->devices > world->sites[largest].devices) {
            largest = i;
        }
    }
    return count > 0 ? found[rng_between(&world->rng, 0, (int64_t)count - 1)] : (unsigned)largest;
}

static struct strike make_strike(struct world *world, const struct happening *what) {
    struct rng *rng = &world->rng;
    struct strike strike = {
        .what = *what,
        .hub = (unsigned)rng_between(rng, 0, world->scenario->hubs - 1),
        .nodes = draw_nodes(world, what->share),
        .refuse = rng_uniform(rng, 0.5, 0.95),
        .code = rng_chance(rng, 0.5) ? 500001 : 500008,
        .code_share = what->health > 1 ? rng_uniform(rng, 0.1, 0.5) : 0,
        .cause = CAUSE_HUB_TRANSIENT,
    };
    switch (what->kind) {
    case HAPPENS_UPGRADE:
        strike.code = 400029;
        strike.refuse = 0.2;
        strike.cause = CAUSE_PLATFORM_UPGRADE;
        break;
    case HAPPENS_THROTTLE:
        strike.code = 429001;
        strike.cause = CAUSE_THROTTLED;
        break;
    case HAPPENS_QUOTA:
        strike.code = 403002;
        strike.refuse = 1;
        strike.cause = CAUSE_QUOTA;
        break;
    case HAPPENS_SITE_OUTAGE:
    case HAPPENS_GROUP_STOP:
        strike.site = draw_site(world, what);
        strike.hub = world->sites[strike.site].hub;
        strike.cause = CAUSE_SITE_OUTAGE;
        strike.power = rng_chance(rng, 0.5);
        break;
    default:
        break;
    }
    return strike;
}

void happen_plan(struct world *world) {
    for (size_t i = 0; i < HAPPENINGS_MAX; i++) {
        const struct happening *what = &world->scenario->happenings[i];
        if (what->kind == HAPPENS_NOTHING) {
            continue;
        }
        if (world->strike_count == world->strike_capacity) {
            world->strike_capacity = world->strike_capacity * 2 + 16;
            world->strikes =
                fleet_grow(world->strikes, world->strike_capacity, sizeof *world->strikes);
        }
        struct strike *strike = &world->strikes[world->strike_count];
        *strike = make_strike(world, what);
        const double at = what->at >= 0 ? what->at : rng_uniform(&world->rng, 0.08, 0.9);
        strike->start_us = world->now_us + (int64_t)(at * (double)world->span_us);
        strike->end_us = strike->start_us + (int64_t)(what->length_s * 1e6);
        world_schedule(world, strike->start_us, EVENT_HAPPEN, 0, 0, (unsigned)world->strike_count);
        world->strike_count++;
    }
}

static bool node_is_hit(const struct strike *strike, const struct device *device) {
    return device->hub == strike->hub && (strike->nodes >> device->node & 1) != 0;
}

/* Sooner rather than later, but all within the spread. */
static double draw_delay_s(struct world *world, const struct strike *strike,
                           const struct device *device) {
    const double spread_s = strike->what.spread_s;
    if (strike->what.kind == HAPPENS_UPGRADE) {
        /* Node after node. */
        return spread_s * device->node / NODES + rng_uniform(&world->rng, 0, 10);
    }
    if (strike->what.kind == HAPPENS_DEPLOYMENT) {
        return rng_uniform(&world->rng, 0, spread_s);
    }
    const double delay_s = rng_exponential(&world->rng, spread_s / 3);
    return delay_s < spread_s ? delay_s : rng_uniform(&world->rng, 0, spread_s);
}

static void strike_hub(struct world *world, const struct strike *strike, size_t index) {
    for (size_t i = 0; i < world->device_count; i++) {
        const struct device *device = &world->devices[i];
        if (node_is_hit(strike, device) && device->open) {
            world_schedule(world, world_after(world, draw_delay_s(world, strike, device)),
                           EVENT_DROP, i, device->session, (unsigned)index);
        }
    }
    if (strike->what.kind == HAPPENS_INCIDENT) {
        world->hubs[strike->hub].throttled_until_us = strike->end_us + 1200 * US_PER_S;
    }
    const double extra = (strike->what.health - 1) * world->scenario->noise_per_hour *
                         (strike->what.length_s + 120) / S_PER_HOUR;
    for (double left = extra; left >= 1; left -= 1) {
        world_schedule(world,
                       world_after(world, rng_uniform(&world->rng, 0, strike->what.length_s + 120)),
                       EVENT_HEALTH, strike->hub, 0, 0);
    }
}

static void strike_site(struct world *world, const struct strike *strike, size_t index) {
    unsigned connected = 0;
    for (size_t i = 0; i < world->device_count; i++) {
        const struct device *device = &world->devices[i];
        connected += device->site == strike->site && device->open && !device->silent;
    }
    /* Two or fewer cannot be told from two links. */
    const enum cause cause = connected >= 3 ? CAUSE_SITE_OUTAGE : CAUSE_IDLE_TIMEOUT;
    const size_t number = cause == CAUSE_SITE_OUTAGE ? index + 1 : 0;
    for (size_t i = 0; i < world->device_count; i++) {
        struct device *device = &world->devices[i];
        if (device->site == strike->site) {
            client_lose_link(world, device, strike->what.length_s + rng_uniform(&world->rng, 0, 60),
                             (struct loss){cause, strike->power, number});
        }
    }
}

/* The application behind which a site's devices sit ends: all say goodbye in one second. */
static void stop_group(struct world *world, const struct strike *strike) {
    for (size_t i = 0; i < world->device_count; i++) {
        struct device *device = &world->devices[i];
        if (device->site == strike->site && device->open && !device->silent) {
            hub_close(world, device, CAUSE_CLIENT_CLOSE, MARK_CLEAN, strike);
            client_try_at(world, device, 0,
                          world_after(world,
                                      strike->what.length_s + rng_uniform(&world->rng, 0, 5)));
        }
    }
}

void happen_start(struct world *world, size_t index) {
    struct strike *strike = &world->strikes[index];
    for (size_t i = 0; i < world->device_count; i++) {
        strike->connected += world->devices[i].hub == strike->hub && world->devices[i].open;
    }
    switch (strike->what.kind) {
    case HAPPENS_SITE_OUTAGE:
        strike_site(world, strike, index);
        break;
    case HAPPENS_GROUP_STOP:
        stop_group(world, strike);
        break;
    default:
        strike_hub(world, strike, index);
        break;
    }
}

void happen_drop(struct world *world, struct device *device, size_t index) {
    static const enum mark marks[] = {
        [HAPPENS_INCIDENT] = MARK_SERVER,    [HAPPENS_UPGRADE] = MARK_UPGRADE,
        [HAPPENS_THROTTLE] = MARK_THROTTLED, [HAPPENS_QUOTA] = MARK_QUOTA,
        [HAPPENS_DEPLOYMENT] = MARK_CLEAN,
    };
    const struct strike *strike = &world->strikes[index];
    const enum happening_kind kind = strike->what.kind;
    if (kind == HAPPENS_DEPLOYMENT) {
        if (!device->silent) {
            hub_close(world, device, CAUSE_CLIENT_CLOSE, MARK_CLEAN, strike);
            client_try_at(world, device, 0, world_after(world, rng_uniform(&world->rng, 25, 90)));
        }
        return;
    }
    const bool silent = device->silent;
    hub_close(world, device, strike->cause, marks[kind], strike);
    if (!silent) {
        client_back(world, device);
    }
}

const struct strike *happen_at(const struct world *world, const struct device *device) {
    for (size_t i = world->strike_count; i > 0; i--) {
        const struct strike *strike = &world->strikes[i - 1];
        const enum happening_kind kind = strike->what.kind;
        const bool refuses = kind == HAPPENS_INCIDENT || kind == HAPPENS_UPGRADE ||
                             kind == HAPPENS_THROTTLE || kind == HAPPENS_QUOTA;
        if (refuses && node_is_hit(strike, device) && world->now_us >= strike->start_us &&
            world->now_us < strike->end_us) {
            return strike;
        }
    }
    return NULL;
}

const struct strike *happen_numbered(const struct world *world, size_t number) {
    return number > 0 ? &world->strikes[number - 1] : NULL;
}
