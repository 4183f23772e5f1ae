/* SPDX-License-Identifier: MIT */
#include "render/rows_json.h"

void ht_json_put_changes(struct ht_json *json, const struct ht_changes *changes) {
    if (changes == NULL) {
        return;
    }
    ht_json_object(json, "changes", HT_JSON_BLOCK);
    ht_json_time(json, "last_run_time", changes->last_run_us);
    ht_json_array(json, "items", HT_JSON_BLOCK);
    for (size_t i = 0; i < changes->count && !ht_json_failed(json); i++) {
        const struct ht_change *change = &changes->items[i];
        const bool incident = change->kind == HT_CHANGE_NEW_INCIDENT;
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "change", ht_change_name(change->kind));
        ht_json_text(json, "level", ht_level_name((enum ht_level)change->level));
        ht_json_text(json, "rule", incident ? NULL : change->rule);
        ht_json_text(json, "cause", incident ? change->rule : NULL);
        ht_json_text(json, "hub", change->hub);
        ht_json_text(json, "device", change->device);
        ht_json_text(json, "module", change->module);
        ht_json_time(json, "start_time", incident ? change->start_us : HT_TIME_NONE);
        ht_json_time(json, "end_time", incident ? change->end_us : HT_TIME_NONE);
        ht_json_end(json);
    }
    ht_json_end(json);
    ht_json_end(json);
}
