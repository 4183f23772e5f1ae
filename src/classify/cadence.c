/* SPDX-License-Identifier: MIT */
/*
 * Ages are gathered by cluster, sorted, and searched for peaks. A peak must recur in time, so that
 * one event which hit many sessions of one age does not pose as a lifetime. What it is, its own
 * marks decide.
 */
#include "classify/cadence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/grow.h"
#include "base/large.h"
#include "base/radix.h"
#include "base/time.h"
#include "classify/parameters.h"
#include "classify/peak.h"
#include "classify/rhythm_kind.h"
#include "classify/told.h"

void ht_cadences_release(struct ht_cadences *cadences) {
    free(cadences->rhythms);
    free(cadences->cluster_first);
    free(cadences->kind_first);
    free(cadences->device_rhythm);
    *cadences = (struct ht_cadences){.count = 0};
}

/* An age that may be a lifetime: what a burst cut short is none. */
static bool is_cut(const struct ht_case *item) {
    return (double)(item->posterior[HT_H_HUB] + item->posterior[HT_H_SITE]) >= HT_FAIR_ODDS;
}

static bool has_known_age(const struct ht_case *item) {
    return item->age_s != HT_NONE32 && item->settled == HT_CAUSE_UNKNOWN && !is_cut(item);
}

/* What all clusters and devices are learned from. */
struct lesson {
    const struct ht_docket *docket;
    const struct ht_cluster_ages *ages;
    const struct ht_marks *marks;
    bool *cut;                 /* by case */
    struct ht_cadences *parts; /* what each block of clusters or devices has shown */
    struct ht_cadences *cadences;
};

static enum ht_status add_rhythm(struct ht_cadences *cadences, const struct ht_rhythm *rhythm) {
    HT_TRY(ht_grow(&cadences->rhythms, &cadences->capacity, cadences->count + 1, UINT32_MAX - 1,
                   sizeof *cadences->rhythms));
    cadences->rhythms[cadences->count++] = *rhythm;
    return HT_OK;
}

/* Edges are soft by a second or two: stamps are whole seconds. */
static double density_of(double hit_rate, const struct ht_rhythm *rhythm) {
    return hit_rate / (double)(rhythm->high_s - rhythm->low_s + 3);
}

/* cases: those whose age is in it, ascending. */
static void finish_rhythm(const struct lesson *lesson, size_t cluster, const uint32_t *cases,
                          size_t count, struct ht_rhythm *rhythm) {
    struct ht_kind_evidence evidence = {.sessions = 0};
    for (size_t i = 0; i < count; i++) {
        ht_kind_weigh(lesson->docket, &lesson->docket->cases[cases[i]], &evidence);
    }
    rhythm->sessions = evidence.sessions;
    rhythm->devices = evidence.devices;
    ht_kind_decide(lesson->docket, lesson->marks, cluster, 0, &evidence, rhythm);
}

/* Documented lifetimes of a family, for a cluster in which no token rhythm was found. Sources: see
 * model/sdk.c; the list for unknown families is that of all. */
static enum ht_status add_documented(struct ht_cadences *cadences,
                                     const struct ht_cluster *cluster) {
    static const enum ht_sdk_family all[] = {HT_SDK_NODE, HT_SDK_C, HT_SDK_PYTHON, HT_SDK_JAVA};
    const bool named = ht_sdk_traits((enum ht_sdk_family)cluster->family)->period_low_s > 0;
    const size_t count = named ? 1 : sizeof all / sizeof all[0];
    if (cluster->x509) {
        return HT_OK;
    }
    for (size_t i = 0; i < count; i++) {
        const struct ht_sdk_traits *traits =
            ht_sdk_traits(named ? (enum ht_sdk_family)cluster->family : all[i]);
        struct ht_rhythm rhythm = {
            .low_s = traits->period_low_s - 5,
            .high_s = traits->period_high_s + 5,
            .middle_s = (traits->period_low_s + traits->period_high_s) / 2,
            .kind = HT_CADENCE_TOKEN,
            .origin = HT_RHYTHM_DOCUMENTED,
            .hit_rate = (named ? HT_PRIOR_HIT_FAMILY : HT_PRIOR_HIT_UNKNOWN) *
                        (cluster->amqp ? HT_TOKEN_AMQP : 1.0),
        };
        rhythm.density = density_of(rhythm.hit_rate, &rhythm);
        HT_TRY(add_rhythm(cadences, &rhythm));
    }
    return HT_OK;
}

/* One cluster's ages, searched for peaks, the most evident first. */
struct search {
    const struct lesson *lesson;
    size_t cluster;
    uint32_t *cases; /* in order of age */
    uint32_t *ages_s;
    size_t count;
    struct ht_ages ages; /* those in no peak yet */
    uint32_t *members;   /* cases of the peak, ascending */
    uint32_t *scratch;   /* as many */
    uint32_t *ends_s;    /* scratch, as many: of members, since the log began */
    bool token;          /* a token's rhythm was found */
};

/*
 * The share of a peak's sessions that are not copies of one event. Sessions that an event cut all
 * at once differ in length as much as they did in their beginning, and end within less than that;
 * those that lived out a lifetime end apart. So within twice the width of the peak only a few
 * count.
 */
static double share_apart(const struct search *search, const struct ht_peak *peak, size_t count) {
    const struct ht_docket *docket = search->lesson->docket;
    const int64_t begin_s = docket->log->first_us / HT_US_PER_S;
    uint32_t *ends_s = search->ends_s;
    const uint64_t window_s = 2 * ((uint64_t)peak->high_s - peak->low_s + 1);
    size_t apart = 0;
    size_t together = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ht_case *item = &docket->cases[search->members[i]];
        const int64_t end_us = docket->sessions->sessions[item->session].end_us;
        ends_s[i] = (uint32_t)(end_us / HT_US_PER_S - begin_s);
    }
    ht_radix_sort_u32(ends_s, search->scratch, count);
    for (size_t i = 0, first = 0; i < count; i++) {
        if (ends_s[i] - ends_s[first] >= window_s) {
            first = i;
            together = 0;
        }
        apart += together < HT_PEAK_TOGETHER_MAX;
        together++;
    }
    return count > 0 ? (double)apart / (double)count : 0;
}

/* The cases whose age is in a peak. */
static size_t list_members(const struct search *search, const struct ht_peak *peak) {
    const size_t first = ht_ages_below(search->ages_s, search->count, peak->low_s);
    const size_t behind = ht_ages_below(search->ages_s, search->count, peak->high_s + 1);
    memcpy(search->members, search->cases + first, (behind - first) * sizeof *search->members);
    ht_radix_sort_u32(search->members, search->scratch, behind - first);
    return behind - first;
}

static enum ht_status take_peak(struct search *search, const struct ht_peak *peak, size_t count,
                                struct ht_cadences *cadences) {
    const struct ht_cluster_ages *ages = search->lesson->ages;
    const uint32_t *lived_s = ages->lived_s + ages->lived_first[search->cluster];
    const size_t lived =
        ages->lived_first[search->cluster + 1] - ages->lived_first[search->cluster];
    const size_t reached = lived - ht_ages_below(lived_s, lived, peak->low_s);
    struct ht_rhythm rhythm = {
        .low_s = peak->low_s,
        .high_s = peak->high_s,
        .middle_s = ht_peak_median(&search->ages, peak),
    };
    finish_rhythm(search->lesson, search->cluster, search->members, count, &rhythm);
    rhythm.hit_rate = ((double)rhythm.sessions + 0.5) / ((double)reached + 1.0);
    rhythm.density = density_of(rhythm.hit_rate, &rhythm);
    search->token |= rhythm.kind == HT_CADENCE_TOKEN;
    return add_rhythm(cadences, &rhythm);
}

static enum ht_status find_peaks(struct search *search, struct ht_cadences *cadences) {
    for (int i = 0; i < HT_PEAKS_MAX; i++) {
        struct ht_peak peak;
        const double wanted = ht_peak_threshold(ht_ages_total(&search->ages));
        if (ht_peak_find(&search->ages, HT_PEAK_COUNT_MIN, &peak) <= wanted) {
            break;
        }
        const size_t count = list_members(search, &peak);
        const double share = share_apart(search, &peak, count);
        if (ht_peak_evidence(peak.count * share, peak.expected * share) > wanted) {
            HT_TRY(take_peak(search, &peak, count, cadences));
        }
        ht_peak_remove(&search->ages, &peak);
    }
    return HT_OK;
}

/* Memory of one search: arrays of as many numbers as the cluster has cases. */
enum {
    SEARCH_CASES = 0,
    SEARCH_AGES,
    SEARCH_DISTINCT,
    SEARCH_BELOW,
    SEARCH_MEMBERS,
    SEARCH_SCRATCH,
    SEARCH_ENDS,
    SEARCH_ARRAYS
};

static enum ht_status learn_cluster(const struct lesson *lesson, size_t cluster,
                                    struct ht_cadences *cadences) {
    const struct ht_cluster_ages *ages = lesson->ages;
    const uint32_t first = ages->case_first[cluster];
    const size_t room = ages->case_first[cluster + 1] - first + 1;
    uint32_t *memory = ht_large_alloc(SEARCH_ARRAYS * room, sizeof *memory);
    struct search search = {.lesson = lesson, .cluster = cluster};
    enum ht_status status = memory != NULL ? HT_OK : HT_E_NOMEM;
    if (status == HT_OK) {
        search.cases = memory + SEARCH_CASES * room;
        search.ages_s = memory + SEARCH_AGES * room;
        search.members = memory + SEARCH_MEMBERS * room;
        search.scratch = memory + SEARCH_SCRATCH * room;
        search.ends_s = memory + SEARCH_ENDS * room;
        uint32_t *distinct = memory + SEARCH_DISTINCT * room;
        for (uint32_t i = first; i < ages->case_first[cluster + 1]; i++) {
            search.cases[search.count] = ages->cases[i];
            search.ages_s[search.count] = ages->ages_s[i];
            search.count += !lesson->cut[ages->cases[i]];
        }
        memcpy(distinct, search.ages_s, search.count * sizeof *distinct);
        search.ages = ht_ages_make(distinct, search.count, memory + SEARCH_BELOW * room);
        status = find_peaks(&search, cadences);
    }
    if (status == HT_OK && !search.token) {
        status = add_documented(cadences, &lesson->docket->clusters[cluster]);
    }
    free(memory);
    return status;
}

/* Is this age explained by what the cluster shares? */
static bool fleet_explains(const struct ht_cadences *cadences, uint32_t cluster, uint32_t age_s) {
    for (uint32_t i = cadences->cluster_first[cluster]; i < cadences->cluster_first[cluster + 1];
         i++) {
        const struct ht_rhythm *rhythm = &cadences->rhythms[i];
        if (rhythm->origin == HT_RHYTHM_FLEET && age_s + 2 >= rhythm->low_s &&
            age_s <= rhythm->high_s + 2) {
            return true;
        }
    }
    return false;
}

/* One device's own rhythm, in the ages that its cluster does not explain. ages_s, below: scratch.
 */
static enum ht_status learn_device(const struct lesson *lesson, uint32_t device, uint32_t *ages_s,
                                   uint32_t *below, struct ht_cadences *part) {
    const struct ht_docket *docket = lesson->docket;
    const uint32_t begin = docket->device_first[device];
    const uint32_t end = docket->device_first[device + 1];
    size_t count = 0;
    size_t known = 0;
    for (uint32_t i = begin; i < end; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (has_known_age(item)) {
            known++;
            if (!fleet_explains(lesson->cadences, item->cluster, item->age_s)) {
                ages_s[count++] = item->age_s;
            }
        }
    }
    if (count < HT_DEVICE_PEAK_COUNT_MIN) {
        return HT_OK;
    }
    ht_radix_sort_u32(ages_s, below, count);
    const struct ht_ages ages = ht_ages_make(ages_s, count, below);
    struct ht_peak peak;
    if (ht_peak_find(&ages, HT_DEVICE_PEAK_COUNT_MIN, &peak) <= ht_peak_threshold(count)) {
        return HT_OK;
    }
    struct ht_rhythm rhythm = {.low_s = peak.low_s,
                               .high_s = peak.high_s,
                               .middle_s = ht_peak_median(&ages, &peak),
                               .origin = HT_RHYTHM_DEVICE};
    struct ht_kind_evidence evidence = {.sessions = 0};
    for (uint32_t i = begin; i < end; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (has_known_age(item) && item->age_s >= peak.low_s && item->age_s <= peak.high_s) {
            ht_kind_weigh(docket, item, &evidence);
        }
    }
    rhythm.sessions = evidence.sessions;
    rhythm.devices = 1;
    rhythm.hit_rate = ((double)evidence.sessions + 0.5) / ((double)known + 1.0);
    rhythm.density = density_of(rhythm.hit_rate, &rhythm);
    struct ht_told told;
    ht_told_of(lesson->cadences, device, &told);
    ht_kind_decide(docket, lesson->marks, docket->cases[begin].cluster, told.keep_alive_s,
                   &evidence, &rhythm);
    lesson->cadences->device_rhythm[device] = (uint32_t)part->count;
    return add_rhythm(part, &rhythm);
}

/* Blocks: cases to be looked through, clusters, devices. */
enum { BLOCK_CASES = 64 * 1024, BLOCK_CLUSTERS = 1, BLOCK_DEVICES = 1024 };

static enum ht_status mark_cut(void *ctx, const struct ht_block *block) {
    const struct lesson *lesson = ctx;
    for (size_t i = block->begin; i < block->end; i++) {
        lesson->cut[i] = is_cut(&lesson->docket->cases[i]);
    }
    return HT_OK;
}

static enum ht_status learn_clusters(void *ctx, const struct ht_block *block) {
    const struct lesson *lesson = ctx;
    return learn_cluster(lesson, block->begin, &lesson->parts[block->index]);
}

static enum ht_status learn_devices(void *ctx, const struct ht_block *block) {
    const struct lesson *lesson = ctx;
    const uint32_t *first = lesson->docket->device_first;
    uint32_t most = 0;
    for (size_t d = block->begin; d < block->end; d++) {
        most = first[d + 1] - first[d] > most ? first[d + 1] - first[d] : most;
    }
    uint32_t *ages_s = malloc(2 * (most + (size_t)1) * sizeof *ages_s);
    enum ht_status status = ages_s != NULL ? HT_OK : HT_E_NOMEM;
    for (size_t d = block->begin; d < block->end && status == HT_OK; d++) {
        lesson->cadences->device_rhythm[d] = HT_NONE32;
        status = learn_device(lesson, (uint32_t)d, ages_s, ages_s + most + 1,
                              &lesson->parts[block->index]);
    }
    free(ages_s);
    return status;
}

/* Append what a cluster has shown, kind by kind. */
static enum ht_status append_cluster(struct ht_cadences *cadences, const struct ht_cadences *part,
                                     size_t cluster) {
    for (size_t kind = 0; kind < HT_CADENCE_KINDS; kind++) {
        for (size_t i = 0; i < part->count; i++) {
            if (part->rhythms[i].kind == kind) {
                HT_TRY(add_rhythm(cadences, &part->rhythms[i]));
            }
        }
        cadences->kind_first[cluster * HT_CADENCE_KINDS + kind + 1] = (uint32_t)cadences->count;
    }
    cadences->cluster_first[cluster + 1] = (uint32_t)cadences->count;
    return HT_OK;
}

/* Append what the devices [begin, end) have shown. */
static enum ht_status append_devices(struct ht_cadences *cadences, const struct ht_cadences *part,
                                     size_t begin, size_t end) {
    const uint32_t offset = (uint32_t)cadences->count;
    for (size_t i = 0; i < part->count; i++) {
        HT_TRY(add_rhythm(cadences, &part->rhythms[i]));
    }
    for (size_t d = begin; d < end; d++) {
        cadences->device_rhythm[d] += cadences->device_rhythm[d] != HT_NONE32 ? offset : 0;
    }
    return HT_OK;
}

/* Blocks learn for themselves; what they have learned is joined in their order. */
static enum ht_status learn_blocks(struct lesson *lesson, size_t count, size_t block_items,
                                   ht_block_fn *learn) {
    const size_t blocks = ht_parallel_block_count(count, block_items);
    lesson->parts = calloc(blocks + 1, sizeof *lesson->parts);
    enum ht_status status = lesson->parts != NULL ? ht_parallel_for(lesson->docket->parallel, count,
                                                                    block_items, learn, lesson)
                                                  : HT_E_NOMEM;
    for (size_t b = 0; b < blocks && lesson->parts != NULL; b++) {
        const struct ht_cadences *part = &lesson->parts[b];
        const size_t end = (b + 1) * block_items < count ? (b + 1) * block_items : count;
        if (status == HT_OK) {
            status = learn == learn_clusters
                         ? append_cluster(lesson->cadences, part, b)
                         : append_devices(lesson->cadences, part, b * block_items, end);
        }
        free(part->rhythms);
    }
    free(lesson->parts);
    return status;
}

static enum ht_status learn(struct lesson *lesson) {
    const struct ht_docket *docket = lesson->docket;
    HT_TRY(ht_parallel_for(docket->parallel, docket->count, BLOCK_CASES, mark_cut, lesson));
    HT_TRY(learn_blocks(lesson, docket->cluster_count, BLOCK_CLUSTERS, learn_clusters));
    HT_TRY(ht_told_rhythms_add(docket->known, lesson->cadences));
    return learn_blocks(lesson, docket->log->device_count, BLOCK_DEVICES, learn_devices);
}

enum ht_status ht_cadences_learn(const struct ht_docket *docket, const struct ht_cluster_ages *ages,
                                 const struct ht_marks *marks, struct ht_cadences *cadences) {
    struct lesson lesson = {
        .docket = docket,
        .ages = ages,
        .marks = marks,
        .cut = ht_large_alloc(docket->count + 1, sizeof *lesson.cut),
        .cadences = cadences,
    };
    *cadences = (struct ht_cadences){.count = 0};
    cadences->cluster_first = calloc(docket->cluster_count + 1, sizeof *cadences->cluster_first);
    cadences->kind_first =
        calloc(HT_CADENCE_KINDS * docket->cluster_count + 1, sizeof *cadences->kind_first);
    cadences->device_rhythm =
        malloc((docket->log->device_count + 1) * sizeof *cadences->device_rhythm);
    const bool complete = lesson.cut != NULL && cadences->cluster_first != NULL &&
                          cadences->kind_first != NULL && cadences->device_rhythm != NULL;
    const enum ht_status status = complete ? learn(&lesson) : HT_E_NOMEM;
    free(lesson.cut);
    if (status != HT_OK) {
        ht_cadences_release(cadences);
    }
    return status;
}

/* The rhythms of one kind that a cluster has, then the device's own, then those that rules state of
 * it, these two of any kind; what rules exclude is passed over. */
struct rhythm_list {
    const struct ht_cadences *cadences;
    uint32_t next;
    uint32_t end;
    uint32_t own;
    bool by_rules; /* told is set */
    struct ht_told told;
    size_t next_told;
};

static void begin_list(struct rhythm_list *list, const struct ht_cadences *cadences,
                       uint32_t cluster, uint32_t device, enum ht_cadence_kind kind) {
    const uint32_t *first = cadences->kind_first + cluster * HT_CADENCE_KINDS + kind;
    list->cadences = cadences;
    list->next = first[0];
    list->end = first[1];
    list->own = cadences->device_rhythm[device];
    list->by_rules = cadences->known != NULL && cadences->known->devices != NULL;
    list->next_told = 0;
    if (list->by_rules) {
        ht_told_of(cadences, device, &list->told);
    }
}

static uint32_t next_index(struct rhythm_list *list) {
    if (list->next < list->end) {
        return list->next++;
    }
    const uint32_t own = list->own;
    list->own = HT_NONE32;
    return own;
}

static uint32_t next_by_rules(struct rhythm_list *list) {
    const struct ht_rhythm *rhythms = list->cadences->rhythms;
    uint32_t index = next_index(list);
    while (index != HT_NONE32 && !ht_told_allows(list->cadences, &list->told, &rhythms[index])) {
        index = next_index(list);
    }
    while (index == HT_NONE32 && list->next_told < HT_ARRAY_LEN(list->told.rhythms)) {
        index = list->told.rhythms[list->next_told++];
    }
    return index;
}

static inline const struct ht_rhythm *next_rhythm(struct rhythm_list *list) {
    const uint32_t index = list->by_rules ? next_by_rules(list) : next_index(list);
    return index != HT_NONE32 ? &list->cadences->rhythms[index] : NULL;
}

/* A second of slack on either side, as in density_of(). */
static bool explains(const struct ht_rhythm *rhythm, uint32_t age_s, enum ht_cadence_kind kind) {
    return rhythm->kind == (unsigned)kind && age_s + 1 >= rhythm->low_s &&
           age_s <= rhythm->high_s + 1;
}

const struct ht_rhythm *ht_cadence_search(const struct ht_cadences *cadences, uint32_t cluster,
                                          uint32_t device, uint32_t age_s,
                                          enum ht_cadence_kind kind) {
    const struct ht_rhythm *best = NULL;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list;
    begin_list(&list, cadences, cluster, device, kind);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        if (explains(rhythm, age_s, kind) && (best == NULL || rhythm->density > best->density)) {
            best = rhythm;
        }
    }
    return best;
}

/* How much of [from, to] is within [low, high]. */
static double overlap_s(int64_t from_s, int64_t to_s, int64_t low_s, int64_t high_s) {
    const int64_t first_s = from_s > low_s ? from_s : low_s;
    const int64_t last_s = to_s < high_s ? to_s : high_s;
    return last_s > first_s ? (double)(last_s - first_s) : 0;
}

void ht_cadence_tokens(const struct ht_cadences *cadences, uint32_t cluster, uint32_t device,
                       struct ht_token_rhythms *tokens) {
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list;
    *tokens = (struct ht_token_rhythms){.count = 0, .low_s = INT64_MAX};
    begin_list(&list, cadences, cluster, device, HT_CADENCE_TOKEN);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        if (rhythm->kind == HT_CADENCE_TOKEN) {
            HT_ASSERT(tokens->count < HT_TOKEN_RHYTHMS_MAX);
            tokens->rhythms[tokens->count++] = rhythm;
            tokens->low_s = rhythm->low_s < tokens->low_s ? rhythm->low_s : tokens->low_s;
            tokens->high_s = rhythm->high_s > tokens->high_s ? rhythm->high_s : tokens->high_s;
        }
    }
}

const struct ht_rhythm *ht_cadence_token_at(const struct ht_token_rhythms *tokens, uint32_t age_s) {
    const struct ht_rhythm *best = NULL;
    if ((int64_t)age_s + 1 < tokens->low_s || (int64_t)age_s > tokens->high_s + 1) {
        return NULL;
    }
    for (size_t i = 0; i < tokens->count; i++) {
        const struct ht_rhythm *rhythm = tokens->rhythms[i];
        if (explains(rhythm, age_s, HT_CADENCE_TOKEN) &&
            (best == NULL || rhythm->density > best->density)) {
            best = rhythm;
        }
    }
    return best;
}

double ht_cadence_token_survival(const struct ht_token_rhythms *tokens, int64_t from_s,
                                 int64_t to_s) {
    double survival = 1;
    if (to_s <= tokens->low_s || from_s >= tokens->high_s) {
        return 1; /* not a rhythm is touched */
    }
    for (size_t i = 0; i < tokens->count; i++) {
        const struct ht_rhythm *rhythm = tokens->rhythms[i];
        const double within_s = overlap_s(from_s, to_s, rhythm->low_s, rhythm->high_s);
        if (within_s > 0) {
            const double width_s = (double)(rhythm->high_s - rhythm->low_s + 1);
            survival *= 1 - rhythm->hit_rate * within_s / width_s;
        }
    }
    return survival;
}

double ht_cadence_unseen_survival(const struct ht_token_rhythms *tokens, int64_t from_s,
                                  int64_t to_s) {
    double survival = 1;
    for (size_t i = 0; i < tokens->count; i++) {
        const struct ht_rhythm *rhythm = tokens->rhythms[i];
        survival *= 1 - rhythm->hit_rate * overlap_s(from_s, to_s, 0, rhythm->high_s) /
                            (double)rhythm->high_s;
    }
    return survival;
}

static double unseen_density(const struct ht_rhythm *rhythm, int64_t elapsed_s,
                             enum ht_cadence_kind kind) {
    if (rhythm->kind != (unsigned)kind || elapsed_s >= rhythm->high_s) {
        return 0;
    }
    /* Neither the lifetime nor the session's length was seen: a guess on a guess. */
    const double trust = rhythm->origin == HT_RHYTHM_DOCUMENTED ? HT_UNSEEN_DOCUMENTED : 1.0;
    return trust * rhythm->hit_rate / (double)rhythm->high_s;
}

double ht_cadence_unseen_density(const struct ht_cadences *cadences, uint32_t cluster,
                                 uint32_t device, int64_t elapsed_s, enum ht_cadence_kind kind) {
    double density = 0;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list;
    begin_list(&list, cadences, cluster, device, kind);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        density += unseen_density(rhythm, elapsed_s, kind);
    }
    return density;
}

double ht_cadence_unseen_token_density(const struct ht_token_rhythms *tokens, int64_t elapsed_s) {
    double density = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        density += unseen_density(tokens->rhythms[i], elapsed_s, HT_CADENCE_TOKEN);
    }
    return density;
}

double ht_cadence_unseen_idle_share(const struct ht_cadences *cadences, uint32_t cluster,
                                    uint32_t device, int64_t elapsed_s) {
    double all = 0;
    double silent = 0;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list;
    begin_list(&list, cadences, cluster, device, HT_CADENCE_NETWORK);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        const double density = unseen_density(rhythm, elapsed_s, HT_CADENCE_NETWORK);
        all += density;
        silent += density * (rhythm->keep_alive ? 1.0 : 0.5);
    }
    return all > 0 ? silent / all : 0.5;
}
