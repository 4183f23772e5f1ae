/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_INTAKE_H
#define HT_PIPELINE_INTAKE_H
/*
 * struct ht_intake - where records go as the reader finds them: through the decoder into store and
 * inventory, with every count on the way.
 *
 * There is one for the whole input. When pieces of the input are read by several threads
 * (pipeline/conductor.h), each of them has one of its own, which the first absorbs if the piece is
 * proven to be what would have been read there. Such an intake is tentative: instead of doing what
 * depends on the rest of the input (a ceiling, a date whose order other records prove) it refuses
 * the piece, which is then read again where the rest is known.
 */
#include "decode/decoder.h"
#include "input/reader.h"
#include "inventory/collector.h"
#include "store/undated.h"

struct ht_intake_settings {
    enum ht_date_order date_order;
    struct ht_store_limits limits;
    size_t compared_max; /* events whose sources are compared; 0 = no comparison */
    bool inventory_only; /* no event is kept */
    enum ht_lane_code lane;
};

struct ht_intake {
    struct ht_source_list *list; /* borrowed; what the records tell of their sources goes there */
    const struct ht_intake_settings *settings; /* borrowed */
    bool looking; /* records are decoded, and forgotten: it has a decoder, and nothing else */
    bool tentative;
    bool refused;             /* of a tentative one: the piece must be read where more is known */
    struct ht_decoder *start; /* of a tentative one: the columns that the decoder began with */
    struct ht_decoder *kept;  /* while it has borrowed another decoder: its own */
    struct ht_store *store;   /* NULL: only the inventory is wanted */
    struct ht_collector *collector;
    struct ht_decoder *decoder;
    struct ht_undated *undated;
    size_t undated_source; /* whose dates it knows; SIZE_MAX = none */
    struct ht_quality quality;
    uint64_t records;
    uint64_t metrics;  /* of them */
    char service[128]; /* printable; another one than IoT Hub that was met, "" = none */
};

/* HT_OK or HT_E_NOMEM; release in any case. */
HT_MUST_CHECK enum ht_status ht_intake_init(struct ht_intake *intake,
                                            const struct ht_intake_settings *settings,
                                            struct ht_source_list *list);

/* From now on it may have parts. */
void ht_intake_share(struct ht_intake *whole);

/* One for pieces, whose notes the other one can absorb. Any thread may make one. */
HT_MUST_CHECK enum ht_status ht_intake_init_part(struct ht_intake *part,
                                                 const struct ht_intake *whole);

/* One that only looks; its list is not used. */
HT_MUST_CHECK enum ht_status ht_intake_init_look(struct ht_intake *look,
                                                 const struct ht_intake *whole);

void ht_intake_release(struct ht_intake *intake);

/* What the reader calls; without progress. A tentative intake stops the reading with HT_E_LIMIT
 * when it refuses the piece. */
struct ht_reader_callbacks ht_intake_callbacks(struct ht_intake *intake);

/* Behind the last record: dates that were never proven, and the totals. */
HT_MUST_CHECK enum ht_status ht_intake_finish(struct ht_intake *intake);

/* The totals over the sources alone. */
void ht_intake_total(struct ht_intake *intake);

/* Dates of a source that are not proven yet are settled: its end was reached. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_intake_settle_dates(struct ht_intake *intake);

uint64_t ht_intake_event_count(const struct ht_intake *intake);

/* Begin the next piece, whose sources are those of that list, with the columns of that decoder.
 * HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_intake_restart(struct ht_intake *part, struct ht_source_list *list,
                                               const struct ht_decoder *like);

/* What a thread learns of records and names, for all pieces that it reads. */
struct ht_craft {
    struct ht_decoder *decoder;
    struct ht_store *store; /* without events; NULL: none are kept */
};

HT_MUST_CHECK enum ht_status ht_craft_init(struct ht_craft *craft, const struct ht_intake *whole);
void ht_craft_release(struct ht_craft *craft);

/* Before the piece is begun, and behind it. HT_OK or HT_E_NOMEM. */
void ht_intake_borrow(struct ht_intake *part, struct ht_craft *craft);
HT_MUST_CHECK enum ht_status ht_intake_give_back(struct ht_intake *part, struct ht_craft *craft);

/*
 * ht_intake_absorb() - take what a tentative intake took from the sources that begin at `first` in
 * the list of the whole; then it is as if the whole had read the piece itself.
 *
 * Returns HT_OK; HT_E_LIMIT: the piece must be read again, nothing was changed; or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_intake_absorb(struct ht_intake *whole, struct ht_intake *part,
                                              size_t first);

/* Its notes alone: everything but events and what the decoder knows. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_intake_absorb_notes(struct ht_intake *whole,
                                                    const struct ht_intake *part, size_t first);

#endif
