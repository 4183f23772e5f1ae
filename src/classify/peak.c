/* SPDX-License-Identifier: MIT */
/*
 * For every width in powers of two, two pointers run over the sorted ages: O(count) a width. The
 * flanks are as wide as the window, twice on each side.
 */
#include "classify/peak.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "classify/parameters.h"

size_t ht_ages_reaching(const uint32_t *ages_s, size_t count, uint32_t age_s) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ages_s[middle] < age_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return count - low;
}

/* Ages in [low_s, high_s]. */
static size_t count_within(const uint32_t *ages_s, size_t count, int64_t low_s, int64_t high_s) {
    if (high_s < 0 || high_s < low_s) {
        return 0;
    }
    const uint32_t low = low_s > 0 ? (uint32_t)low_s : 0;
    const uint32_t high = high_s < UINT32_MAX - 1 ? (uint32_t)high_s : UINT32_MAX - 2;
    return ht_ages_reaching(ages_s, count, low) - ht_ages_reaching(ages_s, count, high + 1);
}

/* Log-likelihood ratio of `seen` where `expected` are usual. */
static double surprise(double seen, double expected) {
    return seen > expected ? seen * log(seen / expected) - (seen - expected) : 0;
}

/* What the denser of the two flanks lets expect: an edge of a broad distribution is no peak. */
static double expected_within(const uint32_t *ages_s, size_t count, const struct ht_peak *window) {
    const int64_t width = (int64_t)window->high_s - window->low_s + 1;
    const size_t below =
        count_within(ages_s, count, window->low_s - 2 * width, (int64_t)window->low_s - 1);
    const size_t above =
        count_within(ages_s, count, (int64_t)window->high_s + 1, window->high_s + 2 * width);
    return (double)(below > above ? below : above) / 2.0;
}

double ht_peak_evidence(double seen, double expected) {
    return surprise(seen, expected + HT_PEAK_FLOOR);
}

/* Move an edge outwards while the next strip, a quarter of the core wide, is dense enough. */
static void widen(const uint32_t *ages_s, size_t count, struct ht_peak *peak) {
    const double usual = peak->expected / (double)(peak->high_s - peak->low_s + 1);
    const double core = (double)peak->count / (double)(peak->high_s - peak->low_s + 1);
    uint32_t strip = (peak->high_s - peak->low_s + 1) / 4;
    strip = strip > 1 ? strip : 2;
    const uint32_t limit = (uint32_t)(peak->high_s * HT_PEAK_WIDTH_SHARE);
    bool moved = true;
    while (moved && peak->high_s - peak->low_s + strip < limit) {
        const double wanted = core * strip * HT_PEAK_EDGE + 0.5;
        const size_t above =
            count_within(ages_s, count, (int64_t)peak->high_s + 1, (int64_t)peak->high_s + strip);
        const size_t below =
            count_within(ages_s, count, (int64_t)peak->low_s - strip, (int64_t)peak->low_s - 1);
        moved = false;
        if ((double)above > wanted) {
            peak->high_s += strip;
            moved = true;
        }
        if ((double)below > wanted && peak->low_s > strip + HT_PEAK_AGE_MIN_S) {
            peak->low_s -= strip;
            moved = true;
        }
    }
    /* Strips overshoot: back to the first and last age within. */
    peak->count = (uint32_t)count_within(ages_s, count, peak->low_s, peak->high_s);
    const size_t first = count - ht_ages_reaching(ages_s, count, peak->low_s);
    peak->low_s = ages_s[first];
    peak->high_s = ages_s[first + peak->count - 1];
    peak->expected = usual * (double)(peak->high_s - peak->low_s + 1);
}

double ht_peak_threshold(size_t count) {
    return HT_PEAK_EVIDENCE + log((double)count + 1);
}

double ht_peak_find(const uint32_t *ages_s, size_t count, uint32_t count_min,
                    struct ht_peak *peak) {
    double best = 0;
    for (uint32_t width = HT_PEAK_WIDTH_MIN_S; width <= HT_PEAK_WIDTH_MAX_S; width *= 2) {
        size_t last = 0;
        for (size_t first = 0; first < count; first++) {
            last = last < first ? first : last;
            while (last < count && ages_s[last] - ages_s[first] < width) {
                last++;
            }
            struct ht_peak window = {ages_s[first], ages_s[last - 1], (uint32_t)(last - first), 0};
            if (window.count < count_min || window.low_s < HT_PEAK_AGE_MIN_S ||
                width > window.low_s * HT_PEAK_WIDTH_SHARE ||
                ht_peak_evidence(window.count, 0) <= best) {
                continue;
            }
            window.expected = expected_within(ages_s, count, &window);
            const double evidence = ht_peak_evidence(window.count, window.expected);
            if (evidence > best) {
                best = evidence;
                *peak = window;
            }
        }
    }
    if (best > 0) {
        widen(ages_s, count, peak);
    }
    return best;
}

size_t ht_peak_remove(uint32_t *ages_s, size_t count, const struct ht_peak *peak) {
    const size_t first = count - ht_ages_reaching(ages_s, count, peak->low_s);
    const size_t behind = ht_ages_reaching(ages_s, count, peak->high_s + 1);
    memmove(ages_s + first, ages_s + count - behind, behind * sizeof *ages_s);
    return first + behind;
}

uint32_t ht_peak_median(const uint32_t *ages_s, size_t count, const struct ht_peak *peak) {
    const size_t first = count - ht_ages_reaching(ages_s, count, peak->low_s);
    const size_t behind = ht_ages_reaching(ages_s, count, peak->high_s + 1);
    return ages_s[first + (count - behind - first) / 2];
}
