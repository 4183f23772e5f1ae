/* SPDX-License-Identifier: MIT */
#include "classify/rates.h"

#include <stdlib.h>
#include <string.h>

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

static double connected_s(const struct ht_session *session) {
    const int64_t length_s = ht_session_length_s(session);
    return length_s > 0 ? (double)length_s : 0;
}

enum ht_status ht_rates_init(const struct ht_docket *docket, struct ht_rates *rates) {
    *rates = (struct ht_rates){.token = NULL};
    memcpy(rates->fleet, rate_floor, sizeof rates->fleet);
    rates->fleet[HT_H_IDLE] = HT_RATE_IDLE;
    rates->fleet[HT_H_RESET] = HT_RATE_RESET;
    rates->fleet[HT_H_CLOSE] = HT_RATE_CLOSE;
    rates->token = malloc((docket->cluster_count + 1) * sizeof *rates->token);
    rates->devices = ht_large_zeroed(docket->log->device_count + 1, sizeof *rates->devices);
    if (rates->token == NULL || rates->devices == NULL) {
        ht_rates_release(rates);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < docket->cluster_count; i++) {
        rates->token[i] = HT_RATE_TOKEN_FLOOR;
    }
    for (size_t i = 0; i < docket->sessions->session_count; i++) {
        const struct ht_session *session = &docket->sessions->sessions[i];
        rates->devices[session->device].connected_s += connected_s(session);
    }
    return HT_OK;
}

void ht_rates_release(struct ht_rates *rates) {
    free(rates->token);
    free(rates->devices);
    *rates = (struct ht_rates){.token = NULL};
}

static double larger(double a, double b) {
    return a > b ? a : b;
}

/* Ends and seconds of each cluster. */
struct cluster_rate {
    double ends;
    double connected_s;
};

/* A code shows that a token ended, and no rhythm explains when. */
static bool is_loose(const struct ht_docket *docket, const struct ht_clock *clock, size_t index) {
    const struct ht_case *item = &docket->cases[index];
    const struct ht_session *session = &docket->sessions->sessions[item->session];
    return clock->readings[index].density < (float)HT_RATE_LOOSE &&
           (item->signature == HT_SIGNATURE_TOKEN || (session->flags & HT_SESSION_RETURN_401) != 0);
}

static void add_up(const struct ht_docket *docket, const struct ht_clock *clock,
                   struct ht_rates *rates, struct cluster_rate *clusters, double *ends) {
    for (size_t d = 0; d < docket->log->device_count; d++) {
        memset(rates->devices[d].ends, 0, sizeof rates->devices[d].ends);
        rates->devices[d].loose = 0;
    }
    for (size_t i = 0; i < docket->count; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (item->settled != HT_CAUSE_UNKNOWN) {
            continue;
        }
        for (size_t h = 0; h < HT_H_COUNT; h++) {
            /* What a rhythm explains is no sign of how often the rest happens. */
            const float share = h == HT_H_IDLE || h == HT_H_RESET ? 1 - item->rhythmic : 1;
            rates->devices[item->device].ends[h] += item->posterior[h] * share;
            ends[h] += (double)(item->posterior[h] * share);
        }
        rates->devices[item->device].loose += is_loose(docket, clock, i) ? 1.0F : 0.0F;
        clusters[item->cluster].ends += (double)item->posterior[HT_H_TOKEN];
    }
}

enum ht_status ht_rates_learn(const struct ht_docket *docket, const struct ht_clock *clock,
                              struct ht_rates *rates) {
    struct cluster_rate *clusters = calloc(docket->cluster_count + 1, sizeof *clusters);
    double ends[HT_H_COUNT] = {0};
    double total_s = 1;
    if (clusters == NULL) {
        return HT_E_NOMEM;
    }
    add_up(docket, clock, rates, clusters, ends);
    for (size_t i = 0; i < docket->sessions->session_count; i++) {
        const double own_s = connected_s(&docket->sessions->sessions[i]);
        clusters[docket->session_cluster[i]].connected_s += own_s;
        total_s += own_s;
    }
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        /* The first guess counts as much as one event. */
        const bool guessed = h == HT_H_IDLE || h == HT_H_RESET || h == HT_H_CLOSE;
        const double rate =
            guessed ? (ends[h] + 1) / (total_s + 1 / HT_RATE_IDLE) : ends[h] / total_s;
        rates->fleet[h] = h == HT_H_OTHER ? HT_RATE_OTHER : larger(rate, rate_floor[h]);
    }
    for (size_t i = 0; i < docket->cluster_count; i++) {
        rates->token[i] =
            larger(clusters[i].ends / (clusters[i].connected_s + 1), HT_RATE_TOKEN_FLOOR);
    }
    free(clusters);
    return HT_OK;
}

double ht_rate_of_device(const struct ht_rates *rates, const struct ht_case *item,
                         enum ht_hypothesis hypothesis) {
    const struct ht_device_rate *device = &rates->devices[item->device];
    const double fleet = rates->fleet[hypothesis];
    const double others = (double)(device->ends[hypothesis] - item->posterior[hypothesis]);
    return ((others > 0 ? others : 0) + HT_RATE_STRENGTH) /
           (device->connected_s + HT_RATE_STRENGTH / fleet);
}

double ht_rate_of_loose_tokens(const struct ht_docket *docket, const struct ht_clock *clock,
                               const struct ht_rates *rates, size_t index) {
    const struct ht_device_rate *device = &rates->devices[docket->cases[index].device];
    const double others = (double)device->loose - (is_loose(docket, clock, index) ? 1 : 0);
    return HT_RATE_TOKEN_FLOOR +
           (others > 1 ? HT_LOOSE_SHARE * others / (device->connected_s + 1) : 0);
}
