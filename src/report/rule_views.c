/* SPDX-License-Identifier: MIT */
/* The user's rules, as the report lists them. */
#include "report/tables.h"

enum ht_status ht_rule_views_make(struct ht_report *report) {
    const struct ht_known *known = &report->known;
    report->rule_views = ht_report_array(known->rule_count, sizeof *report->rule_views);
    if (report->rule_views == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < known->rule_count; i++) {
        report->rule_views[i] = (struct ht_rule_view){
            .name = known->rules[i].name,
            .line = known->rules[i].line,
            .devices = known->rules[i].devices,
        };
    }
    report->summary.rules = report->rule_views;
    report->summary.rule_count = known->rule_count;
    return HT_OK;
}
