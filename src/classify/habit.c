/* SPDX-License-Identifier: MIT */
#include "classify/habit.h"

static bool is_in(const struct ht_rhythm *rhythm, int64_t age_s) {
    return age_s + 1 >= rhythm->low_s && age_s <= (int64_t)rhythm->high_s + 1;
}

static bool has_reached(const struct ht_rhythm *rhythm, int64_t age_s) {
    return age_s + 1 >= rhythm->low_s;
}

void ht_habit_learn(const struct ht_docket *docket, const struct ht_cadences *cadences,
                    uint32_t device, struct ht_habit *habit) {
    const struct ht_device_sessions *own = &docket->sessions->by_device[device];
    *habit = (struct ht_habit){.count = 0};
    if (own->count == 0) {
        return;
    }
    const uint16_t cluster = docket->session_cluster[own->first];
    habit->first = cadences->cluster_first[cluster];
    habit->count = cadences->cluster_first[cluster + 1] - habit->first;
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        const struct ht_session *session = &docket->sessions->sessions[i];
        if (session->start != HT_START_SEEN || docket->session_cluster[i] != cluster) {
            continue;
        }
        const int64_t age_s = ht_session_length_s(session);
        for (uint32_t k = 0; k < habit->count; k++) {
            const struct ht_rhythm *rhythm = &cadences->rhythms[habit->first + k];
            habit->reached[k] += has_reached(rhythm, age_s);
            habit->ended[k] += session->end == HT_END_SEEN && is_in(rhythm, age_s);
        }
    }
}

double ht_habit_factor(const struct ht_habit *habit, const struct ht_cadences *cadences,
                       const struct ht_rhythm *rhythm, uint32_t own_age_s) {
    const size_t index = (size_t)(rhythm - cadences->rhythms);
    if (index < habit->first || index - habit->first >= habit->count || rhythm->hit_rate <= 0) {
        return 1;
    }
    const size_t k = index - habit->first;
    const bool known = own_age_s != HT_NONE32;
    const double ended = (double)habit->ended[k] - (known && is_in(rhythm, own_age_s) ? 1 : 0);
    const double reached =
        (double)habit->reached[k] - (known && has_reached(rhythm, own_age_s) ? 1 : 0);
    const double rate =
        (ended + HT_HABIT_STRENGTH * rhythm->hit_rate) / (reached + HT_HABIT_STRENGTH);
    return rate / rhythm->hit_rate;
}

const struct ht_rhythm *ht_habit_token(const struct ht_habit *habit,
                                       const struct ht_cadences *cadences, uint32_t device) {
    const uint32_t own = cadences->device_rhythm[device];
    if (own != HT_NONE32 && cadences->rhythms[own].kind == HT_CADENCE_TOKEN) {
        return &cadences->rhythms[own];
    }
    const struct ht_rhythm *best = NULL;
    uint32_t most = 0;
    for (uint32_t k = 0; k < habit->count; k++) {
        const struct ht_rhythm *rhythm = &cadences->rhythms[habit->first + k];
        if (rhythm->kind == HT_CADENCE_TOKEN && rhythm->origin != HT_RHYTHM_DOCUMENTED &&
            habit->ended[k] > most) {
            most = habit->ended[k];
            best = rhythm;
        }
    }
    return best;
}
