/* SPDX-License-Identifier: MIT */
/* Time lines for programs: one step at a time. The keys are described in device.schema.json. */
#include "hubtriage/device.h"
#include "render/renderers.h"
#include "render/report_rows.h"
#include "render/rows_json.h"

static void put_refusals(struct ht_json *json, const struct ht_refusals *refused) {
    if (refused->count == 0) {
        ht_json_null(json, "refused");
        return;
    }
    ht_json_object(json, "refused", HT_JSON_LINE);
    ht_json_count(json, "connects", refused->count);
    ht_json_time(json, "first_time", refused->first_us);
    ht_json_time(json, "last_time", refused->last_us);
    ht_json_array(json, "codes", HT_JSON_LINE);
    for (size_t i = 0; i < refused->code_count; i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        if (refused->codes[i] != 0) {
            ht_json_code(json, "code", refused->codes[i]);
        } else {
            ht_json_null(json, "code");
        }
        ht_json_count(json, "count", refused->code_counts[i]);
        ht_json_end(json);
    }
    ht_json_end(json);
    ht_json_count(json, "other_codes", refused->other_codes);
    ht_json_text(json, "message", refused->message);
    ht_json_end(json);
}

static void put_step(struct ht_json *json, const struct ht_device_view *device,
                     const struct ht_device_step *step) {
    ht_json_object(json, NULL, HT_JSON_LINE);
    ht_json_text(json, "hub", device->hub);
    ht_json_text(json, "device", device->device);
    ht_json_text(json, "module", device->module);
    if (step->has_session) {
        ht_json_put_session(json, "session", &step->session);
    } else {
        ht_json_null(json, "session");
    }
    ht_json_time(json, "begin_time", step->begin_us);
    ht_json_time(json, "until_time", step->until_us);
    if (step->has_disconnect) {
        ht_json_put_disconnect(json, "disconnect", &step->disconnect);
    } else {
        ht_json_null(json, "disconnect");
    }
    ht_json_bool(json, "in_window", step->in_window);
    put_refusals(json, &step->refused);
    ht_json_end(json);
}

static void put_steps(struct ht_json *json, const struct ht_report *report) {
    const size_t devices = ht_report_device_count(report);
    for (size_t i = 0; i < devices; i++) {
        struct ht_device_view device;
        const size_t steps = ht_device_step_count(report, i);
        ht_report_device(report, i, &device);
        for (size_t k = 0; k < steps && !ht_json_failed(json); k++) {
            struct ht_device_step step;
            ht_device_step(report, i, k, &step);
            put_step(json, &device, &step);
        }
    }
}

void ht_render_device_json(const struct ht_report *report, struct ht_sink_buffer *out) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_json json;
    ht_json_init(&json, out);
    ht_json_object(&json, NULL, HT_JSON_BLOCK);
    ht_json_put_head(&json, HT_SCHEMA_DEVICE, summary);
    ht_json_put_rows(&json, report, HT_EMIT_DEVICES);
    ht_json_put_rows(&json, report, HT_EMIT_INCIDENTS);
    ht_json_put_rows(&json, report, HT_EMIT_FINDINGS);
    ht_json_array(&json, "steps", HT_JSON_BLOCK);
    put_steps(&json, report);
    ht_json_end(&json);
    ht_json_end(&json);
}

void ht_render_device_ndjson(const struct ht_report *report, struct ht_sink_buffer *out) {
    struct ht_json json;
    ht_json_init(&json, out);
    put_steps(&json, report);
}
