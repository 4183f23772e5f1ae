/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_CELLS_H
#define HT_RENDER_CELLS_H
/*
 * Width of printable text (base/text.h) in the cells of a terminal: two for East Asian wide
 * characters, none for combining marks, one for the rest. No locale is asked. Where terminals
 * disagree, a line may come out shorter than its width, which harms nothing.
 */
#include <stddef.h>

#include "base/str.h"

size_t ht_cells_width(struct ht_str text);

/* The longest prefix of at most cells_max cells, in bytes. Marks stay with their character. */
size_t ht_cells_prefix(struct ht_str text, size_t cells_max);

/*
 * ht_cells_cut() - copy printable text, cut to cells_max cells (at least 4) and to the size, with
 * "..." at the end when something is missing. NUL-terminated; returns the length in bytes.
 */
size_t ht_cells_cut(char *out, size_t size_bytes, struct ht_str text, size_t cells_max);

/* The same, but the middle is what goes: the folders of a path tell as much as its end. */
size_t ht_cells_cut_middle(char *out, size_t size_bytes, struct ht_str text, size_t cells_max);

#endif
