/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_MESSAGES_H
#define HT_CLI_MESSAGES_H
/*
 * Messages: "hubtriage: ..." on standard error, one line each, made printable here whatever is in
 * it. An error that has a hint is followed by a line "hint: ...".
 */
#include <stdint.h>

#include "hubtriage/err.h"

#if defined(__GNUC__)
#define HT_CLI_FORMAT(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#else
#define HT_CLI_FORMAT(format_at, first_at)
#endif

void ht_cli_say(const char *format, ...) HT_CLI_FORMAT(1, 2);
void ht_cli_say_hint(const char *hint); /* NULL and "" say nothing */
void ht_cli_say_err(const struct ht_err *err);

/* Fills err and returns HT_E_USAGE, so that `return ht_cli_usage(...)` reads well. */
enum ht_status ht_cli_usage(struct ht_err *err, const char *format, ...) HT_CLI_FORMAT(2, 3);

/* Fills err with a system call's failure, "what: reason", and returns HT_E_IO. */
enum ht_status ht_cli_io_error(struct ht_err *err, int sys_errno, const char *format, ...)
    HT_CLI_FORMAT(3, 4);

/* Fills err with "not enough memory" and returns HT_E_NOMEM. */
enum ht_status ht_cli_no_memory(struct ht_err *err);

enum { HT_CLI_COUNT_TEXT_BYTES = 32 };

/* "1,234,567". Returns out. */
const char *ht_cli_count_text(uint64_t count, char out[HT_CLI_COUNT_TEXT_BYTES]);

#endif
