/* SPDX-License-Identifier: MIT */
#ifndef HT_TEST_WORLD_H
#define HT_TEST_WORLD_H
/*
 * A small hub made by hand: devices with an SDK, protocol and prefix, and their sessions. Sessions
 * of a device must be added in order of time, devices one after the other.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/time.h"
#include "classify/classify.h"
#include "model/code.h"

enum { WORLD_DEVICES = 512, WORLD_SESSIONS = 8192, WORLD_EVENTS = 512, WORLD_SITES = 64 };

/* String ids. */
enum {
    TEXT_NONE = 0,
    TEXT_HUB,
    TEXT_MQTT,
    TEXT_AMQP,
    TEXT_DOTNET,
    TEXT_C,
    TEXT_NODE,
    TEXT_PYTHON,
    TEXT_JAVA,
    TEXT_SITE, /* the first of WORLD_SITES prefixes; they need no text of their own */
    TEXT_COUNT = TEXT_SITE + WORLD_SITES,
};

struct world {
    struct ht_str strings[TEXT_COUNT];
    struct ht_hub hub;
    struct ht_device devices[WORLD_DEVICES];
    struct ht_device_sessions by_device[WORLD_DEVICES];
    struct ht_session sessions[WORLD_SESSIONS];
    struct ht_event events[WORLD_EVENTS];
    struct ht_log log;
    struct ht_sessions made;
    struct ht_verdicts verdicts;
    struct ht_known known; /* empty: no rules */
};

/* One end; gap_s = HT_NONE32 when the device does not come back. */
struct end {
    int64_t start_s; /* < 0: before the log */
    int64_t end_s;
    uint32_t codes[2];
    uint32_t gap_s;
};

static inline struct world *world_new(void) {
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        abort();
    }
    static const char *const texts[] = {
        "",
        "HUB",
        "Mqtt",
        "Amqp",
        ".NET/1.38.0 (x)",
        "iothubclient/1.8.0 (x)",
        "azure-iot-device/1.17.1 (x)",
        "azure-iot-device-iothub-py/2.12.0",
        "com.microsoft.azure.sdk.iot.iot-device-client/2.1",
    };
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        world->strings[i] = i < HT_ARRAY_LEN(texts) ? ht_str_from(texts[i]) : HT_STR("site");
    }
    world->log.device_count = 1; /* the nameless one */
    world->hub = (struct ht_hub){.name = TEXT_HUB, .last_us = 86400 * HT_US_PER_S};
    return world;
}

static inline void world_free(struct world *world) {
    ht_verdicts_release(&world->verdicts);
    free(world);
}

static inline uint32_t world_device(struct world *world) {
    const uint32_t device = (uint32_t)world->log.device_count++;
    world->by_device[device].first = (uint32_t)world->made.session_count;
    return device;
}

/* A session of the newest device. Without codes it closed cleanly. Returns its index. */
static inline size_t world_session(struct world *world, uint32_t sdk, uint32_t protocol,
                                   uint32_t site, const struct end *end) {
    const size_t index = world->made.session_count++;
    const uint32_t device = (uint32_t)world->log.device_count - 1;
    const bool clean = end->codes[0] == 0;
    world->sessions[index] = (struct ht_session){
        .start_us = (end->start_s < 0 ? 0 : end->start_s) * HT_US_PER_S,
        .end_us = end->end_s * HT_US_PER_S,
        .device = device,
        .sdk = sdk,
        .protocol = protocol,
        .network = site > 0 ? TEXT_SITE + site - 1 : 0,
        .codes = {end->codes[0], end->codes[1]},
        .gap_s = end->gap_s,
        .closing_records = 1,
        .start = end->start_s < 0 ? HT_START_BEFORE_LOG : HT_START_SEEN,
        .end = HT_END_SEEN,
        .level = clean ? HT_LEVEL_NOTE : HT_LEVEL_ERROR,
        .flags = clean ? HT_SESSION_CLEAN : 0,
    };
    world->by_device[device].count++;
    world->by_device[device].connects++;
    return index;
}

/* A record of the hub's own, of any category. */
static inline void world_health(struct world *world, int64_t time_s, uint32_t code) {
    world->events[world->log.event_count++] =
        (struct ht_event){.time_us = time_s * HT_US_PER_S, .code = code, .kind = HT_EVENT_HEALTH};
}

/* All devices, sessions and records are there. */
static inline void world_close(struct world *world) {
    world->devices[0].event_count = (uint32_t)world->log.event_count;
    world->hub.device_count = (uint32_t)world->log.device_count;
    world->log.hubs = &world->hub;
    world->log.hub_count = 1;
    world->log.devices = world->devices;
    world->log.events = world->events;
    world->log.strings = world->strings;
    world->log.string_count = TEXT_COUNT;
    world->made.sessions = world->sessions;
    world->made.by_device = world->by_device;
}

static inline enum ht_status world_classify(struct world *world) {
    world_close(world);
    return ht_classify(&world->log, &world->made, &world->known, NULL, &world->verdicts);
}

/* Deterministic numbers in [low, high]. */
static inline int64_t world_number(uint64_t *state, int64_t low, int64_t high) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t)((*state >> 33) % (uint64_t)(high - low + 1));
}

#endif
