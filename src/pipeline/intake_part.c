/* SPDX-License-Identifier: MIT */
/* What was taken from a piece of the input by itself, and how the whole takes it over. */
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "pipeline/intake_private.h"

void ht_intake_share(struct ht_intake *whole) {
    if (whole->store != NULL) {
        ht_store_share(whole->store);
    }
}

enum ht_status ht_intake_init_part(struct ht_intake *part, const struct ht_intake *whole) {
    *part = (struct ht_intake){.settings = whole->settings,
                               .tentative = true,
                               .undated_source = SIZE_MAX};
    HT_TRY(ht_collector_new_part(whole->collector, &part->collector));
    if (!part->settings->inventory_only) {
        HT_TRY(ht_store_new_part(whole->store, &part->store));
    }
    HT_TRY(ht_decoder_new(&part->start, part->settings->date_order));
    return ht_intake_new_decoder(part->settings, &part->decoder);
}

enum ht_status ht_intake_init_look(struct ht_intake *look, const struct ht_intake *whole) {
    *look = (struct ht_intake){.settings = whole->settings,
                               .looking = true,
                               .undated_source = SIZE_MAX};
    return ht_decoder_new(&look->decoder, look->settings->date_order);
}

enum ht_status ht_intake_restart(struct ht_intake *part, struct ht_source_list *list,
                                 const struct ht_decoder *like) {
    part->list = list;
    part->refused = false;
    part->quality = (struct ht_quality){.bytes = 0};
    part->records = 0;
    part->metrics = 0;
    part->service[0] = '\0';
    HT_TRY(ht_collector_restart(part->collector));
    if (part->store != NULL) {
        ht_store_empty(part->store);
    }
    HT_TRY(ht_decoder_restart(part->start, like));
    return ht_decoder_restart(part->decoder, like);
}

enum ht_status ht_craft_init(struct ht_craft *craft, const struct ht_intake *whole) {
    *craft = (struct ht_craft){.store = NULL};
    if (!whole->settings->inventory_only) {
        HT_TRY(ht_store_new_part(whole->store, &craft->store));
    }
    return ht_intake_new_decoder(whole->settings, &craft->decoder);
}

void ht_craft_release(struct ht_craft *craft) {
    ht_decoder_free(craft->decoder);
    ht_store_free(craft->store);
}

void ht_intake_borrow(struct ht_intake *part, struct ht_craft *craft) {
    part->kept = part->decoder;
    part->decoder = craft->decoder;
    if (part->store != NULL) {
        ht_store_lend_memory(craft->store, part->store);
    }
}

enum ht_status ht_intake_give_back(struct ht_intake *part, struct ht_craft *craft) {
    part->decoder = part->kept;
    part->kept = NULL;
    if (part->store != NULL) {
        ht_store_lend_memory(part->store, craft->store);
    }
    return ht_decoder_keep(part->decoder, craft->decoder);
}

static bool can_absorb(const struct ht_intake *whole, const struct ht_intake *part) {
    return !part->refused && part->quality.dropped_events == 0 &&
           ht_decoder_goes_on(part->decoder, part->start, whole->decoder) &&
           ht_collector_can_absorb(whole->collector, part->collector) &&
           (whole->store == NULL || ht_store_can_absorb(whole->store, part->store));
}

/* Events older than one before them: those at the start of the part may be older than some before
 * it. */
static uint64_t count_late(const struct ht_intake *whole, const struct ht_intake *part,
                           size_t first) {
    const struct ht_source *before = &whole->list->sources[first];
    const struct ht_source *source = &part->list->sources[0];
    const uint64_t late = part->quality.out_of_order;
    if (part->store == NULL || before->events == 0 || source->events == 0 ||
        source->first_us >= before->last_us) {
        return late;
    }
    const size_t count = (size_t)source->events;
    return late - ht_store_count_late(part->store, 0, count, INT64_MIN) +
           ht_store_count_late(part->store, 0, count, before->last_us);
}

static void absorb_examples(struct ht_intake *whole, const struct ht_intake *part,
                            uint64_t records_before) {
    for (size_t reason = 0; reason < HT_BAD_COUNT; reason++) {
        size_t *count = &whole->quality.example_count[reason];
        for (size_t i = 0; i < part->quality.example_count[reason] && *count < HT_BAD_EXAMPLES_MAX;
             i++) {
            struct ht_bad_example example = part->quality.examples[reason][i];
            example.record += example.source == part->list->sources[0].label ? records_before : 0;
            whole->quality.examples[reason][(*count)++] = example;
        }
        whole->quality.bad[reason] += part->quality.bad[reason];
    }
    whole->quality.bad_total += part->quality.bad_total;
}

static void absorb_quality(struct ht_quality *whole, const struct ht_quality *part) {
    whole->other_services += part->other_services;
    whole->other_records += part->other_records;
    whole->not_records += part->not_records;
    whole->low_fidelity += part->low_fidelity;
    whole->local_time_sources += part->local_time_sources;
    whole->slow_records += part->slow_records;
    whole->without_sdk += part->without_sdk;
    whole->without_auth += part->without_auth;
    whole->without_network += part->without_network;
}

static void absorb_times(struct ht_source *whole, const struct ht_source *part) {
    if (part->events == 0) {
        return;
    }
    if (whole->events == 0 || part->first_us < whole->first_us) {
        whole->first_us = part->first_us;
    }
    if (whole->events == 0 || part->last_us > whole->last_us) {
        whole->last_us = part->last_us;
    }
    whole->events += part->events;
}

static void absorb_source(struct ht_source *whole, const struct ht_source *part) {
    whole->bytes += part->bytes;
    whole->records += part->records;
    whole->bad += part->bad;
    whole->ignored_bytes += part->ignored_bytes;
    whole->shape = ht_shape_with(whole->shape, part->shape);
    whole->compression = part->compression != NULL ? part->compression : whole->compression;
    whole->encoding = part->encoding != NULL ? part->encoding : whole->encoding;
    whole->local_time = whole->local_time || part->local_time;
    whole->low_fidelity = whole->low_fidelity || part->low_fidelity;
    absorb_times(whole, part);
    if (whole->problem[0] == '\0') {
        (void)snprintf(whole->problem, sizeof whole->problem, "%s", part->problem);
        (void)snprintf(whole->hint, sizeof whole->hint, "%s", part->hint);
    }
}

static enum ht_status absorb_notes(struct ht_intake *whole, const struct ht_intake *part,
                                   size_t first) {
    const uint64_t records_before = whole->list->sources[first].records;
    HT_TRY(ht_collector_absorb(whole->collector, part->collector, first, records_before));
    absorb_quality(&whole->quality, &part->quality);
    absorb_examples(whole, part, records_before);
    for (size_t i = 0; i < part->list->count; i++) {
        absorb_source(&whole->list->sources[first + i], &part->list->sources[i]);
    }
    whole->records += part->records;
    whole->metrics += part->metrics;
    if (whole->service[0] == '\0') {
        memcpy(whole->service, part->service, sizeof whole->service);
    }
    return HT_OK;
}

static enum ht_status absorb(struct ht_intake *whole, struct ht_intake *part, size_t first) {
    if (whole->store != NULL) {
        HT_TRY(ht_store_absorb(whole->store, part->store));
    }
    HT_TRY(ht_decoder_follow(whole->decoder, part->decoder));
    whole->quality.out_of_order += count_late(whole, part, first);
    return absorb_notes(whole, part, first);
}

enum ht_status ht_intake_absorb_notes(struct ht_intake *whole, const struct ht_intake *part,
                                      size_t first) {
    HT_TRY(absorb_notes(whole, part, first));
    whole->quality.out_of_order += part->quality.out_of_order;
    whole->quality.dropped_events += part->quality.dropped_events;
    return HT_OK;
}

enum ht_status ht_intake_absorb(struct ht_intake *whole, struct ht_intake *part, size_t first) {
    if (whole->undated_source == first) {
        return HT_E_LIMIT;
    }
    if (whole->undated_source != SIZE_MAX) {
        HT_TRY(ht_intake_settle_dates(whole));
    }
    return can_absorb(whole, part) ? absorb(whole, part, first) : HT_E_LIMIT;
}
