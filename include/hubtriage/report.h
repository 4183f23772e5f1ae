/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_REPORT_H
#define HUBTRIAGE_REPORT_H
/*
 * The report: an immutable model of what was found, and the only thing that a renderer sees.
 *
 * Small tables (hubs, incidents, findings, cadences, sources) are plain arrays in struct
 * ht_summary. Large ones (disconnects, sessions, devices) stay packed and are unpacked one row at a
 * time into a struct of the caller.
 *
 * Texts are NUL-terminated UTF-8, owned by the report and valid until ht_report_free(). Those
 * marked [log] come from the log and are HOSTILE: whoever prints one escapes it for the place where
 * it goes. NULL means "not known". Times are microseconds since 1970-01-01 UTC (_us), HT_TIME_NONE
 * when not known; spans are whole seconds (_s), HT_SPAN_NONE when not known. Orders are canonical:
 * they depend neither on the order of the input nor on threads.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/changes.h"
#include "hubtriage/comparison.h"
#include "hubtriage/err.h"
#include "hubtriage/traits.h"

/* The value of "schema" in its JSON document: the number changes when a key does. */
#define HT_SCHEMA_REPORT "hubtriage.report/1"

#define HT_TIME_NONE INT64_MIN
#define HT_SPAN_NONE INT64_MIN
#define HT_INDEX_NONE SIZE_MAX

/* Class of a cause: the terms in which an operator thinks. */
enum ht_class {
    HT_CLASS_UNKNOWN = 0,
    HT_CLASS_TOKEN_EXPIRY,
    HT_CLASS_NETWORK_IDLE_TIMEOUT,
    HT_CLASS_HUB_TRANSIENT,
    HT_CLASS_OTHER,
    HT_CLASS_COUNT,
};

/* Cause of one disconnect. The order is that of tables in reports. */
enum ht_cause {
    HT_CAUSE_UNKNOWN = 0,
    HT_CAUSE_TOKEN_EXPIRY,
    HT_CAUSE_IDLE_TIMEOUT,
    HT_CAUSE_SITE_OUTAGE,
    HT_CAUSE_CONNECTION_RESET,
    HT_CAUSE_HUB_TRANSIENT,
    HT_CAUSE_PLATFORM_UPGRADE,
    HT_CAUSE_DUPLICATE_IDENTITY,
    HT_CAUSE_CLIENT_CLOSE,
    HT_CAUSE_THROTTLED,
    HT_CAUSE_QUOTA,
    HT_CAUSE_DEVICE_REMOVED,
    HT_CAUSE_COUNT,
};

/* "token-expiry", "idle-timeout", ... as in every machine-readable output. Never NULL. */
HT_PUBLIC const char *ht_class_name(enum ht_class cause_class);
HT_PUBLIC const char *ht_cause_name(enum ht_cause cause);
HT_PUBLIC enum ht_class ht_cause_class(enum ht_cause cause);

enum ht_level { HT_LEVEL_NOTE = 0, HT_LEVEL_WARNING, HT_LEVEL_ERROR, HT_LEVEL_COUNT };

HT_PUBLIC const char *ht_level_name(enum ht_level level); /* "note", "warning", "error" */

enum ht_auth { HT_AUTH_UNKNOWN = 0, HT_AUTH_SAS, HT_AUTH_X509, HT_AUTH_OTHER };

HT_PUBLIC const char *ht_auth_name(enum ht_auth auth); /* NULL, "sas", "x509", "other" */

enum ht_device_state { HT_STATE_UNKNOWN = 0, HT_STATE_UP, HT_STATE_DOWN };

HT_PUBLIC const char *ht_device_state_name(enum ht_device_state state); /* "unknown" "up" "down" */

/* What a device does, in a word: what someone must act on comes first, then what it does most. */
enum ht_device_pattern {
    HT_PATTERN_NOT_SEEN = 0, /* no connection in the log */
    HT_PATTERN_STEADY,       /* no disconnect */
    HT_PATTERN_DOWN,         /* no disconnect either, but down since before */
    HT_PATTERN_REFUSED,      /* to the end of the log */
    HT_PATTERN_DEVICE_REMOVED,
    HT_PATTERN_NEVER_RETURNED,
    HT_PATTERN_SHARED_IDENTITY,
    HT_PATTERN_FLAPPING,
    HT_PATTERN_NETWORK_LOSSES,
    HT_PATTERN_REGULAR_CUT, /* of the network, at one age of the session */
    HT_PATTERN_TOKEN_RENEWAL,
    HT_PATTERN_TOKEN_LATE,
    HT_PATTERN_DUTY_CYCLE,
    HT_PATTERN_CLIENT_CLOSE,
    HT_PATTERN_SITE_OUTAGE,
    HT_PATTERN_HUB_TRANSIENT,
    HT_PATTERN_PLATFORM_UPGRADE,
    HT_PATTERN_DUPLICATE_IDENTITY, /* once or twice; else HT_PATTERN_SHARED_IDENTITY */
    HT_PATTERN_THROTTLED,
    HT_PATTERN_QUOTA,
    HT_PATTERN_MAINTENANCE, /* planned disconnects only */
    HT_PATTERN_UNKNOWN,
    HT_PATTERN_COUNT,
};

/* "token-renewal", "duty-cycle", ...; those made of one cause have its name. Never NULL. */
HT_PUBLIC const char *ht_device_pattern_name(enum ht_device_pattern pattern);

enum { HT_EVIDENCE_MAX = 6, HT_CODES_MAX = 4, HT_FACT_BYTES = 160 };

/* One fact that was used, in plain words, and how much it weighed. Log text is never in it, but the
 * name of a user's rule may be: escape it like log text. */
struct ht_evidence {
    char fact[HT_FACT_BYTES];
    double weight; /* natural logarithm of the likelihood ratio; > 0 speaks for the cause given */
};

/* One episode: one end of one session, with its verdict. */
struct ht_disconnect {
    int64_t time_us;    /* the first closing record */
    const char *hub;    /* [log] */
    const char *device; /* [log] */
    const char *module; /* [log] NULL for a device */
    enum ht_class cause_class;
    enum ht_cause cause;
    double confidence; /* calibrated probability that the cause is right, 0 to 1 */
    uint32_t codes[HT_CODES_MAX];
    size_t code_count;
    int64_t session_s;         /* HT_SPAN_NONE when the session's begin is not in the log */
    int64_t gap_s;             /* to the next successful connect; HT_SPAN_NONE when none came */
    uint64_t refused_connects; /* between this end and that connect */
    const char *protocol;      /* [log] */
    const char *sdk;           /* [log] */
    const char *network;       /* [log] masked address */
    const char *site;          /* [log] of a user's rule; NULL when none names it */
    bool planned;              /* in a window of maintenance: told, but never a fault */
    enum ht_auth auth;
    size_t incident; /* index in ht_summary.incidents, or HT_INDEX_NONE */
    struct ht_evidence evidence[HT_EVIDENCE_MAX]; /* strongest first; of weight 0 when unknown */
    size_t evidence_count;
};

enum ht_session_start { HT_START_SEEN = 0, HT_START_BEFORE_LOG, HT_START_MISSING };
enum ht_session_end { HT_END_SEEN = 0, HT_END_OPEN, HT_END_MISSING };

HT_PUBLIC const char *
ht_session_start_name(enum ht_session_start start); /* "seen" "before-log" "missing" */
HT_PUBLIC const char *ht_session_end_name(enum ht_session_end end); /* "seen" "open" "missing" */

struct ht_session_view {
    int64_t start_us; /* HT_TIME_NONE unless start is HT_START_SEEN */
    int64_t end_us;   /* HT_TIME_NONE unless end is HT_END_SEEN */
    enum ht_session_start start;
    enum ht_session_end end;
    const char *hub;      /* [log] */
    const char *device;   /* [log] */
    const char *module;   /* [log] */
    const char *protocol; /* [log] */
    const char *sdk;      /* [log] */
    const char *network;  /* [log] */
    enum ht_auth auth;
    enum ht_cause end_cause; /* HT_CAUSE_UNKNOWN unless end is HT_END_SEEN */
    double confidence;       /* of end_cause */
};

struct ht_device_view {
    const char *hub;      /* [log] */
    const char *device;   /* [log] */
    const char *module;   /* [log] */
    const char *protocol; /* [log] latest known, as the next three */
    const char *sdk;      /* [log] */
    const char *network;  /* [log] */
    const char *site;     /* [log] of a user's rule; NULL when none names it */
    enum ht_auth auth;
    uint64_t disconnects;
    uint64_t planned; /* of them, in maintenance: neither renewals nor faults nor unknown */
    uint64_t by_cause[HT_CAUSE_COUNT];
    uint64_t renewals; /* token expiry, unless the log shows that the device was away for longer
                          than ht_summary.renewal_gap_s: normal life */
    uint64_t faults;   /* disconnects but for renewals, clean closes and unknown ones */
    uint64_t connects; /* accepted */
    uint64_t refused_connects;
    int64_t cadence_s; /* the session length that recurs, HT_SPAN_NONE when there is none */
    int64_t up_s;
    int64_t down_s;
    int64_t unknown_s; /* up + down + unknown = the hub's span within the window */
    enum ht_device_state last_state;
    int64_t last_event_us;
    int64_t longest_down_s;
    enum ht_cause
        main_cause; /* the most frequent cause; HT_CAUSE_UNKNOWN when there is no disconnect */
    enum ht_device_pattern pattern_key;
    const char *pattern; /* the same as one phrase of ours, e.g. "renews its token every 1h10m" */
    bool has_finding;
    enum ht_level worst_level; /* when has_finding */
};

struct ht_incident_view {
    const char *hub;     /* [log] */
    enum ht_cause cause; /* HT_CAUSE_HUB_TRANSIENT, _PLATFORM_UPGRADE or _SITE_OUTAGE */
    int64_t start_us;    /* first disconnect of the burst */
    int64_t end_us;      /* last one */
    uint64_t devices;
    uint64_t shown_devices; /* of them, those with a disconnect within the window and selection */
    uint64_t disconnects;
    uint64_t connected_before; /* sessions open when it began, 0 when not known */
    double share;              /* devices / connected_before, 0 when not known */
    bool planned;              /* nine in ten of its disconnects were in maintenance */
    const char *site;          /* [log] of a user's rule, when nine in ten were there; else NULL */
    uint64_t networks; /* distinct address prefixes among the affected, 0 when none is known */
    const char *common_network;   /* [log] when one prefix has at least 90 % of the affected */
    uint32_t codes[HT_CODES_MAX]; /* most frequent first */
    uint64_t code_counts[HT_CODES_MAX];
    size_t code_count;
    uint64_t server_errors; /* 5xx records of all categories of the hub, from start to end + 5 min;
                               of a site outage to its end */
    double server_errors_usual; /* as many in an equal span at other times */
    uint64_t returned;          /* affected devices that came back within the log */
    int64_t recovery_s; /* until 90 % of the affected were back, HT_SPAN_NONE when not reached */
    double confidence;
};

/* What someone should know or do. Order: level (error first), then weight, then hub. */
struct ht_finding {
    enum ht_level level;
    const char *rule;            /* stable identifier, e.g. "hub-incident", "duplicate-identity" */
    const char *title;           /* one line of ours, without log text */
    const char *detail;          /* plain words and figures of ours, without log text */
    const char *action;          /* what to do, in the words of an engineer */
    const char *meaning;         /* what it is, in general; never NULL, as the next */
    const char *confirm;         /* how to make sure */
    const char *device_action;   /* on the device and by its developers; NULL = nothing */
    const char *operator_action; /* by the operator of the hub or the site; NULL = nothing */
    const char *advice; /* what this log adds, in our words and figures: token lifetimes learned,
                           the keep-alive that lengths suggest; NULL = nothing */
    const char *quote;  /* of an incident of the hub: one paragraph for Azure support, to stand
                           behind the hub's name; NULL = none */
    bool normal;        /* normal life: nobody has to do anything, and --fail-on passes over it */
    const char *url;    /* the page of Microsoft to read */
    const char *hub;    /* [log] NULL when it concerns all hubs */
    uint64_t devices;   /* how many it concerns */
    uint64_t disconnects;
    size_t incident;            /* index in incidents, or HT_INDEX_NONE */
    const size_t *device_index; /* the worst of them, for ht_report_device(), at most 10 */
    size_t device_index_count;
};

/* A session length that recurs in a cluster of like devices: learned from this log. */
struct ht_cadence_view {
    const char *sdk_family; /* ours: ".NET", "C", "Node.js", ... or NULL */
    const char *protocol;   /* [log] */
    const char *kind;       /* "token", "close" or "network" */
    bool x509;              /* devices with certificates */
    int64_t length_s;       /* the middle of the peak */
    int64_t low_s;
    int64_t high_s;
    uint64_t sessions; /* that ended in it */
    uint64_t devices;
    double hit_rate; /* of the sessions that reached it, how many ended in it */
};

struct ht_hub_view {
    const char *hub; /* [log] NULL when the records do not say */
    uint64_t devices;
    uint64_t connects;
    uint64_t refused_connects;
    uint64_t disconnects;
    uint64_t planned;
    uint64_t by_cause[HT_CAUSE_COUNT];
    uint64_t renewals;
    uint64_t faults;
    uint64_t server_errors; /* 500xxx, 503xxx, 504xxx records of all categories but 504101 */
    uint64_t throttles;     /* 429xxx */
    int64_t first_us;       /* span of its events */
    int64_t last_us;
};

struct ht_cause_total {
    enum ht_cause cause;
    uint64_t disconnects;
    uint64_t planned; /* of them */
    uint64_t devices;
    int64_t gap_median_s; /* of those that came back; HT_SPAN_NONE when none did */
    double confidence_mean;
};

/* A rule of the user's (--rules). */
struct ht_rule_view {
    const char *name; /* [log]: the user's text */
    uint64_t line;    /* where it begins in its file */
    uint64_t devices; /* of the whole log that it matches */
};

/* Why a record was counted as bad. */
enum ht_bad {
    HT_BAD_SYNTAX = 0, /* not JSON */
    HT_BAD_CUT,        /* ends in the middle, at the end of its source */
    HT_BAD_TOO_LONG,   /* over the record ceiling */
    HT_BAD_PROPERTIES, /* the inner JSON of properties cannot be read */
    HT_BAD_TIME,       /* no time stamp, or one that cannot be read */
    HT_BAD_DEVICE,     /* a connect or disconnect without a device id */
    HT_BAD_ROW,        /* a row that does not fit its table */
    HT_BAD_COUNT,
};

HT_PUBLIC const char *
ht_bad_name(enum ht_bad reason); /* "not JSON", "cut at the end of the input" ... */

enum { HT_BAD_EXAMPLES_MAX = 3 };

struct ht_bad_example {
    const char *source; /* printable */
    uint64_t record;
    uint64_t offset_bytes;
    const char *why; /* printable */
};

/* How much of the log could be read, and what it cannot tell. */
struct ht_quality {
    uint64_t bytes;
    uint64_t records;        /* everything that was a record, good, bad or foreign */
    uint64_t events;         /* kept: connects, disconnects and hub-health codes */
    uint64_t duplicates;     /* the same event again */
    uint64_t other_services; /* records of other resource types */
    uint64_t other_records;  /* of IoT Hub, but neither connection nor hub health */
    uint64_t not_records;    /* JSON values that are no log record at all */
    uint64_t bad[HT_BAD_COUNT];
    uint64_t bad_total;
    struct ht_bad_example examples[HT_BAD_COUNT][HT_BAD_EXAMPLES_MAX];
    size_t example_count[HT_BAD_COUNT];
    uint64_t low_fidelity; /* events of sampled state (Event Grid): without cause, up to 60 s off */
    uint64_t local_time_sources; /* times in a zone that the source does not tell, taken as UTC */
    uint64_t out_of_order;   /* events older than the newest one read before them in their source */
    uint64_t slow_records;   /* declined by the fast scanner, read by jansson */
    uint64_t dropped_events; /* over the ceiling of events or devices */
    uint64_t dropped_attributes; /* texts such as sdkVersion forgotten at a ceiling */
    uint64_t starts_before_log;
    uint64_t starts_missing;  /* an end whose connect is not in the log though it should be */
    uint64_t ends_missing;    /* a connect on top of an open session */
    uint64_t without_sdk;     /* accepted connects without sdkVersion */
    uint64_t without_auth;    /* ... without a readable authType */
    uint64_t without_network; /* ... without maskedIpAddress */
    uint64_t unreadable_sources;
    const char *const *limits; /* sentences of ours on what this log cannot tell */
    size_t limit_count;
};

struct ht_source_view {
    const char *name;        /* printable; a file in an archive is "ARCHIVE!FILE" */
    const char *shape;       /* ours: "json-lines", "csv", ...; NULL when it has no record */
    const char *compression; /* "gzip", "zstd", "zip"; NULL = none */
    uint64_t bytes;          /* of text, after decompression */
    uint64_t records;
    uint64_t events;
    uint64_t bad;
    int64_t first_us;
    int64_t last_us;
    const char *problem; /* printable; why it could not be read, or NULL */
    const char *hint;    /* printable; NULL when there is nothing to say */
};

struct ht_inventory_summary; /* hubtriage/inventory.h */

struct ht_summary {
    int64_t since_us; /* as asked for, or HT_TIME_NONE */
    int64_t until_us;
    int64_t first_us; /* of the events within the window and selection */
    int64_t last_us;
    int64_t renewal_gap_s; /* 60: a renewal that is back within this is normal life */
    uint64_t devices;
    uint64_t connects;
    uint64_t refused_connects;
    uint64_t disconnects;
    uint64_t planned; /* of them, in maintenance: in none of the next three */
    uint64_t renewals;
    uint64_t faults;
    uint64_t unknown;
    uint64_t never_returned; /* devices that were down at the end of the log for longer than usual,
                                but for those that are refused or removed */
    uint64_t refused_at_end; /* devices that were refused to the end of the log */
    int64_t up_s;
    int64_t down_s;
    int64_t unknown_s;
    const char *time_method; /* sentences of ours: by what rule time is up, down or unknown */
    struct ht_cause_total causes[HT_CAUSE_COUNT];
    const struct ht_hub_view *hubs; /* by name */
    size_t hub_count;
    const struct ht_incident_view *incidents; /* by start, then hub */
    size_t incident_count;
    const struct ht_finding *findings;
    size_t finding_count;
    struct ht_traits traits;
    const struct ht_cadence_view *cadences; /* by sessions, most first */
    size_t cadence_count;
    const struct ht_rule_view *rules; /* in the order of their file */
    size_t rule_count;
    const struct ht_source_view *sources; /* in the order of their names */
    size_t source_count;
    struct ht_quality quality;
    const struct ht_changes *changes;       /* since the last run on an archive; NULL: not known */
    const struct ht_comparison *comparison; /* with a former report; NULL: none was asked for */
    const struct ht_inventory_summary *inventory; /* of the whole input; NULL: none was made */
};

struct ht_report;

HT_PUBLIC const struct ht_summary *ht_report_summary(const struct ht_report *report);

/* Disconnects within the window and selection, in order of time, then hub, device, module. */
HT_PUBLIC size_t ht_report_disconnect_count(const struct ht_report *report);
HT_PUBLIC void ht_report_disconnect(const struct ht_report *report, size_t index,
                                    struct ht_disconnect *out);

/* Sessions that touch the window, in order of hub, device, module, then begin. */
HT_PUBLIC size_t ht_report_session_count(const struct ht_report *report);
HT_PUBLIC void ht_report_session(const struct ht_report *report, size_t index,
                                 struct ht_session_view *out);

/* Devices in order of hub, device, module. */
HT_PUBLIC size_t ht_report_device_count(const struct ht_report *report);
HT_PUBLIC void ht_report_device(const struct ht_report *report, size_t index,
                                struct ht_device_view *out);

/* The device of that rank, worst first (level of findings, faults, time down); an index for
 * ht_report_device(). */
HT_PUBLIC size_t ht_report_worst_device(const struct ht_report *report, size_t rank);

/* NULL is a no-op. */
HT_PUBLIC void ht_report_free(struct ht_report *report);

enum ht_format {
    HT_FORMAT_TEXT = 0,
    HT_FORMAT_JSON,
    HT_FORMAT_NDJSON, /* rows, one object a line */
    HT_FORMAT_MARKDOWN,
    HT_FORMAT_CSV,  /* rows */
    HT_FORMAT_TSV,  /* rows */
    HT_FORMAT_PROM, /* for the textfile collector of Prometheus */
    HT_FORMAT_HTML, /* one self-contained page, below 1 MB */
    HT_FORMAT_MAIL, /* text with the headers of a mail, but for its addresses */
    HT_FORMAT_COUNT,
};

/* Tables of a report. */
enum ht_emit {
    HT_EMIT_DISCONNECTS = 0,
    HT_EMIT_DEVICES,
    HT_EMIT_INCIDENTS,
    HT_EMIT_SESSIONS,
    HT_EMIT_FINDINGS,
    HT_EMIT_CAUSES,
    HT_EMIT_HUBS,
    HT_EMIT_CADENCES,
    HT_EMIT_RULES,
    HT_EMIT_INPUTS,
    HT_EMIT_COUNT,
};

HT_PUBLIC const char *ht_format_name(enum ht_format format);
HT_PUBLIC const char *ht_emit_name(enum ht_emit emit);

struct ht_render_options {
    enum ht_format format;
    enum ht_emit emit; /* rows of ndjson, csv and tsv */
    bool color;        /* text: ANSI colours */
    bool unicode;      /* text: charts of Unicode blocks instead of ASCII characters */
    bool verbose;      /* text: every table in full, sources, slow records */
    unsigned width;    /* text: columns, 0 = 80; never fewer than 60 */
};

/* Where rendered bytes go. write() returns HT_OK or stops the rendering with its status. */
struct ht_sink {
    enum ht_status (*write)(void *ctx, const char *bytes, size_t len, struct ht_err *err);
    void *ctx;
};

/*
 * ht_report_write() - render the report. Memory: one row at a time. Returns what the sink returned,
 * or HT_E_NOMEM.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_report_write(const struct ht_report *report,
                                                       const struct ht_render_options *options,
                                                       const struct ht_sink *sink,
                                                       struct ht_err *err);

#endif
