/* SPDX-License-Identifier: MIT */
/*
 * Ages are gathered by cluster, sorted, and searched for peaks. A peak must recur in time, so that
 * one event which hit many sessions of one age does not pose as a lifetime. What it is, its own
 * marks decide.
 */
#include "classify/cadence.h"

#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/grow.h"
#include "base/time.h"
#include "classify/parameters.h"
#include "classify/peak.h"
#include "classify/told.h"

void ht_cadences_release(struct ht_cadences *cadences) {
    free(cadences->rhythms);
    free(cadences->cluster_first);
    free(cadences->device_rhythm);
    *cadences = (struct ht_cadences){.count = 0};
}

static int compare_u32(const void *left, const void *right) {
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Sessions of one cluster: ages at which cases ended, and how long every session with a known begin
 * lived, both ascending. */
struct ages {
    uint32_t *ended;
    size_t ended_count;
    uint32_t *lived;
    size_t lived_count;
};

/* Cases and sessions grouped by cluster (counting sort), so that a cluster is one slice. */
struct groups {
    uint32_t *cases;      /* indices, by cluster */
    uint32_t *case_first; /* one more at the end */
    uint32_t *sessions;
    uint32_t *session_first;
};

static void release_groups(struct groups *groups) {
    free(groups->cases);
    free(groups->case_first);
    free(groups->sessions);
    free(groups->session_first);
}

/* An age that may be a lifetime: what a burst cut short is none. */
static bool has_known_age(const struct ht_case *item) {
    return item->age_s != HT_NONE32 && item->settled == HT_CAUSE_UNKNOWN &&
           (double)(item->posterior[HT_H_HUB] + item->posterior[HT_H_SITE]) < HT_FAIR_ODDS;
}

static void make_slices(uint32_t *first, size_t count) {
    uint32_t sum = 0;
    for (size_t i = 0; i <= count; i++) {
        const uint32_t own = first[i];
        first[i] = sum;
        sum += own;
    }
}

static void fill_groups(const struct ht_docket *docket, struct groups *groups) {
    const size_t clusters = docket->cluster_count;
    for (size_t i = 0; i < docket->count; i++) {
        groups->case_first[docket->cases[i].cluster] += has_known_age(&docket->cases[i]);
    }
    for (size_t i = 0; i < docket->sessions->session_count; i++) {
        groups->session_first[docket->session_cluster[i]] +=
            docket->sessions->sessions[i].start == HT_START_SEEN;
    }
    make_slices(groups->case_first, clusters);
    make_slices(groups->session_first, clusters);
    for (size_t i = 0; i < docket->count; i++) {
        if (has_known_age(&docket->cases[i])) {
            groups->cases[groups->case_first[docket->cases[i].cluster]++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < docket->sessions->session_count; i++) {
        if (docket->sessions->sessions[i].start == HT_START_SEEN) {
            groups->sessions[groups->session_first[docket->session_cluster[i]]++] = (uint32_t)i;
        }
    }
    /* The cursors have moved to the next slice's begin: shift them back. */
    for (size_t i = clusters; i > 0; i--) {
        groups->case_first[i] = groups->case_first[i - 1];
        groups->session_first[i] = groups->session_first[i - 1];
    }
    groups->case_first[0] = 0;
    groups->session_first[0] = 0;
}

static enum ht_status make_groups(const struct ht_docket *docket, struct groups *groups) {
    const size_t sessions = docket->sessions->session_count + 1;
    groups->cases = malloc((docket->count + 1) * sizeof *groups->cases);
    groups->sessions = malloc(sessions * sizeof *groups->sessions);
    groups->case_first = calloc(docket->cluster_count + 2, sizeof *groups->case_first);
    groups->session_first = calloc(docket->cluster_count + 2, sizeof *groups->session_first);
    if (groups->cases == NULL || groups->sessions == NULL || groups->case_first == NULL ||
        groups->session_first == NULL) {
        return HT_E_NOMEM;
    }
    fill_groups(docket, groups);
    return HT_OK;
}

static uint32_t clamp_s(int64_t seconds) {
    return seconds < UINT32_MAX - 2 ? (uint32_t)seconds : UINT32_MAX - 2;
}

static enum ht_status gather(const struct ht_docket *docket, const struct groups *groups,
                             size_t cluster, struct ages *ages) {
    const uint32_t *cases = groups->cases + groups->case_first[cluster];
    const uint32_t *sessions = groups->sessions + groups->session_first[cluster];
    const size_t case_count = groups->case_first[cluster + 1] - groups->case_first[cluster];
    ages->lived_count = groups->session_first[cluster + 1] - groups->session_first[cluster];
    ages->ended = malloc((case_count + 1) * sizeof *ages->ended);
    ages->lived = malloc((ages->lived_count + 1) * sizeof *ages->lived);
    if (ages->ended == NULL || ages->lived == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < case_count; i++) {
        ages->ended[ages->ended_count++] = docket->cases[cases[i]].age_s;
    }
    for (size_t i = 0; i < ages->lived_count; i++) {
        ages->lived[i] = clamp_s(ht_session_length_s(&docket->sessions->sessions[sessions[i]]));
    }
    qsort(ages->ended, ages->ended_count, sizeof *ages->ended, compare_u32);
    qsort(ages->lived, ages->lived_count, sizeof *ages->lived, compare_u32);
    return HT_OK;
}

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

/* A length that a silent device is cut at: 1.5 x keep-alive, or the hub's cap. Ages that were cut
 * for other reasons may widen the peak, but its middle stays. */
static bool is_keep_alive_limit(const struct ht_rhythm *rhythm, uint32_t keep_alive_s) {
    enum { SLACK_S = 4 };
    const uint32_t limits[] = {HT_KEEP_ALIVE_CAP_S, ht_keep_alive_limit_s(keep_alive_s)};
    for (size_t i = 0; i < 2; i++) {
        if (limits[i] > 0 && rhythm->middle_s + SLACK_S >= limits[i] &&
            rhythm->middle_s <= limits[i] + SLACK_S) {
            return true;
        }
    }
    return false;
}

/* Log-likelihoods of a rhythm's cases under each kind. */
struct kind_evidence {
    double log_likelihood[3];
    uint32_t signatures[HT_SIGNATURE_COUNT];
    uint32_t sessions;
    uint32_t devices;
    uint32_t last_device;
    uint32_t told[3]; /* by enum ht_told_end: what rules say of its sessions */
};

static void weigh_kind(const struct ht_docket *docket, const struct ht_marks *marks,
                       const struct ht_case *item, struct kind_evidence *evidence) {
    const struct ht_session *session = &docket->sessions->sessions[item->session];
    const double token =
        ht_mark_signature(marks, item, HT_H_TOKEN) * ht_mark_gap(marks, item, session, HT_H_TOKEN);
    const double close =
        ht_mark_signature(marks, item, HT_H_CLOSE) * ht_mark_gap(marks, item, session, HT_H_CLOSE);
    const double idle =
        ht_mark_signature(marks, item, HT_H_IDLE) * ht_mark_gap(marks, item, session, HT_H_IDLE);
    const double reset =
        ht_mark_signature(marks, item, HT_H_RESET) * ht_mark_gap(marks, item, session, HT_H_RESET);
    evidence->log_likelihood[HT_CADENCE_TOKEN] += log(token);
    evidence->log_likelihood[HT_CADENCE_CLOSE] += log(close);
    evidence->log_likelihood[HT_CADENCE_NETWORK] += log((idle + reset) / 2);
    evidence->signatures[item->signature]++;
    evidence->told[ht_told_end_at(docket->known, item->device, item->age_s)]++;
    evidence->sessions++;
    evidence->devices += evidence->sessions == 1 || evidence->last_device != item->device;
    evidence->last_device = item->device;
}

/* Knowledge before marks: a rhythm is most likely a token's, but not on X.509, seldom on AMQP, and
 * not when the hub's own keep-alive limit explains it and nothing speaks of a token. Where rules
 * state the token of most of its sessions, that settles it. keep_alive_s: as rules state, or 0. */
static void decide_kind(const struct ht_cluster *cluster, uint32_t keep_alive_s,
                        const struct kind_evidence *evidence, struct ht_rhythm *rhythm) {
    double score[3] = {log(0.8), log(0.12), log(0.08)};
    const enum ht_sdk_family family = (enum ht_sdk_family)cluster->family;
    const bool silent = evidence->signatures[HT_SIGNATURE_TOKEN] * 10 < evidence->sessions &&
                        evidence->signatures[HT_SIGNATURE_CLEAN] * 10 < evidence->sessions &&
                        evidence->signatures[HT_SIGNATURE_NONE] * 10 < evidence->sessions;
    const bool token = evidence->told[HT_TOLD_TOKEN] * 2 > evidence->sessions;
    const bool no_token = evidence->told[HT_TOLD_NO_TOKEN] * 2 > evidence->sessions;
    rhythm->keep_alive =
        silent && !token &&
        is_keep_alive_limit(rhythm,
                            keep_alive_s > 0 ? keep_alive_s : ht_sdk_traits(family)->keep_alive_s);
    if (token) {
        score[HT_CADENCE_TOKEN] += 1e6;
    } else if (rhythm->middle_s < HT_TOKEN_LIFE_MIN_S) {
        score[HT_CADENCE_TOKEN] -= 1e6;
    } else if (cluster->x509 || no_token) {
        score[HT_CADENCE_TOKEN] += log(HT_TOKEN_X509);
    } else if (cluster->amqp) {
        score[HT_CADENCE_TOKEN] += log(HT_TOKEN_AMQP);
    }
    if (rhythm->keep_alive) {
        score[HT_CADENCE_NETWORK] += 1e6;
    }
    for (size_t i = 0; i < 3; i++) {
        score[i] += evidence->log_likelihood[i];
    }
    rhythm->kind = HT_CADENCE_TOKEN;
    for (size_t i = 1; i < 3; i++) {
        if (score[i] > score[rhythm->kind]) {
            rhythm->kind = (uint8_t)i;
        }
    }
}

static void finish_rhythm(const struct ht_docket *docket, const struct groups *groups,
                          const struct ht_marks *marks, size_t cluster, struct ht_rhythm *rhythm) {
    struct kind_evidence evidence = {.last_device = HT_NONE32};
    for (uint32_t i = groups->case_first[cluster]; i < groups->case_first[cluster + 1]; i++) {
        const struct ht_case *item = &docket->cases[groups->cases[i]];
        if (item->age_s >= rhythm->low_s && item->age_s <= rhythm->high_s) {
            weigh_kind(docket, marks, item, &evidence);
        }
    }
    rhythm->sessions = evidence.sessions;
    rhythm->devices = evidence.devices;
    decide_kind(&docket->clusters[cluster], 0, &evidence, rhythm);
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

static int compare_i64(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/*
 * The share of a peak's sessions that are not copies of one event. Sessions that an event cut all
 * at once differ in length as much as they did in their beginning, and end within less than that;
 * those that lived out a lifetime end apart. So within twice the width of the peak only a few
 * count. ends_s: scratch.
 */
static double share_apart(const struct ht_docket *docket, const uint32_t *cases, size_t count,
                          const struct ht_peak *peak, int64_t *ends_s) {
    size_t found = 0;
    size_t apart = 0;
    size_t together = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ht_case *item = &docket->cases[cases[i]];
        if (item->age_s >= peak->low_s && item->age_s <= peak->high_s) {
            ends_s[found++] = docket->sessions->sessions[item->session].end_us / HT_US_PER_S;
        }
    }
    qsort(ends_s, found, sizeof *ends_s, compare_i64);
    const int64_t window_s = 2 * ((int64_t)peak->high_s - peak->low_s + 1);
    for (size_t i = 0, first = 0; i < found; i++) {
        if (ends_s[i] - ends_s[first] >= window_s) {
            first = i;
            together = 0;
        }
        apart += together < HT_PEAK_TOGETHER_MAX;
        together++;
    }
    return found > 0 ? (double)apart / (double)found : 0;
}

/* Search one cluster's ages, most evident peak first. */
struct search {
    const struct ht_docket *docket;
    const struct groups *groups;
    const struct ht_marks *marks;
    size_t cluster;
    struct ages ages;
    int64_t *ends_s;
    bool token; /* one was found */
};

static enum ht_status take_peak(struct search *search, const struct ht_peak *peak,
                                struct ht_cadences *cadences) {
    const struct ages *ages = &search->ages;
    struct ht_rhythm rhythm = {
        .low_s = peak->low_s,
        .high_s = peak->high_s,
        .middle_s = ht_peak_median(ages->ended, ages->ended_count, peak),
    };
    finish_rhythm(search->docket, search->groups, search->marks, search->cluster, &rhythm);
    const size_t reached = ht_ages_reaching(ages->lived, ages->lived_count, peak->low_s);
    rhythm.hit_rate = ((double)rhythm.sessions + 0.5) / ((double)reached + 1.0);
    rhythm.density = density_of(rhythm.hit_rate, &rhythm);
    search->token |= rhythm.kind == HT_CADENCE_TOKEN;
    return add_rhythm(cadences, &rhythm);
}

static enum ht_status find_peaks(struct search *search, struct ht_cadences *cadences) {
    struct ages *ages = &search->ages;
    const uint32_t first = search->groups->case_first[search->cluster];
    const uint32_t *cases = search->groups->cases + first;
    const size_t count = search->groups->case_first[search->cluster + 1] - first;
    for (int i = 0; i < HT_PEAKS_MAX; i++) {
        struct ht_peak peak;
        const double wanted = ht_peak_threshold(ages->ended_count);
        const double evidence =
            ht_peak_find(ages->ended, ages->ended_count, HT_PEAK_COUNT_MIN, &peak);
        if (evidence <= wanted) {
            break;
        }
        const double share = share_apart(search->docket, cases, count, &peak, search->ends_s);
        if (ht_peak_evidence(peak.count * share, peak.expected * share) > wanted) {
            HT_TRY(take_peak(search, &peak, cadences));
        }
        ages->ended_count = ht_peak_remove(ages->ended, ages->ended_count, &peak);
    }
    return HT_OK;
}

static enum ht_status learn_cluster(const struct ht_docket *docket, const struct groups *groups,
                                    const struct ht_marks *marks, size_t cluster,
                                    struct ht_cadences *cadences) {
    struct search search = {.docket = docket, .groups = groups, .marks = marks, .cluster = cluster};
    const size_t count = groups->case_first[cluster + 1] - groups->case_first[cluster];
    search.ends_s = malloc((count + 1) * sizeof *search.ends_s);
    enum ht_status status =
        search.ends_s != NULL ? gather(docket, groups, cluster, &search.ages) : HT_E_NOMEM;
    if (status == HT_OK) {
        status = find_peaks(&search, cadences);
    }
    if (status == HT_OK && !search.token) {
        status = add_documented(cadences, &docket->clusters[cluster]);
    }
    free(search.ends_s);
    free(search.ages.ended);
    free(search.ages.lived);
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

/* One device's own rhythm, in the ages that its cluster does not explain. */
static enum ht_status learn_device(const struct ht_docket *docket, const struct ht_marks *marks,
                                   uint32_t device, uint32_t *ages_s,
                                   struct ht_cadences *cadences) {
    const uint32_t begin = docket->device_first[device];
    const uint32_t end = docket->device_first[device + 1];
    size_t count = 0;
    size_t known = 0;
    for (uint32_t i = begin; i < end; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (has_known_age(item)) {
            known++;
            if (!fleet_explains(cadences, item->cluster, item->age_s)) {
                ages_s[count++] = item->age_s;
            }
        }
    }
    if (count < HT_DEVICE_PEAK_COUNT_MIN) {
        return HT_OK;
    }
    qsort(ages_s, count, sizeof *ages_s, compare_u32);
    struct ht_peak peak;
    if (ht_peak_find(ages_s, count, HT_DEVICE_PEAK_COUNT_MIN, &peak) <= ht_peak_threshold(count)) {
        return HT_OK;
    }
    struct ht_rhythm rhythm = {.low_s = peak.low_s,
                               .high_s = peak.high_s,
                               .middle_s = ht_peak_median(ages_s, count, &peak),
                               .origin = HT_RHYTHM_DEVICE};
    struct kind_evidence evidence = {.last_device = HT_NONE32};
    for (uint32_t i = begin; i < end; i++) {
        const struct ht_case *item = &docket->cases[i];
        if (has_known_age(item) && item->age_s >= peak.low_s && item->age_s <= peak.high_s) {
            weigh_kind(docket, marks, item, &evidence);
        }
    }
    rhythm.sessions = evidence.sessions;
    rhythm.devices = 1;
    rhythm.hit_rate = ((double)evidence.sessions + 0.5) / ((double)known + 1.0);
    rhythm.density = density_of(rhythm.hit_rate, &rhythm);
    struct ht_told told;
    ht_told_of(cadences, device, &told);
    decide_kind(&docket->clusters[docket->cases[begin].cluster], told.keep_alive_s, &evidence,
                &rhythm);
    cadences->device_rhythm[device] = (uint32_t)cadences->count;
    return add_rhythm(cadences, &rhythm);
}

static enum ht_status learn_devices(const struct ht_docket *docket, const struct ht_marks *marks,
                                    struct ht_cadences *cadences) {
    uint32_t *ages_s = malloc((docket->count + 1) * sizeof *ages_s);
    enum ht_status status = ages_s != NULL ? HT_OK : HT_E_NOMEM;
    for (uint32_t d = 0; d < docket->log->device_count && status == HT_OK; d++) {
        status = learn_device(docket, marks, d, ages_s, cadences);
    }
    free(ages_s);
    return status;
}

enum ht_status ht_cadences_learn(const struct ht_docket *docket, const struct ht_marks *marks,
                                 struct ht_cadences *cadences) {
    struct groups groups = {NULL, NULL, NULL, NULL};
    *cadences = (struct ht_cadences){.count = 0};
    cadences->cluster_first = calloc(docket->cluster_count + 1, sizeof *cadences->cluster_first);
    cadences->device_rhythm =
        malloc((docket->log->device_count + 1) * sizeof *cadences->device_rhythm);
    enum ht_status status = cadences->cluster_first != NULL && cadences->device_rhythm != NULL
                                ? make_groups(docket, &groups)
                                : HT_E_NOMEM;
    for (size_t d = 0; d < docket->log->device_count && status == HT_OK; d++) {
        cadences->device_rhythm[d] = HT_NONE32;
    }
    for (size_t i = 0; i < docket->cluster_count && status == HT_OK; i++) {
        status = learn_cluster(docket, &groups, marks, i, cadences);
        cadences->cluster_first[i + 1] = (uint32_t)cadences->count;
    }
    if (status == HT_OK) {
        status = ht_told_rhythms_add(docket->known, cadences);
    }
    if (status == HT_OK) {
        status = learn_devices(docket, marks, cadences);
    }
    release_groups(&groups);
    if (status != HT_OK) {
        ht_cadences_release(cadences);
    }
    return status;
}

/* The rhythms of a cluster, then the device's own, then those that rules state of it; what rules
 * exclude is passed over. */
struct rhythm_list {
    const struct ht_cadences *cadences;
    uint32_t next;
    uint32_t end;
    uint32_t own;
    struct ht_told told;
    size_t next_told;
};

static struct rhythm_list rhythms_of(const struct ht_cadences *cadences, uint32_t cluster,
                                     uint32_t device) {
    struct rhythm_list list = {
        .cadences = cadences,
        .next = cadences->cluster_first[cluster],
        .end = cadences->cluster_first[cluster + 1],
        .own = cadences->device_rhythm[device],
    };
    ht_told_of(cadences, device, &list.told);
    return list;
}

static uint32_t next_index(struct rhythm_list *list) {
    if (list->next < list->end) {
        return list->next++;
    }
    const uint32_t own = list->own;
    list->own = HT_NONE32;
    return own;
}

static const struct ht_rhythm *next_rhythm(struct rhythm_list *list) {
    const struct ht_rhythm *rhythms = list->cadences->rhythms;
    uint32_t index = next_index(list);
    while (index != HT_NONE32 && !ht_told_allows(list->cadences, &list->told, &rhythms[index])) {
        index = next_index(list);
    }
    while (index == HT_NONE32 && list->next_told < HT_ARRAY_LEN(list->told.rhythms)) {
        index = list->told.rhythms[list->next_told++];
    }
    return index != HT_NONE32 ? &rhythms[index] : NULL;
}

/* A second of slack on either side, as in density_of(). */
static bool explains(const struct ht_rhythm *rhythm, uint32_t age_s, enum ht_cadence_kind kind) {
    return rhythm->kind == (unsigned)kind && age_s + 1 >= rhythm->low_s &&
           age_s <= rhythm->high_s + 1;
}

const struct ht_rhythm *ht_cadence_at(const struct ht_cadences *cadences, uint32_t cluster,
                                      uint32_t device, uint32_t age_s, enum ht_cadence_kind kind) {
    const struct ht_rhythm *best = NULL;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list = rhythms_of(cadences, cluster, device);
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

double ht_cadence_token_survival(const struct ht_cadences *cadences, uint32_t cluster,
                                 uint32_t device, int64_t from_s, int64_t to_s) {
    double survival = 1;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list = rhythms_of(cadences, cluster, device);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        if (rhythm->kind == HT_CADENCE_TOKEN) {
            const double width_s = (double)(rhythm->high_s - rhythm->low_s + 1);
            survival *= 1 - rhythm->hit_rate *
                                overlap_s(from_s, to_s, rhythm->low_s, rhythm->high_s) / width_s;
        }
    }
    return survival;
}

double ht_cadence_unseen_survival(const struct ht_cadences *cadences, uint32_t cluster,
                                  uint32_t device, int64_t from_s, int64_t to_s) {
    double survival = 1;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list = rhythms_of(cadences, cluster, device);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        if (rhythm->kind == HT_CADENCE_TOKEN) {
            survival *= 1 - rhythm->hit_rate * overlap_s(from_s, to_s, 0, rhythm->high_s) /
                                (double)rhythm->high_s;
        }
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
    struct rhythm_list list = rhythms_of(cadences, cluster, device);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        density += unseen_density(rhythm, elapsed_s, kind);
    }
    return density;
}

double ht_cadence_unseen_idle_share(const struct ht_cadences *cadences, uint32_t cluster,
                                    uint32_t device, int64_t elapsed_s) {
    double all = 0;
    double silent = 0;
    const struct ht_rhythm *rhythm = NULL;
    struct rhythm_list list = rhythms_of(cadences, cluster, device);
    while ((rhythm = next_rhythm(&list)) != NULL) {
        const double density = unseen_density(rhythm, elapsed_s, HT_CADENCE_NETWORK);
        all += density;
        silent += density * (rhythm->keep_alive ? 1.0 : 0.5);
    }
    return all > 0 ? silent / all : 0.5;
}
