/* SPDX-License-Identifier: MIT */
/*
 * Patterns are PCRE2's, compiled by its JIT where there is one. A device chooses its own id, so a
 * match runs under a limit: a pattern that backtracks without end on some id does not match it.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "model/selection.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/err.h"
#include "hubtriage/report.h"

/* "device/module" in the widest form that the store keeps. */
enum { SUBJECT_BYTES_MAX = 2 * 512 + 2, MATCH_STEPS_MAX = 1000 * 1000 };

struct ht_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

static void pattern_free(struct ht_pattern *pattern) {
    if (pattern != NULL) {
        pcre2_match_context_free(pattern->context);
        pcre2_match_data_free(pattern->match);
        pcre2_code_free(pattern->code);
        free(pattern);
    }
}

static enum ht_status compile_error(struct ht_err *err, const char *text, int number,
                                    size_t offset) {
    PCRE2_UCHAR reason[160] = {0};
    (void)pcre2_get_error_message(number, reason, sizeof reason);
    (void)ht_err_set(err, HT_E_USAGE, "pattern '%s' is wrong at byte %zu: %s", text, offset + 1,
                     (const char *)reason);
    ht_err_hint(err,
                "patterns are Perl-compatible regular expressions, such as '^pump-' or '\\d+$'");
    return HT_E_USAGE;
}

static enum ht_status pattern_new(const char *text, struct ht_pattern **pattern,
                                  struct ht_err *err) {
    if (text == NULL) {
        return HT_OK;
    }
    int number = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                     PCRE2_NEVER_BACKSLASH_C, &number, &offset, NULL);
    if (code == NULL) {
        return compile_error(err, text, number, offset);
    }
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, matching is merely slower */
    struct ht_pattern *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        pcre2_code_free(code);
        return ht_err_set(err, HT_E_NOMEM, "no memory for a pattern");
    }
    fresh->code = code;
    fresh->match = pcre2_match_data_create(1, NULL);
    fresh->context = pcre2_match_context_create(NULL);
    *pattern = fresh; /* freed by ht_selection_release(), also on the next line */
    if (fresh->match == NULL || fresh->context == NULL) {
        return ht_err_set(err, HT_E_NOMEM, "no memory for a pattern");
    }
    (void)pcre2_set_match_limit(fresh->context, MATCH_STEPS_MAX);
    return HT_OK;
}

static enum ht_status copy_text(const char *text, char **copy, struct ht_err *err) {
    if (text != NULL) {
        *copy = strdup(text);
        if (*copy == NULL) {
            return ht_err_set(err, HT_E_NOMEM, "no memory for a name");
        }
    }
    return HT_OK;
}

enum ht_status ht_selection_init(struct ht_selection *selection, const char *hub,
                                 const char *device, const char *exclude_device,
                                 struct ht_err *err) {
    *selection = (struct ht_selection){.since_us = HT_TIME_NONE, .until_us = HT_TIME_NONE};
    enum ht_status status = copy_text(hub, &selection->hub, err);
    status = status == HT_OK ? pattern_new(device, &selection->device, err) : status;
    status =
        status == HT_OK ? pattern_new(exclude_device, &selection->exclude_device, err) : status;
    if (status != HT_OK) {
        ht_selection_release(selection);
    }
    return status;
}

void ht_selection_release(struct ht_selection *selection) {
    free(selection->hub);
    pattern_free(selection->device);
    pattern_free(selection->exclude_device);
    *selection = (struct ht_selection){.since_us = HT_TIME_NONE, .until_us = HT_TIME_NONE};
}

bool ht_selection_has_hub(const struct ht_selection *selection, struct ht_str hub) {
    return selection->hub == NULL || ht_str_eq_nocase(ht_str_from(selection->hub), hub);
}

static bool pattern_finds(const struct ht_pattern *pattern, struct ht_str subject) {
    return pcre2_match(pattern->code, (PCRE2_SPTR)subject.ptr, subject.len, 0, 0, pattern->match,
                       pattern->context) >= 0;
}

bool ht_selection_has_device(const struct ht_selection *selection, struct ht_str device,
                             struct ht_str module) {
    char joined[SUBJECT_BYTES_MAX];
    struct ht_str subject = device;
    if (module.len > 0 && device.len + module.len + 1 <= sizeof joined) {
        memcpy(joined, device.ptr, device.len);
        joined[device.len] = '/';
        memcpy(joined + device.len + 1, module.ptr, module.len);
        subject = (struct ht_str){joined, device.len + 1 + module.len};
    }
    return (selection->device == NULL || pattern_finds(selection->device, subject)) &&
           (selection->exclude_device == NULL ||
            !pattern_finds(selection->exclude_device, subject));
}

bool ht_selection_has_time(const struct ht_selection *selection, int64_t time_us) {
    return (selection->since_us == HT_TIME_NONE || time_us >= selection->since_us) &&
           (selection->until_us == HT_TIME_NONE || time_us < selection->until_us);
}
