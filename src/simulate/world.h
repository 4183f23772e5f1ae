/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_WORLD_H
#define HT_SIMULATE_WORLD_H
/*
 * The invented world: devices, their sites, the hubs, and one queue of what is to happen. Times are
 * microseconds since 1970. client.c plays the devices, hub.c the service, happen.c what strikes
 * many at once, cast.c makes the devices, truth.c tells what really happened, world.c turns the
 * wheel. Failures are sticky: world.status stops it.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include "base/time.h"
#include "hubtriage/report.h"
#include "simulate/deliver.h"
#include "simulate/kit.h"
#include "simulate/log_record.h"
#include "simulate/queue.h"
#include "simulate/rng.h"
#include "simulate/scenario.h"

/* How the end of a session looks in the log. */
enum ht_sim_mark {
    HT_SIM_MARK_CLEAN = 0, /* the device said goodbye */
    HT_SIM_MARK_REMOTE,    /* 404104 */
    HT_SIM_MARK_EXPIRED,   /* 401003, then 404104 */
    HT_SIM_MARK_TAKEN,     /* 400027, with AMQP 409002 */
    HT_SIM_MARK_SERVER,    /* 404104, or 500xxx instead or besides */
    HT_SIM_MARK_UPGRADE,   /* 400029 */
    HT_SIM_MARK_REMOVED,   /* 404001 or 403012 */
    HT_SIM_MARK_THROTTLED, /* 429001 */
    HT_SIM_MARK_QUOTA      /* 403002 */
};

enum ht_sim_event_kind {
    HT_SIM_EVENT_TRY = 0,  /* detail = client */
    HT_SIM_EVENT_LOSS,     /* the device's link goes silent */
    HT_SIM_EVENT_RESET,    /* its socket is torn; detail 1 = one more of a crash loop */
    HT_SIM_EVENT_REBOOT,   /* power cycle */
    HT_SIM_EVENT_HUB_IDLE, /* the hub has heard nothing for too long */
    HT_SIM_EVENT_TOKEN,    /* the token in use ends or is renewed */
    HT_SIM_EVENT_DROP,     /* struck by a happening; detail = its index */
    HT_SIM_EVENT_WAKE,     /* duty cycle */
    HT_SIM_EVENT_SLEEP,
    HT_SIM_EVENT_NIGHT,  /* daily restart */
    HT_SIM_EVENT_RIVAL,  /* a second client with the same identity begins */
    HT_SIM_EVENT_REFUSE, /* from now on every connect is refused with 401003 */
    HT_SIM_EVENT_GONE,   /* falls silent for good */
    HT_SIM_EVENT_REMOVE, /* deleted or disabled */
    HT_SIM_EVENT_DAY,    /* the next span of happenings is planned */
    HT_SIM_EVENT_HAPPEN, /* detail = index of the happening */
    HT_SIM_EVENT_NOISE,  /* subject = hub: a record of another category */
    HT_SIM_EVENT_HEALTH  /* subject = hub: likewise, because of an incident */
};

/* What happens to a device beyond ordinary life; the greater one is told. */
enum ht_sim_role {
    HT_SIM_ROLE_ORDINARY = 0,
    HT_SIM_ROLE_SHARED_IDENTITY,
    HT_SIM_ROLE_GONE,
    HT_SIM_ROLE_REFUSED,
    HT_SIM_ROLE_REMOVED
};

#define HT_SIM_FOREVER (INT64_MAX / 4)

/* The end of the year 9999, which no stamp goes beyond. */
#define HT_SIM_LAST_US (INT64_C(253402300800) * HT_US_PER_S)

/* The hub drops an idle MQTT connection after 1.5 keep-alives, and never later than this. */
#define HT_SIM_HUB_IDLE_CAP_S 1767.0

struct ht_sim_client {
    unsigned stamp; /* of the try that counts */
    unsigned fails;
    bool queued; /* the hub has a place for it, later */
    struct ht_str sdk;
    struct ht_str network;
};

struct ht_sim_device {
    struct ht_str id;
    struct ht_str module; /* empty = none */
    const struct ht_sim_group *group;
    enum ht_sim_kit_id kit_id;
    const struct ht_sim_kit *kit;
    enum ht_sim_protocol protocol;
    bool amqp;
    enum ht_sim_auth auth;
    bool auth_written;
    bool mute; /* pings too seldom for the hub, and says nothing else */
    unsigned hub;
    unsigned node; /* of the hub, 0 to 63 */
    unsigned site;
    struct ht_sim_client clients[2]; /* the device, and its rival */
    double life_s;                   /* of a token, 0 = none that would end */
    bool by_client;                  /* renews before the hub throws it out */
    double renewal_age_s;
    bool carries;
    double keep_alive_s;
    double telemetry_s; /* between two messages */
    double losses_per_day;
    double resets_per_day;
    double reboots_per_day;
    double rival_wait_s; /* until a client that was thrown out tries again */
    double refused_cap_s;
    int64_t night_us;      /* time of day */
    struct ht_str refusal; /* message of a 401003 */

    bool open; /* as the hub sees it */
    unsigned session;
    unsigned owner; /* which client */
    bool silent;    /* open, but nobody is there */
    enum ht_cause silent_cause;
    size_t silent_strike; /* number of the strike that made it so, 0 = none */
    int64_t token_born_us;
    int64_t link_up_us; /* nothing gets through before */
    int64_t open_us;    /* when its newest session began */
    int64_t awake_until_us;
    int64_t rival_until_us;
    int64_t refused_from_us;
    bool removed;
    uint32_t removed_code;
    bool gone;

    /* For the truth. */
    enum ht_sim_role role;
    size_t last_strike;   /* number of the strike that took it last */
    unsigned disconnects; /* within the log */
    unsigned step;        /* of the hub's tolerance for the token in use, in five minutes */
    unsigned step_counts[HT_SIM_KIT_STEPS];
    bool refused; /* since its last session */
};

struct ht_sim_site {
    char network[24];
    struct ht_str place; /* empty = no name */
    bool carrier;
    unsigned hub;
    unsigned devices;
};

/* One thing that strikes many, planned for a time. */
struct ht_sim_strike {
    const struct ht_sim_happening *what;
    unsigned hub;
    unsigned site;
    uint64_t nodes;    /* which nodes of the hub are hit */
    double refuse;     /* chance that a connect fails while it lasts */
    uint32_t code;     /* the usual code of what it cuts, or of what it refuses */
    double code_share; /* how often that code is seen instead of 404104 */
    int64_t start_us;
    int64_t end_us;
    enum ht_cause cause;
    bool power; /* a site without power; else without network */

    /* For the truth: the ends that it caused within the log. */
    unsigned connected; /* devices connected to the hub when it begins */
    unsigned devices;
    int64_t first_end_us;
    int64_t last_end_us;
};

struct ht_sim_hub {
    struct ht_str name;
    int64_t next_slot_us; /* of a throttled recovery */
    int64_t throttled_until_us;
    double connects_per_s;
};

enum { HT_SIM_NODES = 64, HT_SIM_CARRIER_SITES = 4 };

struct ht_sim_world {
    const struct ht_sim_scenario *scenario;
    struct ht_sim_deliver *deliver;
    const struct ht_sink *truth; /* NULL = not wanted */
    struct ht_strbuf truth_lines;
    struct ht_err *err;
    enum ht_status status; /* sticky */
    struct ht_sim_rng rng;
    struct ht_sim_queue queue;
    int64_t now_us;
    int64_t start_us; /* of the log */
    int64_t end_us;
    int64_t span_us; /* after which the happenings are planned anew */
    struct ht_arena texts;
    struct ht_sim_device *devices;
    size_t device_count;
    struct ht_sim_site *sites;
    size_t site_count;
    size_t site_capacity;
    struct ht_sim_hub hubs[HT_SIM_HUBS_MAX];
    struct ht_sim_strike *strikes;
    size_t strike_count;
    size_t strike_capacity;
    size_t first_strike;   /* all before it are over */
    uint64_t records_seen; /* when a record last came, as the begin of a span saw it */
    unsigned silent_spans; /* since then */
};

/* world.c */
enum ht_status ht_sim_world_run(struct ht_sim_world *world);
void ht_sim_world_release(struct ht_sim_world *world);
int64_t ht_sim_world_after(const struct ht_sim_world *world, double seconds);
void ht_sim_world_schedule(struct ht_sim_world *world, int64_t time_us, enum ht_sim_event_kind kind,
                           size_t subject, unsigned stamp, unsigned detail);
size_t ht_sim_world_index(const struct ht_sim_world *world, const struct ht_sim_device *device);

/* cast.c: the devices of the scenario, each with its first events. */
enum ht_status ht_sim_cast_make(struct ht_sim_world *world);

/* client.c: what a device does. */
void ht_sim_client_begin(struct ht_sim_world *world, struct ht_sim_device *device);
void ht_sim_client_try_at(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client,
                          int64_t time_us);
void ht_sim_client_back(struct ht_sim_world *world, struct ht_sim_device *device);
struct ht_sim_loss {
    enum ht_cause cause;
    bool power;    /* not only the link, the device itself is off */
    size_t strike; /* number of the strike that did it, 0 = none */
};
void ht_sim_client_lose_link(struct ht_sim_world *world, struct ht_sim_device *device,
                             double seconds, struct ht_sim_loss loss);
void ht_sim_client_event(struct ht_sim_world *world, struct ht_sim_device *device,
                         const struct ht_sim_queue_item *item);

/* hub.c: what the service does and writes. */
enum ht_sim_answer {
    HT_SIM_ANSWER_ACCEPTED = 0,
    HT_SIM_ANSWER_REFUSED,
    HT_SIM_ANSWER_NONE,
    HT_SIM_ANSWER_LATER
};
enum ht_sim_answer ht_sim_hub_answer(struct ht_sim_world *world, struct ht_sim_device *device,
                                     unsigned client, int64_t *later_us);
void ht_sim_hub_open(struct ht_sim_world *world, struct ht_sim_device *device, unsigned client);
void ht_sim_hub_close(struct ht_sim_world *world, struct ht_sim_device *device, enum ht_cause cause,
                      enum ht_sim_mark mark, const struct ht_sim_strike *strike);
void ht_sim_hub_noise(struct ht_sim_world *world, unsigned hub, bool incident);

/* happen.c: what strikes many at once. */
void ht_sim_happen_plan(struct ht_sim_world *world);
void ht_sim_happen_start(struct ht_sim_world *world, size_t index);
void ht_sim_happen_drop(struct ht_sim_world *world, struct ht_sim_device *device, size_t index);
const struct ht_sim_strike *ht_sim_happen_at(const struct ht_sim_world *world,
                                             const struct ht_sim_device *device);

/* The strike of that number, from 1; NULL for 0. */
const struct ht_sim_strike *ht_sim_happen_numbered(const struct ht_sim_world *world, size_t number);

/* truth.c: what really happened. */
void ht_sim_truth_end(struct ht_sim_world *world, struct ht_sim_device *device, int64_t time_us,
                      enum ht_cause cause, const struct ht_sim_strike *strike, bool seen);
void ht_sim_truth_role(struct ht_sim_world *world, struct ht_sim_device *device,
                       enum ht_sim_role role);
void ht_sim_truth_finish(struct ht_sim_world *world);

#endif
