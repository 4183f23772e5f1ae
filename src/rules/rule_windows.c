/* SPDX-License-Identifier: MIT */
/* Windows of maintenance: weekly, by the clock of a zone, or once. */
#include "base/check.h"
#include "base/err.h"
#include "base/time.h"
#include "rules/rulebook_private.h"

enum { ALL_DAYS = 0x7F };

/* "HH:MM", "24:00" included. */
static bool parse_clock(struct ht_str text, int32_t *of_day_s) {
    if (text.len != 5 || text.ptr[2] != ':' || !ht_ascii_is_digit(text.ptr[0]) ||
        !ht_ascii_is_digit(text.ptr[1]) || !ht_ascii_is_digit(text.ptr[3]) ||
        !ht_ascii_is_digit(text.ptr[4])) {
        return false;
    }
    const int32_t hour = (text.ptr[0] - '0') * 10 + (text.ptr[1] - '0');
    const int32_t minute = (text.ptr[3] - '0') * 10 + (text.ptr[4] - '0');
    *of_day_s = hour * HT_S_PER_HOUR + minute * HT_S_PER_MINUTE;
    return minute < 60 && *of_day_s <= HT_S_PER_DAY;
}

/* "UTC", "Z", "+01:00": an offset, not the name of a zone, since those change with the season and
 * the machine. */
static enum ht_status read_zone(const struct ht_yaml_node *node, int32_t *zone_s,
                                struct ht_err *err) {
    enum { ZONE_MAX_S = 14 * HT_S_PER_HOUR };
    struct ht_str text;
    *zone_s = 0;
    if (node == NULL) {
        return HT_OK;
    }
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    text = node->text;
    if (ht_str_eq(text, HT_STR("UTC")) || ht_str_eq(text, HT_STR("Z"))) {
        return HT_OK;
    }
    const bool is_signed = text.len == 6 && (text.ptr[0] == '+' || text.ptr[0] == '-');
    if (!is_signed || !parse_clock((struct ht_str){text.ptr + 1, 5}, zone_s) ||
        *zone_s > ZONE_MAX_S) {
        return ht_yaml_fail(node, err, "zone: '%.40s' is not an offset such as \"+01:00\", or UTC",
                            text.ptr);
    }
    *zone_s = text.ptr[0] == '-' ? -*zone_s : *zone_s;
    return HT_OK;
}

static enum ht_status read_days(const struct ht_yaml_node *node, uint8_t *days,
                                struct ht_err *err) {
    static const char *const words[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    *days = node == NULL ? ALL_DAYS : 0;
    if (node == NULL) {
        return HT_OK;
    }
    for (const struct ht_yaml_node *item = ht_rule_first_of(node); item != NULL;
         item = ht_rule_next_of(node, item)) {
        size_t day = 0;
        const enum ht_status status =
            ht_rule_read_word(item, "day", words, HT_ARRAY_LEN(words), &day, err);
        if (status != HT_OK) {
            ht_err_hint(err, "days are sun, mon, tue, wed, thu, fri and sat");
            return status;
        }
        *days = (uint8_t)(*days | 1U << day);
    }
    return *days != 0 ? HT_OK : ht_yaml_fail(node, err, "days: no day in it");
}

static enum ht_status read_instant(const struct ht_yaml_node *node, int64_t *time_us,
                                   struct ht_err *err) {
    struct ht_str text = node->text;
    if (node->kind == HT_YAML_SCALAR && text.len == 10) { /* a date: its midnight, UTC */
        char midnight[32] = {0};
        memcpy(midnight, text.ptr, text.len);
        memcpy(midnight + text.len, "T00:00:00Z", 10);
        if (ht_time_parse_iso(ht_str_from(midnight), time_us)) {
            return HT_OK;
        }
    }
    if (node->kind != HT_YAML_SCALAR || !ht_time_parse_iso(text, time_us)) {
        return ht_yaml_fail(node, err,
                            "%s: '%.40s' is neither a time of day such as \"02:00\" nor an instant "
                            "such as 2025-03-10T02:00:00Z",
                            node->key.ptr, node->kind == HT_YAML_SCALAR ? text.ptr : "this");
    }
    return HT_OK;
}

static enum ht_status read_once(const struct ht_yaml_node *node, const struct ht_yaml_node *from,
                                const struct ht_yaml_node *to, struct ht_known_window *window,
                                struct ht_err *err) {
    const struct ht_yaml_node *days = ht_yaml_get(node, "days");
    const struct ht_yaml_node *zone = ht_yaml_get(node, "zone");
    HT_TRY(read_instant(from, &window->from_us, err));
    HT_TRY(read_instant(to, &window->to_us, err));
    if (days != NULL || zone != NULL) {
        const struct ht_yaml_node *odd = days != NULL ? days : zone;
        return ht_yaml_fail(odd, err, "%s belongs to a window that recurs, with times of day",
                            odd->key.ptr);
    }
    return window->from_us < window->to_us
               ? HT_OK
               : ht_yaml_fail(node, err, "an empty window: it ends at or before its begin");
}

static enum ht_status read_window(const struct ht_yaml_node *node, struct ht_known_window *window,
                                  struct ht_err *err) {
    static const char *const keys[] = {"days", "from", "to", "zone"};
    HT_TRY(ht_yaml_need_keys(node, keys, HT_ARRAY_LEN(keys), err));
    const struct ht_yaml_node *from = ht_yaml_get(node, "from");
    const struct ht_yaml_node *to = ht_yaml_get(node, "to");
    if (from == NULL || to == NULL) {
        return ht_yaml_fail(node, err, "a window needs both from and to");
    }
    const bool weekly = from->kind == HT_YAML_SCALAR && parse_clock(from->text, &window->from_s);
    if (!weekly) {
        return read_once(node, from, to, window, err);
    }
    if (to->kind != HT_YAML_SCALAR || !parse_clock(to->text, &window->to_s)) {
        return ht_yaml_fail(to, err, "to: '%.40s' is not a time of day such as \"04:00\"",
                            to->kind == HT_YAML_SCALAR ? to->text.ptr : "this");
    }
    HT_TRY(read_days(ht_yaml_get(node, "days"), &window->days, err));
    HT_TRY(read_zone(ht_yaml_get(node, "zone"), &window->zone_s, err));
    if (window->from_s == window->to_s || window->from_s == HT_S_PER_DAY) {
        const enum ht_status status =
            ht_yaml_fail(node, err, "an empty window: it ends when it begins");
        ht_err_hint(err, "a whole day is from \"00:00\" to \"24:00\"");
        return status;
    }
    return HT_OK;
}

enum ht_status ht_rule_read_maintenance(const struct ht_yaml_node *node, struct ht_arena *text,
                                        struct ht_known_rule *rule, struct ht_err *err) {
    const size_t count = node->kind == HT_YAML_SEQUENCE ? node->count : 1;
    if (count == 0) {
        return ht_yaml_fail(node, err, "maintenance: no window in it");
    }
    if (count > RULEBOOK_WINDOWS_MAX) {
        return ht_yaml_fail(node, err, "maintenance: more than %d windows", RULEBOOK_WINDOWS_MAX);
    }
    struct ht_known_window *windows =
        ht_arena_alloc(text, count * sizeof *windows, _Alignof(struct ht_known_window));
    if (windows == NULL) {
        return ht_rule_no_memory(err);
    }
    rule->windows = windows;
    for (const struct ht_yaml_node *item = ht_rule_first_of(node); item != NULL;
         item = ht_rule_next_of(node, item)) {
        HT_TRY(read_window(item, &windows[rule->window_count++], err));
    }
    return HT_OK;
}
