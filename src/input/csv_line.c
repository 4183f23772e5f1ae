/* SPDX-License-Identifier: MIT */
/*
 * The rows that a table mostly has: one line, no blanks around a cell, quotes only around a whole
 * cell and doubled within. What is anything else goes through libcsv.
 */
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/check.h"
#include "base/compiler.h"
#include "base/grow.h"
#include "input/csv.h"
#include "input/reader.h"

enum { BLOCK_BYTES = 16, SPLIT_CELLS_MAX = 4096 };

_Static_assert((int)HT_FRAME_PADDING >= (int)BLOCK_BYTES, "blocks may lie behind the line");

/* The first byte that may end a plain cell. There is one: the line feed. */
HT_INLINE const char *find_stop(const char *at, char separator) {
#if defined(__SSE2__)
    const __m128i separators = _mm_set1_epi8(separator);
    const __m128i quotes = _mm_set1_epi8('"');
    const __m128i feeds = _mm_set1_epi8('\n');
    const __m128i returns = _mm_set1_epi8('\r');
    for (;; at += BLOCK_BYTES) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        const int stops = _mm_movemask_epi8(_mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, separators), _mm_cmpeq_epi8(bytes, quotes)),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, feeds), _mm_cmpeq_epi8(bytes, returns))));
        if (stops != 0) {
            return at + __builtin_ctz((unsigned)stops);
        }
    }
#else
    while (*at != separator && *at != '"' && *at != '\n' && *at != '\r') {
        at++;
    }
    return at;
#endif
}

/* Copies up to the next quote, and returns how many bytes that were; at least up to the end when
 * there is none. May write a block more. */
HT_INLINE size_t copy_to_quote(const char *at, const char *end, char *out) {
    size_t count = 0;
#if defined(__SSE2__)
    const __m128i quotes = _mm_set1_epi8('"');
    for (; at + count < end; count += BLOCK_BYTES) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + count));
        _mm_storeu_si128((__m128i *)(void *)(out + count), bytes);
        const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quotes));
        if (found != 0) {
            return count + (size_t)__builtin_ctz((unsigned)found);
        }
    }
#else
    for (; at + count < end && at[count] != '"'; count++) {
        out[count] = at[count];
    }
#endif
    return count;
}

/* The quoted cell at *at, copied behind the others; *at is then behind its last quote. */
static bool take_quoted(struct ht_csv *csv, const char **at, const char *end, struct ht_str *cell) {
    char *begin = csv->text + csv->text_len;
    char *out = begin;
    const char *in = *at + 1;
    for (;;) {
        const size_t count = copy_to_quote(in, end, out);
        in += count;
        out += count;
        if (in >= end) {
            return false;
        }
        if (in[1] != '"') {
            break;
        }
        *out++ = '"';
        in += 2;
    }
    memset(out, 0, HT_FRAME_PADDING);
    *cell = (struct ht_str){begin, (size_t)(out - begin)};
    csv->text_len += cell->len + 1;
    *at = in + 1;
    return true;
}

HT_INLINE bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

HT_INLINE bool take_plain(const char **at, char separator, struct ht_str *cell) {
    const char *begin = *at;
    *at = find_stop(begin, separator);
    *cell = (struct ht_str){begin, (size_t)(*at - begin)};
    return cell->len == 0 || (!is_blank(begin[0]) && !is_blank((*at)[-1]));
}

bool ht_csv_split(struct ht_csv *csv, struct ht_str line) {
    const char separator = (char)csv_get_delim(&csv->parser);
    const char *at = line.ptr;
    const char *end = line.ptr + line.len;
    size_t count = 0;
    /* So much is written at most: each cell takes a separator as well, and the padding once. */
    if (*at == '\n' || *at == '\r' ||
        ht_grow(&csv->text, &csv->text_capacity, line.len + 2 * (size_t)HT_FRAME_PADDING,
                SIZE_MAX / 2, 1) != HT_OK) {
        return false;
    }
    csv->text_len = 0;
    for (;; at++) {
        struct ht_str cell;
        if (count == SPLIT_CELLS_MAX || ht_grow(&csv->views, &csv->view_capacity, count + 1,
                                                SPLIT_CELLS_MAX, sizeof *csv->views) != HT_OK) {
            return false;
        }
        if (*at == '"' ? !take_quoted(csv, &at, end, &cell) : !take_plain(&at, separator, &cell)) {
            return false;
        }
        csv->views[count++] = cell;
        if (*at != separator) {
            break;
        }
    }
    at += *at == '\r';
    csv->split = at + 1 == end;
    csv->cell_count = csv->split ? count : 0;
    csv->text_len = csv->split ? csv->text_len : 0;
    return csv->split;
}
