/* SPDX-License-Identifier: MIT */
#include "classify/hub_facts.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"
#include "classify/parameters.h"
#include "model/code.h"

void ht_hub_facts_release(struct ht_hub_facts *facts) {
    free(facts->server_errors_us);
    free(facts->server_error_first);
    free(facts->places);
    free(facts->place_first);
    free(facts->one_site);
    *facts = (struct ht_hub_facts){.place_count = 0};
}

static int compare_i64(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

enum { BLOCK_DEVICES = 1024 };

/* What a block of devices has to say, in their order, and so in that of hubs. */
struct part {
    struct server_error {
        int64_t time_us;
        uint32_t hub;
    } * errors;
    size_t error_count;
    size_t error_capacity;
    struct ht_place *places; /* one for each device and prefix */
    size_t place_count;
    size_t place_capacity;
};

struct asking {
    const struct ht_log *log;
    const struct ht_sessions *sessions;
    const struct ht_known *known;
    struct part *parts;
};

static enum ht_status list_errors(const struct ht_log *log, const struct ht_device *device,
                                  struct part *part) {
    for (uint64_t i = 0; i < device->event_count; i++) {
        const struct ht_event *event = &log->events[device->event_first + i];
        if (ht_code_is_server_error(event->code)) {
            HT_TRY(ht_grow(&part->errors, &part->error_capacity, part->error_count + 1, UINT32_MAX,
                           sizeof *part->errors));
            part->errors[part->error_count++] = (struct server_error){event->time_us, device->hub};
        }
    }
    return HT_OK;
}

/* A device that moves to and fro counts again at each move, but not more than it has sessions. */
static enum ht_status list_places(const struct asking *asking, size_t device, struct part *part) {
    const struct ht_device_sessions *own = &asking->sessions->by_device[device];
    uint32_t before = 0;
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        const uint32_t network =
            ht_known_place(asking->known, asking->log, &asking->sessions->sessions[i]);
        if (network != 0 && network != before) {
            HT_TRY(ht_grow(&part->places, &part->place_capacity, part->place_count + 1, UINT32_MAX,
                           sizeof *part->places));
            part->places[part->place_count++] =
                (struct ht_place){asking->log->devices[device].hub, network, 1};
            before = network;
        }
    }
    return HT_OK;
}

static enum ht_status ask_block(void *ctx, const struct ht_block *block) {
    const struct asking *asking = ctx;
    struct part *part = &asking->parts[block->index];
    for (size_t d = block->begin; d < block->end; d++) {
        HT_TRY(list_errors(asking->log, &asking->log->devices[d], part));
        HT_TRY(list_places(asking, d, part));
    }
    return HT_OK;
}

static enum ht_status join_errors(const struct part *parts, size_t count,
                                  struct ht_hub_facts *facts) {
    const size_t hubs = facts->log->hub_count;
    size_t errors = 0;
    for (size_t b = 0; b < count; b++) {
        errors += parts[b].error_count;
    }
    facts->server_errors_us = malloc((errors + 1) * sizeof *facts->server_errors_us);
    facts->server_error_first = calloc(hubs + 1, sizeof *facts->server_error_first);
    if (facts->server_errors_us == NULL || facts->server_error_first == NULL) {
        return HT_E_NOMEM;
    }
    size_t *first = facts->server_error_first;
    errors = 0;
    for (size_t b = 0; b < count; b++) {
        for (size_t i = 0; i < parts[b].error_count; i++) {
            facts->server_errors_us[errors++] = parts[b].errors[i].time_us;
            first[parts[b].errors[i].hub + 1] = errors;
        }
    }
    for (size_t hub = 0; hub < hubs; hub++) {
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

/* One entry for each device and prefix becomes one for each prefix, in place, hub by hub. counts:
 * by network, all 0. */
static void add_up_places(uint32_t *counts, size_t entries, struct ht_hub_facts *facts) {
    struct ht_place *places = facts->places;
    size_t at = 0;
    for (uint32_t hub = 0; hub < facts->log->hub_count; hub++) {
        const size_t first = facts->place_count;
        for (; at < entries && places[at].hub == hub; at++) {
            if (counts[places[at].network]++ == 0) {
                places[facts->place_count++] = places[at];
            }
        }
        for (size_t i = first; i < facts->place_count; i++) {
            places[i].devices = counts[places[i].network];
            counts[places[i].network] = 0;
        }
        qsort(places + first, facts->place_count - first, sizeof *places, compare_place);
        facts->place_first[hub] = first;
    }
    facts->place_first[facts->log->hub_count] = facts->place_count;
}

static enum ht_status join_places(const struct part *parts, size_t count,
                                  struct ht_hub_facts *facts) {
    size_t entries = 0;
    for (size_t b = 0; b < count; b++) {
        entries += parts[b].place_count;
    }
    uint32_t *counts = calloc(facts->network_count, sizeof *counts);
    facts->places = malloc((entries + 1) * sizeof *facts->places);
    facts->place_first = malloc((facts->log->hub_count + 1) * sizeof *facts->place_first);
    if (counts == NULL || facts->places == NULL || facts->place_first == NULL) {
        free(counts);
        return HT_E_NOMEM;
    }
    entries = 0;
    for (size_t b = 0; b < count; b++) {
        for (size_t i = 0; i < parts[b].place_count; i++) {
            facts->places[entries++] = parts[b].places[i];
        }
    }
    add_up_places(counts, entries, facts);
    free(counts);
    return HT_OK;
}

static enum ht_status ask(const struct ht_parallel *parallel, struct asking *asking,
                          struct ht_hub_facts *facts) {
    const size_t blocks = ht_parallel_block_count(asking->log->device_count, BLOCK_DEVICES);
    asking->parts = calloc(blocks + 1, sizeof *asking->parts);
    if (asking->parts == NULL) {
        return HT_E_NOMEM;
    }
    enum ht_status status =
        ht_parallel_for(parallel, asking->log->device_count, BLOCK_DEVICES, ask_block, asking);
    status = status == HT_OK ? join_errors(asking->parts, blocks, facts) : status;
    status = status == HT_OK ? join_places(asking->parts, blocks, facts) : status;
    for (size_t b = 0; b < blocks; b++) {
        free(asking->parts[b].errors);
        free(asking->parts[b].places);
    }
    free(asking->parts);
    return status;
}

static enum ht_status find_one_site(struct ht_hub_facts *facts) {
    facts->one_site = calloc(facts->log->hub_count + 1, sizeof *facts->one_site);
    if (facts->one_site == NULL) {
        return HT_E_NOMEM;
    }
    for (uint32_t hub = 0; hub < facts->log->hub_count; hub++) {
        uint64_t devices = 0;
        uint32_t largest = 0;
        for (size_t i = facts->place_first[hub]; i < facts->place_first[hub + 1]; i++) {
            devices += facts->places[i].devices;
            largest = facts->places[i].devices > largest ? facts->places[i].devices : largest;
        }
        facts->one_site[hub] = (double)largest >= HT_ONE_SITE_SHARE * (double)devices;
    }
    return HT_OK;
}

enum ht_status ht_hub_facts_make(const struct ht_log *log, const struct ht_sessions *sessions,
                                 const struct ht_known *known, const struct ht_parallel *parallel,
                                 struct ht_hub_facts *facts) {
    struct asking asking = {.log = log, .sessions = sessions, .known = known};
    *facts = (struct ht_hub_facts){
        .log = log,
        .network_count = log->string_count + (known != NULL ? known->rule_count : 0) + 1,
    };
    enum ht_status status = ask(parallel, &asking, facts);
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
