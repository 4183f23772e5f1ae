/* SPDX-License-Identifier: MIT */
/* The devices of a scenario: groups by weight, each device with habits of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "simulate/world.h"

enum { SITES_MAX = 20000000 };

static double factor(struct ht_sim_world *world) {
    return ht_sim_rng_log_uniform(&world->rng, 0.25, 4);
}

static unsigned new_site(struct ht_sim_world *world, unsigned hub, struct ht_str place,
                         bool carrier) {
    const enum ht_status status = ht_grow(&world->sites, &world->site_capacity,
                                          world->site_count + 1, SITES_MAX, sizeof *world->sites);
    if (status != HT_OK) {
        world->status = status;
        return 0;
    }
    struct ht_sim_site *site = &world->sites[world->site_count];
    *site = (struct ht_sim_site){.place = place, .hub = hub, .carrier = carrier};
    /* The first two numbers count, so that no two sites share a prefix. */
    (void)snprintf(site->network, sizeof site->network, "%d.%d.%d.XXX",
                   20 + (int)(world->site_count % 180), (int)(world->site_count / 180 % 250),
                   (int)ht_sim_rng_between(&world->rng, 1, 250));
    return (unsigned)world->site_count++;
}

/* A copy that lives as long as the world; empty when there is no memory. */
static struct ht_str keep(struct ht_sim_world *world, const char *text) {
    struct ht_str copy = HT_STR_NONE;
    const enum ht_status status = ht_arena_copy(&world->texts, ht_str_from(text), &copy);
    world->status = status != HT_OK ? status : world->status;
    return copy;
}

/* The SDK's name, with a GUID where it has one. */
static struct ht_str make_sdk(struct ht_sim_world *world, const struct ht_sim_device *device) {
    const struct ht_sim_kit *kit = device->kit;
    const char *version =
        kit->versions[ht_sim_rng_between(&world->rng, 0, HT_SIM_KIT_VERSIONS - 1)];
    char guid[40];
    char text[256];
    if (version == NULL) {
        return device->group->sdk_name;
    }
    const uint64_t high = ht_sim_rng_next(&world->rng);
    const uint64_t low = ht_sim_rng_next(&world->rng);
    if (device->group->sdk_name.len > 0) {
        return device->group->sdk_name;
    }
    (void)snprintf(guid, sizeof guid, "%08X-%04X-4%03X-A%03X-%012llX", (unsigned)(high >> 32),
                   (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF), (unsigned)(low >> 52),
                   (unsigned long long)(low & UINT64_C(0xFFFFFFFFFFFF)));
    const char *mark = strstr(version, "%s");
    if (mark == NULL) {
        return keep(world, version);
    }
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(mark - version), version, guid, mark + 2);
    return keep(world, text);
}

static struct ht_str make_refusal(struct ht_sim_world *world, enum ht_sim_auth auth) {
    static const struct ht_str texts[] = {
        HT_STR_INIT("Authentication failed for this device, renew token or certificate and "
                    "reconnect"),
        HT_STR_INIT("The specified SAS token has an invalid signature. It does not match either "
                    "the primary or secondary key"),
        HT_STR_INIT("Authorization header missing"),
    };
    if (auth == HT_SIM_AUTH_X509) {
        return HT_STR("Thumbprint does not match configuration: Thumbprint: SHA1Hash=*, "
                      "SHA2Hash=*; Configuration: PrimaryThumbprint=*, SecondaryThumbprint=*");
    }
    return texts[ht_sim_rng_between(&world->rng, 0, 2)];
}

static double choose(struct ht_sim_world *world, const struct ht_sim_choices *choices) {
    return choices->list[ht_sim_rng_between(&world->rng, 0, (int64_t)choices->count - 1)];
}

static double draw_life_s(struct ht_sim_world *world, const struct ht_sim_group *group) {
    if (group->lives_s.count > 0) {
        return choose(world, &group->lives_s);
    }
    if (group->rule == HT_SIM_RULE_NEVER) {
        return ht_sim_rng_uniform(&world->rng, 0.1, 1.2) * (double)(world->span_us / HT_US_PER_S);
    }
    return 3600;
}

static void make_token(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    device->life_s = 0;
    if (device->auth == HT_SIM_AUTH_SAS && !device->amqp) {
        device->life_s = draw_life_s(world, group);
    }
    device->by_client = device->kit->renewal == HT_SIM_RENEW_BY_CLIENT;
    device->renewal_age_s = device->by_client
                                ? ht_sim_kit_renewal_age_s(device->kit_id, device->life_s)
                                : 0.85 * device->life_s;
    if (group->rule == HT_SIM_RULE_NEVER || group->rule == HT_SIM_RULE_HUB) {
        device->by_client = false;
        device->renewal_age_s = 0.85 * device->life_s;
    } else if (group->rule == HT_SIM_RULE_SHARE) {
        device->by_client = true;
        device->renewal_age_s = group->rule_value * device->life_s;
    } else if (group->rule == HT_SIM_RULE_EARLY) {
        device->by_client = true;
        device->renewal_age_s = device->life_s > 2 * group->rule_value
                                    ? device->life_s - group->rule_value
                                    : 0.5 * device->life_s;
    }
}

static void make_talk(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    const struct ht_sim_kit *kit = device->kit;
    const struct ht_sim_range *messages = &group->messages_s;
    static const struct ht_sim_choices usual_s = {{60, 120, 240, 600}, 4};
    device->keep_alive_s = kit->keep_alive_s;
    if (device->kit_id == HT_SIM_KIT_OWN || device->kit_id == HT_SIM_KIT_EMBEDDED) {
        device->keep_alive_s = choose(world, &usual_s);
    }
    if (group->keep_alives_s.count > 0) {
        device->keep_alive_s = choose(world, &group->keep_alives_s);
    }
    device->telemetry_s = ht_sim_rng_log_uniform(&world->rng, messages->low, messages->high);
    if (group->says_nothing) {
        device->telemetry_s = HT_S_PER_DAY;
    }
    const double ping_s = kit->ping_s / kit->keep_alive_s * device->keep_alive_s;
    device->mute = ping_s > HT_SIM_HUB_IDLE_CAP_S && group->says_nothing;
}

static void make_software(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    struct ht_sim_rng *rng = &world->rng;
    device->kit_id = group->kit;
    if (group->kit == HT_SIM_KIT_ANY) {
        device->kit_id = (enum ht_sim_kit_id)ht_sim_rng_between(rng, 0, HT_SIM_KIT_COUNT - 1);
    }
    device->kit = ht_sim_kit_get(device->kit_id);
    device->protocol =
        (enum ht_sim_protocol)ht_sim_rng_pick(rng, group->protocols, HT_SIM_PROTOCOL_COUNT);
    device->amqp =
        device->protocol == HT_SIM_PROTOCOL_AMQP || device->protocol == HT_SIM_PROTOCOL_AMQP_WS;
    device->auth = ht_sim_rng_chance(rng, group->x509) ? HT_SIM_AUTH_X509 : HT_SIM_AUTH_SAS;
    device->auth_written = device->amqp || ht_sim_rng_chance(rng, 0.6);
    device->carries =
        ht_sim_rng_chance(rng, group->keeps_token >= 0 ? group->keeps_token : device->kit->carries);
    make_talk(world, device);
    make_token(world, device);
    device->clients[0].sdk = make_sdk(world, device);
    device->clients[1].sdk =
        ht_sim_rng_chance(rng, 0.5) ? device->clients[0].sdk : make_sdk(world, device);
}

static void make_habits(struct ht_sim_world *world, struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    struct ht_sim_rng *rng = &world->rng;
    device->losses_per_day = group->losses_per_day * factor(world);
    device->resets_per_day = group->resets_per_day * factor(world);
    device->reboots_per_day = group->reboots_per_day * factor(world);
    device->rival_wait_s = ht_sim_rng_log_uniform(rng, 2, 60);
    static const double caps_s[] = {5, 60, 300, 900};
    static const double cap_weights[] = {3, 27, 40, 30};
    device->refused_cap_s = caps_s[ht_sim_rng_pick(rng, cap_weights, 4)];
    const double at_h = group->restart_s >= 0 ? group->restart_s / HT_S_PER_HOUR : 3;
    device->night_us = (int64_t)(ht_sim_rng_uniform(rng, at_h, at_h + 0.2) * HT_S_PER_HOUR * 1e6);
    device->refusal = make_refusal(world, device->auth);
    device->refused_from_us = HT_SIM_FOREVER;
    device->removed_code = ht_sim_rng_chance(rng, 0.7) ? 404001 : 403012;
    device->token_born_us = -1;
    device->awake_until_us = group->duty_period_s > 0 ? -1 : HT_SIM_FOREVER;
}

/* What befalls single devices at some time of the log. */
static void make_fate(struct ht_sim_world *world, struct ht_sim_device *device, unsigned number) {
    const struct ht_sim_group *group = device->group;
    struct ht_sim_rng *rng = &world->rng;
    const double span_s = (double)(world->span_us / HT_US_PER_S);
    const struct {
        const struct ht_sim_chosen *who;
        enum ht_sim_event_kind kind;
    } fates[] = {
        {&group->shared_identity, HT_SIM_EVENT_RIVAL},
        {&group->refused, HT_SIM_EVENT_REFUSE},
        {&group->gone, HT_SIM_EVENT_GONE},
        {&group->removed, HT_SIM_EVENT_REMOVE},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(fates); i++) {
        const bool chosen = fates[i].who->number > 0 ? number + 1 == fates[i].who->number
                                                     : ht_sim_rng_chance(rng, fates[i].who->share);
        if (chosen) {
            const int64_t at =
                world->start_us + (int64_t)(ht_sim_rng_uniform(rng, 0.05, 0.85) * span_s * 1e6);
            ht_sim_world_schedule(world, at, fates[i].kind, ht_sim_world_index(world, device), 0,
                                  0);
        }
    }
}

static void make_name(struct ht_sim_world *world, struct ht_sim_device *device, unsigned number) {
    const struct ht_sim_group *group = device->group;
    const struct ht_sim_site *site = &world->sites[device->site];
    char text[2 * HT_SIM_NAME_BYTES + 32];
    if (site->place.len > 0) {
        (void)snprintf(text, sizeof text, "%s-%s-%02u", group->name.ptr, site->place.ptr,
                       site->devices + 1);
    } else {
        (void)snprintf(text, sizeof text, "%s-%03u", group->name.ptr,
                       (group->modules ? number / 2 : number) + 1);
    }
    device->id = keep(world, text);
    if (group->modules) {
        device->module = number % 2 == 0 ? HT_STR("collector") : HT_STR("$edgeAgent");
    }
}

/* Devices of a group, one after the other; sites fill up in turn. */
struct filling {
    uint64_t left[HT_SIM_HUBS_MAX]; /* of the site that is being filled */
    unsigned site[HT_SIM_HUBS_MAX];
    size_t places;
};

static unsigned choose_site(struct ht_sim_world *world, const struct ht_sim_group *group,
                            unsigned hub, struct filling *filling) {
    if (group->carrier) {
        /* The carrier's prefixes come first, see ht_sim_cast_make(). */
        return hub * HT_SIM_CARRIER_SITES +
               (unsigned)ht_sim_rng_between(&world->rng, 0, HT_SIM_CARRIER_SITES - 1);
    }
    if (filling->left[hub] == 0) {
        const bool named = filling->places < group->place_count;
        const struct ht_str place = named ? group->places[filling->places] : HT_STR_NONE;
        const int64_t size = (int64_t)group->site_size;
        filling->places += named;
        filling->site[hub] = new_site(world, hub, place, false);
        filling->left[hub] =
            (uint64_t)(named ? size
                             : ht_sim_rng_between(&world->rng, (size + 1) / 2, size + size / 2));
    }
    filling->left[hub]--;
    return filling->site[hub];
}

static void make_group(struct ht_sim_world *world, const struct ht_sim_group *group, size_t first,
                       size_t last) {
    struct filling filling = {.places = 0};
    for (size_t i = first; i < last && world->status == HT_OK; i++) {
        struct ht_sim_device *device = &world->devices[i];
        const unsigned number = (unsigned)(i - first);
        *device = (struct ht_sim_device){.group = group};
        if (group->modules && number % 2 == 1) {
            device->hub = device[-1].hub;
            device->node = device[-1].node;
            device->site = device[-1].site;
        } else {
            device->hub = (unsigned)ht_sim_rng_between(&world->rng, 0,
                                                       (int64_t)world->scenario->hub_count - 1);
            device->node = (unsigned)ht_sim_rng_between(&world->rng, 0, HT_SIM_NODES - 1);
            device->site = choose_site(world, group, device->hub, &filling);
            if (world->status != HT_OK) {
                return;
            }
        }
        make_name(world, device, number);
        world->sites[device->site].devices++;
        make_software(world, device);
        make_habits(world, device);
        make_fate(world, device, number);
        ht_sim_client_begin(world, device);
    }
}

static void make_hubs(struct ht_sim_world *world) {
    const struct ht_sim_scenario *scenario = world->scenario;
    for (size_t i = 0; i < scenario->hub_count; i++) {
        struct ht_sim_hub *hub = &world->hubs[i];
        hub->name = scenario->hubs[i];
        hub->connects_per_s = scenario->connects_per_s > 0 ? scenario->connects_per_s
                                                           : 0.5 + (double)scenario->devices / 300;
        for (unsigned site = 0; site < HT_SIM_CARRIER_SITES; site++) {
            (void)new_site(world, (unsigned)i, HT_STR_NONE, true);
        }
    }
}

/* The list of sites is complete, and moves no more. A rival sits elsewhere, now and then next door.
 */
static void make_networks(struct ht_sim_world *world) {
    for (size_t i = 0; i < world->device_count; i++) {
        struct ht_sim_device *device = &world->devices[i];
        size_t other = device->site;
        if (!ht_sim_rng_chance(&world->rng, 0.3)) {
            other = (size_t)ht_sim_rng_between(&world->rng, 0, (int64_t)world->site_count - 1);
        }
        device->clients[0].network = ht_str_from(world->sites[device->site].network);
        device->clients[1].network = ht_str_from(world->sites[other].network);
    }
}

enum ht_status ht_sim_cast_make(struct ht_sim_world *world) {
    const struct ht_sim_scenario *scenario = world->scenario;
    double total = 0;
    double before = 0;
    make_hubs(world);
    for (size_t i = 0; i < scenario->group_count; i++) {
        total += scenario->groups[i].weight;
    }
    world->device_count = (size_t)scenario->devices;
    world->devices = calloc(world->device_count, sizeof *world->devices);
    if (world->devices == NULL) {
        return HT_E_NOMEM;
    }
    size_t first = 0;
    for (size_t i = 0; i < scenario->group_count && world->status == HT_OK; i++) {
        before += scenario->groups[i].weight;
        const size_t last = (size_t)(before / total * (double)scenario->devices + 0.5);
        make_group(world, &scenario->groups[i], first, last);
        first = last;
    }
    if (world->status == HT_OK) {
        make_networks(world);
    }
    return world->status;
}
