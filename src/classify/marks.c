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

static void split_token_signatures(const struct ht_docket *docket, struct ht_marks *marks) {
    for (size_t i = 0; i < docket->cluster_count; i++) {
        const bool known = is_known_sdk(&docket->clusters[i]);
        for (size_t k = 0; k < HT_SIGNATURE_NONE; k++) {
            struct ht_token_signature *split = &marks->token_signature[i][k];
            const double own = marks->token[i].signature[k];
            split->of_sdk = known ? own / documented_signature[HT_H_TOKEN][k] : 1;
            split->of_any = own / split->of_sdk;
        }
        marks->token_signature[i][HT_SIGNATURE_NONE] = (struct ht_token_signature){1, 1};
    }
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
    split_token_signatures(docket, marks);
    make_rows(marks);
}

enum ht_status ht_marks_init(const struct ht_docket *docket, struct ht_marks *marks) {
    *marks = (struct ht_marks){.token = NULL};
    marks->token = calloc(docket->cluster_count + 1, sizeof *marks->token);
    marks->token_signature = malloc((docket->cluster_count + 1) * sizeof *marks->token_signature);
    if (marks->token == NULL || marks->token_signature == NULL) {
        ht_marks_release(marks);
        return HT_E_NOMEM;
    }
    finish(docket, marks);
    return HT_OK;
}

void ht_marks_release(struct ht_marks *marks) {
    free(marks->token);
    free(marks->token_signature);
    marks->token = NULL;
    marks->token_signature = NULL;
}

/* How a cluster's tokens end is learned, but neither a take-over nor the hub's error is their end;
 * what a hub's incidents look like, but a hub closes neither cleanly nor for a token. */
static void count_signatures(const struct ht_case *item, struct ht_mark_table *token,
                             struct ht_mark_table *common) {
    if (item->signature == HT_SIGNATURE_NONE) {
        return;
    }
    if (item->signature != HT_SIGNATURE_TAKE_OVER && item->signature != HT_SIGNATURE_SERVER) {
        token->signature[item->signature] += (double)item->posterior[HT_H_TOKEN];
    }
    if (item->signature != HT_SIGNATURE_CLEAN && item->signature != HT_SIGNATURE_TOKEN) {
        common[HT_H_HUB].signature[item->signature] += (double)item->posterior[HT_H_HUB];
    }
}

static void count_gap(struct ht_mark_table *table, const struct ht_case *item, float weight) {
    if (item->returned && item->signature != HT_SIGNATURE_TAKE_OVER &&
        item->signature != HT_SIGNATURE_NONE) {
        table->gap[item->gap] += (double)weight;
    }
}

enum { BLOCK_CASES = 32 * 1024 };

/* Counts of each block of cases: a table for each hypothesis, then for the tokens of each cluster.
 */
struct counting {
    const struct ht_docket *docket;
    struct ht_mark_table *tables;
};

static size_t tables_of_block(const struct ht_docket *docket) {
    return HT_H_COUNT + docket->cluster_count;
}

static enum ht_status count_block(void *ctx, const struct ht_block *block) {
    const struct counting *counting = ctx;
    struct ht_mark_table *common =
        counting->tables + block->index * tables_of_block(counting->docket);
    for (size_t i = block->begin; i < block->end; i++) {
        const struct ht_case *item = &counting->docket->cases[i];
        struct ht_mark_table *token = common + HT_H_COUNT + item->cluster;
        if (item->settled != HT_CAUSE_UNKNOWN) {
            continue;
        }
        count_signatures(item, token, common);
        count_gap(token, item, item->posterior[HT_H_TOKEN]);
        count_gap(&common[HT_H_HUB], item, item->posterior[HT_H_HUB]);
        count_gap(&common[HT_H_SITE], item, item->posterior[HT_H_SITE]);
        count_gap(&common[HT_H_CLOSE], item, item->posterior[HT_H_CLOSE]);
    }
    return HT_OK;
}

static void add_table(const struct ht_mark_table *part, struct ht_mark_table *sum) {
    for (size_t i = 0; i < HT_SIGNATURE_COUNT; i++) {
        sum->signature[i] += part->signature[i];
    }
    for (size_t i = 0; i < HT_GAP_BUCKETS; i++) {
        sum->gap[i] += part->gap[i];
    }
}

static void add_up(const struct counting *counting, size_t blocks, struct ht_marks *marks) {
    const struct ht_docket *docket = counting->docket;
    const struct ht_mark_table *part = counting->tables;
    memset(marks->common, 0, sizeof marks->common);
    memset(marks->token, 0, docket->cluster_count * sizeof *marks->token);
    for (size_t b = 0; b < blocks; b++) {
        for (size_t h = 0; h < HT_H_COUNT; h++) {
            add_table(part++, &marks->common[h]);
        }
        for (size_t i = 0; i < docket->cluster_count; i++) {
            add_table(part++, &marks->token[i]);
        }
    }
}

/*
 * What is learned is what differs from log to log: how a cluster's tokens end, how a hub's
 * incidents look, how long planned pauses are. A close is clean by definition; a loss and a reset
 * are so alike that they would drift and change places; and what explains nothing must not learn to
 * explain.
 */
enum ht_status ht_marks_learn(const struct ht_docket *docket, struct ht_marks *marks) {
    const size_t blocks = ht_parallel_block_count(docket->count, BLOCK_CASES);
    struct counting counting = {
        .docket = docket,
        .tables = calloc(blocks * tables_of_block(docket) + 1, sizeof *counting.tables),
    };
    if (counting.tables == NULL) {
        return HT_E_NOMEM;
    }
    const enum ht_status status =
        ht_parallel_for(docket->parallel, docket->count, BLOCK_CASES, count_block, &counting);
    if (status == HT_OK) {
        add_up(&counting, blocks, marks);
        finish(docket, marks);
    }
    free(counting.tables);
    return status;
}

void ht_mark_rows_of(const struct ht_marks *marks, const struct ht_case *item,
                     struct ht_mark_rows *rows) {
    static const double no_mark[HT_H_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1};
    const struct ht_mark_table *token = &marks->token[item->cluster];
    rows->answer = return_rows[item->answer];
    rows->signature =
        item->signature != HT_SIGNATURE_NONE ? marks->signature_rows[item->signature] : no_mark;
    rows->token_signature = marks->token_signature[item->cluster][item->signature];
    rows->gap = no_mark;
    rows->token_gap = 1;
    if (item->signature == HT_SIGNATURE_TAKE_OVER || item->signature == HT_SIGNATURE_NONE) {
        return; /* closed by the return itself, or both sampled: no gap to be weighed */
    }
    /* A token that is not renewed is refused until somebody helps: any gap can follow. */
    rows->gap = item->returned ? marks->gap_rows[item->gap] : marks->gap_tail_rows[item->gap];
    rows->token_gap = item->refused_401 ? rows->gap[HT_H_OTHER]
                      : item->returned  ? token->gap[item->gap]
                                        : token->gap_tail[item->gap];
}
