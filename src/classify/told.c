/* SPDX-License-Identifier: MIT */
#include "classify/told.h"

#include "base/check.h"
#include "base/grow.h"
#include "classify/parameters.h"

/* Slots of each rule: its token by SDK family, its duty cycle, its keep-alive limit. */
enum { SLOT_DUTY = HT_SDK_FAMILY_COUNT, SLOT_LIMIT, SLOT_COUNT };

enum { SLACK_S = 2 }; /* stamps are whole seconds */

static struct ht_rhythm rhythm_of(enum ht_cadence_kind kind, uint32_t low_s, uint32_t high_s,
                                  double hit_rate) {
    return (struct ht_rhythm){
        .low_s = low_s,
        .high_s = high_s,
        .middle_s = low_s + (high_s - low_s) / 2,
        .kind = (uint8_t)kind,
        .origin = HT_RHYTHM_TOLD,
        .hit_rate = hit_rate,
        .density = hit_rate / (double)(high_s - low_s + 3),
    };
}

static uint32_t less(uint32_t value, uint32_t by) {
    return value > by ? value - by : 0;
}

/* A rhythm that a rule does not state explains nothing and is never asked. */
static void fill_slots(const struct ht_known_rule *rule, struct ht_rhythm slots[SLOT_COUNT]) {
    for (size_t i = 0; i < HT_SDK_FAMILY_COUNT; i++) {
        const struct ht_known_period *period = &rule->token[i];
        slots[i] = rhythm_of(HT_CADENCE_TOKEN, period->low_s, period->high_s, HT_TOLD_HIT);
    }
    const uint32_t up_s = rule->duty_up_s;
    const uint32_t off_s = up_s / HT_TOLD_DUTY_ONE_IN + 2 * SLACK_S;
    const uint32_t limit_s = ht_keep_alive_limit_s(rule->keep_alive_s);
    slots[SLOT_DUTY] = rhythm_of(HT_CADENCE_CLOSE, less(up_s, off_s), up_s + off_s, HT_TOLD_HIT);
    slots[SLOT_LIMIT] = rhythm_of(HT_CADENCE_NETWORK, less(limit_s, SLACK_S), limit_s + 2 * SLACK_S,
                                  HT_TOLD_LIMIT_HIT);
    slots[SLOT_LIMIT].keep_alive = true;
}

enum ht_status ht_told_rhythms_add(const struct ht_known *known, struct ht_cadences *cadences) {
    const size_t rules = known != NULL ? known->rule_count : 0;
    const size_t count = cadences->count;
    cadences->known = known;
    cadences->told_first = (uint32_t)count;
    HT_TRY(ht_grow(&cadences->rhythms, &cadences->capacity, count + rules * SLOT_COUNT + 1,
                   UINT32_MAX - 1, sizeof *cadences->rhythms));
    for (size_t i = 0; i < rules; i++) {
        fill_slots(&known->rules[i], &cadences->rhythms[count + i * SLOT_COUNT]);
    }
    cadences->count += rules * SLOT_COUNT;
    return HT_OK;
}

static uint32_t slot_of(const struct ht_cadences *cadences, const struct ht_known_rule *rule,
                        uint32_t slot) {
    return rule != NULL ? cadences->told_first +
                              (uint32_t)(rule - cadences->known->rules) * SLOT_COUNT + slot
                        : HT_NONE32;
}

void ht_told_of(const struct ht_cadences *cadences, uint32_t device, struct ht_told *told) {
    const struct ht_known *known = cadences->known;
    *told = (struct ht_told){.rhythms = {HT_NONE32, HT_NONE32, HT_NONE32}};
    if (known == NULL || known->devices == NULL) {
        return;
    }
    const struct ht_known_rule *token = ht_known_of(known, device, HT_KNOWN_TOKEN);
    told->token = token != NULL;
    told->without_token = token != NULL && token->without_token;
    told->rhythms[0] =
        slot_of(cadences, told->without_token ? NULL : token, known->devices[device].family);
    told->rhythms[1] = slot_of(cadences, ht_known_of(known, device, HT_KNOWN_DUTY), SLOT_DUTY);
    const struct ht_known_rule *keep_alive = ht_known_of(known, device, HT_KNOWN_KEEP_ALIVE);
    told->keep_alive_s = keep_alive != NULL ? keep_alive->keep_alive_s : 0;
    told->rhythms[2] = slot_of(cadences, keep_alive, SLOT_LIMIT);
}

static bool overlap(const struct ht_rhythm *a, const struct ht_rhythm *b) {
    return a->low_s <= b->high_s + 1 && b->low_s <= a->high_s + 1;
}

bool ht_told_allows(const struct ht_cadences *cadences, const struct ht_told *told,
                    const struct ht_rhythm *rhythm) {
    if (rhythm->kind != HT_CADENCE_TOKEN) {
        return true;
    }
    if (told->token) {
        return !told->without_token && overlap(rhythm, &cadences->rhythms[told->rhythms[0]]);
    }
    return told->rhythms[1] == HT_NONE32 || !overlap(rhythm, &cadences->rhythms[told->rhythms[1]]);
}

enum ht_told_end ht_told_end_at(const struct ht_known *known, uint32_t device, uint32_t age_s) {
    const struct ht_known_rule *rule = ht_known_of(known, device, HT_KNOWN_TOKEN);
    if (rule == NULL) {
        return HT_TOLD_NOTHING;
    }
    const struct ht_known_period *period = &rule->token[known->devices[device].family];
    const bool within = age_s >= period->low_s && age_s <= period->high_s;
    return rule->without_token || !within ? HT_TOLD_NO_TOKEN : HT_TOLD_TOKEN;
}

uint32_t ht_told_rule(const struct ht_cadences *cadences, const struct ht_rhythm *rhythm) {
    return ((uint32_t)(rhythm - cadences->rhythms) - cadences->told_first) / SLOT_COUNT;
}

double ht_told_idle_factor(const struct ht_docket *docket, const struct ht_case *item) {
    const struct ht_known_rule *rule =
        ht_known_of(docket->known, item->device, HT_KNOWN_KEEP_ALIVE);
    return rule != NULL && item->age_s != HT_NONE32 && item->signature != HT_SIGNATURE_TAKE_OVER &&
                   item->age_s + SLACK_S < ht_keep_alive_limit_s(rule->keep_alive_s)
               ? HT_TOLD_TOO_SHORT
               : 1;
}

double ht_told_gap(const struct ht_docket *docket, const struct ht_case *item,
                   const struct ht_session *session) {
    const struct ht_known_rule *rule = ht_known_of(docket->known, item->device, HT_KNOWN_DUTY);
    if (rule == NULL || session->gap_s == HT_NONE32) {
        return 0;
    }
    const uint32_t away_s = rule->duty_every_s - rule->duty_up_s;
    const uint32_t off_s = rule->duty_every_s / HT_TOLD_DUTY_ONE_IN;
    return session->gap_s + off_s >= away_s && session->gap_s <= away_s + off_s ? HT_TOLD_GAP : 0;
}
