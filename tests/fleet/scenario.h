/* SPDX-License-Identifier: MIT */
#ifndef FLEET_SCENARIO_H
#define FLEET_SCENARIO_H
/*
 * A scenario: groups of like devices, and what happens to many of them at once. All of it is data;
 * the numbers are rates and shares, the seed decides the rest.
 */
#include "deliver.h"
#include "kit.h"

enum site_plan {
    SITES_OF_SIZE = 0, /* site_size devices behind one address prefix */
    SITES_CARRIER      /* a few prefixes of a mobile carrier, another one at each connect */
};

enum trait {
    TRAIT_SILENT = 1,       /* keep-alive beyond the hub's cap, and nothing to say */
    TRAIT_SYNC_START = 2,   /* switched on together, an hour into the log */
    TRAIT_MODULES = 4,      /* two identities of modules each, "device/module" */
    TRAIT_EDGE = 8,         /* its hub connection is bounced after 65 to 70 minutes */
    TRAIT_FIXED_TOKEN = 16, /* a token that nobody renews; it ends within the log */
    TRAIT_NIGHTLY = 32,     /* restarts every night, socket torn */
    TRAIT_NIGHTLY_CLEAN = 64,
};

struct group {
    const char *name;
    double weight;
    enum kit_id kit;
    double amqp;            /* share */
    double x509;            /* share */
    double life_s;          /* of tokens; 0 = the SDK's 3600 s, -1 = one of many odd ones */
    double losses_per_day;  /* silent losses of the link; each device has its own factor */
    double resets_per_day;  /* torn sockets */
    double reboots_per_day; /* power cycles */
    double crash_loop;      /* chance that a tear is followed by another one soon */
    double long_losses;     /* chance that a loss is of the long kind */
    enum site_plan sites;
    unsigned site_size;
    double duty_on_s;
    double duty_period_s;
    /* Shares of devices; 1 and more is the number of the one device of the group. */
    double rivals;             /* their identity is used twice for a while */
    double refused;            /* they are refused with 401003 from some time on */
    double gone;               /* they fall silent and never return */
    double removed;            /* they are deleted or disabled in the registry */
    const char *const *places; /* names of sites, for the demo; NULL-terminated */
    unsigned traits;
};

enum happening_kind {
    HAPPENS_NOTHING = 0,
    HAPPENS_INCIDENT,
    HAPPENS_UPGRADE,
    HAPPENS_SITE_OUTAGE,
    HAPPENS_THROTTLE,
    HAPPENS_QUOTA,
    HAPPENS_DEPLOYMENT, /* a group closes cleanly, one after the other */
    HAPPENS_GROUP_STOP  /* a gateway application stops: all of one site close in one second */
};

struct happening {
    enum happening_kind kind;
    double at;         /* share of the log's span; negative = the seed decides */
    double share;      /* of the hub's nodes, or of the devices; site: smallest size */
    double spread_s;   /* within which the first ones drop */
    double length_s;   /* how long it lasts */
    double health;     /* how many times more 5xx than usual, 1 = as usual */
    const char *place; /* which site, for the demo */
};

enum { GROUPS_MAX = 12, HAPPENINGS_MAX = 12 };

struct scenario {
    const char *name;
    const char *about;
    unsigned devices;
    unsigned hours;
    unsigned hubs;
    double noise_per_hour; /* 5xx and 429 of other categories, each hub */
    double connect_errors; /* chance that a connect meets a lone 500008 */
    struct deliver_options delivery;
    struct group groups[GROUPS_MAX];
    struct happening happenings[HAPPENINGS_MAX];
};

const struct scenario *scenario_find(const char *name);
const struct scenario *scenario_at(size_t index); /* NULL after the last one */

#endif
