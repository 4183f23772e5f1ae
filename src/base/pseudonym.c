/* SPDX-License-Identifier: MIT */
#include "base/pseudonym.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/check.h"
#include "base/compiler.h"

enum { DIGITS = 16 };

static const char *const prefixes[HT_PSEUDONYM_KIND_COUNT] = {
    [HT_PSEUDONYM_DEVICE] = "device-",
    [HT_PSEUDONYM_MODULE] = "module-",
    [HT_PSEUDONYM_HUB] = "hub-",
    [HT_PSEUDONYM_NETWORK] = "net-",
    [HT_PSEUDONYM_SDK] = "sdk-",
    [HT_PSEUDONYM_SITE] = "site-",
    [HT_PSEUDONYM_RULE] = "rule-",
    [HT_PSEUDONYM_CATEGORY] = "category-",
    [HT_PSEUDONYM_SUBSCRIPTION] = "subscription-",
    [HT_PSEUDONYM_GROUP] = "group-",
    [HT_PSEUDONYM_FILE] = "file-",
};

void ht_pseudonym_key_init(struct ht_pseudonym_key *key, struct ht_str secret) {
    hmac_sha256_set_key(&key->hmac, secret.len, (const uint8_t *)secret.ptr);
}

uint64_t ht_pseudonym_digest(const struct ht_pseudonym_key *key, struct ht_str name) {
    struct hmac_sha256_ctx hmac = key->hmac;
    uint8_t bytes[8];
    uint64_t digest = 0;
    hmac_sha256_update(&hmac, name.len, (const uint8_t *)name.ptr);
    hmac_sha256_digest(&hmac, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        digest = digest << 8 | bytes[i];
    }
    return digest;
}

size_t ht_pseudonym_write(const struct ht_pseudonym_key *key, enum ht_pseudonym_kind kind,
                          struct ht_str name, char out[HT_PSEUDONYM_BYTES]) {
    HT_ASSERT(kind < HT_PSEUDONYM_KIND_COUNT);
    const int len = snprintf(out, HT_PSEUDONYM_BYTES, "%s%016" PRIx64, prefixes[kind],
                             ht_pseudonym_digest(key, name));
    return (size_t)len;
}

bool ht_pseudonym_is_one(enum ht_pseudonym_kind kind, struct ht_str text) {
    const size_t prefix = strlen(prefixes[kind]);
    if (text.len != prefix + DIGITS || memcmp(text.ptr, prefixes[kind], prefix) != 0) {
        return false;
    }
    for (size_t i = prefix; i < text.len; i++) {
        const char c = text.ptr[i];
        if (!ht_ascii_is_digit(c) && !(c >= 'a' && c <= 'f')) {
            return false;
        }
    }
    return true;
}

/* Paths. */

/* "y=2025", "m=03": a letter and digits. */
static bool is_date_part(struct ht_str part) {
    if (part.len < 3 || part.len > 6 || part.ptr[1] != '=' ||
        memchr("ymdh", part.ptr[0], 4) == NULL) {
        return false;
    }
    for (size_t i = 2; i < part.len; i++) {
        if (!ht_ascii_is_digit(part.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool is_known_part(struct ht_str part) {
    static const char *const words[] = {
        "",
        ".",
        "..",
        "resourceId=",
        "SUBSCRIPTIONS",
        "RESOURCEGROUPS",
        "PROVIDERS",
        "MICROSOFT.DEVICES",
        "IOTHUBS",
        "PT1H.json",
        "standard input",
        "insights-logs-connections",
        "insights-logs-devicetelemetry",
        "insights-logs-c2dcommands",
        "insights-logs-c2dtwinoperations",
        "insights-logs-d2ctwinoperations",
        "insights-logs-deviceidentityoperations",
        "insights-logs-directmethods",
        "insights-logs-distributedtracing",
        "insights-logs-devicestreams",
        "insights-logs-configurations",
        "insights-logs-fileuploadoperations",
        "insights-logs-jobsoperations",
        "insights-logs-routes",
        "insights-logs-twinqueries",
        "insights-metrics-pt1m",
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(words); i++) {
        if (ht_str_eq_nocase(part, ht_str_from(words[i]))) {
            return true;
        }
    }
    return is_date_part(part);
}

/* Bytes of the endings that tell no more than the format: ".json.gz". */
static size_t ending_length(struct ht_str part) {
    static const char *const endings[] = {".json", ".jsonl", ".ndjson", ".log", ".txt",
                                          ".csv",  ".tsv",   ".gz",     ".zst", ".zip"};
    size_t length = 0;
    for (size_t i = 0; i < HT_ARRAY_LEN(endings); i++) {
        const struct ht_str ending = ht_str_from(endings[i]);
        const size_t end = part.len - length;
        if (end > ending.len &&
            ht_str_eq_nocase((struct ht_str){part.ptr + end - ending.len, ending.len}, ending)) {
            length += ending.len;
            i = SIZE_MAX; /* from the first one again */
        }
    }
    return length;
}

/* What a part names is told by the one before it. */
static enum ht_pseudonym_kind kind_behind(struct ht_str before) {
    if (ht_str_eq_nocase(before, HT_STR("SUBSCRIPTIONS"))) {
        return HT_PSEUDONYM_SUBSCRIPTION;
    }
    if (ht_str_eq_nocase(before, HT_STR("RESOURCEGROUPS"))) {
        return HT_PSEUDONYM_GROUP;
    }
    return ht_str_eq_nocase(before, HT_STR("IOTHUBS")) ? HT_PSEUDONYM_HUB : HT_PSEUDONYM_FILE;
}

void ht_pseudonym_path(const struct ht_pseudonym_key *key, struct ht_str path, char *out,
                       size_t size_bytes) {
    struct ht_str before = HT_STR_NONE;
    size_t len = 0;
    out[0] = '\0';
    for (size_t at = 0; at <= path.len && len < size_bytes; at++) {
        size_t end = at;
        while (end < path.len && path.ptr[end] != '/' && path.ptr[end] != '!') {
            end++;
        }
        const struct ht_str part = {path.ptr + at, end - at};
        const char *separator = end == path.len ? "" : path.ptr[end] == '/' ? "/" : "!";
        char name[HT_PSEUDONYM_BYTES];
        const size_t ending = ending_length(part);
        int written = 0;
        if (is_known_part(part)) {
            written = snprintf(out + len, size_bytes - len, "%.*s%s", (int)part.len,
                               part.len > 0 ? part.ptr : "", separator);
        } else {
            (void)ht_pseudonym_write(key, kind_behind(before),
                                     (struct ht_str){part.ptr, part.len - ending}, name);
            written = snprintf(out + len, size_bytes - len, "%s%.*s%s", name, (int)ending,
                               part.ptr + part.len - ending, separator);
        }
        len += written > 0 ? (size_t)written : 0;
        before = part;
        at = end;
    }
}
