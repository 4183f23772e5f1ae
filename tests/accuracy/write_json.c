/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>

#include "group.h"
#include "incident_score.h"

/* Six digits: enough for any table, and the same on every machine. */
static void put_real(json_t *object, const char *key, double value) {
    json_object_set_new(object, key, json_real((double)(int64_t)(value * 1e6 + 0.5) / 1e6));
}

static void put_count(json_t *object, const char *key, size_t count) {
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

static void put_span(json_t *object, const char *key, int64_t seconds) {
    json_object_set_new(object, key, seconds == NO_SPAN ? json_null() : json_integer(seconds));
}

static json_t *make_quality(const struct quality *quality) {
    json_t *object = json_object();
    put_count(object, "true", quality->right + quality->failed);
    put_real(object, "precision", precision(quality));
    put_real(object, "recall", recall(quality));
    put_real(object, "f1", f1(quality));
    return object;
}

static json_t *make_method(const struct method_summary *method) {
    json_t *object = json_object();
    json_t *classes = json_object();
    json_t *causes = json_object();
    put_real(object, "class_accuracy", method->class_accuracy);
    put_real(object, "macro_f1_classes", method->macro_classes);
    put_real(object, "macro_f1_causes", method->macro_causes);
    for (unsigned i = 0; i < MAIN_CLASSES; i++) {
        json_object_set_new(classes, class_index_name(i), make_quality(&method->classes[i]));
    }
    for (unsigned i = HT_CAUSE_UNKNOWN + 1; i < HT_CAUSE_COUNT; i++) {
        if (is_present(&method->causes[i]) || method->causes[i].wrong > 0) {
            json_object_set_new(causes, ht_cause_name((enum ht_cause)i),
                                make_quality(&method->causes[i]));
        }
    }
    json_object_set_new(object, "classes", classes);
    json_object_set_new(object, "causes", causes);
    return object;
}

static json_t *make_confusion(const struct tally *tally) {
    json_t *rows = json_object();
    for (unsigned truth = HT_CAUSE_UNKNOWN + 1; truth < HT_CAUSE_COUNT; truth++) {
        json_t *row = json_object();
        for (unsigned found = 0; found < HT_CAUSE_COUNT; found++) {
            if (tally->pairs[METHOD_MODEL][truth][found] > 0) {
                put_count(row, ht_cause_name((enum ht_cause)found),
                          tally->pairs[METHOD_MODEL][truth][found]);
            }
        }
        if (tally->missed[truth] > 0) {
            put_count(row, "missed", tally->missed[truth]);
        }
        if (json_object_size(row) > 0) {
            json_object_set(rows, ht_cause_name((enum ht_cause)truth), row);
        }
        json_decref(row);
    }
    return rows;
}

static json_t *make_reliability(const struct tally *tally) {
    json_t *bins = json_array();
    for (size_t i = 0; i < BINS; i++) {
        if (tally->bin_count[i] > 0) {
            const double count = (double)tally->bin_count[i];
            json_t *bin = json_object();
            put_real(bin, "from", (double)i / BINS);
            put_real(bin, "to", (double)(i + 1) / BINS);
            put_count(bin, "verdicts", tally->bin_count[i]);
            put_real(bin, "mean_confidence", tally->bin_confidence[i] / count);
            put_real(bin, "right", (double)tally->bin_right[i] / count);
            json_array_append_new(bins, bin);
        }
    }
    return bins;
}

static json_t *make_mistaken(const size_t counts[MISTAKEN_COUNT]) {
    json_t *object = json_object();
    for (size_t i = 0; i < MISTAKEN_COUNT; i++) {
        if (counts[i] > 0) {
            put_count(object, mistaken_name((enum mistaken)i), counts[i]);
        }
    }
    return object;
}

static json_t *make_incidents(const struct group *group) {
    static const char *const names[SIZE_COUNT] = {
        [SIZE_LARGE] = "hub_large", [SIZE_SMALL] = "hub_small", [SIZE_SITE] = "site"};
    const struct summary *summary = &group->summary;
    json_t *object = json_object();
    for (size_t size = 0; size < SIZE_COUNT; size++) {
        const struct incident_tally *tally = &group->tally->incidents[size];
        json_t *incidents = json_object();
        put_count(incidents, "true", tally->truths);
        put_count(incidents, "found", tally->found);
        put_count(incidents, "missed", tally->truths - tally->found);
        put_count(incidents, "in_time", tally->in_time);
        put_span(incidents, "start_error_median_seconds", summary->start_median_s[size]);
        put_span(incidents, "start_error_max_seconds", summary->start_worst_s[size]);
        put_span(incidents, "end_error_median_seconds", summary->end_median_s[size]);
        put_span(incidents, "end_error_max_seconds", summary->end_worst_s[size]);
        json_object_set_new(object, names[size], incidents);
    }
    put_count(object, "hub_false", summary->false_hub);
    json_object_set_new(object, "hub_false_were", make_mistaken(group->tally->false_hub));
    put_count(object, "site_false", summary->false_site);
    json_object_set_new(object, "site_false_were", make_mistaken(group->tally->false_site));
    return object;
}

static json_t *make_patterns(const struct group *group) {
    json_t *object = json_object();
    json_t *expected = json_object();
    put_count(object, "devices", group->summary.devices);
    put_count(object, "right", group->summary.devices_right);
    put_real(object, "share_right",
             ratio((double)group->summary.devices_right, (double)group->summary.devices));
    for (size_t i = 0; i < group->tally->pattern_count; i++) {
        const struct pattern_tally *pattern = &group->tally->patterns[i];
        json_t *row = json_object();
        put_count(row, "devices", pattern->devices);
        put_count(row, "right", pattern->right);
        put_count(row, "period_wrong", pattern->wrong_period);
        json_object_set_new(expected, pattern->expected, row);
    }
    json_object_set_new(object, "expected", expected);
    return object;
}

static json_t *make_group(const struct group *group) {
    const struct summary *summary = &group->summary;
    json_t *object = json_object();
    json_t *baselines = json_object();
    put_count(object, "runs", group->tally->runs);
    put_count(object, "ends", summary->ends);
    put_count(object, "missed", summary->missed);
    put_count(object, "invented", summary->invented);
    put_count(object, "unknown", summary->unknown);
    put_count(object, "lost", group->tally->lost);
    put_real(object, "missed_or_invented_share",
             ratio((double)(summary->missed + summary->invented), (double)summary->ends));
    put_real(object, "missed_or_invented_share_whole",
             ratio((double)group->tally->whole_off, (double)group->tally->whole_ends));
    put_real(object, "brier", summary->brier);
    put_real(object, "ece", summary->ece);
    json_object_set_new(object, "model", make_method(&summary->methods[METHOD_MODEL]));
    json_object_set_new(baselines, "page", make_method(&summary->methods[METHOD_PAGE]));
    json_object_set_new(baselines, "regularity", make_method(&summary->methods[METHOD_REGULARITY]));
    json_object_set_new(object, "baselines", baselines);
    json_object_set_new(object, "confusion", make_confusion(group->tally));
    json_object_set_new(object, "reliability", make_reliability(group->tally));
    if (group->tally->reports > 0) {
        json_object_set_new(object, "incidents", make_incidents(group));
        json_object_set_new(object, "patterns", make_patterns(group));
    }
    return object;
}

bool write_json(const struct groups *groups, const char *path) {
    json_t *root = json_object();
    json_object_set_new(root, "pooled", make_group(&groups->pool));
    for (unsigned kind = 0; kind < GROUP_KINDS; kind++) {
        json_t *object = json_object();
        for (size_t i = 0; i < groups->count; i++) {
            if (groups->list[i].kind == (enum group_kind)kind) {
                json_object_set_new(object, groups->list[i].name, make_group(&groups->list[i]));
            }
        }
        json_object_set_new(root, group_kind_name((enum group_kind)kind), object);
    }
    const bool good = json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(7)) == 0;
    if (!good) {
        fprintf(stderr, "score: cannot write %s\n", path);
    }
    json_decref(root);
    return good;
}
