/* SPDX-License-Identifier: MIT */
/*
 * For every width in powers of two, two pointers run over the distinct ages. Of equal ages the
 * window that begins at the first holds the others' windows, so nothing is lost. Only a window that
 * holds enough to be the best, if its flanks were empty, is looked at closely. The flanks are as
 * wide as the window, twice on each side.
 */
#include "classify/peak.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "classify/parameters.h"

size_t ht_ages_below(const uint32_t *ages_s, size_t count, uint32_t age_s) {
    const uint32_t *low = ages_s;
    while (count > 1) {
        const size_t half = count / 2;
        low += low[half - 1] < age_s ? half : 0; /* a conditional move: no branch to mispredict */
        count -= half;
    }
    return (size_t)(low - ages_s) + (count == 1 && *low < age_s);
}

struct ht_ages ht_ages_make(uint32_t *ages_s, size_t count, uint32_t *below) {
    struct ht_ages ages = {.age_s = ages_s, .below = below};
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || ages_s[i] != ages_s[ages.count - 1]) {
            below[ages.count] = (uint32_t)i;
            ages_s[ages.count++] = ages_s[i];
        }
    }
    below[ages.count] = (uint32_t)count;
    return ages;
}

static size_t count_below(const struct ht_ages *ages, int64_t age_s) {
    if (age_s <= 0) {
        return 0;
    }
    const uint32_t clamped = age_s < UINT32_MAX ? (uint32_t)age_s : UINT32_MAX - 1;
    return ages->below[ht_ages_below(ages->age_s, ages->count, clamped)];
}

/* Ages in [low_s, high_s]. */
static size_t count_within(const struct ht_ages *ages, int64_t low_s, int64_t high_s) {
    return high_s < low_s ? 0 : count_below(ages, high_s + 1) - count_below(ages, low_s);
}

/* Log-likelihood ratio of `seen` where `expected` are usual. */
static double surprise(double seen, double expected) {
    return seen > expected ? seen * log(seen / expected) - (seen - expected) : 0;
}

double ht_peak_evidence(double seen, double expected) {
    return surprise(seen, expected + HT_PEAK_FLOOR);
}

/* Move an edge outwards while the next strip, a quarter of the core wide, is dense enough. */
static void widen(const struct ht_ages *ages, struct ht_peak *peak) {
    const double usual = peak->expected / (double)(peak->high_s - peak->low_s + 1);
    const double core = (double)peak->count / (double)(peak->high_s - peak->low_s + 1);
    uint32_t strip = (peak->high_s - peak->low_s + 1) / 4;
    strip = strip > 1 ? strip : 2;
    const uint32_t limit = (uint32_t)(peak->high_s * HT_PEAK_WIDTH_SHARE);
    bool moved = true;
    while (moved && peak->high_s - peak->low_s + strip < limit) {
        const double wanted = core * strip * HT_PEAK_EDGE + 0.5;
        const size_t above =
            count_within(ages, (int64_t)peak->high_s + 1, (int64_t)peak->high_s + strip);
        const size_t below =
            count_within(ages, (int64_t)peak->low_s - strip, (int64_t)peak->low_s - 1);
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
    peak->count = (uint32_t)count_within(ages, peak->low_s, peak->high_s);
    const size_t first = ht_ages_below(ages->age_s, ages->count, peak->low_s);
    const size_t behind = ht_ages_below(ages->age_s, ages->count, peak->high_s + 1);
    peak->low_s = ages->age_s[first];
    peak->high_s = ages->age_s[behind - 1];
    peak->expected = usual * (double)(peak->high_s - peak->low_s + 1);
}

double ht_peak_threshold(size_t count) {
    return HT_PEAK_EVIDENCE + log((double)count + 1);
}

/* The least number of ages whose evidence is beyond best where nothing else is. */
static uint32_t least_count(double best, uint32_t count_min) {
    uint32_t low = count_min;
    uint32_t step = 1;
    while (low + step < UINT32_MAX / 2 && ht_peak_evidence(low + step, 0) <= best) {
        low += step;
        step *= 2;
    }
    uint32_t high = low + step;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (ht_peak_evidence(middle, 0) <= best) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The best so far, and what it takes to beat it. */
struct contest {
    double best;
    uint32_t count_min;
    uint32_t count_wanted;
};

/* Can a window with so many ages beat the best one, where that many are expected? The evidence is
 * at most more^2 / (2 expected), which needs no logarithm. */
static bool may_win(const struct contest *contest, uint32_t count, double expected) {
    const double more = (double)count - (expected + HT_PEAK_FLOOR);
    return more > 0 && more * more >= 1.999 * contest->best * (expected + HT_PEAK_FLOOR);
}

/*
 * The distinct ages [first, last). What the denser of the two flanks lets expect counts: an edge of
 * a broad distribution is no peak.
 */
static void enter(const struct ht_ages *ages, size_t first, size_t last, struct contest *contest,
                  struct ht_peak *peak) {
    struct ht_peak window = {ages->age_s[first], ages->age_s[last - 1],
                             ages->below[last] - ages->below[first], 0};
    const int64_t width = (int64_t)window.high_s - window.low_s + 1;
    const size_t below = ages->below[first] - count_below(ages, window.low_s - 2 * width);
    window.expected = (double)below / 2.0;
    if (!may_win(contest, window.count, window.expected)) {
        return;
    }
    const size_t above = count_below(ages, window.high_s + 2 * width + 1) - ages->below[last];
    window.expected = (double)(below > above ? below : above) / 2.0;
    if (!may_win(contest, window.count, window.expected)) {
        return;
    }
    const double evidence = ht_peak_evidence(window.count, window.expected);
    if (evidence > contest->best) {
        contest->best = evidence;
        contest->count_wanted = least_count(evidence, contest->count_min);
        *peak = window;
    }
}

double ht_peak_find(const struct ht_ages *ages, uint32_t count_min, struct ht_peak *peak) {
    struct contest contest = {.count_min = count_min, .count_wanted = count_min};
    for (uint32_t width = HT_PEAK_WIDTH_MIN_S; width <= HT_PEAK_WIDTH_MAX_S; width *= 2) {
        /* Not below the least age, nor where the window is too wide for it. */
        const uint32_t least_s = (uint32_t)(width / HT_PEAK_WIDTH_SHARE);
        const uint32_t low_s = least_s > HT_PEAK_AGE_MIN_S ? least_s : HT_PEAK_AGE_MIN_S;
        size_t first = ht_ages_below(ages->age_s, ages->count, low_s);
        for (size_t last = first; first < ages->count; first++) {
            while (last < ages->count && ages->age_s[last] - ages->age_s[first] < width) {
                last++;
            }
            if (ages->below[last] - ages->below[first] >= contest.count_wanted &&
                width <= ages->age_s[first] * HT_PEAK_WIDTH_SHARE) {
                enter(ages, first, last, &contest, peak);
            }
        }
    }
    if (contest.best > 0) {
        widen(ages, peak);
    }
    return contest.best;
}

void ht_peak_remove(struct ht_ages *ages, const struct ht_peak *peak) {
    const size_t first = ht_ages_below(ages->age_s, ages->count, peak->low_s);
    const size_t behind = ht_ages_below(ages->age_s, ages->count, peak->high_s + 1);
    const uint32_t gone = ages->below[behind] - ages->below[first];
    memmove(ages->age_s + first, ages->age_s + behind,
            (ages->count - behind) * sizeof *ages->age_s);
    for (size_t i = behind; i <= ages->count; i++) {
        ages->below[first + (i - behind)] = ages->below[i] - gone;
    }
    ages->count -= behind - first;
}

uint32_t ht_peak_median(const struct ht_ages *ages, const struct ht_peak *peak) {
    const size_t first = count_below(ages, peak->low_s);
    const size_t count = count_below(ages, (int64_t)peak->high_s + 1) - first;
    const uint32_t rank = (uint32_t)(first + count / 2);
    /* The last distinct age with no more than rank below it. */
    return ages->age_s[ht_ages_below(ages->below, ages->count, rank + 1) - 1];
}
