/* SPDX-License-Identifier: MIT */
#include "classify/hub_facts.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/large.h"
#include "base/time.h"
#include "classify/parameters.h"
#include "model/code.h"

void ht_hub_facts_release(struct ht_hub_facts *facts) {
    free(facts->server_errors_us);
    free(facts->server_error_first);
    free(facts->places);
    free(facts->one_site);
    *facts = (struct ht_hub_facts){.place_count = 0};
}

static int compare_i64(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* Devices, and so their events, are in order of hub. */
static enum ht_status find_server_errors(const struct ht_log *log, struct ht_hub_facts *facts) {
    size_t count = 0;
    for (size_t i = 0; i < log->event_count; i++) {
        count += ht_code_is_server_error(log->events[i].code);
    }
    facts->server_errors_us = malloc((count + 1) * sizeof *facts->server_errors_us);
    facts->server_error_first = calloc(log->hub_count + 1, sizeof *facts->server_error_first);
    if (facts->server_errors_us == NULL || facts->server_error_first == NULL) {
        return HT_E_NOMEM;
    }
    count = 0;
    for (size_t i = 0; i < log->event_count; i++) {
        if (ht_code_is_server_error(log->events[i].code)) {
            facts->server_errors_us[count++] = log->events[i].time_us;
            facts->server_error_first[log->devices[log->events[i].device].hub + 1] = count;
        }
    }
    for (size_t hub = 0; hub < log->hub_count; hub++) {
        size_t *first = facts->server_error_first;
        first[hub + 1] = first[hub + 1] > first[hub] ? first[hub + 1] : first[hub];
        qsort(facts->server_errors_us + first[hub], first[hub + 1] - first[hub],
              sizeof *facts->server_errors_us, compare_i64);
    }
    return HT_OK;
}

static int compare_place(const void *left, const void *right) {
    const struct ht_place *a = left;
    const struct ht_place *b = right;
    if (a->hub != b->hub) {
        return a->hub < b->hub ? -1 : 1;
    }
    return (a->network > b->network) - (a->network < b->network);
}

/* One entry for each device and prefix, then added up. A device that moves to and fro counts
 * again at each move, but not more than it has sessions. */
static enum ht_status find_places(const struct ht_sessions *sessions, const struct ht_known *known,
                                  struct ht_hub_facts *facts) {
    const struct ht_log *log = facts->log;
    size_t count = 0;
    facts->places = ht_large_alloc(sessions->session_count + 1, sizeof *facts->places);
    if (facts->places == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t d = 0; d < log->device_count; d++) {
        const struct ht_device_sessions *own = &sessions->by_device[d];
        uint32_t before = 0;
        for (uint32_t i = own->first; i < own->first + own->count; i++) {
            const uint32_t network = ht_known_place(known, log, &sessions->sessions[i]);
            if (network != 0 && network != before) {
                facts->places[count++] = (struct ht_place){log->devices[d].hub, network, 1};
                before = network;
            }
        }
    }
    qsort(facts->places, count, sizeof *facts->places, compare_place);
    for (size_t i = 0; i < count; i++) {
        const size_t last = facts->place_count;
        if (last > 0 && compare_place(&facts->places[last - 1], &facts->places[i]) == 0) {
            facts->places[last - 1].devices++;
        } else {
            facts->places[facts->place_count++] = facts->places[i];
        }
    }
    return HT_OK;
}

static enum ht_status find_one_site(struct ht_hub_facts *facts) {
    facts->one_site = calloc(facts->log->hub_count + 1, sizeof *facts->one_site);
    if (facts->one_site == NULL) {
        return HT_E_NOMEM;
    }
    size_t at = 0;
    for (uint32_t hub = 0; hub < facts->log->hub_count; hub++) {
        uint64_t devices = 0;
        uint32_t largest = 0;
        for (; at < facts->place_count && facts->places[at].hub == hub; at++) {
            devices += facts->places[at].devices;
            largest = facts->places[at].devices > largest ? facts->places[at].devices : largest;
        }
        facts->one_site[hub] = (double)largest >= HT_ONE_SITE_SHARE * (double)devices;
    }
    return HT_OK;
}

enum ht_status ht_hub_facts_make(const struct ht_log *log, const struct ht_sessions *sessions,
                                 const struct ht_known *known, struct ht_hub_facts *facts) {
    *facts = (struct ht_hub_facts){.log = log};
    enum ht_status status = find_server_errors(log, facts);
    if (status == HT_OK) {
        status = find_places(sessions, known, facts);
    }
    if (status == HT_OK) {
        status = find_one_site(facts);
    }
    if (status != HT_OK) {
        ht_hub_facts_release(facts);
    }
    return status;
}

uint32_t ht_hub_place_devices(const struct ht_hub_facts *facts, uint32_t hub, uint32_t network) {
    const struct ht_place wanted = {hub, network, 0};
    const struct ht_place *found =
        bsearch(&wanted, facts->places, facts->place_count, sizeof *facts->places, compare_place);
    return found != NULL ? found->devices : 0;
}

/* Times in [first, end) that are before time_us. */
static size_t count_before(const int64_t *times_us, size_t count, int64_t time_us) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (times_us[middle] < time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t ht_hub_server_errors(const struct ht_hub_facts *facts, uint32_t hub, int64_t from_us,
                              int64_t to_us, double *usual) {
    const size_t first = facts->server_error_first[hub];
    const size_t count = facts->server_error_first[hub + 1] - first;
    const int64_t *times_us = facts->server_errors_us + first;
    const size_t within =
        count_before(times_us, count, to_us + 1) - count_before(times_us, count, from_us);
    const struct ht_hub *span = &facts->log->hubs[hub];
    const int64_t low_us = from_us > span->first_us ? from_us : span->first_us;
    const int64_t high_us = to_us < span->last_us ? to_us : span->last_us;
    const double own_s = (double)(high_us - low_us) / (double)HT_US_PER_S;
    const double rest_s = (double)(span->last_us - span->first_us) / (double)HT_US_PER_S - own_s;
    *usual = rest_s > own_s ? (double)(count - within) * own_s / rest_s : 0;
    return (uint32_t)within;
}
