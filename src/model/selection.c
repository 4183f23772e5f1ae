/* SPDX-License-Identifier: MIT */
#include "model/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "hubtriage/report.h"
#include "model/device_pattern.h"

static enum ht_status pattern_new(const char *text, struct ht_pattern **pattern,
                                  struct ht_err *err) {
    struct ht_pattern_fault fault;
    const enum ht_status status =
        text != NULL ? ht_pattern_new(text, false, pattern, &fault) : HT_OK;
    if (status == HT_E_USAGE) {
        (void)ht_err_set(err, status, "pattern '%s' is wrong at byte %zu: %s", text, fault.byte,
                         fault.reason);
        ht_err_hint(
            err, "patterns are Perl-compatible regular expressions, such as '^pump-' or '\\d+$'");
    } else if (status != HT_OK) {
        (void)ht_err_set(err, status, "no memory for a pattern");
    }
    return status;
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
    ht_pattern_free(selection->device);
    ht_pattern_free(selection->exclude_device);
    free(selection->device_id);
    *selection = (struct ht_selection){.since_us = HT_TIME_NONE, .until_us = HT_TIME_NONE};
}

enum ht_status ht_selection_take_id(struct ht_selection *selection, const char *id,
                                    struct ht_err *err) {
    return copy_text(id, &selection->device_id, err);
}

bool ht_selection_has_hub(const struct ht_selection *selection, struct ht_str hub) {
    return selection->hub == NULL || ht_str_eq_nocase(ht_str_from(selection->hub), hub);
}

static bool pattern_finds(const struct ht_pattern *pattern, struct ht_str subject) {
    return ht_pattern_search(pattern, subject) == HT_MATCH_YES;
}

/* Equal to the whole id, of any length. */
static bool is_id(struct ht_str id, struct ht_str device, struct ht_str module) {
    if (module.len == 0) {
        return ht_str_eq(id, device);
    }
    return id.len == device.len + 1 + module.len && id.ptr[device.len] == '/' &&
           ht_str_eq((struct ht_str){id.ptr, device.len}, device) &&
           ht_str_eq((struct ht_str){id.ptr + device.len + 1, module.len}, module);
}

bool ht_selection_has_device(const struct ht_selection *selection, struct ht_str device,
                             struct ht_str module) {
    if (selection->device_id != NULL && !is_id(ht_str_from(selection->device_id), device, module)) {
        return false;
    }
    char joined[HT_PATTERN_SUBJECT_BYTES];
    const struct ht_str subject = ht_pattern_subject(device, module, joined);
    return (selection->device == NULL || pattern_finds(selection->device, subject)) &&
           (selection->exclude_device == NULL ||
            !pattern_finds(selection->exclude_device, subject));
}

bool ht_selection_has_time(const struct ht_selection *selection, int64_t time_us) {
    return (selection->since_us == HT_TIME_NONE || time_us >= selection->since_us) &&
           (selection->until_us == HT_TIME_NONE || time_us < selection->until_us);
}
