/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_QUALITY_H
#define HT_CLI_QUALITY_H
/* What could not be read, in a few lines on standard error. */
#include "hubtriage/report.h"

struct ht_cli_quality_rules {
    uint64_t max_bad_ppm; /* of the records, parts per million */
    bool quiet;           /* only what makes the exit status 3 */
    bool verbose;         /* all of it */
};

/* Returns true when part of the input is missing from the report, or all of it since nothing is
 * within the window and selection: exit status 3. */
bool ht_cli_quality_say(const struct ht_summary *summary, const struct ht_cli_quality_rules *rules);

#endif
