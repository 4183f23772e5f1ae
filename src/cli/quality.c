/* SPDX-License-Identifier: MIT */
#include "cli/quality.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/messages.h"
#include "cli/values.h"
#include "hubtriage/inventory.h"

enum { SOURCES_SHOWN_MAX = 5 };

/* A hint that the next line would repeat waits until then. */
static const char *next_hint(const struct ht_summary *summary, size_t i) {
    while (++i < summary->source_count && summary->sources[i].problem == NULL) {
    }
    return i < summary->source_count ? summary->sources[i].hint : NULL;
}

static bool same_text(const char *a, const char *b) {
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void say_sources(const struct ht_summary *summary, bool all) {
    const uint64_t shown_max = all ? UINT64_MAX : SOURCES_SHOWN_MAX;
    uint64_t shown = 0;
    for (size_t i = 0; i < summary->source_count && shown < shown_max; i++) {
        const struct ht_source_view *source = &summary->sources[i];
        if (source->problem != NULL) {
            ht_cli_say("%s: %s", source->name, source->problem);
            shown++;
            if (shown == shown_max || !same_text(source->hint, next_hint(summary, i))) {
                ht_cli_say_hint(source->hint);
            }
        }
    }
    const uint64_t total = summary->quality.unreadable_sources;
    if (total > shown) {
        char rest[HT_CLI_COUNT_TEXT_BYTES];
        ht_cli_say("%s more could not be read; -v names all",
                   ht_cli_count_text(total - shown, rest));
    }
}

/* "4,211 records: not JSON (first: a.json, record 88, byte 120331: a quote is missing)" */
static void say_bad(const struct ht_quality *quality, enum ht_bad reason, size_t examples_max) {
    char count[HT_CLI_COUNT_TEXT_BYTES];
    if (quality->bad[reason] == 0) {
        return;
    }
    const char *noun = quality->bad[reason] == 1 ? "record" : "records";
    (void)ht_cli_count_text(quality->bad[reason], count);
    if (quality->example_count[reason] == 0) {
        ht_cli_say("%s %s: %s", count, noun, ht_bad_name(reason));
        return;
    }
    for (size_t i = 0; i < quality->example_count[reason] && i < examples_max; i++) {
        const struct ht_bad_example *example = &quality->examples[reason][i];
        if (i > 0) {
            ht_cli_say("    %s, record %" PRIu64 ", byte %" PRIu64 ": %s", example->source,
                       example->record, example->offset_bytes, example->why);
            continue;
        }
        const bool more = strcmp(example->why, ht_bad_name(reason)) != 0;
        ht_cli_say("%s %s: %s (first: %s, record %" PRIu64 ", byte %" PRIu64 "%s%s)", count, noun,
                   ht_bad_name(reason), example->source, example->record, example->offset_bytes,
                   more ? ": " : "", more ? example->why : "");
    }
}

static bool too_many_bad(const struct ht_quality *quality, uint64_t max_bad_ppm) {
    return (double)quality->bad_total * HT_CLI_PPM > (double)max_bad_ppm * (double)quality->records;
}

static void say_too_many_bad(const struct ht_quality *quality, uint64_t max_bad_ppm) {
    char bad[HT_CLI_COUNT_TEXT_BYTES];
    char records[HT_CLI_COUNT_TEXT_BYTES];
    ht_cli_say("%s of %s records are bad (%.2f %%), more than --max-bad %g",
               ht_cli_count_text(quality->bad_total, bad),
               ht_cli_count_text(quality->records, records),
               100 * (double)quality->bad_total / (double)quality->records,
               (double)max_bad_ppm * 100 / HT_CLI_PPM);
}

enum { TIME_TEXT_BYTES = 32 };

/* To the second, in UTC. */
static const char *time_text(int64_t time_us, char out[TIME_TEXT_BYTES]) {
    const time_t seconds = (time_t)(time_us / 1000000 - (time_us % 1000000 < 0));
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        out[0] = '\0';
    }
    return out;
}

/* A report about nothing looks like one about a fleet that is well: say what is the matter. */
static void say_empty(const struct ht_summary *summary, bool hints) {
    char count[HT_CLI_COUNT_TEXT_BYTES];
    if (summary->quality.events == 0) {
        ht_cli_say("no connect, disconnect or hub error in %s records",
                   ht_cli_count_text(summary->quality.records, count));
        ht_cli_say_hint(hints ? "does the diagnostic setting, and the export, have the category "
                                "Connections?"
                              : NULL);
        return;
    }
    int64_t first_us = INT64_MAX;
    int64_t last_us = INT64_MIN;
    for (size_t i = 0; i < summary->source_count; i++) {
        const struct ht_source_view *source = &summary->sources[i];
        if (source->events > 0) {
            first_us = source->first_us < first_us ? source->first_us : first_us;
            last_us = source->last_us > last_us ? source->last_us : last_us;
        }
    }
    char first[TIME_TEXT_BYTES];
    char last[TIME_TEXT_BYTES];
    ht_cli_say("none of %s events is within the window and selection asked for",
               ht_cli_count_text(summary->quality.events, count));
    if (hints && first_us <= last_us) {
        char hint[2 * TIME_TEXT_BYTES + 40];
        (void)snprintf(hint, sizeof hint, "the input has events from %s to %s",
                       time_text(first_us, first), time_text(last_us, last));
        ht_cli_say_hint(hint);
    }
}

/* Exports that ended at a limit of their makers. */
static bool say_cut(const struct ht_summary *summary) {
    const struct ht_inventory_summary *inventory = summary->inventory;
    bool cut = false;
    for (size_t i = 0; inventory != NULL && i < inventory->finding_count; i++) {
        const struct ht_inventory_finding *finding = &inventory->findings[i];
        if (strncmp(finding->rule, "cut-", 4) != 0 || !finding->for_report) {
            continue;
        }
        for (size_t k = 0; k < finding->item_count && k < SOURCES_SHOWN_MAX; k++) {
            ht_cli_say("%s: the export was probably cut", finding->items[k]);
        }
        ht_cli_say_hint(finding->action);
        cut = true;
    }
    return cut;
}

bool ht_cli_quality_say(const struct ht_summary *summary,
                        const struct ht_cli_quality_rules *rules) {
    const struct ht_quality *quality = &summary->quality;
    bool partial = false;
    for (int reason = 0; reason < HT_BAD_COUNT && !rules->quiet; reason++) {
        say_bad(quality, (enum ht_bad)reason, rules->verbose ? HT_BAD_EXAMPLES_MAX : 1);
    }
    /* A selection that matches nothing is more likely a slip than a quiet fleet. */
    const bool missed = summary->hub_count == 0 && quality->events > 0;
    if (missed || (summary->first_us == HT_TIME_NONE && !rules->quiet)) {
        say_empty(summary, !rules->quiet);
    }
    partial = partial || missed;
    if (quality->unreadable_sources > 0) {
        say_sources(summary, rules->verbose);
        partial = true;
    }
    if (say_cut(summary)) {
        partial = true;
    }
    if (quality->dropped_events > 0) {
        char count[HT_CLI_COUNT_TEXT_BYTES];
        ht_cli_say("%s events are left out: a ceiling was reached",
                   ht_cli_count_text(quality->dropped_events, count));
        ht_cli_say_hint("raise --max-events or --max-devices");
        partial = true;
    }
    if (too_many_bad(quality, rules->max_bad_ppm)) {
        say_too_many_bad(quality, rules->max_bad_ppm);
        partial = true;
    }
    return partial;
}
