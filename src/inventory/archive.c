/* SPDX-License-Identifier: MIT */
#include "inventory/archive.h"

#include "base/compiler.h"
#include "base/num.h"
#include "base/time.h"

/* "y=2025/" at the start of *text, which is moved behind it. */
static bool take_part(struct ht_str *text, char letter, size_t digits, uint64_t *value) {
    if (text->len < digits + 3 || text->ptr[0] != letter || text->ptr[1] != '=' ||
        text->ptr[digits + 2] != '/' ||
        !ht_num_parse_u64((struct ht_str){text->ptr + 2, digits}, value)) {
        return false;
    }
    *text = (struct ht_str){text->ptr + digits + 3, text->len - digits - 3};
    return true;
}

static bool parse_hour(struct ht_str text, int64_t *hour) {
    uint64_t year = 0;
    uint64_t month = 0;
    uint64_t day = 0;
    uint64_t hour_of_day = 0;
    int64_t days = 0;
    if (!take_part(&text, 'y', 4, &year) || !take_part(&text, 'm', 2, &month) ||
        !take_part(&text, 'd', 2, &day) || !take_part(&text, 'h', 2, &hour_of_day) ||
        hour_of_day > 23 || !ht_time_days((int64_t)year, (unsigned)month, (unsigned)day, &days)) {
        return false;
    }
    *hour = days * 24 + (int64_t)hour_of_day;
    return true;
}

bool ht_archive_parse(struct ht_str path, struct ht_archive_path *out) {
    for (size_t at = 0; at < path.len; at++) {
        if (path.ptr[at] == 'y' && (at == 0 || path.ptr[at - 1] == '/') &&
            parse_hour((struct ht_str){path.ptr + at, path.len - at}, &out->hour)) {
            out->place = (struct ht_str){path.ptr, at > 0 ? at - 1 : 0};
            return true;
        }
    }
    return false;
}

bool ht_archive_has_connections(struct ht_str place) {
    return ht_str_find_nocase(place, HT_STR("insights-logs-")) == SIZE_MAX ||
           ht_str_find_nocase(place, HT_STR("insights-logs-connections")) != SIZE_MAX;
}
