/* SPDX-License-Identifier: MIT */
#include "results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

static void take_row(void *ctx, const json_t *object) {
    struct run *run = ctx;
    struct episodes *found = &run->found;
    const json_t *incident = json_object_get(object, "incident");
    const json_t *codes = json_object_get(object, "codes");
    run->with_hub = run->with_hub || text_of(object, "hub") != NULL;
    found->list = grow(found->list, found->count, &found->capacity, sizeof *found->list);
    struct episode *episode = &found->list[found->count++];
    *episode = (struct episode){
        .key = key_of(object, true),
        .hub = copy_text(text_of(object, "hub")),
        .time_us = time_of(object, "time"),
        .cause = cause_of(object, "cause"),
        .confidence = json_number_value(json_object_get(object, "confidence")),
        .seen = true,
        .incident = json_is_integer(incident) ? json_integer_value(incident) : NO_PAIR,
        .session_s = span_of(object, "session_seconds"),
        .pair = NO_PAIR,
    };
    const size_t count = json_array_size(codes);
    for (size_t i = 0; i < count && i < HT_CODES_MAX; i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        episode->codes[episode->code_count++] =
            code != NULL ? (uint32_t)strtoul(code, NULL, 10) : 0;
    }
}

static void take_incidents(struct run *run, const json_t *array) {
    struct incidents *incidents = &run->found_incidents;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *object = json_array_get(array, i);
        incidents->list =
            grow(incidents->list, incidents->count, &incidents->capacity, sizeof *incidents->list);
        incidents->list[incidents->count++] = (struct incident){
            .id = json_integer_value(json_object_get(object, "index")),
            .hub = copy_text(text_of(object, "hub")),
            .network = copy_text(text_of(object, "common_network")),
            .cause = cause_of(object, "cause"),
            .start_us = time_of(object, "start_time"),
            .end_us = time_of(object, "end_time"),
            .devices = (uint64_t)json_integer_value(json_object_get(object, "devices")),
        };
    }
}

static void take_devices(struct run *run, const json_t *array) {
    struct devices *devices = &run->found_devices;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *object = json_array_get(array, i);
        run->with_hub = run->with_hub || text_of(object, "hub") != NULL;
        devices->list =
            grow(devices->list, devices->count, &devices->capacity, sizeof *devices->list);
        devices->list[devices->count++] = (struct device){
            .key = key_of(object, true),
            .word = copy_text(text_of(object, "pattern_key")),
            .period_s = span_of(object, "cadence_seconds"),
        };
    }
}

static bool read_report(struct run *run) {
    char path[4096];
    snprintf(path, sizeof path, "%s.json", run->base);
    if (access(path, F_OK) != 0) {
        return true;
    }
    json_error_t error;
    json_t *report = json_load_file(path, 0, &error);
    if (!json_is_object(report)) {
        fprintf(stderr, "score: %s:%d: %s\n", path, error.line, error.text);
        json_decref(report);
        return false;
    }
    run->has_report = true;
    take_incidents(run, json_object_get(report, "incidents"));
    take_devices(run, json_object_get(report, "devices"));
    json_decref(report);
    return true;
}

bool results_read(struct run *run) {
    char path[4096];
    snprintf(path, sizeof path, "%s.ndjson", run->base);
    return lines_read(path, take_row, run) && read_report(run);
}
