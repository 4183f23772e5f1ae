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
#include "base/text.h"
#include "base/time.h"
#include "classify/classify.h"
#include "correlate/correlate.h"
#include "decode/decoder.h"
#include "input/reader.h"
#include "inventory/collector.h"
#include "report/build.h"
#include "rules/rulebook.h"
#include "store/undated.h"

_Static_assert((int)HT_FRAME_PADDING >= (int)HT_DECODE_PADDING,
               "frames carry the decoder's padding");

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
    struct ht_rulebook *rules; /* NULL: none */
    struct ht_parallel parallel;
    uint64_t record_bytes_max;
    enum ht_date_order date_order;
    char *columns; /* of tables without a header line, or NULL */
    struct ht_store_limits limits;
    uint64_t max_bad_ppm;
    ht_progress_fn *progress;
    void *progress_ctx;
    uint64_t bytes_total;
    bool has_run;

    /* While reading. */
    struct ht_store *store; /* NULL: only the inventory is wanted */
    struct ht_collector *collector;
    struct ht_decoder *decoder;
    struct ht_undated *undated;
    size_t undated_source; /* whose dates it knows; SIZE_MAX = none */
    struct ht_quality quality;
    uint64_t records;
    uint64_t metrics;  /* of them */
    char service[128]; /* printable; another one than IoT Hub that was met, "" = none */
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

struct ht_analysis *ht_analysis_new(const struct ht_options *options, struct ht_err *err) {
    struct ht_analysis *analysis = calloc(1, sizeof *analysis);
    if (analysis == NULL) {
        (void)ht_err_set(err, HT_E_NOMEM, "not enough memory");
        return NULL;
    }
    analysis->record_bytes_max =
        or_default(options->record_bytes_max, RECORD_BYTES_DEFAULT, SIZE_MAX / 8);
    analysis->limits.devices_max =
        or_default(options->devices_max, DEVICES_DEFAULT, UINT32_MAX - 1);
    analysis->limits.events_max = or_default(options->events_max, EVENTS_DEFAULT, UINT32_MAX - 1);
    analysis->parallel.threads = options->threads;
    analysis->date_order = options->date_order;
    analysis->max_bad_ppm = options->max_bad_ppm == HT_MAX_BAD_NONE
                                ? 0
                                : or_default(options->max_bad_ppm, MAX_BAD_PPM_DEFAULT, UINT64_MAX);
    analysis->progress = options->progress;
    analysis->progress_ctx = options->progress_ctx;
    if (options->columns != NULL) {
        analysis->columns = strdup(options->columns);
        if (analysis->columns == NULL) {
            ht_analysis_free(analysis);
            (void)ht_err_set(err, HT_E_NOMEM, "not enough memory");
            return NULL;
        }
    }
    if (ht_selection_init(&analysis->selection, options->hub, options->device,
                          options->exclude_device, err) != HT_OK ||
        ht_selection_take_id(&analysis->selection, options->device_id, err) != HT_OK ||
        set_window(&analysis->selection, options, err) != HT_OK ||
        (options->rules_path != NULL &&
         ht_rulebook_read(options->rules_path, &analysis->rules, err) != HT_OK)) {
        ht_analysis_free(analysis);
        return NULL;
    }
    return analysis;
}

static void free_reading(struct ht_analysis *analysis) {
    ht_store_free(analysis->store);
    ht_collector_free(analysis->collector);
    ht_decoder_free(analysis->decoder);
    ht_undated_free(analysis->undated);
    analysis->undated = NULL;
    analysis->store = NULL;
    analysis->collector = NULL;
    analysis->decoder = NULL;
}

void ht_analysis_free(struct ht_analysis *analysis) {
    if (analysis != NULL) {
        free_reading(analysis);
        ht_source_list_release(&analysis->list);
        ht_selection_release(&analysis->selection);
        ht_rulebook_free(analysis->rules);
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

/* Reading. */

static void count_event(struct ht_analysis *analysis, size_t source, int64_t time_us) {
    struct ht_source *told = &analysis->list.sources[source];
    if (told->events == 0 || time_us < told->first_us) {
        told->first_us = time_us;
    }
    if (told->events > 0 && time_us < told->last_us) {
        analysis->quality.out_of_order++;
    } else {
        told->last_us = time_us;
    }
    told->events++;
}

static enum ht_status keep(struct ht_analysis *analysis, size_t source,
                           const struct ht_record *record) {
    const enum ht_status status =
        analysis->store != NULL ? ht_store_add(analysis->store, record) : HT_OK;
    if (status == HT_E_LIMIT) {
        analysis->quality.dropped_events++;
        return HT_OK;
    }
    HT_TRY(status);
    count_event(analysis, source, record->time_us);
    if ((record->flags & HT_EVENT_SNAPSHOT) != 0) {
        analysis->quality.low_fidelity++;
        analysis->list.sources[source].low_fidelity = true;
    }
    if (record->kind == HT_EVENT_CONNECT) {
        analysis->quality.without_sdk += record->sdk.len == 0;
        analysis->quality.without_auth += record->auth == HT_AUTH_UNKNOWN;
        analysis->quality.without_network += record->network.len == 0;
    }
    return HT_OK;
}

/* For the inventory. The times of records that are no events only matter there. */
static enum ht_status note(struct ht_analysis *analysis, size_t source, enum ht_note_kind kind,
                           const struct ht_decoded *decoded) {
    int64_t time_us = kind == HT_NOTE_EVENT ? decoded->record.time_us : HT_TIME_NONE;
    if (kind == HT_NOTE_OTHER_RECORD && analysis->store == NULL &&
        !ht_time_parse_iso(ht_str_trim(decoded->time), &time_us)) {
        time_us = HT_TIME_NONE;
    }
    const struct ht_note what = {
        .source = source,
        .kind = kind,
        .record = &decoded->record,
        .category = decoded->category,
        .resource_id = decoded->resource_id,
        .time_us = time_us,
    };
    return ht_collector_note(analysis->collector, &what);
}

/* The events whose dates are right now go where all the others went at once. */
static enum ht_status release_undated(struct ht_analysis *analysis) {
    struct ht_undated *undated = analysis->undated;
    const size_t source = analysis->undated_source;
    const size_t count = ht_undated_count(undated);
    for (size_t i = 0; i < count; i++) {
        struct ht_decoded decoded = {.kind = HT_DECODED_EVENT};
        ht_undated_record(undated, i, &decoded.record);
        HT_TRY(keep(analysis, source, &decoded.record));
        const struct ht_str operation = decoded.record.operation;
        const char *slash = operation.len > 0 ? memchr(operation.ptr, '/', operation.len) : NULL;
        decoded.category = slash != NULL
                               ? (struct ht_str){operation.ptr, (size_t)(slash - operation.ptr)}
                               : HT_STR("Connections");
        HT_TRY(note(analysis, source, HT_NOTE_EVENT, &decoded));
    }
    ht_undated_empty(undated);
    return HT_OK;
}

static enum ht_status release_if_proven(struct ht_analysis *analysis, bool at_end) {
    return ht_undated_count(analysis->undated) > 0 &&
                   ht_undated_is_proven(analysis->undated, at_end)
               ? release_undated(analysis)
               : HT_OK;
}

/* The end of a source: what is still held cannot be used, and that is said. */
static enum ht_status settle_dates(struct ht_analysis *analysis) {
    HT_TRY(release_if_proven(analysis, true));
    const size_t held = ht_undated_count(analysis->undated);
    if (held > 0) {
        struct ht_source *source = &analysis->list.sources[analysis->undated_source];
        (void)snprintf(source->problem, sizeof source->problem,
                       "day and month of %zu event%s cannot be told apart, and were not read", held,
                       held == 1 ? "" : "s");
        (void)snprintf(source->hint, sizeof source->hint,
                       "say which comes first: --date-order dmy or --date-order mdy");
    }
    ht_undated_begin(analysis->undated);
    analysis->undated_source = SIZE_MAX;
    return HT_OK;
}

/* The stamp of a record, good or foreign; *time_us is what it says in this source. */
static enum ht_status meet_date(struct ht_analysis *analysis, size_t source,
                                const struct ht_stamp *stamp, enum ht_undated_answer *answer,
                                int64_t *time_us) {
    if (analysis->undated_source != source && analysis->undated_source != SIZE_MAX) {
        HT_TRY(settle_dates(analysis));
    }
    if (stamp->kind != HT_STAMP_ISO) {
        analysis->undated_source = source;
    }
    *answer = ht_undated_meet(analysis->undated, stamp, time_us);
    return stamp->kind == HT_STAMP_DMY || stamp->kind == HT_STAMP_MDY
               ? release_if_proven(analysis, false)
               : HT_OK;
}

/* An event: kept, or held until its date is known. */
static enum ht_status take_event(struct ht_analysis *analysis, size_t source,
                                 struct ht_decoded *decoded) {
    enum ht_undated_answer answer = HT_UNDATED_GOOD;
    HT_TRY(meet_date(analysis, source, &decoded->stamp, &answer, &decoded->record.time_us));
    if (answer == HT_UNDATED_GOOD) {
        HT_TRY(keep(analysis, source, &decoded->record));
        return note(analysis, source, HT_NOTE_EVENT, decoded);
    }
    const enum ht_status status = ht_undated_add(analysis->undated, &decoded->record);
    analysis->quality.dropped_events += status == HT_E_LIMIT;
    return status == HT_E_LIMIT ? HT_OK : status;
}

/* "MICROSOFT.KEYVAULT/VAULTS", of the first record that is another service's. */
static void name_service(struct ht_analysis *analysis, struct ht_str resource_id) {
    const struct ht_str marker = HT_STR("/PROVIDERS/");
    if (analysis->service[0] != '\0' || resource_id.len == 0) {
        return;
    }
    const size_t at = ht_str_find_nocase(resource_id, marker);
    const size_t begin = at != SIZE_MAX ? at + marker.len : 0;
    size_t end = begin;
    for (size_t slashes = 0; end < resource_id.len && slashes < 2; end++) {
        slashes += resource_id.ptr[end] == '/';
    }
    end -= end > begin && resource_id.ptr[end - 1] == '/';
    (void)ht_text_printable(analysis->service, sizeof analysis->service,
                            (struct ht_str){resource_id.ptr + begin, end - begin});
}

/* Any log record, in whatever it stood. */
static enum ht_status take_record(struct ht_analysis *analysis, size_t source, enum ht_shape shape,
                                  struct ht_decoded *decoded) {
    struct ht_source *told = &analysis->list.sources[source];
    enum ht_undated_answer ignored;
    int64_t time_us = HT_TIME_NONE;
    told->shape = ht_shape_with(told->shape, shape);
    analysis->records++;
    analysis->quality.slow_records += decoded->slow;
    if (decoded->kind == HT_DECODED_EVENT) {
        return take_event(analysis, source, decoded);
    }
    if (decoded->stamped) {
        HT_TRY(meet_date(analysis, source, &decoded->stamp, &ignored, &time_us));
    }
    if (decoded->kind == HT_DECODED_OTHER_SERVICE) {
        analysis->quality.other_services++;
        name_service(analysis, decoded->resource_id);
        return note(analysis, source, HT_NOTE_OTHER_SERVICE, decoded);
    }
    analysis->quality.other_records++;
    return note(analysis, source, HT_NOTE_OTHER_RECORD, decoded);
}

/* Metrics go the same ways as logs. A quote in a value is escaped, so only a key looks like this.
 */
static bool is_metric(struct ht_str text, size_t len) {
    return ht_str_find_nocase((struct ht_str){text.ptr, len}, HT_STR("\"metricName\"")) != SIZE_MAX;
}

/* True when the object stands on several lines. */
static bool is_tall(struct ht_str text) {
    return text.len > 1 && (text.ptr[1] == '\n' || text.ptr[1] == '\r');
}

/* The header line of a table. */
static enum ht_status on_header(void *ctx, const struct ht_cells *names,
                                struct ht_header_answer *answer) {
    struct ht_analysis *analysis = ctx;
    struct ht_decoded_header header;
    HT_TRY(ht_decode_header(analysis->decoder, names->cells, names->count, &header));
    answer->log = header.log;
    answer->problem = header.problem;
    if (header.log && header.local_time) {
        analysis->list.sources[names->source].local_time = true;
        analysis->quality.local_time_sources++;
    }
    return HT_OK;
}

static enum ht_status on_columns(void *ctx, struct ht_str text) {
    struct ht_analysis *analysis = ctx;
    return ht_decode_columns(analysis->decoder, text);
}

/* One row of a table. */
static enum ht_status on_cells(void *ctx, const struct ht_cells *cells,
                               struct ht_frame_answer *answer) {
    struct ht_analysis *analysis = ctx;
    struct ht_decoded decoded;
    HT_TRY(ht_decode_cells(analysis->decoder, cells->cells, cells->count, &decoded));
    if (decoded.kind == HT_DECODED_BAD_RECORD) {
        answer->kind = HT_FRAME_BAD_RECORD;
        answer->bad = decoded.bad;
        answer->why = decoded.why;
        return HT_OK;
    }
    if (decoded.kind == HT_DECODED_NOT_RECORD) {
        answer->kind = HT_FRAME_VALUE;
        return HT_OK;
    }
    answer->kind = HT_FRAME_RECORD;
    return take_record(analysis, cells->source, ht_shape_of(cells->holder, decoded.naming, false),
                       &decoded);
}

/* Decode the object or row at the start of the frame; keep it when it is an event. */
static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct ht_analysis *analysis = ctx;
    struct ht_decoded decoded;
    HT_TRY(frame->row ? ht_decode_row(analysis->decoder, frame->text, frame->resync, &decoded)
                      : ht_decode(analysis->decoder, frame->text, &decoded));
    answer->consumed = decoded.consumed;
    answer->why = decoded.why;
    answer->bad = HT_BAD_SYNTAX;
    answer->kind = HT_FRAME_RECORD;
    switch (decoded.kind) {
    case HT_DECODED_OTHER_RECORD:
        analysis->metrics += decoded.category.len == 0 && is_metric(frame->text, decoded.consumed);
        return take_record(analysis, frame->source,
                           ht_shape_of(frame->holder, decoded.naming, is_tall(frame->text)),
                           &decoded);
    case HT_DECODED_EVENT:
    case HT_DECODED_OTHER_SERVICE:
        return take_record(analysis, frame->source,
                           ht_shape_of(frame->holder, decoded.naming, is_tall(frame->text)),
                           &decoded);
    case HT_DECODED_NOT_RECORD:
        answer->kind = HT_FRAME_VALUE;
        answer->part = decoded.part;
        return HT_OK;
    case HT_DECODED_BAD_RECORD:
        answer->kind = HT_FRAME_BAD_RECORD;
        answer->bad = decoded.bad;
        return HT_OK;
    case HT_DECODED_WRAPPER:
    case HT_DECODED_ROWS:
        answer->kind = decoded.kind == HT_DECODED_WRAPPER ? HT_FRAME_WRAPPER : HT_FRAME_ROWS;
        answer->holder = decoded.holder;
        answer->headless = decoded.headless;
        return HT_OK;
    case HT_DECODED_MORE:
        answer->kind = HT_FRAME_MORE;
        return HT_OK;
    case HT_DECODED_NOT_JSON:
        answer->kind = HT_FRAME_NOT_JSON;
        return HT_OK;
    }
    return HT_OK;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    struct ht_analysis *analysis = ctx;
    struct ht_quality *quality = &analysis->quality;
    size_t *count = &quality->example_count[bad->reason];
    quality->bad[bad->reason]++;
    quality->bad_total++;
    analysis->list.sources[bad->source].bad++;
    ht_collector_note_bad(analysis->collector, &(struct ht_bad_note){
                                                   .source = bad->source,
                                                   .reason = bad->reason,
                                                   .why = bad->why,
                                                   .record = bad->record,
                                                   .offset_bytes = bad->offset_bytes,
                                               });
    if (*count < HT_BAD_EXAMPLES_MAX) {
        quality->examples[bad->reason][(*count)++] = (struct ht_bad_example){
            .source = analysis->list.sources[bad->source].label,
            .record = bad->record,
            .offset_bytes = bad->offset_bytes,
            .why = bad->why,
        };
    }
}

static enum ht_status on_progress(void *ctx, uint64_t bytes_read) {
    struct ht_analysis *analysis = ctx;
    if (analysis->progress == NULL) {
        return HT_OK;
    }
    const struct ht_progress progress = {
        .bytes_read = bytes_read,
        .bytes_total = analysis->bytes_total,
        .records = analysis->records,
        .events = analysis->store != NULL ? ht_store_event_count(analysis->store) : 0,
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

static enum ht_status prepare_reading(struct ht_analysis *analysis, bool inventory_only) {
    ht_source_list_sort(&analysis->list);
    analysis->bytes_total = total_size(&analysis->list);
    HT_TRY(ht_collector_new(inventory_only ? COMPARED_MAX : 0, &analysis->collector));
    if (!inventory_only) {
        HT_TRY(ht_store_new(&analysis->limits, &analysis->store));
    }
    HT_TRY(ht_undated_new(&analysis->limits, &analysis->undated));
    analysis->undated_source = SIZE_MAX;
    return ht_decoder_new(&analysis->decoder, analysis->date_order);
}

static enum ht_status read_sources(struct ht_analysis *analysis, bool inventory_only) {
    const struct ht_reader_callbacks callbacks = {
        .ctx = analysis,
        .frame = on_frame,
        .columns = on_columns,
        .header = on_header,
        .cells = on_cells,
        .bad = on_bad,
        .progress = on_progress,
    };
    const struct ht_reader_limits limits = {
        .record_bytes_max = analysis->record_bytes_max,
        .columns = ht_str_from(analysis->columns),
    };
    struct ht_quality *quality = &analysis->quality;
    HT_TRY(prepare_reading(analysis, inventory_only));
    HT_TRY(ht_read(&analysis->list, &limits, &callbacks, &quality->not_records));
    HT_TRY(settle_dates(analysis));
    for (size_t i = 0; i < analysis->list.count; i++) {
        const struct ht_source *source = &analysis->list.sources[i];
        quality->bytes += source->bytes;
        quality->records += source->records;
        quality->unreadable_sources += source->problem[0] != '\0';
    }
    return HT_OK;
}

/* No log record in any source: the one message that helps most. */
static enum ht_status explain_nothing(const struct ht_analysis *analysis, struct ht_err *err) {
    const struct ht_source *problem = NULL;
    for (size_t i = 0; i < analysis->list.count && problem == NULL; i++) {
        problem = analysis->list.sources[i].problem[0] != '\0' ? &analysis->list.sources[i] : NULL;
    }
    if (problem != NULL) {
        (void)ht_err_set(err, HT_E_DATA, "%s: %s", problem->name, problem->problem);
        if (problem->hint[0] != '\0') {
            ht_err_hint(err, "%s", problem->hint);
        }
        return HT_E_DATA;
    }
    const char *name = analysis->list.count == 1 ? analysis->list.sources[0].name : "the input";
    if (analysis->quality.records == 0) { /* nothing at all, or brackets around nothing */
        const bool empty = analysis->quality.bytes == 0;
        (void)ht_err_set(err, HT_E_DATA, "%s: %s", name, empty ? "empty" : "no records in it");
        ht_err_hint(err,
                    "check the export: did the query or download succeed, and for which days?");
        return HT_E_DATA;
    }
    if (analysis->quality.bad[HT_BAD_TOO_LONG] > 0) {
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
    const struct ht_quality *quality = &analysis->quality;
    return analysis->records > 0 &&
           analysis->records == quality->other_services + analysis->metrics &&
           quality->bad[HT_BAD_PROPERTIES] + quality->bad[HT_BAD_TIME] +
                   quality->bad[HT_BAD_DEVICE] + quality->bad[HT_BAD_ROW] ==
               0;
}

static enum ht_status explain_foreign(const struct ht_analysis *analysis, struct ht_err *err) {
    const char *name = analysis->list.count == 1 ? analysis->list.sources[0].name : "the input";
    if (analysis->quality.other_services == 0) {
        (void)ht_err_set(err, HT_E_DATA, "%s: metrics of a hub, not its logs", name);
    } else if (analysis->service[0] == '\0') {
        (void)ht_err_set(err, HT_E_DATA, "%s: logs of other services, none of an IoT Hub", name);
    } else {
        (void)ht_err_set(err, HT_E_DATA, "%s: logs of %s, none of an IoT Hub", name,
                         analysis->service);
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
        .not_records = analysis->quality.not_records,
        .max_bad_ppm = analysis->max_bad_ppm,
    };
    *inventory = NULL;
    if (facts == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const struct ht_source *source = &analysis->list.sources[i];
        facts[i] = (struct ht_source_facts){
            .name = source->label,
            .path = source->name,
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
        ht_collector_finish(analysis->collector, facts, count, &totals, inventory);
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
    return on_progress(analysis, analysis->quality.bytes);
}

static enum ht_status analyse(struct ht_analysis *analysis, struct ht_report_parts *parts) {
    HT_TRY(may_go_on(analysis));
    HT_TRY(ht_store_seal(analysis->store, &analysis->parallel, &parts->log));
    HT_TRY(may_go_on(analysis));
    HT_TRY(ht_correlate(&parts->log, &analysis->parallel, &parts->sessions));
    HT_TRY(may_go_on(analysis));
    if (analysis->rules != NULL) {
        HT_TRY(ht_rulebook_resolve(analysis->rules, &parts->log, &parts->sessions, &parts->known));
    }
    return ht_classify(&parts->log, &parts->sessions, &parts->known, &analysis->parallel,
                       &parts->verdicts);
}

static enum ht_status build_report(struct ht_analysis *analysis, struct ht_report **report) {
    struct ht_report_parts parts = {.quality = analysis->quality};
    struct ht_source_view *sources = NULL;
    enum ht_status status = analyse(analysis, &parts);
    if (status == HT_OK) {
        status = make_inventory(analysis, &parts.inventory);
    }
    if (status == HT_OK) {
        status = make_sources(analysis, &sources);
    }
    if (status == HT_OK) {
        parts.quality.events = parts.log.event_count;
        parts.quality.duplicates = parts.log.duplicates;
        parts.quality.dropped_attributes = parts.log.attributes_dropped;
        parts.sources = sources;
        parts.source_count = analysis->list.count;
        status = ht_report_build(&parts, &analysis->selection, &analysis->parallel, report);
    } else {
        release_parts(&parts);
    }
    free(sources);
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
    enum ht_status status = read_sources(analysis, false);
    if (status == HT_OK && !read_something(&analysis->quality)) {
        return explain_nothing(analysis, err);
    }
    if (status == HT_OK && is_foreign(analysis)) {
        return explain_foreign(analysis, err);
    }
    if (status == HT_OK) {
        status = build_report(analysis, report);
    }
    free_reading(analysis);
    return explain(status, err);
}

enum ht_status ht_analysis_check(struct ht_analysis *analysis, struct ht_inventory **inventory,
                                 struct ht_err *err) {
    *inventory = NULL;
    if (analysis->has_run) {
        return ht_err_set(err, HT_E_USAGE, "an analysis runs once");
    }
    analysis->has_run = true;
    enum ht_status status = read_sources(analysis, true);
    if (status == HT_OK && !read_something(&analysis->quality)) {
        return explain_nothing(analysis, err);
    }
    if (status == HT_OK) {
        status = make_inventory(analysis, inventory);
    }
    free_reading(analysis);
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
