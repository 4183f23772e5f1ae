/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_PARAMETERS_H
#define HT_CLASSIFY_PARAMETERS_H
/*
 * Every number of the model that is not learned from the log, with its reason. Rates are per
 * second, spans in seconds, strengths in pseudo-observations.
 */

/* Rounds of rates -> posteriors -> rates. Three suffice; a fourth changes nothing visible. */
enum { HT_ROUNDS = 3 };

/* First guess of what one connected device suffers: one loss and one reset in two days, one clean
 * close a day. The log replaces it after the first round. */
#define HT_RATE_IDLE 6e-6
#define HT_RATE_RESET 6e-6
#define HT_RATE_CLOSE 6e-6

/* A device's rate is pulled to the fleet's as if it had been seen in this many events. */
#define HT_RATE_STRENGTH 1.0

/* No fleet is so well that nothing happens. */
#define HT_RATE_FLOOR 1e-8

/* What no rhythm explains: a token may run out at any moment (other lifetimes, own renewals), a hub
 * may drop a single device, and something else may happen. Small, so that marks must speak. */
#define HT_RATE_TOKEN_FLOOR 4e-7
#define HT_RATE_LOOSE 1e-5 /* a lower density of a token's end is no rhythm */
#define HT_LOOSE_SHARE 0.5 /* not all that ends with 401003 is a token's */
#define HT_RATE_HUB_FLOOR 1e-7
#define HT_RATE_SITE_FLOOR 1e-9
#define HT_RATE_OTHER 4e-8
#define HT_RATE_DUPLICATE_FLOOR 5e-9

/* Two clients throw each other out within seconds of each other (T: the 5-second loop). */
#define HT_DUPLICATE_NEAR_S 120
enum { HT_ALTERNATIONS_MIN = 5 };   /* take-overs to and fro between two addresses, */
#define HT_ALTERNATIONS_SHARE 0.8   /* of all ends of the device */
#define HT_RATE_DUPLICATE_PAIR 2e-5 /* a bad link can do that twice */
#define HT_RATE_DUPLICATE_LOOP 1e-2
enum { HT_TAKE_OVERS_OF_ONE = 4 }; /* one client on a bad link does that fewer times in a row, */
#define HT_DUPLICATE_OF_ONE 0.02   /* and behind one address, with one SDK, it is the likelier */

/* X.509 has no token; AMQP renews in place (SDK documentation), though some stacks do not. */
#define HT_TOKEN_X509 1e-3
#define HT_TOKEN_AMQP 0.05

/* A silent device is noticed after 1.5 keep-alives, and the shortest common one is 60 s. */
enum { HT_YOUNG_S = 60 };
#define HT_IDLE_WHEN_YOUNG 0.05

/* What is restarted every night drops within this of the same time of day, and so often when it
 * has done so on a day beside; a network that is cut every night is rarer. */
enum { HT_DAILY_S = 900 };
#define HT_DAILY_DENSITY (0.5 / (2 * HT_DAILY_S))
#define HT_DAILY_IDLE_SHARE 0.1

/* Peaks of session ages. */
enum {
    HT_PEAK_WIDTH_MIN_S = 4,
    HT_PEAK_WIDTH_MAX_S = 1024,
    HT_PEAK_AGE_MIN_S = 45, /* shorter ages are loops of failures, not lifetimes */
    HT_PEAKS_MAX = 16,      /* per cluster, true and false */
    HT_PEAK_COUNT_MIN = 3,  /* of a cluster */
    HT_DEVICE_PEAK_COUNT_MIN = 4,
    HT_PEAK_TOGETHER_MAX = 2, /* sessions of one event that count */
};
#define HT_PEAK_WIDTH_SHARE 0.2 /* of the age: ten minutes of grace on an hour */
#define HT_PEAK_FLOOR 0.25      /* expected by chance even where the flanks are empty */
#define HT_PEAK_EVIDENCE 4.0    /* log-likelihood ratio wanted beyond log(ages) */
#define HT_PEAK_EDGE 0.1        /* a peak ends where the density falls below this of its core */

/* What a rhythm is before its marks are seen, and how closely these follow what is documented, in
 * pseudo-cases. */
#define HT_KIND_TOKEN 0.6
#define HT_KIND_CLOSE 0.12
#define HT_KIND_NETWORK 0.3       /* up to the cap of keep-alives, */
#define HT_KIND_NETWORK_LONG 0.02 /* beyond it */
#define HT_KIND_REFUSED 8.0 /* a refusal with 401xxx on the way back speaks so much for tokens */
#define HT_KIND_STRENGTH 0.5
#define HT_KIND_CASES_MAX 20.0      /* however many gaps there are, they say as much as so many */
enum { HT_KEEP_ALIVE_SLACK_S = 4 }; /* between a limit and the middle of a rhythm */

/* The shortest lifetime that was ever published is two minutes, renewed at 1:24. */
enum { HT_TOKEN_LIFE_MIN_S = 80 };

/* A documented lifetime, when the log has not shown another one for the cluster. */
#define HT_PRIOR_HIT_FAMILY 0.3
#define HT_PRIOR_HIT_UNKNOWN 0.06

/* What a documented lifetime counts for a session whose beginning was not seen. */
#define HT_UNSEEN_DOCUMENTED 0.25

/* How often a reconnect brings a new token. Most SDKs make one for every connect. */
#define HT_CLOCK_RENEWED 0.9
#define HT_CLOCK_STRENGTH 10.0
enum { HT_CLOCK_MAX = 7 };
#define HT_CLOCK_TICK                                                           \
    0.3 /* share of tokens renewed by a timer that goes on without a connection \
         */
enum {
    HT_CLOCK_TICKS_MAX = 4,
    HT_CLOCK_LOOK_BACK = 16, /* sessions */
    HT_CLOCK_GONE_S = 480,   /* a client can be gone as long before the hub notices */
};

/* A device's own use of a rhythm against its cluster's. */
#define HT_HABIT_STRENGTH 2.0
enum { HT_RHYTHMS_MAX = HT_PEAKS_MAX + 4 }; /* of a cluster: learned, and documented ones */

/* Strength of the documented marks against those learned from this log. */
#define HT_MARK_STRENGTH_TOKEN 20.0
#define HT_MARK_STRENGTH 40.0

/* However much is learned, so much of the documented marks stays: what has not been seen yet is not
 * impossible. */
#define HT_MARK_DOCUMENTED 0.05

/* Bursts. */
enum {
    HT_BURST_DEVICES_MIN = 5, /* fewer are hardly an incident */
    HT_SITE_DEVICES_MIN = 3,  /* hit, of at least */
    HT_SITE_SIZE_MIN = 4,     /* devices behind the prefix */
    HT_BURST_MERGE_S = 90,    /* windows closer than this are one burst */
    HT_BURST_LOCAL_S = 3600,  /* the neighbourhood on either side */
    HT_BURST_REPEAT_S = 300,  /* a device counts once in this time */
    HT_BURST_BIN_S = 300,     /* bins of the robust rate */
    HT_BURST_BINS_MAX = 100000,
    HT_BURST_REST_MIN = 3, /* devices, and prefixes, beside the prefix hit most */
};
#define HT_BURST_EDGE_EVIDENCE 3.0 /* at its edges are blocks with more than chance allows */
#define HT_BURST_BLOCK_PENALTY \
    3.0 /* log-likelihood that one more block must gain, beside log(cells) */
enum {
    HT_BURST_TAIL_S = 300,   /* what comes within this behind it can still belong to it, */
    HT_BURST_AFTER_S = 1800, /* and what was hit before can be hit again within this, */
    HT_BURST_NEAR_S = 150,   /* as often as others that came back are around it */
};
#define HT_BURST_AGAIN_EVIDENCE 4.0  /* when these are beyond chance; */
#define HT_BURST_AGAIN_STRENGTH 0.5  /* while it lasts, as if so many were seen to be hit again */
#define HT_BURST_AGAIN_S 600.0       /* after as many seconds each, */
#define HT_BURST_AGAIN_DECAY_S 300.0 /* and behind it less and less */
#define HT_BURST_EVIDENCE 5.0
#define HT_BURST_EVIDENCE_REST 10.0 /* of what is left where a site went as a whole */
#define HT_SITE_SHARE_MIN 0.3
#define HT_SITE_WHOLE_SHARE                                                                       \
    0.3                          /* of all devices ever seen behind a prefix: it went as a whole, \
                                  */
#define HT_SITE_WHOLE_FACTOR 2.0 /* when the hub's share is so many times smaller */
#define HT_BLIND_SHARE 0.1 /* of the connected: without prefixes and 5xx, so many are the hub's */
#define HT_ONE_SITE_SHARE 0.9 /* of the hub's devices behind one prefix: prefixes say nothing */
#define HT_BURST_SMALL_SHARE 0.6
enum { HT_BURST_SMALL_MIN = 3 };
#define HT_BURST_MARKS 2.5      /* a 5xx at the end or on the way back, against other ends */
#define HT_BURST_CHANCE_MIN 3.0 /* however many of those: so far beyond chance at least */
#define HT_BURST_FLOOR 0.3      /* expected by chance in any window */
#define HT_SITE_FLOOR 0.05      /* the same behind one prefix */

/* 5xx records of all categories around a burst: beyond chance, as usual though the hub has some. */
enum { HT_SERVER_NEAR_S = 120 }; /* 5xx within this of an end tell that the hub was ill then */
#define HT_SERVER_EVIDENCE 3.0
#define HT_SERVER_FACTOR_MORE 4.0
#define HT_SERVER_FACTOR_USUAL 0.7

/* Rules of users. A stated period is met but for what ends a session before; a device falls silent
 * right after its connect now and then; nobody is noticed before the keep-alive limit, unless the
 * rule is wrong; and the pause of a duty cycle is as long as stated, most of the time. */
#define HT_TOLD_HIT 0.9
#define HT_TOLD_LIMIT_HIT 0.02
#define HT_TOLD_TOO_SHORT 0.02
#define HT_TOLD_GAP 0.6
enum { HT_TOLD_DUTY_ONE_IN = 5 }; /* give or take a fifth */

/* An incident's edges are those of verdicts with these odds: a straggler does not stretch it. */
#define HT_INCIDENT_EDGE 0.9
enum { HT_INCIDENT_PAUSE_S = 180 }; /* unless it follows so soon */

/* Relapses carry it on for longer: a device that it threw out had come back, and is torn off again
 * after so short a session, as one in so many of its sessions at most is at other times. */
enum { HT_RELAPSE_S = 120, HT_RELAPSE_PAUSE_S = 300, HT_RELAPSE_ONE_IN = 10 };
/* A burst of which one in so many are relapses of another is that one, going on. */
enum { HT_RELAPSE_GOES_ON_ONE_IN = 3 };

/* More likely than not. */
#define HT_FAIR_ODDS 0.5

/* A verdict needs these odds for its class; else the cause is unknown. */
#define HT_VERDICT_MIN 0.6

/* What a code says outright: 400029, 429xxx, 403xxx, 404001. */
#define HT_SETTLED_CONFIDENCE 0.97

/* Of the posterior, when an end was sampled: without its level and code a duty cycle or a loss in a
 * rhythm looks like a token's. Measured on labelled fleets written as Event Grid events. */
#define HT_SNAPSHOT_TRUST 0.85

/* Weaker evidence than this (log-odds x 100) is not shown. */
#define HT_EVIDENCE_CENTI_MIN 10

#endif
