/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_DEVICE_H
#define HUBTRIAGE_DEVICE_H
/*
 * One device's time line, so that an engineer can check by eye what is said of it.
 *
 *     options.device_id = "pump-17";           the whole log is read: incidents and cadences show
 *     ht_analysis_run(analysis, &report, &err);          only in all of it
 *     if (ht_device_need(report, options.device_id, &err) == HT_OK) {
 *         ht_device_write(report, &render_options, &sink, &err);
 *     }
 *
 * Of such a report the findings, incidents and figures are those of that device alone; one of that
 * id on each of several hubs is possible. The functions work on any report.
 */
#include "hubtriage/report.h"

/* The value of "schema" in its JSON document: the number changes when a key does. */
#define HT_SCHEMA_DEVICE "hubtriage.device/1"

/* Connects that the hub refused one after the other. */
struct ht_refusals {
    uint64_t count;
    int64_t first_us;
    int64_t last_us;
    uint32_t codes[HT_CODES_MAX]; /* in order of their first appearance; 0 for one without a code */
    uint64_t code_counts[HT_CODES_MAX];
    size_t code_count;
    uint64_t other_codes; /* refusals whose code found no place */
    const char *message;  /* [log] of the last one that has a message */
};

/* A session and what followed it, up to the next session. */
struct ht_device_step {
    bool has_session; /* false: refusals before the first session of the window */
    struct ht_session_view session;
    int64_t begin_us; /* when the session began, or the earliest moment that is possible */
    int64_t until_us; /* when it ended, or the last moment that is possible, or is in the log */
    bool has_disconnect;
    bool in_window; /* the disconnect is counted */
    struct ht_disconnect disconnect;
    struct ht_refusals refused; /* within the window */
};

/* Steps in order of time, of the device of that index (ht_report_device()). O(log events). */
HT_PUBLIC size_t ht_device_step_count(const struct ht_report *report, size_t device);
HT_PUBLIC void ht_device_step(const struct ht_report *report, size_t device, size_t step,
                              struct ht_device_step *out);

/* A part of the span of the device's hub within the window. The three add up to the cell's span. */
struct ht_axis_cell {
    int64_t up_us;
    int64_t down_us;
    int64_t unknown_us;
    uint64_t disconnects;
    uint64_t refused;
};

/*
 * ht_device_axis() - up and down over time: the span in count equal cells, each of at least one
 * microsecond. Returns false, and leaves the cells empty, when the span is shorter than that.
 */
HT_PUBLIC bool ht_device_axis(const struct ht_report *report, size_t device,
                              struct ht_axis_cell *cells, size_t count, int64_t *from_us,
                              int64_t *to_us);

/* Modules of a device; names of at most max of them [log], in order. Returns how many there are. */
HT_PUBLIC size_t ht_device_modules(const struct ht_report *report, size_t device,
                                   const char **names, size_t max);

/* HT_OK when the report has a device; else HT_E_USAGE with the nearest ids of the log, escaped. */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_device_need(const struct ht_report *report,
                                                      const char *id, struct ht_err *err);

/*
 * ht_device_write() - render the time line of every device of the report. ndjson is one step a
 * line; json is described by device.schema.json. Text shortens long lists unless options->verbose.
 * Returns what the sink returned, or HT_E_NOMEM.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_device_write(const struct ht_report *report,
                                                       const struct ht_render_options *options,
                                                       const struct ht_sink *sink,
                                                       struct ht_err *err);

#endif
