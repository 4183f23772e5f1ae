/* SPDX-License-Identifier: MIT */
#include "report/advice.h"

#include <string.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/strbuf.h"
#include "model/sdk.h"
#include "report/phrases.h"
#include "report/rules.h"

enum {
    ADVICE_BYTES_MAX = 16 * 1024,
    CADENCES_MAX = 4,        /* named in one piece of advice */
    KEEP_ALIVE_MAX_S = 1177, /* 1.5 times it is the hub's cap */
    NEAR_CAP_S = 30,
    NAT_S = 240, /* the narrowest time-out that is common: Azure's load balancers */
};

static const struct {
    const char *word;
    const char *meaning;
    const char *confirm;
    const char *device;
    const char *operator_do;
} topics[] = {
#define HT_TOPIC(word, meaning, confirm, device, operator_do, use, see, page) \
    {word, meaning, confirm, device, operator_do},
#include "model/topics.def"
#undef HT_TOPIC
};

static void put_topic(struct ht_finding *finding) {
    for (size_t i = 0; i < HT_ARRAY_LEN(topics); i++) {
        if (strcmp(topics[i].word, finding->rule) == 0) {
            finding->meaning = topics[i].meaning;
            finding->confirm = topics[i].confirm;
            finding->device_action = topics[i].device;
            finding->operator_action =
                topics[i].operator_do != NULL ? topics[i].operator_do : finding->action;
        }
    }
}

static bool is_kind(const struct ht_cadence_view *cadence, const char *kind) {
    return strcmp(cadence->kind, kind) == 0;
}

static enum ht_sdk_family family_of(const struct ht_cadence_view *cadence) {
    for (int i = HT_SDK_OTHER + 1; i < HT_SDK_FAMILY_COUNT && cadence->sdk_family != NULL; i++) {
        if (strcmp(ht_sdk_traits((enum ht_sdk_family)i)->name, cadence->sdk_family) == 0) {
            return (enum ht_sdk_family)i;
        }
    }
    return HT_SDK_UNKNOWN;
}

/* "C 48m00s (88 % of the sessions that got so old)" */
static void put_cadence(struct ht_strbuf *out, const struct ht_cadence_view *cadence) {
    const enum ht_sdk_family family = family_of(cadence);
    const struct ht_sdk_traits *traits = ht_sdk_traits(family);
    ht_strbuf_puts(out, family != HT_SDK_UNKNOWN ? traits->name : "no known SDK");
    ht_strbuf_putc(out, ' ');
    ht_phrase_put_span(out, cadence->length_s);
    if (traits->period_low_s > 0) {
        const bool is_default =
            cadence->high_s >= traits->period_low_s && cadence->low_s <= traits->period_high_s;
        ht_strbuf_puts(out, is_default ? " (its default)" : " (not its default)");
    }
}

/* Which lifetimes the log shows, and what changes them. */
static void advise_token(const struct ht_summary *summary, bool may_be_rarer,
                         struct ht_strbuf *out) {
    size_t named = 0;
    bool has_python = false;
    for (size_t i = 0; i < summary->cadence_count && named < CADENCES_MAX; i++) {
        const struct ht_cadence_view *cadence = &summary->cadences[i];
        if (is_kind(cadence, "token")) {
            ht_strbuf_puts(out, named == 0
                                    ? "Learned from this log, from connect to the end by the "
                                      "token: "
                                    : ", ");
            put_cadence(out, cadence);
            has_python = has_python || family_of(cadence) == HT_SDK_PYTHON;
            named++;
        }
    }
    ht_strbuf_puts(out, named > 0 ? "." : "");
    if (!may_be_rarer) {
        return;
    }
    ht_strbuf_puts(out, named > 0 ? " " : "");
    ht_strbuf_puts(out, "A longer token lifetime, set where the client is made");
    ht_strbuf_puts(out, has_python ? " (Python: sastoken_ttl)" : "");
    ht_strbuf_puts(out,
                   ", makes these rarer; over AMQP the SDKs renew without a disconnect, and "
                   "X.509 has no token. .NET and Java wait for the hub, up to 10 minutes after "
                   "the token's end; C, Node.js and Python renew before it.");
}

/* The keep-alive that the sharp lengths of lost sessions suggest. */
static void advise_length(struct ht_strbuf *out, int64_t length_s) {
    ht_strbuf_puts(out, "Lost sessions keep ending at ");
    ht_phrase_put_span(out, length_s);
    if (length_s >= HT_KEEP_ALIVE_CAP_S - NEAR_CAP_S &&
        length_s <= HT_KEEP_ALIVE_CAP_S + NEAR_CAP_S) {
        ht_strbuf_printf(
            out,
            ": there the hub closes what is silent, whatever the client asked for. Set "
            "a keep-alive of at most %d s.",
            KEEP_ALIVE_MAX_S);
        return;
    }
    ht_strbuf_puts(out, ". If silence is what is cut, a keep-alive of at most ");
    ht_strbuf_put_grouped(out, (uint64_t)(length_s / 2 < KEEP_ALIVE_MAX_S ? length_s / 2
                                                                          : KEEP_ALIVE_MAX_S));
    ht_strbuf_puts(out, " s (half of it) ends this; if it does not, connections are cut by their "
                        "age, and no keep-alive helps.");
}

static void advise_keep_alive(const struct ht_summary *summary, bool is_regular,
                              struct ht_strbuf *out) {
    for (size_t i = 0; i < summary->cadence_count && is_regular; i++) {
        if (is_kind(&summary->cadences[i], "network")) {
            advise_length(out, summary->cadences[i].length_s);
            return;
        }
    }
    ht_strbuf_printf(
        out,
        "The lengths of the lost sessions show no time-out on the way, and the log does "
        "not tell the keep-alive. A safe one is below %d s, where load balancers and NAT "
        "drop what is silent; the hub notices a loss after 1.5 times of it.",
        NAT_S);
}

/* What to quote to support, behind the hub's name: what happened, when, to how many. */
static void quote_incident(const struct ht_incident_view *incident, struct ht_strbuf *out) {
    ht_strbuf_puts(out, "From ");
    ht_phrase_put_time(out, incident->start_us);
    ht_strbuf_puts(out, " to ");
    ht_phrase_put_time(out, incident->end_us);
    ht_strbuf_puts(out, " (UTC) ");
    ht_strbuf_put_grouped(out, incident->devices);
    if (incident->connected_before > 0) {
        ht_strbuf_puts(out, " of ");
        ht_phrase_count(out, incident->connected_before, "connected device");
        ht_strbuf_printf(out, " (%u %%)", (unsigned)(incident->share * 100 + 0.5));
    } else {
        ht_strbuf_puts(out, incident->devices == 1 ? " device" : " devices");
    }
    ht_strbuf_puts(out, " lost their connections");
    if (incident->networks > 1) {
        ht_strbuf_puts(out, ", from ");
        ht_strbuf_put_grouped(out, incident->networks);
        ht_strbuf_puts(out, " address prefixes");
    }
    for (size_t i = 0; i < incident->code_count; i++) {
        ht_strbuf_printf(out, "%s%u (", i == 0 ? "; codes " : ", ", (unsigned)incident->codes[i]);
        ht_strbuf_put_grouped(out, incident->code_counts[i]);
        ht_strbuf_putc(out, ')');
    }
    ht_strbuf_puts(out, ". ");
    ht_phrase_count(out, incident->server_errors, "record");
    ht_strbuf_printf(out, " with 5xx until 5 minutes later, usually %.1f. ",
                     incident->server_errors_usual);
    ht_strbuf_put_grouped(out, incident->returned);
    ht_strbuf_puts(out, incident->returned == 1 ? " device is back" : " devices are back");
    if (incident->recovery_s != HT_SPAN_NONE) {
        ht_strbuf_puts(out, ", 90 % of all within ");
        ht_phrase_put_span(out, incident->recovery_s);
    }
    ht_strbuf_putc(out, '.');
}

static enum ht_status keep(struct ht_report *report, struct ht_strbuf *out, const char **text) {
    if (out->len > 0 || out->status != HT_OK) {
        HT_TRY(ht_phrase_keep(out, &report->text, text));
    }
    ht_strbuf_clear(out);
    return HT_OK;
}

static enum ht_status advise(struct ht_report *report, size_t index, struct ht_strbuf *out) {
    struct ht_finding *finding = &report->findings[index];
    const struct ht_summary *summary = &report->summary;
    put_topic(finding);
    switch (report->finding_keys[index].rule) {
    case HT_RULE_RENEWAL:
    case HT_RULE_TOKEN_LATE:
    case HT_RULE_TOKEN_NOT_RENEWED:
        advise_token(summary, report->finding_keys[index].rule != HT_RULE_TOKEN_NOT_RENEWED, out);
        break;
    case HT_RULE_IDLE:
    case HT_RULE_RESET:
        advise_keep_alive(summary, report->finding_keys[index].regular, out);
        break;
    default:
        break;
    }
    HT_TRY(keep(report, out, &finding->advice));
    if (finding->incident < summary->incident_count &&
        summary->incidents[finding->incident].cause != HT_CAUSE_SITE_OUTAGE) {
        quote_incident(&summary->incidents[finding->incident], out);
    }
    return keep(report, out, &finding->quote);
}

enum ht_status ht_advice_make(struct ht_report *report) {
    struct ht_strbuf out;
    enum ht_status status = HT_OK;
    ht_strbuf_init(&out, ADVICE_BYTES_MAX);
    for (size_t i = 0; i < report->summary.finding_count && status == HT_OK; i++) {
        status = advise(report, i, &out);
    }
    ht_strbuf_release(&out);
    return status == HT_OK ? HT_OK : HT_E_NOMEM;
}
