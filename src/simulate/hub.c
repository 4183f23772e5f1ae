/* SPDX-License-Identifier: MIT */
/* The service: whom it lets in, whom it throws out, and what it writes about it. */
#include <string.h>

#include "simulate/world.h"

static bool put_record(struct ht_sim_world *world, const struct ht_sim_log_record *record) {
    if (record->time_us < world->start_us || record->time_us >= world->end_us) {
        return false;
    }
    return ht_sim_deliver_record(world->deliver, record);
}

static struct ht_sim_log_record device_record(const struct ht_sim_world *world,
                                              const struct ht_sim_device *device, unsigned client,
                                              enum ht_sim_operation operation) {
    return (struct ht_sim_log_record){
        .time_us = world->now_us,
        .operation = operation,
        .hub = world->hubs[device->hub].name,
        .device = device->id,
        .module = device->module,
        .auth = device->auth_written ? device->auth : HT_SIM_AUTH_NONE,
        .network = device->clients[client].network,
        .sdk = device->clients[client].sdk,
        .protocol = ht_sim_protocol_name(device->protocol),
    };
}

/* The codes of one end, in their order, and the time between them: the device completes the end
 * before it connects anew. */
struct ht_sim_ending {
    uint32_t codes[2];
    size_t count;
    double apart_s;
};

static struct ht_sim_ending expired_ending(struct ht_sim_rng *rng) {
    const double patterns[3] = {0.86, 0.09, 0.05};
    switch (ht_sim_rng_pick(rng, patterns, 3)) {
    case 0:
        return (struct ht_sim_ending){{401003, 404104}, 2, ht_sim_rng_uniform(rng, 0, 1)};
    case 1:
        return (struct ht_sim_ending){{404104}, 1, 0};
    default:
        return (struct ht_sim_ending){{401003}, 1, 0};
    }
}

static struct ht_sim_ending server_ending(struct ht_sim_rng *rng,
                                          const struct ht_sim_strike *strike) {
    if (!ht_sim_rng_chance(rng, strike->code_share)) {
        return (struct ht_sim_ending){{404104}, 1, 0};
    }
    if (ht_sim_rng_chance(rng, 0.5)) {
        return (struct ht_sim_ending){{strike->code, 404104}, 2, ht_sim_rng_uniform(rng, 0, 1)};
    }
    return (struct ht_sim_ending){{strike->code}, 1, 0};
}

static struct ht_sim_ending make_ending(struct ht_sim_world *world,
                                        const struct ht_sim_device *device, enum ht_sim_mark mark,
                                        const struct ht_sim_strike *strike) {
    switch (mark) {
    case HT_SIM_MARK_CLEAN:
        return (struct ht_sim_ending){{0}, 1, 0};
    case HT_SIM_MARK_EXPIRED:
        return expired_ending(&world->rng);
    case HT_SIM_MARK_TAKEN:
        return (struct ht_sim_ending){{device->amqp ? 409002 : 400027}, 1, 0};
    case HT_SIM_MARK_SERVER:
        return server_ending(&world->rng, strike);
    case HT_SIM_MARK_UPGRADE:
        return (struct ht_sim_ending){{400029}, 1, 0};
    case HT_SIM_MARK_REMOVED:
        return (struct ht_sim_ending){{device->removed_code}, 1, 0};
    case HT_SIM_MARK_THROTTLED:
        return (struct ht_sim_ending){{429001}, 1, 0};
    case HT_SIM_MARK_QUOTA:
        return (struct ht_sim_ending){{403002}, 1, 0};
    default:
        return (struct ht_sim_ending){{404104}, 1, 0};
    }
}

static struct ht_str message_of(uint32_t code) {
    switch (code) {
    case 0:
        return HT_STR_NONE;
    case 401003:
        return HT_STR("Authentication failed for this device, renew token or certificate and "
                      "reconnect");
    case 404104:
        return HT_STR("Device disconnected, see cause and resolution at "
                      "https://aka.ms/iothub404104");
    default:
        return ht_sim_code_name(code);
    }
}

void ht_sim_hub_close(struct ht_sim_world *world, struct ht_sim_device *device, enum ht_cause cause,
                      enum ht_sim_mark mark, const struct ht_sim_strike *strike) {
    const struct ht_sim_ending ending = make_ending(world, device, mark, strike);
    struct ht_sim_log_record record =
        device_record(world, device, device->owner, HT_SIM_OP_DISCONNECT);
    /* The old connection is closed when the new one is there: the same second, or the next. */
    if (mark == HT_SIM_MARK_TAKEN) {
        record.time_us = ht_sim_world_after(world, ht_sim_rng_uniform(&world->rng, 0, 0.9));
    }
    bool seen = false;
    int64_t first_us = record.time_us;
    for (size_t i = 0; i < ending.count; i++) {
        record.code = ending.codes[i];
        record.message = message_of(record.code);
        if (put_record(world, &record)) {
            first_us = seen ? first_us : record.time_us;
            seen = true;
        }
        record.time_us += (int64_t)(ending.apart_s * 1e6);
    }
    ht_sim_truth_end(world, device, first_us, cause, strike, seen);
    device->open = false;
    device->silent = false;
}

static void refuse(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client,
                   uint32_t code) {
    struct ht_sim_log_record record = device_record(world, device, client, HT_SIM_OP_CONNECT);
    record.code = code;
    record.message = code == 401003 ? device->refusal : ht_sim_code_name(code);
    put_record(world, &record);
    device->refused = true;
}

/* While a strike lasts, connects to its nodes fail: with a code, or with silence. */
static enum ht_sim_answer struck_answer(struct ht_sim_world *world, struct ht_sim_device *device,
                                        unsigned client, const struct ht_sim_strike *strike) {
    if (!ht_sim_rng_chance(&world->rng, strike->refuse)) {
        return HT_SIM_ANSWER_ACCEPTED;
    }
    if (strike->what->kind != HT_SIM_HAPPENS_INCIDENT) {
        refuse(world, device, client, strike->code == 400029 ? 400030 : strike->code);
        return HT_SIM_ANSWER_REFUSED;
    }
    const double ways[4] = {0.35, 0.30, 0.10, 0.25};
    static const uint32_t codes[3] = {500008, 500001, 503001};
    const size_t way = ht_sim_rng_pick(&world->rng, ways, 4);
    if (way == 3 || strike->what->health <= 1) {
        return HT_SIM_ANSWER_NONE;
    }
    refuse(world, device, client, codes[way]);
    return HT_SIM_ANSWER_REFUSED;
}

/* After a great strike the hub lets in so many a second: it queues first, and refuses later. */
static enum ht_sim_answer throttled_answer(struct ht_sim_world *world, struct ht_sim_device *device,
                                           unsigned client, int64_t *later_us) {
    struct ht_sim_hub *hub = &world->hubs[device->hub];
    const bool queued = device->clients[client].queued;
    device->clients[client].queued = false;
    if (queued || world->now_us >= hub->throttled_until_us) {
        return HT_SIM_ANSWER_ACCEPTED;
    }
    if (hub->next_slot_us < world->now_us) {
        hub->next_slot_us = world->now_us;
    }
    const int64_t wait_us = hub->next_slot_us - world->now_us;
    if (wait_us > 20 * HT_US_PER_S && ht_sim_rng_chance(&world->rng, 0.5)) {
        refuse(world, device, client, 429001);
        return HT_SIM_ANSWER_REFUSED;
    }
    hub->next_slot_us += (int64_t)(1e6 / hub->connects_per_s);
    if (wait_us < HT_US_PER_S) {
        return HT_SIM_ANSWER_ACCEPTED;
    }
    device->clients[client].queued = true;
    *later_us = world->now_us + wait_us;
    return HT_SIM_ANSWER_LATER;
}

enum ht_sim_answer ht_sim_hub_answer(struct ht_sim_world *world, struct ht_sim_device *device,
                                     unsigned client, int64_t *later_us) {
    const struct ht_sim_strike *strike = ht_sim_happen_at(world, device);
    if (device->removed) {
        refuse(world, device, client, device->removed_code);
        return HT_SIM_ANSWER_REFUSED;
    }
    if (strike != NULL) {
        const enum ht_sim_answer answer = struck_answer(world, device, client, strike);
        if (answer != HT_SIM_ANSWER_ACCEPTED) {
            return answer;
        }
    }
    if (client == 0 && world->now_us >= device->refused_from_us) {
        ht_sim_truth_role(world, device, HT_SIM_ROLE_REFUSED);
        refuse(world, device, client, 401003);
        return HT_SIM_ANSWER_REFUSED;
    }
    if (ht_sim_rng_chance(&world->rng, world->scenario->connect_errors)) {
        refuse(world, device, client, 500008);
        return HT_SIM_ANSWER_REFUSED;
    }
    return throttled_answer(world, device, client, later_us);
}

void ht_sim_hub_open(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client) {
    if (device->open) {
        const bool rival = device->owner != client;
        if (rival) {
            ht_sim_truth_role(world, device, HT_SIM_ROLE_SHARED_IDENTITY);
            ht_sim_hub_close(world, device, HT_CAUSE_DUPLICATE_IDENTITY, HT_SIM_MARK_TAKEN, NULL);
        } else {
            ht_sim_hub_close(world, device, device->silent_cause, HT_SIM_MARK_TAKEN,
                             ht_sim_happen_numbered(world, device->silent_strike));
        }
        if (rival && (device->owner == 0 || world->now_us < device->rival_until_us)) {
            ht_sim_client_try_at(world, device, device->owner,
                                 ht_sim_world_after(world,
                                                    device->rival_wait_s *
                                                        ht_sim_rng_uniform(&world->rng, 0.7, 1.4)));
        }
    }
    const struct ht_sim_site *site = &world->sites[device->site];
    if (site->carrier && client == 0) {
        /* Each connect may come through another prefix of the carrier. */
        const size_t first = (size_t)device->hub * HT_SIM_CARRIER_SITES;
        const int64_t other = ht_sim_rng_between(&world->rng, 0, HT_SIM_CARRIER_SITES - 1);
        device->clients[0].network = ht_str_from(world->sites[first + (size_t)other].network);
    }
    const struct ht_sim_log_record record = device_record(world, device, client, HT_SIM_OP_CONNECT);
    put_record(world, &record);
    device->open = true;
    device->open_us = world->now_us;
    device->silent = false;
    device->silent_cause = HT_CAUSE_IDLE_TIMEOUT;
    device->silent_strike = 0;
    device->owner = client;
    device->refused = false;
    device->session++;
}

/* Life goes on beside the connections: errors of other operations, more of them when it is ill. */
void ht_sim_hub_noise(struct ht_sim_world *world, unsigned hub, bool incident) {
    static const uint32_t usual[] = {500001, 500008, 504101, 504101, 429001, 404103, 503001};
    static const uint32_t ill[] = {500001, 500008, 500008, 503001, 504101};
    struct ht_sim_rng *rng = &world->rng;
    const struct ht_sim_device *device =
        &world->devices[ht_sim_rng_between(rng, 0, (int64_t)world->device_count - 1)];
    if (device->hub != hub) {
        return;
    }
    struct ht_sim_log_record record = device_record(world, device, 0, HT_SIM_OP_HEALTH);
    record.code =
        incident ? ill[ht_sim_rng_between(rng, 0, 4)] : usual[ht_sim_rng_between(rng, 0, 6)];
    record.variant = record.code == 504101 || record.code == 404103
                         ? 1
                         : (uint32_t)ht_sim_rng_between(rng, 0, 99);
    record.message = ht_sim_code_name(record.code);
    put_record(world, &record);
}
