/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queue.h"
#include "world.h"

enum {
    CAUSES = CAUSE_DEVICE_REMOVED + 1,
    FOUND_UNKNOWN = CAUSES,
    FOUND_COUNT,
    MAIN_CLASSES = 3,
    CLASS_OTHER = MAIN_CLASSES,
    CLASS_UNKNOWN,
    BINS = 20,
};

static const char *const class_names[MAIN_CLASSES] = {"token-expiry", "network-idle-timeout",
                                                      "hub-transient"};

struct episode {
    char *key; /* hub, device and module */
    int64_t time_us;
    unsigned cause;
    double confidence;
    bool seen;
    bool paired;
};

struct episodes {
    struct episode *list;
    size_t count;
    size_t capacity;
};

struct tally {
    size_t confusion[CAUSES][FOUND_COUNT];
    size_t missed[CAUSES];
    size_t invented[FOUND_COUNT];
    size_t lost; /* true, not to be seen in the log, and not found */
    size_t bin_count[BINS];
    size_t bin_right[BINS];
    double bin_confidence[BINS];
    double brier;
    size_t judged; /* found, paired, and not called unknown */
};

static unsigned class_of(unsigned cause) {
    switch (cause) {
    case CAUSE_TOKEN_EXPIRY:
        return 0;
    case CAUSE_IDLE_TIMEOUT:
    case CAUSE_SITE_OUTAGE:
    case CAUSE_CONNECTION_RESET:
        return 1;
    case CAUSE_HUB_TRANSIENT:
    case CAUSE_PLATFORM_UPGRADE:
        return 2;
    case FOUND_UNKNOWN:
        return CLASS_UNKNOWN;
    default:
        return CLASS_OTHER;
    }
}

static const char *found_name(unsigned cause) {
    return cause < CAUSES ? cause_name((enum cause)cause) : "unknown";
}

static unsigned cause_from(const char *name) {
    for (unsigned i = 0; name != NULL && i < CAUSES; i++) {
        if (strcmp(cause_name((enum cause)i), name) == 0) {
            return i;
        }
    }
    return FOUND_UNKNOWN;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* The eight columns of Microsoft's query have no hub: "with_hub" is false then. */
static char *make_key(const json_t *object, bool with_hub) {
    char key[512];
    snprintf(key, sizeof key, "%s %s %s", with_hub ? text_of(object, "hub") : "",
             text_of(object, "device"), text_of(object, "module"));
    char *copy = fleet_grow(NULL, strlen(key) + 1, 1);
    memcpy(copy, key, strlen(key) + 1);
    return copy;
}

static void add_episode(struct episodes *episodes, const json_t *object, bool with_hub) {
    const json_t *seen = json_object_get(object, "seen");
    if (episodes->count == episodes->capacity) {
        episodes->capacity = episodes->capacity * 2 + 1024;
        episodes->list = fleet_grow(episodes->list, episodes->capacity, sizeof *episodes->list);
    }
    episodes->list[episodes->count++] = (struct episode){
        .key = make_key(object, with_hub),
        .time_us = time_parse(text_of(object, "time")),
        .cause = cause_from(text_of(object, "cause")),
        .confidence = json_number_value(json_object_get(object, "confidence")),
        .seen = seen == NULL || json_is_true(seen),
    };
}

static bool read_episodes(const char *path, bool with_hub, struct episodes *episodes) {
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        fprintf(stderr, "fleet: cannot read %s\n", path);
        return false;
    }
    json_error_t error;
    json_t *object = NULL;
    while ((object = json_loadf(stream, JSON_DISABLE_EOF_CHECK, &error)) != NULL) {
        if (strcmp(text_of(object, "kind"), "incident") != 0) {
            add_episode(episodes, object, with_hub);
        }
        json_decref(object);
    }
    const bool good = json_error_code(&error) == json_error_premature_end_of_input ||
                      json_error_code(&error) == json_error_invalid_syntax;
    const bool at_end = feof(stream) != 0;
    fclose(stream);
    if (!good || !at_end) {
        fprintf(stderr, "fleet: %s: %s\n", path, error.text);
        return false;
    }
    return true;
}

/* Does the first object say which hub it is of? */
static bool names_hub(const char *path) {
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        return true;
    }
    json_t *object = json_loadf(stream, JSON_DISABLE_EOF_CHECK, NULL);
    const bool named = object == NULL || json_is_string(json_object_get(object, "hub"));
    json_decref(object);
    fclose(stream);
    return named;
}

static int compare_episodes(const void *left, const void *right) {
    const struct episode *a = left;
    const struct episode *b = right;
    const int order = strcmp(a->key, b->key);
    if (order != 0) {
        return order;
    }
    return (a->time_us > b->time_us) - (a->time_us < b->time_us);
}

static void sort_episodes(struct episodes *episodes) {
    if (episodes->count > 0) {
        qsort(episodes->list, episodes->count, sizeof *episodes->list, compare_episodes);
    }
}

static void free_episodes(struct episodes *episodes) {
    for (size_t i = 0; i < episodes->count; i++) {
        free(episodes->list[i].key);
    }
    free(episodes->list);
}

static void count_pair(struct tally *tally, const struct episode *truth,
                       const struct episode *found) {
    tally->confusion[truth->cause][found->cause]++;
    if (found->cause == FOUND_UNKNOWN) {
        return;
    }
    const bool right = truth->cause == found->cause;
    const double off = found->confidence - (right ? 1 : 0);
    size_t bin = (size_t)(found->confidence * BINS);
    bin = bin < BINS ? bin : BINS - 1;
    tally->bin_count[bin]++;
    tally->bin_right[bin] += right;
    tally->bin_confidence[bin] += found->confidence;
    tally->brier += off * off;
    tally->judged++;
}

static void print_error(const struct episode *episode, const char *truth, const char *found) {
    char time[TIME_TEXT_BYTES];
    time_format(episode->time_us, 0, time);
    printf("%s %s: %s, found %s (%.2f)\n", time, episode->key, truth, found, episode->confidence);
}

/* Closest first: three passes in order of time, each with a wider limit. */
static void pair_up(struct tally *tally, struct episodes *truth, struct episodes *found,
                    bool errors) {
    static const int64_t limits_s[] = {1, 5, 30};
    for (size_t pass = 0; pass < sizeof limits_s / sizeof limits_s[0]; pass++) {
        const int64_t limit_us = limits_s[pass] * US_PER_S;
        size_t next = 0;
        for (size_t i = 0; i < truth->count; i++) {
            struct episode *wanted = &truth->list[i];
            const struct episode lowest = {.key = wanted->key,
                                           .time_us = wanted->time_us - limit_us};
            while (next < found->count && compare_episodes(&found->list[next], &lowest) < 0) {
                next++;
            }
            for (size_t at = next; !wanted->paired && at < found->count; at++) {
                struct episode *candidate = &found->list[at];
                if (strcmp(candidate->key, wanted->key) != 0 ||
                    candidate->time_us > wanted->time_us + limit_us) {
                    break;
                }
                if (!candidate->paired) {
                    candidate->paired = true;
                    wanted->paired = true;
                    count_pair(tally, wanted, candidate);
                    if (errors && candidate->cause != wanted->cause) {
                        print_error(candidate, found_name(wanted->cause),
                                    found_name(candidate->cause));
                    }
                }
            }
        }
    }
}

static void count_unpaired(struct tally *tally, const struct episodes *truth,
                           const struct episodes *found, bool errors) {
    for (size_t i = 0; i < truth->count; i++) {
        const struct episode *episode = &truth->list[i];
        if (!episode->paired && !episode->seen) {
            tally->lost++;
        } else if (!episode->paired) {
            tally->missed[episode->cause]++;
            if (errors) {
                print_error(episode, found_name(episode->cause), "nothing");
            }
        }
    }
    for (size_t i = 0; i < found->count; i++) {
        if (!found->list[i].paired) {
            tally->invented[found->list[i].cause]++;
            if (errors) {
                print_error(&found->list[i], "nothing", found_name(found->list[i].cause));
            }
        }
    }
}

static bool score_pair(const char *truth_path, const char *found_path, bool errors,
                       struct tally *tally) {
    struct episodes truth = {0};
    struct episodes found = {0};
    const bool with_hub = names_hub(found_path);
    const bool good =
        read_episodes(truth_path, with_hub, &truth) && read_episodes(found_path, with_hub, &found);
    if (good) {
        sort_episodes(&truth);
        sort_episodes(&found);
        pair_up(tally, &truth, &found, errors);
        count_unpaired(tally, &truth, &found, errors);
    }
    free_episodes(&truth);
    free_episodes(&found);
    return good;
}

struct quality {
    size_t right;
    size_t wrong;  /* found, but not true */
    size_t failed; /* true, but not found */
};

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

static double precision(const struct quality *quality) {
    return ratio((double)quality->right, (double)(quality->right + quality->wrong));
}

static double recall(const struct quality *quality) {
    return ratio((double)quality->right, (double)(quality->right + quality->failed));
}

static double f1(const struct quality *quality) {
    return ratio(2 * (double)quality->right,
                 (double)(2 * quality->right + quality->wrong + quality->failed));
}

struct summary {
    struct quality causes[CAUSES];
    struct quality classes[MAIN_CLASSES];
    size_t truths;
    size_t paired;
    size_t missed;
    size_t invented;
    size_t unknown;
    size_t class_right; /* of the paired ones whose true class is one of the three */
    size_t class_all;
    double macro_classes;
    double macro_causes;
    double brier;
    double ece;
};

static void summarize_pairs(const struct tally *tally, struct summary *summary) {
    for (unsigned truth = 0; truth < CAUSES; truth++) {
        const unsigned true_class = class_of(truth);
        for (unsigned found = 0; found < FOUND_COUNT; found++) {
            const size_t count = tally->confusion[truth][found];
            const unsigned found_class = class_of(found);
            summary->paired += count;
            summary->unknown += found == FOUND_UNKNOWN ? count : 0;
            if (truth == found) {
                summary->causes[truth].right += count;
            } else {
                summary->causes[truth].failed += count;
                if (found < CAUSES) {
                    summary->causes[found].wrong += count;
                }
            }
            if (true_class < MAIN_CLASSES) {
                summary->class_all += count;
                summary->class_right += true_class == found_class ? count : 0;
                *(true_class == found_class ? &summary->classes[true_class].right
                                            : &summary->classes[true_class].failed) += count;
            }
            if (found_class < MAIN_CLASSES && found_class != true_class) {
                summary->classes[found_class].wrong += count;
            }
        }
    }
}

static void summarize(const struct tally *tally, struct summary *summary) {
    summarize_pairs(tally, summary);
    for (unsigned cause = 0; cause < FOUND_COUNT; cause++) {
        summary->invented += tally->invented[cause];
        if (class_of(cause) < MAIN_CLASSES) {
            summary->classes[class_of(cause)].wrong += tally->invented[cause];
            summary->classes[class_of(cause)].failed += tally->missed[cause];
        }
        if (cause < CAUSES) {
            summary->causes[cause].wrong += tally->invented[cause];
            summary->causes[cause].failed += tally->missed[cause];
            summary->missed += tally->missed[cause];
        }
    }
    summary->truths = summary->paired + summary->missed;
    size_t present = 0;
    for (size_t i = 0; i < CAUSES; i++) {
        if (summary->causes[i].right + summary->causes[i].failed > 0) {
            summary->macro_causes += f1(&summary->causes[i]);
            present++;
        }
    }
    summary->macro_causes = ratio(summary->macro_causes, (double)present);
    present = 0;
    for (size_t i = 0; i < MAIN_CLASSES; i++) {
        const struct quality *quality = &summary->classes[i];
        if (quality->right + quality->failed > 0) {
            summary->macro_classes += f1(quality);
            present++;
        }
    }
    summary->macro_classes = ratio(summary->macro_classes, (double)present);
    summary->brier = ratio(tally->brier, (double)tally->judged);
    for (size_t i = 0; i < BINS; i++) {
        const double off = tally->bin_confidence[i] - (double)tally->bin_right[i];
        summary->ece += ratio(off < 0 ? -off : off, (double)tally->judged);
    }
}

static void print_quality(const char *name, const struct quality *quality) {
    printf("  %-22s %8zu  %9.4f %9.4f %9.4f\n", name, quality->right + quality->failed,
           precision(quality), recall(quality), f1(quality));
}

static void print_confusion(const struct tally *tally) {
    printf("\nconfusion: true cause, then what it was taken for\n");
    for (unsigned truth = 0; truth < CAUSES; truth++) {
        bool any = tally->missed[truth] > 0;
        for (unsigned found = 0; found < FOUND_COUNT; found++) {
            any = any || tally->confusion[truth][found] > 0;
        }
        if (!any) {
            continue;
        }
        printf("  %-20s", found_name(truth));
        for (unsigned found = 0; found < FOUND_COUNT; found++) {
            if (tally->confusion[truth][found] > 0) {
                printf(" %s%s %zu", found == truth ? "=" : "", found_name(found),
                       tally->confusion[truth][found]);
            }
        }
        printf(tally->missed[truth] > 0 ? " missed %zu\n" : "\n", tally->missed[truth]);
    }
    printf("  invented");
    for (unsigned found = 0; found < FOUND_COUNT; found++) {
        if (tally->invented[found] > 0) {
            printf(" %s %zu", found_name(found), tally->invented[found]);
        }
    }
    printf("\n");
}

static void print_tables(const struct tally *tally, const struct summary *summary) {
    printf("  %-22s %8s  %9s %9s %9s\n", "class", "true", "precision", "recall", "F1");
    for (size_t i = 0; i < MAIN_CLASSES; i++) {
        print_quality(class_names[i], &summary->classes[i]);
    }
    printf("\n  %-22s %8s  %9s %9s %9s\n", "cause", "true", "precision", "recall", "F1");
    for (unsigned i = 0; i < CAUSES; i++) {
        if (summary->causes[i].right + summary->causes[i].failed + summary->causes[i].wrong > 0) {
            print_quality(found_name(i), &summary->causes[i]);
        }
    }
    print_confusion(tally);
    printf("\nepisodes %zu, missed %zu, invented %zu, unknown %zu, not in the log %zu\n",
           summary->truths, summary->missed, summary->invented, summary->unknown, tally->lost);
    printf("3 classes: accuracy %.4f, macro-F1 %.4f; all causes: macro-F1 %.4f; Brier %.4f, ECE "
           "%.4f\n",
           ratio((double)summary->class_right, (double)summary->class_all), summary->macro_classes,
           summary->macro_causes, summary->brier, summary->ece);
}

static void print_json(const struct tally *tally, const struct summary *summary) {
    printf("{\"episodes\":%zu,\"missed\":%zu,\"invented\":%zu,\"unknown\":%zu,\"lost\":%zu,"
           "\"accuracy_classes\":%.6f,\"macro_f1_classes\":%.6f,\"macro_f1_causes\":%.6f,"
           "\"brier\":%.6f,\"ece\":%.6f,\"f1\":{",
           summary->truths, summary->missed, summary->invented, summary->unknown, tally->lost,
           ratio((double)summary->class_right, (double)summary->class_all), summary->macro_classes,
           summary->macro_causes, summary->brier, summary->ece);
    bool first = true;
    for (unsigned i = 0; i < CAUSES; i++) {
        if (summary->causes[i].right + summary->causes[i].failed > 0) {
            printf("%s\"%s\":%.6f", first ? "" : ",", found_name(i), f1(&summary->causes[i]));
            first = false;
        }
    }
    printf("},\"f1_classes\":{");
    for (size_t i = 0; i < MAIN_CLASSES; i++) {
        printf("%s\"%s\":%.6f", i > 0 ? "," : "", class_names[i], f1(&summary->classes[i]));
    }
    printf("}}\n");
}

int score_run(char *const *paths, size_t count, const struct score_options *options) {
    struct tally tally = {.lost = 0};
    struct summary summary = {.truths = 0};
    for (size_t i = 0; i + 1 < count; i += 2) {
        if (!score_pair(paths[i], paths[i + 1], options->errors, &tally)) {
            return 2;
        }
    }
    summarize(&tally, &summary);
    if (options->json) {
        print_json(&tally, &summary);
    } else {
        print_tables(&tally, &summary);
    }
    return 0;
}
