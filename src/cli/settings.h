/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_SETTINGS_H
#define HT_CLI_SETTINGS_H
/*
 * What the options of `report` mean, with the environment and the defaults: everything is decided
 * and checked here, before the first byte is read. Opens nothing.
 */
#include <signal.h>

#include "cli/arguments.h"
#include "hubtriage/hubtriage.h"

/* What the program sees of its surroundings, given as data so that tests can invent it. */
struct ht_cli_surroundings {
    const volatile sig_atomic_t *interrupted; /* not 0 after SIGINT or SIGTERM */
    bool stdin_terminal;
    bool stdout_terminal;
    bool stderr_terminal;
    unsigned terminal_columns; /* of stdout, 0 when it is no terminal */
    int64_t clock_us;
    const char *no_color; /* the variables of these names; NULL when not set */
    const char *term;
    const char *columns;
    const char *locale; /* such as en_GB.UTF-8; NULL when none is set */
    const char *source_date_epoch;
    const char *system_config; /* the path of the system's file of settings; NULL = none */
    const char *(*variable)(const char *name); /* further variables; NULL = there are none */
};

struct ht_cli_target {
    enum ht_format format;
    const char *path; /* NULL = standard output */
    bool is_folder;   /* a file for each table goes there */
};

enum { HT_CLI_TARGETS_MAX = 16, HT_CLI_WIDTH_MIN = 60, HT_CLI_WIDTH_MAX = 1000 };

struct ht_cli_settings {
    struct ht_options analysis; /* without progress; texts are borrowed from the arguments */
    struct ht_cli_target targets[HT_CLI_TARGETS_MAX];
    size_t target_count; /* at least 1 */
    enum ht_emit emit;
    bool color_stdout;
    bool color_files;
    bool unicode_stdout; /* charts in files are ASCII */
    unsigned width_stdout;
    unsigned width_files;
    bool verbose;
    bool quiet;
    bool progress;
    struct ht_archive_options archive; /* path NULL: none */
    bool has_fail_on;
    bool fail_on_new;
    enum ht_level fail_on;
    uint64_t max_bad_ppm;
};

/* HT_E_USAGE with a message of one line, and perhaps a hint. */
HT_MUST_CHECK enum ht_status ht_cli_settings_make(const struct ht_cli_arguments *arguments,
                                                  const struct ht_cli_surroundings *surroundings,
                                                  struct ht_cli_settings *settings,
                                                  struct ht_err *err);

#endif
