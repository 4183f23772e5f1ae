/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_ROWS_JSON_H
#define HT_RENDER_ROWS_JSON_H
/* Objects that json and ndjson share: one line each. report.schema.json describes every key. key is
 * NULL within an array and at the top. */
#include "render/json_writer.h"

void ht_json_put_disconnect(struct ht_json *json, const char *key, const struct ht_disconnect *row);
void ht_json_put_session(struct ht_json *json, const char *key, const struct ht_session_view *row);
void ht_json_put_device(struct ht_json *json, const struct ht_device_view *row);

/* index: place in ht_summary.incidents, which "incident" of a disconnect or a finding refers to. */
void ht_json_put_incident(struct ht_json *json, const struct ht_incident_view *row, size_t index);

/* {"token-expiry":12,...}: causes that occur, in the order of enum ht_cause. */
void ht_json_put_by_cause(struct ht_json *json, const char *key,
                          const uint64_t by_cause[HT_CAUSE_COUNT]);

/* "not-json", "cut", ...: stable words. */
const char *ht_json_bad_reason(enum ht_bad reason);

/* "common_factors" of a report. */
void ht_json_put_traits(struct ht_json *json, const struct ht_traits *traits);

/* An index, or null for HT_INDEX_NONE. */
void ht_json_put_index(struct ht_json *json, const char *key, size_t index);

#endif
