/* SPDX-License-Identifier: MIT */
/* Only what holds for this very log is said. */
#include "report/limits.h"

#include "base/check.h"
#include "report/phrases.h"

enum {
    LIMITS_MAX = 20,
    NAMES_MAX = 3,
    LIMIT_BYTES_MAX = 1024,
    SOME_PERCENT = 10,
    SHORT_LOG_S = 2 * 3600
};

struct limits {
    struct ht_report *report;
    struct ht_strbuf text;
};

static void keep(struct limits *limits) {
    struct ht_report *report = limits->report;
    struct ht_quality *quality = &report->summary.quality;
    HT_ASSERT(quality->limit_count < LIMITS_MAX);
    if (ht_phrase_keep(&limits->text, &report->text, &report->limits[quality->limit_count]) ==
        HT_OK) {
        quality->limit_count++;
    } else {
        limits->text.status = HT_E_NOMEM;
    }
    if (limits->text.status == HT_OK) {
        ht_strbuf_clear(&limits->text);
    }
}

static void say(struct limits *limits, const char *sentence) {
    ht_strbuf_puts(&limits->text, sentence);
    keep(limits);
}

/* A text that the connects should carry. */
static void say_absent(struct limits *limits, uint64_t without, const char *cost) {
    const struct ht_report *report = limits->report;
    uint64_t connects = 0;
    for (size_t i = 0; i < report->log.device_count; i++) {
        connects += report->sessions.by_device[i].connects;
    }
    if (connects == 0 || without * 100 < connects * SOME_PERCENT) {
        return;
    }
    const uint64_t shown = without < connects ? without : connects;
    ht_strbuf_printf(&limits->text, "%u %% of the accepted connects have no ",
                     ht_phrase_percent(shown, connects));
    say(limits, cost);
}

static void say_of_connects(struct limits *limits) {
    const struct ht_report *report = limits->report;
    const struct ht_quality *quality = &report->summary.quality;
    uint64_t connects = 0;
    uint64_t ends = 0;
    for (size_t i = 0; i < report->log.device_count; i++) {
        connects += report->sessions.by_device[i].connects;
    }
    for (size_t i = 0; i < report->sessions.session_count; i++) {
        ends += report->sessions.sessions[i].end == HT_END_SEEN;
    }
    if (quality->events > 0 && connects == 0) {
        say(limits,
            "No accepted connect is in the log (was it filtered by level or result?): session "
            "lengths and gaps are not known, so most causes cannot be told.");
    } else if (quality->events > 0 && ends == 0) {
        say(limits, "No disconnect is in the log: was it filtered by operation?");
    }
    say_absent(limits, quality->without_sdk,
               "sdkVersion: how the SDK renews tokens and its keep-alive are not known for them.");
    say_absent(limits, quality->without_auth,
               "readable authType: SAS tokens and X.509 certificates are not told apart for them.");
    say_absent(limits, quality->without_network,
               "maskedIpAddress: outages of a site are not told from trouble in the hub for them.");
}

static void say_of_span(struct limits *limits) {
    const struct ht_report *report = limits->report;
    const struct ht_log *log = &report->log;
    if (log->event_count == 0) {
        say(limits, "The log has no connection event.");
        return;
    }
    const int64_t span_s = (log->last_us - log->first_us) / HT_US_PER_S;
    if (span_s < SHORT_LOG_S) {
        ht_strbuf_puts(&limits->text, "The log spans ");
        ht_phrase_put_span(&limits->text, span_s);
        say(limits, " only: lengths that recur, such as a token's, can hardly be seen.");
    }
    say(limits, "The last 15 minutes of the log are provisional: records arrive late, and a device "
                "that dropped may not have had the time to come back.");
}

static void say_of_loss(struct limits *limits) {
    const struct ht_quality *quality = &limits->report->summary.quality;
    if (quality->starts_before_log > 0) {
        ht_phrase_count(&limits->text, quality->starts_before_log, "session");
        say(limits, " began before the log: their lengths are not known.");
    }
    if (quality->starts_missing + quality->ends_missing > 0) {
        ht_phrase_count(&limits->text, quality->starts_missing, "connect");
        ht_strbuf_puts(&limits->text, " and ");
        ht_phrase_count(&limits->text, quality->ends_missing, "disconnect");
        say(limits, " are missing from the log: the time around them is unknown, and no cause can "
                    "be given for a disconnect that is not there.");
    }
    if (quality->dropped_events > 0) {
        ht_phrase_count(&limits->text, quality->dropped_events, "event");
        say(limits, " were left out at the ceiling of events or devices.");
    }
    if (quality->dropped_attributes > 0) {
        ht_phrase_count(&limits->text, quality->dropped_attributes, "text");
        say(limits, " such as sdkVersion were forgotten at a ceiling.");
    }
}

static void say_of_shapes(struct limits *limits) {
    const struct ht_quality *quality = &limits->report->summary.quality;
    if (quality->low_fidelity > 0) {
        ht_phrase_count(&limits->text, quality->low_fidelity, "event");
        say(limits,
            " of connection state as Event Grid samples it: no code, up to a minute off, short "
            "disconnects missing. They say when, not why.");
    }
    if (quality->local_time_sources > 0) {
        ht_phrase_count(&limits->text, quality->local_time_sources, "input");
        say(limits, " in local time, without the offset: the times are taken as UTC.");
    }
}

/* "rule 'a', rule 'b' and 2 more" of those that a test finds. */
static void say_rules(struct limits *limits, bool (*is_odd)(const struct ht_known_rule *rule),
                      const char *one, const char *more) {
    const struct ht_known *known = &limits->report->known;
    size_t found = 0;
    for (size_t i = 0; i < known->rule_count; i++) {
        if (!is_odd(&known->rules[i])) {
            continue;
        }
        if (found < NAMES_MAX) {
            ht_strbuf_printf(&limits->text, "%s'%s'", found == 0 ? "Of --rules: " : ", ",
                             known->rules[i].name);
        }
        found++;
    }
    if (found > NAMES_MAX) {
        ht_strbuf_printf(&limits->text, " and %zu more", found - NAMES_MAX);
    }
    if (found > 0) {
        say(limits, found == 1 ? one : more);
    }
}

static bool matched_none(const struct ht_known_rule *rule) {
    return rule->devices == 0;
}

static bool hit_limit(const struct ht_known_rule *rule) {
    return rule->hit_limit;
}

static void say_of_rules(struct limits *limits) {
    say_rules(limits, matched_none, " matches no device of this log.",
              " match no device of this log.");
    say_rules(limits, hit_limit,
              " has a pattern that takes too long on some device ids; it does not match those.",
              " have patterns that take too long on some device ids; they do not match those.");
}

enum ht_status ht_limits_write(struct ht_report *report) {
    struct limits limits = {.report = report};
    report->limits = ht_report_array(LIMITS_MAX, sizeof *report->limits);
    if (report->limits == NULL) {
        return HT_E_NOMEM;
    }
    ht_strbuf_init(&limits.text, LIMIT_BYTES_MAX);
    say_of_connects(&limits);
    say_of_span(&limits);
    say_of_loss(&limits);
    say_of_shapes(&limits);
    say_of_rules(&limits);
    if (report->summary.incident_count > 0 &&
        (report->is_by_device || !ht_window_is_open(&report->window))) {
        say(&limits, "Incidents are told whole, also where the selection shows only part of them.");
    }
    if (report->summary.disconnects > 0) {
        say(&limits, "A silent device and a reset connection both leave a 404104: idle-timeout and "
                     "connection-reset are told apart with low confidence; their class is surer.");
    }
    const enum ht_status status = limits.text.status;
    ht_strbuf_release(&limits.text);
    report->summary.quality.limits = report->limits;
    return status == HT_OK ? HT_OK : HT_E_NOMEM;
}
