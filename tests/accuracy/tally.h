/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_TALLY_H
#define ACCURACY_TALLY_H
/*
 * What is counted over runs. Counts of one kind of day add up over its seeds, and kinds of day add
 * up to the pool, so that no mean of means hides a rare cause.
 */
#include <stdio.h>

#include "run.h"

enum { BINS = 20, MAIN_CLASSES = 3 };

/* Hub-wide trouble, in the size that the target names. */
enum incident_size { SIZE_LARGE = 0, SIZE_SMALL, SIZE_SITE, SIZE_COUNT };

/* What a false incident really was: the true cause of most of the ends that it took. */
enum mistaken {
    MISTAKEN_ECHO = 0, /* tokens that end in step */
    MISTAKEN_SITE,
    MISTAKEN_DEPLOYMENT,
    MISTAKEN_HUB,    /* of a site outage: it was the hub's */
    MISTAKEN_LOSSES, /* single losses and resets */
    MISTAKEN_OTHER,
    MISTAKEN_COUNT
};

struct incident_tally {
    size_t truths;
    size_t found;
    size_t in_time; /* of those found: start within 60 s, end within 120 s */
    int64_t *start_errors_s;
    int64_t *end_errors_s;
    size_t error_count;
    size_t error_capacity[2];
};

enum method { METHOD_MODEL = 0, METHOD_PAGE, METHOD_REGULARITY, METHOD_COUNT };

typedef size_t confusion[HT_CAUSE_COUNT][HT_CAUSE_COUNT]; /* true cause, cause found */

enum { PATTERNS_MAX = 32 };

struct pattern_tally {
    char expected[24]; /* by the truth */
    size_t devices;
    size_t right;
    size_t wrong_period; /* the word was right */
};

struct tally {
    size_t runs;
    confusion pairs[METHOD_COUNT];
    size_t missed[HT_CAUSE_COUNT];   /* in the log, and not found; by true cause */
    size_t invented[HT_CAUSE_COUNT]; /* never happened; by cause found */
    size_t lost;                     /* every record was lost, and not found: nobody's fault */
    size_t whole_ends;               /* true ends in logs of which no end was lost, */
    size_t whole_off;                /* and those missed or invented there */
    size_t judged;                   /* paired, and not called unknown */
    size_t bin_count[BINS];
    size_t bin_right[BINS];
    double bin_confidence[BINS];
    double brier;
    size_t reports; /* runs whose incidents and devices are there */
    struct incident_tally incidents[SIZE_COUNT];
    size_t false_hub[MISTAKEN_COUNT];
    size_t false_site[MISTAKEN_COUNT];
    struct pattern_tally patterns[PATTERNS_MAX];
    size_t pattern_count;
};

enum { CLASS_OTHER_INDEX = MAIN_CLASSES, CLASS_UNKNOWN_INDEX };

/* 0 to 2 for the three main classes, then the rest. */
unsigned class_index(enum ht_cause cause);
const char *class_index_name(unsigned index);

struct tally *tally_new(void);
void tally_free(struct tally *tally);

/* Counts one run, paired before. Unless "errors" is NULL, a line for each mistake goes there. */
void tally_run(struct tally *tally, const struct run *run, FILE *errors);
void tally_add(struct tally *sum, const struct tally *part);

#endif
