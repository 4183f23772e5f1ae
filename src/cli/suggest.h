/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_SUGGEST_H
#define HT_CLI_SUGGEST_H
/* "Did you mean ...?" */
#include <stddef.h>

#include "hubtriage/err.h"

struct ht_cli_suggester {
    const char *word; /* what was typed */
    const char *best; /* the nearest name so far; NULL when none is near */
    size_t best_distance;
};

void ht_cli_suggest_begin(struct ht_cli_suggester *suggester, const char *word);

/*
 * Offer a name; the nearest one wins, of equals the first. Near is: at most one mistake per three
 * letters (swapped neighbours are one), or what was typed is the beginning of the name.
 */
void ht_cli_suggest_offer(struct ht_cli_suggester *suggester, const char *name);

/* The nearest of a list that ends in NULL, or NULL. */
const char *ht_cli_suggest_from(const char *word, const char *const *names);

/* "text, json or ndjson", of a list that ends in NULL; cut when there is no room. */
void ht_cli_join_words(const char *const *words, char *out, size_t size_bytes);

/* Fills err with "unknown WHAT 'TEXT'", and the nearest of the words or all, and returns
 * HT_E_USAGE. */
enum ht_status ht_cli_not_a_word(const char *what, const char *text, const char *const *words,
                                 struct ht_err *err);

#endif
