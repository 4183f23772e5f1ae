/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_KEY_FILE_H
#define HT_CLI_KEY_FILE_H
/* The key of --anonymize: all bytes of a file. */
#include "cli/settings.h"

enum { HT_CLI_KEY_BYTES_MIN = 16, HT_CLI_KEY_BYTES_MAX = 4096 };

/*
 * ht_cli_key_file_take() - read the key. path NULL: that of the user, which is made of random bytes
 * when it is not there, and then said unless quiet. The caller frees *key, on failure too.
 * HT_E_USAGE, HT_E_IO or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_cli_key_file_take(const char *path,
                                                  const struct ht_cli_surroundings *surroundings,
                                                  bool quiet, char **key, size_t *len,
                                                  struct ht_err *err);

#endif
