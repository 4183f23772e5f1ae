/* SPDX-License-Identifier: MIT */
/* Notes as bytes and back: the archive keeps them for each source. */
#include <stdlib.h>

#include "base/check.h"
#include "base/grow.h"
#include "inventory/collector_private.h"

static void pack_bad_note(struct ht_strbuf *out, const struct ht_bad_note *note) {
    ht_pack_u64(out, note->source);
    ht_pack_u64(out, note->reason);
    ht_pack_str(out, ht_str_from(note->why));
    ht_pack_u64(out, note->record);
    ht_pack_u64(out, note->offset_bytes);
}

static enum ht_status unpack_bad_note(struct ht_unpack *in, size_t sources, struct ht_arena *texts,
                                      struct ht_bad_note *note) {
    struct ht_str why = HT_STR_NONE;
    note->source = (size_t)ht_unpack_upto(in, sources > 0 ? sources - 1 : 0);
    note->reason = (enum ht_bad)ht_unpack_upto(in, HT_BAD_COUNT - 1);
    if (ht_arena_copy(texts, ht_unpack_str(in), &why) != HT_OK) {
        return HT_E_NOMEM;
    }
    note->why = why.ptr;
    note->record = ht_unpack_u64(in);
    note->offset_bytes = ht_unpack_u64(in);
    return HT_OK;
}

/* The counts of a tally, in the order in which they are kept. */
enum { TALLY_COUNTS = 13 };

static void counts_of(struct ht_tally *tally, uint64_t *counts[TALLY_COUNTS]) {
    uint64_t *const all[TALLY_COUNTS] = {
        &tally->events,
        &tally->connects,
        &tally->refused,
        &tally->disconnects,
        &tally->without_sdk,
        &tally->without_auth,
        &tally->without_network,
        &tally->at_full_minutes,
        &tally->other_services,
        &tally->other_records,
        &tally->repeated,
        &tally->repeated_within,
        &tally->bad,
    };
    memcpy(counts, all, sizeof all);
}

static void pack_tally(struct ht_strbuf *out, const struct ht_tally *tally) {
    struct ht_tally copy = *tally;
    uint64_t *counts[TALLY_COUNTS];
    counts_of(&copy, counts);
    for (size_t i = 0; i < TALLY_COUNTS; i++) {
        ht_pack_u64(out, *counts[i]);
    }
    ht_pack_u64(out, tally->ends_cut);
    ht_pack_i64(out, tally->first_us);
    ht_pack_i64(out, tally->first_us != HT_TIME_NONE ? tally->last_us : HT_TIME_NONE);
    if (tally->bad > 0) {
        pack_bad_note(out, &tally->first_bad);
    }
}

static enum ht_status unpack_tally(struct ht_unpack *in, size_t sources, struct ht_arena *texts,
                                   struct ht_tally *tally) {
    uint64_t *counts[TALLY_COUNTS];
    counts_of(tally, counts);
    for (size_t i = 0; i < TALLY_COUNTS; i++) {
        *counts[i] = ht_unpack_u64(in);
    }
    tally->ends_cut = ht_unpack_upto(in, 1) != 0;
    tally->first_us = ht_unpack_i64(in);
    tally->last_us = ht_unpack_i64(in);
    return tally->bad > 0 ? unpack_bad_note(in, sources, texts, &tally->first_bad) : HT_OK;
}

static void pack_labels(struct ht_strbuf *out, const struct ht_labels *labels) {
    ht_pack_u64(out, labels->names.count - 1);
    for (uint32_t i = 1; i < labels->names.count; i++) {
        ht_pack_str(out, ht_intern_str(&labels->names, i));
    }
    ht_pack_u64(out, labels->over);
}

static enum ht_status unpack_labels(struct ht_unpack *in, struct ht_labels *labels) {
    const size_t count = ht_unpack_count(in, 1);
    for (size_t i = 1; i <= count; i++) {
        uint32_t number = 0;
        const enum ht_status status = ht_intern_add(&labels->names, ht_unpack_str(in), &number);
        if (status == HT_E_NOMEM) {
            return status;
        }
        in->bad = in->bad || status != HT_OK || number != i;
    }
    labels->over = ht_unpack_u64(in);
    return HT_OK;
}

static void pack_hub(struct ht_strbuf *out, const struct ht_hub_tally *hub) {
    ht_pack_u64(out, hub->events);
    ht_pack_u64(out, hub->connects);
    ht_pack_u64(out, hub->refused);
    ht_pack_u64(out, hub->disconnects);
    ht_pack_i64(out, hub->first_us);
    ht_pack_i64(out, hub->first_us != HT_TIME_NONE ? hub->last_us : HT_TIME_NONE);
}

static void unpack_hub(struct ht_unpack *in, struct ht_hub_tally *hub) {
    hub->events = ht_unpack_u64(in);
    hub->connects = ht_unpack_u64(in);
    hub->refused = ht_unpack_u64(in);
    hub->disconnects = ht_unpack_u64(in);
    hub->first_us = ht_unpack_i64(in);
    hub->last_us = ht_unpack_i64(in);
}

static void pack_contents(struct ht_strbuf *out, const struct ht_contents *contents) {
    ht_pack_u64(out, contents->count);
    for (size_t i = 0; i < contents->count; i++) {
        const struct ht_cell *cell = &contents->cells[i];
        ht_pack_u64(out, ht_cell_source(cell));
        ht_pack_u64(out, ht_cell_hub(cell));
        ht_pack_u64(out, ht_cell_kind(cell));
        ht_pack_u64(out, ht_cell_label(cell));
        ht_pack_u64(out, cell->records);
    }
}

static bool is_label(const struct ht_labels *labels, uint32_t others, uint32_t number) {
    return number < labels->names.count || number == others;
}

static enum ht_status unpack_contents(struct ht_unpack *in, struct ht_collector *part) {
    struct ht_contents *contents = &part->contents;
    const size_t count = ht_unpack_count(in, 5);
    if (count > 0 && ht_grow(&contents->cells, &contents->capacity, count, HT_CELLS_MAX,
                             sizeof *contents->cells) != HT_OK) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t source = (size_t)ht_unpack_upto(in, UINT32_MAX);
        const uint32_t hub = (uint32_t)ht_unpack_upto(in, HT_HUB_OTHERS);
        const enum ht_cell_kind kind = (enum ht_cell_kind)ht_unpack_upto(in, HT_CELL_SERVICE);
        const uint32_t label = (uint32_t)ht_unpack_upto(in, HT_LABEL_OTHERS);
        const struct ht_labels *labels =
            kind == HT_CELL_SERVICE ? &part->services : &part->categories;
        in->bad = in->bad || source >= part->source_count ||
                  !is_label(&part->hubs, HT_HUB_OTHERS, hub) ||
                  !is_label(labels, HT_LABEL_OTHERS, label);
        contents->cells[contents->count++] =
            (struct ht_cell){.key = ht_cell_key(source, hub, kind, label),
                             .records = ht_unpack_u64(in)};
    }
    return HT_OK;
}

static void pack_slots(struct ht_strbuf *out, const struct ht_slots *slots) {
    ht_pack_u64(out, slots->count);
    for (size_t i = 0; i < slots->size && slots->count > 0; i++) {
        if (slots->table[i].key != 0) {
            ht_pack_u64(out, slots->table[i].key);
            ht_pack_u64(out, slots->table[i].events);
        }
    }
    ht_pack_u64(out, slots->dropped);
}

static enum ht_status unpack_slots(struct ht_unpack *in, struct ht_collector *part) {
    const size_t count = ht_unpack_count(in, 2);
    for (size_t i = 0; i < count && !in->bad; i++) {
        struct ht_slot_count slot = {.key = ht_unpack_u64(in)};
        slot.events = ht_unpack_u64(in);
        in->bad =
            in->bad || slot.key == 0 || !is_label(&part->hubs, HT_HUB_OTHERS, ht_slot_hub(&slot));
        HT_TRY(in->bad ? HT_OK : ht_slots_absorb(&part->slots, ht_slot_hub(&slot), &slot));
    }
    part->slots.dropped += ht_unpack_u64(in);
    return HT_OK;
}

static enum ht_status unpack_bad(struct ht_unpack *in, struct ht_collector *part,
                                 struct ht_arena *texts) {
    const size_t count = (size_t)ht_unpack_upto(in, HT_BAD_KINDS_MAX + HT_BAD_COUNT);
    for (size_t i = 0; i < count; i++) {
        struct ht_bad_kind *kind = &part->bad[i];
        kind->records = ht_unpack_u64(in);
        HT_TRY(unpack_bad_note(in, part->source_count, texts, &kind->first));
    }
    part->bad_count = count;
    return HT_OK;
}

void ht_collector_pack(const struct ht_collector *collector, struct ht_strbuf *out) {
    ht_pack_u64(out, collector->source_count);
    for (size_t i = 0; i < collector->source_count; i++) {
        pack_tally(out, &collector->tallies[i]);
    }
    pack_labels(out, &collector->hubs);
    pack_labels(out, &collector->categories);
    pack_labels(out, &collector->services);
    for (size_t i = 0; i < collector->hubs.names.count; i++) {
        pack_hub(out, &collector->hub_tallies[i]);
    }
    pack_hub(out, &collector->hub_tallies[HT_HUB_OTHERS]);
    pack_contents(out, &collector->contents);
    pack_slots(out, &collector->slots);
    ht_pack_u64(out, collector->bad_count);
    for (size_t i = 0; i < collector->bad_count; i++) {
        ht_pack_u64(out, collector->bad[i].records);
        pack_bad_note(out, &collector->bad[i].first);
    }
}

size_t ht_collector_source_count(const struct ht_collector *collector) {
    return collector->source_count;
}

enum ht_status ht_collector_unpack(struct ht_collector *part, struct ht_unpack *in,
                                   struct ht_arena *texts) {
    const size_t sources = ht_unpack_count(in, TALLY_COUNTS);
    HT_TRY(ht_collector_meet(part, sources));
    for (size_t i = 0; i < sources; i++) {
        HT_TRY(unpack_tally(in, sources, texts, &part->tallies[i]));
    }
    HT_TRY(unpack_labels(in, &part->hubs));
    HT_TRY(unpack_labels(in, &part->categories));
    HT_TRY(unpack_labels(in, &part->services));
    for (size_t i = 0; i < part->hubs.names.count; i++) {
        unpack_hub(in, &part->hub_tallies[i]);
    }
    unpack_hub(in, &part->hub_tallies[HT_HUB_OTHERS]);
    HT_TRY(unpack_contents(in, part));
    HT_TRY(unpack_slots(in, part));
    HT_TRY(unpack_bad(in, part, texts));
    return in->bad ? HT_E_DATA : HT_OK;
}
