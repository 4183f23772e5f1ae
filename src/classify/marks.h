/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_MARKS_H
#define HT_CLASSIFY_MARKS_H
/*
 * The marks that a cause leaves: what the closing records look like, how long the device stays
 * away, how it is treated on its way back. Likelihoods start from what is documented and measured,
 * and learn from the log; those of token expiry are learned for each cluster.
 */
#include "classify/case.h"

struct ht_mark_table {
    double signature[HT_SIGNATURE_COUNT];
    double gap[HT_GAP_BUCKETS];      /* of a device that came back */
    double gap_tail[HT_GAP_BUCKETS]; /* of one that has not: at least this long */
};

/* A token's signature in two parts: how tokens of its SDK end against tokens of any, and the rest.
 */
struct ht_token_signature {
    double of_sdk; /* 1 when the SDK is not known */
    double of_any;
};

struct ht_marks {
    struct ht_mark_table common[HT_H_COUNT];
    struct ht_mark_table *token; /* by cluster, as the next */
    struct ht_token_signature (*token_signature)[HT_SIGNATURE_COUNT];
    /* The common tables again, a row for each mark. */
    double signature_rows[HT_SIGNATURE_COUNT][HT_H_COUNT];
    double gap_rows[HT_GAP_BUCKETS][HT_H_COUNT];
    double gap_tail_rows[HT_GAP_BUCKETS][HT_H_COUNT];
};

/* Likelihoods of one case under each hypothesis. */
struct ht_mark_rows {
    const double *signature;
    struct ht_token_signature token_signature; /* in place of that row's */
    const double *gap;
    double token_gap;
    const double *answer;
};

/* Documented marks. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_marks_init(const struct ht_docket *docket, struct ht_marks *marks);
void ht_marks_release(struct ht_marks *marks);

/* Documented marks and what the posteriors of the docket tell. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_marks_learn(const struct ht_docket *docket, struct ht_marks *marks);

/* The rows live as long as the marks do, until these are learned again. */
void ht_mark_rows_of(const struct ht_marks *marks, const struct ht_case *item,
                     struct ht_mark_rows *rows);

#endif
