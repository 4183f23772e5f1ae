/* SPDX-License-Identifier: MIT */
#include "cli/suggest.h"

#include <stdio.h>
#include <string.h>

#include "cli/messages.h"

enum { NAME_MAX_BYTES = 32 };

static size_t min(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment distance of two short words. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t rows[3][NAME_MAX_BYTES + 1];
    size_t *before = rows[0];
    size_t *last = rows[1];
    size_t *row = rows[2];
    for (size_t j = 0; j <= b_len; j++) {
        before[j] = 0;
        last[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = min(min(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = min(row[j], before[j - 2] + 1);
            }
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_len];
}

void ht_cli_suggest_begin(struct ht_cli_suggester *suggester, const char *word) {
    *suggester = (struct ht_cli_suggester){.word = word, .best_distance = (size_t)-1};
}

void ht_cli_suggest_offer(struct ht_cli_suggester *suggester, const char *name) {
    const size_t word_len = strlen(suggester->word);
    const size_t name_len = strlen(name);
    if (word_len == 0 || word_len > NAME_MAX_BYTES || name_len > NAME_MAX_BYTES) {
        return;
    }
    const int is_prefix = word_len >= 2 && strncmp(suggester->word, name, word_len) == 0;
    const size_t found = is_prefix ? 0 : distance(suggester->word, word_len, name, name_len);
    const size_t allowed = word_len / 3 > 0 ? word_len / 3 : 1;
    if (found <= allowed && found < suggester->best_distance) {
        suggester->best_distance = found;
        suggester->best = name;
    }
}

const char *ht_cli_suggest_from(const char *word, const char *const *names) {
    struct ht_cli_suggester suggester;
    ht_cli_suggest_begin(&suggester, word);
    for (size_t i = 0; names[i] != NULL; i++) {
        ht_cli_suggest_offer(&suggester, names[i]);
    }
    return suggester.best;
}

void ht_cli_join_words(const char *const *words, char *out, size_t size_bytes) {
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; words[i] != NULL && len < size_bytes; i++) {
        const char *before = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        const int written = snprintf(out + len, size_bytes - len, "%s%s", before, words[i]);
        len += written > 0 ? (size_t)written : 0;
    }
}

enum ht_status ht_cli_not_a_word(const char *what, const char *text, const char *const *words,
                                 struct ht_err *err) {
    const char *near = ht_cli_suggest_from(text, words);
    char all[128];
    if (near != NULL) {
        return ht_cli_usage(err, "unknown %s '%.100s'; did you mean %s?", what, text, near);
    }
    ht_cli_join_words(words, all, sizeof all);
    return ht_cli_usage(err, "unknown %s '%.100s'; use %s", what, text, all);
}
