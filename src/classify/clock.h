/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CLOCK_H
#define HT_CLASSIFY_CLOCK_H
/*
 * The token's clock. A token may outlive a reconnect, so that the session which its end cuts is
 * shorter than the token's life. For each device a few hypotheses are kept of when the token in use
 * was made: at this connect, at an earlier one, or before the log.
 */
#include "classify/cadence.h"
#include "classify/case.h"

/* What the clock says at the end of one session. */
struct ht_clock_reading {
    float density;  /* of the token's end at this moment, per second */
    uint32_t age_s; /* of the token, by the hypothesis that speaks most for its end; HT_NONE32 when
                       not known */
    bool carried;   /* that token is older than the session */
};

struct ht_clock {
    struct ht_clock_reading *readings; /* parallel to the docket's cases */
    double *renewed;                   /* by cluster: share of reconnects that bring a new token */
};

/* HT_OK or HT_E_NOMEM. ht_clock_release() frees. */
HT_MUST_CHECK enum ht_status ht_clock_init(const struct ht_docket *docket, struct ht_clock *clock);
void ht_clock_release(struct ht_clock *clock);

/*
 * Read the clock of every case with the cadences, and learn from the posteriors how often a
 * reconnect brings a new token. O(sessions). HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_clock_read(const struct ht_docket *docket,
                                           const struct ht_cadences *cadences,
                                           struct ht_clock *clock);

#endif
