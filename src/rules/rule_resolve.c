/* SPDX-License-Identifier: MIT */
/* From rules to devices: done once, so that the later stages only look up. */
#include <stdlib.h>

#include "rules/rulebook_private.h"

/* What rules ask of a device: what the log says of its connections, the latest that says so. */
struct traits {
    struct ht_str id; /* "device/module" for a module */
    struct ht_str hub;
    struct ht_str sdk;
    struct ht_str protocol;
    struct ht_str network;
    bool x509;
    bool amqp;
};

static uint32_t latest(uint32_t known, uint32_t older) {
    return known != 0 ? known : older;
}

static struct traits traits_of(const struct ht_log *log, const struct ht_sessions *sessions,
                               uint32_t device, char buffer[HT_PATTERN_SUBJECT_BYTES]) {
    const struct ht_device *of = &log->devices[device];
    const struct ht_device_sessions *own = &sessions->by_device[device];
    uint32_t sdk = 0;
    uint32_t protocol = 0;
    uint32_t network = 0;
    uint8_t auth = HT_AUTH_UNKNOWN;
    for (uint32_t i = own->count; i-- > 0;) {
        const struct ht_session *session = &sessions->sessions[own->first + i];
        sdk = latest(sdk, session->sdk);
        protocol = latest(protocol, session->protocol);
        network = latest(network, session->network);
        auth = auth != HT_AUTH_UNKNOWN ? auth : session->auth;
    }
    return (struct traits){
        .id = ht_pattern_subject(ht_log_str(log, of->id), ht_log_str(log, of->module), buffer),
        .hub = ht_log_str(log, log->hubs[of->hub].name),
        .sdk = ht_log_str(log, sdk),
        .protocol = ht_log_str(log, protocol),
        .network = ht_log_str(log, network),
        .x509 = auth == HT_AUTH_X509,
        .amqp = ht_str_starts_nocase(ht_log_str(log, protocol), HT_STR("Amqp")),
    };
}

/* A pattern that keeps running into the limit is given up, so that many hostile ids cost no more
 * than some. */
static bool finds(const struct ht_pattern *pattern, struct ht_str subject,
                  struct rule_match *match) {
    if (pattern == NULL) {
        return true;
    }
    if (match->limit_hits >= RULEBOOK_LIMIT_HITS) {
        return false;
    }
    const enum ht_match found = ht_pattern_search(pattern, subject);
    match->limit_hits += found == HT_MATCH_LIMIT;
    return found == HT_MATCH_YES;
}

static bool begins(struct ht_str text, struct ht_str prefix) {
    return text.len >= prefix.len && ht_str_eq((struct ht_str){text.ptr, prefix.len}, prefix);
}

/* What costs least is asked first. */
static bool matches(struct rule_match *match, const struct traits *traits) {
    return (match->hub.len == 0 || ht_str_eq_nocase(match->hub, traits->hub)) &&
           (match->network.len == 0 || begins(traits->network, match->network)) &&
           finds(match->protocol, traits->protocol, match) &&
           finds(match->sdk, traits->sdk, match) && finds(match->device, traits->id, match);
}

/* A token that a rule states is none where the log shows a certificate; and over AMQP, where SDKs
 * renew in place, a lifetime alone makes no period. */
static bool is_void(const struct ht_known_rule *rule, enum ht_known_property property,
                    const struct traits *traits) {
    return property == HT_KNOWN_TOKEN && !rule->without_token &&
           (traits->x509 || (traits->amqp && !rule->is_period));
}

static void take_rule(const struct ht_known *known, size_t index, const struct traits *traits,
                      unsigned *taken, struct ht_known_device *device) {
    const struct ht_known_rule *rule = &known->rules[index];
    for (size_t p = 0; p < HT_KNOWN_COUNT; p++) {
        if ((rule->states >> p & 1U) != 0 && (*taken >> p & 1U) == 0) {
            *taken |= 1U << p;
            device->rule[p] =
                (uint16_t)(is_void(rule, (enum ht_known_property)p, traits) ? 0 : index + 1);
        }
    }
}

static void resolve_device(struct ht_rulebook *book, const struct traits *traits,
                           struct ht_known_device *device) {
    struct ht_known *known = &book->known;
    unsigned taken = 0;
    device->family = (uint8_t)ht_sdk_family(traits->sdk);
    for (size_t i = 0; i < known->rule_count; i++) {
        if (matches(&book->matches[i], traits)) {
            known->rules[i].devices++;
            take_rule(known, i, traits, &taken, device);
        }
        known->rules[i].hit_limit = book->matches[i].limit_hits > 0;
    }
}

enum ht_status ht_rulebook_resolve(struct ht_rulebook *book, const struct ht_log *log,
                                   const struct ht_sessions *sessions, struct ht_known *known) {
    char buffer[HT_PATTERN_SUBJECT_BYTES];
    book->known.devices = calloc(log->device_count + 1, sizeof *book->known.devices);
    if (book->known.devices == NULL) {
        return HT_E_NOMEM;
    }
    for (uint32_t d = 0; d < log->device_count; d++) {
        if (log->devices[d].id != 0) {
            const struct traits traits = traits_of(log, sessions, d, buffer);
            resolve_device(book, &traits, &book->known.devices[d]);
        }
    }
    *known = book->known;
    /* The matches go with the book, but their count with the rules. */
    for (size_t i = 0; i < known->rule_count; i++) {
        ht_pattern_free(book->matches[i].device);
        ht_pattern_free(book->matches[i].sdk);
        ht_pattern_free(book->matches[i].protocol);
    }
    free(book->matches);
    book->matches = NULL;
    book->known = (struct ht_known){.rules = NULL};
    return HT_OK;
}
