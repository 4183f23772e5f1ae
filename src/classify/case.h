/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CASE_H
#define HT_CLASSIFY_CASE_H
/*
 * struct ht_case - what the model looks at in one episode, and struct ht_docket, all cases of a log
 * with what several modules need. A case is an episode, in the words of those who judge it.
 *
 * Invariants: cases are in order of their sessions; clusters in order of first sight, which is
 * canonical since the log is.
 */
#include <stdbool.h>

#include "base/parallel.h"
#include "model/known.h"
#include "model/log.h"
#include "model/sdk.h"
#include "model/session.h"
#include "model/verdict.h"

/* Explanations that compete for an episode. */
enum ht_hypothesis {
    HT_H_TOKEN = 0,
    HT_H_IDLE,
    HT_H_RESET,
    HT_H_CLOSE,
    HT_H_HUB,
    HT_H_SITE,
    HT_H_DUPLICATE,
    HT_H_OTHER,
    HT_H_COUNT,
};

/* Those of which each device has a rate of its own: HT_H_IDLE and the next two. */
enum { HT_COUNTED = 3 };

/* What the closing records look like. */
enum ht_signature {
    HT_SIGNATURE_CLEAN = 0,
    HT_SIGNATURE_REMOTE,    /* 404104 */
    HT_SIGNATURE_TOKEN,     /* 401003, with or without 404104 */
    HT_SIGNATURE_TAKE_OVER, /* 400027, 409002 */
    HT_SIGNATURE_SERVER,    /* 5xx */
    HT_SIGNATURE_OTHER,
    HT_SIGNATURE_NONE, /* the records were sampled: they say nothing, for or against anything */
    HT_SIGNATURE_COUNT,
};

/* How the hub answered connects on the way back. */
enum ht_return {
    HT_RETURN_PLAIN = 0,
    HT_RETURN_401,
    HT_RETURN_429,
    HT_RETURN_5XX,
    HT_RETURN_COUNT
};

/* Gap to the next connect: bucket 0 is 0 s, k is [2^(k-1), 2^k) s, the last is beyond or never. */
enum { HT_GAP_BUCKETS = 15, HT_GAP_NEVER = HT_GAP_BUCKETS - 1 };

/* Devices that should behave alike. */
struct ht_cluster {
    uint8_t family; /* enum ht_sdk_family */
    bool x509;
    bool amqp;
    uint32_t protocol; /* string */
};

enum { HT_CLUSTERS_MAX = 256 }; /* a hostile log can invent protocols; the rest share the last */

struct ht_case {
    uint32_t session;
    uint32_t device;
    uint32_t hub;
    uint32_t network;   /* or the site that a rule names: ht_known_place() */
    uint32_t age_s;     /* HT_NONE32 when the begin was not seen */
    uint32_t hub_burst; /* index, or HT_NONE32 */
    uint32_t site_burst;
    uint16_t cluster;
    uint8_t signature;
    uint8_t gap;     /* bucket */
    bool returned;   /* else the gap is only known to be at least that */
    uint8_t settled; /* enum ht_cause that a code says outright, or HT_CAUSE_UNKNOWN */
    uint8_t
        near_take_overs; /* others of the device close by, or to and fro between two addresses */
    bool two_clients; /* taken over by a client of another SDK, or to and fro between two addresses
                       */
    uint8_t daily;    /* ends of the device with 404104 at this time of the day before and after */
    bool hub_ill;     /* more 5xx than usual from the hub at that moment */
    uint8_t answer;   /* enum ht_return */
    bool refused_401; /* a connect on the way back was, whatever else was */
    bool loose;       /* counted by the device's rates as a token outside every rhythm */
    bool moved;       /* joined or left a burst since it was judged */
    float hub_hazard; /* of what drops the others of its burst, per second; 0 outside a burst */
    float site_hazard;
    float rhythmic; /* share of its network posterior that a rhythm explains */
    float posterior[HT_H_COUNT];
    float counted[HT_COUNTED]; /* by the device's rates, as an idle timeout, reset or close */
};

struct ht_docket {
    const struct ht_log *log;
    const struct ht_sessions *sessions;
    const struct ht_known *known;       /* of rules; may be NULL */
    const struct ht_parallel *parallel; /* how loops over it may run */
    struct ht_case *cases;
    size_t count;
    uint32_t *device_first;    /* first case of each device; one more at the end */
    uint16_t *session_cluster; /* parallel to sessions */
    struct ht_cluster *clusters;
    size_t cluster_count;
};

HT_MUST_CHECK enum ht_status ht_docket_make(const struct ht_log *log,
                                            const struct ht_sessions *sessions,
                                            const struct ht_known *known,
                                            const struct ht_parallel *parallel,
                                            struct ht_docket *docket);
void ht_docket_release(struct ht_docket *docket);

/* The bucket of a gap in seconds. */
unsigned ht_gap_bucket(uint64_t gap_s);

#endif
