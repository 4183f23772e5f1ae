/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_VERDICT_H
#define HT_MODEL_VERDICT_H
/*
 * struct ht_verdicts - what [classify] concludes: a cause for every session that ended, the
 * incidents, and the cadences it learned on the way.
 *
 * Invariants: verdicts are parallel to ht_sessions.sessions (those without a seen end have cause
 * UNKNOWN and confidence 0). Incidents are in order of (hub, start). Evidence is strongest first.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/session.h"

/* What a piece of evidence is about; the words are in report/evidence.c. value is in the unit named
 * here. */
enum ht_evidence_kind {
    HT_EVIDENCE_NONE = 0,
    HT_EVIDENCE_CODES,         /* the codes of the closing records; value unused */
    HT_EVIDENCE_CLEAN,         /* closed cleanly; value unused */
    HT_EVIDENCE_CADENCE_FLEET, /* session length in a peak that like devices share; value = index of
                                  cadence */
    HT_EVIDENCE_CADENCE_DEVICE, /* in a length that recurs on this device; value = that length in s
                                 */
    HT_EVIDENCE_CADENCE_PRIOR,  /* in a documented token lifetime; value = that period in s */
    HT_EVIDENCE_TOKEN_CLOCK,    /* the token was older than the session; value = its age in s */
    HT_EVIDENCE_IRREGULAR,      /* session length in no known rhythm; value = length in s */
    HT_EVIDENCE_KEEP_ALIVE, /* length or silence equals 1.5 x keep-alive; value = that limit in s */
    HT_EVIDENCE_YOUNG,      /* session shorter than a minute; value = length in s */
    HT_EVIDENCE_GAP,        /* gap to the next connect; value = gap in s */
    HT_EVIDENCE_NO_RETURN,  /* no connect after it; value = seconds to the end of the log */
    HT_EVIDENCE_REFUSED,    /* connects refused on the way back; value = how many */
    HT_EVIDENCE_BURST_HUB,  /* part of a burst across the hub; value = index of incident */
    HT_EVIDENCE_BURST_SITE, /* part of a burst behind one prefix; value = index of incident */
    HT_EVIDENCE_NO_BURST,   /* nothing unusual on the hub around it; value unused */
    HT_EVIDENCE_SERVER_ERRORS,  /* 5xx records of the hub around it; value = how many */
    HT_EVIDENCE_TAKEOVERS,      /* 400027/409002 of the device around it; value = how many */
    HT_EVIDENCE_AUTH_X509,      /* X.509: there is no token; value unused */
    HT_EVIDENCE_AMQP,           /* AMQP renews tokens in place; value unused */
    HT_EVIDENCE_SDK_RENEWAL,    /* how this SDK renews its token fits, or does not; value unused */
    HT_EVIDENCE_START_UNKNOWN,  /* the session began before the log; value = its known age in s */
    HT_EVIDENCE_DEVICE_HISTORY, /* this device's other disconnects; value = how many of the same
                                   cause */
    HT_EVIDENCE_DAILY,      /* the device drops at this time of day; value = days beside, 1 or 2 */
    HT_EVIDENCE_TOLD_TOKEN, /* at the period that a rule states; value = index of the rule, as in
                               all of these */
    HT_EVIDENCE_TOLD_NO_TOKEN,  /* a rule says that it has none */
    HT_EVIDENCE_TOLD_DUTY,      /* at the end of a stated duty cycle's time up */
    HT_EVIDENCE_TOLD_LIMIT,     /* at 1.5 x the keep-alive that a rule states */
    HT_EVIDENCE_TOLD_TOO_SHORT, /* shorter than that: nobody could have noticed silence */
    HT_EVIDENCE_TOLD_LABEL,     /* relabelled by a rule; detail = the model's cause */
    HT_EVIDENCE_KIND_COUNT,
};

/* 8 bytes. */
struct ht_evidence_item {
    uint8_t kind;   /* enum ht_evidence_kind */
    uint8_t detail; /* of some kinds */
    int16_t
        weight_centi; /* natural log of the likelihood ratio for the given cause, x 100, clamped */
    uint32_t value;
};

struct ht_verdict {
    uint8_t cause; /* enum ht_cause */
    uint8_t evidence_count;
    uint16_t confidence_q16; /* probability x 65535 */
    uint32_t incident;       /* index in ht_verdicts.incidents, or HT_NONE32 */
    struct ht_evidence_item evidence[HT_EVIDENCE_MAX];
};

struct ht_incident {
    int64_t start_us;
    int64_t end_us;
    uint32_t hub;
    uint32_t network; /* string: the prefix, for a site outage; 0 otherwise */
    uint8_t cause;    /* enum ht_cause: HUB_TRANSIENT, PLATFORM_UPGRADE or SITE_OUTAGE */
    uint32_t devices; /* with a verdict that points here */
    uint32_t disconnects;
    uint32_t connected_before;
    float confidence;
};

enum ht_cadence_kind { HT_CADENCE_TOKEN = 0, HT_CADENCE_CLOSE, HT_CADENCE_NETWORK };
enum { HT_CADENCE_KINDS = 3 };

/* A peak in the session lengths of a cluster (SDK family, protocol, X.509 or not). */
struct ht_cadence {
    uint32_t sdk_family; /* enum ht_sdk_family */
    uint32_t protocol;   /* string */
    uint32_t kind;       /* enum ht_cadence_kind */
    bool x509;
    uint32_t low_s;
    uint32_t high_s;
    uint32_t middle_s;
    uint32_t sessions;
    uint32_t devices;
    float hit_rate;
};

struct ht_verdicts {
    const struct ht_verdict *verdicts;
    size_t count;
    const struct ht_incident *incidents;
    size_t incident_count;
    const struct ht_cadence *cadences;
    size_t cadence_count;
    const uint32_t
        *device_cadence_s; /* parallel to ht_log.devices: the length that recurs, 0 = none */
};

/* Frees everything; the struct is then empty. */
void ht_verdicts_release(struct ht_verdicts *verdicts);

static inline double ht_verdict_confidence(const struct ht_verdict *verdict) {
    return (double)verdict->confidence_q16 / 65535.0;
}

#endif
