/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_JSON_WRITER_H
#define HT_RENDER_JSON_WRITER_H
/*
 * struct ht_json - one JSON value after the other, streamed; no tree is built.
 *
 * The output is valid UTF-8 and harmless on a terminal. In strings, control characters, separators,
 * zero-width and bidirectional formatting characters are \uXXXX; a byte that is not UTF-8 is
 * \ufffd. Keys are ours and are not escaped. A number that is not finite, and an unknown time or
 * span, is null.
 *
 * The same calls fill a row of a table (render/row_cells.h) when it was begun for one: an object at
 * the top is the row, members are its cells, an object within it is cells that begin with its name,
 * and an array is one cell of JSON.
 *
 * A container opened with HT_JSON_BLOCK has one member a line; within HT_JSON_LINE everything is on
 * one line. key is NULL for elements of an array and at the top. A value at the top ends its line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/row_cells.h"
#include "render/sink_buffer.h"

enum { HT_JSON_DEPTH_MAX = 8 };

enum ht_json_layout { HT_JSON_LINE = 0, HT_JSON_BLOCK };

struct ht_json_level {
    char closing;
    bool block;
    bool empty;
};

struct ht_json {
    struct ht_sink_buffer *out;
    size_t depth;
    struct ht_json_level levels[HT_JSON_DEPTH_MAX];
    struct ht_cells *cells; /* of a row; NULL: JSON */
    size_t list;            /* of a row: the depth within an array that is a cell, or 0 */
};

void ht_json_init(struct ht_json *json, struct ht_sink_buffer *out);
void ht_json_init_row(struct ht_json *json, struct ht_cells *cells);

void ht_json_object(struct ht_json *json, const char *key, enum ht_json_layout layout);
void ht_json_array(struct ht_json *json, const char *key, enum ht_json_layout layout);
void ht_json_end(struct ht_json *json);

void ht_json_null(struct ht_json *json, const char *key);
void ht_json_bool(struct ht_json *json, const char *key, bool value);
void ht_json_count(struct ht_json *json, const char *key, uint64_t count);
void ht_json_decimal(struct ht_json *json, const char *key, double value, unsigned places);
void ht_json_text(struct ht_json *json, const char *key, const char *text); /* NULL: null */
void ht_json_time(struct ht_json *json, const char *key, int64_t time_us);  /* RFC 3339, UTC */
void ht_json_span(struct ht_json *json, const char *key, int64_t seconds);  /* whole seconds */
void ht_json_code(struct ht_json *json, const char *key, uint32_t code);    /* "404104" */

static inline bool ht_json_failed(const struct ht_json *json) {
    return json->out->status != HT_OK;
}

#endif
