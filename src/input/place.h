/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_PLACE_H
#define HT_INPUT_PLACE_H
/*
 * struct ht_place - where a reader is in its input, and everything of its state that decides what
 * it makes of the bytes that follow: two readers at the same place read the same from there on. So
 * a reader that began at a place which was only guessed is proven right when another one, whose
 * place is known, arrives there.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

enum { HT_OPEN_MAX = 64 };

/* A bracket that is open. */
struct ht_open {
    unsigned char bracket; /* enum ht_bracket */
    unsigned char holder;  /* enum ht_holder */
};

enum ht_place_table {
    HT_PLACE_NO_TABLE = 0,
    HT_PLACE_IN_TABLE,     /* its rows */
    HT_PLACE_BEHIND_TABLE, /* at the start of a source, where the one before was a table */
};

struct ht_place {
    size_t source;         /* the number of sources, at the end of all */
    uint64_t offset_bytes; /* in its text; 0: not begun */
    bool begun;            /* the first bytes of the source have been looked at */
    bool met;              /* at its start, which was joined to the end of the one before */
    bool resync;           /* behind something broken */
    bool resync_next;      /* the next source begins so */
    size_t open_count;
    struct ht_open open[HT_OPEN_MAX];
    enum ht_place_table table;
    size_t columns;
    char separator;
    char header_separator;
    bool skipping;
    struct ht_strbuf header;
    uint64_t rescanned_bytes; /* of this table, before this place */
};

/* The start of the first source. */
void ht_place_init(struct ht_place *place);
void ht_place_release(struct ht_place *place);

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_place_copy(struct ht_place *to, const struct ht_place *from);

/*
 * The same but for rescanned_bytes. The budget for lines that are looked at again is one of the
 * whole table: see ht_place_fits_budget().
 */
bool ht_place_is_same(const struct ht_place *a, const struct ht_place *b);

/* Whether a reader that rescanned so many bytes from the guessed place on would have had the same
 * answers from the budget, had it known what was used up before. */
bool ht_place_fits_budget(const struct ht_place *known, uint64_t rescanned_bytes);

#endif
