/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_RENDERERS_H
#define HT_RENDER_RENDERERS_H
/* The formats behind ht_report_write(). Failures are left in out->status. */
#include "render/json_writer.h"

/* The time lines of all devices of the report. */
void ht_render_device_text(const struct ht_report *report, const struct ht_render_options *options,
                           struct ht_sink_buffer *out);
void ht_render_device_json(const struct ht_report *report, struct ht_sink_buffer *out);
void ht_render_device_ndjson(const struct ht_report *report, struct ht_sink_buffer *out);

/* Members that the documents of a report and of a device begin with. */
void ht_json_put_head(struct ht_json *json, const char *schema, const struct ht_summary *summary);
void ht_render_json(const struct ht_report *report, struct ht_sink_buffer *out);

void ht_render_ndjson(const struct ht_report *report, enum ht_emit emit,
                      struct ht_sink_buffer *out);

/* RFC 4180, or with tabs between the cells. */
void ht_render_csv(const struct ht_report *report, enum ht_emit emit, struct ht_sink_buffer *out);
void ht_render_tsv(const struct ht_report *report, enum ht_emit emit, struct ht_sink_buffer *out);

void ht_render_html(const struct ht_report *report, struct ht_sink_buffer *out);
void ht_render_markdown(const struct ht_report *report, struct ht_sink_buffer *out);
void ht_render_prom(const struct ht_report *report, struct ht_sink_buffer *out);
void ht_render_mail(const struct ht_report *report, const struct ht_render_options *options,
                    struct ht_sink_buffer *out);

void ht_render_text(const struct ht_report *report, const struct ht_render_options *options,
                    struct ht_sink_buffer *out);

#endif
