/* SPDX-License-Identifier: MIT */
#include "pipeline/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "pipeline/intake_private.h"

_Static_assert((int)HT_FRAME_PADDING >= (int)HT_DECODE_PADDING,
               "frames carry the decoder's padding");

enum ht_status ht_intake_new_decoder(const struct ht_intake_settings *settings,
                                     struct ht_decoder **decoder) {
    HT_TRY(ht_decoder_new(decoder, settings->date_order));
    if (!ht_decoder_use(*decoder, settings->lane)) { /* not on this machine */
        HT_ASSERT(ht_decoder_use(*decoder, HT_LANE_OFF));
    }
    return HT_OK;
}

enum ht_status ht_intake_init(struct ht_intake *intake, const struct ht_intake_settings *settings,
                              struct ht_source_list *list) {
    *intake = (struct ht_intake){.list = list, .settings = settings, .undated_source = SIZE_MAX};
    HT_TRY(ht_collector_new(settings->compared_max, &intake->collector));
    if (!settings->inventory_only) {
        HT_TRY(ht_store_new(&settings->limits, &intake->store));
    }
    HT_TRY(ht_undated_new(&settings->limits, &intake->undated));
    return ht_intake_new_decoder(settings, &intake->decoder);
}

void ht_intake_release(struct ht_intake *intake) {
    ht_store_free(intake->store);
    ht_collector_free(intake->collector);
    ht_decoder_free(intake->decoder);
    ht_decoder_free(intake->start);
    ht_undated_free(intake->undated);
    intake->start = NULL;
    intake->store = NULL;
    intake->collector = NULL;
    intake->decoder = NULL;
    intake->undated = NULL;
}

uint64_t ht_intake_event_count(const struct ht_intake *intake) {
    return intake->store != NULL ? ht_store_event_count(intake->store) : 0;
}

void ht_intake_count_event(struct ht_intake *intake, size_t source, int64_t time_us) {
    struct ht_source *told = &intake->list->sources[source];
    if (told->events == 0 || time_us < told->first_us) {
        told->first_us = time_us;
    }
    if (told->events > 0 && time_us < told->last_us) {
        intake->quality.out_of_order++;
    } else {
        told->last_us = time_us;
    }
    told->events++;
}

static enum ht_status keep(struct ht_intake *intake, size_t source,
                           const struct ht_record *record) {
    const enum ht_status status =
        intake->store != NULL ? ht_store_add(intake->store, record) : HT_OK;
    if (status == HT_E_LIMIT) {
        intake->quality.dropped_events++;
        return HT_OK;
    }
    HT_TRY(status);
    ht_intake_count_event(intake, source, record->time_us);
    if ((record->flags & HT_EVENT_SNAPSHOT) != 0) {
        intake->quality.low_fidelity++;
        intake->list->sources[source].low_fidelity = true;
    }
    if (record->kind == HT_EVENT_CONNECT) {
        intake->quality.without_sdk += record->sdk.len == 0;
        intake->quality.without_auth += record->auth == HT_AUTH_UNKNOWN;
        intake->quality.without_network += record->network.len == 0;
    }
    return HT_OK;
}

/* For the inventory. The times of records that are no events only matter there. */
static enum ht_status note(struct ht_intake *intake, size_t source, enum ht_note_kind kind,
                           const struct ht_decoded *decoded) {
    int64_t time_us = kind == HT_NOTE_EVENT ? decoded->record.time_us : HT_TIME_NONE;
    if (kind == HT_NOTE_OTHER_RECORD && intake->store == NULL &&
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
    return ht_collector_note(intake->collector, &what);
}

/* The events whose dates are right now go where all the others went at once. */
static enum ht_status release_undated(struct ht_intake *intake) {
    struct ht_undated *undated = intake->undated;
    const size_t source = intake->undated_source;
    const size_t count = ht_undated_count(undated);
    for (size_t i = 0; i < count; i++) {
        struct ht_decoded decoded = {.kind = HT_DECODED_EVENT};
        ht_undated_record(undated, i, &decoded.record);
        HT_TRY(keep(intake, source, &decoded.record));
        const struct ht_str operation = decoded.record.operation;
        const char *slash = operation.len > 0 ? memchr(operation.ptr, '/', operation.len) : NULL;
        decoded.category = slash != NULL
                               ? (struct ht_str){operation.ptr, (size_t)(slash - operation.ptr)}
                               : HT_STR("Connections");
        HT_TRY(note(intake, source, HT_NOTE_EVENT, &decoded));
    }
    ht_undated_empty(undated);
    return HT_OK;
}

static enum ht_status release_if_proven(struct ht_intake *intake, bool at_end) {
    return ht_undated_count(intake->undated) > 0 && ht_undated_is_proven(intake->undated, at_end)
               ? release_undated(intake)
               : HT_OK;
}

/* The end of a source: what is still held cannot be used, and that is said. */
enum ht_status ht_intake_settle_dates(struct ht_intake *intake) {
    HT_TRY(release_if_proven(intake, true));
    const size_t held = ht_undated_count(intake->undated);
    if (held > 0) {
        struct ht_source *source = &intake->list->sources[intake->undated_source];
        (void)snprintf(source->problem, sizeof source->problem,
                       "day and month of %zu event%s cannot be told apart, and were not read", held,
                       held == 1 ? "" : "s");
        (void)snprintf(source->hint, sizeof source->hint,
                       "say which comes first: --date-order dmy or --date-order mdy");
    }
    ht_undated_begin(intake->undated);
    intake->undated_source = SIZE_MAX;
    return HT_OK;
}

/* The stamp of a record, good or foreign; *time_us is what it says in this source. */
static enum ht_status meet_date(struct ht_intake *intake, size_t source,
                                const struct ht_stamp *stamp, enum ht_undated_answer *answer,
                                int64_t *time_us) {
    if (intake->tentative || intake->settings->date_order != HT_DATE_ORDER_PROVEN) {
        intake->refused = intake->tentative && stamp->kind != HT_STAMP_ISO &&
                          intake->settings->date_order == HT_DATE_ORDER_PROVEN;
        *answer = HT_UNDATED_GOOD;
        *time_us = stamp->time_us;
        return intake->refused ? HT_E_LIMIT : HT_OK;
    }
    if (intake->undated_source != source && intake->undated_source != SIZE_MAX) {
        HT_TRY(ht_intake_settle_dates(intake));
    }
    if (stamp->kind != HT_STAMP_ISO) {
        intake->undated_source = source;
    }
    *answer = ht_undated_meet(intake->undated, stamp, time_us);
    return stamp->kind == HT_STAMP_DMY || stamp->kind == HT_STAMP_MDY
               ? release_if_proven(intake, false)
               : HT_OK;
}

/* An event: kept, or held until its date is known. */
static enum ht_status take_event(struct ht_intake *intake, size_t source,
                                 struct ht_decoded *decoded) {
    enum ht_undated_answer answer = HT_UNDATED_GOOD;
    HT_TRY(meet_date(intake, source, &decoded->stamp, &answer, &decoded->record.time_us));
    if (answer == HT_UNDATED_GOOD) {
        HT_TRY(keep(intake, source, &decoded->record));
        return note(intake, source, HT_NOTE_EVENT, decoded);
    }
    const enum ht_status status = ht_undated_add(intake->undated, &decoded->record);
    intake->quality.dropped_events += status == HT_E_LIMIT;
    return status == HT_E_LIMIT ? HT_OK : status;
}

/* "MICROSOFT.KEYVAULT/VAULTS", of the first record that is another service's. */
void ht_intake_name_service(struct ht_intake *intake, struct ht_str resource_id) {
    const struct ht_str marker = HT_STR("/PROVIDERS/");
    if (intake->service[0] != '\0' || resource_id.len == 0) {
        return;
    }
    const size_t at = ht_str_find_nocase(resource_id, marker);
    const size_t begin = at != SIZE_MAX ? at + marker.len : 0;
    size_t end = begin;
    for (size_t slashes = 0; end < resource_id.len && slashes < 2; end++) {
        slashes += resource_id.ptr[end] == '/';
    }
    end -= end > begin && resource_id.ptr[end - 1] == '/';
    (void)ht_text_printable(intake->service, sizeof intake->service,
                            (struct ht_str){resource_id.ptr + begin, end - begin});
}

/* Any log record, in whatever it stood. */
enum ht_status ht_intake_take_record(struct ht_intake *intake, size_t source, enum ht_shape shape,
                                     struct ht_decoded *decoded) {
    enum ht_undated_answer ignored;
    int64_t time_us = HT_TIME_NONE;
    if (intake->looking) {
        return HT_OK;
    }
    struct ht_source *told = &intake->list->sources[source];
    told->shape = ht_shape_with(told->shape, shape);
    intake->records++;
    intake->quality.slow_records += decoded->slow;
    if (decoded->kind == HT_DECODED_EVENT) {
        return take_event(intake, source, decoded);
    }
    if (decoded->stamped) {
        HT_TRY(meet_date(intake, source, &decoded->stamp, &ignored, &time_us));
    }
    if (decoded->kind == HT_DECODED_OTHER_SERVICE) {
        intake->quality.other_services++;
        ht_intake_name_service(intake, decoded->resource_id);
        return note(intake, source, HT_NOTE_OTHER_SERVICE, decoded);
    }
    intake->quality.other_records++;
    return note(intake, source, HT_NOTE_OTHER_RECORD, decoded);
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
    struct ht_intake *intake = ctx;
    struct ht_decoded_header header;
    HT_TRY(ht_decode_header(intake->decoder, names->cells, names->count, &header));
    answer->log = header.log;
    answer->problem = header.problem;
    if (header.log && header.local_time && !intake->looking) {
        intake->list->sources[names->source].local_time = true;
        intake->quality.local_time_sources++;
    }
    return HT_OK;
}

static enum ht_status on_columns(void *ctx, struct ht_str text) {
    struct ht_intake *intake = ctx;
    return ht_decode_columns(intake->decoder, text);
}

/* One row of a table. */
static enum ht_status on_cells(void *ctx, const struct ht_cells *cells,
                               struct ht_frame_answer *answer) {
    struct ht_intake *intake = ctx;
    struct ht_decoded decoded;
    HT_TRY(ht_decode_cells(intake->decoder, cells->cells, cells->count, &decoded));
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
    return ht_intake_take_record(intake, cells->source,
                                 ht_shape_of(cells->holder, decoded.naming, false), &decoded);
}

/* Decode the object or row at the start of the frame; keep it when it is an event. */
static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct ht_intake *intake = ctx;
    struct ht_decoded decoded;
    if (frame->many && !frame->row) {
        size_t count = 0;
        HT_TRY(ht_intake_take_run(intake, frame, &answer->consumed, &count));
        if (count > 0) {
            answer->kind = HT_FRAME_RECORD;
            answer->count = count;
            return HT_OK;
        }
    }
    HT_TRY(frame->row ? ht_decode_row(intake->decoder, frame->text, frame->resync, &decoded)
                      : ht_decode(intake->decoder, frame->text, &decoded));
    answer->consumed = decoded.consumed;
    answer->why = decoded.why;
    answer->bad = HT_BAD_SYNTAX;
    answer->kind = HT_FRAME_RECORD;
    switch (decoded.kind) {
    case HT_DECODED_OTHER_RECORD:
        intake->metrics += decoded.category.len == 0 && is_metric(frame->text, decoded.consumed);
        return ht_intake_take_record(
            intake, frame->source, ht_shape_of(frame->holder, decoded.naming, is_tall(frame->text)),
            &decoded);
    case HT_DECODED_EVENT:
    case HT_DECODED_OTHER_SERVICE:
        return ht_intake_take_record(
            intake, frame->source, ht_shape_of(frame->holder, decoded.naming, is_tall(frame->text)),
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
    struct ht_intake *intake = ctx;
    struct ht_quality *quality = &intake->quality;
    size_t *count = &quality->example_count[bad->reason];
    quality->bad[bad->reason]++;
    quality->bad_total++;
    intake->list->sources[bad->source].bad++;
    ht_collector_note_bad(intake->collector, &(struct ht_bad_note){
                                                 .source = bad->source,
                                                 .reason = bad->reason,
                                                 .why = bad->why,
                                                 .record = bad->record,
                                                 .offset_bytes = bad->offset_bytes,
                                             });
    if (*count < HT_BAD_EXAMPLES_MAX) {
        quality->examples[bad->reason][(*count)++] = (struct ht_bad_example){
            .source = intake->list->sources[bad->source].label,
            .record = bad->record,
            .offset_bytes = bad->offset_bytes,
            .why = bad->why,
        };
    }
}

struct ht_reader_callbacks ht_intake_callbacks(struct ht_intake *intake) {
    return (struct ht_reader_callbacks){
        .ctx = intake,
        .frame = on_frame,
        .columns = on_columns,
        .header = on_header,
        .cells = on_cells,
        .bad = on_bad,
    };
}

void ht_intake_total(struct ht_intake *intake) {
    struct ht_quality *quality = &intake->quality;
    for (size_t i = 0; i < intake->list->count; i++) {
        const struct ht_source *source = &intake->list->sources[i];
        quality->bytes += source->bytes;
        quality->records += source->records;
        quality->unreadable_sources += source->problem[0] != '\0';
    }
}

enum ht_status ht_intake_finish(struct ht_intake *intake) {
    HT_TRY(ht_intake_settle_dates(intake));
    ht_intake_total(intake);
    return intake->store != NULL ? ht_store_settle(intake->store) : HT_OK;
}
