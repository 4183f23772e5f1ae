/* SPDX-License-Identifier: MIT */
#include "baseline.h"

#include <stdlib.h>
#include <string.h>

enum { HUB_WINDOW_S = 300, HUB_DEVICES_MIN = 5 };
#define HUB_DEVICES_SHARE 0.02
#define REGULAR_SHARE 0.05

/* What the page looks at, in order of time. */
struct sight {
    int64_t time_us;
    size_t device;  /* rank of its key */
    size_t episode; /* index in run->found */
    bool remote;    /* 404104 */
    bool server;    /* 500xxx */
};

static bool has_code(const struct episode *episode, uint32_t low, uint32_t high) {
    for (size_t i = 0; i < episode->code_count; i++) {
        if (episode->codes[i] >= low && episode->codes[i] <= high) {
            return true;
        }
    }
    return false;
}

static int compare_sights(const void *left, const void *right) {
    const struct sight *a = left;
    const struct sight *b = right;
    if (a->time_us != b->time_us) {
        return a->time_us < b->time_us ? -1 : 1;
    }
    return (a->episode > b->episode) - (a->episode < b->episode);
}

/* All ends in order of time. The rows are sorted by device, which gives each its rank. */
static struct sight *make_sights(const struct run *run, size_t *devices) {
    size_t capacity = run->found.count;
    struct sight *sights = grow(NULL, capacity, &capacity, sizeof *sights);
    size_t rank = 0;
    for (size_t i = 0; i < run->found.count; i++) {
        const struct episode *episode = &run->found.list[i];
        rank += i > 0 && strcmp(episode->key, run->found.list[i - 1].key) != 0;
        sights[i] = (struct sight){
            .time_us = episode->time_us,
            .device = rank,
            .episode = i,
            .remote = has_code(episode, 404104, 404104),
            .server = has_code(episode, 500000, 500999),
        };
    }
    *devices = rank + 1;
    qsort(sights, run->found.count, sizeof *sights, compare_sights);
    return sights;
}

/* Marks the ends that lie in some window of five minutes with many devices and a 500xxx. */
static void mark_hub(const struct sight *sights, size_t count, size_t devices, bool *hub) {
    size_t capacity = devices;
    size_t *within = grow(NULL, capacity, &capacity, sizeof *within); /* 404104 by device */
    memset(within, 0, devices * sizeof *within);
    double many = HUB_DEVICES_SHARE * (double)devices;
    many = many > HUB_DEVICES_MIN ? many : HUB_DEVICES_MIN;
    size_t distinct = 0;
    size_t servers = 0;
    size_t first = 0;
    size_t marked = 0;
    for (size_t last = 0; last < count; last++) {
        distinct += sights[last].remote && within[sights[last].device]++ == 0;
        servers += sights[last].server;
        while (sights[first].time_us < sights[last].time_us - HUB_WINDOW_S * US_PER_S) {
            distinct -= sights[first].remote && --within[sights[first].device] == 0;
            servers -= sights[first].server;
            first++;
        }
        if ((double)distinct >= many && servers > 0) {
            for (marked = marked > first ? marked : first; marked <= last; marked++) {
                hub[sights[marked].episode] = sights[marked].remote || sights[marked].server;
            }
        }
    }
    free(within);
}

static void count_pair(const struct run *run, const struct episode *found, enum ht_cause cause,
                       confusion pairs) {
    if (found->pair != NO_PAIR) {
        pairs[run->truth.list[found->pair].cause][cause]++;
    }
}

void baseline_page(const struct run *run, confusion pairs) {
    const size_t count = run->found.count;
    if (count == 0) {
        return;
    }
    size_t devices = 0;
    struct sight *sights = make_sights(run, &devices);
    bool *hub = calloc(count, sizeof *hub);
    if (hub != NULL) {
        mark_hub(sights, count, devices, hub);
    }
    for (size_t i = 0; hub != NULL && i < count; i++) {
        const struct episode *episode = &run->found.list[i];
        enum ht_cause cause = hub[i] ? HT_CAUSE_HUB_TRANSIENT : HT_CAUSE_IDLE_TIMEOUT;
        if (has_code(episode, 401003, 401003) && has_code(episode, 404104, 404104)) {
            cause = HT_CAUSE_TOKEN_EXPIRY;
        }
        count_pair(run, episode, cause, pairs);
    }
    free(hub);
    free(sights);
}

static int compare_spans(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* Rows of one device, next to each other. */
static void judge_device(const struct run *run, size_t first, size_t last, int64_t *spans,
                         confusion pairs) {
    size_t known = 0;
    for (size_t i = first; i < last; i++) {
        if (run->found.list[i].session_s != NO_SPAN) {
            spans[known++] = run->found.list[i].session_s;
        }
    }
    qsort(spans, known, sizeof *spans, compare_spans);
    const double median_s = known > 0 ? (double)spans[known / 2] : 0;
    for (size_t i = first; i < last; i++) {
        const struct episode *episode = &run->found.list[i];
        const double off_s = (double)episode->session_s - median_s;
        const bool regular = episode->session_s != NO_SPAN && known > 1 &&
                             (off_s < 0 ? -off_s : off_s) <= REGULAR_SHARE * median_s;
        count_pair(run, episode, regular ? HT_CAUSE_TOKEN_EXPIRY : HT_CAUSE_IDLE_TIMEOUT, pairs);
    }
}

void baseline_regularity(const struct run *run, confusion pairs) {
    const size_t count = run->found.count;
    size_t capacity = count;
    int64_t *spans = grow(NULL, capacity, &capacity, sizeof *spans);
    for (size_t first = 0; first < count;) {
        size_t last = first + 1;
        while (last < count && strcmp(run->found.list[last].key, run->found.list[first].key) == 0) {
            last++;
        }
        judge_device(run, first, last, spans, pairs);
        first = last;
    }
    free(spans);
}
