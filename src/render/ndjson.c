/* SPDX-License-Identifier: MIT */
/* One object a line, one row in memory at a time. */
#include "render/renderers.h"
#include "render/report_rows.h"

void ht_render_ndjson(const struct ht_report *report, enum ht_emit emit,
                      struct ht_sink_buffer *out) {
    struct ht_json json;
    const size_t count = ht_rows_count(report, emit);
    ht_json_init(&json, out);
    for (size_t i = 0; i < count && !ht_json_failed(&json); i++) {
        ht_rows_put(&json, report, emit, i, HT_JSON_LINE);
    }
}
