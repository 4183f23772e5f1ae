/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

bool lines_read(const char *path, void (*take)(void *ctx, const json_t *object), void *ctx) {
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        fprintf(stderr, "score: cannot read %s\n", path);
        return false;
    }
    char *line = NULL;
    size_t capacity = 0;
    size_t number = 0;
    bool good = true;
    for (ssize_t len = 0; good && (len = getline(&line, &capacity, stream)) >= 0;) {
        json_error_t error;
        json_t *object = json_loadb(line, (size_t)len, 0, &error);
        number++;
        good = json_is_object(object);
        if (good) {
            take(ctx, object);
        } else {
            fprintf(stderr, "score: %s:%zu: no JSON object\n", path, number);
        }
        json_decref(object);
    }
    free(line);
    good = good && ferror(stream) == 0;
    fclose(stream);
    return good;
}

const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

int64_t time_of(const json_t *object, const char *key) {
    const char *text = text_of(object, key);
    int64_t time_us = HT_TIME_NONE;
    if (text == NULL ||
        !ht_time_parse_iso((struct ht_str){.ptr = text, .len = strlen(text)}, &time_us)) {
        return HT_TIME_NONE;
    }
    return time_us;
}

int64_t span_of(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? (int64_t)(json_number_value(value) + 0.5) : NO_SPAN;
}

enum ht_cause cause_of(const json_t *object, const char *key) {
    const char *name = text_of(object, key);
    for (unsigned i = 0; name != NULL && i < HT_CAUSE_COUNT; i++) {
        if (strcmp(ht_cause_name((enum ht_cause)i), name) == 0) {
            return (enum ht_cause)i;
        }
    }
    return HT_CAUSE_UNKNOWN;
}

char *key_of(const json_t *object, bool with_hub) {
    const char *parts[] = {with_hub ? text_of(object, "hub") : "", text_of(object, "device"),
                           text_of(object, "module")};
    char key[1024];
    snprintf(key, sizeof key, "%s %s %s", parts[0] != NULL ? parts[0] : "",
             parts[1] != NULL ? parts[1] : "", parts[2] != NULL ? parts[2] : "");
    return copy_text(key);
}
