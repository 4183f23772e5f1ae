/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_LINES_H
#define ACCURACY_LINES_H
/* JSON Lines, one object after the other, and their members. */
#include <jansson.h>

#include "run.h"

/* Calls take() for each line; a line that is no object ends it with a message and false. */
bool lines_read(const char *path, void (*take)(void *ctx, const json_t *object), void *ctx);

const char *text_of(const json_t *object, const char *key); /* NULL = not there, or null */
int64_t time_of(const json_t *object, const char *key);     /* HT_TIME_NONE likewise */
int64_t span_of(const json_t *object, const char *key);     /* NO_SPAN likewise */
enum ht_cause cause_of(const json_t *object, const char *key);

/* "HUB DEVICE MODULE"; the caller frees it. */
char *key_of(const json_t *object, bool with_hub);

#endif
