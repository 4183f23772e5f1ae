/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_USER_PATH_H
#define HT_CLI_USER_PATH_H
#include "cli/settings.h"

/*
 * ht_cli_user_path() - a file of the user's, by the XDG Base Directory Specification: rest behind
 * the folder that the variable names, else behind the usual one in HOME. What is not an absolute
 * path does not count; when neither is one, *path is NULL. The caller frees *path. HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_cli_user_path(const struct ht_cli_surroundings *surroundings,
                                              const char *variable, const char *usual,
                                              const char *rest, char **path, struct ht_err *err);

#endif
