/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_REPORT_COMMAND_H
#define HT_CLI_REPORT_COMMAND_H
#include "cli/arguments.h"
#include "cli/settings.h"

/* What the program ends with. */
enum ht_cli_exit {
    HT_CLI_EXIT_DONE = 0,
    HT_CLI_EXIT_FINDING = 1,
    HT_CLI_EXIT_FAILED = 2,
    HT_CLI_EXIT_PARTIAL = 3,
    HT_CLI_EXIT_INTERRUPTED = 130,
};

/* Several may apply: failed before a finding before partial. */
enum ht_cli_exit ht_cli_exit_status(bool failed, bool finding, bool partial);

enum ht_cli_exit ht_cli_report_command(const struct ht_cli_arguments *arguments,
                                       const struct ht_cli_surroundings *surroundings);

#endif
