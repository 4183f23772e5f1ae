/* SPDX-License-Identifier: MIT */
#include "classify/winner.h"

#include "classify/parameters.h"

enum ht_cause ht_hypothesis_cause(enum ht_hypothesis hypothesis) {
    static const enum ht_cause causes[HT_H_COUNT] = {
        [HT_H_TOKEN] = HT_CAUSE_TOKEN_EXPIRY,
        [HT_H_IDLE] = HT_CAUSE_IDLE_TIMEOUT,
        [HT_H_RESET] = HT_CAUSE_CONNECTION_RESET,
        [HT_H_CLOSE] = HT_CAUSE_CLIENT_CLOSE,
        [HT_H_HUB] = HT_CAUSE_HUB_TRANSIENT,
        [HT_H_SITE] = HT_CAUSE_SITE_OUTAGE,
        [HT_H_DUPLICATE] = HT_CAUSE_DUPLICATE_IDENTITY,
        [HT_H_OTHER] = HT_CAUSE_UNKNOWN,
    };
    return causes[hypothesis];
}

enum ht_hypothesis ht_winner(const struct ht_case *item) {
    double classes[HT_CLASS_COUNT] = {0};
    enum ht_class best_class = HT_CLASS_UNKNOWN;
    enum ht_hypothesis best = HT_H_OTHER;
    for (size_t h = 0; h < HT_H_COUNT; h++) {
        classes[ht_cause_class(ht_hypothesis_cause((enum ht_hypothesis)h))] +=
            (double)item->posterior[h];
    }
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        best_class = classes[i] > classes[best_class] ? (enum ht_class)i : best_class;
    }
    if (best_class == HT_CLASS_UNKNOWN || classes[best_class] < HT_VERDICT_MIN) {
        return HT_H_OTHER;
    }
    for (size_t h = 0; h < HT_H_OTHER; h++) {
        const enum ht_hypothesis hypothesis = (enum ht_hypothesis)h;
        if (ht_cause_class(ht_hypothesis_cause(hypothesis)) == best_class &&
            (best == HT_H_OTHER || item->posterior[h] > item->posterior[best])) {
            best = hypothesis;
        }
    }
    /* A close is told from a loss by the level of its record alone. */
    return best == HT_H_CLOSE && item->signature == HT_SIGNATURE_NONE ? HT_H_OTHER : best;
}

enum ht_hypothesis ht_leading(const struct ht_case *item) {
    enum ht_hypothesis best = HT_H_TOKEN;
    for (size_t h = 0; h < HT_H_OTHER; h++) {
        best = item->posterior[h] > item->posterior[best] ? (enum ht_hypothesis)h : best;
    }
    return best;
}

uint32_t ht_winner_burst(const struct ht_case *item) {
    if (item->hub_burst == HT_NONE32 && item->site_burst == HT_NONE32) {
        return HT_NONE32;
    }
    if (item->settled != HT_CAUSE_UNKNOWN) {
        return item->settled == HT_CAUSE_PLATFORM_UPGRADE ? item->hub_burst : HT_NONE32;
    }
    const enum ht_hypothesis winner = ht_winner(item);
    return winner == HT_H_HUB    ? item->hub_burst
           : winner == HT_H_SITE ? item->site_burst
                                 : HT_NONE32;
}
