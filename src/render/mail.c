/* SPDX-License-Identifier: MIT */
/*
 * The text report as a mail but for its addresses: the headers, an empty line, and the text at 72
 * columns. A subject that is not ASCII is one encoded word (RFC 2047). Lines end in a line feed, as
 * programs such as sendmail want them, and none is longer than RFC 5322 allows.
 */
#include "base/text.h"
#include "render/renderers.h"
#include "render/text_sections.h"

enum {
    BODY_WIDTH = 72,
    SUBJECT_MAX = 77, /* bytes of the whole line, without its end */
    LINE_MAX_BYTES = 990,
    SUBJECT_WORDS_MAX = 1024,
};

#define SUBJECT_NAME "Subject: "
#define ENCODED_BEGIN "=?UTF-8?B?"
#define ENCODED_END "?="

static bool is_ascii(struct ht_str text) {
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Ends in "..." when it had to be cut. */
static void put_cut(struct ht_sink_buffer *out, struct ht_str text, size_t len_max) {
    const bool whole = text.len <= len_max;
    ht_sink_buffer_put(out, whole ? text : ht_utf8_prefix(text, len_max - 3));
    ht_sink_buffer_puts(out, whole ? "" : "...");
}

static void put_base64(struct ht_sink_buffer *out, struct ht_str bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < bytes.len; at += 3) {
        const size_t left = bytes.len - at;
        const unsigned a = (unsigned char)bytes.ptr[at];
        const unsigned b = left > 1 ? (unsigned char)bytes.ptr[at + 1] : 0;
        const unsigned c = left > 2 ? (unsigned char)bytes.ptr[at + 2] : 0;
        ht_sink_buffer_putc(out, digits[a >> 2]);
        ht_sink_buffer_putc(out, digits[(a & 3) << 4 | b >> 4]);
        ht_sink_buffer_putc(out, left > 1 ? digits[(b & 15) << 2 | c >> 6] : '=');
        ht_sink_buffer_putc(out, left > 2 ? digits[c & 63] : '=');
    }
}

static void put_encoded(struct ht_sink_buffer *out, struct ht_str text) {
    const size_t room =
        SUBJECT_MAX - (sizeof SUBJECT_NAME ENCODED_BEGIN ENCODED_END - 1); /* of base64 */
    ht_sink_buffer_puts(out, ENCODED_BEGIN);
    put_base64(out, ht_utf8_prefix(text, room / 4 * 3));
    ht_sink_buffer_puts(out, ENCODED_END);
}

/* "CONTOSO-HUB: Mostly the hub: 412 of 520 faults (79 %) come from it." */
static void put_subject(struct ht_sink_buffer *out, const struct ht_summary *summary) {
    struct ht_strbuf words;
    ht_strbuf_init(&words, SUBJECT_WORDS_MAX);
    if (summary->hub_count == 1 && summary->hubs[0].hub != NULL) {
        ht_text_put_log(&words, summary->hubs[0].hub, "");
        ht_strbuf_puts(&words, ": ");
    } else if (summary->hub_count > 1) {
        ht_text_put_number(&words, summary->hub_count, "hub", "hubs");
        ht_strbuf_puts(&words, ": ");
    }
    ht_verdict_put(&words, summary);
    const struct ht_str text = ht_strbuf_str(&words);
    ht_sink_buffer_note(out, words.status);
    ht_sink_buffer_puts(out, SUBJECT_NAME);
    /* What looks like an encoded word must not be taken for one. */
    if (is_ascii(text) && ht_str_find_nocase(text, HT_STR("=?")) == SIZE_MAX) {
        put_cut(out, text, SUBJECT_MAX - (sizeof SUBJECT_NAME - 1));
    } else {
        put_encoded(out, text);
    }
    ht_sink_buffer_putc(out, '\n');
    ht_strbuf_release(&words);
}

/* The body on its way: bytes of the line so far, and where it goes. */
struct body {
    struct ht_sink_buffer *out;
    size_t line_bytes;
};

/* Combining marks take no column, so that a narrow line may have any number of bytes: it is broken.
 */
static enum ht_status write_body(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    struct body *body = ctx;
    (void)err;
    for (size_t i = 0; i < len; i++) {
        const bool begins_character = ((unsigned char)bytes[i] & 0xC0) != 0x80;
        if (body->line_bytes >= LINE_MAX_BYTES && begins_character && bytes[i] != '\n') {
            ht_sink_buffer_putc(body->out, '\n');
            body->line_bytes = 0;
        }
        ht_sink_buffer_putc(body->out, bytes[i]);
        body->line_bytes = bytes[i] == '\n' ? 0 : body->line_bytes + 1;
    }
    return body->out->status;
}

void ht_render_mail(const struct ht_report *report, const struct ht_render_options *options,
                    struct ht_sink_buffer *out) {
    struct ht_render_options plain = *options;
    struct body body = {.out = out};
    const struct ht_sink sink = {.write = write_body, .ctx = &body};
    plain.color = false;
    plain.width = BODY_WIDTH;
    put_subject(out, ht_report_summary(report));
    ht_sink_buffer_puts(out, "Auto-Submitted: auto-generated\n"
                             "MIME-Version: 1.0\n"
                             "Content-Type: text/plain; charset=UTF-8\n"
                             "Content-Transfer-Encoding: 8bit\n"
                             "\n");
    struct ht_sink_buffer *text = ht_sink_buffer_open(&sink, out->err);
    if (text == NULL) {
        out->status = HT_E_NOMEM;
        return;
    }
    ht_render_text(report, &plain, text);
    const enum ht_status status = ht_sink_buffer_close(text);
    out->status = out->status == HT_OK ? status : out->status;
}
