/* SPDX-License-Identifier: MIT */
#include "base/compiler.h"
#include "base/time.h"
#include "compare/comparison_make.h"
#include "compare/rate_test.h"

enum { FIGURES_MAX = 12 + HT_CAUSE_COUNT };

/* A change of a rate that is worth a word; of a share of the time, in addition, so many points. */
#define RATIO_MIN 1.1
#define SHARE_MIN 0.005
#define P_MAX 0.001

/* What more of it means. */
enum bearing { NEUTRAL = 0, BAD };

struct form {
    enum ht_fleet_figure figure;
    const char *name;
    enum ht_figure_unit unit;
    enum bearing bearing;
};

static const struct form forms[] = {
    {HT_FLEET_DEVICES, "devices", HT_FIGURE_PLAIN, NEUTRAL},
    {HT_FLEET_FAULTS, "faults", HT_FIGURE_EVENTS, BAD},
    {HT_FLEET_DOWN_S, "time down", HT_FIGURE_SECONDS, BAD},
    {HT_FLEET_NEVER_RETURNED, "never returned", HT_FIGURE_DEVICES, BAD},
    {HT_FLEET_REFUSED_DEVICES, "refused at the end", HT_FIGURE_DEVICES, BAD},
    {HT_FLEET_REFUSED_CONNECTS, "refused connects", HT_FIGURE_EVENTS, BAD},
    {HT_FLEET_DISCONNECTS, "disconnects", HT_FIGURE_EVENTS, NEUTRAL},
    {HT_FLEET_RENEWALS, "token renewals", HT_FIGURE_EVENTS, NEUTRAL},
    {HT_FLEET_PLANNED, "in maintenance", HT_FIGURE_EVENTS, NEUTRAL},
    {HT_FLEET_UNKNOWN, "unknown", HT_FIGURE_EVENTS, NEUTRAL},
    {HT_FLEET_CONNECTS, "connects", HT_FIGURE_EVENTS, NEUTRAL},
};

static void take_fleet(const struct ht_summary *summary, uint64_t out[HT_FLEET_FIGURE_COUNT]) {
    out[HT_FLEET_DEVICES] = summary->devices;
    out[HT_FLEET_NEVER_RETURNED] = summary->never_returned;
    out[HT_FLEET_REFUSED_DEVICES] = summary->refused_at_end;
    out[HT_FLEET_CONNECTS] = summary->connects;
    out[HT_FLEET_REFUSED_CONNECTS] = summary->refused_connects;
    out[HT_FLEET_DISCONNECTS] = summary->disconnects;
    out[HT_FLEET_PLANNED] = summary->planned;
    out[HT_FLEET_RENEWALS] = summary->renewals;
    out[HT_FLEET_FAULTS] = summary->faults;
    out[HT_FLEET_UNKNOWN] = summary->unknown;
    out[HT_FLEET_UP_S] = (uint64_t)summary->up_s;
    out[HT_FLEET_DOWN_S] = (uint64_t)summary->down_s;
    out[HT_FLEET_UNKNOWN_S] = (uint64_t)summary->unknown_s;
}

static double device_days(const uint64_t fleet[HT_FLEET_FIGURE_COUNT]) {
    return ((double)fleet[HT_FLEET_UP_S] + (double)fleet[HT_FLEET_DOWN_S] +
            (double)fleet[HT_FLEET_UNKNOWN_S]) /
           HT_S_PER_DAY;
}

/* What a figure of that unit is divided by; 0: by nothing. */
static double exposure(enum ht_figure_unit unit, const uint64_t fleet[HT_FLEET_FIGURE_COUNT]) {
    switch (unit) {
    case HT_FIGURE_EVENTS:
        return device_days(fleet);
    case HT_FIGURE_DEVICES:
        return (double)fleet[HT_FLEET_DEVICES];
    case HT_FIGURE_SECONDS:
        return (double)fleet[HT_FLEET_UP_S] + (double)fleet[HT_FLEET_DOWN_S];
    default:
        return 0;
    }
}

static bool is_more(enum ht_figure_unit unit, const struct ht_rate *a, const struct ht_rate *b) {
    const double rate_a = (double)a->events / a->exposure;
    const double rate_b = (double)b->events / b->exposure;
    if (!(rate_a >= rate_b * RATIO_MIN)) {
        return false;
    }
    return unit == HT_FIGURE_SECONDS ? rate_a - rate_b >= SHARE_MIN : ht_rate_exceeds(a, b, P_MAX);
}

struct sides {
    const uint64_t *before;
    uint64_t now[HT_FLEET_FIGURE_COUNT];
};

static void put_change(const struct sides *sides, enum bearing bearing,
                       struct ht_figure_change *change) {
    const struct ht_rate before = {change->before, exposure(change->unit, sides->before)};
    const struct ht_rate now = {change->now, exposure(change->unit, sides->now)};
    change->has_rates = before.exposure > 0 && now.exposure > 0;
    if (!change->has_rates) {
        return;
    }
    change->rate_before = (double)before.events / before.exposure;
    change->rate_now = (double)now.events / now.exposure;
    if (bearing == BAD) {
        change->trend = is_more(change->unit, &now, &before)   ? HT_TREND_WORSE
                        : is_more(change->unit, &before, &now) ? HT_TREND_BETTER
                                                               : HT_TREND_NONE;
    }
}

static enum bearing cause_bearing(enum ht_cause cause) {
    return cause == HT_CAUSE_TOKEN_EXPIRY || cause == HT_CAUSE_CLIENT_CLOSE ||
                   cause == HT_CAUSE_UNKNOWN
               ? NEUTRAL
               : BAD;
}

static void compare_causes(const struct ht_summary *summary, const struct ht_baseline *baseline,
                           const struct sides *sides, struct ht_figure_change *changes,
                           size_t *count) {
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) { /* unknown ones are a figure of the fleet */
        const enum ht_cause cause = (enum ht_cause)i;
        const uint64_t before = baseline->by_cause[i];
        const uint64_t now = summary->causes[i].disconnects;
        if (cause != HT_CAUSE_UNKNOWN && (before > 0 || now > 0)) {
            struct ht_figure_change *change = &changes[(*count)++];
            *change = (struct ht_figure_change){.key = ht_cause_name(cause),
                                                .name = ht_cause_name(cause),
                                                .is_cause = true,
                                                .unit = HT_FIGURE_EVENTS,
                                                .before = before,
                                                .now = now};
            put_change(sides, cause_bearing(cause), change);
        }
    }
}

enum ht_status ht_compare_figures(const struct ht_summary *summary, struct ht_baseline *baseline,
                                  struct ht_comparison *out) {
    struct ht_figure_change *changes =
        ht_arena_alloc(&baseline->text, FIGURES_MAX * sizeof *changes, sizeof(uint64_t));
    struct sides sides = {.before = baseline->fleet};
    size_t count = 0;
    if (changes == NULL) {
        return HT_E_NOMEM;
    }
    take_fleet(summary, sides.now);
    for (size_t i = 0; i < HT_ARRAY_LEN(forms); i++) {
        const struct form *form = &forms[i];
        changes[count] = (struct ht_figure_change){.key = ht_fleet_figure_key(form->figure),
                                                   .name = form->name,
                                                   .unit = form->unit,
                                                   .before = sides.before[form->figure],
                                                   .now = sides.now[form->figure]};
        put_change(&sides, form->bearing, &changes[count]);
        count++;
    }
    changes[count++] = (struct ht_figure_change){.key = "incidents",
                                                 .name = "incidents",
                                                 .unit = HT_FIGURE_PLAIN,
                                                 .before = baseline->incident_count,
                                                 .now = summary->incident_count};
    compare_causes(summary, baseline, &sides, changes, &count);
    out->device_days_before = device_days(sides.before);
    out->device_days_now = device_days(sides.now);
    out->figures = changes;
    out->figure_count = count;
    return HT_OK;
}
