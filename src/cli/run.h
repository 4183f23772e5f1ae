/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_RUN_H
#define HT_CLI_RUN_H
/*
 * What the commands that read logs have in common: settings, sources, progress, outputs, signals
 * and the exit status. A command says what to do with the analysis, and how to write the result.
 */
#include "cli/arguments.h"
#include "cli/key_file.h"
#include "cli/settings.h"

/* What the program ends with. */
enum ht_cli_exit {
    HT_CLI_EXIT_DONE = 0,
    HT_CLI_EXIT_FINDING = 1,
    HT_CLI_EXIT_FAILED = 2,
    HT_CLI_EXIT_PARTIAL = 3,
    HT_CLI_EXIT_BUSY = 4, /* another run has the archive; nothing was done */
    HT_CLI_EXIT_INTERRUPTED = 130,
};

/* Several may apply: failed before a finding before partial. */
enum ht_cli_exit ht_cli_exit_status(bool failed, bool finding, bool partial);

struct ht_cli_run {
    const struct ht_cli_arguments *arguments;
    const struct ht_cli_surroundings *surroundings;
    struct ht_cli_settings settings;
    char *key;                    /* of --anonymize */
    size_t refused_paths;         /* named, but not there or not readable */
    bool failed;                  /* an output could not be written */
    struct ht_analysis *analysis; /* NULL: the job needs none */
    void *result;                 /* of the job */
};

struct ht_cli_job {
    /* Read everything, and set run->result. */
    enum ht_status (*work)(struct ht_cli_run *run, struct ht_analysis *analysis,
                           struct ht_err *err);
    enum ht_status (*write)(const struct ht_cli_run *run, const struct ht_render_options *options,
                            const struct ht_sink *sink, struct ht_err *err);
    /* Messages, before anything is written; true when part of the input is missing. NULL = none */
    bool (*say)(const struct ht_cli_run *run);
    /* There is something at --fail-on. NULL = no. */
    bool (*has_finding)(const struct ht_cli_run *run);
    /* When everything is written. NULL = nothing to be done. */
    enum ht_status (*commit)(const struct ht_cli_run *run, struct ht_err *err);
    void (*release)(void *result); /* of NULL too */
    bool needs_no_input;           /* work() has no analysis then */
};

enum ht_cli_exit ht_cli_run(const struct ht_cli_arguments *arguments,
                            const struct ht_cli_surroundings *surroundings,
                            const struct ht_cli_job *job);

#endif
