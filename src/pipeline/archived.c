/* SPDX-License-Identifier: MIT */
#include "pipeline/archived.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/archive_block.h"
#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "pipeline/facts.h"
#include "pipeline/source_state.h"

enum { FACTS_BYTES_MAX = 1 << 30 };

/* Reading one source. */
struct reading {
    const struct ht_archived *job;
    struct ht_source_list list; /* that source, and what is in it */
    struct ht_intake intake;
    struct ht_facts facts; /* of what was read of it before; the hours go on being counted */
    struct ht_arena texts; /* of these */
    struct ht_conduct how;
    uint64_t bytes_before; /* of other sources */
    uint32_t *devices;     /* numbers in the archive + 1, by number in the store */
    uint32_t *facets;
};

static enum ht_status on_progress(void *ctx, uint64_t bytes_read) {
    const struct reading *reading = ctx;
    const struct ht_conduct *how = reading->job->how;
    return how->progress == NULL
               ? HT_OK
               : how->progress(how->progress_ctx, reading->bytes_before + bytes_read);
}

static enum ht_status init(struct reading *reading, const struct ht_source *source) {
    ht_arena_init(&reading->texts, FACTS_BYTES_MAX);
    reading->how = *reading->job->how;
    reading->how.progress = on_progress;
    reading->how.progress_ctx = reading;
    HT_TRY(ht_facts_init(&reading->facts));
    HT_TRY(ht_source_list_add_fd(&reading->list, source->fd, source->name, NULL));
    struct ht_source *own = &reading->list.sources[0];
    own->size_bytes = source->size_bytes;
    memcpy(own->problem, source->problem, sizeof own->problem);
    memcpy(own->hint, source->hint, sizeof own->hint);
    return ht_intake_init(&reading->intake, reading->job->settings, &reading->list);
}

static void release(struct reading *reading) {
    ht_intake_release(&reading->intake);
    ht_facts_release(&reading->facts);
    ht_source_list_release(&reading->list);
    ht_arena_release(&reading->texts);
    free(reading->devices);
    free(reading->facets);
}

/* What was read of the source before is what this intake has read. */
static enum ht_status recall(struct reading *reading, const struct ht_archive_source *known) {
    HT_TRY(ht_facts_unpack(&reading->facts, reading->list.sources[0].name, known->facts,
                           &reading->texts));
    return ht_intake_absorb_notes(&reading->intake, &reading->facts.intake, 0);
}

/* Read on from that byte, between two records. */
static enum ht_status read_on(struct reading *reading, uint64_t offset_bytes) {
    struct ht_reader_callbacks callbacks = ht_intake_callbacks(&reading->intake);
    struct ht_reader *reader = NULL;
    struct ht_place place;
    callbacks.progress = on_progress;
    callbacks.progress_ctx = reading;
    ht_place_init(&place);
    place.begun = true;
    place.offset_bytes = offset_bytes;
    enum ht_status status = ht_reader_new(reading->how.limits, &callbacks, &reader);
    if (status == HT_OK) {
        status = ht_reader_begin(reader, &reading->list, &place);
    }
    if (status == HT_OK) {
        status = ht_reader_run(reader, 0, 0);
    }
    if (reader != NULL) {
        ht_reader_leave(reader);
        reading->intake.quality.not_records += ht_reader_not_records(reader);
    }
    ht_reader_free(reader);
    ht_place_release(&place);
    return status;
}

static enum ht_status translate(struct reading *reading, struct ht_event *event, size_t index,
                                struct ht_err *err) {
    uint32_t *device = &reading->devices[event->device];
    uint32_t *facet = &reading->facets[event->facet];
    if (*device == 0 || *facet == 0) {
        struct ht_record record;
        ht_store_record(reading->intake.store, index, &record);
        HT_TRY(ht_archive_number(reading->job->archive, &record, device, facet, err));
        ++*device;
        ++*facet;
    }
    event->device = *device - 1;
    event->facet = *facet - 1;
    event->flags &= HT_EVENT_SNAPSHOT; /* dates and zones are settled */
    return HT_OK;
}

/* Whether events of a pipe are those of another one. */
static uint64_t event_check(const struct ht_event *event) {
    return (uint64_t)event->time_us * 1000003 + event->code * UINT64_C(31) + event->kind;
}

static enum ht_status hand_over(struct reading *reading, uint64_t *check, struct ht_err *err) {
    const struct ht_store *store = reading->intake.store;
    size_t count = 0;
    reading->devices = calloc(ht_store_device_numbers(store), sizeof *reading->devices);
    reading->facets = calloc(ht_store_facet_numbers(store), sizeof *reading->facets);
    if (reading->devices == NULL || reading->facets == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t first = 0; first < ht_store_event_count(store); first += count) {
        const struct ht_event *events = ht_store_events(store, first, &count);
        for (size_t i = 0; i < count; i++) {
            struct ht_event event = events[i];
            HT_TRY(translate(reading, &event, first + i, err));
            *check += event_check(&event);
            HT_TRY(ht_facts_count(&reading->facts, ht_block_hour(event.time_us), 1));
            HT_TRY(ht_archive_add(reading->job->archive, &event, err));
        }
    }
    return HT_OK;
}

static void describe(const struct reading *reading, struct ht_archive_source *row) {
    const struct ht_source_list *list = reading->intake.list;
    row->first_us = HT_TIME_NONE;
    row->last_us = HT_TIME_NONE;
    for (size_t i = 0; i < list->count; i++) {
        const struct ht_source *source = &list->sources[i];
        row->bytes += source->bytes;
        row->records += source->records;
        row->events += source->events;
        row->bad += source->bad;
        if (source->events > 0 &&
            (row->last_us == HT_TIME_NONE || source->last_us > row->last_us)) {
            row->last_us = source->last_us;
        }
        if (source->events > 0 &&
            (row->first_us == HT_TIME_NONE || source->first_us < row->first_us)) {
            row->first_us = source->first_us;
        }
    }
}

/* Whether what follows in the file can be read on from here: every state but this is that of a
 * source that was read as a whole. */
static bool may_resume(const struct reading *reading, bool dated) {
    const struct ht_source *source = &reading->list.sources[0];
    const struct ht_quality *quality = &reading->intake.quality;
    return reading->list.count == 1 && source->fd < 0 && source->shape == HT_SHAPE_JSON_LINES &&
           source->compression == NULL && source->encoding == NULL && !source->local_time &&
           source->ignored_bytes == 0 && source->problem[0] == '\0' && dated &&
           quality->bad_total == 0 && quality->dropped_events == 0;
}

static enum ht_status keep(struct reading *reading, const struct ht_source_state *state, bool dated,
                           struct ht_err *err) {
    struct ht_archive_source row = {
        .name = ht_str_from(reading->list.sources[0].name),
        .mtime_ns = HT_TIME_NONE,
        .merged = state->merged,
        .read_us = reading->job->now_us,
    };
    struct ht_strbuf facts;
    uint64_t check = 0;
    HT_TRY(hand_over(reading, &check, err));
    describe(reading, &row);
    ht_strbuf_init(&facts, FACTS_BYTES_MAX);
    ht_facts_pack(&reading->intake, &reading->facts, &facts);
    row.facts = ht_strbuf_str(&facts);
    row.resumes = may_resume(reading, dated);
    const struct ht_source *source = &reading->list.sources[0];
    const bool whole = source->problem[0] == '\0' && reading->intake.quality.dropped_events == 0;
    size_t replaces = state->replaces;
    if (source->fd >= 0) {
        row.head = ht_archive_check(check, row.facts);
        replaces = ht_source_state_find(reading->job->archive, &row);
    } else if (whole) {
        ht_source_state_close(state, source, &row);
    }
    enum ht_status status = facts.status;
    if (status == HT_OK) {
        status = ht_archive_put_source(reading->job->archive, replaces, &row, err);
    }
    ht_strbuf_release(&facts);
    return status;
}

static enum ht_status read_source(struct reading *reading, const struct ht_source *source,
                                  const struct ht_source_state *state, struct ht_err *err) {
    HT_TRY(init(reading, source));
    if (state->change == HT_SOURCE_GROWN) {
        HT_TRY(recall(reading, ht_archive_source_at(reading->job->archive, state->replaces)));
        HT_TRY(read_on(reading, state->resume_bytes));
    } else {
        HT_TRY(ht_conduct(&reading->intake, &reading->how, NULL));
    }
    const bool dated = reading->intake.undated_source == SIZE_MAX;
    HT_TRY(ht_intake_finish(&reading->intake));
    return keep(reading, state, dated, err);
}

static void tell(const struct ht_archived *job, const struct ht_source *source,
                 enum ht_source_change change) {
    struct ht_archive_news *news = job->news;
    uint64_t *const counts[] = {&news->sources_unchanged, &news->sources_new, &news->sources_grown,
                                &news->sources_again, &news->sources_replaced};
    ++*counts[change];
    if (change == HT_SOURCE_REPLACED && news->replaced[0] == '\0') {
        (void)snprintf(news->replaced, sizeof news->replaced, "%s", source->label);
    }
}

/* Looked at byte by byte, and old enough now: next time a look at its time is enough. */
static enum ht_status trust(const struct ht_archived *job, const struct ht_source_state *state,
                            struct ht_err *err) {
    const bool known = state->replaces != SIZE_MAX && state->mtime_ns != HT_TIME_NONE;
    if (!known) {
        return HT_OK;
    }
    struct ht_archive_source row = *ht_archive_source_at(job->archive, state->replaces);
    row.mtime_ns = state->mtime_ns;
    return ht_archive_put_source(job->archive, state->replaces, &row, err);
}

enum ht_status ht_archived_read(const struct ht_archived *job, struct ht_source_list *list,
                                struct ht_err *err) {
    uint64_t bytes_before = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct ht_source *source = &list->sources[i];
        struct ht_source_state state;
        if (i > 0 && source->fd < 0 && strcmp(source->name, list->sources[i - 1].name) == 0) {
            continue; /* named twice */
        }
        ht_source_state_find_out(job->archive, source, &state);
        tell(job, source, state.change);
        enum ht_status status = HT_OK;
        if (state.change == HT_SOURCE_UNCHANGED) {
            status = trust(job, &state, err);
        } else {
            struct reading reading = {.job = job, .bytes_before = bytes_before};
            status = read_source(&reading, source, &state, err);
            release(&reading);
        }
        if (status != HT_OK) {
            return status;
        }
        bytes_before += source->size_bytes;
    }
    ht_archive_sort_sources(job->archive);
    HT_TRY(ht_archive_flush(job->archive, err));
    job->news->events_new = ht_archive_new_events(job->archive);
    return HT_OK;
}

/* Out of the archive. */

/* Numbers in the store, by number in the archive; UINT32_MAX = not met yet. */
struct filling {
    const struct ht_archived *job;
    struct ht_intake *intake;
    uint32_t *devices;
    uint32_t *facets;
};

static enum ht_status fill(struct filling *filling, struct ht_event *event) {
    const struct ht_archive *archive = filling->job->archive;
    uint32_t *device = &filling->devices[event->device];
    uint32_t *facet = &filling->facets[event->facet];
    if (*device == UINT32_MAX || *facet == UINT32_MAX) {
        struct ht_record record = {.time_us = 0};
        ht_archive_name_device(archive, event->device, &record);
        ht_archive_name_facet(archive, event->facet, &record);
        uint32_t numbers[2]; /* kept only when there is room for both */
        HT_TRY(ht_store_number(filling->intake->store, &record, &numbers[0], &numbers[1]));
        *device = numbers[0];
        *facet = numbers[1];
    }
    event->device = *device;
    event->facet = *facet;
    return ht_store_append(filling->intake->store, event);
}

static enum ht_status take_events(void *ctx, const struct ht_event *events, size_t count) {
    struct filling *filling = ctx;
    for (size_t i = 0; i < count; i++) {
        struct ht_event event = events[i];
        const enum ht_status status = fill(filling, &event);
        if (status == HT_E_LIMIT) {
            filling->intake->quality.dropped_events++;
        } else if (status != HT_OK) {
            return status;
        }
    }
    const struct ht_conduct *how = filling->job->how;
    return how->progress != NULL ? how->progress(how->progress_ctx, 0) : HT_OK;
}

static enum ht_status load_events(const struct ht_archived *job, struct ht_intake *intake,
                                  struct ht_err *err) {
    const size_t devices = ht_archive_device_count(job->archive);
    const size_t facets = ht_archive_facet_count(job->archive);
    struct filling filling = {
        .job = job,
        .intake = intake,
        .devices = malloc(devices * sizeof *filling.devices),
        .facets = malloc(facets * sizeof *filling.facets),
    };
    enum ht_status status = HT_E_NOMEM;
    if (filling.devices != NULL && filling.facets != NULL) {
        memset(filling.devices, 0xFF, devices * sizeof *filling.devices);
        memset(filling.facets, 0xFF, facets * sizeof *filling.facets);
        status = ht_archive_load(job->archive, take_events, &filling, err);
    }
    free(filling.devices);
    free(filling.facets);
    return status;
}

static enum ht_status load_source(struct ht_intake *intake, const struct ht_archived *job,
                                  const struct ht_archive_source *row, struct ht_arena *texts,
                                  uint64_t *raw) {
    struct ht_facts facts;
    struct ht_str name = HT_STR_NONE;
    const size_t first = intake->list->count;
    enum ht_status status = ht_facts_init(&facts);
    if (status == HT_OK) {
        status = ht_arena_copy(texts, row->name, &name);
    }
    if (status == HT_OK) {
        status = ht_facts_unpack(&facts, name.ptr, row->facts, texts);
    }
    for (size_t i = 0; status == HT_OK && i < facts.list.count; i++) {
        status = ht_source_list_add_fd(intake->list, -1, facts.list.sources[i].name, NULL);
        if (status == HT_OK) {
            intake->list->sources[first + i].is_archive = facts.list.sources[i].is_archive;
        }
    }
    if (status == HT_OK) {
        status = ht_intake_absorb_notes(intake, &facts.intake, first);
    }
    for (size_t i = 0; i < facts.hour_count; i++) {
        *raw +=
            ht_archive_keeps_hour(job->archive, facts.hours[i].hour) ? facts.hours[i].events : 0;
    }
    ht_facts_release(&facts);
    return status;
}

/* Distinct names of what is kept of sources, in the order in which inputs are shown: by pseudonyms
 * it is not that of real names. */
static enum ht_status name_sources(const struct ht_archive *archive, struct ht_arena *texts,
                                   struct ht_source_list *names) {
    struct ht_str before = HT_STR_NONE;
    for (size_t i = 0; i < ht_archive_source_count(archive); i++) {
        struct ht_str name = HT_STR_NONE;
        const struct ht_archive_source *row = ht_archive_source_at(archive, i);
        if (i == 0 || !ht_str_eq(row->name, before)) {
            HT_TRY(ht_arena_copy(texts, row->name, &name));
            HT_TRY(ht_source_list_add_fd(names, -1, name.ptr, NULL));
        }
        before = row->name;
    }
    ht_source_list_sort(names);
    return HT_OK;
}

static enum ht_status load_sources(const struct ht_archived *job, struct ht_intake *intake,
                                   const struct ht_source_list *names, struct ht_arena *texts,
                                   uint64_t *raw, struct ht_err *err) {
    for (size_t i = 0; i < names->count; i++) {
        size_t count = 0;
        const size_t first =
            ht_archive_find_sources(job->archive, ht_str_from(names->sources[i].name), &count);
        for (size_t k = first; k < first + count; k++) {
            const struct ht_archive_source *row = ht_archive_source_at(job->archive, k);
            if (!ht_archive_source_counts(job->archive, row)) {
                continue;
            }
            const enum ht_status status = load_source(intake, job, row, texts, raw);
            if (status == HT_E_DATA) {
                return ht_archive_refuse(job->archive, "what is known of a source cannot be read",
                                         err);
            }
            HT_TRY(status);
        }
    }
    return HT_OK;
}

enum ht_status ht_archived_load(const struct ht_archived *job, struct ht_intake *intake,
                                struct ht_arena *texts, uint64_t *raw, struct ht_err *err) {
    struct ht_source_list names = {.key = intake->list->key};
    *raw = 0;
    enum ht_status status = name_sources(job->archive, texts, &names);
    if (status == HT_OK) {
        status = load_sources(job, intake, &names, texts, raw, err);
    }
    ht_source_list_release(&names);
    HT_TRY(status);
    ht_intake_total(intake);
    return load_events(job, intake, err);
}
