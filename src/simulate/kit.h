/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_KIT_H
#define HT_SIMULATE_KIT_H
/*
 * What device software does: SDK by SDK, the keep-alive, how a token is renewed, how soon a dead
 * socket is noticed, how soon and how often a connection is tried again. Documented behaviour of
 * the public SDKs.
 */
#include "simulate/rng.h"

enum ht_sim_kit_id {
    HT_SIM_KIT_DOTNET = 0,
    HT_SIM_KIT_JAVA,
    HT_SIM_KIT_C,
    HT_SIM_KIT_NODE,
    HT_SIM_KIT_PYTHON,
    HT_SIM_KIT_EMBEDDED,
    HT_SIM_KIT_OWN, /* a plain MQTT library, no SDK name in the log */
    HT_SIM_KIT_COUNT,
    HT_SIM_KIT_ANY = HT_SIM_KIT_COUNT
};

enum ht_sim_renewal {
    HT_SIM_RENEW_BY_CLIENT = 0, /* leaves cleanly before the token ends */
    HT_SIM_RENEW_BY_HUB         /* waits until the hub throws it out */
};

enum { HT_SIM_KIT_VERSIONS = 3 };

struct ht_sim_kit {
    const char *versions[HT_SIM_KIT_VERSIONS]; /* "%s" is a GUID of the device's own */
    double keep_alive_s;
    double ping_s;     /* longest silence of a healthy client */
    double hub_amqp_s; /* silence after which the hub closes an AMQP connection */
    enum ht_sim_renewal renewal;
    double notice_s; /* longest time until the client finds its socket dead */
    double back_low_s;
    double back_high_s; /* back after an end that it saw */
    double retry_cap_s; /* longest wait between two tries */
    double carries;     /* share of installations whose token outlives a reconnect */
};

const struct ht_sim_kit *ht_sim_kit_get(enum ht_sim_kit_id id);

/* Age of a token at which the client renews it. HT_SIM_RENEW_BY_CLIENT only. */
double ht_sim_kit_renewal_age_s(enum ht_sim_kit_id id, double life_s);

enum { HT_SIM_KIT_STEPS = 3, HT_SIM_KIT_STEP_S = 300 };

/* How long the hub still accepts a token that has run out: so many steps, and a moment. */
double ht_sim_kit_tolerance_s(enum ht_sim_kit_id id, double life_s, bool strict_node,
                              struct ht_sim_rng *rng);

#endif
