/* SPDX-License-Identifier: MIT */
#include "simulate/stamp.h"

#include <stdio.h>

#include "base/time.h"

static void put_two(char *out, int64_t number) {
    out[0] = (char)('0' + number / 10);
    out[1] = (char)('0' + number % 10);
}

/* Seconds and microseconds, the latter never negative. */
static int64_t whole_seconds(int64_t time_us, int64_t *left_us) {
    int64_t seconds = time_us / HT_US_PER_S;
    *left_us = time_us % HT_US_PER_S;
    if (*left_us < 0) {
        *left_us += HT_US_PER_S;
        seconds--;
    }
    return seconds;
}

static int64_t whole_days(int64_t seconds, int64_t *left_s) {
    int64_t days = seconds / HT_S_PER_DAY;
    *left_s = seconds % HT_S_PER_DAY;
    if (*left_s < 0) {
        *left_s += HT_S_PER_DAY;
        days--;
    }
    return days;
}

size_t ht_sim_stamp_write(int64_t time_us, unsigned digits, char out[HT_SIM_STAMP_BYTES]) {
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int64_t fraction_us = 0;
    int64_t of_day_s = 0;
    const int64_t seconds = whole_seconds(time_us, &fraction_us);
    ht_time_civil(whole_days(seconds, &of_day_s), &year, &month, &day);
    put_two(out, year / 100 % 100);
    put_two(out + 2, year % 100);
    out[4] = '-';
    put_two(out + 5, month);
    out[7] = '-';
    put_two(out + 8, day);
    out[10] = 'T';
    put_two(out + 11, of_day_s / HT_S_PER_HOUR);
    out[13] = ':';
    put_two(out + 14, of_day_s / 60 % 60);
    out[16] = ':';
    put_two(out + 17, of_day_s % 60);
    size_t len = 19;
    if (digits > 0) {
        int64_t scale = HT_US_PER_S / 10;
        out[len++] = '.';
        for (unsigned i = 0; i < digits && i < 7; i++) {
            out[len++] = (char)(scale > 0 ? '0' + fraction_us / scale % 10 : '0');
            scale /= 10;
        }
    }
    out[len++] = 'Z';
    out[len] = '\0';
    return len;
}

size_t ht_sim_stamp_write_portal(int64_t time_us, unsigned digits, char out[HT_SIM_STAMP_BYTES]) {
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int64_t fraction_us = 0;
    int64_t of_day_s = 0;
    const int64_t seconds = whole_seconds(time_us, &fraction_us);
    ht_time_civil(whole_days(seconds, &of_day_s), &year, &month, &day);
    const int hour = (int)(of_day_s / HT_S_PER_HOUR);
    int milliseconds = digits > 0 ? (int)(fraction_us / 1000) : 0;
    milliseconds -= milliseconds % (digits == 1 ? 100 : digits == 2 ? 10 : 1);
    const int len =
        snprintf(out, HT_SIM_STAMP_BYTES, "%u/%u/%d, %d:%02d:%02d.%03d %s", month, day,
                 (int)(year % 10000), hour % 12 == 0 ? 12 : hour % 12, (int)(of_day_s / 60 % 60),
                 (int)(of_day_s % 60), milliseconds, hour < 12 ? "AM" : "PM");
    return len > 0 ? (size_t)len : 0;
}
