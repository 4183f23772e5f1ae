/* SPDX-License-Identifier: MIT */
/* Demands on values of the tree, with errors that say where and what. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/err.h"
#include "base/nearest.h"
#include "base/num.h"
#include "base/time.h"
#include "base/yaml.h"

enum { SHOWN_BYTES_MAX = 60 };

const struct ht_yaml_node *ht_yaml_get(const struct ht_yaml_node *node, const char *key) {
    if (node == NULL || node->kind != HT_YAML_MAPPING) {
        return NULL;
    }
    const struct ht_yaml_node *child = node->first;
    while (child != NULL && !ht_str_eq(child->key, ht_str_from(key))) {
        child = child->next;
    }
    return child;
}

enum ht_status ht_yaml_fail(const struct ht_yaml_node *node, struct ht_err *err, const char *format,
                            ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    const int wanted = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (wanted < 0) {
        message[0] = '\0';
    }
    if (node->is_setting) {
        return ht_err_set(err, HT_E_USAGE, "%.80s: %s", node->origin, message);
    }
    return ht_err_set(err, HT_E_USAGE, "%s:%u: %s", node->origin, (unsigned)node->line, message);
}

/* How a value is called in an error: its key, or "this". */
static const char *name_of(const struct ht_yaml_node *node) {
    return node->key.len > 0 ? node->key.ptr : "this";
}

static const char *const kind_names[] = {
    [HT_YAML_NULL] = "nothing",
    [HT_YAML_SCALAR] = "a single value",
    [HT_YAML_SEQUENCE] = "a list",
    [HT_YAML_MAPPING] = "a group of keys",
};

enum ht_status ht_yaml_need(const struct ht_yaml_node *node, enum ht_yaml_kind kind,
                            struct ht_err *err) {
    if (node->kind == kind) {
        return HT_OK;
    }
    return ht_yaml_fail(node, err, "%s must be %s, not %s", name_of(node), kind_names[kind],
                        kind_names[node->kind]);
}

static enum ht_status fail_word(const struct ht_yaml_node *node, struct ht_str word,
                                const char *what, const char *nearest, struct ht_err *err) {
    const int len = (int)(word.len < SHOWN_BYTES_MAX ? word.len : SHOWN_BYTES_MAX);
    if (nearest != NULL) {
        return ht_yaml_fail(node, err, "%s '%.*s'; did you mean %s?", what, len, word.ptr, nearest);
    }
    return ht_yaml_fail(node, err, "%s '%.*s'", what, len, word.ptr);
}

/* The words of a short list follow an error, as far as they fit. */
static void hint_words(struct ht_err *err, const char *const *words, size_t count) {
    char list[256] = "";
    size_t len = 0;
    for (size_t i = 0; err != NULL && i < count; i++) {
        const size_t more = strlen(words[i]) + 2;
        if (len + more >= 200) {
            return;
        }
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    ht_err_hint(err, "known are: %s", list);
}

enum ht_status ht_yaml_need_keys(const struct ht_yaml_node *node, const char *const *keys,
                                 size_t count, struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_MAPPING, err));
    for (const struct ht_yaml_node *child = node->first; child != NULL; child = child->next) {
        size_t i = 0;
        while (i < count && !ht_str_eq(child->key, ht_str_from(keys[i]))) {
            i++;
        }
        if (i == count) {
            const enum ht_status status = fail_word(child, child->key, "unknown key",
                                                    ht_nearest(child->key, keys, count), err);
            hint_words(err, keys, count);
            return status;
        }
    }
    return HT_OK;
}

enum ht_status ht_yaml_text(const struct ht_yaml_node *node, size_t len_max, struct ht_str *text,
                            struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    if (node->text.len > len_max) {
        return ht_yaml_fail(node, err, "%s is longer than %zu bytes", name_of(node), len_max);
    }
    *text = node->text;
    return HT_OK;
}

static enum ht_status fail_value(const struct ht_yaml_node *node, const char *wanted,
                                 struct ht_err *err) {
    const struct ht_str text = node->text;
    return ht_yaml_fail(node, err, "%s: '%.*s' is not %s", name_of(node),
                        (int)(text.len < SHOWN_BYTES_MAX ? text.len : SHOWN_BYTES_MAX), text.ptr,
                        wanted);
}

/* Numbers in messages: at most two digits behind the point, without zeros at the end. */
static const char *show_number(double number, char out[32]) {
    int len = snprintf(out, 32, "%.2f", number);
    while (len > 0 && out[len - 1] == '0') {
        out[--len] = '\0';
    }
    if (len > 0 && out[len - 1] == '.') {
        out[len - 1] = '\0';
    }
    return out;
}

static enum ht_status fail_range(const struct ht_yaml_node *node, double low, double high,
                                 struct ht_err *err) {
    char lowest[32];
    char highest[32];
    char wanted[128];
    (void)snprintf(wanted, sizeof wanted, "a number from %s to %s", show_number(low, lowest),
                   show_number(high, highest));
    return fail_value(node, wanted, err);
}

enum ht_status ht_yaml_number(const struct ht_yaml_node *node, double low, double high,
                              double *number, struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    struct ht_str text = node->text;
    const bool negative = text.len > 1 && text.ptr[0] == '-';
    double value = 0;
    text.ptr += negative;
    text.len -= negative;
    const bool read = ht_num_parse_decimal(text, &value);
    value = negative ? -value : value;
    if (!read || value < low || value > high) {
        return fail_range(node, low, high, err);
    }
    *number = value;
    return HT_OK;
}

enum ht_status ht_yaml_whole(const struct ht_yaml_node *node, uint64_t low, uint64_t high,
                             uint64_t *number, struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    uint64_t value = 0;
    if (!ht_num_parse_u64(node->text, &value) || value < low || value > high) {
        char wanted[128];
        (void)snprintf(wanted, sizeof wanted, "a whole number from %llu to %llu",
                       (unsigned long long)low, (unsigned long long)high);
        return fail_value(node, wanted, err);
    }
    *number = value;
    return HT_OK;
}

static size_t count_number(struct ht_str text) {
    size_t len = 0;
    while (len < text.len && (ht_ascii_is_digit(text.ptr[len]) || text.ptr[len] == '.')) {
        len++;
    }
    return len;
}

static struct ht_str skip(struct ht_str text, size_t count) {
    return ht_str_trim((struct ht_str){text.ptr + count, text.len - count});
}

/* The unit at the start of text, in microseconds; 0 when there is none. */
static int64_t take_unit(struct ht_str *text) {
    static const struct {
        struct ht_str name;
        int64_t us;
    } units[] = {
        {HT_STR_INIT("ms"), 1000},
        {HT_STR_INIT("s"), HT_US_PER_S},
        {HT_STR_INIT("m"), 60 * HT_US_PER_S},
        {HT_STR_INIT("min"), 60 * HT_US_PER_S},
        {HT_STR_INIT("h"), 3600 * HT_US_PER_S},
        {HT_STR_INIT("d"), 86400 * HT_US_PER_S},
        {HT_STR_INIT("w"), 7 * 86400 * HT_US_PER_S},
    };
    size_t len = 0;
    while (len < text->len && ht_ascii_lower(text->ptr[len]) >= 'a' &&
           ht_ascii_lower(text->ptr[len]) <= 'z') {
        len++;
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(units); i++) {
        if (ht_str_eq(units[i].name, (struct ht_str){text->ptr, len})) {
            *text = skip(*text, len);
            return units[i].us;
        }
    }
    return 0;
}

bool ht_yaml_parse_span(struct ht_str text, int64_t *span_us) {
    int64_t sum_us = 0;
    int64_t last_unit_us = INT64_MAX;
    text = ht_str_trim(text);
    if (ht_str_eq(text, HT_STR("0"))) {
        *span_us = 0;
        return true;
    }
    if (text.len == 0) {
        return false;
    }
    while (text.len > 0) {
        double value = 0;
        const size_t len = count_number(text);
        if (!ht_num_parse_decimal((struct ht_str){text.ptr, len}, &value)) {
            return false;
        }
        text = skip(text, len);
        const int64_t unit_us = take_unit(&text);
        /* Units fall, as in 1h30m, and a century is enough. */
        if (unit_us == 0 || unit_us >= last_unit_us || value * (double)unit_us > 3.2e15) {
            return false;
        }
        sum_us += (int64_t)(value * (double)unit_us + 0.5);
        last_unit_us = unit_us;
    }
    *span_us = sum_us;
    return true;
}

enum ht_status ht_yaml_span(const struct ht_yaml_node *node, int64_t low_us, int64_t high_us,
                            int64_t *span_us, struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    int64_t value_us = 0;
    if (!ht_yaml_parse_span(node->text, &value_us)) {
        return fail_value(node, "a span; write for example 45s, 20m, 1h30m or 2d", err);
    }
    if (value_us < low_us || value_us > high_us) {
        char low[HT_TIME_TEXT_BYTES];
        char high[HT_TIME_TEXT_BYTES];
        char wanted[128];
        (void)ht_time_format_span(low_us / HT_US_PER_S, low);
        (void)ht_time_format_span(high_us / HT_US_PER_S, high);
        (void)snprintf(wanted, sizeof wanted, "between %s and %s", low, high);
        return fail_value(node, wanted, err);
    }
    *span_us = value_us;
    return HT_OK;
}

bool ht_yaml_parse_share(struct ht_str text, double *share) {
    double value = 0;
    text = ht_str_trim(text);
    const bool percent = text.len > 0 && text.ptr[text.len - 1] == '%';
    if (percent) {
        text = ht_str_trim((struct ht_str){text.ptr, text.len - 1});
    }
    if (!ht_num_parse_decimal(text, &value) || value > (percent ? 100 : 1)) {
        return false;
    }
    *share = percent ? value / 100 : value;
    return true;
}

enum ht_status ht_yaml_share(const struct ht_yaml_node *node, double *share, struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    return ht_yaml_parse_share(node->text, share)
               ? HT_OK
               : fail_value(node, "a share; write for example 5% or 0.05", err);
}

enum ht_status ht_yaml_bool(const struct ht_yaml_node *node, bool *value, struct ht_err *err) {
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    size_t index = 0;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    while (index < HT_ARRAY_LEN(words) &&
           !ht_str_eq_nocase(node->text, ht_str_from(words[index]))) {
        index++;
    }
    if (index == HT_ARRAY_LEN(words)) {
        return fail_value(node, "yes or no", err);
    }
    *value = index % 2 == 1;
    return HT_OK;
}

enum ht_status ht_yaml_word(const struct ht_yaml_node *node, const char *const *words, size_t count,
                            size_t *index, struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    for (size_t i = 0; i < count; i++) {
        if (ht_str_eq_nocase(node->text, ht_str_from(words[i]))) {
            *index = i;
            return HT_OK;
        }
    }
    char what[192];
    (void)snprintf(what, sizeof what, "unknown %s", node->key.len > 0 ? name_of(node) : "word");
    const enum ht_status status =
        fail_word(node, node->text, what, ht_nearest(node->text, words, count), err);
    hint_words(err, words, count);
    return status;
}
