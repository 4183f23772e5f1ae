/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_ARGUMENTS_H
#define HT_CLI_ARGUMENTS_H
/*
 * The command line taken apart, and nothing else: which command, which options with which texts,
 * which operands. What the texts mean is looked at later (settings.h).
 */
#include "cli/options.h"
#include "hubtriage/err.h"

/* Where the value of an option comes from: the command line, or else a file, or else (file NULL)
 * its variable. */
struct ht_cli_origin {
    bool elsewhere; /* not from the command line */
    const char *file;
    unsigned line;
};

struct ht_cli_arguments {
    enum ht_cli_command command;
    bool given[HT_CLI_OPTION_COUNT];
    const char *value[HT_CLI_OPTION_COUNT]; /* of options with a value: the last one given */
    struct ht_cli_origin origin[HT_CLI_OPTION_COUNT];
    const char **outputs; /* every -o, in order */
    size_t output_count;
    const char **settings; /* every --set, in order */
    size_t setting_count;
    const char **operands;
    size_t operand_count;
};

/*
 * ht_cli_arguments_parse() - take argv apart.
 *
 * Parsing ends at -h and --help: what follows them does not matter. The texts are borrowed from
 * argv.
 * Returns HT_OK, HT_E_USAGE with a message of one line, HT_E_NOMEM. Release it in any case.
 */
HT_MUST_CHECK enum ht_status ht_cli_arguments_parse(int argc, char *const *argv,
                                                    struct ht_cli_arguments *arguments,
                                                    struct ht_err *err);

/* The command of that name; HT_E_USAGE, with the nearest name, when there is none. */
HT_MUST_CHECK enum ht_status ht_cli_command_take(const char *name, enum ht_cli_command *command,
                                                 struct ht_err *err);

void ht_cli_arguments_release(struct ht_cli_arguments *arguments);

#endif
