/* SPDX-License-Identifier: MIT */
/*
 * A filter that runs forward over a device's sessions. At a connect every hypothesis loses the
 * share of reconnects that bring a new token; while a session lasts it loses the tokens that would
 * have ended; at an end it gains by how well it explains it, and loses the token if that was the
 * cause. What is lost at an end is reborn at the next connect.
 */
#include "classify/clock.h"

#include <stdlib.h>

#include "base/large.h"
#include "base/time.h"
#include "classify/habit.h"
#include "classify/parameters.h"

/* One token in use: made then, or first known then but older; with that probability. */
struct birth {
    int64_t time_us;
    bool seen;
    double weight;
};

struct filter {
    const struct ht_docket *docket;
    const struct ht_cadences *cadences;
    struct ht_clock *clock;
    struct ht_habit habit;
    struct ht_token_rhythms tokens; /* of the session's cluster and the device */
    uint32_t device;
    const struct ht_rhythm *usual; /* the token rhythm that the device follows most, or NULL */
    struct birth births[HT_CLOCK_MAX];
    size_t count;
    double dead;        /* weight of "the token ended": the next connect must bring a new one */
    double token_ended; /* posterior of the last end */
    double *own;        /* by cluster: token ends explained by the connect before them */
    double *all;        /* and those that could tell */
};

enum ht_status ht_clock_init(const struct ht_docket *docket, struct ht_clock *clock) {
    clock->readings = ht_large_zeroed(docket->count + 1, sizeof *clock->readings);
    clock->renewed = malloc((docket->cluster_count + 1) * sizeof *clock->renewed);
    if (clock->readings == NULL || clock->renewed == NULL) {
        ht_clock_release(clock);
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < docket->cluster_count; i++) {
        clock->renewed[i] = HT_CLOCK_RENEWED;
    }
    return HT_OK;
}

void ht_clock_release(struct ht_clock *clock) {
    free(clock->readings);
    free(clock->renewed);
    *clock = (struct ht_clock){NULL, NULL};
}

/* Room for one more: the least likely goes. */
static void forget_least(struct filter *filter) {
    size_t least = 0;
    for (size_t i = 1; i < filter->count; i++) {
        least = filter->births[i].weight < filter->births[least].weight ? i : least;
    }
    filter->births[least] = filter->births[--filter->count];
}

static void normalize(struct filter *filter) {
    double sum = 0;
    for (size_t i = 0; i < filter->count; i++) {
        sum += filter->births[i].weight;
    }
    for (size_t i = 0; i < filter->count; i++) {
        filter->births[i].weight =
            sum > 0 ? filter->births[i].weight / sum : 1.0 / (double)filter->count;
    }
}

/* A connect, seen or not, with the share of them that bring a new token. */
static void take_connect(struct filter *filter, const struct ht_session *session, double renewed) {
    double reborn = filter->dead;
    for (size_t i = 0; i < filter->count; i++) {
        reborn += filter->births[i].weight * renewed;
        filter->births[i].weight *= 1 - renewed;
    }
    if (filter->count == HT_CLOCK_MAX) {
        forget_least(filter);
    }
    filter->births[filter->count++] =
        (struct birth){session->start_us, session->start == HT_START_SEEN, reborn};
    filter->dead = 0;
    normalize(filter);
}

static int64_t age_at(const struct birth *birth, int64_t time_us) {
    return (time_us - birth->time_us) / HT_US_PER_S;
}

static void outlive(struct filter *filter, const struct ht_session *session, uint32_t cluster) {
    for (size_t i = 0; i < filter->count; i++) {
        struct birth *birth = &filter->births[i];
        const int64_t from_s = age_at(birth, session->start_us);
        const int64_t to_s = age_at(birth, session->end_us);
        birth->weight *= birth->seen ? ht_cadence_token_survival(&filter->tokens, from_s, to_s)
                                     : ht_cadence_unseen_survival(filter->cadences, cluster,
                                                                  filter->device, from_s, to_s);
    }
    normalize(filter);
}

/* Could a token be renewed then without a trace? Not while a session went on well: only between
 * two, or when the client was gone already and the hub had not noticed. */
static bool is_unseen(const struct filter *filter, const struct ht_session *session,
                      int64_t time_us) {
    const struct ht_sessions *sessions = filter->docket->sessions;
    const struct ht_session *first = &sessions->sessions[sessions->by_device[filter->device].first];
    for (int i = 0; session > first && i < HT_CLOCK_LOOK_BACK; i++) {
        if (session->start_us <= time_us) {
            return false;
        }
        session--;
        if (session->end_us <= time_us) {
            return true;
        }
        if ((session->flags & HT_SESSION_CLEAN) == 0 &&
            session->end_us - time_us <= HT_CLOCK_GONE_S * HT_US_PER_S &&
            session->start_us <= time_us) {
            return true;
        }
    }
    return false;
}

/*
 * Some clients renew by a timer of their own, connected or not: the token in use was made a few
 * periods after the one that was last seen to be made, if nothing was to be seen of that.
 */
static double ticked_density(const struct filter *filter, const struct birth *birth,
                             const struct ht_session *session) {
    const struct ht_rhythm *usual = filter->usual;
    if (usual == NULL) {
        return 0;
    }
    int64_t made_us = birth->time_us;
    for (int tick = 1; tick <= HT_CLOCK_TICKS_MAX; tick++) {
        made_us += ((int64_t)usual->middle_s + 1) * HT_US_PER_S;
        const int64_t age_s = (session->end_us - made_us) / HT_US_PER_S;
        if (age_s + 2 * tick < usual->low_s || !is_unseen(filter, session, made_us)) {
            return 0;
        }
        if (age_s <= (int64_t)usual->high_s + 2 * tick) {
            return usual->density * HT_CLOCK_TICK;
        }
    }
    return 0;
}

static double density_of(const struct filter *filter, const struct birth *birth,
                         const struct ht_session *session, uint32_t cluster) {
    const int64_t age_s = age_at(birth, session->end_us);
    if (!birth->seen) {
        return ht_cadence_unseen_density(filter->cadences, cluster, filter->device, age_s,
                                         HT_CADENCE_TOKEN);
    }
    const struct ht_rhythm *rhythm =
        age_s < HT_NONE32 ? ht_cadence_token_at(&filter->tokens, (uint32_t)age_s) : NULL;
    if (rhythm == NULL) {
        return ticked_density(filter, birth, session);
    }
    const uint32_t own_age_s =
        session->start == HT_START_SEEN ? (uint32_t)ht_session_length_s(session) : HT_NONE32;
    return rhythm->density * ht_habit_factor(&filter->habit, filter->cadences, rhythm, own_age_s);
}

/* Mean over the hypotheses; the one that contributes most gives the age. */
static struct ht_clock_reading read_end(struct filter *filter, const struct ht_session *session,
                                        uint32_t cluster, double densities[HT_CLOCK_MAX]) {
    double sum = 0;
    size_t best = filter->count - 1; /* the newest: this connect */
    for (size_t i = 0; i < filter->count; i++) {
        densities[i] = density_of(filter, &filter->births[i], session, cluster);
    }
    for (size_t i = 0; i < filter->count; i++) {
        sum += filter->births[i].weight * densities[i];
        if (filter->births[i].weight * densities[i] >
            filter->births[best].weight * densities[best]) {
            best = i;
        }
    }
    const struct birth *birth = &filter->births[best];
    return (struct ht_clock_reading){
        .density = (float)sum,
        .age_s = birth->seen ? (uint32_t)age_at(birth, session->end_us) : HT_NONE32,
        .carried = birth->seen && birth->time_us < session->start_us,
    };
}

/* Did the newest connect bring the token that ended here? Asked where an older one could have. */
static void learn_renewal(struct filter *filter, uint32_t cluster, double token,
                          const double *densities) {
    double sum = 0;
    for (size_t i = 0; i < filter->count; i++) {
        sum += filter->births[i].weight * densities[i];
    }
    if (filter->count > 1 && sum > 0 && token > HT_FAIR_ODDS &&
        filter->token_ended < HT_FAIR_ODDS) {
        const size_t newest = filter->count - 1;
        filter->own[cluster] += token * filter->births[newest].weight * densities[newest] / sum;
        filter->all[cluster] += token;
    }
}

/*
 * Weigh the hypotheses by the end that was seen. The posterior p of the round before says how much
 * everything else explains it: in units of the density, D (1 - p) / p.
 */
static void take_end(struct filter *filter, const struct ht_case *item, double mean_density,
                     const double *densities) {
    const double token = (double)item->posterior[HT_H_TOKEN];
    filter->token_ended = token;
    if (token < 1e-6 || mean_density <= 0) {
        return;
    }
    const double rest = mean_density * (1 - token) / token + 1e-12;
    double sum = 0;
    for (size_t i = 0; i < filter->count; i++) {
        filter->births[i].weight *= densities[i] + rest;
        sum += filter->births[i].weight;
    }
    for (size_t i = 0; i < filter->count; i++) {
        const double died = densities[i] / (densities[i] + rest);
        filter->births[i].weight /= sum;
        filter->dead += filter->births[i].weight * died;
        filter->births[i].weight *= 1 - died;
    }
}

/* The case of a session that ended, or NULL; cases are in order of their sessions. */
static const struct ht_case *case_of(const struct ht_docket *docket, uint32_t session,
                                     uint32_t *cursor) {
    const struct ht_case *item = *cursor < docket->count ? &docket->cases[*cursor] : NULL;
    if (item == NULL || item->session != session) {
        return NULL;
    }
    (*cursor)++;
    return item;
}

static void read_device(struct filter *filter) {
    const struct ht_docket *docket = filter->docket;
    const struct ht_device_sessions *own = &docket->sessions->by_device[filter->device];
    uint32_t cursor = docket->device_first[filter->device];
    double densities[HT_CLOCK_MAX];
    const int64_t first_us = docket->log->hubs[docket->log->devices[filter->device].hub].first_us;
    filter->births[0] = (struct birth){.time_us = first_us, .weight = 1};
    ht_habit_learn(docket, filter->cadences, filter->device, &filter->habit);
    filter->usual = ht_habit_token(&filter->habit, filter->cadences, filter->device);
    filter->count = 1;
    filter->dead = 0;
    filter->token_ended = 0;
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        const struct ht_session *session = &docket->sessions->sessions[i];
        const uint32_t cluster = docket->session_cluster[i];
        if (i == own->first || cluster != docket->session_cluster[i - 1]) {
            ht_cadence_tokens(filter->cadences, cluster, filter->device, &filter->tokens);
        }
        if (session->start != HT_START_BEFORE_LOG) {
            take_connect(filter, session, filter->clock->renewed[cluster]);
        }
        outlive(filter, session, cluster);
        const uint32_t index = cursor;
        const struct ht_case *item = case_of(docket, i, &cursor);
        if (item == NULL) {
            filter->token_ended = 0;
            continue;
        }
        const struct ht_clock_reading reading = read_end(filter, session, cluster, densities);
        filter->clock->readings[index] = reading;
        learn_renewal(filter, cluster, (double)item->posterior[HT_H_TOKEN], densities);
        take_end(filter, item, (double)reading.density, densities);
    }
}

enum { BLOCK_DEVICES = 1024 };

struct reading {
    const struct ht_docket *docket;
    const struct ht_cadences *cadences;
    struct ht_clock *clock;
    double *sums; /* by block: own, then all, of each cluster */
};

static enum ht_status read_block(void *ctx, const struct ht_block *block) {
    const struct reading *reading = ctx;
    const size_t clusters = reading->docket->cluster_count;
    double *sums = reading->sums + 2 * clusters * block->index;
    struct filter filter = {
        .docket = reading->docket,
        .cadences = reading->cadences,
        .clock = reading->clock,
        .own = sums,
        .all = sums + clusters,
    };
    for (size_t d = block->begin; d < block->end; d++) {
        filter.device = (uint32_t)d;
        read_device(&filter);
    }
    return HT_OK;
}

enum ht_status ht_clock_read(const struct ht_docket *docket, const struct ht_cadences *cadences,
                             struct ht_clock *clock) {
    const size_t devices = docket->log->device_count;
    const size_t clusters = docket->cluster_count;
    const size_t blocks = ht_parallel_block_count(devices, BLOCK_DEVICES);
    struct reading reading = {
        .docket = docket,
        .cadences = cadences,
        .clock = clock,
        .sums = calloc(2 * clusters * blocks + 1, sizeof(double)),
    };
    if (reading.sums == NULL) {
        return HT_E_NOMEM;
    }
    const enum ht_status status =
        ht_parallel_for(docket->parallel, devices, BLOCK_DEVICES, read_block, &reading);
    for (size_t i = 0; i < clusters && status == HT_OK; i++) {
        double own = 0;
        double all = 0;
        for (size_t b = 0; b < blocks; b++) {
            own += reading.sums[2 * clusters * b + i];
            all += reading.sums[2 * clusters * b + clusters + i];
        }
        clock->renewed[i] =
            (HT_CLOCK_STRENGTH * HT_CLOCK_RENEWED + own) / (HT_CLOCK_STRENGTH + all);
    }
    free(reading.sums);
    return status;
}
