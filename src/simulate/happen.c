/* SPDX-License-Identifier: MIT */
/* What strikes many at once: incidents and upgrades of the hub, sites, rollouts. */
#include "base/grow.h"
#include "simulate/world.h"

static uint64_t draw_nodes(struct ht_sim_world *world, double share) {
    uint64_t nodes = 0;
    unsigned wanted = (unsigned)(share * HT_SIM_NODES + 0.5);
    wanted = wanted > 0 ? wanted : 1;
    for (unsigned left = HT_SIM_NODES, node = 0; node < HT_SIM_NODES; node++, left--) {
        if ((unsigned)ht_sim_rng_between(&world->rng, 0, left - 1) < wanted) {
            nodes |= UINT64_C(1) << node;
            wanted--;
        }
    }
    return nodes;
}

/* A site of at least that many devices, or the one of that name. Carriers are no sites. */
static unsigned draw_site(struct ht_sim_world *world, const struct ht_sim_happening *what) {
    unsigned found[64];
    size_t count = 0;
    size_t largest = 0;
    for (size_t i = 0; i < world->site_count; i++) {
        const struct ht_sim_site *site = &world->sites[i];
        const bool fits =
            what->place.len > 0 ? ht_str_eq(what->place, site->place) : site->devices >= what->size;
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
    return count > 0 ? found[ht_sim_rng_between(&world->rng, 0, (int64_t)count - 1)]
                     : (unsigned)largest;
}

/* What the scenario says takes the place of what the seed says, which is drawn all the same. */
static void apply_choices(struct ht_sim_strike *strike) {
    const struct ht_sim_happening *what = strike->what;
    if (what->hub > 0) {
        strike->hub = (unsigned)what->hub - 1;
    }
    if (what->refuse >= 0) {
        strike->refuse = what->refuse;
    }
    if (what->code > 0) {
        strike->code = (uint32_t)what->code;
    }
}

static struct ht_sim_strike make_strike(struct ht_sim_world *world,
                                        const struct ht_sim_happening *what) {
    struct ht_sim_rng *rng = &world->rng;
    struct ht_sim_strike strike = {.what = what, .cause = HT_CAUSE_HUB_TRANSIENT};
    strike.hub = (unsigned)ht_sim_rng_between(rng, 0, (int64_t)world->scenario->hub_count - 1);
    strike.nodes = draw_nodes(world, what->share);
    strike.refuse = ht_sim_rng_uniform(rng, 0.5, 0.95);
    strike.code = ht_sim_rng_chance(rng, 0.5) ? 500001 : 500008;
    strike.code_share = what->health > 1 ? ht_sim_rng_uniform(rng, 0.1, 0.5) : 0;
    switch (what->kind) {
    case HT_SIM_HAPPENS_UPGRADE:
        strike.code = 400029;
        strike.refuse = 0.2;
        strike.cause = HT_CAUSE_PLATFORM_UPGRADE;
        break;
    case HT_SIM_HAPPENS_THROTTLE:
        strike.code = 429001;
        strike.cause = HT_CAUSE_THROTTLED;
        break;
    case HT_SIM_HAPPENS_QUOTA:
        strike.code = 403002;
        strike.refuse = 1;
        strike.cause = HT_CAUSE_QUOTA;
        break;
    default:
        break;
    }
    apply_choices(&strike);
    if (what->kind == HT_SIM_HAPPENS_SITE_OUTAGE || what->kind == HT_SIM_HAPPENS_GROUP_STOP) {
        strike.site = draw_site(world, what);
        strike.hub = world->sites[strike.site].hub;
        strike.cause = HT_CAUSE_SITE_OUTAGE;
        strike.power = ht_sim_rng_chance(rng, 0.5);
    }
    return strike;
}

/* After the begin of the span. */
static int64_t draw_start_us(struct ht_sim_world *world, const struct ht_sim_happening *what) {
    if (what->at_s >= 0) {
        return (int64_t)(what->at_s * 1e6);
    }
    const double at = what->at >= 0 ? what->at : ht_sim_rng_uniform(&world->rng, 0.08, 0.9);
    return (int64_t)(at * (double)world->span_us);
}

void ht_sim_happen_plan(struct ht_sim_world *world) {
    while (world->first_strike < world->strike_count &&
           world->strikes[world->first_strike].end_us < world->now_us) {
        world->first_strike++;
    }
    for (size_t i = 0; i < world->scenario->happening_count; i++) {
        const struct ht_sim_happening *what = &world->scenario->happenings[i];
        const enum ht_status status =
            ht_grow(&world->strikes, &world->strike_capacity, world->strike_count + 1,
                    HT_SIM_DETAIL_MAX, sizeof *world->strikes);
        if (status != HT_OK) {
            world->status = status;
            return;
        }
        struct ht_sim_strike *strike = &world->strikes[world->strike_count];
        *strike = make_strike(world, what);
        strike->start_us = world->now_us + draw_start_us(world, what);
        strike->end_us = strike->start_us + (int64_t)(what->length_s * 1e6);
        ht_sim_world_schedule(world, strike->start_us, HT_SIM_EVENT_HAPPEN, 0, 0,
                              (unsigned)world->strike_count);
        world->strike_count++;
    }
}

static bool node_is_hit(const struct ht_sim_strike *strike, const struct ht_sim_device *device) {
    return device->hub == strike->hub && (strike->nodes >> device->node & 1) != 0;
}

/* Sooner rather than later, but all within the spread. */
static double draw_delay_s(struct ht_sim_world *world, const struct ht_sim_strike *strike,
                           const struct ht_sim_device *device) {
    const double spread_s = strike->what->spread_s;
    if (strike->what->kind == HT_SIM_HAPPENS_UPGRADE) {
        /* Node after node. */
        return spread_s * device->node / HT_SIM_NODES + ht_sim_rng_uniform(&world->rng, 0, 10);
    }
    if (strike->what->kind == HT_SIM_HAPPENS_DEPLOYMENT) {
        return ht_sim_rng_uniform(&world->rng, 0, spread_s);
    }
    const double delay_s = ht_sim_rng_exponential(&world->rng, spread_s / 3);
    return delay_s < spread_s ? delay_s : ht_sim_rng_uniform(&world->rng, 0, spread_s);
}

static void strike_hub(struct ht_sim_world *world, const struct ht_sim_strike *strike,
                       size_t index) {
    for (size_t i = 0; i < world->device_count; i++) {
        const struct ht_sim_device *device = &world->devices[i];
        if (node_is_hit(strike, device) && device->open) {
            ht_sim_world_schedule(world,
                                  ht_sim_world_after(world, draw_delay_s(world, strike, device)),
                                  HT_SIM_EVENT_DROP, i, device->session, (unsigned)index);
        }
    }
    if (strike->what->kind == HT_SIM_HAPPENS_INCIDENT) {
        world->hubs[strike->hub].throttled_until_us =
            strike->end_us + (int64_t)(world->scenario->throttled_s * 1e6);
    }
    const double extra = (strike->what->health - 1) * world->scenario->noise_per_hour *
                         (strike->what->length_s + 120) / HT_S_PER_HOUR;
    for (double left = extra; left >= 1; left -= 1) {
        ht_sim_world_schedule(world,
                              ht_sim_world_after(world,
                                                 ht_sim_rng_uniform(&world->rng, 0,
                                                                    strike->what->length_s + 120)),
                              HT_SIM_EVENT_HEALTH, strike->hub, 0, 0);
    }
}

static void strike_site(struct ht_sim_world *world, const struct ht_sim_strike *strike,
                        size_t index) {
    unsigned connected = 0;
    for (size_t i = 0; i < world->device_count; i++) {
        const struct ht_sim_device *device = &world->devices[i];
        connected += device->site == strike->site && device->open && !device->silent;
    }
    /* Two or fewer cannot be told from two links. */
    const enum ht_cause cause = connected >= 3 ? HT_CAUSE_SITE_OUTAGE : HT_CAUSE_IDLE_TIMEOUT;
    const size_t number = cause == HT_CAUSE_SITE_OUTAGE ? index + 1 : 0;
    for (size_t i = 0; i < world->device_count; i++) {
        struct ht_sim_device *device = &world->devices[i];
        if (device->site == strike->site) {
            ht_sim_client_lose_link(world, device,
                                    strike->what->length_s + ht_sim_rng_uniform(&world->rng, 0, 60),
                                    (struct ht_sim_loss){cause, strike->power, number});
        }
    }
}

/* The application behind which a site's devices sit ends: all say goodbye in one second. */
static void stop_group(struct ht_sim_world *world, const struct ht_sim_strike *strike) {
    for (size_t i = 0; i < world->device_count; i++) {
        struct ht_sim_device *device = &world->devices[i];
        if (device->site == strike->site && device->open && !device->silent) {
            ht_sim_hub_close(world, device, HT_CAUSE_CLIENT_CLOSE, HT_SIM_MARK_CLEAN, strike);
            ht_sim_client_try_at(world, device, 0,
                                 ht_sim_world_after(world,
                                                    strike->what->length_s +
                                                        ht_sim_rng_uniform(&world->rng, 0, 5)));
        }
    }
}

void ht_sim_happen_start(struct ht_sim_world *world, size_t index) {
    struct ht_sim_strike *strike = &world->strikes[index];
    for (size_t i = 0; i < world->device_count; i++) {
        strike->connected += world->devices[i].hub == strike->hub && world->devices[i].open;
    }
    switch (strike->what->kind) {
    case HT_SIM_HAPPENS_SITE_OUTAGE:
        strike_site(world, strike, index);
        break;
    case HT_SIM_HAPPENS_GROUP_STOP:
        stop_group(world, strike);
        break;
    default:
        strike_hub(world, strike, index);
        break;
    }
}

void ht_sim_happen_drop(struct ht_sim_world *world, struct ht_sim_device *device, size_t index) {
    static const enum ht_sim_mark marks[] = {
        [HT_SIM_HAPPENS_INCIDENT] = HT_SIM_MARK_SERVER,
        [HT_SIM_HAPPENS_UPGRADE] = HT_SIM_MARK_UPGRADE,
        [HT_SIM_HAPPENS_THROTTLE] = HT_SIM_MARK_THROTTLED,
        [HT_SIM_HAPPENS_QUOTA] = HT_SIM_MARK_QUOTA,
        [HT_SIM_HAPPENS_DEPLOYMENT] = HT_SIM_MARK_CLEAN,
    };
    const struct ht_sim_strike *strike = &world->strikes[index];
    const enum ht_sim_happening_kind kind = strike->what->kind;
    if (kind == HT_SIM_HAPPENS_DEPLOYMENT) {
        if (!device->silent) {
            ht_sim_hub_close(world, device, HT_CAUSE_CLIENT_CLOSE, HT_SIM_MARK_CLEAN, strike);
            ht_sim_client_try_at(world, device, 0,
                                 ht_sim_world_after(world,
                                                    ht_sim_rng_uniform(&world->rng, 25, 90)));
        }
        return;
    }
    const bool silent = device->silent;
    ht_sim_hub_close(world, device, strike->cause, marks[kind], strike);
    if (!silent) {
        ht_sim_client_back(world, device);
    }
}

const struct ht_sim_strike *ht_sim_happen_at(const struct ht_sim_world *world,
                                             const struct ht_sim_device *device) {
    for (size_t i = world->strike_count; i > world->first_strike; i--) {
        const struct ht_sim_strike *strike = &world->strikes[i - 1];
        const enum ht_sim_happening_kind kind = strike->what->kind;
        const bool refuses = kind == HT_SIM_HAPPENS_INCIDENT || kind == HT_SIM_HAPPENS_UPGRADE ||
                             kind == HT_SIM_HAPPENS_THROTTLE || kind == HT_SIM_HAPPENS_QUOTA;
        if (refuses && node_is_hit(strike, device) && world->now_us >= strike->start_us &&
            world->now_us < strike->end_us) {
            return strike;
        }
    }
    return NULL;
}

const struct ht_sim_strike *ht_sim_happen_numbered(const struct ht_sim_world *world,
                                                   size_t number) {
    return number > 0 ? &world->strikes[number - 1] : NULL;
}
