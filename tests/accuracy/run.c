/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"
#include "truth.h"

void *grow(void *list, size_t count, size_t *capacity, size_t element_bytes) {
    if (count < *capacity) {
        return list;
    }
    *capacity = *capacity * 2 + 64;
    void *larger = realloc(list, *capacity * element_bytes);
    if (larger == NULL) {
        fputs("score: out of memory\n", stderr);
        exit(2);
    }
    return larger;
}

char *copy_text(const char *text) {
    size_t capacity = 0;
    if (text == NULL) {
        return NULL;
    }
    const size_t bytes = strlen(text) + 1;
    capacity = bytes;
    char *copy = grow(NULL, capacity, &capacity, 1);
    memcpy(copy, text, bytes);
    return copy;
}

static int compare_episodes(const void *left, const void *right) {
    const struct episode *a = left;
    const struct episode *b = right;
    const int order = strcmp(a->key, b->key);
    if (order != 0) {
        return order;
    }
    return (a->time_us > b->time_us) - (a->time_us < b->time_us);
}

static int compare_devices(const void *left, const void *right) {
    return strcmp(((const struct device *)left)->key, ((const struct device *)right)->key);
}

static void sort_list(void *list, size_t count, size_t element_bytes,
                      int (*compare)(const void *, const void *)) {
    if (count > 0) {
        qsort(list, count, element_bytes, compare);
    }
}

bool run_load(const char *base, struct run *run) {
    *run = (struct run){.base = base};
    if (!results_read(run) || !truth_read(run)) {
        return false;
    }
    sort_list(run->truth.list, run->truth.count, sizeof *run->truth.list, compare_episodes);
    sort_list(run->found.list, run->found.count, sizeof *run->found.list, compare_episodes);
    sort_list(run->true_devices.list, run->true_devices.count, sizeof *run->true_devices.list,
              compare_devices);
    sort_list(run->found_devices.list, run->found_devices.count, sizeof *run->found_devices.list,
              compare_devices);
    return true;
}

static void free_episodes(struct episodes *episodes) {
    for (size_t i = 0; i < episodes->count; i++) {
        free(episodes->list[i].key);
        free(episodes->list[i].hub);
    }
    free(episodes->list);
}

static void free_incidents(struct incidents *incidents) {
    for (size_t i = 0; i < incidents->count; i++) {
        free(incidents->list[i].hub);
        free(incidents->list[i].network);
    }
    free(incidents->list);
}

static void free_devices(struct devices *devices) {
    for (size_t i = 0; i < devices->count; i++) {
        free(devices->list[i].key);
        free(devices->list[i].word);
        free(devices->list[i].at_end);
    }
    free(devices->list);
}

void run_free(struct run *run) {
    free_episodes(&run->truth);
    free_episodes(&run->found);
    free_incidents(&run->true_incidents);
    free_incidents(&run->found_incidents);
    free_devices(&run->true_devices);
    free_devices(&run->found_devices);
}

/* The nearest unpaired one of the same key, or NO_PAIR. "next" only moves on. */
static ptrdiff_t find_pair(const struct episodes *found, const struct episode *wanted,
                           int64_t limit_us, size_t *next) {
    const struct episode lowest = {.key = wanted->key, .time_us = wanted->time_us - limit_us};
    while (*next < found->count && compare_episodes(&found->list[*next], &lowest) < 0) {
        ++*next;
    }
    ptrdiff_t best = NO_PAIR;
    int64_t best_us = INT64_MAX;
    for (size_t at = *next; at < found->count; at++) {
        const struct episode *candidate = &found->list[at];
        if (candidate->time_us > wanted->time_us + limit_us ||
            strcmp(candidate->key, wanted->key) != 0) {
            break;
        }
        const int64_t off_us = llabs(candidate->time_us - wanted->time_us);
        if (candidate->pair == NO_PAIR && off_us < best_us) {
            best = (ptrdiff_t)at;
            best_us = off_us;
        }
    }
    return best;
}

/* Three passes, each with a wider limit, so that a close pair is never torn by a distant one. */
void run_pair(struct run *run) {
    static const int64_t limits_s[] = {1, 5, 30};
    for (size_t pass = 0; pass < sizeof limits_s / sizeof limits_s[0]; pass++) {
        size_t next = 0;
        for (size_t i = 0; i < run->truth.count; i++) {
            struct episode *wanted = &run->truth.list[i];
            if (wanted->pair != NO_PAIR) {
                continue;
            }
            wanted->pair = find_pair(&run->found, wanted, limits_s[pass] * US_PER_S, &next);
            if (wanted->pair != NO_PAIR) {
                run->found.list[wanted->pair].pair = (ptrdiff_t)i;
            }
        }
    }
}
