/* SPDX-License-Identifier: MIT */
#include "render/rows_json.h"

enum { LOG_PLACES = 1, RATIO_PLACES = 1 };

static void put_trait(struct ht_json *json, const struct ht_trait *trait) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "property", ht_trait_kind_name(trait->kind));
    ht_json_text(json, "value", trait->value);
    ht_json_count(json, "affected_devices", trait->affected);
    ht_json_count(json, "affected_devices_known", trait->affected_known);
    ht_json_count(json, "devices", trait->devices);
    ht_json_count(json, "devices_known", trait->devices_known);
    ht_json_decimal(json, "odds_ratio", trait->odds_ratio, RATIO_PLACES);
    ht_json_decimal(json, "p_log10", trait->log10_p, LOG_PLACES);
    ht_json_put_index(json, "same_as", trait->same_as);
    ht_json_end(json);
}

void ht_json_put_traits(struct ht_json *json, const struct ht_traits *traits) {
    ht_json_object(json, "common_factors", HT_JSON_BLOCK);
    ht_json_count(json, "tests", traits->tests);
    ht_json_array(json, "groups", HT_JSON_BLOCK);
    for (size_t i = 0; i < traits->group_count && !ht_json_failed(json); i++) {
        const struct ht_trait_group *group = &traits->groups[i];
        const bool is_incident = group->scope == HT_TRAITS_OF_INCIDENT;
        const bool is_finding = group->scope == HT_TRAITS_OF_FINDING;
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_put_index(json, "incident", is_incident ? group->index : HT_INDEX_NONE);
        ht_json_put_index(json, "finding", is_finding ? group->index : HT_INDEX_NONE);
        ht_json_count(json, "affected_devices", group->affected);
        ht_json_count(json, "devices", group->devices);
        ht_json_put_index(json, "faults_above",
                          is_incident || is_finding ? HT_INDEX_NONE : (size_t)group->faults_above);
        ht_json_array(json, "factors", HT_JSON_LINE);
        for (size_t k = 0; k < group->trait_count; k++) {
            put_trait(json, &group->traits[k]);
        }
        ht_json_end(json);
        ht_json_end(json);
    }
    ht_json_end(json);
    ht_json_end(json);
}
