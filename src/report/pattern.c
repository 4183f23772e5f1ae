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

static void put_main_cause(const struct ht_figures *figures, const struct ht_habits *habits,
                           enum ht_cause cause, struct ht_strbuf *phrase) {
    switch (cause) {
    case HT_CAUSE_TOKEN_EXPIRY:
        put_period(phrase,
                   figures->renewals * 2 >= figures->by_cause[HT_CAUSE_TOKEN_EXPIRY]
                       ? "renews its token"
                       : "its token runs out, and it is late to renew it,",
                   habits->token_period_s);
        break;
    case HT_CAUSE_CLIENT_CLOSE:
        put_period(phrase, "closes cleanly", habits->duty_period_s);
        ht_strbuf_puts(phrase, habits->duty_period_s > 0 ? " (duty cycle)" : "");
        break;
    case HT_CAUSE_SITE_OUTAGE:
        ht_strbuf_puts(phrase, "dropped with its site");
        break;
    case HT_CAUSE_HUB_TRANSIENT:
        ht_strbuf_puts(phrase, "dropped by trouble in the hub");
        break;
    case HT_CAUSE_PLATFORM_UPGRADE:
        ht_strbuf_puts(phrase, "closed by a platform upgrade");
        break;
    case HT_CAUSE_DUPLICATE_IDENTITY:
        ht_strbuf_puts(phrase, "taken over by a second connection");
        break;
    case HT_CAUSE_THROTTLED:
        ht_strbuf_puts(phrase, "throttled by the hub");
        break;
    case HT_CAUSE_QUOTA:
        ht_strbuf_puts(phrase, "stopped by the hub's quota");
        break;
    case HT_CAUSE_DEVICE_REMOVED:
        ht_strbuf_puts(phrase, "removed from the hub or disabled");
        break;
    default:
        ht_strbuf_puts(phrase, "disconnects, for no reason that the log tells");
        break;
    }
}

static void put_no_disconnect(const struct ht_figures *figures, struct ht_strbuf *phrase) {
    if (figures->connects == 0 && figures->refused == 0 &&
        figures->timeline.last_state == HT_STATE_UNKNOWN) {
        ht_strbuf_puts(phrase, "no connection seen");
    } else if (figures->timeline.last_state == HT_STATE_DOWN) {
        put_since(phrase, "down since ", figures->timeline.down_since_us);
    } else {
        ht_strbuf_puts(phrase, "no disconnect");
    }
}

void ht_pattern_phrase(const struct ht_figures *figures, const struct ht_habits *habits,
                       struct ht_strbuf *phrase) {
    const enum ht_cause cause = ht_figures_main_cause(figures);
    const uint64_t take_overs = figures->by_cause[HT_CAUSE_DUPLICATE_IDENTITY];
    ht_strbuf_clear(phrase);
    if (habits->refusal != HT_REFUSAL_NONE) {
        put_since(phrase, "refused since ", habits->refused_since_us);
    } else if (habits->away_s > 0) {
        put_since(phrase, "gone since ", habits->away_since_us);
    } else if (take_overs > 1 && take_overs * 3 >= figures->disconnects) {
        ht_strbuf_puts(phrase, "two clients share this identity");
    } else if (habits->flaps > 0) {
        ht_strbuf_puts(phrase, "flaps: up to ");
        ht_phrase_count(phrase, habits->flaps, "disconnect");
        ht_strbuf_puts(phrase, " within an hour");
    } else if (figures->disconnects == 0) {
        put_no_disconnect(figures, phrase);
    } else if (figures->disconnects == figures->planned) {
        ht_strbuf_puts(phrase, "disconnects in maintenance only");
    } else if (cause == HT_CAUSE_IDLE_TIMEOUT || cause == HT_CAUSE_CONNECTION_RESET ||
               network_losses(figures) > figures->by_cause[cause]) {
        put_network(figures, habits, phrase);
    } else {
        put_main_cause(figures, habits, cause, phrase);
    }
}
