/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_VALUES_H
#define HT_CLI_VALUES_H
/* Values of options, read strictly: nothing before, nothing behind, nothing that does not fit. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HT_CLI_PPM = 1000000 };

bool ht_cli_parse_count(const char *text, uint64_t *count);

/* Digits and an optional K, M or G (powers of 1024). */
bool ht_cli_parse_size(const char *text, uint64_t *bytes);

/* "1", "0.5", "2.25%": at most 100, at most four digits behind the point; as parts per million. */
bool ht_cli_parse_percent(const char *text, uint64_t *ppm);

/* The index of a word in a list that ends in NULL. */
bool ht_cli_parse_word(const char *text, const char *const *words, size_t *index);

#endif
