/* SPDX-License-Identifier: MIT */
#include "classify/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "classify/parameters.h"

/*
 * Signatures: clean, 404104, 401003, take-over, 5xx, other. Sources: Microsoft's pages of error
 * codes and of connectivity troubleshooting; the SDKs' documentation of how they renew. A closing
 * record with a 5xx is the hub's own error: it says so itself, whatever else would fit.
 */
static const double documented_signature[HT_H_COUNT][HT_SIGNATURE_COUNT] = {
    [HT_H_TOKEN] = {.305, .272, .42, .001, 1e-9, .002}, /* family not known; see below */
    [HT_H_IDLE] = {.004, .7755, .003, .20, 1e-9, .02},  /* back before the hub noticed */
    [HT_H_RESET] = {.01, .9505, .003, .015, 1e-9, .02},
    [HT_H_CLOSE] = {.9985, .0001, .0002, .0001, 1e-9, .001}, /* clean by definition */
    [HT_H_HUB] = {.0002, .677, .002, .05, .22, .05},
    [HT_H_SITE] = {.004, .9355, .003, .04, 1e-9, .02},
    [HT_H_DUPLICATE] = {.01, .063, .004, .92, 1e-9, .003},
    [HT_H_OTHER] = {.10, .15, .05, .05, .15, .50},
};

/* A family that renews by itself closes cleanly; one that waits is cut by the hub with 401003. */
static const double token_renews[HT_SIGNATURE_COUNT] = {.905, .072, .02, .001, 1e-9, .002};
static const double token_waits[HT_SIGNATURE_COUNT] = {.08, .327, .59, .001, 1e-9, .002};

/* Gaps by power of two: 0, 1, 2, 4, 8, 16, 32 s, 1, 2, 4, 8, 17, 34, 68 min, longer. The published
 * series come back from a token's end within 1 to 14 s, from a reset within a minute; after a loss
 * a client needs minutes to notice (C: up to 8). */
static const double documented_gap[HT_H_COUNT][HT_GAP_BUCKETS] = {
    [HT_H_TOKEN] = {.08, .14, .22, .28, .17, .05, .02, .012, .008, .005, .004, .003, .003, .002,
                    .003},
    [HT_H_IDLE] = {.03, .02, .03, .05, .06, .08, .11, .14, .16, .13, .08, .05, .03, .02, .01},
    [HT_H_RESET] = {.02, .03, .05, .09, .15, .22, .19, .11, .06, .03, .02, .01, .008, .006, .006},
    [HT_H_CLOSE] = {.01, .01, .02, .03, .04, .05, .06, .08, .10, .12, .13, .13, .10, .06, .06},
    [HT_H_HUB] = {.01, .02, .04, .07, .10, .13, .16, .17, .13, .08, .04, .02, .01, .01, .01},
    [HT_H_SITE] = {.01, .01, .02, .03, .04, .06, .08, .11, .13, .14, .13, .10, .07, .04, .03},
    [HT_H_DUPLICATE] = {.40, .14, .14, .12, .08, .05, .03, .015, .01, .005, .003, .002, .002, .001,
                        .002},
    [HT_H_OTHER] = {.06, .06, .06, .07, .07, .07, .07, .07, .07, .07, .07, .07, .07, .06, .06},
};

/* Token, idle, reset, close, hub, site, duplicate, other. */
static const double return_rows[HT_RETURN_COUNT][HT_H_COUNT] = {
    [HT_RETURN_PLAIN] = {.885, .975, .975, .975, .63, .97, .97, .85},
    [HT_RETURN_401] = {.10, .005, .005, .005, .01, .005, .01, .05},
    [HT_RETURN_429] = {.005, .005, .005, .005, .08, .005, .01, .05},
    [HT_RETURN_5XX] = {.01, .015, .015, .015, .28, .02, .01, .05},
};

static void normalize(double *values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
    }
    for (size_t i = 0; i < count; i++) {
        values[i] /= sum;
    }
}

/* tail[k]: at least the k-th bucket, half of which is taken as over. */
static void make_tail(struct ht_mark_table *table) {
    double tail = 0;
    for (size_t i = HT_GAP_BUCKETS; i-- > 0;) {
        table->gap_tail[i] = tail + table->gap[i] * (i == HT_GAP_NEVER ? 1.0 : 0.5);
        tail += table->gap[i];
    }
}

/* strength pseudo-observations of what is documented plus what was counted; sums to 1. */
static void blend(double *values, const double *documented, size_t count, double strength) {
    for (size_t i = 0; i < count; i++) {
        values[i] += strength * documented[i];
    }
    normalize(values, count);
    for (size_t i = 0; i < count; i++) {
        values[i] += HT_MARK_DOCUMENTED * documented[i];
    }
    normalize(values, count);
}

static void blend_table(struct ht_mark_table *table, const double *signature, const double *gap,
                        double strength) {
    blend(table->signature, signature, HT_SIGNATURE_COUNT, strength);
    blend(table->gap, gap, HT_GAP_BUCKETS, strength);
    make_tail(table);
}

static bool is_known_sdk(const struct ht_cluster *cluster) {
    return cluster->family != HT_SDK_UNKNOWN && cluster->family != HT_SDK_OTHER;
}

static const double *token_signature(const struct ht_cluster *cluster) {
    if (!is_known_sdk(cluster)) {
        return documented_signature[HT_H_TOKEN];
    }
    return ht_sdk_traits((enum ht_sdk_family)cluster->family)->renews_by_itself ? token_renews
                                                                                : token_waits;
}

/* Row by row, so that a case finds what it needs side by side. */
static void make_rows(struct ht_marks *marks) {
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        const struct ht_mark_table *table = &marks->common[h];
        for (size_t i = 0; i < HT_SIGNATURE_COUNT; i++) {
            marks->signature_rows[i][h] = table->signature[i];
        }
        for (size_t i = 0; i < HT_GAP_BUCKETS; i++) {
            marks->gap_rows[i][h] = table->gap[i];
            marks->gap_tail_rows[i][h] = table->gap_tail[i];
        }
    }
}

/* Counts are in the tables; make likelihoods of them. */
static void finish(const struct ht_docket *docket, struct ht_marks *marks) {
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        blend_table(&marks->common[h], documented_signature[h], documented_gap[h],
                    HT_MARK_STRENGTH);
    }
    for (size_t i = 0; i < docket->cluster_count; i++) {
        blend_table(&marks->token[i], token_signature(&docket->clusters[i]),
                    documented_gap[HT_H_TOKEN], HT_MARK_STRENGTH_TOKEN);
    }
    make_rows(marks);
}

static void clear(const struct ht_docket *docket, struct ht_marks *marks) {
    memset(marks->common, 0, sizeof marks->common);
    memset(marks->token, 0, docket->cluster_count * sizeof *marks->token);
}

enum ht_status ht_marks_init(const struct ht_docket *docket, struct ht_marks *marks) {
    *marks = (struct ht_marks){.token = NULL};
    marks->token = calloc(docket->cluster_count + 1, sizeof *marks->token);
    if (marks->token == NULL) {
        return HT_E_NOMEM;
    }
    finish(docket, marks);
    return HT_OK;
}

void ht_marks_release(struct ht_marks *marks) {
    free(marks->token);
    marks->token = NULL;
}

/* How a cluster's tokens end is learned, but neither a take-over nor the hub's error is their end;
 * what a hub's incidents look like, but a hub closes neither cleanly nor for a token. */
static void count_signatures(struct ht_marks *marks, const struct ht_case *item) {
    if (item->signature == HT_SIGNATURE_NONE) {
        return;
    }
    if (item->signature != HT_SIGNATURE_TAKE_OVER && item->signature != HT_SIGNATURE_SERVER) {
        marks->token[item->cluster].signature[item->signature] +=
            (double)item->posterior[HT_H_TOKEN];
    }
    if (item->signature != HT_SIGNATURE_CLEAN && item->signature != HT_SIGNATURE_TOKEN) {
        marks->common[HT_H_HUB].signature[item->signature] += (double)item->posterior[HT_H_HUB];
    }
}

static void count_gap(struct ht_mark_table *table, const struct ht_case *item, float weight) {
    if (item->returned && item->signature != HT_SIGNATURE_TAKE_OVER &&
        item->signature != HT_SIGNATURE_NONE) {
        table->gap[item->gap] += (double)weight;
    }
}

/*
 * What is learned is what differs from log to log: how a cluster's tokens end, how a hub's
 * incidents look, how long planned pauses are. A close is clean by definition; a loss and a reset
 * are so alike that they would drift and change places; and what explains nothing must not learn to
 * explain.
 */
void ht_marks_learn(const struct ht_docket *docket, struct ht_marks *marks) {
    clear(docket, marks);
    for (size_t i = 0; i < docket->count; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (item->settled != HT_CAUSE_UNKNOWN) {
            continue;
        }
        count_signatures(marks, item);
        count_gap(&marks->token[item->cluster], item, item->posterior[HT_H_TOKEN]);
        count_gap(&marks->common[HT_H_HUB], item, item->posterior[HT_H_HUB]);
        count_gap(&marks->common[HT_H_SITE], item, item->posterior[HT_H_SITE]);
        count_gap(&marks->common[HT_H_CLOSE], item, item->posterior[HT_H_CLOSE]);
    }
    finish(docket, marks);
}

static enum ht_return answer_of(const struct ht_session *session) {
    return (session->flags & HT_SESSION_RETURN_5XX) != 0   ? HT_RETURN_5XX
           : (session->flags & HT_SESSION_RETURN_429) != 0 ? HT_RETURN_429
           : (session->flags & HT_SESSION_RETURN_401) != 0 ? HT_RETURN_401
                                                           : HT_RETURN_PLAIN;
}

void ht_mark_rows_of(const struct ht_marks *marks, const struct ht_case *item,
                     const struct ht_session *session, struct ht_mark_rows *rows) {
    static const double no_mark[HT_H_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1};
    const struct ht_mark_table *token = &marks->token[item->cluster];
    rows->answer = return_rows[answer_of(session)];
    rows->signature = no_mark;
    rows->token_signature = 1;
    rows->gap = no_mark;
    rows->token_gap = 1;
    if (item->signature != HT_SIGNATURE_NONE) {
        rows->signature = marks->signature_rows[item->signature];
        rows->token_signature = token->signature[item->signature];
    }
    if (item->signature == HT_SIGNATURE_TAKE_OVER || item->signature == HT_SIGNATURE_NONE) {
        return; /* closed by the return itself, or both sampled: no gap to be weighed */
    }
    /* A token that is not renewed is refused until somebody helps: any gap can follow. */
    const bool stuck = (session->flags & HT_SESSION_RETURN_401) != 0;
    rows->gap = item->returned ? marks->gap_rows[item->gap] : marks->gap_tail_rows[item->gap];
    rows->token_gap = stuck            ? rows->gap[HT_H_OTHER]
                      : item->returned ? token->gap[item->gap]
                                       : token->gap_tail[item->gap];
}

double ht_mark_sdk(const struct ht_marks *marks, const struct ht_docket *docket,
                   const struct ht_case *item) {
    return is_known_sdk(&docket->clusters[item->cluster]) && item->signature != HT_SIGNATURE_NONE
               ? marks->token[item->cluster].signature[item->signature] /
                     documented_signature[HT_H_TOKEN][item->signature]
               : 1;
}
