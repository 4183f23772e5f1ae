/* SPDX-License-Identifier: MIT */
#include "classify/incidents.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/time.h"
#include "classify/parameters.h"
#include "classify/relapses.h"
#include "classify/winner.h"

/* What the verdicts that point to a burst add up to. */
struct tally {
    uint32_t devices;
    uint32_t disconnects;
    uint32_t upgrades; /* that the code calls so outright */
    uint32_t last_device;
    bool sure; /* start and end are those of sure verdicts */
    int64_t start_us;
    int64_t end_us;
    double confidence; /* sum */
};

/* From the first to the last end that is surely its own; while none is, to any. */
static void stretch(struct tally *tally, int64_t time_us, bool edge) {
    if (tally->disconnects == 0 || (edge && !tally->sure)) {
        tally->start_us = time_us;
        tally->end_us = time_us;
    } else if (edge == tally->sure) {
        tally->start_us = time_us < tally->start_us ? time_us : tally->start_us;
        tally->end_us = time_us > tally->end_us ? time_us : tally->end_us;
    }
    tally->sure |= edge;
}

static void count(struct tally *tally, const struct ht_docket *docket, const struct ht_case *item,
                  bool across_hub) {
    const int64_t time_us = docket->sessions->sessions[item->session].end_us;
    const bool settled = item->settled != HT_CAUSE_UNKNOWN;
    const double sure = settled      ? HT_SETTLED_CONFIDENCE
                        : across_hub ? (double)item->posterior[HT_H_HUB]
                                     : (double)item->posterior[HT_H_SITE];
    stretch(tally, time_us, sure >= HT_INCIDENT_EDGE);
    /* Cases are in order of devices. */
    tally->devices += tally->disconnects == 0 || tally->last_device != item->device;
    tally->last_device = item->device;
    tally->disconnects++;
    tally->upgrades += settled;
    tally->confidence += sure;
}

/* Ends that are its own, if less surely, and relapses carry it on while they follow closely. */
static void carry_on(const struct ht_sequels *sequels, const uint32_t *root,
                     struct tally *tallies) {
    for (size_t i = 0; i < sequels->count; i++) {
        const struct ht_sequel *sequel = &sequels->sequels[i];
        struct tally *tally = &tallies[root[sequel->burst]];
        const int64_t pause_s = sequel->relapse ? HT_RELAPSE_PAUSE_S : HT_INCIDENT_PAUSE_S;
        if (sequel->time_us > tally->end_us &&
            sequel->time_us - tally->end_us <= pause_s * HT_US_PER_S) {
            tally->end_us = sequel->time_us;
        }
    }
}

/* root: by burst, the one that it counts for; NULL: each for itself. */
static struct tally *tally_all(const struct ht_docket *docket, const struct ht_bursts *bursts,
                               const uint32_t *root) {
    struct tally *tallies = calloc(bursts->count + 1, sizeof *tallies);
    for (size_t i = 0; i < docket->count && tallies != NULL; i++) {
        const uint32_t own = ht_winner_burst(&docket->cases[i]);
        if (own != HT_NONE32) {
            const uint32_t burst = root == NULL ? own : root[own];
            count(&tallies[burst], docket, &docket->cases[i], bursts->bursts[burst].across_hub);
        }
    }
    return tallies;
}

static bool stands(const struct ht_log *log, const struct tally *tally,
                   const struct ht_burst *burst) {
    return tally->devices >=
           (burst->across_hub ? ht_burst_devices_min(log, burst->hub) : HT_SITE_DEVICES_MIN);
}

enum ht_status ht_incidents_prune(struct ht_docket *docket, const struct ht_bursts *bursts,
                                  bool *pruned) {
    struct tally *tallies = tally_all(docket, bursts, NULL);
    *pruned = false;
    if (tallies == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < docket->count; i++) {
        struct ht_case *item = &docket->cases[i];
        const uint32_t hub = item->hub_burst;
        const uint32_t site = item->site_burst;
        if (hub != HT_NONE32 && !stands(docket->log, &tallies[hub], &bursts->bursts[hub])) {
            item->hub_burst = HT_NONE32;
            item->hub_hazard = 0;
            item->moved = true;
        }
        if (site != HT_NONE32 && !stands(docket->log, &tallies[site], &bursts->bursts[site])) {
            item->site_burst = HT_NONE32;
            item->site_hazard = 0;
            item->moved = true;
        }
        *pruned |= item->moved;
    }
    free(tallies);
    return HT_OK;
}

static struct ht_incident incident_of(const struct tally *tally, const struct ht_burst *burst) {
    const bool upgrade = tally->upgrades * 2 >= tally->disconnects;
    return (struct ht_incident){
        .start_us = tally->start_us,
        .end_us = tally->end_us,
        .hub = burst->hub,
        .network = burst->network,
        .cause = !burst->across_hub ? HT_CAUSE_SITE_OUTAGE
                 : upgrade          ? HT_CAUSE_PLATFORM_UPGRADE
                                    : HT_CAUSE_HUB_TRANSIENT,
        .devices = tally->devices,
        .disconnects = tally->disconnects,
        .connected_before = burst->connected > tally->devices ? burst->connected : tally->devices,
        .confidence = (float)(tally->confidence / (double)tally->disconnects),
    };
}

/* An incident and its burst, while they are sorted together. */
struct entry {
    struct ht_incident incident;
    uint32_t burst;
};

static int compare_entry(const void *left, const void *right) {
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->incident.hub != b->incident.hub) {
        return a->incident.hub < b->incident.hub ? -1 : 1;
    }
    if (a->incident.start_us != b->incident.start_us) {
        return a->incident.start_us < b->incident.start_us ? -1 : 1;
    }
    return (a->burst > b->burst) - (a->burst < b->burst);
}

static void fill(const struct ht_log *log, struct ht_incident_list *list, struct entry *entries,
                 const struct tally *tallies, const uint32_t *root,
                 const struct ht_bursts *bursts) {
    for (size_t i = 0; i < bursts->count; i++) {
        list->of_burst[i] = HT_NONE32;
        if (stands(log, &tallies[i], &bursts->bursts[i])) {
            entries[list->count++] = (struct entry){
                .incident = incident_of(&tallies[i], &bursts->bursts[i]),
                .burst = (uint32_t)i,
            };
        }
    }
    qsort(entries, list->count, sizeof *entries, compare_entry);
    for (size_t i = 0; i < list->count; i++) {
        list->incidents[i] = entries[i].incident;
        list->of_burst[entries[i].burst] = (uint32_t)i;
    }
    for (size_t i = 0; i < bursts->count; i++) {
        list->of_burst[i] = list->of_burst[root[i]];
    }
}

static void find_roots(const struct ht_sequels *sequels, size_t count, uint32_t *root) {
    for (uint32_t i = 0; i < count; i++) {
        root[i] = i;
        while (sequels->former[root[i]] != HT_NONE32) {
            root[i] = sequels->former[root[i]];
        }
    }
}

static enum ht_status make(const struct ht_docket *docket, const struct ht_bursts *bursts,
                           const struct ht_sequels *sequels, struct ht_incident_list *list) {
    uint32_t *root = malloc((bursts->count + 1) * sizeof *root);
    struct entry *entries = malloc((bursts->count + 1) * sizeof *entries);
    struct tally *tallies = NULL;
    if (root != NULL && entries != NULL) {
        find_roots(sequels, bursts->count, root);
        tallies = tally_all(docket, bursts, root);
    }
    if (tallies != NULL) {
        carry_on(sequels, root, tallies);
        fill(docket->log, list, entries, tallies, root, bursts);
    }
    free(root);
    free(entries);
    const enum ht_status status = tallies != NULL ? HT_OK : HT_E_NOMEM;
    free(tallies);
    return status;
}

enum ht_status ht_incidents_make(const struct ht_docket *docket, const struct ht_bursts *bursts,
                                 struct ht_incident_list *list) {
    struct ht_sequels sequels;
    *list = (struct ht_incident_list){
        .incidents = malloc((bursts->count + 1) * sizeof *list->incidents),
        .of_burst = malloc((bursts->count + 1) * sizeof *list->of_burst),
    };
    enum ht_status status = ht_sequels_gather(docket, bursts, &sequels);
    if (status == HT_OK && (list->incidents == NULL || list->of_burst == NULL)) {
        status = HT_E_NOMEM;
    }
    if (status == HT_OK) {
        status = make(docket, bursts, &sequels, list);
    }
    if (status != HT_OK) {
        free(list->incidents);
        free(list->of_burst);
        *list = (struct ht_incident_list){.count = 0};
    }
    ht_sequels_release(&sequels);
    return status;
}
