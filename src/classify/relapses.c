/* SPDX-License-Identifier: MIT */
#include "classify/relapses.h"

#include <stdlib.h>

#include "base/check.h"
#include "classify/parameters.h"
#include "classify/winner.h"

/* How many ends of a burst are relapses of the first such burst that is met. */
struct link {
    uint32_t former;
    uint32_t relapses;
    uint32_t ends;
};

static bool is_short_and_torn(const struct ht_case *item) {
    return item->age_s <= HT_RELAPSE_S && item->settled == HT_CAUSE_UNKNOWN &&
           (item->signature == HT_SIGNATURE_REMOTE || item->signature == HT_SIGNATURE_SERVER ||
            item->signature == HT_SIGNATURE_NONE);
}

static void count_link(struct link *link, uint32_t former) {
    link->former = link->former == HT_NONE32 ? former : link->former;
    link->relapses += link->former == former;
}

/* Short sessions are how this device lives. */
static void forget_relapses(struct ht_sequels *made, size_t from) {
    size_t kept = from;
    for (size_t i = from; i < made->count; i++) {
        made->sequels[kept] = made->sequels[i];
        made->sequels[kept].relapse = false;
        kept += made->sequels[i].verdict;
    }
    made->count = kept;
}

static void gather_device(const struct ht_docket *docket, size_t device, struct link *links,
                          struct ht_sequels *made) {
    const size_t first = docket->device_first[device];
    const size_t last = docket->device_first[device + 1];
    const size_t own = made->count;
    size_t elsewhere = 0;        /* short sessions outside of bursts */
    uint32_t before = HT_NONE32; /* the burst that threw it out last */
    for (size_t i = first; i < last; i++) {
        const struct ht_case *item = &docket->cases[i];
        const bool torn = is_short_and_torn(item);
        const uint32_t verdict = ht_winner_burst(item);
        const uint32_t burst = verdict != HT_NONE32 ? verdict : torn ? before : HT_NONE32;
        elsewhere += torn && burst == HT_NONE32;
        if (burst != HT_NONE32) {
            made->sequels[made->count++] = (struct ht_sequel){
                .time_us = docket->sessions->sessions[item->session].end_us,
                .burst = burst,
                .verdict = verdict != HT_NONE32,
                .relapse = torn && before == burst,
            };
            links[burst].ends += verdict != HT_NONE32;
            if (torn && before != HT_NONE32 && before != burst) {
                count_link(&links[burst], before);
            }
        }
        before = burst;
    }
    if (elsewhere * HT_RELAPSE_ONE_IN > last - first) {
        forget_relapses(made, own);
    }
}

static int compare_sequel(const void *left, const void *right) {
    const struct ht_sequel *a = left;
    const struct ht_sequel *b = right;
    if (a->time_us != b->time_us) {
        return a->time_us < b->time_us ? -1 : 1;
    }
    return (a->burst > b->burst) - (a->burst < b->burst);
}

static void find_formers(const struct ht_bursts *bursts, const struct link *links,
                         struct ht_sequels *made) {
    for (size_t i = 0; i < bursts->count; i++) {
        const struct link *link = &links[i];
        const struct ht_burst *burst = &bursts->bursts[i];
        const struct ht_burst *former =
            link->former == HT_NONE32 ? NULL : &bursts->bursts[link->former];
        const bool goes_on = former != NULL &&
                             link->relapses * HT_RELAPSE_GOES_ON_ONE_IN >= link->ends &&
                             former->across_hub && burst->across_hub && former->hub == burst->hub &&
                             former->start_us < burst->start_us;
        made->former[i] = goes_on ? link->former : HT_NONE32;
    }
}

enum ht_status ht_sequels_gather(const struct ht_docket *docket, const struct ht_bursts *bursts,
                                 struct ht_sequels *made) {
    struct link *links = malloc((bursts->count + 1) * sizeof *links);
    *made = (struct ht_sequels){
        .sequels = malloc((docket->count + 1) * sizeof *made->sequels),
        .former = malloc((bursts->count + 1) * sizeof *made->former),
    };
    if (links == NULL || made->sequels == NULL || made->former == NULL) {
        free(links);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < bursts->count; i++) {
        links[i] = (struct link){.former = HT_NONE32};
    }
    for (size_t device = 0; device < docket->log->device_count; device++) {
        gather_device(docket, device, links, made);
    }
    qsort(made->sequels, made->count, sizeof *made->sequels, compare_sequel);
    find_formers(bursts, links, made);
    free(links);
    return HT_OK;
}

void ht_sequels_release(struct ht_sequels *made) {
    free(made->sequels);
    free(made->former);
    *made = (struct ht_sequels){.count = 0};
}
