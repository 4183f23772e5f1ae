/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_KNOWN_H
#define HT_MODEL_KNOWN_H
/*
 * struct ht_known - what the user's rules (--rules) say of each device: what [rules] hands to
 * [classify] and [report]. Read-only once resolved.
 *
 * A device has at most one rule for each property: the first of the file that matches it and states
 * that property. Texts of rules are the user's, printable, and to be escaped like log text.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/pseudonym.h"
#include "hubtriage/report.h"
#include "model/log.h"
#include "model/sdk.h"
#include "model/session.h"

enum ht_known_property {
    HT_KNOWN_TOKEN = 0, /* its token's lifetime or period, or that it has none */
    HT_KNOWN_KEEP_ALIVE,
    HT_KNOWN_SITE,
    HT_KNOWN_MAINTENANCE,
    HT_KNOWN_DUTY,
    HT_KNOWN_RELABEL,
    HT_KNOWN_COUNT,
};

/* From connect to the end by its token; both inclusive. */
struct ht_known_period {
    uint32_t low_s;
    uint32_t high_s;
};

/* Weekly: days is a set, bit 0 = Sunday; from and to are seconds of the day in that zone, and
 * to_s <= from_s is on the next day. Once (days 0): half-open [from_us, to_us). */
struct ht_known_window {
    uint8_t days;
    int32_t zone_s;
    int32_t from_s;
    int32_t to_s;
    int64_t from_us;
    int64_t to_us;
};

enum { HT_KNOWN_CODES_MAX = 16 };

/* Ends of this kind get that cause. */
struct ht_known_relabel {
    uint32_t from; /* set of enum ht_cause; 0 = any */
    uint32_t codes[HT_KNOWN_CODES_MAX];
    size_t code_count;      /* one of them was among its closing records; 0 = whatever */
    bool needs_length;      /* of the session, which must be seen whole: */
    int64_t length_low_s;   /* inclusive */
    int64_t length_below_s; /* exclusive */
    enum ht_cause to;
};

struct ht_known_rule {
    const char *name;
    uint32_t line;
    unsigned states; /* bit 1 << enum ht_known_property */
    bool without_token;
    bool is_period;                                    /* not concluded from a lifetime */
    struct ht_known_period token[HT_SDK_FAMILY_COUNT]; /* by how the device's SDK renews */
    uint32_t keep_alive_s;
    const char *site;
    uint32_t site_index; /* the same for rules that name the same site */
    const struct ht_known_window *windows;
    size_t window_count;
    uint32_t duty_every_s;
    uint32_t duty_up_s;
    const struct ht_known_relabel *relabels;
    size_t relabel_count;
    uint64_t devices; /* that it matches */
    bool hit_limit;   /* its pattern ran into the match limit on some id */
};

struct ht_known_device {
    uint16_t rule[HT_KNOWN_COUNT]; /* index + 1, 0 = none */
    uint8_t family;                /* enum ht_sdk_family of its latest session that says */
};

struct ht_known {
    struct ht_known_rule *rules; /* in the order of the file */
    size_t rule_count;
    struct ht_known_device *devices; /* parallel to ht_log.devices; NULL: there are no rules */
    struct ht_arena text;            /* owns what the rules point to */
};

/* Names of rules and sites become pseudonyms. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_known_hide(struct ht_known *known,
                                           const struct ht_pseudonym_key *key);

/* Frees everything; the struct is then empty. */
void ht_known_release(struct ht_known *known);

/* The rule that states a property of a device, or NULL. known may be NULL. */
static inline const struct ht_known_rule *ht_known_of(const struct ht_known *known, uint32_t device,
                                                      enum ht_known_property property) {
    if (known == NULL || known->devices == NULL || known->devices[device].rule[property] == 0) {
        return NULL;
    }
    return &known->rules[known->devices[device].rule[property] - 1];
}

/*
 * The place of a session: the site that a rule names, else the address prefix, 0 when neither is
 * known. Sites are numbered behind the log's strings, so that they differ from every prefix.
 */
static inline uint32_t ht_known_place(const struct ht_known *known, const struct ht_log *log,
                                      const struct ht_session *session) {
    const struct ht_known_rule *rule = ht_known_of(known, session->device, HT_KNOWN_SITE);
    return rule != NULL ? (uint32_t)log->string_count + rule->site_index : session->network;
}

/* The end of the maintenance window of the device that a time is in; else that time itself. */
int64_t ht_known_planned_until(const struct ht_known *known, uint32_t device, int64_t time_us);

static inline bool ht_known_is_planned(const struct ht_known *known, uint32_t device,
                                       int64_t time_us) {
    return ht_known_planned_until(known, device, time_us) > time_us;
}

/* The relabelling that a session's end with that cause falls under, or NULL. */
const struct ht_known_relabel *ht_known_relabel_of(const struct ht_known *known,
                                                   const struct ht_session *session,
                                                   enum ht_cause cause);

#endif
