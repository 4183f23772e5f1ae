/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_FACTS_H
#define HT_PIPELINE_FACTS_H
/*
 * Facts: what a report says of one source (of a zip archive: of the files in it, too) beside its
 * events, as bytes that the archive keeps: counts, bad records, what it is, what it contains by hub
 * and hour. They add up, so a source that was read by and by has the facts of one that was read at
 * once.
 */
#include "pipeline/intake.h"

/* Events of a source in one hour since 1970, as often as they came. */
struct ht_fact_hour {
    int64_t hour;
    uint64_t events;
};

struct ht_facts {
    struct ht_source_list list; /* of this source; owns its names */
    struct ht_intake intake;    /* notes alone: list, quality, collector, counts */
    struct ht_fact_hour *hours; /* in order */
    size_t hour_count;
    size_t hour_capacity;
};

/* Nothing yet. HT_OK or HT_E_NOMEM; release in any case. */
HT_MUST_CHECK enum ht_status ht_facts_init(struct ht_facts *facts);
void ht_facts_release(struct ht_facts *facts);

/* Count events of an hour. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_facts_count(struct ht_facts *facts, int64_t hour, uint64_t events);

/* What an intake knows, with the hours of the facts. */
void ht_facts_pack(const struct ht_intake *intake, const struct ht_facts *facts,
                   struct ht_strbuf *out);

/*
 * Facts of a source of that name, into empty ones. Texts are copied to the arena, which must
 * outlive whatever absorbs facts->intake. HT_OK, HT_E_NOMEM, or HT_E_DATA: these are none.
 */
HT_MUST_CHECK enum ht_status ht_facts_unpack(struct ht_facts *facts, const char *name,
                                             struct ht_str bytes, struct ht_arena *texts);

#endif
