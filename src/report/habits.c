/* SPDX-License-Identifier: MIT */
#include "report/habits.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "model/code.h"
#include "report/median.h"

struct ht_flap {
    int64_t end_us;
    bool is_short;
};

/* One device under study. */
struct study {
    const struct ht_report *report;
    const struct ht_device_sessions *own;
    const struct ht_session *sessions; /* its own */
    const struct ht_verdict *verdicts; /* parallel to them */
    struct ht_habit_scratch *scratch;
    uint32_t device;
};

void ht_habit_scratch_release(struct ht_habit_scratch *scratch) {
    free(scratch->values);
    free(scratch->flaps);
    *scratch = (struct ht_habit_scratch){NULL, 0, NULL, 0};
}

static bool is_shown(const struct study *study, uint32_t i) {
    return ht_report_is_disconnect(study->report, &study->sessions[i]);
}

static void study_gaps(const struct study *study, struct ht_habits *out) {
    uint32_t *values = study->scratch->values;
    uint32_t count = 0;
    for (uint32_t i = 0; i < study->own->count; i++) {
        if (study->sessions[i].end == HT_END_SEEN && study->sessions[i].gap_s != HT_NONE32) {
            values[count++] = study->sessions[i].gap_s;
        }
    }
    const size_t rank = ((size_t)count * HT_AWAY_PERCENT + 99) / 100;
    out->gap_count = count;
    out->gap_median_s = count > 0 ? ht_median_u32(values, count) : HT_NONE32;
    out->gap_long_s = count > 0 ? ht_select_u32(values, count, rank - 1) : HT_NONE32;
}

/* What classify learned, else the median of at least two token sessions seen whole. */
static uint32_t token_period_s(const struct study *study, uint32_t learned_s) {
    uint32_t *values = study->scratch->values;
    size_t count = 0;
    for (uint32_t i = 0; i < study->own->count; i++) {
        const struct ht_session *session = &study->sessions[i];
        if (session->end == HT_END_SEEN && session->start == HT_START_SEEN &&
            study->verdicts[i].cause == HT_CAUSE_TOKEN_EXPIRY) {
            const int64_t length_s = ht_session_length_s(session);
            values[count++] = length_s < HT_NONE32 ? (uint32_t)length_s : HT_NONE32;
        }
    }
    if (count == 0) {
        return 0;
    }
    if (learned_s > 0) {
        return learned_s;
    }
    return count > 1 ? ht_median_u32(values, count) : 0;
}

/* The learned length, when most of the losses that were seen whole came at it. */
static uint32_t network_period_s(const struct study *study, uint32_t learned_s) {
    uint32_t losses = 0;
    uint32_t regular = 0;
    for (uint32_t i = 0; i < study->own->count && learned_s > 0; i++) {
        const struct ht_session *session = &study->sessions[i];
        const uint8_t cause = study->verdicts[i].cause;
        if (session->end != HT_END_SEEN || session->start != HT_START_SEEN ||
            (cause != HT_CAUSE_IDLE_TIMEOUT && cause != HT_CAUSE_CONNECTION_RESET)) {
            continue;
        }
        const int64_t off_s = ht_session_length_s(session) - (int64_t)learned_s;
        losses++;
        regular += (off_s < 0 ? -off_s : off_s) * HT_CADENCE_ONE_IN <= (int64_t)learned_s;
    }
    return regular > 1 && regular * 2 > losses ? learned_s : 0;
}

/* As rules state, when it closes at all; else what its closes show. */
static uint32_t duty_period_s(const struct study *study) {
    const struct ht_known_rule *rule =
        ht_known_of(&study->report->known, study->device, HT_KNOWN_DUTY);
    uint32_t *values = study->scratch->values;
    size_t count = 0;
    int64_t before_us = HT_TIME_NONE;
    for (uint32_t i = 0; i < study->own->count; i++) {
        if (study->sessions[i].end != HT_END_SEEN ||
            study->verdicts[i].cause != HT_CAUSE_CLIENT_CLOSE) {
            continue;
        }
        if (rule != NULL) {
            return rule->duty_every_s;
        }
        if (before_us != HT_TIME_NONE) {
            const int64_t period_s = (study->sessions[i].end_us - before_us) / HT_US_PER_S;
            values[count++] =
                period_s >= 0 && period_s < HT_NONE32 ? (uint32_t)period_s : HT_NONE32;
        }
        before_us = study->sessions[i].end_us;
    }
    if (count < HT_DUTY_PERIODS) {
        return 0;
    }
    ht_sort_u32(values, count);
    const uint32_t middle = values[count / 2];
    const uint32_t spread = values[count * 3 / 4] - values[count / 4];
    return middle > 0 && spread <= middle / HT_DUTY_SPREAD ? middle : 0;
}

static bool is_planned(const struct study *study, uint32_t i) {
    const struct ht_session *session = &study->sessions[i];
    return ht_known_is_planned(&study->report->known, session->device, session->end_us);
}

static bool may_flap(const struct study *study, uint32_t i) {
    if (is_planned(study, i)) {
        return false;
    }
    switch (study->verdicts[i].cause) {
    case HT_CAUSE_IDLE_TIMEOUT:
    case HT_CAUSE_CONNECTION_RESET:
    case HT_CAUSE_UNKNOWN:
        return study->verdicts[i].incident == HT_NONE32;
    default:
        return false;
    }
}

/* The most disconnects within an hour, among hours in which sessions are mostly short. */
static uint32_t most_flaps(const struct study *study) {
    struct ht_flap *flaps = study->scratch->flaps;
    size_t count = 0;
    size_t first = 0;
    size_t shorts = 0;
    size_t most = 0;
    for (uint32_t i = 0; i < study->own->count; i++) {
        const struct ht_session *session = &study->sessions[i];
        if (!is_shown(study, i) || !may_flap(study, i)) {
            continue;
        }
        flaps[count].end_us = session->end_us;
        flaps[count].is_short =
            session->start == HT_START_SEEN && ht_session_length_s(session) < HT_FLAP_SESSION_S;
        shorts += flaps[count].is_short;
        while (session->end_us - flaps[first].end_us >= HT_FLAP_WITHIN_S * HT_US_PER_S) {
            shorts -= flaps[first].is_short;
            first++;
        }
        count++;
        const size_t within = count - first;
        if (within >= HT_FLAP_DISCONNECTS && shorts * 2 > within && within > most) {
            most = within;
        }
    }
    return (uint32_t)most;
}

static void count_causes(const struct study *study, struct ht_habits *out) {
    const struct ht_report *report = study->report;
    for (uint32_t i = 0; i < study->own->count; i++) {
        if (!is_shown(study, i) || is_planned(study, i)) {
            continue;
        }
        const struct ht_session *session = &study->sessions[i];
        const struct ht_verdict *verdict = &study->verdicts[i];
        const bool alone = verdict->incident == HT_NONE32;
        out->hub_alone += verdict->cause == HT_CAUSE_HUB_TRANSIENT && alone;
        out->upgrade_alone += verdict->cause == HT_CAUSE_PLATFORM_UPGRADE && alone;
        out->throttled +=
            verdict->cause == HT_CAUSE_THROTTLED || (session->flags & HT_SESSION_RETURN_429) != 0;
        if (verdict->cause == HT_CAUSE_TOKEN_EXPIRY && session->gap_s != HT_NONE32 &&
            ht_bearing_of(report, study->own->first + i) == HT_BEARING_FAULT) {
            out->late_renewals++;
            out->late_longest_s =
                session->gap_s > out->late_longest_s ? session->gap_s : out->late_longest_s;
        }
    }
}

static bool says(struct ht_str message, const char *words) {
    return ht_str_find_nocase(message, ht_str_from(words)) != SIZE_MAX;
}

/* The messages that Microsoft lists for 401003, and what the SDKs say of signatures. */
static enum ht_refusal reason_of_message(struct ht_str message) {
    static const struct {
        const char *words;
        enum ht_refusal refusal;
    } reasons[] = {
        {"does not contain the specified device", HT_REFUSAL_UNKNOWN_DEVICE},
        {"thumbprint", HT_REFUSAL_THUMBPRINT},
        {"signature", HT_REFUSAL_SIGNATURE},
        {"authorization rule", HT_REFUSAL_RULE},
        {"not authorized for", HT_REFUSAL_RULE},
        {"expired", HT_REFUSAL_EXPIRED},
        {"renew token", HT_REFUSAL_EXPIRED},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (says(message, reasons[i].words)) {
            return reasons[i].refusal;
        }
    }
    return HT_REFUSAL_UNSAID;
}

static enum ht_refusal refusal_of(uint32_t code, struct ht_str message) {
    switch (code) {
    case HT_CODE_DEVICE_NOT_FOUND:
    case HT_CODE_DEVICE_DISABLED:
        return HT_REFUSAL_DISABLED;
    case HT_CODE_HUB_SUSPENDED:
    case HT_CODE_QUOTA_EXCEEDED:
        return HT_REFUSAL_QUOTA;
    case HT_CODE_REFUSED_BY_UPGRADE:
    case HT_CODE_HUB_FAILING_OVER:
        return HT_REFUSAL_HUB;
    default:
        break;
    }
    if (ht_code_is_server_error(code)) {
        return HT_REFUSAL_HUB;
    }
    if (ht_code_http(code) == 401) {
        return reason_of_message(message);
    }
    return ht_code_http(code) == 429 ? HT_REFUSAL_THROTTLED : HT_REFUSAL_OTHER;
}

static void study_refusal(const struct study *study, const struct ht_hub *hub, int64_t last_us,
                          struct ht_habits *out) {
    const struct ht_device_sessions *own = study->own;
    const struct ht_window *window = &study->report->window;
    if (own->refused_open == 0 || own->refused_open_since_us >= window->to_us ||
        last_us < window->from_us) {
        return;
    }
    /* What began in maintenance counts from its end. */
    const int64_t since_us =
        ht_known_planned_until(&study->report->known, study->device, own->refused_open_since_us);
    const int64_t refused_s = (hub->last_us - since_us) / HT_US_PER_S;
    if (refused_s < HT_REFUSED_S) {
        return;
    }
    out->refused = own->refused_open;
    out->refused_code = own->refused_open_code;
    out->refused_s = refused_s;
    out->refused_since_us = own->refused_open_since_us;
    out->refusal = refusal_of(own->refused_open_code,
                              ht_log_str(&study->report->log, own->refused_open_message));
}

/* Down at the end of the log for longer than usual, and down already when the window ends. */
static void study_absence(const struct study *study, const struct ht_hub *hub,
                          struct ht_habits *out) {
    const struct ht_device_sessions *own = study->own;
    if (own->count == 0) {
        out->away_s = out->refused_s;
        out->away_since_us = out->refused_since_us;
        return;
    }
    const struct ht_session *last = &study->sessions[own->count - 1];
    if (last->end == HT_END_OPEN || last->end_us >= study->report->window.to_us) {
        return;
    }
    out->last_cause = (enum ht_cause)study->verdicts[own->count - 1].cause;
    const struct ht_known *known = &study->report->known;
    const struct ht_known_rule *duty = ht_known_of(known, study->device, HT_KNOWN_DUTY);
    const int64_t since_us = ht_known_planned_until(known, study->device, last->end_us);
    const int64_t away_s = (hub->last_us - since_us) / HT_US_PER_S;
    const int64_t pause_s = duty != NULL ? (int64_t)duty->duty_every_s * 3 / 2 : 0;
    const bool is_common =
        out->gap_count > 0 &&
        (away_s <= HT_AWAY_GAPS * (int64_t)out->gap_median_s || away_s <= (int64_t)out->gap_long_s);
    const bool is_usual = is_common || away_s <= pause_s;
    const bool is_meant =
        out->last_cause == HT_CAUSE_CLIENT_CLOSE && out->gap_count < HT_AWAY_CLOSER_GAPS;
    if (away_s > HT_AWAY_S && !is_usual && !is_meant) {
        out->away_s = away_s;
        out->away_since_us = last->end_us;
    }
}

static enum ht_status make_room(struct ht_habit_scratch *scratch, size_t count) {
    HT_TRY(ht_grow(&scratch->values, &scratch->value_capacity, count, UINT32_MAX,
                   sizeof *scratch->values));
    return ht_grow(&scratch->flaps, &scratch->flap_capacity, count, UINT32_MAX,
                   sizeof *scratch->flaps);
}

enum ht_status ht_habits_of(const struct ht_report *report, uint32_t index,
                            struct ht_habit_scratch *scratch, struct ht_habits *out) {
    const struct ht_device_sessions *own = &report->sessions.by_device[index];
    const struct ht_device *device = &report->log.devices[index];
    const struct ht_hub *hub = &report->log.hubs[device->hub];
    const struct study study = {
        .report = report,
        .own = own,
        .sessions = report->sessions.sessions + own->first,
        .verdicts = report->verdicts.verdicts + own->first,
        .device = index,
        .scratch = scratch,
    };
    const uint32_t *cadences = report->verdicts.device_cadence_s;
    const uint32_t learned_s = cadences != NULL ? cadences[index] : 0;
    if (make_room(scratch, own->count) != HT_OK) {
        return HT_E_NOMEM;
    }
    *out = (struct ht_habits){.flaps = 0};
    study_gaps(&study, out);
    out->token_period_s = token_period_s(&study, learned_s);
    out->network_period_s = network_period_s(&study, learned_s);
    out->duty_period_s = duty_period_s(&study);
    out->flaps = most_flaps(&study);
    count_causes(&study, out);
    if (device->event_count > 0) {
        const struct ht_event *last =
            &report->log.events[device->event_first + device->event_count - 1];
        study_refusal(&study, hub, last->time_us, out);
    }
    study_absence(&study, hub, out);
    return HT_OK;
}
