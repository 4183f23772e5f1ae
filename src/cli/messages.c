/* SPDX-License-Identifier: MIT */
#include "cli/messages.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/printable.h"

enum {
    LINE_BYTES = 2048,
    REASON_BYTES = 64, /* kept free for the reason, however long the path before it is */
};

/* One write for a whole line, so that lines of several programs do not mix. */
static void put_line(const char *prefix, const char *text) {
    char printable[LINE_BYTES];
    char line[LINE_BYTES + 32];
    (void)ht_cli_printable(printable, sizeof printable, text);
    (void)snprintf(line, sizeof line, "%s%s\n", prefix, printable);
    (void)fputs(line, stderr);
    (void)fflush(stderr);
}

void ht_cli_say(const char *format, ...) {
    char text[LINE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put_line("hubtriage: ", text);
}

void ht_cli_say_hint(const char *hint) {
    if (hint != NULL && hint[0] != '\0') {
        put_line("hint: ", hint);
    }
}

void ht_cli_say_err(const struct ht_err *err) {
    ht_cli_say("%s", err->message);
    ht_cli_say_hint(err->hint);
}

enum ht_status ht_cli_usage(struct ht_err *err, const char *format, ...) {
    *err = (struct ht_err){.status = HT_E_USAGE};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return HT_E_USAGE;
}

enum ht_status ht_cli_io_error(struct ht_err *err, int sys_errno, const char *format, ...) {
    *err = (struct ht_err){.status = HT_E_IO, .sys_errno = sys_errno};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message - REASON_BYTES, format, args);
    va_end(args);
    const size_t len = strlen(err->message);
    (void)snprintf(err->message + len, sizeof err->message - len, ": %s", strerror(sys_errno));
    return HT_E_IO;
}

enum ht_status ht_cli_no_memory(struct ht_err *err) {
    *err = (struct ht_err){.status = HT_E_NOMEM, .message = "not enough memory"};
    return HT_E_NOMEM;
}

const char *ht_cli_count_text(uint64_t count, char out[HT_CLI_COUNT_TEXT_BYTES]) {
    char digits[HT_CLI_COUNT_TEXT_BYTES];
    const int written = snprintf(digits, sizeof digits, "%" PRIu64, count);
    const size_t len = written > 0 ? (size_t)written : 0;
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}
