/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_STR_H
#define HT_BASE_STR_H
/*
 * struct ht_str - a borrowed slice of bytes, not NUL-terminated. It dies with the buffer it points
 * into; a function that keeps one says so and copies. ptr is never dereferenced when len is 0.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct ht_str {
    const char *ptr;
    size_t len;
};

#define HT_STR(literal) ((struct ht_str){(literal), sizeof(literal) - 1})
/* The same as an initialiser of static data. */
#define HT_STR_INIT(literal) \
    { (literal), sizeof(literal) - 1 }
#define HT_STR_NONE ((struct ht_str){NULL, 0})

static inline struct ht_str ht_str_from(const char *c_string) {
    return (struct ht_str){c_string, c_string != NULL ? strlen(c_string) : 0};
}

static inline bool ht_str_eq(struct ht_str a, struct ht_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ASCII only, independent of the locale. */
static inline char ht_ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline char ht_ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static inline bool ht_ascii_is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* True when text begins with prefix, but for ASCII case. */
bool ht_str_starts_nocase(struct ht_str text, struct ht_str prefix);

/* Equal but for ASCII case. */
static inline bool ht_str_eq_nocase(struct ht_str a, struct ht_str b) {
    return a.len == b.len && ht_str_starts_nocase(a, b);
}

/* Offset of the first occurrence of needle, but for ASCII case, or SIZE_MAX. O(text x needle). */
size_t ht_str_find_nocase(struct ht_str text, struct ht_str needle);

/* Without leading and trailing ASCII white space. */
struct ht_str ht_str_trim(struct ht_str text);

/* Order by bytes, then by length: the canonical order of every output. <0, 0, >0. */
int ht_str_cmp(struct ht_str a, struct ht_str b);

/* Order in which runs of digits compare as numbers, so that part2 comes before part10. */
int ht_str_cmp_natural(struct ht_str a, struct ht_str b);

#endif
