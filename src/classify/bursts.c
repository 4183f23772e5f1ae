/* SPDX-License-Identifier: MIT */
/*
 * Hub by hub: its cases become points, weighted by what no rhythm or other cause explains. A span
 * beyond chance is the hub's when it stays beyond chance without the prefix that was hit most, and
 * spreads over others; else that prefix is looked at by itself, with the other sites.
 */
#include "classify/bursts.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"
#include "classify/burst_hazard.h"
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
    bool *quiet;        /* by span: without more 5xx than usual */
    double close_rate;  /* clean closes of the hub, per second */
    struct ht_burst_spans spans;
    int64_t *connected; /* sessions open when each span began; one more */
    struct ht_burst_scratch scratch;
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

/* end: of the points that can belong to it. */
static enum ht_status add_burst(struct finder *finder, const struct ht_burst *burst,
                                const struct ht_burst_span *span, size_t end) {
    struct ht_bursts *bursts = finder->bursts;
    const int64_t length_s =
        finder->points[span->end - 1].time_s - finder->points[span->first].time_s + 1;
    const struct ht_burst_reach reach = {
        .points = finder->points,
        .first = span->first,
        .end = span->end,
        .point_count = end,
        .usual = span->expected / (double)length_s,
        .connected = burst->connected,
        .hub = burst->hub,
        .burst = (uint32_t)bursts->count,
        .across_hub = burst->across_hub,
    };
    HT_TRY(ht_grow(&bursts->bursts, &bursts->capacity, bursts->count + 1, UINT32_MAX - 1,
                   sizeof *bursts->bursts));
    bursts->bursts[bursts->count++] = *burst;
    ht_burst_hazard_set(finder->docket, finder->facts, &reach, &finder->scratch);
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

/* The span that begins at the same time of the next day, or the number of spans. */
static size_t span_next_day(const struct finder *finder, size_t i) {
    const struct ht_burst_spans *spans = &finder->spans;
    const int64_t low_s = finder->points[spans->spans[i].first].time_s + HT_S_PER_DAY - HT_DAILY_S;
    const size_t next = span_from(finder, low_s);
    const bool found = next < spans->count && finder->points[spans->spans[next].first].time_s <=
                                                  low_s + (int64_t)2 * HT_DAILY_S;
    return found ? next : spans->count;
}

/* What comes at the same time of the next day is planned, unless the hub showed trouble. */
static void find_daily_plans(struct finder *finder) {
    for (size_t i = 0; i < finder->spans.count; i++) {
        const size_t next = span_next_day(finder, i);
        if (next < finder->spans.count && finder->quiet[i] && finder->quiet[next]) {
            finder->planned[i] = true;
            finder->planned[next] = true;
        }
    }
}

/* Set planned of every span of a hub. */
static void find_hub_plans(struct finder *finder, uint32_t hub) {
    for (size_t i = 0; i < finder->spans.count; i++) {
        const struct ht_burst_span *span = &finder->spans.spans[i];
        finder->quiet[i] = burst_of(finder, span, hub).server_factor <= 1;
        finder->planned[i] = finder->quiet[i] && is_rollout(finder, span);
    }
    find_daily_plans(finder);
}

/* Set planned of every span of a site: its devices are restarted every night. */
static void find_site_plans(struct finder *finder) {
    for (size_t i = 0; i < finder->spans.count; i++) {
        finder->quiet[i] = true;
        finder->planned[i] = false;
    }
    find_daily_plans(finder);
}

/* Sessions of the hub that were open when each span began, those that it ended included. */
static void count_connected(struct finder *finder, uint32_t hub) {
    const struct ht_docket *docket = finder->docket;
    const struct ht_hub *own = &docket->log->hubs[hub];
    int64_t open = 0;
    memset(finder->connected, 0, (finder->spans.count + 1) * sizeof *finder->connected);
    for (uint32_t d = own->device_first; d < own->device_first + own->device_count; d++) {
        const struct ht_device_sessions *of_device = &docket->sessions->by_device[d];
        for (uint32_t i = of_device->first; i < of_device->first + of_device->count; i++) {
            const struct ht_session *session = &docket->sessions->sessions[i];
            finder->connected[span_from(finder, session->start_us / HT_US_PER_S + 1)]++;
            finder->connected[span_from(finder, session->end_us / HT_US_PER_S + 1)]--;
        }
    }
    for (size_t i = 0; i < finder->spans.count; i++) {
        open += finder->connected[i];
        finder->connected[i] = open > 0 ? open : 0;
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
    find_hub_plans(finder, hub);
    if (finder->spans.count > 0) {
        count_connected(finder, hub);
    }
    for (size_t i = 0; i < finder->spans.count; i++) {
        const struct ht_burst_span *span = &finder->spans.spans[i];
        const struct spread spread = spread_of(finder, span);
        struct ht_burst burst = burst_of(finder, span, hub);
        burst.connected = (uint32_t)finder->connected[i];
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
        finder->spans.spans[i].first += first;
        finder->spans.spans[i].end += first;
    }
    find_site_plans(finder);
    for (size_t i = 0; i < finder->spans.count; i++) {
        const struct ht_burst_span *span = &finder->spans.spans[i];
        if (finder->planned[i]) {
            continue;
        }
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
    return HT_OK;
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
        .quiet = malloc((docket->count + 1) * sizeof *finder.quiet),
        .connected = malloc((docket->count + 2) * sizeof *finder.connected),
        .scratch.points = malloc((docket->count + 1) * sizeof *finder.scratch.points),
    };
    bursts->count = 0;
    forget(docket);
    const bool complete = finder.points != NULL && finder.networks != NULL &&
                          finder.planned != NULL && finder.quiet != NULL &&
                          finder.connected != NULL && finder.scratch.points != NULL;
    const enum ht_status status = complete ? find_all(&finder) : HT_E_NOMEM;
    free(finder.points);
    free(finder.networks);
    free(finder.planned);
    free(finder.quiet);
    free(finder.connected);
    free(finder.scratch.points);
    free(finder.spans.spans);
    return status;
}
