/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_MARKS_H
#define HT_CLASSIFY_MARKS_H
/*
 * The marks that a cause leaves: what the closing records look like, how long the device stays
 * away, how it is treated on its way back. Likelihoods start from what is documented and measured,
 * and learn from the log; those of token expiry are learned for each cluster.
 */
#include "classify/case.h"

/* How the hub answered connects on the way back. */
enum ht_return {
    HT_RETURN_PLAIN = 0,
    HT_RETURN_401,
    HT_RETURN_429,
    HT_RETURN_5XX,
    HT_RETURN_COUNT
};

struct ht_mark_table {
    double signature[HT_SIGNATURE_COUNT];
    double gap[HT_GAP_BUCKETS];      /* of a device that came back */
    double gap_tail[HT_GAP_BUCKETS]; /* of one that has not: at least this long */
};

struct ht_marks {
    struct ht_mark_table common[HT_H_COUNT];
    struct ht_mark_table *token; /* by cluster */
    /* The common tables again, a row for each mark. */
    double signature_rows[HT_SIGNATURE_COUNT][HT_H_COUNT];
    double gap_rows[HT_GAP_BUCKETS][HT_H_COUNT];
    double gap_tail_rows[HT_GAP_BUCKETS][HT_H_COUNT];
};

/* Likelihoods of one case under each hypothesis. */
struct ht_mark_rows {
    const double *signature;
    double token_signature; /* in place of that row's */
    const double *gap;
    double token_gap;
    const double *answer;
};

/* Documented marks. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_marks_init(const struct ht_docket *docket, struct ht_marks *marks);
void ht_marks_release(struct ht_marks *marks);

/* Documented marks and what the posteriors of the docket tell. */
void ht_marks_learn(const struct ht_docket *docket, struct ht_marks *marks);

/* The rows live as long as the marks do, until these are learned again. */
void ht_mark_rows_of(const struct ht_marks *marks, const struct ht_case *item,
                     const struct ht_session *session, struct ht_mark_rows *rows);
/* The part of a token's signature that its SDK makes: against tokens of any SDK; 1 when not known.
 */
double ht_mark_sdk(const struct ht_marks *marks, const struct ht_docket *docket,
                   const struct ht_case *item);

#endif
