/* SPDX-License-Identifier: MIT */
/*
 * A fact is stated so that it is true whatever it speaks for: the weight beside it tells the
 * direction. What is typical of the cause is added when the weight says so.
 */
#include "report/evidence.h"

#include <stdarg.h>
#include <stdio.h>

#include "model/code.h"
#include "model/sdk.h"
#include "report/phrases.h"
#include "report/report_private.h"

/* What a fact is about, and where its words go. */
struct fact {
    const struct ht_report *report;
    const struct ht_session *session;
    const struct ht_verdict *verdict;
    const struct ht_evidence_item *item;
    char *out;
};

HT_PRINTF(2, 3) static void say(const struct fact *fact, const char *format, ...) {
    va_list args;
    va_start(args, format);
    (void)vsnprintf(fact->out, HT_FACT_BYTES, format, args);
    va_end(args);
}

struct span_text {
    char text[HT_TIME_TEXT_BYTES];
};

static struct span_text span(int64_t seconds) {
    struct span_text span;
    (void)ht_phrase_span(seconds, span.text);
    return span;
}

static const char *plural(uint32_t count) {
    return count == 1 ? "" : "s";
}

static bool speaks_for(const struct fact *fact) {
    return fact->item->weight_centi >= 0;
}

static int64_t length_s(const struct fact *fact) {
    return ht_session_length_s(fact->session);
}

static const char *family_name(uint32_t sdk) {
    return sdk < HT_SDK_FAMILY_COUNT && sdk > HT_SDK_OTHER
               ? ht_sdk_traits((enum ht_sdk_family)sdk)->name
               : NULL;
}

static void say_codes(const struct fact *fact) {
    char list[HT_CODES_MAX * 16] = "";
    const uint32_t *codes = fact->session->codes;
    size_t len = 0;
    for (size_t i = 0; i < HT_CODES_MAX && codes[i] != 0; i++) {
        const bool last = i + 1 == HT_CODES_MAX || codes[i + 1] == 0;
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%u",
                                i == 0 ? ""
                                : last ? " and "
                                       : ", ",
                                (unsigned)codes[i]);
    }
    if (len == 0) {
        say(fact, "closed with an error, but without a code");
        return;
    }
    const char *name = codes[1] == 0 ? ht_code_name(codes[0]) : NULL;
    if (name != NULL) {
        say(fact, "closed with %s (%s)", list, name);
    } else {
        say(fact, "closed with %s", list);
    }
}

static void say_fleet_cadence(const struct fact *fact) {
    const struct ht_verdicts *verdicts = &fact->report->verdicts;
    const struct span_text length = span(length_s(fact));
    if (fact->item->value >= verdicts->cadence_count) {
        say(fact, "session of %s: a length at which sessions of like devices end", length.text);
        return;
    }
    const struct ht_cadence *cadence = &verdicts->cadences[fact->item->value];
    const char *family = family_name(cadence->sdk_family);
    const double ended = (double)cadence->sessions;
    const double reached = cadence->hit_rate > 0 ? ended / (double)cadence->hit_rate : ended;
    say(fact, "session of %s: the length at which %u of %.0f sessions of like devices%s%s%s ended",
        length.text, (unsigned)cadence->sessions, reached > ended ? reached : ended,
        family != NULL ? " (SDK " : "", family != NULL ? family : "", family != NULL ? ")" : "");
}

static void say_clock(const struct fact *fact) {
    say(fact, "the token was %s old, older than the session: it had outlived a reconnect",
        span(fact->item->value).text);
}

static void say_gap(const struct fact *fact) {
    const struct span_text gap = span(fact->item->value);
    const enum ht_cause cause = (enum ht_cause)fact->verdict->cause;
    const char *when = "";
    if (!speaks_for(fact)) {
        when = ", not usual for this cause";
    } else if (cause == HT_CAUSE_TOKEN_EXPIRY) {
        when = fact->item->value <= HT_RENEWAL_GAP_S ? ", as after a renewal" : "";
    } else if (cause == HT_CAUSE_CLIENT_CLOSE) {
        when = ", as after a planned pause";
    } else if (ht_cause_class(cause) == HT_CLASS_NETWORK_IDLE_TIMEOUT) {
        when = ", as after a lost network";
    } else if (ht_cause_class(cause) == HT_CLASS_HUB_TRANSIENT) {
        when = ", as after trouble in the hub";
    }
    if (fact->item->value == 0) {
        say(fact, "connected again within the same second%s", when);
    } else {
        say(fact, "back after %s%s", gap.text, when);
    }
}

/* About the session's length. Returns false when the kind is of another group. */
static bool say_timing(const struct fact *fact) {
    const uint32_t value = fact->item->value;
    const struct span_text known = span(value);
    const struct span_text length = span(length_s(fact));
    switch (fact->item->kind) {
    case HT_EVIDENCE_CADENCE_FLEET:
        say_fleet_cadence(fact);
        return true;
    case HT_EVIDENCE_CADENCE_DEVICE:
        say(fact, "session of %s: sessions of this device keep ending at about %s", length.text,
            known.text);
        return true;
    case HT_EVIDENCE_CADENCE_PRIOR:
        say(fact, "session of %s: close to %s, a documented token period", length.text, known.text);
        return true;
    case HT_EVIDENCE_TOKEN_CLOCK:
        say_clock(fact);
        return true;
    case HT_EVIDENCE_IRREGULAR:
        say(fact, "session of %s: no length that recurs here", known.text);
        return true;
    case HT_EVIDENCE_KEEP_ALIVE:
        say(fact, "session of %s: ended at %s, a limit of 1.5 x keep-alive", length.text,
            known.text);
        return true;
    case HT_EVIDENCE_YOUNG:
        say(fact, "session of %s: too short for a token or a time-out", known.text);
        return true;
    case HT_EVIDENCE_START_UNKNOWN:
        if (fact->session->start == HT_START_MISSING) {
            say(fact, "the connect is missing from the log: the session lasted at most %s",
                known.text);
        } else if (value == 0) {
            say(fact, "the session began before the log");
        } else {
            say(fact, "the session began before the log: it lasted at least %s", known.text);
        }
        return true;
    default:
        return false;
    }
}

/* About the way back. */
static bool say_return(const struct fact *fact) {
    const uint32_t value = fact->item->value;
    switch (fact->item->kind) {
    case HT_EVIDENCE_GAP:
        say_gap(fact);
        return true;
    case HT_EVIDENCE_NO_RETURN:
        say(fact, "no connect after it, though the log goes on for %s", span(value).text);
        return true;
    case HT_EVIDENCE_REFUSED:
        if (fact->session->refused_code != 0) {
            say(fact, "%u connect%s refused on the way back, the last with %u", (unsigned)value,
                plural(value), (unsigned)fact->session->refused_code);
        } else {
            say(fact, "%u connect%s refused on the way back", (unsigned)value, plural(value));
        }
        return true;
    default:
        return false;
    }
}

static void say_burst(const struct fact *fact, const char *where) {
    const struct ht_verdicts *verdicts = &fact->report->verdicts;
    if (fact->item->value >= verdicts->incident_count) {
        say(fact, "many devices %s dropped at the same time", where);
        return;
    }
    const struct ht_incident *incident = &verdicts->incidents[fact->item->value];
    say(fact, "%u devices %s dropped within %s", (unsigned)incident->devices, where,
        span(ht_time_extent_s(incident->start_us, incident->end_us)).text);
}

/* About what else happened. */
static bool say_surroundings(const struct fact *fact) {
    const uint32_t value = fact->item->value;
    switch (fact->item->kind) {
    case HT_EVIDENCE_BURST_HUB:
        say_burst(fact, "across the hub");
        return true;
    case HT_EVIDENCE_BURST_SITE:
        say_burst(fact, "behind one address prefix");
        return true;
    case HT_EVIDENCE_NO_BURST:
        say(fact, "no unusual number of other devices dropped around it");
        return true;
    case HT_EVIDENCE_SERVER_ERRORS:
        say(fact, "%u record%s with 5xx from the hub around it", (unsigned)value, plural(value));
        return true;
    case HT_EVIDENCE_TAKEOVERS:
        say(fact, "%u other take-over%s (400027 or 409002) of this device around it",
            (unsigned)value, plural(value));
        return true;
    case HT_EVIDENCE_DAILY:
        say(fact, "dropped at this time of day on %s as well",
            value > 1 ? "the days before and after" : "the day before or after");
        return true;
    case HT_EVIDENCE_DEVICE_HISTORY:
        if (value == 0) {
            say(fact, "no other disconnect of this device with this cause");
        } else {
            say(fact, "%u disconnect%s of this device with this cause", (unsigned)value,
                plural(value));
        }
        return true;
    default:
        return false;
    }
}

/* About how the device connects. */
static bool say_connection(const struct fact *fact) {
    const enum ht_sdk_family family =
        ht_sdk_family(ht_log_str(&fact->report->log, fact->session->sdk));
    const char *name = family_name(family);
    switch (fact->item->kind) {
    case HT_EVIDENCE_AUTH_X509:
        say(fact, "authenticates with a certificate (X.509): it has no token");
        return true;
    case HT_EVIDENCE_AMQP:
        say(fact, "connects over AMQP, which renews tokens without a disconnect");
        return true;
    case HT_EVIDENCE_SDK_RENEWAL:
        if (name == NULL) {
            say(fact, "how its SDK renews tokens is not known");
        } else if (ht_sdk_traits(family)->renews_by_itself) {
            say(fact, "SDK %s renews its token itself, before it runs out", name);
        } else {
            say(fact, "SDK %s waits for the hub to end the session when the token runs out", name);
        }
        return true;
    default:
        return false;
    }
}

static const char *rule_name(const struct fact *fact) {
    const struct ht_known *known = &fact->report->known;
    return fact->item->value < known->rule_count ? known->rules[fact->item->value].name : "?";
}

/* What a rule of the user's states. */
static bool say_told(const struct fact *fact) {
    const struct span_text length = span(length_s(fact));
    const char *name = rule_name(fact);
    switch (fact->item->kind) {
    case HT_EVIDENCE_TOLD_TOKEN:
        say(fact, "session of %s: the token period that rule '%s' states", length.text, name);
        return true;
    case HT_EVIDENCE_TOLD_NO_TOKEN:
        say(fact, "it has no token, as rule '%s' states", name);
        return true;
    case HT_EVIDENCE_TOLD_DUTY:
        say(fact, "session of %s: as long as the duty cycle of rule '%s'", length.text, name);
        return true;
    case HT_EVIDENCE_TOLD_LIMIT:
        say(fact, "session of %s: ended at 1.5 x the keep-alive of rule '%s'", length.text, name);
        return true;
    case HT_EVIDENCE_TOLD_TOO_SHORT:
        say(fact, "session of %s: shorter than 1.5 x the keep-alive of rule '%s'", length.text,
            name);
        return true;
    case HT_EVIDENCE_TOLD_LABEL:
        say(fact, "relabelled by rule '%s'; the log by itself says %s", name,
            ht_cause_name((enum ht_cause)fact->item->detail));
        return true;
    default:
        return false;
    }
}

void ht_evidence_words(const struct ht_report *report, uint32_t session,
                       const struct ht_evidence_item *item, char out[HT_FACT_BYTES]) {
    const struct fact fact = {
        .report = report,
        .session = &report->sessions.sessions[session],
        .verdict = &report->verdicts.verdicts[session],
        .item = item,
        .out = out,
    };
    out[0] = '\0';
    if (item->kind == HT_EVIDENCE_CODES) {
        say_codes(&fact);
    } else if (item->kind == HT_EVIDENCE_CLEAN) {
        say(&fact, "closed cleanly, without an error code");
    } else if (!say_timing(&fact) && !say_return(&fact) && !say_surroundings(&fact) &&
               !say_told(&fact)) {
        (void)say_connection(&fact);
    }
}
