/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_RENDERED_H
#define HT_TESTS_RENDERED_H
/* A report in each format: JSON parses, text is printable. */
#include <jansson.h>

#include "base/check.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "hubtriage/report.h"

static inline enum ht_status rendered_collect(void *ctx, const char *bytes, size_t len,
                                              struct ht_err *err) {
    (void)err;
    ht_strbuf_add(ctx, (struct ht_str){bytes, len});
    return HT_OK;
}

static inline void assert_rows(struct ht_str text) {
    json_error_t error;
    while (ht_str_trim(text).len > 0) {
        json_t *row = json_loadb(text.ptr, text.len, JSON_DISABLE_EOF_CHECK, &error);
        HT_ASSERT(row != NULL);
        json_decref(row);
        text = (struct ht_str){text.ptr + error.position, text.len - (size_t)error.position};
    }
}

static inline void assert_text(struct ht_str text) {
    uint32_t c = 0;
    for (size_t used = 0; text.len > 0; text.ptr += used, text.len -= used) {
        used = ht_utf8_decode(text, &c);
        HT_ASSERT(used > 0 && (c == '\n' || ht_text_is_plain(c)));
    }
}

static inline void assert_rendered(const struct ht_report *report,
                                   struct ht_render_options options) {
    struct ht_strbuf out;
    const struct ht_sink sink = {.write = rendered_collect, .ctx = &out};
    ht_strbuf_init(&out, SIZE_MAX);
    HT_ASSERT(ht_report_write(report, &options, &sink, NULL) == HT_OK && out.status == HT_OK);
    (options.format == HT_FORMAT_TEXT ? assert_text : assert_rows)(ht_strbuf_str(&out));
    ht_strbuf_release(&out);
}

#endif
