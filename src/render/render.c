/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "hubtriage/device.h"
#include "render/inventory_render.h"
#include "render/renderers.h"
#include "render/topics_render.h"

enum ht_status ht_report_write(const struct ht_report *report,
                               const struct ht_render_options *options, const struct ht_sink *sink,
                               struct ht_err *err) {
    struct ht_sink_buffer *out = ht_sink_buffer_open(sink, err);
    if (out == NULL) {
        return ht_err_set(err, HT_E_NOMEM, "not enough memory");
    }
    switch (options->format) {
    case HT_FORMAT_JSON:
        ht_render_json(report, out);
        break;
    case HT_FORMAT_HTML:
        ht_render_html(report, out);
        break;
    case HT_FORMAT_NDJSON:
        ht_render_ndjson(report, options->emit, out);
        break;
    case HT_FORMAT_MARKDOWN:
        ht_render_markdown(report, out);
        break;
    case HT_FORMAT_CSV:
        ht_render_csv(report, options->emit, out);
        break;
    case HT_FORMAT_TSV:
        ht_render_tsv(report, options->emit, out);
        break;
    case HT_FORMAT_PROM:
        ht_render_prom(report, out);
        break;
    case HT_FORMAT_MAIL:
        ht_render_mail(report, options, out);
        break;
    case HT_FORMAT_TEXT:
    case HT_FORMAT_COUNT:
        ht_render_text(report, options, out);
        break;
    }
    return ht_sink_buffer_close(out);
}

enum ht_status ht_inventory_write(const struct ht_inventory *inventory,
                                  const struct ht_render_options *options,
                                  const struct ht_sink *sink, struct ht_err *err) {
    const struct ht_inventory_summary *summary = ht_inventory_summary(inventory);
    if (options->format != HT_FORMAT_TEXT && options->format != HT_FORMAT_JSON) {
        return ht_err_set(err, HT_E_USAGE, "an inventory is written as text or json");
    }
    struct ht_sink_buffer *out = ht_sink_buffer_open(sink, err);
    if (out == NULL) {
        return ht_err_set(err, HT_E_NOMEM, "not enough memory");
    }
    if (options->format == HT_FORMAT_JSON) {
        ht_render_inventory_json(summary, out);
    } else {
        ht_render_inventory_text(summary, options, out);
    }
    return ht_sink_buffer_close(out);
}

/* Only a report has tables, and more to say than these. */
static enum ht_status refuse_format(const char *what, enum ht_format format, struct ht_err *err) {
    return ht_err_set(err, HT_E_USAGE, "%s is written as text, json or ndjson, not as %s", what,
                      ht_format_name(format));
}

enum ht_status ht_topics_write(const struct ht_topic *topics, size_t count, bool as_list,
                               const struct ht_render_options *options, const struct ht_sink *sink,
                               struct ht_err *err) {
    if (options->format > HT_FORMAT_NDJSON) {
        return refuse_format("an explanation", options->format, err);
    }
    struct ht_sink_buffer *out = ht_sink_buffer_open(sink, err);
    if (out == NULL) {
        return ht_err_set(err, HT_E_NOMEM, "not enough memory");
    }
    if (options->format == HT_FORMAT_JSON) {
        ht_render_topics_json(topics, count, out);
    } else if (options->format == HT_FORMAT_NDJSON) {
        ht_render_topics_ndjson(topics, count, out);
    } else {
        ht_render_topics_text(topics, count, as_list, options, out);
    }
    return ht_sink_buffer_close(out);
}

enum ht_status ht_device_write(const struct ht_report *report,
                               const struct ht_render_options *options, const struct ht_sink *sink,
                               struct ht_err *err) {
    if (options->format > HT_FORMAT_NDJSON) {
        return refuse_format("a time line", options->format, err);
    }
    struct ht_sink_buffer *out = ht_sink_buffer_open(sink, err);
    if (out == NULL) {
        return ht_err_set(err, HT_E_NOMEM, "not enough memory");
    }
    if (options->format == HT_FORMAT_JSON) {
        ht_render_device_json(report, out);
    } else if (options->format == HT_FORMAT_NDJSON) {
        ht_render_device_ndjson(report, out);
    } else {
        ht_render_device_text(report, options, out);
    }
    return ht_sink_buffer_close(out);
}
