/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_COMPLETION_H
#define HT_CLI_COMPLETION_H
#include <stdio.h>

/* The completion script for one of ht_cli_shells, by its index there. */
void ht_cli_completion(FILE *out, size_t shell);

#endif
