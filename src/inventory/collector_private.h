/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_COLLECTOR_PRIVATE_H
#define HT_INVENTORY_COLLECTOR_PRIVATE_H
/* What collector.c (taking notes) and finish.c with its helpers (making the inventory) share. */
#include "base/intern.h"
#include "inventory/collector.h"
#include "inventory/compare.h"
#include "inventory/contents.h"
#include "inventory/slots.h"
#include "model/inventory_model.h"

enum { HT_HUBS_MAX = 4096, HT_LABELS_MAX = 64, HT_BAD_KINDS_MAX = 64 };

/* Numbers behind those of the intern tables: what is over their ceilings. */
enum { HT_HUB_OTHERS = HT_HUBS_MAX + 1, HT_LABEL_OTHERS = HT_LABELS_MAX + 1 };

struct ht_tally {
    uint64_t events;
    uint64_t connects;
    uint64_t refused;
    uint64_t disconnects;
    uint64_t without_sdk;
    uint64_t without_auth;
    uint64_t without_network;
    uint64_t at_full_minutes; /* events */
    uint64_t other_services;
    uint64_t other_records;
    uint64_t repeated;
    uint64_t repeated_within;
    uint64_t bad;
    bool ends_cut;
    int64_t first_us; /* HT_TIME_NONE: nothing yet */
    int64_t last_us;
    struct ht_bad_note first_bad;
};

struct ht_hub_tally {
    uint64_t events;
    uint64_t connects;
    uint64_t refused;
    uint64_t disconnects;
    int64_t first_us; /* of connection events; HT_TIME_NONE: none */
    int64_t last_us;
};

struct ht_bad_kind {
    uint64_t records;
    struct ht_bad_note first;
};

/* An intern table with a memory: records of one kind mostly follow one another. */
struct ht_labels {
    struct ht_intern names;
    uint32_t last;
    uint64_t over; /* records with a name over the ceiling */
};

/* Where the notes of one kin are counted. */
struct ht_kin_note {
    uint32_t kin; /* 0 = not known */
    uint32_t hub;
    uint32_t label;
    size_t cell;
};

enum { HT_KIN_NOTES = 256 };

struct ht_collector {
    struct ht_tally *tallies; /* by source */
    size_t source_count;
    size_t source_capacity;
    struct ht_labels hubs;
    struct ht_labels categories;
    struct ht_labels services;
    struct ht_kin_note kin_notes[HT_KIN_NOTES]; /* of these numbers */
    struct ht_hub_tally *hub_tallies;           /* by number of the hub, HT_HUB_OTHERS included */
    struct ht_contents contents;
    struct ht_slots slots;
    struct ht_compare compare;
    struct ht_bad_kind bad[HT_BAD_KINDS_MAX + HT_BAD_COUNT];
    size_t bad_count;
    enum ht_status status; /* HT_E_NOMEM when a bad record could not be noted */
    bool part;             /* of the input: events are compared by the whole, which absorbs it */
};

/* The number of the name; `others` when it is over the ceiling. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_collector_number(struct ht_labels *labels, struct ht_str name,
                                                 uint32_t others, uint32_t *number);

struct ht_bad_kind *ht_collector_bad_kind(struct ht_collector *collector,
                                          const struct ht_bad_note *note);

/* Compare the events that were noted, here or in a part whose first source and whose numbers of
 * hubs are these (NULL: the same). HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_collector_compare(struct ht_collector *collector,
                                                  const struct ht_compare *noted,
                                                  size_t first_source, const uint32_t *hubs);

/* Compare its own events that were noted and not compared yet. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_collector_settle(struct ht_collector *collector);

void ht_collector_widen(int64_t time_us, int64_t *first_us, int64_t *last_us);

/* Make sure that so many sources have a tally. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_collector_meet(struct ht_collector *collector, size_t count);

#endif
