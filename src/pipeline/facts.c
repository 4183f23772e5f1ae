/* SPDX-License-Identifier: MIT */
#include "pipeline/facts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/pack.h"

enum { HOURS_MAX = 100 * 1000 * 1000, SOURCE_BYTES_MIN = 15 };

static const struct ht_intake_settings notes_alone = {.inventory_only = true};

enum ht_status ht_facts_init(struct ht_facts *facts) {
    *facts = (struct ht_facts){.intake = {.settings = &notes_alone, .undated_source = SIZE_MAX}};
    facts->intake.list = &facts->list;
    return ht_collector_new(0, &facts->intake.collector);
}

void ht_facts_release(struct ht_facts *facts) {
    ht_intake_release(&facts->intake);
    ht_source_list_release(&facts->list);
    free(facts->hours);
    facts->hours = NULL;
}

enum ht_status ht_facts_count(struct ht_facts *facts, int64_t hour, uint64_t events) {
    size_t at = 0; /* behind the hours that are not later */
    for (size_t high = facts->hour_count; at < high;) {
        const size_t middle = at + (high - at) / 2;
        if (facts->hours[middle].hour <= hour) {
            at = middle + 1;
        } else {
            high = middle;
        }
    }
    if (at > 0 && facts->hours[at - 1].hour == hour) {
        facts->hours[at - 1].events += events;
        return HT_OK;
    }
    if (ht_grow(&facts->hours, &facts->hour_capacity, facts->hour_count + 1, HOURS_MAX,
                sizeof *facts->hours) != HT_OK) {
        return HT_E_NOMEM;
    }
    memmove(&facts->hours[at + 1], &facts->hours[at],
            (facts->hour_count - at) * sizeof *facts->hours);
    facts->hours[at] = (struct ht_fact_hour){.hour = hour, .events = events};
    facts->hour_count++;
    return HT_OK;
}

/* Sources. */

static void pack_source(struct ht_strbuf *out, const struct ht_source *source) {
    const uint64_t numbers[] = {source->bytes,      source->records,       source->events,
                                source->bad,        source->ignored_bytes, source->shape,
                                source->is_archive, source->local_time,    source->low_fidelity};
    for (size_t i = 0; i < HT_ARRAY_LEN(numbers); i++) {
        ht_pack_u64(out, numbers[i]);
    }
    ht_pack_i64(out, source->events > 0 ? source->first_us : 0);
    ht_pack_i64(out, source->events > 0 ? source->last_us : 0);
    ht_pack_str(out, ht_str_from(source->compression));
    ht_pack_str(out, ht_str_from(source->encoding));
    ht_pack_str(out, ht_str_from(source->problem));
    ht_pack_str(out, ht_str_from(source->hint));
}

static void copy_line(struct ht_str text, char *out, size_t size_bytes) {
    (void)snprintf(out, size_bytes, "%.*s", (int)(text.len < size_bytes ? text.len : size_bytes),
                   text.len > 0 ? text.ptr : "");
}

/* A copy, or NULL of an empty text. */
static enum ht_status copy_word(struct ht_str text, struct ht_arena *texts, const char **word) {
    struct ht_str copy = HT_STR_NONE;
    if (text.len > 0 && ht_arena_copy(texts, text, &copy) != HT_OK) {
        return HT_E_NOMEM;
    }
    *word = copy.ptr;
    return HT_OK;
}

/* The word that the reader itself would say; NULL of an empty one. */
static const char *unpack_word(struct ht_unpack *in) {
    static const char *const words[] = {"gzip", "zstd", "zip", "utf-16"};
    const struct ht_str text = ht_unpack_str(in);
    for (size_t i = 0; i < HT_ARRAY_LEN(words); i++) {
        if (ht_str_eq(text, ht_str_from(words[i]))) {
            return words[i];
        }
    }
    in->bad = in->bad || text.len > 0;
    return NULL;
}

static void unpack_source(struct ht_unpack *in, struct ht_source *source) {
    source->bytes = ht_unpack_u64(in);
    source->records = ht_unpack_u64(in);
    source->events = ht_unpack_u64(in);
    source->bad = ht_unpack_u64(in);
    source->ignored_bytes = ht_unpack_u64(in);
    source->shape = (enum ht_shape)ht_unpack_upto(in, HT_SHAPE_COUNT - 1);
    source->is_archive = ht_unpack_upto(in, 1) != 0;
    source->local_time = ht_unpack_upto(in, 1) != 0;
    source->low_fidelity = ht_unpack_upto(in, 1) != 0;
    source->first_us = ht_unpack_i64(in);
    source->last_us = ht_unpack_i64(in);
    source->compression = unpack_word(in);
    source->encoding = unpack_word(in);
    copy_line(ht_unpack_str(in), source->problem, sizeof source->problem);
    copy_line(ht_unpack_str(in), source->hint, sizeof source->hint);
}

/* The files of a zip archive have names; the source itself is called as the archive's row says. */
static enum ht_status unpack_sources(struct ht_unpack *in, struct ht_facts *facts, const char *name,
                                     struct ht_arena *texts) {
    const size_t count = ht_unpack_count(in, SOURCE_BYTES_MIN);
    for (size_t i = 0; i < count && !in->bad; i++) {
        const char *own = NULL;
        HT_TRY(copy_word(ht_unpack_str(in), texts, &own));
        HT_TRY(ht_source_list_add_fd(&facts->list, -1, i == 0 || own == NULL ? name : own, NULL));
        unpack_source(in, &facts->list.sources[i]);
    }
    in->bad = in->bad || count == 0;
    return HT_OK;
}

/* Counts of quality that add up. */
enum { QUALITY_COUNTS = 11 };

static void counts_of(struct ht_quality *quality, uint64_t *counts[QUALITY_COUNTS]) {
    uint64_t *const all[QUALITY_COUNTS] = {
        &quality->other_services, &quality->other_records,      &quality->not_records,
        &quality->low_fidelity,   &quality->local_time_sources, &quality->out_of_order,
        &quality->slow_records,   &quality->dropped_events,     &quality->without_sdk,
        &quality->without_auth,   &quality->without_network,
    };
    memcpy(counts, all, sizeof all);
}

static void pack_quality(struct ht_strbuf *out, const struct ht_quality *quality) {
    struct ht_quality copy = *quality;
    uint64_t *counts[QUALITY_COUNTS];
    counts_of(&copy, counts);
    for (size_t i = 0; i < QUALITY_COUNTS; i++) {
        ht_pack_u64(out, *counts[i]);
    }
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        ht_pack_u64(out, quality->bad[i]);
        ht_pack_u64(out, quality->example_count[i]);
        for (size_t k = 0; k < quality->example_count[i]; k++) {
            const struct ht_bad_example *example = &quality->examples[i][k];
            ht_pack_str(out, ht_str_from(example->source));
            ht_pack_str(out, ht_str_from(example->why));
            ht_pack_u64(out, example->record);
            ht_pack_u64(out, example->offset_bytes);
        }
    }
}

static enum ht_status unpack_example(struct ht_unpack *in, struct ht_bad_example *example,
                                     struct ht_arena *texts) {
    HT_TRY(copy_word(ht_unpack_str(in), texts, &example->source));
    HT_TRY(copy_word(ht_unpack_str(in), texts, &example->why));
    example->record = ht_unpack_u64(in);
    example->offset_bytes = ht_unpack_u64(in);
    in->bad = in->bad || example->source == NULL || example->why == NULL;
    return HT_OK;
}

static enum ht_status unpack_quality(struct ht_unpack *in, struct ht_quality *quality,
                                     struct ht_arena *texts) {
    uint64_t *counts[QUALITY_COUNTS];
    counts_of(quality, counts);
    for (size_t i = 0; i < QUALITY_COUNTS; i++) {
        *counts[i] = ht_unpack_u64(in);
    }
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        quality->bad[i] = ht_unpack_u64(in);
        quality->bad_total += quality->bad[i];
        quality->example_count[i] = (size_t)ht_unpack_upto(in, HT_BAD_EXAMPLES_MAX);
        for (size_t k = 0; k < quality->example_count[i]; k++) {
            HT_TRY(unpack_example(in, &quality->examples[i][k], texts));
        }
    }
    return HT_OK;
}

static enum ht_status unpack_hours(struct ht_unpack *in, struct ht_facts *facts) {
    const size_t count = ht_unpack_count(in, 2);
    for (size_t i = 0; i < count && !in->bad; i++) {
        const int64_t hour = ht_unpack_i64(in);
        const uint64_t events = ht_unpack_u64(in);
        in->bad = in->bad || (i > 0 && hour <= facts->hours[i - 1].hour);
        HT_TRY(in->bad ? HT_OK : ht_facts_count(facts, hour, events));
    }
    return HT_OK;
}

void ht_facts_pack(const struct ht_intake *intake, const struct ht_facts *facts,
                   struct ht_strbuf *out) {
    const struct ht_source_list *list = intake->list;
    ht_pack_u64(out, list->count);
    for (size_t i = 0; i < list->count; i++) {
        ht_pack_str(out, i > 0 ? ht_str_from(list->sources[i].name) : HT_STR(""));
        pack_source(out, &list->sources[i]);
    }
    pack_quality(out, &intake->quality);
    ht_pack_u64(out, intake->records);
    ht_pack_u64(out, intake->metrics);
    ht_pack_str(out, ht_str_from(intake->service));
    ht_pack_u64(out, facts->hour_count);
    for (size_t i = 0; i < facts->hour_count; i++) {
        ht_pack_i64(out, facts->hours[i].hour);
        ht_pack_u64(out, facts->hours[i].events);
    }
    ht_collector_pack(intake->collector, out);
}

enum ht_status ht_facts_unpack(struct ht_facts *facts, const char *name, struct ht_str bytes,
                               struct ht_arena *texts) {
    struct ht_unpack in = ht_unpack_from(bytes);
    struct ht_intake *intake = &facts->intake;
    HT_TRY(unpack_sources(&in, facts, name, texts));
    HT_TRY(unpack_quality(&in, &intake->quality, texts));
    intake->records = ht_unpack_u64(&in);
    intake->metrics = ht_unpack_u64(&in);
    copy_line(ht_unpack_str(&in), intake->service, sizeof intake->service);
    HT_TRY(unpack_hours(&in, facts));
    HT_TRY(in.bad ? HT_E_DATA : ht_collector_unpack(intake->collector, &in, texts));
    const bool fits = intake->list->count > 0 &&
                      ht_collector_source_count(intake->collector) <= intake->list->count;
    return ht_unpack_is_done(&in) && fits ? HT_OK : HT_E_DATA;
}
