/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_SCENARIO_H
#define HT_SIMULATE_SCENARIO_H
/*
 * A scenario: groups of like devices, what happens to many of them at once, and what becomes of
 * the log on its way. All of it is data; the numbers are rates and shares, the seed decides the
 * rest. testdata/scenarios/README.md is the user's description.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/yaml.h"
#include "simulate/deliver.h"
#include "simulate/kit.h"

enum {
    HT_SIM_GROUPS_MAX = 64,
    HT_SIM_HAPPENINGS_MAX = 64,
    HT_SIM_HUBS_MAX = 16,
    HT_SIM_SITES_NAMED_MAX = 64,
    HT_SIM_CHOICES_MAX = 16,
    HT_SIM_NAME_BYTES = 64,
    HT_SIM_DEVICES_MAX = 10000000
};

/* One of these at random, all alike. No choice: the SDK's. */
struct ht_sim_choices {
    double list[HT_SIM_CHOICES_MAX];
    size_t count;
};

struct ht_sim_range {
    double low;
    double high;
};

enum ht_sim_renewal_rule {
    HT_SIM_RULE_SDK = 0,
    HT_SIM_RULE_NEVER, /* one token, which ends within the log or soon after */
    HT_SIM_RULE_HUB,   /* waits until the hub throws it out */
    HT_SIM_RULE_SHARE, /* leaves cleanly at this share of its life */
    HT_SIM_RULE_EARLY  /* leaves cleanly so many seconds before its end */
};

enum ht_sim_protocol {
    HT_SIM_PROTOCOL_AMQP = 0,
    HT_SIM_PROTOCOL_AMQP_WS,
    HT_SIM_PROTOCOL_MQTT_WS,
    HT_SIM_PROTOCOL_MQTT,
    HT_SIM_PROTOCOL_COUNT
};

/* Which devices something befalls: a share of them, or one of the group by its number. */
struct ht_sim_chosen {
    double share;
    unsigned number; /* from 1; 0 = by share */
};

struct ht_sim_group {
    struct ht_str name;
    double weight;
    enum ht_sim_kit_id kit;
    struct ht_str sdk_name; /* as the log has it; empty = the SDK's own names */
    double protocols[HT_SIM_PROTOCOL_COUNT];
    double x509; /* share */
    struct ht_sim_choices lives_s;
    struct ht_sim_choices keep_alives_s;
    enum ht_sim_renewal_rule rule;
    double rule_value;
    double keeps_token; /* share whose token outlives a reconnect; negative = the SDK's */
    struct ht_sim_range messages_s; /* time between two */
    bool says_nothing;              /* no messages at all */
    double losses_per_day;          /* silent losses of the link; each device has its own factor */
    double long_losses;             /* chance that a loss is of the long kind */
    double resets_per_day;          /* torn sockets */
    double reboots_per_day;         /* power cycles */
    double crash_loop;              /* chance that a tear is followed by another one soon */
    bool carrier; /* a few prefixes of a mobile carrier, another one at each connect */
    uint64_t site_size;
    struct ht_str places[HT_SIM_SITES_NAMED_MAX];
    size_t place_count;
    double duty_on_s; /* 0 = always on */
    double duty_period_s;
    double start_s;               /* switched on together, so long into the log; negative = not */
    double restart_s;             /* time of day of a daily restart; negative = none */
    bool restart_clean;           /* it says goodbye first */
    bool modules;                 /* two identities of modules each, "device/module" */
    struct ht_sim_range bounce_s; /* the hub connection of IoT Edge is made anew; low 0 = no */
    struct ht_sim_chosen shared_identity; /* used by two clients for a while */
    struct ht_sim_chosen refused;         /* refused with 401003 from some time on */
    struct ht_sim_chosen gone;            /* falls silent and never returns */
    struct ht_sim_chosen removed;         /* deleted or disabled in the registry */
};

enum ht_sim_happening_kind {
    HT_SIM_HAPPENS_INCIDENT = 0,
    HT_SIM_HAPPENS_UPGRADE,
    HT_SIM_HAPPENS_SITE_OUTAGE,
    HT_SIM_HAPPENS_THROTTLE,
    HT_SIM_HAPPENS_QUOTA,
    HT_SIM_HAPPENS_DEPLOYMENT, /* devices close cleanly, one after the other */
    HT_SIM_HAPPENS_GROUP_STOP, /* a gateway application stops: all of one site close in one second
                                */
    HT_SIM_HAPPENS_COUNT
};

struct ht_sim_happening {
    enum ht_sim_happening_kind kind;
    double at;           /* share of the log's span; negative = at_s, or the seed decides */
    double at_s;         /* after the log's begin; negative = the seed decides */
    double share;        /* of the hub's nodes */
    uint64_t size;       /* site: at least so many devices */
    struct ht_str place; /* site: the one of that name */
    double spread_s;     /* within which the first ones drop */
    double length_s;     /* how long it lasts */
    double health;       /* how many times more 5xx than usual, 1 = as usual */
    double refuse;       /* share of connects that fail meanwhile; negative = the seed decides */
    uint64_t hub;        /* from 1; 0 = the seed decides */
    uint64_t code;       /* incident: the code it shows; 0 = the seed decides */
};

struct ht_sim_scenario {
    struct ht_yaml yaml; /* owns all texts */
    struct ht_str about;
    uint64_t devices;
    double hours;
    struct ht_str hubs[HT_SIM_HUBS_MAX];
    size_t hub_count;
    double noise_per_hour; /* 5xx and 429 of other categories, each hub */
    double connect_errors; /* chance that a connect meets a lone 500008 */
    double connects_per_s; /* of a throttled recovery; 0 = grows with the fleet */
    double throttled_s;    /* how long after an incident */
    struct ht_sim_deliver_options delivery;
    struct ht_sim_group groups[HT_SIM_GROUPS_MAX];
    size_t group_count;
    struct ht_sim_happening happenings[HT_SIM_HAPPENINGS_MAX];
    size_t happening_count;
};

/*
 * ht_sim_scenario_load() - from the text of a file, and settings "KEY=VALUE" that take precedence.
 *
 * @name  how errors call the file.
 *
 * Release it in any case. HT_E_USAGE with "NAME:LINE: what is wrong", HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_sim_scenario_load(struct ht_sim_scenario *scenario,
                                                  struct ht_str name, struct ht_str text,
                                                  struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_sim_scenario_set(struct ht_sim_scenario *scenario,
                                                 const char *setting, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_sim_scenario_read(struct ht_sim_scenario *scenario,
                                                  struct ht_err *err);
void ht_sim_scenario_release(struct ht_sim_scenario *scenario);

/* The protocol as the service writes it. */
struct ht_str ht_sim_protocol_name(enum ht_sim_protocol protocol);

#endif
