/* SPDX-License-Identifier: MIT */
/* Features of episodes, and the clusters of like devices. */
#include "classify/case.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/large.h"
#include "base/time.h"
#include "classify/parameters.h"
#include "model/code.h"

unsigned ht_gap_bucket(uint64_t gap_s) {
    unsigned bucket = 0;
    while (gap_s > 0 && bucket < HT_GAP_NEVER) {
        gap_s >>= 1;
        bucket++;
    }
    return bucket;
}

/* SDK families by string, found once each. */
struct families {
    uint8_t *of_string; /* family + 1; 0 = not looked at */
};

static enum ht_sdk_family family_of(struct families *families, const struct ht_log *log,
                                    uint32_t sdk) {
    if (families->of_string[sdk] == 0) {
        families->of_string[sdk] = (uint8_t)(ht_sdk_family(ht_log_str(log, sdk)) + 1);
    }
    return (enum ht_sdk_family)(families->of_string[sdk] - 1);
}

static uint16_t cluster_of(struct ht_docket *docket, struct families *families,
                           const struct ht_session *session) {
    const struct ht_cluster wanted = {
        .family = (uint8_t)family_of(families, docket->log, session->sdk),
        .x509 = session->auth == HT_AUTH_X509,
        .protocol = session->protocol,
    };
    size_t i = 0;
    while (i < docket->cluster_count && (docket->clusters[i].family != wanted.family ||
                                         docket->clusters[i].x509 != wanted.x509 ||
                                         docket->clusters[i].protocol != wanted.protocol)) {
        i++;
    }
    if (i == HT_CLUSTERS_MAX) {
        return HT_CLUSTERS_MAX - 1;
    }
    if (i == docket->cluster_count) {
        docket->clusters[i] = wanted;
        docket->clusters[i].amqp =
            ht_str_starts_nocase(ht_log_str(docket->log, wanted.protocol), HT_STR("Amqp"));
        docket->cluster_count++;
    }
    return (uint16_t)i;
}

static bool has_http(const struct ht_session *session, uint32_t http) {
    for (size_t i = 0; i < HT_CODES_MAX; i++) {
        if (session->codes[i] != 0 && ht_code_http(session->codes[i]) == http) {
            return true;
        }
    }
    return false;
}

static bool has_code(const struct ht_session *session, uint32_t code) {
    for (size_t i = 0; i < HT_CODES_MAX; i++) {
        if (session->codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* The hub's own trouble: 5xx, or that it fails over. */
static bool has_server_error(const struct ht_session *session) {
    for (size_t i = 0; i < HT_CODES_MAX; i++) {
        if (ht_code_is_server_error(session->codes[i]) ||
            session->codes[i] == HT_CODE_HUB_FAILING_OVER) {
            return true;
        }
    }
    return false;
}

static enum ht_signature signature_of(const struct ht_session *session) {
    if ((session->flags & HT_SESSION_SNAPSHOT) != 0) {
        return HT_SIGNATURE_NONE;
    }
    if ((session->flags & HT_SESSION_CLEAN) != 0) {
        return HT_SIGNATURE_CLEAN;
    }
    if (has_code(session, HT_CODE_TAKEN_OVER) || has_code(session, HT_CODE_LINK_CONFLICT)) {
        return HT_SIGNATURE_TAKE_OVER;
    }
    if (has_http(session, 401)) {
        return HT_SIGNATURE_TOKEN;
    }
    if (has_server_error(session)) {
        return HT_SIGNATURE_SERVER;
    }
    return has_code(session, HT_CODE_CLOSED_REMOTELY) ? HT_SIGNATURE_REMOTE : HT_SIGNATURE_OTHER;
}

/* Codes that leave nothing to be weighed. Source: Microsoft's page of error codes. */
static enum ht_cause settled_by(const struct ht_session *session) {
    if (has_code(session, HT_CODE_CLOSED_BY_UPGRADE) ||
        has_code(session, HT_CODE_REFUSED_BY_UPGRADE)) {
        return HT_CAUSE_PLATFORM_UPGRADE;
    }
    if (has_http(session, 429)) {
        return HT_CAUSE_THROTTLED;
    }
    if (has_code(session, HT_CODE_QUOTA_EXCEEDED) || has_code(session, HT_CODE_HUB_SUSPENDED)) {
        return HT_CAUSE_QUOTA;
    }
    /* Removed or disabled while it was connected: said to the next connect only. */
    if (has_code(session, HT_CODE_DEVICE_NOT_FOUND) || has_code(session, HT_CODE_DEVICE_DISABLED) ||
        session->refused_code == HT_CODE_DEVICE_NOT_FOUND ||
        session->refused_code == HT_CODE_DEVICE_DISABLED) {
        return HT_CAUSE_DEVICE_REMOVED;
    }
    return HT_CAUSE_UNKNOWN;
}

static enum ht_return answer_of(const struct ht_session *session) {
    return (session->flags & HT_SESSION_RETURN_5XX) != 0   ? HT_RETURN_5XX
           : (session->flags & HT_SESSION_RETURN_429) != 0 ? HT_RETURN_429
           : (session->flags & HT_SESSION_RETURN_401) != 0 ? HT_RETURN_401
                                                           : HT_RETURN_PLAIN;
}

/* How long the device was away at least, when no accepted connect is known: to the end of the log,
 * or not at all when it was connected again, though that connect is missing. */
static uint64_t away_s(const struct ht_docket *docket, uint32_t index) {
    const struct ht_session *session = &docket->sessions->sessions[index];
    const struct ht_device_sessions *own = &docket->sessions->by_device[session->device];
    const struct ht_hub *hub = &docket->log->hubs[docket->log->devices[session->device].hub];
    const bool is_last = index + 1 == own->first + own->count;
    const int64_t left_s = (hub->last_us - session->end_us) / HT_US_PER_S;
    return is_last && left_s > 0 ? (uint64_t)left_s : 0;
}

static struct ht_case make_case(const struct ht_docket *docket, uint32_t index) {
    const struct ht_session *session = &docket->sessions->sessions[index];
    const bool returned = session->gap_s != HT_NONE32;
    return (struct ht_case){
        .session = index,
        .device = session->device,
        .hub = docket->log->devices[session->device].hub,
        .network = ht_known_place(docket->known, docket->log, session),
        .age_s =
            session->start == HT_START_SEEN ? (uint32_t)ht_session_length_s(session) : HT_NONE32,
        .hub_burst = HT_NONE32,
        .site_burst = HT_NONE32,
        .cluster = docket->session_cluster[index],
        .signature = (uint8_t)signature_of(session),
        .gap = (uint8_t)ht_gap_bucket(returned ? session->gap_s : away_s(docket, index)),
        .returned = returned,
        .settled = (uint8_t)settled_by(session),
        .answer = (uint8_t)answer_of(session),
        .refused_401 = (session->flags & HT_SESSION_RETURN_401) != 0,
    };
}

/* Count take-overs of the same device near each other, forwards over its cases. */
static void count_near_take_overs(const struct ht_docket *docket, size_t begin, size_t end) {
    size_t first = begin;
    size_t last = begin;
    for (size_t i = begin; i < end; i++) {
        const int64_t time_us = docket->sessions->sessions[docket->cases[i].session].end_us;
        const int64_t near_us = HT_DUPLICATE_NEAR_S * HT_US_PER_S;
        while (docket->sessions->sessions[docket->cases[first].session].end_us <
               time_us - near_us) {
            first++;
        }
        last = last < i ? i : last;
        while (last < end &&
               docket->sessions->sessions[docket->cases[last].session].end_us <=
                   time_us + near_us &&
               last - first < 16) {
            last++;
        }
        unsigned found = 0;
        for (size_t k = first; k < last; k++) {
            found += k != i && docket->cases[k].signature == HT_SIGNATURE_TAKE_OVER;
        }
        docket->cases[i].near_take_overs = (uint8_t)(found < UINT8_MAX ? found : UINT8_MAX);
    }
}

static int64_t end_s(const struct ht_docket *docket, size_t index) {
    return docket->sessions->sessions[docket->cases[index].session].end_us / HT_US_PER_S;
}

static bool is_remote(const struct ht_docket *docket, size_t index) {
    return docket->cases[index].signature == HT_SIGNATURE_REMOTE;
}

/* Ends at the same time of two days in a row, such as nightly restarts. */
static void count_daily(const struct ht_docket *docket, size_t begin, size_t end) {
    size_t next = begin;
    for (size_t i = begin; i < end; i++) {
        const int64_t low_s = end_s(docket, i) + HT_S_PER_DAY - HT_DAILY_S;
        while (next < end && (end_s(docket, next) < low_s || !is_remote(docket, next))) {
            next++;
        }
        if (next < end && is_remote(docket, i) &&
            end_s(docket, next) <= low_s + (int64_t)2 * HT_DAILY_S) {
            docket->cases[i].daily |= 1;
            docket->cases[next].daily |= 2;
        }
    }
    for (size_t i = begin; i < end; i++) {
        struct ht_case *item = &docket->cases[i];
        item->daily = (uint8_t)((item->daily & 1) + (item->daily >> 1));
    }
}

/* Thrown out by a client behind another address, which had been connected before: two places. */
static bool is_alternation(const struct ht_docket *docket, const struct ht_device_sessions *own,
                           uint32_t index) {
    const struct ht_session *sessions = docket->sessions->sessions;
    if (index == own->first || index + 1 >= own->first + own->count) {
        return false;
    }
    const uint32_t before = sessions[index - 1].network;
    const uint32_t behind = sessions[index + 1].network;
    return before != 0 && before == behind && sessions[index].network != 0 &&
           sessions[index].network != before;
}

/* Another SDK took over than the one that was there. */
static bool is_other_sdk(const struct ht_docket *docket, const struct ht_device_sessions *own,
                         uint32_t index) {
    const struct ht_session *sessions = docket->sessions->sessions;
    return index + 1 < own->first + own->count && sessions[index].sdk != 0 &&
           sessions[index + 1].sdk != 0 && sessions[index].sdk != sessions[index + 1].sdk;
}

/* Take-overs to and fro between two addresses, and hardly an end besides, tell of two clients
 * however slow they are. A mobile device changes its address too, but its sessions end in other
 * ways as well. */
static void count_alternations(const struct ht_docket *docket, const struct ht_device_sessions *own,
                               size_t begin, size_t end) {
    size_t found = 0;
    for (size_t i = begin; i < end; i++) {
        struct ht_case *item = &docket->cases[i];
        const bool alternates =
            item->signature == HT_SIGNATURE_TAKE_OVER && is_alternation(docket, own, item->session);
        found += alternates;
        item->two_clients = alternates || is_other_sdk(docket, own, item->session);
    }
    if (found < HT_ALTERNATIONS_MIN ||
        (double)found < HT_ALTERNATIONS_SHARE * (double)(end - begin)) {
        return;
    }
    for (size_t i = begin; i < end; i++) {
        struct ht_case *item = &docket->cases[i];
        if (item->signature == HT_SIGNATURE_TAKE_OVER && item->near_take_overs < found - 1) {
            item->near_take_overs = (uint8_t)(found - 1 < UINT8_MAX ? found - 1 : UINT8_MAX);
        }
    }
}

static enum ht_status allocate(struct ht_docket *docket) {
    const size_t sessions = docket->sessions->session_count;
    docket->cases = ht_large_alloc(sessions, sizeof *docket->cases);
    docket->session_cluster = ht_large_alloc(sessions, sizeof *docket->session_cluster);
    docket->device_first = calloc(docket->log->device_count + 1, sizeof *docket->device_first);
    docket->clusters = calloc(HT_CLUSTERS_MAX, sizeof *docket->clusters);
    const bool complete = docket->cases != NULL && docket->session_cluster != NULL &&
                          docket->device_first != NULL && docket->clusters != NULL;
    return complete ? HT_OK : HT_E_NOMEM;
}

static bool is_alike(const struct ht_session *a, const struct ht_session *b) {
    return a->sdk == b->sdk && a->protocol == b->protocol && a->auth == b->auth;
}

/* Clusters in order of first sight, and where each device's cases go. */
static void survey(struct ht_docket *docket, struct families *families) {
    const struct ht_session *before = NULL;
    for (uint32_t d = 0; d < docket->log->device_count; d++) {
        const struct ht_device_sessions *own = &docket->sessions->by_device[d];
        docket->device_first[d] = (uint32_t)docket->count;
        for (uint32_t i = own->first; i < own->first + own->count; i++) {
            const struct ht_session *session = &docket->sessions->sessions[i];
            docket->session_cluster[i] = before != NULL && is_alike(before, session)
                                             ? docket->session_cluster[i - 1]
                                             : cluster_of(docket, families, session);
            docket->count += session->end == HT_END_SEEN;
            before = session;
        }
    }
    docket->device_first[docket->log->device_count] = (uint32_t)docket->count;
}

static enum ht_status fill(void *ctx, const struct ht_block *block) {
    const struct ht_docket *docket = ctx;
    for (size_t d = block->begin; d < block->end; d++) {
        const struct ht_device_sessions *own = &docket->sessions->by_device[d];
        const uint32_t begin = docket->device_first[d];
        const uint32_t end = docket->device_first[d + 1];
        uint32_t next = begin;
        for (uint32_t i = own->first; i < own->first + own->count; i++) {
            if (docket->sessions->sessions[i].end == HT_END_SEEN) {
                docket->cases[next++] = make_case(docket, i);
            }
        }
        count_near_take_overs(docket, begin, end);
        count_daily(docket, begin, end);
        count_alternations(docket, own, begin, end);
    }
    return HT_OK;
}

enum ht_status ht_docket_make(const struct ht_log *log, const struct ht_sessions *sessions,
                              const struct ht_known *known, const struct ht_parallel *parallel,
                              struct ht_docket *docket) {
    *docket =
        (struct ht_docket){.log = log, .sessions = sessions, .known = known, .parallel = parallel};
    struct families families = {calloc(log->string_count + 1, 1)};
    enum ht_status status = families.of_string != NULL ? allocate(docket) : HT_E_NOMEM;
    if (status == HT_OK) {
        enum { BLOCK_DEVICES = 1024 };
        survey(docket, &families);
        status = ht_parallel_for(parallel, log->device_count, BLOCK_DEVICES, fill, docket);
    }
    free(families.of_string);
    if (status != HT_OK) {
        ht_docket_release(docket);
    }
    return status;
}

void ht_docket_release(struct ht_docket *docket) {
    free(docket->cases);
    free(docket->session_cluster);
    free(docket->device_first);
    free(docket->clusters);
    *docket = (struct ht_docket){.count = 0};
}
