/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_SUGGEST_H
#define HT_CLI_SUGGEST_H
/* "Did you mean ...?" */
#include <stddef.h>

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

#endif
