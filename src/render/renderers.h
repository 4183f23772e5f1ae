/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_RENDERERS_H
#define HT_RENDER_RENDERERS_H
/* The formats behind ht_report_write(). Failures are left in out->status. */
#include "render/sink_buffer.h"

void ht_render_json(const struct ht_report *report, struct ht_sink_buffer *out);

void ht_render_ndjson(const struct ht_report *report, enum ht_emit emit,
                      struct ht_sink_buffer *out);

void ht_render_text(const struct ht_report *report, const struct ht_render_options *options,
                    struct ht_sink_buffer *out);

#endif
