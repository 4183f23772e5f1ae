/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_KQL_COMMAND_H
#define HT_CLI_KQL_COMMAND_H
#include "cli/arguments.h"
#include "cli/run.h"

enum ht_cli_exit ht_cli_kql_command(const struct ht_cli_arguments *arguments,
                                    const struct ht_cli_surroundings *surroundings);

/* A column of AzureDiagnostics that the query gives. */
struct ht_cli_kql_column {
    const char *name;
    const char *expression; /* NULL: just the name */
    const char *use;        /* what hubtriage takes from it */
};

/* NULL behind the last one. */
const struct ht_cli_kql_column *ht_cli_kql_column(size_t index);

#endif
