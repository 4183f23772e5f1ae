/* SPDX-License-Identifier: MIT */
/* Building and freeing; the order of the steps is that of what they need of each other. */
#include "base/check.h"
#include "base/compiler.h"
#include "base/large.h"
#include "report/advice.h"
#include "report/build.h"
#include "report/limits.h"
#include "report/pick.h"
#include "report/shown.h"
#include "report/tables.h"
#include "report/timeline.h"

enum { PATTERN_COUNT_MAX = 64 * 1024 * 1024 };

void *ht_report_array(size_t count, size_t element_bytes) {
    return ht_large_zeroed(count, element_bytes);
}

static enum ht_status copy_text(struct ht_report *report, const char **text) {
    struct ht_str copy;
    if (*text != NULL) {
        if (ht_arena_copy(&report->text, ht_str_from(*text), &copy) != HT_OK) {
            return HT_E_NOMEM;
        }
        *text = copy.ptr;
    }
    return HT_OK;
}

static enum ht_status copy_sources(struct ht_report *report, const struct ht_source_view *sources,
                                   size_t count) {
    report->sources = ht_report_array(count, sizeof *report->sources);
    if (report->sources == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        struct ht_source_view *source = &report->sources[i];
        *source = sources[i];
        HT_TRY(copy_text(report, &source->name));
        HT_TRY(copy_text(report, &source->problem));
        HT_TRY(copy_text(report, &source->hint));
    }
    report->summary.sources = report->sources;
    report->summary.source_count = count;
    return HT_OK;
}

static enum ht_status copy_quality(struct ht_report *report, const struct ht_quality *quality) {
    struct ht_quality *own = &report->summary.quality;
    *own = *quality;
    own->starts_before_log = report->sessions.starts_before_log;
    own->starts_missing = report->sessions.starts_missing;
    own->ends_missing = report->sessions.ends_missing;
    own->limits = NULL;
    own->limit_count = 0;
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        for (size_t k = 0; k < own->example_count[i]; k++) {
            HT_TRY(copy_text(report, &own->examples[i][k].source));
            HT_TRY(copy_text(report, &own->examples[i][k].why));
        }
    }
    return HT_OK;
}

static void take_parts(struct ht_report *report, struct ht_report_parts *parts,
                       const struct ht_selection *selection) {
    report->log = parts->log;
    report->sessions = parts->sessions;
    report->verdicts = parts->verdicts;
    report->known = parts->known;
    report->inventory = parts->inventory;
    parts->inventory = NULL;
    report->summary.inventory =
        report->inventory != NULL ? ht_inventory_summary(report->inventory) : NULL;
    parts->log = (struct ht_log){.events = NULL};
    parts->sessions = (struct ht_sessions){.sessions = NULL};
    parts->verdicts = (struct ht_verdicts){.verdicts = NULL};
    parts->known = (struct ht_known){.rules = NULL};
    report->window = (struct ht_window){
        .from_us = selection->since_us, /* HT_TIME_NONE is INT64_MIN already */
        .to_us = selection->until_us != HT_TIME_NONE ? selection->until_us : INT64_MAX,
    };
    report->is_by_device = ht_selection_is_by_device(selection);
    report->summary.since_us = selection->since_us;
    report->summary.until_us = selection->until_us;
    report->summary.first_us = HT_TIME_NONE;
    report->summary.last_us = HT_TIME_NONE;
    report->summary.renewal_gap_s = HT_RENEWAL_GAP_S;
    report->summary.time_method = ht_timeline_method();
}

static enum ht_status build(struct ht_report *report, const struct ht_report_parts *parts,
                            const struct ht_selection *selection) {
    HT_TRY(ht_intern_init(&report->patterns, PATTERN_COUNT_MAX, SIZE_MAX / 2));
    HT_TRY(ht_shown_make(report, parts->key));
    HT_TRY(copy_sources(report, parts->sources, parts->source_count));
    HT_TRY(copy_quality(report, &parts->quality));
    HT_TRY(ht_pick(report, selection));
    HT_TRY(ht_tables_make(report, selection));
    HT_TRY(ht_causes_make(report));
    HT_TRY(ht_cadences_make(report));
    HT_TRY(ht_advice_make(report));
    HT_TRY(ht_rule_views_make(report));
    return ht_limits_write(report);
}

enum ht_status ht_report_build(struct ht_report_parts *parts, const struct ht_selection *selection,
                               const struct ht_parallel *parallel, struct ht_report **report) {
    (void)parallel;
    struct ht_report *made = calloc(1, sizeof *made);
    *report = NULL;
    if (made == NULL) {
        ht_log_release(&parts->log);
        ht_sessions_release(&parts->sessions);
        ht_verdicts_release(&parts->verdicts);
        ht_known_release(&parts->known);
        ht_inventory_free(parts->inventory);
        parts->inventory = NULL;
        return HT_E_NOMEM;
    }
    ht_arena_init(&made->text, SIZE_MAX / 2);
    take_parts(made, parts, selection);
    if (build(made, parts, selection) != HT_OK) {
        ht_report_free(made);
        return HT_E_NOMEM;
    }
    *report = made;
    return HT_OK;
}

void ht_report_take_comparison(struct ht_report *report, const struct ht_comparison *comparison,
                               struct ht_arena *text) {
    report->summary.comparison = comparison;
    report->compared = *text;
    ht_arena_init(text, text->limit_bytes);
}

void ht_report_take_changes(struct ht_report *report, const struct ht_changes *changes,
                            struct ht_arena *text) {
    report->summary.changes = changes;
    report->changed = *text;
    ht_arena_init(text, text->limit_bytes);
}

const struct ht_summary *ht_report_summary(const struct ht_report *report) {
    return &report->summary;
}

void ht_report_free(struct ht_report *report) {
    if (report == NULL) {
        return;
    }
    ht_log_release(&report->log);
    ht_sessions_release(&report->sessions);
    ht_verdicts_release(&report->verdicts);
    ht_known_release(&report->known);
    for (size_t kind = 0; kind < HT_SHOWN_COUNT; kind++) {
        free(report->shown[kind]);
    }
    free(report->rows);
    free(report->worst);
    free(report->shown_sessions);
    free(report->disconnects);
    free(report->incident_view);
    free(report->sources);
    free(report->hubs);
    free(report->incidents);
    free(report->findings);
    free(report->finding_keys);
    free(report->trait_groups);
    free(report->cadences);
    free(report->rule_views);
    free((void *)report->limits);
    ht_inventory_free(report->inventory);
    ht_arena_release(&report->text);
    ht_arena_release(&report->compared);
    ht_arena_release(&report->changed);
    ht_intern_release(&report->patterns);
    free(report);
}
