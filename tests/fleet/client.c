/* SPDX-License-Identifier: MIT */
/* The devices: links, sockets, tokens, duty, and how they come back. */
#include "world.h"

enum { WARM_UP_HOURS = 10 };

static void next_poisson(struct world *world, struct device *device, enum event_kind kind,
                         double per_day) {
    if (per_day > 0) {
        world_schedule(world, world_after(world, rng_exponential(&world->rng, S_PER_DAY / per_day)),
                       kind, world_index(world, device), 0, 0);
    }
}

void client_try_at(struct world *world, struct device *device, unsigned client, int64_t time_us) {
    device->clients[client].stamp++;
    world_schedule(world, time_us, EVENT_TRY, world_index(world, device),
                   device->clients[client].stamp, client);
}

/* After an end that the client saw: soon. */
void client_back(struct world *world, struct device *device) {
    const struct kit *kit = device->kit;
    const unsigned client = device->owner;
    if (client == 1 && world->now_us >= device->rival_until_us) {
        return;
    }
    client_try_at(world, device, client,
                  world_after(world, rng_uniform(&world->rng, kit->back_low_s, kit->back_high_s)));
}

/* After a failure: doubling waits with jitter, up to the SDK's cap. */
static void retry(struct world *world, struct device *device, unsigned client) {
    const bool unwanted = device->removed || world->now_us >= device->refused_from_us;
    const double cap_s = unwanted ? device->refused_cap_s : device->kit->retry_cap_s;
    double wait_s = unwanted ? device->refused_cap_s : 1;
    for (unsigned i = 0; i < device->clients[client].fails && wait_s < cap_s; i++) {
        wait_s *= 2;
    }
    wait_s = wait_s < cap_s ? wait_s : cap_s;
    device->clients[client].fails++;
    client_try_at(world, device, client,
                  world_after(world, wait_s * rng_uniform(&world->rng, 0.8, 1.3)));
}

/* First connects lie spread over the warm-up; those of a common start within a minute. */
void client_begin(struct world *world, struct device *device) {
    const struct group *group = device->group;
    struct rng *rng = &world->rng;
    const size_t index = world_index(world, device);
    const int64_t warm_up_us = WARM_UP_HOURS * INT64_C(3600) * US_PER_S;
    const int64_t begin_us = world->start_us - warm_up_us;
    int64_t first_us = begin_us + (int64_t)(rng_unit(rng) * 0.9 * (double)warm_up_us);
    if (group->traits & TRAIT_SYNC_START) {
        first_us = world->start_us + S_PER_HOUR * US_PER_S + rng_between(rng, 0, 60 * US_PER_S);
    }
    if (group->duty_period_s > 0) {
        world_schedule(world, begin_us + (int64_t)(rng_unit(rng) * group->duty_period_s * 1e6),
                       EVENT_WAKE, index, 0, 0);
    } else {
        client_try_at(world, device, 0, first_us);
    }
    world->now_us = first_us;
    next_poisson(world, device, EVENT_LOSS, device->losses_per_day);
    next_poisson(world, device, EVENT_RESET, device->resets_per_day);
    next_poisson(world, device, EVENT_REBOOT, device->reboots_per_day);
    if (group->traits & (TRAIT_NIGHTLY | TRAIT_NIGHTLY_CLEAN)) {
        world_schedule(world, world->start_us + device->night_us, EVENT_NIGHT, index, 0, 0);
    }
}

/* How long silence lasts until the hub gives up. */
static double hub_patience_s(const struct device *device) {
    if (device->amqp) {
        return device->kit->hub_amqp_s;
    }
    const double patience_s = 1.5 * device->keep_alive_s;
    return patience_s < HUB_IDLE_CAP_S ? patience_s : HUB_IDLE_CAP_S;
}

static void hub_idle_after(struct world *world, const struct device *device, double seconds) {
    world_schedule(world, world_after(world, seconds + rng_uniform(&world->rng, 0, 2)),
                   EVENT_HUB_IDLE, world_index(world, device), device->session, 0);
}

/* Pings keep their share of the keep-alive, whatever the application chose for it. */
static double talk_s(const struct device *device) {
    const struct kit *kit = device->kit;
    const double ping_s = kit->ping_s / kit->keep_alive_s * device->keep_alive_s;
    return device->telemetry_s < ping_s ? device->telemetry_s : ping_s;
}

/*
 * The link is silent for so many seconds. The hub notices 1.5 keep-alives after the last packet, if
 * nothing comes before; the client notices at once (a modem tells it) or when its pings stay
 * unanswered. A short silence may pass unnoticed by both. A device that lost its power has no
 * socket any more when it is back.
 */
void client_lose_link(struct world *world, struct device *device, double seconds,
                      struct loss loss) {
    struct rng *rng = &world->rng;
    const int64_t up_us = world_after(world, seconds);
    if (up_us > device->link_up_us) {
        device->link_up_us = up_us;
    }
    if (!device->open || device->silent || device->owner != 0) {
        return; /* a pending try finds the link down */
    }
    const double quiet_s = rng_uniform(rng, 0, talk_s(device));
    const double patience_s = hub_patience_s(device) - quiet_s;
    const bool told = loss.power || rng_chance(rng, 0.5);
    const double notice_s = told ? 0 : rng_uniform(rng, 0.4, 1) * device->kit->notice_s;
    if (seconds < notice_s && seconds < patience_s && rng_chance(rng, 0.6)) {
        return; /* TCP sends again, and all is well */
    }
    device->silent = true;
    device->silent_cause = loss.cause;
    device->silent_strike = loss.strike;
    hub_idle_after(world, device, patience_s > 0 ? patience_s : 0);
    const double free_s = seconds > notice_s ? seconds : notice_s;
    const double habit_s = device->kit->retry_cap_s < 60 ? device->kit->retry_cap_s : 60;
    const double wait_s =
        seconds > notice_s ? rng_uniform(rng, 1, habit_s) : rng_uniform(rng, 1, 6);
    client_try_at(world, device, 0, world_after(world, free_s + wait_s));
}

/* Most losses are short, some last for hours. */
static double draw_loss_s(struct world *world, const struct device *device) {
    const double tail = device->group->long_losses > 0 ? device->group->long_losses : 0.12;
    const double weights[4] = {0.45, 0.55 - tail, tail * 0.85, tail * 0.15};
    static const double edges_s[5] = {5, 120, 1200, 14400, 86400};
    const size_t kind = rng_pick(&world->rng, weights, 4);
    return rng_log_uniform(&world->rng, edges_s[kind], edges_s[kind + 1]);
}

/* The token that the new session uses, and when it ends. */
static void start_token(struct world *world, struct device *device) {
    if (device->life_s <= 0 || device->owner != 0) {
        return;
    }
    struct rng *rng = &world->rng;
    const bool by_client = device->kit->renewal == RENEW_BY_CLIENT;
    const double renewal_age_s =
        by_client ? kit_renewal_age_s(device->kit_id, device->life_s) : 0.85 * device->life_s;
    const bool fixed = device->group->traits & TRAIT_FIXED_TOKEN;
    const double age_s =
        device->token_born_us < 0 ? 1e9 : (double)(world->now_us - device->token_born_us) / 1e6;
    if (fixed) {
        device->token_born_us = world->start_us;
    } else if (!device->carries || age_s >= renewal_age_s) {
        device->token_born_us = world->now_us - rng_between(rng, 0, 2 * US_PER_S);
    }
    double end_s = 0;
    if (device->group->traits & TRAIT_EDGE) {
        device->token_born_us = world->now_us;
        end_s = rng_uniform(rng, 3900, 4200);
    } else if (by_client) {
        end_s = renewal_age_s + rng_uniform(rng, 0, 1.5);
    } else {
        const double tolerance_s =
            kit_tolerance_s(device->kit_id, device->life_s, device->node % 2 == 0, rng);
        end_s = device->life_s + tolerance_s;
        device->step = (unsigned)(tolerance_s / KIT_STEP_S);
    }
    world_schedule(world, device->token_born_us + (int64_t)(end_s * 1e6), EVENT_TOKEN,
                   world_index(world, device), device->session, 0);
}

static void try_connect(struct world *world, struct device *device, unsigned client) {
    int64_t later_us = 0;
    if (client == 0 && (device->gone || world->now_us >= device->awake_until_us)) {
        return;
    }
    if (client == 1 && world->now_us >= device->rival_until_us) {
        return;
    }
    if (client == 0 && world->now_us < device->link_up_us) {
        const double habit_s = device->kit->retry_cap_s < 60 ? device->kit->retry_cap_s : 60;
        client_try_at(world, device, 0,
                      device->link_up_us + (int64_t)(rng_uniform(&world->rng, 1, habit_s) * 1e6));
        return;
    }
    switch (hub_answer(world, device, client, &later_us)) {
    case ANSWER_LATER:
        client_try_at(world, device, client, later_us);
        return;
    case ANSWER_ACCEPTED:
        break;
    default:
        retry(world, device, client);
        return;
    }
    hub_open(world, device, client);
    device->clients[client].fails = 0;
    start_token(world, device);
    if (device->group->traits & TRAIT_SILENT) {
        hub_idle_after(world, device, HUB_IDLE_CAP_S);
    }
    const struct strike *strike = happen_at(world, device);
    if (strike != NULL && strike->what.kind == HAPPENS_INCIDENT && rng_chance(&world->rng, 0.3)) {
        world_schedule(world, world_after(world, rng_uniform(&world->rng, 5, 120)), EVENT_DROP,
                       world_index(world, device), device->session,
                       (unsigned)(strike - world->strikes));
    }
}

static void token_ends(struct world *world, struct device *device) {
    if (device->kit->renewal == RENEW_BY_CLIENT && !(device->group->traits & TRAIT_EDGE)) {
        if (device->silent) {
            return; /* nobody hears the goodbye */
        }
        hub_close(world, device, CAUSE_TOKEN_EXPIRY, MARK_CLEAN, NULL);
        client_back(world, device);
        return;
    }
    const bool silent = device->silent;
    device->step_counts[device->step]++;
    hub_close(world, device, CAUSE_TOKEN_EXPIRY, MARK_EXPIRED, NULL);
    if (device->group->traits & TRAIT_FIXED_TOKEN) {
        device->refused_from_us = world->now_us;
    }
    if (!silent) {
        client_back(world, device); /* else a try is pending already */
    }
}

static void socket_torn(struct world *world, struct device *device, bool again) {
    struct rng *rng = &world->rng;
    if (!again) {
        next_poisson(world, device, EVENT_RESET, device->resets_per_day);
    }
    if (!device->open || device->silent || device->owner != 0) {
        return;
    }
    hub_close(world, device, CAUSE_CONNECTION_RESET, MARK_REMOTE, NULL);
    const double ways[3] = {0.10, 0.75, 0.15}; /* reset on the way, crash, slow start */
    static const double gaps_s[4] = {2, 15, 60, 180};
    const size_t way = rng_pick(rng, ways, 3);
    const double gap_s = rng_uniform(rng, gaps_s[way], gaps_s[way + 1]);
    client_try_at(world, device, 0, world_after(world, gap_s));
    if (rng_chance(rng, again ? 0.7 : device->group->crash_loop)) {
        world_schedule(world, world_after(world, gap_s + rng_log_uniform(rng, 10, 240)),
                       EVENT_RESET, world_index(world, device), 0, 1);
    }
}

static void wake(struct world *world, struct device *device) {
    const struct group *group = device->group;
    const size_t index = world_index(world, device);
    const double on_s = group->duty_on_s * rng_uniform(&world->rng, 0.97, 1.03);
    device->awake_until_us = world_after(world, on_s);
    client_try_at(world, device, 0, world_after(world, rng_uniform(&world->rng, 1, 4)));
    world_schedule(world, device->awake_until_us, EVENT_SLEEP, index, 0, 0);
    world_schedule(world,
                   world_after(world, group->duty_period_s + rng_uniform(&world->rng, -4, 4)),
                   EVENT_WAKE, index, 0, 0);
}

static void night(struct world *world, struct device *device) {
    const bool clean = device->group->traits & TRAIT_NIGHTLY_CLEAN;
    world_schedule(world, world_after(world, S_PER_DAY + rng_uniform(&world->rng, -3, 3)),
                   EVENT_NIGHT, world_index(world, device), 0, 0);
    if (!device->open || device->silent) {
        return;
    }
    hub_close(world, device, clean ? CAUSE_CLIENT_CLOSE : CAUSE_CONNECTION_RESET,
              clean ? MARK_CLEAN : MARK_REMOTE, NULL);
    client_try_at(world, device, 0, world_after(world, rng_uniform(&world->rng, 40, 150)));
}

/* A key is rotated or a clock goes wrong. A session lives on until its token ends, unless the
 * device restarts, as it often does with the fault. */
static void refuse_from_now(struct world *world, struct device *device) {
    device->refused_from_us = world->now_us;
    if (device->life_s <= 0 || rng_chance(&world->rng, 0.5)) {
        socket_torn(world, device, true);
    }
}

static void remove_device(struct world *world, struct device *device) {
    device->removed = true;
    truth_role(world, device, ROLE_REMOVED);
    if (device->open) {
        hub_close(world, device, CAUSE_DEVICE_REMOVED, MARK_REMOVED, NULL);
        client_back(world, device);
    }
}

static void rival_begins(struct world *world, struct device *device) {
    device->rival_until_us = world_after(world, rng_log_uniform(&world->rng, 300, 7200));
    client_try_at(world, device, 1, world->now_us);
}

static void session_event(struct world *world, struct device *device,
                          const struct queue_item *item) {
    if (!device->open || item->stamp != device->session) {
        return;
    }
    switch ((enum event_kind)item->kind) {
    case EVENT_HUB_IDLE:
        if (device->silent) {
            hub_close(world, device, device->silent_cause, MARK_REMOTE,
                      happen_numbered(world, device->silent_strike));
        } else if (device->group->traits & TRAIT_SILENT) {
            hub_close(world, device, CAUSE_IDLE_TIMEOUT, MARK_REMOTE, NULL);
            client_back(world, device);
        }
        break;
    case EVENT_TOKEN:
        token_ends(world, device);
        break;
    default:
        happen_drop(world, device, item->detail);
        break;
    }
}

void client_event(struct world *world, struct device *device, const struct queue_item *item) {
    switch ((enum event_kind)item->kind) {
    case EVENT_TRY:
        if (item->stamp == device->clients[item->detail].stamp) {
            try_connect(world, device, item->detail);
        }
        break;
    case EVENT_LOSS:
        client_lose_link(world, device, draw_loss_s(world, device),
                         (struct loss){CAUSE_IDLE_TIMEOUT, false, 0});
        next_poisson(world, device, EVENT_LOSS, device->losses_per_day);
        break;
    case EVENT_RESET:
        socket_torn(world, device, item->detail == 1);
        break;
    case EVENT_REBOOT:
        client_lose_link(world, device, rng_uniform(&world->rng, 25, 100),
                         (struct loss){CAUSE_IDLE_TIMEOUT, true, 0});
        next_poisson(world, device, EVENT_REBOOT, device->reboots_per_day);
        break;
    case EVENT_WAKE:
        wake(world, device);
        break;
    case EVENT_SLEEP:
        if (device->open && !device->silent && device->owner == 0) {
            hub_close(world, device, CAUSE_CLIENT_CLOSE, MARK_CLEAN, NULL);
        }
        break;
    case EVENT_NIGHT:
        night(world, device);
        break;
    case EVENT_RIVAL:
        rival_begins(world, device);
        break;
    case EVENT_REFUSE:
        refuse_from_now(world, device);
        break;
    case EVENT_GONE:
        device->gone = true;
        truth_role(world, device, ROLE_GONE);
        client_lose_link(world, device, 1e9, (struct loss){CAUSE_IDLE_TIMEOUT, true, 0});
        break;
    case EVENT_REMOVE:
        remove_device(world, device);
        break;
    default:
        session_event(world, device, item);
        break;
    }
}
