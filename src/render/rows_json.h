/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_ROWS_JSON_H
#define HT_RENDER_ROWS_JSON_H
/* Rows that json, ndjson and tables (csv.c) share: one line each, whose keys are the columns of a
 * table. report.schema.json describes every key. key is NULL within an array and at the top. A row
 * has the same keys whatever is in it. */
#include "hubtriage/inventory.h"
#include "render/json_writer.h"

void ht_json_put_disconnect(struct ht_json *json, const char *key, const struct ht_disconnect *row);
void ht_json_put_session(struct ht_json *json, const char *key, const struct ht_session_view *row);
void ht_json_put_device(struct ht_json *json, const struct ht_device_view *row);

/* index: place in ht_summary.incidents, which "incident" of a disconnect or a finding refers to. */
void ht_json_put_incident(struct ht_json *json, const struct ht_incident_view *row, size_t index);

void ht_json_put_finding(struct ht_json *json, const struct ht_report *report,
                         const struct ht_finding *row, enum ht_json_layout layout);
void ht_json_put_cause(struct ht_json *json, const struct ht_cause_total *row);
void ht_json_put_hub(struct ht_json *json, const struct ht_hub_view *row);
void ht_json_put_cadence(struct ht_json *json, const struct ht_cadence_view *row);
void ht_json_put_rule(struct ht_json *json, const struct ht_rule_view *row);
void ht_json_put_input(struct ht_json *json, const struct ht_source_view *row, enum ht_cut cut);

/* {"token-expiry":12,...}: causes that occur, in the order of enum ht_cause; in a table all. */
void ht_json_put_by_cause(struct ht_json *json, const char *key,
                          const uint64_t by_cause[HT_CAUSE_COUNT]);

/* "not-json", "cut", ...: stable words. */
const char *ht_json_bad_reason(enum ht_bad reason);

/* "changes": nothing when they are not known. */
void ht_json_put_changes(struct ht_json *json, const struct ht_changes *changes);

/* "comparison": null without one. */
void ht_json_put_comparison(struct ht_json *json, const struct ht_comparison *comparison);

/* "common_factors" of a report. */
void ht_json_put_traits(struct ht_json *json, const struct ht_traits *traits);

/* An index, or null for HT_INDEX_NONE. */
void ht_json_put_index(struct ht_json *json, const char *key, size_t index);

#endif
