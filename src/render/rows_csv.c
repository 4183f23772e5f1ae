/* SPDX-License-Identifier: MIT */
/* One table with a header line, one row in memory at a time. */
#include "render/renderers.h"
#include "render/report_rows.h"
#include "render/row_cells.h"

static void render(const struct ht_report *report, enum ht_emit emit, bool tabs,
                   struct ht_sink_buffer *out) {
    struct ht_json json;
    struct ht_cells cells;
    const size_t count = ht_rows_count(report, emit);
    ht_cells_init(&cells, out, tabs);
    ht_json_init_row(&json, &cells);
    cells.names = true;
    ht_rows_put_blank(&json, report, emit);
    cells.names = false;
    for (size_t i = 0; i < count && !ht_json_failed(&json); i++) {
        ht_rows_put(&json, report, emit, i, HT_JSON_LINE);
    }
}

void ht_render_csv(const struct ht_report *report, enum ht_emit emit, struct ht_sink_buffer *out) {
    render(report, emit, false, out);
}

void ht_render_tsv(const struct ht_report *report, enum ht_emit emit, struct ht_sink_buffer *out) {
    render(report, emit, true, out);
}
