/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_WHOLE_FILE_H
#define HT_CLI_WHOLE_FILE_H
#include <signal.h>
#include <stddef.h>

#include "hubtriage/err.h"

/*
 * ht_cli_whole_file_read() - a small file as one text, with a NUL behind it.
 *
 * Reads at most max_bytes + 1, so that *len > max_bytes tells that there is more. The caller frees
 * *text. HT_E_IO ("cannot read PATH: reason", with sys_errno), HT_E_NOMEM; then *text is NULL.
 */
HT_MUST_CHECK enum ht_status ht_cli_whole_file_read(const char *path, size_t max_bytes,
                                                    const volatile sig_atomic_t *interrupted,
                                                    char **text, size_t *len, struct ht_err *err);

#endif
