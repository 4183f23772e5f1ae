/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_INVENTORY_RENDER_H
#define HT_RENDER_INVENTORY_RENDER_H
/* The formats behind ht_inventory_write(), and the parts of them that a report has too. Failures
 * are left in out->status. */
#include <string.h>

#include "hubtriage/inventory.h"
#include "render/json_writer.h"

void ht_render_inventory_text(const struct ht_inventory_summary *summary,
                              const struct ht_render_options *options, struct ht_sink_buffer *out);

void ht_render_inventory_json(const struct ht_inventory_summary *summary,
                              struct ht_sink_buffer *out);

/* The members "categories", "other_services", "missing_hours" and "input_findings". */
void ht_json_put_input_facts(struct ht_json *json, const struct ht_inventory_summary *summary);

/* Its items are the rows of a table of their own. */
static inline bool ht_inventory_has_table(const struct ht_inventory_finding *finding) {
    return strcmp(finding->rule, "bad-records") == 0;
}

#endif
