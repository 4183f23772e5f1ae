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

/* The tokens that may be in use: made then, or first known then but older; with that probability.
 * An array for each, since most of the loops need one of them. */
struct births {
    int64_t made_us[HT_CLOCK_MAX];
    int64_t age_s[HT_CLOCK_MAX]; /* when the session ended */
    bool seen[HT_CLOCK_MAX];
    double weight[HT_CLOCK_MAX];
    size_t count;
};

struct filter {
    const struct ht_docket *docket;
    const struct ht_cadences *cadences;
    struct ht_clock *clock;
    struct ht_habit habit;
    struct ht_token_rhythms tokens; /* of the session's cluster and the device */
    uint32_t device;
    const struct ht_rhythm *usual; /* the token rhythm that the device follows most, or NULL */
    struct births births;
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
static void forget_least(struct births *births) {
    size_t least = 0;
    for (size_t i = 1; i < births->count; i++) {
        least = births->weight[i] < births->weight[least] ? i : least;
    }
    const size_t last = --births->count;
    births->made_us[least] = births->made_us[last];
    births->seen[least] = births->seen[last];
    births->weight[least] = births->weight[last];
}

static void normalize(struct births *births) {
    double sum = 0;
    for (size_t i = 0; i < births->count; i++) {
        sum += births->weight[i];
    }
    for (size_t i = 0; i < births->count; i++) {
        births->weight[i] = sum > 0 ? births->weight[i] / sum : 1.0 / (double)births->count;
    }
}

/* A connect, seen or not, with the share of them that bring a new token. */
static void take_connect(struct filter *filter, const struct ht_session *session, double renewed) {
    struct births *births = &filter->births;
    double reborn = filter->dead;
    for (size_t i = 0; i < births->count; i++) {
        reborn += births->weight[i] * renewed;
        births->weight[i] *= 1 - renewed;
    }
    if (births->count == HT_CLOCK_MAX) {
        forget_least(births);
    }
    births->made_us[births->count] = session->start_us;
    births->seen[births->count] = session->start == HT_START_SEEN;
    births->weight[births->count] = reborn;
    births->count++;
    filter->dead = 0;
    normalize(births);
}

/* The session lasted: tokens that would have ended meanwhile are less likely in use. */
static void outlive(struct filter *filter, const struct ht_session *session) {
    struct births *births = &filter->births;
    bool changed = false;
    for (size_t i = 0; i < births->count; i++) {
        const int64_t from_s = (session->start_us - births->made_us[i]) / HT_US_PER_S;
        const int64_t to_s = (session->end_us - births->made_us[i]) / HT_US_PER_S;
        births->age_s[i] = to_s;
        if (births->seen[i] ? to_s > filter->tokens.low_s && from_s < filter->tokens.high_s
                            : from_s < filter->tokens.high_s) {
            births->weight[i] *= births->seen[i]
                                     ? ht_cadence_token_survival(&filter->tokens, from_s, to_s)
                                     : ht_cadence_unseen_survival(&filter->tokens, from_s, to_s);
            changed = true;
        }
    }
    if (changed) {
        normalize(births);
    }
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
static double ticked_density(const struct filter *filter, const struct ht_session *session,
                             size_t birth) {
    const struct ht_rhythm *usual = filter->usual;
    const int64_t period_s = usual != NULL ? (int64_t)usual->middle_s + 1 : 0;
    int64_t age_s = filter->births.age_s[birth] - period_s;
    int tick = 1;
    while (usual != NULL && tick < HT_CLOCK_TICKS_MAX &&
           age_s > (int64_t)usual->high_s + 2 * tick) {
        tick++;
        age_s -= period_s;
    }
    if (usual == NULL || age_s + 2 * tick < usual->low_s ||
        age_s > (int64_t)usual->high_s + 2 * tick) {
        return 0; /* as most: so look for traces last */
    }
    for (int i = 1; i <= tick; i++) {
        if (!is_unseen(filter, session,
                       filter->births.made_us[birth] + i * period_s * HT_US_PER_S)) {
            return 0;
        }
    }
    return usual->density * HT_CLOCK_TICK;
}

static double density_of(const struct filter *filter, const struct ht_session *session,
                         size_t birth) {
    const int64_t age_s = filter->births.age_s[birth];
    if (!filter->births.seen[birth]) {
        return ht_cadence_unseen_token_density(&filter->tokens, age_s);
    }
    const struct ht_rhythm *rhythm =
        age_s < HT_NONE32 ? ht_cadence_token_at(&filter->tokens, (uint32_t)age_s) : NULL;
    if (rhythm == NULL) {
        return ticked_density(filter, session, birth);
    }
    const uint32_t own_age_s =
        session->start == HT_START_SEEN ? (uint32_t)ht_session_length_s(session) : HT_NONE32;
    return rhythm->density * ht_habit_factor(&filter->habit, filter->cadences, rhythm, own_age_s);
}

/* Mean over the hypotheses, returned; the one that contributes most gives the age. */
static double read_end(struct filter *filter, const struct ht_session *session,
                       double densities[HT_CLOCK_MAX], struct ht_clock_reading *reading) {
    const struct births *births = &filter->births;
    double sum = 0;
    size_t best = births->count - 1; /* the newest: this connect */
    for (size_t i = 0; i < births->count; i++) {
        densities[i] = density_of(filter, session, i);
    }
    for (size_t i = 0; i < births->count; i++) {
        sum += births->weight[i] * densities[i];
        if (births->weight[i] * densities[i] > births->weight[best] * densities[best]) {
            best = i;
        }
    }
    *reading = (struct ht_clock_reading){
        .density = (float)sum,
        .age_s = births->seen[best] ? (uint32_t)births->age_s[best] : HT_NONE32,
        .carried = births->seen[best] && births->made_us[best] < session->start_us,
    };
    return sum;
}

/* Did the newest connect bring the token that ended here? Asked where an older one could have.
 * sum: of the densities, weighted. */
static void learn_renewal(struct filter *filter, uint32_t cluster, double token, double sum,
                          const double *densities) {
    const size_t newest = filter->births.count - 1;
    if (newest > 0 && sum > 0 && token > HT_FAIR_ODDS && filter->token_ended < HT_FAIR_ODDS) {
        filter->own[cluster] += token * filter->births.weight[newest] * densities[newest] / sum;
        filter->all[cluster] += token;
    }
}

/*
 * Weigh the hypotheses by the end that was seen. The posterior p of the round before says how much
 * everything else explains it: in units of the density, D (1 - p) / p.
 */
static void take_end(struct filter *filter, double token, double mean_density,
                     const double *densities) {
    struct births *births = &filter->births;
    filter->token_ended = token;
    if (token < 1e-6 || mean_density <= 0) {
        return;
    }
    const double rest = mean_density * (1 - token) / token + 1e-12;
    for (size_t i = 0; i < births->count; i++) {
        births->weight[i] *= densities[i] + rest;
    }
    normalize(births);
    for (size_t i = 0; i < births->count; i++) {
        if (densities[i] > 0) {
            const double died = densities[i] / (densities[i] + rest);
            filter->dead += births->weight[i] * died;
            births->weight[i] *= 1 - died;
        }
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
    filter->births = (struct births){.made_us = {first_us}, .weight = {1}, .count = 1};
    ht_habit_learn(docket, filter->cadences, filter->device, &filter->habit);
    filter->usual = ht_habit_token(&filter->habit, filter->cadences, filter->device);
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
        outlive(filter, session);
        struct ht_clock_reading *reading = &filter->clock->readings[cursor];
        const struct ht_case *item = case_of(docket, i, &cursor);
        if (item == NULL) {
            filter->token_ended = 0;
            continue;
        }
        const double token = (double)item->posterior[HT_H_TOKEN];
        const double sum = read_end(filter, session, densities, reading);
        learn_renewal(filter, cluster, token, sum, densities);
        take_end(filter, token, (double)reading->density, densities);
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
