/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_HTML_STRICT_H
#define HT_TESTS_HTML_STRICT_H
/*
 * A tokenizer of HTML that knows nothing but what our reports are made of. Any tag, attribute or
 * entity that is not ours, any control or invisible character, a tag that is closed twice or not at
 * all: and it says where. An element for which HTML may leave out the end (td, tr, li ...) may.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/text.h"

enum { HTML_DEPTH_MAX = 32, HTML_NAME_BYTES = 24 };

struct html_strict {
    struct ht_str rest;
    char open[HTML_DEPTH_MAX][HTML_NAME_BYTES];
    size_t depth;
};

static inline bool html_is_one_of(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static inline bool html_is_tag(const char *name) {
    static const char *const tags[] = {
        "a",      "article", "bdi",   "body", "circle", "code",       "dd",      "defs",
        "desc",   "details", "div",   "dl",   "dt",     "figcaption", "figure",  "footer",
        "h1",     "h2",      "h3",    "head", "header", "html",       "li",      "line",
        "link",   "main",    "meta",  "nav",  "p",      "path",       "pattern", "rect",
        "script", "section", "small", "span", "style",  "summary",    "svg",     "table",
        "tbody",  "td",      "text",  "th",   "thead",  "title",      "tr",      "ul",
    };
    return html_is_one_of(name, tags, HT_ARRAY_LEN(tags));
}

static inline bool html_is_attribute(const char *name) {
    static const char *const attributes[] = {
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "charset",
        "class",
        "content",
        "cx",
        "cy",
        "d",
        "height",
        "href",
        "http-equiv",
        "id",
        "lang",
        "name",
        "patternUnits",
        "preserveAspectRatio",
        "r",
        "rel",
        "role",
        "scope",
        "tabindex",
        "text-anchor",
        "title",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    };
    return html_is_one_of(name, attributes, HT_ARRAY_LEN(attributes));
}

static inline bool html_is_void(const char *name) {
    static const char *const voids[] = {"meta", "link"};
    return html_is_one_of(name, voids, HT_ARRAY_LEN(voids));
}

static inline bool html_may_stay_open(const char *name) {
    static const char *const optional[] = {"td", "tr", "li", "th"};
    return html_is_one_of(name, optional, HT_ARRAY_LEN(optional));
}

static inline bool html_starts(const struct html_strict *html, const char *text) {
    const size_t len = strlen(text);
    return html->rest.len >= len && memcmp(html->rest.ptr, text, len) == 0;
}

static inline void html_skip(struct html_strict *html, size_t count) {
    html->rest.ptr += count;
    html->rest.len -= count;
}

static inline bool html_is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static inline bool html_take_name(struct html_strict *html, char *name) {
    size_t len = 0;
    while (html->rest.len > 0 && html_is_name_char(html->rest.ptr[0])) {
        if (len + 1 == HTML_NAME_BYTES) {
            return false;
        }
        name[len++] = html->rest.ptr[0];
        html_skip(html, 1);
    }
    name[len] = '\0';
    return len > 0;
}

/* One character of text or of an attribute; not '<'. */
static inline bool html_take_char(struct html_strict *html) {
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    uint32_t c = 0;
    const size_t len = ht_utf8_decode(html->rest, &c);
    if (c == '&') {
        for (size_t i = 0; i < HT_ARRAY_LEN(entities); i++) {
            if (html_starts(html, entities[i])) {
                html_skip(html, strlen(entities[i]));
                return true;
            }
        }
        return false;
    }
    if (len == 0 || c == '<' || c == '>' || c == '"' || (c != '\n' && !ht_text_is_plain(c))) {
        return false;
    }
    html_skip(html, len);
    return true;
}

static inline bool html_take_value(struct html_strict *html) {
    if (!html_starts(html, "\"")) {
        size_t len = 0;
        for (; html->rest.len > 0 && (html_is_name_char(html->rest.ptr[0]) ||
                                      html->rest.ptr[0] == '.' || html->rest.ptr[0] == '#');
             len++) {
            html_skip(html, 1);
        }
        return len > 0;
    }
    html_skip(html, 1);
    while (html->rest.len > 0 && html->rest.ptr[0] != '"') {
        if (!html_take_char(html)) {
            return false;
        }
    }
    html_skip(html, html->rest.len > 0);
    return true;
}

static inline bool html_take_attributes(struct html_strict *html, bool *closed) {
    char name[HTML_NAME_BYTES];
    *closed = false;
    while (html_starts(html, " ")) {
        html_skip(html, 1);
        if (html_starts(html, "/")) {
            break;
        }
        if (!html_take_name(html, name) || !html_is_attribute(name) || !html_starts(html, "=")) {
            return false;
        }
        html_skip(html, 1);
        if (!html_take_value(html)) {
            return false;
        }
    }
    if (html_starts(html, "/>")) {
        *closed = true;
        html_skip(html, 2);
        return true;
    }
    const bool ends = html_starts(html, ">");
    html_skip(html, ends);
    return ends;
}

/* What is between them is ours, and fixed by its hash. */
static inline bool html_skip_raw(struct html_strict *html, const char *name) {
    char end[HTML_NAME_BYTES + 4];
    (void)snprintf(end, sizeof end, "</%s>", name);
    while (html->rest.len > 0 && !html_starts(html, end)) {
        html_skip(html, 1);
    }
    const bool found = html->rest.len > 0;
    html_skip(html, found ? strlen(end) : 0);
    return found;
}

static inline bool html_close(struct html_strict *html, const char *name) {
    while (html->depth > 0) {
        html->depth--;
        if (strcmp(html->open[html->depth], name) == 0) {
            return true;
        }
        if (!html_may_stay_open(html->open[html->depth])) {
            return false;
        }
    }
    return false;
}

/* An element whose end may be left out ends where its like begins. */
static inline void html_end_siblings(struct html_strict *html, const char *name) {
    const bool row = strcmp(name, "tr") == 0;
    while (html->depth > 0 && html_may_stay_open(name)) {
        const char *last = html->open[html->depth - 1];
        if (strcmp(last, name) != 0 && !(row && strcmp(last, "td") == 0)) {
            return;
        }
        html->depth--;
    }
}

static inline bool html_take_tag(struct html_strict *html) {
    char name[HTML_NAME_BYTES];
    bool closed = false;
    const bool is_end = html_starts(html, "</");
    html_skip(html, is_end ? 2 : 1);
    if (!html_take_name(html, name) || !html_is_tag(name)) {
        return false;
    }
    if (is_end) {
        const bool ends = html_starts(html, ">");
        html_skip(html, ends);
        return ends && html_close(html, name);
    }
    if (!html_take_attributes(html, &closed)) {
        return false;
    }
    if (strcmp(name, "style") == 0 || strcmp(name, "script") == 0) {
        return html_skip_raw(html, name);
    }
    if (closed || html_is_void(name)) {
        return true;
    }
    html_end_siblings(html, name);
    if (html->depth == HTML_DEPTH_MAX) {
        return false;
    }
    (void)snprintf(html->open[html->depth++], HTML_NAME_BYTES, "%s", name);
    return true;
}

/* NULL when the page is in order; else where it is not. */
static inline const char *html_check(struct ht_str page) {
    static const char doctype[] = "<!DOCTYPE html>";
    struct html_strict html = {.rest = page};
    if (!html_starts(&html, doctype)) {
        return page.ptr;
    }
    html_skip(&html, sizeof doctype - 1);
    while (html.rest.len > 0) {
        const char *at = html.rest.ptr;
        if (html.rest.ptr[0] == '<' ? !html_take_tag(&html) : !html_take_char(&html)) {
            return at;
        }
    }
    return html.depth == 0 ? NULL : page.ptr + page.len;
}

#endif
