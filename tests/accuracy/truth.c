/* SPDX-License-Identifier: MIT */
#include "truth.h"

#include <stdio.h>
#include <string.h>

#include "lines.h"

static void take_disconnect(struct run *run, const json_t *object) {
    struct episodes *truth = &run->truth;
    const json_t *incident = json_object_get(object, "incident");
    truth->list = grow(truth->list, truth->count, &truth->capacity, sizeof *truth->list);
    truth->list[truth->count++] = (struct episode){
        .key = key_of(object, run->with_hub),
        .hub = copy_text(text_of(object, "hub")),
        .time_us = time_of(object, "time"),
        .cause = cause_of(object, "cause"),
        .seen = !json_is_false(json_object_get(object, "seen")),
        .incident = json_is_integer(incident) ? json_integer_value(incident) : NO_PAIR,
        .session_s = NO_SPAN,
        .pair = NO_PAIR,
    };
}

static void take_incident(struct run *run, const json_t *object) {
    struct incidents *incidents = &run->true_incidents;
    incidents->list =
        grow(incidents->list, incidents->count, &incidents->capacity, sizeof *incidents->list);
    incidents->list[incidents->count++] = (struct incident){
        .id = json_integer_value(json_object_get(object, "id")),
        .hub = copy_text(text_of(object, "hub")),
        .network = copy_text(text_of(object, "network")),
        .cause = cause_of(object, "cause"),
        .start_us = time_of(object, "start"),
        .end_us = time_of(object, "end"),
        .devices = (uint64_t)json_integer_value(json_object_get(object, "devices")),
        .connected = (uint64_t)json_integer_value(json_object_get(object, "connected")),
    };
}

static void take_device(struct run *run, const json_t *object) {
    struct devices *devices = &run->true_devices;
    devices->list = grow(devices->list, devices->count, &devices->capacity, sizeof *devices->list);
    devices->list[devices->count++] = (struct device){
        .key = key_of(object, run->with_hub),
        .word = copy_text(text_of(object, "role")),
        .at_end = copy_text(text_of(object, "at_end")),
        .period_s = span_of(object, "period_seconds"),
    };
}

static void take(void *ctx, const json_t *object) {
    struct run *run = ctx;
    const char *kind = text_of(object, "kind");
    if (kind == NULL) {
        return;
    }
    if (strcmp(kind, "disconnect") == 0) {
        take_disconnect(run, object);
    } else if (strcmp(kind, "incident") == 0) {
        take_incident(run, object);
    } else if (strcmp(kind, "device") == 0) {
        take_device(run, object);
    }
}

bool truth_read(struct run *run) {
    char path[4096];
    snprintf(path, sizeof path, "%s.truth", run->base);
    return lines_read(path, take, run);
}
