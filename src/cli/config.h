/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_CONFIG_H
#define HT_CLI_CONFIG_H
/*
 * Settings from elsewhere than the command line: variables HUBTRIAGE_<OPTION>, the user's file, the
 * system's file, each only for what those before it leave open. --config names the one file to be
 * read instead of both.
 */
#include "cli/arguments.h"
#include "cli/settings.h"

enum { HT_CLI_CONFIG_FILES_MAX = 2 };

/* What values of settings are borrowed from. */
struct ht_cli_config {
    char *paths[HT_CLI_CONFIG_FILES_MAX];
    char *texts[HT_CLI_CONFIG_FILES_MAX];
};

/*
 * ht_cli_config_apply() - add to the arguments what is set elsewhere, for commands that take
 * settings. Of files that are not named a missing one is no error, and one that may not be read is
 * warned of. With -v each setting in use is told on standard error, with its place.
 * HT_E_USAGE (a mistake in a file, with its line), HT_E_IO, HT_E_NOMEM. Release config in any case.
 */
HT_MUST_CHECK enum ht_status ht_cli_config_apply(struct ht_cli_arguments *arguments,
                                                 const struct ht_cli_surroundings *surroundings,
                                                 struct ht_cli_config *config, struct ht_err *err);

void ht_cli_config_release(struct ht_cli_config *config);

/* Puts before the message where the option was set, unless that is the command line. Returns the
 * error's status. */
enum ht_status ht_cli_config_blame(const struct ht_cli_arguments *arguments,
                                   enum ht_cli_option_id id, struct ht_err *err);

#endif
