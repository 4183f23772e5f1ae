/* SPDX-License-Identifier: MIT */
/* Many records at once: what ht_intake_take_record() does, without a look at what a record has in
 * common with its model. */
#include "base/check.h"
#include "pipeline/intake_private.h"

enum { RUN_MAX = HT_STORE_MANY_MAX };

struct run {
    struct ht_intake *intake;
    const struct ht_frame *frame;
    struct ht_quick quick[RUN_MAX];
    size_t count;
    const struct ht_variant *events[RUN_MAX];
    size_t event_count;
};

/* Dates are being weighed in that source: each record is looked at. */
static enum ht_status take_slowly(const struct run *run) {
    for (size_t i = 0; i < run->count; i++) {
        struct ht_decoded decoded;
        ht_quick_expand(&run->quick[i], &decoded);
        HT_TRY(ht_intake_take_record(
            run->intake, run->frame->source,
            ht_shape_of(run->frame->holder, decoded.naming, run->quick[i].model->tall), &decoded));
    }
    return HT_OK;
}

/* Whether a store keeps them or not. */
static void count_kept(struct run *run, uint64_t dropped) {
    struct ht_quality *quality = &run->intake->quality;
    for (size_t i = 0; i < run->event_count; i++) {
        const struct ht_variant *event = run->events[i];
        if ((dropped >> i & 1) != 0) {
            quality->dropped_events++;
            continue;
        }
        ht_intake_count_event(run->intake, run->frame->source, event->time_us);
        if (event->model->kind == HT_EVENT_CONNECT) {
            quality->without_sdk += event->sdk.len == 0;
            quality->without_auth += event->model->auth == HT_AUTH_UNKNOWN;
            quality->without_network += event->network.len == 0;
        }
    }
}

static enum ht_status keep_events(struct run *run) {
    uint64_t dropped = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (run->quick[i].model->decoded.kind == HT_DECODED_EVENT) {
            run->events[run->event_count++] = &run->quick[i].variant;
        }
    }
    if (run->intake->store != NULL && run->event_count > 0) {
        HT_TRY(ht_store_add_many(run->intake->store, run->events, run->event_count, &dropped));
    }
    count_kept(run, dropped);
    return HT_OK;
}

static enum ht_status note(struct run *run, const struct ht_quick *quick) {
    const struct ht_decoded *decoded = &quick->model->decoded;
    struct ht_quality *quality = &run->intake->quality;
    struct ht_record record;
    struct ht_note what = {
        .source = run->frame->source,
        .kind = HT_NOTE_EVENT,
        .record = &decoded->record,
        .category = decoded->category,
        .resource_id = decoded->resource_id,
        .time_us = quick->variant.time_us,
        .kin = quick->model->kin,
    };
    if (decoded->kind == HT_DECODED_EVENT) {
        record = ht_variant_record(&quick->variant);
        what.record = &record;
    } else if (decoded->kind == HT_DECODED_OTHER_SERVICE) {
        what.kind = HT_NOTE_OTHER_SERVICE;
        what.time_us = HT_TIME_NONE;
        quality->other_services++;
        ht_intake_name_service(run->intake, decoded->resource_id);
    } else {
        what.kind = HT_NOTE_OTHER_RECORD;
        what.time_us = run->intake->store == NULL ? quick->variant.time_us : HT_TIME_NONE;
        quality->other_records++;
    }
    return ht_collector_note(run->intake->collector, &what);
}

static void tell_shape(struct run *run) {
    struct ht_source *source = &run->intake->list->sources[run->frame->source];
    const struct ht_model *last = NULL;
    for (size_t i = 0; i < run->count; i++) {
        const struct ht_model *model = run->quick[i].model;
        if (model != last) {
            source->shape =
                ht_shape_with(source->shape,
                              ht_shape_of(run->frame->holder, model->decoded.naming, model->tall));
            last = model;
        }
    }
}

enum ht_status ht_intake_take_run(struct ht_intake *intake, const struct ht_frame *frame,
                                  size_t *consumed, size_t *count) {
    struct run run;
    const struct ht_str text = {frame->text.ptr, frame->many_bytes};
    run.intake = intake;
    run.frame = frame;
    run.event_count = 0;
    run.count = ht_decode_run(intake->decoder, text, run.quick, RUN_MAX, consumed);
    *count = run.count;
    if (run.count == 0 || intake->looking) {
        return HT_OK;
    }
    if (intake->undated_source != SIZE_MAX) {
        return take_slowly(&run);
    }
    tell_shape(&run);
    intake->records += run.count;
    HT_TRY(keep_events(&run));
    for (size_t i = 0; i < run.count; i++) {
        HT_TRY(note(&run, &run.quick[i]));
    }
    return HT_OK;
}
