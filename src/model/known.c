/* SPDX-License-Identifier: MIT */
#include "model/known.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/err.h"
#include "base/time.h"

enum { DAYS_A_WEEK = 7, THURSDAY = 4 }; /* 1970-01-01 was one */

void ht_known_release(struct ht_known *known) {
    free(known->rules);
    free(known->devices);
    ht_arena_release(&known->text);
    *known = (struct ht_known){.rules = NULL};
}

static enum ht_status hide(struct ht_known *known, const struct ht_pseudonym_key *key,
                           enum ht_pseudonym_kind kind, const char **text) {
    char pseudonym[HT_PSEUDONYM_BYTES];
    struct ht_str copy;
    if (*text == NULL) {
        return HT_OK;
    }
    const size_t len = ht_pseudonym_write(key, kind, ht_str_from(*text), pseudonym);
    HT_TRY(ht_arena_copy(&known->text, (struct ht_str){pseudonym, len}, &copy));
    *text = copy.ptr;
    return HT_OK;
}

enum ht_status ht_known_hide(struct ht_known *known, const struct ht_pseudonym_key *key) {
    for (size_t i = 0; i < known->rule_count; i++) {
        HT_TRY(hide(known, key, HT_PSEUDONYM_RULE, &known->rules[i].name));
        HT_TRY(hide(known, key, HT_PSEUDONYM_SITE, &known->rules[i].site));
    }
    return HT_OK;
}

static int64_t floor_div(int64_t value, int64_t by) {
    return value / by - (value % by < 0);
}

/* A weekly window that began on this day or the one before. */
static int64_t weekly_until(const struct ht_known_window *window, int64_t time_us) {
    const int64_t local_s = floor_div(time_us, HT_US_PER_S) + window->zone_s;
    const int64_t today = floor_div(local_s, HT_S_PER_DAY);
    const int64_t length_s = window->to_s > window->from_s
                                 ? window->to_s - window->from_s
                                 : window->to_s - window->from_s + HT_S_PER_DAY;
    for (int64_t day = today - 1; day <= today; day++) {
        const int64_t weekday = (day + THURSDAY) % DAYS_A_WEEK;
        const int64_t from_s = day * HT_S_PER_DAY + window->from_s;
        const unsigned bit = (unsigned)(weekday < 0 ? weekday + DAYS_A_WEEK : weekday);
        if ((window->days >> bit & 1U) != 0 && local_s >= from_s && local_s < from_s + length_s) {
            return (from_s + length_s - window->zone_s) * HT_US_PER_S;
        }
    }
    return time_us;
}

static int64_t window_until(const struct ht_known_window *window, int64_t time_us) {
    if (window->days != 0) {
        return weekly_until(window, time_us);
    }
    return time_us >= window->from_us && time_us < window->to_us ? window->to_us : time_us;
}

int64_t ht_known_planned_until(const struct ht_known *known, uint32_t device, int64_t time_us) {
    const struct ht_known_rule *rule = ht_known_of(known, device, HT_KNOWN_MAINTENANCE);
    int64_t until_us = time_us;
    for (size_t i = 0; rule != NULL && i < rule->window_count; i++) {
        const int64_t own_us = window_until(&rule->windows[i], time_us);
        until_us = own_us > until_us ? own_us : until_us;
    }
    return until_us;
}

static bool has_code(const struct ht_session *session, const struct ht_known_relabel *relabel) {
    for (size_t i = 0; i < relabel->code_count; i++) {
        for (size_t k = 0; k < HT_CODES_MAX; k++) {
            if (session->codes[k] != 0 && session->codes[k] == relabel->codes[i]) {
                return true;
            }
        }
    }
    return false;
}

static bool falls_under(const struct ht_session *session, enum ht_cause cause,
                        const struct ht_known_relabel *relabel) {
    if (relabel->from != 0 && (relabel->from >> cause & 1U) == 0) {
        return false;
    }
    if (relabel->code_count > 0 && !has_code(session, relabel)) {
        return false;
    }
    const int64_t length_s = ht_session_length_s(session);
    return !relabel->needs_length ||
           (session->start == HT_START_SEEN && length_s >= relabel->length_low_s &&
            length_s < relabel->length_below_s);
}

const struct ht_known_relabel *ht_known_relabel_of(const struct ht_known *known,
                                                   const struct ht_session *session,
                                                   enum ht_cause cause) {
    const struct ht_known_rule *rule = ht_known_of(known, session->device, HT_KNOWN_RELABEL);
    for (size_t i = 0; rule != NULL && i < rule->relabel_count; i++) {
        if (falls_under(session, cause, &rule->relabels[i])) {
            return &rule->relabels[i];
        }
    }
    return NULL;
}
