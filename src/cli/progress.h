/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_PROGRESS_H
#define HT_CLI_PROGRESS_H
/*
 * One line on the terminal while input is read, from the first second on, a few times a second; and
 * the place where a signal stops the reading.
 */
#include <signal.h>
#include <stddef.h>

#include "hubtriage/hubtriage.h"

struct ht_cli_progress {
    const volatile sig_atomic_t *interrupted;
    bool enabled; /* false: only watches for signals */
    bool visible;
    int64_t begin_ms;
    int64_t drawn_ms;
};

void ht_cli_progress_begin(struct ht_cli_progress *progress, bool enabled,
                           const volatile sig_atomic_t *interrupted);

/* An ht_progress_fn; ctx is the struct ht_cli_progress. */
bool ht_cli_progress_update(void *ctx, const struct ht_progress *now);

/* Wipe the line, so that messages can follow. */
void ht_cli_progress_end(struct ht_cli_progress *progress);

enum { HT_CLI_PROGRESS_BYTES = 160 };

/* " 43 %  1.2 of 2.8 GB, 3,211,004 records, 12 s left"; elapsed_ms is since the beginning. */
void ht_cli_progress_text(const struct ht_progress *now, int64_t elapsed_ms,
                          char out[HT_CLI_PROGRESS_BYTES]);

#endif
