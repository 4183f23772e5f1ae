/* SPDX-License-Identifier: MIT */
/* Notes of a part of the input become those of the whole. Numbers of hubs and labels are given anew
 * by name; sources and records are counted on. */
#include "base/check.h"
#include "inventory/collector_private.h"

struct absorb {
    struct ht_collector *whole;
    const struct ht_collector *part;
    size_t first;
    uint64_t records_before;
    uint32_t hubs[HT_HUB_OTHERS + 1]; /* numbers in the whole, by number in the part */
    uint32_t categories[HT_LABEL_OTHERS + 1];
    uint32_t services[HT_LABEL_OTHERS + 1];
};

static bool has_room(const struct ht_labels *whole, const struct ht_labels *part) {
    const struct ht_intern *names = &whole->names;
    return part->over == 0 && names->count + part->names.count <= names->count_max &&
           names->text.total_bytes + part->names.text.total_bytes <= names->text.limit_bytes;
}

bool ht_collector_can_absorb(const struct ht_collector *whole, const struct ht_collector *part) {
    return has_room(&whole->hubs, &part->hubs) && has_room(&whole->categories, &part->categories) &&
           has_room(&whole->services, &part->services) && !ht_contents_are_full(&part->contents) &&
           part->slots.dropped == 0 && whole->slots.count + part->slots.count <= HT_SLOTS_MAX &&
           whole->bad_count + part->bad_count <= HT_BAD_KINDS_MAX;
}

static enum ht_status number_labels(struct ht_labels *whole, const struct ht_labels *part,
                                    uint32_t others, uint32_t *numbers) {
    for (uint32_t i = 0; i < part->names.count; i++) {
        HT_TRY(ht_collector_number(whole, ht_intern_str(&part->names, i), others, &numbers[i]));
    }
    numbers[others] = others;
    whole->over += part->over;
    return HT_OK;
}

static struct ht_bad_note moved(const struct absorb *absorb, struct ht_bad_note note) {
    note.record += note.source == 0 ? absorb->records_before : 0;
    note.source += absorb->first;
    return note;
}

static void widen_span(int64_t first_us, int64_t last_us, int64_t *whole_first_us,
                       int64_t *whole_last_us) {
    if (first_us != HT_TIME_NONE) {
        ht_collector_widen(first_us, whole_first_us, whole_last_us);
        ht_collector_widen(last_us, whole_first_us, whole_last_us);
    }
}

static void absorb_tally(const struct absorb *absorb, const struct ht_tally *part,
                         struct ht_tally *whole) {
    whole->events += part->events;
    whole->connects += part->connects;
    whole->refused += part->refused;
    whole->disconnects += part->disconnects;
    whole->without_sdk += part->without_sdk;
    whole->without_auth += part->without_auth;
    whole->without_network += part->without_network;
    whole->at_full_minutes += part->at_full_minutes;
    whole->other_services += part->other_services;
    whole->other_records += part->other_records;
    if (whole->bad == 0 && part->bad > 0) {
        whole->first_bad = moved(absorb, part->first_bad);
    }
    whole->bad += part->bad;
    whole->ends_cut = whole->ends_cut || part->ends_cut;
    widen_span(part->first_us, part->last_us, &whole->first_us, &whole->last_us);
}

static void absorb_hub(const struct ht_hub_tally *part, struct ht_hub_tally *whole) {
    whole->events += part->events;
    whole->connects += part->connects;
    whole->refused += part->refused;
    whole->disconnects += part->disconnects;
    widen_span(part->first_us, part->last_us, &whole->first_us, &whole->last_us);
}

static enum ht_status absorb_contents(struct absorb *absorb) {
    const struct ht_contents *contents = &absorb->part->contents;
    for (size_t i = 0; i < contents->count; i++) {
        const struct ht_cell *cell = &contents->cells[i];
        const enum ht_cell_kind kind = ht_cell_kind(cell);
        const bool category = kind == HT_CELL_CATEGORY;
        const size_t source = absorb->first + ht_cell_source(cell);
        const uint32_t label =
            (category ? absorb->categories : absorb->services)[ht_cell_label(cell)];
        const uint32_t hub = category ? absorb->hubs[ht_cell_hub(cell)] : 0;
        const uint64_t others =
            ht_cell_key(source, category ? HT_HUB_OTHERS : 0, kind, HT_LABEL_OTHERS);
        HT_TRY(ht_contents_count(&absorb->whole->contents, ht_cell_key(source, hub, kind, label),
                                 others, cell->records));
    }
    return HT_OK;
}

static enum ht_status absorb_slots(struct absorb *absorb) {
    const struct ht_slots *slots = &absorb->part->slots;
    for (size_t i = 0; i < slots->size && slots->count > 0; i++) {
        if (slots->table[i].key != 0) {
            HT_TRY(ht_slots_absorb(&absorb->whole->slots,
                                   absorb->hubs[ht_slot_hub(&slots->table[i])], &slots->table[i]));
        }
    }
    absorb->whole->slots.dropped += slots->dropped;
    return HT_OK;
}

static void absorb_bad(struct absorb *absorb) {
    for (size_t i = 0; i < absorb->part->bad_count; i++) {
        const struct ht_bad_kind *kind = &absorb->part->bad[i];
        const struct ht_bad_note first = moved(absorb, kind->first);
        ht_collector_bad_kind(absorb->whole, &first)->records += kind->records;
    }
}

static enum ht_status take_over(struct absorb *absorb) {
    struct ht_collector *whole = absorb->whole;
    const struct ht_collector *part = absorb->part;
    if (part->source_count > 0) {
        HT_TRY(ht_collector_meet(whole, absorb->first + part->source_count));
    }
    HT_TRY(number_labels(&whole->hubs, &part->hubs, HT_HUB_OTHERS, absorb->hubs));
    HT_TRY(
        number_labels(&whole->categories, &part->categories, HT_LABEL_OTHERS, absorb->categories));
    HT_TRY(number_labels(&whole->services, &part->services, HT_LABEL_OTHERS, absorb->services));
    for (size_t i = 0; i < part->source_count; i++) {
        absorb_tally(absorb, &part->tallies[i], &whole->tallies[absorb->first + i]);
    }
    for (size_t i = 0; i < part->hubs.names.count; i++) {
        absorb_hub(&part->hub_tallies[i], &whole->hub_tallies[absorb->hubs[i]]);
    }
    absorb_hub(&part->hub_tallies[HT_HUB_OTHERS], &whole->hub_tallies[HT_HUB_OTHERS]);
    HT_TRY(absorb_contents(absorb));
    HT_TRY(absorb_slots(absorb));
    HT_TRY(ht_collector_settle(whole));
    HT_TRY(ht_collector_compare(whole, &part->compare, absorb->first, absorb->hubs));
    absorb_bad(absorb);
    return part->status;
}

enum ht_status ht_collector_absorb(struct ht_collector *whole, const struct ht_collector *part,
                                   size_t first, uint64_t records_before) {
    struct absorb absorb = {
        .whole = whole, .part = part, .first = first, .records_before = records_before};
    return take_over(&absorb);
}
