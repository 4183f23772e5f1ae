/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_HABITS_H
#define HT_REPORT_HABITS_H
/* How a device behaves: what its pattern and the findings on it are made of. */
#include "report/figures.h"

enum {
    /* Flapping: at least so many disconnects within an hour, more than half of them after sessions
     * that were shorter than this. Renewals, clean closes, take-overs and incidents don't count. */
    HT_FLAP_DISCONNECTS = 5,
    HT_FLAP_WITHIN_S = 3600,
    HT_FLAP_SESSION_S = 300,
    /* Away for longer than usual: than this, so many times the device's median gap, and so many of
     * its gaps. */
    HT_AWAY_S = 15 * 60,
    HT_AWAY_GAPS = 3,
    HT_AWAY_PERCENT = 90,
    /* A clean closer has gone only when it has come back so often that a usual gap is known. */
    HT_AWAY_CLOSER_GAPS = 3,
    /* Refused for good: not for a moment at the end of the log. */
    HT_REFUSED_S = 5 * 60,
    /* A duty cycle: so many pauses between clean closes, the middle half of them within a fifth. */
    HT_DUTY_PERIODS = 3,
    HT_DUTY_SPREAD = 5,
    /* A loss is at the length that recurs when it is off by at most one in so many. */
    HT_CADENCE_ONE_IN = 20,
};

/* Why the hub refuses, as its message says. */
enum ht_refusal {
    HT_REFUSAL_NONE = 0, /* not refused at the end of the log */
    HT_REFUSAL_UNKNOWN_DEVICE,
    HT_REFUSAL_SIGNATURE,
    HT_REFUSAL_THUMBPRINT,
    HT_REFUSAL_RULE,
    HT_REFUSAL_EXPIRED,
    HT_REFUSAL_UNSAID,
    HT_REFUSAL_DISABLED, /* 404001, 403012 */
    HT_REFUSAL_QUOTA,
    HT_REFUSAL_THROTTLED,
    HT_REFUSAL_HUB, /* 5xx, or an upgrade or failover that lasts */
    HT_REFUSAL_OTHER,
};

struct ht_habits {
    uint32_t gap_count;        /* of the whole log: times that it came back */
    uint32_t gap_median_s;     /* HT_NONE32 when it never came back, as the next */
    uint32_t gap_long_s;       /* HT_AWAY_PERCENT of its gaps are not longer */
    uint32_t token_period_s;   /* 0 = not known */
    uint32_t network_period_s; /* lost at this age again and again; 0 = not regular */
    uint32_t duty_period_s;    /* from clean close to clean close; 0 = not regular */
    uint32_t flaps;            /* most within an hour; 0 = does not flap */
    uint32_t late_renewals;    /* token expiry and away for longer than a renewal takes */
    uint32_t late_longest_s;
    uint32_t hub_alone; /* hub trouble outside of any incident shown */
    uint32_t upgrade_alone;
    uint32_t throttled;       /* disconnects by it, or returns that were refused with 429xxx */
    enum ht_cause last_cause; /* of the last disconnect, when that is where the log leaves it */
    int64_t away_s;           /* down at the end of the log for longer than usual; 0 = not */
    int64_t away_since_us;
    enum ht_refusal refusal;
    int64_t refused_s; /* from the first refused connect to the end of the log */
    int64_t refused_since_us;
    uint32_t refused;
    uint32_t refused_code;
};

/* Memory that is reused from device to device. */
struct ht_habit_scratch {
    uint32_t *values;
    size_t value_capacity;
    struct ht_flap *flaps;
    size_t flap_capacity;
};

HT_MUST_CHECK enum ht_status ht_habits_of(const struct ht_report *report, uint32_t device,
                                          struct ht_habit_scratch *scratch, struct ht_habits *out);
void ht_habit_scratch_release(struct ht_habit_scratch *scratch);

#endif
