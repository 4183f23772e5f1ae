/* SPDX-License-Identifier: MIT */
#include "compare/baseline.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/err.h"
#include "base/grow.h"
#include "base/time.h"

enum { PATH_BYTES = 512, READ_BYTES = 64 * 1024 };

static const char schema[] = "hubtriage.report/1";
static const char hint[] = "a baseline is a former report: hubtriage report -o json=FILE";

/* One file that is being read. The first fault wins. */
struct reading {
    struct ht_baseline *baseline;
    struct ht_err *err;
    enum ht_status status;
    const char *part; /* what the value asked for is in: "fleet", "devices" */
    bool is_list;     /* of such parts: */
    size_t index;
};

int ht_text_or_null_cmp(const char *a, const char *b) {
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

const char *ht_fleet_figure_key(enum ht_fleet_figure figure) {
    static const char *const keys[HT_FLEET_FIGURE_COUNT] = {
        [HT_FLEET_DEVICES] = "devices",
        [HT_FLEET_NEVER_RETURNED] = "never_returned_devices",
        [HT_FLEET_REFUSED_DEVICES] = "refused_devices",
        [HT_FLEET_CONNECTS] = "connects",
        [HT_FLEET_REFUSED_CONNECTS] = "refused_connects",
        [HT_FLEET_DISCONNECTS] = "disconnects",
        [HT_FLEET_PLANNED] = "planned",
        [HT_FLEET_RENEWALS] = "renewals",
        [HT_FLEET_FAULTS] = "faults",
        [HT_FLEET_UNKNOWN] = "unknown",
        [HT_FLEET_UP_S] = "up_seconds",
        [HT_FLEET_DOWN_S] = "down_seconds",
        [HT_FLEET_UNKNOWN_S] = "unknown_seconds",
    };
    return keys[figure];
}

static enum ht_status no_memory(struct ht_err *err) {
    return ht_err_set(err, HT_E_NOMEM, "not enough memory for the baseline");
}

static enum ht_status refuse(const char *path, struct ht_err *err, const char *what) {
    (void)ht_err_set(err, HT_E_USAGE, "%.100s: %s", path, what);
    ht_err_hint(err, "%s", hint);
    return HT_E_USAGE;
}

static void fail(struct reading *reading, const char *key) {
    char index[32] = "";
    if (reading->status == HT_OK) {
        if (reading->is_list) {
            (void)snprintf(index, sizeof index, "[%zu]", reading->index);
        }
        reading->status = ht_err_set(reading->err, HT_E_USAGE,
                                     "%.100s: not a whole report: %s%s.%s is missing or wrong",
                                     reading->baseline->path, reading->part, index, key);
        ht_err_hint(reading->err, "%s", hint);
    }
}

/* Values. */

static uint64_t read_count(struct reading *reading, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        fail(reading, key);
        return 0;
    }
    return (uint64_t)json_integer_value(value);
}

static const char *read_text(struct reading *reading, const json_t *object, const char *key,
                             bool may_be_null) {
    const json_t *value = json_object_get(object, key);
    struct ht_str copy = HT_STR_NONE;
    if (json_is_null(value) && may_be_null) {
        return NULL;
    }
    if (!json_is_string(value)) {
        fail(reading, key);
        return "";
    }
    const struct ht_str text = {json_string_value(value), json_string_length(value)};
    if (ht_arena_copy(&reading->baseline->text, text, &copy) != HT_OK) {
        reading->status = no_memory(reading->err);
        return "";
    }
    return copy.ptr;
}

static int64_t read_time(struct reading *reading, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    int64_t time_us = HT_TIME_NONE;
    if (!json_is_null(value) &&
        (!json_is_string(value) ||
         !ht_time_parse_iso((struct ht_str){json_string_value(value), json_string_length(value)},
                            &time_us))) {
        fail(reading, key);
    }
    return time_us;
}

/* Of a finding always there, of a device null when nothing was found: false. */
static bool read_level(struct reading *reading, const json_t *object, int *level) {
    const json_t *value = json_object_get(object, "level");
    for (size_t i = 0; json_is_string(value) && i < HT_LEVEL_COUNT; i++) {
        if (strcmp(json_string_value(value), ht_level_name((enum ht_level)i)) == 0) {
            *level = (int)i;
            return true;
        }
    }
    if (!json_is_null(value)) {
        fail(reading, "level");
    }
    return false;
}

/* An array of objects at the top; its elements are then read one by one. */
static const json_t *open_list(struct reading *reading, const json_t *root, const char *key,
                               size_t element_bytes, void *elements) {
    const json_t *list = json_object_get(root, key);
    void **place = elements;
    reading->part = key;
    reading->is_list = true;
    reading->index = 0;
    if (!json_is_array(list)) {
        if (reading->status == HT_OK) {
            reading->status = ht_err_set(reading->err, HT_E_USAGE,
                                         "%.100s: not a whole report: %s is missing or wrong",
                                         reading->baseline->path, key);
            ht_err_hint(reading->err, "%s", hint);
        }
        return NULL;
    }
    *place = ht_arena_alloc(&reading->baseline->text, (json_array_size(list) + 1) * element_bytes,
                            sizeof(uint64_t));
    if (*place == NULL) {
        reading->status = no_memory(reading->err);
        return NULL;
    }
    return list;
}

/* Parts of the report. */

static void read_window(struct reading *reading, const json_t *root) {
    const json_t *window = json_object_get(root, "window");
    reading->part = "window";
    const int64_t since_us = read_time(reading, window, "since_time");
    const int64_t until_us = read_time(reading, window, "until_time");
    const int64_t first_us = read_time(reading, window, "first_event_time");
    const int64_t last_us = read_time(reading, window, "last_event_time");
    reading->baseline->first_us = since_us != HT_TIME_NONE ? since_us : first_us;
    reading->baseline->last_us = until_us != HT_TIME_NONE ? until_us : last_us;
}

static void read_fleet(struct reading *reading, const json_t *root) {
    const json_t *fleet = json_object_get(root, "fleet");
    reading->part = "fleet";
    for (size_t i = 0; i < HT_FLEET_FIGURE_COUNT; i++) {
        reading->baseline->fleet[i] =
            read_count(reading, fleet, ht_fleet_figure_key((enum ht_fleet_figure)i));
    }
}

/* A cause that this program does not know, or the file does not, has none. */
static void read_causes(struct reading *reading, const json_t *root) {
    const json_t *list = json_object_get(root, "causes");
    reading->part = "causes";
    reading->is_list = true;
    reading->index = 0;
    if (!json_is_array(list)) {
        fail(reading, "cause");
    }
    for (size_t i = 0; i < json_array_size(list) && reading->status == HT_OK; i++) {
        const json_t *item = json_array_get(list, i);
        reading->index = i;
        const char *name = read_text(reading, item, "cause", false);
        const uint64_t disconnects = read_count(reading, item, "disconnects");
        for (size_t k = 0; k < HT_CAUSE_COUNT; k++) {
            if (strcmp(name, ht_cause_name((enum ht_cause)k)) == 0) {
                reading->baseline->by_cause[k] = disconnects;
            }
        }
    }
}

static void read_incidents(struct reading *reading, const json_t *root) {
    struct ht_baseline *baseline = reading->baseline;
    const json_t *list =
        open_list(reading, root, "incidents", sizeof *baseline->incidents, &baseline->incidents);
    for (size_t i = 0; i < json_array_size(list) && reading->status == HT_OK; i++) {
        const json_t *item = json_array_get(list, i);
        const json_t *share = json_object_get(item, "share");
        reading->index = i;
        struct ht_incident_then *incident = &baseline->incidents[i];
        *incident = (struct ht_incident_then){
            .hub = read_text(reading, item, "hub", true),
            .cause = read_text(reading, item, "cause", false),
            .start_us = read_time(reading, item, "start_time"),
            .end_us = read_time(reading, item, "end_time"),
            .devices = read_count(reading, item, "devices"),
            .share = json_is_number(share) ? json_number_value(share) : 0,
        };
        if (incident->start_us == HT_TIME_NONE) {
            fail(reading, "start_time");
        } else if (incident->end_us < incident->start_us) {
            fail(reading, "end_time");
        } else if (!(incident->share >= 0 && incident->share <= 1)) {
            fail(reading, "share");
        }
        baseline->incident_count = i + 1;
    }
}

static void read_findings(struct reading *reading, const json_t *root) {
    struct ht_baseline *baseline = reading->baseline;
    const json_t *list =
        open_list(reading, root, "findings", sizeof *baseline->findings, &baseline->findings);
    for (size_t i = 0; i < json_array_size(list) && reading->status == HT_OK; i++) {
        const json_t *item = json_array_get(list, i);
        int level = HT_LEVEL_NOTE;
        reading->index = i;
        if (!read_level(reading, item, &level)) {
            fail(reading, "level");
        }
        const struct ht_finding_change finding = {
            .level = level,
            .rule = read_text(reading, item, "rule", false),
            .title = read_text(reading, item, "title", false),
            .hub = read_text(reading, item, "hub", true),
            .devices = read_count(reading, item, "devices"),
        };
        if (level > HT_LEVEL_NOTE && !json_is_true(json_object_get(item, "normal")) &&
            json_is_null(json_object_get(item, "incident"))) {
            baseline->findings[baseline->finding_count++] = finding;
        }
    }
}

static void read_devices(struct reading *reading, const json_t *root) {
    struct ht_baseline *baseline = reading->baseline;
    const json_t *list =
        open_list(reading, root, "devices", sizeof *baseline->devices, &baseline->devices);
    for (size_t i = 0; i < json_array_size(list) && reading->status == HT_OK; i++) {
        const json_t *item = json_array_get(list, i);
        struct ht_baseline_device *row = &baseline->devices[i];
        reading->index = i;
        row->hub = read_text(reading, item, "hub", true);
        row->device = read_text(reading, item, "device", true);
        row->module = read_text(reading, item, "module", true);
        row->then.has_finding = read_level(reading, item, &row->then.level);
        row->then.faults = read_count(reading, item, "faults");
        row->then.disconnects = read_count(reading, item, "disconnects");
        row->then.pattern = read_text(reading, item, "pattern", false);
        const uint64_t up_s = read_count(reading, item, "up_seconds");
        const uint64_t down_s = read_count(reading, item, "down_seconds");
        const uint64_t unknown_s = read_count(reading, item, "unknown_seconds");
        const uint64_t most = INT64_MAX / 4;
        if (up_s > most || down_s > most || unknown_s > most) {
            fail(reading, "up_seconds");
            return;
        }
        row->then.span_s = (int64_t)(up_s + down_s + unknown_s);
        baseline->device_count = i + 1;
    }
}

static int compare_devices(const void *left, const void *right) {
    const struct ht_baseline_device *a = left;
    const struct ht_baseline_device *b = right;
    int order = ht_text_or_null_cmp(a->hub, b->hub);
    order = order != 0 ? order : ht_text_or_null_cmp(a->device, b->device);
    return order != 0 ? order : ht_text_or_null_cmp(a->module, b->module);
}

/* Is it a report, and one that this version can read? */
static enum ht_status check_schema(const char *path, const json_t *root, struct ht_err *err) {
    const json_t *named = json_object_get(root, "schema");
    const char *name = json_is_string(named) ? json_string_value(named) : "";
    const size_t stem = sizeof "hubtriage.report/" - 1;
    if (strcmp(name, schema) == 0) {
        return HT_OK;
    }
    if (strncmp(name, schema, stem) == 0) {
        (void)ht_err_set(err, HT_E_USAGE, "%.100s: of another version of hubtriage: %.40s", path,
                         name);
        ht_err_hint(err, "this version reads %s", schema);
        return HT_E_USAGE;
    }
    return refuse(path, err,
                  strncmp(name, schema, sizeof "hubtriage." - 1) == 0
                      ? "of hubtriage, but not a report"
                      : "not a report of hubtriage");
}

static void read_root(struct reading *reading, const json_t *root) {
    read_window(reading, root);
    read_fleet(reading, root);
    read_causes(reading, root);
    read_incidents(reading, root);
    read_findings(reading, root);
    read_devices(reading, root);
    struct ht_baseline *baseline = reading->baseline;
    if (reading->status == HT_OK && baseline->device_count > 1) {
        qsort(baseline->devices, baseline->device_count, sizeof *baseline->devices,
              compare_devices);
    }
}

static enum ht_status read_json(struct ht_baseline *baseline, const char *path, struct ht_str json,
                                struct ht_err *err) {
    json_error_t fault;
    struct ht_str copy;
    if (json.len == 0) {
        return refuse(path, err, "empty");
    }
    if (ht_arena_copy(&baseline->text, ht_str_from(path), &copy) != HT_OK) {
        return no_memory(err);
    }
    baseline->path = copy.ptr;
    json_t *root = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL) {
        const bool is_cut = json_error_code(&fault) == json_error_premature_end_of_input;
        return json_error_code(&fault) == json_error_out_of_memory
                   ? no_memory(err)
                   : refuse(path, err, is_cut ? "cut: the JSON has no end" : "not JSON");
    }
    struct reading reading = {.baseline = baseline, .err = err};
    reading.status = check_schema(path, root, err);
    if (reading.status == HT_OK) {
        read_root(&reading, root);
    }
    json_decref(root);
    return reading.status;
}

enum ht_status ht_baseline_parse(const char *path, struct ht_str json,
                                 struct ht_baseline **baseline, struct ht_err *err) {
    struct ht_baseline *made = calloc(1, sizeof *made);
    *baseline = NULL;
    if (made == NULL) {
        return no_memory(err);
    }
    ht_arena_init(&made->text, SIZE_MAX / 2);
    const enum ht_status status = read_json(made, path, json, err);
    if (status != HT_OK) {
        ht_baseline_free(made);
        return status;
    }
    *baseline = made;
    return HT_OK;
}

static enum ht_status hide(struct ht_baseline *baseline, const struct ht_pseudonym_key *key,
                           enum ht_pseudonym_kind kind, const char **name) {
    char pseudonym[HT_PSEUDONYM_BYTES];
    struct ht_str copy;
    if (*name == NULL || ht_pseudonym_is_one(kind, ht_str_from(*name))) {
        return HT_OK;
    }
    const size_t len = ht_pseudonym_write(key, kind, ht_str_from(*name), pseudonym);
    HT_TRY(ht_arena_copy(&baseline->text, (struct ht_str){pseudonym, len}, &copy));
    *name = copy.ptr;
    return HT_OK;
}

enum ht_status ht_baseline_hide(struct ht_baseline *baseline, const struct ht_pseudonym_key *key) {
    char path[PATH_BYTES];
    struct ht_str copy;
    ht_pseudonym_path(key, ht_str_from(baseline->path), path, sizeof path);
    HT_TRY(ht_arena_copy(&baseline->text, ht_str_from(path), &copy));
    baseline->path = copy.ptr;
    for (size_t i = 0; i < baseline->device_count; i++) {
        struct ht_baseline_device *device = &baseline->devices[i];
        HT_TRY(hide(baseline, key, HT_PSEUDONYM_HUB, &device->hub));
        HT_TRY(hide(baseline, key, HT_PSEUDONYM_DEVICE, &device->device));
        HT_TRY(hide(baseline, key, HT_PSEUDONYM_MODULE, &device->module));
    }
    for (size_t i = 0; i < baseline->incident_count; i++) {
        HT_TRY(hide(baseline, key, HT_PSEUDONYM_HUB, &baseline->incidents[i].hub));
    }
    for (size_t i = 0; i < baseline->finding_count; i++) {
        HT_TRY(hide(baseline, key, HT_PSEUDONYM_HUB, &baseline->findings[i].hub));
    }
    if (baseline->device_count > 1) {
        qsort(baseline->devices, baseline->device_count, sizeof *baseline->devices,
              compare_devices);
    }
    return HT_OK;
}

void ht_baseline_free(struct ht_baseline *baseline) {
    if (baseline != NULL) {
        ht_arena_release(&baseline->text);
        free(baseline);
    }
}

/* The file. */

static enum ht_status read_all(int fd, char **bytes, size_t *len, const char *path,
                               struct ht_err *err) {
    size_t capacity = 0;
    for (;;) {
        if (*len > HT_BASELINE_BYTES_MAX) {
            return ht_err_set(err, HT_E_USAGE, "%.100s: larger than 512 MiB", path);
        }
        const size_t room = (size_t)HT_BASELINE_BYTES_MAX + 1 - *len;
        const size_t wanted = *len + (room < READ_BYTES ? room : READ_BYTES);
        if (ht_grow(bytes, &capacity, wanted, (size_t)HT_BASELINE_BYTES_MAX + 1, 1) != HT_OK) {
            return no_memory(err);
        }
        const ssize_t got = read(fd, *bytes + *len, capacity - *len);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return ht_err_set_errno(err, errno, "%.100s: the baseline cannot be read", path);
        }
        if (got == 0) {
            return HT_OK;
        }
        *len += (size_t)got;
    }
}

enum ht_status ht_baseline_read(const char *path, struct ht_baseline **baseline,
                                struct ht_err *err) {
    char *bytes = NULL;
    size_t len = 0;
    *baseline = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ht_err_set_errno(err, errno, "%.100s: the baseline cannot be read", path);
    }
    enum ht_status status = read_all(fd, &bytes, &len, path, err);
    (void)close(fd);
    if (status == HT_OK) {
        status = ht_baseline_parse(path, (struct ht_str){bytes, len}, baseline, err);
    }
    free(bytes);
    return status;
}
