/* SPDX-License-Identifier: MIT */
/*
 * Each population's points are cut into blocks of constant rate; a point's hazard is the rate of
 * the others in its block, beyond what is usual, for each device that was still at risk. A point
 * does not speak for itself.
 */
#include "classify/burst_hazard.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "classify/parameters.h"

static const struct ht_session *session_of(const struct ht_docket *docket, uint32_t item) {
    return &docket->sessions->sessions[docket->cases[item].session];
}

/* Connected anew since second onset_s; a missing connect came after the end before it. */
static bool is_back(const struct ht_docket *docket, uint32_t item, int64_t onset_s) {
    const struct ht_session *session = session_of(docket, item);
    return session->start != HT_START_BEFORE_LOG && session->start_us >= onset_s * HT_US_PER_S;
}

/* An end that a code settles says nothing of how often the burst ends sessions without that code.
 */
static float unsettled_weight(const struct ht_docket *docket, const struct ht_burst_point *point) {
    return docket->cases[point->item].settled == HT_CAUSE_UNKNOWN ? point->weight : 0;
}

/* The points of one population, up to a time: copied to scratch, their number returned. */
static size_t pick(const struct ht_docket *docket, const struct ht_burst_reach *reach, bool back,
                   int64_t until_s, struct ht_burst_point *picked) {
    const int64_t onset_s = reach->points[reach->first].time_s;
    size_t count = 0;
    for (size_t i = reach->first; i < reach->point_count && reach->points[i].time_s <= until_s;
         i++) {
        if (is_back(docket, reach->points[i].item, onset_s) == back) {
            picked[count] = reach->points[i];
            picked[count++].weight = unsettled_weight(docket, &reach->points[i]);
        }
    }
    return count;
}

/* Does the hub answer with more 5xx than usual? */
static bool is_hub_ill(const struct ht_hub_facts *facts, uint32_t hub, int64_t time_s) {
    double usual = 0;
    const uint32_t seen =
        ht_hub_server_errors(facts, hub, (time_s - HT_SERVER_NEAR_S) * HT_US_PER_S,
                             (time_s + HT_SERVER_NEAR_S) * HT_US_PER_S, &usual);
    return ht_burst_surprise(seen, usual + HT_BURST_FLOOR) > HT_SERVER_EVIDENCE;
}

static void join(struct ht_case *item, const struct ht_burst_reach *reach, bool ill,
                 double hazard) {
    item->moved = true;
    if (reach->across_hub) {
        item->hub_ill = ill;
        item->hub_burst = reach->burst;
        item->hub_hazard = (float)hazard;
    } else {
        item->site_burst = reach->burst;
        item->site_hazard = (float)hazard;
    }
}

static double at_least(double value, double least) {
    return value > least ? value : least;
}

static int compare_i64(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* When the devices of the burst came back, ascending; returns how many did. */
static size_t list_returns(const struct ht_docket *docket, const struct ht_burst_reach *reach,
                           int64_t *returns_s) {
    size_t count = 0;
    for (size_t i = reach->first; i < reach->end; i++) {
        const struct ht_session *session = session_of(docket, reach->points[i].item);
        if (session->gap_s != HT_NONE32) {
            returns_s[count++] = session->end_us / HT_US_PER_S + session->gap_s;
        }
    }
    qsort(returns_s, count, sizeof *returns_s, compare_i64);
    return count;
}

static void set_block(struct ht_docket *docket, const struct ht_hub_facts *facts,
                      const struct ht_burst_reach *reach, const struct ht_burst_scratch *scratch,
                      const struct ht_burst_block *block, double at_risk) {
    const double usual = reach->usual * at_risk / at_least(reach->connected, 1);
    for (size_t i = block->first; i < block->end; i++) {
        const struct ht_burst_point *point = &scratch->points[i];
        const double others = block->weight - (double)point->weight;
        const double rate = at_least(others / (double)block->length_s - usual, 0);
        join(&docket->cases[point->item], reach, is_hub_ill(facts, reach->hub, point->time_s),
             rate / at_risk);
    }
}

/* Those that were connected when it began, each of which is hit once at most. */
static void set_first(struct ht_docket *docket, const struct ht_hub_facts *facts,
                      const struct ht_burst_reach *reach, struct ht_burst_scratch *scratch) {
    const int64_t last_s = reach->points[reach->end - 1].time_s;
    const size_t count = pick(docket, reach, false, last_s + HT_BURST_TAIL_S, scratch->points);
    double left = 0;
    if (count == 0) {
        return;
    }
    ht_burst_blocks_find(scratch->points, 0, count, &scratch->blocks);
    for (size_t b = 0; b < scratch->blocks.count; b++) {
        left += scratch->blocks.blocks[b].weight;
    }
    left = at_least(reach->connected, left);
    for (size_t b = 0; b < scratch->blocks.count; b++) {
        const struct ht_burst_block *block = &scratch->blocks.blocks[b];
        set_block(docket, facts, reach, scratch, block, at_least(left, 1));
        left -= block->weight;
    }
}

/* Points within reach of a moving one. */
struct nearby {
    size_t low;
    size_t high;
    double weight;
};

static void move_to(struct nearby *nearby, const struct ht_burst_point *points, size_t count,
                    int64_t time_s) {
    for (; nearby->high < count && points[nearby->high].time_s <= time_s + HT_BURST_NEAR_S;
         nearby->high++) {
        nearby->weight += (double)points[nearby->high].weight;
    }
    for (; points[nearby->low].time_s < time_s - HT_BURST_NEAR_S; nearby->low++) {
        nearby->weight -= (double)points[nearby->low].weight;
    }
}

/* Most of its ends carry a code that settles them: then those without are no part of it. */
static bool is_by_code(const struct ht_docket *docket, const struct ht_burst_reach *reach) {
    size_t settled = 0;
    for (size_t i = reach->first; i < reach->end; i++) {
        settled += docket->cases[reach->points[i].item].settled != HT_CAUSE_UNKNOWN;
    }
    return settled * 2 > reach->end - reach->first;
}

/*
 * Those that came back. At risk are as many as have returned and were not hit again; how often they
 * are hit is told by the others around each end, if those are more than chance allows, and by what
 *  is assumed of any ill node until the burst is over and the hub is well again.
 */
static void set_again(struct ht_docket *docket, const struct ht_hub_facts *facts,
                      const struct ht_burst_reach *reach, struct ht_burst_scratch *scratch) {
    const struct ht_burst_point *points = scratch->points;
    const int64_t last_s = reach->points[reach->end - 1].time_s;
    const size_t count = pick(docket, reach, true, last_s + HT_BURST_AFTER_S, scratch->points);
    const double window_s = 2 * HT_BURST_NEAR_S + 1;
    struct nearby nearby = {.weight = 0};
    const size_t return_count = count > 0 ? list_returns(docket, reach, scratch->returns_s) : 0;
    size_t returned = 0;
    double hit = 0;
    const bool by_code = is_by_code(docket, reach);
    for (size_t i = 0; i < count; i++) {
        move_to(&nearby, points, count, points[i].time_s);
        const double others = at_least(nearby.weight - (double)points[i].weight, 0);
        while (returned < return_count && scratch->returns_s[returned] < points[i].time_s) {
            returned++;
        }
        const double at_risk = at_least((double)returned - hit, at_least(nearby.weight, 1));
        const double usual = reach->usual * at_risk / at_least(reach->connected, 1) * window_s;
        const bool stands_out =
            ht_burst_surprise(others, usual + HT_BURST_FLOOR) > HT_BURST_AGAIN_EVIDENCE;
        const bool ill = is_hub_ill(facts, reach->hub, points[i].time_s);
        const double behind_s = ill ? 0 : at_least((double)(points[i].time_s - last_s), 0);
        const double assumed =
            by_code ? 0 : HT_BURST_AGAIN_STRENGTH * exp(-behind_s / HT_BURST_AGAIN_DECAY_S);
        const double seen = stands_out || (ill && !by_code) ? at_least(others - usual, 0) : 0;
        if (seen + assumed > 0) {
            join(&docket->cases[points[i].item], reach, ill,
                 (seen + assumed) /
                     (at_risk * window_s + HT_BURST_AGAIN_STRENGTH * HT_BURST_AGAIN_S));
        }
        hit += (double)points[i].weight;
    }
}

void ht_burst_hazard_set(struct ht_docket *docket, const struct ht_hub_facts *facts,
                         const struct ht_burst_reach *reach, struct ht_burst_scratch *scratch) {
    set_first(docket, facts, reach, scratch);
    set_again(docket, facts, reach, scratch);
}
