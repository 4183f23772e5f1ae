/* SPDX-License-Identifier: MIT */
/*
 * The coordinator: the only place that knows all stages. Bytes go through input and decode into the
 * store; the sealed log through correlate and classify into the report. Each stage's result is
 * handed on, and freed as soon as the next one has it.
 */
#include "hubtriage/hubtriage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/err.h"
#include "base/time.h"
#include "classify/classify.h"
#include "compare/changes_make.h"
#include "compare/comparison_make.h"
#include "correlate/correlate.h"
#include "pipeline/archived.h"
#include "pipeline/conductor.h"
#include "pipeline/testing.h"
#include "report/build.h"
#include "rules/rulebook.h"

enum {
    RECORD_BYTES_DEFAULT = 1024 * 1024,
    DEVICES_DEFAULT = 4000000,
    EVENTS_DEFAULT = 400000000,
    COMPARED_MAX = 8 * 1024 * 1024, /* events: 192 MiB */
    MAX_BAD_PPM_DEFAULT = 10000,
};

#define TEXT(number) #number
#define VERSION_TEXT(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *ht_version(void) {
    return VERSION_TEXT(HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH);
}

struct ht_analysis {
    struct ht_source_list list;
    struct ht_selection selection;
    struct ht_rulebook *rules;    /* NULL: none */
    struct ht_baseline *baseline; /* NULL: none */
    struct ht_parallel parallel;
    uint64_t record_bytes_max;
    char *columns; /* of tables without a header line, or NULL */
    uint64_t max_bad_ppm;
    ht_progress_fn *progress;
    void *progress_ctx;
    uint64_t bytes_total;
    struct ht_pseudonym_key key;
    bool has_key; /* names are not to be known */
    bool has_run;
    struct ht_intake_settings settings;
    struct ht_intake intake;
    uint64_t chunk_bytes;
    struct ht_conducted conducted;
    struct ht_archive_options archive_options; /* path NULL: there is none */
    char *archive_path;
    struct ht_archive *archive;
    struct ht_archive_news news;
    struct ht_strbuf keys; /* of what the run has found */
    struct ht_arena texts; /* of what is known of sources */
    uint64_t raw_events;   /* as often as they came */
};

static enum ht_status set_window(struct ht_selection *selection, const struct ht_options *options,
                                 struct ht_err *err) {
    const bool everything = options->since_us == 0 && options->until_us == 0;
    selection->since_us = everything ? HT_TIME_NONE : options->since_us;
    selection->until_us = everything ? HT_TIME_NONE : options->until_us;
    if (selection->since_us != HT_TIME_NONE && selection->until_us != HT_TIME_NONE &&
        selection->since_us >= selection->until_us) {
        (void)ht_err_set(err, HT_E_USAGE, "the window is empty: it begins at or after its end");
        ht_err_hint(err, "give --since an earlier time than --until");
        return HT_E_USAGE;
    }
    return HT_OK;
}

static uint64_t or_default(uint64_t value, uint64_t fallback, uint64_t ceiling) {
    value = value > 0 ? value : fallback;
    return value < ceiling ? value : ceiling;
}

static bool copy_texts(struct ht_analysis *analysis, const struct ht_options *options) {
    if (options->columns != NULL) {
        analysis->columns = strdup(options->columns);
    }
    if (options->archive != NULL) {
        analysis->archive_options = *options->archive;
        analysis->archive_path = strdup(options->archive->path);
        analysis->archive_options.path = analysis->archive_path;
    }
    return (options->columns == NULL || analysis->columns != NULL) &&
           (options->archive == NULL || analysis->archive_path != NULL);
}

struct ht_analysis *ht_analysis_new(const struct ht_options *options, struct ht_err *err) {
    struct ht_analysis *analysis = calloc(1, sizeof *analysis);
    if (analysis == NULL) {
        (void)ht_err_set(err, HT_E_NOMEM, "not enough memory");
        return NULL;
    }
    analysis->record_bytes_max =
        or_default(options->record_bytes_max, RECORD_BYTES_DEFAULT, SIZE_MAX / 8);
    analysis->settings.limits.devices_max =
        or_default(options->devices_max, DEVICES_DEFAULT, UINT32_MAX - 1);
    analysis->settings.limits.events_max =
        or_default(options->events_max, EVENTS_DEFAULT, UINT32_MAX - 1);
    analysis->parallel.threads = options->threads;
    analysis->settings.date_order = options->date_order;
    analysis->max_bad_ppm = options->max_bad_ppm == HT_MAX_BAD_NONE
                                ? 0
                                : or_default(options->max_bad_ppm, MAX_BAD_PPM_DEFAULT, UINT64_MAX);
    analysis->progress = options->progress;
    analysis->progress_ctx = options->progress_ctx;
    if (options->anonymize_key != NULL) {
        analysis->has_key = true;
        ht_pseudonym_key_init(&analysis->key, (struct ht_str){options->anonymize_key,
                                                              options->anonymize_key_bytes});
        analysis->list.key = &analysis->key;
    }
    ht_arena_init(&analysis->texts, SIZE_MAX / 4);
    ht_strbuf_init(&analysis->keys, SIZE_MAX / 4);
    if (!copy_texts(analysis, options)) {
        ht_analysis_free(analysis);
        (void)ht_err_set(err, HT_E_NOMEM, "not enough memory");
        return NULL;
    }
    if (ht_selection_init(&analysis->selection, options->hub, options->device,
                          options->exclude_device, err) != HT_OK ||
        ht_selection_take_id(&analysis->selection, options->device_id, err) != HT_OK ||
        set_window(&analysis->selection, options, err) != HT_OK ||
        (options->rules_path != NULL &&
         ht_rulebook_read(options->rules_path, &analysis->rules, err) != HT_OK) ||
        (options->baseline_path != NULL &&
         ht_baseline_read(options->baseline_path, &analysis->baseline, err) != HT_OK)) {
        ht_analysis_free(analysis);
        return NULL;
    }
    return analysis;
}

void ht_analysis_free(struct ht_analysis *analysis) {
    if (analysis != NULL) {
        ht_intake_release(&analysis->intake);
        ht_source_list_release(&analysis->list);
        ht_selection_release(&analysis->selection);
        ht_rulebook_free(analysis->rules);
        ht_archive_close(analysis->archive);
        ht_strbuf_release(&analysis->keys);
        ht_arena_release(&analysis->texts);
        free(analysis->archive_path);
        ht_baseline_free(analysis->baseline);
        free(analysis->columns);
        free(analysis);
    }
}

enum ht_status ht_analysis_add_path(struct ht_analysis *analysis, const char *path,
                                    struct ht_err *err) {
    return ht_source_list_add_path(&analysis->list, path, err);
}

enum ht_status ht_analysis_add_fd(struct ht_analysis *analysis, int fd, const char *name,
                                  struct ht_err *err) {
    return ht_source_list_add_fd(&analysis->list, fd, name, err);
}

static enum ht_status on_progress(void *ctx, uint64_t bytes_read) {
    struct ht_analysis *analysis = ctx;
    if (analysis->progress == NULL) {
        return HT_OK;
    }
    const struct ht_progress progress = {
        .bytes_read = bytes_read,
        .bytes_total = analysis->bytes_total,
        .records = analysis->intake.records,
        .events = ht_intake_event_count(&analysis->intake),
    };
    return analysis->progress(analysis->progress_ctx, &progress) ? HT_OK : HT_E_CANCEL;
}

/* Total size, when every source has one. */
static uint64_t total_size(const struct ht_source_list *list) {
    uint64_t total = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->sources[i].fd >= 0) {
            return 0;
        }
        total += list->sources[i].size_bytes;
    }
    return total;
}

static struct ht_reader_limits limits_of(const struct ht_analysis *analysis) {
    return (struct ht_reader_limits){
        .record_bytes_max = analysis->record_bytes_max,
        .columns = ht_str_from(analysis->columns),
    };
}

static struct ht_conduct conduct_of(struct ht_analysis *analysis,
                                    const struct ht_reader_limits *limits) {
    return (struct ht_conduct){
        .parallel = &analysis->parallel,
        .limits = limits,
        .chunk_bytes = analysis->chunk_bytes,
        .progress = on_progress,
        .progress_ctx = analysis,
    };
}

static enum ht_status read_sources(struct ht_analysis *analysis, bool inventory_only) {
    struct ht_intake *intake = &analysis->intake;
    ht_source_list_sort(&analysis->list);
    analysis->bytes_total = total_size(&analysis->list);
    analysis->settings.compared_max = inventory_only ? COMPARED_MAX : 0;
    analysis->settings.inventory_only = inventory_only;
    HT_TRY(ht_intake_init(intake, &analysis->settings, &analysis->list));
    const struct ht_reader_limits limits = limits_of(analysis);
    const struct ht_conduct how = conduct_of(analysis, &limits);
    HT_TRY(ht_conduct(intake, &how, &analysis->conducted));
    return ht_intake_finish(intake);
}

/* What is new in the sources goes into the archive; what the archive holds is what was read. */
static enum ht_status read_archived(struct ht_analysis *analysis, struct ht_err *err) {
    const struct ht_archive_options *options = &analysis->archive_options;
    const struct ht_archive_opening opening =
        ht_archive_opening_of(options, options->read_only ? HT_ARCHIVE_READ : HT_ARCHIVE_CREATE);
    struct ht_source_list held = {.key = analysis->list.key};
    const struct ht_reader_limits limits = limits_of(analysis);
    const struct ht_conduct how = conduct_of(analysis, &limits);
    HT_TRY(ht_archive_open(&opening, &analysis->archive, err));
    const struct ht_archived job = {
        .archive = analysis->archive,
        .settings = &analysis->settings,
        .how = &how,
        .now_us = options->now_us,
        .news = &analysis->news,
    };
    ht_source_list_sort(&analysis->list);
    analysis->bytes_total = total_size(&analysis->list);
    if (!options->read_only) {
        HT_TRY(ht_archived_read(&job, &analysis->list, err));
        HT_TRY(ht_archive_prune(analysis->archive, &analysis->news.events_pruned, err));
    }
    ht_source_list_release(&analysis->list);
    analysis->list = held;
    HT_TRY(ht_intake_init(&analysis->intake, &analysis->settings, &analysis->list));
    HT_TRY(ht_archived_load(&job, &analysis->intake, &analysis->texts, &analysis->raw_events, err));
    if (options->read_only) {
        ht_archive_let_go(analysis->archive);
    }
    return HT_OK;
}

void ht_analysis_set_chunks(struct ht_analysis *analysis, unsigned threads, uint64_t chunk_bytes) {
    analysis->parallel.threads = threads;
    analysis->chunk_bytes = chunk_bytes;
}

void ht_analysis_set_lane(struct ht_analysis *analysis, enum ht_lane_code lane) {
    analysis->settings.lane = lane;
}

void ht_analysis_conducted(const struct ht_analysis *analysis, struct ht_conducted *conducted) {
    *conducted = analysis->conducted;
}

static const char *name_of_input(const struct ht_analysis *analysis) {
    const struct ht_source *first = analysis->list.sources;
    if (analysis->list.count != 1) {
        return "the input";
    }
    return analysis->has_key ? first->label : first->name;
}

/* No log record in any source: the one message that helps most. */
static enum ht_status explain_nothing(const struct ht_analysis *analysis, struct ht_err *err) {
    const struct ht_source *problem = NULL;
    for (size_t i = 0; i < analysis->list.count && problem == NULL; i++) {
        problem = analysis->list.sources[i].problem[0] != '\0' ? &analysis->list.sources[i] : NULL;
    }
    if (problem != NULL) {
        (void)ht_err_set(err, HT_E_DATA, "%s: %s",
                         analysis->has_key ? problem->label : problem->name, problem->problem);
        if (problem->hint[0] != '\0') {
            ht_err_hint(err, "%s", problem->hint);
        }
        return HT_E_DATA;
    }
    const char *name = name_of_input(analysis);
    if (analysis->intake.quality.records == 0) { /* nothing at all, or brackets around nothing */
        const bool empty = analysis->intake.quality.bytes == 0;
        (void)ht_err_set(err, HT_E_DATA, "%s: %s", name, empty ? "empty" : "no records in it");
        ht_err_hint(err,
                    "check the export: did the query or download succeed, and for which days?");
        return HT_E_DATA;
    }
    if (analysis->intake.quality.bad[HT_BAD_TOO_LONG] > 0) {
        (void)ht_err_set(err, HT_E_DATA, "%s: no record within the ceiling for one record", name);
        ht_err_hint(err, "raise --max-record-bytes, if these are logs");
        return HT_E_DATA;
    }
    (void)ht_err_set(err, HT_E_DATA, "%s: no log record in it", name);
    ht_err_hint(err, "expected: the category Connections, as JSON (the storage account's blobs, "
                     "az ... -o json) or as a table with a header line");
    return HT_E_DATA;
}

/* Good records, but all of another kind: no report could say anything. */
static bool is_foreign(const struct ht_analysis *analysis) {
    const struct ht_quality *quality = &analysis->intake.quality;
    return analysis->intake.records > 0 &&
           analysis->intake.records == quality->other_services + analysis->intake.metrics &&
           quality->bad[HT_BAD_PROPERTIES] + quality->bad[HT_BAD_TIME] +
                   quality->bad[HT_BAD_DEVICE] + quality->bad[HT_BAD_ROW] ==
               0;
}

static enum ht_status explain_foreign(const struct ht_analysis *analysis, struct ht_err *err) {
    const char *name = name_of_input(analysis);
    if (analysis->intake.quality.other_services == 0) {
        (void)ht_err_set(err, HT_E_DATA, "%s: metrics of a hub, not its logs", name);
    } else if (analysis->intake.service[0] == '\0' || analysis->has_key) {
        (void)ht_err_set(err, HT_E_DATA, "%s: logs of other services, none of an IoT Hub", name);
    } else {
        (void)ht_err_set(err, HT_E_DATA, "%s: logs of %s, none of an IoT Hub", name,
                         analysis->intake.service);
    }
    ht_err_hint(err, "where the hub's own logs go: az monitor diagnostic-settings list --resource "
                     "HUB_ID; the category is Connections");
    return HT_E_DATA;
}

/* Records of any service were read, or bad ones were met that look like records. */
static bool read_something(const struct ht_quality *quality) {
    return quality->records > quality->not_records + quality->bad[HT_BAD_SYNTAX] +
                                  quality->bad[HT_BAD_CUT] + quality->bad[HT_BAD_TOO_LONG];
}

/* Analysis. */

/* NULL: names are shown. */
static const struct ht_pseudonym_key *key_of(const struct ht_analysis *analysis) {
    return analysis->has_key ? &analysis->key : NULL;
}

/* What is said of bad records may hold some bytes of them; those of an archive are of sources by
 * their names. */
static enum ht_status hide_examples(struct ht_analysis *analysis, struct ht_quality *quality) {
    char path[HT_SOURCE_LABEL_BYTES];
    struct ht_str copy;
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        for (size_t k = 0; k < quality->example_count[i]; k++) {
            struct ht_bad_example *example = &quality->examples[i][k];
            example->why = ht_bad_name((enum ht_bad)i);
            if (analysis->archive != NULL) {
                ht_pseudonym_path(&analysis->key, ht_str_from(example->source), path, sizeof path);
                HT_TRY(ht_arena_copy(&analysis->texts, ht_str_from(path), &copy));
                example->source = copy.ptr;
            }
        }
    }
    return HT_OK;
}

static enum ht_status make_sources(const struct ht_analysis *analysis,
                                   struct ht_source_view **views) {
    *views = calloc(analysis->list.count > 0 ? analysis->list.count : 1, sizeof **views);
    if (*views == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < analysis->list.count; i++) {
        const struct ht_source *source = &analysis->list.sources[i];
        (*views)[i] = (struct ht_source_view){
            .name = source->label,
            .shape = ht_shape_name(source->shape),
            .compression = source->compression,
            .bytes = source->bytes,
            .records = source->records,
            .events = source->events,
            .bad = source->bad,
            .first_us = source->events > 0 ? source->first_us : HT_TIME_NONE,
            .last_us = source->events > 0 ? source->last_us : HT_TIME_NONE,
            .problem = source->problem[0] != '\0' ? source->problem : NULL,
            .hint = source->hint[0] != '\0' ? source->hint : NULL,
        };
    }
    return HT_OK;
}

static enum ht_status make_inventory(struct ht_analysis *analysis,
                                     struct ht_inventory **inventory) {
    const size_t count = analysis->list.count;
    struct ht_source_facts *facts = calloc(count + 1, sizeof *facts);
    const struct ht_collector_totals totals = {
        .not_records = analysis->intake.quality.not_records,
        .max_bad_ppm = analysis->max_bad_ppm,
        .key = key_of(analysis),
    };
    *inventory = NULL;
    if (facts == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const struct ht_source *source = &analysis->list.sources[i];
        facts[i] = (struct ht_source_facts){
            .name = source->label,
            .path = analysis->has_key ? source->label : source->name,
            .shape = ht_shape_name(source->shape),
            .compression = source->compression,
            .low_fidelity = source->low_fidelity,
            .is_archive = source->is_archive,
            .local_time = source->local_time,
            .is_export = ht_shape_is_export(source->shape),
            .bytes = source->bytes,
            .records = source->records,
            .problem = source->problem[0] != '\0' ? source->problem : NULL,
            .hint = source->hint[0] != '\0' ? source->hint : NULL,
        };
    }
    const enum ht_status status =
        ht_collector_finish(analysis->intake.collector, facts, count, &totals, inventory);
    free(facts);
    return status;
}

static void release_parts(struct ht_report_parts *parts) {
    ht_log_release(&parts->log);
    ht_sessions_release(&parts->sessions);
    ht_verdicts_release(&parts->verdicts);
    ht_known_release(&parts->known);
    ht_inventory_free(parts->inventory);
}

/* Between the stages, whoever waits may stop the work. */
static enum ht_status may_go_on(struct ht_analysis *analysis) {
    return on_progress(analysis, analysis->intake.quality.bytes);
}

static enum ht_status analyse(struct ht_analysis *analysis, struct ht_report_parts *parts) {
    HT_TRY(may_go_on(analysis));
    ht_store_order_by(analysis->intake.store, key_of(analysis));
    HT_TRY(ht_store_seal(analysis->intake.store, &analysis->parallel, &parts->log));
    ht_store_free(analysis->intake.store); /* its tables of names are of no more use */
    analysis->intake.store = NULL;
    HT_TRY(may_go_on(analysis));
    HT_TRY(ht_correlate(&parts->log, &analysis->parallel, &parts->sessions));
    HT_TRY(may_go_on(analysis));
    if (analysis->rules != NULL) {
        HT_TRY(ht_rulebook_resolve(analysis->rules, &parts->log, &parts->sessions, &parts->known));
    }
    if (analysis->has_key) {
        HT_TRY(ht_known_hide(&parts->known, &analysis->key));
    }
    return ht_classify(&parts->log, &parts->sessions, &parts->known, &analysis->parallel,
                       &parts->verdicts);
}

static enum ht_status compare(struct ht_analysis *analysis, struct ht_report *report) {
    const struct ht_comparison *comparison = NULL;
    if (analysis->baseline == NULL) {
        return HT_OK;
    }
    if (analysis->has_key) {
        HT_TRY(ht_baseline_hide(analysis->baseline, &analysis->key));
    }
    const enum ht_status status = ht_compare(report, analysis->baseline, &comparison);
    if (status == HT_OK) {
        ht_report_take_comparison(report, comparison, &analysis->baseline->text);
    }
    return status;
}

/* What is new since the last run; and what this one is to leave for the next. */
static enum ht_status find_changes(struct ht_analysis *analysis, struct ht_report *report) {
    const struct ht_archive_options *options = &analysis->archive_options;
    const struct ht_changes *changes = NULL;
    struct ht_arena arena;
    struct ht_str keys;
    if (analysis->archive == NULL || options->read_only || analysis->has_key) {
        return HT_OK; /* what the archive keeps of runs has names */
    }
    HT_TRY(ht_changes_pack(report, options->now_us, &analysis->keys));
    if (!ht_archive_last_keys(analysis->archive, &keys)) {
        return HT_OK;
    }
    ht_arena_init(&arena, SIZE_MAX / 4);
    const enum ht_status status = ht_changes_make(report, keys, &arena, &changes);
    if (status == HT_OK) {
        ht_report_take_changes(report, changes, &arena);
    }
    ht_arena_release(&arena);
    return status == HT_E_NOMEM ? status : HT_OK; /* keys of another version tell nothing */
}

static enum ht_status build_report(struct ht_analysis *analysis, struct ht_report **report) {
    struct ht_report_parts parts = {.quality = analysis->intake.quality};
    struct ht_source_view *sources = NULL;
    enum ht_status status = analyse(analysis, &parts);
    if (status == HT_OK && analysis->has_key) {
        status = hide_examples(analysis, &parts.quality);
    }
    if (status == HT_OK) {
        status = make_inventory(analysis, &parts.inventory);
    }
    if (status == HT_OK) {
        status = make_sources(analysis, &sources);
    }
    if (status == HT_OK) {
        parts.quality.events = parts.log.event_count;
        parts.quality.duplicates = analysis->archive == NULL ? parts.log.duplicates
                                   : analysis->raw_events > parts.log.event_count
                                       ? analysis->raw_events - parts.log.event_count
                                       : 0;
        parts.quality.dropped_attributes = parts.log.attributes_dropped;
        parts.sources = sources;
        parts.source_count = analysis->list.count;
        parts.key = key_of(analysis);
        status = ht_report_build(&parts, &analysis->selection, &analysis->parallel, report);
    } else {
        release_parts(&parts);
    }
    free(sources);
    if (status == HT_OK) {
        status = compare(analysis, *report);
    }
    if (status == HT_OK) {
        status = find_changes(analysis, *report);
    }
    if (status != HT_OK) {
        ht_report_free(*report);
        *report = NULL;
    }
    return status;
}

static enum ht_status explain(enum ht_status status, struct ht_err *err) {
    if (status == HT_E_NOMEM) {
        (void)ht_err_set(err, status, "not enough memory");
        ht_err_hint(err, "read a shorter span, or lower --max-events and --max-devices");
    } else if (status == HT_E_CANCEL) {
        (void)ht_err_set(err, status, "interrupted");
    }
    return status;
}

enum ht_status ht_analysis_run(struct ht_analysis *analysis, struct ht_report **report,
                               struct ht_err *err) {
    *report = NULL;
    if (analysis->has_run) {
        return ht_err_set(err, HT_E_USAGE, "an analysis runs once");
    }
    analysis->has_run = true;
    enum ht_status status = analysis->archive_path != NULL ? read_archived(analysis, err)
                                                           : read_sources(analysis, false);
    if (status == HT_OK && !read_something(&analysis->intake.quality)) {
        return explain_nothing(analysis, err);
    }
    if (status == HT_OK && is_foreign(analysis)) {
        return explain_foreign(analysis, err);
    }
    if (status == HT_OK) {
        status = build_report(analysis, report);
    }
    ht_intake_release(&analysis->intake);
    return explain(status, err);
}

enum ht_status ht_analysis_commit(struct ht_analysis *analysis, struct ht_err *err) {
    const struct ht_archive_options *options = &analysis->archive_options;
    if (analysis->archive == NULL || options->read_only) {
        return HT_OK;
    }
    const struct ht_archive_news *news = &analysis->news;
    const struct ht_archive_run run = {
        .at_us = options->now_us,
        .version = ht_version(),
        .sources_read =
            news->sources_new + news->sources_grown + news->sources_again + news->sources_replaced,
        .new_events = news->events_new,
    };
    if (!analysis->has_key) {
        HT_TRY(ht_archive_keep_keys(analysis->archive, ht_strbuf_str(&analysis->keys), err));
    }
    HT_TRY(ht_archive_note_run(analysis->archive, &run, err));
    return ht_archive_commit(analysis->archive, err);
}

const struct ht_archive_news *ht_analysis_news(const struct ht_analysis *analysis) {
    return analysis->archive_path != NULL ? &analysis->news : NULL;
}

enum ht_status ht_analysis_check(struct ht_analysis *analysis, struct ht_inventory **inventory,
                                 struct ht_err *err) {
    *inventory = NULL;
    if (analysis->has_run) {
        return ht_err_set(err, HT_E_USAGE, "an analysis runs once");
    }
    analysis->has_run = true;
    enum ht_status status = read_sources(analysis, true);
    if (status == HT_OK && !read_something(&analysis->intake.quality)) {
        return explain_nothing(analysis, err);
    }
    if (status == HT_OK) {
        status = make_inventory(analysis, inventory);
    }
    ht_intake_release(&analysis->intake);
    return explain(status, err);
}

enum ht_status ht_time_parse(const char *text, int64_t now_us, int64_t *time_us,
                             struct ht_err *err) {
    if (ht_time_parse_since(ht_str_from(text), now_us, time_us)) {
        return HT_OK;
    }
    (void)ht_err_set(err, HT_E_USAGE, "not a time: %s", text);
    ht_err_hint(err, "give 2025-03-10T06:00:00Z, 2025-03-10, or a span such as 24h or 7d");
    return HT_E_USAGE;
}

void ht_time_write(int64_t time_us, char out[HT_TIME_TEXT_MAX]) {
    _Static_assert((int)HT_TIME_TEXT_MAX == (int)HT_TIME_TEXT_BYTES, "room for a time");
    (void)ht_time_format(time_us, out);
}
