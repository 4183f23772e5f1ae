/* SPDX-License-Identifier: MIT */
#include "incident_score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

enum { MARGIN_S = 60, START_LIMIT_S = 60, END_LIMIT_S = 120, LARGE_DEVICES = 5 };

#define LARGE_SHARE 0.10

const char *mistaken_name(enum mistaken mistaken) {
    static const char *const names[MISTAKEN_COUNT] = {
        [MISTAKEN_ECHO] = "echo",
        [MISTAKEN_SITE] = "site-outage",
        [MISTAKEN_DEPLOYMENT] = "deployment",
        [MISTAKEN_HUB] = "hub",
        [MISTAKEN_LOSSES] = "losses",
        [MISTAKEN_OTHER] = "other",
    };
    return names[mistaken];
}

static bool is_hub(const struct incident *incident) {
    return ht_cause_class(incident->cause) == HT_CLASS_HUB_TRANSIENT;
}

static bool is_site(const struct incident *incident) {
    return incident->cause == HT_CAUSE_SITE_OUTAGE;
}

/* The hub's own doing, which it would be no mistake to show. */
static bool is_hub_wide(const struct incident *incident) {
    return is_hub(incident) || incident->cause == HT_CAUSE_THROTTLED ||
           incident->cause == HT_CAUSE_QUOTA;
}

static bool same_place(const char *a, const char *b) {
    return a == NULL || b == NULL || strcmp(a, b) == 0;
}

static bool meets(const struct incident *a, const struct incident *b) {
    return same_place(a->hub, b->hub) && a->start_us <= b->end_us + MARGIN_S * US_PER_S &&
           b->start_us <= a->end_us + MARGIN_S * US_PER_S;
}

void incident_error(struct incident_tally *tally, int64_t start_error_s, int64_t end_error_s) {
    tally->start_errors_s = grow(tally->start_errors_s, tally->error_count,
                                 &tally->error_capacity[0], sizeof *tally->start_errors_s);
    tally->end_errors_s = grow(tally->end_errors_s, tally->error_count, &tally->error_capacity[1],
                               sizeof *tally->end_errors_s);
    tally->start_errors_s[tally->error_count] = start_error_s;
    tally->end_errors_s[tally->error_count] = end_error_s;
    tally->error_count++;
}

static void print_incident(FILE *errors, const struct run *run, const struct incident *incident,
                           const char *what, const char *more) {
    char start[HT_TIME_TEXT_BYTES];
    char end[HT_TIME_TEXT_BYTES];
    ht_time_format(incident->start_us, start);
    ht_time_format(incident->end_us, end);
    fprintf(errors, "%s: incident %s %s to %s, %zu devices: %s%s\n", run->base,
            ht_cause_name(incident->cause), start, end, (size_t)incident->devices, what, more);
}

static void score_true(const struct run *run, const struct incident *truth,
                       struct incident_tally *tally, FILE *errors) {
    int64_t start_us = INT64_MAX;
    int64_t end_us = INT64_MIN;
    for (size_t i = 0; i < run->found_incidents.count; i++) {
        const struct incident *found = &run->found_incidents.list[i];
        const bool like = is_site(truth)
                              ? is_site(found) && same_place(truth->network, found->network)
                              : is_hub(found);
        if (like && meets(truth, found)) {
            start_us = found->start_us < start_us ? found->start_us : start_us;
            end_us = found->end_us > end_us ? found->end_us : end_us;
        }
    }
    tally->truths++;
    if (start_us == INT64_MAX) {
        if (errors != NULL) {
            print_incident(errors, run, truth, "missed", "");
        }
        return;
    }
    const int64_t start_off_s = (start_us - truth->start_us) / US_PER_S;
    const int64_t end_off_s = (end_us - truth->end_us) / US_PER_S;
    const bool in_time = llabs(start_off_s) <= START_LIMIT_S && llabs(end_off_s) <= END_LIMIT_S;
    tally->found++;
    tally->in_time += in_time;
    incident_error(tally, llabs(start_off_s), llabs(end_off_s));
    if (errors != NULL && !in_time) {
        char more[96];
        snprintf(more, sizeof more, "start off by %+lld s, end by %+lld s", (long long)start_off_s,
                 (long long)end_off_s);
        print_incident(errors, run, truth, more, "");
    }
}

/* What the ends that it took really were, by the most of them. */
static enum mistaken mistaken_for(const struct run *run, const struct incident *found) {
    size_t counts[MISTAKEN_COUNT] = {0};
    for (size_t i = 0; i < run->found.count; i++) {
        const struct episode *episode = &run->found.list[i];
        if (episode->incident != found->id || episode->pair == NO_PAIR) {
            continue;
        }
        switch (run->truth.list[episode->pair].cause) {
        case HT_CAUSE_TOKEN_EXPIRY:
            counts[MISTAKEN_ECHO]++;
            break;
        case HT_CAUSE_SITE_OUTAGE:
            counts[MISTAKEN_SITE]++;
            break;
        case HT_CAUSE_CLIENT_CLOSE:
            counts[MISTAKEN_DEPLOYMENT]++;
            break;
        case HT_CAUSE_HUB_TRANSIENT:
        case HT_CAUSE_PLATFORM_UPGRADE:
            counts[MISTAKEN_HUB]++;
            break;
        case HT_CAUSE_IDLE_TIMEOUT:
        case HT_CAUSE_CONNECTION_RESET:
            counts[MISTAKEN_LOSSES]++;
            break;
        default:
            counts[MISTAKEN_OTHER]++;
            break;
        }
    }
    enum mistaken most = MISTAKEN_OTHER;
    for (size_t i = 0; i < MISTAKEN_COUNT; i++) {
        most = counts[i] > counts[most] ? (enum mistaken)i : most;
    }
    return most;
}

static void score_found(const struct run *run, const struct incident *found, struct tally *tally,
                        FILE *errors) {
    const bool site = is_site(found);
    for (size_t i = 0; i < run->true_incidents.count; i++) {
        const struct incident *truth = &run->true_incidents.list[i];
        const bool like = site ? is_site(truth) && same_place(truth->network, found->network)
                               : is_hub_wide(truth);
        if (like && meets(truth, found)) {
            return;
        }
    }
    const enum mistaken mistaken = mistaken_for(run, found);
    (site ? tally->false_site : tally->false_hub)[mistaken]++;
    if (errors != NULL) {
        print_incident(errors, run, found, "false, it was ", mistaken_name(mistaken));
    }
}

static enum incident_size size_of(const struct incident *truth) {
    if (is_site(truth)) {
        return SIZE_SITE;
    }
    const bool large = truth->devices >= LARGE_DEVICES &&
                       (double)truth->devices >= LARGE_SHARE * (double)truth->connected;
    return large ? SIZE_LARGE : SIZE_SMALL;
}

void incident_score(const struct run *run, struct tally *tally, FILE *errors) {
    for (size_t i = 0; i < run->true_incidents.count; i++) {
        const struct incident *truth = &run->true_incidents.list[i];
        if (is_hub(truth) || is_site(truth)) {
            score_true(run, truth, &tally->incidents[size_of(truth)], errors);
        }
    }
    for (size_t i = 0; i < run->found_incidents.count; i++) {
        const struct incident *found = &run->found_incidents.list[i];
        if (is_hub(found) || is_site(found)) {
            score_found(run, found, tally, errors);
        }
    }
}
