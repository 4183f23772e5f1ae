/* SPDX-License-Identifier: MIT */
#include "cli/values.h"

#include <string.h>

/* The digits at *text, at least one; moves past them. */
static bool take_count(const char **text, uint64_t *count) {
    const char *at = *text;
    uint64_t value = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        const uint64_t digit = (uint64_t)(*at - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    if (at == *text) {
        return false;
    }
    *text = at;
    *count = value;
    return true;
}

bool ht_cli_parse_count(const char *text, uint64_t *count) {
    return take_count(&text, count) && *text == '\0';
}

bool ht_cli_parse_size(const char *text, uint64_t *bytes) {
    uint64_t value = 0;
    if (!take_count(&text, &value)) {
        return false;
    }
    static const char units[] = "KMG";
    const char *unit = *text != '\0' ? strchr(units, *text) : NULL;
    const unsigned shift = unit != NULL ? 10U * (unsigned)(unit - units + 1) : 0;
    if (value > UINT64_MAX >> shift || text[unit != NULL] != '\0') {
        return false;
    }
    *bytes = value << shift;
    return true;
}

bool ht_cli_parse_percent(const char *text, uint64_t *ppm) {
    uint64_t whole = 0;
    uint64_t value = 0;
    if (!take_count(&text, &whole) || whole > 100) {
        return false;
    }
    value = whole * (HT_CLI_PPM / 100);
    if (*text == '.') {
        uint64_t unit = HT_CLI_PPM / 100;
        for (text++; *text >= '0' && *text <= '9' && unit > 1; text++) {
            unit /= 10;
            value += (uint64_t)(*text - '0') * unit;
        }
        if (unit == HT_CLI_PPM / 100) {
            return false;
        }
    }
    text += *text == '%';
    *ppm = value;
    return *text == '\0' && value <= HT_CLI_PPM;
}

bool ht_cli_parse_word(const char *text, const char *const *words, size_t *index) {
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}
