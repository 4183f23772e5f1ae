/* SPDX-License-Identifier: MIT */
/*
 * How many devices are connected, moment by moment.
 *
 * A moment is a second, or some seconds where the time is long. Each stretch of a device adds one
 * where it begins and takes it away where it ends; the sums over all moments are the counts.
 */
#include <stdlib.h>

#include "base/large.h"
#include "report/charts_private.h"
#include "report/timeline.h"

enum { MOMENTS_MAX = 1 << 20 };

struct ht_chart_presence {
    /* What changes at each moment; a last one for what never ends. Two arrays, since few changes
     * are of what is known. */
    int32_t *up;
    int32_t *known;
    int64_t from_us;
    int64_t step_us;
    size_t first; /* moments of the report */
    size_t last;
    int64_t last_us;
    int64_t known_until_us; /* of the device that is walked */
    int64_t devices;
};

enum ht_status ht_chart_presence_begin(struct ht_chart_span span, const struct ht_chart_axis *axis,
                                       struct ht_chart_presence **presence) {
    struct ht_chart_presence *made = calloc(1, sizeof *made);
    *presence = made;
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    if (axis->count == 0) {
        return HT_OK;
    }
    const int64_t part_s = axis->step_us / HT_US_PER_S;
    int64_t step_s = (part_s * (int64_t)axis->count - 1) / MOMENTS_MAX + 1;
    while (part_s % step_s != 0) {
        step_s++;
    }
    made->from_us = axis->from_us;
    made->step_us = step_s * HT_US_PER_S;
    made->first = (size_t)((span.first_us - axis->from_us) / made->step_us);
    made->last = (size_t)((span.last_us - axis->from_us) / made->step_us);
    made->last_us = span.last_us;
    made->up = ht_large_zeroed(2 * (made->last + 2), sizeof *made->up);
    if (made->up == NULL) {
        free(made);
        *presence = NULL;
        return HT_E_NOMEM;
    }
    made->known = made->up + made->last + 2;
    return HT_OK;
}

/* The end of the log ends nothing. */
static size_t moment_of(const struct ht_chart_presence *presence, int64_t time_us) {
    if (time_us >= presence->last_us) {
        return presence->last + 1;
    }
    const int64_t past_us = time_us - presence->from_us;
    return past_us > 0 ? (size_t)((uint64_t)past_us / (uint64_t)presence->step_us) : 0;
}

static void add_stretch(void *ctx, enum ht_device_state state, int64_t begin_us, int64_t end_us) {
    struct ht_chart_presence *presence = ctx;
    if (state == HT_STATE_UNKNOWN) {
        return;
    }
    if (state == HT_STATE_UP) {
        presence->up[moment_of(presence, begin_us)]++;
        presence->up[moment_of(presence, end_us)]--;
    }
    if (begin_us != presence->known_until_us) {
        presence->known[moment_of(presence, begin_us)]++;
        if (presence->known_until_us != HT_TIME_NONE) {
            presence->known[moment_of(presence, presence->known_until_us)]--;
        }
    }
    presence->known_until_us = end_us;
}

void ht_chart_presence_add(const struct ht_report *report, uint32_t device,
                           struct ht_chart_presence *presence) {
    struct ht_timeline ignored;
    if (presence->up == NULL) {
        return;
    }
    presence->devices++;
    presence->known_until_us = HT_TIME_NONE;
    ht_timeline_walk(report, device, add_stretch, presence, &ignored);
    if (presence->known_until_us != HT_TIME_NONE) {
        presence->known[moment_of(presence, presence->known_until_us)]--;
    }
}

void ht_chart_presence_end(struct ht_chart_presence *presence, struct ht_chart_maker *maker) {
    struct ht_charts *charts = &maker->charts;
    int64_t up = 0;
    int64_t known = 0;
    size_t bucket = HT_INDEX_NONE;
    for (size_t i = 0; presence->up != NULL && i <= presence->last; i++) {
        up += presence->up[i];
        known += presence->known[i];
        if (i < presence->first) {
            continue;
        }
        const int64_t time_us = presence->from_us + (int64_t)i * presence->step_us;
        const size_t at = ht_chart_part(&charts->time, time_us);
        struct ht_chart_bucket *out = &maker->buckets[at];
        const bool is_lowest = at != bucket || (uint64_t)up < out->connected_lowest;
        bucket = at;
        out->connected_lowest = is_lowest ? (uint64_t)up : out->connected_lowest;
        out->connected_last = (uint64_t)up;
        out->unknown_last = (uint64_t)(presence->devices - known);
        charts->most_connected =
            (uint64_t)up > charts->most_connected ? (uint64_t)up : charts->most_connected;
    }
    free(presence->up);
    free(presence);
}
