/* SPDX-License-Identifier: MIT */
#ifndef HT_INVENTORY_FINDINGS_OF_INPUT_H
#define HT_INVENTORY_FINDINGS_OF_INPUT_H
/* What to say of the input; the words are in inventory_findings.def. */
#include "inventory/collector_private.h"

struct ht_input_findings {
    const struct ht_collector *collector;
    const struct ht_source_facts *sources;
    const struct ht_collector_totals *totals;
    struct ht_inventory *inventory; /* all of its summary but the findings is made */
};

/* Sets findings, levels and wrong in the summary. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_input_findings_make(const struct ht_input_findings *input);

#endif
