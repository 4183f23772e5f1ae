/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_ERR_H
#define HT_BASE_ERR_H
/* Filling a struct ht_err (hubtriage/err.h). All of these do nothing when err is NULL. */
#include "base/compiler.h"
#include "base/str.h"
#include "hubtriage/err.h"

/*
 * ht_err_set() - start a fresh error and return its status, so that `return ht_err_set(...)` reads
 * well. The formatted message is made printable: log bytes may be passed with %s or %.*s.
 */
enum ht_status ht_err_set(struct ht_err *err, enum ht_status status, const char *format, ...)
    HT_PRINTF(3, 4);

/* Like ht_err_set() for a failed system call: status HT_E_IO, ": " and the text of sys_errno
 * appended. */
enum ht_status ht_err_set_errno(struct ht_err *err, int sys_errno, const char *format, ...)
    HT_PRINTF(3, 4);

/* Add what to do next. */
void ht_err_hint(struct ht_err *err, const char *format, ...) HT_PRINTF(2, 3);

/* Add where: the source by name, the record (1-based, 0 unknown) and the byte in it. */
void ht_err_where(struct ht_err *err, struct ht_str source, uint64_t record, uint64_t offset_bytes);

#endif
