/* SPDX-License-Identifier: MIT */
/*
 * Running through the tree. Compiled once for each kind of machine code, which defines before it
 * includes this file:
 *
 *   LANE_RUN       the name of the function
 *   LANE_TARGET    attributes of every function
 *   LANE_BYTES     in a block
 *   lane_differ()  the bytes of two blocks that are not equal, as a mask
 *   lane_special() the bytes of a block that end the plain part of a string: quote, backslash,
 *                  control characters, and what is not ASCII
 *   lane_is()      the bytes of a block that are that one
 *   LANE_FIRST()   which byte the lowest bit of a mask is
 *   LANE_BELOW()   a mask of so many bytes, from 0 to LANE_BYTES
 *
 * Blocks may lie behind the end of the text, within its padding.
 */
#include "base/compiler.h"
#include "base/text.h"
#include "base/time.h"
#include "decode/lane_private.h"

#define LANE_INLINE LANE_TARGET HT_INLINE

LANE_INLINE bool same_run(const char *a, const char *b, size_t len) {
    while (len > LANE_BYTES) {
        if (lane_differ(a, b) != 0) {
            return false;
        }
        a += LANE_BYTES;
        b += LANE_BYTES;
        len -= LANE_BYTES;
    }
    return (lane_differ(a, b) & LANE_BELOW(len)) == 0;
}

/* Behind the code point at `at`, which is not ASCII; NULL when it is none. */
LANE_TARGET static const char *pass_code_point(const char *at, const char *end) {
    uint32_t code_point = 0;
    const size_t used = ht_utf8_decode((struct ht_str){at, (size_t)(end - at)}, &code_point);
    return used > 0 ? at + used : NULL;
}

/* The byte that ends the plain part of a string; NULL when there is none, or the text is wrong. */
LANE_INLINE const char *plain_end(const char *at, const char *end) {
    while (at < end) {
        const uint64_t special = lane_special(at);
        if (HT_LIKELY(special != 0)) {
            at += LANE_FIRST(special);
            if (HT_LIKELY(at < end && (unsigned char)*at < 0x80)) {
                return at;
            }
            at = at < end ? pass_code_point(at, end) : NULL;
            if (at == NULL) {
                return NULL;
            }
            continue;
        }
        at += LANE_BYTES;
    }
    return NULL;
}

/* The quote that ends a string, one special byte after the other. */
LANE_TARGET static const char *any_end_slow(const char *at, const char *end) {
    for (;;) {
        at = plain_end(at, end);
        if (at == NULL || *at == '"') {
            return at;
        }
        if (*at != '\\' || end - at < 2) {
            return NULL;
        }
        switch (at[1]) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            at += 2;
            break;
        default:
            return NULL; /* \u has rules of its own */
        }
    }
}

#ifdef LANE_ANY_END
#define any_end LANE_ANY_END
#else
#define any_end any_end_slow
#endif

/* A natural number without leading zeros. */
LANE_INLINE const char *digits_end(const char *at, const char *end) {
    const char *begin = at;
    while (at < end && ht_ascii_is_digit(*at)) {
        at++;
    }
    const bool good =
        at < end && at > begin && at - begin <= 18 && (*begin != '0' || at - begin == 1);
    return good ? at : NULL;
}

HT_INLINE uint64_t lane_word(const char *at) {
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Two digits; *wrong is not 0 when they are none. */
HT_INLINE unsigned two_digits(const char *at, unsigned *wrong) {
    const unsigned tens = (unsigned char)(at[0] - '0');
    const unsigned ones = (unsigned char)(at[1] - '0');
    *wrong |= (tens > 9) | (ones > 9);
    return tens * 10 + ones;
}

/* "YYYY-MM-DDTHH:MM:SS", perhaps a fraction, and "Z": the end of it, or NULL. */
LANE_INLINE const char *stamp_end(struct ht_lane_day *day, const char *at, const char *end,
                                  int64_t *time_us) {
    if (end - at < 21) {
        return NULL;
    }
    if (HT_UNLIKELY(lane_word(at) != lane_word(day->text) ||
                    lane_word(at + 3) != lane_word(day->text + 3)) &&
        !ht_lane_read_day(at, day)) {
        return NULL;
    }
    unsigned wrong = 0;
    const unsigned hour = two_digits(at + 11, &wrong);
    const unsigned minute = two_digits(at + 14, &wrong);
    const unsigned second = two_digits(at + 17, &wrong);
    wrong |= (at[13] != ':') | (at[16] != ':') | (hour > 23) | (minute > 59) | (second > 59);
    if (wrong != 0) {
        return NULL;
    }
    int64_t us = (int64_t)((hour * 60 + minute) * 60 + second) * HT_US_PER_S;
    at += 19;
    if (*at == '.') {
        int64_t unit_us = HT_US_PER_S / 10;
        const char *begin = ++at;
        while (at < end && ht_ascii_is_digit(*at)) {
            us += (*at - '0') * unit_us;
            unit_us /= 10;
            at++;
        }
        if (at - begin > 9) {
            return NULL;
        }
    }
    if (at >= end || *at != 'Z') {
        return NULL;
    }
    *time_us = day->us + us;
    return at + 1;
}

/* A record under way. */
struct lane_trip {
    struct ht_str holes[HT_LANE_HOLES_MAX + 1]; /* [0] is empty */
    int64_t time_us;
    const char *at; /* its end, at last */
};

/* The model of the record at trip->at; NULL when there is none. */
LANE_INLINE const struct ht_lane_model *follow(struct ht_lane *lane, unsigned number,
                                               const char *end, struct lane_trip *trip) {
    const char *at = trip->at;
    size_t holes = 0;
    for (;;) {
        const struct ht_lane_node *node = &lane->nodes[number];
        const char *begin = at + node->len;
        if ((size_t)(end - at) < node->len || !same_run(at, lane->text + node->text, node->len)) {
            return NULL;
        }
        number = node->next;
        at = begin;
        switch ((enum ht_lane_kind)node->kind) {
        case HT_LANE_LEAF:
            trip->at = at;
            return &lane->models[number];
        case HT_LANE_FORK:
            number = lane->forks[number].next[(unsigned char)*at];
            if (number == 0) {
                return NULL;
            }
            continue;
        case HT_LANE_TIME:
            at = stamp_end(&lane->day, begin, end, &trip->time_us);
            break;
        case HT_LANE_PLAIN:
            at = plain_end(begin, end);
            number = at == begin ? node->empty : number;
            at = at != NULL && *at == '"' && number != 0 ? at : NULL;
            break;
        case HT_LANE_CELL:
            at = plain_end(begin, end);
            number = at == begin || (at - begin == 4 && memcmp(begin, "None", 4) == 0) ? node->empty
                                                                                       : number;
            at = at != NULL && *at == '"' && number != 0 ? at : NULL;
            break;
        case HT_LANE_INNER:
            at = plain_end(begin, end);
            number = at == begin ? node->empty : number;
            at = at != NULL && at[0] == '\\' && at[1] == '"' && number != 0 ? at : NULL;
            break;
        case HT_LANE_ANY:
            at = any_end(begin, end);
            break;
        case HT_LANE_DIGITS:
            at = digits_end(begin, end);
            break;
        }
        if (at == NULL) {
            return NULL;
        }
        trip->holes[++holes] = (struct ht_str){begin, (size_t)(at - begin)};
    }
}

/* Where the first slash is, or the length. */
LANE_INLINE size_t find_slash(struct ht_str text) {
    for (size_t at = 0; at < text.len; at += LANE_BYTES) {
        const size_t left = text.len - at;
        const uint64_t slashes =
            lane_is(text.ptr + at, '/') & LANE_BELOW(left < LANE_BYTES ? left : LANE_BYTES);
        if (slashes != 0) {
            return at + LANE_FIRST(slashes);
        }
    }
    return text.len;
}

/* The rules for "device/module". False when no device is left. */
LANE_INLINE bool set_module_apart(struct ht_variant *variant) {
    const size_t slash = find_slash(variant->device);
    if (HT_LIKELY(slash == variant->device.len)) {
        return true;
    }
    if (variant->module.len == 0) {
        variant->module =
            (struct ht_str){variant->device.ptr + slash + 1, variant->device.len - slash - 1};
    }
    variant->device.len = slash;
    return slash > 0;
}

/* The record of that model which the holes make; false when the lane cannot tell. */
LANE_INLINE bool arrive(const struct ht_lane_model *model, const struct lane_trip *trip,
                        struct ht_quick *quick) {
    const struct ht_lane_roles *roles = &model->roles;
    quick->model = &model->model;
    quick->variant = (struct ht_variant){
        .model = &model->model.decoded.record,
        .kin = model->model.kin,
        .time_us = trip->time_us,
        .device = trip->holes[roles->device],
        .module = trip->holes[roles->module],
        .sdk = trip->holes[roles->sdk],
        .network = trip->holes[roles->network],
    };
    quick->time = trip->holes[roles->time];
    return set_module_apart(&quick->variant);
}

LANE_INLINE const char *pass_separators(const char *at, const char *end) {
    while (at < end && (*at == '\n' || *at == ',' || *at == ' ' || *at == '\r' || *at == '\t')) {
        at++;
    }
    return at;
}

/* One record, in whichever tree it is. */
LANE_INLINE bool run_one(struct ht_lane *lane, const char *end, struct lane_trip *trip,
                         struct ht_quick *quick) {
    const char *begin = trip->at;
    for (unsigned i = 0; i < HT_LANE_ROOTS && lane->roots[i] != 0; i++) {
        trip->at = begin;
        const struct ht_lane_model *model = follow(lane, lane->roots[i], end, trip);
        if (model != NULL && arrive(model, trip, quick)) {
            return true;
        }
    }
    return false;
}

LANE_TARGET size_t LANE_RUN(struct ht_lane *lane, struct ht_str text, struct ht_quick *quick,
                            size_t max, size_t *consumed) {
    const char *end = text.ptr + text.len;
    struct lane_trip trip;
    size_t count = 0;
    trip.holes[0] = HT_STR_NONE;
    trip.at = text.ptr;
    trip.time_us = 0;
    *consumed = 0;
    while (count < max && trip.at < end && *trip.at == '{' &&
           run_one(lane, end, &trip, &quick[count])) {
        count++;
        *consumed = (size_t)(trip.at - text.ptr);
        trip.at = pass_separators(trip.at, end);
    }
    lane->hits += count;
    return count;
}
