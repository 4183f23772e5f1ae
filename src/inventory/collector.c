/* SPDX-License-Identifier: MIT */
/* Taking notes. This is on the way of every record, so names are compared with the last ones first.
 */
#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/time.h"
#include "inventory/collector_private.h"

enum { LABEL_BYTES_MAX = 64 * 1024, HUB_BYTES_MAX = 1024 * 1024, SERVICE_BYTES = 128 };

static enum ht_status init_labels(struct ht_collector *collector) {
    memset(collector->kin_notes, 0, sizeof collector->kin_notes);
    collector->hubs = (struct ht_labels){.over = 0};
    collector->categories = (struct ht_labels){.over = 0};
    collector->services = (struct ht_labels){.over = 0};
    HT_TRY(ht_intern_init(&collector->hubs.names, HT_HUBS_MAX, HUB_BYTES_MAX));
    HT_TRY(ht_intern_init(&collector->categories.names, HT_LABELS_MAX, LABEL_BYTES_MAX));
    return ht_intern_init(&collector->services.names, HT_LABELS_MAX, LABEL_BYTES_MAX);
}

static void release_labels(struct ht_collector *collector) {
    ht_intern_release(&collector->hubs.names);
    ht_intern_release(&collector->categories.names);
    ht_intern_release(&collector->services.names);
}

enum ht_status ht_collector_new(size_t compared_max, struct ht_collector **collector) {
    struct ht_collector *made = calloc(1, sizeof *made);
    *collector = made;
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    made->hub_tallies = calloc(HT_HUB_OTHERS + 1, sizeof *made->hub_tallies);
    ht_compare_init(&made->compare, compared_max);
    if (made->hub_tallies == NULL || init_labels(made) != HT_OK) {
        ht_collector_free(made);
        *collector = NULL;
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i <= HT_HUB_OTHERS; i++) {
        made->hub_tallies[i].first_us = HT_TIME_NONE;
    }
    return HT_OK;
}

enum ht_status ht_collector_new_part(const struct ht_collector *whole,
                                     struct ht_collector **collector) {
    HT_TRY(ht_collector_new(whole->compare.count_max, collector));
    (*collector)->part = true;
    (*collector)->compare.seed = whole->compare.seed;
    return HT_OK;
}

enum ht_status ht_collector_restart(struct ht_collector *part) {
    for (size_t i = 0; i < part->hubs.names.count; i++) {
        part->hub_tallies[i] = (struct ht_hub_tally){.first_us = HT_TIME_NONE};
    }
    part->hub_tallies[HT_HUB_OTHERS] = (struct ht_hub_tally){.first_us = HT_TIME_NONE};
    part->source_count = 0;
    part->contents.count = 0;
    part->contents.open_first = 0;
    part->contents.last = 0;
    ht_slots_clear(&part->slots);
    part->compare.deferred_count = 0;
    part->bad_count = 0;
    part->status = HT_OK;
    release_labels(part);
    return init_labels(part);
}

void ht_collector_free(struct ht_collector *collector) {
    if (collector == NULL) {
        return;
    }
    free(collector->tallies);
    free(collector->hub_tallies);
    release_labels(collector);
    ht_contents_release(&collector->contents);
    ht_slots_release(&collector->slots);
    ht_compare_release(&collector->compare);
    free(collector);
}

enum ht_status ht_collector_meet(struct ht_collector *collector, size_t count) {
    if (count > collector->source_count) {
        if (ht_grow(&collector->tallies, &collector->source_capacity, count, UINT32_MAX,
                    sizeof *collector->tallies) != HT_OK) {
            return HT_E_NOMEM;
        }
        for (size_t i = collector->source_count; i < count; i++) {
            collector->tallies[i] = (struct ht_tally){.first_us = HT_TIME_NONE};
        }
        collector->source_count = count;
    }
    return HT_OK;
}

enum ht_status ht_collector_number(struct ht_labels *labels, struct ht_str name, uint32_t others,
                                   uint32_t *number) {
    if (name.len > 0 && ht_str_eq(name, ht_intern_str(&labels->names, labels->last))) {
        *number = labels->last;
        return HT_OK;
    }
    const enum ht_status status = ht_intern_add(&labels->names, name, number);
    if (status == HT_E_LIMIT) {
        labels->over++;
        *number = others;
        return HT_OK;
    }
    labels->last = *number;
    return status;
}

/* "MICROSOFT.KEYVAULT/VAULTS": provider and type of a resource id, in upper case. */
static struct ht_str service_of(struct ht_str resource_id, char out[SERVICE_BYTES]) {
    const struct ht_str marker = HT_STR("/PROVIDERS/");
    const size_t at = ht_str_find_nocase(resource_id, marker);
    const size_t begin = at != SIZE_MAX ? at + marker.len : 0;
    size_t slashes = 0;
    size_t len = 0;
    for (size_t i = begin; i < resource_id.len && len < SERVICE_BYTES; i++) {
        slashes += resource_id.ptr[i] == '/';
        if (slashes == 2) {
            break;
        }
        out[len++] = ht_ascii_upper(resource_id.ptr[i]);
    }
    return (struct ht_str){out, len};
}

void ht_collector_widen(int64_t time_us, int64_t *first_us, int64_t *last_us) {
    if (*first_us == HT_TIME_NONE) {
        *first_us = time_us;
        *last_us = time_us;
    }
    *first_us = time_us < *first_us ? time_us : *first_us;
    *last_us = time_us > *last_us ? time_us : *last_us;
}

static void count_kind(const struct ht_record *record, struct ht_tally *tally,
                       struct ht_hub_tally *hub) {
    switch (record->kind) {
    case HT_EVENT_CONNECT:
        tally->connects++;
        hub->connects++;
        tally->without_sdk += record->sdk.len == 0;
        tally->without_auth += record->auth == HT_AUTH_UNKNOWN;
        tally->without_network += record->network.len == 0;
        break;
    case HT_EVENT_REFUSED:
        tally->refused++;
        hub->refused++;
        break;
    case HT_EVENT_DISCONNECT:
        tally->disconnects++;
        hub->disconnects++;
        break;
    case HT_EVENT_HEALTH:
        break;
    }
}

enum ht_status ht_collector_compare(struct ht_collector *collector, const struct ht_compare *noted,
                                    size_t first_source, const uint32_t *hubs) {
    enum { AHEAD = 16 };
    for (size_t i = 0; i < noted->deferred_count; i++) {
        const struct ht_compared *event = &noted->deferred[i];
        const uint32_t source = (uint32_t)(first_source + event->source);
        uint32_t first = 0;
        bool known = false;
        if (i + AHEAD < noted->deferred_count) {
            ht_compare_prefetch(&collector->compare, noted->deferred[i + AHEAD].hash);
        }
        HT_TRY(ht_compare_add(&collector->compare, source, event->hash, event->time_us, &first,
                              &known));
        struct ht_tally *tally = &collector->tallies[source];
        tally->repeated += known && first != source;
        tally->repeated_within += known && first == source;
        if (!known && event->hub != HT_COMPARED_HEALTH) {
            const uint32_t hub = hubs != NULL ? hubs[event->hub] : event->hub;
            HT_TRY(ht_slots_add(&collector->slots, hub, event->time_us));
        }
    }
    return HT_OK;
}

enum ht_status ht_collector_settle(struct ht_collector *collector) {
    HT_TRY(ht_collector_compare(collector, &collector->compare, 0, NULL));
    collector->compare.deferred_count = 0;
    return HT_OK;
}

/* Whether its hour counts depends on whether another note had the event already, which for a part
 * is not known yet. */
static enum ht_status compare_event(struct ht_collector *collector, const struct ht_note *note,
                                    uint32_t hub) {
    enum { DEFERRED_MAX = 256 };
    struct ht_compare *compare = &collector->compare;
    const uint32_t hour = note->record->kind == HT_EVENT_HEALTH ? HT_COMPARED_HEALTH : hub;
    if (compare->count_max == 0) {
        return hour == HT_COMPARED_HEALTH
                   ? HT_OK
                   : ht_slots_add(&collector->slots, hour, note->record->time_us);
    }
    HT_TRY(ht_compare_defer(compare, (uint32_t)note->source, note->record, hour));
    return collector->part || compare->deferred_count < DEFERRED_MAX
               ? HT_OK
               : ht_collector_settle(collector);
}

static enum ht_status note_event(struct ht_collector *collector, const struct ht_note *note,
                                 uint32_t hub) {
    const struct ht_record *record = note->record;
    struct ht_tally *tally = &collector->tallies[note->source];
    struct ht_hub_tally *hub_tally = &collector->hub_tallies[hub];
    tally->events++;
    hub_tally->events++;
    tally->at_full_minutes += record->time_us % (HT_S_PER_MINUTE * HT_US_PER_S) == 0;
    count_kind(record, tally, hub_tally);
    if (record->kind != HT_EVENT_HEALTH) {
        ht_collector_widen(record->time_us, &hub_tally->first_us, &hub_tally->last_us);
    }
    return compare_event(collector, note, hub);
}

/* Number the names of the note, and count it among the contents of its source. */
static enum ht_status count_contents(struct ht_collector *collector, const struct ht_note *note,
                                     uint32_t *hub, uint32_t *label) {
    struct ht_contents *contents = &collector->contents;
    if (note->kind == HT_NOTE_OTHER_SERVICE) {
        char name[SERVICE_BYTES];
        *hub = 0;
        HT_TRY(ht_collector_number(&collector->services, service_of(note->resource_id, name),
                                   HT_LABEL_OTHERS, label));
        return ht_contents_add(contents, ht_cell_key(note->source, 0, HT_CELL_SERVICE, *label),
                               ht_cell_key(note->source, 0, HT_CELL_SERVICE, HT_LABEL_OTHERS));
    }
    HT_TRY(ht_collector_number(&collector->hubs, note->record->hub, HT_HUB_OTHERS, hub));
    HT_TRY(ht_collector_number(&collector->categories, note->category, HT_LABEL_OTHERS, label));
    return ht_contents_add(contents, ht_cell_key(note->source, *hub, HT_CELL_CATEGORY, *label),
                           ht_cell_key(note->source, HT_HUB_OTHERS, HT_CELL_CATEGORY,
                                       HT_LABEL_OTHERS));
}

/* The same, by what was found out for the last note of its kin. Names over a ceiling are looked up
 * each time, since they are counted. */
static enum ht_status count_kin(struct ht_collector *collector, const struct ht_note *note,
                                uint32_t *hub) {
    struct ht_kin_note *kin = &collector->kin_notes[note->kin % HT_KIN_NOTES];
    const enum ht_cell_kind kind =
        note->kind == HT_NOTE_OTHER_SERVICE ? HT_CELL_SERVICE : HT_CELL_CATEGORY;
    *hub = kin->hub;
    if (note->kin != 0 && kin->kin == note->kin &&
        ht_contents_add_at(&collector->contents, kin->cell,
                           ht_cell_key(note->source, kin->hub, kind, kin->label))) {
        return HT_OK;
    }
    uint32_t label = 0;
    HT_TRY(count_contents(collector, note, hub, &label));
    if (note->kin != 0 && *hub != HT_HUB_OTHERS && label != HT_LABEL_OTHERS) {
        *kin = (struct ht_kin_note){
            .kin = note->kin, .hub = *hub, .label = label, .cell = collector->contents.last};
    }
    return HT_OK;
}

enum ht_status ht_collector_note(struct ht_collector *collector, const struct ht_note *note) {
    uint32_t hub = 0;
    HT_TRY(ht_collector_meet(collector, note->source + 1));
    struct ht_tally *tally = &collector->tallies[note->source];
    HT_TRY(count_kin(collector, note, &hub));
    if (note->kind == HT_NOTE_OTHER_SERVICE) {
        tally->other_services++;
        return HT_OK;
    }
    if (note->time_us != HT_TIME_NONE) {
        ht_collector_widen(note->time_us, &tally->first_us, &tally->last_us);
    }
    if (note->kind == HT_NOTE_OTHER_RECORD) {
        tally->other_records++;
        return HT_OK;
    }
    return note_event(collector, note, hub);
}

/* The kind of that reason and phrase; over the ceiling, one for the rest of the reason. */
struct ht_bad_kind *ht_collector_bad_kind(struct ht_collector *collector,
                                          const struct ht_bad_note *note) {
    const bool full = collector->bad_count >= HT_BAD_KINDS_MAX;
    const char *why = note->why != NULL ? note->why : ht_bad_name(note->reason);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < collector->bad_count; i++) {
            struct ht_bad_kind *kind = &collector->bad[i];
            if (kind->first.reason == note->reason && strcmp(kind->first.why, why) == 0) {
                return kind;
            }
        }
        if (!full) {
            break;
        }
        why = ht_bad_name(note->reason);
    }
    struct ht_bad_kind *kind = &collector->bad[collector->bad_count++];
    *kind = (struct ht_bad_kind){.first = *note};
    kind->first.why = why;
    return kind;
}

void ht_collector_note_bad(struct ht_collector *collector, const struct ht_bad_note *note) {
    if (ht_collector_meet(collector, note->source + 1) != HT_OK) {
        collector->status = HT_E_NOMEM;
        return;
    }
    struct ht_tally *tally = &collector->tallies[note->source];
    struct ht_bad_kind *kind = ht_collector_bad_kind(collector, note);
    kind->records++;
    if (tally->bad++ == 0) {
        tally->first_bad = *note;
        tally->first_bad.why = kind->first.why;
    }
    tally->ends_cut = tally->ends_cut || note->reason == HT_BAD_CUT;
}
