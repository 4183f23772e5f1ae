/* SPDX-License-Identifier: MIT */
#include "inventory/hub_hours.h"

#include <stdlib.h>

#include "base/check.h"

/* Eight events in one hour, as a Poisson process makes them, are none in another one in 3,000. */
enum { USUAL_MIN = 8, HOURS_MIN = 3 };
/* Pauses are rare when at most one in ten is as long as half of this one. */
enum { RARE_SHARE = 10 };
enum { DAYS_AROUND = 14, DAYS_MIN = 2 };

static int64_t hour_of_slot(int64_t slot) {
    return slot / HT_SLOTS_PER_HOUR - (slot % HT_SLOTS_PER_HOUR < 0);
}

static void add_hours(struct ht_hub_hours *hours) {
    for (size_t i = 0; i < hours->slot_count; i++) {
        const int64_t hour = hour_of_slot(ht_slot_at(&hours->slots[i]));
        if (hours->hour_count == 0 || hours->hours[hours->hour_count - 1].hour != hour) {
            hours->hours[hours->hour_count++] = (struct ht_hour_count){.hour = hour};
        }
        hours->hours[hours->hour_count - 1].events += hours->slots[i].events;
    }
}

static int compare_numbers(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void add_pauses(struct ht_hub_hours *hours) {
    for (size_t i = 1; i < hours->slot_count; i++) {
        hours->pauses[i - 1] = ht_slot_at(&hours->slots[i]) - ht_slot_at(&hours->slots[i - 1]) - 1;
    }
    qsort(hours->pauses, hours->slot_count - 1, sizeof *hours->pauses, compare_numbers);
}

/* scratch: room for all hours */
static uint64_t first_quartile(const struct ht_hub_hours *hours, int64_t *scratch) {
    if (hours->hour_count < HOURS_MIN) {
        return 0;
    }
    for (size_t i = 0; i < hours->hour_count; i++) {
        scratch[i] = (int64_t)hours->hours[i].events;
    }
    qsort(scratch, hours->hour_count, sizeof *scratch, compare_numbers);
    return (uint64_t)scratch[(hours->hour_count - 1) / 4];
}

enum ht_status ht_hub_hours_make(const struct ht_slot_count *slots, size_t count,
                                 struct ht_hub_hours *hours) {
    *hours = (struct ht_hub_hours){.slots = slots, .slot_count = count};
    if (count == 0) {
        return HT_OK;
    }
    hours->hours = malloc(count * sizeof *hours->hours);
    hours->pauses = malloc(count * sizeof *hours->pauses);
    if (hours->hours == NULL || hours->pauses == NULL) {
        ht_hub_hours_release(hours);
        return HT_E_NOMEM;
    }
    add_hours(hours);
    hours->usual = first_quartile(hours, hours->pauses);
    add_pauses(hours);
    return HT_OK;
}

void ht_hub_hours_release(struct ht_hub_hours *hours) {
    free(hours->hours);
    free(hours->pauses);
    *hours = (struct ht_hub_hours){.slots = NULL};
}

uint64_t ht_hub_hours_events(const struct ht_hub_hours *hours, int64_t hour) {
    size_t low = 0;
    size_t high = hours->hour_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (hours->hours[middle].hour < hour) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < hours->hour_count && hours->hours[low].hour == hour ? hours->hours[low].events : 0;
}

uint64_t ht_hub_hours_span(const struct ht_hub_hours *hours) {
    return hours->hour_count > 0
               ? (uint64_t)(hours->hours[hours->hour_count - 1].hour - hours->hours[0].hour + 1)
               : 0;
}

bool ht_hub_hours_rare_pause(const struct ht_hub_hours *hours, int64_t slots) {
    const size_t count = hours->slot_count > 0 ? hours->slot_count - 1 : 0;
    size_t longer = 0;
    while (longer < count && hours->pauses[count - 1 - longer] * 2 >= slots) {
        longer++;
    }
    return longer * RARE_SHARE <= count;
}

bool ht_hub_hours_expected(const struct ht_hub_hours *hours, int64_t hour) {
    unsigned others = 0;
    unsigned busy = 0;
    if (hours->usual < USUAL_MIN) {
        return false;
    }
    const int64_t first = hours->hours[0].hour;
    const int64_t last = hours->hours[hours->hour_count - 1].hour;
    for (int64_t day = -DAYS_AROUND; day <= DAYS_AROUND; day++) {
        const int64_t other = hour + day * 24;
        if (day != 0 && other >= first && other <= last) {
            others++;
            busy += ht_hub_hours_events(hours, other) > 0;
        }
    }
    return others < DAYS_MIN || busy * 2 >= others;
}
