/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_COLLECTOR_H
#define HT_INVENTORY_COLLECTOR_H
/*
 * struct ht_collector - takes a note of every record while the input is read, and makes the
 * inventory of it at the end (hubtriage/inventory.h).
 *
 * Not thread-safe. Sources are best noted one after the other, as the reader hands them out; any
 * other order gives the same inventory, only slower.
 *
 * Memory: about 200 bytes a source, 16 for each hub and category in it, 12 for each ten minutes in
 * which a hub has an event. With the comparison of sources, 24 bytes an event at most. Ceilings:
 * 4,096 hubs, 64 categories, 64 services, 256 pairs of hub and category in a source; 4 million
 * times; `compared_max` events compared. What is beyond them is counted together, and said.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/pack.h"
#include "base/pseudonym.h"
#include "hubtriage/inventory.h"
#include "model/record.h"

struct ht_collector;

/* compared_max: events whose sources are compared; 0 = no comparison. */
HT_MUST_CHECK enum ht_status ht_collector_new(size_t compared_max, struct ht_collector **collector);
void ht_collector_free(struct ht_collector *collector); /* NULL is a no-op */

enum ht_note_kind {
    HT_NOTE_EVENT = 0,
    HT_NOTE_OTHER_RECORD, /* of IoT Hub, but no event; of record only the hub is looked at */
    HT_NOTE_OTHER_SERVICE,
};

/* One good record; everything is borrowed for the call. */
struct ht_note {
    size_t source;
    enum ht_note_kind kind;
    const struct ht_record *record; /* not looked at for another service */
    struct ht_str category;
    struct ht_str resource_id; /* or the name of the provider */
    int64_t time_us;           /* HT_TIME_NONE when not known */
    uint32_t kin;              /* not 0: notes with the same one have the same kind, hub, category
                                  and resource id */
};

HT_MUST_CHECK enum ht_status ht_collector_note(struct ht_collector *collector,
                                               const struct ht_note *note);

/* One bad record. why is a static phrase. */
struct ht_bad_note {
    size_t source;
    enum ht_bad reason;
    const char *why;
    uint64_t record;
    uint64_t offset_bytes;
};

/* Without memory for it, ht_collector_finish() fails. */
void ht_collector_note_bad(struct ht_collector *collector, const struct ht_bad_note *note);

/*
 * Parts of the input may be noted apart, in a collector each; the whole takes these notes over as
 * if it had taken them itself. A part can then be restarted for another one.
 */

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_collector_new_part(const struct ht_collector *whole,
                                                   struct ht_collector **collector);
HT_MUST_CHECK enum ht_status ht_collector_restart(struct ht_collector *part);

/* False when a ceiling might be reached, or was reached in the part. */
bool ht_collector_can_absorb(const struct ht_collector *whole, const struct ht_collector *part);

/*
 * @first           source of the whole that is the part's first one
 * @records_before  records met in that source before the part
 * HT_OK or HT_E_NOMEM. When it cannot, what is over a ceiling depends on the order of the parts.
 */
HT_MUST_CHECK enum ht_status ht_collector_absorb(struct ht_collector *whole,
                                                 const struct ht_collector *part, size_t first,
                                                 uint64_t records_before);

/*
 * Notes as bytes, to be kept; sources are not compared then. A part that is restarted takes them
 * back; texts are copied to the arena, which must outlive everything that absorbs the part. HT_OK,
 * HT_E_NOMEM, or HT_E_DATA: these are no notes.
 */
void ht_collector_pack(const struct ht_collector *collector, struct ht_strbuf *out);
HT_MUST_CHECK enum ht_status ht_collector_unpack(struct ht_collector *part, struct ht_unpack *in,
                                                 struct ht_arena *texts);

/* How many sources it has notes of. */
size_t ht_collector_source_count(const struct ht_collector *collector);

/* What is known of a source when all is read; texts are copied. */
struct ht_source_facts {
    const char *name; /* printable */
    const char *path; /* as it is: where an archive says the hour */
    const char *shape;
    const char *compression;
    bool low_fidelity;
    bool is_archive; /* holds no records itself, but files that are sources of their own */
    bool local_time; /* times are in a zone that the source does not tell */
    bool is_export;  /* made by a query, whose answers have limits */
    uint64_t bytes;
    uint64_t records;
    const char *problem; /* NULL = none */
    const char *hint;
};

struct ht_collector_totals {
    uint64_t not_records;
    uint64_t max_bad_ppm;               /* more bad records than that are a fault of the input */
    const struct ht_pseudonym_key *key; /* hubs have pseudonyms; NULL: they have their names */
};

/*
 * ht_collector_finish() - make the inventory; the collector can then only be freed.
 *
 * @sources  in order; at least as many as were noted.
 * Returns HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_collector_finish(struct ht_collector *collector,
                                                 const struct ht_source_facts *sources,
                                                 size_t source_count,
                                                 const struct ht_collector_totals *totals,
                                                 struct ht_inventory **inventory);

#endif
