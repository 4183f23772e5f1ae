/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "baseline.h"
#include "device_score.h"
#include "incident_score.h"

unsigned class_index(enum ht_cause cause) {
    switch (ht_cause_class(cause)) {
    case HT_CLASS_TOKEN_EXPIRY:
        return 0;
    case HT_CLASS_NETWORK_IDLE_TIMEOUT:
        return 1;
    case HT_CLASS_HUB_TRANSIENT:
        return 2;
    case HT_CLASS_UNKNOWN:
        return CLASS_UNKNOWN_INDEX;
    default:
        return CLASS_OTHER_INDEX;
    }
}

const char *class_index_name(unsigned index) {
    static const enum ht_class classes[MAIN_CLASSES] = {HT_CLASS_TOKEN_EXPIRY,
                                                        HT_CLASS_NETWORK_IDLE_TIMEOUT,
                                                        HT_CLASS_HUB_TRANSIENT};
    return ht_class_name(classes[index]);
}

struct tally *tally_new(void) {
    struct tally *tally = calloc(1, sizeof *tally);
    if (tally == NULL) {
        fputs("score: out of memory\n", stderr);
        exit(2);
    }
    return tally;
}

void tally_free(struct tally *tally) {
    for (size_t size = 0; tally != NULL && size < SIZE_COUNT; size++) {
        free(tally->incidents[size].start_errors_s);
        free(tally->incidents[size].end_errors_s);
    }
    free(tally);
}

static void print_error(FILE *errors, const struct run *run, const struct episode *episode,
                        const char *truth, const char *found) {
    char time[HT_TIME_TEXT_BYTES];
    ht_time_format(episode->time_us, time);
    fprintf(errors, "%s: %s %s: %s, found %s (%.2f)\n", run->base, time, episode->key, truth, found,
            episode->confidence);
}

static void count_confidence(struct tally *tally, const struct episode *found, bool right) {
    const double off = found->confidence - (right ? 1 : 0);
    size_t bin = (size_t)(found->confidence * BINS);
    bin = bin < BINS ? bin : BINS - 1;
    tally->bin_count[bin]++;
    tally->bin_right[bin] += right;
    tally->bin_confidence[bin] += found->confidence;
    tally->brier += off * off;
    tally->judged++;
}

static void count_ends(struct tally *tally, const struct run *run, FILE *errors) {
    for (size_t i = 0; i < run->truth.count; i++) {
        const struct episode *truth = &run->truth.list[i];
        if (truth->pair == NO_PAIR) {
            *(truth->seen ? &tally->missed[truth->cause] : &tally->lost) += 1;
            if (errors != NULL && truth->seen) {
                print_error(errors, run, truth, ht_cause_name(truth->cause), "nothing");
            }
            continue;
        }
        const struct episode *found = &run->found.list[truth->pair];
        tally->pairs[METHOD_MODEL][truth->cause][found->cause]++;
        if (found->cause != HT_CAUSE_UNKNOWN) {
            count_confidence(tally, found, found->cause == truth->cause);
        }
        if (errors != NULL && found->cause != truth->cause) {
            print_error(errors, run, found, ht_cause_name(truth->cause),
                        ht_cause_name(found->cause));
        }
    }
    for (size_t i = 0; i < run->found.count; i++) {
        const struct episode *found = &run->found.list[i];
        if (found->pair == NO_PAIR) {
            tally->invented[found->cause]++;
            if (errors != NULL) {
                print_error(errors, run, found, "nothing", ht_cause_name(found->cause));
            }
        }
    }
}

/* Logs that lack records are judged apart: some ends can't be found there. */
static void count_whole(struct tally *tally, const struct run *run) {
    size_t off = 0;
    for (size_t i = 0; i < run->truth.count; i++) {
        if (!run->truth.list[i].seen) {
            return;
        }
        off += run->truth.list[i].pair == NO_PAIR;
    }
    for (size_t i = 0; i < run->found.count; i++) {
        off += run->found.list[i].pair == NO_PAIR;
    }
    tally->whole_ends += run->truth.count;
    tally->whole_off += off;
}

void tally_run(struct tally *tally, const struct run *run, FILE *errors) {
    tally->runs++;
    count_ends(tally, run, errors);
    count_whole(tally, run);
    baseline_page(run, tally->pairs[METHOD_PAGE]);
    baseline_regularity(run, tally->pairs[METHOD_REGULARITY]);
    if (run->has_report) {
        tally->reports++;
        incident_score(run, tally, errors);
        device_score(run, tally, errors);
    }
}

static void add_counts(size_t *sum, const size_t *part, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sum[i] += part[i];
    }
}

static void add_incidents(struct incident_tally *sum, const struct incident_tally *part) {
    sum->truths += part->truths;
    sum->found += part->found;
    sum->in_time += part->in_time;
    for (size_t i = 0; i < part->error_count; i++) {
        incident_error(sum, part->start_errors_s[i], part->end_errors_s[i]);
    }
}

void tally_add(struct tally *sum, const struct tally *part) {
    sum->runs += part->runs;
    sum->lost += part->lost;
    sum->whole_ends += part->whole_ends;
    sum->whole_off += part->whole_off;
    sum->judged += part->judged;
    sum->brier += part->brier;
    sum->reports += part->reports;
    for (size_t method = 0; method < METHOD_COUNT; method++) {
        for (size_t cause = 0; cause < HT_CAUSE_COUNT; cause++) {
            add_counts(sum->pairs[method][cause], part->pairs[method][cause], HT_CAUSE_COUNT);
        }
    }
    add_counts(sum->missed, part->missed, HT_CAUSE_COUNT);
    add_counts(sum->invented, part->invented, HT_CAUSE_COUNT);
    add_counts(sum->bin_count, part->bin_count, BINS);
    add_counts(sum->bin_right, part->bin_right, BINS);
    add_counts(sum->false_hub, part->false_hub, MISTAKEN_COUNT);
    add_counts(sum->false_site, part->false_site, MISTAKEN_COUNT);
    for (size_t i = 0; i < BINS; i++) {
        sum->bin_confidence[i] += part->bin_confidence[i];
    }
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        add_incidents(&sum->incidents[size], &part->incidents[size]);
    }
    for (size_t i = 0; i < part->pattern_count; i++) {
        struct pattern_tally *pattern = device_pattern(sum, part->patterns[i].expected);
        pattern->devices += part->patterns[i].devices;
        pattern->right += part->patterns[i].right;
        pattern->wrong_period += part->patterns[i].wrong_period;
    }
}
