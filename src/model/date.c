/* SPDX-License-Identifier: MIT */
#include "model/date.h"

#include "base/num.h"
#include "base/time.h"

static bool take_char(struct ht_str *text, char wanted) {
    if (text->len == 0 || text->ptr[0] != wanted) {
        return false;
    }
    text->ptr++;
    text->len--;
    return true;
}

static bool take_text(struct ht_str *text, struct ht_str wanted) {
    if (!ht_str_starts_nocase(*text, wanted)) {
        return false;
    }
    text->ptr += wanted.len;
    text->len -= wanted.len;
    return true;
}

/* Spaces, also the no-break ones that browsers put before AM and PM. */
static void skip_spaces(struct ht_str *text) {
    while (take_char(text, ' ') || take_text(text, HT_STR("\xC2\xA0")) ||
           take_text(text, HT_STR("\xE2\x80\xAF"))) {
    }
}

/* A number of 1 to digits_max digits; returns how many it has. */
static unsigned take_number(struct ht_str *text, unsigned digits_max, unsigned *value) {
    unsigned digits = 0;
    *value = 0;
    while (digits < digits_max && text->len > 0 && ht_ascii_is_digit(text->ptr[0])) {
        *value = *value * 10 + (unsigned)(text->ptr[0] - '0');
        text->ptr++;
        text->len--;
        digits++;
    }
    return digits;
}

/* Three numbers with the same separator between. */
struct numbers {
    unsigned value[3];
    bool year_first;
};

static bool take_numbers(struct ht_str *text, struct numbers *numbers) {
    const unsigned first = take_number(text, 4, &numbers->value[0]);
    const char separator = text->len > 0 ? text->ptr[0] : '\0';
    numbers->year_first = first == 4;
    if ((first != 1 && first != 2 && first != 4) || separator == '\0' ||
        strchr("/-.", separator) == NULL) {
        return false;
    }
    (void)take_char(text, separator);
    const unsigned second = take_number(text, 2, &numbers->value[1]);
    if (second == 0 || !take_char(text, separator)) {
        return false;
    }
    const unsigned third = take_number(text, 4, &numbers->value[2]);
    return numbers->year_first ? third == 1 || third == 2 : third == 4;
}

/* Digits behind the second; those beyond microseconds are cut. */
static bool take_fraction(struct ht_str *text, int64_t *fraction_us) {
    int64_t unit_us = HT_US_PER_S;
    *fraction_us = 0;
    while (text->len > 0 && ht_ascii_is_digit(text->ptr[0])) {
        unit_us /= 10;
        *fraction_us += (text->ptr[0] - '0') * unit_us;
        text->ptr++;
        text->len--;
    }
    return unit_us < HT_US_PER_S;
}

/* h:mm, h:mm:ss, a fraction, AM or PM; microseconds since midnight. */
static bool take_clock(struct ht_str *text, int64_t *clock_us) {
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    int64_t fraction_us = 0;
    if (take_number(text, 2, &hour) == 0 || !take_char(text, ':') ||
        take_number(text, 2, &minute) != 2) {
        return false;
    }
    if (take_char(text, ':')) {
        if (take_number(text, 2, &second) != 2 || ((take_char(text, '.') || take_char(text, ',')) &&
                                                   !take_fraction(text, &fraction_us))) {
            return false;
        }
    }
    skip_spaces(text);
    const bool am = take_text(text, HT_STR("AM"));
    const bool pm = !am && take_text(text, HT_STR("PM"));
    if (hour > 23 || minute > 59 || second > 60 || ((am || pm) && (hour == 0 || hour > 12))) {
        return false;
    }
    hour = (am || pm) ? hour % 12 + (pm ? 12 : 0) : hour;
    second = second == 60 ? 59 : second;
    *clock_us =
        ((int64_t)hour * HT_S_PER_HOUR + (int64_t)minute * HT_S_PER_MINUTE + second) * HT_US_PER_S +
        fraction_us;
    return true;
}

/* Nothing, Z, UTC, GMT, +hh:mm, +hhmm or +hh. */
static bool take_zone(struct ht_str *text, int *zone_min) {
    unsigned hours = 0;
    unsigned minutes = 0;
    *zone_min = 0;
    skip_spaces(text);
    if (text->len == 0 || take_text(text, HT_STR("Z")) || take_text(text, HT_STR("UTC")) ||
        take_text(text, HT_STR("GMT"))) {
        return true;
    }
    const bool west = take_char(text, '-');
    if ((!west && !take_char(text, '+')) || take_number(text, 2, &hours) == 0) {
        return false;
    }
    (void)take_char(text, ':');
    if (text->len > 0 && take_number(text, 2, &minutes) != 2) {
        return false;
    }
    *zone_min = (int)(hours * 60 + minutes) * (west ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

/* "/Date(1740475165391)/", as older PowerShell writes a date in JSON. */
static bool parse_milliseconds(struct ht_str text, struct ht_stamp *stamp) {
    uint64_t milliseconds = 0;
    if (!take_text(&text, HT_STR("/Date(")) || text.len < 3 || text.ptr[text.len - 1] != '/' ||
        text.ptr[text.len - 2] != ')' ||
        !ht_num_parse_u64((struct ht_str){text.ptr, text.len - 2}, &milliseconds) ||
        milliseconds > UINT64_C(253402300799999)) {
        return false;
    }
    *stamp = (struct ht_stamp){.time_us = (int64_t)milliseconds * 1000};
    return true;
}

/* Which readings the three numbers have under that order. */
static bool choose_reading(const struct numbers *numbers, enum ht_date_order order,
                           enum ht_stamp_kind *kind) {
    const unsigned a = numbers->value[0];
    const unsigned b = numbers->value[1];
    if (numbers->year_first) {
        *kind = HT_STAMP_ISO;
        return true;
    }
    if (a < 1 || b < 1 || (a > 12 && b > 12) || order == HT_DATE_ORDER_YMD) {
        return false;
    }
    *kind = a > 12 ? HT_STAMP_DMY : b > 12 ? HT_STAMP_MDY : a != b ? HT_STAMP_EITHER : HT_STAMP_ISO;
    if (order == HT_DATE_ORDER_PROVEN || *kind == HT_STAMP_ISO) {
        return true;
    }
    const enum ht_stamp_kind given = order == HT_DATE_ORDER_DMY ? HT_STAMP_DMY : HT_STAMP_MDY;
    const bool possible = *kind == HT_STAMP_EITHER || *kind == given;
    *kind = given;
    return possible;
}

static bool to_days(const struct numbers *numbers, enum ht_stamp_kind kind, int64_t *days) {
    const unsigned *value = numbers->value;
    if (numbers->year_first) {
        return ht_time_days(value[0], value[1], value[2], days);
    }
    return kind == HT_STAMP_DMY ? ht_time_days(value[2], value[1], value[0], days)
                                : ht_time_days(value[2], value[0], value[1], days);
}

bool ht_stamp_parse(struct ht_str text, enum ht_date_order order, struct ht_stamp *stamp) {
    *stamp = (struct ht_stamp){.kind = HT_STAMP_ISO};
    if (ht_time_parse_iso(text, &stamp->time_us) || parse_milliseconds(text, stamp)) {
        return true;
    }
    struct numbers numbers;
    int64_t days = 0;
    int64_t clock_us = 0;
    if (!take_numbers(&text, &numbers) || !choose_reading(&numbers, order, &stamp->kind) ||
        !to_days(&numbers, stamp->kind, &days)) {
        return false;
    }
    (void)take_char(&text, ',');
    (void)(take_char(&text, 'T') || take_char(&text, ' '));
    skip_spaces(&text);
    if (!take_clock(&text, &clock_us) || !take_zone(&text, &stamp->zone_min) || text.len > 0) {
        return false;
    }
    stamp->time_us = days * HT_S_PER_DAY * HT_US_PER_S + clock_us -
                     (int64_t)stamp->zone_min * HT_S_PER_MINUTE * HT_US_PER_S;
    return true;
}

/* The day of an instant as its stamp has it, and the microseconds since its midnight. */
static int64_t local_day(int64_t time_us, int zone_min, int64_t *clock_us) {
    const int64_t day_us = HT_S_PER_DAY * HT_US_PER_S;
    const int64_t local_us = time_us + (int64_t)zone_min * HT_S_PER_MINUTE * HT_US_PER_S;
    int64_t days = local_us / day_us;
    *clock_us = local_us % day_us;
    if (*clock_us < 0) {
        *clock_us += day_us;
        days--;
    }
    return days;
}

int64_t ht_stamp_swap(int64_t time_us, int zone_min) {
    int64_t clock_us = 0;
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int64_t days = local_day(time_us, zone_min, &clock_us);
    ht_time_civil(days, &year, &month, &day);
    (void)ht_time_days(year, day, month, &days);
    return days * HT_S_PER_DAY * HT_US_PER_S + clock_us -
           (int64_t)zone_min * HT_S_PER_MINUTE * HT_US_PER_S;
}

void ht_date_evidence_add(struct ht_date_evidence *evidence, const struct ht_stamp *stamp) {
    int64_t ignored = 0;
    evidence->dmy += stamp->kind == HT_STAMP_DMY;
    evidence->mdy += stamp->kind == HT_STAMP_MDY;
    evidence->either += stamp->kind == HT_STAMP_EITHER;
    const int64_t swapped_us = stamp->kind == HT_STAMP_EITHER
                                   ? ht_stamp_swap(stamp->time_us, stamp->zone_min)
                                   : stamp->time_us;
    const int64_t day[2] = {local_day(stamp->time_us, stamp->zone_min, &ignored),
                            local_day(swapped_us, stamp->zone_min, &ignored)};
    for (size_t i = 0; i < 2; i++) {
        evidence->up[i] += evidence->begun && day[i] > evidence->day[i];
        evidence->down[i] += evidence->begun && day[i] < evidence->day[i];
        evidence->day[i] = day[i];
    }
    evidence->begun = true;
}

/* Days that run one way but for a few that came late. */
static bool is_in_sequence(uint64_t up, uint64_t down) {
    const uint64_t against = up < down ? up : down;
    return up + down > 0 && against * 50 <= up + down;
}

/* ... and days that jump to and fro. */
static bool is_out_of_sequence(uint64_t up, uint64_t down) {
    const uint64_t against = up < down ? up : down;
    return up + down >= 3 && against * 5 >= up + down;
}

enum ht_date_order ht_date_evidence_order(const struct ht_date_evidence *evidence) {
    if (evidence->dmy > 0 && evidence->mdy > 0) {
        return HT_DATE_ORDER_PROVEN;
    }
    if (evidence->dmy > 0) {
        return HT_DATE_ORDER_DMY;
    }
    if (evidence->mdy > 0 || evidence->either == 0) {
        return HT_DATE_ORDER_MDY;
    }
    for (size_t i = 0; i < 2; i++) {
        if (is_in_sequence(evidence->up[i], evidence->down[i]) &&
            is_out_of_sequence(evidence->up[1 - i], evidence->down[1 - i])) {
            return i == 0 ? HT_DATE_ORDER_MDY : HT_DATE_ORDER_DMY;
        }
    }
    return HT_DATE_ORDER_PROVEN;
}
