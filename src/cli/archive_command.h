/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_ARCHIVE_COMMAND_H
#define HT_CLI_ARCHIVE_COMMAND_H
#include "cli/run.h"

enum ht_cli_exit ht_cli_archive_command(const struct ht_cli_arguments *arguments,
                                        const struct ht_cli_surroundings *surroundings);

#endif
