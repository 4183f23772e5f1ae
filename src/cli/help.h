/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_HELP_H
#define HT_CLI_HELP_H
#include <stdio.h>

#include "cli/options.h"

/* The lists of -h: a screenful, at most 80 columns. */
void ht_cli_help_short(FILE *out, enum ht_cli_command command);

/* All there is to say, as text of at most 80 columns. */
void ht_cli_help_long(FILE *out, enum ht_cli_command command);

enum { HT_CLI_OPTION_TEXT_BYTES = 64 };

/* "-o, --output FORMAT[=PATH]". Returns out. */
const char *ht_cli_option_text(const struct ht_cli_option *option,
                               char out[HT_CLI_OPTION_TEXT_BYTES]);

#endif
