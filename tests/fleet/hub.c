/* SPDX-License-Identifier: MIT */
/* The service: whom it lets in, whom it throws out, and what it writes about it. */
#include <string.h>

#include "world.h"

static bool put_record(struct world *world, const struct log_record *record) {
    if (record->time_us < world->start_us || record->time_us >= world->end_us) {
        return false;
    }
    return deliver_record(world->deliver, record);
}

static struct log_record device_record(const struct world *world, const struct device *device,
                                       unsigned client, enum operation operation) {
    return (struct log_record){
        .time_us = world->now_us,
        .operation = operation,
        .hub = world->hubs[device->hub].name,
        .device = device->id,
        .module = device->module[0] != '\0' ? device->module : NULL,
        .auth = device->auth_written ? device->auth : AUTH_NONE,
        .network = device->clients[client].network,
        .sdk = device->clients[client].sdk,
        .protocol = device->amqp ? "Amqp" : "Mqtt",
    };
}

/* The codes of one end, in their order, and the time between them: the device completes the end
 * before it connects anew. */
struct ending {
    uint32_t codes[2];
    size_t count;
    double apart_s;
};

static struct ending expired_ending(struct rng *rng) {
    const double patterns[3] = {0.86, 0.09, 0.05};
    switch (rng_pick(rng, patterns, 3)) {
    case 0:
        return (struct ending){{401003, 404104}, 2, rng_uniform(rng, 0, 1)};
    case 1:
        return (struct ending){{404104}, 1, 0};
    default:
        return (struct ending){{401003}, 1, 0};
    }
}

static struct ending server_ending(struct rng *rng, const struct strike *strike) {
    if (!rng_chance(rng, strike->code_share)) {
        return (struct ending){{404104}, 1, 0};
    }
    if (rng_chance(rng, 0.5)) {
        return (struct ending){{strike->code, 404104}, 2, rng_uniform(rng, 0, 1)};
    }
    return (struct ending){{strike->code}, 1, 0};
}

static struct ending make_ending(struct world *world, const struct device *device, enum mark mark,
                                 const struct strike *strike) {
    switch (mark) {
    case MARK_CLEAN:
        return (struct ending){{0}, 1, 0};
    case MARK_EXPIRED:
        return expired_ending(&world->rng);
    case MARK_TAKEN:
        return (struct ending){{device->amqp ? 409002 : 400027}, 1, 0};
    case MARK_SERVER:
        return server_ending(&world->rng, strike);
    case MARK_UPGRADE:
        return (struct ending){{400029}, 1, 0};
    case MARK_REMOVED:
        return (struct ending){{device->removed_code}, 1, 0};
    case MARK_THROTTLED:
        return (struct ending){{429001}, 1, 0};
    case MARK_QUOTA:
        return (struct ending){{403002}, 1, 0};
    default:
        return (struct ending){{404104}, 1, 0};
    }
}

static const char *message_of(uint32_t code) {
    switch (code) {
    case 0:
        return "";
    case 401003:
        return "Authentication failed for this device, renew token or certificate and reconnect";
    case 404104:
        return "Device disconnected, see cause and resolution at https://aka.ms/iothub404104";
    default:
        return code_name(code);
    }
}

void hub_close(struct world *world, struct device *device, enum cause cause, enum mark mark,
               const struct strike *strike) {
    const struct ending ending = make_ending(world, device, mark, strike);
    struct log_record record = device_record(world, device, device->owner, OP_DISCONNECT);
    /* The old connection is closed when the new one is there: the same second, or the next. */
    if (mark == MARK_TAKEN) {
        record.time_us = world_after(world, rng_uniform(&world->rng, 0, 0.9));
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
    truth_end(world, device, first_us, cause, strike, seen);
    device->open = false;
    device->silent = false;
}

static void refuse(struct world *world, struct device *device, unsigned client, uint32_t code) {
    struct log_record record = device_record(world, device, client, OP_CONNECT);
    record.code = code;
    record.message = code == 401003 ? device->refusal : code_name(code);
    put_record(world, &record);
}

/* While a strike lasts, connects to its nodes fail: with a code, or with silence. */
static enum answer struck_answer(struct world *world, struct device *device, unsigned client,
                                 const struct strike *strike) {
    if (!rng_chance(&world->rng, strike->refuse)) {
        return ANSWER_ACCEPTED;
    }
    if (strike->what.kind != HAPPENS_INCIDENT) {
        refuse(world, device, client, strike->code == 400029 ? 400030 : strike->code);
        return ANSWER_REFUSED;
    }
    const double ways[4] = {0.35, 0.30, 0.10, 0.25};
    static const uint32_t codes[3] = {500008, 500001, 503001};
    const size_t way = rng_pick(&world->rng, ways, 4);
    if (way == 3 || strike->what.health <= 1) {
        return ANSWER_NONE;
    }
    refuse(world, device, client, codes[way]);
    return ANSWER_REFUSED;
}

/* After a great strike the hub lets in so many a second: it queues first, and refuses later. */
static enum answer throttled_answer(struct world *world, struct device *device, unsigned client,
                                    int64_t *later_us) {
    struct hub *hub = &world->hubs[device->hub];
    const bool queued = device->clients[client].queued;
    device->clients[client].queued = false;
    if (queued || world->now_us >= hub->throttled_until_us) {
        return ANSWER_ACCEPTED;
    }
    if (hub->next_slot_us < world->now_us) {
        hub->next_slot_us = world->now_us;
    }
    const int64_t wait_us = hub->next_slot_us - world->now_us;
    if (wait_us > 20 * US_PER_S && rng_chance(&world->rng, 0.5)) {
        refuse(world, device, client, 429001);
        return ANSWER_REFUSED;
    }
    hub->next_slot_us += (int64_t)(1e6 / hub->connects_per_s);
    if (wait_us < US_PER_S) {
        return ANSWER_ACCEPTED;
    }
    device->clients[client].queued = true;
    *later_us = world->now_us + wait_us;
    return ANSWER_LATER;
}

enum answer hub_answer(struct world *world, struct device *device, unsigned client,
                       int64_t *later_us) {
    const struct strike *strike = happen_at(world, device);
    if (device->removed) {
        refuse(world, device, client, device->removed_code);
        return ANSWER_REFUSED;
    }
    if (strike != NULL) {
        const enum answer answer = struck_answer(world, device, client, strike);
        if (answer != ANSWER_ACCEPTED) {
            return answer;
        }
    }
    if (client == 0 && world->now_us >= device->refused_from_us) {
        truth_role(world, device, ROLE_REFUSED);
        refuse(world, device, client, 401003);
        return ANSWER_REFUSED;
    }
    if (rng_chance(&world->rng, world->scenario->connect_errors)) {
        refuse(world, device, client, 500008);
        return ANSWER_REFUSED;
    }
    return throttled_answer(world, device, client, later_us);
}

void hub_open(struct world *world, struct device *device, unsigned client) {
    if (device->open) {
        const bool rival = device->owner != client;
        if (rival) {
            truth_role(world, device, ROLE_SHARED_IDENTITY);
            hub_close(world, device, CAUSE_DUPLICATE_IDENTITY, MARK_TAKEN, NULL);
        } else {
            hub_close(world, device, device->silent_cause, MARK_TAKEN,
                      happen_numbered(world, device->silent_strike));
        }
        if (rival && (device->owner == 0 || world->now_us < device->rival_until_us)) {
            client_try_at(world, device, device->owner,
                          world_after(world,
                                      device->rival_wait_s * rng_uniform(&world->rng, 0.7, 1.4)));
        }
    }
    const struct site *site = &world->sites[device->site];
    if (site->carrier && client == 0) {
        /* Each connect may come through another prefix of the carrier. */
        const size_t first = (size_t)device->hub * CARRIER_SITES;
        device->clients[0].network =
            world->sites[first + (size_t)rng_between(&world->rng, 0, CARRIER_SITES - 1)].network;
    }
    const struct log_record record = device_record(world, device, client, OP_CONNECT);
    put_record(world, &record);
    device->open = true;
    device->silent = false;
    device->silent_cause = CAUSE_IDLE_TIMEOUT;
    device->silent_strike = 0;
    device->owner = client;
    device->session++;
}

/* Life goes on beside the connections: errors of other operations, more of them when it is ill. */
void hub_noise(struct world *world, unsigned hub, bool incident) {
    static const uint32_t usual[] = {500001, 500008, 504101, 504101, 429001, 404103, 503001};
    static const uint32_t ill[] = {500001, 500008, 500008, 503001, 504101};
    struct rng *rng = &world->rng;
    const struct device *device =
        &world->devices[rng_between(rng, 0, (int64_t)world->device_count - 1)];
    if (device->hub != hub) {
        return;
    }
    struct log_record record = device_record(world, device, 0, OP_HEALTH);
    record.code = incident ? ill[rng_between(rng, 0, 4)] : usual[rng_between(rng, 0, 6)];
    record.variant =
        record.code == 504101 || record.code == 404103 ? 1 : (uint32_t)rng_between(rng, 0, 99);
    record.message = code_name(record.code);
    put_record(world, &record);
}
