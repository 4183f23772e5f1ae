/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_DEVICE_PATTERN_H
#define HT_MODEL_DEVICE_PATTERN_H
/*
 * struct ht_pattern - a Perl-compatible regular expression (PCRE2) that a user wrote, searched in
 * texts that devices chose. A match runs under a limit, so that no id can hang the program.
 * Searching is not thread-safe (one match block).
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "hubtriage/err.h"

struct ht_pattern;

/* Why PCRE2 refuses a pattern. */
struct ht_pattern_fault {
    size_t byte; /* from 1 */
    char reason[160];
};

/* HT_OK, HT_E_USAGE with *fault, or HT_E_NOMEM. ht_pattern_free() frees. */
HT_MUST_CHECK enum ht_status ht_pattern_new(const char *text, bool caseless,
                                            struct ht_pattern **pattern,
                                            struct ht_pattern_fault *fault);
void ht_pattern_free(struct ht_pattern *pattern);

enum ht_match {
    HT_MATCH_NO = 0,
    HT_MATCH_YES,
    HT_MATCH_LIMIT, /* ran into PCRE2's match limit: whether it is there is not known */
};

enum ht_match ht_pattern_search(const struct ht_pattern *pattern, struct ht_str subject);

/* "device/module" in the widest form that the store keeps. */
enum { HT_PATTERN_SUBJECT_BYTES = 2 * 512 + 2 };

/* What patterns for devices are searched in: the id, "device/module" for a module, joined in
 * buffer. */
struct ht_str ht_pattern_subject(struct ht_str device, struct ht_str module,
                                 char buffer[HT_PATTERN_SUBJECT_BYTES]);

#endif
