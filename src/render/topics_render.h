/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_TOPICS_RENDER_H
#define HT_RENDER_TOPICS_RENDER_H
/* The formats behind ht_topics_write(). Failures are left in out->status. */
#include "hubtriage/explain.h"
#include "render/json_writer.h"

void ht_render_topics_text(const struct ht_topic *topics, size_t count, bool as_list,
                           const struct ht_render_options *options, struct ht_sink_buffer *out);
void ht_render_topics_json(const struct ht_topic *topics, size_t count, struct ht_sink_buffer *out);
void ht_render_topics_ndjson(const struct ht_topic *topics, size_t count,
                             struct ht_sink_buffer *out);

void ht_json_put_topic(struct ht_json *json, const struct ht_topic *topic,
                       enum ht_json_layout layout);

#endif
