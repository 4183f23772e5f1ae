/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *code_name(uint32_t code) {
    static const struct {
        uint32_t code;
        const char *name;
    } names[] = {
        {400027, "ConnectionForcefullyClosedOnNewConnection"},
        {400029, "ConnectionForcefullyClosedOnFaultInjection"},
        {400030, "ConnectionRejectedOnFaultInjection"},
        {401003, "IoTHubUnauthorized"},
        {403002, "IoTHubQuotaExceeded"},
        {403004, "DeviceMaximumQueueDepthExceeded"},
        {403012, "DeviceDisabled"},
        {404001, "DeviceNotFound"},
        {404103, "DeviceNotOnline"},
        {404104, "DeviceConnectionClosedRemotely"},
        {409002, "LinkCreationConflict"},
        {429001, "ThrottlingException"},
        {500001, "ServerError"},
        {500008, "GenericTimeout"},
        {503001, "ServiceUnavailable"},
        {504101, "GatewayTimeout"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return "";
}

/* H. Hinnant, civil_from_days and days_from_civil, for the years of our era. */
static void civil_from_days(int64_t days, int *year, int *month, int *day) {
    const int64_t shifted = days + 719468;
    const int64_t era = shifted / 146097;
    const int64_t of_era = shifted - era * 146097;
    const int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    const int64_t march = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * march + 2) / 5 + 1);
    *month = (int)(march < 10 ? march + 3 : march - 9);
    *year = (int)(years + era * 400 + (*month <= 2));
}

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    const int64_t shifted = year - (month <= 2);
    const int64_t era = shifted / 400;
    const int64_t of_era = shifted - era * 400;
    const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void time_format(int64_t time_us, unsigned digits, char out[TIME_TEXT_BYTES]) {
    int year = 0;
    int month = 0;
    int day = 0;
    const int64_t seconds = time_us / US_PER_S;
    civil_from_days(seconds / S_PER_DAY, &year, &month, &day);
    const int left = (int)(seconds % S_PER_DAY);
    int len = snprintf(out, TIME_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
                       left / S_PER_HOUR, left / 60 % 60, left % 60);
    if (digits > 0) {
        char fraction[16];
        snprintf(fraction, sizeof fraction, ".%06d0", (int)(time_us % US_PER_S));
        len += snprintf(out + len, TIME_TEXT_BYTES - (size_t)len, "%.*s",
                        1 + (int)(digits < 7 ? digits : 7), fraction);
    }
    snprintf(out + len, TIME_TEXT_BYTES - (size_t)len, "Z");
}

int64_t time_parse(const char *text) {
    int part[6];
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &part[0], &part[1], &part[2], &part[3], &part[4],
               &part[5]) != 6) {
        return -1;
    }
    return (days_from_civil(part[0], part[1], part[2]) * S_PER_DAY + part[3] * S_PER_HOUR +
            part[4] * 60 + part[5]) *
           US_PER_S;
}
