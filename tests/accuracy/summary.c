/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include <stdlib.h>

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

double precision(const struct quality *quality) {
    return ratio((double)quality->right, (double)(quality->right + quality->wrong));
}

double recall(const struct quality *quality) {
    return ratio((double)quality->right, (double)(quality->right + quality->failed));
}

double f1(const struct quality *quality) {
    return ratio(2 * (double)quality->right,
                 (double)(2 * quality->right + quality->wrong + quality->failed));
}

bool is_present(const struct quality *quality) {
    return quality->right + quality->failed > 0;
}

static void count_pairs(enum ht_cause truth, enum ht_cause found, size_t count,
                        struct method_summary *method) {
    const unsigned true_class = class_index(truth);
    const unsigned found_class = class_index(found);
    if (truth == found) {
        method->causes[truth].right += count;
    } else {
        method->causes[truth].failed += count;
        method->causes[found].wrong += count;
    }
    if (true_class < MAIN_CLASSES) {
        struct quality *quality = &method->classes[true_class];
        *(true_class == found_class ? &quality->right : &quality->failed) += count;
    }
    if (found_class < MAIN_CLASSES && found_class != true_class) {
        method->classes[found_class].wrong += count;
    }
}

static void count_unpaired(const struct tally *tally, struct method_summary *model) {
    for (unsigned cause = 0; cause < HT_CAUSE_COUNT; cause++) {
        const unsigned index = class_index((enum ht_cause)cause);
        model->causes[cause].wrong += tally->invented[cause];
        model->causes[cause].failed += tally->missed[cause];
        if (index < MAIN_CLASSES) {
            model->classes[index].wrong += tally->invented[cause];
            model->classes[index].failed += tally->missed[cause];
        }
    }
}

static double macro_f1(const struct quality *qualities, size_t first, size_t count) {
    double sum = 0;
    size_t present = 0;
    for (size_t i = first; i < count; i++) {
        if (is_present(&qualities[i])) {
            sum += f1(&qualities[i]);
            present++;
        }
    }
    return ratio(sum, (double)present);
}

static void summarize_method(const struct tally *tally, enum method which,
                             struct method_summary *method) {
    for (unsigned truth = 0; truth < HT_CAUSE_COUNT; truth++) {
        for (unsigned found = 0; found < HT_CAUSE_COUNT; found++) {
            count_pairs((enum ht_cause)truth, (enum ht_cause)found,
                        tally->pairs[which][truth][found], method);
        }
    }
    size_t right = 0;
    size_t all = 0;
    for (size_t i = 0; i < MAIN_CLASSES; i++) {
        right += method->classes[i].right;
        all += method->classes[i].right + method->classes[i].failed;
    }
    method->class_accuracy = ratio((double)right, (double)all);
    if (which == METHOD_MODEL) {
        count_unpaired(tally, method);
    }
    method->macro_classes = macro_f1(method->classes, 0, MAIN_CLASSES);
    method->macro_causes = macro_f1(method->causes, HT_CAUSE_UNKNOWN + 1, HT_CAUSE_COUNT);
}

static int compare_seconds(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void middle_and_worst(int64_t *seconds, size_t count, int64_t *median, int64_t *worst) {
    *median = NO_SPAN;
    *worst = NO_SPAN;
    if (count > 0) {
        qsort(seconds, count, sizeof *seconds, compare_seconds);
        *median = seconds[count / 2];
        *worst = seconds[count - 1];
    }
}

static void summarize_incidents(struct tally *tally, struct summary *summary) {
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        struct incident_tally *incidents = &tally->incidents[size];
        middle_and_worst(incidents->start_errors_s, incidents->error_count,
                         &summary->start_median_s[size], &summary->start_worst_s[size]);
        middle_and_worst(incidents->end_errors_s, incidents->error_count,
                         &summary->end_median_s[size], &summary->end_worst_s[size]);
    }
    for (size_t i = 0; i < MISTAKEN_COUNT; i++) {
        summary->false_hub += tally->false_hub[i];
        summary->false_site += tally->false_site[i];
    }
}

void summarize(struct tally *tally, struct summary *summary) {
    *summary = (struct summary){.ends = 0};
    for (unsigned method = 0; method < METHOD_COUNT; method++) {
        summarize_method(tally, (enum method)method, &summary->methods[method]);
    }
    for (unsigned truth = 0; truth < HT_CAUSE_COUNT; truth++) {
        summary->missed += tally->missed[truth];
        summary->invented += tally->invented[truth];
        summary->unknown += tally->pairs[METHOD_MODEL][truth][HT_CAUSE_UNKNOWN];
        for (unsigned found = 0; found < HT_CAUSE_COUNT; found++) {
            summary->paired += tally->pairs[METHOD_MODEL][truth][found];
        }
    }
    summary->ends = summary->paired + summary->missed;
    summary->brier = ratio(tally->brier, (double)tally->judged);
    for (size_t i = 0; i < BINS; i++) {
        const double off = tally->bin_confidence[i] - (double)tally->bin_right[i];
        summary->ece += ratio(off < 0 ? -off : off, (double)tally->judged);
    }
    for (size_t i = 0; i < tally->pattern_count; i++) {
        summary->devices += tally->patterns[i].devices;
        summary->devices_right += tally->patterns[i].right;
    }
    summarize_incidents(tally, summary);
}
