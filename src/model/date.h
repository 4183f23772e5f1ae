/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_DATE_H
#define HT_MODEL_DATE_H
/*
 * Time stamps as people and tables write them, such as "2/25/2025, 9:19:25.391 AM", whose day and
 * month may stand in either order; and what the stamps of one source prove of that order.
 *
 * The order is never guessed: it is given, or proven by a field above 12, or by the sequence of
 * dates when it makes sense under one reading only.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "hubtriage/hubtriage.h"

enum ht_stamp_kind {
    HT_STAMP_ISO = 0, /* the year first, or day and month are the same number */
    HT_STAMP_DMY,     /* can only be day, month, year */
    HT_STAMP_MDY,     /* can only be month, day, year */
    HT_STAMP_EITHER,  /* read as month, day, year: both would do */
};

struct ht_stamp {
    int64_t time_us;
    enum ht_stamp_kind kind;
    int zone_min; /* of the stamp, east positive: time_us has it taken off */
};

/*
 * ht_stamp_parse() - ISO 8601 (base/time.h), and: two numbers and a year of four digits, or the
 * year first, with '/', '-' or '.' between; perhaps a comma; h:mm, h:mm:ss and a fraction; perhaps
 * AM or PM; perhaps Z, UTC, GMT or +hh:mm. Spaces may be no-break spaces. Also "/Date(ms)/".
 *
 * @order  HT_DATE_ORDER_DMY and _MDY read every stamp so; _YMD takes only those with the year
 *         first.
 * Returns false when it is none of these, or no date in that order.
 */
bool ht_stamp_parse(struct ht_str text, enum ht_date_order order, struct ht_stamp *stamp);

/* The same stamp with day and month exchanged; both must be at most 12. */
int64_t ht_stamp_swap(int64_t time_us, int zone_min);

/* What the stamps of one source say, in the order in which they stand there. */
struct ht_date_evidence {
    uint64_t dmy; /* stamps that have this reading only */
    uint64_t mdy;
    uint64_t either;
    bool begun;
    int64_t day[2];   /* of the last stamp, read as month, day, year and as day, month, year */
    uint64_t up[2];   /* steps to a later day */
    uint64_t down[2]; /* steps to an earlier day */
};

void ht_date_evidence_add(struct ht_date_evidence *evidence, const struct ht_stamp *stamp);

/* HT_DATE_ORDER_DMY or _MDY when it is proven, or does not matter (then _MDY);
 * HT_DATE_ORDER_PROVEN when it is not. */
enum ht_date_order ht_date_evidence_order(const struct ht_date_evidence *evidence);

#endif
