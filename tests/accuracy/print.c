/* SPDX-License-Identifier: MIT */
/* The table that people read: what matters first, one line a kind of day. */
#include <stdio.h>

#include "group.h"
#include "incident_score.h"

const char *group_kind_name(enum group_kind kind) {
    static const char *const names[GROUP_KINDS] = {
        [GROUP_DAY] = "days", [GROUP_DEGRADED] = "degraded", [GROUP_QUIET] = "quiet"};
    return names[kind];
}

const char *method_name(enum method method) {
    static const char *const names[METHOD_COUNT] = {
        [METHOD_MODEL] = "hubtriage",
        [METHOD_PAGE] = "Microsoft's page as rules",
        [METHOD_REGULARITY] = "regularity of each device",
    };
    return names[method];
}

static void print_count_of(size_t part, size_t whole) {
    char text[32];
    snprintf(text, sizeof text, "%zu/%zu", part, whole);
    printf(whole > 0 ? " %9s" : " %9s", whole > 0 ? text : "-");
}

static void print_group(const struct group *group) {
    const struct summary *summary = &group->summary;
    const struct method_summary *model = &summary->methods[METHOD_MODEL];
    const struct incident_tally *large = &group->tally->incidents[SIZE_LARGE];
    const struct incident_tally *small = &group->tally->incidents[SIZE_SMALL];
    const struct incident_tally *site = &group->tally->incidents[SIZE_SITE];
    printf("%-16s %8zu %7.4f %7.4f %7.4f %7.4f %6zu %6zu %7zu", group->name, summary->ends,
           model->macro_classes, model->macro_causes, summary->brier, summary->ece, summary->missed,
           summary->invented, summary->unknown);
    if (group->tally->reports == 0) {
        printf("\n");
        return;
    }
    print_count_of(large->found, large->truths);
    print_count_of(large->in_time, large->truths);
    print_count_of(small->found, small->truths);
    printf(" %5zu", summary->false_hub);
    print_count_of(site->found, site->truths);
    printf(" %5zu", summary->false_site);
    if (summary->devices > 0) {
        printf(" %7.1f%%", 100 * ratio((double)summary->devices_right, (double)summary->devices));
    }
    printf("\n");
}

/* Where no end was lost, every end can be found. */
static void print_shares(const struct group *pool) {
    const struct tally *tally = pool->tally;
    const struct summary *summary = &pool->summary;
    printf(
        "missed or invented: %.3f %% of the ends in whole logs, %.3f %% where records were lost\n",
        100 * ratio((double)tally->whole_off, (double)tally->whole_ends),
        100 * ratio((double)(summary->missed + summary->invented - tally->whole_off),
                    (double)(summary->ends - tally->whole_ends)));
}

static void print_kind(const struct groups *groups, enum group_kind kind, const char *title) {
    bool any = false;
    for (size_t i = 0; i < groups->count; i++) {
        if (groups->list[i].kind == kind && !any) {
            printf("\n%-16s %8s %15s %15s %21s %35s %15s %8s\n", "", "", "-- macro-F1 --",
                   "- confidence -", "------- ends -------", "--------- hub incidents ----------",
                   "- site outages -", "devices");
            printf("%-16s %8s %7s %7s %7s %7s %6s %6s %7s %9s %9s %9s %5s %9s %5s %8s\n", title,
                   "ends", "3 cl.", "all", "Brier", "ECE", "missed", "invent", "unknown", ">=10%",
                   "in time", "smaller", "false", "found", "false", "right");
            any = true;
        }
        if (groups->list[i].kind == kind) {
            print_group(&groups->list[i]);
        }
    }
    if (any && kind == GROUP_DAY) {
        print_group(&groups->pool);
        print_shares(&groups->pool);
    }
}

static void print_methods(const struct summary *summary) {
    printf("\n%-27s %8s %8s %8s", "attributed by", "accuracy", "F1 3 cl.", "F1 all");
    for (unsigned index = 0; index < MAIN_CLASSES; index++) {
        printf(" %22s", class_index_name(index));
    }
    printf("\n%-27s %8s %8s %8s", "", "3 cl.", "", "");
    for (unsigned index = 0; index < MAIN_CLASSES; index++) {
        printf(" %22s", "precision / recall");
    }
    for (unsigned method = 0; method < METHOD_COUNT; method++) {
        const struct method_summary *figures = &summary->methods[method];
        printf("\n%-27s %8.4f %8.4f %8.4f", method_name((enum method)method),
               figures->class_accuracy, figures->macro_classes, figures->macro_causes);
        for (unsigned index = 0; index < MAIN_CLASSES; index++) {
            printf("        %6.4f / %6.4f", precision(&figures->classes[index]),
                   recall(&figures->classes[index]));
        }
    }
    const struct method_summary *model = &summary->methods[METHOD_MODEL];
    printf("\n%-27s", "gain over the better one");
    const double gains[3][3] = {{model->class_accuracy,
                                 summary->methods[METHOD_PAGE].class_accuracy,
                                 summary->methods[METHOD_REGULARITY].class_accuracy},
                                {model->macro_classes, summary->methods[METHOD_PAGE].macro_classes,
                                 summary->methods[METHOD_REGULARITY].macro_classes},
                                {model->macro_causes, summary->methods[METHOD_PAGE].macro_causes,
                                 summary->methods[METHOD_REGULARITY].macro_causes}};
    for (size_t i = 0; i < 3; i++) {
        const double better = gains[i][1] > gains[i][2] ? gains[i][1] : gains[i][2];
        printf(" %+8.4f", gains[i][0] - better);
    }
    printf("\n");
}

static void print_causes(const struct summary *summary) {
    const struct method_summary *model = &summary->methods[METHOD_MODEL];
    printf("\n%-20s %8s %9s %7s %7s\n", "cause", "true", "precision", "recall", "F1");
    for (unsigned i = HT_CAUSE_UNKNOWN + 1; i < HT_CAUSE_COUNT; i++) {
        const struct quality *quality = &model->causes[i];
        if (is_present(quality) || quality->wrong > 0) {
            printf("%-20s %8zu %9.4f %7.4f %7.4f\n", ht_cause_name((enum ht_cause)i),
                   quality->right + quality->failed, precision(quality), recall(quality),
                   f1(quality));
        }
    }
}

static void print_confusion(const struct tally *tally) {
    printf("\nconfusion: true cause, then what it was taken for\n");
    for (unsigned truth = 0; truth < HT_CAUSE_COUNT; truth++) {
        bool any = tally->missed[truth] > 0;
        for (unsigned found = 0; found < HT_CAUSE_COUNT; found++) {
            any = any || tally->pairs[METHOD_MODEL][truth][found] > 0;
        }
        if (!any) {
            continue;
        }
        printf("  %-20s", ht_cause_name((enum ht_cause)truth));
        for (unsigned found = 0; found < HT_CAUSE_COUNT; found++) {
            if (tally->pairs[METHOD_MODEL][truth][found] > 0) {
                printf(" %s%s %zu", found == truth ? "=" : "", ht_cause_name((enum ht_cause)found),
                       tally->pairs[METHOD_MODEL][truth][found]);
            }
        }
        printf(tally->missed[truth] > 0 ? " missed %zu\n" : "\n", tally->missed[truth]);
    }
    printf("  %-20s", "(nothing)");
    for (unsigned found = 0; found < HT_CAUSE_COUNT; found++) {
        if (tally->invented[found] > 0) {
            printf(" %s %zu", ht_cause_name((enum ht_cause)found), tally->invented[found]);
        }
    }
    printf("\n");
}

static void print_reliability(const struct tally *tally) {
    printf("\n%-14s %8s %11s %8s %7s\n", "confidence", "verdicts", "mean", "right", "off");
    for (size_t i = 0; i < BINS; i++) {
        if (tally->bin_count[i] == 0) {
            continue;
        }
        const double count = (double)tally->bin_count[i];
        const double mean = tally->bin_confidence[i] / count;
        const double right = (double)tally->bin_right[i] / count;
        printf("%.2f to %.2f   %8zu %11.4f %8.4f %+7.4f\n", (double)i / BINS,
               (double)(i + 1) / BINS, tally->bin_count[i], mean, right, mean - right);
    }
}

static void print_incidents(const struct group *group) {
    static const char *const names[SIZE_COUNT] = {
        [SIZE_LARGE] = "hub, 10 % and more", [SIZE_SMALL] = "hub, smaller", [SIZE_SITE] = "site"};
    const struct summary *summary = &group->summary;
    printf("\n%-20s %6s %6s %8s %22s %22s\n", "incidents", "true", "found", "in time",
           "start off, median/max", "end off, median/max");
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        const struct incident_tally *incidents = &group->tally->incidents[size];
        printf("%-20s %6zu %6zu %8zu", names[size], incidents->truths, incidents->found,
               incidents->in_time);
        if (incidents->found > 0) {
            printf(" %11llds /%7llds %11llds /%7llds", (long long)summary->start_median_s[size],
                   (long long)summary->start_worst_s[size], (long long)summary->end_median_s[size],
                   (long long)summary->end_worst_s[size]);
        }
        printf("\n");
    }
    printf("false incidents of the hub: %zu", summary->false_hub);
    for (size_t i = 0; i < MISTAKEN_COUNT; i++) {
        if (group->tally->false_hub[i] > 0) {
            printf(", %s %zu", mistaken_name((enum mistaken)i), group->tally->false_hub[i]);
        }
    }
    printf("; of sites: %zu", summary->false_site);
    for (size_t i = 0; i < MISTAKEN_COUNT; i++) {
        if (group->tally->false_site[i] > 0) {
            printf(", %s %zu", mistaken_name((enum mistaken)i), group->tally->false_site[i]);
        }
    }
    printf("\n");
}

static void print_patterns(const struct tally *tally) {
    printf("\n%-20s %8s %8s %13s\n", "pattern expected", "devices", "right", "period wrong");
    for (size_t i = 0; i < tally->pattern_count; i++) {
        const struct pattern_tally *pattern = &tally->patterns[i];
        printf("%-20s %8zu %7.1f%% %13zu\n", pattern->expected, pattern->devices,
               100 * ratio((double)pattern->right, (double)pattern->devices),
               pattern->wrong_period);
    }
}

void print_groups(const struct groups *groups) {
    const struct group *pool = &groups->pool;
    print_kind(groups, GROUP_DAY, "kind of day");
    if (pool->tally->runs > 0) {
        print_methods(&pool->summary);
        print_causes(&pool->summary);
        print_confusion(pool->tally);
        print_reliability(pool->tally);
        if (pool->tally->reports > 0) {
            print_incidents(pool);
            print_patterns(pool->tally);
        }
    }
    print_kind(groups, GROUP_DEGRADED, "worse log");
    print_kind(groups, GROUP_QUIET, "30 quiet days");
}
