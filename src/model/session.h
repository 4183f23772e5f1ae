/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_SESSION_H
#define HT_MODEL_SESSION_H
/*
 * struct ht_sessions - what [correlate] makes of a log: each connection's life, and how it ended.
 *
 * A session whose end is HT_END_SEEN carries one episode ("a disconnect"): its closing records,
 * taken together.
 *
 * Invariants: sessions are in order of (device, begin); those of one device do not overlap. end_us
 * is the first closing record of an episode, the hub's last event for an open session, and the time
 * of the evidence (the next connect) for a missing end. start_us is likewise the hub's first event
 * or the end before it when the begin is not in the log.
 */
#include <stddef.h>
#include <stdint.h>

#include "model/log.h"

enum ht_session_flag {
    HT_SESSION_CLEAN = 1 << 0, /* closed with level Information and no code */
    HT_SESSION_TAKEN_OVER =
        1 << 1, /* 400027 or 409002 stamped after the new connect: the new one is the cause */
    HT_SESSION_OVERLAPS = 1 << 2,   /* the next connect came before the end was logged */
    HT_SESSION_RETURN_5XX = 1 << 3, /* refused with 5xx on the way back */
    HT_SESSION_RETURN_401 = 1 << 4, /* refused with 401xxx on the way back */
    HT_SESSION_RETURN_429 = 1 << 5, /* refused with 429xxx on the way back */
    HT_SESSION_SNAPSHOT = 1 << 6, /* its end was sampled: no code, no level, nothing to tell from */
};

struct ht_session {
    int64_t start_us;
    int64_t end_us;
    uint32_t device;
    uint32_t
        sdk; /* string ids; from the connect, else from the device's nearest record that says */
    uint32_t protocol;
    uint32_t network;
    uint32_t codes[HT_CODES_MAX]; /* distinct, ascending, 0 = unused; of the closing records */
    uint32_t message; /* string: the first error message of the closing records, 0 = none */
    uint32_t gap_s;   /* first closing record to the next accepted connect; HT_NONE32 = none came */
    uint32_t refused; /* refused connects between */
    uint32_t refused_code; /* code of the last of them, 0 = none */
    uint16_t closing_records;
    uint8_t start; /* enum ht_session_start */
    uint8_t end;   /* enum ht_session_end */
    uint8_t auth;  /* enum ht_auth */
    uint8_t level; /* worst of the closing records */
    uint8_t flags; /* enum ht_session_flag */
    uint8_t reserved;
};

/* What the device's log holds besides sessions. */
struct ht_device_sessions {
    uint32_t first; /* index in ht_sessions.sessions */
    uint32_t count;
    uint32_t connects;
    uint32_t refused;
    uint32_t refused_open;      /* refused connects after the last accepted connect or end */
    uint32_t refused_open_code; /* of the last of them */
    uint32_t refused_open_message;
    int64_t refused_open_since_us;
};

struct ht_sessions {
    const struct ht_session *sessions; /* not NULL, even when there is none */
    size_t session_count;
    const struct ht_device_sessions *by_device; /* parallel to ht_log.devices */
    uint64_t starts_before_log;
    uint64_t starts_missing;
    uint64_t ends_missing;
};

/* Frees everything; the struct is then empty. */
void ht_sessions_release(struct ht_sessions *sessions);

static inline int64_t ht_session_length_s(const struct ht_session *session) {
    return (session->end_us - session->start_us) / INT64_C(1000000);
}

#endif
