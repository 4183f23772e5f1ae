/* SPDX-License-Identifier: MIT */
#include "classify/burst_points.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/key_order.h"
#include "base/large.h"
#include "base/time.h"
#include "classify/parameters.h"

enum { BLOCK_CASES = 32 * 1024 };

/* Cases are in order of hub. */
static size_t hub_first(const struct ht_docket *docket, size_t hub) {
    const struct ht_log *log = docket->log;
    return hub < log->hub_count ? docket->device_first[log->hubs[hub].device_first] : docket->count;
}

/* What the hub leaves behind: its own error on the record, or on the way back. */
static float marks_of(const struct ht_docket *docket, const struct ht_case *item) {
    const bool refused =
        (docket->sessions->sessions[item->session].flags & HT_SESSION_RETURN_5XX) != 0;
    return refused || item->signature == HT_SIGNATURE_SERVER ? (float)HT_BURST_MARKS : 0.0F;
}

static int64_t time_of(const struct ht_docket *docket, const struct ht_case *item) {
    return docket->sessions->sessions[item->session].end_us / HT_US_PER_S;
}

/* One hub's orders while they are made. */
struct orders {
    const struct ht_docket *docket;
    const struct ht_hub_facts *facts;
    struct ht_burst_field *field;
    uint32_t *keys;    /* of cases, then of points */
    uint32_t *order;   /* by those keys */
    uint32_t *site_of; /* by network: its site, counted from the hub's first; or HT_NONE32 */
    uint32_t hub;
    size_t begin; /* of the hub's cases, and so of its points */
    size_t count;
    size_t site_first; /* of the hub */
    size_t site_count; /* of all hubs up to this one, as the next */
    size_t site_points;
};

/* Points in order of cases: where sites will be, is room for them. */
static enum ht_status make_points(void *ctx, const struct ht_block *block) {
    const struct orders *orders = ctx;
    const struct ht_docket *docket = orders->docket;
    const int64_t first_s = docket->log->hubs[orders->hub].first_us / HT_US_PER_S;
    for (size_t i = block->begin; i < block->end; i++) {
        const struct ht_case *item = &docket->cases[orders->begin + i];
        const int64_t time_s = time_of(docket, item);
        orders->field->by_site[orders->begin + i] = (struct ht_burst_point){
            .time_s = time_s,
            .network = item->network,
            .marks = marks_of(docket, item),
            .item = (uint32_t)(orders->begin + i),
        };
        /* The decoder believes no stamps that are a century apart. */
        orders->keys[i] = (uint32_t)(time_s - first_s);
    }
    return HT_OK;
}

static enum ht_status place_by_time(void *ctx, const struct ht_block *block) {
    const struct orders *orders = ctx;
    const struct ht_burst_point *points = orders->field->by_site + orders->begin;
    struct ht_burst_point *by_time = orders->field->by_time + orders->begin;
    for (size_t i = block->begin; i < block->end; i++) {
        by_time[i] = points[orders->order[i]];
    }
    return HT_OK;
}

/* What is behind no site comes last. */
static enum ht_status ask_sites(void *ctx, const struct ht_block *block) {
    const struct orders *orders = ctx;
    const struct ht_burst_point *by_time = orders->field->by_time + orders->begin;
    const uint32_t none = (uint32_t)(orders->site_count - orders->site_first);
    for (size_t i = block->begin; i < block->end; i++) {
        const uint32_t site = orders->site_of[by_time[i].network];
        orders->keys[i] = site < none ? site : none;
    }
    return HT_OK;
}

static enum ht_status place_by_site(void *ctx, const struct ht_block *block) {
    const struct orders *orders = ctx;
    const struct ht_burst_point *points = orders->field->by_time + orders->begin;
    struct ht_burst_point *by_site = orders->field->by_site + orders->site_points;
    for (size_t i = block->begin; i < block->end; i++) {
        by_site[i] = points[orders->order[i]];
    }
    return HT_OK;
}

/* Places of the hub that are large enough for an outage of their own; the rest is never asked for.
 */
static void list_sites(struct orders *orders, struct ht_burst_field *field) {
    const struct ht_hub_facts *facts = orders->facts;
    orders->site_first = orders->site_count;
    for (size_t i = facts->place_first[orders->hub]; i < facts->place_first[orders->hub + 1]; i++) {
        const struct ht_place *place = &facts->places[i];
        if (place->devices >= HT_SITE_SIZE_MIN) {
            orders->site_of[place->network] = (uint32_t)(orders->site_count - orders->site_first);
            field->sites[orders->site_count++] = (struct ht_burst_site){
                .hub = orders->hub,
                .network = place->network,
                .devices = place->devices,
            };
        }
    }
}

/* Points by site: how many are of the sites before one. */
static size_t points_below(const struct orders *orders, uint32_t site) {
    size_t low = 0;
    size_t high = orders->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (orders->keys[orders->order[middle]] < site) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Sites that lost a device, with where their points are; returns how many points these are. */
static size_t measure_sites(struct orders *orders, struct ht_burst_field *field) {
    const uint32_t sites = (uint32_t)(orders->site_count - orders->site_first);
    size_t end = 0;
    size_t kept = orders->site_first;
    for (uint32_t i = 0; i < sites; i++) {
        struct ht_burst_site site = field->sites[orders->site_first + i];
        orders->site_of[site.network] = HT_NONE32; /* as the next hub wants it */
        site.first = orders->site_points + end;
        end = points_below(orders, i + 1);
        site.end = orders->site_points + end;
        if (site.end > site.first) {
            field->sites[kept++] = site;
        }
    }
    orders->site_count = kept;
    return end;
}

static enum ht_status order_hub(struct orders *orders, struct ht_burst_field *field) {
    const struct ht_parallel *parallel = orders->docket->parallel;
    const size_t count = orders->count;
    HT_TRY(ht_parallel_for(parallel, count, BLOCK_CASES, make_points, orders));
    HT_TRY(ht_key_order(parallel, orders->keys, count, orders->order));
    HT_TRY(ht_parallel_for(parallel, count, BLOCK_CASES, place_by_time, orders));
    list_sites(orders, field);
    HT_TRY(ht_parallel_for(parallel, count, BLOCK_CASES, ask_sites, orders));
    HT_TRY(ht_key_order(parallel, orders->keys, count, orders->order));
    const size_t site_points = measure_sites(orders, field);
    HT_TRY(ht_parallel_for(parallel, site_points, BLOCK_CASES, place_by_site, orders));
    orders->site_points += site_points;
    return HT_OK;
}

static enum ht_status make_orders(const struct ht_docket *docket, const struct ht_hub_facts *facts,
                                  struct ht_burst_field *field) {
    struct orders orders = {
        .docket = docket,
        .facts = facts,
        .field = field,
        .keys = ht_large_alloc(docket->count + 1, sizeof *orders.keys),
        .order = ht_large_alloc(docket->count + 1, sizeof *orders.order),
        .site_of = malloc(facts->network_count * sizeof *orders.site_of),
    };
    const bool complete = orders.keys != NULL && orders.order != NULL && orders.site_of != NULL;
    enum ht_status status = complete ? HT_OK : HT_E_NOMEM;
    for (size_t i = 0; complete && i < facts->network_count; i++) {
        orders.site_of[i] = HT_NONE32;
    }
    for (uint32_t hub = 0; status == HT_OK && hub < docket->log->hub_count; hub++) {
        orders.hub = hub;
        orders.begin = hub_first(docket, hub);
        orders.count = hub_first(docket, hub + 1) - orders.begin;
        field->hub_site_first[hub] = orders.site_count;
        status = order_hub(&orders, field);
    }
    field->hub_site_first[docket->log->hub_count] = orders.site_count;
    free(orders.keys);
    free(orders.order);
    free(orders.site_of);
    return status;
}

enum ht_status ht_burst_field_init(const struct ht_docket *docket, const struct ht_hub_facts *facts,
                                   struct ht_burst_field *field) {
    const size_t points = docket->count + 1;
    *field = (struct ht_burst_field){
        .by_time = ht_large_alloc(points, sizeof *field->by_time),
        .by_site = ht_large_alloc(points, sizeof *field->by_site),
        .sites = malloc((facts->place_count + 1) * sizeof *field->sites),
        .hub_site_first = malloc((docket->log->hub_count + 1) * sizeof *field->hub_site_first),
        .weights = ht_large_alloc(points, sizeof *field->weights),
        .taken = ht_large_zeroed(points, sizeof *field->taken),
        .closed = malloc((docket->log->hub_count + 1) * sizeof *field->closed),
    };
    const bool complete = field->by_time != NULL && field->by_site != NULL &&
                          field->sites != NULL && field->hub_site_first != NULL &&
                          field->weights != NULL && field->taken != NULL && field->closed != NULL;
    const enum ht_status status = complete ? make_orders(docket, facts, field) : HT_E_NOMEM;
    if (status != HT_OK) {
        ht_burst_field_release(field);
    }
    return status;
}

void ht_burst_field_release(struct ht_burst_field *field) {
    free(field->by_time);
    free(field->by_site);
    free(field->sites);
    free(field->hub_site_first);
    free(field->weights);
    free(field->taken);
    free(field->closed);
    *field = (struct ht_burst_field){NULL, NULL, NULL, NULL, NULL, NULL, NULL};
}

/* What is neither a token's end nor a close nor a take-over, nor in a rhythm of its own. */
static float weight_of(const struct ht_case *item) {
    if (item->settled != HT_CAUSE_UNKNOWN) {
        return item->settled == HT_CAUSE_PLATFORM_UPGRADE ? 1.0F : 0.0F;
    }
    const float network = item->posterior[HT_H_IDLE] + item->posterior[HT_H_RESET];
    return network * (1 - item->rhythmic) + item->posterior[HT_H_HUB] + item->posterior[HT_H_SITE] +
           item->posterior[HT_H_OTHER];
}

/* A device that drops again soon counts for the time between, so that one which flaps makes no
 * burst by itself. */
static double repeat_factor(const struct ht_docket *docket, size_t index) {
    const struct ht_case *item = &docket->cases[index];
    if (index == 0 || docket->cases[index - 1].device != item->device) {
        return 1;
    }
    const int64_t since_s = time_of(docket, item) - time_of(docket, &docket->cases[index - 1]);
    return since_s >= HT_BURST_REPEAT_S ? 1 : (double)since_s / HT_BURST_REPEAT_S;
}

struct weighing {
    struct ht_docket *docket;
    struct ht_burst_field *field;
    size_t begin;   /* first case of the hub */
    double *closed; /* by block */
};

static void leave_bursts(struct ht_case *item) {
    if (item->hub_burst != HT_NONE32 || item->site_burst != HT_NONE32) {
        item->moved = true;
        item->hub_burst = HT_NONE32;
        item->site_burst = HT_NONE32;
        item->hub_hazard = 0;
        item->site_hazard = 0;
    }
}

static enum ht_status weigh_cases(void *ctx, const struct ht_block *block) {
    const struct weighing *weighing = ctx;
    const struct ht_docket *docket = weighing->docket;
    double closed = 0;
    for (size_t i = weighing->begin + block->begin; i < weighing->begin + block->end; i++) {
        struct ht_case *item = &docket->cases[i];
        weighing->field->weights[i] = weight_of(item) * (float)repeat_factor(docket, i);
        weighing->field->taken[i] = false;
        closed += (double)item->posterior[HT_H_CLOSE];
        leave_bursts(item);
    }
    weighing->closed[block->index] = closed;
    return HT_OK;
}

static enum ht_status weigh_points(void *ctx, const struct ht_block *block) {
    const struct weighing *weighing = ctx;
    struct ht_burst_field *field = weighing->field;
    for (size_t i = block->begin; i < block->end; i++) {
        field->by_time[i].weight = field->weights[field->by_time[i].item];
    }
    return HT_OK;
}

static enum ht_status weigh_sites(void *ctx, const struct ht_block *block) {
    const struct weighing *weighing = ctx;
    struct ht_burst_field *field = weighing->field;
    for (size_t i = block->begin; i < block->end; i++) {
        field->by_site[i].weight = field->weights[field->by_site[i].item];
    }
    return HT_OK;
}

static enum ht_status weigh(struct weighing *weighing) {
    const struct ht_docket *docket = weighing->docket;
    struct ht_burst_field *field = weighing->field;
    const size_t hubs = docket->log->hub_count;
    const size_t sites = field->hub_site_first[hubs];
    const size_t site_points = sites > 0 ? field->sites[sites - 1].end : 0;
    for (size_t hub = 0; hub < hubs; hub++) {
        weighing->begin = hub_first(docket, hub);
        const size_t count = hub_first(docket, hub + 1) - weighing->begin;
        HT_TRY(ht_parallel_for(docket->parallel, count, BLOCK_CASES, weigh_cases, weighing));
        field->closed[hub] = 0;
        for (size_t i = 0; i < ht_parallel_block_count(count, BLOCK_CASES); i++) {
            field->closed[hub] += weighing->closed[i];
        }
    }
    HT_TRY(ht_parallel_for(docket->parallel, docket->count, BLOCK_CASES, weigh_points, weighing));
    return ht_parallel_for(docket->parallel, site_points, BLOCK_CASES, weigh_sites, weighing);
}

enum ht_status ht_burst_field_weigh(struct ht_docket *docket, struct ht_burst_field *field) {
    const size_t blocks = ht_parallel_block_count(docket->count, BLOCK_CASES);
    struct weighing weighing = {.docket = docket,
                                .field = field,
                                .closed = malloc((blocks + 1) * sizeof(double))};
    const enum ht_status status = weighing.closed != NULL ? weigh(&weighing) : HT_E_NOMEM;
    free(weighing.closed);
    return status;
}
