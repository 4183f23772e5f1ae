/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_OUTPUT_H
#define HT_CLI_OUTPUT_H
/*
 * Where reports go: standard output, a device or FIFO, or a file, which appears whole or not at
 * all. A file is written under a hidden temporary name in the folder of its target, synced, and
 * renamed.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "hubtriage/report.h"

enum { HT_CLI_OUTPUT_BUFFER_BYTES = 64 * 1024 };

struct ht_cli_output {
    int fd;
    const char *name; /* for messages */
    char *target;     /* the file to be replaced, links resolved; NULL when written directly */
    char *temporary;
    const volatile sig_atomic_t *interrupted;
    bool broken_pipe; /* the reader went away, which is no error */
    size_t len;
    char buffer[HT_CLI_OUTPUT_BUFFER_BYTES];
};

/*
 * ht_cli_output_check() - what can be known before anything is written: the path is no directory,
 * and its folder exists and may be written to. HT_E_IO. The other one is for a folder to be written
 * to, which need not exist, but its parent.
 */
HT_MUST_CHECK enum ht_status ht_cli_output_check(const char *path, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_cli_output_check_folder(const char *path, struct ht_err *err);

/* It is one, or its name ends in '/'. */
bool ht_cli_output_is_folder(const char *path);

/* Make the folder, unless it is there; its parent must be. HT_E_IO. */
HT_MUST_CHECK enum ht_status ht_cli_output_make_folder(const char *path, struct ht_err *err);

/* path NULL is standard output. On failure nothing is left behind. */
HT_MUST_CHECK enum ht_status ht_cli_output_open(struct ht_cli_output *output, const char *path,
                                                const volatile sig_atomic_t *interrupted,
                                                struct ht_err *err);

/*
 * The function of a sink; ctx is the output. HT_E_IO; HT_E_CANCEL when interrupted, or when the
 * reader of a pipe went away (then broken_pipe is set).
 */
enum ht_status ht_cli_output_write(void *ctx, const char *bytes, size_t len, struct ht_err *err);

/* Write what is buffered, sync, rename. On failure the temporary file is removed. */
HT_MUST_CHECK enum ht_status ht_cli_output_commit(struct ht_cli_output *output, struct ht_err *err);

/* Give up: close, and remove the temporary file. */
void ht_cli_output_abandon(struct ht_cli_output *output);

/*
 * ht_cli_output_print() - all of a text to standard output, such as a help. A broken pipe is no
 * error.
 */
HT_MUST_CHECK enum ht_status ht_cli_output_print(const char *text, size_t len, struct ht_err *err);

/*
 * ht_cli_output_page() - what print() writes, to standard output: to memory first, so that a full
 * disk or a closed pipe is met in one place, and nothing is printed when print() fails. Returns
 * what it returned, HT_E_NOMEM or HT_E_IO.
 */
typedef enum ht_status ht_cli_print_fn(FILE *out, const void *ctx, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_cli_output_page(ht_cli_print_fn *print, const void *ctx,
                                                struct ht_err *err);

#endif
