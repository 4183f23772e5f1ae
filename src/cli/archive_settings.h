/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_ARCHIVE_SETTINGS_H
#define HT_CLI_ARCHIVE_SETTINGS_H
/* What --state and the options that go with it mean. */
#include "cli/arguments.h"
#include "hubtriage/archive.h"

/* now_us is set already. The path is borrowed, and NULL without an archive. HT_E_USAGE with a
 * message. */
HT_MUST_CHECK enum ht_status ht_cli_archive_settings(const struct ht_cli_arguments *arguments,
                                                     struct ht_archive_options *archive,
                                                     struct ht_err *err);

#endif
