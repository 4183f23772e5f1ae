/* SPDX-License-Identifier: MIT */
#include "report/finding_details.h"

#include "report/phrases.h"

/* "3 devices, 204 disconnects"; nothing when only the hub's own records speak. */
static void put_extent(const struct ht_tally *tally, struct ht_strbuf *out) {
    if (tally->devices == 0) {
        return;
    }
    ht_phrase_count(out, tally->devices, "device");
    if (tally->disconnects > 0) {
        ht_strbuf_puts(out, ", ");
        ht_phrase_count(out, tally->disconnects, "disconnect");
    }
}

static int64_t greatest(const struct ht_tally *tally) {
    return tally->worst_count > 0 ? tally->worst[0].weight : 0;
}

static void put_worst_span(const struct ht_tally *tally, const char *words, struct ht_strbuf *out) {
    ht_strbuf_puts(out, words);
    ht_phrase_put_span(out, greatest(tally));
}

static void put_worst_count(const struct ht_tally *tally, const char *words, const char *noun,
                            struct ht_strbuf *out) {
    if (tally->devices > 1) {
        ht_strbuf_puts(out, words);
        ht_phrase_count(out, (uint64_t)greatest(tally), noun);
    }
}

/* Rounded as the span is printed: "every 1h10m", "every 45m00s to 1h10m". */
static void put_periods(const struct ht_tally *tally, struct ht_strbuf *out) {
    if (tally->period_low_s == 0) {
        return;
    }
    ht_strbuf_puts(out, ", every ");
    ht_phrase_put_span(out, tally->period_low_s);
    if (tally->period_high_s - tally->period_low_s > tally->period_low_s / 20) {
        ht_strbuf_puts(out, " to ");
        ht_phrase_put_span(out, tally->period_high_s);
    }
}

static void detail_flapping(const struct ht_tally *tally, struct ht_strbuf *out) {
    ht_strbuf_printf(out,
                     "; at worst %lld within an hour. Flapping here means at least %d "
                     "disconnects within ",
                     (long long)greatest(tally), HT_FLAP_DISCONNECTS);
    ht_phrase_put_span(out, HT_FLAP_WITHIN_S);
    ht_strbuf_puts(out, ", more than half after a session under ");
    ht_phrase_put_span(out, HT_FLAP_SESSION_S);
    ht_strbuf_puts(out, "; renewals, clean closes and incidents are not counted.");
}

static void detail_away(const struct ht_tally *tally, struct ht_strbuf *out) {
    put_worst_span(tally, ": down at the end of the log, the longest for ", out);
    ht_strbuf_puts(out, ". Counted when away for more than ");
    ht_phrase_put_span(out, HT_AWAY_S);
    ht_strbuf_printf(out, ", %d times the device's median gap and %d %% of its gaps.", HT_AWAY_GAPS,
                     HT_AWAY_PERCENT);
}

static void detail_network(const struct ht_tally *tally, struct ht_strbuf *out) {
    if (tally->period_low_s > 0) {
        ht_strbuf_puts(out, "; some are cut regularly");
        put_periods(tally, out);
    }
    put_worst_count(tally, "; at worst ", "disconnect", out);
    ht_strbuf_printf(out,
                     ". Counted from %d losses a day on. The log hardly tells silence from a "
                     "reset: both are a 404104.",
                     HT_LOSSES_A_DAY);
}

static void detail_unknown(const struct ht_tally *tally, const struct ht_hub_view *hub,
                           struct ht_strbuf *out) {
    ht_strbuf_printf(out, ": %u %% of the disconnects.",
                     ht_phrase_percent(tally->disconnects, hub->disconnects));
}

static void detail_removed(const struct ht_tally *tally, struct ht_strbuf *out) {
    if (greatest(tally) > 0) {
        ht_strbuf_puts(out, "; still trying, at worst with ");
        ht_phrase_count(out, (uint64_t)greatest(tally), "refused connect");
    }
    ht_strbuf_putc(out, '.');
}

static void detail_hub_refuses(const struct ht_tally *tally, struct ht_strbuf *out) {
    ht_strbuf_puts(out, ": ");
    ht_phrase_count(out, tally->refused, "connect");
    ht_strbuf_printf(out, " refused with %u%s since ", (unsigned)tally->code,
                     tally->more_codes ? " and other codes" : "");
    ht_phrase_put_time(out, tally->since_us);
    ht_strbuf_puts(out, ", to the end of the log.");
}

void ht_detail_of_rule(enum ht_rule rule, const struct ht_tally *tally,
                       const struct ht_hub_view *hub, const struct ht_hub_health *health,
                       struct ht_strbuf *out) {
    ht_strbuf_clear(out);
    put_extent(tally, out);
    switch (rule) {
    case HT_RULE_FLAPPING:
        detail_flapping(tally, out);
        return;
    case HT_RULE_NEVER_RETURNED:
        detail_away(tally, out);
        return;
    case HT_RULE_IDLE:
    case HT_RULE_RESET:
        detail_network(tally, out);
        return;
    case HT_RULE_UNKNOWN:
        detail_unknown(tally, hub, out);
        return;
    case HT_RULE_REMOVED:
        detail_removed(tally, out);
        return;
    case HT_RULE_HUB_REFUSES:
        detail_hub_refuses(tally, out);
        return;
    case HT_RULE_DUPLICATE:
        put_worst_count(tally, "; at worst ", "take-over", out);
        break;
    case HT_RULE_TOKEN_LATE:
        put_worst_span(tally, "; back after more than a minute, at worst after ", out);
        break;
    case HT_RULE_THROTTLED:
        ht_strbuf_puts(out, tally->devices > 0 ? "; " : "");
        ht_phrase_count(out, health->shown_throttles, "record");
        ht_strbuf_puts(out, " with 429xxx");
        break;
    case HT_RULE_QUOTA:
        ht_strbuf_puts(out, tally->devices > 0 ? "; " : "");
        ht_phrase_count(out, health->shown_quota, "record");
        ht_strbuf_puts(out, " with 403001 or 403002");
        break;
    case HT_RULE_RENEWAL:
        put_periods(tally, out);
        ht_strbuf_puts(out, ". Normal life, not counted as faults");
        break;
    case HT_RULE_DUTY:
        put_periods(tally, out);
        break;
    case HT_RULE_PLATFORM_UPGRADE:
    case HT_RULE_HUB_ALONE:
        ht_strbuf_puts(out, ", outside of any incident");
        break;
    default: /* the refusals */
        put_worst_span(tally, "; refused to the end of the log, the longest for ", out);
        break;
    }
    ht_strbuf_putc(out, '.');
}

static void put_codes(const struct ht_incident_view *incident, struct ht_strbuf *out) {
    if (incident->code_count == 0) {
        return;
    }
    ht_strbuf_puts(out, " Codes:");
    for (size_t i = 0; i < incident->code_count; i++) {
        ht_strbuf_printf(out, "%s %u (", i > 0 ? "," : "", (unsigned)incident->codes[i]);
        ht_strbuf_put_grouped(out, incident->code_counts[i]);
        ht_strbuf_putc(out, ')');
    }
    ht_strbuf_putc(out, '.');
}

static void put_errors(const struct ht_incident_view *incident, struct ht_strbuf *out) {
    if (incident->server_errors > 0) {
        ht_strbuf_putc(out, ' ');
        ht_phrase_count(out, incident->server_errors, "record");
        ht_strbuf_printf(out, " with 5xx, %.1f usual.", incident->server_errors_usual);
    }
}

static void put_networks(const struct ht_incident_view *incident, struct ht_strbuf *out) {
    if (incident->site != NULL) {
        ht_strbuf_puts(out, " One site in common, as rules say.");
    } else if (incident->common_network != NULL) {
        ht_strbuf_puts(out, " One address prefix in common.");
    } else if (incident->networks > 1) {
        ht_strbuf_puts(out, " From ");
        ht_strbuf_put_grouped(out, incident->networks);
        ht_strbuf_puts(out, " address prefixes.");
    }
}

static void put_recovery(const struct ht_incident_view *incident, struct ht_strbuf *out) {
    if (incident->recovery_s != HT_SPAN_NONE) {
        ht_strbuf_puts(out, " 90 % were back after ");
        ht_phrase_put_span(out, incident->recovery_s);
        ht_strbuf_putc(out, '.');
    }
    if (incident->returned < incident->devices) {
        ht_strbuf_putc(out, ' ');
        ht_strbuf_put_grouped(out, incident->devices - incident->returned);
        ht_strbuf_puts(out, " did not come back within the log.");
    }
}

void ht_detail_of_incident(const struct ht_incident_view *incident, struct ht_strbuf *out) {
    ht_strbuf_clear(out);
    if (incident->connected_before > 0) {
        ht_strbuf_put_grouped(out, incident->devices);
        ht_strbuf_puts(out, " of ");
        ht_phrase_count(out, incident->connected_before, "connected device");
        ht_strbuf_printf(out, " (%u %%)", (unsigned)(incident->share * 100 + 0.5));
    } else {
        ht_phrase_count(out, incident->devices, "device");
    }
    ht_strbuf_puts(out, " dropped within ");
    ht_phrase_put_span(out, ht_time_extent_s(incident->start_us, incident->end_us));
    ht_strbuf_puts(out, " from ");
    ht_phrase_put_time(out, incident->start_us);
    ht_strbuf_putc(out, '.');
    if (incident->planned) {
        ht_strbuf_puts(out, " In maintenance, as rules say: no fault.");
    }
    if (incident->shown_devices < incident->devices) {
        ht_strbuf_putc(out, ' ');
        ht_strbuf_put_grouped(out, incident->shown_devices);
        ht_strbuf_puts(out, " of the ");
        ht_phrase_count(out, incident->devices, "device");
        ht_strbuf_puts(out, incident->shown_devices == 1 ? " is" : " are");
        ht_strbuf_puts(out, " in this selection.");
    }
    put_networks(incident, out);
    put_codes(incident, out);
    put_errors(incident, out);
    put_recovery(incident, out);
}

void ht_detail_of_log(enum ht_rule rule, const struct ht_quality *quality, uint64_t sessions,
                      struct ht_strbuf *out) {
    ht_strbuf_clear(out);
    switch (rule) {
    case HT_RULE_BAD_RECORDS:
        ht_phrase_count(out, quality->bad_total, "record");
        ht_strbuf_puts(out, " of ");
        ht_strbuf_put_grouped(out, quality->records);
        break;
    case HT_RULE_RECORDS_MISSING:
        ht_phrase_count(out, quality->starts_missing, "connect");
        ht_strbuf_puts(out, " and ");
        ht_phrase_count(out, quality->ends_missing, "disconnect");
        ht_strbuf_puts(out, " missing, for ");
        ht_phrase_count(out, sessions, "session");
        break;
    case HT_RULE_UNREADABLE:
        ht_phrase_count(out, quality->unreadable_sources, "input");
        break;
    default:
        ht_phrase_count(out, quality->dropped_events, "event");
        break;
    }
    ht_strbuf_putc(out, '.');
}
