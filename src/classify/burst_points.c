/* SPDX-License-Identifier: MIT */
#include "classify/burst_points.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/large.h"
#include "base/radix.h"
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

/* Scratch for sorting. */
struct orders {
    struct ht_radix_item *items;
    struct ht_radix_item *scratch;
    size_t site_count;
    size_t site_points;
    size_t site_capacity;
};

/* Points [begin, end) in order of time; they come in that of devices. */
static void order_by_time(const struct ht_docket *docket, size_t begin, size_t end,
                          struct orders *orders, struct ht_burst_field *field) {
    const size_t count = end - begin;
    struct ht_burst_point *by_case = field->by_site + begin; /* not used for sites yet */
    int64_t least_s = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct ht_case *item = &docket->cases[begin + i];
        by_case[i] = (struct ht_burst_point){
            .time_s = time_of(docket, item),
            .device = item->device,
            .network = item->network,
            .marks = marks_of(docket, item),
            .item = (uint32_t)(begin + i),
        };
        least_s = by_case[i].time_s < least_s ? by_case[i].time_s : least_s;
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t since_s = (uint64_t)(by_case[i].time_s - least_s);
        orders->items[i] = (struct ht_radix_item){since_s, (uint32_t)i};
    }
    ht_radix_sort(orders->items, orders->scratch, count);
    for (size_t i = 0; i < count; i++) {
        field->by_time[begin + i] = by_case[orders->items[i].value];
    }
}

static void add_site(struct orders *orders, const struct ht_burst_site *site, size_t first,
                     struct ht_burst_field *field) {
    const size_t count = site->end - site->first;
    struct ht_burst_site *own = &field->sites[orders->site_count++];
    *own = *site;
    own->first = orders->site_points;
    own->end = orders->site_points + count;
    for (size_t i = 0; i < count; i++) {
        field->by_site[own->first + i] = field->by_time[orders->items[first + i].value];
    }
    orders->site_points += count;
}

/* The same points by network; of places that are large enough, since the rest is never asked for.
 */
static void order_by_site(const struct ht_hub_facts *facts, uint32_t hub, size_t begin, size_t end,
                          struct orders *orders, struct ht_burst_field *field) {
    size_t count = 0;
    for (size_t i = begin; i < end; i++) {
        if (field->by_time[i].network != 0) {
            orders->items[count++] = (struct ht_radix_item){field->by_time[i].network, (uint32_t)i};
        }
    }
    ht_radix_sort(orders->items, orders->scratch, count);
    for (size_t first = 0; first < count;) {
        size_t behind = first + 1;
        while (behind < count && orders->items[behind].key == orders->items[first].key) {
            behind++;
        }
        const uint32_t network = (uint32_t)orders->items[first].key;
        const struct ht_burst_site site = {
            .hub = hub,
            .network = network,
            .devices = ht_hub_place_devices(facts, hub, network),
            .first = first,
            .end = behind,
        };
        if (site.devices >= HT_SITE_SIZE_MIN) {
            add_site(orders, &site, first, field);
        }
        first = behind;
    }
}

static enum ht_status make_orders(const struct ht_docket *docket, const struct ht_hub_facts *facts,
                                  struct ht_burst_field *field) {
    struct orders orders = {
        .items = ht_large_alloc(docket->count + 1, sizeof *orders.items),
        .scratch = ht_large_alloc(docket->count + 1, sizeof *orders.scratch),
    };
    const bool complete = orders.items != NULL && orders.scratch != NULL;
    for (uint32_t hub = 0; complete && hub < docket->log->hub_count; hub++) {
        const size_t begin = hub_first(docket, hub);
        const size_t end = hub_first(docket, hub + 1);
        field->hub_site_first[hub] = orders.site_count;
        order_by_time(docket, begin, end, &orders, field);
        order_by_site(facts, hub, begin, end, &orders, field);
    }
    field->hub_site_first[docket->log->hub_count] = orders.site_count;
    free(orders.items);
    free(orders.scratch);
    return complete ? HT_OK : HT_E_NOMEM;
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
