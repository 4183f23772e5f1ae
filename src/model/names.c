/* SPDX-License-Identifier: MIT */
/* The public names of classes, causes, levels and the like: the words of every output. */
#include "base/check.h"
#include "base/compiler.h"
#include "hubtriage/explain.h"
#include "hubtriage/inventory.h"

static const struct {
    const char *name;
    enum ht_class cause_class;
} causes[HT_CAUSE_COUNT] = {
    [HT_CAUSE_UNKNOWN] = {"unknown", HT_CLASS_UNKNOWN},
    [HT_CAUSE_TOKEN_EXPIRY] = {"token-expiry", HT_CLASS_TOKEN_EXPIRY},
    [HT_CAUSE_IDLE_TIMEOUT] = {"idle-timeout", HT_CLASS_NETWORK_IDLE_TIMEOUT},
    [HT_CAUSE_SITE_OUTAGE] = {"site-outage", HT_CLASS_NETWORK_IDLE_TIMEOUT},
    [HT_CAUSE_CONNECTION_RESET] = {"connection-reset", HT_CLASS_NETWORK_IDLE_TIMEOUT},
    [HT_CAUSE_HUB_TRANSIENT] = {"hub-transient", HT_CLASS_HUB_TRANSIENT},
    [HT_CAUSE_PLATFORM_UPGRADE] = {"platform-upgrade", HT_CLASS_HUB_TRANSIENT},
    [HT_CAUSE_DUPLICATE_IDENTITY] = {"duplicate-identity", HT_CLASS_OTHER},
    [HT_CAUSE_CLIENT_CLOSE] = {"client-close", HT_CLASS_OTHER},
    [HT_CAUSE_THROTTLED] = {"throttled", HT_CLASS_OTHER},
    [HT_CAUSE_QUOTA] = {"quota", HT_CLASS_OTHER},
    [HT_CAUSE_DEVICE_REMOVED] = {"device-removed", HT_CLASS_OTHER},
};

const char *ht_cause_name(enum ht_cause cause) {
    HT_ASSERT(cause < HT_CAUSE_COUNT);
    return causes[cause].name;
}

enum ht_class ht_cause_class(enum ht_cause cause) {
    HT_ASSERT(cause < HT_CAUSE_COUNT);
    return causes[cause].cause_class;
}

const char *ht_class_name(enum ht_class cause_class) {
    static const char *const names[HT_CLASS_COUNT] = {
        [HT_CLASS_UNKNOWN] = "unknown",
        [HT_CLASS_TOKEN_EXPIRY] = "token-expiry",
        [HT_CLASS_NETWORK_IDLE_TIMEOUT] = "network-idle-timeout",
        [HT_CLASS_HUB_TRANSIENT] = "hub-transient",
        [HT_CLASS_OTHER] = "other",
    };
    HT_ASSERT(cause_class < HT_CLASS_COUNT);
    return names[cause_class];
}

const char *ht_level_name(enum ht_level level) {
    static const char *const names[HT_LEVEL_COUNT] = {"note", "warning", "error"};
    HT_ASSERT(level < HT_LEVEL_COUNT);
    return names[level];
}

const char *ht_auth_name(enum ht_auth auth) {
    static const char *const names[] = {NULL, "sas", "x509", "other"};
    HT_ASSERT(auth < HT_ARRAY_LEN(names));
    return names[auth];
}

const char *ht_device_state_name(enum ht_device_state state) {
    static const char *const names[] = {"unknown", "up", "down"};
    HT_ASSERT(state < HT_ARRAY_LEN(names));
    return names[state];
}

const char *ht_device_pattern_name(enum ht_device_pattern pattern) {
    static const char *const names[HT_PATTERN_COUNT] = {
        [HT_PATTERN_NOT_SEEN] = "not-seen",
        [HT_PATTERN_STEADY] = "steady",
        [HT_PATTERN_DOWN] = "down",
        [HT_PATTERN_REFUSED] = "refused",
        [HT_PATTERN_DEVICE_REMOVED] = "device-removed",
        [HT_PATTERN_NEVER_RETURNED] = "never-returned",
        [HT_PATTERN_SHARED_IDENTITY] = "shared-identity",
        [HT_PATTERN_FLAPPING] = "flapping",
        [HT_PATTERN_NETWORK_LOSSES] = "network-losses",
        [HT_PATTERN_REGULAR_CUT] = "regular-cut",
        [HT_PATTERN_TOKEN_RENEWAL] = "token-renewal",
        [HT_PATTERN_TOKEN_LATE] = "token-late",
        [HT_PATTERN_DUTY_CYCLE] = "duty-cycle",
        [HT_PATTERN_CLIENT_CLOSE] = "client-close",
        [HT_PATTERN_SITE_OUTAGE] = "site-outage",
        [HT_PATTERN_HUB_TRANSIENT] = "hub-transient",
        [HT_PATTERN_PLATFORM_UPGRADE] = "platform-upgrade",
        [HT_PATTERN_DUPLICATE_IDENTITY] = "duplicate-identity",
        [HT_PATTERN_THROTTLED] = "throttled",
        [HT_PATTERN_QUOTA] = "quota",
        [HT_PATTERN_MAINTENANCE] = "maintenance",
        [HT_PATTERN_UNKNOWN] = "unknown",
    };
    HT_ASSERT(pattern < HT_PATTERN_COUNT);
    return names[pattern];
}

const char *ht_session_start_name(enum ht_session_start start) {
    static const char *const names[] = {"seen", "before-log", "missing"};
    HT_ASSERT(start < HT_ARRAY_LEN(names));
    return names[start];
}

const char *ht_session_end_name(enum ht_session_end end) {
    static const char *const names[] = {"seen", "open", "missing"};
    HT_ASSERT(end < HT_ARRAY_LEN(names));
    return names[end];
}

const char *ht_bad_name(enum ht_bad reason) {
    static const char *const names[HT_BAD_COUNT] = {
        [HT_BAD_SYNTAX] = "not JSON",
        [HT_BAD_CUT] = "cut at the end of the input",
        [HT_BAD_TOO_LONG] = "longer than the record limit",
        [HT_BAD_PROPERTIES] = "properties cannot be read",
        [HT_BAD_TIME] = "no readable time stamp",
        [HT_BAD_DEVICE] = "no device id",
        [HT_BAD_ROW] = "does not fit its table",
    };
    HT_ASSERT(reason < HT_BAD_COUNT);
    return names[reason];
}

const char *ht_format_name(enum ht_format format) {
    static const char *const names[HT_FORMAT_COUNT] = {"text", "json", "ndjson", "md",  "csv",
                                                       "tsv",  "prom", "html",   "mail"};
    HT_ASSERT(format < HT_FORMAT_COUNT);
    return names[format];
}

const char *ht_emit_name(enum ht_emit emit) {
    static const char *const names[HT_EMIT_COUNT] = {"disconnects", "devices",  "incidents",
                                                     "sessions",    "findings", "causes",
                                                     "hubs",        "cadences", "rules",
                                                     "inputs"};
    HT_ASSERT(emit < HT_EMIT_COUNT);
    return names[emit];
}

const char *ht_cut_name(enum ht_cut cut) {
    static const char *const names[HT_CUT_COUNT] = {NULL, "rows", "size", "record"};
    HT_ASSERT(cut < HT_CUT_COUNT);
    return names[cut];
}

const char *ht_gap_name(enum ht_gap gap) {
    static const char *const names[HT_GAP_COUNT] = {"no-file", "no-record", "quiet", "long"};
    HT_ASSERT(gap < HT_GAP_COUNT);
    return names[gap];
}

const char *ht_topic_kind_name(enum ht_topic_kind kind) {
    static const char *const names[HT_TOPIC_KIND_COUNT] = {"cause", "class", "finding", "pattern",
                                                           "code"};
    size_t bit = 0;
    while (bit + 1 < HT_TOPIC_KIND_COUNT && (unsigned)kind >> bit != 1) {
        bit++;
    }
    return names[bit];
}

const char *ht_trend_name(enum ht_trend trend) {
    static const char *const names[HT_TREND_COUNT] = {
        [HT_TREND_BETTER] = "better", [HT_TREND_WORSE] = "worse"};
    HT_ASSERT(trend < HT_TREND_COUNT);
    return names[trend];
}

const char *ht_change_name(enum ht_change_kind kind) {
    static const char *const names[HT_CHANGE_KIND_COUNT] = {"new-incident", "new-finding",
                                                            "new-bad-device", "recovered-device",
                                                            "closed-finding"};
    return names[kind];
}

const char *ht_device_change_name(enum ht_device_change_kind kind) {
    static const char *const names[HT_DEVICE_CHANGE_COUNT] = {
        [HT_DEVICE_WORSE] = "worse",
        [HT_DEVICE_NEW] = "new",
        [HT_DEVICE_GONE] = "gone",
        [HT_DEVICE_BETTER] = "better",
    };
    HT_ASSERT(kind < HT_DEVICE_CHANGE_COUNT);
    return names[kind];
}

const char *ht_trait_kind_name(enum ht_trait_kind kind) {
    static const char *const names[HT_TRAIT_KIND_COUNT] = {
        [HT_TRAIT_SDK] = "sdk",           [HT_TRAIT_SDK_FAMILY] = "sdk-family",
        [HT_TRAIT_PROTOCOL] = "protocol", [HT_TRAIT_AUTH] = "auth",
        [HT_TRAIT_NETWORK] = "network",   [HT_TRAIT_SITE] = "site",
        [HT_TRAIT_HUB] = "hub",
    };
    HT_ASSERT(kind < HT_TRAIT_KIND_COUNT);
    return names[kind];
}
