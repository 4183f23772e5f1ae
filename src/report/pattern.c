/* SPDX-License-Identifier: MIT */
/* What someone must act on comes first; then what the device does most. */
#include "report/pattern.h"

#include "report/phrases.h"

enum { RATE_SPAN_MIN_S = 6 * HT_S_PER_HOUR, TENTHS = 10 };

static uint64_t network_losses(const struct ht_figures *figures) {
    return figures->by_cause[HT_CAUSE_IDLE_TIMEOUT] + figures->by_cause[HT_CAUSE_CONNECTION_RESET];
}

static void put_since(struct ht_strbuf *phrase, const char *words, int64_t since_us) {
    ht_strbuf_puts(phrase, words);
    ht_phrase_put_time(phrase, since_us);
}

static void put_period(struct ht_strbuf *phrase, const char *words, uint32_t period_s) {
    ht_strbuf_puts(phrase, words);
    if (period_s > 0) {
        ht_strbuf_puts(phrase, " every ");
        ht_phrase_put_span(phrase, period_s);
    }
}

/* A rate needs a span to be one; a handful within an hour is told as a number. */
static void put_network(const struct ht_figures *figures, const struct ht_habits *habits,
                        struct ht_strbuf *phrase) {
    const uint64_t losses = network_losses(figures);
    const int64_t span_s = figures->timeline.span_us / HT_US_PER_S;
    if (habits->network_period_s > 0) {
        put_period(phrase, "cut", habits->network_period_s);
        ht_strbuf_puts(phrase, " (no token: look for a time-out on the way)");
        return;
    }
    if (losses == 1) {
        ht_strbuf_puts(phrase, "lost its network once");
        return;
    }
    ht_strbuf_puts(phrase, "loses its network ");
    if (span_s < RATE_SPAN_MIN_S) {
        ht_phrase_count(phrase, losses, "time");
        return;
    }
    const uint64_t span = (uint64_t)span_s;
    const uint64_t tenths = (losses * TENTHS * HT_S_PER_DAY + span / 2) / span;
    if (tenths < TENTHS) {
        ht_phrase_count(phrase, losses, "time");
        ht_strbuf_puts(phrase, " in ");
        ht_phrase_put_span(phrase, span_s);
    } else if (tenths == TENTHS) {
        ht_strbuf_puts(phrase, "once a day");
    } else {
        ht_strbuf_put_grouped(phrase, tenths / TENTHS);
        if (tenths % TENTHS != 0 && tenths < TENTHS * TENTHS) {
            ht_strbuf_printf(phrase, ".%u", (unsigned)(tenths % TENTHS));
        }
        ht_strbuf_puts(phrase, " times a day");
    }
}

/* What it does most: causes have their own word, but for those that tell more. */
static enum ht_device_pattern pattern_of_cause(const struct ht_figures *figures,
                                               const struct ht_habits *habits,
                                               enum ht_cause cause) {
    switch (cause) {
    case HT_CAUSE_TOKEN_EXPIRY:
        return figures->renewals * 2 >= figures->by_cause[HT_CAUSE_TOKEN_EXPIRY]
                   ? HT_PATTERN_TOKEN_RENEWAL
                   : HT_PATTERN_TOKEN_LATE;
    case HT_CAUSE_CLIENT_CLOSE:
        return habits->duty_period_s > 0 ? HT_PATTERN_DUTY_CYCLE : HT_PATTERN_CLIENT_CLOSE;
    case HT_CAUSE_SITE_OUTAGE:
        return HT_PATTERN_SITE_OUTAGE;
    case HT_CAUSE_HUB_TRANSIENT:
        return HT_PATTERN_HUB_TRANSIENT;
    case HT_CAUSE_PLATFORM_UPGRADE:
        return HT_PATTERN_PLATFORM_UPGRADE;
    case HT_CAUSE_DUPLICATE_IDENTITY:
        return HT_PATTERN_DUPLICATE_IDENTITY;
    case HT_CAUSE_THROTTLED:
        return HT_PATTERN_THROTTLED;
    case HT_CAUSE_QUOTA:
        return HT_PATTERN_QUOTA;
    case HT_CAUSE_DEVICE_REMOVED:
        return HT_PATTERN_DEVICE_REMOVED;
    default:
        return HT_PATTERN_UNKNOWN;
    }
}

static enum ht_device_pattern decide(const struct ht_figures *figures,
                                     const struct ht_habits *habits) {
    const enum ht_cause cause = ht_figures_main_cause(figures);
    const uint64_t take_overs = figures->by_cause[HT_CAUSE_DUPLICATE_IDENTITY];
    if (habits->refusal != HT_REFUSAL_NONE) {
        return habits->refusal == HT_REFUSAL_DISABLED ? HT_PATTERN_DEVICE_REMOVED
                                                      : HT_PATTERN_REFUSED;
    }
    if (habits->away_s > 0) {
        return HT_PATTERN_NEVER_RETURNED;
    }
    if (take_overs > 1 && take_overs * 3 >= figures->disconnects) {
        return HT_PATTERN_SHARED_IDENTITY;
    }
    if (habits->flaps > 0) {
        return HT_PATTERN_FLAPPING;
    }
    if (figures->disconnects == 0) {
        const enum ht_device_state state = figures->timeline.last_state;
        const bool none = figures->connects == 0 && figures->refused == 0;
        return none && state == HT_STATE_UNKNOWN ? HT_PATTERN_NOT_SEEN
               : state == HT_STATE_DOWN          ? HT_PATTERN_DOWN
                                                 : HT_PATTERN_STEADY;
    }
    if (figures->disconnects == figures->planned) {
        return HT_PATTERN_MAINTENANCE;
    }
    if (cause == HT_CAUSE_IDLE_TIMEOUT || cause == HT_CAUSE_CONNECTION_RESET ||
        network_losses(figures) > figures->by_cause[cause]) {
        return habits->network_period_s > 0 ? HT_PATTERN_REGULAR_CUT : HT_PATTERN_NETWORK_LOSSES;
    }
    return pattern_of_cause(figures, habits, cause);
}

/* Patterns whose phrase holds no figure. */
static const char *fixed_phrase(enum ht_device_pattern pattern) {
    static const char *const phrases[HT_PATTERN_COUNT] = {
        [HT_PATTERN_NOT_SEEN] = "no connection seen",
        [HT_PATTERN_STEADY] = "no disconnect",
        [HT_PATTERN_SHARED_IDENTITY] = "two clients share this identity",
        [HT_PATTERN_CLIENT_CLOSE] = "closes cleanly",
        [HT_PATTERN_SITE_OUTAGE] = "dropped with its site",
        [HT_PATTERN_HUB_TRANSIENT] = "dropped by trouble in the hub",
        [HT_PATTERN_PLATFORM_UPGRADE] = "closed by a platform upgrade",
        [HT_PATTERN_DUPLICATE_IDENTITY] = "taken over by a second connection",
        [HT_PATTERN_THROTTLED] = "throttled by the hub",
        [HT_PATTERN_QUOTA] = "stopped by the hub's quota",
        [HT_PATTERN_DEVICE_REMOVED] = "removed from the hub or disabled",
        [HT_PATTERN_MAINTENANCE] = "disconnects in maintenance only",
        [HT_PATTERN_UNKNOWN] = "disconnects, for no reason that the log tells",
    };
    return phrases[pattern];
}

static void put_phrase(const struct ht_figures *figures, const struct ht_habits *habits,
                       enum ht_device_pattern pattern, struct ht_strbuf *phrase) {
    switch (pattern) {
    case HT_PATTERN_DOWN:
        put_since(phrase, "down since ", figures->timeline.down_since_us);
        break;
    case HT_PATTERN_NEVER_RETURNED:
        put_since(phrase, "gone since ", habits->away_since_us);
        break;
    case HT_PATTERN_FLAPPING:
        ht_strbuf_puts(phrase, "flaps: up to ");
        ht_phrase_count(phrase, habits->flaps, "disconnect");
        ht_strbuf_puts(phrase, " within an hour");
        break;
    case HT_PATTERN_NETWORK_LOSSES:
    case HT_PATTERN_REGULAR_CUT:
        put_network(figures, habits, phrase);
        break;
    case HT_PATTERN_TOKEN_RENEWAL:
        put_period(phrase, "renews its token", habits->token_period_s);
        break;
    case HT_PATTERN_TOKEN_LATE:
        put_period(phrase, "its token runs out, and it is late to renew it,",
                   habits->token_period_s);
        break;
    case HT_PATTERN_DUTY_CYCLE:
        put_period(phrase, "closes cleanly", habits->duty_period_s);
        ht_strbuf_puts(phrase, " (duty cycle)");
        break;
    default:
        ht_strbuf_puts(phrase, fixed_phrase(pattern));
        break;
    }
}

enum ht_device_pattern ht_pattern_of(const struct ht_figures *figures,
                                     const struct ht_habits *habits, struct ht_strbuf *phrase) {
    const enum ht_device_pattern pattern = decide(figures, habits);
    ht_strbuf_clear(phrase);
    if (habits->refusal != HT_REFUSAL_NONE) {
        put_since(phrase, "refused since ", habits->refused_since_us);
    } else {
        put_phrase(figures, habits, pattern, phrase);
    }
    return pattern;
}
