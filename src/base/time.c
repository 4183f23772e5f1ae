/* SPDX-License-Identifier: MIT */
#include "base/time.h"

#include <stdio.h>

#include "base/num.h"

static bool is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_in_month(int64_t year, unsigned month) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool ht_time_days(int64_t year, unsigned month, unsigned day, int64_t *days) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month)) {
        return false;
    }
    /* Count from 1 March, so that the leap day is the last of its year. */
    const int64_t shifted = month <= 2 ? year - 1 : year;
    const int64_t era = shifted / 400;
    const int64_t year_of_era = shifted - era * 400;
    const int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    *days = era * 146097 + day_of_era - 719468;
    return true;
}

/* Exactly count digits at the start of *text; moves past them. */
static bool take_digits(struct ht_str *text, size_t count, unsigned *value) {
    if (text->len < count) {
        return false;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!ht_ascii_is_digit(text->ptr[i])) {
            return false;
        }
        sum = sum * 10 + (unsigned)(text->ptr[i] - '0');
    }
    text->ptr += count;
    text->len -= count;
    *value = sum;
    return true;
}

static bool take_char(struct ht_str *text, char wanted) {
    if (text->len == 0 || text->ptr[0] != wanted) {
        return false;
    }
    text->ptr++;
    text->len--;
    return true;
}

static bool take_date(struct ht_str *text, int64_t *days) {
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    return take_digits(text, 4, &year) && take_char(text, '-') && take_digits(text, 2, &month) &&
           take_char(text, '-') && take_digits(text, 2, &day) &&
           ht_time_days(year, month, day, days);
}

static bool take_fraction(struct ht_str *text, int64_t *fraction_us) {
    *fraction_us = 0;
    if (!take_char(text, '.') && !take_char(text, ',')) {
        return true;
    }
    int64_t unit_us = HT_US_PER_S / 10;
    size_t digits = 0;
    while (text->len > 0 && ht_ascii_is_digit(text->ptr[0])) {
        *fraction_us += (text->ptr[0] - '0') * unit_us;
        unit_us /= 10;
        digits++;
        text->ptr++;
        text->len--;
    }
    return digits <= 9;
}

static bool take_zone(struct ht_str *text, int64_t *offset_s) {
    *offset_s = 0;
    if (text->len == 0 || take_char(text, 'Z') || take_char(text, 'z')) {
        return true;
    }
    const bool west = text->ptr[0] == '-';
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!(take_char(text, '+') || take_char(text, '-')) || !take_digits(text, 2, &hours)) {
        return false;
    }
    if (text->len > 0) {
        (void)take_char(text, ':');
        if (!take_digits(text, 2, &minutes)) {
            return false;
        }
    }
    *offset_s = (int64_t)hours * HT_S_PER_HOUR + (int64_t)minutes * HT_S_PER_MINUTE;
    *offset_s = west ? -*offset_s : *offset_s;
    return hours <= 23 && minutes <= 59;
}

bool ht_time_parse_iso(struct ht_str text, int64_t *time_us) {
    int64_t days = 0;
    if (!take_date(&text, &days) ||
        !(take_char(&text, 'T') || take_char(&text, ' ') || take_char(&text, 't'))) {
        return false;
    }
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    int64_t fraction_us = 0;
    int64_t offset_s = 0;
    if (!take_digits(&text, 2, &hour) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &minute) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &second) || !take_fraction(&text, &fraction_us) ||
        !take_zone(&text, &offset_s) || text.len > 0 || hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    second = second == 60 ? 59 : second;
    const int64_t seconds = days * HT_S_PER_DAY + (int64_t)hour * HT_S_PER_HOUR +
                            (int64_t)minute * HT_S_PER_MINUTE + second - offset_s;
    *time_us = seconds * HT_US_PER_S + fraction_us;
    return true;
}

static bool parse_span(struct ht_str text, int64_t *seconds) {
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    uint64_t count = 0;
    if (text.len < 2 || !ht_num_parse_u64((struct ht_str){text.ptr, text.len - 1}, &count) ||
        count > 1000000) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (text.ptr[text.len - 1] == units[i].unit) {
            *seconds = (int64_t)count * units[i].seconds;
            return true;
        }
    }
    return false;
}

bool ht_time_parse_since(struct ht_str text, int64_t now_us, int64_t *time_us) {
    int64_t seconds = 0;
    if (parse_span(text, &seconds)) {
        *time_us = now_us - seconds * HT_US_PER_S;
        return true;
    }
    struct ht_str rest = text;
    int64_t days = 0;
    if (take_date(&rest, &days) && rest.len == 0) {
        *time_us = days * HT_S_PER_DAY * HT_US_PER_S;
        return true;
    }
    return ht_time_parse_iso(text, time_us);
}

void ht_time_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day) {
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t day_of_era = days - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t shifted_month = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *month = (unsigned)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

size_t ht_time_format(int64_t time_us, char out[HT_TIME_TEXT_BYTES]) {
    int64_t seconds = time_us / HT_US_PER_S;
    int64_t fraction_us = time_us % HT_US_PER_S;
    if (fraction_us < 0) {
        fraction_us += HT_US_PER_S;
        seconds--;
    }
    int64_t days = seconds / HT_S_PER_DAY;
    int64_t rest = seconds % HT_S_PER_DAY;
    if (rest < 0) {
        rest += HT_S_PER_DAY;
        days--;
    }
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    ht_time_civil(days, &year, &month, &day);
    int len = snprintf(out, HT_TIME_TEXT_BYTES, "%04d-%02u-%02uT%02d:%02d:%02d", (int)year, month,
                       day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    if (fraction_us > 0) {
        len += snprintf(out + len, HT_TIME_TEXT_BYTES - (size_t)len, ".%06d", (int)fraction_us);
        while (out[len - 1] == '0') {
            len--;
        }
    }
    out[len++] = 'Z';
    out[len] = '\0';
    return (size_t)len;
}

size_t ht_time_format_span(int64_t seconds, char out[HT_TIME_TEXT_BYTES]) {
    const char *sign = seconds < 0 ? "-" : "";
    const unsigned long long s = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    int len = 0;
    if (s < 60) {
        len = snprintf(out, HT_TIME_TEXT_BYTES, "%s%llus", sign, s);
    } else if (s < HT_S_PER_HOUR) {
        len = snprintf(out, HT_TIME_TEXT_BYTES, "%s%llum%02llus", sign, s / 60, s % 60);
    } else if (s < HT_S_PER_DAY) {
        len = snprintf(out, HT_TIME_TEXT_BYTES, "%s%lluh%02llum", sign, s / 3600, s / 60 % 60);
    } else {
        len = snprintf(out, HT_TIME_TEXT_BYTES, "%s%llud%02lluh", sign, s / 86400, s / 3600 % 24);
    }
    return (size_t)len;
}
