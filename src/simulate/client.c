/* SPDX-License-Identifier: MIT */
/* The devices: links, sockets, tokens, duty, and how they come back. */
#include "simulate/world.h"

enum { WARM_UP_HOURS = 10 };

static void next_poisson(struct ht_sim_world *world, struct ht_sim_device *device,
                         enum ht_sim_event_kind kind, double per_day) {
    if (per_day > 0) {
        ht_sim_world_schedule(
            world,
            ht_sim_world_after(world, ht_sim_rng_exponential(&world->rng, HT_S_PER_DAY / per_day)),
            kind, ht_sim_world_index(world, device), 0, 0);
    }
}

void ht_sim_client_try_at(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client,
                          int64_t time_us) {
    device->clients[client].stamp++;
    ht_sim_world_schedule(world, time_us, HT_SIM_EVENT_TRY, ht_sim_world_index(world, device),
                          device->clients[client].stamp, client);
}

/* After an end that the client saw: soon. */
void ht_sim_client_back(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_kit *kit = device->kit;
    const unsigned client = device->owner;
    if (client == 1 && world->now_us >= device->rival_until_us) {
        return;
    }
    ht_sim_client_try_at(world, device, client,
                         ht_sim_world_after(world, ht_sim_rng_uniform(&world->rng, kit->back_low_s,
                                                                      kit->back_high_s)));
}

/* After a failure: doubling waits with jitter, up to the SDK's cap. */
static void retry(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client) {
    const bool unwanted = device->removed || world->now_us >= device->refused_from_us;
    const double cap_s = unwanted ? device->refused_cap_s : device->kit->retry_cap_s;
    double wait_s = unwanted ? device->refused_cap_s : 1;
    for (unsigned i = 0; i < device->clients[client].fails && wait_s < cap_s; i++) {
        wait_s *= 2;
    }
    wait_s = wait_s < cap_s ? wait_s : cap_s;
    device->clients[client].fails++;
    ht_sim_client_try_at(world, device, client,
                         ht_sim_world_after(world,
                                            wait_s * ht_sim_rng_uniform(&world->rng, 0.8, 1.3)));
}

/* First connects lie spread over the warm-up; those of a common start within a minute. */
void ht_sim_client_begin(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    struct ht_sim_rng *rng = &world->rng;
    const size_t index = ht_sim_world_index(world, device);
    const int64_t warm_up_us = WARM_UP_HOURS * INT64_C(3600) * HT_US_PER_S;
    const int64_t begin_us = world->start_us - warm_up_us;
    int64_t first_us = begin_us + (int64_t)(ht_sim_rng_unit(rng) * 0.9 * (double)warm_up_us);
    if (group->start_s >= 0) {
        first_us = world->start_us + (int64_t)(group->start_s * 1e6) +
                   ht_sim_rng_between(rng, 0, 60 * HT_US_PER_S);
    }
    if (group->duty_period_s > 0) {
        ht_sim_world_schedule(
            world, begin_us + (int64_t)(ht_sim_rng_unit(rng) * group->duty_period_s * 1e6),
            HT_SIM_EVENT_WAKE, index, 0, 0);
    } else {
        ht_sim_client_try_at(world, device, 0, first_us);
    }
    world->now_us = first_us;
    next_poisson(world, device, HT_SIM_EVENT_LOSS, device->losses_per_day);
    next_poisson(world, device, HT_SIM_EVENT_RESET, device->resets_per_day);
    next_poisson(world, device, HT_SIM_EVENT_REBOOT, device->reboots_per_day);
    if (group->restart_s >= 0) {
        const int64_t day_us = HT_S_PER_DAY * HT_US_PER_S;
        const int64_t of_day_us = (world->start_us % day_us + day_us) % day_us;
        ht_sim_world_schedule(world, world->start_us - of_day_us + device->night_us,
                              HT_SIM_EVENT_NIGHT, index, 0, 0);
    }
}

/* How long silence lasts until the hub gives up. */
static double hub_patience_s(const struct ht_sim_device *device) {
    if (device->amqp) {
        return device->kit->hub_amqp_s;
    }
    const double patience_s = 1.5 * device->keep_alive_s;
    return patience_s < HT_SIM_HUB_IDLE_CAP_S ? patience_s : HT_SIM_HUB_IDLE_CAP_S;
}

static void hub_idle_after(struct ht_sim_world *world, const struct ht_sim_device *device,
                           double seconds) {
    ht_sim_world_schedule(
        world, ht_sim_world_after(world, seconds + ht_sim_rng_uniform(&world->rng, 0, 2)),
        HT_SIM_EVENT_HUB_IDLE, ht_sim_world_index(world, device), device->session, 0);
}

/* Pings keep their share of the keep-alive, whatever the application chose for it. */
static double talk_s(const struct ht_sim_device *device) {
    const struct ht_sim_kit *kit = device->kit;
    const double ping_s = kit->ping_s / kit->keep_alive_s * device->keep_alive_s;
    return device->telemetry_s < ping_s ? device->telemetry_s : ping_s;
}

/*
 * The link is silent for so many seconds. The hub notices 1.5 keep-alives after the last packet, if
 * nothing comes before; the client notices at once (a modem tells it) or when its pings stay
 * unanswered. A short silence may pass unnoticed by both. A device that lost its power has no
 * socket any more when it is back.
 */
void ht_sim_client_lose_link(struct ht_sim_world *world, struct ht_sim_device *device,
                             double seconds, struct ht_sim_loss loss) {
    struct ht_sim_rng *rng = &world->rng;
    const int64_t up_us = ht_sim_world_after(world, seconds);
    if (up_us > device->link_up_us) {
        device->link_up_us = up_us;
    }
    if (!device->open || device->silent || device->owner != 0) {
        return; /* a pending try finds the link down */
    }
    const double age_s = (double)(world->now_us - device->open_us) / (double)HT_US_PER_S;
    const double drawn_s = ht_sim_rng_uniform(rng, 0, talk_s(device));
    const double quiet_s = drawn_s < age_s ? drawn_s : age_s; /* its connect was a packet, too */
    const double patience_s = hub_patience_s(device) - quiet_s;
    const bool told = loss.power || ht_sim_rng_chance(rng, 0.5);
    const double notice_s = told ? 0 : ht_sim_rng_uniform(rng, 0.4, 1) * device->kit->notice_s;
    if (seconds < notice_s && seconds < patience_s && ht_sim_rng_chance(rng, 0.6)) {
        return; /* TCP sends again, and all is well */
    }
    device->silent = true;
    device->silent_cause = loss.cause;
    device->silent_strike = loss.strike;
    hub_idle_after(world, device, patience_s > 0 ? patience_s : 0);
    const double free_s = seconds > notice_s ? seconds : notice_s;
    const double habit_s = device->kit->retry_cap_s < 60 ? device->kit->retry_cap_s : 60;
    const double wait_s =
        seconds > notice_s ? ht_sim_rng_uniform(rng, 1, habit_s) : ht_sim_rng_uniform(rng, 1, 6);
    ht_sim_client_try_at(world, device, 0, ht_sim_world_after(world, free_s + wait_s));
}

/* Most losses are short, some last for hours. */
static double draw_loss_s(struct ht_sim_world *world, const struct ht_sim_device *device) {
    const double tail = device->group->long_losses > 0 ? device->group->long_losses : 0.12;
    const double weights[4] = {0.45, 0.55 - tail, tail * 0.85, tail * 0.15};
    static const double edges_s[5] = {5, 120, 1200, 14400, 86400};
    const size_t kind = ht_sim_rng_pick(&world->rng, weights, 4);
    return ht_sim_rng_log_uniform(&world->rng, edges_s[kind], edges_s[kind + 1]);
}

/* The token that the new session uses, and when it ends. */
static void start_token(struct ht_sim_world *world, struct ht_sim_device *device) {
    if (device->life_s <= 0 || device->owner != 0) {
        return;
    }
    struct ht_sim_rng *rng = &world->rng;
    const bool fixed = device->group->rule == HT_SIM_RULE_NEVER;
    const double age_s =
        device->token_born_us < 0 ? 1e9 : (double)(world->now_us - device->token_born_us) / 1e6;
    if (fixed) {
        device->token_born_us = world->start_us;
    } else if (!device->carries || age_s >= device->renewal_age_s) {
        device->token_born_us = world->now_us - ht_sim_rng_between(rng, 0, 2 * HT_US_PER_S);
    }
    double end_s = 0;
    if (device->group->bounce_s.low > 0) {
        device->token_born_us = world->now_us;
        end_s = ht_sim_rng_uniform(rng, device->group->bounce_s.low, device->group->bounce_s.high);
    } else if (device->by_client) {
        end_s = device->renewal_age_s + ht_sim_rng_uniform(rng, 0, 1.5);
    } else {
        const double tolerance_s =
            ht_sim_kit_tolerance_s(device->kit_id, device->life_s, device->node % 2 == 0, rng);
        end_s = device->life_s + tolerance_s;
        device->step = (unsigned)(tolerance_s / HT_SIM_KIT_STEP_S);
    }
    ht_sim_world_schedule(world, device->token_born_us + (int64_t)(end_s * 1e6), HT_SIM_EVENT_TOKEN,
                          ht_sim_world_index(world, device), device->session, 0);
}

static void try_connect(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client) {
    int64_t later_us = 0;
    if (client == 0 && (device->gone || world->now_us >= device->awake_until_us)) {
        return;
    }
    if (client == 1 && world->now_us >= device->rival_until_us) {
        return;
    }
    if (client == 0 && world->now_us < device->link_up_us) {
        const double habit_s = device->kit->retry_cap_s < 60 ? device->kit->retry_cap_s : 60;
        ht_sim_client_try_at(world, device, 0,
                             device->link_up_us +
                                 (int64_t)(ht_sim_rng_uniform(&world->rng, 1, habit_s) * 1e6));
        return;
    }
    switch (ht_sim_hub_answer(world, device, client, &later_us)) {
    case HT_SIM_ANSWER_LATER:
        ht_sim_client_try_at(world, device, client, later_us);
        return;
    case HT_SIM_ANSWER_ACCEPTED:
        break;
    default:
        retry(world, device, client);
        return;
    }
    ht_sim_hub_open(world, device, client);
    device->clients[client].fails = 0;
    start_token(world, device);
    if (device->mute) {
        hub_idle_after(world, device, HT_SIM_HUB_IDLE_CAP_S);
    }
    const struct ht_sim_strike *strike = ht_sim_happen_at(world, device);
    if (strike != NULL && strike->what->kind == HT_SIM_HAPPENS_INCIDENT &&
        ht_sim_rng_chance(&world->rng, 0.3)) {
        ht_sim_world_schedule(world,
                              ht_sim_world_after(world, ht_sim_rng_uniform(&world->rng, 5, 120)),
                              HT_SIM_EVENT_DROP, ht_sim_world_index(world, device), device->session,
                              (unsigned)(strike - world->strikes));
    }
}

static void token_ends(struct ht_sim_world *world, struct ht_sim_device *device) {
    if (device->by_client && device->group->bounce_s.low <= 0) {
        if (device->silent) {
            return; /* nobody hears the goodbye */
        }
        ht_sim_hub_close(world, device, HT_CAUSE_TOKEN_EXPIRY, HT_SIM_MARK_CLEAN, NULL);
        ht_sim_client_back(world, device);
        return;
    }
    const bool silent = device->silent;
    device->step_counts[device->step]++;
    ht_sim_hub_close(world, device, HT_CAUSE_TOKEN_EXPIRY, HT_SIM_MARK_EXPIRED, NULL);
    if (device->group->rule == HT_SIM_RULE_NEVER) {
        device->refused_from_us = world->now_us;
    }
    if (!silent) {
        ht_sim_client_back(world, device); /* else a try is pending already */
    }
}

static void socket_torn(struct ht_sim_world *world, struct ht_sim_device *device, bool again) {
    struct ht_sim_rng *rng = &world->rng;
    if (!again) {
        next_poisson(world, device, HT_SIM_EVENT_RESET, device->resets_per_day);
    }
    if (!device->open || device->silent || device->owner != 0) {
        return;
    }
    ht_sim_hub_close(world, device, HT_CAUSE_CONNECTION_RESET, HT_SIM_MARK_REMOTE, NULL);
    const double ways[3] = {0.10, 0.75, 0.15}; /* reset on the way, crash, slow start */
    static const double gaps_s[4] = {2, 15, 60, 180};
    const size_t way = ht_sim_rng_pick(rng, ways, 3);
    const double gap_s = ht_sim_rng_uniform(rng, gaps_s[way], gaps_s[way + 1]);
    ht_sim_client_try_at(world, device, 0, ht_sim_world_after(world, gap_s));
    if (ht_sim_rng_chance(rng, again ? 0.7 : device->group->crash_loop)) {
        ht_sim_world_schedule(
            world, ht_sim_world_after(world, gap_s + ht_sim_rng_log_uniform(rng, 10, 240)),
            HT_SIM_EVENT_RESET, ht_sim_world_index(world, device), 0, 1);
    }
}

static void wake(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    const size_t index = ht_sim_world_index(world, device);
    const double on_s = group->duty_on_s * ht_sim_rng_uniform(&world->rng, 0.97, 1.03);
    device->awake_until_us = ht_sim_world_after(world, on_s);
    ht_sim_client_try_at(world, device, 0,
                         ht_sim_world_after(world, ht_sim_rng_uniform(&world->rng, 1, 4)));
    ht_sim_world_schedule(world, device->awake_until_us, HT_SIM_EVENT_SLEEP, index, 0, 0);
    ht_sim_world_schedule(world,
                          ht_sim_world_after(world, group->duty_period_s +
                                                        ht_sim_rng_uniform(&world->rng, -4, 4)),
                          HT_SIM_EVENT_WAKE, index, 0, 0);
}

static void night(struct ht_sim_world *world, struct ht_sim_device *device) {
    const bool clean = device->group->restart_clean;
    ht_sim_world_schedule(
        world, ht_sim_world_after(world, HT_S_PER_DAY + ht_sim_rng_uniform(&world->rng, -3, 3)),
        HT_SIM_EVENT_NIGHT, ht_sim_world_index(world, device), 0, 0);
    if (!device->open || device->silent) {
        return;
    }
    ht_sim_hub_close(world, device, clean ? HT_CAUSE_CLIENT_CLOSE : HT_CAUSE_CONNECTION_RESET,
                     clean ? HT_SIM_MARK_CLEAN : HT_SIM_MARK_REMOTE, NULL);
    ht_sim_client_try_at(world, device, 0,
                         ht_sim_world_after(world, ht_sim_rng_uniform(&world->rng, 40, 150)));
}

/* A key is rotated or a clock goes wrong. A session lives on until its token ends, unless the
 * device restarts, as it often does with the fault. */
static void refuse_from_now(struct ht_sim_world *world, struct ht_sim_device *device) {
    device->refused_from_us = world->now_us;
    if (device->life_s <= 0 || ht_sim_rng_chance(&world->rng, 0.5)) {
        socket_torn(world, device, true);
    }
}

static void remove_device(struct ht_sim_world *world, struct ht_sim_device *device) {
    device->removed = true;
    ht_sim_truth_role(world, device, HT_SIM_ROLE_REMOVED);
    if (device->open) {
        ht_sim_hub_close(world, device, HT_CAUSE_DEVICE_REMOVED, HT_SIM_MARK_REMOVED, NULL);
        ht_sim_client_back(world, device);
    }
}

static void rival_begins(struct ht_sim_world *world, struct ht_sim_device *device) {
    device->rival_until_us =
        ht_sim_world_after(world, ht_sim_rng_log_uniform(&world->rng, 300, 7200));
    ht_sim_client_try_at(world, device, 1, world->now_us);
}

static void session_event(struct ht_sim_world *world, struct ht_sim_device *device,
                          const struct ht_sim_queue_item *item) {
    if (!device->open || item->stamp != device->session) {
        return;
    }
    switch ((enum ht_sim_event_kind)item->kind) {
    case HT_SIM_EVENT_HUB_IDLE:
        if (device->silent) {
            ht_sim_hub_close(world, device, device->silent_cause, HT_SIM_MARK_REMOTE,
                             ht_sim_happen_numbered(world, device->silent_strike));
        } else if (device->mute) {
            ht_sim_hub_close(world, device, HT_CAUSE_IDLE_TIMEOUT, HT_SIM_MARK_REMOTE, NULL);
            ht_sim_client_back(world, device);
        }
        break;
    case HT_SIM_EVENT_TOKEN:
        token_ends(world, device);
        break;
    default:
        ht_sim_happen_drop(world, device, item->detail);
        break;
    }
}

void ht_sim_client_event(struct ht_sim_world *world, struct ht_sim_device *device,
                         const struct ht_sim_queue_item *item) {
    switch ((enum ht_sim_event_kind)item->kind) {
    case HT_SIM_EVENT_TRY:
        if (item->stamp == device->clients[item->detail].stamp) {
            try_connect(world, device, item->detail);
        }
        break;
    case HT_SIM_EVENT_LOSS:
        ht_sim_client_lose_link(world, device, draw_loss_s(world, device),
                                (struct ht_sim_loss){HT_CAUSE_IDLE_TIMEOUT, false, 0});
        next_poisson(world, device, HT_SIM_EVENT_LOSS, device->losses_per_day);
        break;
    case HT_SIM_EVENT_RESET:
        socket_torn(world, device, item->detail == 1);
        break;
    case HT_SIM_EVENT_REBOOT:
        ht_sim_client_lose_link(world, device, ht_sim_rng_uniform(&world->rng, 25, 100),
                                (struct ht_sim_loss){HT_CAUSE_IDLE_TIMEOUT, true, 0});
        next_poisson(world, device, HT_SIM_EVENT_REBOOT, device->reboots_per_day);
        break;
    case HT_SIM_EVENT_WAKE:
        wake(world, device);
        break;
    case HT_SIM_EVENT_SLEEP:
        if (device->open && !device->silent && device->owner == 0) {
            ht_sim_hub_close(world, device, HT_CAUSE_CLIENT_CLOSE, HT_SIM_MARK_CLEAN, NULL);
        }
        break;
    case HT_SIM_EVENT_NIGHT:
        night(world, device);
        break;
    case HT_SIM_EVENT_RIVAL:
        rival_begins(world, device);
        break;
    case HT_SIM_EVENT_REFUSE:
        refuse_from_now(world, device);
        break;
    case HT_SIM_EVENT_GONE:
        device->gone = true;
        ht_sim_truth_role(world, device, HT_SIM_ROLE_GONE);
        ht_sim_client_lose_link(world, device, 1e9,
                                (struct ht_sim_loss){HT_CAUSE_IDLE_TIMEOUT, true, 0});
        break;
    case HT_SIM_EVENT_REMOVE:
        remove_device(world, device);
        break;
    default:
        session_event(world, device, item);
        break;
    }
}
