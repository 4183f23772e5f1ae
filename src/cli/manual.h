/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_MANUAL_H
#define HT_CLI_MANUAL_H
/* The texts that the long help and the man page share. Each list ends in an entry of NULLs. */
#include "cli/options.h"

/* The day of the last change to these texts, for the man page's footer. */
#define HT_CLI_MANUAL_DATE "2026-11-24"

extern const char ht_cli_description[]; /* paragraphs separated by an empty line */

/* What for, and the command; tests/docs/run runs those that begin with "hubtriage ". */
struct ht_cli_example {
    const char *purpose;
    const char *command; /* may have several lines */
};
extern const struct ht_cli_example ht_cli_examples[];

/* A name and what is to be said about it: formats, exit statuses, variables. */
struct ht_cli_term {
    const char *name;
    const char *text;
};
extern const struct ht_cli_term ht_cli_output_terms[];
extern const struct ht_cli_term ht_cli_status_terms[];
extern const struct ht_cli_term ht_cli_variable_terms[];
extern const struct ht_cli_term ht_cli_file_terms[];

#endif
