/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_INVENTORY_H
#define HUBTRIAGE_INVENTORY_H
/*
 * The inventory: what the input is, and whether it is whole, before any cause is looked for.
 *
 *     ht_analysis_check(analysis, &inventory, &err);
 *     ht_inventory_write(inventory, &render_options, &sink, &err);
 *     ht_inventory_free(inventory);
 *
 * A report carries one too (ht_summary.inventory), without the comparison of inputs. The rules of
 * hubtriage/report.h for texts, times and orders hold here as well: [log] marks hostile texts,
 * "printable" those that are escaped already; NULL is "not known". Immutable once made.
 */
#include "hubtriage/report.h"

/* The value of "schema" in its JSON document: the number changes when a key does. */
#define HT_SCHEMA_CHECK "hubtriage.check/1"

/* How many records have something in common: a hub, a category, a service. */
struct ht_inventory_count {
    const char *name; /* [log] NULL when the records do not say; "(others)" over the ceiling */
    uint64_t records;
};

/* Bad records of one kind: those with the same reason and the same words about it. */
struct ht_inventory_bad {
    enum ht_bad reason;
    const char *why; /* a phrase of ours */
    uint64_t records;
    const char *source;    /* printable; where the first one is */
    uint64_t record;       /* 1-based in its source */
    uint64_t offset_bytes; /* in its source, after decompression */
};

/* Why a source is thought to end too early. */
enum ht_cut {
    HT_CUT_NONE = 0,
    HT_CUT_ROWS,   /* exactly as many rows as the portal or the API hands out at most */
    HT_CUT_SIZE,   /* just below the size that they hand out at most */
    HT_CUT_RECORD, /* ends in the middle of a record */
    HT_CUT_COUNT,
};

HT_PUBLIC const char *ht_cut_name(enum ht_cut cut); /* NULL, "rows", "size", "record" */

struct ht_inventory_source {
    const char *name;        /* printable */
    const char *shape;       /* ours: "json-lines", "csv", ... or NULL */
    const char *compression; /* ours: "gzip", ... or NULL: none */
    bool low_fidelity;       /* Event Grid: tells no causes, and loses short disconnects */
    uint64_t bytes;
    uint64_t records; /* everything that was a record, good, bad or foreign */
    uint64_t events;
    uint64_t bad;
    uint64_t other_services;
    uint64_t other_records;
    int64_t first_us; /* span of its IoT Hub records that are good */
    int64_t last_us;
    const struct ht_inventory_count *hubs; /* most records first, then by name */
    size_t hub_count;
    const struct ht_inventory_count *categories;
    size_t category_count;
    uint64_t repeated;        /* events that an earlier source has already */
    uint64_t repeated_within; /* events that this source has already */
    enum ht_cut cut;
    struct ht_inventory_bad first_bad; /* when bad > 0: the first bad record; records = bad */
    const char *problem;               /* printable; why it could not be read, or NULL */
    const char *hint;                  /* printable */
};

struct ht_inventory_hub {
    const char *hub; /* [log] NULL when the records do not say */
    uint64_t records;
    uint64_t events;
    uint64_t connects; /* accepted */
    uint64_t refused_connects;
    uint64_t disconnects;
    int64_t first_us; /* span of its connection events */
    int64_t last_us;
    uint64_t hours;        /* clock hours from the first to the last one */
    uint64_t silent_hours; /* those without a connection event */
    uint64_t usual_events; /* an hour with few events, as hours with any go: their first quartile */
    const struct ht_inventory_count *categories;
    size_t category_count;
};

enum ht_gap {
    HT_GAP_NO_FILE = 0, /* the archive has no file for it, but for its neighbours */
    HT_GAP_NO_RECORD, /* no connection event, though the hub's usual rate makes that implausible */
    HT_GAP_QUIET,     /* no file, but the hub is so quiet that nothing may be missing */
    HT_GAP_LONG,      /* more than a week without anything: two spans rather than a loss */
    HT_GAP_COUNT,
};

HT_PUBLIC const char *ht_gap_name(enum ht_gap gap); /* "no-file" "no-record" "quiet" "long" */

/* Hours of a hub that are not in the input: [from, to), whole clock hours. */
struct ht_inventory_gap {
    enum ht_gap kind;
    const char *hub;   /* [log] */
    const char *place; /* printable; the folder above y=..., NULL unless files are missing */
    int64_t from_us;
    int64_t to_us;
    uint64_t hours;
    uint64_t events;       /* of these hours, which came in other files */
    uint64_t usual_events; /* an hour, see struct ht_inventory_hub */
};

/* Events that two sources have in common, or two folders with sources of the same names. */
struct ht_inventory_overlap {
    const char *first; /* printable: a source or a folder */
    const char *again;
    uint64_t sources; /* of the second, that are concerned */
    uint64_t events;  /* in common */
    uint64_t of;      /* events of those sources */
    int64_t first_us; /* span of the events in common */
    int64_t last_us;
};

enum { HT_INVENTORY_ITEMS_MAX = 20 };

/* What someone should know or do about the input. Order: level (error first), then that of the
 * table inventory_findings.def. */
struct ht_inventory_finding {
    enum ht_level level;
    const char *rule; /* stable identifier, e.g. "cut-rows" */
    bool wrong;       /* input is missing, cut or damaged, so that a report would mislead */
    bool for_report;  /* nothing else in the text of a report says it */
    const char *title;
    const char *detail; /* figures; NULL when the title says all */
    const char *action;
    const char *const *items; /* printable: what it is about, with figures */
    size_t item_count;        /* at most HT_INVENTORY_ITEMS_MAX */
    uint64_t item_total;
};

struct ht_inventory_summary {
    uint64_t bytes;
    uint64_t records;
    uint64_t events;
    uint64_t bad_records;
    uint64_t other_services;
    uint64_t other_records;
    uint64_t not_records;
    uint64_t connects;
    uint64_t refused_connects;
    uint64_t disconnects;
    uint64_t without_sdk; /* accepted connects without sdkVersion ... */
    uint64_t without_auth;
    uint64_t without_network;
    uint64_t unreadable_sources;
    uint64_t cut_sources; /* by rows or by size */
    int64_t first_us;     /* span of the good IoT Hub records */
    int64_t last_us;
    bool compared;                 /* the counts of repeated events and the overlaps are known */
    uint64_t repeated;             /* events that an earlier source has */
    uint64_t repeated_within;      /* events that their own source has */
    uint64_t not_compared;         /* events over the ceiling of the comparison */
    bool wrong;                    /* one of the findings is */
    size_t levels[HT_LEVEL_COUNT]; /* findings of each level */
    const struct ht_inventory_source *sources; /* in the order of their names */
    size_t source_count;
    const struct ht_inventory_hub *hubs; /* by name */
    size_t hub_count;
    const struct ht_inventory_count *categories; /* of IoT Hub; most records first, then by name */
    size_t category_count;
    const struct ht_inventory_count *services; /* other services; likewise */
    size_t service_count;
    const struct ht_inventory_bad *bad; /* in the order of reasons, then of the first record */
    size_t bad_count;
    const struct ht_inventory_gap *gaps; /* by hub, time, kind */
    size_t gap_count;
    const struct ht_inventory_overlap *overlaps; /* most events first */
    size_t overlap_count;
    const struct ht_inventory_finding *findings;
    size_t finding_count;
};

struct ht_inventory;

HT_PUBLIC const struct ht_inventory_summary *
ht_inventory_summary(const struct ht_inventory *inventory);

/* NULL is a no-op. */
HT_PUBLIC void ht_inventory_free(struct ht_inventory *inventory);

/*
 * ht_inventory_write() - render it, as text or json (HT_E_USAGE for another format). Returns what
 * the sink returned, or HT_E_NOMEM.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_inventory_write(const struct ht_inventory *inventory,
                                                          const struct ht_render_options *options,
                                                          const struct ht_sink *sink,
                                                          struct ht_err *err);

#endif
