/* SPDX-License-Identifier: MIT */
#ifndef FLEET_KIT_H
#define FLEET_KIT_H
/*
 * What device software does: SDK by SDK, the keep-alive, how a token is renewed, how soon a dead
 * socket is noticed, how soon and how often a connection is tried again. Documented behaviour of
 * the public SDKs.
 */
#include "rng.h"

enum kit_id {
    KIT_DOTNET = 0,
    KIT_JAVA,
    KIT_C,
    KIT_NODE,
    KIT_PYTHON,
    KIT_EMBEDDED,
    KIT_OWN, /* a plain MQTT library, no SDK name in the log */
    KIT_COUNT,
    KIT_ANY = KIT_COUNT
};

enum renewal {
    RENEW_BY_CLIENT = 0, /* leaves cleanly before the token ends */
    RENEW_BY_HUB         /* waits until the hub throws it out */
};

enum { KIT_VERSIONS = 3 };

struct kit {
    const char *versions[KIT_VERSIONS]; /* "%s" is a GUID of the device's own */
    double keep_alive_s;
    double ping_s;     /* longest silence of a healthy client */
    double hub_amqp_s; /* silence after which the hub closes an AMQP connection */
    enum renewal renewal;
    double notice_s; /* longest time until the client finds its socket dead */
    double back_low_s;
    double back_high_s; /* back after an end that it saw */
    double retry_cap_s; /* longest wait between two tries */
    double carries;     /* share of installations whose token outlives a reconnect */
};

const struct kit *kit_get(enum kit_id id);

/* Age of a token at which the client renews it. RENEW_BY_CLIENT only. */
double kit_renewal_age_s(enum kit_id id, double life_s);

enum { KIT_STEPS = 3, KIT_STEP_S = 300 };

/* How long the hub still accepts a token that has run out: so many steps, and a moment. */
double kit_tolerance_s(enum kit_id id, double life_s, bool strict_node, struct rng *rng);

#endif
