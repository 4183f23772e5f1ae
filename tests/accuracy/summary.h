/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_SUMMARY_H
#define ACCURACY_SUMMARY_H
/* Figures made of the counts. Shares of nothing are 0. */
#include "tally.h"

struct quality {
    size_t right;
    size_t wrong;  /* found, but not true */
    size_t failed; /* true, but not found */
};

double ratio(double part, double whole);
double precision(const struct quality *quality);
double recall(const struct quality *quality);
double f1(const struct quality *quality);
bool is_present(const struct quality *quality); /* something true is there to be found */

/* How one method did. Ends missed and invented count against the model alone: the simple rules
 * judge the rows that it found. */
struct method_summary {
    struct quality causes[HT_CAUSE_COUNT];
    struct quality classes[MAIN_CLASSES];
    double class_accuracy; /* of the ends whose true class is one of the three */
    double macro_classes;  /* means over what is present */
    double macro_causes;
};

struct summary {
    struct method_summary methods[METHOD_COUNT];
    size_t ends; /* true, and in the log */
    size_t paired;
    size_t missed;
    size_t invented;
    size_t unknown;
    double brier;
    double ece;
    size_t false_hub;
    size_t false_site;
    size_t devices;
    size_t devices_right;
    int64_t start_median_s[SIZE_COUNT]; /* errors of incidents found, NO_SPAN = none */
    int64_t start_worst_s[SIZE_COUNT];
    int64_t end_median_s[SIZE_COUNT];
    int64_t end_worst_s[SIZE_COUNT];
};

/* Sorts the errors of the tally's incidents. */
void summarize(struct tally *tally, struct summary *summary);

#endif
