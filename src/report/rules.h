/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_RULES_H
#define HT_REPORT_RULES_H
/* When a rule of findings.def fires, and how grave it is. */
#include "report/habits.h"

enum ht_rule {
#define HT_RULE(id, rule, marks, normal, title, action, url) HT_RULE_##id,
#include "model/findings.def"
#undef HT_RULE
    HT_RULE_COUNT
};

enum {
    /* An incident is grave when it hits so many devices and so much of the hub. */
    HT_INCIDENT_DEVICES = 10,
    HT_INCIDENT_PERCENT = 5,
    /* Away for so long is grave. */
    HT_AWAY_GRAVE_S = 3600,
    /* Refused by errors of the hub: with so many devices it is grave. */
    HT_HUB_REFUSES_DEVICES = 5,
    /* So many take-overs are two clients; fewer may be a device that is back before the hub notices
     * that it was gone. */
    HT_TAKE_OVERS = 4,
    /* Late renewals that are more than bad luck: so many, and one in so many. */
    HT_LATE_RENEWALS = 2,
    HT_LATE_ONE_IN = 5,
    /* Losses of the network that are worth a look: so many, and so many a day. */
    HT_LOSSES = 5,
    HT_LOSSES_A_DAY = 5,
    /* Unknown disconnects of a hub: so many, and so much of all. */
    HT_UNKNOWN_DISCONNECTS = 10,
    HT_UNKNOWN_PERCENT = 20,
    /* Records: a share, in percent, that makes a note a warning. */
    HT_BAD_PERCENT = 1,
    HT_MISSING_PERCENT = 2,
};

struct ht_rule_text {
    const char *rule;
    bool marks;
    bool normal;
    const char *title;
    const char *action;
    const char *url;
};

const struct ht_rule_text *ht_rule_text(enum ht_rule rule);

/* What a rule finds on one device. */
struct ht_hit {
    bool hit;
    uint64_t disconnects;
    /* What devices are ranked by, worst first; the unit is the rule's: seconds refused, away or
     * late; disconnects; disconnects within an hour; refused connects. */
    int64_t weight;
    uint32_t period_s; /* of renewals, duty cycles and regular losses; 0 = not known */
    /* Of those that the hub refuses. */
    uint32_t refused;
    uint32_t code;
    int64_t since_us;
};

void ht_rules_judge(const struct ht_figures *figures, const struct ht_habits *habits,
                    struct ht_hit hits[HT_RULE_COUNT]);

/* Level of a finding on so many devices whose greatest weight is this. */
enum ht_level ht_rule_level(enum ht_rule rule, uint64_t devices, int64_t weight);

/* What to do about losses that come at regular intervals. */
const char *ht_rule_action_regular(void);

/* log_end_us: the last event of the incident's hub. */
enum ht_level ht_incident_level(const struct ht_incident_view *incident, int64_t log_end_us);
enum ht_rule ht_incident_rule(enum ht_cause cause);

#endif
