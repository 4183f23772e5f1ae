/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_TIME_H
#define HT_BASE_TIME_H
/*
 * Time as microseconds since 1970-01-01T00:00:00Z (suffix _us), without leap seconds, in the
 * proleptic Gregorian calendar. Years 1 to 9999. No time zone data base and no libc time functions
 * are used.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define HT_US_PER_S INT64_C(1000000)
#define HT_S_PER_MINUTE 60
#define HT_S_PER_HOUR 3600
#define HT_S_PER_DAY 86400

/* Longest result of ht_time_format(), with the NUL. */
enum { HT_TIME_TEXT_BYTES = 32 };

/* Days from 1970-01-01 to the date; any month 1..12 and day 1..31 that exists (H. Hinnant,
 * days_from_civil). */
bool ht_time_days(int64_t year, unsigned month, unsigned day, int64_t *days);

/* The date of a day; the inverse of ht_time_days() (H. Hinnant, civil_from_days). */
void ht_time_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day);

/*
 * ht_time_parse_iso() - an ISO 8601 instant as Azure's logs write it: YYYY-MM-DD, 'T', 't' or a
 * space, HH:MM:SS, optionally '.' or ',' and 0 to 9 digits, optionally 'Z', 'z' or +HH:MM, +HHMM,
 * +HH (or -). Without a zone it is UTC. A second of 60 is read as 59. Digits beyond microseconds
 * are cut. Returns false when anything else stands in the slice.
 */
bool ht_time_parse_iso(struct ht_str text, int64_t *time_us);

/*
 * ht_time_parse_since() - what --since and --until take: an ISO 8601 instant, a date (its midnight,
 * UTC), or a span before now_us: digits and one of s, m, h, d, w, as in "24h" or "7d".
 */
bool ht_time_parse_since(struct ht_str text, int64_t now_us, int64_t *time_us);

/* RFC 3339 in UTC with 'Z'; a fraction (without trailing zeros) only when there is one. Returns the
 * length. */
size_t ht_time_format(int64_t time_us, char out[HT_TIME_TEXT_BYTES]);

/* Whole seconds as people write them: "8s", "2m11s", "1h10m", "3d04h". Returns the length. */
size_t ht_time_format_span(int64_t seconds, char out[HT_TIME_TEXT_BYTES]);

/* Whole seconds from the first to the last of several events: what happened within one second took
 * one. */
static inline int64_t ht_time_extent_s(int64_t first_us, int64_t last_us) {
    const int64_t extent_s = (last_us - first_us) / HT_US_PER_S;
    return extent_s > 0 ? extent_s : 1;
}

#endif
