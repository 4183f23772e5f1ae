/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_CHECK_H
#define HT_BASE_CHECK_H
/*
 * HT_ASSERT() states what must be true of our own code; it aborts, in every build, and is never
 * used to validate input. HT_TRY() hands a failure on to the caller.
 */
#include <stdio.h>
#include <stdlib.h>

#include "hubtriage/err.h"

#define HT_ASSERT(cond) \
    do {                \
        if (!(cond)) {  \
            abort();    \
        }               \
    } while (0)

#define HT_TRY(expr)                                  \
    do {                                              \
        const enum ht_status ht_try_status_ = (expr); \
        if (ht_try_status_ != HT_OK) {                \
            return ht_try_status_;                    \
        }                                             \
    } while (0)

#endif
