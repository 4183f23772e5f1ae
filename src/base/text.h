/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_TEXT_H
#define HT_BASE_TEXT_H
/*
 * Hostile text made printable. Every byte of a log that reaches a terminal or a message passes
 * through here first.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/*
 * ht_utf8_decode() - the code point at the start of text.
 *
 * Returns its length in bytes (1 to 4) and sets *code_point; returns 0 for an empty text or for
 * bytes that are not well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates).
 */
size_t ht_utf8_decode(struct ht_str text, uint32_t *code_point);

/* True when text is the begin of a well-formed code point whose end is not there. */
bool ht_utf8_is_cut(struct ht_str text);

/* The longest prefix of at most len_max bytes that does not end within a code point. */
struct ht_str ht_utf8_prefix(struct ht_str text, size_t len_max);

/*
 * ht_text_printable() - write text so that a terminal shows it and obeys nothing in it.
 *
 * Control characters (C0, DEL, C1), bytes that are not UTF-8, line and paragraph separators,
 * zero-width and bidirectional formatting characters become \xNN or \u{NNNN}. The result is
 * NUL-terminated and never longer than size_bytes - 1; what does not fit ends in "...".
 * Returns the length written. size_bytes must be at least 4.
 */
size_t ht_text_printable(char *out, size_t size_bytes, struct ht_str text);

/* True when the terminal may be shown this code point as it is. */
bool ht_text_is_plain(uint32_t code_point);

#endif
