/* SPDX-License-Identifier: MIT */
/* Members to bytes. */
#include "simulate/json_text.h"
#include "simulate/writer_private.h"

const struct ht_sim_style ht_sim_style_compact = {HT_STR_INIT(""), HT_STR_INIT(""),
                                                  HT_STR_INIT(","), HT_STR_INIT(""),
                                                  HT_STR_INIT(":")};
const struct ht_sim_style ht_sim_style_spaced = {HT_STR_INIT(""), HT_STR_INIT(""),
                                                 HT_STR_INIT(", "), HT_STR_INIT(""),
                                                 HT_STR_INIT(": ")};
const struct ht_sim_style ht_sim_style_tall = {HT_STR_INIT("\n"), HT_STR_INIT("    "),
                                               HT_STR_INIT(",\n"), HT_STR_INIT("\n"),
                                               HT_STR_INIT(": ")};
const struct ht_sim_style ht_sim_style_tall_inner = {HT_STR_INIT("\n"), HT_STR_INIT("        "),
                                                     HT_STR_INIT(",\n"), HT_STR_INIT("\n    "),
                                                     HT_STR_INIT(": ")};
const struct ht_sim_style ht_sim_style_tall_row = {HT_STR_INIT("\n"), HT_STR_INIT("    "),
                                                   HT_STR_INIT(",\n"), HT_STR_INIT("\n  "),
                                                   HT_STR_INIT(": ")};

void ht_sim_put_text(struct ht_sim_out *out, const char *text) {
    ht_sim_put(out, ht_str_from(text));
}

void ht_sim_put_string(struct ht_sim_out *out, struct ht_str text) {
    if (6 * text.len + 2 <= out->capacity - out->len) {
        char *at = out->buf + out->len;
        *at++ = '"';
        at += ht_sim_json_escape(at, text);
        *at++ = '"';
        out->len = (size_t)(at - out->buf);
    }
}

static void put_key(struct ht_sim_out *out, struct ht_str key) {
    ht_sim_put(out, HT_STR("\""));
    ht_sim_put(out, key);
    ht_sim_put(out, HT_STR("\""));
}

void ht_sim_put_members(struct ht_sim_out *out, const struct ht_sim_members *members,
                        const struct ht_sim_style *style) {
    ht_sim_put(out, HT_STR("{"));
    ht_sim_put(out, style->open);
    for (size_t i = 0; i < members->count; i++) {
        const struct ht_sim_member *member = &members->list[i];
        ht_sim_put(out, style->indent);
        put_key(out, member->key);
        ht_sim_put(out, style->colon);
        if (member->kind == HT_SIM_VALUE_NULL) {
            ht_sim_put(out, HT_STR("null"));
        } else if (member->kind == HT_SIM_VALUE_TEXT) {
            ht_sim_put_string(out, member->text);
        } else {
            ht_sim_put(out, member->text);
        }
        if (i + 1 < members->count) {
            ht_sim_put(out, style->between);
        }
    }
    ht_sim_put(out, style->close);
    ht_sim_put(out, HT_STR("}"));
}

/* A text that needs escapes, twice. Texts live longer than the writer, so the address tells them.
 */
static void put_twice(struct ht_sim_writer *writer, struct ht_sim_out *out, struct ht_str text) {
    char once[1024];
    struct ht_sim_memo *memo = &writer->memos[(uintptr_t)text.ptr / 8 % HT_SIM_MEMOS];
    if (memo->text.ptr == text.ptr && memo->text.len == text.len) {
        ht_sim_put(out, (struct ht_str){memo->escaped, memo->escaped_len});
        return;
    }
    if (6 * text.len > sizeof once) {
        return; /* longer than any name may be */
    }
    const struct ht_str escaped = {once, ht_sim_json_escape(once, text)};
    if (6 * escaped.len > out->capacity - out->len) {
        return;
    }
    const size_t len = ht_sim_json_escape(out->buf + out->len, escaped);
    if (len <= sizeof memo->escaped) {
        memo->text = text;
        memo->escaped_len = len;
        memcpy(memo->escaped, out->buf + out->len, len);
    }
    out->len += len;
}

void ht_sim_put_enclosed(struct ht_sim_writer *writer, struct ht_sim_out *out,
                         const struct ht_sim_members *members) {
    ht_sim_put(out, HT_STR("\"{"));
    for (size_t i = 0; i < members->count; i++) {
        const struct ht_sim_member *member = &members->list[i];
        ht_sim_put(out, i > 0 ? HT_STR(",\\\"") : HT_STR("\\\""));
        ht_sim_put(out, member->key);
        if (member->kind == HT_SIM_VALUE_NULL) {
            ht_sim_put(out, HT_STR("\\\":null"));
            continue;
        }
        ht_sim_put(out, HT_STR("\\\":\\\""));
        if (ht_sim_json_is_plain(member->text)) {
            ht_sim_put(out, member->text);
        } else {
            put_twice(writer, out, member->text);
        }
        ht_sim_put(out, HT_STR("\\\""));
    }
    ht_sim_put(out, HT_STR("}\""));
}
