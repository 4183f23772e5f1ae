/* SPDX-License-Identifier: MIT */
#ifndef FLEET_WORLD_H
#define FLEET_WORLD_H
/*
 * The invented world: devices, their sites, the hubs, and one queue of what is to happen. Times are
 * microseconds since 1970. client.c plays the devices, hub.c the service, happen.c what strikes
 * many at once, cast.c makes the devices, world.c turns the wheel.
 */
#include <stdio.h>

#include "deliver.h"
#include "kit.h"
#include "queue.h"
#include "record.h"
#include "rng.h"
#include "scenario.h"

enum cause {
    CAUSE_TOKEN_EXPIRY = 0,
    CAUSE_IDLE_TIMEOUT,
    CAUSE_SITE_OUTAGE,
    CAUSE_CONNECTION_RESET,
    CAUSE_HUB_TRANSIENT,
    CAUSE_PLATFORM_UPGRADE,
    CAUSE_DUPLICATE_IDENTITY,
    CAUSE_CLIENT_CLOSE,
    CAUSE_THROTTLED,
    CAUSE_QUOTA,
    CAUSE_DEVICE_REMOVED
};

const char *cause_name(enum cause cause);

/* How the end of a session looks in the log. */
enum mark {
    MARK_CLEAN = 0, /* the device said goodbye */
    MARK_REMOTE,    /* 404104 */
    MARK_EXPIRED,   /* 401003, then 404104 */
    MARK_TAKEN,     /* 400027, with AMQP 409002 */
    MARK_SERVER,    /* 404104, or 500xxx instead or besides */
    MARK_UPGRADE,   /* 400029 */
    MARK_REMOVED,   /* 404001 or 403012 */
    MARK_THROTTLED, /* 429001 */
    MARK_QUOTA      /* 403002 */
};

enum event_kind {
    EVENT_TRY = 0,  /* detail = client */
    EVENT_LOSS,     /* the device's link goes silent */
    EVENT_RESET,    /* its socket is torn; detail 1 = one more of a crash loop */
    EVENT_REBOOT,   /* power cycle */
    EVENT_HUB_IDLE, /* the hub has heard nothing for too long */
    EVENT_TOKEN,    /* the token in use ends or is renewed */
    EVENT_DROP,     /* struck by a happening; detail = its index */
    EVENT_WAKE,     /* duty cycle */
    EVENT_SLEEP,
    EVENT_NIGHT,  /* nightly restart */
    EVENT_RIVAL,  /* a second client with the same identity begins */
    EVENT_REFUSE, /* from now on every connect is refused with 401003 */
    EVENT_GONE,   /* falls silent for good */
    EVENT_REMOVE, /* deleted or disabled */
    EVENT_DAY,    /* the next span of happenings is planned */
    EVENT_HAPPEN, /* detail = index of the happening */
    EVENT_NOISE,  /* subject = hub: a record of another category */
    EVENT_HEALTH  /* subject = hub: likewise, because of an incident */
};

/* What happens to a device beyond ordinary life; the greater one is told. */
enum role { ROLE_ORDINARY = 0, ROLE_SHARED_IDENTITY, ROLE_GONE, ROLE_REFUSED, ROLE_REMOVED };

#define FOREVER (INT64_MAX / 4)

/* The hub drops an idle MQTT connection after 1.5 keep-alives, and never later than this. */
#define HUB_IDLE_CAP_S 1767.0

struct client {
    unsigned stamp; /* of the try that counts */
    unsigned fails;
    bool queued; /* the hub has a place for it, later */
    const char *sdk;
    const char *network;
};

struct device {
    char id[64];
    char module[32];
    const struct group *group;
    enum kit_id kit_id;
    const struct kit *kit;
    bool amqp;
    enum auth auth;
    bool auth_written;
    unsigned hub;
    unsigned node; /* of the hub, 0 to 63 */
    unsigned site;
    struct client clients[2]; /* the device, and its rival */
    double life_s;            /* of a token, 0 = none that would end */
    bool carries;
    double keep_alive_s;
    double telemetry_s; /* between two messages */
    double losses_per_day;
    double resets_per_day;
    double reboots_per_day;
    double rival_wait_s; /* until a client that was thrown out tries again */
    double refused_cap_s;
    int64_t night_us;    /* time of day */
    const char *refusal; /* message of a 401003 */

    bool open; /* as the hub sees it */
    unsigned session;
    unsigned owner; /* which client */
    bool silent;    /* open, but nobody is there */
    enum cause silent_cause;
    size_t silent_strike; /* number of the strike that made it so, 0 = none */
    int64_t token_born_us;
    int64_t link_up_us; /* nothing gets through before */
    int64_t awake_until_us;
    int64_t rival_until_us;
    int64_t refused_from_us;
    bool removed;
    uint32_t removed_code;
    bool gone;

    /* For the truth. */
    enum role role;
    size_t last_strike;   /* number of the strike that took it last */
    unsigned disconnects; /* within the log */
    unsigned step;        /* of the hub's tolerance for the token in use, in five minutes */
    unsigned step_counts[KIT_STEPS];
};

struct site {
    char network[24];
    const char *place;
    bool carrier;
    unsigned hub;
    unsigned devices;
};

/* One thing that strikes many, planned for a time. */
struct strike {
    struct happening what;
    unsigned hub;
    unsigned site;
    uint64_t nodes;    /* which nodes of the hub are hit */
    double refuse;     /* chance that a connect fails while it lasts */
    uint32_t code;     /* the usual code of what it cuts, or of what it refuses */
    double code_share; /* how often that code is seen instead of 404104 */
    int64_t start_us;
    int64_t end_us;
    enum cause cause;
    bool power; /* a site without power; else without network */

    /* For the truth: the ends that it caused within the log. */
    unsigned connected; /* devices connected to the hub when it begins */
    unsigned devices;
    int64_t first_end_us;
    int64_t last_end_us;
};

struct hub {
    char name[32];
    int64_t next_slot_us; /* of a throttled recovery */
    int64_t throttled_until_us;
    double connects_per_s;
};

enum { HUBS_MAX = 4, NODES = 64, CARRIER_SITES = 4 };

struct world {
    const struct scenario *scenario;
    struct deliver *deliver;
    FILE *truth; /* NULL = not wanted */
    struct rng rng;
    struct queue queue;
    int64_t now_us;
    int64_t start_us; /* of the log */
    int64_t end_us;
    int64_t span_us; /* after which the happenings are planned anew */
    struct device *devices;
    size_t device_count;
    struct site *sites;
    size_t site_count;
    struct hub hubs[HUBS_MAX];
    struct strike *strikes;
    size_t strike_count;
    size_t strike_capacity;
};

/* world.c */
void world_run(struct world *world);
int64_t world_after(const struct world *world, double seconds);
void world_schedule(struct world *world, int64_t time_us, enum event_kind kind, size_t subject,
                    unsigned stamp, unsigned detail);
size_t world_index(const struct world *world, const struct device *device);

/* cast.c */
void cast_make(struct world *world, unsigned devices);
void cast_free(struct world *world);

/* client.c: what a device does. */
void client_begin(struct world *world, struct device *device);
void client_try_at(struct world *world, struct device *device, unsigned client, int64_t time_us);
void client_back(struct world *world, struct device *device);
struct loss {
    enum cause cause;
    bool power;    /* not only the link, the device itself is off */
    size_t strike; /* number of the strike that did it, 0 = none */
};
void client_lose_link(struct world *world, struct device *device, double seconds, struct loss loss);
void client_event(struct world *world, struct device *device, const struct queue_item *item);

/* hub.c: what the service does and writes. */
enum answer { ANSWER_ACCEPTED = 0, ANSWER_REFUSED, ANSWER_NONE, ANSWER_LATER };
enum answer hub_answer(struct world *world, struct device *device, unsigned client,
                       int64_t *later_us);
void hub_open(struct world *world, struct device *device, unsigned client);
void hub_close(struct world *world, struct device *device, enum cause cause, enum mark mark,
               const struct strike *strike);
void hub_noise(struct world *world, unsigned hub, bool incident);

/* happen.c: what strikes many at once. */
void happen_plan(struct world *world);
void happen_start(struct world *world, size_t index);
void happen_drop(struct world *world, struct device *device, size_t index);
const struct strike *happen_at(const struct world *world, const struct device *device);

/* The strike of that number, from 1; NULL for 0. */
const struct strike *happen_numbered(const struct world *world, size_t number);

/* truth.c: what really happened. */
void truth_end(struct world *world, struct device *device, int64_t time_us, enum cause cause,
               const struct strike *strike, bool seen);
void truth_role(struct world *world, struct device *device, enum role role);
void truth_finish(struct world *world);

#endif
