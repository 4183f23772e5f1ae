/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cli/messages.h"

enum { FIRST_AFTER_MS = 1000, AGAIN_AFTER_MS = 200 };

static int64_t clock_ms(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return 0;
    }
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void ht_cli_progress_begin(struct ht_cli_progress *progress, bool enabled,
                           const volatile sig_atomic_t *interrupted) {
    *progress = (struct ht_cli_progress){.interrupted = interrupted,
                                         .enabled = enabled,
                                         .begin_ms = clock_ms()};
}

/* Tenths of the unit that suits the largest figure of the line. */
static const char *scale(uint64_t largest, uint64_t *tenth) {
    static const struct {
        uint64_t bytes;
        const char *name;
    } units[] = {{1000000000000, "TB"}, {1000000000, "GB"}, {1000000, "MB"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (largest >= units[i].bytes) {
            *tenth = units[i].bytes / 10;
            return units[i].name;
        }
    }
    *tenth = 100;
    return "kB";
}

static uint64_t seconds_left(const struct ht_progress *now, int64_t elapsed_ms) {
    const double share = (double)now->bytes_read / (double)now->bytes_total;
    return (uint64_t)((double)elapsed_ms * (1 - share) / share / 1000 + 0.5);
}

void ht_cli_progress_text(const struct ht_progress *now, int64_t elapsed_ms,
                          char out[HT_CLI_PROGRESS_BYTES]) {
    char records[HT_CLI_COUNT_TEXT_BYTES];
    uint64_t tenth = 1;
    (void)ht_cli_count_text(now->records, records);
    /* A file that grows is read beyond the size it had. */
    if (now->bytes_total == 0 || now->bytes_read > now->bytes_total || now->bytes_read == 0) {
        const char *unit = scale(now->bytes_read, &tenth);
        const uint64_t read = now->bytes_read / tenth;
        (void)snprintf(out, HT_CLI_PROGRESS_BYTES, "%" PRIu64 ".%" PRIu64 " %s, %s records",
                       read / 10, read % 10, unit, records);
        return;
    }
    const char *unit = scale(now->bytes_total, &tenth);
    const uint64_t read = now->bytes_read / tenth;
    const uint64_t total = now->bytes_total / tenth;
    const double percent = 100 * (double)now->bytes_read / (double)now->bytes_total;
    (void)snprintf(out, HT_CLI_PROGRESS_BYTES,
                   "%3d %%  %" PRIu64 ".%" PRIu64 " of %" PRIu64 ".%" PRIu64
                   " %s, %s records, %" PRIu64 " s left",
                   (int)percent, read / 10, read % 10, total / 10, total % 10, unit, records,
                   seconds_left(now, elapsed_ms));
}

bool ht_cli_progress_update(void *ctx, const struct ht_progress *now) {
    struct ht_cli_progress *progress = ctx;
    if (*progress->interrupted != 0) {
        return false;
    }
    if (!progress->enabled) {
        return true;
    }
    const int64_t elapsed_ms = clock_ms() - progress->begin_ms;
    if (elapsed_ms < FIRST_AFTER_MS || elapsed_ms - progress->drawn_ms < AGAIN_AFTER_MS) {
        return true;
    }
    char text[HT_CLI_PROGRESS_BYTES];
    ht_cli_progress_text(now, elapsed_ms, text);
    (void)fprintf(stderr, "\r\x1B[K%s", text);
    (void)fflush(stderr);
    progress->drawn_ms = elapsed_ms;
    progress->visible = true;
    return true;
}

void ht_cli_progress_end(struct ht_cli_progress *progress) {
    if (progress->visible) {
        (void)fputs("\r\x1B[K", stderr);
        (void)fflush(stderr);
        progress->visible = false;
    }
}
