/* SPDX-License-Identifier: MIT */
/*
 * Hub by hub: its cases become points, weighted by what no rhythm or other cause explains. A span
 * beyond chance is the hub's when it stays beyond chance without the prefix that was hit most, and
 * spreads over others; else that prefix is looked at by itself, with the other sites.
 */
#include "classify/bursts.h"

#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"
#include "classify/burst_scan.h"
#include "classify/parameters.h"

void ht_bursts_release(struct ht_bursts *bursts) {
    free(bursts->bursts);
    *bursts = (struct ht_bursts){.count = 0};
}

/* Points of one hub, and scratch. */
struct finder {
    struct ht_docket *docket;
    const struct ht_hub_facts *facts;
    struct ht_bursts *bursts;
    struct ht_burst_point *points;
    size_t count;
    uint32_t *networks; /* scratch: prefixes of a span */
    bool *planned;      /* by span: somebody's plan, not trouble in the hub */
    double close_rate;  /* clean closes of the hub, per second */
    struct ht_burst_spans spans;
};

/* What is neither a token's end nor a close nor a take-over, nor in a rhythm of its own. */
static float weight_of(const struct ht_case *item) {
    if (item->settled != HT_CAUSE_UNKNOWN) {
        return item->settled == HT_CAUSE_PLATFORM_UPGRADE ? 1.0F : 0.0F;
    }
    const float network = item->posterior[HT_H_IDLE] + item->posterior[HT_H_RESET];
    return network * (1 - item->rhythmic) + item->posterior[HT_H_HUB] + item->posterior[HT_H_SITE] +
           item->posterior[HT_H_OTHER];
}

static int64_t time_of(const struct ht_docket *docket, const struct ht_case *item) {
    return docket->sessions->sessions[item->session].end_us / HT_US_PER_S;
}

/* A device that drops again soon counts for the time between, so that one which flaps makes no
 * burst by itself. */
static double repeat_factor(const struct finder *finder, const struct ht_burst_point *point) {
    const struct ht_burst_point *before =
        finder->count > 0 ? &finder->points[finder->count - 1] : NULL;
    if (before == NULL || before->device != point->device ||
        point->time_s - before->time_s >= HT_BURST_REPEAT_S) {
        return 1;
    }
    return (double)(point->time_s - before->time_s) / HT_BURST_REPEAT_S;
}

/* The points of cases [begin, end), which are in order of device and time. */
static void gather(struct finder *finder, size_t begin, size_t end) {
    finder->count = 0;
    for (size_t i = begin; i < end; i++) {
        const struct ht_case *item = &finder->docket->cases[i];
        struct ht_burst_point point = {
            .time_s = time_of(finder->docket, item),
            .device = item->device,
            .network = item->network,
            .item = (uint32_t)i,
        };
        point.weight = weight_of(item) * (float)repeat_factor(finder, &point);
        finder->points[finder->count++] = point;
    }
}

static int compare_by_time(const void *left, const void *right) {
    const struct ht_burst_point *a = left;
    const struct ht_burst_point *b = right;
    if (a->time_s != b->time_s) {
        return a->time_s < b->time_s ? -1 : 1;
    }
    return (a->item > b->item) - (a->item < b->item);
}

static int compare_by_network(const void *left, const void *right) {
    const struct ht_burst_point *a = left;
    const struct ht_burst_point *b = right;
    if (a->network != b->network) {
        return a->network < b->network ? -1 : 1;
    }
    return compare_by_time(left, right);
}

static int compare_u32(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* How a span's points spread over address prefixes. */
struct spread {
    double total;
    double unknown; /* weight without a prefix */
    double top;     /* of the prefix hit most */
    uint32_t top_network;
    size_t prefixes; /* distinct, known */
};

static struct spread spread_of(struct finder *finder, const struct ht_burst_span *span) {
    struct spread spread = {0};
    size_t count = 0;
    for (size_t i = span->first; i < span->end; i++) {
        const struct ht_burst_point *point = &finder->points[i];
        spread.total += (double)point->weight;
        spread.unknown += point->network == 0 ? (double)point->weight : 0;
        if (point->weight > (float)HT_FAIR_ODDS) {
            finder->networks[count++] = point->network;
        }
    }
    qsort(finder->networks, count, sizeof *finder->networks, compare_u32);
    size_t longest = 0;
    for (size_t i = 0; i < count;) {
        size_t same = 1;
        while (i + same < count && finder->networks[i + same] == finder->networks[i]) {
            same++;
        }
        if (finder->networks[i] != 0) {
            spread.prefixes++;
            if (same > longest) {
                longest = same;
                spread.top_network = finder->networks[i];
            }
        }
        i += same;
    }
    for (size_t i = span->first; i < span->end; i++) {
        const struct ht_burst_point *point = &finder->points[i];
        spread.top +=
            point->network != 0 && point->network == spread.top_network ? (double)point->weight : 0;
    }
    return spread;
}

/* Is it the hub, or one site of it? */
static bool is_across_hub(const struct spread *spread, const struct ht_burst *burst, bool one_site,
                          double expected) {
    const bool prefixes_tell = spread->unknown * 2 < spread->total && !one_site;
    if (!prefixes_tell) {
        return burst->server_factor > 1 || spread->unknown * 2 >= spread->total;
    }
    const double rest = spread->total - spread->top;
    return rest >= HT_BURST_REST_MIN && spread->prefixes > HT_BURST_REST_MIN &&
           ht_burst_surprise(rest, expected + HT_BURST_FLOOR) > HT_BURST_EVIDENCE;
}

/* 5xx records of all categories, from a minute before to five after. */
static void ask_server_errors(const struct ht_hub_facts *facts, struct ht_burst *burst) {
    double usual = 0;
    burst->server_errors =
        ht_hub_server_errors(facts, burst->hub, burst->start_us - 60 * HT_US_PER_S,
                             burst->end_us + 300 * HT_US_PER_S, &usual);
    const bool silent =
        facts->server_error_first[burst->hub + 1] == facts->server_error_first[burst->hub];
    const bool more =
        ht_burst_surprise(burst->server_errors, usual + HT_BURST_FLOOR) > HT_SERVER_EVIDENCE;
    burst->server_factor = more ? HT_SERVER_FACTOR_MORE : silent ? 1.0 : HT_SERVER_FACTOR_USUAL;
}

/* Weight of the points within reach_s of each other, as the middle moves on. */
struct nearby {
    int64_t reach_s;
    size_t low;
    size_t high;
    double weight;
};

/* Points per second around point i, without it. */
static double rate_near(const struct ht_burst_point *points, const struct ht_burst_span *span,
                        size_t i, struct nearby *nearby) {
    while (nearby->high < span->end &&
           points[nearby->high].time_s <= points[i].time_s + nearby->reach_s) {
        nearby->weight += (double)points[nearby->high++].weight;
    }
    while (points[nearby->low].time_s < points[i].time_s - nearby->reach_s) {
        nearby->weight -= (double)points[nearby->low++].weight;
    }
    return (nearby->weight - (double)points[i].weight) / (double)(2 * nearby->reach_s + 1);
}

static double at_least_zero(double value) {
    return value > 0 ? value : 0;
}

static void join(struct ht_case *item, uint32_t burst, bool across_hub, double rate) {
    if (across_hub) {
        item->hub_burst = burst;
        item->hub_hazard = (float)rate;
    } else {
        item->site_burst = burst;
        item->site_hazard = (float)rate;
    }
}

/*
 * Ends per second at each point, told by the others of its burst at three scales: those very near,
 * those near, and the whole. A point does not speak for itself. Behind the burst, it dies away:
 * what was hit is hit again while the hub recovers.
 */
static void set_hazards(struct finder *finder, const struct ht_burst_span *span, size_t end,
                        uint32_t burst, bool across_hub) {
    const struct ht_burst_point *points = finder->points;
    const int64_t last_s = points[span->end - 1].time_s;
    const int64_t length_s = last_s - points[span->first].time_s + 1;
    const double usual = span->expected / (double)length_s;
    double total = 0;
    for (size_t i = span->first; i < span->end; i++) {
        total += (double)points[i].weight;
    }
    struct nearby closest = {HT_BURST_CLOSEST_S, span->first, span->first, 0};
    struct nearby close = {HT_BURST_CLOSE_S, span->first, span->first, 0};
    for (size_t i = span->first; i < span->end; i++) {
        const double whole = (total - (double)points[i].weight) / (double)length_s;
        const double rate = (at_least_zero(rate_near(points, span, i, &closest) - usual) +
                             at_least_zero(rate_near(points, span, i, &close) - usual) +
                             at_least_zero(whole - usual)) /
                            3;
        join(&finder->docket->cases[points[i].item], burst, across_hub, rate);
    }
    const double whole = at_least_zero(total / (double)length_s - usual);
    for (size_t i = span->end; i < end && points[i].time_s - last_s <= HT_BURST_TAIL_S; i++) {
        const double since_s = (double)(points[i].time_s - last_s);
        join(&finder->docket->cases[points[i].item], burst, across_hub,
             whole * exp(-since_s / HT_BURST_DECAY_S));
    }
}

/* end: of the points that can belong to it. */
static enum ht_status add_burst(struct finder *finder, const struct ht_burst *burst,
                                const struct ht_burst_span *span, size_t end) {
    struct ht_bursts *bursts = finder->bursts;
    HT_TRY(ht_grow(&bursts->bursts, &bursts->capacity, bursts->count + 1, UINT32_MAX - 1,
                   sizeof *bursts->bursts));
    bursts->bursts[bursts->count] = *burst;
    set_hazards(finder, span, end, (uint32_t)bursts->count, burst->across_hub);
    bursts->count++;
    return HT_OK;
}

static struct ht_burst burst_of(const struct finder *finder, const struct ht_burst_span *span,
                                uint32_t hub) {
    struct ht_burst burst = {
        .start_us = finder->points[span->first].time_s * HT_US_PER_S,
        .end_us = finder->points[span->end - 1].time_s * HT_US_PER_S,
        .hub = hub,
    };
    ask_server_errors(finder->facts, &burst);
    return burst;
}

/* A rollout or restart: more clients than usual close cleanly, and more than are torn away. */
static bool is_rollout(const struct finder *finder, const struct ht_burst_span *span) {
    const int64_t length_s =
        finder->points[span->end - 1].time_s - finder->points[span->first].time_s + 1;
    double torn = 0;
    double closed = -finder->close_rate * (double)length_s;
    for (size_t i = span->first; i < span->end; i++) {
        const struct ht_burst_point *point = &finder->points[i];
        torn += (double)point->weight;
        closed += (double)finder->docket->cases[point->item].posterior[HT_H_CLOSE];
    }
    return closed > torn;
}

/* Spans in order of time: the first that begins at time_s or later. */
static size_t span_from(const struct finder *finder, int64_t time_s) {
    size_t low = 0;
    size_t high = finder->spans.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (finder->points[finder->spans.spans[middle].first].time_s < time_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Set planned of every span: without more 5xx than usual, and a rollout, or again at the same time
 * of the next day. */
static void find_plans(struct finder *finder, uint32_t hub) {
    const struct ht_burst_spans *spans = &finder->spans;
    for (size_t i = 0; i < spans->count; i++) {
        const struct ht_burst burst = burst_of(finder, &spans->spans[i], hub);
        finder->planned[i] = burst.server_factor <= 1 && is_rollout(finder, &spans->spans[i]);
    }
    for (size_t i = 0; i < spans->count; i++) {
        const int64_t next_s =
            finder->points[spans->spans[i].first].time_s + HT_S_PER_DAY - HT_BURST_DAILY_S;
        const size_t next = span_from(finder, next_s);
        if (next == spans->count || finder->points[spans->spans[next].first].time_s >
                                        next_s + (int64_t)2 * HT_BURST_DAILY_S) {
            continue;
        }
        const bool silent = burst_of(finder, &spans->spans[i], hub).server_factor <= 1 &&
                            burst_of(finder, &spans->spans[next], hub).server_factor <= 1;
        finder->planned[i] |= silent;
        finder->planned[next] |= silent;
    }
}

static enum ht_status find_across_hub(struct finder *finder, uint32_t hub) {
    static const uint32_t widths_s[] = {30, 60, 120, 300};
    static const struct ht_burst_scan scan = {
        .widths_s = widths_s,
        .width_count = 4,
        .weight_min = HT_BURST_DEVICES_MIN - 0.5,
        .floor = HT_BURST_FLOOR,
        .evidence = HT_BURST_EVIDENCE,
    };
    finder->spans.count = 0;
    HT_TRY(ht_burst_scan(&scan, finder->points, finder->count, &finder->spans));
    find_plans(finder, hub);
    for (size_t i = 0; i < finder->spans.count; i++) {
        const struct ht_burst_span *span = &finder->spans.spans[i];
        const struct spread spread = spread_of(finder, span);
        struct ht_burst burst = burst_of(finder, span, hub);
        burst.across_hub =
            !finder->planned[i] &&
            is_across_hub(&spread, &burst, finder->facts->one_site[hub], span->expected);
        if (burst.across_hub) {
            HT_TRY(add_burst(finder, &burst, span, finder->count));
        }
    }
    return HT_OK;
}

/* One prefix: points [first, end) of the finder, in order of time. */
static enum ht_status find_at_site(struct finder *finder, uint32_t hub, size_t first, size_t end) {
    static const uint32_t widths_s[] = {30, 120, 300, 600};
    const uint32_t network = finder->points[first].network;
    const uint32_t devices = ht_hub_place_devices(finder->facts, hub, network);
    const double share = HT_SITE_SHARE_MIN * (double)devices;
    const struct ht_burst_scan scan = {
        .widths_s = widths_s,
        .width_count = 4,
        .weight_min = (share > HT_SITE_DEVICES_MIN ? share : HT_SITE_DEVICES_MIN) - 0.5,
        .floor = HT_SITE_FLOOR,
        .evidence = HT_BURST_EVIDENCE,
    };
    if (network == 0 || devices < HT_SITE_SIZE_MIN) {
        return HT_OK;
    }
    finder->spans.count = 0;
    HT_TRY(ht_burst_scan(&scan, finder->points + first, end - first, &finder->spans));
    for (size_t i = 0; i < finder->spans.count; i++) {
        struct ht_burst_span *span = &finder->spans.spans[i];
        span->first += first;
        span->end += first;
        struct ht_burst burst = burst_of(finder, span, hub);
        burst.network = network;
        burst.connected = devices;
        HT_TRY(add_burst(finder, &burst, span, end));
    }
    return HT_OK;
}

static enum ht_status find_at_sites(struct finder *finder, uint32_t hub) {
    size_t kept = 0;
    for (size_t i = 0; i < finder->count; i++) {
        if (finder->docket->cases[finder->points[i].item].hub_burst == HT_NONE32) {
            finder->points[kept++] = finder->points[i];
        }
    }
    finder->count = kept;
    qsort(finder->points, finder->count, sizeof *finder->points, compare_by_network);
    for (size_t first = 0; first < finder->count;) {
        size_t end = first + 1;
        while (end < finder->count &&
               finder->points[end].network == finder->points[first].network) {
            end++;
        }
        HT_TRY(find_at_site(finder, hub, first, end));
        first = end;
    }
    return HT_OK;
}

/* The first burst of a hub that begins after time_us, among bursts in order of (hub, start). */
static size_t burst_after(const struct ht_bursts *bursts, const uint32_t *across, size_t count,
                          uint32_t hub, int64_t time_us) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct ht_burst *burst = &bursts->bursts[across[middle]];
        if (burst->hub < hub || (burst->hub == hub && burst->start_us <= time_us)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Sessions that were open when each burst of a hub began, those that it ended included. */
static enum ht_status count_connected(const struct ht_docket *docket, struct ht_bursts *bursts) {
    uint32_t *across = malloc((bursts->count + 1) * sizeof *across);
    int64_t *change = calloc(bursts->count + 2, sizeof *change);
    size_t count = 0;
    if (across == NULL || change == NULL) {
        free(across);
        free(change);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < bursts->count; i++) {
        if (bursts->bursts[i].across_hub) {
            across[count++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < docket->sessions->session_count && count > 0; i++) {
        const struct ht_session *session = &docket->sessions->sessions[i];
        const uint32_t hub = docket->log->devices[session->device].hub;
        change[burst_after(bursts, across, count, hub, session->start_us)]++;
        change[burst_after(bursts, across, count, hub, session->end_us)]--;
    }
    int64_t open = 0;
    for (size_t i = 0; i < count; i++) {
        open += change[i];
        bursts->bursts[across[i]].connected = (uint32_t)(open > 0 ? open : 0);
    }
    free(across);
    free(change);
    return HT_OK;
}

/* From ends per second of the whole burst to ends per second of one of its connected devices. */
static void finish_hazards(struct ht_docket *docket, const struct ht_bursts *bursts) {
    for (size_t i = 0; i < docket->count; i++) {
        struct ht_case *item = &docket->cases[i];
        if (item->hub_burst != HT_NONE32) {
            const uint32_t connected = bursts->bursts[item->hub_burst].connected;
            item->hub_hazard /= (float)(connected > 0 ? connected : 1);
        }
        if (item->site_burst != HT_NONE32) {
            const uint32_t devices = bursts->bursts[item->site_burst].connected;
            item->site_hazard /= (float)(devices > 0 ? devices : 1);
        }
    }
}

static void forget(struct ht_docket *docket) {
    for (size_t i = 0; i < docket->count; i++) {
        struct ht_case *item = &docket->cases[i];
        item->hub_burst = HT_NONE32;
        item->site_burst = HT_NONE32;
        item->hub_hazard = 0;
        item->site_hazard = 0;
    }
}

static double close_rate_of(const struct finder *finder, uint32_t hub) {
    const struct ht_hub *span = &finder->docket->log->hubs[hub];
    double closed = 0;
    for (size_t i = 0; i < finder->count; i++) {
        closed += (double)finder->docket->cases[finder->points[i].item].posterior[HT_H_CLOSE];
    }
    return closed / ((double)(span->last_us - span->first_us) / (double)HT_US_PER_S + 1);
}

static enum ht_status find_all(struct finder *finder) {
    const struct ht_log *log = finder->docket->log;
    for (uint32_t hub = 0; hub < log->hub_count; hub++) {
        const uint32_t device = log->hubs[hub].device_first;
        gather(finder, finder->docket->device_first[device],
               finder->docket->device_first[device + log->hubs[hub].device_count]);
        qsort(finder->points, finder->count, sizeof *finder->points, compare_by_time);
        finder->close_rate = close_rate_of(finder, hub);
        HT_TRY(find_across_hub(finder, hub));
        HT_TRY(find_at_sites(finder, hub));
    }
    return count_connected(finder->docket, finder->bursts);
}

enum ht_status ht_bursts_find(struct ht_docket *docket, const struct ht_hub_facts *facts,
                              struct ht_bursts *bursts) {
    struct finder finder = {
        .docket = docket,
        .facts = facts,
        .bursts = bursts,
        .points = malloc((docket->count + 1) * sizeof *finder.points),
        .networks = malloc((docket->count + 1) * sizeof *finder.networks),
        .planned = malloc((docket->count + 1) * sizeof *finder.planned),
    };
    bursts->count = 0;
    forget(docket);
    const bool complete =
        finder.points != NULL && finder.networks != NULL && finder.planned != NULL;
    const enum ht_status status = complete ? find_all(&finder) : HT_E_NOMEM;
    if (status == HT_OK) {
        finish_hazards(docket, bursts);
    }
    free(finder.points);
    free(finder.networks);
    free(finder.planned);
    free(finder.spans.spans);
    return status;
}
