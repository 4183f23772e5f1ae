/* SPDX-License-Identifier: MIT */
#include "device_score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECURS = 3, FLAPS = 5, FLAP_WITHIN_S = 3600, SHARED_TAKE_OVERS = 2, HUB_IDLE_CAP_S = 1767 };
#define PERIOD_SHARE 0.05

/* What one device went through, as far as the log could show it. */
struct life {
    size_t by_cause[HT_CAUSE_COUNT];
    size_t ends;
    bool flaps; /* so many ends by its network within an hour */
};

struct pattern_tally *device_pattern(struct tally *tally, const char *expected) {
    for (size_t i = 0; i < tally->pattern_count; i++) {
        if (strcmp(tally->patterns[i].expected, expected) == 0) {
            return &tally->patterns[i];
        }
    }
    if (tally->pattern_count == PATTERNS_MAX) {
        fputs("score: too many patterns\n", stderr);
        exit(2);
    }
    struct pattern_tally *pattern = &tally->patterns[tally->pattern_count++];
    snprintf(pattern->expected, sizeof pattern->expected, "%s", expected);
    return pattern;
}

static bool is_loss(enum ht_cause cause) {
    return cause == HT_CAUSE_IDLE_TIMEOUT || cause == HT_CAUSE_CONNECTION_RESET;
}

/* Ends of one key, from "next" on, which moves behind them. */
static struct life life_of(const struct episodes *truth, const char *key, size_t *next) {
    struct life life = {.ends = 0};
    int64_t losses_us[FLAPS]; /* the latest ones, in a ring */
    size_t losses = 0;
    while (*next < truth->count && strcmp(truth->list[*next].key, key) < 0) {
        ++*next;
    }
    for (; *next < truth->count && strcmp(truth->list[*next].key, key) == 0; ++*next) {
        const struct episode *end = &truth->list[*next];
        if (!end->seen) {
            continue;
        }
        life.by_cause[end->cause]++;
        life.ends++;
        if (is_loss(end->cause)) {
            losses_us[losses % FLAPS] = end->time_us;
            losses++;
            life.flaps = life.flaps ||
                         (losses >= FLAPS &&
                          end->time_us - losses_us[losses % FLAPS] <= FLAP_WITHIN_S * US_PER_S);
        }
    }
    return life;
}

/* Most frequent; losses and resets count together, since the log hardly tells them apart. */
static enum ht_cause main_cause(const struct life *life) {
    enum ht_cause most = HT_CAUSE_UNKNOWN;
    for (size_t i = 1; i < HT_CAUSE_COUNT; i++) {
        most = life->by_cause[i] > life->by_cause[most] ? (enum ht_cause)i : most;
    }
    const size_t losses =
        life->by_cause[HT_CAUSE_IDLE_TIMEOUT] + life->by_cause[HT_CAUSE_CONNECTION_RESET];
    return losses > life->by_cause[most] ? HT_CAUSE_IDLE_TIMEOUT : most;
}

struct expectation {
    const char *name;
    const char *words[4]; /* any of these is right */
    bool regular;         /* the period must be right, too */
};

static struct expectation ordinary(const struct life *life, const struct device *truth) {
    const enum ht_cause cause = main_cause(life);
    const bool known = truth->period_s != NO_SPAN;
    switch (cause) {
    case HT_CAUSE_UNKNOWN:
        return (struct expectation){"steady", {"steady", "not-seen"}, false};
    case HT_CAUSE_TOKEN_EXPIRY:
        return (struct expectation){"token-renewal",
                                    {"token-renewal", "token-late"},
                                    known && life->by_cause[cause] >= RECURS};
    case HT_CAUSE_IDLE_TIMEOUT:
    case HT_CAUSE_CONNECTION_RESET:
        return (struct expectation){"network-losses", {"network-losses"}, false};
    case HT_CAUSE_CLIENT_CLOSE:
        return known && life->by_cause[cause] > RECURS
                   ? (struct expectation){"duty-cycle", {"duty-cycle"}, true}
                   : (struct expectation){"client-close", {"client-close", "duty-cycle"}, false};
    default:
        return (struct expectation){ht_cause_name(cause), {ht_cause_name(cause)}, false};
    }
}

static struct expectation expect(const struct life *life, const struct device *truth) {
    static const struct {
        const char *role;
        struct expectation expectation;
    } roles[] = {
        {"refused", {"refused", {"refused"}, false}},
        {"gone", {"never-returned", {"never-returned", "down"}, false}},
        {"removed", {"device-removed", {"device-removed", "refused"}, false}},
        {"shared-identity", {"shared-identity", {"shared-identity"}, false}},
    };
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const bool passing = strcmp(roles[i].role, "shared-identity") == 0 &&
                             life->by_cause[HT_CAUSE_DUPLICATE_IDENTITY] < SHARED_TAKE_OVERS;
        if (truth->word != NULL && strcmp(truth->word, roles[i].role) == 0 && !passing) {
            return roles[i].expectation;
        }
    }
    struct expectation expectation = ordinary(life, truth);
    /* A silent device is cut by the hub again and again at one age. */
    if (strcmp(expectation.name, "network-losses") == 0 && truth->period_s == HUB_IDLE_CAP_S &&
        life->by_cause[HT_CAUSE_IDLE_TIMEOUT] >= RECURS) {
        return (struct expectation){"regular-cut", {"regular-cut"}, true};
    }
    return expectation;
}

static bool period_is_right(const struct device *truth, const struct device *found) {
    if (found == NULL) {
        return false;
    }
    const double off_s = (double)(found->period_s - truth->period_s);
    return found->period_s != NO_SPAN && truth->period_s != NO_SPAN &&
           (off_s < 0 ? -off_s : off_s) <= PERIOD_SHARE * (double)truth->period_s;
}

/* What someone must act on comes before what the device does most, and is right when it is true. */
static bool is_urgent_and_true(const char *word, const struct life *life,
                               const struct device *truth) {
    if (strcmp(word, "flapping") == 0) {
        return life->flaps;
    }
    if (truth->at_end == NULL) {
        return false;
    }
    if (strcmp(word, "refused") == 0) {
        return strcmp(truth->at_end, "refused") == 0;
    }
    const bool away = strcmp(word, "never-returned") == 0 || strcmp(word, "down") == 0;
    return away && strcmp(truth->at_end, "up") != 0;
}

static bool word_is_right(const struct expectation *expectation, const char *word) {
    for (size_t i = 0; word != NULL && i < 4 && expectation->words[i] != NULL; i++) {
        if (strcmp(expectation->words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static void score_device(const struct run *run, const struct device *truth,
                         const struct device *found, const struct life *life, struct tally *tally,
                         FILE *errors) {
    const struct expectation expectation = expect(life, truth);
    struct pattern_tally *pattern = device_pattern(tally, expectation.name);
    const char *word = found != NULL ? found->word : NULL;
    /* A cut at one age each day is a loss of the network all the same. */
    const bool regular_losses = word != NULL && strcmp(word, "regular-cut") == 0 &&
                                strcmp(expectation.name, "network-losses") == 0 &&
                                period_is_right(truth, found);
    const bool urgent = word != NULL && is_urgent_and_true(word, life, truth);
    const bool right_word = urgent || regular_losses || word_is_right(&expectation, word);
    const bool right_period = urgent || !expectation.regular || period_is_right(truth, found);
    pattern->devices++;
    pattern->right += right_word && right_period;
    pattern->wrong_period += right_word && !right_period;
    if (errors != NULL && !(right_word && right_period)) {
        fprintf(errors, "%s: device %s: %s every %lld s, found %s every %lld s\n", run->base,
                truth->key, expectation.name, (long long)truth->period_s,
                word != NULL ? word : "nothing",
                (long long)(found != NULL ? found->period_s : NO_SPAN));
    }
}

void device_score(const struct run *run, struct tally *tally, FILE *errors) {
    size_t next_end = 0;
    size_t next_found = 0;
    for (size_t i = 0; i < run->true_devices.count; i++) {
        const struct device *truth = &run->true_devices.list[i];
        const struct devices *devices = &run->found_devices;
        while (next_found < devices->count &&
               strcmp(devices->list[next_found].key, truth->key) < 0) {
            next_found++;
        }
        const bool there =
            next_found < devices->count && strcmp(devices->list[next_found].key, truth->key) == 0;
        const struct life life = life_of(&run->truth, truth->key, &next_end);
        if (there || life.ends > 0) { /* else the log never saw it */
            score_device(run, truth, there ? &devices->list[next_found] : NULL, &life, tally,
                         errors);
        }
    }
}
