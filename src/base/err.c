/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void format_printable(char *out, size_t size_bytes, const char *format, va_list args) {
    char raw[1024];
    const int wanted = vsnprintf(raw, sizeof raw, format, args);
    if (wanted < 0) {
        raw[0] = '\0';
    }
    (void)ht_text_printable(out, size_bytes, ht_str_from(raw));
}

static void start(struct ht_err *err, enum ht_status status, int sys_errno) {
    *err = (struct ht_err){.status = status, .sys_errno = sys_errno};
}

enum ht_status ht_err_set(struct ht_err *err, enum ht_status status, const char *format, ...) {
    if (err != NULL) {
        start(err, status, 0);
        va_list args;
        va_start(args, format);
        format_printable(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}

enum ht_status ht_err_set_errno(struct ht_err *err, int sys_errno, const char *format, ...) {
    if (err != NULL) {
        start(err, HT_E_IO, sys_errno);
        va_list args;
        va_start(args, format);
        format_printable(err->message, sizeof err->message, format, args);
        va_end(args);
        char reason[128];
        if (strerror_r(sys_errno, reason, sizeof reason) != 0) {
            (void)snprintf(reason, sizeof reason, "error %d", sys_errno);
        }
        const size_t len = strlen(err->message);
        (void)snprintf(err->message + len, sizeof err->message - len, ": %s", reason);
    }
    return HT_E_IO;
}

void ht_err_hint(struct ht_err *err, const char *format, ...) {
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        format_printable(err->hint, sizeof err->hint, format, args);
        va_end(args);
    }
}

void ht_err_where(struct ht_err *err, struct ht_str source, uint64_t record,
                  uint64_t offset_bytes) {
    if (err != NULL) {
        (void)ht_text_printable(err->source, sizeof err->source, source);
        err->record = record;
        err->offset_bytes = offset_bytes;
    }
}
