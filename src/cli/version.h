/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_VERSION_H
#define HT_CLI_VERSION_H
#include <stdbool.h>
#include <stdio.h>

/* The version; verbose: also what it was built from and with, and what it runs on. */
void ht_cli_version(FILE *out, bool verbose);

#endif
