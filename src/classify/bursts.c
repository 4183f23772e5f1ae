/* SPDX-License-Identifier: MIT */
/*
 * Hub by hub: its cases become points, weighted by what no rhythm or other cause explains. A span
 * beyond chance is the hub's when it stays beyond chance without the prefix that was hit most, and
 * spreads over others; else that prefix is looked at by itself, with the other sites.
 */
#include "classify/bursts.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"
#include "classify/burst_hazard.h"
#include "classify/burst_scan.h"
#include "classify/burst_spread.h"
#include "classify/parameters.h"

uint32_t ht_burst_devices_min(const struct ht_log *log, uint32_t hub) {
    const double most = HT_BURST_SMALL_SHARE * (double)log->hubs[hub].device_count;
    return most >= HT_BURST_DEVICES_MIN ? HT_BURST_DEVICES_MIN
           : most > HT_BURST_SMALL_MIN  ? (uint32_t)most
                                        : HT_BURST_SMALL_MIN;
}

void ht_bursts_release(struct ht_bursts *bursts) {
    free(bursts->bursts);
    ht_burst_field_release(&bursts->field);
    *bursts = (struct ht_bursts){.count = 0};
}

/* What is looked at, in order of time, and scratch. */
struct finder {
    struct ht_docket *docket;
    const struct ht_hub_facts *facts;
    struct ht_bursts *bursts;
    const struct ht_burst_point *points; /* of a hub or of a site */
    size_t count;
    struct ht_burst_spans spans; /* of those points; borrowed */
    uint32_t *networks;          /* scratch: prefixes of a span */
    bool *planned;               /* by span: somebody's plan, not trouble in the hub */
    bool *quiet;                 /* by span: without more 5xx than usual */
    double close_rate;           /* clean closes of the hub, per second */
    int64_t *connected;          /* sessions open when each span began; one more */
    struct ht_burst_scratch scratch;
};

/* Is it the hub, or one site of it? */
static bool is_across_hub(const struct ht_burst_spread *spread, const struct ht_burst *burst,
                          bool one_site, double expected) {
    const bool unknown = spread->unknown * 2 >= spread->total;
    if (unknown || one_site) {
        return burst->server_factor > 1 ||
               (unknown && spread->total >= HT_BLIND_SHARE * (double)burst->connected);
    }
    return ht_burst_spread_is_wide(spread, expected);
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

static enum ht_status add_burst(struct finder *finder, const struct ht_burst *burst,
                                const struct ht_burst_span *span) {
    struct ht_bursts *bursts = finder->bursts;
    const int64_t length_s =
        finder->points[span->end - 1].time_s - finder->points[span->first].time_s + 1;
    const struct ht_burst_reach reach = {
        .points = finder->points,
        .first = span->first,
        .end = span->end,
        .point_count = finder->count,
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

enum { BLOCK_DEVICES = 1024 };

/* Counting the sessions that were open when each span of a hub began. */
struct census {
    const struct ht_docket *docket;
    const struct ht_hub *hub;
    const int64_t *starts_s; /* of the spans, ascending */
    size_t span_count;
    int64_t *changes; /* by block, then span; one more each */
};

/* The first span that begins behind a time. */
static size_t span_behind(const struct census *census, int64_t time_us) {
    const int64_t time_s = time_us / HT_US_PER_S;
    size_t low = 0;
    size_t high = census->span_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (census->starts_s[middle] <= time_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum ht_status count_block(void *ctx, const struct ht_block *block) {
    const struct census *census = ctx;
    const struct ht_sessions *sessions = census->docket->sessions;
    int64_t *changes = census->changes + block->index * (census->span_count + 1);
    const struct ht_device_sessions *own = sessions->by_device + census->hub->device_first;
    for (size_t d = block->begin; d < block->end; d++) {
        for (uint32_t i = own[d].first; i < own[d].first + own[d].count; i++) {
            changes[span_behind(census, sessions->sessions[i].start_us)]++;
            changes[span_behind(census, sessions->sessions[i].end_us)]--;
        }
    }
    return HT_OK;
}

static enum ht_status count_with(struct finder *finder, const struct census *census) {
    const size_t count = census->hub->device_count;
    const size_t blocks = ht_parallel_block_count(count, BLOCK_DEVICES);
    int64_t open = 0;
    HT_TRY(ht_parallel_for(finder->docket->parallel, count, BLOCK_DEVICES, count_block,
                           (void *)census));
    for (size_t i = 0; i < census->span_count; i++) {
        for (size_t b = 0; b < blocks; b++) {
            open += census->changes[b * (census->span_count + 1) + i];
        }
        finder->connected[i] = open > 0 ? open : 0;
    }
    return HT_OK;
}

/* Sessions of the hub that were open when each span began, those that it ended included. */
static enum ht_status count_connected(struct finder *finder, uint32_t hub) {
    const struct ht_hub *own = &finder->docket->log->hubs[hub];
    const size_t spans = finder->spans.count;
    const size_t blocks = ht_parallel_block_count(own->device_count, BLOCK_DEVICES);
    int64_t *starts_s = malloc((spans + 1) * sizeof *starts_s);
    struct census census = {
        .docket = finder->docket,
        .hub = own,
        .starts_s = starts_s,
        .span_count = spans,
        .changes = calloc((blocks + 1) * (spans + 1), sizeof(int64_t)),
    };
    enum ht_status status = starts_s != NULL && census.changes != NULL ? HT_OK : HT_E_NOMEM;
    for (size_t i = 0; i < spans && status == HT_OK; i++) {
        starts_s[i] = finder->points[finder->spans.spans[i].first].time_s;
    }
    if (status == HT_OK) {
        status = count_with(finder, &census);
    }
    free(starts_s);
    free(census.changes);
    return status;
}

/* The cases that a burst of the hub has taken; what may be hit again long after it, a site may
 * claim as well. */
static void mark_taken(struct finder *finder, const struct ht_burst_span *span) {
    const struct ht_burst_point *points = finder->points;
    const int64_t until_s = points[span->end - 1].time_s + HT_BURST_TAIL_S;
    for (size_t i = span->first; i < finder->count && points[i].time_s <= until_s; i++) {
        finder->bursts->field.taken[points[i].item] =
            finder->docket->cases[points[i].item].hub_burst != HT_NONE32;
    }
}

static enum ht_status find_across_hub(struct finder *finder, uint32_t hub) {
    static const uint32_t widths_s[] = {30, 60, 120, 300};
    const struct ht_burst_scan scan = {
        .widths_s = widths_s,
        .width_count = 4,
        .weight_min = ht_burst_devices_min(finder->docket->log, hub) - 0.5,
        .floor = HT_BURST_FLOOR,
        .evidence = HT_BURST_EVIDENCE,
    };
    struct ht_burst_spans spans = {NULL, 0, 0};
    enum ht_status status = ht_burst_scan(&scan, finder->points, finder->count, &spans);
    finder->spans = spans;
    find_hub_plans(finder, hub);
    if (spans.count > 0 && status == HT_OK) {
        status = count_connected(finder, hub);
    }
    for (size_t i = 0; i < spans.count && status == HT_OK; i++) {
        const struct ht_burst_span *span = &spans.spans[i];
        struct ht_burst_spread spread;
        ht_burst_spread_find(finder->facts, hub, finder->points, span, finder->networks, &spread);
        struct ht_burst burst = burst_of(finder, span, hub);
        burst.connected = (uint32_t)finder->connected[i];
        burst.across_hub =
            !finder->planned[i] &&
            is_across_hub(&spread, &burst, finder->facts->one_site[hub], span->expected);
        if (burst.across_hub) {
            status = add_burst(finder, &burst, span);
            mark_taken(finder, span);
        }
    }
    free(spans.spans);
    return status;
}

enum { BLOCK_SITES = 64 };

/* The sites of a hub, looked at by several threads; what is found is added in their order. */
struct survey {
    const struct finder *finder;
    const struct ht_burst_site *sites;
    size_t largest;               /* points of a site */
    struct ht_burst_spans *spans; /* by block */
    uint32_t *span_counts;        /* by site */
};

/* The points of a site that no burst of the hub has taken: *copy is written when some have been. */
static size_t points_left(const struct ht_burst_field *field, const struct ht_burst_site *site,
                          struct ht_burst_point *copy, const struct ht_burst_point **points) {
    const size_t count = site->end - site->first;
    const struct ht_burst_point *all = field->by_site + site->first;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        copy[left] = all[i];
        left += !field->taken[all[i].item];
    }
    *points = left == count ? all : copy;
    return left;
}

static enum ht_status scan_site(const struct ht_burst_site *site,
                                const struct ht_burst_point *points, size_t count,
                                struct ht_burst_spans *spans) {
    static const uint32_t widths_s[] = {30, 120, 300, 600};
    const double share = HT_SITE_SHARE_MIN * (double)site->devices;
    const struct ht_burst_scan scan = {
        .widths_s = widths_s,
        .width_count = 4,
        .weight_min = (share > HT_SITE_DEVICES_MIN ? share : HT_SITE_DEVICES_MIN) - 0.5,
        .floor = HT_SITE_FLOOR,
        .evidence = HT_BURST_EVIDENCE,
    };
    return ht_burst_scan(&scan, points, count, spans);
}

static enum ht_status scan_sites(void *ctx, const struct ht_block *block) {
    const struct survey *survey = ctx;
    const struct ht_burst_field *field = &survey->finder->bursts->field;
    struct ht_burst_spans *spans = &survey->spans[block->index];
    struct ht_burst_point *copy = malloc((survey->largest + 1) * sizeof *copy);
    enum ht_status status = copy != NULL ? HT_OK : HT_E_NOMEM;
    for (size_t i = block->begin; i < block->end && status == HT_OK; i++) {
        const struct ht_burst_point *points = NULL;
        const size_t before = spans->count;
        const size_t count = points_left(field, &survey->sites[i], copy, &points);
        status = scan_site(&survey->sites[i], points, count, spans);
        survey->span_counts[i] = (uint32_t)(spans->count - before);
    }
    free(copy);
    return status;
}

/* The spans found at one site. copy: scratch for its points. */
static enum ht_status add_site_bursts(struct finder *finder, const struct ht_burst_site *site,
                                      const struct ht_burst_spans *spans,
                                      struct ht_burst_point *copy) {
    finder->count = points_left(&finder->bursts->field, site, copy, &finder->points);
    finder->spans = *spans;
    find_site_plans(finder);
    for (size_t i = 0; i < spans->count; i++) {
        const struct ht_burst_span *span = &spans->spans[i];
        if (finder->planned[i]) {
            continue;
        }
        struct ht_burst burst = burst_of(finder, span, site->hub);
        burst.network = site->network;
        burst.connected = site->devices;
        HT_TRY(add_burst(finder, &burst, span));
    }
    return HT_OK;
}

static enum ht_status survey_sites(struct finder *finder, const struct survey *survey,
                                   size_t site_count, struct ht_burst_point *copy) {
    HT_TRY(ht_parallel_for(finder->docket->parallel, site_count, BLOCK_SITES, scan_sites,
                           (void *)survey));
    size_t first = 0; /* span of the block */
    for (size_t i = 0; i < site_count; i++) {
        first = i % BLOCK_SITES == 0 ? 0 : first;
        const size_t count = survey->span_counts[i];
        if (count > 0) { /* else there may be no spans at all */
            const struct ht_burst_spans spans = {
                .spans = survey->spans[i / BLOCK_SITES].spans + first,
                .count = count,
            };
            HT_TRY(add_site_bursts(finder, &survey->sites[i], &spans, copy));
        }
        first += count;
    }
    return HT_OK;
}

static enum ht_status find_at_sites(struct finder *finder, uint32_t hub) {
    const struct ht_burst_field *field = &finder->bursts->field;
    const size_t first = field->hub_site_first[hub];
    const size_t count = field->hub_site_first[hub + 1] - first;
    const size_t blocks = ht_parallel_block_count(count, BLOCK_SITES);
    struct survey survey = {
        .finder = finder,
        .sites = field->sites + first,
        .spans = calloc(blocks + 1, sizeof *survey.spans),
        .span_counts = calloc(count + 1, sizeof *survey.span_counts),
    };
    for (size_t i = 0; i < count; i++) {
        const size_t own = survey.sites[i].end - survey.sites[i].first;
        survey.largest = own > survey.largest ? own : survey.largest;
    }
    struct ht_burst_point *copy = malloc((survey.largest + 1) * sizeof *copy);
    const bool complete = survey.spans != NULL && survey.span_counts != NULL && copy != NULL;
    const enum ht_status status =
        complete ? survey_sites(finder, &survey, count, copy) : HT_E_NOMEM;
    for (size_t i = 0; i < blocks && survey.spans != NULL; i++) {
        free(survey.spans[i].spans);
    }
    free(survey.spans);
    free(survey.span_counts);
    free(copy);
    return status;
}

static enum ht_status find_all(struct finder *finder) {
    const struct ht_log *log = finder->docket->log;
    const struct ht_burst_field *field = &finder->bursts->field;
    for (uint32_t hub = 0; hub < log->hub_count; hub++) {
        const struct ht_hub *own = &log->hubs[hub];
        const uint32_t *first = finder->docket->device_first + own->device_first;
        const double span_s = (double)(own->last_us - own->first_us) / (double)HT_US_PER_S + 1;
        finder->points = field->by_time + first[0];
        finder->count = first[own->device_count] - first[0];
        finder->close_rate = field->closed[hub] / span_s;
        HT_TRY(find_across_hub(finder, hub));
        HT_TRY(find_at_sites(finder, hub));
    }
    return HT_OK;
}

static enum ht_status search(struct finder *finder) {
    struct ht_burst_field *field = &finder->bursts->field;
    if (field->by_time == NULL) {
        HT_TRY(ht_burst_field_init(finder->docket, finder->facts, field));
    }
    HT_TRY(ht_burst_field_weigh(finder->docket, field));
    return find_all(finder);
}

enum ht_status ht_bursts_find(struct ht_docket *docket, const struct ht_hub_facts *facts,
                              struct ht_bursts *bursts) {
    struct finder finder = {
        .docket = docket,
        .facts = facts,
        .bursts = bursts,
        .networks = malloc((docket->count + 1) * sizeof *finder.networks),
        .planned = malloc((docket->count + 1) * sizeof *finder.planned),
        .quiet = malloc((docket->count + 1) * sizeof *finder.quiet),
        .connected = malloc((docket->count + 2) * sizeof *finder.connected),
        .scratch.points = malloc((docket->count + 1) * sizeof *finder.scratch.points),
        .scratch.returns_s = malloc((docket->count + 1) * sizeof *finder.scratch.returns_s),
    };
    bursts->count = 0;
    const bool complete = finder.networks != NULL && finder.planned != NULL &&
                          finder.quiet != NULL && finder.connected != NULL &&
                          finder.scratch.points != NULL && finder.scratch.returns_s != NULL;
    const enum ht_status status = complete ? search(&finder) : HT_E_NOMEM;
    free(finder.networks);
    free(finder.planned);
    free(finder.quiet);
    free(finder.connected);
    free(finder.scratch.points);
    free(finder.scratch.returns_s);
    return status;
}
