/* SPDX-License-Identifier: MIT */
#include "classify/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/large.h"
#include "classify/parameters.h"

static const double rate_floor[HT_H_COUNT] = {
    [HT_H_TOKEN] = HT_RATE_TOKEN_FLOOR,
    [HT_H_IDLE] = HT_RATE_FLOOR,
    [HT_H_RESET] = HT_RATE_FLOOR,
    [HT_H_CLOSE] = HT_RATE_FLOOR,
    [HT_H_HUB] = HT_RATE_HUB_FLOOR,
    [HT_H_SITE] = HT_RATE_SITE_FLOOR,
    [HT_H_DUPLICATE] = HT_RATE_DUPLICATE_FLOOR,
    [HT_H_OTHER] = HT_RATE_OTHER,
};

enum { BLOCK_DEVICES = 1024 };

/* What the cases, or the sessions, of a block of devices add up to. */
struct sums {
    double ends[HT_H_COUNT];
    struct cluster_sums {
        double ends;
        double connected_s;
    } clusters[HT_CLUSTERS_MAX];
};

struct adding {
    struct ht_docket *docket;
    const struct ht_clock *clock;
    struct ht_rates *rates;
    struct sums *sums; /* by block */
};

static enum ht_status add_sessions(void *ctx, const struct ht_block *block) {
    const struct adding *adding = ctx;
    const struct ht_docket *docket = adding->docket;
    const struct ht_device_sessions *own = docket->sessions->by_device;
    struct sums *sums = &adding->sums[block->index];
    for (size_t d = block->begin; d < block->end; d++) {
        for (uint32_t i = own[d].first; i < own[d].first + own[d].count; i++) {
            const int64_t length_s = ht_session_length_s(&docket->sessions->sessions[i]);
            const double connected_s = length_s > 0 ? (double)length_s : 0;
            adding->rates->devices[d].connected_s += connected_s;
            sums->clusters[docket->session_cluster[i]].connected_s += connected_s;
        }
    }
    return HT_OK;
}

/* A code shows that a token ended, and no rhythm explains when. */
static bool is_loose(const struct ht_clock *clock, const struct ht_case *item, size_t index) {
    return clock->readings[index].density < (float)HT_RATE_LOOSE &&
           (item->signature == HT_SIGNATURE_TOKEN || item->refused_401);
}

static void add_case(const struct adding *adding, size_t index, struct ht_device_rate *device,
                     struct sums *sums) {
    struct ht_case *item = &adding->docket->cases[index];
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        /* What a rhythm explains is no sign of how often the rest happens. */
        const float share = h == HT_H_IDLE || h == HT_H_RESET ? 1 - item->rhythmic : 1;
        device->ends[h] += item->posterior[h] * share;
        sums->ends[h] += (double)(item->posterior[h] * share);
        if (h >= HT_H_IDLE && h < HT_H_IDLE + HT_COUNTED) {
            item->counted[h - HT_H_IDLE] = item->posterior[h] * share;
        }
    }
    item->loose = is_loose(adding->clock, item, index);
    device->loose += item->loose ? 1.0F : 0.0F;
    sums->clusters[item->cluster].ends += (double)item->posterior[HT_H_TOKEN];
}

static enum ht_status add_cases(void *ctx, const struct ht_block *block) {
    const struct adding *adding = ctx;
    const struct ht_docket *docket = adding->docket;
    for (size_t d = block->begin; d < block->end; d++) {
        struct ht_device_rate *device = &adding->rates->devices[d];
        *device = (struct ht_device_rate){.connected_s = device->connected_s};
        for (uint32_t i = docket->device_first[d]; i < docket->device_first[d + 1]; i++) {
            if (docket->cases[i].settled == HT_CAUSE_UNKNOWN) {
                add_case(adding, i, device, &adding->sums[block->index]);
            }
        }
    }
    return HT_OK;
}

/* Add up blocks of devices, then the blocks. */
static enum ht_status add_up(struct adding *adding, ht_block_fn *add, struct sums *all) {
    const size_t devices = adding->docket->log->device_count;
    const size_t blocks = ht_parallel_block_count(devices, BLOCK_DEVICES);
    *all = (struct sums){.ends = {0}};
    adding->sums = calloc(blocks + 1, sizeof *adding->sums);
    if (adding->sums == NULL) {
        return HT_E_NOMEM;
    }
    const enum ht_status status =
        ht_parallel_for(adding->docket->parallel, devices, BLOCK_DEVICES, add, adding);
    for (size_t b = 0; b < blocks; b++) {
        const struct sums *part = &adding->sums[b];
        for (size_t h = 0; h < HT_H_COUNT; h++) {
            all->ends[h] += part->ends[h];
        }
        for (size_t i = 0; i < adding->docket->cluster_count; i++) {
            all->clusters[i].ends += part->clusters[i].ends;
            all->clusters[i].connected_s += part->clusters[i].connected_s;
        }
    }
    free(adding->sums);
    return status;
}

/* Quotients that each case needs. */
static void divide(struct ht_rates *rates) {
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        rates->strength_s[h] = HT_RATE_STRENGTH / rates->fleet[h];
        rates->least[h] = rate_floor[h] / rates->fleet[h];
    }
}

enum ht_status ht_rates_init(struct ht_docket *docket, struct ht_rates *rates) {
    struct adding adding = {.docket = docket, .rates = rates};
    struct sums all;
    *rates = (struct ht_rates){.clusters = NULL};
    memcpy(rates->fleet, rate_floor, sizeof rates->fleet);
    rates->fleet[HT_H_IDLE] = HT_RATE_IDLE;
    rates->fleet[HT_H_RESET] = HT_RATE_RESET;
    rates->fleet[HT_H_CLOSE] = HT_RATE_CLOSE;
    divide(rates);
    rates->clusters = malloc((docket->cluster_count + 1) * sizeof *rates->clusters);
    rates->devices = ht_large_zeroed(docket->log->device_count + 1, sizeof *rates->devices);
    const bool complete = rates->clusters != NULL && rates->devices != NULL;
    const enum ht_status status = complete ? add_up(&adding, add_sessions, &all) : HT_E_NOMEM;
    if (status != HT_OK) {
        ht_rates_release(rates);
        return status;
    }
    for (size_t i = 0; i < docket->cluster_count; i++) {
        rates->clusters[i].token = HT_RATE_TOKEN_FLOOR;
        rates->clusters[i].connected_s = all.clusters[i].connected_s;
        rates->connected_s += all.clusters[i].connected_s;
    }
    return HT_OK;
}

void ht_rates_release(struct ht_rates *rates) {
    free(rates->clusters);
    free(rates->devices);
    *rates = (struct ht_rates){.clusters = NULL};
}

static double larger(double a, double b) {
    return a > b ? a : b;
}

enum ht_status ht_rates_learn(struct ht_docket *docket, const struct ht_clock *clock,
                              struct ht_rates *rates) {
    struct adding adding = {.docket = docket, .clock = clock, .rates = rates};
    struct sums all;
    const double total_s = rates->connected_s + 1;
    HT_TRY(add_up(&adding, add_cases, &all));
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        /* The first guess counts as much as one event. */
        const bool guessed = h == HT_H_IDLE || h == HT_H_RESET || h == HT_H_CLOSE;
        const double rate =
            guessed ? (all.ends[h] + 1) / (total_s + 1 / HT_RATE_IDLE) : all.ends[h] / total_s;
        rates->fleet[h] = h == HT_H_OTHER ? HT_RATE_OTHER : larger(rate, rate_floor[h]);
    }
    divide(rates);
    for (size_t i = 0; i < docket->cluster_count; i++) {
        struct ht_cluster_rate *cluster = &rates->clusters[i];
        cluster->token =
            larger(all.clusters[i].ends / (cluster->connected_s + 1), HT_RATE_TOKEN_FLOOR);
    }
    return HT_OK;
}
