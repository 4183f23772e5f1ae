/* SPDX-License-Identifier: MIT */
#ifndef FLEET_SCORE_H
#define FLEET_SCORE_H
/*
 * How well do the disconnects that were found agree with those that happened? Both are NDJSON, in
 * pairs of files; the counts of all pairs are added up. An episode of the truth and one that was
 * found are the same when hub, device and module are the same and their times are at most 30 s
 * apart; each is used once. Ends whose every record was lost are nobody's fault.
 */
#include <stdbool.h>
#include <stddef.h>

struct score_options {
    bool json;
    bool errors; /* one line for each episode that was judged wrong, missed or invented */
};

/* TRUTH FOUND [TRUTH FOUND]... Returns the exit status: 0, or 2 when a file cannot be read. */
int score_run(char *const *paths, size_t count, const struct score_options *options);

#endif
