/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_PROGRAM_H
#define HT_CLI_PROGRAM_H
#include "cli/settings.h"

/* The whole program but for what a process needs: returns the exit status. */
int ht_cli_program(int argc, char *const *argv, const struct ht_cli_surroundings *surroundings);

#endif
