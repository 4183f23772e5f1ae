/* SPDX-License-Identifier: MIT */
/* The devices of a scenario: groups by weight, each device with habits of its own. */
#include <stdlib.h>
#include <string.h>

#include "world.h"

static const char *const hub_names[HUBS_MAX] = {"CONTOSO-HUB", "FABRIKAM-HUB", "NORTHWIND-HUB",
                                                "TAILSPIN-HUB"};

/* Lifetimes that people choose. */
static const double odd_lives_s[] = {300, 600, 1200, 1800, 2700, 5400, 7200, 14400, 28800};

static double factor(struct world *world) {
    return rng_log_uniform(&world->rng, 0.25, 4);
}

static unsigned new_site(struct world *world, unsigned hub, const char *place, bool carrier) {
    world->sites = fleet_grow(world->sites, world->site_count + 1, sizeof *world->sites);
    struct site *site = &world->sites[world->site_count];
    *site = (struct site){.place = place, .hub = hub, .carrier = carrier};
    /* The first two numbers count, so that no two sites share a prefix. */
    snprintf(site->network, sizeof site->network, "%d.%d.%d.XXX",
             20 + (int)(world->site_count % 180), (int)(world->site_count / 180 % 250),
             (int)rng_between(&world->rng, 1, 250));
    return (unsigned)world->site_count++;
}

/* The SDK's name, with a GUID where it has one. Lives as long as the world. */
static const char *make_sdk(struct world *world, const struct kit *kit) {
    const char *version = kit->versions[rng_between(&world->rng, 0, KIT_VERSIONS - 1)];
    if (version == NULL) {
        return NULL;
    }
    char guid[40];
    const uint64_t high = rng_next(&world->rng);
    const uint64_t low = rng_next(&world->rng);
    snprintf(guid, sizeof guid, "%08X-%04X-4%03X-A%03X-%012llX", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF), (unsigned)(low >> 52),
             (unsigned long long)(low & UINT64_C(0xFFFFFFFFFFFF)));
    const size_t bytes = strlen(version) + sizeof guid;
    char *text = fleet_grow(NULL, bytes, 1);
    const char *mark = strstr(version, "%s");
    if (mark == NULL) {
        snprintf(text, bytes, "%s", version);
    } else {
        snprintf(text, bytes, "%.*s%s%s", (int)(mark - version), version, guid, mark + 2);
    }
    return text;
}

static const char *make_refusal(struct world *world, enum auth auth) {
    static const char *const texts[] = {
        "Authentication failed for this device, renew token or certificate and reconnect",
        ("The specified SAS token has an invalid signature. It does not match either the primary "
         "or secondary key"),
        "Authorization header missing",
    };
    if (auth == AUTH_X509) {
        return "Thumbprint does not match configuration: Thumbprint: SHA1Hash=*, SHA2Hash=*; "
               "Configuration: PrimaryThumbprint=*, SecondaryThumbprint=*";
    }
    return texts[rng_between(&world->rng, 0, 2)];
}

static void make_software(struct world *world, struct device *device) {
    const struct group *group = device->group;
    struct rng *rng = &world->rng;
    device->kit_id =
        group->kit == KIT_ANY ? (enum kit_id)rng_between(rng, 0, KIT_COUNT - 1) : group->kit;
    device->kit = kit_get(device->kit_id);
    device->amqp = rng_chance(rng, group->amqp);
    device->auth = rng_chance(rng, group->x509) ? AUTH_X509 : AUTH_SAS;
    device->auth_written = device->amqp || rng_chance(rng, 0.6);
    device->carries = rng_chance(rng, device->kit->carries);
    device->keep_alive_s = device->kit->keep_alive_s;
    if (device->kit_id == KIT_OWN || device->kit_id == KIT_EMBEDDED) {
        static const double usual_s[] = {60, 120, 240, 600};
        device->keep_alive_s = usual_s[rng_between(rng, 0, 3)];
    }
    device->telemetry_s = rng_log_uniform(rng, 10, 600);
    if (group->traits & TRAIT_SILENT) {
        device->keep_alive_s = 3600;
        device->telemetry_s = 86400;
    }
    device->life_s = 0;
    if (device->auth == AUTH_SAS && !device->amqp) {
        device->life_s = group->life_s > 0 ? group->life_s : 3600;
        if (group->life_s < 0) {
            device->life_s =
                odd_lives_s[rng_between(rng, 0,
                                        (int64_t)(sizeof odd_lives_s / sizeof odd_lives_s[0]) - 1)];
        }
        if (group->traits & TRAIT_FIXED_TOKEN) {
            device->life_s = rng_uniform(rng, 0.1, 1.2) * (double)(world->span_us / US_PER_S);
        }
    }
    device->clients[0].sdk = make_sdk(world, device->kit);
    device->clients[1].sdk =
        rng_chance(rng, 0.5) ? device->clients[0].sdk : make_sdk(world, device->kit);
}

static void make_habits(struct world *world, struct device *device) {
    const struct group *group = device->group;
    struct rng *rng = &world->rng;
    device->losses_per_day = group->losses_per_day * factor(world);
    device->resets_per_day = group->resets_per_day * factor(world);
    device->reboots_per_day = group->reboots_per_day * factor(world);
    device->rival_wait_s = rng_log_uniform(rng, 2, 60);
    static const double caps_s[] = {5, 60, 300, 900};
    static const double cap_weights[] = {3, 27, 40, 30};
    device->refused_cap_s = caps_s[rng_pick(rng, cap_weights, 4)];
    device->night_us = (int64_t)(rng_uniform(rng, 3.0, 3.2) * S_PER_HOUR * 1e6);
    device->refusal = make_refusal(world, device->auth);
    device->refused_from_us = FOREVER;
    device->removed_code = rng_chance(rng, 0.7) ? 404001 : 403012;
    device->token_born_us = -1;
    device->awake_until_us = group->duty_period_s > 0 ? -1 : FOREVER;
}

/* What befalls single devices at some time of the log. */
static void make_fate(struct world *world, struct device *device, unsigned number) {
    const struct group *group = device->group;
    struct rng *rng = &world->rng;
    const double span_s = (double)(world->span_us / US_PER_S);
    const struct {
        double share;
        enum event_kind kind;
    } fates[] = {
        {group->rivals, EVENT_RIVAL},
        {group->refused, EVENT_REFUSE},
        {group->gone, EVENT_GONE},
        {group->removed, EVENT_REMOVE},
    };
    for (size_t i = 0; i < sizeof fates / sizeof fates[0]; i++) {
        const bool chosen = fates[i].share >= 1 ? number + 1 == (unsigned)fates[i].share
                                                : rng_chance(rng, fates[i].share);
        if (chosen) {
            const int64_t at =
                world->start_us + (int64_t)(rng_uniform(rng, 0.05, 0.85) * span_s * 1e6);
            world_schedule(world, at, fates[i].kind, world_index(world, device), 0, 0);
        }
    }
}

static void make_name(struct device *device, const struct world *world, unsigned number) {
    const struct group *group = device->group;
    const char *place = world->sites[device->site].place;
    const unsigned shown = group->traits & TRAIT_MODULES ? number / 2 : number;
    if (place != NULL) {
        snprintf(device->id, sizeof device->id, "%s-%s-%02u", group->name, place,
                 world->sites[device->site].devices + 1);
    } else {
        snprintf(device->id, sizeof device->id, "%s-%03u", group->name, shown + 1);
    }
    if (group->traits & TRAIT_MODULES) {
        snprintf(device->module, sizeof device->module, "%s",
                 number % 2 == 0 ? "collector" : "$edgeAgent");
    }
}

/* Devices of a group, one after the other; sites fill up in turn. */
struct filling {
    unsigned left[HUBS_MAX]; /* of the site that is being filled */
    unsigned site[HUBS_MAX];
    unsigned places;
};

static unsigned choose_site(struct world *world, const struct group *group, unsigned hub,
                            struct filling *filling) {
    if (group->sites == SITES_CARRIER) {
        /* The carrier's prefixes come first, see cast_make(). */
        return hub * CARRIER_SITES + (unsigned)rng_between(&world->rng, 0, CARRIER_SITES - 1);
    }
    if (filling->left[hub] == 0) {
        const char *place = group->places != NULL ? group->places[filling->places] : NULL;
        filling->places += place != NULL;
        filling->site[hub] = new_site(world, hub, place, false);
        const unsigned size = group->site_size > 0 ? group->site_size : 1;
        filling->left[hub] =
            place != NULL ? size
                          : (unsigned)rng_between(&world->rng, (size + 1) / 2, size + size / 2);
    }
    filling->left[hub]--;
    return filling->site[hub];
}

static void make_group(struct world *world, const struct group *group, size_t first, size_t last) {
    struct filling filling = {.places = 0};
    for (size_t i = first; i < last; i++) {
        struct device *device = &world->devices[i];
        const unsigned number = (unsigned)(i - first);
        *device = (struct device){.group = group};
        const bool second_module = group->traits & TRAIT_MODULES && number % 2 == 1;
        if (second_module) {
            device->hub = world->devices[i - 1].hub;
            device->node = world->devices[i - 1].node;
            device->site = world->devices[i - 1].site;
        } else {
            device->hub = (unsigned)rng_between(&world->rng, 0, world->scenario->hubs - 1);
            device->node = (unsigned)rng_between(&world->rng, 0, NODES - 1);
            device->site = choose_site(world, group, device->hub, &filling);
        }
        make_name(device, world, number);
        world->sites[device->site].devices++;
        device->clients[0].network = world->sites[device->site].network;
        make_software(world, device);
        make_habits(world, device);
        make_fate(world, device, number);
        client_begin(world, device);
    }
}

void cast_make(struct world *world, unsigned devices) {
    const struct scenario *scenario = world->scenario;
    double total = 0;
    double before = 0;
    for (unsigned hub = 0; hub < scenario->hubs; hub++) {
        snprintf(world->hubs[hub].name, sizeof world->hubs[hub].name, "%s", hub_names[hub]);
        world->hubs[hub].connects_per_s = 0.5 + (double)devices / 300;
        for (unsigned i = 0; i < CARRIER_SITES; i++) {
            new_site(world, hub, NULL, true);
        }
    }
    for (size_t i = 0; i < GROUPS_MAX; i++) {
        total += scenario->groups[i].weight;
    }
    world->device_count = devices;
    world->devices = fleet_grow(NULL, devices, sizeof *world->devices);
    size_t first = 0;
    for (size_t i = 0; i < GROUPS_MAX; i++) {
        before += scenario->groups[i].weight;
        const size_t last = (size_t)(before / total * devices + 0.5);
        make_group(world, &scenario->groups[i], first, last);
        first = last;
    }
    /* Site texts have moved while the list grew. A rival sits elsewhere, now and then next door. */
    for (size_t i = 0; i < devices; i++) {
        struct device *device = &world->devices[i];
        const size_t other =
            rng_chance(&world->rng, 0.3)
                ? device->site
                : (size_t)rng_between(&world->rng, 0, (int64_t)world->site_count - 1);
        device->clients[0].network = world->sites[device->site].network;
        device->clients[1].network = world->sites[other].network;
    }
}

void cast_free(struct world *world) {
    for (size_t i = 0; i < world->device_count; i++) {
        struct client *clients = world->devices[i].clients;
        if (clients[1].sdk != clients[0].sdk) {
            free((void *)(uintptr_t)clients[1].sdk);
        }
        free((void *)(uintptr_t)clients[0].sdk);
    }
    free(world->devices);
    free(world->sites);
    free(world->strikes);
    queue_free(&world->queue);
}
