/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_MAN_H
#define HT_CLI_MAN_H
#include <stdio.h>

/* The man page hubtriage.1, in the man macros of troff. */
void ht_cli_man(FILE *out);

#endif
