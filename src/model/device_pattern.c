/* SPDX-License-Identifier: MIT */
/*
 * Patterns are PCRE2's, compiled by its JIT where there is one. A device chooses its own id, so a
 * match runs under a limit: a pattern that backtracks without end on some id does not match it.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "model/device_pattern.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum { MATCH_STEPS_MAX = 1000 * 1000 };

struct ht_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

void ht_pattern_free(struct ht_pattern *pattern) {
    if (pattern != NULL) {
        pcre2_match_context_free(pattern->context);
        pcre2_match_data_free(pattern->match);
        pcre2_code_free(pattern->code);
        free(pattern);
    }
}

enum ht_status ht_pattern_new(const char *text, bool caseless, struct ht_pattern **pattern,
                              struct ht_pattern_fault *fault) {
    int number = 0;
    PCRE2_SIZE offset = 0;
    *pattern = NULL;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                     PCRE2_NEVER_BACKSLASH_C | (caseless ? PCRE2_CASELESS : 0U),
                                     &number, &offset, NULL);
    if (code == NULL) {
        fault->byte = offset + 1;
        fault->reason[0] = '\0';
        (void)pcre2_get_error_message(number, (PCRE2_UCHAR *)fault->reason, sizeof fault->reason);
        return HT_E_USAGE;
    }
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, matching is merely slower */
    struct ht_pattern *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        pcre2_code_free(code);
        return HT_E_NOMEM;
    }
    fresh->code = code;
    fresh->match = pcre2_match_data_create(1, NULL);
    fresh->context = pcre2_match_context_create(NULL);
    if (fresh->match == NULL || fresh->context == NULL) {
        ht_pattern_free(fresh);
        return HT_E_NOMEM;
    }
    (void)pcre2_set_match_limit(fresh->context, MATCH_STEPS_MAX);
    *pattern = fresh;
    return HT_OK;
}

enum ht_match ht_pattern_search(const struct ht_pattern *pattern, struct ht_str subject) {
    const int found = pcre2_match(pattern->code, (PCRE2_SPTR)subject.ptr, subject.len, 0, 0,
                                  pattern->match, pattern->context);
    return found >= 0 ? HT_MATCH_YES : found == PCRE2_ERROR_NOMATCH ? HT_MATCH_NO : HT_MATCH_LIMIT;
}

struct ht_str ht_pattern_subject(struct ht_str device, struct ht_str module,
                                 char buffer[HT_PATTERN_SUBJECT_BYTES]) {
    if (module.len == 0 || device.len + module.len + 1 > HT_PATTERN_SUBJECT_BYTES) {
        return device;
    }
    memcpy(buffer, device.ptr, device.len);
    buffer[device.len] = '/';
    memcpy(buffer + device.len + 1, module.ptr, module.len);
    return (struct ht_str){buffer, device.len + 1 + module.len};
}
