/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_HUB_FACTS_H
#define HT_CLASSIFY_HUB_FACTS_H
/*
 * struct ht_hub_facts - what the log says of the hubs themselves, found once: when they answered
 * with 5xx, in any category, and how many devices are behind each address prefix.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/parallel.h"
#include "model/known.h"
#include "model/log.h"
#include "model/session.h"

/* Devices of a hub that were seen behind one address prefix. */
struct ht_place {
    uint32_t hub;
    uint32_t network; /* string or site, not 0 */
    uint32_t devices;
};

struct ht_hub_facts {
    int64_t *server_errors_us;  /* by hub, ascending */
    size_t *server_error_first; /* one more at the end */
    struct ht_place *places;    /* ascending by hub, network */
    size_t place_count;
    size_t *place_first;  /* by hub; one more at the end */
    size_t network_count; /* networks are below it */
    bool *one_site;       /* by hub: prefixes do not tell its devices apart */
    const struct ht_log *log;
};

/* HT_OK or HT_E_NOMEM. ht_hub_facts_release() frees. */
HT_MUST_CHECK enum ht_status ht_hub_facts_make(const struct ht_log *log,
                                               const struct ht_sessions *sessions,
                                               const struct ht_known *known,
                                               const struct ht_parallel *parallel,
                                               struct ht_hub_facts *facts);
void ht_hub_facts_release(struct ht_hub_facts *facts);

/* Devices behind a prefix; 0 when it is not known. */
uint32_t ht_hub_place_devices(const struct ht_hub_facts *facts, uint32_t hub, uint32_t network);

/* 5xx records in [from_us, to_us], and how many the rest of the log lets expect in as long. */
uint32_t ht_hub_server_errors(const struct ht_hub_facts *facts, uint32_t hub, int64_t from_us,
                              int64_t to_us, double *usual);

#endif
