/* SPDX-License-Identifier: MIT */
#include "report/rules.h"

#include "base/check.h"

const struct ht_rule_text *ht_rule_text(enum ht_rule rule) {
    static const struct ht_rule_text texts[HT_RULE_COUNT] = {
#define HT_RULE(id, name, marks, normal, title, action, url) \
    {name, marks, normal, title, action, url},
#include "model/findings.def"
#undef HT_RULE
    };
    HT_ASSERT(rule < HT_RULE_COUNT);
    return &texts[rule];
}

static void hit(struct ht_hit *hit, uint64_t disconnects, int64_t weight) {
    *hit = (struct ht_hit){.hit = true, .disconnects = disconnects, .weight = weight};
}

static void hit_by_count(struct ht_hit *target, uint64_t disconnects) {
    if (disconnects > 0) {
        hit(target, disconnects, (int64_t)disconnects);
    }
}

/* A token that ran out and is used again is its own case; the hub's message may not say so. */
static enum ht_rule rule_of_refusal(const struct ht_habits *habits) {
    if (habits->last_cause == HT_CAUSE_TOKEN_EXPIRY &&
        (habits->refusal == HT_REFUSAL_EXPIRED || habits->refusal == HT_REFUSAL_UNSAID)) {
        return HT_RULE_TOKEN_NOT_RENEWED;
    }
    switch (habits->refusal) {
    case HT_REFUSAL_UNKNOWN_DEVICE:
        return HT_RULE_AUTH_UNKNOWN_DEVICE;
    case HT_REFUSAL_SIGNATURE:
        return HT_RULE_AUTH_SIGNATURE;
    case HT_REFUSAL_THUMBPRINT:
        return HT_RULE_AUTH_THUMBPRINT;
    case HT_REFUSAL_RULE:
        return HT_RULE_AUTH_RULE;
    case HT_REFUSAL_EXPIRED:
        return HT_RULE_AUTH_EXPIRED;
    case HT_REFUSAL_UNSAID:
        return HT_RULE_AUTH_UNSAID;
    default:
        return HT_RULE_COUNT;
    }
}

/* Refused at the end of the log, gone, or removed: one finding says it, not three. */
static void judge_absence(const struct ht_figures *figures, const struct ht_habits *habits,
                          struct ht_hit hits[HT_RULE_COUNT]) {
    const uint64_t removed = figures->by_cause[HT_CAUSE_DEVICE_REMOVED];
    const uint64_t quota = figures->by_cause[HT_CAUSE_QUOTA];
    const enum ht_rule rule = rule_of_refusal(habits);
    bool is_told = habits->last_cause == HT_CAUSE_DEVICE_REMOVED;
    if (rule != HT_RULE_COUNT) {
        hit(&hits[rule], rule == HT_RULE_TOKEN_NOT_RENEWED, habits->refused_s);
        is_told = true;
    }
    if (removed > 0 || habits->refusal == HT_REFUSAL_DISABLED) {
        const bool tries = habits->refusal == HT_REFUSAL_DISABLED;
        hit(&hits[HT_RULE_REMOVED], removed, tries ? (int64_t)habits->refused : 0);
        is_told = is_told || tries;
    }
    if (quota > 0 || habits->refusal == HT_REFUSAL_QUOTA) {
        hit(&hits[HT_RULE_QUOTA], quota, (int64_t)(quota + habits->refused));
        is_told = is_told || habits->refusal == HT_REFUSAL_QUOTA;
    }
    if (habits->refusal == HT_REFUSAL_HUB) {
        struct ht_hit *refuses = &hits[HT_RULE_HUB_REFUSES];
        hit(refuses, 0, habits->refused_s);
        refuses->refused = habits->refused;
        refuses->code = habits->refused_code;
        refuses->since_us = habits->refused_since_us;
    }
    is_told =
        is_told || habits->refusal == HT_REFUSAL_HUB || habits->refusal == HT_REFUSAL_THROTTLED;
    if (habits->away_s > 0 && !is_told) {
        hit(&hits[HT_RULE_NEVER_RETURNED], figures->disconnects > 0, habits->away_s);
    }
}

/* Idle and reset are hard to tell apart: together they must be many, the more frequent one names
 * the finding. */
static void judge_network(const struct ht_figures *figures, const struct ht_habits *habits,
                          struct ht_hit hits[HT_RULE_COUNT]) {
    const uint64_t idle = figures->by_cause[HT_CAUSE_IDLE_TIMEOUT];
    const uint64_t reset = figures->by_cause[HT_CAUSE_CONNECTION_RESET];
    const uint64_t span_s = (uint64_t)(figures->timeline.span_us / HT_US_PER_S);
    const uint64_t day_s = span_s > HT_S_PER_DAY ? span_s : HT_S_PER_DAY;
    if (habits->flaps > 0) {
        hit(&hits[HT_RULE_FLAPPING], idle + reset + figures->by_cause[HT_CAUSE_UNKNOWN],
            (int64_t)habits->flaps);
    } else if (idle + reset >= HT_LOSSES &&
               (idle + reset) * HT_S_PER_DAY >= day_s * HT_LOSSES_A_DAY) {
        struct ht_hit *losses = &hits[idle >= reset ? HT_RULE_IDLE : HT_RULE_RESET];
        hit_by_count(losses, idle + reset);
        losses->period_s = habits->network_period_s;
    }
}

void ht_rules_judge(const struct ht_figures *figures, const struct ht_habits *habits,
                    struct ht_hit hits[HT_RULE_COUNT]) {
    for (size_t i = 0; i < HT_RULE_COUNT; i++) {
        hits[i] = (struct ht_hit){.hit = false};
    }
    judge_absence(figures, habits, hits);
    judge_network(figures, habits, hits);
    hit_by_count(&hits[HT_RULE_DUPLICATE], figures->by_cause[HT_CAUSE_DUPLICATE_IDENTITY]);
    hit_by_count(&hits[HT_RULE_PLATFORM_UPGRADE], habits->upgrade_alone);
    hit_by_count(&hits[HT_RULE_HUB_ALONE], habits->hub_alone);
    hit_by_count(&hits[HT_RULE_UNKNOWN], figures->by_cause[HT_CAUSE_UNKNOWN]);
    if (habits->throttled > 0 || habits->refusal == HT_REFUSAL_THROTTLED) {
        hit(&hits[HT_RULE_THROTTLED], habits->throttled,
            (int64_t)habits->throttled + (int64_t)habits->refused);
    }
    if (habits->late_renewals >= HT_LATE_RENEWALS &&
        habits->late_renewals * (uint64_t)HT_LATE_ONE_IN >=
            figures->by_cause[HT_CAUSE_TOKEN_EXPIRY]) {
        hit(&hits[HT_RULE_TOKEN_LATE], habits->late_renewals, (int64_t)habits->late_longest_s);
    }
    hit_by_count(&hits[HT_RULE_RENEWAL], figures->renewals);
    hits[HT_RULE_RENEWAL].period_s = habits->token_period_s;
    if (habits->duty_period_s > 0) {
        hit_by_count(&hits[HT_RULE_DUTY], figures->by_cause[HT_CAUSE_CLIENT_CLOSE]);
        hits[HT_RULE_DUTY].period_s = habits->duty_period_s;
    }
}

const char *ht_rule_action_regular(void) {
    return "Look for a time-out on the way: a firewall, proxy, NAT or load balancer that cuts "
           "connections at that age, or a program that restarts then. Keep-alives must come more "
           "often than the narrowest of them allows; Azure cuts what is silent for 29.45 minutes, "
           "so that a keep-alive over 1,177 s never holds.";
}

enum ht_level ht_rule_level(enum ht_rule rule, uint64_t devices, int64_t weight) {
    switch (rule) {
    case HT_RULE_AUTH_UNKNOWN_DEVICE:
    case HT_RULE_AUTH_SIGNATURE:
    case HT_RULE_AUTH_THUMBPRINT:
    case HT_RULE_AUTH_RULE:
    case HT_RULE_AUTH_EXPIRED:
    case HT_RULE_AUTH_UNSAID:
    case HT_RULE_TOKEN_NOT_RENEWED:
    case HT_RULE_QUOTA:
        return HT_LEVEL_ERROR;
    case HT_RULE_DUPLICATE:
        return weight >= HT_TAKE_OVERS ? HT_LEVEL_ERROR : HT_LEVEL_WARNING;
    case HT_RULE_HUB_REFUSES:
        return devices >= HT_HUB_REFUSES_DEVICES ? HT_LEVEL_ERROR : HT_LEVEL_WARNING;
    case HT_RULE_THROTTLED: /* records alone, without a device that suffered */
        return weight > 0 ? HT_LEVEL_WARNING : HT_LEVEL_NOTE;
    case HT_RULE_NEVER_RETURNED:
        return weight >= HT_AWAY_GRAVE_S ? HT_LEVEL_ERROR : HT_LEVEL_WARNING;
    case HT_RULE_REMOVED: /* one that goes on trying was hardly meant to go */
        return weight > 0 ? HT_LEVEL_WARNING : HT_LEVEL_NOTE;
    case HT_RULE_FLAPPING:
    case HT_RULE_IDLE:
    case HT_RULE_RESET:
    case HT_RULE_TOKEN_LATE:
    case HT_RULE_UNREADABLE:
    case HT_RULE_DROPPED:
        return HT_LEVEL_WARNING;
    case HT_RULE_BAD_RECORDS: /* weight: percent of all */
        return weight >= HT_BAD_PERCENT ? HT_LEVEL_WARNING : HT_LEVEL_NOTE;
    case HT_RULE_RECORDS_MISSING:
        return weight >= HT_MISSING_PERCENT ? HT_LEVEL_WARNING : HT_LEVEL_NOTE;
    default:
        return HT_LEVEL_NOTE;
    }
}

enum ht_rule ht_incident_rule(enum ht_cause cause) {
    return cause == HT_CAUSE_PLATFORM_UPGRADE ? HT_RULE_PLATFORM_UPGRADE
           : cause == HT_CAUSE_SITE_OUTAGE    ? HT_RULE_SITE_OUTAGE
                                              : HT_RULE_HUB_INCIDENT;
}

enum ht_level ht_incident_level(const struct ht_incident_view *incident, int64_t log_end_us) {
    if (incident->planned) {
        return HT_LEVEL_NOTE;
    }
    switch (incident->cause) {
    case HT_CAUSE_PLATFORM_UPGRADE:
        return HT_LEVEL_NOTE;
    case HT_CAUSE_SITE_OUTAGE: {
        const bool had_time = log_end_us - incident->end_us >= HT_AWAY_S * HT_US_PER_S;
        return had_time && incident->returned * 2 < incident->devices ? HT_LEVEL_ERROR
                                                                      : HT_LEVEL_WARNING;
    }
    default: {
        const bool is_small =
            incident->devices < HT_INCIDENT_DEVICES ||
            (incident->connected_before > 0 &&
             incident->devices * 100 < incident->connected_before * HT_INCIDENT_PERCENT);
        return is_small ? HT_LEVEL_WARNING : HT_LEVEL_ERROR;
    }
    }
}
